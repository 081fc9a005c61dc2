//! The edits that rules write.

use crate::yaml::{Data, Edit, Op, Route};

/// The edit that makes the value at `route` be `data`.
#[must_use]
pub fn set(route: Route, data: impl Into<Data>) -> Edit {
    Edit { route, op: Op::Set(data.into()) }
}

/// The edit that adds `data` to the list at `route`.
#[must_use]
pub fn append(route: Route, data: impl Into<Data>) -> Edit {
    Edit { route, op: Op::Append(data.into()) }
}

/// The edit that takes out the key or item at `route`.
#[must_use]
pub fn remove(route: Route) -> Edit {
    Edit { route, op: Op::Remove }
}
