//! A throw-away home for one test: nothing of the user's configuration, plugins or environment reaches the programs in it.

use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

use super::{programs, tools};

/// A folder with `bin/hardtack`, an empty home, and empty Helm folders.
pub struct Sandbox {
    folder: TempDir,
}

/// What a program left behind.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A program about to run.
pub struct Call {
    command: Command,
    stdin: Vec<u8>,
}

impl Sandbox {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("hardtack").tempdir().unwrap();
        for name in ["bin", "home", "work"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let sandbox = Self { folder };
        symlink(tools::hardtack(), sandbox.path("bin/hardtack")).unwrap();
        sandbox
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Writes a file below `work`, where programs start.
    pub fn write(&self, relative: &str, text: &str) -> PathBuf {
        let file = self.path("work").join(relative);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }

    pub fn script(&self, name: &str, text: &str) -> PathBuf {
        let file = self.path("bin").join(name);
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    pub fn call(&self, program: &str) -> Call {
        let file = if program == "hardtack" {
            self.path("bin/hardtack")
        } else {
            programs::find(program).unwrap_or_else(|_| self.path("bin").join(program))
        };
        let mut command = Command::new(file);
        let own = tools::folder();
        let path = format!("{}:{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display(), own.display());
        command.current_dir(self.path("work")).env_clear().env("PATH", path).env("HOME", self.path("home"));
        command.env("HARDTACK_NO_DISCOVERY", "1");
        for (name, folder) in [
            ("HELM_DATA_HOME", data_folder(program)),
            ("HELM_CACHE_HOME", "home/helm-cache"),
            ("HELM_CONFIG_HOME", "home/helm-config"),
            ("GNUPGHOME", "home/gnupg"),
        ] {
            command.env(name, self.path(folder));
        }
        Call { command, stdin: Vec::new() }
    }

    /// `hardtack` with these words, this text on stdin.
    pub fn hardtack(&self, args: &[&str], stdin: &str) -> Ran {
        self.call("hardtack").args(args).stdin(stdin).run()
    }

    /// The rendered text of one of the repository's charts.
    pub fn render(&self, helm: &str, chart: &str, args: &[&str]) -> String {
        let chart = programs::root().join("charts").join(chart);
        let ran = self.call(helm).args(["template", "shop"]).arg(chart).args(args).run();
        ran.succeeded().stdout.clone()
    }
}

impl Call {
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    pub fn run(mut self) -> Ran {
        let pipe = Stdio::piped;
        let mut child = self.command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let feeder = thread::spawn(move || match stdin.write_all(&self.stdin) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("cannot feed: {error}"),
            _ => (),
        });
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    #[track_caller]
    pub fn succeeded(&self) -> &Self {
        assert_eq!(self.code, 0, "stderr:\n{}\nstdout:\n{}", self.stderr, self.stdout);
        self
    }

    #[track_caller]
    pub fn failed_with(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stderr:\n{}\nstdout:\n{}", self.stderr, self.stdout);
        assert_eq!(self.stdout, "", "stdout of a failed run");
        assert!(!self.stderr.trim().is_empty(), "a failure says why");
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "{text:?} is not in stderr:\n{}", self.stderr);
        self
    }
}

/// Helm's side of the sandbox.
impl Sandbox {
    /// A chart of these templates in `work/NAME`.
    pub fn chart(&self, name: &str, templates: &[(&str, &str)]) -> PathBuf {
        self.write(&format!("{name}/Chart.yaml"), &format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n"));
        for (file, text) in templates {
            self.write(&format!("{name}/templates/{file}"), text);
        }
        self.path("work").join(name)
    }

    /// Where this Helm keeps its plugins. Each has its own folder here, because a Helm 3 cannot read Helm 4's.
    pub fn plugins(&self, helm: &str) -> PathBuf {
        let folder = self.path(data_folder(helm)).join("plugins");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Puts the repository's Helm 4 plugin where Helm looks, as installing from a checkout does.
    pub fn link_helm4_plugin(&self) {
        let plugins = self.plugins("helm4");
        symlink(programs::root().join("plugins/helm4"), plugins.join("helm4")).unwrap();
    }

    /// What Helm 4 hands to a post-renderer for this chart.
    pub fn helm4_stream(&self, chart: &Path) -> String {
        let file = self.path("home/stream.yaml");
        self.script("keep", &format!("exec tee {}", file.display()));
        let plugin = self.plugins("helm4").join("keep");
        fs::create_dir_all(&plugin).unwrap();
        let manifest = "apiVersion: v1\nname: keep\ntype: postrenderer/v1\nversion: 0.1.0\nruntime: subprocess\n\
                        runtimeConfig: {platformCommand: [{command: keep}]}\n";
        fs::write(plugin.join("plugin.yaml"), manifest).unwrap();
        self.call("helm4").args(["template", "shop"]).arg(chart).args(["--post-renderer", "keep"]).run();
        fs::read_to_string(&file).unwrap()
    }
}

fn data_folder(program: &str) -> &'static str {
    if program == "helm4" { "data4" } else { "data" }
}
