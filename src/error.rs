//! Why hardtack could not work. Every variant says where, and what to do next; none holds a secret's value.

use crate::yaml::YamlError;

/// What messages call standard input.
pub const STDIN: &str = "standard input";

/// What messages call standard output.
pub const STDOUT: &str = "standard output";

/// Exit code 2: nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The stream is not UTF-8.
    #[error("{source_name} is not UTF-8: byte {offset} (line {line}) starts no character")]
    NotUtf8 {
        /// `standard input` or a path.
        source_name: String,
        /// Byte position, from 0.
        offset: usize,
        /// Line, from 1.
        line: usize,
    },
    /// The stream is larger than `--max-input`.
    #[error("{source_name} is larger than {limit} bytes")]
    TooLarge {
        /// `standard input` or a path.
        source_name: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The stream is no YAML that every Kubernetes reader reads alike.
    #[error("{}", .0.error)]
    Yaml(Box<RefusedStream>),
    /// An edit did not land as planned.
    #[error("{object}: {error}")]
    Edit {
        /// The object, with its template.
        object: String,
        /// Why.
        error: Box<crate::yaml::edit::EditError>,
    },
    /// Anything a policy file got wrong.
    #[error("{message}")]
    Policy {
        /// What is wrong, with file, line and column.
        message: String,
        /// What to do next.
        help: String,
    },
    /// The caller asked for something that cannot be.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do next.
        help: String,
    },
    /// References to secrets that cannot be resolved.
    #[error("{message}")]
    Unresolved {
        /// Which, where and why; no value and no token.
        message: String,
        /// What to do next.
        help: String,
    },
    /// Another post-renderer failed.
    #[error("{program} ended with exit code {code}")]
    Program {
        /// Its name.
        program: String,
        /// The code, which becomes ours.
        code: u8,
    },
    /// Reading or writing failed.
    #[error("cannot {action} {path}: {error}")]
    Io {
        /// `read`, `write`, …
        action: &'static str,
        /// `standard input`, `standard output` or a path.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
}

/// A stream that is refused, and where.
#[derive(Debug)]
pub struct RefusedStream {
    /// What is wrong.
    pub error: YamlError,
    /// `standard input` or a path.
    pub source_name: String,
    /// The chart template of the document, when it names one.
    pub template: Option<String>,
    /// The line of the stream, when it may be shown (never that of a Secret).
    pub excerpt: Option<String>,
    /// Whether it looks like the input of a KRM function.
    pub for_function: bool,
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::NotUtf8 { .. } => "save the template as UTF-8; hardtack wrote nothing",
            Self::TooLarge { .. } => "raise --max-input, or split the stream",
            Self::Yaml(refused) => &refused.error.help,
            Self::Edit { .. } => "please report it with the document; --skip RULE goes round it",
            Self::Policy { help, .. } | Self::Usage { help, .. } | Self::Unresolved { help, .. } => help,
            // By then some of it may have left.
            Self::Io { action: "write", path, .. } if path == STDOUT => {
                "what was written is not the whole release: do not apply it"
            }
            Self::Io { action, .. } if action.starts_with("read") => {
                "check the path and that it may be read; hardtack wrote nothing"
            }
            Self::Program { .. } | Self::Io { .. } => "hardtack wrote nothing",
        }
    }

    /// A usage error.
    #[must_use]
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }
}
