//! One line of the input, for people: names and plain settings are shown, every other value is masked, so that no
//! secret's value can stand in it.

use crate::k8s::Object;
use crate::yaml::Value;
use crate::yaml::tree::Kind;

/// Keys whose values are names or plain settings, wherever they stand.
const OPEN: &[&str] = &[
    "add",
    "allowPrivilegeEscalation",
    "apiGroup",
    "apiVersion",
    "appArmorProfile",
    "clusterIP",
    "containerPort",
    "cpu",
    "drop",
    "effect",
    "emptyDir",
    "ephemeral-storage",
    "failureThreshold",
    "fsGroup",
    "hostIP",
    "hostPort",
    "image",
    "imagePullPolicy",
    "initialDelaySeconds",
    "kind",
    "localhostProfile",
    "maxReplicas",
    "maxUnavailable",
    "medium",
    "memory",
    "minAvailable",
    "minReplicas",
    "mountPath",
    "mountPropagation",
    "name",
    "namespace",
    "operator",
    "path",
    "periodSeconds",
    "port",
    "procMount",
    "protocol",
    "replicas",
    "restartPolicy",
    "runAsGroup",
    "runAsUser",
    "schedule",
    "secretName",
    "serviceAccount",
    "serviceAccountName",
    "sizeLimit",
    "subPath",
    "supplementalGroups",
    "sysctls",
    "targetPort",
    "terminationGracePeriodSeconds",
    "timeoutSeconds",
    "topologyKey",
    "type",
    "unhealthyPodEvictionPolicy",
    "verbs",
    "whenUnsatisfiable",
];

/// Keys below which nothing is shown: what stands there is the user's own.
const CLOSED: &[&str] = &["annotations", "binaryData", "data", "stringData"];

/// A line of the document of `object`, by its number within the document, from 1. `None` for kinds that hold secrets
/// and for lines inside longer values.
#[must_use]
pub fn line(object: &Object<'_>, root: Value<'_>, number: usize) -> Option<String> {
    if object.id.kind.contains("Secret") {
        return None;
    }
    let text = root.document_text();
    let start = match number.checked_sub(2) {
        None => 0,
        Some(breaks) => memchr::memchr_iter(b'\n', text.as_bytes()).nth(breaks)? + 1,
    };
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    let mut line = Line { start, end: start + length, shown_to: start, masks: Vec::new(), inside: false };
    line.visit(root, "", false);
    (!line.inside && line.shown_to > start).then(|| line.masked(text))
}

struct Line {
    start: usize,
    end: usize,
    /// The end of the last key or value of the line: what follows may be a comment.
    shown_to: usize,
    masks: Vec<(usize, usize)>,
    inside: bool,
}

impl Line {
    fn visit(&mut self, value: Value<'_>, key: &str, closed: bool) {
        let node = value.node();
        let (start, end) = (node.start as usize, node.end as usize);
        if start >= self.end || end < self.start {
            return;
        }
        if matches!(node.kind, Kind::Map | Kind::FlowMap) {
            for (name, below) in value.own_entries() {
                self.see(name);
                let text = name.key_text();
                self.visit(below, &text, closed || CLOSED.contains(&text.as_ref()));
            }
        } else if matches!(node.kind, Kind::Seq | Kind::FlowSeq) {
            value.items().for_each(|item| self.visit(item, key, closed));
        } else if start < self.start {
            self.inside |= end > self.start;
        } else {
            self.see(value);
            let harmless = OPEN.contains(&key) || value.as_bool().is_some();
            if start < end && (closed || !harmless || node.kind == Kind::Alias || end > self.end) {
                self.masks.push((start, end.min(self.end)));
            }
        }
    }

    fn see(&mut self, value: Value<'_>) {
        let node = value.node();
        if (node.start as usize) >= self.start && (node.start as usize) < self.end {
            self.shown_to = self.shown_to.max((node.end as usize).min(self.end));
        }
    }

    fn masked(&self, text: &str) -> String {
        let rest = &text[self.shown_to..self.end];
        let closing = rest.find(|c| !matches!(c, ':' | ']' | '}' | ' ')).unwrap_or(rest.len());
        let mut out = String::new();
        let mut from = self.start;
        for (start, end) in &self.masks {
            out.push_str(&text[from..*start]);
            out.push('…');
            from = *end;
        }
        out.push_str(&text[from..self.shown_to + closing]);
        out.trim_end().to_owned()
    }
}
