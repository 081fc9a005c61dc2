//! What is no finding but must not stay silent: odd input that was read all the same, and fallbacks of the editor.

use serde::Serialize;

use crate::harden::Hardened;
use crate::k8s::template;

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Note {
    /// The chart template of the document.
    pub template: Option<String>,
    /// Line of the stream, from 1.
    pub line: usize,
    /// What it is, lower case.
    pub message: String,
}

/// The remarks on a run, in the order of the stream.
#[must_use]
pub fn notes(hardened: &Hardened<'_>) -> Vec<Note> {
    let mut all = Vec::new();
    for (number, document) in hardened.stream.documents.iter().enumerate() {
        let edited = hardened.changes.documents.get(&number);
        if document.warnings.is_empty() && edited.is_none_or(|edited| edited.notes.is_empty()) {
            continue;
        }
        let template = template::from_comment(hardened.stream.body(document)).map(str::to_owned);
        let note = |line: usize, message: &str| Note {
            template: template.clone(),
            line,
            message: message.to_owned(),
        };
        all.extend(document.warnings.iter().map(|warning| note(warning.line, &warning.message)));
        let of_editor = edited.into_iter().flat_map(|edited| &edited.notes);
        all.extend(of_editor.map(|message| note(document.line, message)));
    }
    all.extend(hardened.plan.notes.iter().map(|(object, words)| {
        let object = &hardened.release.objects[*object];
        let template = object.template.as_ref().map(ToString::to_string);
        Note { template, line: object.document_line, message: words.clone() }
    }));
    all
}

impl Note {
    /// On one line.
    #[must_use]
    pub fn text(&self) -> String {
        let template = self.template.as_ref().map(|template| format!("{template}, ")).unwrap_or_default();
        format!("note: {template}line {}: {}", self.line, self.message)
    }
}
