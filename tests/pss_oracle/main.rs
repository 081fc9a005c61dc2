//! Pod Security verdicts are Kubernetes' own: each pod, level and version, check id by check id.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says what it saw"
)]

mod bends;
mod compare;
mod dice;
mod fixtures;
mod holes;
mod object;
mod random;
#[path = "../support/mod.rs"]
mod support;

use hardtack::pss::{self, Level, Versions};
use hardtack::yaml::stream::{ParseOptions, parse};
use libtest_mimic::{Arguments, Failed};

use compare::{Case, Tally, all_versions, changes};
use dice::Dice;
use support::corpus;
use support::oracle::{Oracle, Question};
use support::tools::{find, trial, unless};

fn main() {
    let no_fixtures = find("oracle").err().or_else(|| fixtures::folder().err());
    let mut tests = vec![
        trial("the_newest_version_is_the_librarys", &["oracle"], the_newest_version),
        trial("bent_once_at_every_version", &["oracle"], bent_once_at_every_version),
        trial("bent_twice_and_thrice", &["oracle"], bent_twice_and_thrice),
        trial("what_fixtures_leave_out", &["oracle"], what_fixtures_leave_out),
        trial("values_of_the_wrong_type_never_pass", &["oracle"], values_of_the_wrong_type_never_pass),
        trial("unknown_volume_sources_are_refused_on_purpose", &["oracle"], unknown_volume_sources),
        unless(no_fixtures, "fixtures_of_kubernetes", fixtures_of_kubernetes),
        corpus::trial("workloads_of_real_charts", &["oracle"], workloads_of_real_charts),
    ];
    for seed in 1..=4 {
        tests.push(trial(format!("random_pods_{seed}"), &["oracle"], move || random_pods(seed)));
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn the_newest_version() -> Result<(), Failed> {
    let pod = object::wrapped("Pod", &object::good_pod());
    let theirs = Oracle::start().verdicts(&[Question::pod(pod, &[])]).remove(0)?;
    let mut ours: Vec<String> = all_versions().iter().map(|minor| format!("1.{minor}")).collect();
    ours.sort();
    assert_eq!(theirs.keys().collect::<Vec<_>>(), ours.iter().collect::<Vec<_>>());
    Ok(())
}

fn bent_once_at_every_version() -> Result<(), Failed> {
    let mut tally = Tally::default();
    tally.compare(&mut Oracle::start(), &bends::singles(), &all_versions());
    tally.verdict("one bend")?;
    tally.expect_every_check()
}

fn bent_twice_and_thrice() -> Result<(), Failed> {
    let mut tally = Tally::default();
    tally.compare(&mut Oracle::start(), &bends::several(&mut Dice::new(3), 1_500), &all_versions());
    tally.verdict("two and three bends")?;
    tally.expect_every_check()
}

fn what_fixtures_leave_out() -> Result<(), Failed> {
    let mut tally = Tally::default();
    tally.compare(&mut Oracle::start(), &holes::cases(), &all_versions());
    tally.verdict("by hand")?;
    if tally.undecodable == 0 {
        Ok(())
    } else {
        Err("a case is not decodable, so it compares nothing".into())
    }
}

fn values_of_the_wrong_type_never_pass() -> Result<(), Failed> {
    let mut tally = Tally::default();
    let case = |field: &&str| Case {
        name: (*field).to_owned(),
        text: format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  hostUsers: false\n  os: {{name: windows}}\n  {field}\n"
        ),
    };
    let cases: Vec<Case> = holes::WRONG_TYPES.iter().map(case).collect();
    tally.compare(&mut Oracle::start(), &cases, &all_versions());
    tally.verdict("wrong types")?;
    if tally.undecodable == cases.len() { Ok(()) } else { Err("Kubernetes decodes one of them".into()) }
}

/// Kubernetes drops keys that it does not know and makes the volume an emptyDir; hardtack refuses what it cannot judge.
fn unknown_volume_sources() -> Result<(), Failed> {
    let text = "apiVersion: v1\nkind: Pod\nspec: {hostUsers: false, volumes: [{name: a, notYetKnown: {}}]}\n";
    let theirs = Oracle::start().verdicts(&[Question::pod(text, &["1.37"])]).remove(0)?;
    assert!(theirs["1.37"].restricted.is_empty(), "{theirs:?}");
    let stream = parse(text.to_owned(), ParseOptions::default())?;
    let pod = compare::pod(&stream).ok_or("no pod")?;
    let ours = pss::strictest(&pod, Level::Restricted, Versions::UNNAMED);
    assert_eq!(ours.iter().map(|it| it.rule).collect::<Vec<_>>(), ["volume-type-restricted"]);
    Ok(())
}

fn random_pods(seed: u64) -> Result<(), Failed> {
    let mut tally = Tally::default();
    let mut oracle = Oracle::start();
    let mut dice = Dice::new(seed);
    for _ in 0..4 {
        tally.compare(&mut oracle, &random::pods(&mut dice, 1_250), &changes());
    }
    tally.verdict("random pods")?;
    tally.expect_every_check()?;
    if tally.undecodable > 0 {
        Ok(())
    } else {
        Err("every pod is decodable, so wrong types were not tried".into())
    }
}

fn fixtures_of_kubernetes() -> Result<(), Failed> {
    let all = fixtures::all(&fixtures::folder()?);
    let wrong: Vec<String> = all.iter().filter_map(fixtures::Fixture::difference).collect();
    println!("fixtures: {} files, {} judged otherwise than their folder says", all.len(), wrong.len());
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    assert!(all.len() >= 4_537, "{} fixtures", all.len());
    let mut cases: Vec<Case> = all.into_iter().map(|it| it.case).collect();
    cases.sort_by(|one, other| one.text.cmp(&other.text));
    cases.dedup_by(|one, other| one.text == other.text);
    let mut tally = Tally::default();
    tally.compare(&mut Oracle::start(), &cases, &all_versions());
    tally.verdict("fixtures, each text once, at every version")
}

fn workloads_of_real_charts() -> Result<(), Failed> {
    let mut cases = Vec::new();
    for (chart, bytes) in corpus::charts() {
        let stream = parse(String::from_utf8(bytes)?, ParseOptions::default())?;
        for document in &stream.documents {
            let Some(root) = stream.root(document) else { continue };
            if object::template(root).is_some() {
                let name =
                    root.path("metadata.name").and_then(|it| it.as_str()).unwrap_or_default().into_owned();
                cases.push(Case { name: format!("{chart}: {name}"), text: stream.body(document).to_owned() });
            }
        }
    }
    let mut tally = Tally::default();
    tally.compare(&mut Oracle::start(), &cases, &all_versions());
    tally.verdict("workloads of charts")?;
    if tally.cases > 0 && tally.undecodable == 0 {
        Ok(())
    } else {
        Err("nothing compared, or not decodable".into())
    }
}
