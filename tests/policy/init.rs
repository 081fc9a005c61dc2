//! `policy init`: a first policy file that the release passes today.

use crate::folder::{Folder, GOOD};

fn shop() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/shop/rendered.yaml");
    std::fs::read_to_string(file).expect("the shop's manifests")
}

#[test]
fn the_release_passes_what_is_written_and_lint_names_what_is_left_to_do() {
    let folder = Folder::new().with("shop.yaml", &shop());
    folder.run("-e production shop.yaml", "").ended(2);
    folder.run("-e production", &shop()).ended(1);
    let ran = folder.run("policy init shop.yaml -o hardtack.yaml --date 2026-11-20", "").ended(0);
    assert_eq!(ran.stdout, "");
    ran.says("15 objects pass production with it; 5 exemptions until 2027-02-18");
    folder.run("--date 2026-11-20", &shop()).ended(0);
    folder.run("--date 2027-02-19", &shop()).ended(1).says("ended on 2027-02-18");
    let lint = folder.run("policy lint --date 2026-11-20", "").ended(1);
    assert_eq!(lint.stdout.matches("the exemption is unassigned").count(), 5, "{}", lint.stdout);
    let text = folder.read("hardtack.yaml");
    assert!(text.contains("reason: present when hardtack was adopted on 2026-11-20; review\n"), "{text}");
    for suggestion in [
        "  # probes:\n",
        "  # resources:\n",
        "  #   writable-root-filesystem:\n",
        "  # 3 of the workloads say no user.",
    ] {
        assert!(text.contains(suggestion), "no {suggestion:?} in {text}");
    }
}

#[test]
fn every_suggestion_can_be_taken() {
    let folder = Folder::new().with("shop.yaml", &shop());
    let text = folder.run("policy init shop.yaml --date 2026-11-20", "").ended(0).stdout;
    let mut taken = String::new();
    let mut inside = false;
    for line in text.lines() {
        let word = line.strip_prefix("  # ").unwrap_or_default();
        inside = if line.starts_with("  #") {
            inside || word.ends_with(':') && !word.contains(' ')
        } else {
            false
        };
        let plain =
            if inside && !word.starts_with('…') { format!("  {word}\n") } else { format!("{line}\n") };
        taken.push_str(&plain);
    }
    assert_ne!(taken, text);
    assert!(taken.contains("\n  probes:\n") && taken.contains("\n  securityContext:\n"), "{taken}");
    let folder = folder.with("hardtack.yaml", &taken);
    folder.run("--gate never --date 2026-11-20", &shop()).ended(0);
}

#[test]
fn an_existing_file_is_only_overwritten_by_force() {
    let folder = Folder::new().with("hardtack.yaml", "# mine\n");
    folder.run("policy init -o hardtack.yaml", GOOD).ended(2).says("hardtack.yaml is there already");
    assert_eq!(folder.read("hardtack.yaml"), "# mine\n");
    folder.run("policy init -o hardtack.yaml --force -e staging --date 2026-11-20", GOOD).ended(0);
    assert!(folder.read("hardtack.yaml").contains("extends: staging"));
    folder.run("policy lint", "").ended(0).says("hardtack.yaml: nothing odd");
}

#[test]
fn a_mended_container_stays_mended_beside_an_exempt_one() {
    let two = GOOD.replace(
        "          image: ghcr.io/acme/web:1.0.0\n",
        "          image: ghcr.io/acme/web:1.0.0\n        - name: root\n          image: ghcr.io/acme/root:1.0.0\n          \
         securityContext: {allowPrivilegeEscalation: true}\n",
    );
    let folder = Folder::new().with("two.yaml", &two);
    folder.run("policy init two.yaml -o hardtack.yaml --date 2026-11-20", "").ended(0);
    let ran = folder.run("--date 2026-11-20", &two).ended(0);
    let text = folder.read("hardtack.yaml");
    assert!(text.contains("container: root"), "{text}");
    let web = ran.stdout.split("- name: root").next().expect("the first container");
    assert!(web.contains("allowPrivilegeEscalation: false"), "{}", ran.stdout);
}
