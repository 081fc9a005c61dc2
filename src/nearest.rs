//! The known word nearest to a misspelt one.

/// The nearest of `known`, when it is near enough to be what was meant: the only one that goes on where the word
/// stops, or one a slip away.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let known: Vec<&'k str> = known.into_iter().collect();
    let mut longer = known.iter().filter(|candidate| word.len() >= 3 && candidate.starts_with(word));
    if let (Some(only), None) = (longer.next(), longer.next()) {
        return Some(only);
    }
    let distances = known.into_iter().map(|candidate| (distance(word, candidate), candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + candidate.len().min(word.len()) / 4).then_some(candidate)
}

/// `did you mean "x"?`, or the closing words alone.
#[must_use]
pub fn hint<'k>(word: &str, known: impl IntoIterator<Item = &'k str>, otherwise: &str) -> String {
    match nearest(word, known) {
        Some(candidate) => format!("did you mean {candidate:?}? {otherwise}"),
        None => otherwise.to_owned(),
    }
}

/// Levenshtein's distance, with a swap of neighbours as one step.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let mut best =
                (last[column] + usize::from(a != b)).min(last[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *a == other[column - 1] && one[row - 1] == *b {
                best = best.min(before[column - 1] + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut last, line);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        assert_eq!(nearest("run-as-rot", ["run-as-root", "host-pid"]), Some("run-as-root"));
        assert_eq!(nearest("severtiy", ["severity", "fix"]), Some("severity"));
        assert_eq!(nearest("banana", ["severity", "fix"]), None);
        assert_eq!(nearest("prod", ["staging", "production"]), Some("production"));
        assert_eq!(nearest("host", ["host-pid", "host-ipc"]), None, "two go on");
    }
}
