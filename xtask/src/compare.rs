//! `cargo xtask compare CORPUS`: hardtack beside other tools in one interleaved run, as ratios of the CPU time of whole processes.

mod secrets;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wait4::Wait4;

use crate::run::{run, say};
use crate::stamp;
use crate::test::cargo;

const TRIPLE: &str = "x86_64-unknown-linux-gnu";
/// The charts of the goals, by the name of their file.
const CHARTS: [&str; 3] = ["bitnami-mysql", "bitnami-airflow", "bitnami-flux"];
/// How large the corpus is made to see whether time grows with it: how often it is repeated.
const REPEATS: [usize; 4] = [1, 3, 7, 13];
const MIB: f64 = 1024.0 * 1024.0;

/// A program and how it takes its input.
#[derive(Clone)]
struct Peer {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    input: By,
}

impl Peer {
    fn new(name: &'static str, program: PathBuf, arguments: &[&str], input: By) -> Self {
        Self { name, program, arguments: arguments.iter().map(|word| (*word).to_owned()).collect(), input }
    }
}

/// How a program takes its input.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Stdin,
    /// As the only resource of the kustomization it is started in.
    Folder,
}

/// What one process used.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    cpu: Duration,
    /// Bytes.
    memory: f64,
    /// 0 and 1 count as an answer: 1 is a finding.
    answered: bool,
}

/// Builds the static binary and prints all tables.
pub fn compare(root: &Path, args: &[String]) -> Result<()> {
    let corpus =
        Path::new(args.first().context("name the folder of rendered charts: cargo xtask compare FOLDER")?);
    let hardtack = build(root)?;
    let work = root.join("target/compare");
    fs::create_dir_all(&work)?;
    let joined = join(corpus)?;
    let joined_file = work.join("joined.yaml");
    fs::write(&joined_file, &joined)?;
    let mut inputs: Vec<PathBuf> =
        CHARTS.iter().map(|chart| corpus.join(chart).with_extension("yaml")).collect();
    inputs.push(joined_file);
    peers_table(&peers(root, &hardtack), &inputs, &work)?;
    secrets::scanning_table(&hardtack, &inputs, &work)?;
    secrets::sealing_table(root, &hardtack, &work)?;
    growth_table(&hardtack, &joined, &work)?;
    let size = fs::metadata(&hardtack)?.len() as f64;
    say(format_args!("binary: {:.1} MB (goal: at most 15)", size / 1e6))
}

fn build(root: &Path) -> Result<PathBuf> {
    let mut command = cargo(root);
    command.args(["build", "--release", "--bin", "hardtack", "--target", TRIPLE]);
    run(command.env("RUSTFLAGS", crate::package::STATIC))?;
    Ok(root.join("target").join(TRIPLE).join("release/hardtack"))
}

/// All files of a folder as one stream.
fn join(folder: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    let mut joined = String::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        if !text.starts_with("---") {
            joined.push_str("---\n");
        }
        joined.push_str(&text);
        if !joined.ends_with('\n') {
            joined.push('\n');
        }
    }
    ensure!(!joined.is_empty(), "no *.yaml in {}", folder.display());
    Ok(joined)
}

fn peers(root: &Path, hardtack: &Path) -> Vec<Peer> {
    let tool = |name: &str| stamp::bin(root).join(name);
    let peer = Peer::new;
    vec![
        peer("hardtack", hardtack.to_owned(), &["-e", "production"], By::Stdin),
        // The gate refuses many a chart, and what is refused is not written.
        peer("and written", hardtack.to_owned(), &["-e", "production", "--gate", "never"], By::Stdin),
        peer("true", "true".into(), &[], By::Stdin),
        peer("cat", "cat".into(), &[], By::Stdin),
        peer("yq .", tool("yq"), &["."], By::Stdin),
        peer("kustomize build", tool("kustomize"), &["build", "."], By::Folder),
        peer("kube-score", tool("kube-score"), &["score", "-"], By::Stdin),
    ]
}

/// For each input hardtack's time as a part of each other's, medians of an interleaved run.
fn peers_table(peers: &[Peer], inputs: &[PathBuf], work: &Path) -> Result<()> {
    for input in inputs {
        let size = fs::metadata(input)?.len();
        let folder = kustomization(input, work)?;
        let rounds = if size > 1 << 20 { 5 } else { 21 };
        let used = interleaved(peers, input, &folder, rounds)?;
        let name = input.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        say(format_args!("{name}, {} kB", size / 1000))?;
        let own = median(&used[0]).max(median(&used[1]));
        let mut fastest = f64::INFINITY;
        for (peer, used) in peers.iter().zip(&used) {
            let time = median(used);
            let (answered, real) =
                (used.iter().all(|one| one.answered), !matches!(peer.name, "true" | "cat"));
            let note = if answered { "" } else { " (it fails on this input)" };
            if answered && real && !std::ptr::eq(peer, &peers[0]) && !std::ptr::eq(peer, &peers[1]) {
                fastest = fastest.min(time);
            }
            say(format_args!("  hardtack ÷ {:<16} {:>8.3}{note}", peer.name, own / time))?;
        }
        say(format_args!("  hardtack ÷ {:<16} {:>8.3}", "fastest peer", own / fastest))?;
        say(format_args!("  hardtack ÷ {:<16} {:>8.3}", "2 ms", own / 0.002))?;
    }
    Ok(())
}

/// A folder whose only resource is the input.
fn kustomization(input: &Path, work: &Path) -> Result<PathBuf> {
    let folder = work.join("kustomization");
    fs::create_dir_all(&folder)?;
    fs::copy(input, folder.join("input.yaml"))?;
    fs::write(folder.join("kustomization.yaml"), "resources: [input.yaml]\n")?;
    Ok(folder)
}

/// All programs in turn, so many times: what else the machine does meets all of them.
fn interleaved(peers: &[Peer], input: &Path, folder: &Path, rounds: usize) -> Result<Vec<Vec<Used>>> {
    let mut used: Vec<Vec<Used>> = vec![Vec::new(); peers.len()];
    for _ in 0..rounds {
        for (peer, used) in peers.iter().zip(&mut used) {
            used.push(measure(peer, input, folder)?);
        }
    }
    Ok(used)
}

fn measure(peer: &Peer, input: &Path, folder: &Path) -> Result<Used> {
    let mut command = Command::new(&peer.program);
    command.args(&peer.arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("HARDTACK_NO_DISCOVERY", "1");
    match peer.input {
        By::Stdin => command.stdin(File::open(input)?),
        By::Folder => command.stdin(Stdio::null()),
    };
    let child = command.spawn();
    let mut child = child.with_context(|| format!("{} (cargo xtask tools)", peer.program.display()))?;
    let ended = child.wait4()?;
    Ok(Used {
        cpu: ended.rusage.utime + ended.rusage.stime,
        memory: ended.rusage.maxrss as f64,
        answered: matches!(ended.status.code(), Some(0 | 1)),
    })
}

/// In seconds.
fn median(used: &[Used]) -> f64 {
    let mut times: Vec<f64> = used.iter().map(|used| used.cpu.as_secs_f64()).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Time and memory as the input grows.
fn growth_table(hardtack: &Path, joined: &str, work: &Path) -> Result<()> {
    let arguments = ["-e", "production", "--gate", "never", "-q"];
    let peer = Peer::new("hardtack", hardtack.to_owned(), &arguments, By::Stdin);
    let file = work.join("repeated.yaml");
    let mut first = None;
    for repeats in REPEATS {
        fs::write(&file, joined.repeat(repeats))?;
        let size = (joined.len() * repeats) as f64;
        let used: Vec<Used> = (0..3).map(|_| measure(&peer, &file, work)).collect::<Result<_>>()?;
        let memory = used.iter().map(|used| used.memory).fold(0.0, f64::max);
        let per_byte = median(&used) / size;
        let first = *first.get_or_insert(per_byte);
        say(format_args!(
            "{:>5.1} MB: {:.2} times the time per byte of the first, {:.2} times the input as memory ({:.2} after 16 MiB)",
            size / 1e6,
            per_byte / first,
            memory / size,
            (memory - 16.0 * MIB) / size,
        ))?;
    }
    Ok(fs::remove_file(&file)?)
}
