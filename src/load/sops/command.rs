//! A program that prints a key, run without a shell.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// More than any file of keys.
const MOST: u64 = 1 << 20;

/// What a command prints. It is split into words as a shell would, and run as it is: no shell, no input. What it says on
/// stderr is not shown: it may be a secret.
///
/// # Errors
/// Why there is nothing, without any of the program's words.
pub fn output(
    command: &str,
    variable: (&str, &str),
    timeout: Duration,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or("is no command: a quote is not closed, or there is nothing")?;
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .env(variable.0, variable.1)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let stdout = child.stdout.take();
    let (sender, receiver) = std::sync::mpsc::channel();
    // Left behind when the program hangs with its output open.
    std::thread::spawn(move || {
        let mut printed = Zeroizing::new(Vec::new());
        let read = stdout.map(|stdout| stdout.take(MOST).read_to_end(&mut printed));
        let _ = sender.send(read.is_some_and(|read| read.is_ok()).then_some(printed));
    });
    let deadline = Instant::now() + timeout;
    let printed = receiver.recv_timeout(timeout);
    let ended = wait(&mut child, deadline);
    match (ended, printed) {
        (Some(true), Ok(Some(printed))) => Ok(printed),
        (Some(false), _) => Err("failed".to_owned()),
        (None, _) | (_, Err(_)) => Err(format!("did not end within {} seconds", timeout.as_secs())),
        (Some(true), Ok(None)) => Err("printed nothing that could be read".to_owned()),
    }
}

/// Whether it succeeded; `None` when it had to be killed.
fn wait(child: &mut Child, deadline: Instant) -> Option<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn run(command: &str, seconds: u64) -> Result<String, String> {
        let printed = output(command, ("SOPS_AGE_RECIPIENT", "age1x"), Duration::from_secs(seconds));
        printed.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn words_are_split_and_no_shell_reads_them() {
        assert_eq!(run("printf '%s|' 'a b' $HOME", 20), Ok("a b|$HOME|".to_owned()));
        assert_eq!(run("sh -c 'echo $SOPS_AGE_RECIPIENT'", 20), Ok("age1x\n".to_owned()));
    }

    #[test]
    fn failures_and_sleepers_end() {
        assert_eq!(run("false", 20), Err("failed".to_owned()));
        assert_eq!(run("sleep 60", 1), Err("did not end within 1 seconds".to_owned()));
        assert!(run("/no/such/program", 5).unwrap_err().starts_with("cannot be started"));
        assert!(run("'open", 5).is_err());
    }
}
