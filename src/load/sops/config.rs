//! `.sops.yaml`: for whom and under which rule a file is encrypted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::load::shapes::OneOrMany;
use crate::load::source::{Source, root};
use crate::nearest::nearest;
use crate::secrets::sops::{Keys, Recipient, Rule, RuleKind, SopsError};
use crate::yaml::stream::{ParseOptions, parse};
use crate::yaml::{Data, Route, Step};

/// The only name that sops looks for.
const NAME: &str = ".sops.yaml";
/// One that people write instead.
const NOT_READ: &str = ".sops.yml";
/// How far up sops looks.
const LEVELS: usize = 100;

/// The file of creation rules that is in force, and what was passed over on the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Where it is.
    pub path: Option<PathBuf>,
    /// A warning to print.
    pub warning: Option<String>,
}

/// Looks for `.sops.yaml` in a folder and those above it.
#[must_use]
pub fn find(folder: &Path) -> Found {
    let mut passed_over = None;
    for folder in folder.ancestors().take(LEVELS) {
        let path = folder.join(NAME);
        if path.exists() {
            return Found { warning: warning(passed_over.as_deref()), path: Some(path) };
        }
        let other = folder.join(NOT_READ);
        passed_over = passed_over.or_else(|| other.exists().then_some(other));
    }
    Found { path: None, warning: warning(passed_over.as_deref()) }
}

fn warning(passed_over: Option<&Path>) -> Option<String> {
    Some(format!("{} is not read: the file must be called {NAME}", passed_over?.display()))
}

/// What the first creation rule that fits a file says.
#[derive(Debug, Clone)]
pub struct Creation {
    /// For whom; `None` when the rule names nobody.
    pub keys: Option<Keys>,
    /// Which values; `None` when the rule does not say.
    pub rule: Option<Rule>,
    /// `mac_only_encrypted`, when the rule says it.
    pub mac_only_encrypted: Option<bool>,
    /// `.sops.yaml:3:5`: where the rule stands.
    pub place: String,
}

#[derive(Deserialize)]
struct ConfigFile {
    #[serde(default)]
    creation_rules: Option<Vec<Map<String, Value>>>,
}

#[derive(Deserialize)]
struct Written {
    age: Option<OneOrMany<String>>,
    #[serde(default)]
    key_groups: Vec<Group>,
    shamir_threshold: Option<usize>,
    mac_only_encrypted: Option<bool>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    merge: Vec<Group>,
    #[serde(default)]
    age: Vec<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// Keys of services that hardtack does not speak to, as rules and as groups call them.
const UNSUPPORTED: [&str; 7] =
    ["kms", "gcp_kms", "hckms", "azure_keyvault", "hc_vault_transit_uri", "hc_vault", "pgp"];

const KNOWN: [&str; 7] =
    ["path_regex", "age", "key_groups", "shamir_threshold", "mac_only_encrypted", "aws_profile", "name"];

/// The first creation rule in the text of a `.sops.yaml` at `path` that fits `file`. Both paths are absolute.
///
/// # Errors
/// [`Error::Policy`] with line and column: for what cannot be read, what hardtack does not support, and when no rule fits.
pub fn creation_rule(text: &str, path: &Path, file: &Path) -> Result<Creation, Error> {
    let name = path.display().to_string();
    let stream = parse(text.to_owned(), ParseOptions::default()).map_err(|error| Error::Policy {
        message: format!("{name}:{}:{}: {}", error.line, error.column, error.message),
        help: error.help,
    })?;
    let data = root(&stream).map_or(Data::Null, |(root, _)| root.to_data());
    let config = Config { source: Source::of_file(path).with_text(Some(Arc::new(stream))) };
    let written: ConfigFile = match data {
        Data::Null => ConfigFile { creation_rules: None },
        data => serde_json::from_value(data).map_err(|_| {
            config.wrong(&[], "creation_rules is no list of rules", "creation_rules is a list of maps")
        })?,
    };
    let rules = written.creation_rules.ok_or_else(|| {
        config.wrong(&[], "there are no creation_rules", "add one with age: and the recipients")
    })?;
    let below = path.parent().and_then(|folder| file.strip_prefix(folder).ok()).unwrap_or(file);
    let below = below.to_string_lossy();
    for (at, rule) in rules.into_iter().enumerate() {
        if config.fits(&rule, at, &below)? {
            return config.creation(rule, at);
        }
    }
    let help = "add a rule whose path_regex fits, or one without path_regex at the end";
    Err(config.wrong(&[Step::Key("creation_rules".into())], format!("no creation rule fits {below}"), help))
}

struct Config {
    source: Source,
}

impl Config {
    fn place(&self, steps: &[Step]) -> String {
        self.source.place_in_text(&steps.iter().cloned().collect::<Route>())
    }

    fn wrong(&self, steps: &[Step], what: impl std::fmt::Display, help: impl Into<String>) -> Error {
        Error::Policy { message: format!("{}: {what}", self.place(steps)), help: help.into() }
    }

    fn at(rule: usize, key: &str) -> [Step; 3] {
        [Step::Key("creation_rules".into()), Step::Index(rule), Step::Key(key.to_owned().into())]
    }

    /// Whether a rule's `path_regex` is found somewhere in the path; a rule without one fits everything.
    fn fits(&self, rule: &Map<String, Value>, at: usize, below: &str) -> Result<bool, Error> {
        let pattern = match rule.get("path_regex") {
            None | Some(Value::Null) => return Ok(true),
            Some(Value::String(pattern)) => pattern,
            Some(_) => {
                return Err(self.wrong(
                    &Self::at(at, "path_regex"),
                    "path_regex is no text",
                    "put it in quotes",
                ));
            }
        };
        let pattern = Regex::new(pattern).map_err(|_| {
            let what = "path_regex is no regular expression that hardtack can read";
            self.wrong(&Self::at(at, "path_regex"), what, "sops reads patterns as Go does: no look-around")
        })?;
        Ok(pattern.is_match(below))
    }

    fn creation(&self, rule: Map<String, Value>, at: usize) -> Result<Creation, Error> {
        self.only_known(&rule, at)?;
        let failed = |key: &str| {
            let steps = Self::at(at, key);
            move |error: SopsError| self.wrong(&steps, &error, error.help())
        };
        let mut six = Vec::new();
        for kind in RuleKind::ALL {
            match rule.get(kind.key()) {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) => six.push((kind, text.clone())),
                Some(_) => {
                    let what = format!("{} is no text", kind.key());
                    return Err(self.wrong(&Self::at(at, kind.key()), what, "put it in quotes"));
                }
            }
        }
        let one = Rule::one_of(&six).map_err(failed(six.last().map_or("", |(kind, _)| kind.key())))?;
        let written: Written = serde_json::from_value(Value::Object(rule)).map_err(|error| {
            // Its words may quote what was written.
            let _ = error;
            let what =
                "age, key_groups, shamir_threshold or mac_only_encrypted is not of the form that sops reads";
            self.wrong(&Self::at(at, "")[..2], what, "age is a list of recipients, or one text with commas")
        })?;
        Ok(Creation {
            keys: self.keys(&written, at)?,
            rule: one,
            mac_only_encrypted: written.mac_only_encrypted,
            place: self.place(&Self::at(at, "")[..2]),
        })
    }

    /// Names the first key that hardtack has no hand for. What sops itself passes over is passed over.
    fn only_known(&self, rule: &Map<String, Value>, at: usize) -> Result<(), Error> {
        let is_empty = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if let Some((key, _)) =
            rule.iter().find(|(key, value)| UNSUPPORTED.contains(&key.as_str()) && !is_empty(value))
        {
            return Err(self.unsupported(key, &Self::at(at, key)));
        }
        let six = RuleKind::ALL.map(RuleKind::key);
        let known = || KNOWN.into_iter().chain(six).chain(UNSUPPORTED);
        for key in rule.keys().filter(|key| !known().any(|it| it == key.as_str())) {
            // A mistyped rule would leave everything as the default has it.
            if let Some(meant) = nearest(key, known()) {
                let what = format!("{key} is no key of a creation rule");
                return Err(self.wrong(&Self::at(at, key), what, format!("did you mean {meant}?")));
            }
        }
        Ok(())
    }

    fn unsupported(&self, key: &str, steps: &[Step]) -> Error {
        let what = format!("{key} is not supported: hardtack encrypts to age and ssh recipients only");
        self.wrong(steps, what, "encrypt this file with sops itself, or give it a rule with age recipients")
    }

    fn keys(&self, written: &Written, at: usize) -> Result<Option<Keys>, Error> {
        let groups = if written.key_groups.is_empty() {
            let Some(age) = written.age.clone() else { return Ok(None) };
            vec![self.recipients(&age.into_list(), &Self::at(at, "age"))?]
        } else {
            let steps = Self::at(at, "key_groups");
            written.key_groups.iter().map(|group| self.group(group, &steps, 0)).collect::<Result<_, _>>()?
        };
        let nobody = written.key_groups.is_empty() && groups.iter().all(Vec::is_empty);
        if nobody {
            return Ok(None);
        }
        let keys = Keys::of_groups(groups, written.shamir_threshold);
        keys.map(Some).map_err(|error| self.wrong(&Self::at(at, "key_groups"), &error, error.help()))
    }

    /// A group's recipients behind those of the groups merged into it.
    fn group(&self, group: &Group, steps: &[Step], depth: usize) -> Result<Vec<Recipient>, Error> {
        if depth > 32 {
            return Err(self.wrong(steps, "merge goes deeper than 32 groups", "write the groups out"));
        }
        let used = group.other.iter().find(|(key, value)| {
            UNSUPPORTED.contains(&key.as_str()) && value.as_array().is_none_or(|items| !items.is_empty())
        });
        if let Some((key, _)) = used {
            return Err(self.unsupported(key, steps));
        }
        let mut all = Vec::new();
        for merged in &group.merge {
            all.extend(self.group(merged, steps, depth + 1)?);
        }
        all.extend(self.recipients(&group.age, steps)?);
        Ok(all)
    }

    fn recipients(&self, texts: &[String], steps: &[Step]) -> Result<Vec<Recipient>, Error> {
        let all = Recipient::all(texts.iter().map(String::as_str));
        all.map_err(|error| self.wrong(steps, &error, error.help()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "age1dgsdts9taan2xyp8pttxnzx0efvpnx4cdc9cucuq0qshqqmyh3rqk4jv47";
    const TWO: &str = "age14capvw5dypmw4gcqqere96c98y6qy4hxeegmke02afqa6y2w998sfcg4w0";

    fn read(text: &str, file: &str) -> Result<Creation, String> {
        let text = text.replace("ONE", ONE).replace("TWO", TWO);
        let found = creation_rule(&text, Path::new("/repo/.sops.yaml"), &Path::new("/repo").join(file));
        found.map_err(|error| error.to_string())
    }

    fn names(creation: &Creation) -> Vec<Vec<&str>> {
        let keys = creation.keys.as_ref().unwrap();
        keys.groups().iter().map(|group| group.iter().map(Recipient::written).collect()).collect()
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        let text = "creation_rules:\n  - path_regex: prod/.*\\.yaml$\n    age: ONE\n  - age: 'TWO , ONE,'\n";
        assert_eq!(names(&read(text, "env/prod/a.yaml").unwrap()), [[ONE]]);
        assert_eq!(names(&read(text, "env/dev/a.yaml").unwrap()), [[TWO, ONE]]);
        let text =
            "creation_rules:\n  - path_regex: ^prod/\n    age: [ONE, TWO]\n    mac_only_encrypted: false\n";
        let creation = read(text, "prod/a.yaml").unwrap();
        assert_eq!((names(&creation), creation.mac_only_encrypted), (vec![vec![ONE, TWO]], Some(false)));
        assert_eq!(creation.place, "/repo/.sops.yaml:2:5");
        assert_eq!(
            read(text, "dev/prod/a.yaml").unwrap_err(),
            "/repo/.sops.yaml:1:1: no creation rule fits dev/prod/a.yaml"
        );
    }

    #[test]
    fn groups_merge_and_meet_the_threshold() {
        let text = "creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - merge:\n          - age: [ONE]\n          - \
                    merge: [{age: [TWO]}]\n        age: [ONE]\n      - age: [TWO]\n      - age: [ONE]\n        pgp: []\n";
        let creation = read(text, "a").unwrap();
        assert_eq!(names(&creation), [vec![ONE, TWO], vec![TWO], vec![ONE]]);
        assert_eq!(creation.keys.unwrap().threshold(), 2);
        let error = read(&text.replace("shamir_threshold: 2", "shamir_threshold: 4"), "a").unwrap_err();
        assert!(error.contains("shamir_threshold 4 does not fit 3 key groups"), "{error}");
    }

    #[test]
    fn names_what_it_cannot_do() {
        for (rule, said) in [
            ("kms: arn:aws:kms:x", "2:5: kms is not supported"),
            ("pgp: ABC\n    age: ONE", "2:5: pgp is not supported"),
            ("key_groups: [{age: [ONE], hc_vault: [http://x]}]", "2:5: hc_vault is not supported"),
            ("age: age1pq1xyz", "age1pq1xyz is no recipient"),
            ("age: ONE\n    encrypted_regex: a\n    encrypted_suffix: b", "more than one of the rules"),
            ("age: ONE\n    encrypted_regx: ^data$", "encrypted_regx is no key of a creation rule"),
            ("path_regex: '('", "path_regex is no regular expression"),
            ("age: ONE\n    encrypted_regex: '('", "encrypted_regex is no regular expression"),
            ("age: {a: b}", "not of the form that sops reads"),
        ] {
            let error = read(&format!("creation_rules:\n  - {rule}\n"), "a").unwrap_err();
            assert!(error.contains(said), "{rule}: {error}");
        }
        assert!(read("stores: {}\n", "a").unwrap_err().contains("there are no creation_rules"));
        assert!(read("", "a").is_err() && read("- a\n", "a").is_err());
    }

    #[test]
    fn it_is_looked_for_upwards_and_the_other_ending_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join(".sops.yml"), "").unwrap();
        assert!(find(&deep).path.is_none_or(|path| !path.starts_with(folder.path())));
        std::fs::write(folder.path().join(".sops.yaml"), "").unwrap();
        let found = find(&deep);
        assert_eq!(found.path, Some(folder.path().join(".sops.yaml")));
        assert!(
            found.warning.unwrap().ends_with("a/b/.sops.yml is not read: the file must be called .sops.yaml")
        );
    }
}
