//! References in a run: where values may land, what else of the stream moves, and what the rule says without `--resolve`.

use std::fs;

use libtest_mimic::Trial;

use crate::world::{World, secret, string};

pub fn trials() -> Vec<Trial> {
    crate::plain(
        "pipeline",
        &[
            ("a_value_lands_in_a_secret_only", a_value_lands_in_a_secret_only),
            ("nothing_else_moves", nothing_else_moves),
            ("a_value_adds_no_lines_and_ends_no_quotes", a_value_adds_no_lines_and_ends_no_quotes),
            ("a_value_is_data_never_yaml", a_value_is_data_never_yaml),
            ("lines_keep_their_numbers", lines_keep_their_numbers),
            ("without_the_flag_the_rule_reports", without_the_flag_the_rule_reports),
            ("the_policy_or_a_variable_turns_it_on", the_policy_or_a_variable_turns_it_on),
            ("a_function_resolves_its_items", a_function_resolves_its_items),
            ("files_and_check", files_and_check),
            ("nothing_goes_to_git_in_plain_text", nothing_goes_to_git_in_plain_text),
            ("definitions_and_readers_are_left_alone", definitions_and_readers_are_left_alone),
        ],
    )
}

const USER: &str = "ref+vault://secret/shop/db#/user";

fn a_value_lands_in_a_secret_only() {
    let world = World::new();
    for (object, place) in [
        (
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  v: {USER}\n"),
            "ConfigMap/c, line 5, data.v",
        ),
        (
            format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  labels: {{a: {USER}}}\n"),
            "Secret/s, line 5, metadata.labels.a",
        ),
        (
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ntype: {USER}\n"),
            "Secret/s, line 4, type",
        ),
        (
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{'{USER}': a}}\n"),
            "Secret/s, line 4, stringData[",
        ),
        (
            format!(
                "apiVersion: acme.dev/v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: {USER}}}\n"
            ),
            "Secret/s, line 4, stringData.a",
        ),
        (
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: a\n    image: a\n    env:\n    - {{name: A, value: '{USER}'}}\n    args: [--x=<path:secret/data/shop/db#user>]\n"
            ),
            "2 references cannot be resolved",
        ),
    ] {
        let ran = world.run(&object);
        ran.failed_with(2)
            .says(place)
            .says("may land only in data and stringData of a Secret")
            .says("secretKeyRef");
    }
    assert_eq!(world.kv.seen(), Vec::<String>::new(), "nobody is asked for what may not land");
}

fn nothing_else_moves() {
    let world = World::new();
    let before = format!(
        "# Source: shop/templates/a.yaml\r\n---\r\napiVersion: v1\r\nkind: ConfigMap # untouched: 'a'\r\nmetadata: {{name: c}}\r\n---\r\napiVersion: v1\r\nkind:   Secret\r\nmetadata: {{ name: \"s\" }} # here\r\nstringData:\r\n  # the user\r\n  v: '{USER}'   # kept\r\n  w:   x\r\n...\r\n"
    );
    let ran = world.run(&before);
    assert_eq!(ran.succeeded().stdout, before.replace(USER, "canary-user"));
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: a}}\n  stringData: {{v: {USER}}}\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: b}}\n  data: {{v: aGk=}}\n"
    );
    assert_eq!(world.run(&list).succeeded().stdout, list.replace(USER, "canary-user"));
    let json = r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"v": "\u003cpath:secret/data/shop/db#user\u003e"}}"#;
    assert_eq!(string(&world.run(json).succeeded().stdout, "stringData.v"), "canary-user");
}

fn a_value_adds_no_lines_and_ends_no_quotes() {
    let world = World::new();
    let pem = "ref+vault://secret/shop/db#/pem";
    for text in [format!("a={pem}\nb=c"), format!("x {pem}+"), "a: <path:secret/data/shop/db#pem>".to_owned()]
    {
        assert!(world.refused(&text).contains("would change the file it stands in"), "{text}");
    }
    assert_eq!(world.value(&format!("{pem}\n")), "canary-line\nanother\n\n");
    let quote = "ref+vault://secret/shop/db#/quote";
    let tick = "ref+vault://secret/shop/db#/tick";
    assert!(world.refused(&format!("{{\"a\": \"x-{quote}\"}}")).contains("end the double quotes"));
    assert!(world.refused(&format!("a: '{tick}+'")).contains("end the single quotes"));
    assert_eq!(world.value(&format!("a: {quote}+ \"b\"")), "a: canary\"quote \"b\"");
    assert_eq!(world.value(&format!("a: \"{tick}\"")), "a: \"canary'tick\"");
}

fn a_value_is_data_never_yaml() {
    let world = World::new();
    for (number, value) in [
        "yes",
        "0755",
        "~",
        "{a: b}",
        "a: b\nc: d",
        "- x",
        "!!int 3",
        "*a",
        "&a b",
        "# c",
        "|\n  x",
        "x\u{85}y",
        "'",
        "\"",
        "---\nkind: Pod",
        "\u{feff}",
        "1e3",
        " lead",
        "tail ",
        "\t",
    ]
    .iter()
    .enumerate()
    {
        world.kv.put(&format!("odd{number}"), serde_json::json!({"v": value}));
        assert_eq!(world.value(&format!("ref+vault://secret/odd{number}#/v")), *value, "{value:?}");
        let flow = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{v: ref+vault://secret/odd{number}#/v}}\n"
        );
        assert_eq!(string(&world.run(&flow).succeeded().stdout, "stringData.v"), *value, "{value:?} in flow");
    }
}

fn lines_keep_their_numbers() {
    let world = World::new();
    let input = secret("ref+vault://secret/shop/db#/pem");
    let ran = world.run(&format!("{input}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{hostPID: true, containers: [{{name: a, image: a}}]}}\n"));
    let words = ran.succeeded();
    assert_eq!(words.stdout.lines().nth(input.lines().count()), Some("---"), "{}", words.stdout);
    let block = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  v: |\n    a: {USER}\n    b: c\n  w: x\n"
    );
    assert_eq!(world.run(&block).succeeded().stdout, block.replace(USER, "canary-user"));
}

fn without_the_flag_the_rule_reports() {
    let world = World::new();
    let ran = world.call(&["-v"], &secret(USER));
    ran.succeeded().says("secret-reference-unresolved").says("ref+vault://secret/shop/db#/user");
    assert_eq!(ran.stdout, secret(USER));
    assert_eq!(world.kv.seen(), Vec::<String>::new());
    let ran = world.run(&secret(USER));
    assert!(!ran.stderr.contains("secret-reference-unresolved"), "{}", ran.stderr);
    ran.says("1 reference resolved: vault http://127.0.0.1:");
}

fn the_policy_or_a_variable_turns_it_on() {
    let mut world = World::new();
    world.policy = ", enabled: true".to_owned();
    assert_eq!(string(&world.call(&[], &secret(USER)).stdout, "stringData.v"), "canary-user");
    world.policy = String::new();
    for (name, word) in [("HARDTACK_RESOLVE", "true"), ("ARGOCD_ENV_HARDTACK_RESOLVE", "1")] {
        world.set(name, word);
        assert_eq!(string(&world.call(&[], &secret(USER)).stdout, "stringData.v"), "canary-user", "{name}");
        world.variables.pop();
    }
    assert_eq!(string(&world.call(&[], &secret(USER)).stdout, "stringData.v"), USER);
}

fn a_function_resolves_its_items() {
    let world = World::new();
    let list = |text: &str, more: &str| {
        format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {{name: s}}\n  stringData:\n    v: {text}\n{more}"
        )
    };
    let ran = world.run(&list(USER, ""));
    assert!(ran.succeeded().stdout.contains("    v: canary-user\n"), "{}", ran.stdout);
    // What cannot be resolved goes back as it came, with the error as its result.
    let ran = world.run(&list("ref+vault://secret/nowhere#/a", ""));
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.contains("v: ref+vault://secret/nowhere#/a") && ran.stdout.contains("has no secret"),
        "{}",
        ran.stdout
    );
    // So does what is refused: no value leaves with it.
    let pod = "- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n  spec: {hostPID: true, containers: [{name: a, image: a}]}\n";
    let ran = world.call(&["--resolve", "--gate", "low"], &list(USER, pod));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains(&format!("v: {USER}")), "{}", ran.stdout);
}

fn files_and_check() {
    let world = World::new();
    let file = world.sandbox.write("in/s.yaml", &secret(USER));
    world.call(&["harden", "--resolve", "-o", "out", "in"], "").succeeded();
    let out = fs::read_to_string(world.sandbox.path("work/out/s.yaml")).unwrap();
    assert_eq!(string(&out, "stringData.v"), "canary-user");
    world.call(&["harden", "--resolve", "--in-place", "in"], "").succeeded();
    assert_eq!(string(&fs::read_to_string(&file).unwrap(), "stringData.v"), "canary-user");
    fs::write(&file, secret("ref+vault://secret/nowhere#/a")).unwrap();
    let kept = world.call(&["harden", "--resolve", "--in-place", "in"], "");
    kept.failed_with(2);
    assert_eq!(fs::read_to_string(&file).unwrap(), secret("ref+vault://secret/nowhere#/a"));
    fs::write(&file, secret(USER)).unwrap();
    let checked = world.call(&["check", "--resolve", "in"], "");
    assert!(!checked.stdout.contains("canary") && checked.code == 0, "{} {}", checked.stdout, checked.stderr);
    // A diff shows lines: it never resolves.
    let diff = world.call(&["diff", "--resolve", "in"], "");
    assert!(!diff.stdout.contains("canary"), "{}", diff.stdout);
}

fn nothing_goes_to_git_in_plain_text() {
    let world = World::new();
    let ran = world.call(&["--resolve", "--target", "git"], &secret(USER));
    ran.failed_with(2)
        .says("Secret/s holds resolved values and would be written in plain text")
        .says("secrets: {to: sealed}");
    world.call(&["--target", "git"], &secret("plain")).succeeded();
    // A hook stays a Secret whatever the policy says.
    let sealing = |world: &World, input: &str| {
        let mut call = world.sandbox.call("hardtack").args([
            "--resolve",
            "--target",
            "git",
            "-n",
            "shop",
            "-p",
            "policy/sealing.yaml",
        ]);
        for (name, value) in &world.variables {
            call = call.env(name, value);
        }
        call.stdin(input).run()
    };
    let certificate = crate::support::programs::root().join("testdata/sealed/test-only.cert.pem");
    let certificate = fs::read_to_string(certificate).unwrap();
    world.sandbox.write("policy/cert.pem", &certificate);
    world.sandbox.write(
        "policy/sealing.yaml",
        &format!(
            "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  gate: {{severity: never}}\n  secrets: {{to: sealed, sealed: {{certificate: cert.pem}}, resolve: {{vault: [{{address: '{}'}}]}}}}\n",
            world.kv.address
        ),
    );
    let sealed = sealing(&world, &secret(USER));
    assert!(sealed.succeeded().stdout.contains("kind: SealedSecret"), "{}", sealed.stdout);
    assert!(!sealed.stdout.contains("canary") && !sealed.stdout.contains("ref+"), "{}", sealed.stdout);
    let hook = secret(USER).replace("{name: s}", "{name: s, annotations: {helm.sh/hook: pre-install}}");
    sealing(&world, &hook).failed_with(2).says("would be written in plain text");
}

fn definitions_and_readers_are_left_alone() {
    let world = World::new();
    let input = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: a.b}}\nspec:\n  description: such as {USER} or <path:a#b>\n---\napiVersion: digitalis.io/v1\nkind: ValsSecret\nmetadata: {{name: v}}\nspec: {{data: {{a: {{ref: {USER}}}}}}}\n"
    );
    assert_eq!(world.run(&input).succeeded().stdout, input);
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apiextensions.k8s.io/v1\n  kind: CustomResourceDefinition\n  metadata: {{name: a.b}}\n  spec: {{description: {USER}}}\n"
    );
    assert_eq!(world.run(&list).succeeded().stdout, list);
    assert_eq!(world.kv.seen(), Vec::<String>::new());
}
