//! Fields as Kubernetes' decoder reads them: absent, set, or of a type that it refuses.

use std::borrow::Cow;

use crate::yaml::route::keys;
use crate::yaml::{Scalar, Value};

/// A field of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting<T> {
    /// Not there, or null.
    Absent,
    /// There.
    Is(T),
    /// It, or something on the way to it, has the wrong type.
    Malformed(Malformed),
}

/// A value of the wrong type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// The part of the path that leads to the value.
    pub at: &'static str,
    /// What belongs there, with its article: `a map`.
    pub wanted: &'static str,
}

impl<T> Setting<T> {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Setting::Absent)
    }

    /// What was read at `below`, the end of `path`, with the whole way to what is malformed.
    pub(super) fn seen_from(self, path: &'static str, below: &'static str) -> Self {
        let Setting::Malformed(Malformed { at, wanted }) = self else { return self };
        let walked = path.len() - below.len();
        let at = path[..walked + at.len()].trim_end_matches('.');
        Setting::Malformed(Malformed { at, wanted })
    }

    fn and_then<U>(
        self,
        at: &'static str,
        wanted: &'static str,
        read: impl FnOnce(T) -> Option<U>,
    ) -> Setting<U> {
        match self {
            Setting::Absent => Setting::Absent,
            Setting::Is(value) => {
                read(value).map_or(Setting::Malformed(Malformed { at, wanted }), Setting::Is)
            }
            Setting::Malformed(malformed) => Setting::Malformed(malformed),
        }
    }
}

/// A reader of one type at a dotted path: those below.
pub(super) type Read<'a, T> = fn(Value<'a>, &'static str) -> Setting<T>;

/// The value at a dotted path.
pub(super) fn find<'a>(from: Value<'a>, path: &'static str) -> Setting<Value<'a>> {
    let mut at = from;
    let mut start = 0;
    for key in keys(path) {
        if !at.is_map() {
            if at.is_null() {
                return Setting::Absent;
            }
            return Setting::Malformed(Malformed {
                at: path[..start].trim_end_matches('.'),
                wanted: "a map",
            });
        }
        let Some(next) = at.get(key) else { return Setting::Absent };
        at = next;
        start += key.len() + 1;
    }
    Setting::Is(at)
}

/// The boolean at a dotted path.
pub(super) fn boolean(from: Value<'_>, path: &'static str) -> Setting<bool> {
    find(from, path).and_then(path, "a boolean", Value::as_bool)
}

/// The text at a dotted path.
pub(super) fn text<'a>(from: Value<'a>, path: &'static str) -> Setting<Cow<'a, str>> {
    find(from, path).and_then(path, "a string", Value::as_str)
}

/// The map at a dotted path.
pub(super) fn map<'a>(from: Value<'a>, path: &'static str) -> Setting<Value<'a>> {
    find(from, path).and_then(path, "a map", |value| value.is_map().then_some(value))
}

/// The list at a dotted path.
pub(super) fn list<'a>(from: Value<'a>, path: &'static str) -> Setting<Value<'a>> {
    find(from, path).and_then(path, "a list", |value| value.is_seq().then_some(value))
}

/// The integer at a dotted path.
pub(super) fn integer(from: Value<'_>, path: &'static str) -> Setting<i64> {
    find(from, path).and_then(path, "an integer", |value| value.scalar().and_then(whole))
}

/// `1e3` and `0.0` are integers to Kubernetes: its YAML reader hands them on as `1000` and `0`.
fn whole(scalar: Scalar<'_>) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match scalar {
        Scalar::Int(value) => Some(value),
        Scalar::Float(value) if value.fract() == 0.0 && value.abs() <= EXACT => {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number within 2^53")]
            let value = value as i64;
            Some(value)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pss::testing::with_value;

    #[test]
    fn absent_null_and_set() {
        with_value("{a: {b: true, c: null, d: text, e: [x], f: 7}, g: null}", |value| {
            assert_eq!(boolean(value, "a.b"), Setting::Is(true));
            assert_eq!(boolean(value, "a.c"), Setting::Absent);
            assert_eq!(boolean(value, "a.x"), Setting::Absent);
            assert_eq!(boolean(value, "g.h"), Setting::Absent);
            assert_eq!(text(value, "a.d"), Setting::Is(Cow::Borrowed("text")));
            assert_eq!(integer(value, "a.f"), Setting::Is(7));
            assert!(matches!(list(value, "a.e"), Setting::Is(_)));
            assert!(matches!(map(value, "a"), Setting::Is(_)));
        });
    }

    #[test]
    fn wrong_types_say_where_and_what_belongs_there() {
        with_value("{a: {b: 'true', c: [], d: {e: 1}}, f: text, g: [1]}", |value| {
            let wrong = |at, wanted| Malformed { at, wanted };
            assert_eq!(boolean(value, "a.b"), Setting::Malformed(wrong("a.b", "a boolean")));
            assert_eq!(boolean(value, "f.x.y"), Setting::Malformed(wrong("f", "a map")));
            assert_eq!(boolean(value, "a.c.y"), Setting::Malformed(wrong("a.c", "a map")));
            assert_eq!(text(value, "a.d.e"), Setting::Malformed(wrong("a.d.e", "a string")));
            assert_eq!(integer(value, "f"), Setting::Malformed(wrong("f", "an integer")));
            assert_eq!(
                list(value, "a").and_then("", "", |_| Some(0)),
                Setting::Malformed(wrong("a", "a list"))
            );
            assert_eq!(
                map(value, "g").and_then("", "", |_| Some(0)),
                Setting::Malformed(wrong("g", "a map"))
            );
        });
        with_value("text", |value| {
            assert_eq!(boolean(value, "a"), Setting::Malformed(Malformed { at: "", wanted: "a map" }));
        });
    }

    #[test]
    fn whole_floats_are_integers_and_others_are_not() {
        for (written, read) in [("0.0", Some(0)), ("-0.0", Some(0)), ("1e3", Some(1000)), ("0x10", Some(16))]
        {
            with_value(&format!("{{a: {written}}}"), |value| {
                let expected = read.map_or(Setting::Absent, Setting::Is);
                assert_eq!(integer(value, "a"), expected, "{written}");
            });
        }
        for written in ["0.5", "1e30", "18446744073709551615", "'0'", "true"] {
            with_value(&format!("{{a: {written}}}"), |value| {
                assert!(matches!(integer(value, "a"), Setting::Malformed(_)), "{written}");
            });
        }
    }
}
