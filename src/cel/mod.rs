//! CEL as Kubernetes' ValidatingAdmissionPolicy speaks it. The crate `cel` parses; evaluating is done here, because
//! every step has to be counted, values are to be lent by the document, and the libraries of Kubernetes are not the
//! crate's.

pub mod budget;
pub mod compile;
pub mod evaluate;
pub mod failure;
pub mod functions;
mod loops;
pub mod node;
pub mod operators;
pub mod parse;
mod rounds;
pub mod value;

#[cfg(test)]
mod tests;

pub use compile::{Names, POLICY};
pub use evaluate::{Evaluator, Provided};
pub use failure::{Failure, Fault};
pub use node::Global;
pub use value::{Outcome, Val};

/// An expression, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Expression {
    /// As written.
    pub text: String,
    node: node::Node,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Expression {
    /// Compiles an expression that may name `names`.
    ///
    /// # Errors
    /// Whatever is wrong with it that can be seen without an object.
    pub fn compile(text: &str, names: Names<'_>) -> Result<Self, Fault> {
        let node = compile::compile(&parse::parse(text)?, names)?;
        Ok(Self { text: text.to_owned(), node })
    }

    /// Compiles an expression that must come to a value of this type.
    ///
    /// # Errors
    /// The same, and a type that can be seen to be another.
    pub fn compile_to(kind: &str, text: &str, names: Names<'_>) -> Result<Self, Fault> {
        let expression = Self::compile(text, names)?;
        match expression.node.plain_type() {
            Some(other) if other != kind => {
                let message = format!("the expression is of type {other}, and {kind} is wanted");
                let help = if kind == "bool" {
                    "say what must hold, such as object.spec.replicas >= 2"
                } else {
                    "string(…) makes text of it"
                };
                Err(Fault::new(message, help))
            }
            _ => Ok(expression),
        }
    }

    /// As written, on one line.
    #[must_use]
    pub fn one_line(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The keys of the field of `object` that it names first.
    #[must_use]
    pub fn first_field(&self) -> Vec<&str> {
        self.node.first_field().unwrap_or_default()
    }
}
