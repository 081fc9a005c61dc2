//! Literal and folded block scalars: how far they reach and what they say.

use std::borrow::Cow;

/// The first line of a block scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) struct Header {
    folded: bool,
    /// The digit that says how much deeper than its parent the content is indented.
    pub(in crate::yaml) indicator: Option<usize>,
    chomping: Chomping,
    /// End of the indicators.
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// How far a block scalar reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) struct Extent {
    /// End of the content, without the last line end.
    pub(in crate::yaml) end: usize,
    /// Start of the first line that no longer belongs to it.
    pub(in crate::yaml) next: usize,
}

/// Why no two readers need agree on a block scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) enum Odd {
    /// The line after `|` holds something else.
    Header,
    /// A tab where the indentation should be, at this position.
    Tab(usize),
    /// A blank line before the content is indented deeper than the content, at this position.
    BlankLine(usize),
    /// Content of a document's root in the first column.
    FirstColumn(usize),
}

impl Header {
    /// Reads the header at `start`, where `|` or `>` stands.
    pub(in crate::yaml) fn read(bytes: &[u8], start: usize) -> Option<Self> {
        let folded = *bytes.get(start)? == b'>';
        let mut header = Self { folded, indicator: None, chomping: Chomping::Clip, end: start + 1 };
        let mut chomped = false;
        while let Some(byte) = bytes.get(header.end) {
            match byte {
                b'+' | b'-' if !chomped => {
                    header.chomping = if *byte == b'+' { Chomping::Keep } else { Chomping::Strip };
                    chomped = true;
                }
                b'1'..=b'9' if header.indicator.is_none() => {
                    header.indicator = Some(usize::from(byte - b'0'));
                }
                _ => break,
            }
            header.end += 1;
        }
        Some(header)
    }

    /// Where the line after the header starts; `None` when something other than a comment follows the indicators.
    fn content_start(self, bytes: &[u8]) -> Option<usize> {
        let rest = &bytes[self.end..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let line_end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |at| self.end + at + 1);
        match rest.get(blanks) {
            None | Some(b'\n') => Some(line_end),
            Some(b'\r') if rest.get(blanks + 1) == Some(&b'\n') => Some(line_end),
            Some(b'#') if blanks > 0 => Some(line_end),
            Some(_) => None,
        }
    }
}

/// Measures the block scalar whose header starts at `start`, under a collection at column `parent` (none at the
/// root).
pub(in crate::yaml) fn extent(bytes: &[u8], start: usize, parent: Option<usize>) -> Result<Extent, Odd> {
    let header = Header::read(bytes, start).ok_or(Odd::Header)?;
    let first = header.content_start(bytes).ok_or(Odd::Header)?;
    let indent = match header.indicator {
        Some(digit) => parent.unwrap_or(0) + digit,
        None => detect(bytes, first, parent)?,
    };
    let (mut end, mut line) = (header.end, first);
    while line < bytes.len() {
        let spaces = leading_spaces(&bytes[line..], indent);
        let (line_end, next) = line_end(bytes, line + spaces);
        if line_end > line + spaces {
            if spaces < indent {
                if bytes[line + spaces] == b'\t' {
                    return Err(Odd::Tab(line + spaces));
                }
                break;
            }
            end = line_end;
        } else if header.chomping == Chomping::Keep && next > line_end {
            end = line_end;
        }
        line = next;
    }
    Ok(Extent { end, next: line })
}

/// The indentation of the content: that of its first line that is not blank.
fn detect(bytes: &[u8], first: usize, parent: Option<usize>) -> Result<usize, Odd> {
    let least = parent.map_or(1, |column| column + 1);
    let (mut line, mut deepest, mut deepest_at) = (first, 0, first);
    while line < bytes.len() {
        let spaces = leading_spaces(&bytes[line..], usize::MAX);
        let (line_end, next) = line_end(bytes, line + spaces);
        if line_end > line + spaces {
            return match bytes[line + spaces] {
                b'\t' => Err(Odd::Tab(line + spaces)),
                _ if spaces == 0 && parent.is_none() => Err(Odd::FirstColumn(line)),
                _ if spaces < least => Ok(deepest.max(least)),
                _ if deepest > spaces => Err(Odd::BlankLine(deepest_at)),
                _ => Ok(spaces),
            };
        }
        if spaces > deepest {
            (deepest, deepest_at) = (spaces, line);
        }
        line = next;
    }
    Ok(deepest.max(least))
}

fn leading_spaces(line: &[u8], most: usize) -> usize {
    line.iter().take(most).take_while(|byte| **byte == b' ').count()
}

/// The end of the line that `at` lies on, without its line end, and the start of the next line.
fn line_end(bytes: &[u8], at: usize) -> (usize, usize) {
    match memchr::memchr(b'\n', &bytes[at..]) {
        Some(length) if length > 0 && bytes[at + length - 1] == b'\r' => (at + length - 1, at + length + 1),
        Some(length) => (at + length, at + length + 1),
        None => (bytes.len(), bytes.len()),
    }
}

/// What the block scalar at `start..end` of `text` says, line ends as `\n`.
pub(in crate::yaml) fn decode(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let Some(header) = Header::read(bytes, start) else { return Cow::Borrowed("") };
    let Some(first) = header.content_start(bytes) else { return Cow::Borrowed("") };
    if first > end {
        return Cow::Borrowed("");
    }
    let indent = match header.indicator {
        Some(digit) => super::parent::column(text, start).unwrap_or(0) + digit,
        None => content_indent(&bytes[first..end]),
    };
    let mut folder = Folder { folded: header.folded, ..Folder::default() };
    let mut line = first;
    while line <= end {
        let (line_end, next) = line_end(bytes, line);
        let content = (line + leading_spaces(&bytes[line..line_end], indent)).min(end);
        folder.line(&text[content..line_end.min(end).max(content)]);
        if line_end >= end {
            break;
        }
        line = next;
    }
    let closed = matches!(bytes.get(end), Some(b'\n' | b'\r'));
    Cow::Owned(folder.finish(header.chomping, closed))
}

fn content_indent(content: &[u8]) -> usize {
    let mut deepest = 0;
    for line in content.split(|byte| *byte == b'\n') {
        let spaces = leading_spaces(line, usize::MAX);
        if !matches!(line.get(spaces), None | Some(b'\r')) {
            return spaces;
        }
        deepest = deepest.max(spaces);
    }
    deepest
}

/// Joins lines the way go-yaml does.
#[derive(Default)]
struct Folder {
    folded: bool,
    out: String,
    /// Whether a line with content came.
    begun: bool,
    /// Whether the last line with content starts with a blank.
    after_blank: bool,
    /// Blank lines since then.
    blank_lines: usize,
}

impl Folder {
    fn line(&mut self, content: &str) {
        if content.is_empty() {
            self.blank_lines += 1;
            return;
        }
        let blank = content.starts_with([' ', '\t']);
        if self.begun {
            let folds = self.folded && !self.after_blank && !blank;
            if !folds {
                self.out.push('\n');
            } else if self.blank_lines == 0 {
                self.out.push(' ');
            }
        }
        self.newlines();
        self.out.push_str(content);
        self.begun = true;
        self.after_blank = blank;
    }

    fn newlines(&mut self) {
        self.out.extend(std::iter::repeat_n('\n', self.blank_lines));
        self.blank_lines = 0;
    }

    fn finish(mut self, chomping: Chomping, closed: bool) -> String {
        match chomping {
            Chomping::Strip => {}
            Chomping::Clip if self.begun => self.out.extend(closed.then_some('\n')),
            Chomping::Clip => {}
            Chomping::Keep => {
                // The last line's own end closes it; every blank line before adds one.
                if self.begun || self.blank_lines > 0 {
                    self.newlines_before_last();
                    self.out.extend(closed.then_some('\n'));
                }
            }
        }
        self.out
    }

    fn newlines_before_last(&mut self) {
        if !self.begun {
            self.blank_lines -= 1;
        }
        self.newlines();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, parent: Option<usize>) -> (String, usize) {
        let start = text.find(['|', '>']).unwrap();
        let extent = extent(text.as_bytes(), start, parent).unwrap();
        (decode(text, start, extent.end).into_owned(), extent.end)
    }

    #[test]
    fn chomps() {
        assert_eq!(read("a: |\n  x\n\n\nb: 1", Some(0)), ("x\n".into(), 8));
        assert_eq!(read("a: |-\n  x\n\n\nb: 1", Some(0)), ("x".into(), 9));
        assert_eq!(read("a: |+\n  x", Some(0)), ("x".into(), 9));
        assert_eq!(read("a: |+\n  x\n\n\nb: 1", Some(0)), ("x\n\n\n".into(), 11));
        assert_eq!(read("a: |\n  x", Some(0)), ("x".into(), 8));
        assert_eq!(read("a: |\n  x\n  ", Some(0)), ("x\n".into(), 8));
        assert_eq!(read("a: |+\n  x\n  ", Some(0)), ("x\n".into(), 9));
    }

    #[test]
    fn reads_empty_ones() {
        assert_eq!(read("a: |\nb: 1", Some(0)), (String::new(), 4));
        assert_eq!(read("a: |+ # c\n\n\nb: 1", Some(0)), ("\n\n".into(), 11));
        assert_eq!(read("a: |+\nb: 1", Some(0)), (String::new(), 5));
        assert_eq!(read("a: |\n\n\nb: 1", Some(0)), (String::new(), 4));
    }

    #[test]
    fn keeps_deeper_indentation_and_trailing_blank_content() {
        assert_eq!(read("a: |\n  x\n    y\n\n  z\n", Some(0)).0, "x\n  y\n\nz\n");
        assert_eq!(read("a: |\n  x\n    \nb: 1", Some(0)), ("x\n  \n".into(), 13));
        assert_eq!(read("a: |2\n   x\n", Some(0)).0, " x\n");
        assert_eq!(read("- - |1\n    x\n", Some(2)).0, " x\n");
        assert_eq!(read("- a: |1\n    x\n", Some(2)).0, " x\n");
    }

    #[test]
    fn folds() {
        assert_eq!(read("a: >\n  x\n  y\n\n  z\n", Some(0)).0, "x y\nz\n");
        assert_eq!(read("a: >\n  x\n    y\n  z\n", Some(0)).0, "x\n  y\nz\n");
        assert_eq!(read("a: >-\n\n  x\n\n\n  y\r\n", Some(0)).0, "\nx\n\ny");
    }

    #[test]
    fn names_what_is_odd() {
        assert_eq!(extent(b"a: |\n\tx\n", 3, Some(0)), Err(Odd::Tab(5)));
        assert_eq!(extent(b"a: |\n    \n  x\n", 3, Some(0)), Err(Odd::BlankLine(5)));
        assert_eq!(extent(b"|\nx\n", 0, None), Err(Odd::FirstColumn(2)));
        assert_eq!(extent(b"a: | x\n", 3, Some(0)), Err(Odd::Header));
    }
}
