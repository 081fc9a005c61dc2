//! Values that differ between two renders of one chart: it makes them up each time.

use foldhash::{HashMap, HashMapExt};

use crate::embedded;
use crate::k8s::{Object, Release};

/// An object whose values are made up when it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unstable {
    /// Number of the object in the first release.
    pub object: usize,
    /// The keys whose values differ, in the order they are written.
    pub keys: Vec<String>,
    /// At least one of them holds a certificate or a private key.
    pub certificates: bool,
}

type Name<'a> = (&'a str, Option<&'a str>, &'a str);

fn name<'r>(object: &'r Object<'_>) -> Name<'r> {
    (&object.id.kind, object.id.namespace.as_deref(), &object.id.name)
}

/// The Secrets and ConfigMaps of which both releases have one of that name, with keys whose values differ.
#[must_use]
pub fn compare(release: &Release<'_>, other: &Release<'_>) -> Vec<Unstable> {
    let mut others: HashMap<Name<'_>, &Object<'_>> = HashMap::new();
    for object in other.objects.iter().filter(|object| embedded::holder::is_holder(object)) {
        others.insert(name(object), object);
    }
    let mut found = Vec::new();
    for object in release.objects.iter().filter(|object| embedded::holder::is_holder(object)) {
        let Some(twin) = others.get(&name(object)) else { continue };
        let theirs = embedded::entries(twin);
        let mut unstable = Unstable { object: object.number, keys: Vec::new(), certificates: false };
        for entry in embedded::entries(object) {
            let twin = theirs.iter().find(|twin| twin.key == entry.key);
            // Of bytes only the length is known beside how they are written.
            let same = |twin: &embedded::Entry<'_>| {
                twin.content == entry.content
                    && (entry.text().is_some() || twin.value.raw() == entry.value.raw())
            };
            if twin.is_some_and(|twin| !same(twin)) {
                unstable.certificates |= entry.text().is_some_and(|text| text.contains("-----BEGIN "));
                unstable.keys.push(entry.key);
            }
        }
        if !unstable.keys.is_empty() {
            found.push(unstable);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::Scope;
    use crate::yaml::stream::{ParseOptions, Stream, parse};

    fn stream(password: &str, level: &str) -> Stream {
        let text = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{user: shop, password: {password}}}\n---\n\
             apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{level: {level}}}\n"
        );
        parse(text, ParseOptions::default()).unwrap()
    }

    fn differ(one: &Stream, other: &Stream) -> Vec<(usize, Vec<String>)> {
        let gathered = |stream| Release::gather(stream, Scope::default());
        compare(&gathered(one), &gathered(other)).into_iter().map(|it| (it.object, it.keys)).collect()
    }

    #[test]
    fn what_differs_between_two_renders() {
        let one = stream("a1", "info");
        assert_eq!(differ(&one, &stream("a1", "info")), []);
        assert_eq!(differ(&one, &stream("b2", "info")), [(0, vec!["password".to_owned()])]);
        assert_eq!(differ(&one, &stream("a1", "debug")), [(1, vec!["level".to_owned()])]);
    }
}
