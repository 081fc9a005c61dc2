//! What `policy show` and `policy lint` make of the block.

use std::fs;

use crate::run::{CERTIFICATE, DAY, hardtack, run_in};

#[test]
fn show_lays_one_file_over_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, spec: &str| {
        let text = format!("apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {{name: t}}\nspec:\n{spec}");
        fs::write(folder.path().join(name), text).expect("the policy");
    };
    fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
    write(
        "base.yaml",
        "  secrets:\n    to: keep\n    objects: [{match: {name: a}, to: external}]\n    external: {store: {name: old}}\n",
    );
    write(
        "hardtack.yaml",
        "  extends: base.yaml\n  secrets:\n    to: sealed\n    sealed: {certificate: pub-cert.pem}\n    objects: {match: {name: b}, to: keep}\n",
    );
    let ran = run_in(folder.path(), &["policy", "show"], "");
    let expected = "  secrets:\n    to: sealed\n    external:\n      store:\n        name: old\n    sealed:\n      certificate: pub-cert.pem\n    \
                    objects:\n      - match:\n          name: b\n        to: keep\n      - match:\n          name: a\n        to: external\n";
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.ends_with(expected), "{}", ran.stdout);
}

#[test]
fn lint_says_what_changes_nothing() {
    let lint = |secrets: &str| {
        let ran = hardtack(secrets, &["policy", "lint"], "");
        assert_eq!(ran.code, Some(1), "{ran:?}");
        ran.stdout
    };
    for (secrets, words) in [
        ("{sealed: {certificate: pub-cert.pem}}", "no Secret goes to sealed, so these terms change nothing"),
        ("{external: {store: {name: a}}}", "no Secret goes to external"),
        ("{adopted: true}", "no Secret changes its kind"),
        ("{asFiles: /etc/secrets}", "no variable moves"),
        (
            "{to: external, external: {store: {name: a}}, objects: [{to: keep}, {match: {name: b}, to: external}]}",
            "an entry before it means every Secret",
        ),
        (
            "{to: external, external: {store: {name: a}}, objects: [{match: {kind: ConfigMap}, to: keep}]}",
            "a ConfigMap is no Secret",
        ),
    ] {
        let said = lint(secrets);
        assert!(said.contains(words), "{words:?} is not in\n{said}");
    }
}

#[test]
fn lint_looks_at_the_certificates_days() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(CERTIFICATE, folder.path().join("pub-cert.pem")).expect("the certificate");
    let text = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  secrets: {to: sealed, sealed: {certificate: pub-cert.pem}}\n";
    fs::write(folder.path().join("hardtack.yaml"), text).expect("the policy");
    for (day, words) in [(DAY, ""), ("2027-06-01", "days old"), ("2037-01-01", "expired on 2036-11-23")] {
        let ran = run_in(folder.path(), &["policy", "lint", "--date", day], "");
        assert!(
            ran.stdout.contains(words) && ran.stdout.contains("certificate") != words.is_empty(),
            "{day}: {}",
            ran.stdout
        );
    }
}
