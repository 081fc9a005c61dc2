//! What can be typed after those commands of `hardtack secrets` that write and read SOPS files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// For whom to encrypt.
#[derive(Debug, Args, Clone, Default)]
pub struct Recipients {
    /// Who can decrypt: age1…, or an ssh-ed25519 or ssh-rsa public key. May be repeated, or hold several with commas.
    /// Else what .sops.yaml says.
    #[arg(long, value_name = "RECIPIENT", env = "SOPS_AGE_RECIPIENTS", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub age: Vec<String>,
    /// The file of creation rules; else .sops.yaml is looked for upwards from the working folder.
    #[arg(long, value_name = "FILE", env = "SOPS_CONFIG", hide_env_values = true)]
    pub sops_config: Option<PathBuf>,
    /// Hash over the values in the clear too: then no name, label or namespace may change afterwards.
    #[arg(long)]
    pub sops_full_mac: bool,
}

/// Who decrypts.
#[derive(Debug, Args, Clone, Default)]
pub struct Keys {
    /// A file of age identities, before all the places where sops looks. May be repeated.
    #[arg(long, value_name = "FILE", env = "HARDTACK_IDENTITY", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub identity: Vec<PathBuf>,
}

/// `hardtack secrets encrypt`.
#[derive(Debug, Args)]
pub struct Encrypt {
    /// Files; `-` or nothing is standard input.
    #[arg(value_name = "FILE|-")]
    pub files: Vec<PathBuf>,
    /// For whom.
    #[command(flatten)]
    pub recipients: Recipients,
    /// Encrypt the values whose way from the root has a key that fits; else ^(data|stringData)$, or what .sops.yaml says.
    #[arg(long, value_name = "REGEX")]
    pub encrypted_regex: Option<String>,
    /// Encrypt all values but those whose way from the root has a key that fits.
    #[arg(long, value_name = "REGEX")]
    pub unencrypted_regex: Option<String>,
    /// Encrypt the values below keys that end so.
    #[arg(long, value_name = "SUFFIX")]
    pub encrypted_suffix: Option<String>,
    /// Encrypt all values but those below keys that end so.
    #[arg(long, value_name = "SUFFIX")]
    pub unencrypted_suffix: Option<String>,
    /// What opens the previous file.
    #[command(flatten)]
    pub keys: Keys,
    /// The name by which .sops.yaml judges standard input.
    #[arg(long, value_name = "FILE")]
    pub filename: Option<PathBuf>,
    /// Write this file instead of printing.
    #[arg(short, long, value_name = "FILE", conflicts_with = "in_place")]
    pub output: Option<PathBuf>,
    /// Replace the files.
    #[arg(short, long)]
    pub in_place: bool,
}

/// `hardtack secrets decrypt`.
#[derive(Debug, Args)]
pub struct Decrypt {
    /// Files; `-` or nothing is standard input.
    #[arg(value_name = "FILE|-")]
    pub files: Vec<PathBuf>,
    /// What opens them.
    #[command(flatten)]
    pub keys: Keys,
    /// Write this file, which only its owner reads, instead of printing.
    #[arg(short, long, value_name = "FILE", conflicts_with = "in_place")]
    pub output: Option<PathBuf>,
    /// Replace the files.
    #[arg(short, long)]
    pub in_place: bool,
    /// Print even to a terminal.
    #[arg(long)]
    pub show: bool,
}

/// `hardtack secrets keygen`.
#[derive(Debug, Args)]
pub struct Keygen {
    /// The file to write; else the one where sops looks, such as ~/.config/sops/age/keys.txt. Never overwritten.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Which store.
#[derive(Debug, Args, Clone)]
pub struct StoreFile {
    /// The store.
    #[arg(long, value_name = "FILE", default_value = "secrets.sops.yaml")]
    #[arg(env = "HARDTACK_SECRETS_FILE", hide_env_values = true)]
    pub file: PathBuf,
    /// The log of who read or changed what, without values; else FILE.log.
    #[arg(long, value_name = "FILE", env = "HARDTACK_ACCESS_LOG", hide_env_values = true)]
    pub access_log: Option<PathBuf>,
    /// What opens it.
    #[command(flatten)]
    pub keys: Keys,
}

/// `hardtack secrets set`.
#[derive(Debug, Args)]
pub struct Set {
    /// The secret and its key.
    #[arg(value_name = "NAME/KEY")]
    pub place: String,
    /// Take the value from this file, byte for byte. Else from standard input, without the line end behind it; on a
    /// terminal it is asked for.
    #[arg(long, value_name = "FILE")]
    pub from_file: Option<PathBuf>,
    /// Keep the line end of standard input.
    #[arg(long, conflicts_with = "from_file")]
    pub keep_newline: bool,
    /// The store.
    #[command(flatten)]
    pub store: StoreFile,
    /// For whom, when the store is new, or from now on.
    #[command(flatten)]
    pub recipients: Recipients,
}

/// `hardtack secrets get`.
#[derive(Debug, Args)]
pub struct Get {
    /// The secret and its key.
    #[arg(value_name = "NAME/KEY")]
    pub place: String,
    /// The store.
    #[command(flatten)]
    pub store: StoreFile,
    /// Print even to a terminal.
    #[arg(long)]
    pub show: bool,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum ListFormat {
    /// Lines.
    #[default]
    Text,
    /// JSON.
    Json,
}

/// `hardtack secrets list`.
#[derive(Debug, Args)]
pub struct List {
    /// The store.
    #[command(flatten)]
    pub store: StoreFile,
    /// How.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// `hardtack secrets edit`.
#[derive(Debug, Args)]
pub struct Edit {
    /// The store.
    #[command(flatten)]
    pub store: StoreFile,
    /// For whom, when the store is new, or from now on.
    #[command(flatten)]
    pub recipients: Recipients,
}
