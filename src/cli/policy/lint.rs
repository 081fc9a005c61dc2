//! `policy lint`: what is allowed in a policy file and yet surely not meant.

use std::path::PathBuf;

use super::args::Lint;
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{stdout_layout, to_stdout};
use crate::error::Error;
use crate::harden::{Hardened, harden};
use crate::load::layers::{self, Layers};
use crate::load::lint::{Warning, lint};
use crate::load::resolve::mean;
use crate::load::{Source, merge};
use crate::policy::{Exemption, Match, Policy};
use crate::wire::input;
use crate::yaml::Route;

/// Prints every remark: exit 0 when there is none, 1 when there are some.
///
/// # Errors
/// Everything of [`Error`]: a policy that cannot be read.
pub fn run(config: &Config, wanted: &Lint) -> Result<Exit, Error> {
    let (file, source) = match (&wanted.file, config.file_in_force()?) {
        (Some(path), _) => (layers::read_file(path)?, Source::of_file(path)),
        (None, Some(found)) => found,
        (None, None) => {
            let help = "name it: hardtack policy lint policies/shop.yaml";
            return Err(Error::usage("there is no policy file to look at", help));
        }
    };
    let mut warnings = lint(&file, &source, config.today)?;
    if !wanted.against.is_empty() {
        let layers = layers::gather(file.clone(), &source, config.common.environment.as_deref())?;
        warnings.extend(against(config, &wanted.against, layers)?);
    }
    let exit = if warnings.is_empty() { Exit::Written } else { Exit::Refused };
    if config.common.report.iter().any(|format| format == "json") {
        let report = serde_json::json!({"version": 1, "file": source.name, "warnings": warnings});
        to_stdout(format!("{report:#}\n").as_bytes())?;
    } else if !config.common.quiet {
        to_stdout(words(config, &source.name, &warnings).as_bytes())?;
    }
    Ok(exit)
}

fn words(config: &Config, name: &str, warnings: &[Warning]) -> String {
    let paint = stdout_layout(config).paint;
    let mut out = String::new();
    for warning in warnings {
        let place = match warning {
            Warning { line: 0, file, .. } => file.clone(),
            Warning { line, column, file, .. } => format!("{file}:{line}:{column}"),
        };
        out.push_str(&format!("{} {place}: {}\n", paint.yellow("warning:"), warning.message));
        if !warning.help.is_empty() {
            out.push_str(&format!("  {} {}\n", paint.cyan("help:"), warning.help));
        }
    }
    let count = match warnings.len() {
        0 => "nothing odd".to_owned(),
        1 => "1 warning".to_owned(),
        count => format!("{count} warnings"),
    };
    out.push_str(&format!("{name}: {count}\n"));
    out
}

/// Entries and exemptions that fit nothing in any of the releases.
fn against(config: &Config, renders: &[PathBuf], layers: Layers) -> Result<Vec<Warning>, Error> {
    let places = merge::merged(&layers).places(&Route::root());
    let file = layers.list.last().map(|layer| layer.source.name.clone()).unwrap_or_default();
    let policy = mean(layers, config.today)?;
    let inputs = Inputs { paths: renders.to_vec(), ..Inputs::default() };
    let mut unfit = entries(&policy);
    let mut unused: Vec<&Exemption> = policy.exemptions.iter().collect();
    for source in files::inputs(config, &inputs)? {
        let stream = input::parse(source)?;
        let hardened = harden(&stream, &policy, config.scope(&policy))?;
        unfit.retain(|(_, matches)| !fits(&hardened, matches));
        unused.retain(|exemption| {
            let mut findings =
                hardened.plan.findings.iter().filter(|finding| exemption.allows(&finding.rule));
            !findings.any(|finding| exemption.matches.is_about(&hardened.release, finding))
        });
    }
    let warning = |message: String| Warning {
        file: file.clone(),
        line: 0,
        column: 0,
        message,
        help: "drop it, or mend its match".to_owned(),
    };
    let place = |route: &Route| {
        let found = places.iter().find(|(known, _)| known.starts_with(route));
        found.map_or_else(|| route.to_string(), |(_, place)| place.clone())
    };
    let unfit = unfit.iter().map(|(route, _)| {
        warning(format!("the entry at {} matches nothing in what was rendered", place(route)))
    });
    let unused = unused.iter().map(|exemption| {
        let rules = exemption.allow.join(", ");
        warning(format!("the exemption at {} allows {rules}, which nothing rendered has", exemption.origin))
    });
    Ok(unfit.chain(unused).collect())
}

/// Entries with a match, by their route in the policy in force.
fn entries(policy: &Policy) -> Vec<(Route, Match)> {
    let named = |key: &'static str, list: Vec<&Match>| {
        let entries = list.into_iter().cloned().enumerate().filter(|(_, it)| *it != Match::default());
        entries.map(|(number, it)| (Route::root().key(key).index(number), it)).collect::<Vec<_>>()
    };
    let run_as = named("securityContext", policy.run_as.iter().map(|it| &it.matches).collect());
    let probes = named("probes", policy.probes.iter().map(|it| &it.matches).collect());
    let resources = named("resources", policy.resources.iter().map(|it| &it.matches).collect());
    [run_as, probes, resources].concat()
}

fn fits(hardened: &Hardened<'_>, matches: &Match) -> bool {
    hardened.release.objects.iter().any(|object| matches.picks(&hardened.release, object))
}
