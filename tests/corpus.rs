//! Real charts through production, judged by Kubernetes' own libraries: the light hand, and what stays above restricted.
#![allow(clippy::print_stdout, reason = "the table is what this test is for")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use hardtack::policy::Date;
use hardtack::wire::{Input, input};
use hardtack::yaml::Route;
use hardtack::{Hardened, Policy};
use libtest_mimic::{Arguments, Failed};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use support::corpus;
use support::oracle::{Oracle, Question};

const POD_KINDS: [&str; 9] = [
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "Deployment",
    "ReplicaSet",
    "DaemonSet",
    "StatefulSet",
    "Job",
    "CronJob",
];
/// The versions that a policy without one judges by.
const VERSIONS: [&str; 5] = ["1.33", "1.34", "1.35", "1.36", "1.37"];

fn main() {
    let test = corpus::trial("production_on_real_charts", &["oracle"], || {
        let outcome = judge_all();
        println!("{}", outcome.table());
        outcome.check()
    });
    libtest_mimic::run(&Arguments::from_args(), vec![test]).exit();
}

/// What is counted over all charts.
#[derive(Default)]
struct Outcome {
    charts: usize,
    refused: Vec<String>,
    workloads: usize,
    restricted_before: usize,
    restricted_after: usize,
    above: Vec<String>,
    lines: usize,
    lines_added: usize,
    lines_rewritten: usize,
    placeholders: usize,
    worst_chart: (f64, String),
    overwritten: Vec<String>,
    removed: Vec<String>,
    unnamed: Vec<String>,
    unexplained: Vec<String>,
    changed_twice: Vec<String>,
}

fn production() -> Policy {
    let today: Date = "2026-11-20".parse().expect("a date");
    hardtack::load::load_environment("production", today).expect("production loads")
}

fn judge_all() -> Outcome {
    let mut outcome = Outcome::default();
    let mut oracle = Oracle::start();
    let policy = production();
    for (name, bytes) in corpus::charts() {
        let text = String::from_utf8(bytes).expect("charts are UTF-8");
        let stream = input::parse(Input { name: name.clone(), text: text.clone() }).expect("charts parse");
        let hardened =
            hardtack::harden(&stream, &policy, hardtack::k8s::Scope::default()).expect("charts harden");
        let after = hardened.to_text();
        outcome.charts += 1;
        outcome.refused.extend(refusal(&name, &hardened));
        outcome.count_lines(&name, &text, &after);
        outcome.compare(&name, &mut oracle, &hardened, &text, &after);
        let again =
            input::parse(Input { name: name.clone(), text: after.clone() }).expect("hardened charts parse");
        let again = hardtack::harden(&again, &policy, hardtack::k8s::Scope::default())
            .expect("hardened charts harden");
        if again.to_text() != after {
            outcome.changed_twice.push(name);
        }
    }
    outcome
}

fn refusal(chart: &str, hardened: &Hardened<'_>) -> Option<String> {
    let reasons: BTreeSet<String> = hardened
        .verdict
        .refusals
        .iter()
        .map(|refusal| {
            let finding = &hardened.plan.findings[refusal.finding];
            format!("{} {}", hardened.release.objects[finding.object].id, finding.rule)
        })
        .collect();
    (!reasons.is_empty()).then(|| format!("{chart}: {}", reasons.into_iter().collect::<Vec<_>>().join(", ")))
}

impl Outcome {
    fn count_lines(&mut self, name: &str, before: &str, after: &str) {
        let lines = before.lines().count();
        let (mut rewritten, mut placeholders) = (0, 0);
        if before != after {
            for change in TextDiff::from_lines(before, after).iter_all_changes() {
                match change.tag() {
                    ChangeTag::Delete => {
                        rewritten += 1;
                        placeholders += usize::from(matches!(change.value().trim(), "{}" | "[]"));
                    }
                    ChangeTag::Insert => self.lines_added += 1,
                    ChangeTag::Equal => {}
                }
            }
        }
        self.lines += lines;
        self.lines_rewritten += rewritten;
        self.placeholders += placeholders;
        // A line that says `{}` alone holds nothing of the chart's; in a chart of 88 lines two of them are 2.3 %.
        let share = percent(rewritten - placeholders, lines);
        if share > self.worst_chart.0 {
            self.worst_chart = (share, name.to_owned());
        }
    }

    fn compare(
        &mut self,
        chart: &str,
        oracle: &mut Oracle,
        hardened: &Hardened<'_>,
        before: &str,
        after: &str,
    ) {
        let mut read = |text: &str| {
            let answer = oracle.ask(&Question::stream("helm", text)).expect("Helm reads it");
            answer
                .as_array()
                .expect("documents")
                .iter()
                .filter(|it| !it.is_null())
                .cloned()
                .collect::<Vec<_>>()
        };
        let (before, after) = (read(before), read(after));
        assert_eq!(before.len(), after.len(), "{chart}: production adds and drops no documents");
        for (before, after) in before.iter().zip(&after) {
            self.compare_data(chart, hardened, before, after);
            if POD_KINDS.contains(&before["kind"].as_str().unwrap_or_default()) {
                self.judge_pod(chart, oracle, hardened, before, after);
            }
        }
    }

    /// Data may differ only where the report says so.
    fn compare_data(&mut self, chart: &str, hardened: &Hardened<'_>, before: &Value, after: &Value) {
        let mut differences = Vec::new();
        differ(before, after, &Route::root(), &mut differences);
        for (route, kind) in differences {
            let place = format!("{chart} {} {route}", identity(before));
            let named = edits_of(hardened, before)
                .iter()
                .any(|edit| route.starts_with(edit) || edit.starts_with(&route));
            if !named {
                self.unnamed.push(place.clone());
            }
            match kind {
                Difference::Added => {}
                Difference::Overwritten => self.overwritten.push(place),
                Difference::Removed => self.removed.push(place),
            }
        }
    }

    fn judge_pod(
        &mut self,
        chart: &str,
        oracle: &mut Oracle,
        hardened: &Hardened<'_>,
        before: &Value,
        after: &Value,
    ) {
        let question = |data: &Value| Question::pod(data.to_string(), &VERSIONS);
        let verdicts = oracle.verdicts(&[question(before), question(after)]);
        let violated: Vec<BTreeSet<String>> = verdicts
            .into_iter()
            .map(|verdict| verdict.expect("a pod").into_values().flat_map(|it| it.restricted).collect())
            .collect();
        self.workloads += 1;
        self.restricted_before += usize::from(violated[0].is_empty());
        self.restricted_after += usize::from(violated[1].is_empty());
        if violated[1].is_empty() {
            return;
        }
        let place = format!("{chart} {}", identity(before));
        let open = hardened.plan.findings.iter().filter(|finding| {
            finding.status == hardtack::finding::Status::Open && is_object(hardened, finding.object, before)
        });
        let reasons: BTreeSet<String> = open
            .filter(|finding| hardtack::rules::find(&finding.rule).is_some_and(is_of_pod_security))
            .map(|finding| format!("{}: {}", finding.rule, or(&finding.help, &finding.message)))
            .collect();
        if reasons.is_empty() {
            self.unexplained.push(format!("{place} {violated:?}"));
        }
        self.above.push(format!("{place}\n    {}", reasons.into_iter().collect::<Vec<_>>().join("\n    ")));
    }

    fn table(&self) -> String {
        let share = percent(self.lines_rewritten, self.lines);
        let mut out = String::new();
        let _ = writeln!(out, "charts {}, workloads {}", self.charts, self.workloads);
        let _ =
            writeln!(out, "restricted: {} before, {} after", self.restricted_before, self.restricted_after);
        let _ = writeln!(
            out,
            "lines: {} of {} rewritten ({share:.2} %; {} of them say only {{}} or []), {} added",
            self.lines_rewritten, self.lines, self.placeholders, self.lines_added
        );
        let _ = writeln!(
            out,
            "worst chart, placeholders aside: {:.2} % rewritten ({})",
            self.worst_chart.0, self.worst_chart.1
        );
        let _ = writeln!(
            out,
            "chart's values overwritten {}, removed {}",
            self.overwritten.len(),
            self.removed.len()
        );
        for place in self.overwritten.iter().chain(&self.removed) {
            let _ = writeln!(out, "  {place}");
        }
        let _ = writeln!(out, "gate: {} of {} charts pass", self.charts - self.refused.len(), self.charts);
        for chart in &self.refused {
            let _ = writeln!(out, "  {chart}");
        }
        let _ = writeln!(out, "above restricted after hardening: {}", self.above.len());
        for workload in &self.above {
            let _ = writeln!(out, "  {workload}");
        }
        out
    }

    fn check(&self) -> Result<(), Failed> {
        let none = |what: &str, list: &[String]| {
            if list.is_empty() { Ok(()) } else { Err(Failed::from(format!("{what}:\n{}", list.join("\n")))) }
        };
        none("differences that no edit of the report names", &self.unnamed)?;
        none("workloads above restricted without a reason in the report", &self.unexplained)?;
        none("charts that change when hardened again", &self.changed_twice)?;
        if self.worst_chart.0 > 2.0 {
            return Err(format!(
                "{} has {:.2} % of its lines rewritten",
                self.worst_chart.1, self.worst_chart.0
            )
            .into());
        }
        if (self.charts - self.refused.len()) * 10 < self.charts * 6 {
            return Err(
                format!("only {} of {} charts pass", self.charts - self.refused.len(), self.charts).into()
            );
        }
        Ok(())
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    100.0 * number(part) / number(whole.max(1))
}

fn or<'t>(first: &'t str, second: &'t str) -> &'t str {
    if first.is_empty() { second } else { first }
}

fn is_of_pod_security(rule: &'static hardtack::rule::Rule) -> bool {
    rule.standards.iter().any(|standard| standard.starts_with("PSS-"))
}

fn identity(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", text(&object["kind"]), text(&object["metadata"]["name"]))
}

fn is_object(hardened: &Hardened<'_>, number: usize, data: &Value) -> bool {
    let id = &hardened.release.objects[number].id;
    let namespace = data["metadata"]["namespace"].as_str();
    id.to_string() == identity(data) && id.namespace.as_deref() == namespace
}

fn edits_of(hardened: &Hardened<'_>, data: &Value) -> Vec<Route> {
    let of_object = hardened.plan.findings.iter().filter(|finding| is_object(hardened, finding.object, data));
    of_object.flat_map(|finding| finding.edits.iter().map(|edit| edit.route.clone())).collect()
}

enum Difference {
    Added,
    Overwritten,
    Removed,
}

fn differ(before: &Value, after: &Value, route: &Route, out: &mut Vec<(Route, Difference)>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                match new.get(key) {
                    Some(other) => differ(value, other, &route.key(key.clone()), out),
                    None => out.push((route.key(key.clone()), Difference::Removed)),
                }
            }
            let added = new.keys().filter(|key| !old.contains_key(*key));
            out.extend(added.map(|key| (route.key(key.clone()), Difference::Added)));
        }
        (Value::Array(old), Value::Array(new)) if new.len() >= old.len() => {
            for (index, value) in old.iter().enumerate() {
                differ(value, &new[index], &route.index(index), out);
            }
            if new.len() > old.len() {
                out.push((route.clone(), Difference::Added));
            }
        }
        // An empty map or list, or null, where something is written now: nothing of the chart's is lost.
        (old, new) if old != new && is_nothing(old) => out.push((route.clone(), Difference::Added)),
        (old, new) if old != new => out.push((route.clone(), Difference::Overwritten)),
        _ => {}
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(serde_json::Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}
