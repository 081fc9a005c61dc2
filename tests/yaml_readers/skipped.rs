//! A document is skipped only when its kind is what Kubernetes' readers make of it.

use hardtack::yaml::stream::{self, Content, ParseOptions};

use crate::mutants::{mutants, seeds};

const KINDS: &[&str] =
    &["CustomResourceDefinition", "Deployment", "ConfigMap", "Service", "Secret", "StatefulSet"];

pub fn is_never_fooled() {
    let mut skipped = 0;
    let twisted = mutants(12_000, 5).flat_map(|text| {
        let first = format!("kind: ConfigMap\n{text}");
        let last = format!("{text}\nkind: ConfigMap\n");
        let inside = text.replacen('\n', "\nkind: ConfigMap\n", 1);
        [first, last, inside]
    });
    for text in twisted {
        let Ok(stream) = stream::parse(text.clone(), ParseOptions { skip: KINDS }) else { continue };
        for document in &stream.documents {
            let Content::Skipped(kind) = &document.content else { continue };
            let body = stream.body(document).to_owned();
            // What is no YAML has no kind that could be mistaken.
            let Ok(read) = stream::parse(body, ParseOptions::default()) else { continue };
            let root = read.root(&read.documents[0]).unwrap();
            let found = root.get("kind").and_then(|kind| kind.as_str().map(|kind| kind.into_owned()));
            assert_eq!(found.as_ref(), Some(kind), "{text:?}");
            skipped += 1;
        }
    }
    assert!(skipped > 2_000, "only {skipped} documents were skipped");
}

pub fn saves_the_usual_documents() {
    let options = ParseOptions { skip: &["CustomResourceDefinition"] };
    for (name, text) in seeds() {
        let stream = stream::parse(text, options).unwrap();
        for document in &stream.documents {
            if let Some(root) = stream.root(document) {
                let kind = root.get("kind").and_then(|kind| kind.as_str());
                assert_ne!(kind.as_deref(), Some("CustomResourceDefinition"), "{name}:{}", document.line);
            }
        }
    }
    for odd in [
        "kind: ConfigMap\n y\n",
        "kind: ConfigMap\n\n \n y\n",
        "kind: ConfigMap\nkind: Pod\n",
        "kind: ConfigMap\r\na: b\r\n",
        "\"kind\": ConfigMap\n",
        "{kind: ConfigMap}\n",
        "--- {kind: ConfigMap}\n",
        " kind: ConfigMap\n",
        "kind: ConfigMap # c\n",
        "kind: 'ConfigMap'\n",
        "kind: ConfigMap\n? a\n: b\n",
        "kind: ConfigMap\n<<: {kind: Pod}\n",
        "kind: ConfigMap\n\"a\nkind: Pod\": b\n",
        "kind: ConfigMap\n\tb\n",
        "a: 1\n",
    ] {
        let stream = stream::parse(odd.to_owned(), ParseOptions { skip: KINDS });
        let skipped =
            stream.is_ok_and(|it| it.documents.iter().any(|it| matches!(it.content, Content::Skipped(_))));
        assert!(!skipped, "{odd:?}");
    }
}
