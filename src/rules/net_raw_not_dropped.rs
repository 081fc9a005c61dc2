//! `net-raw-not-dropped`.

use super::images;
use crate::k8s::{Access, Container, Release};
use crate::rule::{Findings, append};
use crate::yaml::{Op, Value};

crate::rule! {
    /// The container may open raw sockets.
    ///
    /// # Why
    /// `NET_RAW` is among the capabilities that runtimes hand out; with it a root process forges ARP and DNS
    /// answers for the other pods of the node.
    ///
    /// # Fix
    /// Safe: `NET_RAW` is appended to `drop`; nothing is written where `ALL` is dropped or about to be. With
    /// consent for images that are known to ping, sniff or tunnel. A container that adds `NET_RAW` or `ALL`
    /// asks for it outright, and a privileged one has it whatever it drops: both are reported and left alone.
    "net-raw-not-dropped", Safe, [low, medium, high],
    standards: ["CIS 5.2.8", "NSA P4", "OWASP K01"],
    peers: ["Kyverno drop-cap-net-raw", "KubeLinter drop-net-raw-capability", "Trivy KSV-0119",
        "Checkov CKV_K8S_28", "Checkov CKV_K8S_7", "Kubescape C-0199"],
    Container => check
}

const DROP: &str = "securityContext.capabilities.drop";
const ADD: &str = "securityContext.capabilities.add";

fn check(_: &Release<'_>, container: &Container<'_>, findings: &mut Findings<'_>) {
    let dropped = container.get(DROP);
    let says_nothing = container.workload.access == Access::Part && dropped.is_none();
    if says_nothing || container.workload.windows || dropped.is_some_and(drops_raw_sockets) {
        return;
    }
    let found = container.at(DROP).wrong("may open raw sockets");
    let planned = findings.planned(container.workload.object, &container.route.path(DROP));
    findings.add(if matches!(planned, Some(Op::Append(data)) if data == "ALL") {
        found.safe([])
    } else if container.is_privileged() {
        found.help("not edited: a privileged container has every capability all the same")
    } else if asks_for_it(container, findings) {
        found.help("not edited: the container adds it outright")
    } else {
        let harmless = !images::uses_raw_sockets(&container.image());
        found.safe_if(harmless, [append(container.route.path(DROP), "NET_RAW")])
    });
}

/// Runtimes take the names in any case.
fn drops_raw_sockets(list: Value<'_>) -> bool {
    let mut names = list.items().filter_map(Value::as_str);
    names.any(|name| name.eq_ignore_ascii_case("ALL") || name.eq_ignore_ascii_case("NET_RAW"))
}

fn asks_for_it(container: &Container<'_>, findings: &Findings<'_>) -> bool {
    let added = container.get(ADD).into_iter().flat_map(Value::items).enumerate();
    let route = container.route.path(ADD);
    let stays = |index: usize| findings.planned(container.workload.object, &route.index(index)).is_none();
    added.filter_map(|(index, name)| Some((index, name.as_str()?))).any(|(index, name)| {
        let upper = name.to_ascii_uppercase();
        matches!(upper.strip_prefix("CAP_").unwrap_or(&upper), "ALL" | "NET_RAW") && stays(index)
    })
}
