//! The stream in the state the edits left it in, and the changes that conversions add.

use crate::edit::Changes;
use crate::error::Error;
use crate::finding::{Finding, Severity, Status};
use crate::k8s::{Object, Release, Workload, workload};
use crate::plan::Plan;
use crate::policy::Policy;
use crate::policy::secrets::Form;
use crate::secrets::{Fault, Secret};
use crate::yaml::edit::{EditError, Edited};
use crate::yaml::{Data, Edit, Stream, Value, comments, edit, rewrite};

/// A conversion under way.
pub(super) struct Work<'w, 's> {
    pub stream: &'s Stream,
    pub release: &'w Release<'s>,
    pub plan: &'w mut Plan,
    pub changes: &'w mut Changes,
    pub policy: &'w Policy,
    /// What was locked away.
    pub locked: Vec<Locked>,
}

/// A Secret whose values are no longer in plain text.
pub(super) struct Locked {
    /// What it held.
    pub secret: Secret,
    /// Number of its object.
    pub object: usize,
    /// What it became.
    pub form: Form,
}

/// Helm reads it, and so does whoever looks for the template of an object.
fn is_source(comment: &str) -> bool {
    comment.starts_with("# Source: ")
}

impl<'s> Work<'_, 's> {
    /// The object as it is now.
    pub fn value(&self, object: &Object<'_>) -> Option<Value<'_>> {
        self.changes.root(self.stream, object.document)?.at(&object.route)
    }

    /// The pod templates of an object as they are now.
    pub fn workloads<'v>(&'v self, object: &'v Object<'s>) -> Vec<Workload<'v>>
    where
        's: 'v,
    {
        let Some(value) = self.value(object) else { return Vec::new() };
        workload::of(&Object { value, ..object.clone() })
    }

    /// Makes more edits in the document of an object.
    pub fn edit(&mut self, object: usize, edits: &[Edit]) -> Result<(), Error> {
        let object = &self.release.objects[object];
        let Some(root) = self.changes.root(self.stream, object.document) else { return Ok(()) };
        let edited = edit::apply(root, edits).map_err(|error| failed(object, error))?;
        self.put(object.document, edited);
        Ok(())
    }

    /// Drops the comments around an object that holds or held a secret, but for the name of its template.
    pub fn drop_comments(&mut self, object: usize) -> Result<(), Error> {
        let object = &self.release.objects[object];
        let Some(root) = self.changes.root(self.stream, object.document) else { return Ok(()) };
        let range = comments::around(root, &object.route);
        let stripped = comments::strip(root, &range, &is_source).map_err(|error| failed(object, error))?;
        if let Some((edited, count)) = stripped {
            let number = object.number;
            self.put(object.document, edited);
            self.note(number, format!("{} beside a secret dropped", comment_count(count)));
        }
        self.changes.with_secrets.insert(object.document);
        Ok(())
    }

    /// Puts another object in the place of this one.
    pub fn replace(&mut self, object: usize, data: Data) -> Result<(), Error> {
        self.drop_comments(object)?;
        let object = &self.release.objects[object];
        let Some(root) = self.changes.root(self.stream, object.document) else { return Ok(()) };
        if object.route.steps().is_empty() {
            let separator = &self.stream.documents[object.document].separator;
            let shares_line = !separator.is_empty() && !self.stream.text[separator.clone()].ends_with('\n');
            let edited = rewrite::rewrite(root, &data, &is_source, shares_line);
            let edited = edited.map_err(|error| failed(object, error))?;
            self.put(object.document, edited);
            return Ok(());
        }
        let whole = Edit { route: object.route.clone(), op: crate::yaml::Op::Set(data) };
        self.edit(object.number, &[whole])
    }

    fn put(&mut self, document: usize, mut edited: Edited) {
        if let Some(before) = self.changes.documents.get(&document) {
            edited.notes.splice(0..0, before.notes.iter().cloned());
            edited.lines_added += before.lines_added;
            edited.lines_rewritten += before.lines_rewritten;
        }
        self.changes.documents.insert(document, edited);
    }

    /// Says what is no finding.
    pub fn note(&mut self, object: usize, words: String) {
        self.plan.notes.push((object, words));
    }

    /// The error of a secret that cannot be dealt with.
    pub fn fault(&self, object: usize, fault: Fault) -> Error {
        let object = self.release.objects[object].with_template();
        Error::Usage { message: format!("{object}: {}", fault.what), help: fault.help }
    }

    /// Files what was done: under the open findings of the rule about this object, or under one of its own.
    pub fn done(&mut self, rule: &'static str, object: usize, words: &str) {
        let mut known = false;
        let open = |it: &&mut Finding| it.rule == rule && it.object == object && it.status == Status::Open;
        for finding in self.plan.findings.iter_mut().filter(open) {
            finding.status = Status::Fixed;
            finding.done = Some(words.to_owned());
            known = true;
        }
        if known {
            return;
        }
        let place = &self.release.objects[object];
        self.plan.findings.push(Finding {
            rule: rule.into(),
            severity: Severity::Low,
            status: Status::Fixed,
            object,
            container: None,
            route: place.route.clone(),
            line: place.line_of(place.value),
            message: "Secret rendered with its values".to_owned(),
            help: String::new(),
            edits: Vec::new(),
            additions: Vec::new(),
            done: Some(words.to_owned()),
            reason: None,
        });
    }

    /// Whether the policy or an annotation lets a finding of the rule about this object stand.
    pub fn is_exempt(&self, rule: &str, object: usize) -> bool {
        let about = |it: &Finding| it.rule == rule && it.object == object && it.status == Status::Exempt;
        self.plan.findings.iter().any(about)
    }

    /// The namespace of an object, as the caller or the object names it.
    pub fn namespace(&self, object: usize) -> Option<&str> {
        self.release.objects[object].id.namespace.as_deref()
    }
}

fn comment_count(count: usize) -> String {
    if count == 1 { "1 comment".to_owned() } else { format!("{count} comments") }
}

fn failed(object: &Object<'_>, error: EditError) -> Error {
    Error::Edit { object: object.with_template(), error: Box::new(error) }
}
