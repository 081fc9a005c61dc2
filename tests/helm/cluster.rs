//! `helm install` and `helm upgrade` with a refused or broken release: nothing is applied, and nothing that runs is deleted.

use std::path::PathBuf;

use libtest_mimic::Trial;

use crate::support::programs::trial;
use crate::support::sandbox::{Ran, Sandbox};
use crate::support::standin::Standin;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("c08_15_refused_release_touches_nothing_helm3", &["helm3"], || {
            refused_release_touches_nothing("helm3", &["-eproduction"]);
        }),
        trial("c08_15_refused_release_touches_nothing_helm4", &["helm4"], || {
            refused_release_touches_nothing("helm4", &["-eproduction"]);
        }),
        trial("c08_15_helm3_never_takes_a_helm4_refusal_for_a_release", &["helm3"], || {
            refused_release_touches_nothing("helm3", &["post-render", "--caller=helm4", "-eproduction"]);
        }),
    ]
}

const CONFIG: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: '{{ .Values.a }}'}\n";

const WORKLOAD: &str = "{{- if .Values.agent }}
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - {name: agent, image: 'ghcr.io/acme/agent:1.0.0', securityContext: {privileged: true}}
{{- end }}
";

fn refused_release_touches_nothing(helm: &str, production: &[&str]) {
    let sandbox = Sandbox::new();
    sandbox.link_helm4_plugin();
    let server = Standin::start();
    let cluster = Cluster {
        kubeconfig: server.kubeconfig(&sandbox),
        chart: sandbox.chart("guard", &[("config.yaml", CONFIG), ("workload.yaml", WORKLOAD)]),
        sandbox,
        helm,
    };
    let refused = cluster.deploy(&["a=1", "agent=true"], production);
    assert_ne!(refused.code, 0);
    refused.says("hardtack");
    assert_eq!(server.writes(), [""; 0], "refused at the first installation");

    cluster.deploy(&["a=1"], production).succeeded();
    let applied = server.writes();
    let settings = applied.iter().any(|write| write.ends_with("/configmaps/settings"));
    assert!(settings, "what is accepted is applied: {applied:?}");

    let nowhere = [production, &["-enowhere"]].concat();
    for (values, arguments) in [(["a=2", "agent=true"], production), (["a=2", "agent=false"], &nowhere)] {
        let failed = cluster.deploy(&values, arguments);
        assert_ne!(failed.code, 0, "{arguments:?}");
        assert_eq!(server.writes(), [""; 0], "nothing applied, nothing deleted with {arguments:?}");
    }
    cluster.deploy(&["a=2"], production).succeeded();
    let writes = server.writes();
    assert!(!writes.is_empty() && writes.iter().all(|write| !write.starts_with("DELETE")), "{writes:?}");
}

struct Cluster<'a> {
    sandbox: Sandbox,
    helm: &'a str,
    kubeconfig: PathBuf,
    chart: PathBuf,
}

impl Cluster<'_> {
    fn deploy(&self, values: &[&str], arguments: &[&str]) -> Ran {
        let call = self.sandbox.call(self.helm).env("KUBECONFIG", &self.kubeconfig);
        // inherited from an outer plugin, as happens when a plugin calls Helm
        let call =
            call.env("HELM_PLUGIN_NAME", "outer").args(["upgrade", "--install", "shop"]).arg(&self.chart);
        let call = call.args(["--namespace=shop", "--disable-openapi-validation", "--set=a=0,agent=false"]);
        let call = call.args(values.iter().map(|value| format!("--set={value}")));
        let call = call.args(["--post-renderer", "hardtack"]);
        call.args(arguments.iter().map(|argument| format!("--post-renderer-args={argument}"))).run()
    }
}
