//! Settings that change nothing: said already by what the file extends, or overruled wherever they could count.

use super::{Remarks, files};
use crate::load::layers::{Layer, Layers};
use crate::yaml::{Data, Route};

/// A setting: its route and value.
type Setting = (Route, Data);

pub(super) fn look(default: &Layers, under: &[Layers], remarks: &mut Remarks) {
    for layer in files(default) {
        for (route, value) in settings(&layer.source.said()) {
            if let Some(place) = said_before(default, layer, &route, &value) {
                let what = format!("{route}: {} is said already in {place}", shown(&value));
                remarks.say(&layer.source, &route, what, "drop it");
            } else if let Some(place) = always_overruled(under, layer, &route) {
                let what = format!("{route} never counts: {place} says otherwise in every environment");
                remarks.say(&layer.source, &route, what, "drop one of them");
            }
        }
    }
}

/// The single values that later layers replace: at the top, in `gate`, `secrets` and for each rule.
fn settings(spec: &Data) -> Vec<Setting> {
    let mut all = Vec::new();
    let entries = |data: &Data| data.as_object().cloned().unwrap_or_default();
    for (key, value) in entries(spec) {
        let route = Route::root().key(key.clone());
        match (key.as_str(), &value) {
            ("rules", _) => {
                for (id, terms) in entries(&value) {
                    let route = route.key(id);
                    all.extend(entries(&terms).into_iter().map(|(key, value)| (route.key(key), value)));
                }
            }
            ("gate" | "secrets", _) => {
                // Those of several files add up.
                let single = entries(&value).into_iter().filter(|(key, _)| key != "objects");
                all.extend(single.map(|(key, value)| (route.key(key), value)));
            }
            ("extends", _) | (_, Data::Object(_) | Data::Array(_)) => {}
            _ => all.push((route, value)),
        }
    }
    all
}

fn value_at(layer: &Layer, route: &Route) -> Option<Data> {
    settings(&layer.source.said()).into_iter().find(|(known, _)| known == route).map(|(_, value)| value)
}

/// The place that says the same, when nothing between says otherwise.
fn said_before(layers: &Layers, layer: &Layer, route: &Route, value: &Data) -> Option<String> {
    let before = layers.list.iter().take_while(|it| !it.is(layer));
    let last = before.filter_map(|it| Some((it, value_at(it, route)?))).last()?;
    (last.1 == *value).then(|| last.0.source.line(route))
}

/// The place that overrules it, when there is one under every environment.
fn always_overruled(under: &[Layers], layer: &Layer, route: &Route) -> Option<String> {
    let mut place = None;
    for layers in under {
        let at = layers.list.iter().position(|it| it.is(layer))?;
        let later = layers.list[at + 1..].iter().find(|it| value_at(it, route).is_some())?;
        // A file that extends others is there to overrule them.
        if later.source.name != layer.source.name {
            return None;
        }
        place = Some(later.source.line(route));
    }
    place
}

fn shown(value: &Data) -> String {
    match value {
        Data::String(text) => text.clone(),
        other => other.to_string(),
    }
}
