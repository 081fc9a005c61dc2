//! Scalars in block context: plain, quoted, literal and folded.

use super::Block;
use super::bytes::{Class, class, ends_key, skip_line, spaces, stop, tail, trim};
use crate::yaml::scalar::{block, quoted};
use crate::yaml::tree::{Kind, Node};

/// Keys beyond this length are left to the fallback.
const LONG_KEY: usize = 1000;

impl Block<'_> {
    /// Reads what stands at `at`: a key with its value, or a scalar or flow collection that is awaited.
    pub(super) fn key_or_scalar(&mut self, at: usize) -> Option<usize> {
        match class(self.bytes[at]) {
            Class::Plain => self.plain_key_or_scalar(at),
            Class::Quote => self.quoted_key_or_scalar(at),
            Class::Open if self.nodes.is_empty() => {
                let end = self.flow(at, 0)?;
                tail(self.bytes, end)
            }
            Class::Open | Class::Block => {
                self.is_awaited(at)?;
                self.value(at)
            }
            Class::Stop | Class::Flow | Class::Other => None,
        }
    }

    /// Whether a value is awaited that may stand at `at`.
    fn is_awaited(&self, at: usize) -> Option<()> {
        let top = self.frames.last()?;
        (top.pending().is_some() && top.column() < at - self.line).then_some(())
    }

    fn plain_key_or_scalar(&mut self, start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            at = stop(self.bytes, at);
            match self.bytes.get(at) {
                Some(b':') if ends_key(self.bytes, at)? => {
                    let usual = at - start <= LONG_KEY && self.bytes[at - 1] != b' ';
                    if !usual || self.bytes[start..at] == *b"<<" {
                        return None;
                    }
                    return self.key(Kind::Plain, start, at);
                }
                Some(b'#') if self.bytes[at - 1] != b' ' => at += 1,
                Some(b':') => at += 1,
                Some(b'\t') => return None,
                _ => break,
            }
        }
        self.is_awaited(start)?;
        Some(self.plain_end(start, at))
    }

    /// Reads the value of an entry, from after the colon.
    pub(super) fn value(&mut self, after: usize) -> Option<usize> {
        let at = after + spaces(self.bytes, after);
        let Some(first) = self.bytes.get(at) else { return Some(at) };
        match class(*first) {
            Class::Plain if *first == b'-' && self.bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => {
                None
            }
            Class::Plain => self.plain(at),
            Class::Quote => {
                let end = self.quoted(at)?;
                self.leaf(quoted_kind(*first), at, end);
                tail(self.bytes, end)
            }
            Class::Block => self.block_scalar(at),
            Class::Open => {
                let end = self.flow(at, 0)?;
                self.frames.clear_pending();
                tail(self.bytes, end)
            }
            Class::Stop if *first == b'\n' => Some(at + 1),
            Class::Stop if *first == b'#' && at > after => Some(skip_line(self.bytes, at)),
            Class::Stop | Class::Flow | Class::Other => None,
        }
    }

    /// Adds the leaf that was awaited.
    fn leaf(&mut self, kind: Kind, start: usize, end: usize) {
        self.frames.clear_pending();
        self.push(kind, start, end);
    }

    fn plain(&mut self, start: usize) -> Option<usize> {
        let at = self.plain_stop(start)?;
        Some(self.plain_end(start, at))
    }

    /// Where the plain text of this line ends: at its end or at a comment.
    fn plain_stop(&self, start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            at = stop(self.bytes, at);
            match self.bytes.get(at) {
                Some(b':') if ends_key(self.bytes, at)? => return None,
                Some(b'#') if at > start && self.bytes[at - 1] != b' ' => at += 1,
                Some(b':') => at += 1,
                Some(b'\t') => return None,
                _ => return Some(at),
            }
        }
    }

    /// Adds the plain leaf whose text stops at `at`.
    fn plain_end(&mut self, start: usize, at: usize) -> usize {
        self.leaf(Kind::Plain, start, trim(self.bytes, start, at));
        self.plain_line_end(at)
    }

    fn plain_line_end(&mut self, at: usize) -> usize {
        self.open_plain = self.bytes.get(at) == Some(&b'\n');
        if self.open_plain { at + 1 } else { skip_line(self.bytes, at) }
    }

    /// Reads a further line of the plain scalar that was added last.
    pub(super) fn continuation(&mut self, start: usize) -> Option<usize> {
        let at = self.plain_stop(start)?;
        self.end = trim(self.bytes, start, at);
        let node = self.nodes.last_mut()?;
        node.end = super::bytes::offset(self.end);
        node.flags |= Node::LINES;
        Some(self.plain_line_end(at))
    }

    fn quoted_key_or_scalar(&mut self, start: usize) -> Option<usize> {
        let kind = quoted_kind(self.bytes[start]);
        let end = self.quoted(start)?;
        if self.bytes.get(end) == Some(&b':') {
            let one_line = memchr::memchr(b'\n', &self.bytes[start..end]).is_none();
            if !ends_key(self.bytes, end)? || !one_line || end - start > LONG_KEY {
                return None;
            }
            return self.key(kind, start, end);
        }
        self.is_awaited(start)?;
        self.leaf(kind, start, end);
        tail(self.bytes, end)
    }

    /// The end of the quoted scalar at `start`, after its closing quote.
    pub(super) fn quoted(&self, start: usize) -> Option<usize> {
        let quote = self.bytes[start];
        let mut at = start + 1;
        let (mut lines, mut coded) = (false, false);
        loop {
            at += memchr::memchr3(quote, b'\\', b'\n', self.bytes.get(at..)?)?;
            match self.bytes[at] {
                b'\n' => {
                    self.is_deep_enough(at + 1)?;
                    lines = true;
                }
                b'\\' if quote == b'"' => {
                    at += 1;
                    match self.bytes.get(at)? {
                        b'\n' => continue,
                        b'x' | b'u' | b'U' => coded = true,
                        byte if b"0abtnvfre \"\\N_LP".contains(byte) => {}
                        _ => return None,
                    }
                }
                b'\'' if self.bytes.get(at + 1) == Some(&b'\'') => at += 1,
                byte if byte == quote => break,
                _ => {}
            }
            at += 1;
        }
        if coded {
            quoted::double(self.text.get(start + 1..at)?).ok()?;
        }
        if lines && memchr::memchr(b'\t', &self.bytes[start..at]).is_some() {
            return None;
        }
        Some(at + 1)
    }

    /// Whether a further line of a quoted scalar is blank or indented deeper than the collection it stands in.
    fn is_deep_enough(&self, line: usize) -> Option<()> {
        let column = spaces(self.bytes, line);
        let parent = self.frames.last()?.column();
        (column > parent || self.bytes.get(line + column) == Some(&b'\n')).then_some(())
    }

    fn block_scalar(&mut self, start: usize) -> Option<usize> {
        let header = block::Header::read(self.bytes, start)?;
        if header.indicator.is_some() {
            return None;
        }
        let extent = block::extent(self.bytes, start, Some(self.frames.last()?.column())).ok()?;
        let kind = if self.bytes[start] == b'|' { Kind::Literal } else { Kind::Folded };
        self.leaf(kind, start, extent.end);
        Some(extent.next)
    }
}

pub(super) fn quoted_kind(quote: u8) -> Kind {
    if quote == b'"' { Kind::Double } else { Kind::Single }
}
