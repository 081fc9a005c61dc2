//! Rules written in CEL: those of the policy file, and Kubernetes' own ValidatingAdmissionPolicy documents.

pub mod admission;
pub mod constraints;
pub mod facts;
pub mod judge;
pub mod spec;

pub use admission::{Admission, Misread};
pub use spec::ExpressionSpec;
