//! What a set of expressions says about one object.

use crate::cel::{Evaluator, Expression, Failure, Fault, Global, Names, POLICY, Val};
use crate::finding::{Draft, Place};
use crate::k8s::Object;
use crate::own::Wrong;
use crate::policy::Expressed;
use crate::policy::expressed::Validation;
use crate::yaml::{Route, Value};

use super::facts;

/// The longest message an expression may make, as in Kubernetes.
const LONGEST_MESSAGE: usize = 5 * 1024;

/// An expression with a name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The expression.
    pub expression: String,
}

/// What must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Demand {
    /// The expression that must come to true.
    pub expression: String,
    /// What to say when it does not.
    pub message: Option<String>,
    /// An expression for what to say.
    pub message_expression: Option<String>,
    /// A word for machines.
    pub reason: Option<String>,
}

/// What becomes of an object that an expression fails on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum FailurePolicy {
    /// A finding.
    #[default]
    Fail,
    /// Nothing.
    Ignore,
}

/// Expressions, as written.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// All must hold for the rest to count.
    pub conditions: Vec<Named>,
    /// Parts of expressions, by name.
    pub variables: Vec<Named>,
    /// What must hold.
    pub demands: Vec<Demand>,
    /// On failures.
    pub failure_policy: FailurePolicy,
    /// Whether there are parameters.
    pub has_params: bool,
}

/// Expressions, compiled.
#[derive(Debug)]
pub struct Judge {
    conditions: Vec<(String, Expression)>,
    names: Vec<String>,
    variables: Vec<Expression>,
    demands: Vec<Compiled>,
    failure_policy: FailurePolicy,
    /// The policy's own words on what to do.
    pub help: String,
}

#[derive(Debug)]
struct Compiled {
    expression: Expression,
    message: Option<String>,
    message_expression: Option<Expression>,
}

impl Judge {
    /// Compiles terms.
    ///
    /// # Errors
    /// The first expression that cannot be used, and which of the terms it is: `variables[0].expression`.
    pub fn new(terms: Terms, help: String) -> Result<Self, Wrong> {
        let wrong = |list: &'static str, number: usize, key: &'static str| {
            let route = Route::root().key(list).index(number).key(key);
            move |fault: Fault| Wrong { route, what: fault.message, help: fault.help }
        };
        let known: Vec<(&'static str, Global)> =
            POLICY.iter().filter(|(_, it)| terms.has_params || *it != Global::Params).copied().collect();
        let mut names: Vec<String> = Vec::new();
        let mut variables = Vec::new();
        for (number, variable) in terms.variables.iter().enumerate() {
            if !is_name(&variable.name) || names.contains(&variable.name) {
                let message = format!("{:?} is no name for a variable, or taken", variable.name);
                let fault = Fault::new(message, "letters, digits and _, each name once");
                return Err(wrong("variables", number, "name")(fault));
            }
            let scope = Names { globals: &known, variables: &names };
            let compiled = Expression::compile(&variable.expression, scope);
            variables.push(compiled.map_err(wrong("variables", number, "expression"))?);
            names.push(variable.name.clone());
        }
        // As in Kubernetes, whether a policy counts does not hang on its variables.
        let scope = Names { globals: &known, variables: &[] };
        let mut conditions = Vec::new();
        for (number, condition) in terms.conditions.iter().enumerate() {
            let compiled = Expression::compile_to("bool", &condition.expression, scope);
            let compiled = compiled.map_err(wrong("matchConditions", number, "expression"))?;
            conditions.push((condition.name.clone(), compiled));
        }
        let scope = Names { globals: &known, variables: &names };
        let mut demands = Vec::new();
        for (number, demand) in terms.demands.into_iter().enumerate() {
            let wrong = |key| wrong("validations", number, key);
            let expression = Expression::compile_to("bool", &demand.expression, scope);
            let message = demand.message_expression.as_deref();
            let message = message.map(|text| Expression::compile_to("string", text, scope)).transpose();
            demands.push(Compiled {
                expression: expression.map_err(wrong("expression"))?,
                message: demand.message.filter(|it| !it.trim().is_empty()),
                message_expression: message.map_err(wrong("messageExpression"))?,
            });
        }
        Ok(Self { conditions, names, variables, demands, failure_policy: terms.failure_policy, help })
    }

    /// Says what is wrong with an object, parameter by parameter.
    pub fn judge<'s, 'a: 's>(
        &'s self,
        object: &'s Object<'a>,
        mut provided: facts::Facts<'s>,
        params: Vec<Val<'s>>,
        say: &mut dyn FnMut(Draft<'a>),
    ) {
        for params in params {
            provided.0.params = params;
            let mut evaluator = Evaluator::new(provided.0.clone(), &self.variables);
            match self.applies(&mut evaluator) {
                Ok(true) => {}
                Ok(false) => continue,
                Err((name, failure)) => {
                    self.fail(object, format!("match condition {name:?}"), &failure, None, say);
                    continue;
                }
            }
            for demand in &self.demands {
                match evaluator.holds(&demand.expression) {
                    Ok(true) => {}
                    Ok(false) => {
                        let message = demand.message(object, &mut evaluator);
                        say(place(object, &demand.expression).wrong(message).help(self.help.clone()));
                    }
                    Err(failure) => {
                        let what = demand.message.clone().unwrap_or_else(|| demand.expression.one_line());
                        self.fail(object, what, &failure, Some(&demand.expression), say);
                    }
                }
            }
        }
    }

    /// The expressions as a cluster can hold them.
    #[must_use]
    pub fn expressed(&self, conditions: Vec<(String, String)>) -> Expressed {
        let own = self.conditions.iter().map(|(name, it)| (name.clone(), it.text.clone()));
        let names = self.names.iter().cloned().zip(self.variables.iter().map(|it| it.text.clone()));
        let demand = |it: &Compiled| Validation {
            expression: it.expression.text.clone(),
            message: it.message.clone(),
            message_expression: it.message_expression.as_ref().map(|it| it.text.clone()),
        };
        Expressed {
            conditions: conditions.into_iter().chain(own).collect(),
            variables: names.collect(),
            validations: self.demands.iter().map(demand).collect(),
            ignores_failures: self.failure_policy == FailurePolicy::Ignore,
            note: None,
        }
    }

    /// Whether all conditions hold. One that does not settles it, whatever becomes of the others.
    fn applies<'s>(&'s self, evaluator: &mut Evaluator<'s>) -> Result<bool, (&'s str, Failure)> {
        let mut first = None;
        for (name, condition) in &self.conditions {
            match evaluator.holds(condition) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(failure) => drop(first.get_or_insert((name.as_str(), failure))),
            }
        }
        first.map_or(Ok(true), Err)
    }

    fn fail<'a>(
        &self,
        object: &Object<'a>,
        what: String,
        failure: &Failure,
        expression: Option<&Expression>,
        say: &mut dyn FnMut(Draft<'a>),
    ) {
        if self.failure_policy == FailurePolicy::Ignore {
            return;
        }
        let place = expression.map_or_else(|| object.at(""), |expression| place(object, expression));
        let help = match failure.message.starts_with("no such key") {
            true => {
                "the object is judged as it is written, without the API server's defaults: ask has(…) first, or write .?"
            }
            false => "",
        };
        say(place.wrong(format!("no verdict on {what}: {failure}")).help(help));
    }
}

impl Compiled {
    /// What the rule says: the words that were worked out, if they can be used, else those that are written.
    fn message<'s>(&'s self, object: &Object<'_>, evaluator: &mut Evaluator<'s>) -> String {
        let made = self.message_expression.as_ref().and_then(|it| evaluator.run(it).ok());
        let usable = |text: &str| {
            let one_line = !text.trim().is_empty() && !text.contains(['\n', '\r']);
            one_line && text.len() <= LONGEST_MESSAGE && !tells_secret(object, text)
        };
        let made = made.and_then(|it| it.as_text().filter(|text| usable(text)).map(str::to_owned));
        let written = || self.message.clone();
        made.or_else(written).unwrap_or_else(|| format!("failed expression: {}", self.expression.one_line()))
    }
}

/// Whether a text holds a value of a Secret, as written or decoded.
fn tells_secret(object: &Object<'_>, text: &str) -> bool {
    use base64::Engine;
    if !object.is("", "Secret") {
        return false;
    }
    let values =
        ["data", "stringData"].iter().filter_map(|key| object.value.get(key)).flat_map(Value::entries);
    values.filter_map(|(_, value)| value.as_str()).any(|value| {
        let decoded = base64::engine::general_purpose::STANDARD.decode(value.trim().as_bytes()).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        [value.trim(), decoded.trim()].iter().any(|value| value.len() >= 3 && text.contains(value))
    })
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(plain)
}

/// The field of the object that an expression names first, or the object.
fn place<'a>(object: &Object<'a>, expression: &Expression) -> Place<'a> {
    expression.first_field().into_iter().fold(object.at(""), |place, key| place.key(key.to_owned()))
}
