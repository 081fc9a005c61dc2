//! Requests and limits: which containers they are asked of, where they may come from, when a figure must not
//! be written. What the rules for cpu, memory and storage share.

use std::borrow::Cow;

use serde_json::Map;

use crate::finding::Place;
use crate::k8s::{Access, Container, List, Release, quantity};
use crate::policy::Policy;
use crate::rule::{Findings, set};
use crate::template::{self, Facts};
use crate::yaml::{Data, Edit, Value};

/// Requests or limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `requests`.
    Requests,
    /// `limits`.
    Limits,
}

impl Side {
    /// The key below `resources`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Limits => "limits",
        }
    }

    /// The key of a `LimitRange` item that gives this to containers without.
    const fn default_key(self) -> &'static str {
        match self {
            Self::Requests => "defaultRequest",
            Self::Limits => "default",
        }
    }
}

/// One figure of a container: `requests` of `cpu`.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Requests or limits.
    pub side: Side,
    /// `cpu`, `memory`, `ephemeral-storage`.
    pub name: &'static str,
}

/// Says that a container has no such figure, unless it has, and offers the policy's.
pub fn check(release: &Release<'_>, container: &Container<'_>, figure: Figure, findings: &mut Findings<'_>) {
    if !is_asked(container, findings) || is_given(release, container, figure) {
        return;
    }
    let Figure { side, name } = figure;
    let scaled = release.is_scaled_vertically(release.object_of(container.workload));
    if side == Side::Requests && scaled {
        return;
    }
    let one = if side == Side::Requests { "request" } else { "limit" };
    let found = place(container, figure).wrong(format!("has no {name} {one}"));
    findings.add(match edit(release, container, figure, findings) {
        Some(Ok(edit)) => found.consent([edit]),
        Some(Err(why)) => found.help(why),
        None => found.help(format!("resources: {{{}: {{{name}: …}}}} in a policy says how much", side.key())),
    });
}

/// Whether requests and limits are asked of this container: of what runs as long as the pod, and of other
/// init containers where the rule's setting `initContainers` says so. Debugging containers may not have any.
#[must_use]
pub fn is_asked(container: &Container<'_>, findings: &Findings<'_>) -> bool {
    let wanted = findings.setting("initContainers").and_then(Data::as_bool) == Some(true);
    let counts = container.is_long_running() || (wanted && container.list == List::Init);
    counts && container.workload.access != Access::Part
}

/// Whether the container has the figure, or the API server gives it one: a request follows from the limit,
/// and both from the pod's own `resources` or a `LimitRange` of the namespace.
#[must_use]
pub fn is_given(release: &Release<'_>, container: &Container<'_>, figure: Figure) -> bool {
    let has = |scope: Option<Value<'_>>, side: Side| {
        scope.and_then(|it| it.get(side.key())?.get(figure.name)).is_some()
    };
    let own = container.value.get("resources");
    let pod = container.workload.spec.get("resources");
    [own, pod]
        .into_iter()
        .any(|scope| has(scope, figure.side) || (figure.side == Side::Requests && has(scope, Side::Limits)))
        || by_default(release, container, figure)
}

fn by_default(release: &Release<'_>, container: &Container<'_>, figure: Figure) -> bool {
    let ranges = release.limits_of("LimitRange", release.namespace_of(container.workload));
    let items = ranges.filter_map(|range| range.value.path("spec.limits")).flat_map(Value::items);
    items.into_iter().any(|item| {
        let given = |key: &str| item.get(key).and_then(|it| it.get(figure.name)).is_some();
        let container = item.get("type").and_then(Value::as_str).as_deref() == Some("Container");
        container && (given(figure.side.default_key()) || (figure.side == Side::Requests && given("default")))
    })
}

/// The place of the figure.
#[must_use]
pub fn place<'r>(container: &Container<'r>, figure: Figure) -> Place<'r> {
    container.at("resources").key(figure.side.key().to_owned()).key(figure.name.to_owned())
}

/// The edit that writes the policy's figure, or why it must not be written; `None` when the policy has none.
pub fn edit(
    release: &Release<'_>,
    container: &Container<'_>,
    figure: Figure,
    findings: &Findings<'_>,
) -> Option<Result<Edit, String>> {
    let written = match from_policy(release, container, figure, findings.policy())? {
        Ok(written) => written,
        Err(why) => return Some(Err(why)),
    };
    let request = Figure { side: Side::Requests, ..figure };
    let request = findings
        .will_be(&place(container, request))
        .or_else(|| from_policy(release, container, request, findings.policy())?.ok());
    let clash = clash(container, figure, &written, request.as_ref());
    Some(clash.map_or_else(|| Ok(set(place(container, figure).route, written)), Err))
}

/// The policy's figure: of the first matching entry that names it. An error says which fact it lacks.
fn from_policy(
    release: &Release<'_>,
    container: &Container<'_>,
    figure: Figure,
    policy: &Policy,
) -> Option<Result<Data, String>> {
    let object = release.object_of(container.workload);
    let entries = policy.resources.iter().filter(|entry| entry.matches.container(object, container));
    let mut figures = entries.filter_map(|entry| match figure.side {
        Side::Requests => entry.requests.get(figure.name),
        Side::Limits => entry.limits.get(figure.name),
    });
    let environment = policy.environment.as_ref().map_or("", |environment| environment.name.as_str());
    let facts = || Facts { release, object, part: Some(container), environment }.data(Map::new());
    figures.next().map(|written| template::fill(written, &facts).map(Cow::into_owned))
}

/// Why a limit would be too low: below the request, or below the heap that the program is told to use.
fn clash(
    container: &Container<'_>,
    figure: Figure,
    written: &Data,
    request: Option<&Data>,
) -> Option<String> {
    let Some(limit) = millis(written) else {
        return Some(format!("the policy's {} {written} is no quantity", figure.name));
    };
    if figure.side == Side::Requests {
        return None;
    }
    if let Some(request) = request.filter(|it| millis(it).is_none_or(|request| request > limit)) {
        return Some(format!("the policy's limit {written} is below the request {request}"));
    }
    let heap = (figure.name == "memory").then(|| heap(container)).flatten();
    heap.filter(|bytes| bytes * 1000 > limit)
        .map(|_| format!("the policy's limit {written} is below the heap that the container is told to use"))
}

fn millis(data: &Data) -> Option<i128> {
    match data {
        Data::String(text) => quantity::millis(text),
        Data::Number(number) => quantity::millis(&number.to_string()),
        _ => None,
    }
}

/// The largest heap named in arguments and variables, in bytes: `-Xmx512m`, `GOMEMLIMIT=400MiB`.
fn heap(container: &Container<'_>) -> Option<i128> {
    let lists = ["command", "args"].into_iter().filter_map(|key| container.get(key));
    let words = lists.flat_map(Value::items).filter_map(Value::as_str);
    let variables = container.get("env").into_iter().flat_map(Value::items);
    let values = variables.filter_map(|entry| {
        let value = entry.get("value")?.as_str()?;
        let go = entry.get("name")?.as_str()? == "GOMEMLIMIT";
        Some(if go { format!("-Xmx{}", value.trim_end_matches("iB")).into() } else { value })
    });
    words.chain(values).flat_map(|text| java_heaps(&text)).max()
}

fn java_heaps(text: &str) -> Vec<i128> {
    let options =
        text.split_whitespace().filter_map(|word| word.trim_matches(['"', '\'']).strip_prefix("-Xmx"));
    options.filter_map(java_size).collect()
}

fn java_size(text: &str) -> Option<i128> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let power = match unit.to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    number.parse::<i128>().ok()?.checked_mul(1024_i128.pow(power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_heaps_out_of_options() {
        assert_eq!(java_heaps("-Xms1g -Xmx512m -jar x"), [512 << 20]);
        assert_eq!(java_heaps("-Xmx2G"), [2 << 30]);
        assert_eq!(java_heaps("-Xmx400M"), [400 << 20]);
        assert!(java_heaps("-Xmx$(HEAP) -Xss1m").is_empty());
    }
}
