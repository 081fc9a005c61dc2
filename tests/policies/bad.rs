//! Each policy in `bad/` is refused, with exit 2 and the words that stand beside it.

use std::process::{Command, Stdio};

use crate::expected::{Expected, files, folder};

#[test]
fn bad_policies_are_refused_in_words_that_help() {
    let folder = folder("tests/policies/bad");
    let all = files(&folder, "yaml");
    assert!(all.len() >= 35, "only {} bad policies", all.len());
    let mut expected = Expected::default();
    for policy in all {
        let name = policy.file_name().expect("a name");
        let run = Command::new(env!("CARGO_BIN_EXE_hardtack"))
            .args(["check", "-p"])
            .arg(name)
            .current_dir(&folder)
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .expect("hardtack runs");
        let words = String::from_utf8(run.stderr).expect("UTF-8");
        assert_eq!(run.status.code(), Some(2), "{name:?} is not refused: {words}");
        assert!(run.stdout.is_empty(), "{name:?} writes to stdout");
        expected.compare(&policy.with_extension("txt"), &words);
    }
    expected.done();
}

#[test]
fn each_bad_policy_has_its_words_and_no_words_stand_alone() {
    let folder = folder("tests/policies/bad");
    for words in files(&folder, "txt") {
        assert!(words.with_extension("yaml").exists(), "{} belongs to no policy", words.display());
    }
}
