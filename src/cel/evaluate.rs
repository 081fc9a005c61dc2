//! Evaluates compiled expressions. Where Kubernetes goes on after a failure (`||`, `&&`, `all`, `exists`), so does this.

use super::Expression;
use super::budget::Budget;
use super::failure::Failure;
use super::node::{Access, Global, Item, Literal, Node};
use super::value::{Outcome, Text, Val};

/// What the caller provides to expressions.
#[derive(Debug, Clone)]
pub struct Provided<'a> {
    /// `object`.
    pub object: Val<'a>,
    /// `request`.
    pub request: Val<'a>,
    /// `params`.
    pub params: Val<'a>,
    /// `namespaceObject`.
    pub namespace: Val<'a>,
}

/// Evaluates the expressions of one rule on one object: variables are worked out once, costs add up.
#[derive(Debug)]
pub struct Evaluator<'a> {
    provided: Provided<'a>,
    variables: &'a [Expression],
    known: Vec<Option<Outcome<'a>>>,
    pub(super) locals: Vec<Val<'a>>,
    pub(super) budget: Budget,
}

impl<'a> Evaluator<'a> {
    /// An evaluator with nothing worked out yet.
    #[must_use]
    pub fn new(provided: Provided<'a>, variables: &'a [Expression]) -> Self {
        let known = vec![None; variables.len()];
        Self { provided, variables, known, locals: Vec::new(), budget: Budget::default() }
    }

    /// Goes on with other parameters: what variables were worth is worked out anew.
    pub fn turn_to(&mut self, params: Val<'a>) {
        self.provided.params = params;
        self.known.fill(None);
    }

    /// What an expression comes to.
    ///
    /// # Errors
    /// What went wrong on the way.
    pub fn run(&mut self, expression: &'a Expression) -> Outcome<'a> {
        self.budget.next_expression();
        self.locals.clear();
        self.node(&expression.node)
    }

    /// What an expression comes to that must say yes or no.
    ///
    /// # Errors
    /// What went wrong on the way, or what came out instead.
    pub fn holds(&mut self, expression: &'a Expression) -> Result<bool, Failure> {
        self.run(expression)?.as_bool()
    }

    pub(super) fn node(&mut self, node: &'a Node) -> Outcome<'a> {
        self.budget.charge(1)?;
        match node {
            Node::Literal(literal) => Ok(value_of(literal)),
            Node::Global(global) => Ok(self.global(*global)),
            Node::Variable(place) => self.variable(*place),
            Node::Local(place) => Ok(self.locals[*place].clone()),
            Node::List(items) => self.list(items),
            Node::Map(entries) => self.map(entries),
            Node::Field(of, name, access) => {
                let of = self.looked_into(of)?;
                optional(field(of, name), *access)
            }
            Node::Has(of, name) => {
                let of = self.looked_into(of)?;
                has(&of, name).map(Val::Bool)
            }
            Node::Index(parts, access) => {
                let of = self.looked_into(&parts[0])?;
                let at = self.node(&parts[1])?;
                optional(index(of, &at), *access)
            }
            Node::And(parts) => self.either(parts, false),
            Node::Or(parts) => self.either(parts, true),
            Node::If(parts) => {
                let holds = self.node(&parts[0])?.as_bool()?;
                self.node(&parts[if holds { 1 } else { 2 }])
            }
            Node::Operator(operator, parts) => {
                let args = self.args(parts)?;
                operator.apply(&args, &mut self.budget)
            }
            Node::Call(function, parts) => {
                let args = self.args(parts)?;
                (function.run)(&args, &mut self.budget)
            }
            Node::OrElse(parts, unwrap) => match self.node(&parts[0])? {
                Val::Optional(Some(value)) if *unwrap => Ok((*value).clone()),
                Val::Optional(None) => self.node(&parts[1]),
                some @ Val::Optional(_) => Ok(some),
                other => Err(Failure::overload(if *unwrap { "orValue" } else { "or" }, &[other])),
            },
            Node::Loop(it) => self.rounds(it),
        }
    }

    fn args(&mut self, parts: &'a [Node]) -> Result<Vec<Val<'a>>, Failure> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    /// A value that a key is looked up in, which costs more where there is much to look through.
    fn looked_into(&mut self, node: &'a Node) -> Outcome<'a> {
        let value = self.node(node)?;
        if let Val::Map(map) = &value {
            self.budget.charge(map.extent() / 200)?;
        }
        Ok(value)
    }

    fn global(&self, global: Global) -> Val<'a> {
        match global {
            Global::Object => self.provided.object.clone(),
            Global::OldObject => Val::Null,
            Global::Request => self.provided.request.clone(),
            Global::Params => self.provided.params.clone(),
            Global::NamespaceObject => self.provided.namespace.clone(),
        }
    }

    /// A variable is worked out where it is first named, outside the loops around that place.
    fn variable(&mut self, place: usize) -> Outcome<'a> {
        if let Some(known) = self.known.get(place).cloned().flatten() {
            return known;
        }
        let Some(expression) = self.variables.get(place) else {
            return Err(Failure::new("unknown variable"));
        };
        let locals = std::mem::take(&mut self.locals);
        let outcome = self.node(&expression.node);
        self.locals = locals;
        self.known[place] = Some(outcome.clone());
        outcome
    }

    fn list(&mut self, items: &'a [Item]) -> Outcome<'a> {
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            let value = self.node(&item.value)?;
            list.extend(kept(value, item.is_optional)?);
        }
        self.budget.charge(10)?;
        Ok(Val::list(list))
    }

    fn map(&mut self, entries: &'a [(Node, Item)]) -> Outcome<'a> {
        let mut map: Vec<(Val<'a>, Val<'a>)> = Vec::with_capacity(entries.len());
        for (key, item) in entries {
            let key = self.node(key)?;
            let value = self.node(&item.value)?;
            if let Some(value) = kept(value, item.is_optional)? {
                self.insert(&mut map, key, value)?;
            }
        }
        self.budget.charge(30)?;
        Ok(Val::map(map))
    }

    pub(super) fn insert(
        &mut self,
        map: &mut Vec<(Val<'a>, Val<'a>)>,
        key: Val<'a>,
        value: Val<'a>,
    ) -> Result<(), Failure> {
        self.budget.charge(1 + map.len() / 10)?;
        if !matches!(key, Val::Text(_) | Val::Int(_) | Val::Uint(_) | Val::Bool(_)) {
            return Err(Failure::new(format!("a {} is no key of a map", key.type_name())));
        }
        if map.iter().any(|(known, _)| known.compare(&key) == Some(std::cmp::Ordering::Equal)) {
            return Err(Failure::new("a map has one key twice"));
        }
        map.push((key, value));
        Ok(())
    }

    /// `||` is settled by true, `&&` by false; a failure on one side counts only when the other does not settle it.
    fn either(&mut self, parts: &'a [Node; 2], settles: bool) -> Outcome<'a> {
        let one = self.node(&parts[0]).and_then(|it| it.as_bool());
        match one {
            Ok(value) if value == settles => return Ok(Val::Bool(settles)),
            Err(failure) if failure.is_final => return Err(failure),
            _ => {}
        }
        let two = self.node(&parts[1]).and_then(|it| it.as_bool());
        match (one, two) {
            (_, Ok(value)) if value == settles => Ok(Val::Bool(settles)),
            (_, Err(failure)) if failure.is_final => Err(failure),
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
            (Ok(_), Ok(value)) => Ok(Val::Bool(value)),
        }
    }
}

fn value_of(literal: &Literal) -> Val<'_> {
    match literal {
        Literal::Null => Val::Null,
        Literal::Bool(value) => Val::Bool(*value),
        Literal::Int(value) => Val::Int(*value),
        Literal::Uint(value) => Val::Uint(*value),
        Literal::Double(value) => Val::Double(*value),
        Literal::Text(text) => Val::Text(Text::Lent(text)),
        Literal::Bytes(bytes) => Val::Bytes(bytes.as_slice().into()),
        Literal::Type(name) => Val::Type(name),
        Literal::Pattern(pattern) => Val::Pattern(pattern),
    }
}

/// What is there, if anything.
type Found<'a> = Result<Result<Val<'a>, Failure>, Failure>;

/// `a.?b` of what is not there is an optional without value; of what cannot have it, a failure all the same.
fn optional<'a>(found: Found<'a>, access: Access) -> Outcome<'a> {
    match (found?, access) {
        (found, Access::Plain) => found,
        (Ok(value @ Val::Optional(_)), Access::Optional) => Ok(value),
        (Ok(value), Access::Optional) => Ok(Val::some(value)),
        (Err(_), Access::Optional) => Ok(Val::Optional(None)),
    }
}

/// A field of an optional is optional itself.
fn through<'a>(inner: Option<std::rc::Rc<Val<'a>>>, get: impl Fn(Val<'a>) -> Found<'a>) -> Found<'a> {
    let Some(inner) = inner else { return Ok(Ok(Val::Optional(None))) };
    let found = get((*inner).clone())?;
    Ok(Ok(found.map_or(Val::Optional(None), Val::some)))
}

fn field<'a>(of: Val<'a>, name: &str) -> Found<'a> {
    match of {
        Val::Map(map) => Ok(map.field(name).ok_or_else(|| no_key(name))),
        Val::Optional(inner) => through(inner, |of| field(of, name)),
        other => Err(Failure::new(format!(".{name} of a {}, which has no fields", other.type_name()))),
    }
}

fn has(of: &Val<'_>, name: &str) -> Result<bool, Failure> {
    match of {
        Val::Map(map) => Ok(map.field(name).is_some()),
        Val::Optional(None) => Ok(false),
        Val::Optional(Some(inner)) => has(inner, name),
        other => Err(Failure::new(format!("has(….{name}) of a {}, which has no fields", other.type_name()))),
    }
}

fn index<'a>(of: Val<'a>, at: &Val<'a>) -> Found<'a> {
    match (of, at) {
        (Val::Optional(inner), at) => through(inner, |of| index(of, at)),
        (Val::Map(map), Val::Text(name)) => Ok(map.get(at).ok_or_else(|| no_key(name))),
        (Val::Map(map), Val::Int(_) | Val::Uint(_) | Val::Bool(_) | Val::Double(_)) => {
            Ok(map.get(at).ok_or_else(|| no_key(&at.to_string())))
        }
        (Val::List(items), Val::Int(_) | Val::Uint(_) | Val::Double(_)) => {
            let place = match at {
                Val::Double(place) if place.fract() == 0.0 && *place >= 0.0 => Some(*place as usize),
                Val::Double(_) => return Err(Failure::new("a list takes whole numbers")),
                Val::Int(place) => usize::try_from(*place).ok(),
                Val::Uint(place) => usize::try_from(*place).ok(),
                _ => None,
            };
            let item = place.and_then(|place| items.get(place)).cloned();
            Ok(item.ok_or_else(|| Failure::new(format!("index {at} is out of the list"))))
        }
        (of, at) => Err(Failure::overload("[…]", &[of, at.clone()])),
    }
}

fn no_key(name: &str) -> Failure {
    Failure::new(format!("no such key: {name}"))
}

/// What stays of an item that may be left out.
fn kept<'a>(value: Val<'a>, is_optional: bool) -> Result<Option<Val<'a>>, Failure> {
    match (value, is_optional) {
        (value, false) => Ok(Some(value)),
        (Val::Optional(value), true) => Ok(value.map(|it| (*it).clone())),
        (other, true) => {
            Err(Failure::new(format!("an optional is wanted after ?, not a {}", other.type_name())))
        }
    }
}
