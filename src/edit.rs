//! Carries a plan out: the documents that change, and the documents that are added.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::finding::{Addition, Status};
use crate::k8s::template::HELM4_FILE;
use crate::k8s::{Object, Release, order};
use crate::plan::Plan;
use crate::yaml::edit::{EditError, Edited};
use crate::yaml::{self, Data, Edit, Stream, Value, edit};

/// What differs from the input.
#[derive(Debug, Default)]
pub struct Changes {
    /// By number of the document.
    pub documents: BTreeMap<usize, Edited>,
    /// Texts of added documents, by the number of the document they come before; the number of documents for the end.
    pub added: BTreeMap<usize, Vec<String>>,
    /// Numbers of documents that hold or held a secret: no comment on their separator line is written, and none of
    /// their old lines is shown.
    pub with_secrets: BTreeSet<usize>,
}

impl Changes {
    /// Lines that were not there before.
    #[must_use]
    pub fn lines_added(&self) -> usize {
        let inside: usize = self.documents.values().map(|document| document.lines_added).sum();
        inside + self.added.values().flatten().map(|text| text.lines().count() + 1).sum::<usize>()
    }

    /// Lines of the input that are gone or read differently.
    #[must_use]
    pub fn lines_rewritten(&self) -> usize {
        self.documents.values().map(|document| document.lines_rewritten).sum()
    }

    /// The document's root as it will be.
    #[must_use]
    pub fn root<'c>(&'c self, stream: &'c Stream, number: usize) -> Option<Value<'c>> {
        match self.documents.get(&number) {
            Some(edited) => edited.tree.root(&edited.text),
            None => stream.root(&stream.documents[number]),
        }
    }
}

/// Makes the plan's edits. A fix that cannot be made, because something of the wrong shape stands in its way, turns
/// back into an open finding.
///
/// # Errors
/// [`Error::Edit`] when an edit did not land exactly as planned: then nothing may be written.
pub fn edit(stream: &Stream, release: &Release<'_>, plan: &mut Plan) -> Result<Changes, Error> {
    let mut changes = Changes::default();
    if is_resource_list(stream) {
        move_additions_into_items(plan, release);
    }
    for (document, fixes) in plan.fixes_by_document(release) {
        let Some(root) = stream.root(&stream.documents[document]) else { continue };
        let mut edits = plan.edits(&fixes);
        while !edits.is_empty() {
            match edit::apply(root, &edits) {
                Ok(edited) => {
                    changes.documents.insert(document, edited);
                    break;
                }
                Err(error) => give_up(&error, document, &fixes, release, plan)?,
            }
            edits = plan.edits(&fixes);
        }
    }
    for finding in plan.findings.iter().filter(|finding| finding.status == Status::Fixed) {
        for addition in &finding.additions {
            let before = order::position(release, &addition.data, stream.documents.len());
            changes.added.entry(before).or_default().push(document_text(stream, release, addition));
        }
    }
    Ok(changes)
}

fn is_resource_list(stream: &Stream) -> bool {
    stream
        .documents
        .iter()
        .filter_map(|document| stream.root(document))
        .next()
        .is_some_and(|root| root.get("kind").and_then(Value::as_str).as_deref() == Some("ResourceList"))
}

fn move_additions_into_items(plan: &mut Plan, release: &Release<'_>) {
    for finding in &mut plan.findings {
        for addition in std::mem::take(&mut finding.additions) {
            let object = &release.objects[addition.beside];
            let items = object.route.steps()[..object.route.steps().len() - 1].iter().cloned().collect();
            finding.edits.push(Edit { route: items, op: yaml::Op::Append(addition.data) });
        }
    }
}

/// Turns the findings whose edit cannot be made back into open ones.
fn give_up(
    error: &EditError,
    document: usize,
    fixes: &[usize],
    release: &Release<'_>,
    plan: &mut Plan,
) -> Result<(), Error> {
    let route = match error {
        EditError::WrongType { route, .. }
        | EditError::Conflict(route)
        | EditError::Unsupported { route, .. } => route,
        EditError::NotAsPlanned(_) => return Err(failed(error, document, release)),
    };
    let mut hit = false;
    for number in fixes {
        let finding = &mut plan.findings[*number];
        if finding.edits.iter().any(|edit| edit.route.starts_with(route) || route.starts_with(&edit.route)) {
            finding.edits.clear();
            finding.additions.clear();
            finding.status = Status::Open;
            finding.help = format!("not fixed: {error}");
            hit = true;
        }
    }
    if hit { Ok(()) } else { Err(failed(error, document, release)) }
}

fn failed(error: &EditError, document: usize, release: &Release<'_>) -> Error {
    let object = release.objects.iter().find(|object| object.document == document);
    let object = object.map_or_else(|| format!("document {}", document + 1), Object::with_template);
    Error::Edit { object, error: Box::new(error.clone()) }
}

/// The text of an added document, with the template that Helm is told it comes from.
pub(crate) fn document_text(stream: &Stream, release: &Release<'_>, addition: &Addition) -> String {
    let newline = if stream.text.contains("\r\n") { "\r\n" } else { "\n" };
    let beside = &release.objects[addition.beside];
    let mut data = addition.data.clone();
    let Some(template) = &beside.template else { return yaml::write::document(&data, newline) };
    let name = data.pointer("/metadata/name").and_then(Data::as_str).unwrap_or("object").to_owned();
    let folder = template.rsplit_once('/').map_or("templates", |(folder, _)| folder);
    let file = format!("{folder}/hardtack-{name}.yaml");
    if beside.annotation(HELM4_FILE).is_some() {
        if let Some(metadata) = data.get_mut("metadata").and_then(Data::as_object_mut) {
            let annotations =
                metadata.entry("annotations").or_insert_with(|| Data::Object(serde_json::Map::default()));
            if let Some(annotations) = annotations.as_object_mut() {
                annotations.insert(HELM4_FILE.to_owned(), Data::String(file));
            }
        }
        return yaml::write::document(&data, newline);
    }
    format!("# Source: {file}{newline}{}", yaml::write::document(&data, newline))
}
