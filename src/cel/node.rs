//! An expression, compiled: every name resolved to the place its value comes from.

use super::functions::Function;
use super::operators::Operator;

/// A part of an expression.
#[derive(Debug, Clone)]
pub enum Node {
    /// A value written in the expression.
    Literal(Literal),
    /// What the caller provides.
    Global(Global),
    /// `variables.…`, by its number.
    Variable(usize),
    /// The variable of a loop, by its place among those of the loops around.
    Local(usize),
    /// `[a, ?b]`.
    List(Vec<Item>),
    /// `{a: b, ?c: d}`.
    Map(Vec<(Self, Item)>),
    /// `a.b` or `a.?b`.
    Field(Box<Self>, String, Access),
    /// `has(a.b)`.
    Has(Box<Self>, String),
    /// `a[b]` or `a[?b]`.
    Index(Box<[Self; 2]>, Access),
    /// `a && b`: false when one is, whatever becomes of the other.
    And(Box<[Self; 2]>),
    /// `a || b`: true when one is, whatever becomes of the other.
    Or(Box<[Self; 2]>),
    /// `a ? b : c`.
    If(Box<[Self; 3]>),
    /// An operator that looks at all its operands.
    Operator(Operator, Vec<Self>),
    /// A function with its arguments, the receiver first.
    Call(&'static Function, Vec<Self>),
    /// `a.or(b)`, or `a.orValue(b)` when the value comes out: b only counts where a is none.
    OrElse(Box<[Self; 2]>, bool),
    /// A word with a variable of its own.
    Loop(Box<Loop>),
}

/// An item of a list or map that is written out.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it is worth.
    pub value: Node,
    /// Whether it is left out where its optional is none.
    pub is_optional: bool,
}

/// Whether what is not there is a failure, or an optional without value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A failure.
    Plain,
    /// An optional.
    Optional,
}

/// `range.all(x, body)` and its like.
#[derive(Debug, Clone)]
pub struct Loop {
    /// Which.
    pub kind: LoopKind,
    /// What it goes over.
    pub range: Node,
    /// Whether each round has two variables: index or key, and value.
    pub two: bool,
    /// Which rounds count; all of them when absent.
    pub keep: Option<Node>,
    /// What each round comes to.
    pub body: Node,
}

/// What a loop makes of its rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopKind {
    /// `all`.
    All,
    /// `exists`.
    Exists,
    /// `exists_one`.
    ExistsOne,
    /// `map`, `filter`, `transformList`.
    List,
    /// `transformMap`.
    Map,
    /// `transformMapEntry`.
    MapEntry,
    /// `sortBy`.
    SortBy,
    /// `optMap`.
    OptMap,
    /// `optFlatMap`.
    OptFlatMap,
}

/// A value that an expression spells out.
#[derive(Debug, Clone)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true`.
    Bool(bool),
    /// `1`.
    Int(i64),
    /// `1u`.
    Uint(u64),
    /// `1.0`.
    Double(f64),
    /// `'a'`.
    Text(String),
    /// `b'a'`.
    Bytes(Vec<u8>),
    /// `int`, `string`.
    Type(&'static str),
    /// The pattern of `matches`, `find` or `findAll`.
    Pattern(regex::Regex),
}

/// What the caller provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Global {
    /// `object`.
    Object,
    /// `oldObject`.
    OldObject,
    /// `request`.
    Request,
    /// `params`.
    Params,
    /// `namespaceObject`.
    NamespaceObject,
}

impl Node {
    /// The keys of the field of `object` that is named first.
    #[must_use]
    pub fn first_field(&self) -> Option<Vec<&str>> {
        match self {
            Self::Global(Global::Object) => Some(Vec::new()),
            Self::Field(of, name, _) | Self::Has(of, name) => {
                let mut keys = of.first_field()?;
                if of.is_field_of_object() {
                    keys.push(name);
                }
                Some(keys)
            }
            Self::Index(parts, _) => parts[0].first_field(),
            Self::And(parts) | Self::Or(parts) | Self::OrElse(parts, _) => {
                parts.iter().find_map(Self::first_field)
            }
            Self::If(parts) => parts.iter().find_map(Self::first_field),
            Self::Operator(_, parts) | Self::Call(_, parts) => parts.iter().find_map(Self::first_field),
            Self::List(items) => items.iter().find_map(|item| item.value.first_field()),
            Self::Map(entries) => entries.iter().find_map(|(_, item)| item.value.first_field()),
            Self::Loop(it) => it.range.first_field().or_else(|| it.body.first_field()),
            Self::Literal(_) | Self::Global(_) | Self::Variable(_) | Self::Local(_) => None,
        }
    }

    fn is_field_of_object(&self) -> bool {
        match self {
            Self::Global(Global::Object) => true,
            Self::Field(of, ..) => of.is_field_of_object(),
            _ => false,
        }
    }

    /// The type of its value, where that can be seen without looking further.
    #[must_use]
    pub fn plain_type(&self) -> Option<&'static str> {
        match self {
            Self::Literal(literal) => Some(literal.type_name()),
            Self::List(_) => Some("list"),
            Self::Map(_) => Some("map"),
            Self::And(_) | Self::Or(_) | Self::Has(..) => Some("bool"),
            Self::Operator(operator, _) if operator.is_question() => Some("bool"),
            Self::Operator(_, parts) => parts.iter().find_map(Self::plain_type),
            Self::Loop(it) => match it.kind {
                LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Some("bool"),
                LoopKind::List | LoopKind::SortBy => Some("list"),
                LoopKind::Map | LoopKind::MapEntry => Some("map"),
                LoopKind::OptMap | LoopKind::OptFlatMap => None,
            },
            Self::Call(function, _) => function.gives,
            _ => None,
        }
    }
}

impl Literal {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) | Self::Pattern(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Type(_) => "type",
        }
    }
}
