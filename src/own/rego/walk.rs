//! `[path, value] := walk(x)` written as `walk(x, [path, value])`: regorus finds nothing by the first form.

use serde_json::Value as Json;

use super::builtins::{span, written};
use super::sources::Text;
use crate::own::schemas::Fault;

/// The module with each `walk` in the form that regorus reads. Lines stay where they are.
///
/// # Errors
/// A `walk` of which neither form can be made.
pub(super) fn rewritten(ast: &Json, module: &Text) -> Result<Text, Fault> {
    let mut edits = Vec::new();
    collect(ast, module, &mut edits)?;
    edits.sort_by_key(|(start, _, _)| std::cmp::Reverse(*start));
    let mut text = module.text.clone();
    for (start, end, replacement) in edits {
        text.replace_range(start..end, &replacement);
    }
    Ok(Text { text, ..module.clone() })
}

type Edit = (usize, usize, String);

fn collect(node: &Json, module: &Text, edits: &mut Vec<Edit>) -> Result<(), Fault> {
    match node {
        Json::Object(map) => {
            for (name, value) in map {
                if let Some(edit) = (name == "AssignExpr").then(|| assigned(value, module)).flatten() {
                    edits.push(edit);
                    continue;
                }
                if name == "Call" && is_short(value, module) {
                    let span = span(value);
                    let line = span.and_then(|span| span["line"].as_u64()).unwrap_or(1);
                    return Err(Fault::new(
                        format!(
                            "rego {}:{line}: walk is read only where its result is taken apart",
                            module.path
                        ),
                        "write [path, value] := walk(x), or walk(x, [path, value])",
                    ));
                }
                collect(value, module, edits)?;
            }
            Ok(())
        }
        Json::Array(items) => items.iter().try_for_each(|item| collect(item, module, edits)),
        _ => Ok(()),
    }
}

/// Whether a call is `walk(x)`.
fn is_short(call: &Json, module: &Text) -> bool {
    call.get("fcn").is_some_and(|function| written(function, module) == "walk")
        && call["params"].as_array().is_some_and(|params| params.len() == 1)
}

/// The replacement of `[path, value] := walk(x)`.
fn assigned(assign: &Json, module: &Text) -> Option<Edit> {
    let call = assign.get("rhs")?.get("Call").filter(|call| is_short(call, module))?;
    let argument = call["params"].get(0)?;
    let (left, argument) = (written(assign.get("lhs")?, module), written(argument, module));
    let at = |node: &Json, name: &str| span(node)?[name].as_u64().and_then(|at| usize::try_from(at).ok());
    let range = (at(assign.get("lhs")?, "start")?, at(assign.get("rhs")?, "end")?);
    let sides = module.text.get(range.0..range.1)?;
    // What spans more than its text says would be cut short.
    let whole = sides.starts_with(left) && sides.ends_with(')') && !left.is_empty() && !argument.is_empty();
    let lines = sides.matches('\n').count();
    whole.then(|| {
        (
            range.0,
            range.1,
            format!(
                "walk({argument}, {left}){}",
                "\n".repeat(
                    lines.saturating_sub(left.matches('\n').count() + argument.matches('\n').count())
                )
            ),
        )
    })
}
