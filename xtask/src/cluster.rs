//! A real API server with its store, on loopback, for as long as the value lives.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::run::run;
use crate::stamp;

/// A running API server and etcd; both end, and their data goes, when this is dropped.
pub struct Cluster {
    // Dropped in this order.
    server: Process,
    etcd: Process,
    folder: Folder,
}

struct Process(Child);

struct Folder(PathBuf);

impl Cluster {
    /// Starts both in a new folder and waits until the server answers.
    pub fn start(root: &Path) -> Result<Self> {
        let folder = Folder(std::env::temp_dir().join(format!("hardtack-api-{}", std::process::id())));
        fs::create_dir_all(&folder.0)?;
        let [client, peer, secure] = free_ports()?;
        let store = format!("http://127.0.0.1:{client}");
        let helper = stamp::bin(root).join("oracle-cluster");
        run(Command::new(&helper).arg("key").arg(folder.0.join("sa.key")))?;
        let token = format!("hardtack-{}", std::process::id());
        fs::write(folder.0.join("tokens.csv"), format!("{token},admin,1,\"system:masters\"\n"))?;
        fs::write(folder.0.join("kubeconfig"), kubeconfig(secure, &token))?;
        let etcd = etcd(&folder.0, &store, peer)?;
        let server = server(root, &folder.0, &store, secure)?;
        let cluster = Self { server, etcd, folder };
        run(Command::new(&helper).arg("ready").arg(cluster.kubeconfig()).arg("60"))
            .with_context(|| cluster.last_lines())?;
        Ok(cluster)
    }

    /// The file that Helm and kubectl take as `KUBECONFIG`.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.0.join("kubeconfig")
    }

    /// The process ids of the store and the server.
    pub fn ids(&self) -> (u32, u32) {
        (self.etcd.0.id(), self.server.0.id())
    }

    fn last_lines(&self) -> String {
        let log = fs::read_to_string(self.folder.0.join("kube-apiserver.log")).unwrap_or_default();
        let mut lines: Vec<&str> = log.lines().rev().take(10).collect();
        lines.reverse();
        format!("kube-apiserver did not start; its last lines:\n{}", lines.join("\n"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that is gone already needs no more.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It lies in the system's folder for what may be lost.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn etcd(folder: &Path, store: &str, peer: u16) -> Result<Process> {
    start(
        Command::new("etcd")
            .arg("--data-dir")
            .arg(folder.join("etcd"))
            .args(["--listen-client-urls", store, "--advertise-client-urls", store])
            .args(["--listen-peer-urls", &format!("http://127.0.0.1:{peer}")])
            // Nothing here outlives the tests, so nothing has to reach the disk.
            .arg("--unsafe-no-fsync"),
        &folder.join("etcd.log"),
    )
}

fn server(root: &Path, folder: &Path, store: &str, port: u16) -> Result<Process> {
    let key = folder.join("sa.key");
    start(
        Command::new(stamp::bin(root).join("kube-apiserver"))
            .arg(format!("--etcd-servers={store}"))
            .arg("--service-account-issuer=https://kubernetes.default.svc")
            .arg(format!("--service-account-key-file={}", key.display()))
            .arg(format!("--service-account-signing-key-file={}", key.display()))
            .arg(format!("--secure-port={port}"))
            .arg("--bind-address=127.0.0.1")
            .arg(format!("--cert-dir={}", folder.join("certs").display()))
            .arg("--authorization-mode=RBAC")
            .arg(format!("--token-auth-file={}", folder.join("tokens.csv").display()))
            .arg("--service-cluster-ip-range=10.0.0.0/16")
            .arg("--disable-admission-plugins=ServiceAccount")
            .arg("--allow-privileged=true"),
        &folder.join("kube-apiserver.log"),
    )
}

fn start(command: &mut Command, log: &Path) -> Result<Process> {
    let log = File::create(log)?;
    let child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    Ok(Process(child))
}

/// Three ports that were free a moment ago; all are held until the last is known, so they differ.
fn free_ports() -> Result<[u16; 3]> {
    let listener = || TcpListener::bind(("127.0.0.1", 0));
    let held = [listener()?, listener()?, listener()?];
    let [client, peer, secure] = &held;
    Ok([client.local_addr()?.port(), peer.local_addr()?.port(), secure.local_addr()?.port()])
}

fn kubeconfig(port: u16, token: &str) -> String {
    format!(
        "apiVersion: v1
kind: Config
current-context: test
contexts: [{{name: test, context: {{cluster: test, user: admin}}}}]
clusters: [{{name: test, cluster: {{server: \"https://127.0.0.1:{port}\", insecure-skip-tls-verify: true}}}}]
users: [{{name: admin, user: {{token: {token}}}}}]
"
    )
}
