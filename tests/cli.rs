//! The binary from outside: what goes to stdout, what to stderr, and how it ends.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/binary.rs"]
mod binary;

use std::fs;
use std::path::Path;

use binary::Ran;

const DEPLOYMENT: &str = "\
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # kept
spec:
  template:
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
";

fn run_in(folder: &Path, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Ran {
    let mut command = binary::command(folder, arguments);
    command.env_clear().envs(variables.iter().copied());
    binary::run(command, input)
}

fn run(arguments: &[&str], input: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    run_in(folder.path(), arguments, &[], input)
}

#[test]
fn the_first_try_fixes_reports_and_blocks_nobody() {
    let ran = run(&[], DEPLOYMENT);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("# Source: shop/templates/web.yaml\n"));
    assert!(ran.stdout.contains("name: web # kept\n"));
    assert!(ran.stdout.contains("            allowPrivilegeEscalation: false\n"), "{}", ran.stdout);
    assert!(ran.stderr.contains("Deployment/web  shop/templates/web.yaml, line 2"), "{}", ran.stderr);
    assert!(ran.stderr.contains(", 1 pod template will roll"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("no policy: nothing is refused\n"), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_without_a_command_the_help_is_shown() {
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    // A terminal of its own, at which nobody types.
    let Ok(terminal) = fs::OpenOptions::new().read(true).write(true).open("/dev/ptmx") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = binary::command(folder.path(), &[]);
    command.env_clear().stdin(terminal).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("hardtack starts");
    let is_waiting = |child: &mut Child| child.try_wait().expect("a state").is_none();
    let started = Instant::now();
    while is_waiting(&mut child) && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let output = child.wait_with_output().expect("hardtack ends");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{help}");
    assert!(help.contains("Usage: hardtack "), "{help}");
}

#[test]
fn hardening_again_changes_nothing() {
    let once = run(&["-e", "production", "--gate", "never"], DEPLOYMENT).stdout;
    let twice = run(&["-e", "production", "--gate", "never"], &once).stdout;
    assert_eq!(once, twice);
}

#[test]
fn a_refusal_leaves_stdout_empty_and_says_how_to_allow() {
    let privileged = DEPLOYMENT
        .replace("          image", "          securityContext: {privileged: true}\n          image");
    let ran = run(&["-eproduction"], &privileged);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("privileged-container (critical)"), "{}", ran.stderr);
    assert!(ran.stderr.contains("match: {kind: Deployment, name: web}"), "{}", ran.stderr);
}

#[test]
fn check_fails_while_a_fix_is_pending_and_passes_on_hardened_output() {
    assert_eq!(run(&["check", "--gate", "never"], DEPLOYMENT).code, Some(1));
    let hardened = run(&["-q"], DEPLOYMENT).stdout;
    let ran = run(&["check", "--gate", "never"], &hardened);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let ran = run(&["check"], &hardened);
    assert_eq!(ran.code, Some(1), "production's gate without a policy: {}", ran.stdout);
    assert!(ran.stdout.contains("refused run-as-root"), "{}", ran.stdout);
}

#[test]
fn bad_input_names_document_template_and_line() {
    let ran = run(
        &[],
        "# Source: a/b.yaml\nkind: X\n---\n# Source: shop/templates/c.yaml\nkind: ConfigMap\na: b: c\n",
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.contains("standard input, document 2 (shop/templates/c.yaml), line 6"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("help: "), "{}", ran.stderr);
}

#[test]
fn misspelt_words_get_the_nearest_right_one() {
    for (arguments, hint) in [
        (&["--only", "privilege-escalatoin"][..], "did you mean \"privilege-escalation\"?"),
        (&["-e", "prodction"], "did you mean \"production\"?"),
        (&["explain", "host-netwrk"], "did you mean \"host-network\"?"),
        (&["--report", "jsn"], "did you mean \"json\"?"),
        (&["--enviroment", "production"], "--environment"),
        (&["chek"], "check"),
    ] {
        let ran = run(arguments, DEPLOYMENT);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.stderr.contains(hint), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn flags_beat_variables_and_variables_beat_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {extends: development}\n";
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("written");
    let environment = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["check", "--report", "json"], arguments].concat();
        let ran = run_in(folder.path(), &arguments, variables, DEPLOYMENT);
        let report: serde_json::Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
        report["environment"].as_str().map(str::to_owned)
    };
    assert_eq!(environment(&[], &[]).as_deref(), Some("development"));
    assert_eq!(environment(&[], &[("HARDTACK_ENVIRONMENT", "staging")]).as_deref(), Some("staging"));
    let variables = [("HARDTACK_ENVIRONMENT", "staging")];
    assert_eq!(environment(&["-e", "production"], &variables).as_deref(), Some("production"));
    assert_eq!(
        environment(&[], &[("ARGOCD_ENV_HARDTACK_ENVIRONMENT", "staging")]).as_deref(),
        Some("staging")
    );
    assert_eq!(environment(&[], &[("HARDTACK_NO_DISCOVERY", "1")]), None);
    for off in ["", "0"] {
        assert_eq!(environment(&[], &[("HARDTACK_NO_DISCOVERY", off)]).as_deref(), Some("development"));
    }
}

#[test]
fn a_file_turns_the_gate_on_and_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy =
        "apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {name: team}\nspec: {extends: production}\n";
    fs::write(folder.path().join("hardtack.yaml"), policy).expect("written");
    let root =
        DEPLOYMENT.replace("          image", "          securityContext: {runAsUser: 0}\n          image");
    let ran = run_in(folder.path(), &[], &[], &root);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("against team"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("policy: hardtack.yaml (found upwards from the working folder)"),
        "{}",
        ran.stderr
    );
}

#[test]
fn files_are_written_below_a_folder_or_in_place_and_all_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("in")).expect("a folder");
    fs::write(path("in/web.yaml"), DEPLOYMENT).expect("written");
    fs::write(path("in/values.yaml"), "a: 1\n").expect("written");
    let ran = run_in(folder.path(), &["harden", "in", "-o", "out"], &[], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    let hardened = fs::read_to_string(path("out/web.yaml")).expect("written");
    assert!(hardened.contains("allowPrivilegeEscalation: false"));
    assert!(!path("out/values.yaml").exists());
    fs::write(path("in/z.yaml"), "apiVersion: v1\nkind: [\n").expect("written");
    let ran = run_in(folder.path(), &["harden", "--in-place", "in"], &[], "");
    assert_eq!(ran.code, Some(2));
    assert_eq!(fs::read_to_string(path("in/web.yaml")).expect("there"), DEPLOYMENT);
    fs::remove_file(path("in/z.yaml")).expect("removed");
    assert_eq!(run_in(folder.path(), &["harden", "--in-place", "in"], &[], "").code, Some(0));
    assert_eq!(fs::read_to_string(path("in/web.yaml")).expect("there"), hardened);
    let left: Vec<_> =
        fs::read_dir(path("in")).expect("in").map(|entry| entry.expect("entry").file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn templates_are_refused_with_the_next_step() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("t.yaml"), "kind: X\n{{- if .Values.a }}\na: 1\n{{- end }}\n")
        .expect("written");
    let ran = run_in(folder.path(), &["harden", "t.yaml"], &[], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.contains("t.yaml:2 is a template") && ran.stderr.contains("helm template"),
        "{}",
        ran.stderr
    );
}

#[test]
fn other_post_renderers_run_before_and_after() {
    let ran =
        run(&["post-render", "--before", "sed s/web/shop/g", "--after", "sed s/false/FALSE/"], DEPLOYMENT);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("name: shop # kept") && ran.stdout.contains("allowPrivilegeEscalation: FALSE")
    );
    let ran = run(&["post-render", "--after", "false"], DEPLOYMENT);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("false ended with exit code 1"), "{}", ran.stderr);
}

#[test]
fn colour_only_where_it_is_asked_for() {
    assert!(!run(&["diff"], DEPLOYMENT).stdout.contains('\u{1b}'));
    assert!(run(&["diff", "--color", "always"], DEPLOYMENT).stdout.contains('\u{1b}'));
}

#[test]
fn the_report_file_is_versioned_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run_in(folder.path(), &["--report", "json=report.json", "-q"], &[], DEPLOYMENT);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let report = fs::read_to_string(folder.path().join("report.json")).expect("written");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["version"], 1);
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "privilege-escalation");
    assert_eq!(finding["source"]["template"], "shop/templates/web.yaml");
    assert_eq!(finding["source"]["line"], 10);
    assert_eq!(finding["edits"][0]["op"], "set");
    assert_eq!(finding["fingerprint"].as_str().map(str::len), Some(16));
}

#[test]
fn every_command_has_help_and_completions_and_a_man_page() {
    for command in
        ["harden", "check", "post-render", "diff", "explain", "rules", "policy", "completions", "man"]
    {
        let ran = run(&[command, "--help"], "");
        assert_eq!(ran.code, Some(0), "{command}");
        assert!(ran.stdout.contains("Usage: hardtack "), "{command}: {}", ran.stdout);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(run(&["completions", shell], "").stdout.contains("post-render"), "{shell}");
    }
    assert!(run(&["man"], "").stdout.contains(".TH hardtack"));
}

#[test]
fn built_in_environments_print_as_policies_that_load() {
    for name in ["development", "staging", "production"] {
        let folder = tempfile::tempdir().expect("a folder");
        let ran = run(&["policy", "show", "-e", name], "");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        fs::write(folder.path().join("hardtack.yaml"), &ran.stdout).expect("written");
        let from_file = run_in(folder.path(), &["-q", "--gate", "never"], &[], DEPLOYMENT).stdout;
        let built_in = run(&["-q", "--gate", "never", "-e", name], DEPLOYMENT).stdout;
        assert_eq!(from_file, built_in, "{name}");
    }
}

/// A chart with everything that no post-renderer reaches, its render, and a Helm of that version.
fn out_of_reach(helm: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("written");
    };
    write("shop/Chart.yaml", "name: shop\nversion: 1.0.0\n");
    write("shop/values.yaml", "db:\n  host: db\n  password: canary-Xk2p9-7f3a9c\n");
    write("shop/templates/NOTES.txt", "Welcome\nYour password is {{ .Values.db.password }}\n");
    let hook = "# Source: shop/templates/seed.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: seed\n  \
                annotations: {helm.sh/hook: pre-install}\nstringData: {password: canary-Xk2p9-7f3a9c}\n";
    write("rendered.yaml", hook);
    write("bin/helm", &format!("#!/bin/sh\necho {helm}\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let program = folder.path().join("bin/helm");
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).expect("it may run");
    }
    folder
}

#[cfg(unix)]
#[test]
fn the_doctor_says_what_is_out_of_reach_here() {
    let words = ["secrets", "doctor", "--chart", "shop", "rendered.yaml"];
    let folder = out_of_reach("v3.22.0");
    let path = format!("{}:/usr/bin:/bin", folder.path().join("bin").display());
    let ran = run_in(folder.path(), &words, &[("PATH", &path)], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let expected = "\
applies           hooks under Helm 3
                  helm v3.22.0; hooks that hold a secret: Secret/seed (shop/templates/seed.yaml)
                  helm template … | hardtack sees hooks too, and so does Helm 4
applies           NOTES.txt
                  shop/templates/NOTES.txt may print a secret: line 2
";
    assert!(ran.stdout.starts_with(expected), "{}", ran.stdout);
    assert!(ran.stdout.contains("applies           Helm's record of the release"), "{}", ran.stdout);
    assert!(ran.stdout.contains("look like credentials: shop/values.yaml:3"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("canary"), "{}", ran.stdout);

    let folder = out_of_reach("v4.3.1");
    let path = format!("{}:/usr/bin:/bin", folder.path().join("bin").display());
    let json = ["secrets", "doctor", "rendered.yaml", "--target", "git", "--format", "json"];
    let ran = run_in(folder.path(), &json, &[("PATH", &path)], "");
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let states: Vec<&str> = (0..6).filter_map(|at| told["limits"][at]["state"].as_str()).collect();
    let expected = ["doesNot", "cannotBeTold", "doesNot", "cannotBeTold", "applies", "doesNot"];
    assert_eq!(states, expected, "{}", ran.stdout);
}
