//! `hardtack secrets adopt`: the upgrade before Secrets leave the release, in which Helm learns to keep the live ones.

use super::args::Adopt;
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
use crate::policy::Policy;
use crate::validate::Verdict;
use crate::wire::files::join;
use crate::wire::input;
use crate::wire::krm::FunctionConfig;
use crate::yaml::Stream;

/// Marks and prints.
///
/// # Errors
/// Everything of [`Error`]; nothing is printed then.
pub(super) fn run(config: &Config, wanted: &Adopt) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    let inputs = Inputs { paths: wanted.paths.clone(), ..Inputs::default() };
    let mut whole = Vec::new();
    let mut marked = Vec::new();
    for source in files::inputs(config, &inputs)? {
        let stream = input::parse(source)?;
        join(&mut whole, one(config, &policy, &stream, &mut marked)?.as_bytes());
    }
    to_stdout(&whole)?;
    if !config.common.quiet {
        let words = match marked.len() {
            0 => "no Secret to adopt: every one keeps its form\n".to_owned(),
            count => format!(
                "adopted {count}: {}\nnext, once this is deployed: secrets: {{adopted: true}} in the policy\n",
                marked.join(", ")
            ),
        };
        to_stderr(&words);
    }
    Ok(Exit::Written)
}

fn one(config: &Config, policy: &Policy, stream: &Stream, marked: &mut Vec<String>) -> Result<String, Error> {
    let release = Release::gather(stream, config.scope(policy));
    let mut changes = Changes::default();
    let numbers = convert::adopt(stream, &release, &mut changes, policy)?;
    marked.extend(numbers.into_iter().map(|number| release.objects[number].id.to_string()));
    Ok(Hardened { stream, release, plan: Plan::default(), changes, verdict: Verdict::default() }.to_text())
}
