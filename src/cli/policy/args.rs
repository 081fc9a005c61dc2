//! What can be typed after `hardtack policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `hardtack policy …`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Look at a release and write a commented policy file that it passes today.
    Init(Init),
    /// Print the policy in force as one policy file, all it extends included; without one, production.
    Show(Show),
    /// Say what is allowed in a policy file and yet surely not meant; exit 1 when there is anything.
    Lint(Lint),
    /// Run the cases beside a policy: manifests with the findings and edits they should have.
    Test(Test),
    /// Print the JSON Schema of the policy file, for editors.
    Schema,
    /// Rewrite a policy file of an older version for this one; prints the diff, comments and every other byte are kept.
    Migrate(Migrate),
    /// Write the gate of the policy in force for another gate to hold, such as the cluster's own.
    Export(Export),
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

/// `hardtack policy init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The rendered release, as files and folders; `-` or nothing is standard input.
    #[arg(value_name = "RENDER")]
    pub renders: Vec<PathBuf>,
    /// Write this file instead of printing it.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite the file.
    #[arg(long)]
    pub force: bool,
}

/// `hardtack policy lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// The policy file; else the one in force.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A rendered release: also say which matches and exemptions fit nothing in it. May be repeated.
    #[arg(long, value_name = "RENDER")]
    pub against: Vec<PathBuf>,
}

/// `hardtack policy test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Files of cases, or folders whose `*_test.yaml` hold them; else the folder of the policy in force.
    #[arg(value_name = "DIR|FILE")]
    pub paths: Vec<PathBuf>,
    /// Write what is found into the files instead of comparing.
    #[arg(long)]
    pub update: bool,
}

/// `hardtack policy export`.
#[derive(Debug, Args)]
pub struct Export {
    /// For what: vap writes ValidatingAdmissionPolicy and Binding documents.
    #[arg(long, value_name = "GATE")]
    pub to: To,
    /// Write a file for each policy into this folder; else all of them are printed.
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// The gates there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum To {
    /// Kubernetes' ValidatingAdmissionPolicy.
    Vap,
}
