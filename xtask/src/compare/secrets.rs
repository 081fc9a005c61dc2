//! What looking for credentials adds to a run, and sealing and encrypting beside kubeseal and sops.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{By, Peer, Used, measure, median};
use crate::run::say;
use crate::stamp;

/// How many values are sealed.
const VALUES: usize = 100;
/// Nobody holds its other half.
const RECIPIENT: &str = "age1dgsdts9taan2xyp8pttxnzx0efvpnx4cdc9cucuq0qshqqmyh3rqk4jv47";
/// The rules that look for credentials.
const FINDING: &str = "secret-in-env,secret-in-arguments,secret-in-config-map,secret-in-object,credentials-in-url,secret-in-plain-text,secret-placeholder,secret-too-short,secret-encoding-invalid,secret-reference-unresolved,certificate-invalid,certificate-expiring,secret-overdue";

/// For each input, the time with the rules that look for credentials as a part of the time without.
///
/// # Errors
/// A program cannot be started.
pub(super) fn scanning_table(hardtack: &Path, inputs: &[PathBuf], work: &Path) -> Result<()> {
    let run = |more: &[&str]| {
        let words = [&["-e", "production", "--gate", "never", "-q"], more].concat();
        Peer::new("hardtack", hardtack.to_owned(), &words, By::Stdin)
    };
    let (with, without) = (run(&[]), run(&["--skip", FINDING]));
    for input in inputs {
        let times = interleaved(&[with.clone(), without.clone()], input, work, 11)?;
        let name = input.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        say(format_args!(
            "{name}: looking for secrets costs {:.2} times a run without (goal: at most 1.25)",
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
        let times = interleaved(&pair, &input, work, 11)?;
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

fn interleaved(peers: &[Peer], input: &Path, work: &Path, rounds: usize) -> Result<Vec<f64>> {
    let mut used: Vec<Vec<Used>> = vec![Vec::new(); peers.len()];
    for _ in 0..rounds {
        for (peer, used) in peers.iter().zip(&mut used) {
            let one = measure(peer, input, work)?;
            anyhow::ensure!(one.answered, "{} fails", peer.name);
            used.push(one);
        }
    }
    Ok(used.iter().map(|used| median(used)).collect())
}
