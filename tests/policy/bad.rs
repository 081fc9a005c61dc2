//! Policy files that are wrong: each with a message a stranger can act on, and none of them ever means "no policy".

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::folder::GOOD;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policies/bad"))
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|it| it.strip_suffix(".yaml").map(str::to_owned)).collect();
    names.sort();
    names
}

fn run(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
    use std::io::Write as _;
    let mut command = Command::new(env!("CARGO_BIN_EXE_hardtack"));
    command.args(arguments).current_dir(folder()).env_clear().envs(variables.iter().copied());
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("hardtack starts");
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("hardtack ends")
}

#[test]
fn bad_policies_say_what_where_and_what_next() {
    let bless = std::env::var_os("HARDTACK_BLESS").is_some();
    let names = names();
    assert!(names.len() >= 20, "{}", names.len());
    let mut wrong = Vec::new();
    for name in &names {
        let ran = run(&["-p", &format!("{name}.yaml")], &[], GOOD);
        assert_eq!(ran.status.code(), Some(2), "{name}");
        assert!(ran.stdout.is_empty(), "{name}");
        let said = String::from_utf8(ran.stderr).expect("UTF-8");
        assert!(said.contains(&format!("{name}.yaml")) && said.contains("\nhelp: "), "{name}: {said}");
        let file = folder().join(format!("{name}.txt"));
        if bless {
            fs::write(&file, &said).expect("the text");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if expected != said {
            wrong.push(format!("{name}:\nexpected:\n{expected}said:\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_bad_policy_refuses_in_every_mode() {
    let list = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  \
                metadata: {name: kept}\n";
    for name in names() {
        let file = format!("{name}.yaml");
        let helm4 = [("HELM_PLUGIN_NAME", "hardtack")];
        let ran = run(&["--caller=helm4", "-p", &file], &helm4, GOOD);
        let stdout = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert_eq!(ran.status.code(), Some(0), "{name}: Helm 4 has to see the text");
        assert!(
            stdout.starts_with("\n--- hardtack: ") && !stdout.contains("kind: Deployment"),
            "{name}: {stdout}"
        );
        let ran = run(&["-p", &file], &[], list);
        let stdout = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{name}: a function fails");
        assert!(
            stdout.contains("severity: \"error\"") || stdout.contains("severity: error"),
            "{name}: {stdout}"
        );
        for words in [&["check", "-p", &file][..], &["diff", "-p", &file], &["policy", "show", "-p", &file]] {
            let ran = run(words, &[], GOOD);
            assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0), "{name}: {words:?}");
        }
    }
}

#[test]
fn a_bad_policy_of_a_function_is_refused_with_its_place() {
    let list = |config: &str| {
        format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n{config}items: []\n"
        )
    };
    let object =
        "  apiVersion: hardtack.dev/v1\n  kind: Policy\n  spec: {rules: {run-as-rot: {fix: true}}}\n";
    let ran = run(&[], &[], &list(object));
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(said.contains("unknown rule") && said.contains("functionConfig spec.rules.run-as-rot"), "{said}");
    let text = "  apiVersion: v1\n  kind: ConfigMap\n  data:\n    policy: |\n      apiVersion: hardtack.dev/v1\n      kind: \
                Policy\n      spec:\n        rulez: {}\n";
    let ran = run(&[], &[], &list(text));
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(said.contains("functionConfig data.policy:4:3"), "{said}");
}
