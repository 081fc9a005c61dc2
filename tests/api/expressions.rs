//! CEL policies: hardtack's verdict on each object is that of the real API server, refused policies included.

mod cases;

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use hardtack::load;
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::support::cluster::{Verdict, create, dry_run, kubeconfig};
use crate::support::tools;
use cases::{Case, JUDGED, Said, cases, folder, ours, stream, today};

/// How long policies may take to come into force.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err();
    vec![
        tools::optional(absent.clone(), "expressions_are_judged_as_the_server_judges", judged_as_the_server),
        tools::optional(absent, "expressions_are_refused_as_the_server_refuses", refused_as_the_server),
    ]
}

fn judged_as_the_server() -> Result<(), Failed> {
    let cases: Vec<Case> = JUDGED.into_iter().flat_map(cases).collect();
    let documents: Vec<Value> =
        cases.iter().flat_map(|case| case.documents().into_iter().chain(case.extra.clone())).collect();
    let refused: Vec<String> = create(&[("policies".to_owned(), stream(&documents))])
        .into_iter()
        .filter(|it| it.verdict != "accepted")
        .map(|it| format!("{}: {}", it.name, it.message))
        .collect();
    if !refused.is_empty() {
        return Err(refused.join("\n").into());
    }
    await_policies()?;
    let objects: Vec<Value> =
        cases.iter().flat_map(|case| case.objects().into_iter().map(|(.., it)| it)).collect();
    let theirs: BTreeMap<String, Verdict> = dry_run(&[("objects".to_owned(), stream(&objects))])
        .into_iter()
        .map(|verdict| (verdict.name.clone(), verdict))
        .collect();
    let ours = ours(&stream(&documents), &objects)?;
    let mut tally = Tally::default();
    for case in &cases {
        tally.add(case, &theirs, &ours);
    }
    eprintln!(
        "{} policies, {} verdicts, {} of them refusals, {} explained differences",
        cases.len(),
        tally.judged,
        tally.refusals,
        tally.explained
    );
    told(tally.faults)
}

/// What all cases come to.
#[derive(Default)]
struct Tally {
    judged: usize,
    refusals: usize,
    explained: usize,
    faults: Vec<String>,
}

impl Tally {
    fn add(&mut self, case: &Case, theirs: &BTreeMap<String, Verdict>, ours: &Said) {
        let mut sides = [false; 2];
        for (name, pass, _) in case.objects() {
            let verdict = &theirs[&name];
            let (message, passes) = case.read(verdict);
            sides[usize::from(passes)] = true;
            self.judged += 1;
            self.refusals += usize::from(!passes);
            let said = ours.get(&(case.name.clone(), name.clone()));
            self.compare(case, verdict, (message, passes, pass), said);
        }
        if case.both && case.differs.is_none() && !case.silent && sides != [true; 2] {
            self.faults.push(format!("{}: all objects on one side", case.name));
        }
    }

    fn compare(
        &mut self,
        case: &Case,
        verdict: &Verdict,
        (message, passes, wanted): (Option<String>, bool, bool),
        said: Option<&Vec<String>>,
    ) {
        let name = &verdict.name;
        if verdict.verdict == "refused" && (case.warns || message.is_none()) {
            self.faults.push(format!("{name} is no object the server takes: {}", verdict.message));
        }
        // What only goes to the audit log cannot be seen in the server's answer.
        let agrees = if case.silent { wanted } else { passes } == said.is_none();
        if case.differs.is_some() {
            self.explained += usize::from(!agrees);
            if agrees {
                self.faults.push(format!("{name}: no difference any more"));
            }
            return;
        }
        if !agrees || !case.mixed && !case.silent && passes != wanted {
            let words = format!("server {} ({})", verdict.verdict, verdict.message);
            self.faults.push(format!("{name}: {words}, hardtack {said:?}"));
        }
        let failed = |said: &String| said.starts_with("no verdict on") || said.starts_with("no ConfigMap");
        if let (Some(said), Some(message)) = (said, message)
            && !said.iter().any(|it| *it == message || failed(it))
        {
            self.faults.push(format!("{name}: the server says {message:?}, hardtack {said:?}"));
        }
    }
}

impl Case {
    /// The message of a refusal, and whether the object passes.
    fn read(&self, verdict: &Verdict) -> (Option<String>, bool) {
        let found = match self.warns {
            true => {
                verdict.warnings.iter().find_map(|it| it.split_once(&format!("binding '{}': ", self.name)))
            }
            false => verdict.message.split_once(&format!("binding '{}' denied request: ", self.name)),
        };
        let message = found.map(|(_, message)| message.trim().to_owned());
        let passes = message.is_none();
        (message, passes)
    }
}

/// Waits until the policy that was created last is in force.
fn await_policies() -> Result<(), Failed> {
    let canary = Case {
        name: "canary".to_owned(),
        holds: Some("false".to_owned()),
        bad: vec![json!({"a": "b"})],
        ..Case::default()
    };
    create(&[("canary".to_owned(), stream(&canary.documents()))]);
    let objects: Vec<Value> = canary.objects().into_iter().map(|(.., it)| it).collect();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let verdicts = dry_run(&[("canary".to_owned(), stream(&objects))]);
        if verdicts.iter().all(|verdict| verdict.verdict == "refused") {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(500));
    }
    Err("the policies did not come into force".into())
}

fn refused_as_the_server() -> Result<(), Failed> {
    let cases = cases("refused.yaml");
    let mut faults = Vec::new();
    let mut explained = 0;
    for case in &cases {
        let documents = case.documents();
        let verdict = create(&[(case.name.clone(), stream(&documents[..1]))]).remove(0);
        let (_folder, file) = folder(&stream(&documents))?;
        let error = load::load_file(&file, None, today()).err();
        let agrees = (verdict.verdict == "refused") == error.is_some();
        explained += usize::from(case.differs.is_some());
        if agrees == case.differs.is_some() || case.differs.is_some() && case.ours != error.is_some() {
            let ours = error.map(|error| error.to_string());
            faults.push(format!(
                "{}: server {} ({}), hardtack {ours:?}",
                case.name, verdict.verdict, verdict.message
            ));
        }
    }
    eprintln!("{} policies that are not taken, {explained} explained differences", cases.len());
    told(faults)
}

fn told(faults: Vec<String>) -> Result<(), Failed> {
    if faults.is_empty() { Ok(()) } else { Err(format!("{}:\n{}", faults.len(), faults.join("\n")).into()) }
}
