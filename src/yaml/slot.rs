//! Where one value stands, and how it is replaced there.

use std::ops::Range;

use super::edit::EditError;
use super::layout::{self, Style};
use super::place::Planner;
use super::splice::Splice;
use super::want::Way;
use super::write::{self, Words, Writer};
use super::{Data, Kind, Value};

/// The place of a value in its collection.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot<'a> {
    /// The whole document.
    Root,
    /// Behind a key of a block map.
    Entry {
        /// The map.
        map: Value<'a>,
        /// The key.
        key: Value<'a>,
    },
    /// Behind a dash.
    Item {
        /// The list.
        seq: Value<'a>,
        /// Where the dash stands.
        dash: usize,
    },
    /// In `{…}`, behind a key, or in `[…]`.
    Flow {
        /// The key.
        key: Option<Value<'a>>,
    },
}

impl Slot<'_> {
    /// Whether block lines may stand here.
    pub(super) fn is_block(self) -> bool {
        matches!(self, Slot::Entry { .. } | Slot::Item { .. })
    }
}

impl<'a> Planner<'a, '_> {
    /// Writes `data` in the place of `old`.
    pub(super) fn replace(
        &mut self,
        slot: Slot<'a>,
        old: Value<'a>,
        data: &Data,
        way: &Way<'_>,
    ) -> Result<(), EditError> {
        let span = self.span(old, old);
        match slot {
            Slot::Flow { key } => self.replace_in_flow(key, old, span, data),
            Slot::Root => self.replace_root(old, span, data),
            Slot::Item { seq, dash } => {
                let style = self.style.near_seq(self.text, seq);
                let column = self.column(seq, way)?;
                self.replace_item(style, old, span, (dash, column), data);
            }
            Slot::Entry { map, key } => {
                let mut style = self.style.near_map(map);
                style.quote = quote_like(old).unwrap_or(style.quote);
                let column = self.column(map, way)?;
                let Some(head) = after_colon(self.text, key) else {
                    return Err(way.unsupported("its key has no colon"));
                };
                if write::is_inline(data) {
                    self.replace_inline(style, old, span, (head, column), data);
                } else {
                    self.replace_below(style, span, (head, column), data);
                }
            }
        }
        Ok(())
    }

    /// From the anchor or tag of `first` to the end of `last`.
    pub(super) fn span(&self, first: Value<'_>, last: Value<'_>) -> Range<usize> {
        let node = first.node();
        let property = first.tree().property(first.index());
        let marks = property.into_iter().flat_map(|it| it.anchor.iter().chain(&it.tag));
        let start = marks.map(|mark| mark.start).chain([node.start]).min().unwrap_or(node.start);
        let mut start = start as usize;
        let is_pair = node.kind == Kind::FlowMap && !first.raw().starts_with('{');
        if is_pair && let Some(before) = self.text[..start].trim_end().strip_suffix('?') {
            start = before.len();
        }
        start..(last.node().end as usize).max(start)
    }

    /// The column of a block collection's keys or dashes.
    pub(super) fn column(&self, collection: Value<'_>, way: &Way<'_>) -> Result<usize, EditError> {
        match collection.node().column {
            u16::MAX => Err(way.unsupported("it is indented too far")),
            column => Ok(usize::from(column)),
        }
    }

    fn replace_in_flow(&mut self, key: Option<Value<'_>>, old: Value<'_>, span: Range<usize>, data: &Data) {
        let mut inserted = String::new();
        if span.is_empty() {
            if key.is_some_and(|key| after_colon(self.text, key).is_none_or(|colon| colon > span.start)) {
                inserted.push(':');
            }
            if old.node().kind == Kind::Empty {
                inserted.push(' ');
            }
        }
        let words = if quote_like(old).is_some() { Words::Json } else { Words::like(key) };
        write::flow(data, words, &mut inserted);
        self.push(span, inserted);
    }

    fn replace_root(&mut self, old: Value<'_>, span: Range<usize>, data: &Data) {
        let node = old.node();
        let mut text = String::new();
        if matches!(node.kind, Kind::FlowMap | Kind::FlowSeq) {
            write::json(data, &mut text);
        } else {
            let style = Style { literal: false, ..self.style };
            let column = usize::from(node.column);
            Writer { style, out: &mut text }.block(data, column, column);
        }
        self.push(span, text);
    }

    fn replace_item(
        &mut self,
        mut style: Style,
        old: Value<'_>,
        span: Range<usize>,
        (dash, column): (usize, usize),
        data: &Data,
    ) {
        style.literal &= self.ends_line(span.end) && may_be_literal(style, old);
        style.quote = quote_like(old).unwrap_or(style.quote);
        let mut text = String::new();
        let is_bare = span.is_empty();
        let column =
            if is_bare { column + 2 } else { span.start - layout::line_start(self.text, span.start) };
        if is_bare {
            text.push(' ');
        }
        Writer { style, out: &mut text }.block(data, column, column.saturating_sub(1));
        self.push(if is_bare { dash + 1..dash + 1 } else { span }, text);
    }

    /// `key: data`, whatever stood behind or below the key.
    fn replace_inline(
        &mut self,
        mut style: Style,
        old: Value<'_>,
        span: Range<usize>,
        (head, column): (usize, usize),
        data: &Data,
    ) {
        style.literal &= self.ends_line(span.end) && may_be_literal(style, old);
        let mut text = String::new();
        let is_below = self.is_below(head, &span);
        let is_block = matches!(old.node().kind, Kind::Map | Kind::Seq);
        let takes_lines = is_below && is_block;
        if span.is_empty() || takes_lines {
            text.push(' ');
        }
        style.literal &= !takes_lines;
        Writer { style, out: &mut text }.inline(data, column + style.step);
        if takes_lines {
            self.push(head..head, text);
            self.push_lines_out(span);
        } else if span.is_empty() {
            self.push(head..head, text);
        } else {
            self.push(span, text);
        }
    }

    /// `key:` with the lines of `data` below it, whatever stood behind or below the key.
    fn replace_below(
        &mut self,
        style: Style,
        span: Range<usize>,
        (head, column): (usize, usize),
        data: &Data,
    ) {
        let below = column + if data.is_array() { style.list } else { style.step };
        if self.is_below(head, &span) {
            let start = layout::line_start(self.text, span.start);
            let style = Style { literal: style.literal && self.ends_line(span.end), ..style };
            let mut text = " ".repeat(below);
            Writer { style, out: &mut text }.block(data, below, column);
            self.push(start..span.end, text);
            return;
        }
        let end = span.end;
        if !span.is_empty() {
            self.push(head..end, String::new());
        }
        let end = end.max(head);
        self.insert_lines(end, below, style, |writer| writer.block(data, below, column));
    }

    /// Whether a value stands on a later line than its key.
    fn is_below(&self, head: usize, span: &Range<usize>) -> bool {
        span.start > head && self.text[head..span.start].contains('\n')
    }

    /// Whether `end` is the end of its line, and a block scalar may end there.
    fn ends_line(&self, end: usize) -> bool {
        layout::line_end(self.text, end) == end
            && layout::next_line(self.text, end).is_some_and(|next| layout::ends_literal(self.text, next))
    }

    /// Inserts lines after the line of `end`; the first starts at `column`.
    pub(super) fn insert_lines(
        &mut self,
        end: usize,
        column: usize,
        style: Style,
        write: impl FnOnce(&mut Writer<'_>),
    ) {
        let next = layout::next_line(self.text, end);
        let ends = |next: usize| layout::ends_literal(self.text, next);
        let follows_break = next.is_none() && self.leaves_final_break();
        let newline = layout::newline_before(self.text, next.unwrap_or(self.text.len()));
        let mut text = String::new();
        let style = Style { newline, literal: style.literal && next.is_some_and(ends), ..style };
        let mut writer = Writer { style, out: &mut text };
        if next.is_none() && !follows_break {
            writer.line(column);
        } else {
            writer.indent(column);
        }
        write(&mut writer);
        if next.is_some() {
            text.push_str(newline);
        }
        let at = next.unwrap_or(self.text.len());
        self.push(at..at, text);
    }

    /// Takes out the lines that `span` stands on.
    pub(super) fn push_lines_out(&mut self, span: Range<usize>) {
        let start = layout::line_start(self.text, span.start);
        let end = layout::next_line(self.text, span.end).unwrap_or(self.text.len());
        self.push(start..end, String::new());
    }

    /// Whether the lines that stop with the input without a line end are to go, and nothing stands there yet.
    fn leaves_final_break(&self) -> bool {
        let end = self.text.len();
        let reaches_end = |splice: &Splice| splice.offset + splice.removed == end;
        let goes = |splice: &Splice| {
            splice.removed > 0
                && splice.inserted.is_empty()
                && layout::line_start(self.text, splice.offset) == splice.offset
        };
        self.splices.iter().any(|splice| reaches_end(splice) && goes(splice))
            && !self.splices.iter().any(|splice| reaches_end(splice) && splice.removed == 0)
    }

    pub(super) fn push(&mut self, range: Range<usize>, inserted: String) {
        self.splices.push(Splice { offset: range.start, removed: range.len(), inserted });
    }
}

/// The quotes to keep when a quoted scalar is replaced.
fn quote_like(old: Value<'_>) -> Option<super::quote::Quote> {
    match old.node().kind {
        Kind::Single => Some(super::quote::Quote::Single),
        Kind::Double => Some(super::quote::Quote::Double),
        _ => None,
    }
}

/// One past the colon of a key; `None` when none follows it.
pub(super) fn after_colon(text: &str, key: Value<'_>) -> Option<usize> {
    let end = key.node().end as usize;
    let rest = &text[end..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest[blanks..].starts_with(':').then_some(end + blanks + 1)
}

/// Whether text of several lines may become a block scalar in the place of `old`.
fn may_be_literal(style: Style, old: Value<'_>) -> bool {
    !style.keep_lines || matches!(old.node().kind, Kind::Literal | Kind::Folded)
}
