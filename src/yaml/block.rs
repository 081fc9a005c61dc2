//! The first parser: the block subset that renderers write, line by line.
//!
//! It gives up, always without harm, on everything that asks for a second thought: anchors, tags, explicit keys,
//! merges, flow over several lines, tabs, carriage returns and whatever looks wrong. The fallback then decides.

mod bytes;
mod flow;
mod frames;
mod scalars;

use super::table::Table;
use super::tree::{Kind, Node};
use bytes::{is_dash, skip_line, spaces};
use frames::Frames;

/// Parses one document's content into an empty table; `false` when it gave up, with the table half filled.
pub(super) fn parse(text: &str, table: &mut Table) -> bool {
    let mut block = Block {
        text,
        bytes: text.as_bytes(),
        nodes: &mut table.nodes,
        frames: Frames::default(),
        line: 0,
        end: 0,
        open_plain: false,
    };
    block.run().is_some()
}

struct Block<'t> {
    text: &'t str,
    bytes: &'t [u8],
    nodes: &'t mut Vec<Node>,
    frames: Frames,
    /// Start of the line being read.
    line: usize,
    /// End of the last leaf.
    end: usize,
    /// Whether the last leaf is plain and goes on if the next line is indented deeper.
    open_plain: bool,
}

impl Block<'_> {
    /// Reads all lines. Here and below `None` means giving up, and a position is where to read on.
    fn run(&mut self) -> Option<()> {
        let mut at = 0;
        while at < self.bytes.len() {
            self.line = at;
            at += spaces(self.bytes, at);
            match self.bytes.get(at) {
                None => break,
                Some(b'\n') => at += 1,
                Some(b'#') => {
                    self.open_plain = false;
                    at = skip_line(self.bytes, at);
                }
                Some(_) => {
                    let column = at - self.line;
                    at = if self.open_plain && self.frames.last().is_some_and(|top| column > top.column()) {
                        self.continuation(at)?
                    } else {
                        self.entry(at, column)?
                    };
                }
            }
        }
        while let Some(frame) = self.frames.pop() {
            self.close(frame);
        }
        (!self.nodes.is_empty()).then_some(())
    }

    /// Reads a line that starts an item, an entry or a value.
    fn entry(&mut self, mut at: usize, column: usize) -> Option<usize> {
        self.open_plain = false;
        self.unwind(column, is_dash(self.bytes, at));
        while is_dash(self.bytes, at) {
            self.item(at)?;
            let after = at + 1;
            at = after + spaces(self.bytes, after);
            match self.bytes.get(at) {
                None => return Some(at),
                Some(b'\n') => return Some(at + 1),
                Some(b'#') => return Some(skip_line(self.bytes, at)),
                Some(_) => {}
            }
        }
        self.key_or_scalar(at)
    }

    /// Closes the collections that a line at `column` does not belong to.
    fn unwind(&mut self, column: usize, dash: bool) {
        while let Some(top) = self.frames.last() {
            // A list may stand at the column of its key; anything else there belongs to the map.
            let outside = top.column() > column || (top.column() == column && top.is_seq() && !dash);
            if !outside {
                return;
            }
            if let Some(frame) = self.frames.pop() {
                self.close(frame);
            }
        }
    }

    /// Starts the item whose dash stands at `at`.
    fn item(&mut self, at: usize) -> Option<()> {
        let column = at - self.line;
        match self.frames.last() {
            Some(top) if top.is_seq() && top.column() == column => {
                if let Some(place) = top.pending() {
                    self.empty(place);
                }
            }
            Some(top) => {
                let deeper = top.column() < column || (!top.is_seq() && top.column() == column);
                top.pending().filter(|_| deeper)?;
                self.open(Kind::Seq, at)?;
            }
            None => {
                self.nodes.is_empty().then_some(())?;
                self.open(Kind::Seq, at)?;
            }
        }
        self.frames.set_pending(at + 1);
        Some(())
    }

    /// Starts the entry whose key stands at `start..end`, with the colon at `end`; reads its value.
    fn key(&mut self, kind: Kind, start: usize, end: usize) -> Option<usize> {
        let column = start - self.line;
        match self.frames.last() {
            Some(top) if !top.is_seq() && top.column() == column => {
                if let Some(place) = top.pending() {
                    self.empty(place);
                }
            }
            Some(top) => {
                top.pending().filter(|_| top.column() < column)?;
                self.open(Kind::Map, start)?;
            }
            None => {
                self.nodes.is_empty().then_some(())?;
                self.open(Kind::Map, start)?;
            }
        }
        self.push(kind, start, end);
        self.frames.set_pending(end + 1);
        self.value(end + 1)
    }

    /// Opens a block collection as the value that is pending.
    fn open(&mut self, kind: Kind, start: usize) -> Option<()> {
        self.frames.clear_pending();
        let node = self.push(kind, start, start);
        self.frames.push(node, start - self.line, kind == Kind::Seq)
    }

    fn close(&mut self, frame: frames::Frame) {
        if let Some(place) = frame.pending() {
            self.empty(place);
        }
        let next = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(frame.node()) {
            node.end = bytes::offset(self.end);
            node.next = bytes::offset(next);
        }
    }

    /// Adds the value that is not there, right after a colon or a dash.
    fn empty(&mut self, place: usize) {
        let line = memchr::memrchr(b'\n', &self.bytes[..place]).map_or(0, |newline| newline + 1);
        self.push_at(Kind::Empty, place, place, place - line);
    }

    /// Adds a leaf of the current line, or the start of a collection.
    fn push(&mut self, kind: Kind, start: usize, end: usize) -> usize {
        self.push_at(kind, start, end, start - self.line)
    }

    fn push_at(&mut self, kind: Kind, start: usize, end: usize, column: usize) -> usize {
        let index = self.nodes.len();
        self.end = end;
        self.nodes.push(Node {
            start: bytes::offset(start),
            end: bytes::offset(end),
            next: bytes::offset(index + 1),
            column: u16::try_from(column).unwrap_or(u16::MAX),
            kind,
            flags: 0,
        });
        index
    }
}
