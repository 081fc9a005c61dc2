//! `cargo xtask mutants`: breaks the code in the ways cargo-mutants lists, and tells what no test notices.
//!
//! A build for each mutant would take a day. Here all of them are compiled at once, each behind a switch that a file
//! turns on, and the test programs run once for each. What cannot stand behind a switch has a build of its own.

mod build;
mod forms;
mod judge;
mod list;
mod switch;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use build::Tree;
use judge::{Judge, Outcome};
use list::Mutant;

use crate::run::say;

/// What stands in for the file that tells the mutants apart.
const SWITCHES: &str = include_str!("mutant.rs.in");

/// The rules of the Pod Security Standards, baseline and restricted, and what only they use.
const POD_SECURITY: &[&str] = &[
    "src/pss/**",
    "src/rules/host_{network,pid,ipc,path_volume,port,process_container}.rs",
    "src/rules/{privileged_container,dangerous_capability,capability_not_in_*,capabilities_not_dropped}.rs",
    "src/rules/{net_raw_not_dropped,probe_host,apparmor_not_enforced,selinux_options_custom}.rs",
    "src/rules/{proc_mount_unmasked,seccomp_*,unsafe_sysctl,privilege_escalation,run_as_root}.rs",
    "src/rules/{explicit_root_user,volume_type_restricted,needs_root,node_agent,stated}.rs",
];

/// Test targets that take seconds and need no other program, beside the library's own tests.
const TESTS: &[&str] = &[
    "rules",
    "policy",
    "policies",
    "schemas",
    "rego",
    "reports",
    "yaml_read",
    "yaml_accepted",
    "yaml_refused",
    "yaml_edit",
    "cli",
    "convert",
    "secrets",
    "canary",
    "checklist",
    "exemptions",
    "second_run",
    "sops",
    "rotation",
    "stores",
];
/// Those that judge Pod Security.
const POD_SECURITY_TESTS: &[&str] = &["rules"];

/// Runs what the arguments name: nothing for both areas, `pod-security`, or `elsewhere [NUMBER [SEED]]`; `apart` adds
/// the mutants that need a build of their own.
pub fn run(root: &Path, args: &[String]) -> Result<()> {
    let apart = args.iter().any(|arg| arg == "apart");
    let args: Vec<&str> = args.iter().map(String::as_str).filter(|arg| *arg != "apart").collect();
    let number = |place: usize, default: u64| match args.get(place) {
        Some(text) => text.parse().with_context(|| format!("{text} is no number")),
        None => Ok(default),
    };
    let area = args.first().copied();
    if !matches!(area, None | Some("pod-security" | "elsewhere")) {
        bail!("{}: there are pod-security and elsewhere", area.unwrap_or_default());
    }
    list::install(root)?;
    if area != Some("elsewhere") {
        let tree = Tree::new(root)?;
        let mutants = list::list(root, tree.folder(), POD_SECURITY)?;
        let outcomes = judge(&tree, &mutants, POD_SECURITY_TESTS, apart)?;
        report(root, "pod-security", &mutants, &outcomes)?;
    }
    if area != Some("pod-security") {
        let tree = Tree::new(root)?;
        let pod_security = list::list(root, tree.folder(), POD_SECURITY)?;
        let mut rest = list::list(root, tree.folder(), &["src/**"])?;
        rest.retain(|it| pod_security.iter().all(|other| other.name != it.name));
        let mutants = sample(rest, usize::try_from(number(1, 300)?)?, number(2, 34)?);
        let outcomes = judge(&tree, &mutants, TESTS, apart)?;
        report(root, "elsewhere", &mutants, &outcomes)?;
    }
    Ok(())
}

/// So many of them, the same in every run with one seed.
fn sample(mut mutants: Vec<Mutant>, count: usize, seed: u64) -> Vec<Mutant> {
    let mut state = seed;
    let mut chosen = Vec::new();
    while chosen.len() < count && !mutants.is_empty() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let place = (mixed ^ (mixed >> 31)) % mutants.len() as u64;
        chosen.push(mutants.swap_remove(usize::try_from(place).unwrap_or_default()));
    }
    chosen.sort_by(|one, other| one.name.cmp(&other.name));
    chosen
}

fn judge(copy: &Tree, mutants: &[Mutant], tests: &[&str], apart: bool) -> Result<Vec<Option<Outcome>>> {
    let start = Instant::now();
    say(format_args!("{} mutants, compiled together", mutants.len()))?;
    let (without, unviable) = copy.switch(mutants, SWITCHES)?;
    let programs = copy.programs(tests)?.context("the tests do not compile")?;
    say(format_args!("built in {} s; {} have no switch", start.elapsed().as_secs(), without.len()))?;
    let judge = Judge::new(programs, copy.folder())?;
    let mut outcomes: Vec<Option<Outcome>> = vec![None; mutants.len()];
    for (number, mutant) in mutants.iter().enumerate().filter(|(number, _)| !without.contains(number)) {
        if unviable.contains(&number) {
            outcomes[number] = Some(Outcome::Unviable);
            continue;
        }
        let outcome = judge.switched(number)?;
        if matches!(outcome, Outcome::Missed | Outcome::NotReached) {
            say(format_args!("{number:>5} {outcome:?} {}", mutant.name))?;
        }
        outcomes[number] = Some(outcome);
    }
    if !apart {
        return Ok(outcomes);
    }
    for mutant in mutants {
        copy.write(&mutant.file, copy.original(&mutant.file)?)?;
    }
    for number in without {
        let mutant = &mutants[number];
        copy.write(&mutant.file, &switch::replaced(copy.original(&mutant.file)?, mutant))?;
        let outcome = match copy.programs(tests)? {
            Some(programs) => judge.built(&programs)?,
            None => Outcome::Unviable,
        };
        say(format_args!("{number:>5} {outcome:?} {}", mutant.name))?;
        outcomes[number] = Some(outcome);
        copy.write(&mutant.file, copy.original(&mutant.file)?)?;
    }
    Ok(outcomes)
}

fn report(root: &Path, area: &str, mutants: &[Mutant], outcomes: &[Option<Outcome>]) -> Result<()> {
    let mut text = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (mutant, outcome) in mutants.iter().zip(outcomes) {
        let word = match outcome {
            Some(Outcome::Caught(_)) => "caught",
            Some(Outcome::Hung(_)) => "caught by hanging",
            Some(Outcome::Missed) => "missed",
            Some(Outcome::NotReached) => "missed, not reached",
            Some(Outcome::Unviable) => "no mutant: does not compile",
            None => "not run: no switch",
        };
        *counts.entry(word).or_default() += 1;
        writeln!(text, "{word}\t{}", mutant.name)?;
    }
    let path = root.join(format!("target/mutants/{area}.tsv"));
    fs::write(&path, text)?;
    for (word, count) in &counts {
        say(format_args!("{count:>5} {word}"))?;
    }
    let of = |words: &[&str]| words.iter().filter_map(|word| counts.get(word)).sum::<usize>();
    let caught = of(&["caught", "caught by hanging"]);
    let judged = caught + of(&["missed", "missed, not reached"]);
    say(format_args!("{area}: {caught} of {judged} caught; each of them stands in {}", path.display()))
}
