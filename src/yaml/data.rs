//! Plain values that edits write: what JSON can say, with keys in the order they are to appear.

/// A value to write. Map keys keep their order.
pub type Data = serde_json::Value;

/// Whether two values read the same: the order of keys and the way a number is written say nothing.
#[must_use]
pub fn same(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Number(a), Data::Number(b)) => {
            a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64()))
        }
        (Data::Array(a), Data::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Data::Object(a), Data::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|it| same(value, it)))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_key_order_do_not_count() {
        assert!(same(&json!({"a": 1.0, "b": [2]}), &json!({"b": [2], "a": 1})));
        assert!(!same(&json!({"a": 1}), &json!({"a": "1"})));
        assert!(!same(&json!(9007199254740993u64), &json!(9007199254740992u64)));
        assert!(!same(&json!([1]), &json!([1, 2])));
    }
}
