//! Whether someone notices when it breaks, and whether it can be brought back.

use super::{Facts, Place, Reply};
use crate::k8s::Object;
use crate::yaml::Value;

const MONITORS: &[(&str, &str)] = &[
    ("monitoring.coreos.com", "ServiceMonitor"),
    ("monitoring.coreos.com", "PodMonitor"),
    ("operator.victoriametrics.com", "VMServiceScrape"),
    ("operator.victoriametrics.com", "VMPodScrape"),
];

const RULES: &[(&str, &str)] =
    &[("monitoring.coreos.com", "PrometheusRule"), ("operator.victoriametrics.com", "VMRule")];

const BACKUPS: &[(&str, &str)] = &[
    ("velero.io", "Schedule"),
    ("velero.io", "Backup"),
    ("k8up.io", "Schedule"),
    ("postgresql.cnpg.io", "ScheduledBackup"),
    ("stash.appscode.com", "BackupConfiguration"),
    ("snapscheduler.backube", "SnapshotSchedule"),
];

fn count(facts: &Facts<'_>, kinds: &[(&str, &str)]) -> usize {
    let wanted = |object: &&Object<'_>| kinds.iter().any(|(group, kind)| object.is(group, kind));
    facts.release().objects.iter().filter(wanted).count()
}

/// Monitors, or the annotation that Prometheus looks for.
pub fn monitors(facts: &Facts<'_>) -> Reply {
    let monitors = count(facts, MONITORS);
    if monitors > 0 {
        return Reply::yes(format!("monitors in the stream: {monitors}"));
    }
    let scraped = |object: &&Object<'_>| object.annotation("prometheus.io/scrape").as_deref() == Some("true");
    let services = facts.release().objects.iter().filter(scraped).count();
    let pods = facts.pods().filter(|workload| {
        let annotations = workload.template.get("metadata").and_then(|it| it.get("annotations"));
        let scrape = annotations.and_then(|it| it.get("prometheus.io/scrape")).and_then(Value::as_str);
        scrape.as_deref() == Some("true")
    });
    match services + pods.count() {
        0 if facts.pods().next().is_none() => Reply::unknown("the stream holds no pods"),
        0 => Reply::no("no ServiceMonitor, no PodMonitor and no scrape annotation", Vec::new()),
        annotated => Reply::yes(format!("scrape annotations in the stream: {annotated}")),
    }
}

/// PrometheusRules that hold alerts.
pub fn alerts(facts: &Facts<'_>) -> Reply {
    if facts.pods().next().is_none() && count(facts, RULES) == 0 {
        return Reply::unknown("the stream holds no pods");
    }
    let mut alerts = 0;
    for object in
        facts.release().objects.iter().filter(|it| RULES.iter().any(|(group, kind)| it.is(group, kind)))
    {
        let groups = object.value.path("spec.groups").into_iter().flat_map(Value::items);
        let rules = groups.filter_map(|group| group.get("rules")).flat_map(Value::items);
        alerts += rules.filter(|rule| rule.get("alert").is_some()).count();
    }
    match alerts {
        0 => Reply::no("no PrometheusRule with an alert", Vec::new()),
        some => Reply::yes(format!("alerts in the stream: {some}")),
    }
}

/// Claims, and what says that they are backed up.
pub fn backups(facts: &Facts<'_>) -> Reply {
    let mut stores: Vec<Place> = Vec::new();
    for object in &facts.release().objects {
        if object.is("", "PersistentVolumeClaim") {
            stores.push(facts.on(object, object.value, "a claim"));
        }
        if object.is("apps", "StatefulSet") {
            let claims = object.value.path("spec.volumeClaimTemplates").into_iter().flat_map(Value::items);
            stores.extend(claims.take(1).map(|claim| facts.on(object, claim, "claims of its own")));
        }
    }
    if stores.is_empty() {
        return Reply::unknown("the stream claims no storage; what is stored elsewhere does not show");
    }
    let declared = count(facts, BACKUPS);
    let jobs = facts.of_kind("batch", "CronJob").filter(|it| {
        let name = it.id.name.to_ascii_lowercase();
        ["backup", "dump", "snapshot"].iter().any(|word| name.contains(word))
    });
    let jobs = jobs.count();
    let annotated = facts.pods().filter(|workload| {
        let annotations = workload.template.get("metadata").and_then(|it| it.get("annotations"));
        annotations.is_some_and(|it| it.get("backup.velero.io/backup-volumes").is_some())
    });
    let declared = declared + jobs + annotated.count();
    if declared > 0 {
        return Reply::yes(format!("declarations of backups in the stream: {declared}"));
    }
    Reply::no("nothing in the stream declares a backup", stores)
}
