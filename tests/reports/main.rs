//! Reports for CI, as their readers read them: the SARIF schema, an XML parser, a Markdown parser, GitHub and GitLab.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod baseline;
mod difference;
mod formats;
mod identity;
mod run;
mod sarif;

use libtest_mimic::{Arguments, Trial};
use support::tools;

fn main() {
    let mut tests = vec![
        tools::trial("sarif_is_valid", &[sarif::SCHEMA], sarif::is_valid),
        Trial::test("sarif_fixes_mend_what_they_say", sarif::fixes_mend_what_they_say),
        Trial::test("sarif_points_at_the_chart", sarif::points_at_the_chart),
    ];
    tests.extend(formats::trials());
    tests.extend(identity::trials());
    tests.extend(baseline::trials());
    tests.extend(difference::trials());
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}
