//! The real kubeseal opens what hardtack seals, and hardtack leaves alone what kubeseal seals.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the times are a result of their own")]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Failed;
use support::corpus;
use support::objects::{at, read};
use support::programs::{root, trial};
use support::sandbox::{Ran, Sandbox};
use yaml_rust2::Yaml;

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\n  labels: {app: shop}\n  annotations: {mine: kept}\ntype: Opaque\nimmutable: true\ndata:\n  bin: //4A\n  empty: \"\"\n  password: aHVudGVyMg==\nstringData:\n  url: postgres://shop:hunter2@db:5432/shop\n  yes: \"no\"\n";

fn main() {
    let args = libtest_mimic::Arguments::from_args();
    let trials = vec![
        trial("kubeseal_opens_every_scope", &["kubeseal"], opens_every_scope),
        trial("kubeseal_takes_no_other_place", &["kubeseal"], no_other_place),
        trial("what_kubeseal_sealed_stays", &["kubeseal"], stays),
        trial("a_hundred_values_beside_kubeseal", &["kubeseal"], hundred),
        corpus::trial("every_secret_of_the_charts_opens", &["kubeseal"], charts),
    ];
    libtest_mimic::run(&args, trials).exit();
}

fn testdata(name: &str) -> String {
    root().join("testdata/sealed").join(name).to_string_lossy().into_owned()
}

fn sealing(sandbox: &Sandbox, args: &[&str], text: &str) -> Ran {
    let certificate = testdata("test-only.cert.pem");
    let args = [&["secrets", "seal", "--cert", &certificate, "--date", "2026-11-27"], args].concat();
    sandbox.hardtack(&args, text)
}

fn seal(sandbox: &Sandbox, args: &[&str], text: &str) -> String {
    sealing(sandbox, args, text).succeeded().stdout.clone()
}

fn unseal(sandbox: &Sandbox, text: &str) -> Ran {
    let key = testdata("test-only.key.pem");
    sandbox
        .call("kubeseal")
        .args(["--recovery-unseal", "--recovery-private-key", &key, "-o", "yaml"])
        .stdin(text)
        .run()
}

fn opens_every_scope() {
    for scope in ["strict", "namespace-wide", "cluster-wide"] {
        let sandbox = Sandbox::new();
        let sealed = seal(&sandbox, &["--scope", scope], SECRET);
        let opened = unseal(&sandbox, &sealed);
        let secret = read(&opened.succeeded().stdout).remove(0);
        for (key, value) in [
            ("bin", Some("//4A")),
            ("password", Some("aHVudGVyMg==")),
            ("url", Some("cG9zdGdyZXM6Ly9zaG9wOmh1bnRlcjJAZGI6NTQzMi9zaG9w")),
            ("true", Some("bm8=")),
            ("empty", None),
        ] {
            assert_eq!(secret["data"][key].as_str(), value, "{scope} {key}:\n{}", opened.stdout);
        }
        assert!(!secret["data"]["empty"].is_badvalue(), "it is there, and null");
        assert_eq!(at(&secret, "type").as_str(), Some("Opaque"));
        assert_eq!(at(&secret, "immutable").as_bool(), Some(true));
        assert_eq!(at(&secret, "metadata.labels.app").as_str(), Some("shop"));
        assert_eq!(at(&secret, "metadata.annotations.mine").as_str(), Some("kept"));
    }
}

fn no_other_place() {
    let sandbox = Sandbox::new();
    for (scope, from, to) in
        [("strict", "name: db", "name: other"), ("namespace-wide", "namespace: shop", "namespace: other")]
    {
        let sealed = seal(&sandbox, &["--scope", scope], SECRET).replace(from, to);
        assert_ne!(unseal(&sandbox, &sealed).code, 0, "{scope}");
    }
}

fn stays() {
    let sandbox = Sandbox::new();
    let certificate = testdata("test-only.cert.pem");
    let ran = sandbox.call("kubeseal").args(["--cert", &certificate, "-o", "yaml"]).stdin(SECRET).run();
    let sealed = &ran.succeeded().stdout;
    sandbox.write("pub-cert.pem", &std::fs::read_to_string(&certificate).unwrap());
    sandbox.write(
        "policy.yaml",
        "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {secrets: {to: sealed, sealed: {certificate: pub-cert.pem}}}\n",
    );
    let ran = sandbox.hardtack(&["-p", "policy.yaml", "--date", "2026-11-27"], sealed);
    assert_eq!(&ran.succeeded().stdout, sealed);
    let own = read(&seal(&sandbox, &[], SECRET)).remove(0);
    let theirs = read(sealed).remove(0);
    let template = "spec.template.metadata";
    let of_template = ["name", "namespace", "labels", "annotations"].map(|key| format!("{template}.{key}"));
    let others = ["apiVersion", "kind", "spec.template.type", "spec.template.immutable"].map(str::to_owned);
    for route in others.iter().chain(&of_template) {
        assert!(!at(&own, route).is_badvalue(), "{route}");
        assert_eq!(at(&own, route), at(&theirs, route), "{route}");
    }
    let count = |object: &Yaml| at(object, template).as_hash().map(yaml_rust2::yaml::Hash::len);
    assert_eq!(count(&own), count(&theirs));
}

/// What the charts' Secrets hold is what kubeseal takes out of their sealed form, key by key.
fn charts() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let (mut sealed_objects, mut with_secrets) = (0, 0);
    for (name, text) in corpus::charts() {
        let text = String::from_utf8(text)?;
        if !text.lines().any(|line| line == "kind: Secret") {
            continue;
        }
        with_secrets += 1;
        let originals: Vec<Yaml> =
            read(&text).into_iter().filter(|it| it["kind"].as_str() == Some("Secret")).collect();
        let ran = sealing(&sandbox, &["--scope", "cluster-wide"], &text);
        if ran.stderr.contains("there is no Secret to seal") {
            continue;
        }
        let sealed = &ran.succeeded().stdout;
        for document in sealed.split("\n---").filter(|it| it.contains("\nkind: SealedSecret\n")) {
            let document = document.split_once('\n').map_or("", |(_, rest)| rest);
            let object = read(document).remove(0);
            let wanted = at(&object, "metadata.name");
            let original = originals.iter().find(|it| at(it, "metadata.name") == wanted);
            let original = original.ok_or_else(|| format!("{name}: {wanted:?} was no Secret"))?;
            // kubeseal takes none without a namespace; this scope opens in any.
            let placed = document.replacen("metadata:\n", "metadata:\n  namespace: any\n", 1);
            let placed =
                if at(&object, "metadata.namespace").is_badvalue() { placed } else { document.to_owned() };
            let opened = unseal(&sandbox, &placed);
            let opened = read(&opened.succeeded().stdout).remove(0);
            same(&name, original, &opened)?;
            sealed_objects += 1;
        }
    }
    eprintln!("{sealed_objects} Secrets of {with_secrets} charts opened");
    if sealed_objects > 0 { Ok(()) } else { Err("nothing was sealed".into()) }
}

fn same(chart: &str, original: &Yaml, opened: &Yaml) -> Result<(), Failed> {
    let texts = |object: &Yaml, map: &str| -> Vec<(String, String)> {
        let entries = object[map].as_hash().into_iter().flatten();
        let text = |value: &Yaml| value.as_str().unwrap_or_default().replace(['\r', '\n'], "");
        entries.map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), text(value))).collect()
    };
    let encoded = |value: &Yaml| STANDARD.encode(value.as_str().unwrap_or_default());
    let mut wanted: BTreeMap<String, String> = texts(original, "data").into_iter().collect();
    for (key, value) in original["stringData"].as_hash().into_iter().flatten() {
        wanted.insert(key.as_str().unwrap_or_default().to_owned(), encoded(value));
    }
    let found: BTreeMap<String, String> = texts(opened, "data").into_iter().collect();
    if wanted == found { Ok(()) } else { Err(format!("{chart}: {:?}", at(original, "metadata.name")).into()) }
}

/// Each on its own certificate; the time of a whole process.
fn hundred() {
    let values: String = (0..100).map(|number| format!("  key{number}: value-{number}\n")).collect();
    let text =
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a, namespace: b}}\nstringData:\n{values}");
    let sandbox = Sandbox::new();
    let start = Instant::now();
    let sealed = seal(&sandbox, &[], &text);
    let own = start.elapsed();
    assert_eq!(read(&sealed)[0]["spec"]["encryptedData"].as_hash().unwrap().len(), 100);
    let certificate = testdata("test-only.cert.pem");
    let start = Instant::now();
    sandbox.call("kubeseal").args(["--cert", &certificate, "-o", "yaml"]).stdin(text).run().succeeded();
    eprintln!("100 values: hardtack {own:?}, kubeseal {:?}", start.elapsed());
    assert!(own.as_secs() < 10, "{own:?}, without optimisation");
}
