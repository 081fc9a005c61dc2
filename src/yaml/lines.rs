//! Adding and removing whole lines: entries of block maps and items of block lists.

use std::ops::Range;

use super::edit::EditError;
use super::layout::{self, Style};
use super::place::Planner;
use super::want::Way;
use super::{Data, Kind, Node, Value};

impl<'a> Planner<'a, '_> {
    /// Adds entries after the last one, before the comments and blank lines that follow it.
    pub(super) fn add_entries(
        &mut self,
        map: Value<'a>,
        added: &[(&str, Data)],
        way: &Way<'_>,
    ) -> Result<(), EditError> {
        if added.is_empty() {
            return Ok(());
        }
        let column = self.column(map, way)?;
        let style = self.style.near_map(map);
        let leaf = last_leaf(map);
        if self.would_grow(leaf) {
            let last = map.own_entries().last().map_or(map, |(key, _)| key);
            let at = self.span(last, last).start;
            let style = Style { newline: layout::newline_before(self.text, at), ..style };
            let mut text = String::new();
            let mut writer = super::write::Writer { style, out: &mut text };
            for (key, value) in added {
                writer.entry(key, value, column);
                writer.line(column);
            }
            self.push(at..at, text);
            return Ok(());
        }
        self.insert_lines(map.node().end as usize, column, style, |writer| {
            for (position, (key, value)) in added.iter().enumerate() {
                if position > 0 {
                    writer.line(column);
                }
                writer.entry(key, value, column);
            }
        });
        Ok(())
    }

    /// Adds items after the last one.
    pub(super) fn add_items(
        &mut self,
        seq: Value<'a>,
        added: &[&Data],
        way: &Way<'_>,
    ) -> Result<(), EditError> {
        if added.is_empty() {
            return Ok(());
        }
        let column = self.column(seq, way)?;
        let style = self.style.near_seq(self.text, seq);
        let leaf = last_leaf(seq);
        if self.would_grow(leaf) {
            self.strip_final_break(leaf);
            self.reheaded.push(seq.node().next - 1);
        }
        self.insert_lines(seq.node().end as usize, column, style, |writer| {
            for (position, item) in added.iter().enumerate() {
                if position > 0 {
                    writer.line(column);
                }
                writer.item(item, column);
            }
        });
        Ok(())
    }

    /// Takes entries out with their lines; where the first shares its line with a dash, the next key moves up.
    pub(super) fn remove_entries(&mut self, entries: &[(Value<'a>, Value<'a>)], removed: &[bool]) {
        let spans: Vec<_> = entries.iter().map(|(key, value)| self.span(*key, *value)).collect();
        self.remove_runs(&spans, removed);
    }

    /// Takes items out with their lines; where the first shares its line with another dash, the next moves up.
    pub(super) fn remove_items(&mut self, seq: Value<'a>, items: &[Value<'a>], removed: &[bool]) {
        if !removed.contains(&true) {
            return;
        }
        let spans: Vec<_> = (0..items.len())
            .map(|index| self.dash(seq, items, index)..self.span(items[index], items[index]).end)
            .collect();
        self.remove_runs(&spans, removed);
    }

    fn remove_runs(&mut self, spans: &[Range<usize>], removed: &[bool]) {
        let head = removed.iter().take_while(|removed| **removed).count();
        let shares_line = spans.first().is_some_and(|first| {
            let line = layout::line_start(self.text, first.start);
            !self.text[line..first.start].trim_start_matches('\u{feff}').trim_matches(' ').is_empty()
        });
        let skip = if shares_line { head } else { 0 };
        if skip > 0 && skip < spans.len() {
            let (first, last, next) = (&spans[0], &spans[skip - 1], &spans[skip]);
            let after = layout::next_line(self.text, last.end).unwrap_or(last.end).min(next.start);
            if self.text[after..next.start].trim().is_empty() {
                self.push(first.start..next.start, String::new());
            } else {
                let start = self.text[..first.start].trim_end_matches([' ', '\t']).len();
                self.push(start..layout::line_end(self.text, last.end), String::new());
            }
        }
        for (span, _) in spans.iter().zip(removed).skip(skip).filter(|(_, removed)| **removed) {
            self.push_lines_out(span.clone());
        }
    }

    /// Where the dash of an item stands.
    pub(super) fn dash(&self, seq: Value<'a>, items: &[Value<'a>], index: usize) -> usize {
        let Some(before) = index.checked_sub(1).and_then(|before| items.get(before)) else {
            return seq.node().start as usize;
        };
        let mut line = layout::next_line(self.text, before.node().end as usize).unwrap_or(self.text.len());
        loop {
            let content = self.text[line..].trim_start_matches([' ', '\t', '\r']);
            let at = self.text.len() - content.len();
            match content.as_bytes().first() {
                Some(b'\n') => line = at + 1,
                Some(b'#') => line = layout::line_end(self.text, at),
                _ => return at,
            }
        }
    }

    /// Whether a line below a leaf would add a line end to its text: a block scalar that stops with the input.
    fn would_grow(&self, leaf: Node) -> bool {
        matches!(leaf.kind, Kind::Literal | Kind::Folded)
            && layout::next_line(self.text, leaf.end as usize).is_none()
            && layout::chomping(&self.text[leaf.start as usize..leaf.end as usize]) != Some(b'-')
            && !self.splices.iter().any(|splice| {
                splice.offset <= leaf.start as usize && splice.offset + splice.removed >= leaf.end as usize
            })
    }

    /// Gives a block scalar that stops with the input the header that says so.
    fn strip_final_break(&mut self, leaf: Node) {
        let start = leaf.start as usize;
        let header = &self.text[start..leaf.end as usize];
        match header.find('+').filter(|at| !header[..*at].contains('\n')) {
            Some(plus) => self.push(start + plus..start + plus + 1, "-".to_owned()),
            None => self.push(start + 1..start + 1, "-".to_owned()),
        }
    }
}

/// The last node of a collection's subtree.
fn last_leaf(collection: Value<'_>) -> Node {
    collection.tree().nodes[collection.node().next as usize - 1]
}
