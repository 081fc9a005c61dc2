//! `policy test`: the cases beside a policy, run in parallel.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use similar::TextDiff;

use super::args::Test;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{stdout_layout, to_stderr, to_stdout};
use crate::error::Error;
use crate::finding::{Finding, Status};
use crate::harden::{Hardened, harden};
use crate::load::cases::{self, Case, Cases, Expected, Outcome};
use crate::load::{self, Source, discover, layers};
use crate::policy::Policy;
use crate::report::paint::Paint;
use crate::wire::{Input, files, input};
use crate::yaml::stream::parse_document;
use crate::yaml::{Data, Edit, Op, Route, edit};

/// What a case expects and what was found, part by part, as text that people compare.
struct Compared {
    name: String,
    place: String,
    parts: Vec<Part>,
}

struct Part {
    key: &'static str,
    expected: String,
    found: String,
    data: Data,
}

/// Runs all cases: exit 1 when one of them fails.
///
/// # Errors
/// Everything of [`Error`]: cases or policies that cannot be read.
pub fn run(config: &Config, wanted: &Test) -> Result<Exit, Error> {
    let paint = stdout_layout(config).paint;
    let mut failed = 0;
    let mut count = 0;
    let mut words = String::new();
    for path in named(config, wanted)? {
        let (cases, source) = cases::read(&path)?;
        let all = compare_all(config, &cases, &source)?;
        count += all.len();
        let wrong = all.iter().filter(|case| case.parts.iter().any(|it| it.expected != it.found)).count();
        if wanted.update && wrong > 0 {
            update(&path, &all)?;
            to_stderr(&format!("{}: {wrong} of {} cases written anew\n", path.display(), all.len()));
        } else {
            failed += wrong;
            all.iter().for_each(|case| say(case, config.common.quiet, paint, &mut words));
        }
    }
    let _ = writeln!(words, "{count} case{}, {failed} failed", if count == 1 { "" } else { "s" });
    to_stdout(words.as_bytes())?;
    Ok(if failed == 0 { Exit::Written } else { Exit::Refused })
}

/// The files named, and those in the folders named; else those in the folder of the policy in force.
fn named(config: &Config, wanted: &Test) -> Result<Vec<PathBuf>, Error> {
    let mut paths = wanted.paths.clone();
    if paths.is_empty() {
        let folder = config.file_in_force()?.map(|(_, source)| source.folder);
        paths.push(folder.filter(|folder| folder != Path::new("")).unwrap_or_else(|| PathBuf::from(".")));
    }
    let mut found = Vec::new();
    for path in &paths {
        let is_test = |file: &PathBuf| {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.ends_with("_test.yaml") || name.ends_with("_test.yml")
        };
        found.extend(files::below(path)?.into_iter().filter(|file| file == path || is_test(file)));
    }
    if found.is_empty() {
        let message = format!("no *_test.yaml below {}", paths[0].display());
        return Err(Error::usage(message, "docs/policy.md shows one; or name a file"));
    }
    Ok(found)
}

/// Each case by itself, on as many threads as there are processors.
fn compare_all(config: &Config, cases: &Cases, source: &Source) -> Result<Vec<Compared>, Error> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<Compared, Error>)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(cases.cases.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.cases.get(number) else { break };
                    let compared = compare(config, cases, case, number, source);
                    if let Ok(mut done) = done.lock() {
                        done.push((number, compared));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, compared)| compared).collect()
}

fn compare(
    config: &Config,
    cases: &Cases,
    case: &Case,
    number: usize,
    source: &Source,
) -> Result<Compared, Error> {
    let route = Route::root().key("cases").index(number);
    let mut policy = policy(config, cases, case, source)?;
    cases::check_ids(case, number, &policy, source)?;
    policy.only = only(case);
    let input = match (&case.manifest, &case.file) {
        (Some(text), _) => Input { name: source.line(&route.key("manifest")), text: text.clone() },
        (None, Some(file)) => Input::from_file(&source.folder.join(file), config.limit)?,
        (None, None) => Input { name: source.line(&route), text: String::new() },
    };
    let stream = input::parse(input)?;
    let hardened = harden(&stream, &policy, config.scope(&policy))?;
    Ok(Compared { name: case.name.clone(), place: source.line(&route), parts: parts(case, &hardened)? })
}

fn policy(config: &Config, cases: &Cases, case: &Case, source: &Source) -> Result<Policy, Error> {
    let environment = case.environment.as_deref();
    let beside = || {
        let folder = std::fs::canonicalize(source.folder.join(".")).ok()?;
        discover(&folder)
    };
    let named = cases.policy.as_ref().map(|path| source.folder.join(path));
    match named.or_else(|| config.common.policy.clone()).or_else(beside) {
        Some(path) => load::load_file(&path, environment, config.today),
        None => {
            Ok(load::resolve::mean(layers::built_in(environment.unwrap_or("production"))?, config.today)?)
        }
    }
}

/// The rules a case is about.
fn only(case: &Case) -> Vec<String> {
    if !case.only.is_empty() {
        return case.only.clone();
    }
    let mut rules: Vec<String> = case.findings.iter().flatten().map(|it| it.rule.to_string()).collect();
    rules.dedup();
    rules
}

/// What the case states, or its findings when it states nothing.
fn parts(case: &Case, hardened: &Hardened<'_>) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let states_nothing = case.findings.is_none() && case.edits.is_none() && case.output.is_none();
    if case.findings.is_some() || states_nothing {
        let mut expected = case.findings.clone().unwrap_or_default();
        expected.sort();
        let mut found: Vec<Expected> = hardened
            .plan
            .findings
            .iter()
            .enumerate()
            .map(|(number, it)| shown(hardened, number, it))
            .collect();
        found.sort();
        let (expected, found) = (as_data(&expected)?, as_data(&found)?);
        parts.push(Part { key: "findings", expected: lines(&expected), found: lines(&found), data: found });
    }
    if let Some(expected) = &case.edits {
        let found = Data::from(edits(hardened));
        let expected = Data::from(expected.clone());
        parts.push(Part { key: "edits", expected: lines(&expected), found: lines(&found), data: found });
    }
    if let Some(expected) = &case.output {
        let found = hardened.to_text();
        let data = Data::String(found.clone());
        parts.push(Part { key: "output", expected: expected.clone(), found, data });
    }
    Ok(parts)
}

fn as_data(findings: &[Expected]) -> Result<Data, Error> {
    serde_json::to_value(findings)
        .map_err(|error| Error::usage(format!("a finding cannot be shown: {error}"), ""))
}

fn shown(hardened: &Hardened<'_>, number: usize, finding: &Finding) -> Expected {
    let refused = hardened.verdict.refusals.iter().any(|refusal| refusal.finding == number);
    let status = match finding.status {
        Status::Fixed => Outcome::Fixed,
        Status::Open if refused => Outcome::Refused,
        Status::Open => Outcome::Open,
        Status::Exempt => Outcome::Exempt,
    };
    let object = hardened.release.objects[finding.object].id.to_string();
    Expected { rule: finding.rule.clone(), status, object, container: finding.container.clone() }
}

fn edits(hardened: &Hardened<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for finding in &hardened.plan.findings {
        let object = &hardened.release.objects[finding.object].id;
        for Edit { route, op } in &finding.edits {
            all.push(match op {
                Op::Set(data) => format!("{object} {route}: {data}"),
                Op::Append(data) => format!("{object} {route}: + {data}"),
                Op::Remove => format!("{object} {route}: removed"),
            });
        }
        all.extend(finding.additions.iter().map(|added| {
            let text = |pointer: &str| added.data.pointer(pointer).and_then(Data::as_str).unwrap_or_default();
            format!("{object} adds {}/{}", text("/kind"), text("/metadata/name"))
        }));
    }
    all
}

/// A list, an item a line.
fn lines(items: &Data) -> String {
    let one = |item: &Data| match item {
        Data::Object(map) => {
            let words =
                map.iter().map(|(key, value)| format!("{key}: {}", value.as_str().unwrap_or_default()));
            format!("- {{{}}}\n", words.collect::<Vec<_>>().join(", "))
        }
        other => format!("- {}\n", other.as_str().unwrap_or_default()),
    };
    items.as_array().into_iter().flatten().map(one).collect()
}

fn say(case: &Compared, quiet: bool, paint: Paint, out: &mut String) {
    let wrong: Vec<&Part> = case.parts.iter().filter(|it| it.expected != it.found).collect();
    if wrong.is_empty() {
        if !quiet {
            let _ = writeln!(out, "{} {}", paint.green("ok    "), case.name);
        }
        return;
    }
    let _ = writeln!(out, "{} {} ({})", paint.red("FAILED"), case.name, case.place);
    for part in wrong {
        let diff = TextDiff::from_lines(&part.expected, &part.found);
        let text = diff.unified_diff().header(&format!("{} expected", part.key), "found").to_string();
        for line in text.lines() {
            let line = match line.as_bytes().first() {
                Some(b'+') => paint.green(line),
                Some(b'-') => paint.red(line),
                _ => line.to_owned(),
            };
            let _ = writeln!(out, "  {line}");
        }
    }
}

/// Writes what was found into the file; its comments and every other byte stay.
fn update(path: &Path, all: &[Compared]) -> Result<(), Error> {
    let name = path.display().to_string();
    let failed = |error: edit::EditError| Error::Edit { object: name.clone(), error: Box::new(error) };
    let text = layers::text_of(path)?;
    let tree = parse_document(&text).map_err(|error| Error::Policy {
        message: format!("{name}:{}: {}", error.line, error.message),
        help: error.help,
    })?;
    let Some(root) = tree.root(&text) else { return Ok(()) };
    let mut edits = Vec::new();
    for (number, case) in all.iter().enumerate() {
        for part in case.parts.iter().filter(|it| it.expected != it.found) {
            let route = Route::root().key("cases").index(number).key(part.key);
            edits.push(Edit { route, op: Op::Set(part.data.clone()) });
        }
    }
    let edited = edit::apply(root, &edits).map_err(failed)?;
    files::replace_all(&[(path.to_owned(), edited.text)])
}
