//! The Pod Security Standards, decided exactly as Kubernetes' own `pod-security-admission` decides them.
//!
//! [`Pod`] is a pod template read from YAML, [`controls`] holds one pure function per check, and [`evaluate()`]
//! knows which checks run at a [`Level`] and a [`Version`]. Nothing here knows fixes, severities or policies.
//!
//! # Where a value has the wrong type
//! Kubernetes decodes a pod before it judges it: a string where a boolean belongs, or a map where a list belongs,
//! is an error and the object is refused. There is no verdict to agree with, so every check that reads such a
//! field reports a [`Violation`] with `malformed` set, and nothing passes by accident. Fields that no
//! check reads are not looked at. A key that Kubernetes does not know is dropped by it, so a volume with nothing
//! but an unknown source becomes an `emptyDir` there; here it is a violation, since the next Kubernetes may know it.

pub mod controls;
mod evaluate;
mod field;
mod level;
mod pod;
mod setting;
#[cfg(test)]
mod testing;
mod version;
mod violation;

pub use evaluate::{evaluate, passed_level, strictest, strictest_added, union};
pub use level::{Level, LevelError};
pub use pod::{CONTAINER_LISTS, Container, Pod, Scope};
pub use setting::{Malformed, Setting};
pub use version::{Version, VersionError, Versions};
pub use violation::{ContainerRef, Violation};
