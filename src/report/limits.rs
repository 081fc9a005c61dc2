//! What is out of reach of a tool that sees rendered manifests, and which of it applies here: text and JSON.

use serde::Serialize;

use super::paint::Paint;
use super::text::wrap;

/// The version of the JSON.
const VERSION: u32 = 1;
/// Where the words of a limit begin.
const INDENT: usize = 18;

/// Whether a limit matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// It does.
    Applies,
    /// It does not.
    DoesNot,
    /// What was given does not tell.
    CannotBeTold,
}

impl State {
    const fn words(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::DoesNot => "does not apply",
            Self::CannotBeTold => "cannot be told",
        }
    }
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// For programs: `helm-hooks`.
    pub id: &'static str,
    /// What is out of reach.
    pub what: &'static str,
    /// Whether it matters here.
    pub state: State,
    /// Why. Holds no value.
    pub why: String,
    /// What to do; empty where there is nothing to do.
    pub help: String,
}

/// All limits, for people.
#[must_use]
pub fn text(limits: &[Limit], paint: Paint, width: usize) -> String {
    let mut out = String::new();
    for limit in limits {
        let state = format!("{:<width$}", limit.state.words(), width = INDENT - 2);
        let state = match limit.state {
            State::Applies => paint.yellow(&state),
            State::DoesNot => paint.dim(&state),
            State::CannotBeTold => state,
        };
        out.push_str(&format!("{state}  {}\n", limit.what));
        for words in [&limit.why, &limit.help].into_iter().filter(|words| !words.is_empty()) {
            for line in wrap(words, width.saturating_sub(INDENT).max(40)) {
                out.push_str(&format!("{:INDENT$}{line}\n", ""));
            }
        }
    }
    out
}

/// All limits, for programs.
#[must_use]
pub fn json(limits: &[Limit]) -> String {
    format!("{:#}\n", serde_json::json!({"version": VERSION, "limits": limits}))
}
