//! Writes a stream with its changes: bytes that did not change are the input's own.

use std::io::{self, Write};

use crate::harden::Hardened;

const MARK: char = '\u{feff}';

impl Hardened<'_> {
    /// Writes the hardened stream.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn emit(&self, out: &mut dyn Write) -> io::Result<()> {
        let text = &self.stream.text;
        let added = !self.changes.added.is_empty();
        let newline = if added && text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut ends_open = false;
        // A byte order mark stays first, also where a document comes before the one it was written in.
        let moved_mark = text.starts_with(MARK) && self.changes.added.contains_key(&0);
        if moved_mark {
            write!(out, "{MARK}")?;
        }
        for (number, document) in self.stream.documents.iter().enumerate() {
            if let Some(added) = self.changes.added.get(&number) {
                ends_open = self.emit_added(added, ends_open, newline, out)?;
                if document.separator.is_empty() {
                    write!(out, "---{newline}")?;
                }
            }
            let bare = format!("---{newline}");
            let mut separator = &text[document.separator.clone()];
            if self.changes.with_secrets.contains(&number) && separator.trim_end().len() > 3 {
                separator = &bare;
            }
            let mut body = match self.changes.documents.get(&number) {
                Some(edited) => edited.text.as_str(),
                None => &text[document.body.clone()],
            };
            if moved_mark && number == 0 {
                separator = separator.trim_start_matches(MARK);
                body = body.trim_start_matches(MARK);
            }
            out.write_all(separator.as_bytes())?;
            out.write_all(body.as_bytes())?;
            if !(document.separator.is_empty() && body.is_empty()) {
                ends_open = !body.is_empty() && !body.ends_with('\n');
            }
        }
        if let Some(added) = self.changes.added.get(&self.stream.documents.len()) {
            self.emit_added(added, ends_open, newline, out)?;
        }
        Ok(())
    }

    fn emit_added(
        &self,
        added: &[String],
        ends_open: bool,
        newline: &str,
        out: &mut dyn Write,
    ) -> io::Result<bool> {
        if ends_open {
            out.write_all(newline.as_bytes())?;
        }
        for text in added {
            write!(out, "---{newline}{text}")?;
        }
        Ok(false)
    }

    /// The hardened stream as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(self.stream.text.len() + 1024);
        // Writing to a vector cannot fail, and all that is written is text.
        let _ = self.emit(&mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }
}
