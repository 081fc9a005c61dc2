//! What can be typed after `hardtack policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `hardtack policy …`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print the policy in force as one policy file, all it extends included; without one, production.
    Show(Show),
    /// Rewrite a policy file of an older version for this one; prints the diff, comments and every other byte are kept.
    Migrate(Migrate),
}

/// `hardtack policy show`.
#[derive(Debug, Args)]
pub struct Show {
    /// Say behind each value which file and line it comes from.
    #[arg(long)]
    pub origin: bool,
}

/// `hardtack policy migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// The policy files; else the one in force and those it extends.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write them. Each old file is kept as FILE.v1alpha1.
    #[arg(long)]
    pub write: bool,
}
