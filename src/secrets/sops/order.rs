//! Keys in the order in which Kubernetes' YAML library prints them. kustomize prints so, and a hash over the values
//! holds only as long as their order does.

use std::cmp::Ordering;

use serde_json::Map;

use crate::yaml::Data;

/// The same data with the keys of every map in that order.
pub(super) fn sorted(data: &Data) -> Data {
    match data {
        Data::Object(entries) => {
            let mut order: Vec<(&String, Vec<char>)> = Vec::with_capacity(entries.len());
            for key in entries.keys() {
                let letters: Vec<char> = key.chars().collect();
                // By halving: the comparison is not one that every sort bears.
                let place = order.partition_point(|(_, seen)| compare(seen, &letters) == Ordering::Less);
                order.insert(place, (key, letters));
            }
            let entry = |(key, _): (&String, Vec<char>)| ((*key).clone(), sorted(&entries[key.as_str()]));
            Data::Object(order.into_iter().map(entry).collect::<Map<_, _>>())
        }
        Data::Array(items) => Data::Array(items.iter().map(sorted).collect()),
        scalar => scalar.clone(),
    }
}

/// Numbers within the keys by their value, letters behind everything else.
fn compare(one: &[char], other: &[char]) -> Ordering {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (Some(a), Some(b)) = (one.get(same), other.get(same)) else { return one.len().cmp(&other.len()) };
    match (a.is_alphabetic(), b.is_alphabetic()) {
        (true, true) => a.cmp(b),
        (false, false) => numbers(one, other, same).then_with(|| a.cmp(b)),
        (letter, other) => letter.cmp(&other),
    }
}

/// The numbers that begin, or go on, where the keys part.
fn numbers(one: &[char], other: &[char], at: usize) -> Ordering {
    // A zero within a number counts only when something stands before it.
    let before = one[..at].iter().rev().take_while(|it| is_digit(**it)).any(|it| *it != '0');
    let leading = i64::from((one[at] == '0' || other[at] == '0') && before);
    let number = |key: &[char]| {
        let digits = key[at..].iter().take_while(|it| is_digit(**it));
        digits.fold((leading, 0_usize), |(value, length), digit| {
            let digit = i64::from(u32::from(*digit)).wrapping_sub(i64::from(u32::from('0')));
            (value.wrapping_mul(10).wrapping_add(digit), length + 1)
        })
    };
    number(one).cmp(&number(other))
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers_and_letters_come_last() {
        let keys = [
            "key10", "key2", "a.b", "a-b", "a_b", "ab", "a1", "KEY", "key02", "1a", "1.a", "tls.key",
            "tls.crt",
        ];
        let data: Map<String, Data> = keys.iter().map(|key| ((*key).to_owned(), Data::Null)).collect();
        let Data::Object(sorted) = sorted(&Data::Object(data)) else { panic!("a map") };
        let sorted: Vec<&str> = sorted.keys().map(String::as_str).collect();
        assert_eq!(
            sorted,
            [
                "1.a", "1a", "KEY", "a-b", "a.b", "a_b", "a1", "ab", "key2", "key02", "key10", "tls.crt",
                "tls.key"
            ]
        );
    }
}
