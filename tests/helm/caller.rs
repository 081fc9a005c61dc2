//! Who called: blank input, refusals a Helm 4 user can read, chains of post-renderers, and `kubectl hardtack`.

use std::os::unix::fs::symlink;

use libtest_mimic::Trial;

use crate::support::objects::names;
use crate::support::programs::{root, trial};
use crate::support::sandbox::Sandbox;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("c08_03_blank_input", &[], c08_03_blank_input),
        trial("c08_03_chart_that_renders_nothing", &["helm4"], c08_03_chart_that_renders_nothing),
        trial("c08_03_output_dir_is_named", &["helm3"], c08_03_output_dir_is_named),
        trial("c08_15_refusal_is_readable_under_helm4", &["helm4"], c08_15_refusal_is_readable_under_helm4),
        trial(
            "c08_15_bad_input_is_readable_under_helm4",
            &["helm4"],
            c08_15_bad_input_is_readable_under_helm4,
        ),
        trial("c08_15_only_under_the_helm4_switch", &[], c08_15_only_under_the_helm4_switch),
        trial("chain_of_post_renderers", &["helm3"], chain_of_post_renderers),
        trial("chain_passes_on_no_refusal", &[], chain_passes_on_no_refusal),
        trial("chain_keeps_the_failure", &[], chain_keeps_the_failure),
        trial("kubectl_plugin", &["kubectl"], kubectl_plugin),
    ]
}

fn c08_03_blank_input() {
    let sandbox = Sandbox::new();
    for blank in ["", "\n", "  \n\n"] {
        let helm4 = sandbox.hardtack(&["post-render", "--caller=helm4"], blank);
        let line = helm4.succeeded().stdout.trim_end();
        assert!(line.starts_with('#') && !line.contains('\n'), "one comment: {line:?}");
        sandbox.hardtack(&[], blank).failed_with(2).says("--output-dir");
        sandbox.hardtack(&["post-render"], blank).failed_with(2).says("--output-dir");
        assert_eq!(sandbox.hardtack(&["--allow-empty"], blank).succeeded().stdout.trim(), "");
    }
}

fn c08_03_chart_that_renders_nothing() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let chart = sandbox.chart("empty", &[("nothing.yaml", "{{- if false }}\na: b\n{{- end }}\n")]);
    let call = || sandbox.call("helm4").args(["template", "shop"]).arg(&chart);
    sandbox.helm4_stream(&chart);
    call().args(["--post-renderer", "keep"]).run().failed_with(1).says("produced empty output");
    let ran = call().args(["--post-renderer", "hardtack"]).run();
    assert!(names(&ran.succeeded().stdout).is_empty());
}

fn c08_03_output_dir_is_named() {
    let sandbox = Sandbox::new();
    let call = sandbox.call("helm3").args([
        "template",
        "shop",
        "--output-dir",
        "out",
        "--post-renderer",
        "hardtack",
    ]);
    let ran = call.arg(root().join("charts/demo")).run();
    assert_eq!(ran.code, 1, "Helm 3 wrote the files unhardened before it asked");
    ran.says("--output-dir");
}

fn c08_15_refusal_is_readable_under_helm4() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let call = sandbox.call("helm4").args(["template", "shop", "--post-renderer", "hardtack"]);
    let call = call.args(["--post-renderer-args", "--environment=production"]);
    let ran = call.arg(root().join("charts/demo")).run();
    ran.failed_with(1).says("--- hardtack: ").says("refused");
    let rules = ["privileged-container", "container-runtime-socket", "host-network", "explicit-root-user"];
    assert!(rules.iter().any(|rule| ran.stderr.contains(rule)), "names a finding:\n{}", ran.stderr);
}

fn c08_15_bad_input_is_readable_under_helm4() {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let tab = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: \"{{ .Values.a }}\"}\n";
    let chart = sandbox.chart("plain", &[("a.yaml", tab)]);
    for argument in ["--environment=prodution", "--no-such-flag", "--policy=absent.yaml"] {
        let call =
            sandbox.call("helm4").args(["template", "shop", "--post-renderer", "hardtack"]).arg(&chart);
        let ran = call.args(["--post-renderer-args", argument]).run();
        ran.failed_with(1)
            .says("--- hardtack: ")
            .says(argument.trim_start_matches("--policy=").trim_start_matches("--environment="));
    }
}

fn c08_15_only_under_the_helm4_switch() {
    let sandbox = Sandbox::new();
    let privileged = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: 'a/b:1', \
                      securityContext: {privileged: true}}\n";
    let call = |args: &[&str]| sandbox.call("hardtack").args(args).stdin(privileged);
    let args = ["post-render", "--caller=helm4", "-eproduction"];
    let refused = call(&args).env("HELM_PLUGIN_NAME", "hardtack").run();
    let lines: Vec<&str> = refused.succeeded().stdout.lines().collect();
    assert_eq!(lines[0], "", "the first line would be lost");
    assert!(lines[1].starts_with("--- hardtack: ") && lines[1].contains("privileged-container"), "{lines:?}");
    assert!(lines.len() > 2, "a line no parser takes: {lines:?}");
    assert!(yaml_rust2::YamlLoader::load_from_str(&refused.stdout).is_err(), "never an empty release");

    call(&args).run().failed_with(1);
    call(&["post-render", "-eproduction"]).env("HELM_PLUGIN_NAME", "hardtack").run().failed_with(1);
    call(&["-eproduction"]).env("HELM_PLUGIN_NAME", "hardtack").run().failed_with(1);
}

fn chain_of_post_renderers() {
    let sandbox = Sandbox::new();
    let plain = sandbox.render("helm3", "demo", &[]);
    let alone = sandbox.hardtack(&[], &plain).succeeded().stdout.clone();
    sandbox.script("before", "sed 's/shop-web:2.1.0/shop-web:9.9.9/'");
    sandbox.script("after", "cat; echo '# after '\"$1\"");
    let arguments = ["--before", "before", "--after", "after one"];
    let chained = sandbox.hardtack(&[&["post-render"], &arguments[..]].concat(), &plain);
    let expected = alone.replace("shop-web:2.1.0", "shop-web:9.9.9");
    assert_eq!(chained.succeeded().stdout, format!("{expected}# after one\n"));
    assert_ne!(expected, alone);

    let arguments = ["post-render", "--before", "before"].map(|word| format!("--post-renderer-args={word}"));
    let mut words: Vec<&str> = vec!["--post-renderer", "hardtack"];
    words.extend(arguments.iter().map(String::as_str));
    assert!(sandbox.render("helm3", "demo", &words).contains("shop-web:9.9.9"));
}

fn chain_passes_on_no_refusal() {
    let sandbox = Sandbox::new();
    sandbox.script("after", "echo called > called; cat");
    let privileged = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: 'a/b:1', \
                      securityContext: {privileged: true}}\n";
    let args = ["post-render", "--caller=helm4", "-eproduction", "--after", "after"];
    let call = || sandbox.call("hardtack").args(args).stdin(privileged);
    let helm4 = call().env("HELM_PLUGIN_NAME", "hardtack").run();
    assert!(helm4.succeeded().stdout.contains("--- hardtack: "), "{}", helm4.stdout);
    call().run().failed_with(1);
    assert!(!sandbox.path("work/called").exists(), "the next program never saw it");
}

fn chain_keeps_the_failure() {
    let sandbox = Sandbox::new();
    sandbox.script("broken", "cat >/dev/null; echo half; echo 'no tea' >&2; exit 7");
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    for side in ["--before", "--after"] {
        let ran = sandbox.hardtack(&["post-render", side, "broken"], object);
        ran.failed_with(7).says("broken").says("no tea");
    }
    sandbox
        .hardtack(&["post-render", "--before", "no-such-program"], object)
        .failed_with(2)
        .says("no-such-program");
}

fn kubectl_plugin() {
    let sandbox = Sandbox::new();
    symlink(env!("CARGO_BIN_EXE_hardtack"), sandbox.path("bin/kubectl-hardtack")).unwrap();
    let stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let kubectl = |args: &[&str]| sandbox.call("kubectl").arg("hardtack").args(args).stdin(stream).run();
    assert_eq!(kubectl(&[]).succeeded().stdout, stream);
    assert_eq!(kubectl(&["harden", "-"]).succeeded().stdout, stream);
    kubectl(&["--no-such-flag"]).failed_with(2);
    let help = kubectl(&["--help"]);
    assert!(help.succeeded().stdout.contains("kubectl-hardtack"), "named as it was called:\n{}", help.stdout);
}
