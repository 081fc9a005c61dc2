//! What a broken schema keyword means, in words. Text of the instance is never shown: it may be a secret.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};

use super::nearest_branch;
use crate::yaml::Data;

/// How many allowed values are listed.
const LISTED: usize = 8;

/// What is wrong, to stand behind the name of the place: `must be an integer, is text`.
#[must_use]
pub fn what(error: &ValidationError<'_>, secret: bool) -> String {
    let instance = error.instance();
    match error.kind() {
        Kind::Type { kind } => format!("must be {}, is {}", types(kind), described(instance, secret)),
        Kind::Enum { options } => format!("must be {}{}", listed(options), is(instance, secret)),
        Kind::Constant { expected_value } => format!("must be {expected_value}{}", is(instance, secret)),
        Kind::Required { property } => format!("lacks the key {property}"),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("has the unknown key{}", keys(unexpected))
        }
        Kind::AdditionalItems { limit } => format!("has more than {limit} items"),
        Kind::UnevaluatedItems { .. } => "has items that the schema does not know".to_owned(),
        Kind::FalseSchema => "must not be here".to_owned(),
        Kind::Format { format } => format!("is not of the format {format}"),
        Kind::Pattern { pattern } => format!("does not match {pattern}"),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            "cannot be judged: the pattern goes back and forth too often on it".to_owned()
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            nearest_branch::words(error, context.len(), secret)
        }
        Kind::OneOfMultipleValid { context } => nearest_branch::several(context),
        Kind::Not { .. } => "is what the schema forbids".to_owned(),
        Kind::PropertyNames { error } => format!("has a key that {}", what(error, secret)),
        Kind::Custom { message, .. } => message.clone(),
        Kind::Referencing(error) => error.to_string(),
        kind => bounds(kind, instance, secret),
    }
}

/// The keywords that hold a number or a size against a limit.
fn bounds(kind: &Kind, instance: &Data, secret: bool) -> String {
    let many = |limit: u64, one: &str, many: &str| format!("{limit} {}", if limit == 1 { one } else { many });
    match kind {
        Kind::Minimum { limit } => format!("must be at least {limit}{}", is(instance, secret)),
        Kind::Maximum { limit } => format!("must be at most {limit}{}", is(instance, secret)),
        Kind::ExclusiveMinimum { limit } => format!("must be above {limit}{}", is(instance, secret)),
        Kind::ExclusiveMaximum { limit } => format!("must be below {limit}{}", is(instance, secret)),
        Kind::MultipleOf { multiple_of } => {
            format!("must be a multiple of {multiple_of}{}", is(instance, secret))
        }
        Kind::MinLength { limit } => format!("is shorter than {}", many(*limit, "character", "characters")),
        Kind::MaxLength { limit } => format!("is longer than {}", many(*limit, "character", "characters")),
        Kind::MinItems { limit } => format!("has fewer than {}", many(*limit, "item", "items")),
        Kind::MaxItems { limit } => format!("has more than {}", many(*limit, "item", "items")),
        Kind::MinProperties { limit } => format!("has fewer than {}", many(*limit, "key", "keys")),
        Kind::MaxProperties { limit } => format!("has more than {}", many(*limit, "key", "keys")),
        Kind::UniqueItems => "has the same item twice".to_owned(),
        Kind::Contains => "has no item of the kind that the schema demands".to_owned(),
        Kind::ContentEncoding { content_encoding } => format!("is not encoded as {content_encoding}"),
        Kind::ContentMediaType { content_media_type } => format!("is not {content_media_type}"),
        other => format!("breaks {}", other.keyword()),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => named(*one).to_owned(),
        TypeKind::Multiple(several) => joined(several.iter().map(|one| named(one).to_owned())),
    }
}

fn named(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "an integer",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "a map",
        JsonType::String => "text",
    }
}

/// `, is 12`: numbers and booleans only.
fn is(instance: &Data, secret: bool) -> String {
    match instance {
        Data::Number(_) | Data::Bool(_) if !secret => format!(", is {instance}"),
        _ => String::new(),
    }
}

fn described(instance: &Data, secret: bool) -> String {
    match instance {
        Data::String(_) => "text".to_owned(),
        Data::Array(_) => "a list".to_owned(),
        Data::Object(_) => "a map".to_owned(),
        Data::Null => "null".to_owned(),
        Data::Number(_) if secret => "a number".to_owned(),
        Data::Bool(_) if secret => "true or false".to_owned(),
        scalar => scalar.to_string(),
    }
}

fn listed(options: &Data) -> String {
    let all = options.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.len() > LISTED {
        let shown: Vec<String> = all[..LISTED].iter().map(Data::to_string).collect();
        return format!("one of {} and {} more", shown.join(", "), all.len() - LISTED);
    }
    joined(all.iter().map(Data::to_string))
}

fn keys(unexpected: &[String]) -> String {
    let shown: Vec<String> = unexpected.iter().take(LISTED).map(|key| format!("{key:?}")).collect();
    let (plural, rest) = (if unexpected.len() == 1 { "" } else { "s" }, unexpected.len() - shown.len());
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{plural} {}{more}", shown.join(", "))
}

/// `a, b or c`.
pub(super) fn joined(parts: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = parts.collect();
    match all.pop() {
        Some(last) if all.is_empty() => last,
        Some(last) => format!("{} or {last}", all.join(", ")),
        None => "nothing at all".to_owned(),
    }
}
