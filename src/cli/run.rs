//! From the command line to an exit code.

use std::io::IsTerminal;
use std::mem::ManuallyDrop;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches};

use super::args::{Cli, Command, Common, PostRender};
use super::config::Config;
use super::exit::Exit;
use super::output::{error_text, stdout, stdout_layout, to_stderr, to_stdout};
use super::{chain, check, core_dumps, files, panic, policy, secrets, stream};
use crate::error::Error;
use crate::report::{explain, paint::Paint, rules};
use crate::wire::Input;

/// Runs the program.
#[must_use]
pub fn run() -> Exit {
    core_dumps::forbid();
    panic::say_only_where();
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && under_helm4() => {
            return stream::helm4(&error.to_string(), &mut stdout()).unwrap_or(Exit::Failed);
        }
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Written };
        }
    };
    let Cli { command, common } = cli;
    let under_helm4 = under_helm4();
    let result = Config::new(common).and_then(|config| dispatch(&config, command));
    match result {
        Ok(exit) => exit,
        Err(Error::Io { error, .. }) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Failed,
        Err(error) if under_helm4 => {
            let words = format!("{error}; {}", error.help());
            stream::helm4(&words, &mut stdout()).unwrap_or(Exit::Failed)
        }
        Err(error) => {
            let paint = Paint::new(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
            to_stderr(&error_text(&error, paint));
            if let Error::Program { code, .. } = error { Exit::Program(code) } else { Exit::Failed }
        }
    }
}

fn parse() -> Result<Cli, clap::Error> {
    if let Some(common) = options_alone() {
        return Ok(Cli { command: None, common });
    }
    // The program ends soon: the system takes the memory back faster than piece by piece.
    let mut command = ManuallyDrop::new(Cli::command());
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    let mut deepest = &matches;
    while let Some((_, below)) = deepest.subcommand() {
        deepest = below;
    }
    cli.common.environment_by = environment_by(deepest);
    Ok(cli)
}

/// The options of a call without a command, as pipelines make it; `None` for any other. The commands with their own
/// options take longer to set up than a chart to be hardened.
fn options_alone() -> Option<Common> {
    let bare = clap::Command::new("hardtack").disable_help_flag(true).disable_version_flag(true);
    let mut command = ManuallyDrop::new(Common::augment_args(bare));
    let matches = command.try_get_matches_from_mut(std::env::args_os()).ok()?;
    let common = Common::from_arg_matches(&matches).ok()?;
    Some(Common { environment_by: environment_by(&matches), ..common })
}

fn environment_by(matches: &ArgMatches) -> Option<&'static str> {
    let by_variable = matches.value_source("environment") == Some(ValueSource::EnvVariable);
    by_variable.then_some("HARDTACK_ENVIRONMENT")
}

/// Whether Helm 4's plugin called, told from the words themselves: they may be ones that cannot be parsed.
fn under_helm4() -> bool {
    let words: Vec<_> = std::env::args_os().collect();
    let flag = words.iter().any(|word| word == "--caller=helm4")
        || words.windows(2).any(|pair| pair[0] == "--caller" && pair[1] == "helm4")
        || std::env::var_os("HARDTACK_CALLER").is_some_and(|caller| caller == "helm4");
    flag && std::env::var_os("HELM_PLUGIN_NAME").is_some()
}

fn dispatch(config: &Config, command: Option<Command>) -> Result<Exit, Error> {
    match command {
        None if std::io::stdin().is_terminal() => {
            let help = Cli::command().render_long_help().to_string();
            print(&help)
        }
        None => stream::run(config, Input::from_stdin(config.limit)?),
        Some(Command::Harden(harden)) => files::run(config, &harden),
        Some(Command::Check(wanted)) => check::check(config, &wanted),
        Some(Command::PostRender(chained)) => post_render(config, &chained),
        Some(Command::Diff(inputs)) => check::diff(config, &inputs),
        Some(Command::Explain { rule }) => print(&explain::page(&rule, stdout_layout(config))?),
        Some(Command::Rules { format }) => print(&rules::list(format)),
        Some(Command::Policy(command)) => policy::run(config, &command),
        Some(Command::Secrets(command)) => secrets::run(config, &command),
        Some(Command::Completions { shell }) => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "hardtack", &mut out);
            to_stdout(&out).map(|()| Exit::Written)
        }
        Some(Command::Man) => {
            let mut out = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut out);
            rendered.map_err(|error| Error::Io {
                action: "render",
                path: "the man page".to_owned(),
                error,
            })?;
            to_stdout(&out).map(|()| Exit::Written)
        }
    }
}

fn print(words: &str) -> Result<Exit, Error> {
    to_stdout(words.as_bytes()).map(|()| Exit::Written)
}

fn post_render(config: &Config, chained: &PostRender) -> Result<Exit, Error> {
    let mut source = Input::from_stdin(config.limit)?;
    for command in &chained.before {
        let bytes = chain::run(command, source.text.as_bytes())?;
        source = Input::from_bytes(bytes, &format!("the output of {command}"))?;
    }
    if chained.after.is_empty() {
        return stream::run(config, source);
    }
    let mut bytes = Vec::new();
    let exit = stream::run_to(config, source, &mut bytes)?;
    if exit == Exit::Written {
        for command in &chained.after {
            bytes = chain::run(command, &bytes)?;
        }
    }
    to_stdout(&bytes)?;
    Ok(exit)
}
