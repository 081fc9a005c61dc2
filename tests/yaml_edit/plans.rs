//! Random plans that fit a document's data.

use hardtack::yaml::edit::{EditError, apply};
use hardtack::yaml::{Data, Edit, Op, Route, Value};
use serde_json::json;

use crate::dice::Dice;

/// One to four edits that neither contradict each other nor meet a value of the wrong type.
pub fn random(root: Value<'_>, dice: &mut Dice) -> Vec<Edit> {
    let data = root.to_data();
    let mut edits = Vec::new();
    for _ in 0..=dice.roll(4) {
        edits.push(edit(&data, dice));
        match apply(root, &edits) {
            Err(EditError::Conflict(_) | EditError::WrongType { .. } | EditError::Unsupported { .. }) => {
                drop(edits.pop());
            }
            Err(error) => panic!("{edits:?} of {:?}: {error}", root.document_text()),
            Ok(_) => {}
        }
    }
    edits
}

fn edit(data: &Data, dice: &mut Dice) -> Edit {
    let (mut route, mut at) = (Route::root(), data);
    while dice.roll(5) > 0 {
        match at {
            Data::Object(map) if !map.is_empty() => {
                let (key, value) = map.iter().nth(dice.roll(map.len())).expect("an entry");
                (route, at) = (route.key(key.clone()), value);
            }
            Data::Array(items) if !items.is_empty() => {
                let index = dice.roll(items.len());
                (route, at) = (route.index(index), &items[index]);
            }
            _ => break,
        }
    }
    let op = match (at, dice.roll(6)) {
        (_, 0) if !route.steps().is_empty() => Op::Remove,
        (_, 1) if !route.steps().is_empty() => Op::Set(value(dice)),
        (Data::Object(_), _) => {
            route = route.key(["new", "name", "y", "a b"][dice.roll(4)]);
            Op::Set(value(dice))
        }
        (Data::Array(_), _) => Op::Append(value(dice)),
        _ => Op::Set(value(dice)),
    };
    Edit { route, op }
}

fn value(dice: &mut Dice) -> Data {
    let values = [
        json!(true),
        json!(7),
        json!(null),
        json!("yes"),
        json!("plain"),
        json!("two\nlines\n"),
        json!({}),
        json!([]),
        json!({"k": [1, {"l": "m"}], "n": "o"}),
        json!(["a", ["b"], {}]),
    ];
    values[dice.roll(values.len())].clone()
}
