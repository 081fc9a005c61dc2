//! The API server that `cargo xtask api` runs, asked through the Go program of `tests/oracle/cluster`.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use serde::Deserialize;
use serde_json::json;

use super::tools;

/// What the server says of one object.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub label: String,
    pub api_version: String,
    pub kind: String,
    #[serde(default)]
    pub namespace: String,
    pub name: String,
    /// `accepted`, `refused`, or `unknown` for a kind that is not served.
    pub verdict: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl Verdict {
    /// Whether Pod Security's restricted level would refuse the pods of this object.
    pub fn warns_of_pod_security(&self) -> bool {
        self.warnings.iter().any(|warning| warning.contains("would violate PodSecurity"))
    }
}

/// The file that tells Helm which server to ask, or why there is none.
pub fn kubeconfig() -> Result<PathBuf, String> {
    env::var_os("HARDTACK_API_KUBECONFIG")
        .map(PathBuf::from)
        .ok_or_else(|| "no API server, run `cargo xtask api`".to_owned())
}

/// Asks about every object of these labelled streams; nothing is changed.
pub fn dry_run(streams: &[(String, Vec<u8>)]) -> Vec<Verdict> {
    send("dry-run", streams)
}

/// Really creates the CustomResourceDefinitions of these streams, so that the server judges objects of their kinds.
pub fn establish(streams: &[(String, Vec<u8>)]) {
    send("establish", streams);
}

/// Really creates every object of these streams, in place of those of the same name.
pub fn create(streams: &[(String, Vec<u8>)]) -> Vec<Verdict> {
    send("create", streams)
}

/// The uid of the live object of this kind and name, if the server holds one.
pub fn live(text: &str) -> Option<String> {
    asked("live", text)
}

/// Writes an object over the live one, as a controller does that takes it over; its uid stays.
pub fn put(text: &str) -> Option<String> {
    asked("put", text)
}

fn asked(command: &str, text: &str) -> Option<String> {
    let verdicts = send(command, &[("live".to_owned(), text.as_bytes().to_vec())]);
    let [verdict] = verdicts.as_slice() else { panic!("one object: {verdicts:?}") };
    assert_ne!(verdict.verdict, "unknown", "{} is served", verdict.kind);
    (verdict.verdict == "accepted").then(|| verdict.message.clone())
}

fn send(command: &str, streams: &[(String, Vec<u8>)]) -> Vec<Verdict> {
    let mut child = start(command, &[]);
    let mut stdin = child.stdin.take().expect("its stdin is a pipe");
    let verdicts = thread::scope(|scope| {
        scope.spawn(move || {
            for (label, text) in streams {
                writeln!(stdin, "{}", json!({"label": label, "length": text.len()})).expect("it reads");
                stdin.write_all(text).expect("it reads");
            }
        });
        read(&mut child)
    });
    finish(child);
    verdicts
}

/// Creates a namespace that refuses pods that are not restricted.
pub fn enforce(namespace: &str) {
    finish(start("enforce", &[namespace]));
}

/// Whether the pods of a namespace's workloads could be created there.
pub fn pods(namespace: &str) -> Vec<Verdict> {
    let mut child = start("pods", &[namespace]);
    let verdicts = read(&mut child);
    finish(child);
    verdicts
}

/// The stand-in for the controller of Jobs in one namespace.
pub struct Jobs {
    child: Child,
}

impl Jobs {
    /// Starts to complete each Job whose pod could be created.
    pub fn play(namespace: &str) -> Self {
        Self { child: start("jobs", &[namespace]) }
    }

    /// Ends, and tells of each Job there was, also of those that are deleted since.
    pub fn end(mut self) -> Vec<Verdict> {
        drop(self.child.stdin.take());
        let verdicts = read(&mut self.child);
        finish(self.child);
        verdicts
    }
}

fn start(command: &str, arguments: &[&str]) -> Child {
    let kubeconfig = kubeconfig().unwrap_or_else(|reason| panic!("{reason}"));
    let mut helper: Command = tools::command("oracle-cluster");
    helper.arg(command).arg(kubeconfig).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    helper.spawn().expect("oracle-cluster starts")
}

fn read(child: &mut Child) -> Vec<Verdict> {
    let stdout = BufReader::new(child.stdout.take().expect("its stdout is a pipe"));
    let verdict = |line: std::io::Result<String>| {
        let line = line.expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in answer {line:?}"))
    };
    stdout.lines().map(verdict).collect()
}

fn finish(mut child: Child) {
    let status = child.wait().expect("it ends");
    assert!(status.success(), "oracle-cluster ended with {status}");
}
