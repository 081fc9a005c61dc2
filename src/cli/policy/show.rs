//! `policy show`: the policy in force as one file.

use super::args::Show;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::output::{to_stderr, to_stdout};
use crate::error::Error;
use crate::load::layers::{self, Layers};
use crate::load::{environments, merge};
use crate::wire::krm::FunctionConfig;
use crate::yaml::stream::parse_document;
use crate::yaml::{Route, Tree};

/// Prints it. A built-in environment alone is printed as it stands, with its comments.
///
/// # Errors
/// Everything of [`Error`].
pub fn run(config: &Config, wanted: &Show) -> Result<Exit, Error> {
    let policy = config.policy(&FunctionConfig::default())?;
    let environment = config.common.environment.as_deref();
    let found = config.file_in_force()?;
    let decided = policy.decided_by();
    let text = match &found {
        Some((file, source)) => {
            let layers = layers::gather(file.clone(), source, environment)?;
            file_text(&policy.name, &decided, &layers, wanted.origin)
        }
        None => {
            let name = environment.unwrap_or("production");
            if environment.is_none() && !config.common.quiet {
                to_stderr("note: no policy here, so nothing is refused; this is the built-in production\n");
            }
            match environments::text(name) {
                Some(text) if !wanted.origin => text.to_owned(),
                _ => file_text(name, &format!("built-in {name}"), &layers::built_in(name)?, true),
            }
        }
    };
    to_stdout(text.as_bytes()).map(|()| Exit::Written)
}

fn file_text(name: &str, decided: &str, layers: &Layers, origin: bool) -> String {
    let said = merge::merged(layers);
    let text = merge::file(name, &said);
    let body = if origin { with_origins(&text, &said.places(&Route::root().key("spec"))) } else { text };
    format!("# {decided}; all that it extends is in here\n{body}")
}

/// Widest column that the comments are lined up at.
const MARGIN: usize = 60;

/// Behind the line of each value, where it is written.
fn with_origins(text: &str, places: &[(Route, String)]) -> String {
    let tree = parse_document(text).unwrap_or_else(|_| Tree::default());
    let Some(root) = tree.root(text) else { return text.to_owned() };
    let mut by_line: Vec<Option<&str>> = vec![None; text.lines().count() + 1];
    for (route, place) in places {
        if let Some(slot) = root.at(route).and_then(|value| by_line.get_mut(value.line())) {
            *slot = Some(place);
        }
    }
    let widths = text.lines().map(|line| line.chars().count()).filter(|width| *width < MARGIN);
    let margin = widths.max().unwrap_or_default();
    let lines = text.lines().zip(by_line.iter().skip(1)).map(|(line, place)| match place {
        Some(place) => format!("{line:<margin$}  # {place}\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}
