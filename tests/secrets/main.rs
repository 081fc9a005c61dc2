//! Credentials in plain text: how many of those written for this are found, how many look-alikes are not, and what is said of
//! real charts and of Kubernetes' own examples.
#![allow(clippy::print_stdout, reason = "the numbers are what these tests are for")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod fakes;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fakes::Fakes;
use hardtack::k8s::{Release, Scope};
use hardtack::secrets::find::{Confidence, Finder, Holder};
use hardtack::wire::{Input, input};
use hardtack::yaml::Value;
use libtest_mimic::{Arguments, Failed, Trial};
use support::{corpus, tools};

fn main() {
    let tests = vec![
        Trial::test("credentials_written_for_this_are_found", found),
        Trial::test("look_alikes_are_passed_over", look_alikes),
        Trial::test("comments_are_judged_one_by_one", comments),
        corpus::trial("real_charts_have_none_outside_secrets", &[], charts),
        tools::unless(examples().err(), "examples_of_kubernetes", of_kubernetes),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn testdata(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/secrets").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What was found, as people need it.
#[derive(Debug)]
struct Found {
    line: usize,
    place: String,
    holder: Holder,
    confidence: Confidence,
}

fn scan(name: &str, text: String) -> Vec<Found> {
    let stream =
        input::parse(Input { name: name.to_owned(), text }).unwrap_or_else(|error| panic!("{name}: {error}"));
    let release = Release::gather(&stream, Scope::default());
    let finder = Finder::new(&release);
    let mut all = Vec::new();
    for object in &release.objects {
        for suspect in finder.in_object(object) {
            let place = format!(
                "{name} {} {}: {} [{}]",
                object.id,
                suspect.route,
                suspect.words(),
                suspect.hit.kind.id()
            );
            let (line, holder, confidence) = (suspect.line, suspect.holder, suspect.hit.confidence);
            all.push(Found { line, place, holder, confidence });
        }
    }
    all
}

/// A text with its marks replaced, and for each mark its name and the line it begins on.
fn filled(template: &str) -> (String, Vec<(String, usize)>) {
    let (mut out, mut marks, mut fakes) = (String::new(), Vec::new(), Fakes::new());
    let mut rest = template;
    while let Some(at) = rest.find("%{") {
        let end = at + rest[at..].find('}').expect("a mark ends");
        out.push_str(&rest[..at]);
        let mark = &rest[at + 2..end];
        marks.push((mark.to_owned(), 1 + out.matches('\n').count()));
        out.push_str(&fakes.of(mark));
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    (out, marks)
}

fn comments() -> Result<(), Failed> {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n# password=%{made-up}\n# token: %{github}\n# %{github}\n";
    let (text, marks) = filled(template);
    let found: Vec<(usize, Holder)> = scan("a.yaml", text).iter().map(|it| (it.line, it.holder)).collect();
    let wanted: Vec<(usize, Holder)> = marks.iter().map(|(_, line)| (*line, Holder::Comment)).collect();
    assert_eq!(found, wanted);
    Ok(())
}

fn found() -> Result<(), Failed> {
    let (text, marks) = filled(&testdata("found.yaml"));
    let mut left: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for found in scan("found.yaml", text) {
        left.entry(found.line).or_default().push(found);
    }
    let mut missed = Vec::new();
    for (mark, line) in &marks {
        match left.get_mut(line).filter(|found| !found.is_empty()) {
            Some(found) => drop(found.remove(0)),
            None => missed.push(format!("line {line}: {mark}")),
        }
    }
    let more: Vec<String> =
        left.into_values().flatten().map(|found| format!("line {}: {}", found.line, found.place)).collect();
    let (all, hit) = (marks.len(), marks.len() - missed.len());
    println!("credentials: {hit} of {all} found, {} found beside them", more.len());
    assert!(all >= 60, "only {all} credentials");
    if !more.is_empty() {
        return Err(format!("found where none is:\n{}", more.join("\n")).into());
    }
    for missed in &missed {
        println!("missed: {missed}");
    }
    if hit * 100 < all * 95 {
        return Err(format!("missed:\n{}", missed.join("\n")).into());
    }
    Ok(())
}

fn look_alikes() -> Result<(), Failed> {
    let text = testdata("look-alikes.yaml");
    let count = candidates(&text);
    let flagged = scan("look-alikes.yaml", text);
    println!("look-alikes: {} of {count} flagged", flagged.len());
    assert!(count >= 200, "only {count} look-alikes");
    match flagged.is_empty() {
        true => Ok(()),
        false => Err(flagged
            .into_iter()
            .map(|it| format!("line {}: {}\n", it.line, it.place))
            .collect::<String>()
            .into()),
    }
}

/// Variables, arguments, annotations, and lines of ConfigMaps in which a word of secrets stands.
fn candidates(text: &str) -> usize {
    let stream = input::parse(Input { name: String::new(), text: text.to_owned() }).expect("it parses");
    let release = Release::gather(&stream, Scope::default());
    let mut count = 0;
    for object in release.objects.iter().filter(|object| object.id.kind != "Secret") {
        for part in release.workloads_of(object).iter().flat_map(|workload| &workload.parts) {
            let lists = ["env", "args"].into_iter().filter_map(|list| part.value.get(list));
            count += lists.map(|list| list.items().count()).sum::<usize>();
        }
        count += object.value.path("metadata.annotations").map_or(0, |it| it.entries().len());
        for (_, value) in object.value.get("data").map(Value::entries).unwrap_or_default() {
            let text = value.as_str().unwrap_or_default();
            count += text.lines().filter(|line| hardtack::secrets::find::name::has_stem(line)).count();
        }
    }
    count
}

fn charts() -> Result<(), Failed> {
    let charts = corpus::charts();
    let mut flagged = Vec::new();
    for (name, bytes) in &charts {
        flagged.extend(scan(name, String::from_utf8(bytes.clone()).expect("charts are UTF-8")));
    }
    println!("charts: {} false positives outside Secrets in {} charts", flagged.len(), charts.len());
    match flagged.is_empty() {
        true => Ok(()),
        false => Err(flagged
            .into_iter()
            .map(|it| format!("line {}: {} {:?}\n", it.line, it.place, it.confidence))
            .collect::<String>()
            .into()),
    }
}

/// The example manifests that Kubernetes 1.9 was the last to carry, where Go's cache of modules has them.
fn examples() -> Result<PathBuf, String> {
    tools::kubernetes("v1.9.0").map(|folder| folder.join("examples"))
}

fn of_kubernetes() -> Result<(), Failed> {
    let (mut real, mut stand_ins, mut others) = (Vec::new(), 0, Vec::new());
    let mut files = Vec::new();
    below(&examples()?, &mut files);
    for path in &files {
        let text = fs::read_to_string(path).expect("an example");
        let name = path.display().to_string();
        let Ok(stream) = input::parse(Input { name: name.clone(), text: text.clone() }) else { continue };
        drop(stream);
        for found in scan(&name, text) {
            match (found.holder, found.confidence) {
                (Holder::Variable, Confidence::StandIn) => stand_ins += 1,
                (Holder::Variable, _) => real.push(found.place),
                _ => others.push(found.place),
            }
        }
    }
    println!(
        "examples: {} credentials in variables, {stand_ins} stand-ins, {} elsewhere, in {} files",
        real.len(),
        others.len(),
        files.len()
    );
    if real.len() != 18 || stand_ins != 2 || !others.is_empty() {
        return Err(format!("{}\nelsewhere:\n{}", real.join("\n"), others.join("\n")).into());
    }
    Ok(())
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
}
