//! What can be typed after `hardtack policy`.

use clap::{Args, Subcommand};

/// `hardtack policy …`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print the policy in force as one policy file, all it extends included; without one, production.
    Show(Show),
}

/// `hardtack policy show`.
#[derive(Debug, Args)]
pub struct Show {
    /// Say behind each value which file and line it comes from.
    #[arg(long)]
    pub origin: bool,
}
