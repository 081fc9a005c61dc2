//! A value of an object in a manifest, which keeps every other byte.

use std::fs::{self, File};
use std::path::Path;

use super::Order;
use super::words::Words;
use super::written::Written;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::to_stderr;
use crate::cli::secrets::opened::InTheClear;
use crate::cli::secrets::terms;
use crate::error::Error;
use crate::k8s::{Object, Release};
use crate::nearest::hint;
use crate::policy::{self, Policy};
use crate::secrets::holding::{self, Form, Held};
use crate::secrets::replace::Standing;
use crate::secrets::secret::{self, Fixed};
use crate::secrets::{Fault, kept};
use crate::wire::krm::FunctionConfig;
use crate::wire::{Input, files, input};
use crate::yaml::Value;

pub(super) fn run(config: &Config, order: &Order<'_>, path: &Path, policy: &Policy) -> Result<Exit, Error> {
    let source = Input::from_file(path, config.limit)?;
    let before = source.text.clone();
    let stream = input::parse_all(source)?;
    let policy = config.for_stream(policy, &FunctionConfig::default(), &stream)?;
    let release = Release::gather(&stream, config.scope(&policy));
    let (object, form, held) = find(config, order, &release, &policy)?;
    allowed(order, object, form, &policy).map_err(|fault| order.wrong(fault))?;
    let keyring = terms::identities(&order.wanted.store.keys);
    let clear = InTheClear::of(&stream, &release, &keyring);
    if let Some(error) = clear.error(object) {
        let place = format!("{}:{}", order.file, object.line_of(object.value));
        return Err(terms::wrong(&place, error));
    }
    let written = Written { object, form, clear: &clear };
    let annotation = |name: &str| clear.annotation(object, name);
    let keys = held.into_iter().map(|held| held.key).collect();
    let current = written.value(order.key);
    let change = order.change(&Standing { keys, annotation: &annotation }, current.as_ref())?;
    let words = Words::of(order, &change);
    let changes = written.changes(config, order, change)?;
    if !changes.is_empty() {
        let (text, notes) = written.text(config, order, &stream, &changes, &keyring)?;
        replace(path, &before, text)?;
        if !config.common.quiet {
            notes.iter().for_each(|note| to_stderr(&format!("note: {}: {note}\n", order.file)));
        }
    }
    words.say(config);
    Ok(Exit::Written)
}

/// The one object of that name.
fn find<'r, 'a>(
    config: &Config,
    order: &Order<'_>,
    release: &'r Release<'a>,
    policy: &Policy,
) -> Result<(&'r Object<'a>, Form, Vec<Held<'a>>), Error> {
    let all: Vec<(&Object<'a>, Form, Vec<Held<'a>>)> = release
        .objects
        .iter()
        .filter(|object| policy.selects(&object.id))
        .filter_map(|object| holding::of(object).map(|(form, held)| (object, form, held)))
        .collect();
    let mut names: Vec<&str> = all.iter().map(|(object, ..)| object.id.name.as_str()).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    let wanted = &config.common.namespace;
    let fits = |object: &Object<'_>| {
        object.id.name == order.name && (wanted.is_none() || object.id.namespace == *wanted)
    };
    let mut found = all.iter().filter(|(object, ..)| fits(object));
    match (found.next(), found.next()) {
        (Some((object, form, held)), None) => Ok((object, *form, held.clone())),
        (Some((one, ..)), Some((other, ..))) => {
            let place =
                |object: &Object<'_>| format!("{} in line {}", object.id, object.line_of(object.value));
            let message = format!("{} is meant by {} and by {}", order.name, place(one), place(other));
            Err(Error::usage(message, "--select KIND/NAME or --namespace says which"))
        }
        (None, _) if names.is_empty() => {
            let help = "rotate takes a store, a SealedSecret, or a Secret";
            Err(Error::usage(format!("{} holds no secret", order.file), help))
        }
        (None, _) if names.contains(&order.name) => {
            let message = format!("{} in {} is of another namespace", order.name, order.file);
            Err(Error::usage(message, "leave --namespace out, or name the one that it is in"))
        }
        (None, _) => {
            let help = hint(order.name, names.iter().copied(), &format!("it holds {}", names.join(", ")));
            Err(Error::usage(format!("{} is not in {}", order.name, order.file), help))
        }
    }
}

/// Whether this object is one whose values are made here.
fn allowed(order: &Order<'_>, object: &Object<'_>, form: Form, policy: &Policy) -> Result<(), Fault> {
    if form == Form::External {
        let (what, help) = elsewhere(object, order.key);
        return Err(Fault::new(what, help));
    }
    if let Ok(Some(fixed @ (Fixed::ServiceAccountToken | Fixed::BootstrapToken | Fixed::HelmRelease))) =
        secret::fixed(object.value)
    {
        return Err(Fault::new(format!("{}: {fixed}", object.id), "it is none of yours to replace"));
    }
    let immutable = ["immutable", "spec.template.immutable"];
    if immutable.iter().any(|path| object.value.path(path).and_then(Value::as_bool) == Some(true))
        && !order.wanted.force
    {
        let help = "give the new value a Secret of a new name; --force changes it here all the same";
        return Err(Fault::new(format!("{} is immutable: no cluster takes another value", object.id), help));
    }
    let keeps = !policy.file.is_empty() && policy.secrets.form_of(object) == policy::secrets::Form::Keep;
    if form == Form::Plain && !keeps && !kept::is_filled_by_others(object) {
        let help = match policy.secrets.form_of(object) {
            policy::secrets::Form::Sealed => "seal it first: hardtack secrets seal",
            policy::secrets::Form::External => "make the new value in the store that the policy names",
            policy::secrets::Form::Sops => "encrypt it first: hardtack secrets encrypt --in-place",
            policy::secrets::Form::Keep => {
                "encrypt it first: hardtack secrets encrypt --in-place, or seal it: hardtack secrets seal; a policy file that \
                 keeps Secrets (secrets: {to: keep}) lets it be"
            }
        };
        return Err(Fault::new(
            format!("{} is in plain text, and so would the new value be", object.id),
            help,
        ));
    }
    Ok(())
}

/// Who makes the values of an ExternalSecret.
fn elsewhere(object: &Object<'_>, key: &str) -> (String, String) {
    let text = |value: Option<Value<'_>>| value.and_then(Value::as_str).map(std::borrow::Cow::into_owned);
    let store = text(object.value.path("spec.secretStoreRef.name"));
    let store = store.map_or_else(|| "its store".to_owned(), |name| format!("the store {name}"));
    let items = object.value.path("spec.data").into_iter().flat_map(Value::items);
    let item = items
        .filter(|it| text(it.get("secretKey")).as_deref() == Some(key))
        .find_map(|it| it.get("remoteRef"));
    let remote = item.and_then(|it| text(it.get("key")));
    let property = item.and_then(|it| text(it.get("property"))).map(|it| format!(", property {it}"));
    let place = remote.map(|it| format!(" at {it}{}", property.unwrap_or_default())).unwrap_or_default();
    let help =
        format!("make the new value in {store}{place}; the operator takes it over at its next refresh");
    (format!("{} only refers to its values: {store} owns them", object.id), help)
}

/// Writes the file in one step, unless somebody else has written it since it was read.
fn replace(path: &Path, before: &str, after: String) -> Result<(), Error> {
    let failed = |error| Error::Io { action: "read", path: path.display().to_string(), error };
    let file = File::open(path).map_err(failed)?;
    file.lock().map_err(failed)?;
    if fs::read_to_string(path).map_err(failed)? != before {
        let message = format!("{} was changed by somebody else meanwhile", path.display());
        return Err(Error::usage(message, "nothing was written; do it again"));
    }
    files::replace_all(&[(path.to_owned(), after)])
}
