//! `secrets scan`: where credentials stand in plain text.

use std::path::Path;

use super::args::Scan as Wanted;
use super::exempt;
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{stdout_layout, to_stdout};
use crate::error::Error;
use crate::finding::Finding;
use crate::k8s::Release;
use crate::policy::Policy;
use crate::report::scan::Scan;
use crate::secrets::find::{Finder, Suspect};
use crate::secrets::{DigestKey, kept, unstable};
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, input};
use crate::yaml::Stream;

/// The rules whose exemptions count here.
const RULES: [&str; 6] = [
    "secret-in-env",
    "secret-in-arguments",
    "secret-in-config-map",
    "secret-in-object",
    "credentials-in-url",
    "secret-placeholder",
];

/// Prints what is found: exit 0 when there is nothing, 1 when there is something that nobody allowed.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &Wanted) -> Result<Exit, Error> {
    let json = wants_json(config)?;
    let key = config.digest_key()?.and_then(|key| DigestKey::new(key.expose().to_vec()));
    let policy = config.policy(&FunctionConfig::default())?;
    let mut others =
        wanted.compare.as_deref().map(|path| renders(config, path, &wanted.inputs)).transpose()?;
    let mut scan = Scan::default();
    for source in files::inputs(config, &wanted.inputs)? {
        let name = source.name.clone();
        let stream = input::parse(source)?;
        let policy = config.for_stream(&policy, &FunctionConfig::default(), &stream)?;
        let release = Release::gather(&stream, config.scope(&policy));
        look(&release, &policy, &name, wanted.all, key.as_ref(), &mut scan)?;
        for other in others.iter_mut().flatten() {
            let other = Release::gather(other, config.scope(&policy));
            for unstable in unstable::compare(&release, &other) {
                scan.add_unstable(&name, &release.objects[unstable.object], unstable);
            }
        }
    }
    if json {
        to_stdout(scan.json().as_bytes())?;
    } else if !config.common.quiet {
        to_stdout(scan.text(stdout_layout(config).paint).as_bytes())?;
    }
    Ok(if scan.fails() { Exit::Refused } else { Exit::Written })
}

fn wants_json(config: &Config) -> Result<bool, Error> {
    match config.common.report.iter().find(|format| !matches!(format.as_str(), "json" | "text")) {
        Some(other) => Err(Error::usage(
            format!("secrets scan has no report {other:?}"),
            "--report json, or text, both to standard output; hardtack check writes the other formats",
        )),
        None => Ok(config.common.report.iter().any(|format| format == "json")),
    }
}

fn renders(config: &Config, path: &Path, inputs: &Inputs) -> Result<Vec<Stream>, Error> {
    let inputs = Inputs { paths: vec![path.to_owned()], release_per: inputs.release_per };
    files::inputs(config, &inputs)?.into_iter().map(|source: Input| input::parse(source)).collect()
}

fn look(
    release: &Release<'_>,
    policy: &Policy,
    name: &str,
    all: bool,
    key: Option<&DigestKey>,
    scan: &mut Scan,
) -> Result<(), Error> {
    let finder = Finder::new(release);
    let allowed = exempt::findings(release, policy, &RULES)?;
    let selected = release.objects.iter().filter(|object| policy.selects(&object.id));
    for object in selected {
        scan.looked_at(1);
        for suspect in finder.in_object(object) {
            let reason =
                allowed.iter().find(|finding| is_about(finding, &suspect)).and_then(|it| it.reason.clone());
            scan.add(name, object, &suspect, reason, key);
        }
        let keys = if all { kept::keys(object) } else { Vec::new() };
        if !keys.is_empty() {
            scan.add_secret(name, object, keys);
        }
    }
    Ok(())
}

fn is_about(finding: &Finding, suspect: &Suspect<'_>) -> bool {
    finding.object == suspect.object
        && finding.rule == suspect.rule()
        && finding.route == suspect.route
        && finding.line == suspect.line
}
