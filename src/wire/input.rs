//! From bytes to a parsed stream, with errors that name the document's chart template and line.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use crate::error::{Error, RefusedStream, STDIN};
use crate::k8s::template;
use crate::yaml::stream::{ParseOptions, Stream};
use crate::yaml::{Route, Value, YamlError, shared};

/// Kinds that no rule and no fact looks into: their documents pass through unparsed where that is certain.
const SKIPPED_KINDS: &[&str] = &["CustomResourceDefinition"];

/// What a pipe holds at once on Linux.
const PIPE: u64 = 1 << 16;

/// Text that came in, and from where.
#[derive(Debug)]
pub struct Input {
    /// `standard input` or a path.
    pub name: String,
    /// All of it.
    pub text: String,
}

impl Input {
    /// Reads all of standard input.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::TooLarge`], [`Error::NotUtf8`].
    pub fn from_stdin(limit: u64) -> Result<Self, Error> {
        Self::from_reader(std::io::stdin().lock(), size_of_stdin(), STDIN, limit)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::TooLarge`], [`Error::NotUtf8`].
    pub fn from_file(path: &Path, limit: u64) -> Result<Self, Error> {
        let name = path.display().to_string();
        let file =
            File::open(path).map_err(|error| Error::Io { action: "read", path: name.clone(), error })?;
        let size = size(&file);
        Self::from_reader(file, size, &name, limit)
    }

    fn from_reader(reader: impl Read, size: Option<u64>, name: &str, limit: u64) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        // Memory that grows is copied, and every page that is touched for the first time costs. Where there is not that
        // much, reading says so.
        let _ = bytes.try_reserve_exact(usize::try_from(size.unwrap_or(PIPE).min(limit)).unwrap_or_default());
        let read = reader.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| Error::Io { action: "read", path: name.to_owned(), error })?;
        if bytes.len() as u64 > limit {
            return Err(Error::TooLarge { source_name: name.to_owned(), limit });
        }
        Self::from_bytes(bytes, name)
    }

    /// Takes bytes that another program printed.
    ///
    /// # Errors
    /// [`Error::NotUtf8`].
    pub fn from_bytes(bytes: Vec<u8>, name: &str) -> Result<Self, Error> {
        let text = String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            let line = 1 + memchr::memchr_iter(b'\n', &error.as_bytes()[..offset]).count();
            Error::NotUtf8 { source_name: name.to_owned(), offset, line }
        })?;
        Ok(Self { name: name.to_owned(), text })
    }
}

/// How large a file is; `None` for what has no size, such as a pipe.
fn size(file: &File) -> Option<u64> {
    file.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len())
}

#[cfg(unix)]
fn size_of_stdin() -> Option<u64> {
    use std::os::fd::AsFd;
    size(&File::from(std::io::stdin().as_fd().try_clone_to_owned().ok()?))
}

#[cfg(not(unix))]
fn size_of_stdin() -> Option<u64> {
    None
}

/// Cuts and parses an input. An alias that lost its anchor when Helm 4 split a list into documents is replaced by a copy,
/// with a warning.
///
/// # Errors
/// [`Error::Yaml`].
pub fn parse(input: Input) -> Result<Stream, Error> {
    parse_but(SKIPPED_KINDS, input)
}

/// The same with every document parsed: for who compares objects rather than judging them.
///
/// # Errors
/// [`Error::Yaml`].
pub fn parse_all(input: Input) -> Result<Stream, Error> {
    parse_but(&[], input)
}

fn parse_but(skip: &[&str], input: Input) -> Result<Stream, Error> {
    let Input { name, text } = input;
    let one_file = Route::root().path("metadata.annotations").key(template::HELM4_FILE);
    shared::parse(text, ParseOptions { skip }, &one_file).map_err(|(error, text)| refused(error, name, &text))
}

fn refused(error: YamlError, source_name: String, text: &str) -> Error {
    let (template, excerpt) = around(text, &error);
    let for_function = memchr::memmem::find(text.as_bytes(), b"ResourceList").is_some();
    Error::Yaml(Box::new(RefusedStream { error, source_name, template, excerpt, for_function }))
}

/// The chart template and the line of an error. The line is shown only when nothing above it in its document says that
/// it may be a Secret's.
fn around(text: &str, error: &YamlError) -> (Option<String>, Option<String>) {
    let offset = text.floor_char_boundary(error.offset.min(text.len()));
    let is_separator = |line: &str| line.starts_with("---");
    let mut start = 0;
    let mut position = 0;
    for line in text[..offset].split_inclusive('\n') {
        position += line.len();
        if is_separator(line) {
            start = position;
        }
    }
    let rest = &text[start.min(offset)..];
    let end = rest.find("\n---").unwrap_or(rest.len());
    let document = &rest[..end];
    let secret = document.contains("Secret") || !document.contains("kind:");
    let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    (template::from_comment(document).map(str::to_owned), (!secret).then(|| line.chars().take(100).collect()))
}

/// Whether the stream is one `ResourceList`: a KRM function's input.
#[must_use]
pub fn resource_list(stream: &Stream) -> Option<Value<'_>> {
    let root = stream.documents.iter().find_map(|document| stream.root(document))?;
    let text = |key: &str| root.get(key).and_then(Value::as_str);
    let group = text("apiVersion").is_some_and(|version| version.starts_with("config.kubernetes.io/"));
    (text("kind").as_deref() == Some("ResourceList") && group).then_some(root)
}
