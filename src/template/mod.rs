//! Handlebars in policies: texts and blocks that name facts of the object they are about.
//!
//! Strict: an unknown variable or helper is refused when the policy is read. Nothing is escaped, because what comes out
//! is a text or a scalar, never YAML. There are no partials and no helpers that reach out of the template.

mod facts;
mod text;
mod walk;

pub use facts::{Facts, HIDDEN};
pub use text::{Text, Wrong, check, fill};
