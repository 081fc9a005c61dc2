//! The words that fields are limited to, read from the generated Go code by its layout.

use std::collections::BTreeMap;

/// Words by definition and field.
pub type Enums = BTreeMap<(String, String), Vec<String>>;

/// Finds `Enum:` lines below the properties of each definition; gofmt fixes how these are indented.
pub fn read(code: &str) -> Enums {
    let mut enums = Enums::new();
    let (mut definition, mut field) = (None, None);
    for line in code.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'\t').count();
        let text = line.trim_start();
        if let Some(function) = line.strip_prefix("func ") {
            definition = function.split('(').next().and_then(published);
            field = None;
        } else if depth == 5 {
            field = text.strip_suffix(": {").map(|name| name.trim_matches('"'));
        } else if let (Some(list), Some(definition), Some(field)) =
            (text.strip_prefix("Enum:"), &definition, field)
        {
            enums.insert((definition.clone(), field.to_owned()), words(list));
        }
    }
    enums
}

/// The published name of the definition that a function makes: `io.k8s.api.core.v1.Container` of
/// `schema_k8sio_api_core_v1_Container`.
fn published(function: &str) -> Option<String> {
    const PREFIXES: [(&str, &str); 3] = [
        ("schema_k8sio_api_", "io.k8s.api."),
        ("schema_pkg_apis_apiextensions_", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions."),
        ("schema_pkg_apis_apiregistration_", "io.k8s.kube-aggregator.pkg.apis.apiregistration."),
    ];
    let published = |(code, name): &(&str, &str)| {
        function.strip_prefix(code).map(|rest| format!("{name}{}", rest.replace('_', ".")))
    };
    PREFIXES.iter().find_map(published)
}

fn words(list: &str) -> Vec<String> {
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
