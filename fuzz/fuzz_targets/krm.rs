//! A function's input is answered with a list that can be read, and hardening its items again changes nothing.

#![no_main]

use std::sync::OnceLock;

use hardtack::cli::args::Common;
use hardtack::cli::config::Config;
use hardtack::cli::exit::Exit;
use hardtack::cli::stream::run_to;
use hardtack::wire::Input;
use hardtack::yaml::Data;
use hardtack::yaml::stream::{ParseOptions, parse};
use libfuzzer_sys::fuzz_target;

fn config() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let common = Common {
            environment: Some("production".to_owned()),
            gate: Some("never".to_owned()),
            date: Some("2026-01-01".to_owned()),
            quiet: true,
            ..Common::default()
        };
        Config::new(common).unwrap()
    })
}

/// A document becomes the only item of a list; a list stays as it is.
fn as_list(text: &str) -> String {
    if text.contains("ResourceList") {
        return text.to_owned();
    }
    let body = text.lines().skip_while(|line| line.starts_with("---") || line.starts_with('#'));
    let item = body.collect::<Vec<_>>().join("\n  ");
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {item}\n")
}

fn run(text: String) -> Option<(Exit, String)> {
    let mut out = Vec::new();
    let exit = run_to(config(), Input { name: "fuzz".to_owned(), text }, &mut out).ok()?;
    Some((exit, String::from_utf8(out).unwrap()))
}

fn items(text: &str) -> Data {
    let stream = parse(text.to_owned(), ParseOptions::default()).unwrap();
    let root = stream.documents.iter().find_map(|document| stream.root(document));
    root.and_then(|root| root.get("items")).map(|items| items.to_data()).unwrap_or_default()
}

fuzz_target!(|text: &str| {
    let Some((exit, once)) = run(as_list(text)) else { return };
    let first = items(&once);
    if exit == Exit::Written
        && let Some((exit, twice)) = run(once)
    {
        assert!(exit == Exit::Written);
        assert_eq!(first, items(&twice));
    }
});
