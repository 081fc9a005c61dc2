//! What Vault holds, by every manner of reference.

use libtest_mimic::Trial;
use serde_json::json;

use crate::kv::{JWT, Kv};
use crate::world::{World, secret, string};

pub fn trials() -> Vec<Trial> {
    crate::plain(
        "vault",
        &[
            ("references_of_vals", references_of_vals),
            ("placeholders_and_their_modifiers", placeholders_and_their_modifiers),
            ("base64_is_decoded_and_encoded_again", base64_is_decoded_and_encoded_again),
            ("annotations_of_argocd_vault_plugin", annotations_of_argocd_vault_plugin),
            ("references_in_references", references_in_references),
            ("missing_and_empty_values_are_errors", missing_and_empty_values_are_errors),
            (
                "a_namespace_and_the_first_version_of_the_engine",
                a_namespace_and_the_first_version_of_the_engine,
            ),
            ("the_service_account_of_a_pod", the_service_account_of_a_pod),
            ("tokens_from_files_and_variables", tokens_from_files_and_variables),
            ("one_secret_is_asked_for_once", one_secret_is_asked_for_once),
        ],
    )
}

fn references_of_vals() {
    let world = World::new();
    for (text, value) in [
        ("ref+vault://secret/shop/db#/password", "canary-p@ss w0rd"),
        ("secretref+vault://secret/shop/db/password", "canary-p@ss w0rd"),
        ("ref+openbao://secret/shop/db#/password+", "canary-p@ss w0rd"),
        ("ref+vault://secret/shop/db?version=1#/password", "canary-old"),
        ("ref+vault://secret/shop/db#/pin", "4711"),
        ("u=ref+vault://secret/shop/db#/user+&p=ref+vault://secret/shop/db#/pin+!", "u=canary-user&p=4711!"),
        ("{\"u\":\"ref+vault://secret/shop/db#/user\"}", "{\"u\":\"canary-user\"}"),
        ("ref+vault://secret/shop/db#/pem", "canary-line\nanother\n"),
        ("ref+echo://a/b#/a", "b"),
        ("ref+echo://a+ref+echo://b", "ab"),
    ] {
        assert_eq!(world.value(text), value, "{text}");
    }
    let address = world.kv.address.clone();
    let text = format!("ref+vault://secret/shop/db?address={address}#/user");
    assert_eq!(world.value(&text), "canary-user");
}

fn placeholders_and_their_modifiers() {
    let world = World::new();
    for (text, value) in [
        ("<path:secret/data/shop/db#user>", "canary-user"),
        ("<path:secret/data/shop/db#password#1>", "canary-old"),
        ("a <path:secret/data/shop/db#user | base64encode> b", "a Y2FuYXJ5LXVzZXI= b"),
        ("<path:secret/data/shop/db#json | jsonPath {.a.b}>", "canary-inner"),
        (
            "<path:secret/data/shop/db#json | jsonParse | jsonPath {.a} | base64encode | base64decode>",
            "{\"b\":\"canary-inner\"}",
        ),
        ("a:\n  <path:secret/data/shop/db#pem | indent 2>", "a:\n  canary-line\n  another\n"),
        ("<path:secret/data/shop/db#pin | sha256sum>", sha256("4711").as_str()),
    ] {
        assert_eq!(world.value(text), value, "{text}");
    }
    assert!(world.refused("<path:secret/data/shop/db#json | jsonParse>").contains("several values"));
    assert!(world.refused("<path:secret/data/shop/db#user | base64decode>").contains("no base64"));
    assert!(world.refused("<path:secret/data/shop/db#yaml | yamlParse>").contains("no YAML"));
    assert!(world.refused("<path:secret/data/shop/db#user | nope>").contains("unknown modifier"));
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64_is_decoded_and_encoded_again() {
    let world = World::new();
    let encode = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let run = |text: &str| {
        let input = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  v: {text}\n");
        let ran = world.run(&input);
        (ran.code, if ran.code == 0 { string(&ran.stdout, "data.v") } else { ran.stderr })
    };
    let url = "pg://ref+vault://secret/shop/db#/user+@db";
    assert_eq!(run(&encode(url)), (0, encode("pg://canary-user@db")));
    assert_eq!(run("ref+vault://secret/shop/db#/user"), (0, encode("canary-user")));
    assert_eq!(run("<path:secret/data/shop/db#user>"), (0, encode("canary-user")));
    assert_eq!(run("'<path:secret/data/shop/db#user | base64encode>'"), (0, encode("canary-user")));
    let (code, words) = run("user=<path:secret/data/shop/db#user>");
    assert!(code == 2 && words.contains("beside other text where base64 is expected"), "{words}");
}

fn annotations_of_argocd_vault_plugin() {
    let world = World::new();
    let run = |annotations: &str, value: &str| {
        let head =
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s, annotations: {{{annotations}}}}}\n");
        world.run(&format!("{head}stringData:\n  a: b\n  v: {value}\n"))
    };
    let path = "avp.kubernetes.io/path: secret/data/shop/db";
    assert_eq!(string(&run(path, "<user>").stdout, "stringData.v"), "canary-user");
    assert_eq!(string(&run("", "<user>").stdout, "stringData.v"), "<user>");
    let old = run(&format!("{path}, avp.kubernetes.io/secret-version: \"1\""), "<password>");
    assert_eq!(string(&old.stdout, "stringData.v"), "canary-old");
    let ignored = run(&format!("{path}, avp.kubernetes.io/ignore: \"true\""), "<user>");
    assert_eq!(string(&ignored.stdout, "stringData.v"), "<user>");
    let gone = run(&format!("{path}, avp.kubernetes.io/remove-missing: \"true\""), "<nothing>");
    gone.succeeded().says("removed, as they are missing: Secret/s, line 6, stringData.v");
    assert!(gone.stdout.ends_with("stringData:\n  a: b\n"), "{}", gone.stdout);
    run(path, "<nothing>").failed_with(2).says("has no key nothing");
    world.kv.put("one", json!({"a": "canary-first"}));
    run("avp.kubernetes.io/path: secret/data/one, avp.kubernetes.io/kv-version: \"3\"", "<a>")
        .failed_with(2)
        .says("neither 1 nor 2");
}

fn references_in_references() {
    let world = World::new();
    world.kv.put("names", json!({"where": "shop/db", "key": "user", "trick": "ref+vault://secret/shop/db#/password", "up": "../../sys/seal"}));
    let inner = "ref+vault://secret/names#/";
    assert_eq!(world.value(&format!("ref+vault://secret/{inner}where+#/{inner}key")), "canary-user");
    // A value is never read as a reference.
    assert_eq!(world.value(&format!("{inner}trick")), "ref+vault://secret/shop/db#/password");
    assert_eq!(world.value(&format!("ref+echo://x/{inner}trick")), "x/ref+vault://secret/shop/db#/password");
    assert!(world.refused(&format!("ref+vault://secret/{inner}up+#/a")).contains("no path in Vault"));
    let seen = world.kv.seen();
    assert!(!seen.iter().any(|line| line.contains("seal") || line.contains("..")), "{seen:?}");
}

fn missing_and_empty_values_are_errors() {
    let world = World::new();
    world.kv.put("gone", json!({"a": "canary"}));
    world.kv.delete("gone");
    for (text, why) in [
        ("ref+vault://secret/nowhere#/a", "has no secret secret/nowhere"),
        ("ref+vault://secret/shop/db#/nothing", "has no key nothing"),
        ("ref+vault://secret/shop/db#/password/below", "has no key password/below"),
        ("ref+vault://secret/shop/db?version=9#/password", "has no secret secret/shop/db in version 9"),
        ("ref+vault://secret/gone#/a", "secret/gone was deleted"),
        ("ref+vault://secret/shop/db#/empty", "has an empty value"),
        ("<path:secret/data/shop/db#empty | base64encode>", "has an empty value"),
        ("ref+vault://secret/shop/db?version=x#/password", "the version is no number"),
        ("ref+vault://x", "names no key"),
        ("ref+vault://secret/%zz#/a", "% that is no escape"),
    ] {
        let words = world.refused(text);
        assert!(words.contains(why), "{text}: {words}");
        assert!(words.contains("error: ") && words.contains("help: "), "{words}");
    }
    let two = secret("ref+vault://secret/nowhere#/a ref+vault://secret/nowhere#/b+");
    world
        .run(&two)
        .failed_with(2)
        .says("2 references cannot be resolved")
        .says("secret/nowhere#/b in Secret/s");
}

fn a_namespace_and_the_first_version_of_the_engine() {
    let mut world = World::new();
    world.kv.only_in("team");
    assert!(world.refused("ref+vault://secret/shop/db#/user").contains("has no secret"));
    world.server = ", namespace: team".to_owned();
    assert_eq!(world.value("ref+vault://secret/shop/db#/user"), "canary-user");
    assert_eq!(world.value("ref+vault://secret/shop/db?namespace=team#/user"), "canary-user");
    assert!(world.refused("ref+vault://secret/shop/db?namespace=root#/user").contains("another namespace"));
    world.server = ", namespace: team, kv: 1".to_owned();
    assert_eq!(world.value("<path:kv1/shop/db#user>"), "canary-user");
}

fn the_service_account_of_a_pod() {
    let mut world = World::new();
    world.variables.clear();
    let file = world.sandbox.write("policy/token", &format!("{JWT}\n"));
    world.server = format!(", auth: {{kubernetes: {{role: deploy, tokenFile: {}}}}}", file.display());
    assert_eq!(world.value("ref+vault://secret/shop/db#/user"), "canary-user");
    world.server = ", auth: {kubernetes: {role: other, tokenFile: token}}".to_owned();
    assert!(
        world
            .refused("ref+vault://secret/shop/db#/user")
            .contains("answers 403 on logging in with the role other")
    );
    world.server = ", auth: {kubernetes: {role: deploy, tokenFile: nowhere}}".to_owned();
    assert!(
        world.refused("ref+vault://secret/shop/db#/user").contains("nowhere, which should hold the token")
    );
}

fn tokens_from_files_and_variables() {
    let mut world = World::new();
    let token = crate::kv::TOKEN;
    world.variables.clear();
    assert!(world.refused("ref+vault://secret/shop/db#/user").contains("no token for Vault"));
    assert_eq!(world.kv.seen(), Vec::<String>::new());
    world.sandbox.write("policy/vault-token", &format!("{token}\n"));
    world.server = ", auth: {tokenFile: vault-token}".to_owned();
    assert_eq!(world.value("ref+vault://secret/shop/db#/user"), "canary-user");
    world.server = ", auth: {tokenVariable: DEPLOY_TOKEN}".to_owned();
    world.set("DEPLOY_TOKEN", token);
    assert_eq!(world.value("ref+vault://secret/shop/db#/user"), "canary-user");
    world.set("DEPLOY_TOKEN", "hvs.canary\ninjected: header");
    assert!(world.refused("ref+vault://secret/shop/db#/user").contains("DEPLOY_TOKEN holds is no token"));
}

fn one_secret_is_asked_for_once() {
    let world = World::with(Kv::http());
    let three =
        "ref+vault://secret/shop/db#/user+ref+vault://secret/shop/db#/pin+<path:secret/data/shop/db#user>";
    assert_eq!(world.value(three), "canary-user4711canary-user");
    // The placeholder names the path of the API, which is another question.
    assert!(world.kv.seen().len() <= 2, "{:?}", world.kv.seen());
    let two = "ref+vault://secret/shop/db#/user+ref+vault://secret/shop/db#/pin";
    let before = world.kv.seen().len();
    world.value(two);
    assert_eq!(world.kv.seen().len(), before + 1);
}
