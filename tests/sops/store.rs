//! The store: set, get, list and edit.

use std::fs;

use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("set_get_and_list", &["sops"], set_get_and_list),
        trial("edit_writes_what_was_changed", &[], edit_writes_what_was_changed),
        trial("edit_leaves_nothing_behind", &[], edit_leaves_nothing_behind),
        trial("somebody_else_wrote_meanwhile", &[], somebody_else_wrote_meanwhile),
        trial("new_people_and_foreign_files", &[], new_people_and_foreign_files),
    ]
}

const FILE: &str = "secrets.sops.yaml";

fn read(someone: &Someone, file: &str) -> String {
    fs::read_to_string(someone.sandbox.path("work").join(file)).unwrap()
}

fn set(someone: &Someone, place: &str, value: &str) {
    let args = ["secrets", "set", place, "--age", &someone.recipient];
    let ran = someone.sandbox.hardtack(&args, value);
    ran.succeeded();
    assert!(ran.stdout.is_empty() && !ran.stderr.contains(value.trim()), "{}", ran.stderr);
}

fn get(someone: &Someone, place: &str) -> String {
    someone.sandbox.hardtack(&["secrets", "get", place], "").succeeded().stdout.clone()
}

fn set_get_and_list() {
    let someone = Someone::new();
    set(&someone, "db/password", "canary-1\n");
    set(&someone, "db/certificate", "line one\nline two\n");
    set(&someone, "api/token", "canary-2");
    assert_eq!(get(&someone, "db/password"), "canary-1");
    assert_eq!(get(&someone, "db/certificate"), "line one\nline two");
    let before = read(&someone, FILE);
    assert!(!before.contains("canary") && before.contains("kind: Secrets"), "{before}");
    set(&someone, "api/token", "canary-3");
    assert_eq!(read(&someone, &format!("{FILE}.previous")), before);
    let after = read(&someone, FILE);
    let line = |text: &str| text.lines().find(|line| line.contains("password: ENC")).unwrap().to_owned();
    assert_eq!(line(&before), line(&after));
    set(&someone, "api/token", "canary-3");
    assert_eq!(read(&someone, FILE), after, "the same value changes nothing");
    // The real sops reads and writes it too.
    assert!(someone.sops(&["decrypt", FILE], "").succeeded().stdout.contains("token: canary-3"));
    let place = r#"["secrets"]["db"]["stringData"]["password"]"#;
    someone.sops(&["set", FILE, place, "\"canary-4\""], "").succeeded();
    assert_eq!(get(&someone, "db/password"), "canary-4");
    let raw = someone.sandbox.write("raw.bin", "");
    fs::write(&raw, [0xFF, 0, 0x0A]).unwrap();
    someone.sandbox.hardtack(&["secrets", "set", "db/raw", "--from-file", "raw.bin"], "").succeeded();
    let call = someone.sandbox.call("hardtack").args(["secrets", "get", "db/raw"]);
    let bytes = std::process::Command::new(someone.sandbox.path("bin/hardtack"))
        .args(["secrets", "get", "db/raw"])
        .current_dir(someone.sandbox.path("work"))
        .env("HOME", someone.sandbox.path("home"))
        .output()
        .unwrap();
    drop(call);
    assert_eq!(bytes.stdout, [0xFF, 0, 0x0A]);
    // Names and days need no key.
    fs::remove_dir_all(someone.sandbox.path("home/.config")).unwrap();
    let listed = someone.sandbox.hardtack(&["secrets", "list"], "").succeeded().stdout.clone();
    assert!(listed.contains("  db/password\n") && listed.contains("  api/token\n"), "{listed}");
    let json =
        someone.sandbox.hardtack(&["secrets", "list", "--format", "json"], "").succeeded().stdout.clone();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["secrets"][1]["keys"], serde_json::json!(["certificate", "password", "raw"]));
    someone
        .sandbox
        .hardtack(&["secrets", "get", "db/password"], "")
        .failed_with(2)
        .says("no key here opens this");
    let log = read(&someone, &format!("{FILE}.log"));
    assert!(!log.contains("canary") && log.contains(r#""action":"get","secret":"db/password""#), "{log}");
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

fn edit_with(someone: &Someone, script: &str) -> crate::support::sandbox::Ran {
    let editor = someone.sandbox.script("editor", script);
    let call = someone.sandbox.call("hardtack").args(["secrets", "edit"]);
    call.env("EDITOR", format!("{} --wait", editor.display())).run()
}

fn edit_writes_what_was_changed() {
    let someone = Someone::new();
    set(&someone, "db/password", "canary-1");
    set(&someone, "db/user", "canary-user");
    let before = read(&someone, FILE);
    let ran = edit_with(&someone, "cp \"$2\" seen.yaml; sed -i 's/canary-1/canary-5/' \"$2\"");
    ran.succeeded().says("1 values changed");
    assert!(read(&someone, "seen.yaml").contains("user: canary-user"));
    assert_eq!(get(&someone, "db/password"), "canary-5");
    let line = |text: &str| text.lines().find(|line| line.contains("user: ENC")).unwrap().to_owned();
    assert_eq!(line(&before), line(&read(&someone, FILE)));
    assert!(read(&someone, FILE).contains("changed password"));
    let now = read(&someone, FILE);
    edit_with(&someone, "true").succeeded().says("nothing was changed");
    assert_eq!(read(&someone, FILE), now);
}

fn edit_leaves_nothing_behind() {
    let someone = Someone::new();
    set(&someone, "db/password", "canary-1");
    let now = read(&someone, FILE);
    // A failing editor, one that breaks the file, one that kills hardtack itself.
    let script =
        "echo \"$2\" > place; stat -c '%a %a' \"$2\" \"$(dirname \"$2\")\" > modes; cp \"$2\" \"$2~\"; ";
    for (what, ends) in [
        ("fails", "exit 3"),
        ("breaks it", "printf 'a: [canary-9' > \"$2\""),
        ("is killed", "kill -TERM $PPID; sleep 5"),
    ] {
        let ran = edit_with(&someone, &format!("{script}{ends}"));
        ran.failed_with(2);
        assert!(!ran.stderr.contains("canary"), "{what}: {}", ran.stderr);
        let place = read(&someone, "place");
        let folder = std::path::Path::new(place.trim()).parent().unwrap();
        assert!(!folder.exists(), "{what}: {} is still there", folder.display());
        assert_eq!(read(&someone, "modes"), "600 600\n700 700\n", "{what}");
        assert_eq!(read(&someone, FILE), now, "{what}");
    }
}

fn somebody_else_wrote_meanwhile() {
    let someone = Someone::new();
    set(&someone, "db/password", "canary-1");
    let script = "echo canary-7 | hardtack secrets set db/other; sed -i 's/canary-1/canary-5/' \"$2\"";
    edit_with(&someone, script).failed_with(2).says("was changed by somebody else meanwhile");
    assert_eq!(
        (get(&someone, "db/other"), get(&someone, "db/password")),
        ("canary-7".to_owned(), "canary-1".to_owned())
    );
    // Many at once: each is there, or its writer was told.
    let told = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for number in 0..6 {
            let (someone, told) = (&someone, &told);
            scope.spawn(move || {
                let ran = someone.sandbox.hardtack(&["secrets", "set", &format!("n/k{number}")], "v");
                told.fetch_add(usize::from(ran.code != 0), std::sync::atomic::Ordering::Relaxed);
            });
        }
    });
    let listed =
        someone.sandbox.hardtack(&["secrets", "list"], "").succeeded().stdout.matches(" n/k").count();
    assert_eq!(listed + told.into_inner(), 6);
}

fn new_people_and_foreign_files() {
    let (someone, another) = (Someone::new(), Someone::new());
    set(&someone, "db/password", "canary-1");
    let args = ["secrets", "set", "db/password", "--age", &another.recipient];
    someone.sandbox.hardtack(&args, "canary-2").succeeded();
    let text = read(&someone, FILE);
    assert!(text.contains(&another.recipient) && !text.contains(&someone.recipient), "{text}");
    someone.sandbox.hardtack(&["secrets", "get", "db/password"], "").failed_with(2);
    let run = |args: &[&str], stdin: &str| someone.sandbox.hardtack(args, stdin);
    run(&["secrets", "set", "db"], "x").failed_with(2).says("NAME/KEY");
    run(&["secrets", "set", "data/a", "--file", "n.yaml", "--age", &someone.recipient], "x")
        .failed_with(2)
        .says("cannot be");
    run(&["secrets", "set", "a/b", "--file", "n.yaml", "--age", &someone.recipient], "\n")
        .failed_with(2)
        .says("is empty");
    run(&["secrets", "get", "a/b", "--file", "n.yaml"], "").failed_with(2).says("is not there");
    run(&["secrets", "set", "a/b", "--file", "n.yaml"], "x").failed_with(2).says("nobody to encrypt to");
    someone.sandbox.write("n.yaml", "apiVersion: v1\nkind: Secret\n");
    run(&["secrets", "list", "--file", "n.yaml"], "").failed_with(2).says("this is no store of secrets");
    someone.sandbox.write("n.yaml", "apiVersion: hardtack.dev/v1\nkind: Secrets\nsecrets: {}\n");
    run(&["secrets", "set", "a/b", "--file", "n.yaml"], "x").failed_with(2).says("not encrypted by sops");
    assert!(!someone.sandbox.path("work/n.yaml.previous").exists());
}
