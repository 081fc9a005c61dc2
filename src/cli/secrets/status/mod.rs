//! `hardtack secrets status`: how old the secrets of streams and stores are, and which are due.

mod judge;
mod objects;
mod store;

use super::rotation_args::{Status, StatusFormat};
use super::terms;
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{stdout_layout, to_stdout};
use crate::error::Error;
use crate::load::sops::Identities;
use crate::policy::Policy;
use crate::report::health::{Health, Row};
use crate::secrets::store::is_one;
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, input};

/// What is gathered on the way.
struct Found<'c> {
    config: &'c Config,
    keyring: Identities,
    rows: Vec<Row>,
    /// Whether the gate refuses any.
    refused: bool,
}

/// Prints all rows: exit 1 when the gate of the policy refuses one that is due or expired.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &Status) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    let keyring = terms::identities(&wanted.keys);
    let mut found = Found { config, keyring, rows: Vec::new(), refused: false };
    for file in &wanted.store {
        let source = Input::from_file(file, config.limit)?;
        if !is_one(&source.text) {
            let help =
                "a store has apiVersion: hardtack.dev/v1 and kind: Secrets; name manifests without --store";
            return Err(Error::usage(format!("{} is no store of secrets", source.name), help));
        }
        found.add(source, &policy)?;
    }
    if wanted.store.is_empty() || !wanted.paths.is_empty() {
        let inputs = Inputs { paths: wanted.paths.clone(), ..Inputs::default() };
        for source in files::inputs(config, &inputs)? {
            found.add(source, &policy)?;
        }
    }
    let health = Health { rows: found.rows, today: config.today };
    match wanted.format {
        StatusFormat::Json => to_stdout(health.json().as_bytes())?,
        StatusFormat::Prometheus => to_stdout(health.prometheus().as_bytes())?,
        StatusFormat::Text if config.common.quiet => {}
        StatusFormat::Text => to_stdout(health.text(stdout_layout(config).paint).as_bytes())?,
    }
    Ok(if found.refused { Exit::Refused } else { Exit::Written })
}

impl Found<'_> {
    fn add(&mut self, source: Input, policy: &Policy) -> Result<(), Error> {
        let name = source.name.clone();
        if is_one(&source.text) {
            return self.store(&name, source, policy);
        }
        let stream = input::parse(source)?;
        let policy = self.config.for_stream(policy, &FunctionConfig::default(), &stream)?;
        self.objects(&name, &stream, &policy)
    }
}
