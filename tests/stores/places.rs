//! Files, variables and commands: what the policy allows, and how much a chart may not.

use libtest_mimic::Trial;

use crate::kv::Kv;
use crate::world::{World, secret};

pub fn trials() -> Vec<Trial> {
    crate::plain(
        "places",
        &[
            ("the_first_place_that_has_it", the_first_place_that_has_it),
            ("a_place_that_fails_ends_the_search", a_place_that_fails_ends_the_search),
            ("commands_of_references", commands_of_references),
            ("a_command_sees_nothing_it_need_not", a_command_sees_nothing_it_need_not),
            ("commands_that_fail", commands_that_fail),
            ("files_of_references", files_of_references),
            ("variables_of_references", variables_of_references),
            ("backends_by_command", backends_by_command),
            ("a_chart_chooses_no_server", a_chart_chooses_no_server),
            ("without_a_policy_nothing_is_asked", without_a_policy_nothing_is_asked),
        ],
    )
}

fn the_first_place_that_has_it() {
    let mut world = World::new();
    world.sandbox.script("get", "case $1 in c) printf 'canary-command\\n';; esac");
    world.sandbox.write("policy/mounted/a/k", "canary-mounted\n");
    world.sandbox.write("policy/more/d.yaml", "k: canary-file # of YAML\nn: 0755\n");
    world.sandbox.write("policy/more/e.json", "{\"k\": \"canary-json\"}");
    world.policy = ", order: [{mount: mounted}, {environment: SHOP_}, {command: [get, \"{name}\", \"{key}\"]}, {file: \"more/{name}.yaml\"}, \
                    {file: \"more/{name}.json\"}, {vault: \"secret/shop/{name}\"}]"
        .to_owned();
    for name in ["A_K", "B_K_X_Y"] {
        world.set(&format!("SHOP_{name}"), "canary-variable");
    }
    for (text, value) in [
        ("hardtack://a/k", "canary-mounted\n"),
        ("hardtack://b/k-x.y", "canary-variable"),
        ("hardtack://c/k", "canary-command"),
        ("hardtack://d/k", "canary-file"),
        ("hardtack://d/n", "0755"),
        ("hardtack://e/k", "canary-json"),
        ("u:hardtack://db/user+@", "u:hardtack://db/user+@"),
        ("u=hardtack://db/user+@", "u=canary-user@"),
    ] {
        assert_eq!(world.value(text), value, "{text}");
    }
    let words = world.refused("hardtack://nothing/k");
    for looked in [
        "the folder ",
        "the variable SHOP_NOTHING_K",
        "the command get",
        "nothing.yaml",
        "Vault's secret/shop/nothing",
    ] {
        assert!(words.contains(looked), "{looked}: {words}");
    }
}

fn a_place_that_fails_ends_the_search() {
    let mut world = World::new();
    world.set("SHOP_A_K", "canary-variable");
    world.policy = ", order: [{command: ['false']}, {environment: SHOP_}]".to_owned();
    assert!(world.refused("hardtack://a/k").contains("false ended with exit code 1"));
    world.policy = ", order: [{environment: SHOP_}]".to_owned();
    world.set("SHOP_A_K", "");
    assert!(world.refused("hardtack://a/k").contains("environment has an empty value"));
    world.policy = String::new();
    assert!(world.refused("hardtack://a/k").contains("names no place to look for it"));
    world.policy = ", order: [{environment: A_, mount: b}]".to_owned();
    world.run("a: b\n").failed_with(2).says("exactly one of mount, environment").says("hardtack.yaml:5");
}

fn commands_of_references() {
    let mut world = World::new();
    let mark = world.sandbox.path("work/mark");
    world.sandbox.script("leave", &format!("touch {}; printf \"canary-%s\" \"$*\"", mark.display()));
    for text in [
        "ref+exec://leave",
        "ref+exec://leave/a?args=b,c",
        "ref+exec:///bin/sh?args=-c,id",
        "secretref+exec://leave/a/b",
    ] {
        assert!(world.refused(text).contains("a command that the policy does not allow"), "{text}");
    }
    assert!(!mark.exists(), "a chart ran a command");
    world.policy = ", exec: [[leave, a, b, c]]".to_owned();
    assert_eq!(world.value("ref+exec://leave/a?args=b,c"), "canary-a b c");
    for text in
        ["ref+exec://leave/a/b", "ref+exec://leave/a?args=b,c,d", "ref+exec://leave/a?args=b,c&env_PATH=x"]
    {
        world.refused(text);
    }
    // No shell reads its words.
    world.policy = ", exec: [[leave, '$(id)', ';', '*']]".to_owned();
    assert_eq!(world.value("ref+exec://leave/$(id)/;/*"), "canary-$(id) ; *");
}

fn a_command_sees_nothing_it_need_not() {
    let mut world = World::new();
    world.set("SHOP_SECRET", "canary-environment");
    world.set("AWS_SECRET_ACCESS_KEY", "canary-key");
    world.policy = ", exec: [[env]], pass: [SHOP_*]".to_owned();
    let seen = world.value("ref+exec://env");
    assert!(seen.contains("SHOP_SECRET=canary-environment") && seen.contains("PATH="), "{seen}");
    assert!(!seen.contains("AWS_SECRET_ACCESS_KEY") && !seen.contains("VAULT_TOKEN"), "{seen}");
}

fn commands_that_fail() {
    let mut world = World::new();
    world.sandbox.script("loud", "echo canary-loud >&2; echo canary-loud; exit 7");
    world.sandbox.script("slow", "echo canary-slow >&2; sleep 20");
    world.policy = ", timeout: 3s, exec: [[loud], [slow], [nowhere-at-all], ['true'], ['yes']]".to_owned();
    for (text, why) in [
        ("ref+exec://loud", "loud ended with exit code 7"),
        ("ref+exec://slow", "slow took too long and was ended"),
        ("ref+exec://nowhere-at-all", "cannot start nowhere-at-all: no such program"),
        ("ref+exec://true", "true prints nothing"),
        ("ref+exec://yes", "prints more than 1048576 bytes"),
    ] {
        let words = world.refused(text);
        assert!(words.contains(why), "{text}: {words}");
    }
}

fn files_of_references() {
    let mut world = World::new();
    world.sandbox.write("policy/secrets/db.yaml", "a: {b: canary-b}\nn: 1.50\nt: |\n  canary-x\n  y\n");
    world.sandbox.write("policy/other", "canary-other");
    assert!(world.refused("ref+file://secrets/db.yaml#/a/b").contains("lets references read no files"));
    world.policy = ", files: [secrets]".to_owned();
    assert_eq!(world.value("ref+file://secrets/db.yaml#/a/b"), "canary-b");
    assert_eq!(world.value("ref+file://./secrets/db.yaml#/n"), "1.50");
    assert_eq!(world.value("ref+file://secrets/db.yaml#/t"), "canary-x\ny\n");
    assert!(world.value("ref+file://secrets/db.yaml").starts_with("a: {b: canary-b}\n"));
    for text in [
        "ref+file://other",
        "ref+file:///etc/passwd",
        "ref+file://secrets/../other",
        "ref+file://secrets/%2e%2e/other",
    ] {
        assert!(
            world.refused(text).contains("not below a folder that the policy lets references read"),
            "{text}"
        );
    }
    assert!(world.refused("ref+file://secrets/nowhere").contains("no such file"));
    assert!(world.refused("ref+file://secrets/db.yaml#/a").contains("several values"));
    assert!(
        world.refused("ref+file://secrets/db.yaml?mode=x").contains("the parameter \"mode\" is not taken")
    );
}

fn variables_of_references() {
    let mut world = World::new();
    world.set("SHOP_USER", "canary-user");
    world.set("SHOP_EMPTY", "");
    assert!(
        world
            .refused("ref+envsubst://$SHOP_USER")
            .contains("does not let references name the variable SHOP_USER")
    );
    assert!(world.refused("ref+envsubst://$VAULT_TOKEN").contains("does not let references name"));
    world.policy = ", environment: [SHOP_*]".to_owned();
    assert_eq!(world.value("ref+envsubst://$SHOP_USER"), "canary-user");
    assert_eq!(world.value("u=ref+envsubst://${SHOP_USER}-x+;"), "u=canary-user-x;");
    assert!(world.refused("ref+envsubst://$SHOP_EMPTY").contains("is empty"));
    assert!(world.refused("ref+envsubst://$SHOP_NONE").contains("is not set"));
    assert!(world.refused("ref+envsubst://$VAULT_TOKEN").contains("does not let references name"));
}

fn backends_by_command() {
    let mut world = World::new();
    world.sandbox.script("show", "printf 'canary %s' \"$*\"");
    assert!(
        world.refused("ref+gcpsecrets://shop/db#/a").contains("gcpsecrets is not served by hardtack itself")
    );
    assert!(world.refused("ref+gcpsecret://shop/db").contains("did you mean \"gcpsecrets\""));
    world.policy = ", backends: {gcpsecrets: [show, '{reference}'], op: [show, '{path}', --], doppler: [show, -k, '{key}']}".to_owned();
    assert_eq!(world.value("ref+gcpsecrets://shop/db#/a"), "canary ref+gcpsecrets://shop/db#/a");
    assert_eq!(world.value("ref+op://vault/item"), "canary vault/item --");
    assert_eq!(world.value("ref+doppler://x/y#/k"), "canary -k k");
    assert!(world.refused("ref+op://--help").contains("taken for an option"));
}

fn a_chart_chooses_no_server() {
    let world = World::new();
    let other = Kv::http();
    let text = format!("ref+vault://secret/shop/db?address={}#/user", other.address);
    assert!(world.refused(&text).contains("a Vault server that the policy does not name"));
    for param in [
        "host=evil",
        "proto=http",
        "token_env=PATH",
        "token_file=/etc/passwd",
        "auth_method=approle",
        "role_id=x",
    ] {
        assert!(
            world
                .refused(&format!("ref+vault://secret/shop/db?{param}#/user"))
                .contains("is not taken from a reference"),
            "{param}"
        );
    }
    assert!(
        world
            .refused("ref+awssecrets://x?region=eu-west-1")
            .contains("the region eu-west-1, which the policy does not name")
    );
    assert!(world.refused("ref+awssecrets://x?role_arn=a").contains("is not taken"));
    assert!(world.refused("ref+awssecrets://x").contains("names no AWS Secrets Manager"));
    assert_eq!(other.seen(), Vec::<String>::new());
    assert_eq!(world.kv.seen(), Vec::<String>::new());
}

fn without_a_policy_nothing_is_asked() {
    let world = World::new();
    let call = world.sandbox.call("hardtack").arg("--resolve").env("VAULT_ADDR", &world.kv.address);
    let ran =
        call.env("VAULT_TOKEN", crate::kv::TOKEN).stdin(secret("ref+vault://secret/shop/db#/user")).run();
    ran.failed_with(2).says("the policy names no Vault server").says("help: secrets: {resolve: {vault:");
    assert_eq!(world.kv.seen(), Vec::<String>::new());
}
