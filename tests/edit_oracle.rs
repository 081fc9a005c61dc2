//! Edited documents as sigs.k8s.io/yaml reads them: the data before plus the change, in real charts, odd documents
//! and documents spoilt at random.
#![allow(clippy::print_stdout, reason = "the counts are what this test is for")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "yaml_edit/dice.rs"]
mod dice;
#[path = "yaml_edit/model.rs"]
#[allow(dead_code, reason = "shared with the tests of edits")]
mod model;
#[path = "yaml_edit/mutants.rs"]
mod mutants;
#[path = "yaml_edit/odd.rs"]
mod odd;
#[path = "yaml_edit/plans.rs"]
mod plans;
#[path = "yaml_edit/strings.rs"]
#[allow(dead_code, reason = "shared with the tests of edits")]
mod strings;
mod support;

use dice::Dice;
use hardtack::yaml::data::same;
use hardtack::yaml::edit::{EditError, Edited, apply};
use hardtack::yaml::stream::{ParseOptions, parse, parse_document};
use hardtack::yaml::{Data, Edit, Op, Route};
use libtest_mimic::{Arguments, Failed};
use mutants::mutate;
use serde_json::json;
use support::corpus;
use support::oracle::{Oracle, Question};
use support::tools::trial;

fn main() {
    let tests = vec![
        corpus::trial("every_workload_of_real_charts", &["oracle"], every_workload_of_real_charts),
        trial("odd_documents", &["oracle"], odd_documents),
        trial("spoilt_documents", &["oracle"], spoilt_documents),
        trial("written_strings", &["oracle"], written_strings),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

/// A document that was edited.
struct Case {
    before: String,
    edits: Vec<Edit>,
    after: Edited,
}

#[derive(Debug, Default)]
struct Counts {
    edited: usize,
    lines_added: usize,
    lines_rewritten: usize,
    with_fallbacks: usize,
    unread_by_go: usize,
    read_otherwise_by_go: Vec<String>,
}

fn every_workload_of_real_charts() -> Result<(), Failed> {
    let mut counts = Counts::default();
    let mut oracle = Oracle::start();
    for (name, bytes) in corpus::charts() {
        let text = String::from_utf8(bytes)?;
        let stream = parse(text, ParseOptions::default()).map_err(|error| format!("{name}: {error}"))?;
        let bodies = stream.documents.iter().map(|document| stream.body(document).to_owned());
        let mut cases = Vec::new();
        for body in bodies {
            if let Some(case) = edit(&body).map_err(|error| format!("{name}: {error}"))? {
                cases.push(case);
            }
        }
        judge(&mut oracle, cases, &mut counts)?;
    }
    println!("real charts: {counts:?}");
    if counts.edited == 0 || counts.unread_by_go > 0 || !counts.read_otherwise_by_go.is_empty() {
        return Err("not every workload was judged".into());
    }
    Ok(())
}

fn odd_documents() -> Result<(), Failed> {
    let mut counts = Counts::default();
    let mut cases = Vec::new();
    for text in odd::documents() {
        cases.extend(edit(&text).map_err(|error| format!("{text:?}: {error}"))?);
    }
    let all = cases.len();
    judge(&mut Oracle::start(), cases, &mut counts)?;
    println!("odd documents: {counts:?}");
    if counts.edited < 100 || counts.edited < all || !counts.read_otherwise_by_go.is_empty() {
        return Err(format!("of {all} documents too few were judged: {counts:?}").into());
    }
    Ok(())
}

/// `HARDTACK_MUTANTS` of them, edited and read by Go.
fn spoilt_documents() -> Result<(), Failed> {
    let wanted: usize = std::env::var("HARDTACK_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let seed = std::env::var("HARDTACK_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let (mut dice, mut counts) = (Dice::new(seed), Counts::default());
    let (mut oracle, mut made) = (Oracle::start(), 0_usize);
    let originals = originals();
    while counts.edited < wanted {
        let mut cases = Vec::new();
        for _ in 0..2_000 {
            let original = dice.roll(originals.len());
            let text = mutate(&originals[original], &mut dice);
            made += 1;
            let Ok(stream) = parse(text, ParseOptions::default()) else { continue };
            for document in &stream.documents {
                let body = stream.body(document);
                let case = if dice.roll(2) == 0 { edit(body) } else { edit_at_random(body, &mut dice) };
                match case {
                    Ok(case) => cases.extend(case),
                    Err(EditError::WrongType { .. }) => {}
                    Err(error) => return Err(format!("{:?}: {error}", stream.text).into()),
                }
            }
        }
        judge(&mut oracle, cases, &mut counts)?;
    }
    let otherwise = std::mem::take(&mut counts.read_otherwise_by_go);
    println!(
        "spoilt documents: {made} made, {} read otherwise by Go before any edit, {counts:?}",
        otherwise.len()
    );
    for text in otherwise.iter().take(5) {
        println!("read otherwise: {text:?}");
    }
    if otherwise.is_empty() { Ok(()) } else { Err("Go reads some documents otherwise".into()) }
}

fn written_strings() -> Result<(), Failed> {
    let mut dice = Dice::new(29);
    let data: Vec<Data> = (0..20_000)
        .map(|_| strings::random(&mut dice))
        .chain(strings::ODD.map(str::to_owned))
        .map(|text| json!({"k": text, text.clone(): [text, {"l": text}]}))
        .collect();
    let write = |data: &Data| hardtack::yaml::write::document(data, "\n");
    let questions: Vec<Question> = data.iter().map(|data| Question::yaml(write(data))).collect();
    for (data, answer) in data.iter().zip(Oracle::start().ask_all(&questions)) {
        if answer.as_ref() != Ok(data) {
            return Err(format!("{data} was written as {:?} and read as {answer:?}", write(data)).into());
        }
    }
    Ok(())
}

/// The odd documents, and the small ones with pods of real charts where there are any.
fn originals() -> Vec<String> {
    let mut all = odd::documents();
    for (_, bytes) in corpus::charts() {
        let text = String::from_utf8(bytes).expect("charts are UTF-8");
        let stream = parse(text, ParseOptions::default()).expect("charts parse");
        let small =
            stream.documents.iter().map(|document| stream.body(document)).filter(|body| body.len() < 2_500);
        all.extend(small.filter(|body| body.contains("containers:")).map(str::to_owned));
    }
    all
}

/// Hardens all pods of a document; `None` when it has none or cannot be read.
fn edit(text: &str) -> Result<Option<Case>, EditError> {
    let Ok(tree) = parse_document(text) else { return Ok(None) };
    let Some(root) = tree.root(text) else { return Ok(None) };
    let mut edits = Vec::new();
    harden(&root.to_data(), &Route::root(), &mut edits);
    if edits.is_empty() {
        return Ok(None);
    }
    let after = apply(root, &edits)?;
    Ok(Some(Case { before: text.to_owned(), edits, after }))
}

/// Edits a document anywhere; `None` when it cannot be read.
fn edit_at_random(text: &str, dice: &mut Dice) -> Result<Option<Case>, EditError> {
    let Ok(tree) = parse_document(text) else { return Ok(None) };
    let Some(root) = tree.root(text) else { return Ok(None) };
    let edits = plans::random(root, dice);
    let after = apply(root, &edits)?;
    Ok(Some(Case { before: text.to_owned(), edits, after }))
}

fn harden(data: &Data, route: &Route, edits: &mut Vec<Edit>) {
    match data {
        Data::Object(map) => {
            let containers = map.get("containers").and_then(Data::as_array);
            for index in 0..containers.map_or(0, Vec::len) {
                let context = route.key("containers").index(index).key("securityContext");
                edits.push(Edit { route: context.key("privileged"), op: Op::Set(json!(false)) });
                edits.push(Edit {
                    route: context.key("capabilities").key("drop"),
                    op: Op::Append(json!("ALL")),
                });
            }
            if containers.is_some_and(|list| !list.is_empty()) {
                let key = route.key("automountServiceAccountToken");
                edits.push(Edit { route: key, op: Op::Set(json!(false)) });
            }
            for (key, value) in map {
                harden(value, &route.key(key.clone()), edits);
            }
        }
        Data::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                harden(item, &route.index(index), edits);
            }
        }
        _ => {}
    }
}

/// Asks Go for the data before and after: the second must be the first with the edits.
fn judge(oracle: &mut Oracle, cases: Vec<Case>, counts: &mut Counts) -> Result<(), Failed> {
    let questions: Vec<Question> = cases
        .iter()
        .flat_map(|case| [case.before.as_str(), case.after.text.as_str()])
        .map(Question::yaml)
        .collect();
    let mut answers = oracle.ask_all(&questions).into_iter();
    for case in cases {
        let (before, after) = (answers.next().expect("an answer"), answers.next().expect("an answer"));
        let Ok(before) = before else {
            counts.unread_by_go += 1;
            continue;
        };
        if !same(&before, &model::data(&case.before)) {
            counts.read_otherwise_by_go.push(case.before);
            continue;
        }
        let after =
            after.map_err(|error| format!("{error}: {:?} became {:?}", case.before, case.after.text))?;
        if !same(&model::planned(before, &case.edits), &after) {
            return Err(format!("{:?} became {:?}", case.before, case.after.text).into());
        }
        if case.after.lines_rewritten == 0 && !is_subsequence(&case.before, &case.after.text) {
            return Err(format!("{:?} lost bytes in {:?}", case.before, case.after.text).into());
        }
        counts.edited += 1;
        counts.lines_added += case.after.lines_added;
        counts.lines_rewritten += case.after.lines_rewritten;
        counts.with_fallbacks += usize::from(!case.after.notes.is_empty());
    }
    Ok(())
}

/// Whether `part` is `whole` with bytes left out.
fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.bytes();
    part.bytes().all(|byte| rest.any(|other| other == byte))
}
