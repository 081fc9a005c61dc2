//! What stands around the pods: networks, accounts, rights, operations.

use super::*;

#[test]
fn networks() {
    let policy = |spec: &str| {
        format!(
            "{}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {spec}\n",
            pod("")
        )
    };
    answers("network-policies", "yes", &policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"));
    answers("network-policies", "yes", &policy("{podSelector: {matchLabels: {app: web}}, egress: []}"));
    answers("network-policies", "no", &policy("{podSelector: {}, ingress: []}"));
    answers(
        "network-policies",
        "no",
        &policy("{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress]}"),
    );
    answers(
        "network-policies",
        "no",
        &policy("{podSelector: {}, policyTypes: [Ingress, Egress]}")
            .replace("name: p}", "name: p, namespace: other}"),
    );
    answers("network-policies", "no", &pod(""));
    answers(
        "network-policies",
        "not-yet-checked",
        &format!(
            "{}---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {{name: p}}\n",
            pod("")
        ),
    );
    answers("tls-on-ingress", "no", &ingress("shop.acme.io", ""));
    answers("tls-on-ingress", "no", &ingress("shop.acme.io", ", tls: [{hosts: [api.acme.io]}]"));
    for hosts in ["shop.acme.io", "'*.acme.io'"] {
        answers("tls-on-ingress", "yes", &ingress("shop.acme.io", &format!(", tls: [{{hosts: [{hosts}]}}]")));
    }
    answers("tls-on-ingress", "cannot-be-told", &pod(""));
    let gateway = |protocol: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: g}}\nspec: {{listeners: [{{name: a, port: 80, protocol: {protocol}}}]}}\n"
        )
    };
    answers("tls-on-ingress", "no", &gateway("HTTP"));
    answers("tls-on-ingress", "yes", &gateway("HTTPS"));
}

#[test]
fn accounts_and_rights() {
    let own = pod("").replace("      containers:", "      serviceAccountName: web\n      containers:");
    answers("service-accounts", "yes", &own);
    answers("service-accounts", "no", &pod(""));
    let role = |rule: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: r}}\nrules: [{rule}]\n"
        )
    };
    answers("rbac", "no", &role("{apiGroups: [''], resources: ['*'], verbs: [get]}"));
    answers("rbac", "not-yet-checked", &role("{apiGroups: [''], resources: [pods], verbs: [get]}"));
    answers(
        "rbac",
        "no",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}\n",
    );
    answers("rbac", "yes", &own);
    let bound = format!(
        "{}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}}\n",
        role("{apiGroups: [''], resources: [pods], verbs: [get]}")
    );
    let why = item(&bound, "rbac")["why"].to_string();
    assert!(why.contains("in 1 roles and 1 bindings"), "{why}");
}

#[test]
fn operations() {
    let with = |object: &str| format!("{}---\n{object}", pod(""));
    answers("service-monitors", "no", &pod(""));
    answers(
        "service-monitors",
        "yes",
        &with("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m}\n"),
    );
    answers(
        "service-monitors",
        "yes",
        &pod("").replace(
            "labels: {app: web}}",
            "labels: {app: web}, annotations: {prometheus.io/scrape: 'true'}}",
        ),
    );
    answers(
        "alert-rules",
        "no",
        &with(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: m}\nspec: {groups: [{name: g, rules: [{record: r, expr: x}]}]}\n",
        ),
    );
    answers(
        "alert-rules",
        "yes",
        &with(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: m}\nspec: {groups: [{name: g, rules: [{alert: r, expr: x}]}]}\n",
        ),
    );
    answers("backups", "cannot-be-told", &pod(""));
    let claim = with("apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n");
    answers("backups", "no", &claim);
    answers(
        "backups",
        "yes",
        &format!("{claim}---\napiVersion: velero.io/v1\nkind: Schedule\nmetadata: {{name: s}}\n"),
    );
    answers(
        "backups",
        "yes",
        &format!("{claim}---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: db-backup}}\n"),
    );
}
