//! Policy files nobody wrote: a few seconds of what `fuzz/` does for longer.

use std::fs;
use std::path::Path;

use crate::life::check;

const WORDS: [&str; 18] = [
    ":",
    "{",
    "}",
    "[",
    "]",
    "#",
    "\"",
    "'",
    "- ",
    "\n",
    "\n  ",
    "&a ",
    "*a",
    "|",
    "null",
    "environments: ",
    "extends: staging",
    "apiVersion: hardtack.dev/v1alpha1",
];

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }
}

fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src/policy/environments", "tests/policies/bad"];
    let files = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"));
    let mut paths: Vec<_> = files.map(|entry| entry.expect("an entry").path()).collect();
    paths.push(root.join("charts/bytebot-agent/hardtack.yaml"));
    paths.sort();
    let policies = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    policies.filter_map(|path| fs::read_to_string(path).ok()).collect()
}

fn mutant(seed: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = seed.lines().map(str::to_owned).collect();
    for _ in 0..=dice.below(3) {
        let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(5) {
            0 if lines.len() > 1 => drop(lines.remove(one)),
            1 => lines.insert(other, lines[one].clone()),
            2 => lines.swap(one, other),
            3 => lines.truncate(one + 1),
            _ => {
                let line = &mut lines[one];
                let at = line.floor_char_boundary(dice.below(line.len() + 1));
                line.insert_str(at, WORDS[dice.below(WORDS.len())]);
            }
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn mutants_are_read_or_refused_and_keep_their_meaning() {
    let mut dice = Dice(20_261_120);
    let seeds = seeds();
    assert!(seeds.len() > 20, "{}", seeds.len());
    for seed in &seeds {
        check(seed);
        for _ in 0..60 {
            check(&mutant(seed, &mut dice));
        }
    }
}
