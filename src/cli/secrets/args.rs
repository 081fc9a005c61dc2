//! What can be typed after `hardtack secrets`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::rotation_args::{Rotate, Status};
use super::sops_args::{Decrypt, Edit, Encrypt, Get, Keygen, List, Set};
use crate::cli::args::Inputs;

/// `hardtack secrets …`.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// List credentials in plain text, by place and length, never a value; exit 1 when there are any.
    Scan(Scan),
    /// Encrypt Secrets as sops does, for age and ssh keys; each object by itself, other documents as they are.
    Encrypt(Encrypt),
    /// Decrypt what sops or secrets encrypt wrote; text and comments stay as they are.
    Decrypt(Decrypt),
    /// Make an age identity: a file that only its owner reads, and the recipient that belongs to it.
    Keygen(Keygen),
    /// Set a value of the store: a SOPS file beside the chart. The value comes from standard input, a file, or a prompt.
    Set(Set),
    /// Print one value of the store.
    Get(Get),
    /// List the names and keys of the store, without opening it.
    List(List),
    /// Edit the store in $EDITOR.
    Edit(Edit),
    /// Tell how old secrets are, in every form and in stores, and which are due; never a value. Exit 1 when the policy's gate
    /// refuses one that is due or expired.
    Status(Status),
    /// Replace a value by a new one: in the store, or in the manifest of a SealedSecret or a Secret, where every other byte
    /// stays. The value before is kept for a while beside it. Neither is shown.
    Rotate(Rotate),
    /// Seal the Secrets of a stream for a sealed-secrets controller, as kubeseal does; other documents stay as they are.
    Seal(Seal),
    /// Mark the Secrets of a stream so that Helm keeps the live ones when they leave the release: the step before they
    /// change their form.
    Adopt(Adopt),
    /// Tell what no post-renderer reaches (hooks under Helm 3, NOTES.txt, Helm's record, values) and which of it applies
    /// here.
    Doctor(Doctor),
}

/// `hardtack secrets doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Files and folders of rendered manifests; without any, only the chart, the policy and this machine are looked at.
    #[arg(value_name = "FILE|DIR|-")]
    pub paths: Vec<PathBuf>,
    /// Values that Helm is given. May be repeated; those of --chart are looked at anyway.
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// How.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: DoctorFormat,
}

/// How limits are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum DoctorFormat {
    /// Lines.
    #[default]
    Text,
    /// JSON, version 1.
    Json,
}

/// `hardtack secrets seal`.
#[derive(Debug, Args)]
pub struct Seal {
    /// Files and folders; `-` or nothing is standard input.
    #[arg(value_name = "FILE|DIR|-")]
    pub paths: Vec<PathBuf>,
    /// The controller's certificate; else the one of the policy in force.
    #[arg(long, value_name = "FILE", env = "SEALED_SECRETS_CERT", hide_env_values = true)]
    pub cert: Option<PathBuf>,
    /// Where the values may be opened; else what an object's annotations ask for, or strict.
    #[arg(long, value_name = "SCOPE")]
    pub scope: Option<ScopeWord>,
}

/// The scopes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeWord {
    /// In this namespace, under this name.
    Strict,
    /// In this namespace.
    NamespaceWide,
    /// Anywhere.
    ClusterWide,
}

/// `hardtack secrets adopt`.
#[derive(Debug, Args)]
pub struct Adopt {
    /// Files and folders; `-` or nothing is standard input.
    #[arg(value_name = "FILE|DIR|-")]
    pub paths: Vec<PathBuf>,
}

/// `hardtack secrets scan`.
#[derive(Debug, Args)]
pub struct Scan {
    /// Where manifests come from.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Also list the keys of Secrets that hold a value in plain text. They alone fail nothing.
    #[arg(long)]
    pub all: bool,
    /// Another render of the same release, a file or folder: list the values that differ, which the chart makes up each
    /// time.
    #[arg(long, value_name = "OTHER_RENDER")]
    pub compare: Option<PathBuf>,
}
