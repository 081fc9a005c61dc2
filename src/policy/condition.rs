//! The `expression` of a match: a condition on the object, in CEL.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::cel::{Evaluator, Expression, Global, Names, Provided, Val};
use crate::k8s::Object;

const NAMES: Names<'static> = Names { globals: &[("object", Global::Object)], variables: &[] };

/// A condition on an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition(Expression);

impl Condition {
    /// Whether it holds for an object. Where it comes to no value it does not: what is not there is not meant.
    #[must_use]
    pub fn holds(&self, object: &Object<'_>) -> bool {
        let object = Val::read(object.value);
        let provided = Provided { object, request: Val::Null, params: Val::Null, namespace: Val::Null };
        Evaluator::new(provided, &[]).holds(&self.0).unwrap_or(false)
    }

    /// As written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let compiled = Expression::compile_to("bool", &text, NAMES);
        compiled.map(Self).map_err(|fault| match fault.help.as_str() {
            "" => D::Error::custom(fault.message),
            help => D::Error::custom(format!("{}: {help}", fault.message)),
        })
    }
}
