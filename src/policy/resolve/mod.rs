//! Which stores may be asked for secrets, and how: the operator's word. Nothing that a chart says adds to it.

mod address;
mod check;
pub mod terms;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use address::check_address;
pub use terms::{
    AuthTerms, AwsTerms, KubernetesTerms, PlaceTerms, PlaceholderStore, ResolveTerms, VaultTerms,
};

use check::command;

use crate::yaml::Route;

/// What is in force.
#[derive(Debug, Clone)]
pub struct Resolve {
    /// Whether references are resolved at all.
    pub enabled: bool,
    /// Where `hardtack://` is looked for.
    pub order: Vec<Place>,
    /// Vault servers.
    pub vault: Vec<VaultTerms>,
    /// AWS Secrets Managers.
    pub aws: Vec<AwsTerms>,
    /// Whom placeholders ask.
    pub placeholders: Option<PlaceholderStore>,
    /// What relative paths of references start from: the folder of the policy that names the roots.
    pub folder: PathBuf,
    /// Folders below which references may name files.
    pub files: Vec<PathBuf>,
    /// Variables that references may name.
    pub environment: Vec<String>,
    /// Commands that references may run.
    pub exec: Vec<Vec<String>>,
    /// Commands for other backends.
    pub backends: BTreeMap<String, Vec<String>>,
    /// Variables that commands may see.
    pub pass: Vec<String>,
    /// For one request or command.
    pub timeout: Duration,
    /// For all of them.
    pub budget: Duration,
    /// How long an answer is good for.
    pub ttl: Duration,
}

/// One place of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder with mounted Secrets.
    Mount(PathBuf),
    /// Variables with this prefix.
    Environment(String),
    /// A command.
    Command(Vec<String>),
    /// A file.
    File(PathBuf),
    /// A path in Vault.
    Vault(String),
    /// A secret in AWS Secrets Manager.
    Aws(String),
}

impl Default for Resolve {
    fn default() -> Self {
        Self {
            enabled: false,
            order: Vec::new(),
            vault: Vec::new(),
            aws: Vec::new(),
            placeholders: None,
            folder: PathBuf::new(),
            files: Vec::new(),
            environment: Vec::new(),
            exec: Vec::new(),
            backends: BTreeMap::new(),
            pass: Vec::new(),
            timeout: Duration::from_secs(10),
            budget: Duration::from_secs(60),
            ttl: Duration::from_secs(300),
        }
    }
}

/// What is wrong with the terms, and where below `secrets.resolve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongTerms {
    /// From `secrets.resolve`.
    pub route: Route,
    /// What, lower case, no full stop.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

fn wrong(route: Route, what: impl Into<String>, help: &str) -> WrongTerms {
    WrongTerms { route, what: what.into(), help: help.to_owned() }
}

fn key(name: &'static str) -> Route {
    Route::root().key(name)
}

impl Resolve {
    /// Lays what a file in `folder` says over what is in force.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn lay(&mut self, terms: ResolveTerms, folder: &Path) -> Result<(), WrongTerms> {
        self.enabled = terms.enabled.unwrap_or(self.enabled);
        self.placeholders = terms.placeholders.or(self.placeholders);
        if let Some(order) = terms.order {
            let places = order.into_iter().enumerate();
            let places = places.map(|(number, it)| it.place(folder, key("order").index(number)));
            self.order = places.collect::<Result<_, _>>()?;
        }
        if let Some(servers) = terms.vault {
            self.vault = numbered(servers, |it, number| it.checked(folder, key("vault").index(number)))?;
        }
        if let Some(managers) = terms.aws {
            self.aws = numbered(managers, |it, number| it.checked(folder, key("aws").index(number)))?;
        }
        if let Some(files) = terms.files {
            self.files = files.iter().map(|root| folder.join(root)).collect();
            self.folder = folder.to_owned();
        }
        self.environment = terms.environment.unwrap_or(std::mem::take(&mut self.environment));
        self.pass = terms.pass.unwrap_or(std::mem::take(&mut self.pass));
        if let Some(commands) = terms.exec {
            self.exec = numbered(commands, |it, number| command(it, folder, key("exec").index(number)))?;
        }
        if let Some(backends) = terms.backends {
            let checked = backends.into_iter().map(|(backend, words)| {
                let route = key("backends").key(backend.clone());
                command(words, folder, route).map(|words| (backend, words))
            });
            self.backends = checked.collect::<Result<_, _>>()?;
        }
        for (name, said, mine) in [
            ("timeout", terms.timeout, &mut self.timeout),
            ("budget", terms.budget, &mut self.budget),
            ("ttl", terms.ttl, &mut self.ttl),
        ] {
            if let Some(text) = said {
                let what = || {
                    wrong(
                        key(name),
                        format!("{name} {text:?} is no time"),
                        "write it as 10s, 500ms, 5m or 1h",
                    )
                };
                *mine = duration(&text).ok_or_else(what)?;
            }
        }
        Ok(())
    }
}

fn numbered<T>(
    list: Vec<T>,
    check: impl Fn(T, usize) -> Result<T, WrongTerms>,
) -> Result<Vec<T>, WrongTerms> {
    list.into_iter().enumerate().map(|(number, it)| check(it, number)).collect()
}

/// `10s`, `500ms`, `5m`, `1h`.
fn duration(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..end].parse().ok()?;
    let factor = match &text[end..] {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.checked_mul(factor).filter(|seconds| *seconds <= 86_400).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(duration("10s"), Some(Duration::from_secs(10)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        for bad in ["", "10", "s", "-1s", "1d", "99999999h", "1.5s"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_program_by_path_is_the_policys_own() {
        let terms = ResolveTerms {
            exec: Some(vec![vec!["./get".to_owned()], vec!["pass".to_owned()]]),
            ..Default::default()
        };
        let mut resolve = Resolve::default();
        resolve.lay(terms, Path::new("/etc/shop")).unwrap();
        assert_eq!(resolve.exec[0][0], "/etc/shop/get");
        assert_eq!(resolve.exec[1][0], "pass");
    }
}
