//! Rules on fields as expressions, where a cluster can judge them from one object alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::amount::text_of;
use super::demand::{Demand, Required};
use super::path::{FieldPath, Stride};
use super::rule::FieldRule;
use super::target::Target;
use crate::policy::Expressed;
use crate::policy::expressed::{Validation, fits, quoted};
use crate::yaml::Data;

/// A value as it is written in an expression: without `dyn` the server would take it to be of the first type it is
/// compared with.
const VALUE: &str = "dyn(v)";

/// How a value is written where it is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Plain,
    /// A value of a Secret.
    Base64,
}

impl FieldRule {
    /// The rule as a cluster can hold it.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn to_expressions(&self, summary: &str) -> Result<Expressed, String> {
        let conditions = self.matches.expressed()?;
        let demand = &self.demand;
        let required = match demand.required {
            Required::No => false,
            Required::Yes => true,
            Required::Never => {
                return Err("what must not be there is not looked for in one object alone".to_owned());
            }
            Required::Each | Required::Any => {
                return Err("required: each and any look at several places".to_owned());
            }
        };
        let mut note = None;
        let expressions: Vec<String> = match &self.target {
            Target::Fields(paths) => {
                paths.iter().map(|path| of_path(path, demand, required)).collect::<Result<_, _>>()?
            }
            Target::Keys(keys) => {
                let coding = self.coding()?;
                let one = self.matches.name.as_deref().is_some_and(|name| !name.contains('*'));
                if required && !one {
                    return Err(
                        "a required key may be in any of several objects: name one in match".to_owned()
                    );
                }
                if coding == Coding::Base64 && demand.has_lengths() {
                    note =
                        Some("a cluster counts the bytes of a Secret's value, not its characters".to_owned());
                }
                keys.iter().map(|key| of_key(key, demand, required, coding)).collect::<Result<_, _>>()?
            }
            Target::Variables(names) if !required => {
                names.iter().map(|name| of_variable(name, demand)).collect::<Result<_, _>>()?
            }
            Target::Variables(_) => return Err("a required variable may come from another object".to_owned()),
            Target::ContainerFields(_) => return Err("its match speaks of containers".to_owned()),
            Target::Files(..) => return Err("no expression reads the files in an object".to_owned()),
        };
        let validations = expressions.into_iter().map(|it| Validation::new(it, summary)).collect();
        Ok(Expressed { conditions, validations, note, ..Expressed::default() })
    }

    fn coding(&self) -> Result<Coding, String> {
        match self.matches.kind.as_deref() {
            Some("ConfigMap") => Ok(Coding::Plain),
            Some("Secret") => Ok(Coding::Base64),
            _ => Err("its match names neither kind ConfigMap nor kind Secret".to_owned()),
        }
    }
}

fn of_path(path: &FieldPath, demand: &Demand, required: bool) -> Result<String, String> {
    let check = demand.expression(VALUE, Coding::Plain)?;
    below("object", path.strides(), &check, required, 0)
}

/// `from` is what the strides start at.
fn below(
    from: &str,
    strides: &[Stride],
    check: &str,
    required: bool,
    depth: usize,
) -> Result<String, String> {
    let each = strides.iter().position(|stride| !matches!(stride, Stride::Key(_)));
    let keys = &strides[..each.unwrap_or(strides.len())];
    let names: Vec<String> = keys
        .iter()
        .map(|stride| match stride {
            Stride::Key(key) => format!("[?{}]", quoted(key)),
            Stride::Index(_) | Stride::Each => String::new(),
        })
        .collect();
    let value = match names.is_empty() {
        true => format!("optional.of({from})"),
        false => format!("{from}{}", names.concat()),
    };
    let Some(each) = each else { return Ok(checked(&value, check, required)) };
    if required {
        return Err("a required field below [*] or a number may be in any item".to_owned());
    }
    match &strides[each] {
        Stride::Each => {
            let item = format!("i{depth}");
            let inner = below(&item, &strides[each + 1..], check, required, depth + 1)?;
            Ok(format!("{value}.orValue([]).all({item}, {inner})"))
        }
        Stride::Index(index) => {
            let at = format!("{value}.orValue([])[?{index}]");
            let rest = &strides[each + 1..];
            match rest.is_empty() {
                true => Ok(checked(&at, check, required)),
                false => Err("fields below an item by its number".to_owned()),
            }
        }
        Stride::Key(_) => Err("a path of its own kind".to_owned()),
    }
}

/// What holds of an optional value. An empty text is as good as none where one is required.
fn checked(value: &str, check: &str, required: bool) -> String {
    match required {
        true => format!("{value}.optMap(v, {VALUE} != '' && {check}).orValue(false)"),
        false => format!("{value}.optMap(v, {check}).orValue(true)"),
    }
}

fn of_key(key: &str, demand: &Demand, required: bool, coding: Coding) -> Result<String, String> {
    let check = demand.expression(VALUE, coding)?;
    if !key.contains('*') {
        return Ok(checked(&format!("object[?'data'][?{}]", quoted(key)), &check, required));
    }
    if required {
        return Err("a required key that is a pattern may be any of several".to_owned());
    }
    let named = fits("k", key);
    Ok(format!("object.?data.orValue({{}}).all(k, v, !({named}) || ({check}))"))
}

fn of_variable(name: &str, demand: &Demand) -> Result<String, String> {
    let check = demand.expression(VALUE, Coding::Plain)?;
    let spec = "[object.?spec, object.?spec.template.spec, object.?spec.jobTemplate.spec.template.spec, object.?template.spec]";
    let lists = "(s.value().?containers.orValue([]) + s.value().?initContainers.orValue([]) + \
                 s.value().?ephemeralContainers.orValue([]))";
    let named = fits("e.name", name);
    Ok(format!(
        "{spec}.all(s, !s.hasValue() || {lists}.all(c, c.?env.orValue([]).all(e, !({named}) || \
         e.?value.optMap(v, {check}).orValue(true))))"
    ))
}

impl Demand {
    fn has_lengths(&self) -> bool {
        self.min_length.is_some() || self.max_length.is_some()
    }

    /// What must hold of the value `v`.
    fn expression(&self, v: &str, coding: Coding) -> Result<String, String> {
        let mut all = Vec::new();
        let any = |values: &[Data]| {
            let each: Result<Vec<String>, String> = values.iter().map(|value| is(v, value, coding)).collect();
            each.map(|each| each.join(" || "))
        };
        if !self.forbidden.is_empty() {
            all.push(format!("!({})", any(&self.forbidden)?));
        }
        if !self.one_of.is_empty() {
            all.push(format!("({})", any(&self.one_of)?));
        }
        if let Some(wanted) = &self.equals {
            all.push(format!("({})", is(v, wanted, coding)?));
        }
        for (pattern, sign) in [(&self.pattern, ""), (&self.not_pattern, "!")] {
            let Some(pattern) = pattern else { continue };
            if coding == Coding::Base64 {
                return Err("no expression decodes a Secret to hold it against a pattern".to_owned());
            }
            all.push(format!("{sign}string({v}).matches({})", quoted(pattern.as_str())));
        }
        if let Some(range) = &self.range {
            if coding == Coding::Base64 {
                return Err("no expression decodes a Secret to hold it against a range".to_owned());
            }
            for (bound, sign) in [(range.min(), ">="), (range.max(), "<=")] {
                let Some(bound) = bound else { continue };
                if !is_plain_amount(bound) {
                    return Err(format!(
                        "its range ends at {bound}, and expressions compare numbers and quantities only"
                    ));
                }
                all.push(format!("quantity(string({v})).compareTo(quantity({})) {sign} 0", quoted(bound)));
            }
        }
        let size = match coding {
            Coding::Plain => format!("size({v})"),
            Coding::Base64 => {
                format!("(size({v}) / 4 * 3 - ({v}.endsWith('==') ? 2 : {v}.endsWith('=') ? 1 : 0))")
            }
        };
        all.extend(self.min_length.map(|least| format!("{size} >= {least}")));
        all.extend(self.max_length.map(|most| format!("{size} <= {most}")));
        Ok(if all.is_empty() { "true".to_owned() } else { all.join(" && ") })
    }
}

/// Whether a bound is a number, or a quantity that cannot be taken for a span of time.
fn is_plain_amount(bound: &str) -> bool {
    let digits = bound.trim_start_matches('-').trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = bound.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let known = ["", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    digits.parse::<f64>().is_ok() && known.contains(&suffix)
}

/// Whether a value is this one: text and numbers alike by what they say, quantities by what they are worth.
fn is(v: &str, data: &Data, coding: Coding) -> Result<String, String> {
    let Some(text) = text_of(data) else { return Err("lists and maps are not compared".to_owned()) };
    if coding == Coding::Base64 {
        return Ok(format!("{v} == {}", quoted(&STANDARD.encode(&text))));
    }
    let mut all = vec![format!("{v} == {}", quoted(&text))];
    let number = text.parse::<f64>().is_ok_and(f64::is_finite)
        && text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if number || text == "true" || text == "false" {
        all.push(format!("{v} == {text}"));
    }
    let with_unit = text.ends_with(|c: char| c.is_ascii_alphabetic());
    if with_unit && crate::k8s::quantity::millis(&text).is_some() {
        let worth = quoted(&text);
        all.push(format!(
            "isQuantity(string({v})) && quantity(string({v})).compareTo(quantity({worth})) == 0"
        ));
    }
    Ok(all.join(" || "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_numbers_with_known_units() {
        for plain in ["1", "-2", "0.5", "512Mi", "2G"] {
            assert!(is_plain_amount(plain), "{plain}");
        }
        for other in ["1m", "10s", "5h", "x", "Mi", "1d"] {
            assert!(!is_plain_amount(other), "{other}");
        }
    }
}
