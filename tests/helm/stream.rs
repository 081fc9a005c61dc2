//! What stands on stdout, stderr and in the report: never half a release, never a secret, the same every time.

use std::fs;

use libtest_mimic::Trial;

use crate::support::objects::{lines, names};
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;
use crate::support::standin::Standin;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("c08_01_stdout_empty_on_failure", &["helm3"], c08_01_stdout_empty_on_failure),
        trial("c08_01_all_of_stdin_is_read", &[], c08_01_all_of_stdin_is_read),
        trial("c08_02_objects_in_objects_out", &["helm3", "helm4"], c08_02_objects_in_objects_out),
        trial("c08_08_hidden_secrets_pass_unchanged", &["helm3"], c08_08_hidden_secrets_pass_unchanged),
        trial("c08_13_own_output_stays_as_it_is", &["helm3", "helm4"], c08_13_own_output_stays_as_it_is),
        trial(
            "c08_14_findings_on_stderr_and_in_a_file",
            &["helm3", "helm4"],
            c08_14_findings_on_stderr_and_in_a_file,
        ),
        trial("c08_16_no_secret_value_in_any_message", &["helm3"], c08_16_no_secret_value_in_any_message),
        trial(
            "c08_17_nothing_depends_on_helm_variables",
            &["helm3"],
            c08_17_nothing_depends_on_helm_variables,
        ),
        trial(
            "c08_25_check_finds_what_never_went_through",
            &["helm3"],
            c08_25_check_finds_what_never_went_through,
        ),
    ]
}

const PRIVILEGED: &str = "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - {name: agent, image: 'ghcr.io/acme/agent:1.0.0', securityContext: {privileged: true}}
";

fn c08_01_stdout_empty_on_failure() {
    let sandbox = Sandbox::new();
    sandbox.hardtack(&["-e", "production"], PRIVILEGED).failed_with(1).says("privileged-container");
    sandbox.hardtack(&[], "kind: ConfigMap\napiVersion: v1\ndata: [\n").failed_with(2);
    sandbox.hardtack(&["--no-such-flag"], PRIVILEGED).failed_with(2);
    sandbox.hardtack(&["-p", "absent.yaml"], PRIVILEGED).failed_with(2).says("absent.yaml");
    let good_then_bad = format!("{PRIVILEGED}---\nkind: ConfigMap\n\tapiVersion: v1\n");
    sandbox.hardtack(&[], &good_then_bad).failed_with(2);

    let chart = sandbox.chart("agent", &[("agent.yaml", PRIVILEGED)]);
    let refused = sandbox.call("helm3").args(["template", "shop"]).arg(&chart);
    let refused = refused.args(["--post-renderer", "hardtack", "--post-renderer-args", "-eproduction"]).run();
    refused.failed_with(1).says("privileged-container").says("agent/templates/agent.yaml");
}

fn c08_01_all_of_stdin_is_read() {
    let sandbox = Sandbox::new();
    let long = format!("{PRIVILEGED}---\na: [\n---\n# {}\n", "x".repeat(4 << 20));
    let hardtack = sandbox.path("bin/hardtack");
    let pipe = format!("{{ cat long.yaml; echo fed=$? >&2; }} | {} >/dev/null", hardtack.display());
    sandbox.write("long.yaml", &long);
    sandbox.call("sh").args(["-c", &pipe]).run().says("fed=0");
}

fn c08_02_objects_in_objects_out() {
    let sandbox = Sandbox::new();
    for object in [
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
        "---\n---\n# a comment\n---\napiVersion: acme.dev/v1\nkind: Widget\nmetadata: {name: a}",
    ] {
        for args in [&[][..], &["post-render"], &["post-render", "--caller=helm4"]] {
            let ran = sandbox.hardtack(args, object);
            assert_eq!(ran.succeeded().stdout, object, "nothing is wrong with it, so nothing changes");
        }
    }
    sandbox.link_helm4_plugin();
    for helm in ["helm3", "helm4"] {
        for chart in ["demo", "bytebot-agent"] {
            let plain = sandbox.render(helm, chart, &[]);
            let hardened = sandbox.render(helm, chart, &["--post-renderer", "hardtack"]);
            assert_eq!(names(&plain), names(&hardened), "{helm} {chart}");
            assert!(names(&plain).len() > 5 && plain != hardened, "{helm} {chart}");
        }
    }
}

fn c08_08_hidden_secrets_pass_unchanged() {
    let sandbox = Sandbox::new();
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hidden-canary}\n";
    let chart = sandbox.chart("hidden", &[("secret.yaml", secret), ("agent.yaml", PRIVILEGED)]);
    let keep = sandbox.script("keep", "exec tee stream.yaml");
    let kubeconfig = Standin::start().kubeconfig(&sandbox);
    let install = |renderer: &str| {
        let call = sandbox.call("helm3").env("KUBECONFIG", &kubeconfig);
        let call = call.args([
            "install",
            "shop",
            "--dry-run=client",
            "--hide-secret",
            "--disable-openapi-validation",
        ]);
        call.arg(&chart).args(["--post-renderer", renderer]).run()
    };
    install(&keep.to_string_lossy()).succeeded();
    let stream = fs::read_to_string(sandbox.path("work/stream.yaml")).unwrap();
    let hidden = lines(&stream, "# HIDDEN");
    assert_eq!(hidden.len(), 1, "Helm hides the secret:\n{stream}");
    let hardened = install("hardtack");
    assert_eq!(lines(&hardened.succeeded().stdout, "# HIDDEN"), hidden);

    let comments_only = "---\n# Source: hidden/templates/secret.yaml\n# HIDDEN: not shown\n";
    assert_eq!(sandbox.hardtack(&[], comments_only).succeeded().stdout, comments_only);
}

fn c08_13_own_output_stays_as_it_is() {
    let sandbox = Sandbox::new();
    let demo = root().join("charts/demo");
    let policy = root().join("charts/bytebot-agent/hardtack.yaml");
    let policy = policy.to_string_lossy();
    let streams = [
        (sandbox.render("helm3", "demo", &[]), vec![]),
        (sandbox.render("helm3", "demo", &[]), vec!["-e", "staging", "--gate", "never"]),
        (sandbox.render("helm3", "bytebot-agent", &[]), vec!["-p", &policy]),
        (sandbox.helm4_stream(&demo), vec!["post-render", "--caller=helm4"]),
    ];
    for (stream, args) in streams {
        let once = sandbox.hardtack(&args, &stream).succeeded().stdout.clone();
        assert!(sandbox.hardtack(&args, &stream).succeeded().stdout == once, "two runs, {args:?}");
        assert!(sandbox.hardtack(&args, &once).succeeded().stdout == once, "its own output, {args:?}");
        assert_eq!(names(&once), names(&stream), "{args:?}");
        assert!(once != stream, "{args:?}");
    }
}

fn c08_14_findings_on_stderr_and_in_a_file() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    for helm in ["helm3", "helm4"] {
        let report = sandbox.path("work").join(format!("{helm}.json"));
        let argument = format!("--report=json={}", report.display());
        sandbox.render(helm, "demo", &["--post-renderer", "hardtack", "--post-renderer-args", &argument]);
        let report: serde_json::Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
        let privileged = |finding: &&serde_json::Value| finding["rule"] == "privileged-container";
        let finding = report["findings"].as_array().unwrap().iter().find(privileged).unwrap();
        assert_eq!(finding["status"], "open", "{helm}");
        assert_eq!(finding["object"]["name"], "agent", "{helm}");
        assert_eq!(finding["source"]["template"], "shop/templates/agent.yaml", "{helm}");
    }
    let piped = sandbox.hardtack(&["--report", "json=r.json"], PRIVILEGED);
    piped.succeeded().says("privileged-container");
    assert!(fs::read_to_string(sandbox.path("work/r.json")).unwrap().contains("privileged-container"));
    let refused = sandbox.hardtack(&["-eproduction", "--report=json=refused.json"], PRIVILEGED);
    refused.failed_with(1);
    assert!(fs::read_to_string(sandbox.path("work/refused.json")).unwrap().contains("privileged-container"));
}

fn c08_16_no_secret_value_in_any_message() {
    let sandbox = Sandbox::new();
    let (plain, encoded) = ("canary-1f9c55e0", "Y2FuYXJ5LTFmOWM1NWUw");
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{a: {encoded}}}\nstringData:\n  jwt-secret: {plain}\n"
    );
    let broken = secret.replace("  jwt-secret:", "\tjwt-secret:");
    let twice = format!("{secret}  jwt-secret: {plain}\n");
    let unclosed = secret.replace(plain, &format!("\"{plain}"));
    for input in [secret.clone(), broken, twice, unclosed, format!("{secret}---\n{PRIVILEGED}")] {
        for args in [
            &["-v"][..],
            &["-v", "-eproduction"],
            &["check", "-v"],
            &["diff"],
            &["-v", "--report=json=r.json"],
        ] {
            let ran = sandbox.hardtack(args, &input);
            let report = fs::read_to_string(sandbox.path("work/r.json")).unwrap_or_default();
            let shown = if args[0] == "check" || args[0] == "diff" { ran.stdout.as_str() } else { "" };
            for text in [ran.stderr.as_str(), shown, &report] {
                assert!(
                    !text.contains(plain) && !text.contains(encoded),
                    "{args:?} shows the value:\n{text}"
                );
            }
        }
    }
    let chart = sandbox.chart("leak", &[("secret.yaml", &secret), ("agent.yaml", PRIVILEGED)]);
    let call = sandbox.call("helm3").args(["template", "shop"]).arg(&chart);
    let ran = call.args(["--post-renderer", "hardtack", "--post-renderer-args=-eproduction"]).run();
    ran.failed_with(1);
    assert!(
        !ran.stderr.contains(plain) && !ran.stderr.contains(encoded),
        "Helm shows the value:\n{}",
        ran.stderr
    );
}

fn c08_17_nothing_depends_on_helm_variables() {
    let sandbox = Sandbox::new();
    let stream = sandbox.render("helm3", "demo", &[]);
    let call = || sandbox.call("hardtack").stdin(stream.clone());
    let plain = call().run();
    let inside_helm = call().env("HELM_NAMESPACE", "elsewhere").env("HELM_RELEASE_NAME", "other").run();
    assert!(plain.succeeded().stdout == inside_helm.succeeded().stdout, "the same manifest");
    assert_eq!(plain.stderr, inside_helm.stderr);

    let report = |args: &[&str]| {
        let ran = sandbox.hardtack(args, &stream);
        assert!(ran.succeeded().stdout == plain.stdout, "{args:?}");
        fs::read_to_string(sandbox.path("work/r.json")).unwrap()
    };
    let joined = report(&["--namespace=prod", "--release=shop", "--report=json=r.json"]);
    let apart = report(&["--namespace", "prod", "--release", "shop", "--report", "json=r.json"]);
    assert_eq!(joined, apart);
    let variables = call()
        .env("HARDTACK_NAMESPACE", "prod")
        .env("HARDTACK_RELEASE", "shop")
        .arg("--report=json=v.json")
        .run();
    variables.succeeded();
    assert_eq!(fs::read_to_string(sandbox.path("work/v.json")).unwrap(), joined);
}

fn c08_25_check_finds_what_never_went_through() {
    let sandbox = Sandbox::new();
    let chart = root().join("charts/bytebot-agent");
    let policy = chart.join("hardtack.yaml");
    let policy = policy.to_string_lossy();
    let check = |stream: &str| sandbox.hardtack(&["check", "-p", &policy], stream).code;

    let plain = sandbox.render("helm3", "bytebot-agent", &[]);
    assert_eq!(check(&plain), 1, "a plain render");
    let hardened = sandbox.hardtack(&["-p", &policy], &plain).succeeded().stdout.clone();
    assert_eq!(check(&hardened), 0, "its hardened form");

    let arguments =
        ["--post-renderer", "hardtack", "--post-renderer-args=-p", "--post-renderer-args", &policy];
    let rendered = sandbox.render("helm3", "bytebot-agent", &arguments);
    assert_eq!(check(&rendered), 1, "Helm 3 never shows a post-renderer the hooks");
    let (release, hook) =
        rendered.split_once("---\n# Source: bytebot-agent/templates/migrate-job.yaml").unwrap();
    assert_eq!(check(release), 0, "the release itself is hardened");
    assert_eq!(check(hook), 1, "the hook is not");

    let call = sandbox.call("helm3").args(["template", "shop", "--output-dir", "out"]).arg(&chart);
    let raw = call.args(["--post-renderer", "cat"]).run();
    raw.succeeded();
    let written = sandbox.hardtack(&["check", "-p", &policy, "out"], "");
    assert_eq!(written.code, 1, "--output-dir files of Helm 3 are raw");
}
