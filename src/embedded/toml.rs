//! TOML with the line of each key.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Fault;
use crate::yaml::{Data, Route};

pub(super) fn read(text: &str) -> Result<(Data, HashMap<Route, usize>), Fault> {
    let at = |offset: usize| {
        let before = &text.as_bytes()[..offset.min(text.len())];
        1 + memchr::memchr_iter(b'\n', before).count()
    };
    let table = DeTable::parse(text)
        .map_err(|error| Fault::new("not TOML from here on", error.span().map(|span| at(span.start))))?;
    let mut lines = HashMap::new();
    let data = map(table.get_ref(), &Route::root(), &at, &mut lines);
    Ok((data, lines))
}

fn map(
    table: &DeTable<'_>,
    route: &Route,
    at: &dyn Fn(usize) -> usize,
    lines: &mut HashMap<Route, usize>,
) -> Data {
    let entries = table.iter().map(|(key, value)| {
        let below = route.key(key.get_ref().to_string());
        lines.insert(below.clone(), at(key.span().start));
        (key.get_ref().to_string(), data(value, &below, at, lines))
    });
    Data::Object(entries.collect())
}

fn data(
    value: &Spanned<DeValue<'_>>,
    route: &Route,
    at: &dyn Fn(usize) -> usize,
    lines: &mut HashMap<Route, usize>,
) -> Data {
    match value.get_ref() {
        DeValue::String(text) => Data::String(text.to_string()),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            parsed.map_or_else(|_| Data::String(number.to_string()), Data::from)
        }
        DeValue::Float(number) => {
            let parsed = number.as_str().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            parsed.map_or_else(|| Data::String(number.to_string()), Data::Number)
        }
        DeValue::Boolean(value) => Data::Bool(*value),
        DeValue::Datetime(time) => Data::String(time.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().enumerate().map(|(index, item)| {
                let below = route.index(index);
                lines.insert(below.clone(), at(item.span().start));
                data(item, &below, at, lines)
            });
            Data::Array(items.collect())
        }
        DeValue::Table(table) => map(table, route, at, lines),
    }
}
