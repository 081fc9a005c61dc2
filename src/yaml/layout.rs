//! Where lines start and end, and how a document is laid out: indentation, lists, quotes, line ends.

use super::quote::Quote;
use super::{Kind, Node, Tree, Value};

/// How many neighbours are looked at: all of them for each edit would cost too much in large collections.
const FEW: usize = 64;

/// How new lines are to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Blanks from a map's keys to the keys of a map below.
    pub step: usize,
    /// Blanks from a key to the dashes of the list below.
    pub list: usize,
    /// Blanks from a dash to the content after it, the dash counted.
    pub dash: usize,
    /// The line end.
    pub newline: &'static str,
    /// For string values.
    pub quote: Quote,
    /// For keys.
    pub key: Quote,
    /// Whether text of several lines may become a block scalar.
    pub literal: bool,
    /// Whether that is so only where one stood before: then lines below keep their numbers.
    pub keep_lines: bool,
}

impl Style {
    /// Of documents that follow no other.
    pub(super) fn plain(newline: &'static str) -> Self {
        Self {
            step: 2,
            list: 2,
            dash: 2,
            newline,
            quote: Quote::Plain,
            key: Quote::Plain,
            literal: true,
            keep_lines: false,
        }
    }

    /// As the document does it for the first time.
    pub(super) fn of(text: &str, tree: &Tree) -> Self {
        let mut style = Self { list: 0, ..Self::plain(newline_before(text, text.len())) };
        let (mut step, mut list) = (None, None);
        let nodes = &tree.nodes;
        let mut index = 0;
        while index < nodes.len() && (step.is_none() || list.is_none()) {
            let map = &nodes[index];
            index += 1;
            if map.kind != Kind::Map {
                continue;
            }
            let mut key = index;
            while key < map.next as usize {
                let value = nodes[key].next as usize;
                step = step.or_else(|| below(map, &nodes[value], Kind::Map));
                list = list.or_else(|| below(map, &nodes[value], Kind::Seq));
                key = nodes[value].next as usize;
                if step.is_some() && list.is_some() {
                    break;
                }
            }
        }
        style.step = step.or(list.filter(|list| *list > 0)).unwrap_or(2);
        style.list = list.unwrap_or(0);
        style
    }

    /// As `map` and the values in it do it, else as the document does. A few entries tell.
    pub(super) fn near_map(mut self, map: Value<'_>) -> Self {
        let parent = map.node();
        let (mut step, mut list, mut quote) = (None, None, None);
        let mut key_kinds = (true, None);
        for (key, value) in map.own_entries().take(FEW) {
            let node = value.node();
            step = step.or_else(|| below(&parent, &node, Kind::Map));
            list = list.or_else(|| below(&parent, &node, Kind::Seq));
            quote = quote.or_else(|| quoted(node.kind));
            key_kinds = (key_kinds.0 && quoted(key.node().kind).is_some(), quoted(key.node().kind));
        }
        self.step = step.unwrap_or(self.step);
        self.list = list.unwrap_or(self.list);
        if quote == Some(Quote::Single) {
            self.quote = Quote::PlainOrSingle;
        }
        if let (true, Some(quote)) = key_kinds {
            self.key = quote;
        }
        self
    }

    /// As the first items of `seq` do it.
    pub(super) fn near_seq(mut self, text: &str, seq: Value<'_>) -> Self {
        let mut quote = None;
        for item in seq.items().take(FEW) {
            let node = item.node();
            if node.kind == Kind::Map
                && node.column > seq.node().column
                && is_after_dash(text, node.start as usize)
            {
                self.dash = usize::from(node.column - seq.node().column);
                self = self.near_map(item);
            }
            quote = quote.or_else(|| quoted(node.kind));
        }
        if quote == Some(Quote::Single) {
            self.quote = Quote::PlainOrSingle;
        }
        self
    }
}

fn below(map: &Node, value: &Node, kind: Kind) -> Option<usize> {
    let far =
        value.column.checked_sub(map.column).filter(|_| value.kind == kind && value.column < u16::MAX)?;
    Some(usize::from(far))
}

fn quoted(kind: Kind) -> Option<Quote> {
    match kind {
        Kind::Single => Some(Quote::Single),
        Kind::Double => Some(Quote::Double),
        _ => None,
    }
}

/// Whether only a dash and blanks stand before `at` in its line, back to the dash.
fn is_after_dash(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches([' ', '\t']).ends_with('-')
}

/// Where the line of `at` starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1)
}

/// Where the line of `at` ends, its line end not included.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |newline| at + newline);
    if end > at && text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end }
}

/// Where the line after that of `end` starts; `None` when the text stops first.
pub(super) fn next_line(text: &str, end: usize) -> Option<usize> {
    memchr::memchr(b'\n', &text.as_bytes()[end..]).map(|newline| end + newline + 1)
}

/// Whether nothing but blanks follows `at` in its line.
pub(super) fn rest_is_blank(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n")
}

/// Whether what stands from the line at `at` on cannot be taken for lines of a literal above: an indented comment or
/// blanks would be.
pub(super) fn ends_literal(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches(['\n', '\r']);
    let content = rest.trim_start_matches([' ', '\t']);
    content.len() == rest.len() || !(content.is_empty() || content.starts_with(['#', '\n', '\r']))
}

/// The line end that stands last before `at`.
pub(super) fn newline_before(text: &str, at: usize) -> &'static str {
    let bytes = &text.as_bytes()[..at];
    match memchr::memrchr(b'\n', bytes) {
        Some(newline) if newline > 0 && bytes[newline - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// Whether a block scalar's header keeps all (`+`) or no (`-`) line ends at its end.
pub(super) fn chomping(raw: &str) -> Option<u8> {
    let header = raw.bytes().skip(1).take_while(|byte| !byte.is_ascii_whitespace());
    header.into_iter().find(|byte| matches!(byte, b'+' | b'-'))
}
