//! The step before.

use crate::run::hardtack;
use crate::{ENCODED, release};

#[test]
fn adopting_marks_the_secrets_that_will_change_and_changes_nothing_else() {
    let sealed = "{to: sealed, sealed: {certificate: pub-cert.pem}}";
    let ran = hardtack(sealed, &["secrets", "adopt"], &release());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let marks = "    helm.sh/resource-policy: keep\n    sealedsecrets.bitnami.com/managed: \"true\"\n";
    let expected =
        release().replace("shop/templates/db.yaml\ntype", &format!("shop/templates/db.yaml\n{marks}type"));
    assert_eq!(ran.stdout, expected);
    assert!(ran.stdout.contains(ENCODED) && ran.stderr.contains("adopted 1: Secret/db"), "{}", ran.stderr);
    let again = hardtack(sealed, &["secrets", "adopt"], &ran.stdout);
    assert_eq!(again.stdout, ran.stdout);
    let external = "{to: external, external: {store: {name: vault}}}";
    assert!(!hardtack(external, &["secrets", "adopt"], &release()).stdout.contains("sealedsecrets"));
    let kept = "{objects: {match: {name: other}, to: sealed}, sealed: {certificate: pub-cert.pem}}";
    let ran = hardtack(kept, &["secrets", "adopt"], &release());
    assert_eq!(ran.stdout, release());
    assert!(ran.stderr.contains("no Secret to adopt"), "{}", ran.stderr);
}

#[test]
fn a_deploy_that_adopts_hardens_and_moves_and_seals_nothing() {
    let rules = "{to: sealed, sealed: {certificate: pub-cert.pem}}\n  rules: {secret-in-env: {fix: true}}";
    let input = release()
        .replace("        env:\n", "        env:\n        - {name: API_KEY, value: canary-Qw7-5tr0ng}\n");
    let ran = hardtack(rules, &["--adopt", "--fix", "consented"], &input);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("allowPrivilegeEscalation: false"), "the rest is hardened: {}", ran.stdout);
    assert!(!ran.stdout.contains("SealedSecret") && ran.stdout.contains(ENCODED), "{}", ran.stdout);
    assert_eq!(
        ran.stdout.matches("helm.sh/resource-policy: keep").count(),
        2,
        "the new one too: {}",
        ran.stdout
    );
    assert!(ran.stdout.contains("name: web-env"), "{}", ran.stdout);
    assert!(ran.stderr.contains("Helm keeps the live one"), "{}", ran.stderr);
    let again = hardtack(rules, &["--adopt", "--fix", "consented"], &ran.stdout);
    assert_eq!(again.stdout, ran.stdout, "a second deploy changes nothing");
}

#[test]
fn whoever_fixes_nothing_adopts_all_the_same() {
    let sealed = "{to: sealed, sealed: {certificate: pub-cert.pem}}";
    let ran = hardtack(sealed, &["--adopt", "--fix", "none"], &release());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout.matches("helm.sh/resource-policy: keep").count(), 1, "{}", ran.stdout);
    assert!(!ran.stdout.contains("allowPrivilegeEscalation"), "{}", ran.stdout);
}
