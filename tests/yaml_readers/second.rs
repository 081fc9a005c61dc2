//! yaml-rust2, a reader of YAML 1.2 with its own scanner, where 1.1 and 1.2 agree.

use hardtack::yaml::stream::{self, Content, ParseOptions, parse_document};
use hardtack::yaml::{Data, Document, Kind, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use yaml_rust2::yaml::Hash;
use yaml_rust2::{Yaml, YamlEmitter, YamlLoader};

use crate::mutants::{mutants, seeds, soups};

/// Whether the two readers see the same; scalars are compared as text where the versions of YAML differ.
fn same(ours: Value<'_>, theirs: &Yaml) -> bool {
    match theirs {
        Yaml::Array(items) => {
            let ours: Vec<_> = ours.items().collect();
            ours.len() == items.len() && ours.iter().zip(items).all(|(ours, theirs)| same(*ours, theirs))
        }
        Yaml::Hash(entries) => {
            ours.is_map()
                && ours.own_entries().count() == entries.len()
                && entries
                    .iter()
                    .zip(ours.own_entries())
                    .all(|((theirs_key, theirs), (key, ours))| same(key, theirs_key) && same(ours, theirs))
        }
        Yaml::String(text) => match ours.as_str() {
            Some(ours) => ours == text.as_str(),
            // Text to YAML 1.2, something else to 1.1: `y`, `0777`, `1_000`.
            None => !ours.is_map() && !ours.is_seq() && ours.raw() == text,
        },
        _ => !ours.is_map() && !ours.is_seq(),
    }
}

fn compare(text: &str) -> bool {
    let Ok(stream) = stream::parse(text.to_owned(), ParseOptions::default()) else { return false };
    // What only one of the two knows, or reads by another version of YAML.
    let odd = |text: &str| {
        text.contains("<<")
            || text.contains(['*', '!', '\u{feff}'])
            || text.contains("---")
            || !text.ends_with('\n')
    };
    // It reads a block scalar without content as a newline.
    let hollow = |document: &Document| match &document.content {
        Content::Parsed(tree) => tree.nodes.iter().any(|node| {
            let raw = &stream.body(document)[node.start as usize..node.end as usize];
            matches!(node.kind, Kind::Literal | Kind::Folded) && !raw.contains('\n')
        }),
        _ => false,
    };
    if stream.documents.iter().any(hollow) {
        return false;
    }
    if odd(text) || stream.documents.iter().any(|document| !document.warnings.is_empty()) {
        return false;
    }
    let Some(root) = stream.documents.first().and_then(|document| stream.root(document)) else {
        return false;
    };
    let Ok(theirs) = YamlLoader::load_from_str(text) else { return false };
    assert!(
        theirs.len() == 1 && same(root, &theirs[0]),
        "{text:?}: ours {}, theirs {theirs:?}",
        root.to_data()
    );
    true
}

pub fn reads_the_same_data() {
    let bodies = seeds().into_iter().flat_map(|(_, text)| {
        let stream = stream::parse(text, ParseOptions::default()).unwrap();
        stream.documents.iter().map(|document| stream.body(document).to_owned()).collect::<Vec<_>>()
    });
    let compared =
        bodies.chain(mutants(5_000, 6)).chain(soups(10_000, 7)).filter(|text| compare(text)).count();
    assert!(compared > 500, "only {compared} were compared");
}

fn any_data() -> impl Strategy<Value = Data> {
    let text = prop_oneof![
        "[a-zA-Z0-9 :#,'\"&*!|>%@`{}\\[\\]~=<.?/_+-]{0,12}",
        "(y|n|on|null|~|0777|08|1e3|\\.5|1_000|0b1|12:30|2001-01-01|<<|=|\\.inf|0x1F|---|\\.\\.\\.)",
        "[ \\t\\n a-c:#-]{0,12}",
        "[é😀ä\u{a0}a-c\"\\\\]{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        any::<i64>().prop_map(Data::from),
        text.clone().prop_map(Data::String),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Data::Array),
            prop::collection::vec((text.clone(), inner), 0..5)
                .prop_map(|entries| Data::Object(entries.into_iter().collect())),
        ]
    })
}

fn to_yaml(data: &Data) -> Yaml {
    match data {
        Data::Null => Yaml::Null,
        Data::Bool(value) => Yaml::Boolean(*value),
        Data::Number(value) => Yaml::Integer(value.as_i64().unwrap()),
        Data::String(text) => Yaml::String(text.clone()),
        Data::Array(items) => Yaml::Array(items.iter().map(to_yaml).collect()),
        Data::Object(entries) => Yaml::Hash(
            entries.iter().map(|(key, value)| (Yaml::String(key.clone()), to_yaml(value))).collect::<Hash>(),
        ),
    }
}

/// Whether yaml-rust2, which writes for YAML 1.2, leaves this text in a form that 1.1 reads as something else.
fn is_ambiguous(data: &Data) -> bool {
    let odd = |text: &str| {
        let mut out = String::new();
        let yaml = Yaml::String(text.to_owned());
        YamlEmitter::new(&mut out).dump(&yaml).unwrap();
        parse_document(out.trim_start_matches("---").trim_start()).is_ok_and(|tree| {
            let body = out.trim_start_matches("---").trim_start();
            tree.root(body).is_none_or(|root| root.as_str().as_deref() != Some(text))
        })
    };
    match data {
        Data::String(text) => odd(text),
        Data::Array(items) => items.iter().any(is_ambiguous),
        Data::Object(entries) => entries.iter().any(|(key, value)| odd(key) || is_ambiguous(value)),
        _ => false,
    }
}

pub fn what_it_writes_is_read_back() {
    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&any_data(), |data| {
        prop_assume!(!is_ambiguous(&data));
        let mut text = String::new();
        YamlEmitter::new(&mut text).dump(&to_yaml(&data)).unwrap();
        text.push('\n');
        let stream = stream::parse(text.clone(), ParseOptions::default());
        let stream = match stream {
            Ok(stream) => stream,
            // `.inf` and the like, left plain.
            Err(error) => {
                prop_assert!(
                    error.message.contains("infinity") || error.message.contains("merge key"),
                    "{text}: {error:?}"
                );
                return Ok(());
            }
        };
        let read =
            stream.documents.iter().find_map(|document| stream.root(document)).map(|root| root.to_data());
        prop_assert_eq!(read.unwrap_or_default(), data, "{}", text);
        Ok(())
    });
    outcome.unwrap();
}

pub fn nothing_panics() {
    let mut runner =
        TestRunner::new(Config { cases: 20_000, failure_persistence: None, ..Config::default() });
    let outcome =
        runner.run(&prop_oneof!["\\PC{0,40}", "[-:?#|> \\n\\t'\"a{}\\[\\],&*!%.~\\\\0-9]{0,40}"], |text| {
            for read in [stream::parse, stream::parse_with_fallback_only] {
                if let Ok(stream) = read(text.clone(), ParseOptions::default()) {
                    let roots = stream.documents.iter().filter_map(|document| stream.root(document));
                    let data: Vec<_> = roots.map(Value::to_data).collect();
                    prop_assert!(data.len() <= stream.documents.len());
                }
            }
            Ok(())
        });
    outcome.unwrap();
}
