//! The Helm of this machine.

use std::fmt;
use std::time::Duration;

use crate::stores::command;

/// Long enough for a slow disk.
const PATIENCE: Duration = Duration::from_secs(10);

/// What `helm version` said, when there is one.
pub(super) struct Helm {
    version: Option<String>,
}

impl Helm {
    /// Asks the Helm that calls (`HELM_BIN`), else the first in `PATH`.
    pub(super) fn of_this_machine() -> Self {
        let program = std::env::var("HELM_BIN").ok().filter(|it| !it.is_empty());
        let program = program.unwrap_or_else(|| "helm".to_owned());
        let words = [&program, "version", "--template", "{{.Version}}"].map(str::to_owned);
        let said = command::run(&words, &[], PATIENCE).ok();
        let version = said.as_ref().and_then(|said| said.expose_text()).map(str::trim);
        Self { version: version.filter(|it| it.starts_with('v') && it.len() < 40).map(str::to_owned) }
    }

    /// Whether it hands hooks to a post-renderer, as Helm 4 does and Helm 3 does not.
    pub(super) fn hands_hooks_over(&self) -> Option<bool> {
        let major = self.version.as_ref()?.trim_start_matches('v').split('.').next()?;
        Some(major.parse::<u32>().ok()? >= 4)
    }
}

impl fmt::Display for Helm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "helm {version}"),
            None => f.write_str("no helm was found here"),
        }
    }
}
