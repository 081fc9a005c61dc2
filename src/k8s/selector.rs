//! Label selectors, and finding the selectors that pick a pod without trying each.

use std::borrow::Cow;

use foldhash::HashMap;

use crate::yaml::Value;

/// Labels of a pod template or an object.
pub type Labels<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// The labels below a `metadata` map; values that are no strings are left out.
#[must_use]
pub fn labels(metadata: Option<Value<'_>>) -> Labels<'_> {
    let map = metadata.and_then(|it| it.get("labels"));
    let entries = map.map(Value::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?))).collect()
}

/// A selector, either the plain map of a Service or the `matchLabels`/`matchExpressions` of everything else.
#[derive(Debug, Clone)]
pub struct Selector<'a> {
    equal: Labels<'a>,
    expressions: Vec<Expression<'a>>,
}

#[derive(Debug, Clone)]
struct Expression<'a> {
    key: Cow<'a, str>,
    operator: Cow<'a, str>,
    values: Vec<Cow<'a, str>>,
}

impl<'a> Selector<'a> {
    /// Reads `spec.selector` of a Service: a plain map.
    #[must_use]
    pub fn plain(map: Value<'a>) -> Self {
        Self { equal: pairs(Some(map)), expressions: Vec::new() }
    }

    /// Reads a `LabelSelector`.
    #[must_use]
    pub fn full(map: Value<'a>) -> Self {
        let expressions =
            map.get("matchExpressions").map(|list| list.items().filter_map(expression).collect());
        Self { equal: pairs(map.get("matchLabels")), expressions: expressions.unwrap_or_default() }
    }

    /// Whether it names nothing at all (which selects nothing for a Service, everything for a `LabelSelector`).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.equal.is_empty() && self.expressions.is_empty()
    }

    /// Whether all its terms hold for these labels.
    #[must_use]
    pub fn matches(&self, labels: &Labels<'_>) -> bool {
        self.equal.iter().all(|(key, value)| find(labels, key) == Some(value.as_ref()))
            && self.expressions.iter().all(|term| term.holds(find(labels, &term.key)))
    }
}

impl Expression<'_> {
    fn holds(&self, label: Option<&str>) -> bool {
        let listed = |value: &str| self.values.iter().any(|it| it == value);
        match self.operator.as_ref() {
            "In" => label.is_some_and(listed),
            "NotIn" => !label.is_some_and(listed),
            "Exists" => label.is_some(),
            "DoesNotExist" => label.is_none(),
            _ => false,
        }
    }
}

fn expression(term: Value<'_>) -> Option<Expression<'_>> {
    let values = term.get("values").map(|list| list.items().filter_map(Value::as_str).collect());
    Some(Expression {
        key: term.get("key")?.as_str()?,
        operator: term.get("operator")?.as_str()?,
        values: values.unwrap_or_default(),
    })
}

fn pairs(map: Option<Value<'_>>) -> Labels<'_> {
    let entries = map.map(Value::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?))).collect()
}

fn find<'l>(labels: &'l Labels<'_>, key: &str) -> Option<&'l str> {
    labels.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref())
}

/// Selectors by namespace and one of their labels, so that looking up a pod costs its labels, not all selectors. The
/// label is the one that the fewest others are filed under: half of a release may share a label.
#[derive(Debug, Default)]
pub struct SelectorIndex<'a> {
    selectors: Vec<(usize, Selector<'a>)>,
    by_label: HashMap<(String, String, String), Vec<usize>>,
    unlabelled: HashMap<String, Vec<usize>>,
}

impl<'a> SelectorIndex<'a> {
    /// Files a selector of object number `object` that looks at pods of `namespace`.
    pub fn add(&mut self, namespace: &str, object: usize, selector: Selector<'a>) {
        let number = self.selectors.len();
        let places = selector
            .equal
            .iter()
            .map(|(key, value)| (namespace.to_owned(), key.to_string(), value.to_string()));
        match places.min_by_key(|place| self.by_label.get(place).map_or(0, Vec::len)) {
            Some(place) => self.by_label.entry(place).or_default().push(number),
            None => self.unlabelled.entry(namespace.to_owned()).or_default().push(number),
        }
        self.selectors.push((object, selector));
    }

    /// Numbers of the objects whose selector picks a pod with these labels, in the order of the stream.
    #[must_use]
    pub fn selecting(&self, namespace: &str, labels: &Labels<'_>) -> Vec<usize> {
        let labelled = labels.iter().filter_map(|(key, value)| {
            self.by_label.get(&(namespace.to_owned(), key.to_string(), value.to_string()))
        });
        let candidates = labelled.chain(self.unlabelled.get(namespace)).flatten();
        let hits = candidates.map(|number| &self.selectors[*number]).filter(|(_, it)| it.matches(labels));
        let mut objects: Vec<usize> = hits.map(|(object, _)| *object).collect();
        objects.sort_unstable();
        objects.dedup();
        objects
    }
}
