//! `check` and `diff`: plan without writing.

use std::path::Path;

use super::args::{Check, Inputs};
use super::config::Config;
use super::exit::Exit;
use super::files;
use super::output::{stdout_layout, to_stdout};
use super::reports::{self, Reports};
use super::resolving;
use crate::checklist;
use crate::error::{Error, STDIN};
use crate::harden::{Hardened, harden};
use crate::k8s::Scope;
use crate::load;
use crate::policy::Policy;
use crate::report::baseline::Baseline;
use crate::report::checklist::Answered;
use crate::report::difference::Snapshot;
use crate::report::text::{self, Layout};
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, input};

/// `hardtack check`. The text goes to stdout, or in its place the reports that are asked for without a file.
///
/// # Errors
/// Everything of [`Error`].
pub fn check(config: &Config, check: &Check) -> Result<Exit, Error> {
    let policy = judging_policy(config)?;
    if let Some(name) = &check.checklist {
        return checklist(config, &policy, check, name);
    }
    let whole = check.diff_from.is_some();
    let mut reports = Reports::new(config, true)?;
    if let Some(old) = &check.diff_from {
        let (objects, findings) = old_render(config, &policy, old, &check.inputs)?;
        reports.since(objects, findings)?;
    }
    let mut exit = Exit::Written;
    let mut words = String::new();
    for (source, scope) in sources(config, &policy, check)? {
        judge(config, &policy, source, scope, whole, &mut |hardened, policy, name| {
            reports.add(hardened, policy, name)?;
            let layout = Layout { pending: true, only_open: check.assume_fixed, ..stdout_layout(config) };
            if name != STDIN {
                words.push_str(&format!("{}\n", layout.paint.cyan(name)));
            }
            words.push_str(&text::report(hardened, policy, layout));
            if fails(hardened, check.assume_fixed) {
                exit = Exit::Refused;
            }
            Ok(())
        })?;
    }
    if !config.common.quiet && !reports.words_wanted() {
        let (difference, gone) = (reports.difference(stdout_layout(config).paint), reports.gone());
        to_stdout(format!("{difference}{words}{gone}").as_bytes())?;
    }
    reports.write()?;
    Ok(exit)
}

/// `hardtack check --checklist`: of the stream as it is, or with `--assume-fixed` as it would be.
fn checklist(config: &Config, policy: &Policy, check: &Check, name: &str) -> Result<Exit, Error> {
    let items = checklist::find(name)?;
    let wanted = reports::checklists(config)?;
    let mut answered: Vec<Answered> = Vec::new();
    for (source, scope) in sources(config, policy, check)? {
        judge(config, policy, source, scope.clone(), false, &mut |hardened, policy, input| {
            if check.assume_fixed {
                let fixed = input::parse(Input { name: input.to_owned(), text: hardened.to_text() })?;
                let hardened = harden(&fixed, policy, scope.clone())?;
                answered.push(Answered::new(name, items, &hardened, policy, input));
            } else {
                answered.push(Answered::new(name, items, hardened, policy, input));
            }
            Ok(())
        })?;
    }
    reports::write_checklists(config, &wanted, &answered)?;
    Ok(if answered.iter().any(Answered::fails) { Exit::Refused } else { Exit::Written })
}

/// What is to be judged, streams and values files, each with what is known of its release.
fn sources(config: &Config, policy: &Policy, check: &Check) -> Result<Vec<(Input, Scope)>, Error> {
    let mut all = Vec::new();
    if check.values.is_empty() || !check.inputs.paths.is_empty() {
        let streams = files::inputs(config, &check.inputs)?.into_iter();
        all.extend(streams.map(|source| (source, config.scope(policy))));
    }
    for path in &check.values {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let scope = Scope { values: Some(name), ..config.scope(policy) };
        all.push((Input::from_file(path, config.limit)?, scope));
    }
    Ok(all)
}

/// What an earlier render holds, judged as the new one is.
fn old_render(
    config: &Config,
    policy: &Policy,
    old: &Path,
    inputs: &Inputs,
) -> Result<(Snapshot, Baseline), Error> {
    let (mut snapshot, mut findings) = (Snapshot::default(), Baseline::named(&old.display().to_string()));
    let inputs = Inputs { paths: vec![old.to_owned()], release_per: inputs.release_per };
    for source in files::inputs(config, &inputs)? {
        judge(config, policy, source, config.scope(policy), true, &mut |hardened, _, _| {
            snapshot.take(&hardened.release);
            findings.take(hardened);
            Ok(())
        })?;
    }
    Ok((snapshot, findings))
}

/// With nothing configured, `check` judges by production's gate.
fn judging_policy(config: &Config) -> Result<Policy, Error> {
    let mut policy = config.policy(&FunctionConfig::default())?;
    if !policy.is_configured() && config.common.gate.is_none() {
        policy.gate = load::load_environment("production", config.today)?.gate;
    }
    Ok(policy)
}

/// Plans one input under its policy and hands it over.
fn judge(
    config: &Config,
    policy: &Policy,
    source: Input,
    scope: Scope,
    whole: bool,
    take: &mut dyn FnMut(&mut Hardened<'_>, &Policy, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    let name = source.name.clone();
    let stream = if whole { input::parse_all(source)? } else { input::parse(source)? };
    let mut judged = config.for_stream(policy, &FunctionConfig::default(), &stream)?;
    if !policy.is_configured() && judged.is_configured() {
        // Production's gate, which judges by default, is no weaker than that of any environment a label names.
        judged.to_mut().gate = policy.gate;
    }
    let filled = resolving::resolved(config, &mut judged, &stream, &name)?;
    let stream = filled.map_or(stream, |filled| filled.stream);
    let mut hardened = harden(&stream, &judged, scope)?;
    take(&mut hardened, &judged, &name)
}

fn fails(hardened: &Hardened<'_>, assume_fixed: bool) -> bool {
    let changes = !hardened.changes.documents.is_empty() || !hardened.changes.added.is_empty();
    let pending = changes && hardened.has_new_fixes() && !assume_fixed;
    pending || !hardened.verdict.refusals.is_empty()
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
