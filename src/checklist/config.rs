//! Switches and values that differ between a laptop and production.

use super::setting::{Holder, Setting};
use super::{Facts, Place, Reply};
use crate::secrets::find::{name, stand_in};
use crate::yaml::Value;

/// Names that say which environment a program runs in.
const ENVIRONMENTS: &[&str] = &[
    "node_env",
    "app_env",
    "rails_env",
    "flask_env",
    "aspnetcore_environment",
    "environment",
    "env",
    "go_env",
    "mix_env",
];

/// What a switch says; empty when it is off.
fn switch(setting: &Setting<'_>) -> Option<&'static str> {
    let words = setting.words();
    let value = setting.value.trim().to_ascii_lowercase();
    let off = ["", "false", "0", "no", "off", "none", "disabled", "n", "f"].contains(&value.as_str());
    let named = words == "debug"
        || words == "debug_mode"
        || words.ends_with("_debug")
        || words.ends_with("_debug_mode")
        || words == "enable_debug"
        || words == "debug_enabled";
    let option = setting.holder == Holder::Option && ["inspect", "inspect_brk"].contains(&words.as_str());
    if named || option {
        return Some(if off { "" } else { "is on" });
    }
    let tool_options =
        ["java_opts", "java_tool_options", "jvm_opts", "node_options"].contains(&words.as_str());
    if tool_options {
        let open = value.contains("jdwp") || value.contains("--inspect");
        return Some(if open { "opens a debugger" } else { "" });
    }
    let development = ["development", "dev", "debug", "local"].contains(&value.as_str());
    let said = if development { "names a development environment" } else { "" };
    ENVIRONMENTS.contains(&words.as_str()).then_some(said)
}

/// Variables, options and keys whose names are switches for it, and names of environments.
pub fn debug_off(facts: &Facts<'_>) -> Reply {
    let switches: Vec<(&Setting<'_>, &str)> =
        facts.settings.iter().filter_map(|setting| Some((setting, switch(setting)?))).collect();
    let on = switches.iter().filter(|(_, said)| !said.is_empty());
    let places: Vec<Place> = on.map(|(setting, said)| setting.shown(said)).collect();
    if switches.is_empty() {
        return Reply::unknown("no setting in the stream is a switch for it");
    }
    Reply::judged(places, switches.len(), "setting", " that could turn it on")
}

enum Loudness {
    Quiet,
    Loud,
}

fn loudness(setting: &Setting<'_>) -> Option<Loudness> {
    let words = setting.words();
    let value = setting.value.trim().to_ascii_lowercase();
    let number = value.parse::<i64>();
    if setting.holder == Holder::Option && ["v", "verbosity"].contains(&words.as_str()) {
        // klog: 4 is debugging, 5 and more tracing.
        return number.ok().map(|level| if level >= 4 { Loudness::Loud } else { Loudness::Quiet });
    }
    let named = ["log_level", "loglevel", "logging_level", "logger_level", "log_verbosity"]
        .iter()
        .any(|name| words == *name || words.ends_with(&format!("_{name}")));
    if !named {
        return None;
    }
    match value.as_str() {
        "debug" | "trace" | "verbose" | "all" | "silly" | "finest" | "fine" | "finer" => Some(Loudness::Loud),
        "info" | "information" | "notice" | "warn" | "warning" | "error" | "err" | "fatal" | "critical"
        | "crit" | "panic" | "off" | "none" | "silent" => Some(Loudness::Quiet),
        _ => None,
    }
}

/// Variables, options and keys named after log levels.
pub fn log_level(facts: &Facts<'_>) -> Reply {
    let levels: Vec<(&Setting<'_>, Loudness)> =
        facts.settings.iter().filter_map(|setting| Some((setting, loudness(setting)?))).collect();
    let loud = levels.iter().filter(|(_, loudness)| matches!(loudness, Loudness::Loud));
    let places: Vec<Place> = loud.map(|(setting, _)| setting.shown("is louder than info")).collect();
    if levels.is_empty() {
        return Reply::unknown("no setting in the stream is a log level with a known word");
    }
    Reply::judged(places, levels.len(), "log level", "")
}

fn is_placeholder(setting: &Setting<'_>) -> bool {
    let value = setting.value.trim().to_ascii_lowercase();
    is_remnant(&value)
        || stand_in::is_certain(&value)
        || (name::is_secret(&setting.name) && stand_in::is_in_secret(&value))
}

fn is_remnant(value: &str) -> bool {
    value.contains("<no value>") || value.contains("%!s(") || value.contains("<nil>")
}

/// Whole values that are samples, what templates leave behind, and host names that no one owns.
pub fn placeholders(facts: &Facts<'_>) -> Reply {
    let said = |setting: &Setting<'_>| {
        let words = if is_remnant(&setting.value) { "what a template left behind" } else { "a sample value" };
        setting.shown(words)
    };
    let mut places: Vec<Place> = facts.settings.iter().filter(|it| is_placeholder(it)).map(said).collect();
    let mut looked = facts.settings.len();
    for object in facts.of_kind("networking.k8s.io", "Ingress") {
        for rule in object.value.path("spec.rules").into_iter().flat_map(Value::items) {
            let Some(host) = rule.get("host") else { continue };
            looked += 1;
            let text = host.as_str().unwrap_or_default();
            let sample =
                ["example.com", "example.org", "example.net", "example.local", "chart-example.local"];
            if sample.iter().any(|it| text == *it || text.ends_with(&format!(".{it}"))) {
                places.push(facts.on(object, host, "a host name of examples"));
            }
        }
    }
    for workload in &facts.release().workloads {
        for part in &workload.parts {
            looked += 1;
            if is_remnant(part.image_text()) {
                places.push(facts.at(workload, part, "the image holds what a template left behind"));
            }
        }
    }
    if looked == 0 {
        return Reply::unknown("the stream holds no setting, host name or image");
    }
    Reply::judged(places, looked, "setting", ", hosts and images counted")
}
