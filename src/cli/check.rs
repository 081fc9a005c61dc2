//! `check` and `diff`: plan without writing.

use std::path::Path;

use super::args::{Check, Inputs};
use super::config::Config;
use super::exit::Exit;
use super::files;
use super::output::{Reports, stdout_layout, to_stdout};
use crate::error::{Error, STDIN};
use crate::harden::harden;
use crate::k8s::Scope;
use crate::load;
use crate::policy::Policy;
use crate::report::text::{self, Layout};
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, input};

/// `hardtack check`. The text goes to stdout, or in its place the reports that are asked for without a file.
///
/// # Errors
/// Everything of [`Error`].
pub fn check(config: &Config, check: &Check) -> Result<Exit, Error> {
    let policy = judging_policy(config)?;
    let mut reports = Reports::new(config, true)?;
    let mut exit = Exit::Written;
    let mut judge = |source: Input, scope: Scope| {
        if one(config, &policy, source, scope, check.assume_fixed, &mut reports)? == Exit::Refused {
            exit = Exit::Refused;
        }
        Ok::<(), Error>(())
    };
    if check.values.is_empty() || !check.inputs.paths.is_empty() {
        for source in files::inputs(config, &check.inputs)? {
            judge(source, config.scope(&policy))?;
        }
    }
    for path in &check.values {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let scope = Scope { values: Some(name), ..config.scope(&policy) };
        judge(Input::from_file(path, config.limit)?, scope)?;
    }
    reports.write()?;
    Ok(exit)
}

/// With nothing configured, `check` judges by production's gate.
fn judging_policy(config: &Config) -> Result<Policy, Error> {
    let mut policy = config.policy(&FunctionConfig::default())?;
    if !policy.is_configured() && config.common.gate.is_none() {
        policy.gate = load::load_environment("production", config.today)?.gate;
    }
    Ok(policy)
}

fn one(
    config: &Config,
    policy: &Policy,
    source: Input,
    scope: Scope,
    assume_fixed: bool,
    reports: &mut Reports<'_>,
) -> Result<Exit, Error> {
    let name = source.name.clone();
    let stream = input::parse(source)?;
    let mut judged = config.for_stream(policy, &FunctionConfig::default(), &stream)?;
    if !policy.is_configured() && judged.is_configured() {
        // Production's gate, which judges by default, is no weaker than that of any environment a label names.
        judged.to_mut().gate = policy.gate;
    }
    let policy = &*judged;
    let mut hardened = harden(&stream, policy, scope)?;
    reports.add(&mut hardened, policy, &name)?;
    let layout = Layout { pending: true, only_open: assume_fixed, ..stdout_layout(config) };
    let changes = !hardened.changes.documents.is_empty() || !hardened.changes.added.is_empty();
    let pending = changes && hardened.has_new_fixes();
    let refused = !hardened.verdict.refusals.is_empty();
    if !config.common.quiet && !reports.words_wanted() {
        let mut words = String::new();
        if name != STDIN {
            words = format!("{}\n", layout.paint.cyan(&name));
        }
        words.push_str(&text::report(&hardened, policy, layout));
        to_stdout(words.as_bytes())?;
    }
    Ok(if refused || (pending && !assume_fixed) { Exit::Refused } else { Exit::Written })
}

/// `hardtack diff`.
///
/// # Errors
/// Everything of [`Error`].
pub fn diff(config: &Config, inputs: &Inputs) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    for source in files::inputs(config, inputs)? {
        let name = source.name.clone();
        let stream = input::parse(source)?;
        let policy = config.for_stream(&policy, &FunctionConfig::default(), &stream)?;
        let hardened = harden(&stream, &policy, config.scope(&policy))?;
        let words = crate::report::diff::unified(&hardened, Path::new(&name), stdout_layout(config).paint);
        to_stdout(words.as_bytes())?;
    }
    Ok(Exit::Written)
}
