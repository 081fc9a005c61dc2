//! The rules of the Pod Security Standards as expressions over pods and pod templates.

use crate::k8s::kinds::{POD_PATHS, Shape};
use crate::policy::expressed::{Validation, quoted};
use crate::pss::controls::{capabilities, sysctls, volumes};
use crate::pss::{Level, Versions};

/// What one rule demands of pods.
#[derive(Debug)]
pub struct PodRule {
    /// The rule's id.
    pub rule: &'static str,
    /// The least level that demands it.
    pub level: Level,
    /// What must hold.
    pub expression: String,
    /// What is wrong otherwise.
    pub message: &'static str,
}

impl PodRule {
    /// As a validation.
    #[must_use]
    pub fn validation(&self) -> Validation {
        Validation::new(&self.expression, format!("{} ({})", self.message, self.rule))
    }
}

/// `[group, resource, path to the template]` of every kind that holds whole pod templates at one place; the names of the
/// others.
#[must_use]
pub fn kinds() -> (Vec<(&'static str, &'static str, &'static str)>, Vec<String>) {
    let mut plain = Vec::new();
    let mut others = Vec::new();
    for kind in POD_PATHS.iter().filter(|kind| kind.shape == Shape::Template) {
        match kind.path.contains(['[', '*'])
            || POD_PATHS.iter().filter(|it| it.group == kind.group && it.kind == kind.kind).count() > 1
        {
            false => plain.push((kind.group, kind.kind, kind.path)),
            true => others.push(format!("{} ({})", kind.kind, kind.group)),
        }
    }
    others.dedup();
    (plain, others)
}

/// The variables that the expressions name.
#[must_use]
pub fn variables() -> Vec<(String, String)> {
    let (plain, _) = kinds();
    let mut template = "object".to_owned();
    let mut paths: Vec<&str> = plain.iter().map(|(.., path)| *path).filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let kinds: Vec<String> = plain
            .iter()
            .filter(|(.., own)| *own == path)
            .map(|(group, kind, _)| quoted(&format!("{group}/{kind}")))
            .collect();
        let kinds = kinds.join(", ");
        template = format!(
            "(request.kind.group + '/' + request.kind.kind) in [{kinds}] ? object.{path} : ({template})"
        );
    }
    let variable = |name: &str, expression: &str| (name.to_owned(), expression.to_owned());
    vec![
        ("template".to_owned(), template),
        variable("spec", "variables.template.spec"),
        variable("annotations", "variables.template.?metadata.annotations.orValue({})"),
        variable(
            "containers",
            "variables.spec.?initContainers.orValue([]) + variables.spec.?containers.orValue([]) + \
             variables.spec.?ephemeralContainers.orValue([])",
        ),
        variable("pod", "variables.spec.?securityContext.orValue({})"),
        variable("contexts", "[variables.pod] + variables.containers.map(c, c.?securityContext.orValue({}))"),
        variable("volumes", "variables.spec.?volumes.orValue([])"),
        variable("windows", "variables.spec.?os.name.orValue('') == 'windows'"),
        variable("userNamespace", "!variables.spec.?hostUsers.orValue(true)"),
        variable(
            "added",
            "variables.containers.map(c, c.?securityContext.capabilities.add.orValue([])).map(l, l.map(n, string(n)))",
        ),
    ]
}

const DANGER: &str = "(n.upperAscii().startsWith('CAP_') ? n.upperAscii().substring(4) : n.upperAscii())";

/// What each rule demands at a level, where all of these versions must agree.
#[must_use]
pub fn rules(level: Level, versions: Versions) -> Vec<PodRule> {
    let mut all = baseline(level, versions);
    all.extend(baseline_fields(level, versions));
    if level == Level::Restricted {
        all.extend(restricted(versions));
    }
    all
}

fn rule(rule: &'static str, level: Level, expression: impl Into<String>, message: &'static str) -> PodRule {
    PodRule { rule, level, expression: expression.into(), message }
}

fn list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

fn baseline(level: Level, versions: Versions) -> Vec<PodRule> {
    let is_restricted = level == Level::Restricted;
    // Restricted's own capability check takes the place of baseline's, and spares Windows.
    let windows = if is_restricted { "variables.windows || " } else { "" };
    let safe = list(&capabilities::ALLOWED_BY_BASELINE);
    let dangerous = list(&capabilities::DANGEROUS);
    let none = |wrong: &str| format!("{windows}variables.added.all(l, l.all(n, !({wrong})))");
    let at = |rule_id, expression: String, message| rule(rule_id, Level::Baseline, expression, message);
    let field = |path: &str| format!("!variables.spec.?{path}.orValue(false)");
    vec![
        at(
            "dangerous-capability",
            none(&format!("{DANGER} in {dangerous}")),
            "adds a capability as good as root",
        ),
        at(
            "capability-not-in-baseline",
            none(&format!("!({DANGER} in {dangerous}) && !(n in {safe})")),
            "adds a capability that baseline does not allow",
        ),
        at("host-network", field("hostNetwork"), "uses the node's network"),
        at("host-pid", field("hostPID"), "sees the node's processes"),
        at("host-ipc", field("hostIPC"), "shares the node's IPC"),
        at(
            "host-path-volume",
            volumes_all("!has(v.hostPath)", is_restricted),
            "mounts a directory of the node",
        ),
        at(
            "host-port",
            "variables.containers.all(c, c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0))"
                .to_owned(),
            "takes a port of the node",
        ),
        at("probe-host", probe_hosts(versions), "a probe or hook aims at another host"),
        at(
            "privileged-container",
            "variables.containers.all(c, !c.?securityContext.privileged.orValue(false))".to_owned(),
            "runs privileged",
        ),
        at(
            "unsafe-sysctl",
            format!(
                "variables.pod.?sysctls.orValue([]).all(s, s.?name.orValue('') in {})",
                list(&sysctls::allowed(versions.oldest()))
            ),
            "sets a sysctl that is not known to be safe",
        ),
    ]
}

/// Restricted looks at what else a volume is: an allowed source beside a directory of the node is an allowed volume.
fn volumes_all(holds: &str, is_restricted: bool) -> String {
    let allowed = list(&volumes::ALLOWED);
    match is_restricted {
        true => format!("variables.volumes.all(v, {allowed}.exists(t, t in v) || {holds})"),
        false => format!("variables.volumes.all(v, {holds})"),
    }
}

fn probe_hosts(versions: Versions) -> String {
    if versions.newest().minor() < 34 {
        return "true".to_owned();
    }
    let handlers =
        ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
    let each = |handler: &str| {
        ["httpGet", "tcpSocket"]
            .map(|kind| format!("c.?{handler}.{kind}.host.orValue('') == ''"))
            .join(" && ")
    };
    format!("variables.containers.all(c, {})", handlers.map(each).join(" && "))
}

fn baseline_fields(level: Level, versions: Versions) -> Vec<PodRule> {
    let at = |rule_id, expression: String, message| rule(rule_id, Level::Baseline, expression, message);
    let good = "['RuntimeDefault', 'Localhost']";
    let profile = |name: &str| {
        format!("variables.contexts.all(s, !has(s.{name}) || s.{name}.?type.orValue('') in {good})")
    };
    let spared = level == Level::Restricted && versions.newest().minor() < 35 || level == Level::Baseline;
    let users = if spared && versions.oldest().minor() >= 35 { "variables.userNamespace || " } else { "" };
    let mut types = vec!["", "container_t", "container_init_t", "container_kvm_t"];
    types.extend((versions.oldest().minor() >= 31).then_some("container_engine_t"));
    let windows = if level == Level::Restricted { "variables.windows || " } else { "" };
    vec![
        at(
            "apparmor-not-enforced",
            format!(
                "{} && variables.annotations.all(k, !k.startsWith('container.apparmor.security.beta.kubernetes.io/') \
                 || variables.annotations[k] in ['', 'runtime/default'] || variables.annotations[k].startsWith('localhost/'))",
                profile("appArmorProfile")
            ),
            "switches AppArmor off",
        ),
        at("seccomp-unconfined", format!("{windows}{}", profile("seccompProfile")), "switches seccomp off"),
        at(
            "proc-mount-unmasked",
            format!("{users}variables.contexts.all(s, s.?procMount.orValue('Default') == 'Default')"),
            "unmasks /proc",
        ),
        at(
            "selinux-options-custom",
            format!(
                "variables.contexts.all(s, s.?seLinuxOptions.type.orValue('') in {} && \
                 s.?seLinuxOptions.user.orValue('') == '' && s.?seLinuxOptions.role.orValue('') == '')",
                list(&types)
            ),
            "sets SELinux options of its own",
        ),
        at(
            "host-process-container",
            "variables.contexts.all(s, !s.?windowsOptions.hostProcess.orValue(false))".to_owned(),
            "runs as a process of a Windows node",
        ),
    ]
}

fn restricted(versions: Versions) -> Vec<PodRule> {
    let at = |rule_id, expression: String, message| rule(rule_id, Level::Restricted, expression, message);
    let users = if versions.oldest().minor() >= 35 { "variables.userNamespace || " } else { "" };
    let safe = list(&capabilities::ALLOWED_BY_BASELINE);
    let dangerous = list(&capabilities::DANGEROUS);
    let one = quoted(capabilities::ALLOWED_BY_RESTRICTED);
    vec![
        at(
            "privilege-escalation",
            "variables.windows || \
             variables.containers.all(c, !c.?securityContext.allowPrivilegeEscalation.orValue(true))"
                .to_owned(),
            "allowPrivilegeEscalation is not false",
        ),
        at(
            "capabilities-not-dropped",
            "variables.windows || variables.containers.all(c, \
             c.?securityContext.capabilities.drop.orValue([]).exists(n, n == 'ALL'))"
                .to_owned(),
            "does not drop all capabilities",
        ),
        at(
            "capability-not-in-restricted",
            format!(
                "variables.windows || variables.added.all(l, l.all(n, n == {one} || {DANGER} in {dangerous} || !(n in {safe})))"
            ),
            "adds a capability that restricted does not allow",
        ),
        at(
            "volume-type-restricted",
            format!(
                "variables.volumes.all(v, {}.exists(t, t in v) || has(v.hostPath) || v.all(k, k == 'name'))",
                list(&volumes::ALLOWED)
            ),
            "mounts a kind of volume that restricted does not allow",
        ),
        at(
            "run-as-root",
            format!(
                "{users}variables.pod.?runAsNonRoot.orValue(true) && variables.containers.all(c, \
                 c.?securityContext.runAsNonRoot.orValue(variables.pod.?runAsNonRoot.orValue(false)))"
            ),
            "may run as root: runAsNonRoot is not true",
        ),
        at(
            "explicit-root-user",
            format!("{users}variables.contexts.all(s, s.?runAsUser.orValue(1) != 0)"),
            "asks for uid 0",
        ),
        at(
            "seccomp-profile-missing",
            "variables.windows || has(variables.pod.seccompProfile) || \
             variables.containers.all(c, c.?securityContext.seccompProfile.hasValue())"
                .to_owned(),
            "has no seccomp profile",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_asked_at_its_own_path() {
        let all = variables();
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..4], ["template", "spec", "annotations", "containers"]);
        let path = "object.spec.jobTemplate.spec.template";
        let kinds =
            |template: &str| template.split(path).next().unwrap().rsplit('[').next().unwrap().to_owned();
        let jobs = kinds(&all[0].1);
        assert!(jobs.contains("'batch/CronJob'") && !jobs.contains("'apps/Deployment'"), "{jobs}");
    }

    #[test]
    fn baseline_looks_at_fields_too() {
        let rules = baseline_fields(Level::Baseline, Versions::UNNAMED);
        assert!(rules.iter().any(|it| it.rule == "apparmor-not-enforced" && it.level == Level::Baseline));
    }
}
