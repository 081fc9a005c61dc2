//! Looks for some dozens of fixed words in one pass over a text, along tables that the compiler fills: to build an
//! automaton takes longer than to read most manifests.

use std::ops::Range;

/// Fixed words of ASCII, to be found anywhere in a text.
#[derive(Debug)]
pub struct Marks<const COUNT: usize> {
    words: [&'static str; COUNT],
    any_case: bool,
    /// For each of the first three bytes at a place, which words it lets through: word `n` has bit `n % 64`.
    lets: [[u64; 256]; 3],
}

impl<const COUNT: usize> Marks<COUNT> {
    /// Makes the tables. `any_case`: words in lower case stand for all their spellings.
    #[must_use]
    pub const fn new(words: [&'static str; COUNT], any_case: bool) -> Self {
        let mut lets = [[0; 256]; 3];
        let mut number = 0;
        while number < COUNT {
            let bit = 1 << (number % 64);
            let mut place = 0;
            while place < 3 {
                let mut byte = 0;
                while byte < 256 {
                    if admits(words[number].as_bytes(), place, byte, any_case) {
                        lets[place][byte] |= bit;
                    }
                    byte += 1;
                }
                place += 1;
            }
            number += 1;
        }
        Self { words, any_case, lets }
    }

    /// The words in a text, none within another: the number of each and where it stands. Of several that begin at one
    /// place it is the longest.
    pub fn find_in<'t>(
        &'t self,
        text: &'t str,
    ) -> impl Iterator<Item = (usize, Range<usize>)> + use<'t, COUNT> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (number, start) = self.next(text.as_bytes(), at)?;
            at = start + self.words[number].len();
            Some((number, start..at))
        })
    }

    /// Whether any of the words stands in a text.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.next(text.as_bytes(), 0).is_some()
    }

    /// The first word from a place on, and its place.
    fn next(&self, text: &[u8], mut at: usize) -> Option<(usize, usize)> {
        let [first, second, third] = &self.lets;
        let let_through = |bytes: &[u8]| {
            let byte = |place: usize| usize::from(bytes.get(place).copied().unwrap_or_default());
            first[byte(0)] & second[byte(1)] & third[byte(2)]
        };
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            // The last two bytes begin no three.
            let place = rest.windows(3).position(|bytes| let_through(bytes) != 0);
            let place = place.unwrap_or(rest.len().saturating_sub(2));
            if let Some(number) = self.longest(let_through(&rest[place..]), &rest[place..]) {
                return Some((number, at + place));
            }
            at += place + 1;
        }
        None
    }

    /// The longest of the words that were let through with which the text really begins.
    fn longest(&self, mut let_through: u64, text: &[u8]) -> Option<usize> {
        let mut longest: Option<usize> = None;
        while let_through != 0 {
            let bit = let_through.trailing_zeros() as usize;
            for number in (bit..COUNT).step_by(64) {
                let longer = longest.is_none_or(|known| self.words[known].len() < self.words[number].len());
                if longer && self.begins(text, self.words[number].as_bytes()) {
                    longest = Some(number);
                }
            }
            let_through &= let_through - 1;
        }
        longest
    }

    fn begins(&self, text: &[u8], word: &[u8]) -> bool {
        let same =
            |start: &[u8]| if self.any_case { start.eq_ignore_ascii_case(word) } else { start == word };
        text.get(..word.len()).is_some_and(same)
    }
}

/// Whether a byte at one of the first places of a word may be that word's; beyond its end all may.
const fn admits(word: &[u8], place: usize, byte: usize, any_case: bool) -> bool {
    if place >= word.len() {
        return true;
    }
    let own = word[place];
    own as usize == byte || (any_case && own.to_ascii_uppercase() as usize == byte)
}

#[cfg(test)]
mod tests {
    use aho_corasick::{AhoCorasick, MatchKind};
    use proptest::prelude::*;

    use super::*;

    const WORDS: [&str; 8] = ["ab", "abc", "abcde", "b", "cab", "ddd", "://", "a"];
    static EXACT: Marks<8> = Marks::new(WORDS, false);
    static ANY_CASE: Marks<8> = Marks::new(WORDS, true);

    proptest! {
        #[test]
        fn an_automaton_finds_the_same(text in "[abcdeABD:/é]{0,24}") {
            for (marks, any_case) in [(&EXACT, false), (&ANY_CASE, true)] {
                let mut builder = AhoCorasick::builder();
                builder.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(any_case);
                let automaton = builder.build(WORDS).unwrap();
                let wanted: Vec<_> =
                    automaton.find_iter(&text).map(|it| (it.pattern().as_usize(), it.range())).collect();
                prop_assert_eq!(marks.find_in(&text).collect::<Vec<_>>(), wanted);
                prop_assert_eq!(marks.are_in(&text), automaton.is_match(&text));
            }
        }
    }

    #[test]
    fn the_longest_of_those_that_begin_together_counts() {
        let numbers = |text: &str| EXACT.find_in(text).map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(numbers("abcde"), [2]);
        assert_eq!(numbers("abcd abc ab a"), [1, 1, 0, 7]);
    }

    #[test]
    fn words_beyond_the_64th_are_found_too() {
        const MANY: [&str; 130] = {
            let mut words = ["zz"; 130];
            words[0] = "alpha";
            words[64] = "beta";
            words[129] = "gamma";
            words
        };
        static MARKS: Marks<130> = Marks::new(MANY, false);
        let found: Vec<_> = MARKS.find_in("gamma beta alpha").map(|(number, _)| number).collect();
        assert_eq!(found, [129, 64, 0]);
    }
}
