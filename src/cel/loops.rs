//! Compiles the words that have variables of their own: those the parser expands, and those it leaves as calls.

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue};

use super::compile::{Compiler, loop_node, simple_name};
use super::failure::Fault;
use super::node::{LoopKind, Node};

/// `all`, `exists`, `exists_one`, `map` and `filter`, which the parser has turned into loops that gather a result:
/// what they start from tells them apart, and what they do in each round holds the words that were written.
pub(super) fn expanded(compiler: &mut Compiler<'_>, it: &ComprehensionExpr) -> Result<Node, Fault> {
    let names = [it.iter_var.as_str()];
    let (kind, keep, body) = match (&it.accu_init.expr, call(&it.loop_step)) {
        (Expr::Literal(LiteralValue::Boolean(start)), Some([_, body])) => {
            (if *start.inner() { LoopKind::All } else { LoopKind::Exists }, None, body)
        }
        (Expr::Literal(LiteralValue::Int(_)), Some([body, _, _])) => (LoopKind::ExistsOne, None, body),
        (Expr::List(_), Some([keep, then, _])) => (LoopKind::List, Some(keep), appended(then)?),
        (Expr::List(_), Some(_)) => (LoopKind::List, None, appended(&it.loop_step)?),
        _ => return Err(unknown()),
    };
    let range = compiler.node(&it.iter_range)?;
    let keep = keep.map(|keep| compiler.with(&names, keep)).transpose()?;
    Ok(loop_node(kind, range, false, keep, compiler.with(&names, body)?))
}

fn call(tree: &IdedExpr) -> Option<&[IdedExpr]> {
    match &tree.expr {
        Expr::Call(call) => Some(&call.args),
        _ => None,
    }
}

/// The `x` of `result + [x]`.
fn appended(step: &IdedExpr) -> Result<&IdedExpr, Fault> {
    match call(step) {
        Some([_, IdedExpr { expr: Expr::List(list), .. }]) => list.elements.first().ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

fn unknown() -> Fault {
    Fault::new("a loop of a kind that is not known", "docs/cel.md lists the words that loop")
}

/// The words the parser knows nothing of: those with two variables, `sortBy`, and the maps of optionals.
pub(super) fn written(
    compiler: &mut Compiler<'_>,
    name: &str,
    target: &IdedExpr,
    args: &[IdedExpr],
) -> Result<Option<Node>, Fault> {
    use LoopKind::{All, Exists, ExistsOne, List, Map, MapEntry, OptFlatMap, OptMap, SortBy};
    let (kind, variables, keep, body) = match (name, args) {
        ("all", [one, two, body]) => (All, vec![one, two], None, body),
        ("exists", [one, two, body]) => (Exists, vec![one, two], None, body),
        ("existsOne" | "exists_one", [one, two, body]) => (ExistsOne, vec![one, two], None, body),
        ("transformList", [one, two, body]) => (List, vec![one, two], None, body),
        ("transformList", [one, two, keep, body]) => (List, vec![one, two], Some(keep), body),
        ("transformMap", [one, two, body]) => (Map, vec![one, two], None, body),
        ("transformMap", [one, two, keep, body]) => (Map, vec![one, two], Some(keep), body),
        ("transformMapEntry", [one, two, body]) => (MapEntry, vec![one, two], None, body),
        ("transformMapEntry", [one, two, keep, body]) => (MapEntry, vec![one, two], Some(keep), body),
        ("sortBy", [one, body]) => (SortBy, vec![one], None, body),
        ("optMap", [one, body]) => (OptMap, vec![one], None, body),
        ("optFlatMap", [one, body]) => (OptFlatMap, vec![one], None, body),
        _ => return Ok(None),
    };
    let names: Vec<&str> = variables.iter().map(|it| simple_name(it)).collect::<Result<_, _>>()?;
    let range = compiler.node(target)?;
    let keep = keep.map(|keep| compiler.with(&names, keep)).transpose()?;
    let body = compiler.with(&names, body)?;
    Ok(Some(loop_node(kind, range, names.len() == 2, keep, body)))
}
