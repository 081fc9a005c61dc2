//! The identities that open SOPS files, from every place where sops looks for them.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::command;
use crate::secrets::sops::{Identity, Keyring};

/// How long a command may take: long enough to touch a token.
const PATIENCE: Duration = Duration::from_secs(60);

/// The variables of the environment.
pub type Variables<'v> = &'v dyn Fn(&str) -> Option<OsString>;

/// All identities there are. A place that is broken is noted, and others are used.
#[derive(Default)]
pub struct Identities {
    at_hand: Vec<Identity>,
    notes: Mutex<Vec<String>>,
    commands: Vec<Asked>,
    asked: Mutex<HashMap<String, Arc<Vec<Identity>>>>,
}

/// A command that prints keys for the recipient it is told.
struct Asked {
    variable: &'static str,
    command: String,
    read: fn(&str) -> Result<Vec<Identity>, &'static str>,
}

impl Identities {
    /// Looks at every place that sops looks at, in its order, and at `files` of age identities before them.
    #[must_use]
    pub fn gather(files: &[PathBuf], variable: Variables<'_>) -> Self {
        let mut all = Self::default();
        for file in files {
            all.file(file, &file.display().to_string(), by_lines, true);
        }
        let path = |name: &str| variable(name).map(PathBuf::from);
        if let Some(file) = path("SOPS_AGE_SSH_PRIVATE_KEY_FILE") {
            all.file(&file, "SOPS_AGE_SSH_PRIVATE_KEY_FILE", one_ssh, true);
        }
        all.command("SOPS_AGE_SSH_PRIVATE_KEY_CMD", variable, one_ssh);
        for name in ["id_ed25519", "id_rsa"] {
            if let Some(home) = home(variable) {
                let file = home.join(".ssh").join(name);
                all.file(&file, &file.display().to_string(), one_ssh, false);
            }
        }
        if let Some(text) = variable("SOPS_AGE_KEY") {
            let text = Zeroizing::new(text.into_string().unwrap_or_default());
            all.take("SOPS_AGE_KEY", by_words(&text));
        }
        if let Some(file) = path("SOPS_AGE_KEY_FILE") {
            all.file(&file, "SOPS_AGE_KEY_FILE", by_lines, true);
        }
        all.command("SOPS_AGE_KEY_CMD", variable, by_lines);
        if let Some(folder) = config_folder(variable) {
            let file = folder.join("sops").join("age").join("keys.txt");
            all.file(&file, &file.display().to_string(), by_lines, false);
        }
        all
    }

    fn file(
        &mut self,
        path: &Path,
        name: &str,
        read: fn(&str) -> Result<Vec<Identity>, &'static str>,
        wanted: bool,
    ) {
        match fs::read(path).map(Zeroizing::new) {
            Err(error) if error.kind() == ErrorKind::NotFound && !wanted => {
                self.note(format!("{name} is not there"));
            }
            Err(error) => self.note(format!("{name} cannot be read: {error}")),
            Ok(bytes) => {
                let text = std::str::from_utf8(&bytes).map_err(|_| "is no text");
                self.take(name, text.and_then(read));
            }
        }
    }

    fn command(
        &mut self,
        name: &'static str,
        variable: Variables<'_>,
        read: fn(&str) -> Result<Vec<Identity>, &'static str>,
    ) {
        if let Some(command) = variable(name) {
            let command = command.into_string().unwrap_or_default();
            self.commands.push(Asked { variable: name, command, read });
        }
    }

    fn take(&mut self, name: &str, read: Result<Vec<Identity>, &'static str>) {
        match read {
            Ok(identities) if identities.is_empty() => self.note(format!("{name} holds no identity")),
            Ok(identities) => self.at_hand.extend(identities),
            Err(why) => self.note(format!("{name} {why}")),
        }
    }

    fn note(&self, note: String) {
        let mut notes = locked(&self.notes);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    fn ask(&self, asked: &Asked, recipient: &str) -> Vec<Identity> {
        let printed = command::output(&asked.command, ("SOPS_AGE_RECIPIENT", recipient), PATIENCE);
        let read = printed.and_then(|bytes| {
            let text = std::str::from_utf8(&bytes).map_err(|_| "printed no text".to_owned())?;
            (asked.read)(text).map_err(str::to_owned)
        });
        read.unwrap_or_else(|why| {
            self.note(format!("{} {why}", asked.variable));
            Vec::new()
        })
    }
}

impl Keyring for Identities {
    fn at_hand(&self) -> &[Identity] {
        &self.at_hand
    }

    fn asked_for(&self, recipient: &str) -> Arc<Vec<Identity>> {
        if let Some(known) = locked(&self.asked).get(recipient) {
            return known.clone();
        }
        let found = self.commands.iter().flat_map(|asked| self.ask(asked, recipient));
        let found: Arc<Vec<Identity>> = Arc::new(found.collect());
        locked(&self.asked).insert(recipient.to_owned(), found.clone());
        found
    }

    fn notes(&self) -> Vec<String> {
        locked(&self.notes).clone()
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One identity on a line, with nothing before it; `#` begins a comment.
fn by_lines(text: &str) -> Result<Vec<Identity>, &'static str> {
    if text.starts_with("age-encryption.org/") || text.starts_with("-----BEGIN AGE ENCRYPTED") {
        return Err("is encrypted with a passphrase, which hardtack does not ask for");
    }
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(Identity::from_age).collect()
}

/// The same, with any blanks between identities.
fn by_words(text: &str) -> Result<Vec<Identity>, &'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(Identity::from_age).collect()
}

fn one_ssh(text: &str) -> Result<Vec<Identity>, &'static str> {
    Identity::from_ssh(text).map(|identity| vec![identity])
}

fn home(variable: Variables<'_>) -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    variable(name).filter(|home| !home.is_empty()).map(PathBuf::from)
}

/// Go's `os.UserConfigDir`, and `XDG_CONFIG_HOME` also on macOS, as sops has it.
#[must_use]
pub fn config_folder(variable: Variables<'_>) -> Option<PathBuf> {
    let of = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        return of("AppData");
    }
    let below = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
    of("XDG_CONFIG_HOME").or_else(|| Some(home(variable)?.join(below)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> (String, String) {
        let (text, recipient) = Identity::generate();
        (text.to_string(), recipient)
    }

    #[test]
    fn a_broken_place_is_noted_and_others_are_used() {
        let home = tempfile::tempdir().unwrap();
        let keys = home.path().join(".config/sops/age");
        fs::create_dir_all(&keys).unwrap();
        fs::write(keys.join("keys.txt"), format!("# created\n{}\n\n{}\n", identity().0, identity().0))
            .unwrap();
        let words = format!("{} \t{}\n# no\n{}", identity().0, identity().0, identity().0);
        let variable = |name: &str| match name {
            "HOME" => Some(home.path().as_os_str().to_owned()),
            "SOPS_AGE_KEY" => Some(words.clone().into()),
            "SOPS_AGE_KEY_FILE" => Some("/no/such/file".into()),
            _ => None,
        };
        let all = Identities::gather(&[], &variable);
        assert_eq!(all.at_hand().len(), 5);
        let notes = all.notes();
        assert!(notes.iter().any(|note| note.starts_with("SOPS_AGE_KEY_FILE cannot be read")), "{notes:?}");
        assert!(notes.iter().any(|note| note.ends_with(".ssh/id_rsa is not there")), "{notes:?}");
    }

    #[test]
    fn a_line_with_blanks_before_it_is_none_and_is_not_shown() {
        let (text, _) = identity();
        assert_eq!(by_lines(&format!("  {text}")).err(), Some("holds something that is no age identity"));
        assert_eq!(by_lines(&format!("{text}\r\n{text}\n")).unwrap().len(), 2);
        assert!(by_words(&format!("  {text}")).is_ok());
        assert!(by_lines("AGE-SECRET-KEY-PQ-1X").unwrap_err().contains("post-quantum"));
        assert!(one_ssh("nothing").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_command_is_told_the_recipient_and_asked_once() {
        let folder = tempfile::tempdir().unwrap();
        let counter = folder.path().join("count");
        let (text, _) = identity();
        let command = format!("sh -c 'echo $SOPS_AGE_RECIPIENT >> {}; echo {text}'", counter.display());
        let variable = move |name: &str| (name == "SOPS_AGE_KEY_CMD").then(|| command.clone().into());
        let all = Identities::gather(&[], &variable);
        assert!(all.at_hand().is_empty());
        assert_eq!(all.asked_for("age1one").len() + all.asked_for("age1one").len(), 2);
        assert_eq!(fs::read_to_string(counter).unwrap(), "age1one\n");
    }
}
