//! What edits mean, said a second time and as plainly as possible: on data, one edit after the other.

use hardtack::yaml::edit::{Edited, apply};
use hardtack::yaml::stream::parse_document;
use hardtack::yaml::{Data, Edit, Op, Route, Step};
use serde_json::Map;

/// An edit in one line.
pub fn set(route: &str, value: Data) -> Edit {
    Edit { route: way(route), op: Op::Set(value) }
}

pub fn append(route: &str, value: Data) -> Edit {
    Edit { route: way(route), op: Op::Append(value) }
}

pub fn remove(route: &str) -> Edit {
    Edit { route: way(route), op: Op::Remove }
}

/// `spec.containers.0.name`: numbers are list positions, `/` stands for a dot inside a key.
pub fn way(route: &str) -> Route {
    let step = |step: &str| match step.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key(step.replace('/', ".").into()),
    };
    route.split('.').filter(|step| !step.is_empty()).map(step).collect()
}

/// Edits a document.
pub fn edited(input: &str, edits: &[Edit]) -> Edited {
    let tree = parse_document(input).unwrap_or_else(|error| panic!("{input:?}: {error}"));
    let root = tree.root(input).unwrap_or_else(|| panic!("{input:?} has content"));
    apply(root, edits).unwrap_or_else(|error| panic!("{input:?}: {error}"))
}

/// A document's data.
pub fn data(text: &str) -> Data {
    let tree = parse_document(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    tree.root(text).map_or(Data::Null, hardtack::yaml::Value::to_data)
}

/// The data that `edits` make of `data`. Items to take out are marked first and go last, because positions are those
/// of the input; what is appended depends on the list without them and with all other edits.
pub fn planned(mut data: Data, edits: &[Edit]) -> Data {
    let takes_item =
        |edit: &&Edit| edit.op == Op::Remove && matches!(edit.route.steps().last(), Some(Step::Index(_)));
    let is_append = |edit: &&Edit| matches!(edit.op, Op::Append(_));
    for edit in edits.iter().filter(takes_item) {
        if let Some(item) = existing(&mut data, edit.route.steps()) {
            *item = Data::from(GONE);
        }
    }
    for edit in edits.iter().filter(|edit| !takes_item(edit) && !is_append(edit)) {
        change(&mut data, edit.route.steps(), &edit.op);
    }
    let mut appends: Vec<&Edit> = edits.iter().filter(is_append).collect();
    appends.sort_by_key(|edit| std::cmp::Reverse(edit.route.steps().len()));
    for edit in appends {
        change(&mut data, edit.route.steps(), &edit.op);
    }
    sweep(&mut data);
    data
}

const GONE: &str = "\0gone\0";

fn swept(data: &Data) -> Data {
    let mut data = data.clone();
    sweep(&mut data);
    data
}

fn sweep(data: &mut Data) {
    match data {
        Data::Array(items) => {
            items.retain(|item| item != GONE);
            items.iter_mut().for_each(sweep);
        }
        Data::Object(map) => map.values_mut().for_each(sweep),
        _ => {}
    }
}

fn existing<'d>(data: &'d mut Data, steps: &[Step]) -> Option<&'d mut Data> {
    steps.iter().try_fold(data, |data, step| match step {
        Step::Key(key) => data.get_mut(&**key),
        Step::Index(index) => data.get_mut(*index),
    })
}

fn change(data: &mut Data, steps: &[Step], op: &Op) {
    match (steps, op) {
        ([], Op::Set(value)) => *data = value.clone(),
        ([], Op::Append(value)) => {
            if data.is_null() {
                *data = Data::Array(Vec::new());
            }
            let items = data.as_array_mut().expect("a list");
            if !items.iter().any(|item| swept(item) == *value) {
                items.push(value.clone());
            }
        }
        ([Step::Key(key)], Op::Remove) => {
            if let Some(map) = data.as_object_mut() {
                map.shift_remove(&**key);
            }
        }
        ([Step::Key(key), rest @ ..], op) => {
            let is_there = data.get(&**key).is_some_and(|value| !value.is_null());
            if *op == Op::Remove && !is_there {
                return;
            }
            if data.is_null() {
                *data = Data::Object(Map::new());
            }
            let map = data.as_object_mut().expect("a map");
            change(map.entry(key.to_string()).or_insert(Data::Null), rest, op);
        }
        ([Step::Index(index), rest @ ..], op) => {
            if let Some(item) = data.get_mut(*index) {
                change(item, rest, op);
            }
        }
        ([], Op::Remove) => panic!("the root is never removed"),
    }
}

/// Edits, and checks all that holds of any edit; gives the new text.
pub fn check(input: &str, edits: &[Edit]) -> String {
    let edited = edited(input, edits);
    assert_eq!(data(&edited.text), planned(data(input), edits), "{input:?} became {:?}", edited.text);
    assert_eq!(edited.tree, parse_document(&edited.text).expect("it parses"), "the tree is that of the text");
    if !edits
        .iter()
        .any(|edit| edit.op == Op::Remove && matches!(edit.route.steps().last(), Some(Step::Index(_))))
    {
        let again = self::edited(&edited.text, edits);
        assert_eq!(again.text, edited.text, "a second run changes nothing");
        assert_eq!((again.lines_added, again.lines_rewritten), (0, 0));
    }
    edited.text
}
