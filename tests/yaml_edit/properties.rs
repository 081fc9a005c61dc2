//! Any data in any style under any plan: the new data is the planned data, and only the planned lines differ.

use std::collections::HashMap;

use hardtack::yaml::edit::{EditError, apply};
use hardtack::yaml::stream::parse_document;
use hardtack::yaml::{Data, Edit, Op, Route};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::dice::Dice;
use crate::model::{check, data, edited, planned};
use crate::styles;

const KEYS: [&str; 9] = ["w", "wa", "wb/c", "name", "y", "on", "a b", "1", "é"];

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(KEYS.to_vec()).prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Data> {
    let text =
        ["", "w", "wx/y", "yes", "1.20", "a: b", "x #y", "it's", "é", "w\nx\n", "w\n\n", " w", "{}", "*a"];
    prop_oneof![
        2 => Just(Data::Null),
        1 => any::<bool>().prop_map(Data::from),
        1 => (-9_i64..99).prop_map(Data::from),
        6 => prop::sample::select(text.to_vec()).prop_map(Data::from),
    ]
}

fn any_data() -> impl Strategy<Value = Data> {
    leaf().prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Data::from),
            2 => prop::collection::vec((key(), inner), 0..5)
                .prop_map(|entries| Data::Object(entries.into_iter().collect())),
        ]
    })
}

fn document() -> impl Strategy<Value = Data> {
    prop::collection::vec((key(), any_data()), 1..6)
        .prop_map(|entries| Data::Object(entries.into_iter().collect()))
}

/// A walk down and what to do there; resolved against the data, so that most plans fit.
type Rough = (Vec<Index>, Index, String, Data);

fn rough_plan() -> impl Strategy<Value = Vec<Rough>> {
    let rough = (prop::collection::vec(any::<Index>(), 1..6), any::<Index>(), key(), any_data());
    prop::collection::vec(rough, 1..6)
}

fn resolve(data: &Data, (walk, what, name, new): &Rough) -> Edit {
    let (mut route, mut at) = (Route::root(), data);
    for choice in walk {
        match at {
            Data::Object(map) if !map.is_empty() && choice.index(5) > 0 => {
                let (key, value) = map.iter().nth(choice.index(map.len())).expect("an entry");
                (route, at) = (route.key(key.clone()), value);
            }
            Data::Array(items) if !items.is_empty() && choice.index(5) > 0 => {
                let index = choice.index(items.len());
                (route, at) = (route.index(index), &items[index]);
            }
            _ => break,
        }
    }
    let is_root = route.steps().is_empty();
    let op = match (at, what.index(8)) {
        (_, 0) if !is_root => Op::Remove,
        (_, 1 | 2) if !is_root => Op::Set(new.clone()),
        (Data::Array(_), _) => Op::Append(new.clone()),
        (Data::Null, 3) => Op::Append(new.clone()),
        (Data::Object(_) | Data::Null, 4) => {
            route = route.key(name.clone()).key("below");
            Op::Set(new.clone())
        }
        (Data::Object(_) | Data::Null, _) => {
            route = route.key(name.clone());
            Op::Set(new.clone())
        }
        _ => Op::Set(new.clone()),
    };
    Edit { route, op }
}

/// The plan without what contradicts itself or does not fit.
fn plan(text: &str, data: &Data, rough: &[Rough]) -> Vec<Edit> {
    let tree = parse_document(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let root = tree.root(text).expect("content");
    let mut edits: Vec<Edit> = Vec::new();
    for rough in rough {
        edits.push(resolve(data, rough));
        match apply(root, &edits) {
            Err(EditError::Conflict(_) | EditError::WrongType { .. }) => drop(edits.pop()),
            Err(error) => panic!("{text:?} {edits:?}: {error}"),
            Ok(_) => {}
        }
    }
    edits
}

/// How many lines of `one` are not among those of `other`.
fn lines_missing(one: &str, other: &str) -> usize {
    let mut lines: HashMap<&str, isize> = HashMap::new();
    for line in other.lines() {
        *lines.entry(line).or_default() += 1;
    }
    one.lines()
        .filter(|line| {
            let left = lines.entry(line).or_default();
            *left -= 1;
            *left < 0
        })
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn edits_do_what_they_say(before in document(), rough in rough_plan(), seed in any::<u64>()) {
        let text = styles::write(&before, &mut Dice::new(seed));
        prop_assert_eq!(&data(&text), &before, "{:?}", text);
        let edits = plan(&text, &before, &rough);
        let after = check(&text, &edits);
        let edited = edited(&text, &edits);
        let changed = planned(before.clone(), &edits) != before;
        // Taking an item out and putting its equal in leaves the data, but perhaps not the blanks inside the item.
        let moves = edits.iter().any(|edit| edit.op == Op::Remove);
        prop_assert!(changed == (after != text) || (moves && !changed), "{:?} {:?} became {:?}", text, edits, after);
        prop_assert!(lines_missing(&text, &after) <= edited.lines_rewritten, "{:?} {:?} became {:?}", text, edits, after);
        prop_assert!(
            lines_missing(&after, &text) <= edited.lines_added + edited.lines_rewritten,
            "{:?} {:?} became {:?}", text, edits, after
        );
    }

    #[test]
    fn json_stays_json(before in document(), rough in rough_plan(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&before) } else { serde_json::to_string(&before) };
        let text = text.expect("JSON");
        let edits = plan(&text, &before, &rough);
        let after = check(&text, &edits);
        prop_assert_eq!(serde_json::from_str::<Data>(&after).ok(), Some(planned(before, &edits)), "{}", after);
    }
}
