//! What can be typed: one table for parsing, help, the man page and completions.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::policy::PolicyCommand;
use super::secrets::SecretsCommand;

/// Hardens rendered Kubernetes manifests on their way to the cluster, without losing a byte.
///
/// Without a command it reads a stream from standard input and writes the hardened stream: a Helm post-renderer, a
/// kustomize or kpt function (when the input is a ResourceList), or a plain filter. Without -e and -p it makes safe fixes
/// and refuses nothing.
#[derive(Debug, Parser)]
#[command(name = "hardtack", version, propagate_version = true, max_term_width = 110)]
#[command(after_help = "Exit codes: 0 written, 1 refused by policy, 2 could not work.\n\n\
    helm template shop charts/shop | hardtack > shop.yaml\n\
    helm upgrade shop charts/shop --post-renderer hardtack --post-renderer-args -eproduction\n\
    hardtack check -e production rendered/")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command. Flags beat variables, variables beat the policy file.
#[derive(Debug, Args, Clone, Default)]
pub struct Common {
    /// The environment: development, staging, production, or one of the policy file's own. Turns the gate on.
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAME",
        env = "HARDTACK_ENVIRONMENT",
        hide_env_values = true
    )]
    pub environment: Option<String>,
    /// What said so, when it was not the option itself.
    #[arg(skip)]
    pub environment_by: Option<&'static str>,
    /// The policy file; else hardtack.yaml is looked for upwards from the working folder.
    #[arg(short, long, global = true, value_name = "FILE", env = "HARDTACK_POLICY", hide_env_values = true)]
    pub policy: Option<PathBuf>,
    /// The namespace of objects that name none.
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAME",
        env = "HARDTACK_NAMESPACE",
        hide_env_values = true
    )]
    pub namespace: Option<String>,
    /// The name of the release, for reports.
    #[arg(long, global = true, value_name = "NAME", env = "HARDTACK_RELEASE", hide_env_values = true)]
    pub release: Option<String>,
    /// The Kubernetes version of the cluster, such as 1.33.
    #[arg(
        long,
        global = true,
        value_name = "VERSION",
        env = "HARDTACK_KUBE_VERSION",
        hide_env_values = true
    )]
    pub kube_version: Option<String>,
    /// The version of the Pod Security Standards, such as v1.33 or latest; else that of the cluster.
    #[arg(long, global = true, value_name = "VERSION", env = "HARDTACK_PSS_VERSION", hide_env_values = true)]
    pub pss_version: Option<String>,
    /// Which fixes to make: none, safe, or consented (safe and those the policy says fix: true for).
    #[arg(long, global = true, value_name = "MODE", env = "HARDTACK_FIX", hide_env_values = true)]
    pub fix: Option<String>,
    /// What to refuse: a severity, a Pod Security level, both with a comma, or never.
    #[arg(long, global = true, value_name = "GATE", env = "HARDTACK_GATE", hide_env_values = true)]
    pub gate: Option<String>,
    /// A report beside the manifest: text, json, sarif, junit, github, gitlab or markdown, with =FILE to a file. May be
    /// repeated.
    #[arg(
        long,
        global = true,
        value_name = "FORMAT[=FILE]",
        env = "HARDTACK_REPORT",
        hide_env_values = true
    )]
    #[arg(value_delimiter = ',')]
    pub report: Vec<String>,
    /// A JSON report of an earlier run: what it knows still shows, but only what is new is refused or fails a check.
    #[arg(long, global = true, value_name = "FILE", env = "HARDTACK_BASELINE", hide_env_values = true)]
    pub baseline: Option<PathBuf>,
    /// The chart the stream was rendered from: reports then point at the lines of its templates.
    #[arg(long, global = true, value_name = "DIR", env = "HARDTACK_CHART", hide_env_values = true)]
    pub chart: Option<PathBuf>,
    /// Run only this rule. May be repeated.
    #[arg(long, global = true, value_name = "RULE", env = "HARDTACK_ONLY", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not run this rule. May be repeated.
    #[arg(long, global = true, value_name = "RULE", env = "HARDTACK_SKIP", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Definitions of custom resources that do not stand in the stream: a file, or a folder of them. May be repeated.
    #[arg(long, global = true, value_name = "FILE|DIR", env = "HARDTACK_CRDS", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub crds: Vec<PathBuf>,
    /// Put the values of references to secrets (ref+…, <path:…>, hardtack://…) into the Secrets they stand in, from the stores
    /// that the policy allows.
    #[arg(long, global = true, env = "HARDTACK_RESOLVE", hide_env_values = true)]
    pub resolve: bool,
    /// Look only at objects that fit, such as Deployment/web or 'Deployment/*'. May be repeated.
    #[arg(long, global = true, value_name = "KIND/NAME", env = "HARDTACK_SELECT", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub select: Vec<String>,
    /// The day exemptions are judged on (YYYY-MM-DD); else SOURCE_DATE_EPOCH, else today.
    #[arg(long, global = true, value_name = "DAY", env = "HARDTACK_DATE", hide_env_values = true)]
    pub date: Option<String>,
    /// The most bytes to read, with K, M or G.
    #[arg(long, global = true, value_name = "SIZE", env = "HARDTACK_MAX_INPUT", hide_env_values = true)]
    pub max_input: Option<String>,
    /// Where the output goes: apply (to the API server, as Helm does) or git (a controller takes it from a repository).
    #[arg(long, global = true, value_name = "WHERE", env = "HARDTACK_TARGET", hide_env_values = true)]
    pub target: Option<TargetWord>,
    /// The release is not installed yet: Secrets may change their form at once, since there is no live one to lose.
    #[arg(long, global = true, env = "HARDTACK_NEW_RELEASE", hide_env_values = true)]
    pub new_release: bool,
    /// Harden, but let Secrets keep their form this once, marked so that Helm keeps the live ones: the deploy before they
    /// change it.
    #[arg(
        long,
        global = true,
        env = "HARDTACK_ADOPT",
        hide_env_values = true,
        conflicts_with = "new_release"
    )]
    pub adopt: bool,
    /// Write SOPS output although it goes straight to the API server, where nothing decrypts it.
    #[arg(long, global = true, env = "HARDTACK_FORCE_SOPS", hide_env_values = true)]
    pub force_sops: bool,
    /// The output of the run before: encrypted values that have not changed keep their ciphertext byte for byte.
    #[arg(long, global = true, value_name = "FILE", env = "HARDTACK_PREVIOUS", hide_env_values = true)]
    pub previous: Option<PathBuf>,
    /// Who calls. Helm 4 shows no stderr, so a refusal reaches its user another way.
    #[arg(long, global = true, value_name = "CALLER", env = "HARDTACK_CALLER", hide_env_values = true)]
    pub caller: Option<Caller>,
    /// Accept empty input.
    #[arg(long, global = true, env = "HARDTACK_ALLOW_EMPTY", hide_env_values = true)]
    pub allow_empty: bool,
    /// Say nothing but errors and refusals.
    #[arg(short, long, global = true, env = "HARDTACK_QUIET", hide_env_values = true)]
    pub quiet: bool,
    /// Say more: the whole report, however long, and what chose the policy.
    #[arg(short, long, global = true, env = "HARDTACK_VERBOSE", hide_env_values = true)]
    pub verbose: bool,
    /// Colour in text.
    #[arg(long, global = true, value_name = "WHEN", env = "HARDTACK_COLOR", hide_env_values = true)]
    pub color: Option<Color>,
}

/// Who runs the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Caller {
    /// Helm 4's post-renderer plugin.
    Helm4,
}

/// Where the output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TargetWord {
    /// To the API server.
    Apply,
    /// Into a repository.
    Git,
}

/// When text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Harden manifests and write them.
    Harden(Harden),
    /// Report only: exit 1 when an enabled fix is pending or the gate refuses.
    Check(Check),
    /// Harden standard input, with other post-renderers before and after.
    PostRender(PostRender),
    /// Show the edits as a unified diff, each with its rule.
    Diff(Inputs),
    /// Explain a rule, by its id or by another tool's id for it.
    Explain {
        /// A rule id, or an id such as KSV-0014.
        rule: String,
    },
    /// List the rules.
    Rules {
        /// How.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: crate::report::rules::Format,
    },
    /// Write, print, check and test policy files.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Find, encrypt, decrypt, seal and keep secrets.
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    Man,
}

/// Where manifests come from.
#[derive(Debug, Args, Default)]
pub struct Inputs {
    /// Files and folders; `-` or nothing is standard input.
    #[arg(value_name = "FILE|DIR|-")]
    pub paths: Vec<PathBuf>,
    /// What is one release in a folder: each file, or the folder.
    #[arg(long, value_name = "WHAT", default_value = "file")]
    pub release_per: ReleasePer,
}

/// What makes one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum ReleasePer {
    /// Each file.
    #[default]
    File,
    /// Each folder given.
    Dir,
}

/// `hardtack harden`.
#[derive(Debug, Args)]
pub struct Harden {
    /// Where manifests come from.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Write the files below this folder.
    #[arg(short, long, value_name = "DIR", conflicts_with = "in_place")]
    pub output: Option<PathBuf>,
    /// Replace the files.
    #[arg(short, long)]
    pub in_place: bool,
}

/// `hardtack check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Where manifests come from.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Judge what would stay after the fixes.
    #[arg(long)]
    pub assume_fixed: bool,
    /// A Helm values file to hold to the policy's own rules for kind Values. May be repeated; without other inputs
    /// standard input is not read.
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Show what changed since another render (a file or folder): objects, and findings that are new or gone. Only what
    /// is new fails.
    #[arg(long, value_name = "OLD_RENDER", conflicts_with = "checklist")]
    pub diff_from: Option<PathBuf>,
    /// Answer a checklist instead: production. Fails when an answer is no.
    #[arg(long, value_name = "NAME")]
    pub checklist: Option<String>,
}

/// `hardtack post-render`.
#[derive(Debug, Args)]
pub struct PostRender {
    /// A post-renderer to run first: a program and its arguments, split on blanks, no shell. May be repeated.
    #[arg(long, value_name = "CMD")]
    pub before: Vec<String>,
    /// A post-renderer to run last. May be repeated.
    #[arg(long, value_name = "CMD")]
    pub after: Vec<String>,
}
