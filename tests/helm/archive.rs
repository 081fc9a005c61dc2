//! The release archive: packed, signed with a throw-away key, verified and installed by Helm 4; and the archives for kubectl.

use std::fs;
use std::process::Command;

use libtest_mimic::Trial;

use crate::support::objects::{at, names, read};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("c08_20_archive_is_signed_verified_installed", &["helm4", "gpg", "tar"], c08_20_archive),
        trial("krew_manifest_names_what_was_packed", &["helm4", "tar", "sha256sum"], krew_manifest),
    ]
}

/// Runs `cargo xtask package` on the binary under test; it stands in for every platform, which is enough to see the layout.
fn package(sandbox: &Sandbox, more: &[&str]) {
    let binary = env!("CARGO_BIN_EXE_hardtack");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).env("GNUPGHOME", sandbox.path("home/gnupg"));
    cargo.args(["run", "--quiet", "--offline", "--locked", "--package", "xtask", "--", "package"]);
    cargo.arg("--out").arg(sandbox.path("work/out"));
    cargo.args(["--binary", &format!("linux-amd64={binary}"), "--binary", &format!("darwin-arm64={binary}")]);
    let output = cargo.args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn c08_20_archive() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("home/gnupg");
    fs::create_dir(&folder).unwrap();
    sandbox.call("chmod").arg("700").arg(&folder).run().succeeded();
    let gpg = |line: &str| {
        let ran =
            sandbox.call("sh").args(["-c", &format!("gpg --batch --quiet {line}")]).within(&folder).run();
        ran.succeeded();
    };
    gpg("--passphrase '' --quick-gen-key 'throw-away <test@example.com>' rsa3072 sign 1d");
    gpg("--export-secret-keys > secret.gpg");
    gpg("--export > public.gpg");
    sandbox.call("gpgconf").args(["--kill", "gpg-agent"]).run();

    let keyring = folder.join("secret.gpg");
    package(&sandbox, &["--key", "throw-away", "--keyring", &keyring.to_string_lossy()]);
    let archive = sandbox.path("work/out").join(format!("hardtack-{}.tgz", env!("CARGO_PKG_VERSION")));
    let list = sandbox.call("tar").arg("-tzf").arg(&archive).run();
    let tops: Vec<&str> =
        list.succeeded().stdout.lines().map(|line| line.split('/').next().unwrap()).collect();
    assert!(tops.iter().all(|top| *top == "hardtack"), "one top folder: {tops:?}");
    for file in ["plugin.yaml", "LICENSE", "bin/linux-amd64/hardtack", "bin/darwin-arm64/hardtack"] {
        assert!(list.stdout.contains(&format!("hardtack/{file}\n")), "{file} in:\n{}", list.stdout);
    }

    let keyring = folder.join("public.gpg");
    let verify =
        || sandbox.call("helm4").args(["plugin", "verify", "--keyring"]).arg(&keyring).arg(&archive).run();
    verify().succeeded();
    let install = |keyring: &std::path::Path| {
        sandbox.call("helm4").args(["plugin", "install", "--keyring"]).arg(keyring).arg(&archive).run()
    };
    assert_ne!(install(&folder.join("no-such-keyring")).code, 0, "nobody's signature is not enough");
    install(&keyring).succeeded();
    let list = sandbox.call("helm4").args(["plugin", "list"]).run();
    let line = list.succeeded().stdout.lines().find(|line| line.starts_with("hardtack")).unwrap();
    assert!(
        line.contains("postrenderer/v1")
            && line.contains("signed")
            && line.contains(env!("CARGO_PKG_VERSION")),
        "{line}"
    );

    // the archive brings its own binary: none on PATH is needed
    fs::remove_file(sandbox.path("bin/hardtack")).unwrap();
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        let plain = sandbox.render("helm4", "demo", &[]);
        let hardened = sandbox.render("helm4", "demo", &["--post-renderer", "hardtack"]);
        assert_eq!(names(&hardened), names(&plain));
        assert!(hardened.contains("allowPrivilegeEscalation: false"));
    }

    let mut bytes = fs::read(&archive).unwrap();
    bytes.push(0);
    fs::write(&archive, bytes).unwrap();
    assert_ne!(verify().code, 0, "a changed archive is refused");
}

fn krew_manifest() {
    let sandbox = Sandbox::new();
    package(&sandbox, &[]);
    let out = sandbox.path("work/out");
    let manifest = read(&fs::read_to_string(out.join("krew/hardtack.yaml")).unwrap()).remove(0);
    assert_eq!(at(&manifest, "metadata.name").as_str(), Some("hardtack"));
    assert_eq!(at(&manifest, "spec.version").as_str(), Some(concat!("v", env!("CARGO_PKG_VERSION"))));
    let platforms = at(&manifest, "spec.platforms").as_vec().unwrap();
    assert_eq!(platforms.len(), 2);
    for platform in platforms {
        let archive = out.join(platform["uri"].as_str().unwrap().rsplit('/').next().unwrap());
        let sum = sandbox.call("sha256sum").arg(&archive).run().succeeded().stdout.clone();
        assert_eq!(sum.split(' ').next(), platform["sha256"].as_str());
        let list = sandbox.call("tar").arg("-tzf").arg(&archive).run().succeeded().stdout.clone();
        assert_eq!(list.lines().collect::<Vec<_>>(), [platform["bin"].as_str().unwrap(), "LICENSE"]);
    }
}
