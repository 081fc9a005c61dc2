//! Both parsers and other readers of YAML agree on what they read, also in text that was tampered with.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says what it saw"
)]

mod go;
mod mutants;
mod parsers;
mod second;
mod skipped;
#[path = "../support/mod.rs"]
mod support;

use libtest_mimic::{Arguments, Failed, Trial};

use support::tools::trial;

fn main() {
    let case = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok::<(), Failed>(())
        })
    };
    let judged = |name: &str, test: fn()| {
        trial(name, &["oracle"], move || {
            test();
            Ok::<(), Failed>(())
        })
    };
    let tests = vec![
        case("parsers_agree_on_seeds_and_charts", parsers::agree_on_seeds_and_charts),
        case("parsers_agree_on_mutants", parsers::agree_on_mutants),
        case("parsers_agree_on_words", parsers::agree_on_words),
        case("parsers_agree_on_brackets", parsers::agree_on_brackets),
        case("spans_hold_together_in_mutants", parsers::spans_hold_together_in_mutants),
        case("skipping_is_never_fooled", skipped::is_never_fooled),
        case("skipping_saves_the_usual_documents", skipped::saves_the_usual_documents),
        case("yaml_rust2_reads_the_same_data", second::reads_the_same_data),
        case("what_yaml_rust2_writes_is_read_back", second::what_it_writes_is_read_back),
        case("nothing_panics", second::nothing_panics),
        judged("go_reads_seeds_and_charts_alike", go::reads_seeds_and_charts_alike),
        judged("go_reads_mutants_alike", go::reads_mutants_alike),
        judged("go_reads_words_alike", go::reads_words_alike),
        judged("go_reads_brackets_alike", go::reads_brackets_alike),
        judged("go_resolves_scalars_alike", go::resolves_scalars_alike),
        judged("go_readers_cut_streams_alike", go::readers_cut_streams_alike),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}
