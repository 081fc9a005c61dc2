//! The formats of embedded files.

use std::fmt;
use std::str::FromStr;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One YAML document, read as Kubernetes reads it.
    Yaml,
    /// JSON.
    Json,
    /// `NAME=value` lines as a shell reads them; names of variables are not replaced.
    Env,
    /// TOML.
    Toml,
    /// `[section]` and `key = value` lines.
    Ini,
    /// Java's properties. Keys keep their dots.
    Properties,
}

impl Format {
    /// All of them, with the word for each.
    pub const ALL: [(&str, Self); 6] = [
        ("yaml", Self::Yaml),
        ("json", Self::Json),
        ("env", Self::Env),
        ("toml", Self::Toml),
        ("ini", Self::Ini),
        ("properties", Self::Properties),
    ];

    /// The format that a file's name ends in: `config.yaml`, `.env`, `.env.production`, `my.cnf`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if name.starts_with(".env") {
            return Some(Self::Env);
        }
        match name.rsplit_once('.')?.1 {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "env" => Some(Self::Env),
            "toml" => Some(Self::Toml),
            "ini" | "cnf" => Some(Self::Ini),
            "properties" => Some(Self::Properties),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::ALL.into_iter().find(|(_, format)| format == self).map_or("", |(word, _)| word);
        f.write_str(word)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|(known, _)| *known == word);
        known.map(|(_, format)| format).ok_or_else(|| {
            format!("unknown format {word:?}: one of {}", Self::ALL.map(|(word, _)| word).join(", "))
        })
    }
}
