//! Where a stream is cut into documents, and where a document ends before its text does.

use std::ops::Range;

use memchr::memmem::Finder;

use super::error::Fault;

/// U+FEFF, which readers skip at the start of a stream or document.
pub(super) const BOM: &str = "\u{feff}";

/// One document of the stream before anyone looked inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The separator line, line end included; without the content when some stands on it.
    pub(super) separator: Range<usize>,
    /// From there to the next separator or the end.
    pub(super) body: Range<usize>,
    /// Whether `body` starts on the separator's line.
    pub(super) shares_line: bool,
}

/// A refusal while cutting, with the number of the document it stands in.
pub(super) type CutFault = (usize, Fault);

/// The pieces of a stream, one by one, so that each is still at hand when it is read.
///
/// Cuts where a line is `---` and then its end, a blank or `#`. Any other line that starts so is refused, with the
/// piece before it: Helm cuts at the bare prefix, kubectl fails.
pub(super) struct Pieces<'t> {
    bytes: &'t [u8],
    finder: Finder<'static>,
    /// The separator that opens the next piece, and whether content follows on its line.
    separator: Option<(Range<usize>, bool)>,
    /// How many were cut.
    number: usize,
}

/// Cuts a stream.
pub(super) fn cut(text: &str) -> Pieces<'_> {
    Pieces { bytes: text.as_bytes(), finder: Finder::new(b"\n---"), separator: None, number: 0 }
}

impl Iterator for Pieces<'_> {
    type Item = Result<Piece, CutFault>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.number == 0 || self.separator.is_some()).then_some(())?;
        (!self.bytes.is_empty()).then_some(())?;
        self.number += 1;
        Some(self.piece().map_err(|fault| (self.number, fault)))
    }
}

impl Pieces<'_> {
    fn piece(&mut self) -> Result<Piece, Fault> {
        let (separator, shares_line) = match self.separator.take() {
            Some(separator) => separator,
            None => self.first_separator()?,
        };
        // The line end that belongs to the separator may be the one before the next.
        let from = separator.end.saturating_sub(1).max(separator.start);
        let next = self.finder.find(&self.bytes[from..]).map(|found| from + found + 1);
        if let Some(line) = next {
            let (end, shares_line) = separator_end(self.bytes, line, false)?;
            self.separator = Some((line..end, shares_line));
        }
        let end = next.unwrap_or(self.bytes.len());
        Ok(Piece { body: separator.end..end, separator, shares_line })
    }

    /// That of the first piece: empty when the stream starts without one.
    fn first_separator(&self) -> Result<(Range<usize>, bool), Fault> {
        let line = if self.bytes.starts_with(BOM.as_bytes()) { BOM.len() } else { 0 };
        if !self.bytes[line..].starts_with(b"---") {
            return Ok((0..0, false));
        }
        let (end, shares_line) = separator_end(self.bytes, line, true)?;
        Ok((0..end, shares_line))
    }
}

/// Where the separator that starts at `line` ends, and whether content follows on its line.
///
/// `first` says that it is the first line of the stream: there kubectl takes `---#` for text.
fn separator_end(bytes: &[u8], line: usize, first: bool) -> Result<(usize, bool), Fault> {
    let mut at = line + 3;
    let blanks = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let next = bytes.get(at + blanks).copied();
    let ends_line = match next {
        None | Some(b'\n') => true,
        Some(b'#') => blanks > 0 || !first,
        Some(b'\r') => bytes.get(at + blanks + 1) == Some(&b'\n'),
        Some(_) => false,
    };
    if ends_line {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline + 1);
        return Ok((end, false));
    }
    if blanks == 0 {
        return Err(Fault::new(
            line,
            "a line starts with --- but is no separator",
            "put --- alone on its line, or indent the line if it is text: helm cuts here and kubectl refuses the stream",
        ));
    }
    at += blanks;
    Ok((at, true))
}

/// Where a document's content ends within its body: at the `...` that ends it, else at the end.
pub(super) fn content_end(body: &str) -> Result<usize, Fault> {
    let bytes = body.as_bytes();
    let start = if body.starts_with(BOM) { BOM.len() } else { 0 };
    let at_start = is_end_marker(bytes, start).then_some(start);
    let marker = at_start.or_else(|| {
        let mut lines = memchr::memmem::find_iter(bytes, b"\n...").map(|at| at + 1);
        lines.find(|line| is_end_marker(bytes, *line))
    });
    let Some(marker) = marker else { return Ok(body.len()) };
    if is_nothing(&body[..marker]) {
        return Err(Fault::new(
            marker,
            "the ... that ends a document stands where no document began",
            "remove the dots: Kubernetes' readers fail on them",
        ));
    }
    let mut at = marker;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline + 1);
        let rest = if is_end_marker(bytes, at) { at + 3 } else { at };
        if !is_trivia_line(&bytes[rest..end]) {
            return Err(Fault::new(
                at,
                "content after the ... that ends the document",
                "start the next document with --- : kubectl and helm silently drop what follows the dots",
            ));
        }
        at = end;
    }
    Ok(marker)
}

fn is_end_marker(bytes: &[u8], line: usize) -> bool {
    bytes[line..].starts_with(b"...")
        && bytes.get(line + 3).is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t'))
}

/// Whether a line, with or without its end, holds only blanks and a comment.
fn is_trivia_line(line: &[u8]) -> bool {
    let content = line.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    content.is_none_or(|byte| *byte == b'#')
}

/// Whether a body holds nothing but blanks, comments and a byte order mark at its start.
pub(super) fn is_nothing(content: &str) -> bool {
    let mut rest = content.strip_prefix(BOM).unwrap_or(content).as_bytes();
    loop {
        let Some(start) = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) else {
            return true;
        };
        if rest[start] != b'#' {
            return false;
        }
        match memchr::memchr(b'\n', &rest[start..]) {
            Some(newline) => rest = &rest[start + newline + 1..],
            None => return true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(text: &str) -> Vec<&str> {
        cut(text).map(|piece| &text[piece.unwrap().body]).collect()
    }

    #[test]
    fn cuts_at_separators_only() {
        assert_eq!(bodies(""), [""; 0]);
        assert_eq!(bodies("a: 1\n---\nb: 2"), ["a: 1\n", "b: 2"]);
        assert_eq!(bodies("---\na: 1\n--- # c\n---\t\n---# c\r\nb\n---  "), ["a: 1\n", "", "", "b\n", ""]);
        assert_eq!(bodies("a: |\n  x\n ---\n  ---\n"), ["a: |\n  x\n ---\n  ---\n"]);
        assert_eq!(bodies("\u{feff}---\na: 1\n"), ["a: 1\n"]);
        assert_eq!(bodies("# c\n--- {a: 1}\n"), ["# c\n", "{a: 1}\n"]);
        assert_eq!(bodies("---\r\na: 1\r\n---\r\n"), ["a: 1\r\n", ""]);
    }

    #[test]
    fn every_byte_belongs_to_one_piece() {
        for text in ["", "---", "\u{feff}---\na\n---\n", "a\n---\t{}\n--- # c", "\n\n---\n---\n"] {
            let mut at = 0;
            for piece in cut(text).map(Result::unwrap) {
                assert_eq!(piece.separator.start, at);
                assert_eq!(piece.separator.end, piece.body.start);
                at = piece.body.end;
            }
            assert_eq!(at, text.len());
        }
    }

    #[test]
    fn refuses_what_only_starts_like_a_separator() {
        for text in [
            "---b: 2",
            "---# c\na: 1\n",
            "a: 1\n-----BEGIN CERTIFICATE-----\n",
            "a: 'x\n---y'",
            "---\ra: 1\n",
        ] {
            assert!(cut(text).any(|piece| piece.is_err()), "{text:?}");
        }
        let numbers: Vec<_> =
            cut("a\n---\nb\n---c").map(|piece| piece.map_err(|(number, _)| number)).collect();
        assert!(numbers[0].is_ok() && numbers[1] == Err(2) && numbers.len() == 2, "{numbers:?}");
    }

    #[test]
    fn dots_end_a_document() {
        assert_eq!(content_end("a: 1\n...\n"), Ok(5));
        assert_eq!(content_end("a: 1\n... # c\n\n...\n"), Ok(5));
        assert_eq!(content_end("a: 1\n...b"), Ok(9));
        assert_eq!(content_end("a: 1\n ...\n"), Ok(10));
        assert_eq!(content_end("a: 1\n...\nb: 2").unwrap_err().offset, 9);
        assert_eq!(content_end("# c\n...\n").unwrap_err().offset, 4);
    }

    #[test]
    fn knows_a_body_without_content() {
        assert!(is_nothing("\u{feff}# a\r\n\n  # b"));
        assert!(is_nothing(""));
        assert!(!is_nothing("# a\n~"));
    }
}
