//! How old secrets are and when they end: a table, JSON, or Prometheus' text format. Holds no value and nothing finer
//! than a class of one.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::paint::Paint;
use crate::date::Date;
use crate::secrets::LengthClass;
use crate::secrets::holding::Form;
use crate::secrets::strength::Strength;

/// The version of the JSON.
const VERSION: u32 = 1;

/// Columns of the table.
const COLUMNS: usize = 8;

/// One key of one secret, or the certificates in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Row {
    /// The object.
    pub object: Named,
    /// The key.
    pub key: String,
    /// The form the object has.
    pub form: Form,
    /// `unknown`, `fresh`, `soon`, `due` or `expired`.
    pub state: &'static str,
    /// The day it was made.
    #[serde(serialize_with = "day")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub issued: Option<Date>,
    /// Days since then.
    pub age_days: Option<i64>,
    /// The last day before it is to be replaced.
    #[serde(serialize_with = "day")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub due: Option<Date>,
    /// The last day it is of use.
    #[serde(serialize_with = "day")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub expires: Option<Date>,
    /// Whether this is about certificates under the key: the last day is that of the one which ends first.
    pub certificate: bool,
    /// Where it comes from.
    pub source: Option<String>,
    /// About how long the value is, where it can be read.
    pub length: Option<LengthClass>,
    /// How hard it is to guess, where it can be read and is no key in a form of its own.
    pub strength: Option<Strength>,
    /// The file, or `standard input`.
    pub file: String,
    /// The line of the key, from 1.
    pub line: usize,
}

/// What names the object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Named {
    /// `Secret`, `SealedSecret`, `ExternalSecret`; `Secrets` for what stands in a store.
    pub kind: String,
    /// The namespace, when it is known.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

/// The whole report.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Report<'r> {
    version: u32,
    /// The day they are judged on.
    date: String,
    summary: Summary,
    secrets: &'r [Row],
}

/// How many rows there are, and how many are in each state.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Summary {
    keys: usize,
    certificates: usize,
    expired: usize,
    due: usize,
    soon: usize,
    unknown: usize,
    fresh: usize,
}

/// All rows of a run.
#[derive(Debug, Clone)]
pub struct Health {
    /// In the order of the streams.
    pub rows: Vec<Row>,
    /// The day they are judged on.
    pub today: Date,
}

impl Health {
    /// How many rows are in one of the states.
    #[must_use]
    pub fn count(&self, states: &[&str]) -> usize {
        self.rows.iter().filter(|row| states.contains(&row.state)).count()
    }

    fn keys(&self) -> usize {
        self.rows.iter().filter(|row| !row.certificate).count()
    }

    /// A table for people; those to be seen to come first.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        let urgency = |row: &&Row| {
            ["expired", "due", "soon", "unknown", "fresh"].iter().position(|it| *it == row.state)
        };
        rows.sort_by_key(urgency);
        let cells: Vec<[String; COLUMNS]> = rows.iter().map(|row| cells(row)).collect();
        let heads = ["STATE", "SECRET", "KEY", "AGE", "DUE", "EXPIRES", "VALUE", "SOURCE"].map(str::to_owned);
        let width = |column: usize| {
            cells.iter().chain([&heads]).map(|cells| cells[column].chars().count()).max().unwrap_or(0)
        };
        let widths: [usize; COLUMNS] = std::array::from_fn(width);
        let mut out = String::new();
        for (number, cells) in [&heads].into_iter().chain(&cells).enumerate() {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                let _ = write!(line, "{cell:width$}  ");
            }
            let line = line.trim_end();
            let state = number.checked_sub(1).map(|row| rows[row].state);
            out.push_str(&match state {
                None => paint.dim(line),
                Some("expired" | "due") => paint.red(line),
                Some("soon") => paint.yellow(line),
                Some(_) => line.to_owned(),
            });
            out.push('\n');
        }
        let (expired, due) = (self.count(&["expired"]), self.count(&["due"]));
        let (soon, unknown) = (self.count(&["soon"]), self.count(&["unknown"]));
        let _ = writeln!(
            out,
            "{} and {} on {}: {expired} expired, {due} due, {soon} soon, {unknown} of unknown age",
            counted(self.keys(), "key"),
            counted(self.rows.len() - self.keys(), "certificate"),
            self.today
        );
        out
    }

    /// JSON, version 1.
    #[must_use]
    pub fn json(&self) -> String {
        let count = |state: &str| self.count(&[state]);
        let report = Report {
            version: VERSION,
            date: self.today.to_string(),
            summary: Summary {
                keys: self.keys(),
                certificates: self.rows.len() - self.keys(),
                expired: count("expired"),
                due: count("due"),
                soon: count("soon"),
                unknown: count("unknown"),
                fresh: count("fresh"),
            },
            secrets: &self.rows,
        };
        // Texts, numbers and days cannot fail.
        let report = serde_json::to_value(report).unwrap_or_default();
        format!("{report:#}\n")
    }

    /// The text format of Prometheus' exposition, for a textfile collector or a push gateway.
    #[must_use]
    pub fn prometheus(&self) -> String {
        let mut out = String::new();
        let gauge = |out: &mut String, name: &str, help: &str, value: &dyn Fn(&Row) -> Option<i64>| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
            // A series that comes twice spoils the whole file for its reader.
            let mut written = HashSet::new();
            for row in &self.rows {
                let labels = labels(row);
                if let Some(value) = value(row).filter(|_| written.insert(labels.clone())) {
                    let _ = writeln!(out, "{name}{{{labels}}} {value}");
                }
            }
        };
        let at = |day: Option<Date>| day.map(Date::epoch_seconds);
        gauge(&mut out, "hardtack_secret_issued_timestamp_seconds", "When the value was made.", &|row| {
            at(row.issued)
        });
        gauge(
            &mut out,
            "hardtack_secret_due_timestamp_seconds",
            "The last day before it is to be replaced.",
            &|row| at(row.due),
        );
        gauge(&mut out, "hardtack_secret_expiry_timestamp_seconds", "The last day it is of use.", &|row| {
            at(row.expires)
        });
        let overdue = |row: &Row| Some(i64::from(matches!(row.state, "due" | "expired")));
        gauge(&mut out, "hardtack_secret_overdue", "Whether it is past one of its days.", &overdue);
        out
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn cells(row: &Row) -> [String; COLUMNS] {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let namespace = row.object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
    let mut value: Vec<String> = row.length.iter().map(ToString::to_string).collect();
    value.extend(row.strength.map(|it| it.word().to_owned()));
    let value = if value.is_empty() { row.form.word().to_owned() } else { value.join(", ") };
    let expires = day(row.expires) + if row.certificate { " (certificate)" } else { "" };
    let age = row.age_days.map_or_else(|| "-".to_owned(), |days| format!("{days}d"));
    let name = format!("{}/{namespace}{}", row.object.kind, row.object.name);
    let source = row.source.clone().unwrap_or_else(|| "-".to_owned());
    [row.state.to_owned(), name, row.key.clone(), age, day(row.due), expires, value, source]
        .map(|cell| cell.chars().map(|it| if it.is_control() { ' ' } else { it }).collect())
}

/// Labels, with what Prometheus' format takes for the end of one escaped.
fn labels(row: &Row) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let what = if row.certificate { "certificate" } else { "value" };
    let namespace = row.object.namespace.as_deref().unwrap_or_default();
    let labels = [
        ("kind", row.object.kind.as_str()),
        ("namespace", namespace),
        ("name", &row.object.name),
        ("key", &row.key),
        ("form", row.form.word()),
        ("what", what),
        ("file", &row.file),
    ];
    labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `HARDTACK_BLESS=1 cargo test --lib schema` writes it.
    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::load::schema::is_published("health.schema.json", &schemars::schema_for!(Report<'_>));
    }

    fn row(key: &str) -> Row {
        let object = Named { kind: "Secret".to_owned(), namespace: None, name: "a\"b".to_owned() };
        Row {
            object,
            key: key.to_owned(),
            form: Form::Plain,
            state: "due",
            issued: None,
            age_days: None,
            due: None,
            expires: None,
            certificate: false,
            source: Some("a\tvault\n".to_owned()),
            length: None,
            strength: None,
            file: "a.yaml".to_owned(),
            line: 1,
        }
    }

    #[test]
    fn what_would_break_a_format_is_escaped_or_said_once() {
        let health = Health { rows: vec![row("k"), row("k")], today: "2026-11-26".parse().unwrap() };
        let series: Vec<String> =
            health.prometheus().lines().filter(|it| !it.starts_with('#')).map(str::to_owned).collect();
        assert_eq!(series.len(), 1, "{series:?}");
        assert!(series[0].contains("name=\"a\\\"b\""), "{series:?}");
        assert!(health.text(Paint::new(false)).contains("a vault"));
    }
}
