//! The policies in `testdata/policies`, on the manifests beside them: what each environment finds.
//!
//! A manifest's first line names the rules it is about. Each environment's findings stand beside it, and its exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::expected::{Expected, files, folder};

const TEAMS: [&str; 3] = ["bytebot", "agentforge", "i2s"];

/// The findings, and above them the exit code.
fn found(team: &Path, manifest: &str, environment: &str, rules: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.json");
    let run = Command::new(env!("CARGO_BIN_EXE_hardtack"))
        .args(["check", "-p", "hardtack.yaml", "-e", environment, "--only", rules, manifest, "--report"])
        .arg(format!("json={}", report.display()))
        .current_dir(team)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("hardtack runs");
    let words = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
    let report = fs::read_to_string(report).unwrap_or_else(|error| panic!("{manifest}: {error}: {words}"));
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out = format!("exit {}\n", run.status.code().expect("a code"));
    for it in report["findings"].as_array().expect("findings") {
        let object = format!("{}/{}", text(&it["object"]["kind"]), text(&it["object"]["name"]));
        let line = it["source"]["line"].as_u64().unwrap_or_default();
        let refused = if it["refused"] == true { "refused" } else { "open" };
        let (rule, severity, message) = (text(&it["rule"]), text(&it["severity"]), text(&it["message"]));
        out += &format!("line {line} {object} {severity} {refused} {rule}: {message}\n");
        if let Some(help) = it["help"].as_str().filter(|help| !help.is_empty()) {
            out += &format!("    {help}\n");
        }
    }
    out
}

#[test]
fn the_teams_policies_find_what_they_are_for() {
    let mut expected = Expected::default();
    for team in TEAMS {
        let team = folder("testdata/policies").join(team);
        for manifest in files(&team, "yaml") {
            let text = fs::read_to_string(&manifest).expect("a manifest");
            let Some(rules) = text.lines().next().and_then(|line| line.strip_prefix("# judged by: ")) else {
                continue;
            };
            let name = manifest.file_name().and_then(|name| name.to_str()).expect("a name");
            for environment in ["development", "staging", "production"] {
                let words = found(&team, name, environment, &rules.replace(' ', ""));
                expected.compare(&manifest.with_extension(format!("{environment}.txt")), &words);
            }
        }
    }
    expected.done();
}
