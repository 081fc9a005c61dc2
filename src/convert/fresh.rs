//! Secrets that take in what moves: new ones, or values more in one that the stream has.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, json};

use super::work::{Locked, Work};
use super::{adopt, external, forms};
use crate::edit::document_text;
use crate::error::Error;
use crate::finding::Addition;
use crate::k8s::{Identity, Object, order};
use crate::policy::secrets::Form;
use crate::secrets::{Plain, Secret, secret};
use crate::yaml::stream::parse_document;
use crate::yaml::{Data, Edit, Op, Route, Step, Value, write};

/// What a Secret is to take in.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// By key.
    pub values: BTreeMap<String, Plain>,
    /// Number of the object that they come from first.
    pub beside: usize,
}

/// Secrets by namespace, as objects name it, and by name.
pub(super) type Fresh = BTreeMap<(Option<String>, String), Taken>;

/// The Secret of that name in the stream.
pub(super) fn existing<'w>(work: &'w Work<'_, '_>, beside: usize, name: &str) -> Option<&'w Object<'w>> {
    let namespace = work.namespace(beside);
    let same = |it: &&Object<'_>| {
        it.is("", "Secret") && it.id.name == name && it.id.namespace.as_deref() == namespace
    };
    work.release.objects.iter().find(same)
}

/// The key under which a value goes into a Secret: `key`, or with `owner` before it where that holds something else.
///
/// # Errors
/// Why the Secret cannot take it.
pub(super) fn place(
    work: &Work<'_, '_>,
    fresh: &Fresh,
    (beside, name): (usize, &str),
    (owner, key): (&str, &str),
    plain: &Plain,
) -> Result<String, String> {
    let mut held: BTreeMap<String, Plain> = BTreeMap::new();
    if let Some(object) = existing(work, beside, name) {
        let value = work.value(object).ok_or("its Secret cannot be read")?;
        match secret::fixed(value) {
            Ok(None | Some(secret::Fixed::Empty)) => {}
            Ok(Some(fixed)) => return Err(format!("Secret/{name} takes nothing more: {fixed}")),
            Err(error) => return Err(format!("Secret/{name} cannot be read: {error}")),
        }
        let read = Secret::read(value).map_err(|error| format!("Secret/{name} cannot be read: {error}"))?;
        if read.immutable == Some(true) {
            return Err(format!("Secret/{name} takes nothing more: it is immutable"));
        }
        held.extend(read.values);
    }
    let space = (own_namespace(work, beside), name.to_owned());
    held.extend(fresh.get(&space).into_iter().flat_map(|taken| taken.values.clone()));
    for candidate in [key.to_owned(), format!("{owner}.{key}")] {
        if secret::is_key(&candidate) && held.get(&candidate).is_none_or(|it| it == plain) {
            return Ok(candidate);
        }
    }
    Err(format!("Secret/{name} holds another {key} already"))
}

/// The namespace that the object itself names.
pub(super) fn own_namespace(work: &Work<'_, '_>, object: usize) -> Option<String> {
    let metadata = work.release.objects[object].value.get("metadata")?;
    metadata.get("namespace").and_then(Value::as_str).map(std::borrow::Cow::into_owned)
}

/// Adds the Secrets to the stream, each at once in the form that the policy says.
pub(super) fn add(work: &mut Work<'_, '_>, fresh: Fresh) -> Result<(), Error> {
    for ((namespace, name), taken) in fresh {
        if let Some(number) = existing(work, taken.beside, &name).map(|object| object.number) {
            let object = &work.release.objects[number];
            let in_text = work
                .value(object)
                .and_then(|it| it.get("stringData"))
                .map(Value::entries)
                .unwrap_or_default();
            let in_text: Vec<String> = in_text.into_iter().map(|(key, _)| key.into_owned()).collect();
            let missing = taken.values.into_iter().filter(|(key, _)| !in_text.contains(key));
            let data = object.route.key("data");
            let edits: Vec<Edit> = missing
                .map(|(key, plain)| Edit {
                    route: data.key(key),
                    op: Op::Set(Data::String(STANDARD.encode(plain.expose()))),
                })
                .collect();
            work.edit(number, &edits)?;
        } else {
            new(work, namespace, name, taken)?;
        }
    }
    Ok(())
}

fn new(work: &mut Work<'_, '_>, namespace: Option<String>, name: String, taken: Taken) -> Result<(), Error> {
    let beside = &work.release.objects[taken.beside];
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), json!(name));
    if let Some(namespace) = &namespace {
        metadata.insert("namespace".to_owned(), json!(namespace));
    }
    let labels = beside.value.get("metadata").and_then(|it| it.get("labels")).map(Value::to_data);
    if let Some(labels) = labels.filter(|labels| labels.as_object().is_some_and(|it| !it.is_empty())) {
        metadata.insert("labels".to_owned(), labels);
    }
    let values: Map<String, Data> = taken
        .values
        .iter()
        .map(|(key, plain)| (key.clone(), json!(STANDARD.encode(plain.expose()))))
        .collect();
    let mut plain = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": secret::OPAQUE, "data": values,
    });
    let text = zeroize::Zeroizing::new(write::document(&plain, "\n"));
    let tree = parse_document(&text).unwrap_or_default();
    let Some(value) = tree.root(&text) else { return Ok(()) };
    let id = Identity {
        api_version: "v1".to_owned(),
        kind: "Secret".to_owned(),
        namespace: beside.id.namespace.clone(),
        name,
    };
    let object = Object { id, route: Route::root(), value, ..beside.clone() };
    let adopt = work.policy.secrets.run.adopt;
    let form = if adopt { Form::Keep } else { work.policy.secrets.form_of(&object) };
    let marks = if adopt { adopt::marks(&object, work.policy) } else { None };
    let secret =
        Secret { namespace, values: taken.values, name: object.id.name.clone(), ..Secret::default() };
    for (key, value) in marks.into_iter().flatten() {
        plain["metadata"]["annotations"][key] = json!(value);
    }
    let failed = |fault| work.fault(taken.beside, fault);
    let mut note = None;
    let (data, needs) = match form {
        Form::Keep => (plain, Vec::new()),
        _ => {
            let formed = forms::formed(work, &object, &secret, form).map_err(failed)?;
            let needs =
                if form == Form::External { external::needs(work, &object, &secret) } else { Ok(Vec::new()) };
            note = formed.note;
            (formed.data, needs.map_err(failed)?)
        }
    };
    note.into_iter().for_each(|words| work.note(taken.beside, words));
    if form == Form::External {
        external::finish(work, taken.beside, &secret, needs)?;
    }
    if form != Form::Keep {
        work.locked.push(Locked { secret, object: taken.beside, form });
    }
    insert(work, taken.beside, data)
}

/// A new document in the place where Helm would create it, or a new item of a function's list.
fn insert(work: &mut Work<'_, '_>, beside: usize, data: Data) -> Result<(), Error> {
    let object = &work.release.objects[beside];
    let steps = object.route.steps();
    let root = work.changes.root(work.stream, object.document);
    let is_list =
        |root: Value<'_>| root.get("kind").and_then(Value::as_str).as_deref() == Some("ResourceList");
    if root.is_some_and(is_list) && matches!(steps, [Step::Key(_), Step::Index(_)]) {
        let items: Route = steps[..1].iter().cloned().collect();
        return work.edit(beside, &[Edit { route: items, op: Op::Append(data) }]);
    }
    let before = order::position(work.release, &data, work.stream.documents.len());
    let text = document_text(work.stream, work.release, &Addition { data, beside });
    work.changes.added.entry(before).or_default().push(text);
    Ok(())
}
