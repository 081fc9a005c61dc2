//! `hardtack secrets seal`: Secrets become SealedSecrets, and nothing else changes.

use super::args::Seal;
use super::sealing;
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{to_stderr, to_stdout};
use crate::convert;
use crate::edit::Changes;
use crate::error::Error;
use crate::harden::Hardened;
use crate::k8s::Release;
use crate::plan::Plan;
use crate::policy::secrets::{Form, Run, Target};
use crate::policy::{Policy, Secrets};
use crate::report::notes::notes;
use crate::validate::Verdict;
use crate::wire::files::join;
use crate::wire::input;
use crate::yaml::Stream;

/// Seals and prints.
///
/// # Errors
/// Everything of [`Error`]; nothing is printed then.
pub(super) fn run(config: &Config, wanted: &Seal) -> Result<Exit, Error> {
    let mut policy = Policy::unconfigured(config.today);
    let sealed = sealing::terms(config, wanted.cert.as_deref(), wanted.scope)?;
    policy.secrets = Secrets { to: Form::Sealed, sealed: Some(sealed), ..Secrets::default() };
    policy.secrets.run = Run { target: Target::Git, ..config.of_secrets()? };
    let inputs = Inputs { paths: wanted.paths.clone(), ..Inputs::default() };
    let mut whole = Vec::new();
    let mut sealed = 0;
    for source in files::inputs(config, &inputs)? {
        let stream = input::parse(source)?;
        let (text, count) = one(config, &policy, &stream)?;
        sealed += count;
        join(&mut whole, text.as_bytes());
    }
    if sealed == 0 {
        let help = "kind: Secret with data or stringData is what is sealed";
        return Err(Error::usage("there is no Secret to seal", help));
    }
    to_stdout(&whole).map(|()| Exit::Written)
}

fn one(config: &Config, policy: &Policy, stream: &Stream) -> Result<(String, usize), Error> {
    let release = Release::gather(stream, config.scope(policy));
    if let Some(wanted) = &config.common.namespace {
        let differs = |named: &str| named != wanted;
        for object in release.objects.iter().filter(|object| object.is("", "Secret")) {
            if let Some(named) = object.id.namespace.as_deref().filter(|named| differs(named)) {
                let message = format!("{} is of namespace {named}, not {wanted}", object.with_template());
                return Err(Error::usage(message, "leave --namespace out: it is for objects that name none"));
            }
        }
    }
    let (mut plan, mut changes) = (Plan::default(), Changes::default());
    convert::forms(stream, &release, &mut plan, &mut changes, policy)?;
    let count = plan.findings.len();
    let hardened = Hardened { stream, release, plan, changes, verdict: Verdict::default() };
    if !config.common.quiet {
        notes(&hardened).iter().for_each(|note| to_stderr(&format!("{}\n", note.text())));
    }
    Ok((hardened.to_text(), count))
}
