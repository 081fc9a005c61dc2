//! Reads what a program printed with a YAML library that is not hardtack's own.

use yaml_rust2::{Yaml, YamlLoader};

/// The objects of a stream; documents without any data are left out.
#[track_caller]
pub fn read(stream: &str) -> Vec<Yaml> {
    let documents = YamlLoader::load_from_str(stream).unwrap_or_else(|error| panic!("{error} in:\n{stream}"));
    documents.into_iter().filter(|document| !matches!(document, Yaml::Null | Yaml::BadValue)).collect()
}

/// The one object of this kind and name.
#[track_caller]
pub fn object(stream: &str, kind: &str, name: &str) -> Yaml {
    let all = read(stream);
    let is = |object: &&Yaml| {
        at(object, "kind").as_str() == Some(kind) && at(object, "metadata.name").as_str() == Some(name)
    };
    let found: Vec<&Yaml> = all.iter().filter(is).collect();
    assert_eq!(found.len(), 1, "{kind}/{name} in:\n{stream}");
    found[0].clone()
}

/// The value at a route of keys and numbers, `BadValue` when there is none.
pub fn at<'a>(yaml: &'a Yaml, route: &str) -> &'a Yaml {
    route.split('.').fold(yaml, |node, key| match key.parse::<usize>() {
        Ok(index) if node.is_array() => &node[index],
        _ => &node[key],
    })
}

/// An annotation of the object.
pub fn annotation<'a>(yaml: &'a Yaml, key: &str) -> Option<&'a str> {
    yaml["metadata"]["annotations"][key].as_str()
}

/// Kind and name of each object, in the stream's order.
pub fn names(stream: &str) -> Vec<String> {
    let name = |object: &Yaml| {
        let kind = at(object, "kind").as_str().unwrap_or("?");
        format!("{kind}/{}", at(object, "metadata.name").as_str().unwrap_or("?"))
    };
    read(stream).iter().map(name).collect()
}

/// The lines that hold this text, trimmed.
pub fn lines<'a>(stream: &'a str, text: &str) -> Vec<&'a str> {
    stream.lines().filter(|line| line.contains(text)).map(str::trim).collect()
}
