//! Sound objects with one thing broken, the same in every run.

use serde_json::{Value, json};

/// So many objects, each made of one of `originals`.
pub fn mutants(originals: &[Value], seed: u64, count: usize) -> Vec<Value> {
    let mut dice = Dice(seed);
    let places: Vec<(&Value, Vec<String>)> = originals
        .iter()
        .flat_map(|object| places(object).into_iter().map(move |place| (object, place)))
        .collect();
    let mut all = Vec::new();
    while all.len() < count {
        let (original, place) = &places[dice.below(places.len())];
        let mut object = (*original).clone();
        if break_at(&mut object, place, &mut dice) {
            all.push(object);
        }
    }
    all
}

/// JSON pointers to all that may be broken: not what says which kind and which object it is.
fn places(object: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    descend(object, &mut Vec::new(), &mut found);
    found.retain(|place| match place.first().map(String::as_str) {
        None | Some("apiVersion" | "kind") => false,
        Some("metadata") => !matches!(place.get(1).map(String::as_str), None | Some("name" | "namespace")),
        Some(_) => true,
    });
    found
}

fn descend(value: &Value, place: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    found.push(place.clone());
    let below: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, value) in below {
        place.push(step);
        descend(value, place, found);
        place.pop();
    }
}

fn break_at(object: &mut Value, place: &[String], dice: &mut Dice) -> bool {
    let (last, up) = place.split_last().expect("a place below the object");
    let pointer: String =
        up.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
    let parent = object.pointer_mut(&pointer).expect("the place is there");
    let Some(map) = parent.as_object_mut() else {
        let item = &mut parent.as_array_mut().expect("a list")[last.parse::<usize>().expect("an index")];
        *item = instead(item, dice);
        return true;
    };
    let value = map[last].clone();
    match dice.below(4) {
        0 => drop(map.remove(last)),
        1 => {
            map.remove(last);
            map.insert(format!("{last}s"), value);
        }
        2 => match map.get_mut(last) {
            Some(Value::Array(list)) if !list.is_empty() => list.push(list[0].clone()),
            Some(Value::Object(inner)) => drop(inner.insert("unheardOf".to_owned(), json!(1))),
            _ => return false,
        },
        _ => drop(map.insert(last.clone(), instead(&value, dice))),
    }
    true
}

/// Another value, of another type or out of bounds.
fn instead(value: &Value, dice: &mut Dice) -> Value {
    let all = match value {
        Value::String(_) => {
            vec![
                json!(5),
                json!(true),
                json!({}),
                json!(""),
                json!("a b"),
                json!("Abc_"),
                json!("x".repeat(300)),
            ]
        }
        Value::Number(_) => vec![json!("5"), json!(1.5), json!(-1), json!(3_000_000_000_u64), json!(true)],
        Value::Bool(_) => vec![json!("true"), json!(1)],
        Value::Array(_) => vec![json!({}), json!("x"), json!([])],
        Value::Object(_) => vec![json!([]), json!("x"), json!(null)],
        Value::Null => vec![json!(5)],
    };
    all[dice.below(all.len())].clone()
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
