//! Replacing pieces of a text in one pass.

use super::layout;

/// One piece to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    /// Where, in bytes.
    pub offset: usize,
    /// How many bytes go.
    pub removed: usize,
    /// What stands there instead.
    pub inserted: String,
}

/// A text after its splices, and what that did to its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spliced {
    pub text: String,
    pub lines_added: usize,
    pub lines_rewritten: usize,
}

/// Applies all splices. At one offset insertions go first, in their order. `None` when two of them overlap.
pub(super) fn apply(text: &str, splices: &mut [Splice]) -> Option<Spliced> {
    splices.sort_by_key(|splice| (splice.offset, splice.removed > 0));
    let more: usize = splices.iter().map(|splice| splice.inserted.len()).sum();
    let mut out = String::with_capacity(text.len() + more);
    let mut lines = Lines { text, touched_to: None, added: 0, rewritten: 0 };
    let mut done = 0;
    for splice in &*splices {
        out.push_str(text.get(done..splice.offset)?);
        out.push_str(&splice.inserted);
        done = splice.offset + splice.removed;
        lines.count(splice)?;
    }
    out.push_str(text.get(done..)?);
    Some(Spliced { text: out, lines_added: lines.added, lines_rewritten: lines.rewritten })
}

struct Lines<'a> {
    text: &'a str,
    /// End of the last splice that changed a line in place.
    touched_to: Option<usize>,
    added: usize,
    rewritten: usize,
}

impl Lines<'_> {
    fn count(&mut self, splice: &Splice) -> Option<()> {
        let end = splice.offset + splice.removed;
        let removed = breaks(self.text.get(splice.offset..end)?);
        let inserted = breaks(&splice.inserted);
        let starts_line = splice.offset == 0 || self.text.as_bytes()[splice.offset - 1] == b'\n';
        let whole_old = starts_line && (splice.removed == 0 || self.text[..end].ends_with('\n'));
        let whole_new = splice.inserted.is_empty() || splice.inserted.ends_with('\n');
        let opens_line = splice.inserted.starts_with(['\n', '\r']);
        if splice.removed == 0 && opens_line && layout::rest_is_blank(self.text, end) {
            self.added += inserted;
        } else if whole_old && whole_new {
            self.rewritten += removed;
            self.added += inserted.saturating_sub(removed);
        } else {
            let same_line = self.touched_to.is_some_and(|at| breaks(&self.text[at..splice.offset]) == 0);
            self.rewritten += removed + usize::from(!same_line);
            self.added += inserted.saturating_sub(removed);
            self.touched_to = Some(end);
        }
        Some(())
    }
}

fn breaks(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}
