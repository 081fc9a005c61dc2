//! The values of expressions. Those of a document are lent by its text and read only as deep as they are looked at.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};

use super::failure::Failure;
use super::functions::cidr::Cidr;
use super::functions::named::Format;
use super::functions::quantity::Quantity;
use super::functions::url::Url;
use crate::yaml::{Data, Scalar, Value};

/// Text, lent or made.
#[derive(Debug, Clone)]
pub enum Text<'a> {
    /// Of a document or of an expression.
    Lent(&'a str),
    /// Made by a function.
    Made(Rc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Lent(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// A map: of a document, or made.
#[derive(Debug, Clone)]
pub enum Map<'a> {
    /// A mapping of a document; nulls are absent, as they are to the API server.
    Lent(Value<'a>),
    /// Keys (text, numbers or booleans) with their values.
    Made(Rc<Vec<(Val<'a>, Val<'a>)>>),
}

/// A value.
#[derive(Debug, Clone)]
pub enum Val<'a> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An `int`.
    Int(i64),
    /// A `uint`.
    Uint(u64),
    /// A `double`.
    Double(f64),
    /// A `string`.
    Text(Text<'a>),
    /// `bytes`.
    Bytes(Rc<[u8]>),
    /// A `list`.
    List(Rc<Vec<Val<'a>>>),
    /// A `map`.
    Map(Map<'a>),
    /// An `optional_type`.
    Optional(Option<Rc<Val<'a>>>),
    /// The name of a type.
    Type(&'static str),
    /// A pattern of the expression's own, compiled with it.
    Pattern(&'a regex::Regex),
    /// A span of time.
    Duration(TimeDelta),
    /// A moment.
    Timestamp(DateTime<Utc>),
    /// Kubernetes' quantity.
    Quantity(Rc<Quantity>),
    /// An address on the web.
    Url(Rc<Url>),
    /// An IP address.
    Ip(std::net::IpAddr),
    /// A range of IP addresses.
    Cidr(Cidr),
    /// A version.
    Semver(Rc<semver::Version>),
    /// A named format of text.
    Format(Format),
}

/// What evaluating gives.
pub type Outcome<'a> = Result<Val<'a>, Failure>;

impl<'a> Val<'a> {
    /// The value of a node of a document.
    #[must_use]
    pub fn read(value: Value<'a>) -> Self {
        if value.is_map() {
            return Self::Map(Map::Lent(value.resolved()));
        }
        if value.is_seq() {
            return Self::list(value.items().map(Self::read).collect());
        }
        match value.scalar() {
            None | Some(Scalar::Null) => Self::Null,
            Some(Scalar::Bool(it)) => Self::Bool(it),
            Some(Scalar::Int(it)) => Self::Int(it),
            Some(Scalar::UInt(it)) => Self::Double(it as f64),
            Some(scalar @ Scalar::Float(_)) => match (scalar.as_i64(), scalar) {
                (Some(it), _) => Self::Int(it),
                (None, Scalar::Float(it)) => Self::Double(it),
                (None, _) => Self::Null,
            },
            Some(Scalar::Str(std::borrow::Cow::Borrowed(it))) => Self::Text(Text::Lent(it)),
            Some(Scalar::Str(std::borrow::Cow::Owned(it))) => Self::text(it),
        }
    }

    /// The value of plain data.
    #[must_use]
    pub fn data(data: &Data) -> Self {
        match data {
            Data::Null => Self::Null,
            Data::Bool(it) => Self::Bool(*it),
            Data::Number(it) => {
                it.as_i64().map_or_else(|| Self::Double(it.as_f64().unwrap_or(f64::NAN)), Self::Int)
            }
            Data::String(it) => Self::text(it),
            Data::Array(items) => Self::list(items.iter().map(Self::data).collect()),
            Data::Object(map) => {
                Self::map(map.iter().map(|(key, value)| (Self::text(key), Self::data(value))).collect())
            }
        }
    }

    /// Text that was made.
    #[must_use]
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Text::Made(Rc::from(text.as_ref())))
    }

    /// A list that was made.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(items))
    }

    /// A map that was made.
    #[must_use]
    pub fn map(entries: Vec<(Self, Self)>) -> Self {
        Self::Map(Map::Made(Rc::new(entries)))
    }

    /// A map with these names as keys.
    #[must_use]
    pub fn record<const N: usize>(entries: [(&'static str, Self); N]) -> Self {
        Self::map(entries.into_iter().map(|(key, value)| (Self::Text(Text::Lent(key)), value)).collect())
    }

    /// An optional that holds a value.
    #[must_use]
    pub fn some(value: Self) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    /// Text, if it is that.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Pattern(pattern) => Some(pattern.as_str()),
            _ => None,
        }
    }

    /// A boolean, or the failure of a word that wants one.
    ///
    /// # Errors
    /// No such overload.
    pub fn as_bool(&self) -> Result<bool, Failure> {
        match self {
            Self::Bool(value) => Ok(*value),
            other => Err(Failure::new(format!("a bool is wanted here, not {}", other.type_name()))),
        }
    }

    /// The name of its type, as `type()` says it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) | Self::Pattern(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Url(_) => "kubernetes.URL",
            Self::Ip(_) => "net.IP",
            Self::Cidr(_) => "net.CIDR",
            Self::Semver(_) => "kubernetes.Semver",
            Self::Format(_) => "kubernetes.NamedFormat",
        }
    }

    /// How much looking at it all costs: its characters, its entries.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.len(),
            Self::Map(map) => map.len(),
            _ => 1,
        }
    }

    /// Whether two values are equal: numbers by what they are worth, whatever their type; other types never meet.
    /// `cost` is called for every value that is looked at.
    ///
    /// # Errors
    /// What `cost` says.
    pub fn equals(
        &self,
        other: &Self,
        cost: &mut dyn FnMut(usize) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        cost(1 + self.weight().min(other.weight()) / 10)?;
        Ok(match (self, other) {
            (Self::List(one), Self::List(two)) => {
                one.len() == two.len() && {
                    for (one, two) in one.iter().zip(two.iter()) {
                        if !one.equals(two, cost)? {
                            return Ok(false);
                        }
                    }
                    true
                }
            }
            (Self::Map(one), Self::Map(two)) => return one.equals(two, cost),
            (Self::Optional(Some(one)), Self::Optional(Some(two))) => return one.equals(two, cost),
            (Self::Optional(None), Self::Optional(None)) | (Self::Null, Self::Null) => true,
            (Self::Bytes(one), Self::Bytes(two)) => one == two,
            (Self::Type(one), Self::Type(two)) => one == two,
            (Self::Quantity(one), Self::Quantity(two)) => one.order(two) == Ordering::Equal,
            (Self::Url(one), Self::Url(two)) => one == two,
            (Self::Ip(one), Self::Ip(two)) => one == two,
            (Self::Cidr(one), Self::Cidr(two)) => one == two,
            (Self::Semver(one), Self::Semver(two)) => one.cmp_precedence(two) == Ordering::Equal,
            (Self::Format(one), Self::Format(two)) => one == two,
            _ => self.compare(other) == Some(Ordering::Equal),
        })
    }

    /// Which is first, for the types that have an order.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        if let (Some(one), Some(two)) = (self.as_text(), other.as_text()) {
            return Some(one.cmp(two));
        }
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => Some(one.cmp(two)),
            (Self::Bytes(one), Self::Bytes(two)) => Some(one.cmp(two)),
            (Self::Duration(one), Self::Duration(two)) => Some(one.cmp(two)),
            (Self::Timestamp(one), Self::Timestamp(two)) => Some(one.cmp(two)),
            (Self::Double(one), Self::Double(two)) => one.partial_cmp(two),
            (Self::Double(one), two) => two.whole().and_then(|two| against(*one, two)),
            (one, Self::Double(two)) => one.whole().and_then(|one| against(*two, one)).map(Ordering::reverse),
            (one, two) => Some(one.whole()?.cmp(&two.whole()?)),
        }
    }

    fn whole(&self) -> Option<i128> {
        match self {
            Self::Int(value) => Some(i128::from(*value)),
            Self::Uint(value) => Some(i128::from(*value)),
            _ => None,
        }
    }
}

/// A double against a whole number of at most 64 bits, exactly.
fn against(one: f64, two: i128) -> Option<Ordering> {
    let fraction = if one.fract() == 0.0 { Ordering::Equal } else { Ordering::Greater };
    (!one.is_nan()).then(|| (one.floor() as i128).cmp(&two).then(fraction))
}

impl<'a> Map<'a> {
    /// The value at a key.
    #[must_use]
    pub fn get(&self, key: &Val<'a>) -> Option<Val<'a>> {
        match self {
            Self::Lent(map) => map.get(key.as_text()?).map(Val::read),
            Self::Made(entries) => {
                let found = entries.iter().find(|(name, _)| name.compare(key) == Some(Ordering::Equal));
                found.map(|(_, value)| value.clone())
            }
        }
    }

    /// The value at a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Val<'a>> {
        match self {
            Self::Lent(map) => map.get(name).map(Val::read),
            Self::Made(entries) => {
                let found = entries.iter().find(|(key, _)| key.as_text() == Some(name));
                found.map(|(_, value)| value.clone())
            }
        }
    }

    /// How many keys it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Lent(map) => map.entries().into_iter().filter(|(_, value)| !value.is_null()).count(),
            Self::Made(entries) => entries.len(),
        }
    }

    /// About how much there is to look through for a key.
    #[must_use]
    pub fn extent(&self) -> usize {
        match self {
            Self::Lent(map) => (map.node().next.saturating_sub(map.index())) as usize,
            Self::Made(entries) => entries.len() * 10,
        }
    }

    /// Whether it has no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All keys with their values.
    #[must_use]
    pub fn entries(&self) -> Rc<Vec<(Val<'a>, Val<'a>)>> {
        match self {
            Self::Made(entries) => entries.clone(),
            Self::Lent(map) => {
                let there = map.entries().into_iter().filter(|(_, value)| !value.is_null());
                let key = |text| match text {
                    std::borrow::Cow::Borrowed(text) => Val::Text(Text::Lent(text)),
                    std::borrow::Cow::Owned(text) => Val::text(text),
                };
                Rc::new(there.map(|(name, value)| (key(name), Val::read(value))).collect())
            }
        }
    }

    fn equals(
        &self,
        other: &Self,
        cost: &mut dyn FnMut(usize) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let (one, two) = (self.entries(), other.entries());
        if one.len() != two.len() {
            return Ok(false);
        }
        for (key, value) in one.iter() {
            cost(1 + two.len() / 10)?;
            match other.get(key) {
                Some(it) if value.equals(&it, cost)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

impl fmt::Display for Val<'_> {
    /// For messages: text as it is, collections by their size alone. What a document says may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Uint(value) => write!(f, "{value}"),
            Self::Double(value) => write!(f, "{value}"),
            other => f.write_str(other.type_name()),
        }
    }
}
