//! One fixture: a manifest, perhaps a policy beside it, and what must become of them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hardtack::finding::Status;
use hardtack::k8s::Scope;
use hardtack::load::{Source, read, resolve};
use hardtack::policy::{Date, FixMode};
use hardtack::rule::{FixKind, Rule};
use hardtack::yaml::stream::{ParseOptions, parse};
use hardtack::{Hardened, Policy, harden};

use crate::light_hand;

/// What a fixture claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Trips the rule: `.after.yaml` is what comes out when anything is fixed, `.report.txt` what stays open.
    Before,
    /// Comes out untouched, with no finding of the rule.
    Same,
}

/// One manifest of a rule's folder, or of the folder of rules that meet.
#[derive(Debug)]
pub struct Fixture {
    pub rules: Vec<&'static Rule>,
    pub folder: PathBuf,
    pub name: String,
    pub kind: Kind,
}

type Outcome = Result<(), String>;

impl Fixture {
    pub fn run(&self, bless: bool) -> Outcome {
        let policy = self.policy()?;
        match self.kind {
            Kind::Same => self.stays_the_same(&policy),
            Kind::Before => self.becomes(&policy, bless),
        }
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    /// The fixture's rules alone, with consent for them unless its own policy says which fixes are made.
    fn policy(&self) -> Result<Policy, String> {
        let today: Date = "2026-01-01".parse()?;
        let path = self.path("policy.yaml");
        let mut policy = Policy::unconfigured(today);
        let mut says_which_fixes = false;
        if path.is_file() {
            let file = read::from_text(&content(&path)?, "the fixture's policy")
                .map_err(|error| error.to_string())?;
            says_which_fixes = file.spec.fix.is_some();
            let source = Source::new(path.display().to_string(), &self.folder);
            policy = resolve::load(file, &source, None, today).map_err(|error| error.to_string())?;
        }
        if !says_which_fixes {
            policy.fix = FixMode::Consented;
            for rule in &self.rules {
                policy.rules.entry(rule.id.to_owned()).or_default().fix = Some(true);
            }
        }
        policy.only = self.rules.iter().map(|rule| rule.id.to_owned()).collect();
        Ok(policy)
    }

    fn stays_the_same(&self, policy: &Policy) -> Outcome {
        let text = content(&self.path("same.yaml"))?;
        hardened(&text, policy, |hardened| {
            let report = report(hardened, |_| true);
            if !report.is_empty() {
                return Err(format!("the rule objects to:\n{report}"));
            }
            same("the output", &text, &hardened.to_text())
        })
    }

    fn becomes(&self, policy: &Policy, bless: bool) -> Outcome {
        let before = content(&self.path("before.yaml"))?;
        let (after, open) = hardened(&before, policy, |hardened| {
            if hardened.plan.findings.is_empty() {
                return Err("the rule does not object to anything".to_owned());
            }
            light_hand::check(hardened)?;
            Ok((hardened.to_text(), report(hardened, |status| status != Status::Fixed)))
        })?;
        if after == before && open.is_empty() {
            return Err("nothing changed, and nothing is open".to_owned());
        }
        self.needs_consent(&before)?;
        self.compare("after.yaml", Some(after.as_str()).filter(|after| *after != before), bless)?;
        self.compare("report.txt", Some(open.as_str()).filter(|open| !open.is_empty()), bless)?;
        hardened(&after, policy, |hardened| {
            let fixed = report(hardened, |status| status == Status::Fixed);
            if !fixed.is_empty() {
                return Err(format!("fixes its own output again:\n{fixed}"));
            }
            same("what stays open", &without_places(&open), &without_places(&report(hardened, |_| true)))?;
            same("a second run", &after, &hardened.to_text())
        })
    }

    /// A rule that fixes by consent alone edits nothing without it.
    fn needs_consent(&self, before: &str) -> Outcome {
        if self.rules.iter().any(|rule| rule.fix == FixKind::Safe) {
            return Ok(());
        }
        let mut policy = self.policy()?;
        policy.fix = FixMode::Safe;
        hardened(before, &policy, |hardened| same("the output without consent", before, &hardened.to_text()))
    }

    fn compare(&self, ending: &str, text: Option<&str>, bless: bool) -> Outcome {
        let path = self.path(ending);
        let name = path.display();
        match (text, bless) {
            (Some(text), true) => fs::write(&path, text).map_err(|error| format!("{name}: {error}")),
            (None, true) if path.is_file() => {
                fs::remove_file(&path).map_err(|error| format!("{name}: {error}"))
            }
            (None, true) => Ok(()),
            (Some(text), false) => same(ending, &content(&path)?, text),
            (None, false) if path.is_file() => Err(format!("{name}: nothing of the kind came out")),
            (None, false) => Ok(()),
        }
    }
}

fn content(path: &Path) -> Result<String, String> {
    fs::read_to_string(path)
        .map_err(|error| format!("{}: {error}; HARDTACK_BLESS=1 writes it", path.display()))
}

fn hardened<T>(
    text: &str,
    policy: &Policy,
    look: impl FnOnce(&Hardened<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let stream = parse(text.to_owned(), ParseOptions::default()).map_err(|error| error.to_string())?;
    look(&harden(&stream, policy, Scope::default()).map_err(|error| error.to_string())?)
}

fn same(what: &str, expected: &str, found: &str) -> Outcome {
    if expected == found {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(expected, found);
    Err(format!("{what} differs:\n{}", diff.unified_diff().header("expected", "found")))
}

/// A report without what moves when lines and list items come and go.
fn without_places(report: &str) -> String {
    let lines = report.lines().filter(|line| !line.starts_with("  at "));
    let no_line = |line: &str| match line.split_once(", line ") {
        Some((object, rest)) => {
            format!("{object}{}\n", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => format!("{line}\n"),
    };
    lines.map(no_line).collect()
}

/// What was found, in lines that read well in a diff.
fn report(hardened: &Hardened<'_>, wanted: impl Fn(Status) -> bool) -> String {
    let mut text = String::new();
    for finding in hardened.plan.findings.iter().filter(|finding| wanted(finding.status)) {
        let object = &hardened.release.objects[finding.object].id;
        let container =
            finding.container.as_ref().map(|name| format!(", container {name}")).unwrap_or_default();
        let (line, severity) = (finding.line, finding.severity);
        let _ = writeln!(text, "{object}, line {line}{container}: {} ({severity})", finding.message);
        let _ = writeln!(text, "  at {}", finding.route);
        if !finding.help.is_empty() {
            let _ = writeln!(text, "  help: {}", finding.help);
        }
    }
    text
}
