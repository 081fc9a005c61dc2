//! Flow collections on one line.

use super::Block;
use super::bytes::{Class, class, offset, spaces, trim};
use super::scalars::quoted_kind;
use crate::yaml::table::MAX_DEPTH;
use crate::yaml::tree::Kind;

impl Block<'_> {
    /// Reads the flow collection at `start`, within `depth` others; its end.
    pub(super) fn flow(&mut self, start: usize, depth: usize) -> Option<usize> {
        if self.frames.depth() + depth >= MAX_DEPTH {
            return None;
        }
        let (kind, closing) = match self.bytes[start] {
            b'{' => (Kind::FlowMap, b'}'),
            _ => (Kind::FlowSeq, b']'),
        };
        let index = self.push(kind, start, start);
        let mut at = start + 1;
        loop {
            at += spaces(self.bytes, at);
            if *self.bytes.get(at)? == closing {
                break;
            }
            if kind == Kind::FlowMap {
                at = self.flow_key(at)?;
                let after = at;
                at += spaces(self.bytes, at);
                if matches!(self.bytes.get(at)?, b',' | b'}') {
                    self.push(Kind::Empty, after, after);
                } else {
                    at = self.flow_value(at, depth)?;
                }
            } else {
                at = self.flow_value(at, depth)?;
            }
            at += spaces(self.bytes, at);
            match *self.bytes.get(at)? {
                b',' => at += 1,
                byte if byte == closing => break,
                _ => return None,
            }
        }
        let next = offset(self.nodes.len());
        let node = self.nodes.get_mut(index)?;
        (node.end, node.next) = (offset(at + 1), next);
        self.end = at + 1;
        Some(at + 1)
    }

    /// Reads a key and its colon; the place after the colon.
    fn flow_key(&mut self, start: usize) -> Option<usize> {
        let end = self.flow_scalar(start)?;
        let colon = end + spaces(self.bytes, end);
        let quoted = class(self.bytes[start]) == Class::Quote;
        let ends = self.bytes.get(colon) == Some(&b':')
            && (quoted || self.bytes.get(colon + 1) == Some(&b' '))
            && self.bytes[start..end] != *b"<<"
            && end - start <= 1000;
        ends.then_some(colon + 1)
    }

    fn flow_value(&mut self, at: usize, depth: usize) -> Option<usize> {
        match class(*self.bytes.get(at)?) {
            Class::Open => self.flow(at, depth + 1),
            Class::Plain | Class::Quote => self.flow_scalar(at),
            _ => None,
        }
    }

    /// Reads a scalar that stands on this line; its end.
    fn flow_scalar(&mut self, start: usize) -> Option<usize> {
        let first = self.bytes[start];
        if class(first) == Class::Quote {
            let end = self.quoted(start)?;
            if memchr::memchr(b'\n', &self.bytes[start..end]).is_some() {
                return None;
            }
            self.push(quoted_kind(first), start, end);
            return Some(end);
        }
        if class(first) != Class::Plain
            || (first == b'-' && !self.bytes.get(start + 1).is_some_and(u8::is_ascii_alphanumeric))
        {
            return None;
        }
        let at = start + self.bytes[start..].iter().position(|byte| ends_plain(*byte))?;
        match self.bytes[at] {
            b',' | b'}' | b']' => {}
            b':' if self.bytes.get(at + 1) == Some(&b' ') => {}
            _ => return None,
        }
        let end = trim(self.bytes, start, at);
        self.push(Kind::Plain, start, end);
        Some(end)
    }
}

/// What ends a plain scalar in flow context, or gives reason to leave it to the fallback.
fn ends_plain(byte: u8) -> bool {
    matches!(class(byte), Class::Stop | Class::Flow | Class::Open | Class::Quote) || byte == b'?'
}
