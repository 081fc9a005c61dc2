//! `hardtack secrets doctor`: what no post-renderer reaches, and which of it applies to this chart, stream and machine.

mod chart;
mod helm;

use super::args::{Doctor, DoctorFormat};
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{stdout_layout, to_stdout};
use crate::error::Error;
use crate::k8s::Release;
use crate::policy::secrets::{Form, Target};
use crate::policy::{Policy, Secrets};
use crate::report::limits::{self, Limit, State};
use crate::secrets::find::Finder;
use crate::wire::input;
use crate::wire::krm::FunctionConfig;

use helm::Helm;

/// Prints all limits. It finds no fault, so the exit code is 0.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &Doctor) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    let helm = Helm::of_this_machine();
    let mut all = vec![hooks(config, &policy, wanted, &helm)?];
    all.push(chart::notes(config.common.chart.as_deref())?);
    all.push(record(&policy.secrets));
    all.push(chart::values(config.common.chart.as_deref(), &wanted.values, config.limit)?);
    all.push(form(&policy.secrets));
    all.push(digests(&policy.secrets));
    match wanted.format {
        DoctorFormat::Json => to_stdout(limits::json(&all).as_bytes())?,
        DoctorFormat::Text => {
            let layout = stdout_layout(config);
            to_stdout(limits::text(&all, layout.paint, layout.width).as_bytes())?;
        }
    }
    Ok(Exit::Written)
}

/// Hooks that hold a secret, which Helm 3 hands to no post-renderer.
fn hooks(config: &Config, policy: &Policy, wanted: &Doctor, helm: &Helm) -> Result<Limit, Error> {
    let mut holding = Vec::new();
    let inputs = Inputs { paths: wanted.paths.clone(), ..Inputs::default() };
    for source in if wanted.paths.is_empty() { Vec::new() } else { files::inputs(config, &inputs)? } {
        let stream = input::parse(source)?;
        let release = Release::gather(&stream, config.scope(policy));
        let finder = Finder::new(&release);
        let hooks = release.objects.iter().filter(|object| object.is_hook());
        let with = hooks.filter(|hook| hook.is("", "Secret") || !finder.in_object(hook).is_empty());
        holding.extend(with.map(crate::k8s::Object::with_template));
    }
    let (state, why, help) = match (wanted.paths.is_empty(), holding.is_empty(), helm.hands_hooks_over()) {
        (true, ..) => (
            State::CannotBeTold,
            format!("no manifests were named; {helm}"),
            "name the output of helm template",
        ),
        (_, true, _) => (State::DoesNot, "no hook of these manifests holds a secret".to_owned(), ""),
        (_, _, Some(true)) => {
            (State::DoesNot, format!("{helm} hands hooks over: {}", holding.join(", ")), "")
        }
        (_, _, told) => {
            let state = if told.is_some() { State::Applies } else { State::CannotBeTold };
            let help = "helm template … | hardtack sees hooks too, and so does Helm 4";
            (state, format!("{helm}; hooks that hold a secret: {}", holding.join(", ")), help)
        }
    };
    Ok(Limit { id: "helm-hooks", what: "hooks under Helm 3", state, why, help: help.to_owned() })
}

/// Helm's own record of a release.
fn record(secrets: &Secrets) -> Limit {
    let (state, why, help) = match secrets.run.target {
        Target::Git => {
            (State::DoesNot, "the output goes into a repository, and no Helm installs it (--target git)", "")
        }
        Target::Apply => (
            State::Applies,
            "every helm install and upgrade keeps the chart and the values that were given in a Secret sh.helm.release.v1.…, compressed and not encrypted, readable by whoever may read Secrets in the namespace",
            "keep values out of what Helm is given: references (--resolve), secrets: {to: external}, or --target git",
        ),
    };
    let what = "Helm's record of the release";
    Limit { id: "release-record", what, state, why: why.to_owned(), help: help.to_owned() }
}

/// What the policy makes of Secrets, and whether that is anything.
fn form(secrets: &Secrets) -> Limit {
    let (state, why, help) = match (secrets.converts(), secrets.to) {
        (false, _) => (
            State::Applies,
            "Secrets stay as they are: base64 in the stream, and in whatever keeps it".to_owned(),
            "secrets: {to: sealed}, {to: sops} or {to: external} in the policy",
        ),
        (true, Form::Sops) if secrets.run.target == Target::Apply => {
            (State::Applies, "to: sops is refused straight to the cluster".to_owned(), "--target git")
        }
        (true, to) => (State::DoesNot, format!("Secrets become what the policy says ({})", to.word()), ""),
    };
    Limit { id: "plain-secrets", what: "Secrets that stay plain", state, why, help: help.to_owned() }
}

/// Whether a later run can tell what has changed.
fn digests(secrets: &Secrets) -> Limit {
    let (state, why, help) = if secrets.run.digest_key.is_some() {
        (State::DoesNot, "HARDTACK_DIGEST_KEY_FILE names a key", "")
    } else if !secrets.converts() {
        (State::DoesNot, "no Secret changes its form", "")
    } else {
        let why = "no digest key: pods do not restart when a converted value changes, and sealed values are sealed anew in every run";
        (State::Applies, why, "openssl rand -hex 32 > digest.key; HARDTACK_DIGEST_KEY_FILE=digest.key")
    };
    let what = "changes that cannot be seen";
    Limit { id: "no-digest-key", what, state, why: why.to_owned(), help: help.to_owned() }
}
