//! What a chart states outright: reported, and left to the chart.

use crate::finding::Draft;
use crate::finding::Place;
use crate::pss::Violation;

/// What the user can do about a thing that the chart asks for.
pub const ALLOW_OR_CHANGE: &str = "allow it with a reason in the policy, or change the chart";

/// A value of the wrong type, which no rule edits.
#[must_use]
pub fn malformed<'a>(place: Place<'a>, violation: &Violation) -> Draft<'a> {
    let message = format!("the value is {}", violation.detail);
    place.wrong(message).help("Kubernetes refuses the object as it is: correct the value in the chart")
}
