//! Tabs where YAML 1.2 takes them for blanks and Kubernetes' readers fail.

use crate::yaml::cut::BOM;
use crate::yaml::error::Fault;
use crate::yaml::tree::{Kind, Tree};

/// Refuses tabs before the first content of a line and after the dash of an item, outside flow collections and
/// scalars, and in the indentation of a plain scalar's further lines.
pub(in crate::yaml) fn check(text: &str, tree: &Tree) -> Result<(), Fault> {
    let bytes = text.as_bytes();
    let mut spans = spans(tree);
    let mut span = spans.next();
    let mut line = Line::default();
    for tab in memchr::memchr_iter(b'\t', bytes) {
        while span.is_some_and(|(_, end, _)| end <= tab) {
            span = spans.next();
        }
        line.read(bytes, tab);
        let inside = span.filter(|(start, ..)| *start <= tab).map(|(.., kind)| kind);
        let refused = match inside {
            None => !line.content,
            Some(Kind::Plain) => !line.content && !line.indicators,
            Some(_) => false,
        };
        if refused {
            return Err(Fault::new(
                tab,
                "a tab stands where Kubernetes' readers take only spaces",
                "indent with spaces, and put a space after a dash",
            ));
        }
    }
    Ok(())
}

/// What stands on a line before a position that moves forward.
#[derive(Default)]
struct Line {
    at: usize,
    /// Dashes and the signs of explicit entries.
    indicators: bool,
    /// Anything else but blanks.
    content: bool,
}

impl Line {
    fn read(&mut self, bytes: &[u8], to: usize) {
        let mut rest = &bytes[self.at..to];
        if let Some(newline) = memchr::memrchr(b'\n', rest) {
            (self.indicators, self.content) = (false, false);
            rest = &rest[newline + 1..];
        }
        if self.at == 0 {
            rest = rest.strip_prefix(BOM.as_bytes()).unwrap_or(rest);
        }
        self.at = to;
        self.indicators |= rest.iter().any(|byte| matches!(byte, b'-' | b'?' | b':'));
        self.content |= rest.iter().any(|byte| !matches!(byte, b' ' | b'\t' | b'-' | b'?' | b':'));
    }
}

/// Scalars and outermost flow collections, in order.
fn spans(tree: &Tree) -> impl Iterator<Item = (usize, usize, Kind)> {
    let mut index = 0;
    std::iter::from_fn(move || {
        loop {
            let node = tree.nodes.get(index)?;
            if matches!(node.kind, Kind::Map | Kind::Seq) {
                index += 1;
                continue;
            }
            index = node.next as usize;
            return Some((node.start as usize, node.end as usize, node.kind));
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::yaml::stream::parse_document;

    #[test]
    fn tabs_are_refused_where_go_fails_and_only_there() {
        for text in [
            "-\ta\n",
            "- \t a\n",
            "a:\n\t\n",
            "a: b\n\t",
            "\t# c\na: 1\n",
            "a: b\n\tc\n",
            "? \ta\n: b\n",
            "? a\n:\tb\n",
        ] {
            assert!(parse_document(text).is_err(), "{text:?}");
        }
        for text in [
            "a:\tb\n",
            "a: b\t\n",
            "a: b\t# c\n",
            "{\n\t\"a\": [\n\t\t1\n\t]\n}\n",
            "a: |\n  b\tc\n  \td\n",
            "a: 'b\n \tc'\n",
            "# \tc\na: b\n",
            "a: b\tc\n",
        ] {
            assert!(parse_document(text).is_ok(), "{text:?}: {:?}", parse_document(text));
        }
    }
}
