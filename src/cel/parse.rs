//! From text to the parser's tree, within bounds: what is too long or too deep is refused, never followed.

use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use cel::parser::PrattParser;

use super::failure::Fault;

/// The longest expression that is read.
pub const LONGEST: usize = 16 << 10;
/// The deepest nesting that is followed.
const DEEPEST: usize = 120;

/// Parses an expression.
///
/// # Errors
/// With line and column where the parser knows them.
pub fn parse(text: &str) -> Result<IdedExpr, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new(
            "the expression is empty",
            "write what must hold, such as object.spec.replicas >= 2",
        ));
    }
    if text.len() > LONGEST {
        let message = format!("the expression has {} bytes, and at most {LONGEST} are read", text.len());
        return Err(Fault::new(message, "split it: variables take parts of it, and a rule may be two"));
    }
    let parser = PrattParser::new().enable_optional_syntax(true).enable_ident_escape_syntax(true);
    let parsed = parser.max_expression_node_count(LONGEST).parse(text);
    let tree = parsed.map_err(|errors| {
        let first = errors.errors.iter().min_by_key(|error| error.pos);
        let (line, column) = first.map_or((1, 1), |error| error.pos);
        let words =
            first.map_or_else(String::new, |error| error.msg.trim_start_matches("Syntax error: ").to_owned());
        let words =
            words.replace("expecting <EOF>", "where the expression should end").replace("'<EOF>'", "end");
        let place = if line > 0 { format!(" at line {line}, column {column}") } else { String::new() };
        Fault::new(format!("no CEL{place}: {words}"), slip(text))
    })?;
    if is_deep(&tree) {
        dismantle(tree);
        let message = format!("the expression is nested more than {DEEPEST} deep");
        return Err(Fault::new(message, "split it: variables take parts of it"));
    }
    Ok(tree)
}

/// What to do about the slips that are made most.
fn slip(text: &str) -> &'static str {
    let word = |word: &str| text.split_whitespace().any(|it| it == word);
    match text {
        _ if word("and") || word("or") || word("not") => "CEL writes &&, || and !",
        _ if word("=") => "CEL compares with ==",
        _ => "docs/cel.md shows what there is",
    }
}

fn is_deep(tree: &IdedExpr) -> bool {
    let mut left = vec![(tree, 1)];
    while let Some((part, depth)) = left.pop() {
        if depth > DEEPEST {
            return true;
        }
        children(part, &mut |child| left.push((child, depth + 1)));
    }
    false
}

fn children<'t>(part: &'t IdedExpr, take: &mut dyn FnMut(&'t IdedExpr)) {
    match &part.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).for_each(take),
        Expr::Comprehension(it) => {
            [&it.iter_range, &it.accu_init, &it.loop_cond, &it.loop_step, &it.result]
                .into_iter()
                .for_each(take);
        }
        Expr::List(list) => list.elements.iter().for_each(take),
        Expr::Select(select) => take(&select.operand),
        Expr::Map(map) => map.entries.iter().for_each(|entry| of_entry(&entry.expr, take)),
        Expr::Struct(it) => it.entries.iter().for_each(|entry| of_entry(&entry.expr, take)),
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => {}
    }
}

fn of_entry<'t>(entry: &'t EntryExpr, take: &mut dyn FnMut(&'t IdedExpr)) {
    match entry {
        EntryExpr::StructField(field) => take(&field.value),
        EntryExpr::MapEntry(entry) => {
            take(&entry.key);
            take(&entry.value);
        }
    }
}

/// Takes a deep tree apart piece by piece: dropping it whole would go as deep as the tree.
fn dismantle(tree: IdedExpr) {
    let mut left = vec![tree];
    while let Some(part) = left.pop() {
        match part.expr {
            Expr::Call(call) => {
                left.extend(call.args);
                left.extend(call.target.map(|it| *it));
            }
            Expr::Comprehension(it) => {
                let it = *it;
                left.extend([it.iter_range, it.accu_init, it.loop_cond, it.loop_step, it.result]);
            }
            Expr::List(list) => left.extend(list.elements),
            Expr::Select(select) => left.push(*select.operand),
            Expr::Map(map) => map.entries.into_iter().for_each(|entry| apart(entry.expr, &mut left)),
            Expr::Struct(it) => it.entries.into_iter().for_each(|entry| apart(entry.expr, &mut left)),
            Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => {}
        }
    }
}

fn apart(entry: EntryExpr, left: &mut Vec<IdedExpr>) {
    match entry {
        EntryExpr::StructField(field) => left.push(field.value),
        EntryExpr::MapEntry(entry) => left.extend([entry.key, entry.value]),
    }
}
