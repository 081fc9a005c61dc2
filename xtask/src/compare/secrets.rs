//! What the rules about secrets add to a run, and sealing and encrypting beside kubeseal and sops.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::{By, Peer, interleaved, median};
use crate::run::say;
use crate::stamp;

/// How often each is measured.
const ROUNDS: usize = 11;
/// How many values are sealed.
const VALUES: usize = 100;
/// Nobody holds its other half.
const RECIPIENT: &str = "age1dgsdts9taan2xyp8pttxnzx0efvpnx4cdc9cucuq0qshqqmyh3rqk4jv47";
/// The rules about secrets.
const RULES: &str = "secret-in-env,secret-in-arguments,secret-in-config-map,secret-in-object,credentials-in-url,secret-in-plain-text,secret-placeholder,secret-too-short,secret-encoding-invalid,secret-reference-unresolved,certificate-invalid,certificate-expiring,secret-overdue";

/// For each input, the time with the rules about secrets as a multiple of the time without.
///
/// # Errors
/// A program cannot be started.
pub(super) fn scanning_table(hardtack: &Path, inputs: &[PathBuf], work: &Path) -> Result<()> {
    let run = |more: &[&str]| {
        let words = [&["-e", "production", "--gate", "never", "-q"], more].concat();
        Peer::new("hardtack", hardtack.to_owned(), &words, By::Stdin)
    };
    let (with, without) = (run(&[]), run(&["--skip", RULES]));
    for input in inputs {
        let times = times(&[with.clone(), without.clone()], input, work)?;
        let name = input.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        say(format_args!(
            "{name}: the rules about secrets take {:.2} times a run without (goal: at most 1.25)",
            times[0] / times[1]
        ))?;
    }
    Ok(())
}

/// A Secret of many values, sealed and encrypted.
///
/// # Errors
/// A program cannot be started.
pub(super) fn sealing_table(root: &Path, hardtack: &Path, work: &Path) -> Result<()> {
    let input = work.join("values.yaml");
    fs::write(&input, secret())?;
    let certificate = root.join("testdata/sealed/test-only.cert.pem").display().to_string();
    let tool = |name: &str| stamp::bin(root).join(name);
    let regex = "--encrypted-regex=^(data|stringData)$";
    let pairs = [
        [
            Peer::new(
                "seal",
                hardtack.to_owned(),
                &["secrets", "seal", "-q", "--cert", &certificate],
                By::Stdin,
            ),
            Peer::new("kubeseal", tool("kubeseal"), &["--cert", &certificate, "-o", "yaml"], By::Stdin),
        ],
        [
            Peer::new(
                "encrypt",
                hardtack.to_owned(),
                &["secrets", "encrypt", "-q", "--age", RECIPIENT],
                By::Stdin,
            ),
            Peer::new(
                "sops encrypt",
                tool("sops"),
                &[
                    "encrypt",
                    "--age",
                    RECIPIENT,
                    regex,
                    "--input-type=yaml",
                    "--output-type=yaml",
                    "/dev/stdin",
                ],
                By::Stdin,
            ),
        ],
    ];
    for pair in pairs {
        let times = times(&pair, &input, work)?;
        say(format_args!(
            "{VALUES} values: {} ÷ {} {:.3}, ÷ 1 s {:.3} (goal: at most 1)",
            pair[0].name,
            pair[1].name,
            times[0] / times[1],
            times[0]
        ))?;
    }
    Ok(())
}

fn secret() -> String {
    let mut text =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: many, namespace: shop}\nstringData:\n".to_owned();
    for number in 0..VALUES {
        let _ = writeln!(text, "  key-{number:03}: a value of about forty characters, {number:03}");
    }
    text
}

fn times(peers: &[Peer], input: &Path, work: &Path) -> Result<Vec<f64>> {
    let used = interleaved(peers, input, work, ROUNDS)?;
    for (peer, used) in peers.iter().zip(&used) {
        ensure!(used.iter().all(|one| one.answered), "{} fails", peer.name);
    }
    Ok(used.iter().map(|used| median(used)).collect())
}
