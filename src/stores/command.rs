//! Commands that print a secret: no shell, nothing of our environment but what is allowed, a time and a size that end them.

use std::io::{ErrorKind, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::LARGEST;
use crate::policy::matcher::glob;
use crate::resolve::Failure;
use crate::secrets::Plain;

/// What every command may see.
const PASSED: &[&str] =
    &["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_*", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/// How often a command that has closed its output is looked at.
const PAUSE: Duration = Duration::from_millis(5);

/// What a command prints, without its last line end. What it says on stderr is thrown away: it may hold what it was asked for.
///
/// # Errors
/// It cannot be started, fails, takes longer than `time` or prints more than a Secret may hold.
pub fn run(words: &[String], pass: &[String], time: Duration) -> Result<Plain, Failure> {
    let (program, arguments) =
        words.split_first().ok_or_else(|| Failure::new("no command is named", "name a program"))?;
    let end = Instant::now() + time;
    let mut child = command(program, arguments, pass).spawn().map_err(|error| {
        let why = if error.kind() == ErrorKind::NotFound {
            "no such program".to_owned()
        } else {
            error.to_string()
        };
        Failure::new(
            format!("cannot start {program}: {why}"),
            "install it, or name it with its path in the policy",
        )
    })?;
    let printed = printed(&mut child, end);
    let code = match &printed {
        Ok(_) => ended(&mut child, end),
        Err(_) => None,
    };
    if code.is_none() {
        stop(&mut child);
    }
    let printed = printed.map_err(|what| Failure::new(format!("{program} {what}"), HELP))?;
    match code {
        Some(0) => Ok(printed),
        Some(code) => {
            let what = format!(
                "{program} ended with exit code {code}; what it said is not shown, as it may hold secrets"
            );
            Err(Failure::new(what, "run it by hand to see why"))
        }
        None => Err(Failure::new(format!("{program} {SLOW}"), HELP)),
    }
}

const SLOW: &str = "took too long and was ended";
const HELP: &str = "run it by hand to see why; secrets.resolve.timeout is how long it may take";

fn command(program: &str, arguments: &[String], pass: &[String]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let allowed = |name: &str| PASSED.iter().any(|it| glob(it, name)) || pass.iter().any(|it| glob(it, name));
    command.envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(allowed)));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// All that it prints before the end.
fn printed(child: &mut Child, end: Instant) -> Result<Plain, String> {
    let Some(mut stdout) = child.stdout.take() else { return Err("has no output".to_owned()) };
    let (sender, receiver) = mpsc::channel();
    // A program of its own may keep the pipe open for ever: nobody waits for this thread then.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.by_ref().take(LARGEST + 1).read_to_end(&mut bytes);
        let _ = sender.send(read.map(|_| Plain::new(bytes)));
    });
    match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
        Ok(Ok(plain)) if plain.expose().len() as u64 > LARGEST => {
            Err(format!("prints more than {LARGEST} bytes"))
        }
        Ok(Ok(plain)) => Ok(without_line_end(plain)),
        Ok(Err(_)) => Err("cannot be read from".to_owned()),
        Err(_) => Err(SLOW.to_owned()),
    }
}

fn without_line_end(plain: Plain) -> Plain {
    let bytes = plain.expose();
    let shorter = bytes.strip_suffix(b"\r\n").or_else(|| bytes.strip_suffix(b"\n"));
    shorter.map(|shorter| Plain::new(shorter.to_vec())).unwrap_or(plain)
}

/// Its exit code, or that of a shell for a signal; `None` when it is still running at the end.
fn ended(child: &mut Child, end: Instant) -> Option<i32> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.code().unwrap_or(128)),
            Ok(None) if Instant::now() < end => std::thread::sleep(PAUSE),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Ends it and the programs it started.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn sh(script: &str, time: u64) -> Result<Plain, Failure> {
        run(&["/bin/sh", "-c", script].map(str::to_owned), &[], Duration::from_millis(time))
    }

    #[test]
    fn what_is_printed_is_the_value() {
        assert_eq!(sh("printf 'a\\n\\n'", 5000).unwrap().expose(), b"a\n");
        assert_eq!(sh("printf 'a\\r\\n'", 5000).unwrap().expose(), b"a");
        // What it prints ends before it does.
        assert_eq!(sh("echo a; exec >&-; sleep 0.3", 20_000).unwrap().expose(), b"a");
        assert_eq!(sh("true", 5000).unwrap().expose(), b"");
    }

    #[test]
    fn what_fails_says_nothing_of_what_it_said() {
        let failure = sh("echo canary; echo canary >&2; exit 3", 5000).unwrap_err();
        assert!(failure.what.contains("exit code 3") && !failure.what.contains("canary"), "{failure:?}");
        assert!(
            run(&["/nowhere/at-all".to_owned()], &[], PAUSE).unwrap_err().what.contains("no such program")
        );
    }

    #[test]
    fn what_takes_too_long_or_prints_too_much_is_ended() {
        let begin = Instant::now();
        // The child of the shell holds the pipe.
        for script in ["sleep 30 & sleep 30", "exec >&-; sleep 30", "echo a; sleep 30"] {
            assert!(sh(script, 200).unwrap_err().what.contains("took too long"), "{script}");
        }
        assert!(sh("yes", 20_000).unwrap_err().what.contains("more than"));
        assert!(begin.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn the_environment_is_empty_but_for_what_is_allowed() {
        let seen =
            run(&["/usr/bin/env".to_owned()], &["CARGO_PKG_*".to_owned()], Duration::from_secs(5)).unwrap();
        let names: Vec<&str> =
            seen.expose_text().unwrap().lines().filter_map(|line| line.split('=').next()).collect();
        assert!(names.contains(&"PATH") && names.contains(&"CARGO_PKG_NAME"), "{names:?}");
        assert!(!names.contains(&"CARGO_MANIFEST_DIR"), "{names:?}");
    }
}
