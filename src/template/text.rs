//! A text that may hold variables.

use std::borrow::Cow;

use handlebars::{Handlebars, RenderErrorReason, TemplateErrorReason, no_escape};

use super::{facts, walk};
use crate::yaml::{Data, Route};

/// Templates are sentences and paths.
const LONGEST: usize = 4096;
/// Blocks within blocks that the reader of templates can take without running out of stack.
const DEEPEST: usize = 32;
const NAME: &str = "text";

/// A text, compiled when it holds `{{`.
#[derive(Debug, Clone)]
pub struct Text {
    written: String,
    compiled: Option<Box<Handlebars<'static>>>,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What, lower case, no full stop.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl Text {
    /// Compiles a text. `own` names the variables it may use beside those of every object.
    ///
    /// # Errors
    /// What is no template, and what names something unknown.
    pub fn new(written: impl Into<String>, own: &[&str]) -> Result<Self, Wrong> {
        let written = written.into();
        let compiled = if written.contains("{{") { Some(Box::new(compile(&written, own)?)) } else { None };
        Ok(Self { written, compiled })
    }

    /// As the policy says it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The text with the facts in place. `facts` is asked only when the text names some.
    ///
    /// # Errors
    /// Which variable has no value here.
    pub fn render(&self, facts: &dyn Fn() -> Data) -> Result<Cow<'_, str>, String> {
        let Some(compiled) = &self.compiled else { return Ok(Cow::Borrowed(&self.written)) };
        compiled.render(NAME, &facts()).map(Cow::Owned).map_err(|error| match error.reason() {
            RenderErrorReason::MissingVariable(Some(name)) => format!("{{{{{name}}}}} has no value here"),
            RenderErrorReason::MissingVariable(None) => "a variable has no value here".to_owned(),
            other => other.to_string(),
        })
    }
}

fn compile(written: &str, own: &[&str]) -> Result<Handlebars<'static>, Wrong> {
    let wrong = |what: String| Wrong { what, help: "docs/fields.md says what templates know".to_owned() };
    if written.len() > LONGEST {
        return Err(wrong(format!("the template is longer than {LONGEST} bytes")));
    }
    if written.matches("{{#").count() > DEEPEST || written.matches('(').count() > DEEPEST {
        return Err(wrong(format!("the template holds more than {DEEPEST} blocks or brackets")));
    }
    let mut registry = Handlebars::new();
    registry.register_escape_fn(no_escape);
    registry.register_template_string(NAME, written).map_err(|error| {
        let place = error.pos().map_or(String::new(), |(line, column)| format!(" at {line}:{column}"));
        // The library lists every token of its grammar there.
        let why = match error.reason() {
            TemplateErrorReason::InvalidSyntax(_) => "a {{ or a block does not end as it should".to_owned(),
            other => other.to_string().chars().take(160).collect(),
        };
        wrong(format!("the template cannot be read{place}: {why}"))
    })?;
    if let Some(template) = registry.get_template(NAME) {
        walk::check(template, &facts::known(own))?;
    }
    // Leniently, so that only wrong uses of helpers fail: which labels there are is not known yet.
    let sample = registry.render(NAME, &facts::known(own));
    sample.map_err(|error| wrong(format!("the template cannot be filled: {}", error.reason())))?;
    registry.set_strict_mode(true);
    Ok(registry)
}

/// Checks every text in a block that a fix may write.
///
/// # Errors
/// The first wrong template, with the way to it.
pub fn check(block: &Data, route: &Route) -> Result<(), (Route, Wrong)> {
    match block {
        Data::String(text) => Text::new(text, &[]).map(drop).map_err(|wrong| (route.clone(), wrong)),
        Data::Array(items) => {
            items.iter().enumerate().try_for_each(|(index, item)| check(item, &route.index(index)))
        }
        Data::Object(map) => map.iter().try_for_each(|(key, value)| check(value, &route.key(key.clone()))),
        Data::Null | Data::Bool(_) | Data::Number(_) => Ok(()),
    }
}

/// A block with the facts in its texts: each stays one scalar, whatever it says.
///
/// # Errors
/// Which variable has no value here.
pub fn fill<'b>(block: &'b Data, facts: &dyn Fn() -> Data) -> Result<Cow<'b, Data>, String> {
    if !names_facts(block) {
        return Ok(Cow::Borrowed(block));
    }
    let all = facts();
    filled(block, &all).map(Cow::Owned)
}

fn names_facts(block: &Data) -> bool {
    match block {
        Data::String(text) => text.contains("{{"),
        Data::Array(items) => items.iter().any(names_facts),
        Data::Object(map) => map.values().any(names_facts),
        Data::Null | Data::Bool(_) | Data::Number(_) => false,
    }
}

fn filled(block: &Data, facts: &Data) -> Result<Data, String> {
    Ok(match block {
        Data::String(text) => {
            let text = Text::new(text, &[]).map_err(|wrong| wrong.what)?;
            Data::String(text.render(&|| facts.clone())?.into_owned())
        }
        Data::Array(items) => {
            Data::Array(items.iter().map(|item| filled(item, facts)).collect::<Result<_, _>>()?)
        }
        Data::Object(map) => {
            let entries = map.iter().map(|(key, value)| Ok((key.clone(), filled(value, facts)?)));
            Data::Object(entries.collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render(text: &str) -> Result<String, String> {
        let facts = json!({"kind": "Pod", "name": "<a> & \"b\"", "labels": {"app": "x", "a.b/c": "y"}, "object": {},
                           "container": {"name": "c", "image": "i", "ports": [{"name": "http"}, {"name": "admin"}]}});
        let text = Text::new(text, &[]).map_err(|wrong| format!("load: {} | {}", wrong.what, wrong.help))?;
        text.render(&|| facts.clone()).map(Cow::into_owned)
    }

    #[test]
    fn facts_enter_as_they_are() {
        for (text, wanted) in [
            ("{{kind}}/{{name}}", "Pod/<a> & \"b\""),
            ("{{labels.app}} {{labels.[a.b/c]}} {{lookup labels \"a.b/c\"}}", "x y y"),
            ("{{#if (eq kind \"Pod\")}}a{{else}}b{{/if}}", "a"),
            ("{{#each container.ports}}{{name}}{{#unless @last}}, {{/unless}}{{/each}}", "http, admin"),
            (
                "{{#each container.ports as |port|}}{{port.name}} of {{../name}};{{/each}}",
                "http of <a> & \"b\";admin of <a> & \"b\";",
            ),
            ("{{#with container}}{{image}} {{@root.kind}}{{/with}}", "i Pod"),
            ("{{#if object.spec.replicas}}a{{else}}none{{/if}}", "none"),
            ("{{len container.ports}}", "2"),
        ] {
            assert_eq!(render(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_unknown_is_refused_at_load() {
        for (text, wanted) in [
            ("{{nmae}}", "unknown variable \"nmae\""),
            ("{{nmae}}", "did you mean \"name\"?"),
            ("{{container.imgae}}", "did you mean \"image\"?"),
            ("{{name.first}}", "name holds nothing below it"),
            ("{{#each container.ports}}{{nam}}{{/each}}", "did you mean \"name\"?"),
            ("{{#if x}}a{{/if}}", "unknown variable \"x\""),
            ("{{upper name}}", "unknown helper \"upper\""),
            ("{{#loop name}}a{{/loop}}", "unknown helper \"loop\""),
            ("{{> header}}", "no partials"),
            ("{{#*inline \"a\"}}x{{/inline}}", "no partials"),
            ("{{name", "cannot be read"),
            ("{{#if name}}a", "cannot be read"),
            ("{{#if}}a{{/if}}", "cannot be filled"),
            ("{{../name}}", "goes above"),
            ("{{@index}}", "only inside {{#each}}"),
        ] {
            let said = render(text).unwrap_err();
            assert!(said.starts_with("load: ") && said.contains(wanted), "{text}: {said}");
        }
    }

    #[test]
    fn a_missing_label_is_said_when_it_is_needed() {
        assert_eq!(render("{{labels.team}}").unwrap_err(), "{{labels.team}} has no value here");
    }

    #[test]
    fn long_and_deep_templates_are_refused() {
        assert!(render(&format!("{{{{name}}}}{}", "x".repeat(LONGEST))).unwrap_err().contains("longer than"));
        let deep = format!("{}{}", "{{#if name}}".repeat(33), "{{/if}}".repeat(33));
        assert!(render(&deep).unwrap_err().contains("more than 32"));
        let most = format!("{}{}", "{{#if name}}".repeat(32), "{{/if}}".repeat(32));
        assert_eq!(render(&most).as_deref(), Ok(""));
    }

    #[test]
    fn a_filled_text_stays_one_scalar() {
        let facts = json!({"name": "a: b\n- c"});
        let block = json!({"httpGet": {"path": "/{{name}}", "port": 80}, "list": ["{{name}}"]});
        let filled = fill(&block, &|| facts.clone()).unwrap();
        assert_eq!(*filled, json!({"httpGet": {"path": "/a: b\n- c", "port": 80}, "list": ["a: b\n- c"]}));
        let plain = json!({"a": "b"});
        assert!(matches!(fill(&plain, &|| unreachable!()), Ok(Cow::Borrowed(_))));
    }
}
