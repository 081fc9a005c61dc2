//! A Secret becomes a SealedSecret or an ExternalSecret in a release that is installed: the live Secret survives every
//! step, by both Helms.

use libtest_mimic::Trial;

use crate::support::cluster::{enforce, establish, kubeconfig, live, put};
use crate::support::programs::root;
use crate::support::sandbox::{Call, Ran, Sandbox};
use crate::support::tools;

/// The least that serves both kinds.
const DEFINITIONS: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: sealedsecrets.bitnami.com}
spec:
  group: bitnami.com
  names: {kind: SealedSecret, plural: sealedsecrets, singular: sealedsecret}
  scope: Namespaced
  versions: [{name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: externalsecrets.external-secrets.io}
spec:
  group: external-secrets.io
  names: {kind: ExternalSecret, plural: externalsecrets, singular: externalsecret}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
";

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, labels: {app: shop}}\ntype: Opaque\nstringData: {password: canary-Xk2p9, revision: '{{ .Release.Revision }}'}\n";

pub fn trials() -> Vec<Trial> {
    let absent = kubeconfig().err();
    if absent.is_none() {
        establish(&[("definitions".to_owned(), DEFINITIONS.as_bytes().to_vec())]);
    }
    let mut all = Vec::new();
    for helm in ["helm3", "helm4"] {
        for form in ["sealed", "external"] {
            all.push(tools::optional(
                absent.clone(),
                format!("{helm}_adopted_secret_survives_to_{form}"),
                move || {
                    survives(&Release::new(helm, form, "adopted"));
                    Ok(())
                },
            ));
        }
        all.push(tools::optional(
            absent.clone(),
            format!("{helm}_without_adoption_the_live_secret_goes"),
            move || {
                goes(&Release::new(helm, "sealed", "direct"));
                Ok(())
            },
        ));
    }
    all
}

struct Release {
    helm: &'static str,
    form: &'static str,
    namespace: String,
    sandbox: Sandbox,
}

impl Release {
    fn new(helm: &'static str, form: &'static str, what: &str) -> Self {
        let namespace = format!("{what}-{form}-{helm}");
        enforce(&namespace);
        let sandbox = Sandbox::new();
        if helm == "helm4" {
            sandbox.link_helm4_plugin();
        }
        sandbox.chart("shop", &[("db.yaml", SECRET)]);
        let certificate =
            std::fs::read_to_string(root().join("testdata/sealed/test-only.cert.pem")).expect("it is there");
        sandbox.write("pub-cert.pem", &certificate);
        let policy = |file: &str, adopted: bool| {
            let spec = match form {
                "sealed" => "to: sealed, sealed: {certificate: pub-cert.pem}",
                _ => "to: external, external: {store: {name: vault}}",
            };
            let text = format!(
                "apiVersion: hardtack.dev/v1\nkind: Policy\nspec: {{secrets: {{adopted: {adopted}, {spec}}}}}\n"
            );
            sandbox.write(file, &text);
        };
        policy("before.yaml", false);
        policy("after.yaml", true);
        Self { helm, form, namespace, sandbox }
    }

    fn call(&self, words: &[&str]) -> Call {
        self.sandbox
            .call(self.helm)
            .args(words)
            .args(["--namespace", &self.namespace])
            .env("KUBECONFIG", kubeconfig().expect("there is a server"))
            .env("HARDTACK_NAMESPACE", &self.namespace)
            .env("HARDTACK_DATE", "2026-11-27")
    }

    /// `helm install` or `upgrade` through hardtack with these words.
    fn deploy(&self, command: &str, policy: &str, words: &[&str]) -> Ran {
        let rendered = ["--post-renderer", "hardtack"].into_iter();
        let words = words.iter().flat_map(|word| ["--post-renderer-args", *word]);
        self.call(&[command, "db", "shop"]).args(rendered.chain(words)).env("HARDTACK_POLICY", policy).run()
    }

    /// The uid of a live object of this kind.
    fn live(&self, kind: &str) -> Option<String> {
        let version = match kind {
            "SealedSecret" => "bitnami.com/v1alpha1",
            "ExternalSecret" => "external-secrets.io/v1",
            _ => "v1",
        };
        live(&format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: db, namespace: {}}}\n",
            self.namespace
        ))
    }

    fn reference(&self) -> &'static str {
        if self.form == "sealed" { "SealedSecret" } else { "ExternalSecret" }
    }

    /// What the controller does once it finds the object: the Secret is its own then, without Helm's marks.
    fn controller_takes_over(&self) {
        let marks = match self.form {
            "sealed" => {
                "annotations: {sealedsecrets.bitnami.com/managed: 'true', sealedsecrets.bitnami.com/skip-set-owner-references: 'true'}, "
            }
            _ => "",
        };
        let namespace = &self.namespace;
        put(&format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: db, namespace: {namespace}, {marks}labels: {{app: shop}}}}\ntype: Opaque\nstringData: {{password: canary-Xk2p9}}\n"
        ));
    }
}

fn survives(release: &Release) {
    release.call(&["install", "db", "shop"]).run().succeeded();
    let uid = release.live("Secret").expect("the Secret is installed");
    let same = |step: &str| assert_eq!(release.live("Secret").as_ref(), Some(&uid), "after {step}");

    let direct = release.deploy("upgrade", "before.yaml", &[]);
    assert_ne!(direct.code, 0, "a direct conversion is refused: {}", direct.stdout);
    direct.says("adopt");
    same("the refused upgrade");

    release.deploy("upgrade", "before.yaml", &["--adopt"]).succeeded();
    same("adopting");
    release.deploy("upgrade", "after.yaml", &[]).succeeded();
    same("converting");
    assert!(release.live(release.reference()).is_some(), "the reference is there");
    release.controller_takes_over();
    release.deploy("upgrade", "after.yaml", &[]).succeeded();
    same("the next upgrade");
    // Revision 2 is the adopted one. What Helm says of it is its own matter; the Secret must live.
    let back = release.call(&["rollback", "db", "2"]).run();
    same("rolling back");
    assert!(back.code == 0 || back.stderr.contains("db"), "{}", back.stderr);
    release.deploy("upgrade", "after.yaml", &[]);
    same("going on");
    release.call(&["uninstall", "db"]).run().succeeded();
    same("uninstalling");
}

/// Else the case above would prove nothing.
fn goes(release: &Release) {
    release.call(&["install", "db", "shop"]).run().succeeded();
    assert!(release.live("Secret").is_some());
    release.deploy("upgrade", "before.yaml", &["--new-release"]).succeeded();
    assert!(release.live("SealedSecret").is_some());
    assert_eq!(
        release.live("Secret"),
        None,
        "Helm deleted it; should it keep it one day, say so in docs/secrets.md"
    );
}
