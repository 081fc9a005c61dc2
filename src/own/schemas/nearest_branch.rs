//! Which alternative of an `anyOf` or `oneOf` was most likely meant, so that its errors can be said instead of "none fits".

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

use super::words;

/// The error that says most: of an `anyOf` or `oneOf` that of its nearest alternative, and so on down.
#[must_use]
pub(super) fn innermost<'e>(error: &'e ValidationError<'e>) -> &'e ValidationError<'e> {
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else { return error };
    let nearest = context.iter().min_by_key(|errors| distance(errors));
    // Of several errors the deepest says most.
    let deepest = nearest.and_then(|errors| errors.iter().max_by_key(|error| depth(error)));
    deepest.map_or(error, innermost)
}

/// `fits none of 3 alternatives; nearest to one is that server.port must be an integer`.
#[must_use]
pub(super) fn words(error: &ValidationError<'_>, alternatives: usize, secret: bool) -> String {
    let inner = innermost(error);
    let none = format!("fits none of {alternatives} alternatives");
    if std::ptr::eq(inner, error) {
        return none;
    }
    let what = words::what(inner, secret);
    if inner.instance_path() == error.instance_path() {
        return format!("{none}; for the nearest it {what}");
    }
    let place = inner.instance_path().as_str().trim_start_matches('/').replace('/', ".");
    format!("{none}; for the nearest {place} {what}")
}

/// `fits the first and the third alternative at once`.
#[must_use]
pub(super) fn several(context: &[Vec<ValidationError<'static>>]) -> String {
    let fitting = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
    let fitting: Vec<String> = fitting.map(|(number, _)| format!("the {}", ordinal(number))).collect();
    format!("fits {} alternative at once, and only one may fit", fitting.join(" and "))
}

/// How far the instance is from an alternative: another type altogether or another constant (as in `kind: file`) is
/// farthest; then the number of errors counts.
fn distance(errors: &[ValidationError<'static>]) -> (usize, usize, usize) {
    let shallowest = errors.iter().map(depth).min().unwrap_or(0);
    let other = errors.iter().filter(|error| depth(error) == shallowest);
    let other = other.filter(|error| matches!(error.kind(), Kind::Type { .. })).count();
    let marks =
        errors.iter().filter(|error| matches!(error.kind(), Kind::Constant { .. } | Kind::Enum { .. }));
    (other, marks.count(), errors.len())
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

fn ordinal(number: usize) -> String {
    let words =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    words.get(number).map_or_else(|| format!("{}th", number + 1), |word| (*word).to_owned())
}
