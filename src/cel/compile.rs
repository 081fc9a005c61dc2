//! From the parser's tree to nodes: names, functions and their numbers of arguments are checked here, once.

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators as ops};

use super::failure::Fault;
use super::functions::{self, Function, regexes};
use super::loops;
use super::node::{Access, Global, Item, Literal, Loop, LoopKind, Node};
use super::operators::Operator;
use crate::nearest::hint;

/// What an expression may name.
#[derive(Debug, Clone, Copy)]
pub struct Names<'n> {
    /// What the caller provides.
    pub globals: &'n [(&'static str, Global)],
    /// The variables stated before it.
    pub variables: &'n [String],
}

/// All that Kubernetes provides to a policy with parameters.
pub const POLICY: &[(&str, Global)] = &[
    ("object", Global::Object),
    ("oldObject", Global::OldObject),
    ("request", Global::Request),
    ("namespaceObject", Global::NamespaceObject),
    ("params", Global::Params),
];

const TYPES: &[&str] = &[
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "null_type",
    "type",
    "optional_type",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
    "net.IP",
    "net.CIDR",
    "kubernetes.Quantity",
    "kubernetes.URL",
    "kubernetes.Semver",
];

pub(super) struct Compiler<'n> {
    names: Names<'n>,
    locals: Vec<String>,
}

type Compiled = Result<Node, Fault>;

/// Compiles a parsed expression.
///
/// # Errors
/// Names, functions and forms that are not known.
pub fn compile(tree: &IdedExpr, names: Names<'_>) -> Compiled {
    Compiler { names, locals: Vec::new() }.node(tree)
}

impl Compiler<'_> {
    pub(super) fn node(&mut self, tree: &IdedExpr) -> Compiled {
        match &tree.expr {
            Expr::Literal(value) => Ok(Node::Literal(literal(value))),
            Expr::Ident(name) => self.ident(name),
            Expr::Select(select) => self.select(tree, select),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => {
                let item = |(number, part): (usize, &IdedExpr)| {
                    let is_optional = list.optional_indices.contains(&number);
                    Ok(Item { value: self.node(part)?, is_optional })
                };
                Ok(Node::List(list.elements.iter().enumerate().map(item).collect::<Result<_, Fault>>()?))
            }
            Expr::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries.len());
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else { return Err(no_message("")) };
                    let item = Item { value: self.node(&entry.value)?, is_optional: entry.optional };
                    entries.push((self.node(&entry.key)?, item));
                }
                Ok(Node::Map(entries))
            }
            Expr::Comprehension(it) => loops::expanded(self, it),
            Expr::Struct(it) => Err(no_message(&it.type_name)),
            Expr::Unspecified => {
                Err(Fault::new("the expression is not complete", "docs/cel.md shows what there is"))
            }
        }
    }

    /// Compiles `tree` with loop variables of these names.
    pub(super) fn with(&mut self, names: &[&str], tree: &IdedExpr) -> Compiled {
        let before = self.locals.len();
        self.locals.extend(names.iter().map(|name| (*name).to_owned()));
        let node = self.node(tree);
        self.locals.truncate(before);
        node
    }

    fn ident(&self, name: &str) -> Compiled {
        let name = name.trim_start_matches('.');
        if let Some(place) = self.locals.iter().rposition(|local| local == name) {
            return Ok(Node::Local(place));
        }
        if let Some((_, global)) = self.names.globals.iter().find(|(known, _)| *known == name) {
            return Ok(Node::Global(*global));
        }
        if let Some(name) = TYPES.iter().find(|known| **known == name) {
            return Ok(Node::Literal(Literal::Type(name)));
        }
        Err(self.unknown(name))
    }

    fn unknown(&self, name: &str) -> Fault {
        match name {
            "authorizer" => Fault::new(
                "authorizer asks the cluster who may do what, and no cluster is asked here",
                "keep such a policy in the cluster",
            ),
            "params" => Fault::new(
                "params is named, and none are stated",
                "add params to the rule; a ValidatingAdmissionPolicy takes paramKind, and paramRef in its binding",
            ),
            "variables" => Fault::new("variables stands alone", "write variables.name"),
            _ => {
                let known: Vec<&'static str> = self.names.globals.iter().map(|(known, _)| *known).collect();
                let help = hint(name, known.iter().copied(), &format!("known here: {}", known.join(", ")));
                Fault::new(format!("unknown name {name:?}"), help)
            }
        }
    }

    fn select(&mut self, tree: &IdedExpr, select: &SelectExpr) -> Compiled {
        if let Expr::Ident(name) = &select.operand.expr
            && name == "variables"
            && !self.locals.contains(name)
        {
            let place = self.names.variables.iter().position(|variable| *variable == select.field);
            return place.map(Node::Variable).ok_or_else(|| {
                let known = self.names.variables.iter().map(String::as_str);
                let help = match self.names.variables.join(", ").as_str() {
                    "" => "no variable is stated before it".to_owned(),
                    all => hint(&select.field, known, &format!("stated before it: {all}")),
                };
                Fault::new(format!("unknown variable {:?}", select.field), help)
            });
        }
        if let Some(name) =
            TYPES.iter().find(|known| known.contains('.') && dotted(tree).as_deref() == Some(**known))
        {
            return Ok(Node::Literal(Literal::Type(name)));
        }
        let operand = Box::new(self.node(&select.operand)?);
        Ok(match select.test {
            true => Node::Has(operand, select.field.clone()),
            false => Node::Field(operand, select.field.clone(), Access::Plain),
        })
    }

    pub(super) fn all<const N: usize>(&mut self, parts: &[IdedExpr]) -> Result<[Node; N], Fault> {
        let nodes: Vec<Node> = parts.iter().map(|part| self.node(part)).collect::<Result<_, _>>()?;
        nodes
            .try_into()
            .map_err(|_| Fault::new("the expression is not complete", "docs/cel.md shows what there is"))
    }

    fn call(&mut self, call: &CallExpr) -> Compiled {
        let name = call.func_name.as_str();
        if let Some(target) = &call.target {
            return self.member(name, target, &call.args);
        }
        match name {
            ops::LOGICAL_AND => Ok(Node::And(Box::new(self.all(&call.args)?))),
            ops::LOGICAL_OR => Ok(Node::Or(Box::new(self.all(&call.args)?))),
            ops::CONDITIONAL => Ok(Node::If(Box::new(self.all(&call.args)?))),
            ops::INDEX => Ok(Node::Index(Box::new(self.all(&call.args)?), Access::Plain)),
            ops::OPT_INDEX => Ok(Node::Index(Box::new(self.all(&call.args)?), Access::Optional)),
            ops::OPT_SELECT => match call.args.as_slice() {
                [of, IdedExpr { expr: Expr::Literal(LiteralValue::String(name)), .. }] => {
                    Ok(Node::Field(Box::new(self.node(of)?), name.inner().to_owned(), Access::Optional))
                }
                _ => Err(Fault::new("a.?b takes a plain name", "write a[?'b'] for any other key")),
            },
            _ => match Operator::named(name) {
                Some(operator) => {
                    let nodes = call.args.iter().map(|part| self.node(part)).collect::<Result<_, _>>()?;
                    Ok(Node::Operator(operator, nodes))
                }
                None => self.function(name.trim_start_matches('.'), false, None, &call.args),
            },
        }
    }

    fn member(&mut self, name: &str, target: &IdedExpr, args: &[IdedExpr]) -> Compiled {
        if let Some(space) = dotted(target).filter(|it| !self.locals.contains(it)) {
            let whole = format!("{space}.{name}");
            if functions::find(&whole, false).is_some() {
                return self.function(&whole, false, None, args);
            }
            if let "authorizer" | "math" | "cel" | "base64" = space.as_str() {
                return Err(match space.as_str() {
                    "authorizer" => self.unknown("authorizer"),
                    _ => Fault::new(
                        format!("{whole} is no function of Kubernetes"),
                        "docs/cel.md lists those that are",
                    ),
                });
            }
        }
        if let Some(node) = loops::written(self, name, target, args)? {
            return Ok(node);
        }
        match (name, args) {
            ("or" | "orValue", [other]) => {
                let nodes = [self.node(target)?, self.node(other)?];
                Ok(Node::OrElse(Box::new(nodes), name == "orValue"))
            }
            _ => {
                // What is wrong before the dot is said before what is wrong behind it.
                self.node(target)?;
                self.function(name, true, Some(target), args)
            }
        }
    }

    fn function(
        &mut self,
        name: &str,
        member: bool,
        target: Option<&IdedExpr>,
        args: &[IdedExpr],
    ) -> Compiled {
        let function = functions::find(name, member).ok_or_else(|| unknown_function(name, member))?;
        let count = args.len();
        if !function.takes(count) {
            return Err(Fault::new(
                format!("{name}() does not take {count} arguments"),
                "docs/cel.md lists the functions",
            ));
        }
        let parts = target.into_iter().chain(args);
        let mut nodes: Vec<Node> = parts.map(|part| self.node(part)).collect::<Result<_, _>>()?;
        if let Some(Node::Literal(pattern)) = function.pattern.and_then(|place| nodes.get_mut(place))
            && let Literal::Text(text) = pattern
        {
            let compiled = regexes::compile(text);
            *pattern = Literal::Pattern(compiled.map_err(|error| {
                Fault::new(
                    format!("{name}(): {error}"),
                    "patterns are RE2's: no look-around, no back-references",
                )
            })?);
        }
        Ok(Node::Call(function, nodes))
    }
}

/// The names of loop variables.
pub(super) fn simple_name(tree: &IdedExpr) -> Result<&str, Fault> {
    match &tree.expr {
        Expr::Ident(name) if !name.starts_with('.') => Ok(name),
        _ => Err(Fault::new("the variable of a loop is a plain name", "write items.all(item, …)")),
    }
}

pub(super) fn loop_node(kind: LoopKind, range: Node, two: bool, keep: Option<Node>, body: Node) -> Node {
    Node::Loop(Box::new(Loop { kind, range, two, keep, body }))
}

/// `a.b.c`, when the tree is nothing but names.
fn dotted(tree: &IdedExpr) -> Option<String> {
    match &tree.expr {
        Expr::Ident(name) => Some(name.trim_start_matches('.').to_owned()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", dotted(&select.operand)?, select.field))
        }
        _ => None,
    }
}

fn literal(value: &LiteralValue) -> Literal {
    match value {
        LiteralValue::Null => Literal::Null,
        LiteralValue::Boolean(it) => Literal::Bool(*it.inner()),
        LiteralValue::Int(it) => Literal::Int(*it.inner()),
        LiteralValue::UInt(it) => Literal::Uint(*it.inner()),
        LiteralValue::Double(it) => Literal::Double(*it.inner()),
        LiteralValue::String(it) => Literal::Text(it.inner().to_owned()),
        LiteralValue::Bytes(it) => Literal::Bytes(it.inner().to_vec()),
    }
}

fn no_message(name: &str) -> Fault {
    Fault::new(
        format!("{name}{{…}} builds a message, which validations cannot"),
        "write a map: {'key': value}",
    )
}

fn unknown_function(name: &str, member: bool) -> Fault {
    let form = if member { "x." } else { "" };
    let other = functions::find(name, !member).map(|it: &Function| match it.member {
        true => format!("write x.{name}(…)"),
        false => format!("write {name}(x)"),
    });
    let help =
        other.unwrap_or_else(|| hint(name, functions::names(member), "docs/cel.md lists the functions"));
    Fault::new(format!("unknown function {form}{name}()"), help)
}
