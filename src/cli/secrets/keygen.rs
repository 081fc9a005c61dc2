//! `secrets keygen`: an age identity.

use chrono::{DateTime, SecondsFormat, Utc};
use zeroize::Zeroizing;

use super::private;
use super::sops_args::Keygen;
use crate::cli::exit::Exit;
use crate::cli::output::{to_stderr, to_stdout};
use crate::error::Error;
use crate::load::sops::identities::config_folder;
use crate::secrets::sops::Identity;

/// Writes the identity, prints the recipient.
///
/// # Errors
/// [`Error::Usage`] when the file is there, [`Error::Io`].
pub fn run(wanted: &Keygen) -> Result<Exit, Error> {
    let folder = || config_folder(&|name| std::env::var_os(name));
    let place = wanted.output.clone().or_else(|| Some(folder()?.join("sops").join("age").join("keys.txt")));
    let path = place.ok_or_else(|| {
        Error::usage(
            "there is no home folder to write the key in",
            "name a file: hardtack secrets keygen -o FILE",
        )
    })?;
    let (identity, recipient) = Identity::generate();
    let now = DateTime::<Utc>::from(std::time::SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true);
    let text = Zeroizing::new(format!("# created: {now}\n# public key: {recipient}\n{}\n", *identity));
    private::folders_above(&path)?;
    private::create(&path, text.as_bytes())?;
    to_stderr(&format!("the identity is in {}: keep a copy where nobody else comes to it\n", path.display()));
    to_stdout(format!("{recipient}\n").as_bytes()).map(|()| Exit::Written)
}
