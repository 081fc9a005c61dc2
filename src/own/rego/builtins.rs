//! Which of OPA's builtins a policy may call, and every call held to that when the policy is read.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::sources::Text;
use crate::nearest::hint;
use crate::own::schemas::Fault;

const KNOWN: &str = include_str!("known.txt");
const REFUSED: &str = include_str!("refused.txt");

/// OPA's builtins that policies may call.
pub fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.lines()
}

/// OPA's builtins that are refused: no way out of the policy, or not to be had in regorus.
pub fn refused() -> impl Iterator<Item = &'static str> {
    REFUSED.lines()
}

/// Holds every call of all modules to what exists. `asts` are regorus' accounts of the modules in the same order.
///
/// # Errors
/// The first call of something that is not there, with its place.
pub(super) fn check(asts: &[Json], modules: &[Text]) -> Result<(), Fault> {
    let mut functions = HashSet::new();
    for (ast, module) in asts.iter().zip(modules) {
        let package = package(ast, module);
        let names = ast["rules"].as_array().into_iter().flatten().filter_map(|rule| head(rule, module));
        functions.extend(names.map(|name| format!("{package}.{name}")));
    }
    for (ast, module) in asts.iter().zip(modules) {
        let calls = Calls {
            module,
            package: package(ast, module),
            imports: imports(ast, module),
            functions: &functions,
        };
        calls.walk(ast)?;
    }
    Ok(())
}

/// `data.main`.
pub(super) fn package(ast: &Json, module: &Text) -> String {
    format!("data.{}", written(&ast["package"]["refr"], module))
}

/// The name of a rule, as its head is written: `deny` of `deny contains msg`.
fn head<'m>(rule: &Json, module: &'m Text) -> Option<&'m str> {
    let rule = rule.get("Spec").map(|spec| &spec["head"]).or_else(|| rule.get("Default"))?;
    let refr = match rule.get("refr") {
        Some(refr) => refr,
        None => rule.as_object()?.values().next()?.get("refr")?,
    };
    let text = written(refr, module);
    Some(text.split(['[', ' ', '(']).next().unwrap_or(text))
}

/// The names of a module's rules.
pub(super) fn rules<'m>(ast: &'m Json, module: &'m Text) -> impl Iterator<Item = &'m str> {
    ast["rules"].as_array().into_iter().flatten().filter_map(|rule| head(rule, module))
}

/// The text that a node spans.
pub(super) fn written<'m>(node: &Json, module: &'m Text) -> &'m str {
    let span = span(node);
    let at = |name: &str| span.and_then(|span| span[name].as_u64()).and_then(|at| usize::try_from(at).ok());
    let range = at("start").unwrap_or(0)..at("end").unwrap_or(0);
    module.text.get(range).unwrap_or_default()
}

/// A node is `{"Var": {"span": …}}`, or holds its span itself.
pub(super) fn span(node: &Json) -> Option<&Json> {
    node.get("span").or_else(|| node.as_object()?.values().next()?.get("span"))
}

/// What each import is called in the module, and what it stands for.
fn imports<'m>(ast: &Json, module: &'m Text) -> Vec<(String, &'m str)> {
    let imports = ast["imports"].as_array().into_iter().flatten();
    imports
        .map(|import| {
            let path = written(&import["refr"], module);
            let alias =
                import.get("as").filter(|alias| !alias.is_null()).map(|alias| written_span(alias, module));
            let last = path.rsplit('.').next().unwrap_or(path);
            (alias.unwrap_or(last).to_owned(), path)
        })
        .collect()
}

fn written_span<'m>(span: &Json, module: &'m Text) -> &'m str {
    written(&serde_json::json!({"span": span}), module)
}

/// The calls of one module.
struct Calls<'m> {
    module: &'m Text,
    package: String,
    imports: Vec<(String, &'m str)>,
    functions: &'m HashSet<String>,
}

impl Calls<'_> {
    fn walk(&self, node: &Json) -> Result<(), Fault> {
        match node {
            Json::Object(map) => {
                for (name, value) in map {
                    if name == "Call" && value.get("fcn").is_some() {
                        self.call(&value["fcn"])?;
                    }
                    self.walk(value)?;
                }
                Ok(())
            }
            Json::Array(items) => items.iter().try_for_each(|item| self.walk(item)),
            _ => Ok(()),
        }
    }

    fn call(&self, function: &Json) -> Result<(), Fault> {
        let name = written(function, self.module);
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let imported = self.imports.iter().find(|(alias, _)| alias == first).map(|(_, path)| match rest {
            Some(rest) => format!("{path}.{rest}"),
            None => (*path).to_owned(),
        });
        let own = format!("{}.{name}", self.package);
        let full = imported.as_deref().unwrap_or(name);
        if self.functions.contains(&own)
            || self.functions.contains(full)
            || known().any(|known| known == full)
        {
            return Ok(());
        }
        let span = span(function);
        let at = |name: &str| span.and_then(|span| span[name].as_u64()).unwrap_or(1);
        let place = format!("{}:{}:{}", self.module.path, at("line"), at("col"));
        if refused().any(|refused| refused == full) {
            return Err(Fault::new(
                format!("{place}: the builtin {full} is not available"),
                "docs/rego.md lists what is, and why the rest is not",
            ));
        }
        let mut names: Vec<&str> = known().collect();
        names.extend(self.functions.iter().map(String::as_str));
        let help = hint(full, names, "neither a builtin nor a rule of these files");
        Err(Fault::new(format!("{place}: unknown function {full}"), help))
    }
}
