//! What can be typed after those commands of `hardtack secrets` that are about the age of secrets.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::sops_args::Keys;

/// How the health of secrets is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum StatusFormat {
    /// A table.
    #[default]
    Text,
    /// JSON, version 1.
    Json,
    /// The text format of Prometheus, for a textfile collector or a push gateway.
    Prometheus,
}

/// `hardtack secrets status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Files and folders of manifests, stores among them; `-` or nothing is standard input.
    #[arg(value_name = "FILE|DIR|-")]
    pub paths: Vec<PathBuf>,
    /// A store: a SOPS file of kind Secrets. Without files beside it standard input is not read. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub store: Vec<PathBuf>,
    /// How.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: StatusFormat,
    /// What opens SOPS Secrets and stores; of those that nobody here opens the form is told.
    #[command(flatten)]
    pub keys: Keys,
}
