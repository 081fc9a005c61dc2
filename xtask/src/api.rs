//! `cargo xtask api`: the tests that need a real API server, and that server.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::cluster::Cluster;
use crate::run::{run, say};
use crate::test::{REQUIRE_TOOLS, cargo};
use crate::{golang, schemas, stamp, tools};

/// Our Go module that fixes what the server is built from.
const MODULE: &str = "tests/apiserver";
const VERSION: &str = "v1.34.4";
/// Without these the server calls itself v0.0.0.
const VARIABLES: &[(&str, &str)] = &[
    ("k8s.io/component-base/version.gitVersion", VERSION),
    ("k8s.io/component-base/version.gitMajor", "1"),
    ("k8s.io/component-base/version.gitMinor", "34"),
];

/// The variable that tells the tests which server to ask.
const KUBECONFIG: &str = "HARDTACK_API_KUBECONFIG";

/// Builds, starts, runs the tests (or serves until stdin ends), stops.
pub fn run_tier(root: &Path, args: &[String]) -> Result<()> {
    ensure!(
        Command::new("etcd").arg("--version").output().is_ok_and(|output| output.status.success()),
        "the API server needs etcd, which is not on PATH; on Debian: apt-get install etcd-server"
    );
    tools::install(root)?;
    schemas::write_json(root)?;
    build(root)?;
    let start = Instant::now();
    let cluster = Cluster::start(root)?;
    let (etcd, server) = cluster.ids();
    let kubeconfig = cluster.kubeconfig();
    say(format_args!(
        "kube-apiserver   {VERSION:<18} ready in {} s (process {server}, etcd {etcd}); KUBECONFIG={}",
        start.elapsed().as_secs(),
        kubeconfig.display()
    ))?;
    if args.first().is_some_and(|arg| arg == "serve") {
        say("serving until stdin ends (control-D)")?;
        std::io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(());
    }
    run(cargo(root)
        .args(["test", "--test", "api", "--"])
        .args(args)
        .env(KUBECONFIG, kubeconfig)
        .env(REQUIRE_TOOLS, "1"))
}

fn build(root: &Path) -> Result<()> {
    if stamp::is_current(root, "kube-apiserver", VERSION) {
        return say(format_args!("kube-apiserver   {VERSION:<18} there"));
    }
    say(format_args!("kube-apiserver   {VERSION:<18} building: many minutes the first time"))?;
    let start = Instant::now();
    golang::build(root, MODULE, "k8s.io/kubernetes/cmd/kube-apiserver", "kube-apiserver", VARIABLES)?;
    stamp::write(root, "kube-apiserver", VERSION)?;
    say(format_args!("kube-apiserver   {VERSION:<18} built in {} s", start.elapsed().as_secs()))
}
