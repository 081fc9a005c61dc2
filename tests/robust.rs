//! What happens when something goes wrong around the process: a clear error or a clean end, stdout empty on failure,
//! never half a file, never another exit code than 0, 1 and 2.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const HARDTACK: &str = env!("CARGO_BIN_EXE_hardtack");

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
";

struct Ran {
    code: i32,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ran {
    /// Failed with exit code 2, wrote nothing, and said this.
    #[track_caller]
    fn failed_saying(&self, words: &[&str]) {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert!(self.stdout.is_empty(), "{} bytes on stdout", self.stdout.len());
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in: {}", self.stderr);
        }
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(HARDTACK);
    command.args(arguments).current_dir(folder).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("hardtack starts")
}

/// Runs to the end; what cannot be written because the process ended is dropped.
fn end(mut child: Child, feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send) -> Ran {
    let mut stdin = child.stdin.take();
    thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(stdin) = &mut stdin {
                let _ = feed(stdin);
            }
        });
        let output = child.wait_with_output().expect("hardtack ends");
        let code = output.status.code().expect("no signal ended it");
        Ran { code, stdout: output.stdout, stderr: String::from_utf8_lossy(&output.stderr).into_owned() }
    })
}

fn run(arguments: &[&str], input: &[u8]) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    end(start(folder.path(), arguments), |stdin| stdin.write_all(input))
}

/// Runs hardtack as a shell's last act, after `before`, with `after` behind its arguments.
fn run_in_shell(folder: &Path, before: &str, arguments: &str, after: &str) -> Ran {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before}; exec '{HARDTACK}' {arguments} {after}")).current_dir(folder);
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    end(command.spawn().expect("sh starts"), |stdin| stdin.write_all(DEPLOYMENT.as_bytes()))
}

fn deployments(count: usize) -> String {
    (0..count)
        .map(|number| format!("---\n{}", DEPLOYMENT.replace("name: web", &format!("name: w{number}"))))
        .collect()
}

/// Everything below a folder, hidden files too.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut all: Vec<PathBuf> = entries.collect();
    all.sort();
    all
}

#[test]
fn a_reader_that_goes_away_ends_it_without_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = start(folder.path(), &["-q"]);
    let mut stdout = child.stdout.take().expect("a pipe");
    let reader = thread::spawn(move || {
        let mut first = [0; 10];
        stdout.read_exact(&mut first).map(|()| first)
    });
    let ran = end(child, |stdin| stdin.write_all(deployments(4_000).as_bytes()));
    assert_eq!(&reader.join().expect("it ends").expect("ten bytes"), b"---\napiVer");
    assert_eq!((ran.code, ran.stderr.as_str()), (2, ""));
}

#[test]
fn a_full_disk_on_stdout_is_an_error_that_says_so() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run_in_shell(folder.path(), ":", "-q", "> /dev/full");
    ran.failed_saying(&["cannot write standard output", "do not apply"]);
}

#[test]
fn a_full_disk_on_o_leaves_neither_the_file_nor_a_temporary_one() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("small.yaml"), DEPLOYMENT).expect("written");
    fs::write(folder.path().join("large.yaml"), deployments(100)).expect("written");
    let full = "trap '' XFSZ; ulimit -f 8";
    let ran = run_in_shell(folder.path(), full, "harden -q -o out small.yaml large.yaml", "");
    ran.failed_saying(&["cannot write out/large.yaml", "too large"]);
    assert_eq!(files(&folder.path().join("out")), Vec::<PathBuf>::new());

    let before = fs::read_to_string(folder.path().join("large.yaml")).expect("there");
    let ran = run_in_shell(folder.path(), full, "harden -q --in-place small.yaml large.yaml", "");
    ran.failed_saying(&["cannot write large.yaml"]);
    assert_eq!(fs::read_to_string(folder.path().join("large.yaml")).expect("there"), before);
    assert_eq!(fs::read_to_string(folder.path().join("small.yaml")).expect("there"), DEPLOYMENT);
    assert_eq!(files(folder.path()).len(), 3, "{:?}", files(folder.path()));
}

#[test]
fn killed_at_any_moment_it_leaves_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("release.yaml");
    let old = deployments(300);
    fs::write(&target, &old).expect("written");
    let whole = run(&["-q"], old.as_bytes());
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let arguments = ["harden", "-q", "--in-place", "release.yaml"];
    let started = Instant::now();
    assert_eq!(end(start(folder.path(), &arguments), |_| Ok(())).code, 0);
    let usual = started.elapsed();
    assert_eq!(fs::read(&target).expect("there"), whole.stdout);
    for part in 0..24 {
        fs::write(&target, &old).expect("written");
        let mut child = start(folder.path(), &arguments);
        // From the first moment to well after the usual end: the later half is where it writes.
        thread::sleep(usual * part / 20);
        child.kill().expect("killed");
        child.wait().expect("ended");
        let left = fs::read(&target).expect("there");
        assert!(left == old.as_bytes() || left == whole.stdout, "half a file after {part} parts of the time");
    }
    fs::write(&target, &old).expect("written");
    let ran = end(start(folder.path(), &arguments), |_| Ok(()));
    assert_eq!(ran.code, 0, "what a killed run left is in the way: {}", ran.stderr);
    assert_eq!(fs::read(&target).expect("there"), whole.stdout);
}

#[test]
fn policies_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.yaml");
    let shown = path.display().to_string();
    run(&["-p", &shown], DEPLOYMENT.as_bytes()).failed_saying(&["cannot read the policy", &shown]);
    fs::create_dir(&path).expect("a folder");
    run(&["-p", &shown], DEPLOYMENT.as_bytes()).failed_saying(&["cannot read the policy", &shown]);
    fs::remove_dir(&path).expect("empty");
    fs::write(&path, [b'a', b':', b' ', 0xff]).expect("written");
    run(&["-p", &shown], DEPLOYMENT.as_bytes()).failed_saying(&[&shown, "UTF-8"]);
    run(&["-p", "/dev/zero"], DEPLOYMENT.as_bytes()).failed_saying(&["/dev/zero", "larger than"]);
    fs::write(&path, "kind: Policy\n").expect("written");
    let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o000);
    fs::set_permissions(&path, mode).expect("set");
    // Root may read everything.
    if fs::read(&path).is_err() {
        run(&["-p", &shown], DEPLOYMENT.as_bytes()).failed_saying(&["cannot read the policy", &shown]);
    }
}

#[test]
fn a_gigabyte_of_brackets_is_refused_soon() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("sh");
    // Twice the input and no more: nothing may be built per bracket.
    command.arg("-c").arg(format!("ulimit -v 2200000; exec '{HARDTACK}'")).current_dir(folder.path());
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let ran = end(command.spawn().expect("sh starts"), |stdin| {
        let piece = vec![b'['; 1 << 20];
        (0..1000).try_for_each(|_| stdin.write_all(&piece))
    });
    ran.failed_saying(&["nested more than", "line 1", "help:"]);
    assert!(ran.stderr.len() < 1000, "{} bytes of words", ran.stderr.len());
    assert!(started.elapsed() < Duration::from_secs(300), "{:?}", started.elapsed());
}

#[test]
fn an_endless_input_is_closed_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = start(folder.path(), &["--max-input", "3M"]);
    let ran = end(child, |stdin| {
        loop {
            stdin.write_all(b"a: 1\n")?;
        }
    });
    ran.failed_saying(&["standard input is larger than 3145728 bytes", "--max-input"]);
}

#[test]
fn bytes_that_are_no_text_are_refused_by_position() {
    run(&[], b"a: 1\nb: \xff\n").failed_saying(&["byte 8", "line 2", "UTF-8"]);
    run(&[], b"\x89PNG\r\n\x1a\n").failed_saying(&["byte 0", "line 1"]);
    run(&[], b"\xff\xfea\0:\0").failed_saying(&["byte 0"]);
}

#[test]
fn nothing_on_stdin_is_an_error_and_not_an_empty_release() {
    run(&[], b"").failed_saying(&["empty"]);
    run(&[], b" \n\n").failed_saying(&["empty"]);
    let folder = tempfile::tempdir().expect("a folder");
    run_in_shell(folder.path(), ":", "", "<&-").failed_saying(&["empty"]);
    run_in_shell(folder.path(), ":", "", "< .").failed_saying(&["cannot read standard input"]);
}

#[test]
fn without_stdout_or_stderr_it_ends_cleanly() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = run(&["-e", "production"], DEPLOYMENT.as_bytes());
    assert!(!whole.stderr.is_empty());
    let ran = run_in_shell(folder.path(), ":", "-e production", "2>&-");
    assert_eq!((ran.code, ran.stdout), (0, whole.stdout));
    let ran = run_in_shell(folder.path(), ":", "", "2> /dev/full");
    assert_eq!(ran.code, 0);
    let ran = run_in_shell(folder.path(), ":", "-q", ">&-");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn depth_and_aliases_have_limits() {
    for deep in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "{a: ".repeat(100_000),
        (0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        "? ".repeat(100_000),
        "a: ".to_owned() + &"!!x ".repeat(100_000),
    ] {
        run(&[], deep.as_bytes()).failed_saying(&["error:", "line ", "help:"]);
    }
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", ")));
    }
    run(&[], bomb.as_bytes()).failed_saying(&["alias"]);
    run(&[], b"a: &a [*a]\n").failed_saying(&["line 1"]);
}
