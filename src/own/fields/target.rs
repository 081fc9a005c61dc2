//! Where a rule looks.

use super::path::FieldPath;
use super::spec::FieldSpec;
use crate::embedded::Format;
use crate::own::{Names, Wrong};
use crate::policy::matcher::glob;

/// What a rule looks at.
#[derive(Debug, Clone)]
pub enum Target {
    /// Fields of objects.
    Fields(Vec<FieldPath>),
    /// Fields of containers.
    ContainerFields(Vec<FieldPath>),
    /// Keys of ConfigMaps and Secrets, as globs.
    Keys(Vec<String>),
    /// Variables of containers, as globs.
    Variables(Vec<String>),
    /// Fields of files in ConfigMaps and Secrets.
    Files(String, Option<Format>, Vec<FieldPath>),
}

impl Target {
    /// Takes the target out of a rule. A key in `match` is moved here.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn take(spec: &mut FieldSpec) -> Result<Self, Wrong> {
        let mut key_in_match = spec.matches.key.take();
        if let (Some(key), Some(_)) = (&key_in_match, &spec.key) {
            return Err(Wrong::at("key", "key stands both here and in match", format!("keep key: {key}")));
        }
        // With a path, the key that match names is the file that the path leads through.
        if spec.path.is_some() && spec.file.is_none() {
            spec.file = key_in_match.take();
        }
        let keys = spec.key.take().or_else(|| key_in_match.map(|key| Names(vec![key])));
        let given = [spec.path.is_some() || spec.file.is_some(), keys.is_some(), spec.env.is_some()];
        if given.iter().filter(|it| **it).count() != 1 {
            let what = "a rule looks at one of path, key and env";
            let help =
                "a path inside a file of a ConfigMap takes file: NAME and path:; split the rule for the rest";
            return Err(Wrong::at("", what, help));
        }
        check_words(spec)?;
        if let Some(file) = spec.file.take() {
            let format = format_of(&file, spec.format.take().as_deref())?;
            let Some(paths) = spec.path.take() else {
                return Err(Wrong::at(
                    "file",
                    "file without path",
                    "path: says where in the file; key: looks at its whole text",
                ));
            };
            return Ok(Self::Files(file, format, parsed(paths)?));
        }
        if spec.format.is_some() {
            return Err(Wrong::at(
                "format",
                "format without file",
                "file: names the key that holds the file",
            ));
        }
        if let Some(Names(keys)) = keys {
            return named(keys, "key").map(Self::Keys);
        }
        if let Some(Names(names)) = spec.env.take() {
            return named(names, "env").map(Self::Variables);
        }
        let paths = parsed(spec.path.take().unwrap_or(Names(Vec::new())))?;
        Ok(if spec.matches.is_about_containers() {
            Self::ContainerFields(paths)
        } else {
            Self::Fields(paths)
        })
    }

    /// What it looks at, for summaries.
    #[must_use]
    pub fn words(&self) -> String {
        let paths = |paths: &[FieldPath]| paths.iter().map(FieldPath::written).collect::<Vec<_>>().join(", ");
        match self {
            Self::Fields(all) | Self::ContainerFields(all) => paths(all),
            Self::Keys(names) => names.join(", "),
            Self::Variables(names) => format!("env {}", names.join(", ")),
            Self::Files(file, _, all) => format!("{} in {file}", paths(all)),
        }
    }
}

/// Words of `match` that can never hold together with the target.
fn check_words(spec: &FieldSpec) -> Result<(), Wrong> {
    let kind = spec.matches.kind.as_deref().unwrap_or("*");
    let holds = glob(kind, "ConfigMap") || glob(kind, "Secret");
    let of_holders = spec.path.is_none() && spec.env.is_none() || spec.file.is_some();
    if of_holders && spec.matches.is_about_containers() {
        let what =
            "container, image and port in match are about pods, key and file about ConfigMaps and Secrets";
        return Err(Wrong::at("match", what, "env: looks at variables of containers"));
    }
    if of_holders && !holds {
        let what = format!("{kind} has no keys: only ConfigMap and Secret have");
        return Err(Wrong::at("match.kind", what, "path: looks at a field of any object"));
    }
    if spec.env.is_some() && ["ConfigMap", "Secret"].contains(&kind) {
        let what = format!("{kind} has no containers, so it has no env");
        return Err(Wrong::at("match.kind", what, "key: looks at a key of a ConfigMap or Secret"));
    }
    Ok(())
}

fn format_of(file: &str, written: Option<&str>) -> Result<Option<Format>, Wrong> {
    match written {
        Some(word) => {
            word.parse().map(Some).map_err(|what: String| Wrong::at("format", what, "format: yaml"))
        }
        None if Format::of_name(file).is_some() || file.ends_with('*') => Ok(Format::of_name(file)),
        None => {
            let what = format!("{file} ends in no known format");
            Err(Wrong::at("file", what, "add format: yaml, json, env, toml, ini or properties"))
        }
    }
}

fn named(names: Vec<String>, key: &'static str) -> Result<Vec<String>, Wrong> {
    if names.is_empty() || names.iter().any(|name| name.is_empty()) {
        return Err(Wrong::at(
            key,
            format!("{key} names nothing"),
            format!("{key}: NAME, or a list of names"),
        ));
    }
    Ok(names)
}

fn parsed(Names(paths): Names) -> Result<Vec<FieldPath>, Wrong> {
    let help = "such as spec.template.spec.containers[*].image or metadata.labels['app.kubernetes.io/name']";
    if paths.is_empty() {
        return Err(Wrong::at("path", "path names nothing", help));
    }
    let parse = |path: &String| {
        FieldPath::parse(path)
            .map_err(|what| Wrong::at("path", format!("the path {path:?} cannot be read: {what}"), help))
    };
    paths.iter().map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_and_none_is_empty() {
        let of = |names: &[&str]| named(names.iter().map(|it| (*it).to_owned()).collect(), "env").is_ok();
        assert!(of(&["A"]) && of(&["A", "B"]));
        assert!(!of(&[]) && !of(&[""]) && !of(&["A", ""]));
    }
}
