//! For whom and how a file is encrypted: what is stated outright, and `.sops.yaml` for the rest.

use std::path::{Path, PathBuf};

use super::config::{Creation, creation_rule, find};
use crate::error::Error;
use crate::secrets::sops::{Keys, Rule, Terms};

/// What is stated outright.
#[derive(Debug, Default)]
pub struct Stated {
    /// For whom.
    pub keys: Option<Keys>,
    /// Which values.
    pub rule: Option<Rule>,
    /// The file of creation rules; `.sops.yaml` is looked for upwards without.
    pub config: Option<PathBuf>,
    /// Hash over the values in the clear too.
    pub full_mac: bool,
}

/// What both say together.
#[derive(Debug)]
pub struct Chosen {
    keys: Option<Keys>,
    /// Which values; `None` when neither says.
    pub rule: Option<Rule>,
    mac_only_encrypted: bool,
    /// Where the creation rule stands that fits the file, if one does.
    pub place: Option<String>,
    /// A file that was passed over on the way to the creation rules.
    pub warning: Option<String>,
}

impl Chosen {
    /// The terms; `None` when nobody is named.
    #[must_use]
    pub fn terms(self) -> Option<Terms> {
        let rule = self.rule.unwrap_or_default();
        Some(Terms { keys: self.keys?, rule, mac_only_encrypted: self.mac_only_encrypted, digest_key: None })
    }
}

/// What decides for a file. It and the file of creation rules are looked for from `folder`, where `.sops.yaml` is looked
/// for upwards.
///
/// # Errors
/// [`Error::Policy`] and [`Error::Io`] of the creation rules, unless those need not be read.
pub fn choose(folder: &Path, file: &Path, stated: Stated) -> Result<Chosen, Error> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = std::path::absolute(folder).map_err(|error| unread(folder, error))?;
    let (path, warning) = match &stated.config {
        Some(named) => (Some(folder.join(named)), None),
        None => {
            let found = find(&folder);
            (found.path, found.warning)
        }
    };
    // Whoever is named outright needs no creation rule, but one that is there still says what is encrypted.
    let creation = match path.map(|path| creation(&path, &plain(&folder.join(file)))).transpose() {
        Err(_) if stated.keys.is_some() && stated.config.is_none() => None,
        creation => creation?,
    };
    let said = creation.as_ref().and_then(|it| it.mac_only_encrypted);
    let place = creation.as_ref().map(|it| it.place.clone());
    let (of_keys, of_rule) = creation.map_or((None, None), |it| (it.keys, it.rule));
    Ok(Chosen {
        keys: stated.keys.or(of_keys),
        rule: stated.rule.or(of_rule),
        mac_only_encrypted: !stated.full_mac && said.unwrap_or(true),
        place,
        warning,
    })
}

fn unread(path: &Path, error: std::io::Error) -> Error {
    Error::Io { action: "read", path: path.display().to_string(), error }
}

fn creation(path: &Path, file: &Path) -> Result<Creation, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| unread(path, error))?;
    creation_rule(&text, path, file)
}

/// A path without `.` and `..`, as far as words alone tell.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::sops::{Recipient, RuleKind};

    const ONE: &str = "age1dgsdts9taan2xyp8pttxnzx0efvpnx4cdc9cucuq0qshqqmyh3rqk4jv47";
    const TWO: &str = "age14capvw5dypmw4gcqqere96c98y6qy4hxeegmke02afqa6y2w998sfcg4w0";

    /// A folder `env` below one whose rule for `env/prod/` names ONE.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let rules = format!(
            "creation_rules:\n  - path_regex: ^env/prod/\n    age: {ONE}\n    encrypted_regex: ^data$\n"
        );
        std::fs::write(folder.path().join(".sops.yaml"), rules).unwrap();
        std::fs::create_dir(folder.path().join("env")).unwrap();
        folder
    }

    fn keys(recipient: &str) -> Option<Keys> {
        Some(Keys::of(Recipient::all([recipient]).unwrap()).unwrap())
    }

    fn chosen(file: &str, stated: Stated) -> Result<Terms, Error> {
        let folder = folder();
        Ok(choose(&folder.path().join("env"), Path::new(file), stated)?.terms().unwrap())
    }

    #[test]
    fn what_is_stated_wins_and_the_rule_says_the_rest() {
        let by_rule = chosen("prod/a.yaml", Stated::default()).unwrap();
        assert_eq!((Some(by_rule.keys), by_rule.rule.written()), (keys(ONE), "^data$"));
        assert!(by_rule.mac_only_encrypted);
        let rule = Rule::new(RuleKind::EncryptedSuffix, "_x").ok();
        let stated = Stated { keys: keys(TWO), rule, full_mac: true, config: None };
        let by_both = chosen("prod/a.yaml", stated).unwrap();
        assert_eq!((Some(by_both.keys), by_both.rule.written()), (keys(TWO), "_x"));
        assert!(!by_both.mac_only_encrypted);
        let by_keys = chosen("prod/a.yaml", Stated { keys: keys(TWO), ..Stated::default() }).unwrap();
        assert_eq!((Some(by_keys.keys), by_keys.rule.written()), (keys(TWO), "^data$"));
    }

    #[test]
    fn the_way_to_a_file_is_taken_by_its_words() {
        assert!(chosen("../env/./prod/a.yaml", Stated::default()).is_ok());
        assert!(chosen("prod/../dev/a.yaml", Stated::default()).is_err());
    }

    #[test]
    fn whoever_is_named_needs_no_rule_unless_one_is_asked_for() {
        assert!(chosen("dev/a.yaml", Stated { keys: keys(TWO), ..Stated::default() }).is_ok());
        let config = Some(PathBuf::from("../.sops.yaml"));
        assert!(chosen("dev/a.yaml", Stated { keys: keys(TWO), config, ..Stated::default() }).is_err());
    }
}
