//! What a value must be.

use regex::Regex;
use serde_json::Map;

use super::amount::{Range, same, text_of};
use super::spec::FieldSpec;
use crate::own::Wrong;
use crate::yaml::{Data, Route};

/// Patterns are shown up to here.
const SHOWN_PATTERN: usize = 80;

/// Which of the places named must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// None.
    No,
    /// All; of keys in ConfigMaps and Secrets one object that holds it is enough.
    Yes,
    /// All, in each object that matches.
    Each,
    /// At least one.
    Any,
    /// None, and none may have one.
    Never,
}

/// All that one rule demands of a value.
#[derive(Debug)]
pub struct Demand {
    /// Whether there must be one.
    pub required: Required,
    pub(super) forbidden: Vec<Data>,
    pub(super) one_of: Vec<Data>,
    pub(super) equals: Option<Data>,
    pub(super) range: Option<Range>,
    pub(super) pattern: Option<Regex>,
    pub(super) not_pattern: Option<Regex>,
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
}

impl Demand {
    /// Takes the demands out of a rule.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn take(spec: &mut FieldSpec) -> Result<Self, Wrong> {
        let demand = Self {
            required: required(spec.required.take())?,
            forbidden: list(spec.forbidden.take(), "forbidden")?,
            one_of: list(spec.one_of.take(), "oneOf")?,
            equals: spec.equals.take(),
            range: range(spec.range.take())?,
            pattern: pattern(spec.pattern.take(), "pattern")?,
            not_pattern: pattern(spec.not_pattern.take(), "notPattern")?,
            min_length: length(spec.min_length.take(), "minLength")?,
            max_length: length(spec.max_length.take(), "maxLength")?,
        };
        if let (Some(min), Some(max)) = (demand.min_length, demand.max_length)
            && min > max
        {
            let what = format!("minLength {min} is above maxLength {max}");
            return Err(Wrong::at("minLength", what, "swap them"));
        }
        if demand.is_empty() {
            let known =
                "required, forbidden, range, pattern, notPattern, minLength, maxLength, oneOf, equals";
            return Err(Wrong::at("", "the rule demands nothing", format!("add one of {known}")));
        }
        if demand.required == Required::Never && !demand.is_bare() {
            let help = "take required: never out, or the other demands";
            return Err(Wrong::at("required", "what must not be there has no value to judge", help));
        }
        if let Some(clash) = demand.clash() {
            return Err(Wrong::at("", clash, "no value can pass: take one of the two out"));
        }
        Ok(demand)
    }

    fn is_empty(&self) -> bool {
        self.required == Required::No && self.is_bare()
    }

    /// Nothing is demanded of values.
    fn is_bare(&self) -> bool {
        self.forbidden.is_empty()
            && self.one_of.is_empty()
            && self.equals.is_none()
            && self.range.is_none()
            && self.pattern.is_none()
            && self.not_pattern.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
    }

    /// Two demands that no value meets at once.
    fn clash(&self) -> Option<String> {
        let wanted = self.equals.iter().chain(&self.one_of);
        let mut possible = wanted.clone().filter(|value| {
            let others = Self::problems_besides_choice(self, value, &|_| None);
            others.is_empty()
        });
        (wanted.clone().next().is_some() && possible.next().is_none())
            .then(|| "no value of equals or oneOf passes the other demands".to_owned())
    }

    /// Whether empty text counts as no value.
    #[must_use]
    pub fn refuses_empty(&self) -> bool {
        !matches!(self.required, Required::No | Required::Never)
    }

    /// What is wrong with a value, after the name of the place; `show` gives the value as it may be shown.
    #[must_use]
    pub fn problems(&self, value: &Data, show: &dyn Fn(&Data) -> Option<String>) -> Vec<String> {
        if self.refuses_empty() && value.as_str() == Some("") {
            return vec!["is empty".to_owned()];
        }
        let is =
            |rest: &str| show(value).map_or_else(|| format!("is {rest}"), |it| format!("is {it}, {rest}"));
        let mut found = self.problems_besides_choice(value, show);
        if let Some(wanted) = self.equals.as_ref().filter(|wanted| !same(value, wanted)) {
            found.push(is(&format!("not {}", words(wanted))));
        }
        if !self.one_of.is_empty() && !self.one_of.iter().any(|wanted| same(value, wanted)) {
            let all: Vec<String> = self.one_of.iter().map(words).collect();
            found.push(is(&format!("not one of {}", all.join(", "))));
        }
        found
    }

    fn problems_besides_choice(&self, value: &Data, show: &dyn Fn(&Data) -> Option<String>) -> Vec<String> {
        let is =
            |rest: &str| show(value).map_or_else(|| format!("is {rest}"), |it| format!("is {it}, {rest}"));
        let mut found = Vec::new();
        if self.forbidden.iter().any(|wrong| same(value, wrong)) {
            found.push(show(value).map_or_else(
                || "has a value that is forbidden".to_owned(),
                |it| format!("is {it}, which is forbidden"),
            ));
        }
        let text = text_of(value);
        if let Some(range) = &self.range {
            match &text {
                Some(text) => found.extend(range.problem(text).map(|problem| is(&problem))),
                None => found.push(format!("is {}, not an amount", kind(value))),
            }
        }
        if let Some(pattern) = &self.pattern {
            match &text {
                Some(text) if pattern.is_match(text) => {}
                Some(_) => found.push(format!("does not match {}", self.shown_pattern())),
                None => {
                    found.push(format!("is {}, so it cannot match {}", kind(value), self.shown_pattern()))
                }
            }
        }
        if let Some(pattern) =
            self.not_pattern.as_ref().filter(|it| text.as_ref().is_some_and(|text| it.is_match(text)))
        {
            found.push(format!("matches {}, which is forbidden", shortened(pattern)));
        }
        found.extend(self.length_problem(value));
        found
    }

    fn length_problem(&self, value: &Data) -> Option<String> {
        if self.min_length.is_none() && self.max_length.is_none() {
            return None;
        }
        let (length, things) = match value {
            Data::String(text) => (text.chars().count(), "characters"),
            Data::Array(items) => (items.len(), "items"),
            Data::Object(map) => (map.len(), "entries"),
            other => return Some(format!("is {}, not text with a length", kind(other))),
        };
        let short = self.min_length.filter(|min| length < *min);
        let long = self.max_length.filter(|max| length > *max);
        let short = short.map(|min| format!("has fewer than {min} {things}"));
        short.or_else(|| long.map(|max| format!("has more than {max} {things}")))
    }

    /// What is wrong with bytes that are no text, of which only the length is known.
    #[must_use]
    pub fn problems_of_bytes(&self, length: usize) -> Vec<String> {
        let mut found: Vec<String> = self
            .length_problem(&Data::String("x".repeat(length)))
            .map(|it| it.replace("characters", "bytes"))
            .into_iter()
            .collect();
        let others = self.pattern.is_some()
            || self.not_pattern.is_some()
            || self.range.is_some()
            || self.equals.is_some()
            || !self.one_of.is_empty();
        if others {
            found.push("is no text".to_owned());
        }
        found
    }

    fn shown_pattern(&self) -> String {
        self.pattern.as_ref().map_or_else(String::new, shortened)
    }

    /// One line that says what is demanded.
    #[must_use]
    pub fn summary(&self) -> String {
        let list = |values: &[Data]| values.iter().map(words).collect::<Vec<_>>().join(", ");
        let mut all: Vec<String> = Vec::new();
        all.extend(match self.required {
            Required::No => None,
            Required::Any => Some("one of them set".to_owned()),
            Required::Yes | Required::Each => Some("set".to_owned()),
            Required::Never => Some("not set".to_owned()),
        });
        all.extend(self.equals.as_ref().map(words));
        all.extend((!self.one_of.is_empty()).then(|| format!("one of {}", list(&self.one_of))));
        all.extend((!self.forbidden.is_empty()).then(|| format!("none of {}", list(&self.forbidden))));
        all.extend(self.range.as_ref().map(Range::words));
        all.extend(self.pattern.is_some().then(|| format!("like {}", self.shown_pattern())));
        all.extend(self.not_pattern.as_ref().map(|pattern| format!("not like {}", shortened(pattern))));
        all.extend(self.min_length.map(|min| format!("at least {min} long")));
        all.extend(self.max_length.map(|max| format!("at most {max} long")));
        all.join(", ")
    }

    /// The limits, for templates; those that the rule does not name are empty.
    #[must_use]
    pub fn facts(&self) -> Map<String, Data> {
        let limit = |value: Option<&str>| Data::from(value.unwrap_or_default());
        let length = |value: Option<usize>| value.map_or(Data::from(""), Data::from);
        let list = |values: &[Data]| Data::from(values.iter().map(words).collect::<Vec<_>>().join(", "));
        let range = self.range.as_ref();
        [
            ("min", limit(range.and_then(Range::min))),
            ("max", limit(range.and_then(Range::max))),
            ("minLength", length(self.min_length)),
            ("maxLength", length(self.max_length)),
            ("pattern", Data::from(self.shown_pattern())),
            ("equals", Data::from(self.equals.as_ref().map(words).unwrap_or_default())),
            ("oneOf", list(&self.one_of)),
            ("forbidden", list(&self.forbidden)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

fn shortened(pattern: &Regex) -> String {
    let pattern = pattern.as_str();
    if pattern.chars().count() <= SHOWN_PATTERN {
        return pattern.to_owned();
    }
    pattern.chars().take(SHOWN_PATTERN).chain(['…']).collect()
}

fn kind(value: &Data) -> &'static str {
    match value {
        Data::Array(_) => "a list",
        Data::Object(_) => "a map",
        Data::Number(_) => "a number",
        Data::Bool(_) => "true or false",
        Data::Null => "null",
        Data::String(_) => "text",
    }
}

fn words(value: &Data) -> String {
    match value {
        Data::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

fn required(written: Option<Data>) -> Result<Required, Wrong> {
    match written {
        None | Some(Data::Bool(false)) => Ok(Required::No),
        Some(Data::Bool(true)) => Ok(Required::Yes),
        Some(Data::String(word)) if word == "each" => Ok(Required::Each),
        Some(Data::String(word)) if word == "any" => Ok(Required::Any),
        Some(Data::String(word)) if word == "never" => Ok(Required::Never),
        Some(other) => {
            let what = format!("required: {other} is none of true, false, any, each, never");
            let help = "true: all named; any: one of those named; each: all in each object that matches; never: must not be there";
            Err(Wrong::at("required", what, help))
        }
    }
}

fn list(written: Option<Data>, key: &'static str) -> Result<Vec<Data>, Wrong> {
    match written {
        None => Ok(Vec::new()),
        Some(Data::Array(items)) if items.is_empty() => {
            Err(Wrong::at(key, format!("{key} lists nothing"), format!("{key}: [\"a\", \"b\"]")))
        }
        Some(Data::Array(items)) => Ok(items),
        Some(one) => Ok(vec![one]),
    }
}

fn range(written: Option<Data>) -> Result<Option<Range>, Wrong> {
    let help = "range: {min: 1, max: 5}, also with units: {min: 100m, max: \"2\"}, {min: 30s}, {max: 25%}";
    let Some(written) = written else { return Ok(None) };
    let Data::Object(map) = &written else {
        return Err(Wrong::at("range", "a range is a map of min and max", help));
    };
    if let Some(key) = map.keys().find(|key| !["min", "max"].contains(&key.as_str())) {
        let help = crate::nearest::hint(key, ["min", "max"], "known here: min, max");
        return Err(Wrong {
            route: Route::root().key("range").key(key.clone()),
            what: format!("unknown key {key:?}"),
            help,
        });
    }
    let limit = |key: &str| map.get(key).filter(|value| !value.is_null());
    Range::new(limit("min"), limit("max")).map(Some).map_err(|what| Wrong::at("range", what, help))
}

fn length(written: Option<i64>, key: &'static str) -> Result<Option<usize>, Wrong> {
    let wrong = |number: i64| Wrong::at(key, format!("{key} {number} is no count"), format!("{key}: 64"));
    written.map(|number| usize::try_from(number).map_err(|_| wrong(number))).transpose()
}

fn pattern(written: Option<String>, key: &'static str) -> Result<Option<Regex>, Wrong> {
    let Some(written) = written else { return Ok(None) };
    Regex::new(&written).map(Some).map_err(|error| {
        // The library draws the pattern with a mark below; its last line says what is wrong.
        let said = error.to_string();
        let said = said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let help = "the syntax is that of https://docs.rs/regex: no look-around, no back-references; \
                    (?i) ignores case, ^ and $ hold the ends";
        Wrong::at(key, format!("the pattern cannot be read: {said}"), help)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_have_a_length_alone() {
        let none = || Demand {
            required: Required::No,
            forbidden: Vec::new(),
            one_of: Vec::new(),
            equals: None,
            range: None,
            pattern: None,
            not_pattern: None,
            min_length: Some(4),
            max_length: None,
        };
        assert_eq!(none().problems_of_bytes(4), Vec::<String>::new());
        assert_eq!(none().problems_of_bytes(3).len(), 1);
        let words = Demand { one_of: vec!["a".into()], ..none() };
        assert_eq!(words.problems_of_bytes(4), ["is no text"]);
    }
}
