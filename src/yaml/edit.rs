//! Changes at routes, as splices of the document's text, proved by parsing the result again.

use super::fallbacks::Fallbacks;
use super::layout::Style;
use super::place::Planner;
use super::want::Want;
use super::{Data, Route, Tree, Value, proof, splice, stream, want};

/// One change to a document's data.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// Where.
    pub route: Route,
    /// What.
    pub op: Op,
}

/// What to do at a route. Missing and null maps on the way are made; list positions are those of the input.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Make the value this: inserts the key when it is missing, else replaces.
    Set(Data),
    /// Add an item at the end of the list, which is made when missing. Appending what another edit of the same call
    /// appends, or what the list holds already (after the edits of its items), does it once.
    Append(Data),
    /// Take the key or the item out.
    Remove,
}

/// A document after its edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The new text of the document's body.
    pub text: String,
    /// The tree over the new text.
    pub tree: Tree,
    /// Fallbacks that were needed, in words for the report (an alias expanded, comments lost): never silent.
    pub notes: Vec<String>,
    /// Lines that were not there before.
    pub lines_added: usize,
    /// Lines of the input that are gone or read differently now.
    pub lines_rewritten: usize,
}

/// Why edits were not made. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The route runs through a value of the wrong shape.
    #[error("{route} is not a {wanted}")]
    WrongType {
        /// Where.
        route: Route,
        /// `map` or `list`.
        wanted: &'static str,
    },
    /// Two edits want different things at one route.
    #[error("two edits disagree at {0}")]
    Conflict(Route),
    /// The edited text does not read as planned.
    #[error("the edit at {0} did not land as planned; this is a defect of hardtack")]
    NotAsPlanned(Route),
    /// The place cannot be edited as text.
    #[error("{route}: {why}")]
    Unsupported {
        /// Where.
        route: Route,
        /// Why not.
        why: String,
    },
}

/// Makes all `edits` in the document of `root`, or none.
///
/// # Errors
/// See [`EditError`].
pub fn apply(root: Value<'_>, edits: &[Edit]) -> Result<Edited, EditError> {
    apply_in(root, edits, false)
}

/// The same, with text of several lines on one line where no block scalar stood before: the lines below keep their numbers.
///
/// # Errors
/// See [`EditError`].
pub fn apply_keeping_lines(root: Value<'_>, edits: &[Edit]) -> Result<Edited, EditError> {
    apply_in(root, edits, true)
}

fn apply_in(root: Value<'_>, edits: &[Edit], keep_lines: bool) -> Result<Edited, EditError> {
    let want = want::gather(edits)?;
    let fallbacks = Fallbacks::survey(root, &want)?;
    let style = Style { keep_lines, ..Style::of(root.document_text(), root.tree()) };
    match attempt(root, &want, &fallbacks, style) {
        // A new literal takes in a comment below it when another edit removes what stood between them.
        Err(EditError::NotAsPlanned(_)) => {
            attempt(root, &want, &fallbacks, Style { literal: false, ..style })
        }
        result => result,
    }
}

fn attempt(
    root: Value<'_>,
    want: &Want<'_>,
    fallbacks: &Fallbacks,
    style: Style,
) -> Result<Edited, EditError> {
    let text = root.document_text();
    let mut planner = Planner { text, style, fallbacks, splices: Vec::new(), reheaded: Vec::new() };
    planner.plan(root, want)?;
    let Planner { mut splices, reheaded, .. } = planner;
    let failed = || EditError::NotAsPlanned(Route::root());
    let spliced = splice::apply(text, &mut splices).ok_or_else(failed)?;
    let tree = if splices.is_empty() {
        root.tree().clone()
    } else {
        stream::parse_document(&spliced.text).map_err(|_| failed())?
    };
    let new = tree.root(&spliced.text).ok_or_else(failed)?;
    proof::prove(root, new, want, fallbacks, &reheaded)?;
    let mut notes = fallbacks.notes.clone();
    notes.extend(reheaded.iter().map(|node| {
        let what = "a block scalar at the end of the input got the header that keeps its value";
        (root.tree().nodes[*node as usize].start as usize, what.to_owned())
    }));
    Ok(Edited {
        text: spliced.text,
        tree,
        notes: with_lines(text, notes),
        lines_added: spliced.lines_added,
        lines_rewritten: spliced.lines_rewritten,
    })
}

/// Notes in the order of the text, each with its line.
fn with_lines(text: &str, mut notes: Vec<(usize, String)>) -> Vec<String> {
    notes.sort_by_key(|(offset, _)| *offset);
    let (mut line, mut counted) = (1, 0);
    let number = |(offset, what): (usize, String)| {
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..offset]).count();
        counted = offset;
        format!("line {line}: {what}")
    };
    notes.into_iter().map(number).collect()
}
