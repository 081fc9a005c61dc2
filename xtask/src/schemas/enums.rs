//! The words that fields are limited to, read from the generated Go code by its layout.

use std::collections::BTreeMap;

/// Words by definition and field.
pub type Enums = BTreeMap<(String, String), Vec<String>>;

/// Finds `Enum:` lines below the properties of each definition; gofmt fixes how these are indented.
pub fn read(code: &str) -> Enums {
    let names = names(code);
    let mut enums = Enums::new();
    let (mut definition, mut field) = (None, None);
    for line in code.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'\t').count();
        let text = line.trim_start();
        if let Some(function) = line.strip_prefix("func ") {
            definition = function.split('(').next().and_then(|function| names.get(function));
            field = None;
        } else if depth == 5 {
            field = text.strip_suffix(": {").map(|name| name.trim_matches('"'));
        } else if let (Some(list), Some(definition), Some(field)) =
            (text.strip_prefix("Enum:"), definition, field)
        {
            enums.insert(((*definition).clone(), field.to_owned()), words(list));
        }
    }
    enums
}

/// The published name of the definition that each function makes.
fn names(code: &str) -> BTreeMap<&str, String> {
    let entry = |line: &'_ str| -> Option<(String, usize)> {
        let (name, _) = line.trim_start().strip_prefix('"')?.split_once("\":")?;
        Some((published(name), line.rfind("schema_")?))
    };
    let lines = code.lines().filter(|line| line.ends_with("(ref),"));
    lines
        .filter_map(|line| entry(line).map(|(name, at)| (&line[at..line.len() - "(ref),".len()], name)))
        .collect()
}

/// `io.k8s.api.core.v1.Container` of `k8s.io/api/core/v1.Container`; newer code has the published name already.
fn published(name: &str) -> String {
    let Some((host, path)) = name.split_once('/') else { return name.to_owned() };
    let host = host.split('.').rev().collect::<Vec<_>>().join(".");
    format!("{host}.{}", path.replace('/', "."))
}

fn words(list: &str) -> Vec<String> {
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
