//! Walks a compiled template and refuses what names something unknown.

use handlebars::template::{BlockParam, HelperTemplate, Parameter, Subexpression, Template, TemplateElement};
use handlebars::{Path, PathSeg};

use super::Wrong;
use crate::nearest::hint;
use crate::yaml::Data;

/// All helpers there are: none of them reads anything but its parameters.
const HELPERS: [&str; 17] = [
    "if", "unless", "each", "with", "lookup", "raw", "log", "eq", "ne", "gt", "gte", "lt", "lte", "and",
    "or", "not", "len",
];

/// What is known at a place of the template; null stands for anything.
#[derive(Clone, Copy)]
struct Shape<'k>(&'k Data);

struct Walk<'k> {
    /// The shapes that plain names start from, the innermost last.
    scopes: Vec<Shape<'k>>,
    /// Names that blocks give to their items.
    named: Vec<(String, Shape<'k>)>,
    /// How many `each` are around.
    loops: usize,
}

/// Checks a template against the shape of the facts.
///
/// # Errors
/// The first unknown name.
pub(super) fn check(template: &Template, known: &Data) -> Result<(), Wrong> {
    Walk { scopes: vec![Shape(known)], named: Vec::new(), loops: 0 }.template(template)
}

fn wrong<T>(what: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { what: what.into(), help: help.into() })
}

impl<'k> Walk<'k> {
    fn template(&mut self, template: &Template) -> Result<(), Wrong> {
        template.elements.iter().try_for_each(|element| self.element(element))
    }

    fn element(&mut self, element: &TemplateElement) -> Result<(), Wrong> {
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => Ok(()),
            TemplateElement::Expression(helper) | TemplateElement::HtmlExpression(helper) => {
                if !helper.block && helper.params.is_empty() && helper.hash.is_empty() {
                    return self.parameter(&helper.name).map(drop);
                }
                self.call(helper).map(drop)
            }
            TemplateElement::HelperBlock(helper) => self.block(helper),
            _ => wrong("templates know no partials", "write the text out"),
        }
    }

    /// Checks a helper and what it is given; the shape of its first parameter.
    fn call(&mut self, helper: &HelperTemplate) -> Result<Shape<'k>, Wrong> {
        let name = helper.name.as_name().unwrap_or_default();
        if !HELPERS.contains(&name) {
            let otherwise = format!("known: {}", HELPERS.join(", "));
            return wrong(format!("unknown helper {name:?}"), hint(name, HELPERS, &otherwise));
        }
        let mut first = None;
        for parameter in helper.params.iter().chain(helper.hash.values()) {
            let shape = self.parameter(parameter)?;
            first.get_or_insert(shape);
        }
        Ok(first.unwrap_or(ANY))
    }

    fn block(&mut self, helper: &HelperTemplate) -> Result<(), Wrong> {
        let given = self.call(helper)?;
        let name = helper.name.as_name().unwrap_or_default();
        let inner = match name {
            "each" => Some(given.item()),
            "with" => Some(given),
            _ => None,
        };
        if let Some(template) = &helper.template {
            let (scopes, named) = (self.scopes.len(), self.named.len());
            let names = match &helper.block_param {
                Some(BlockParam::Single(one)) => vec![one],
                Some(BlockParam::Pair((one, other))) => vec![one, other],
                _ => Vec::new(),
            };
            let shapes = [inner.unwrap_or(ANY), ANY];
            let named_here = names.into_iter().zip(shapes);
            self.named.extend(
                named_here.map(|(name, shape)| (name.as_name().unwrap_or_default().to_owned(), shape)),
            );
            self.scopes.extend(inner);
            self.loops += usize::from(name == "each");
            self.template(template)?;
            self.loops -= usize::from(name == "each");
            self.scopes.truncate(scopes);
            self.named.truncate(named);
        }
        helper.inverse.as_ref().map_or(Ok(()), |inverse| self.template(inverse))
    }

    fn parameter(&mut self, parameter: &Parameter) -> Result<Shape<'k>, Wrong> {
        match parameter {
            Parameter::Path(path) => self.path(path),
            Parameter::Name(name) => self.names(self.scopes.len() - 1, &[name.as_str()]),
            Parameter::Subexpression(Subexpression { element, .. }) => self.element(element).map(|()| ANY),
            Parameter::Literal(_) => Ok(ANY),
            _ => Ok(ANY),
        }
    }

    fn path(&self, path: &Path) -> Result<Shape<'k>, Wrong> {
        let (segments, raw) = match path {
            Path::Local((_, name, _)) => {
                let known = ["index", "key", "first", "last"].contains(&name.as_str());
                return if known && self.loops > 0 {
                    Ok(ANY)
                } else {
                    wrong(
                        format!("unknown variable \"@{name}\""),
                        "@index, @key, @first and @last stand only inside {{#each}}",
                    )
                };
            }
            Path::Relative((segments, raw)) => (segments, raw),
        };
        let names: Vec<&str> = segments
            .iter()
            .filter_map(|segment| match segment {
                PathSeg::Named(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        if raw.starts_with("@root") {
            return self.names(0, &names);
        }
        let ups = segments.len() - names.len();
        match (self.scopes.len() - 1).checked_sub(ups) {
            Some(scope) => self.names(scope, &names),
            None => {
                wrong(format!("{raw:?} goes above the top"), "each ../ leaves one {{#each}} or {{#with}}")
            }
        }
    }

    fn names(&self, scope: usize, names: &[&str]) -> Result<Shape<'k>, Wrong> {
        let mut names = names;
        let mut here = self.scopes[scope];
        if let Some((first, rest)) = names.split_first()
            && let Some((_, shape)) = self.named.iter().rev().find(|(name, _)| name == first)
        {
            (here, names) = (*shape, rest);
        }
        let mut above = "";
        for name in names {
            here = here.below(name, above)?;
            above = name;
        }
        Ok(here)
    }
}

const ANY: Shape<'static> = Shape(&Data::Null);

impl Shape<'_> {
    fn below(self, name: &str, above: &str) -> Result<Self, Wrong> {
        let name = name.trim_start_matches('[').trim_end_matches(']');
        match self.0 {
            Data::Null => Ok(self),
            Data::Object(map) => match map.get(name) {
                Some(shape) => Ok(Shape(shape)),
                None => {
                    let known: Vec<&str> = map.keys().map(String::as_str).collect();
                    let otherwise = format!("known here: {}", known.join(", "));
                    let help = hint(name, known.iter().copied(), &otherwise);
                    wrong(format!("unknown variable {name:?}"), help)
                }
            },
            Data::Array(_) if name.bytes().all(|byte| byte.is_ascii_digit()) => Ok(self.item()),
            Data::Array(_) => {
                wrong(format!("{above} is a list"), format!("{{{{#each {above}}}}} goes through it"))
            }
            _ => wrong(format!("{above} holds nothing below it"), format!("write {{{{{above}}}}}")),
        }
    }

    fn item(self) -> Self {
        match self.0 {
            Data::Array(items) => items.first().map_or(ANY, Shape),
            Data::Null => self,
            _ => ANY,
        }
    }
}
