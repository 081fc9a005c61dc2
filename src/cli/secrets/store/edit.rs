//! `secrets edit`: the store in an editor, on a file that nobody else reads and that does not stay.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use zeroize::Zeroizing;

use super::OnDisk;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::to_stderr;
use crate::cli::secrets::private::{self, PrivateFolder};
use crate::cli::secrets::sops_args::Edit;
use crate::error::Error;
use crate::secrets::store::{Store, StoreError};
use crate::yaml::write;

/// What stands above a store that is edited.
const HEAD: &str = "\
# secrets:
#   NAME:
#     stringData: {KEY: value}
#     data: {KEY: base64}
# Values that you leave as they are keep their ciphertext. Comments do not stay.
";

/// Edits the store.
///
/// # Errors
/// Everything of [`Error`]; nothing is written then, and nothing of the text stays on disk.
pub fn run(config: &Config, wanted: &Edit) -> Result<Exit, Error> {
    let stopped = signals()?;
    let disk = OnDisk::read(config, &wanted.store)?;
    let terms = disk.terms(&wanted.recipients)?;
    let before = disk.open()?;
    disk.log("edit", "")?;
    let folder = PrivateFolder::new()?;
    let file = folder.path().join("secrets.yaml");
    let text = Zeroizing::new(format!("{HEAD}{}", write::document(&before.to_data(), "\n")));
    private::create(&file, text.as_bytes())?;
    let mut after = loop {
        editor(&file, &stopped)?;
        match edited(&file) {
            Ok(after) => break after,
            Err(error) if std::io::stdin().is_terminal() => {
                to_stderr(&format!("{error}: {}\npress Enter to edit again, or Ctrl-C\n", error.help()));
                let mut line = String::new();
                let _ = std::io::stdin().read_line(&mut line);
                if stopped.load(Ordering::Relaxed) || line.is_empty() {
                    return Err(disk.wrong(&error));
                }
            }
            Err(error) => return Err(disk.wrong(&error)),
        }
    };
    drop(folder);
    let changed = after.note_changes(&before, disk.time);
    if after == before {
        to_stderr("nothing was changed\n");
        return Ok(Exit::Written);
    }
    for place in &changed {
        disk.log("edited", place)?;
    }
    disk.write(&after, &terms)?;
    to_stderr(&format!("{} is written: {} values changed\n", disk.name(), changed.len()));
    Ok(Exit::Written)
}

/// The signals that would end the program before it has tidied up.
fn signals() -> Result<Arc<AtomicBool>, Error> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let stopped = Arc::new(AtomicBool::new(false));
    let mut all = vec![SIGINT, SIGTERM];
    #[cfg(unix)]
    all.extend([signal_hook::consts::SIGHUP, signal_hook::consts::SIGQUIT]);
    for signal in all {
        signal_hook::flag::register(signal, stopped.clone()).map_err(|error| Error::Io {
            action: "watch for",
            path: "signals".to_owned(),
            error,
        })?;
    }
    Ok(stopped)
}

/// Runs the editor to its end, or until a signal comes.
fn editor(file: &Path, stopped: &AtomicBool) -> Result<(), Error> {
    let named =
        ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    let named = named.unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned());
    let failed = |what: String| Error::usage(what, "nothing was written; set EDITOR to a program that waits");
    let words = shlex::split(&named).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| failed("EDITOR is no command".to_owned()))?;
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .arg(file)
        .spawn()
        .map_err(|error| failed(format!("cannot start {}: {error}", words[0])))?;
    match wait(&mut child, stopped) {
        Some(true) => Ok(()),
        Some(false) => Err(failed(format!("{} failed", words[0]))),
        None => Err(Error::usage("stopped", "nothing was written")),
    }
}

fn wait(child: &mut Child, stopped: &AtomicBool) -> Option<bool> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return (!stopped.load(Ordering::Relaxed)).then_some(status.success());
        }
        if stopped.load(Ordering::Relaxed) {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn edited(file: &Path) -> Result<Store, StoreError> {
    let text = fs::read_to_string(file).map(Zeroizing::new);
    Store::of_text(&text.map_err(|_| StoreError::NotAStore("the editor left no text"))?)
}
