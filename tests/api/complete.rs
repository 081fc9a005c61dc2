//! What no pod may lack for a server to judge it, where a bend left it out.

use serde_json::{Value, json};

/// Keys that a volume's source must have.
const SOURCES: [(&str, &str, &str); 10] = [
    ("hostPath", "path", "/"),
    ("nfs", "server", "s"),
    ("nfs", "path", "/"),
    ("csi", "driver", "d"),
    ("configMap", "name", "c"),
    ("secret", "secretName", "s"),
    ("persistentVolumeClaim", "claimName", "c"),
    ("gcePersistentDisk", "pdName", "p"),
    ("awsElasticBlockStore", "volumeID", "v"),
    ("gitRepo", "repository", "r"),
];

const HANDLERS: [&str; 5] =
    ["/livenessProbe", "/readinessProbe", "/startupProbe", "/lifecycle/postStart", "/lifecycle/preStop"];

fn fill(object: &mut Value, key: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.entry(key).or_insert(value);
    }
}

fn drop_null(object: &mut Value, key: &str) {
    if let Some(map) = object.as_object_mut().filter(|map| map.get(key).is_none_or(Value::is_null)) {
        map.remove(key);
    }
}

/// Completes a pod's spec.
pub fn complete(spec: &mut Value) {
    // No server takes them from who creates a pod.
    spec.as_object_mut().map(|it| it.remove("ephemeralContainers"));
    for list in ["initContainers", "containers"] {
        for (number, item) in spec[list].as_array_mut().into_iter().flatten().enumerate() {
            container(item, list, number);
        }
        drop_null(spec, list);
    }
    for (number, item) in spec["volumes"].as_array_mut().into_iter().flatten().enumerate() {
        volume(item, number);
    }
    drop_null(spec, "volumes");
    let sysctls = spec.pointer_mut("/securityContext/sysctls").and_then(Value::as_array_mut);
    for sysctl in sysctls.into_iter().flatten() {
        fill(sysctl, "value", json!("1"));
    }
}

fn container(container: &mut Value, list: &str, number: usize) {
    fill(container, "name", json!(format!("{}-{number}", list.to_lowercase())));
    fill(container, "image", json!("i"));
    let watched = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"];
    if list == "initContainers" && watched.iter().any(|key| container.get(key).is_some()) {
        fill(container, "restartPolicy", json!("Always"));
    }
    for handler in HANDLERS {
        for kind in ["httpGet", "tcpSocket"] {
            if let Some(handler) = container.pointer_mut(&format!("{handler}/{kind}")) {
                fill(handler, "port", json!(80));
            }
        }
    }
    for port in container["ports"].as_array_mut().into_iter().flatten() {
        fill(port, "containerPort", json!(80));
    }
    drop_null(container, "ports");
}

fn volume(volume: &mut Value, number: usize) {
    if volume.is_null() {
        *volume = json!({"emptyDir": {}});
    }
    volume["name"] = json!(format!("v{number}"));
    for (source, key, value) in SOURCES {
        if let Some(source) = volume.get_mut(source) {
            fill(source, key, json!(value));
        }
    }
}
