//! What `secrets scan` found: text and JSON. No value, and no part of one, only where it stands and about how long it is.

use std::fmt::Write as _;

use serde::Serialize;

use super::paint::Paint;
use crate::k8s::Object;
use crate::secrets::find::{Confidence, Suspect};
use crate::secrets::unstable::Unstable;
use crate::secrets::{DigestKey, LengthClass};

/// The report, version 1.
#[derive(Debug, Serialize)]
pub struct Scan {
    version: u32,
    summary: Summary,
    findings: Vec<Found>,
}

/// Counts of what was found.
#[derive(Debug, Default, Serialize)]
struct Summary {
    objects: usize,
    credentials: usize,
    placeholders: usize,
    secrets: usize,
    unstable: usize,
    allowed: usize,
}

/// One thing found.
#[derive(Debug, Serialize)]
struct Found {
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    object: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    source: Source,
    route: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<LengthClass>,
    /// The value is nothing but the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<bool>,
    /// Seconds since 1970, of tokens that say so themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
    /// Why it is allowed, when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<String>,
    help: &'static str,
    #[serde(skip)]
    shown: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    api_version: String,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    name: String,
}

#[derive(Debug, Serialize)]
struct Source {
    input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<String>,
    line: usize,
}

const MAKES_UP: &str = "each render makes it up anew: keep what is in the cluster (lookup), name an existing Secret, or let a \
    generator of External Secrets make it";

impl Default for Scan {
    fn default() -> Self {
        Self { version: 1, summary: Summary::default(), findings: Vec::new() }
    }
}

impl Scan {
    /// Counts objects that were looked at.
    pub fn looked_at(&mut self, objects: usize) {
        self.summary.objects += objects;
    }

    /// Takes a credential in, with the reason when the policy allows it.
    pub fn add(
        &mut self,
        input: &str,
        object: &Object<'_>,
        suspect: &Suspect<'_>,
        allowed: Option<String>,
        key: Option<&DigestKey>,
    ) {
        match (&allowed, suspect.hit.confidence) {
            (Some(_), _) => self.summary.allowed += 1,
            (None, Confidence::StandIn) => self.summary.placeholders += 1,
            (None, _) => self.summary.credentials += 1,
        }
        let found = Found {
            kind: Some(suspect.hit.kind.id()),
            confidence: Some(suspect.hit.confidence),
            container: suspect.container.clone(),
            length: Some(suspect.length()),
            whole: Some(suspect.whole),
            expires: suspect.hit.expires,
            digest: key.map(|key| key.digest(&suspect.hit.plain)),
            allowed,
            ..Found::new(suspect.rule(), input, object, suspect.line, suspect.words())
        };
        self.findings.push(Found { route: suspect.route.to_string(), ..found });
    }

    /// Takes the keys of a Secret in that hold a value in plain text.
    pub fn add_secret(&mut self, input: &str, object: &Object<'_>, keys: Vec<String>) {
        self.summary.secrets += 1;
        let message = format!("holds {} in plain text", keys.join(", "));
        let line = object.line_of(object.value);
        self.findings
            .push(Found { keys, ..Found::new("secret-in-plain-text", input, object, line, message) });
    }

    /// Takes an object in whose values differ between two renders.
    pub fn add_unstable(&mut self, input: &str, object: &Object<'_>, unstable: Unstable) {
        self.summary.unstable += 1;
        let what = if unstable.certificates { "values, certificates among them," } else { "values" };
        let message = format!("{what} that differ between the two renders: {}", unstable.keys.join(", "));
        let line = object.line_of(object.value);
        let found = Found {
            keys: unstable.keys,
            help: MAKES_UP,
            ..Found::new("secret-unstable", input, object, line, message)
        };
        self.findings.push(found);
    }

    /// Whether there is anything that nobody allowed: Secrets hold values by their nature.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.summary.credentials + self.summary.placeholders + self.summary.unstable > 0
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// For people.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let mut out = String::new();
        for found in &self.findings {
            let Source { input, line, .. } = &found.source;
            let container =
                found.container.as_ref().map_or_else(String::new, |name| format!(", container {name}"));
            let _ = writeln!(
                out,
                "{} {}{container}: {}",
                paint.cyan(&format!("{input}:{line}:")),
                found.shown,
                found.message
            );
            let _ = write!(out, "  {}", paint.yellow(found.rule));
            if !found.route.is_empty() {
                let _ = write!(out, " at {}", found.route);
            }
            if let Some(reason) = &found.allowed {
                let _ = write!(out, ", allowed: {reason}");
            }
            if let Some(digest) = &found.digest {
                let _ = write!(out, ", hmac-sha256 {digest}");
            }
            out.push('\n');
            if !found.help.is_empty() {
                let _ = writeln!(out, "  {} {}", paint.cyan("help:"), found.help);
            }
        }
        out.push_str(&self.summary.words());
        out
    }
}

impl Summary {
    fn words(&self) -> String {
        let count = |number: usize, one: &str| match number {
            1 => format!("1 {one}"),
            _ => format!("{number} {one}s"),
        };
        let mut parts = vec![count(self.credentials, "credential"), count(self.placeholders, "stand-in")];
        let more = [
            (self.secrets, "Secret with values"),
            (self.unstable, "unstable object"),
            (self.allowed, "allowed credential"),
        ];
        parts.extend(
            more.into_iter().filter(|(number, _)| *number > 0).map(|(number, one)| {
                count(number, one).replace("Secret with valuess", "Secrets with values")
            }),
        );
        format!("{} in {}\n", parts.join(", "), count(self.objects, "object"))
    }
}

impl Found {
    fn new(rule: &'static str, input: &str, object: &Object<'_>, line: usize, message: String) -> Self {
        let id = &object.id;
        Self {
            rule,
            kind: None,
            confidence: None,
            object: Named {
                api_version: id.api_version.clone(),
                kind: id.kind.clone(),
                namespace: id.namespace.clone(),
                name: id.name.clone(),
            },
            container: None,
            source: Source {
                input: input.to_owned(),
                template: object.template.as_deref().map(str::to_owned),
                line,
            },
            route: String::new(),
            message,
            length: None,
            whole: None,
            expires: None,
            digest: None,
            keys: Vec::new(),
            allowed: None,
            help: "",
            shown: object.with_template(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::{Release, Scope};
    use crate::yaml::stream::{ParseOptions, parse};

    #[test]
    fn values_that_are_made_up_anew_are_counted_and_fail() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n".to_owned();
        let stream = parse(text, ParseOptions::default()).unwrap();
        let release = Release::gather(&stream, Scope::default());
        let mut scan = Scan::default();
        assert!(!scan.fails());
        for count in 1..3 {
            let unstable = Unstable { object: 0, keys: vec!["password".to_owned()], certificates: false };
            scan.add_unstable("in.yaml", &release.objects[0], unstable);
            assert_eq!(scan.summary.unstable, count);
            assert!(scan.fails());
        }
    }
}
