//! How old secrets are and when they end: a table, JSON, or Prometheus' text format. Holds no value and nothing finer
//! than a class of one.

use std::fmt::Write as _;

use serde::Serialize;

use super::paint::Paint;
use crate::date::Date;
use crate::secrets::LengthClass;
use crate::secrets::holding::Form;
use crate::secrets::strength::Strength;

/// The version of the JSON.
const VERSION: u32 = 1;

/// One key of one secret, or one certificate in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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
    pub issued: Option<Date>,
    /// Days since then.
    pub age_days: Option<i64>,
    /// The last day before it is to be replaced.
    #[serde(serialize_with = "day")]
    pub due: Option<Date>,
    /// The last day it is of use.
    #[serde(serialize_with = "day")]
    pub expires: Option<Date>,
    /// Whether the last day is that of a certificate.
    pub certificate: bool,
    /// Where it comes from.
    pub source: Option<String>,
    /// About how long the value is, where it can be read.
    pub length: Option<LengthClass>,
    /// How hard it is to guess, where it can be read and is no key in a form of its own.
    pub strength: Option<Strength>,
    /// The file, or `standard input`.
    pub file: String,
    /// The line of the object, from 1.
    pub line: usize,
}

/// What names the object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Named {
    /// `Secret`, `SealedSecret`, `ExternalSecret`.
    pub kind: String,
    /// The namespace, when it is known.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
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

    /// A table for people; those to be seen to come first.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        let urgency = |row: &&Row| {
            ["expired", "due", "soon", "unknown", "fresh"].iter().position(|it| *it == row.state)
        };
        rows.sort_by_key(urgency);
        let cells: Vec<[String; 7]> = rows.iter().map(|row| cells(row)).collect();
        let heads = ["STATE", "SECRET", "KEY", "AGE", "DUE", "EXPIRES", "VALUE"].map(str::to_owned);
        let width = |column: usize| {
            cells.iter().chain([&heads]).map(|cells| cells[column].chars().count()).max().unwrap_or(0)
        };
        let widths: [usize; 7] = std::array::from_fn(width);
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
            "{} keys on {}: {expired} expired, {due} due, {soon} soon, {unknown} of unknown age",
            self.rows.len(),
            self.today
        );
        out
    }

    /// JSON, version 1.
    #[must_use]
    pub fn json(&self) -> String {
        let report = serde_json::json!({
            "version": VERSION,
            "date": self.today.to_string(),
            "summary": {
                "keys": self.rows.len(), "expired": self.count(&["expired"]), "due": self.count(&["due"]),
                "soon": self.count(&["soon"]), "unknown": self.count(&["unknown"]), "fresh": self.count(&["fresh"]),
            },
            "secrets": self.rows,
        });
        format!("{report:#}\n")
    }

    /// The text format of Prometheus' exposition, for a textfile collector or a push gateway.
    #[must_use]
    pub fn prometheus(&self) -> String {
        let mut out = String::new();
        let gauge = |out: &mut String, name: &str, help: &str, value: &dyn Fn(&Row) -> Option<i64>| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
            for row in &self.rows {
                if let Some(value) = value(row) {
                    let _ = writeln!(out, "{name}{{{}}} {value}", labels(row));
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

fn cells(row: &Row) -> [String; 7] {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let namespace = row.object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
    let mut value: Vec<String> = row.length.iter().map(ToString::to_string).collect();
    value.extend(row.strength.map(|it| it.word().to_owned()));
    let value = if value.is_empty() { row.form.word().to_owned() } else { value.join(", ") };
    let expires = day(row.expires) + if row.certificate { " (certificate)" } else { "" };
    let age = row.age_days.map_or_else(|| "-".to_owned(), |days| format!("{days}d"));
    let name = format!("{}/{namespace}{}", row.object.kind, row.object.name);
    [row.state.to_owned(), name, row.key.clone(), age, day(row.due), expires, value]
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
    ];
    labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).join(",")
}
