//! Secrets stay what they are for one more deploy, and Helm learns to keep the live ones.

use super::PLAIN;
use super::work::Work;
use crate::error::Error;
use crate::k8s::Object;
use crate::policy::Policy;
use crate::policy::secrets::Form;
use crate::secrets::sealed::MANAGED;
use crate::secrets::secret;
use crate::yaml::{Data, Edit, Op};

/// Helm deletes no live object that carries it.
const POLICY: &str = "helm.sh/resource-policy";

/// Marks the Secrets that are to change their form; their numbers.
pub(super) fn run(work: &mut Work<'_, '_>) -> Result<Vec<usize>, Error> {
    let objects = work.release.objects.iter().filter(|object| work.policy.selects(&object.id));
    let wanted = objects.filter(|object| !work.is_exempt(PLAIN, object.number));
    let planned: Vec<(usize, Vec<Edit>)> =
        wanted.filter_map(|object| Some((object.number, edits(object, work.policy)?))).collect();
    let mut marked = Vec::new();
    for (number, edits) in planned {
        work.edit(number, &edits)?;
        marked.push(number);
    }
    Ok(marked)
}

fn edits(object: &Object<'_>, policy: &Policy) -> Option<Vec<Edit>> {
    if !object.is("", "Secret") || object.is_hook() || !matches!(secret::fixed(object.value), Ok(None)) {
        return None;
    }
    let annotations = object.route.path("metadata.annotations");
    let edit = |(key, value): (&'static str, &str)| Edit {
        route: annotations.key(key),
        op: Op::Set(Data::String(value.to_owned())),
    };
    Some(marks(object, policy)?.into_iter().map(edit).collect())
}

/// The annotations of a Secret that a policy converts, or without such a policy of any.
pub(super) fn marks(object: &Object<'_>, policy: &Policy) -> Option<Vec<(&'static str, &'static str)>> {
    let form = policy.secrets.form_of(object);
    if policy.secrets.converts() && matches!(form, Form::Keep | Form::Sops) {
        return None;
    }
    let managed = (form != Form::External).then_some((MANAGED, "true"));
    Some([(POLICY, "keep")].into_iter().chain(managed).collect())
}
