//! Operators that look at all their operands: arithmetic, comparison, `in`.

use std::cmp::Ordering;

use cel::common::ast::operators as ops;

use super::budget::Budget;
use super::failure::Failure;
use super::value::{Outcome, Val};

/// Which operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `-x`
    Negate,
    /// `!x`
    Not,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
}

const ALL: &[(&str, &str, Operator)] = &[
    (ops::ADD, "+", Operator::Add),
    (ops::SUBSTRACT, "-", Operator::Subtract),
    (ops::MULTIPLY, "*", Operator::Multiply),
    (ops::DIVIDE, "/", Operator::Divide),
    (ops::MODULO, "%", Operator::Remainder),
    (ops::NEGATE, "-", Operator::Negate),
    (ops::LOGICAL_NOT, "!", Operator::Not),
    (ops::EQUALS, "==", Operator::Equal),
    (ops::NOT_EQUALS, "!=", Operator::Unequal),
    (ops::LESS, "<", Operator::Less),
    (ops::LESS_EQUALS, "<=", Operator::LessOrEqual),
    (ops::GREATER, ">", Operator::Greater),
    (ops::GREATER_EQUALS, ">=", Operator::GreaterOrEqual),
    (ops::IN, "in", Operator::In),
];

impl Operator {
    /// The operator that the parser calls by this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|(known, ..)| *known == name).map(|(.., operator)| *operator)
    }

    /// Whether its answer is yes or no.
    #[must_use]
    pub fn is_question(self) -> bool {
        use Operator::{Add, Divide, Multiply, Negate, Remainder, Subtract};
        !matches!(self, Add | Subtract | Multiply | Divide | Remainder | Negate)
    }

    fn sign(self) -> &'static str {
        ALL.iter().find(|(.., operator)| *operator == self).map_or("", |(_, sign, _)| sign)
    }

    /// What it makes of its operands.
    ///
    /// # Errors
    /// Types it does not take, overflow, division by zero, the budget.
    pub fn apply<'a>(self, args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
        let wrong = || Failure::overload(self.sign(), args);
        match (self, args) {
            (Self::Not, [Val::Bool(value)]) => Ok(Val::Bool(!value)),
            (Self::Negate, [Val::Int(value)]) => value.checked_neg().map(Val::Int).ok_or_else(overflow),
            (Self::Negate, [Val::Double(value)]) => Ok(Val::Double(-value)),
            (Self::Equal, [one, two]) => Ok(Val::Bool(one.equals(two, &mut |cost| budget.charge(cost))?)),
            (Self::Unequal, [one, two]) => Ok(Val::Bool(!one.equals(two, &mut |cost| budget.charge(cost))?)),
            (Self::In, [one, two]) => contains(two, one, budget).map(Val::Bool),
            (Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual, [one, two]) => {
                budget.charge(1 + one.weight().min(two.weight()) / 10)?;
                let is_nan = |it: &Val<'_>| matches!(it, Val::Double(value) if value.is_nan());
                match one.compare(two) {
                    Some(order) => Ok(Val::Bool(self.holds(order))),
                    None if is_nan(one) || is_nan(two) => Ok(Val::Bool(false)),
                    None => Err(wrong()),
                }
            }
            (_, [one, two]) => self.compute(one, two, budget).unwrap_or_else(|| Err(wrong())),
            _ => Err(wrong()),
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            _ => order.is_ge(),
        }
    }

    fn compute<'a>(self, one: &Val<'a>, two: &Val<'a>, budget: &mut Budget) -> Option<Outcome<'a>> {
        Some(match (one, two) {
            (Val::Int(one), Val::Int(two)) => self.whole(*one, *two)?,
            (Val::Uint(one), Val::Uint(two)) => self.natural(*one, *two)?,
            (Val::Double(one), Val::Double(two)) => Ok(Val::Double(match self {
                Self::Add => one + two,
                Self::Subtract => one - two,
                Self::Multiply => one * two,
                Self::Divide => one / two,
                _ => return None,
            })),
            (Val::List(one), Val::List(two)) if self == Self::Add => {
                let charged = budget.charge(1 + one.len() + two.len());
                charged.map(|()| Val::list(one.iter().chain(two.iter()).cloned().collect()))
            }
            (Val::Bytes(one), Val::Bytes(two)) if self == Self::Add => budget
                .charge_text(one.len() + two.len())
                .map(|()| Val::Bytes([&one[..], &two[..]].concat().into())),
            (one, two) if one.as_text().is_some() && self == Self::Add => {
                let (one, two) = (one.as_text()?, two.as_text()?);
                budget.charge_text(one.len() + two.len()).map(|()| Val::text([one, two].concat()))
            }
            (one, two) => self.of_times(one, two)?,
        })
    }

    fn whole<'a>(self, one: i64, two: i64) -> Option<Outcome<'a>> {
        let result = match self {
            Self::Add => one.checked_add(two),
            Self::Subtract => one.checked_sub(two),
            Self::Multiply => one.checked_mul(two),
            Self::Divide | Self::Remainder if two == 0 => return Some(Err(by_zero())),
            Self::Divide => one.checked_div(two),
            Self::Remainder => one.checked_rem(two),
            _ => return None,
        };
        Some(result.map(Val::Int).ok_or_else(overflow))
    }

    fn natural<'a>(self, one: u64, two: u64) -> Option<Outcome<'a>> {
        let result = match self {
            Self::Add => one.checked_add(two),
            Self::Subtract => one.checked_sub(two),
            Self::Multiply => one.checked_mul(two),
            Self::Divide | Self::Remainder if two == 0 => return Some(Err(by_zero())),
            Self::Divide => one.checked_div(two),
            Self::Remainder => one.checked_rem(two),
            _ => return None,
        };
        Some(result.map(Val::Uint).ok_or_else(overflow))
    }

    fn of_times<'a>(self, one: &Val<'a>, two: &Val<'a>) -> Option<Outcome<'a>> {
        let result = match (self, one, two) {
            (Self::Add, Val::Duration(one), Val::Duration(two)) => one.checked_add(two).map(Val::Duration),
            (Self::Subtract, Val::Duration(one), Val::Duration(two)) => {
                one.checked_sub(two).map(Val::Duration)
            }
            (Self::Add, Val::Timestamp(one), Val::Duration(two))
            | (Self::Add, Val::Duration(two), Val::Timestamp(one)) => {
                one.checked_add_signed(*two).map(Val::Timestamp)
            }
            (Self::Subtract, Val::Timestamp(one), Val::Duration(two)) => {
                one.checked_sub_signed(*two).map(Val::Timestamp)
            }
            (Self::Subtract, Val::Timestamp(one), Val::Timestamp(two)) => {
                Some(Val::Duration(one.signed_duration_since(*two)))
            }
            _ => return None,
        };
        Some(result.ok_or_else(overflow))
    }
}

/// Whether a list holds an item, or a map a key.
fn contains<'a>(all: &Val<'a>, one: &Val<'a>, budget: &mut Budget) -> Result<bool, Failure> {
    match all {
        Val::List(items) => {
            for item in items.iter() {
                if item.equals(one, &mut |cost| budget.charge(cost))? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Val::Map(map) => {
            budget.charge(1)?;
            Ok(map.get(one).is_some())
        }
        _ => Err(Failure::overload("in", &[one.clone(), all.clone()])),
    }
}

fn overflow() -> Failure {
    Failure::new("the number is too large")
}

fn by_zero() -> Failure {
    Failure::new("division by zero")
}
