//! Kubernetes' own libraries, asked through the Go program of `tests/oracle` (its protocol stands in main.go).

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread;

use serde::Deserialize;
use serde_json::{Value, json};

use super::tools;

/// A running oracle; it ends when this is dropped.
pub struct Oracle {
    child: Child,
    stdin: Option<BufWriter<ChildStdin>>,
    stdout: BufReader<ChildStdout>,
}

/// One question: a header, and the text that it is about.
pub struct Question {
    header: Value,
    text: Vec<u8>,
}

/// What the library made of the text, or its error.
pub type Answer = Result<Value, String>;

/// The ids of the checks that refuse a pod at one version; empty means allowed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Verdict {
    pub baseline: Vec<String>,
    pub restricted: Vec<String>,
}

/// Verdicts by version (`1.0` … `1.37`).
pub type Verdicts = BTreeMap<String, Verdict>;

impl Question {
    /// The first document of the text as JSON, read by sigs.k8s.io/yaml.
    pub fn yaml(text: impl Into<Vec<u8>>) -> Self {
        Self { header: json!({"op": "yaml"}), text: text.into() }
    }

    /// The documents of a stream; `reader` is `helm`, `kubectl` or `kyaml`.
    pub fn stream(reader: &str, text: impl Into<Vec<u8>>) -> Self {
        Self { header: json!({"op": "stream", "reader": reader}), text: text.into() }
    }

    /// Pod Security's verdicts on an object of a built-in kind, at these versions; none means all.
    pub fn pod(text: impl Into<Vec<u8>>, versions: &[&str]) -> Self {
        Self { header: json!({"op": "pss", "versions": versions}), text: text.into() }
    }

    /// The same for a bare pod spec and its template's annotations.
    pub fn pod_spec(
        spec: impl Into<Vec<u8>>,
        annotations: &BTreeMap<String, String>,
        versions: &[&str],
    ) -> Self {
        let header = json!({"op": "pss", "as": "podSpec", "annotations": annotations, "versions": versions});
        Self { header, text: spec.into() }
    }

    fn write(&self, to: &mut impl std::io::Write) -> std::io::Result<()> {
        let mut header = self.header.clone();
        header["length"] = self.text.len().into();
        writeln!(to, "{header}")?;
        to.write_all(&self.text)
    }
}

impl Oracle {
    /// Starts the oracle, which `cargo xtask tools` builds.
    ///
    /// # Panics
    /// Where it is absent: tests that need it name `oracle` in their [`tools::trial`].
    pub fn start() -> Self {
        let mut child = tools::command("oracle")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the oracle starts");
        let stdin = child.stdin.take().map(BufWriter::new);
        let stdout = BufReader::new(child.stdout.take().expect("the oracle's stdout is a pipe"));
        Self { child, stdin, stdout }
    }

    /// Asks one question.
    pub fn ask(&mut self, question: &Question) -> Answer {
        self.ask_all(std::slice::from_ref(question)).remove(0)
    }

    /// Asks many at once, without waiting for one answer before the next question.
    pub fn ask_all(&mut self, questions: &[Question]) -> Vec<Answer> {
        let mut stdin = self.stdin.take().expect("the oracle's stdin is open");
        let (stdin, answers) = thread::scope(|scope| {
            let writer = scope.spawn(move || {
                for question in questions {
                    question.write(&mut stdin).expect("the oracle reads");
                }
                stdin.flush().expect("the oracle reads");
                stdin
            });
            let answers = questions.iter().map(|_| read_answer(&mut self.stdout)).collect();
            (writer.join().expect("the questions are written"), answers)
        });
        self.stdin = Some(stdin);
        answers
    }

    /// Asks for verdicts: an error is an object that Kubernetes cannot read as one with a pod.
    pub fn verdicts(&mut self, questions: &[Question]) -> Vec<Result<Verdicts, String>> {
        let read = |answer: Answer| {
            answer
                .map(|mut data| serde_json::from_value(data["verdicts"].take()).expect("verdicts by version"))
        };
        self.ask_all(questions).into_iter().map(read).collect()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.stdin.take()); // the end of its input is the end of the oracle
        let _ = self.child.wait();
    }
}

fn read_answer(stdout: &mut BufReader<ChildStdout>) -> Answer {
    let mut line = String::new();
    stdout.read_line(&mut line).expect("the oracle answers");
    let mut answer: Value =
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in answer {line:?}"));
    match answer["error"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(answer["data"].take()),
    }
}
