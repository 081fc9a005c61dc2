//! The plugin files in the repository, installed by both Helms from a checkout and from a git address.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use crate::support::objects::{names, read};
use crate::support::programs::{root, trial};
use crate::support::sandbox::{Ran, Sandbox};

pub fn trials() -> Vec<Trial> {
    let both = &["helm3", "helm4", "git"];
    vec![
        trial("c08_18_versions_are_the_crates", &[], c08_18_versions_are_the_crates),
        trial("c08_18_checkout_loads", &["helm3", "helm4"], c08_18_checkout_loads),
        trial(
            "c08_18_install_hook_leaves_a_checkout_alone",
            both,
            c08_18_install_hook_leaves_a_checkout_alone,
        ),
        trial("c08_19_git_address_with_helm3", both, c08_19_git_address_with_helm3),
        trial("c08_19_git_address_with_helm4", both, c08_19_git_address_with_helm4),
        trial("c08_19_both_plugins_side_by_side", &["helm4"], c08_19_both_plugins_side_by_side),
    ]
}

const FILES: [&str; 2] = ["plugin.yaml", "plugins/helm4/plugin.yaml"];

fn manifest(file: &str) -> yaml_rust2::Yaml {
    read(&fs::read_to_string(root().join(file)).unwrap()).remove(0)
}

fn c08_18_versions_are_the_crates() {
    for file in FILES {
        assert_eq!(manifest(file)["version"].as_str(), Some(env!("CARGO_PKG_VERSION")), "{file}");
    }
    let (legacy, helm4) = (manifest(FILES[0]), manifest(FILES[1]));
    assert_ne!(legacy["name"], helm4["name"], "two plugins of one name take all plugins down");
    for field in ["apiVersion", "type", "runtime", "runtimeConfig", "platformCommand", "platformHooks"] {
        assert!(legacy[field].is_badvalue(), "{field} would upset a Helm 3");
    }
    let legacy_fields = ["name", "version", "usage", "description", "command", "hooks"];
    let helm4_fields = ["apiVersion", "name", "type", "version", "sourceURL", "runtime", "runtimeConfig"];
    for (yaml, known) in [(&legacy, &legacy_fields[..]), (&helm4, &helm4_fields[..])] {
        for key in yaml.as_hash().unwrap().keys() {
            assert!(known.contains(&key.as_str().unwrap()), "{key:?} is not a field of this format");
        }
    }
}

fn install(sandbox: &Sandbox, helm: &str, source: impl AsRef<Path>, more: &[&str]) -> Ran {
    sandbox.call(helm).args(["plugin", "install"]).arg(source.as_ref()).args(more).run()
}

/// `plugin list`, which fails or falls silent when one plugin file cannot be read.
fn listed(sandbox: &Sandbox, helm: &str) -> String {
    let ran = sandbox.call(helm).args(["plugin", "list"]).run();
    assert_eq!(ran.succeeded().stderr, "", "{helm} plugin list");
    let names = ran.stdout.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

/// Another plugin, to see that it still runs.
fn neighbour(sandbox: &Sandbox, helm: &str) {
    let folder = sandbox.plugins(helm).join("neighbour");
    fs::create_dir_all(&folder).unwrap();
    let manifest = "name: neighbour\nversion: 1.0.0\nusage: u\ndescription: d\ncommand: echo still here\n";
    fs::write(folder.join("plugin.yaml"), manifest).unwrap();
}

#[track_caller]
fn neighbour_runs(sandbox: &Sandbox, helm: &str) {
    assert_eq!(sandbox.call(helm).arg("neighbour").run().succeeded().stdout, "still here\n");
}

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

fn c08_18_checkout_loads() {
    for helm in ["helm3", "helm4"] {
        let sandbox = Sandbox::new();
        neighbour(&sandbox, helm);
        install(&sandbox, helm, root(), &[]).succeeded();
        assert_eq!(listed(&sandbox, helm), "harden neighbour");
        let through = sandbox.call(helm).args(["harden", "harden", "-"]).stdin(OBJECT).run();
        assert_eq!(through.succeeded().stdout, OBJECT, "{helm} harden");
        neighbour_runs(&sandbox, helm);
    }
    let sandbox = Sandbox::new();
    install(&sandbox, "helm4", root().join("plugins/helm4"), &[]).succeeded();
    assert_eq!(listed(&sandbox, "helm4"), "hardtack");
    let plain = sandbox.render("helm4", "demo", &[]);
    let hardened = sandbox.render("helm4", "demo", &["--post-renderer", "hardtack"]);
    assert_eq!(names(&hardened), names(&plain));
    assert!(hardened.contains("allowPrivilegeEscalation: false"));
}

/// The plugin's part of the repository as a repository of its own: what a clone of a release would hold.
fn repository(sandbox: &Sandbox) -> PathBuf {
    let copy = sandbox.path("work/hardtack");
    for file in ["plugin.yaml", "plugins/helm4/plugin.yaml", "plugins/install-hook.sh"] {
        fs::create_dir_all(copy.join(file).parent().unwrap()).unwrap();
        fs::copy(root().join(file), copy.join(file)).unwrap();
    }
    let git = |args: &[&str]| {
        let name = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
        sandbox.call("git").args(name).args(args).within(&copy).run().succeeded();
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "release"]);
    git(&["tag", "v0.1.0"]);
    copy
}

fn c08_18_install_hook_leaves_a_checkout_alone() {
    let before: Vec<String> =
        FILES.iter().map(|file| fs::read_to_string(root().join(file)).unwrap()).collect();
    for helm in ["helm3", "helm4"] {
        let sandbox = Sandbox::new();
        let ran = install(&sandbox, helm, root(), &[]);
        assert!(ran.succeeded().stdout.contains("hardtack: "), "says what it did:\n{}", ran.stdout);
    }
    let after: Vec<String> =
        FILES.iter().map(|file| fs::read_to_string(root().join(file)).unwrap()).collect();
    assert_eq!(before, after);

    let sandbox = Sandbox::new();
    let copy = repository(&sandbox);
    fs::write(copy.join("mine.txt"), "work in progress").unwrap();
    let hook =
        sandbox.call("sh").arg(copy.join("plugins/install-hook.sh")).env("HELM_PLUGIN_DIR", &copy).run();
    assert!(hook.succeeded().stdout.contains("left as it is"), "{}", hook.stdout);
    assert_eq!(fs::read_to_string(copy.join("plugin.yaml")).unwrap(), before[0]);
    fs::remove_file(copy.join("mine.txt")).unwrap();
    sandbox
        .call("sh")
        .arg(copy.join("plugins/install-hook.sh"))
        .env("HELM_PLUGIN_DIR", &copy)
        .run()
        .succeeded();
    assert_eq!(fs::read_to_string(copy.join("plugin.yaml")).unwrap(), before[1], "a clean clone is switched");
}

fn address(repository: &Path) -> String {
    format!("file://{}", repository.display())
}

fn c08_19_git_address_with_helm3() {
    let sandbox = Sandbox::new();
    neighbour(&sandbox, "helm3");
    install(&sandbox, "helm3", address(&repository(&sandbox)), &[]).succeeded();
    assert_eq!(listed(&sandbox, "helm3"), "harden neighbour");
    neighbour_runs(&sandbox, "helm3");
    let through = sandbox.call("helm3").args(["harden", "check", "-"]).stdin(OBJECT).run();
    through.succeeded();
}

fn c08_19_git_address_with_helm4() {
    let sandbox = Sandbox::new();
    neighbour(&sandbox, "helm4");
    install(&sandbox, "helm4", address(&repository(&sandbox)), &["--verify=false"]).succeeded();
    assert_eq!(listed(&sandbox, "helm4"), "hardtack neighbour");
    neighbour_runs(&sandbox, "helm4");
    let hardened = sandbox.render("helm4", "demo", &["--post-renderer", "hardtack"]);
    assert!(hardened.contains("allowPrivilegeEscalation: false"));
}

fn c08_19_both_plugins_side_by_side() {
    let sandbox = Sandbox::new();
    install(&sandbox, "helm4", root(), &[]).succeeded();
    install(&sandbox, "helm4", root().join("plugins/helm4"), &[]).succeeded();
    assert_eq!(listed(&sandbox, "helm4"), "harden hardtack");
    sandbox.call("helm4").args(["harden", "check", "-"]).stdin(OBJECT).run().succeeded();
    assert!(!sandbox.render("helm4", "demo", &["--post-renderer", "hardtack"]).is_empty());
}
