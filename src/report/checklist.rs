//! A checklist with its answers: text, Markdown and JSON.

use std::fmt::Write;

use serde::Serialize;

use super::markdown::escaped;
use super::paint::Paint;
use super::text::wrap;
use crate::checklist::{Facts, Item, Place, Verdict};
use crate::error::STDIN;
use crate::finding::Status;
use crate::harden::Hardened;
use crate::policy::Policy;

/// Places shown of one answer.
const PLACES: usize = 5;

/// A checklist that was answered, version 1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    version: u32,
    checklist: String,
    input: String,
    policy: String,
    summary: Summary,
    items: Vec<Answer>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    yes: usize,
    no: usize,
    cannot_be_told: usize,
    not_yet_checked: usize,
}

#[derive(Debug, Serialize)]
struct Answer {
    id: &'static str,
    section: &'static str,
    question: &'static str,
    answer: Verdict,
    why: String,
    /// In how many objects the policy's fixes see to it.
    fixable: usize,
    places: Vec<Where>,
    /// Places beyond those that are listed.
    more: usize,
}

#[derive(Debug, Serialize)]
struct Where {
    object: String,
    template: Option<String>,
    line: usize,
    what: String,
}

impl Answered {
    /// Asks every question of a release.
    #[must_use]
    pub fn new(name: &str, items: &[Item], hardened: &Hardened<'_>, policy: &Policy, input: &str) -> Self {
        let facts = Facts::gather(hardened, policy);
        let items: Vec<Answer> = items.iter().map(|item| answer(item, &facts)).collect();
        let mut summary = Summary::default();
        for item in &items {
            *match item.answer {
                Verdict::Yes => &mut summary.yes,
                Verdict::No => &mut summary.no,
                Verdict::CannotBeTold => &mut summary.cannot_be_told,
                Verdict::NotYetChecked => &mut summary.not_yet_checked,
            } += 1;
        }
        let (checklist, input, policy) = (name.to_owned(), input.to_owned(), policy.name.clone());
        Self { version: 1, checklist, input, policy, summary, items }
    }

    /// Whether any answer is no.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.summary.no > 0
    }

    fn counts(&self) -> String {
        let Summary { yes, no, cannot_be_told, not_yet_checked } = self.summary;
        format!("{yes} yes, {no} no, {cannot_be_told} cannot be told, {not_yet_checked} not yet checked")
    }

    /// For scripts: one document, on one line, so that several inputs give several lines.
    #[must_use]
    pub fn json(&self) -> String {
        let mut words = serde_json::to_string(self).unwrap_or_default();
        words.push('\n');
        words
    }

    /// For people.
    #[must_use]
    pub fn text(&self, paint: Paint, width: usize) -> String {
        let mut out =
            if self.input == STDIN { String::new() } else { format!("{}\n", paint.cyan(&self.input)) };
        let mut section = "";
        for item in &self.items {
            if item.section != section {
                section = item.section;
                let _ = writeln!(out, "{}", paint.bold(section));
            }
            let verdict = format!("{:<15}", word(item.answer));
            let verdict = match item.answer {
                Verdict::Yes => paint.green(&verdict),
                Verdict::No => paint.red(&verdict),
                Verdict::CannotBeTold | Verdict::NotYetChecked => paint.yellow(&verdict),
            };
            let words = format!("{}: {}{}", item.question, item.why, item.fixes());
            for (number, part) in wrap(&words, width.saturating_sub(20).max(40)).into_iter().enumerate() {
                let margin = if number == 0 { format!("  {verdict} ") } else { " ".repeat(18) };
                let _ = writeln!(out, "{margin}{part}");
            }
            for place in &item.places {
                let template = place.template.as_ref().map(|it| format!("{it}, ")).unwrap_or_default();
                let at = paint.dim(&format!("{template}line {}", place.line));
                let _ = writeln!(out, "                    {}: {}  {at}", place.object, place.what);
            }
            if item.more > 0 {
                let _ = writeln!(out, "                    … and {} more", item.more);
            }
        }
        let _ = writeln!(out, "checklist {}: {} · policy {}", self.checklist, self.counts(), self.policy);
        out
    }

    /// For a pull request.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out =
            format!("<!-- hardtack-checklist -->\n### Checklist {}: {}\n", self.checklist, self.counts());
        let _ = writeln!(out, "\n| | Question | Answer | Where |\n|---|---|---|---|");
        for item in &self.items {
            let mut places: Vec<String> =
                item.places.iter().map(|it| escaped(&format!("{}: {}", it.object, it.what))).collect();
            if item.more > 0 {
                places.push(format!("… and {} more", item.more));
            }
            let (verdict, why) = (word(item.answer), escaped(&format!("{}{}", item.why, item.fixes())));
            let (section, question) = (item.section, escaped(item.question));
            let _ =
                writeln!(out, "| {section} | {question} | **{verdict}**: {why} | {} |", places.join("<br>"));
        }
        out
    }
}

impl Answer {
    fn fixes(&self) -> String {
        match self.fixable {
            0 => String::new(),
            some => format!("; hardtack harden sees to {some}"),
        }
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::CannotBeTold => "cannot be told",
        Verdict::NotYetChecked => "not yet checked",
    }
}

fn answer(item: &Item, facts: &Facts<'_>) -> Answer {
    let reply = (item.ask)(facts);
    let fixed = facts.objects_with(item.rules, Status::Fixed);
    let mut against: Vec<usize> = reply.places.iter().map(|place| place.object).collect();
    against.sort_unstable();
    against.dedup();
    Answer {
        id: item.id,
        section: item.section,
        question: item.question,
        answer: reply.verdict,
        why: reply.why,
        fixable: against.iter().filter(|object| fixed.contains(object)).count(),
        more: reply.places.len().saturating_sub(PLACES),
        places: reply.places.iter().take(PLACES).map(|place| shown(place, facts)).collect(),
    }
}

fn shown(place: &Place, facts: &Facts<'_>) -> Where {
    let object = &facts.release().objects[place.object];
    Where {
        object: object.id.to_string(),
        template: object.template.as_ref().map(ToString::to_string),
        line: place.line,
        what: place.what.clone(),
    }
}
