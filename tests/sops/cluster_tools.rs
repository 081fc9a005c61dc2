//! What kustomize and Helm 4 do to encrypted objects on the way, and that sops still decrypts them.

use libtest_mimic::Trial;

use crate::people::Someone;
use crate::support::programs::trial;
use crate::written::{sealed, secret};
use hardtack::secrets::sops::Terms;
use hardtack::yaml::Data;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("survives_kustomize", &["sops", "kustomize"], survives_kustomize),
        trial("survives_helm4_as_its_post_renderer", &["sops", "helm4"], survives_helm4_as_its_post_renderer),
        trial("helm3_passes_it_on", &["sops", "helm3"], helm3_passes_it_on),
        trial("a_policy_encrypts_in_helm4", &["sops", "helm4"], a_policy_encrypts_in_helm4),
        trial("a_policy_encrypts_in_kustomize", &["sops", "kustomize"], a_policy_encrypts_in_kustomize),
    ]
}

fn values(text: &str) -> Data {
    let read: Data = serde_json::from_str(text).unwrap();
    serde_json::json!([read["data"], read["stringData"]])
}

fn survives_kustomize() {
    let someone = Someone::new();
    for (mac_only_encrypted, more) in [
        (true, ""),
        (false, ""),
        (
            true,
            "namespace: other\nnamePrefix: pre-\nnameSuffix: -suf\nlabels:\n  - pairs: {team: a}\n    includeSelectors: true\ncommonAnnotations: {note: b}\n",
        ),
    ] {
        let terms = Terms { mac_only_encrypted, ..someone.terms() };
        let mut object = secret();
        for (at, key) in ["a1", "A", "a-b", "a.b", "a_b", "ab", "key02", "1", "10", "9", "x-10", "x-9", "Z"]
            .iter()
            .enumerate()
        {
            object["data"][*key] = format!("YW{at:02}").into();
        }
        someone.sandbox.write("base/secret.yaml", &sealed(&object, &terms));
        someone.sandbox.write("base/kustomization.yaml", &format!("resources: [secret.yaml]\n{more}"));
        let built =
            someone.sandbox.call("kustomize").args(["build", "base"]).run().succeeded().stdout.clone();
        assert_eq!(built.contains("pre-demo-suf"), !more.is_empty());
        someone.sandbox.write("given.yaml", &built);
        let ran = someone.sops(&["decrypt", "--output-type", "json", "given.yaml"], "");
        assert_eq!(values(&ran.succeeded().stdout), values(&object.to_string()), "{built}");
        assert!(hardtack::secrets::sops::decrypt(&built, &someone.keyring()).is_ok());
    }
}

const TEMPLATES: [(&str, &str); 2] = [
    (
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-db\ndata:\n  password: {{ \"hunter2\" | b64enc }}\n",
    ),
    ("map.yaml", "# kept\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: open}\ndata: {a: b}\n"),
];

/// The Secret's document of a rendered stream.
fn secret_of(stream: &str) -> String {
    let documents = stream.split("\n---\n").map(|it| it.trim_start_matches("---\n"));
    documents.filter(|it| it.contains("kind: Secret")).map(|it| format!("{it}\n")).next().unwrap()
}

fn survives_helm4_as_its_post_renderer() {
    let someone = Someone::new();
    let chart = someone.sandbox.chart("shop", &TEMPLATES);
    let plugin = someone.sandbox.plugins("helm4").join("seal");
    std::fs::create_dir_all(&plugin).unwrap();
    let manifest = "apiVersion: v1\nname: seal\ntype: postrenderer/v1\nversion: 0.1.0\nruntime: subprocess\n\
                    runtimeConfig: {platformCommand: [{command: seal}]}\n";
    std::fs::write(plugin.join("plugin.yaml"), manifest).unwrap();
    someone.sandbox.script("seal", &format!("exec hardtack secrets encrypt --age {}", someone.recipient));
    let call = someone
        .sandbox
        .call("helm4")
        .args(["template", "shop"])
        .arg(&chart)
        .args(["--post-renderer", "seal"]);
    let rendered = call.run().succeeded().stdout.clone();
    assert!(
        !rendered.contains("postrenderer.helm.sh/postrender-filename"),
        "Helm takes its annotation back:\n{rendered}"
    );
    assert!(rendered.contains("kind: ConfigMap"), "{rendered}");
    let read = someone.decrypted(&secret_of(&rendered));
    assert!(read.contains("password: aHVudGVyMg==") && read.contains("name: shop-db"), "{read}");
}

fn helm3_passes_it_on() {
    let someone = Someone::new();
    let chart = someone.sandbox.chart("shop", &TEMPLATES);
    let script =
        someone.sandbox.script("seal", &format!("exec hardtack secrets encrypt --age {}", someone.recipient));
    let call = someone.sandbox.call("helm3").args(["template", "shop"]).arg(&chart);
    let rendered = call.arg("--post-renderer").arg(script).run().succeeded().stdout.clone();
    assert!(someone.decrypted(&secret_of(&rendered)).contains("password: aHVudGVyMg=="), "{rendered}");
    assert!(rendered.contains("# kept"), "other documents keep every byte:\n{rendered}");
}

/// The policy of a team whose controller decrypts what it finds in a repository.
fn policy(someone: &Someone) -> String {
    format!(
        "apiVersion: hardtack.dev/v1\nkind: Policy\nmetadata: {{name: git}}\nspec: {{gate: {{severity: never}}, secrets: {{to: sops, sops: {{age: {}}}}}}}\n",
        someone.recipient
    )
}

fn a_policy_encrypts_in_helm4() {
    let someone = Someone::new();
    let chart = someone.sandbox.chart("shop", &TEMPLATES);
    someone.sandbox.link_helm4_plugin();
    let policy = someone.sandbox.write("hardtack.yaml", &policy(&someone));
    let template = |words: &[&str]| {
        let call = someone.sandbox.call("helm4").args(["template", "shop"]).arg(&chart);
        let words = words.iter().flat_map(|word| ["--post-renderer-args", *word]);
        call.args(["--post-renderer", "hardtack"]).args(words).env("HARDTACK_POLICY", &policy).run()
    };
    let refused = template(&[]);
    assert_ne!(refused.code, 0, "{}", refused.stdout);
    refused.says("ciphertext would become the password");
    let rendered = template(&["--target=git"]).succeeded().stdout.clone();
    let read = someone.decrypted(&secret_of(&rendered));
    assert!(read.contains("password: aHVudGVyMg==") && read.contains("name: shop-db"), "{read}");
}

fn a_policy_encrypts_in_kustomize() {
    let someone = Someone::new();
    let sandbox = &someone.sandbox;
    sandbox.write("hardtack.yaml", &policy(&someone));
    sandbox.write("secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: hunter2, key2: a, key10: b}\n");
    let function = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: harden\n  annotations:\n    \
                    config.kubernetes.io/function: \"exec: {path: hardtack}\"\ndata: {}\n";
    sandbox.write("harden.yaml", function);
    sandbox.write(
        "kustomization.yaml",
        "resources: [secret.yaml]\ntransformers: [harden.yaml]\nnamespace: other\nnamePrefix: pre-\n",
    );
    let build = || {
        sandbox
            .call("kustomize")
            .args(["build", ".", "--enable-alpha-plugins", "--enable-exec"])
            .env("HARDTACK_POLICY", "hardtack.yaml")
    };
    let rendered = build().env("HARDTACK_TARGET", "git").run().succeeded().stdout.clone();
    assert!(rendered.contains("namespace: other") && !rendered.contains("hunter2"), "{rendered}");
    let read = someone.decrypted(&rendered);
    assert!(read.contains("password: hunter2") && read.contains("name: pre-db"), "{read}");
    let refused = build().run();
    assert_ne!(refused.code, 0);
    refused.says("ciphertext would become the password");
}
