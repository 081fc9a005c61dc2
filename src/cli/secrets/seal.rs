//! `hardtack secrets seal`: Secrets become SealedSecrets, and nothing else changes.

use super::args::{ScopeWord, Seal};
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
use crate::policy::secrets::{Form, Run, Sealed, Target};
use crate::policy::{Policy, Secrets};
use crate::report::notes::notes;
use crate::secrets::sealed::{Certificate, Scope};
use crate::validate::Verdict;
use crate::wire::files::join;
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, input};
use crate::yaml::Stream;

/// Seals and prints.
///
/// # Errors
/// Everything of [`Error`]; nothing is printed then.
pub(super) fn run(config: &Config, wanted: &Seal) -> Result<Exit, Error> {
    let mut policy = Policy::unconfigured(config.today);
    let sealed = terms(config, wanted)?;
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

fn terms(config: &Config, wanted: &Seal) -> Result<Sealed, Error> {
    let scope = wanted.scope.map(|word| match word {
        ScopeWord::Strict => Scope::Strict,
        ScopeWord::NamespaceWide => Scope::NamespaceWide,
        ScopeWord::ClusterWide => Scope::ClusterWide,
    });
    let Some(path) = &wanted.cert else {
        let policy = config.policy(&FunctionConfig::default())?;
        let help = "kubeseal --fetch-cert > pub-cert.pem, then --cert pub-cert.pem";
        let of_policy =
            policy.secrets.sealed.ok_or_else(|| Error::usage("no certificate to seal with", help))?;
        return Ok(Sealed { scope: scope.or(of_policy.scope), ..of_policy });
    };
    let name = path.display().to_string();
    if name.starts_with("https://") || name.starts_with("http://") {
        let help = format!("fetch it first: curl -fo pub-cert.pem {name}; then --cert pub-cert.pem");
        return Err(Error::usage("--cert takes a file: sealing asks no network", help));
    }
    let pem = Input::from_file(path, 1 << 20)?;
    let certificate = Certificate::from_pem(pem.text.as_bytes())
        .map_err(|fault| Error::usage(format!("certificate {name}: {fault}"), fault.help))?;
    Ok(Sealed { certificate, place: format!("certificate {name}"), scope })
}
