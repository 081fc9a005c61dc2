//! `hardtack secrets adopt`: the upgrade before Secrets leave the release, in which Helm learns to keep the live ones.

use std::collections::BTreeMap;

use super::args::Adopt;
use crate::cli::args::Inputs;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::output::{to_stderr, to_stdout};
use crate::edit::Changes;
use crate::error::Error;
use crate::harden::Hardened;
use crate::k8s::{Object, Release};
use crate::plan::Plan;
use crate::policy::Policy;
use crate::policy::secrets::Form;
use crate::secrets::sealed::MANAGED;
use crate::secrets::secret;
use crate::validate::Verdict;
use crate::wire::files::join;
use crate::wire::input;
use crate::wire::krm::FunctionConfig;
use crate::yaml::{Data, Edit, Op, Stream, edit};

/// Helm deletes no live object that carries it.
const POLICY: &str = "helm.sh/resource-policy";

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
    let mut edits: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    for object in release.objects.iter().filter(|object| policy.selects(&object.id)) {
        let Some(marks) = marks(object, policy) else { continue };
        marked.push(object.id.to_string());
        let annotations = object.route.path("metadata.annotations");
        edits.entry(object.document).or_default().extend(marks.into_iter().map(|(key, value)| Edit {
            route: annotations.key(key),
            op: Op::Set(Data::String(value.to_owned())),
        }));
    }
    let mut changes = Changes::default();
    for (document, edits) in edits {
        let Some(root) = stream.root(&stream.documents[document]) else { continue };
        let edited = edit::apply(root, &edits).map_err(|error| Error::Edit {
            object: format!("document {}", document + 1),
            error: Box::new(error),
        })?;
        changes.documents.insert(document, edited);
    }
    Ok(Hardened { stream, release, plan: Plan::default(), changes, verdict: Verdict::default() }.to_text())
}

/// What a Secret is marked with: those that a policy converts, or without such a policy all that can be converted.
fn marks(object: &Object<'_>, policy: &Policy) -> Option<Vec<(&'static str, &'static str)>> {
    if !object.is("", "Secret") || object.is_hook() || !matches!(secret::fixed(object.value), Ok(None)) {
        return None;
    }
    let form = policy.secrets.form_of(object);
    if policy.secrets.converts() && matches!(form, Form::Keep | Form::Sops) {
        return None;
    }
    let managed = (form != Form::External).then_some((MANAGED, "true"));
    Some([(POLICY, "keep")].into_iter().chain(managed).collect())
}
