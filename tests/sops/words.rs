//! No value, data key or identity in any word that hardtack says, nor in any file that stays.

use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("nothing_secret_is_said", &[], nothing_secret_is_said),
        trial("the_editor_leaves_no_core_dump_either", &[], the_editor_leaves_no_core_dump_either),
    ]
}

const CANARY: &str = "canary-7f3a9c";
const ENCODED: &str = "Y2FuYXJ5LTdmM2E5Yw==";

/// Inputs that are well formed and broken in many ways, each with the canary in it.
fn inputs() -> Vec<String> {
    let head = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    vec![
        format!("{head}data: {{a: {ENCODED}}}\nstringData: {{b: {CANARY}}}\n"),
        format!("{head}stringData:\n  a: {CANARY}: b\n"),
        format!("{head}stringData:\n\ta: {CANARY}\n"),
        format!("{head}stringData: {{a: {CANARY}, a: {CANARY}}}\n"),
        format!("{head}stringData: {{a: [{CANARY}]}}\n"),
        format!("{head}stringData: {{a: 'ENC[AES256_GCM,data:{CANARY}'}}\n"),
        format!(
            "{head}stringData: {{a: {CANARY}}}\nsops: {{mac: {CANARY}, lastmodified: {CANARY}, version: {CANARY}}}\n"
        ),
        format!("{head}stringData: {{a: {CANARY}}}\nsops: {CANARY}\n"),
        format!("kind: List\napiVersion: v1\nitems: [{{kind: Secret, stringData: {{a: {CANARY}}}}}]\n"),
        format!("- {CANARY}\n"),
        format!("{CANARY}"),
        format!("# {CANARY}\n{head}data: {{}}\n"),
    ]
}

fn nothing_secret_is_said() {
    let someone = Someone::new();
    let secret_key = someone.identity.trim_start_matches("AGE-SECRET-KEY-1").to_owned();
    let check = |what: &str, words: &str| {
        for secret in [CANARY, ENCODED, &secret_key] {
            assert!(!words.contains(secret), "{what}:\n{words}");
        }
    };
    for input in inputs() {
        for command in [
            vec!["secrets", "encrypt", "-v", "--age", &someone.recipient],
            vec!["secrets", "encrypt", "-v", "--encrypted-regex", ".", "--age", &someone.recipient],
            vec!["secrets", "encrypt", "-v", "--encrypted-regex", "^(data)$", "--age", &someone.recipient],
            vec!["secrets", "encrypt", "-v"],
            vec!["secrets", "decrypt", "-v"],
            vec!["secrets", "set", "a/b", "-v", "--file", "bad.yaml"],
        ] {
            someone.sandbox.write("bad.yaml", &input);
            let ran = someone.sandbox.hardtack(&command, &input);
            check(&format!("{command:?} of\n{input}"), &ran.stderr);
            if command[1] != "decrypt" {
                check(&format!("{command:?} of\n{input}"), &ran.stdout);
            }
        }
        for command in ["get a/b", "list", "edit"] {
            let mut words = vec!["secrets", "-v"];
            words.extend(command.split(' '));
            words.extend(["--file", "bad.yaml"]);
            let call = someone.sandbox.call("hardtack").args(words).env("EDITOR", "false");
            let ran = call.run();
            check(&format!("{command} of\n{input}"), &format!("{}{}", ran.stdout, ran.stderr));
        }
    }
    // Keys in broken places.
    let sealed = someone.sandbox.hardtack(&["secrets", "encrypt", "--age", &someone.recipient], &inputs()[0]);
    someone.sandbox.write("sealed.yaml", &sealed.succeeded().stdout);
    std::fs::remove_dir_all(someone.sandbox.path("home/.config")).unwrap();
    let broken = format!("  {}x", someone.identity);
    for (name, value) in [
        ("SOPS_AGE_KEY", broken.clone()),
        ("SOPS_AGE_KEY_FILE", broken.clone()),
        ("SOPS_AGE_KEY_CMD", format!("echo '{broken}'")),
        ("SOPS_AGE_KEY_CMD", format!("sh -c 'echo {broken} >&2; exit 1'")),
        ("SOPS_AGE_SSH_PRIVATE_KEY_CMD", format!("echo '{broken}'")),
    ] {
        let call = someone
            .sandbox
            .call("hardtack")
            .args(["secrets", "decrypt", "-v", "sealed.yaml"])
            .env(name, value);
        let ran = call.run();
        ran.failed_with(2);
        check(name, &ran.stderr);
    }
    let left: Vec<_> = std::fs::read_dir(someone.sandbox.path("work"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "bad.yaml"))
        .collect();
    for file in left {
        check(&file.display().to_string(), &String::from_utf8_lossy(&std::fs::read(&file).unwrap()));
    }
}

/// Seen by the editor that hardtack starts: it inherits the limit, and may not read its parent's memory.
fn the_editor_leaves_no_core_dump_either() {
    let someone = Someone::new();
    let script = "ulimit -c > limit; ulimit -Hc >> limit; exit 3";
    let editor = someone.sandbox.script("editor", script);
    let call = someone.sandbox.call("hardtack").args(["secrets", "edit", "--age", &someone.recipient]);
    call.env("EDITOR", editor).run().failed_with(2);
    let read = |file: &str| std::fs::read_to_string(someone.sandbox.path("work").join(file)).unwrap();
    assert_eq!(read("limit"), "0\n0\n");
}
