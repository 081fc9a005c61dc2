//! What can be typed after those commands of `hardtack secrets` that are about the age of secrets.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::sops_args::{Keys, StoreFile};
use crate::secrets::random::{Alphabet, KeyPair};

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

/// `hardtack secrets rotate`.
#[derive(Debug, Args)]
pub struct Rotate {
    /// The secret and its key.
    #[arg(value_name = "NAME/KEY")]
    pub place: String,
    /// The manifest that holds it: a SealedSecret, a Secret that sops encrypted, or a plain one. Else the store of --file.
    #[arg(value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The store.
    #[command(flatten)]
    pub store: StoreFile,
    /// Characters of the new value.
    #[arg(long, value_name = "NUMBER", default_value = "64", value_parser = clap::value_parser!(u32).range(8..=65536))]
    pub length: u32,
    /// What it is made of: alphanumeric, hex, digits, url, printable, or ten and more characters.
    #[arg(long, value_name = "NAME|CHARS", default_value = "alphanumeric")]
    pub alphabet: Alphabet,
    /// Make a pair of keys in PEM instead: the private one (PKCS #8) under KEY, the public one under KEY.pub. One of ed25519,
    /// ec-p256, rsa-2048, rsa-3072, rsa-4096.
    #[arg(long, value_name = "KIND", conflicts_with_all = ["length", "alphabet"])]
    pub key_pair: Option<KeyPair>,
    /// How long the value before stays under KEY-previous, such as 7d; else what the policy says (secret-overdue, overlap),
    /// else not at all.
    #[arg(long, value_name = "DAYS")]
    pub overlap: Option<String>,
    /// How long the new value is good for, such as 90d, or the last day of it.
    #[arg(long, value_name = "DAYS|DAY")]
    pub rotate_after: Option<String>,
    /// The certificate of the sealed-secrets controller; else the one of the policy in force.
    #[arg(long, value_name = "FILE", env = "SEALED_SECRETS_CERT", hide_env_values = true)]
    pub cert: Option<PathBuf>,
    /// Make no new value: only take out those that were kept and whose time is over.
    #[arg(long, conflicts_with_all = ["length", "alphabet", "key_pair", "overlap", "rotate_after", "force"])]
    pub drop: bool,
    /// Drop a value that is to be kept still, and replace what looks as if it were not to be replaced by characters: a
    /// certificate, a key, a reference, a value of an immutable Secret.
    #[arg(long)]
    pub force: bool,
}
