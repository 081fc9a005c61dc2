//! A good pod bent in one, two or three places: every field that a check reads, with good and bad values.

use serde_json::{Value, json};

use crate::compare::Case;
use crate::dice::Dice;
use crate::object::{KINDS, good_pod, set, wrapped};

/// One change: where, and what.
#[derive(Clone)]
pub struct Bend {
    path: String,
    value: Value,
}

/// Places in a container, with values to try.
fn in_containers() -> Vec<(&'static str, Vec<Value>)> {
    let hosts = || vec![json!(""), json!("127.0.0.1"), json!("example.org"), Value::Null];
    let types = |first: &str| {
        vec![
            json!(first),
            json!("Localhost"),
            json!("Unconfined"),
            json!("unconfined"),
            json!(""),
            Value::Null,
        ]
    };
    let booleans = || vec![json!(true), json!(false), Value::Null];
    let capabilities = ["CHOWN", "NET_BIND_SERVICE", "NET_RAW", "SYS_ADMIN", "CAP_CHOWN", "chown", "ALL", ""];
    vec![
        ("securityContext", vec![Value::Null, json!({})]),
        ("securityContext.privileged", booleans()),
        ("securityContext.allowPrivilegeEscalation", booleans()),
        ("securityContext.runAsNonRoot", booleans()),
        ("securityContext.runAsUser", vec![json!(0), json!(1), json!(-1), json!(0.0), Value::Null]),
        ("securityContext.procMount", vec![json!("Default"), json!("Unmasked"), json!(""), Value::Null]),
        ("securityContext.capabilities", vec![Value::Null, json!({})]),
        (
            "securityContext.capabilities.drop",
            vec![json!([]), json!(["all"]), json!(["KILL", "ALL"]), json!([null])],
        ),
        ("securityContext.capabilities.add", capabilities.map(|name| json!([name])).to_vec()),
        ("securityContext.capabilities.add[1]", vec![json!("BPF"), json!("KILL"), Value::Null]),
        ("securityContext.seccompProfile", vec![json!({}), Value::Null]),
        ("securityContext.seccompProfile.type", types("RuntimeDefault")),
        ("securityContext.appArmorProfile", vec![json!({}), Value::Null]),
        ("securityContext.appArmorProfile.type", types("RuntimeDefault")),
        ("securityContext.seLinuxOptions", vec![json!({"level": "s0"}), Value::Null]),
        ("securityContext.seLinuxOptions.type", selinux_types()),
        ("securityContext.seLinuxOptions.user", hosts()),
        ("securityContext.seLinuxOptions.role", hosts()),
        ("securityContext.windowsOptions.hostProcess", booleans()),
        ("ports", vec![json!([]), json!([null]), json!([{}]), Value::Null]),
        ("ports[1].hostPort", vec![json!(0), json!(80), json!(-1), Value::Null]),
        ("livenessProbe.httpGet.host", hosts()),
        ("livenessProbe.tcpSocket.host", hosts()),
        ("livenessProbe.grpc", vec![json!({"port": 1, "service": "host"})]),
        ("livenessProbe.httpGet.httpHeaders", vec![json!([{"name": "Host", "value": "x"}])]),
        ("readinessProbe.httpGet.host", hosts()),
        ("readinessProbe.tcpSocket.host", hosts()),
        ("startupProbe.httpGet.host", hosts()),
        ("startupProbe.tcpSocket.host", hosts()),
        ("lifecycle.postStart.httpGet.host", hosts()),
        ("lifecycle.postStart.tcpSocket.host", hosts()),
        ("lifecycle.preStop.httpGet.host", hosts()),
        ("lifecycle.preStop.tcpSocket.host", hosts()),
        ("lifecycle.preStop.sleep", vec![json!({"seconds": 1})]),
        ("name", vec![json!("main"), Value::Null]),
    ]
}

fn selinux_types() -> Vec<Value> {
    ["container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t", "", "Container_t"]
        .map(Value::from)
        .to_vec()
}

/// Places in the pod spec, with values to try.
fn in_spec() -> Vec<(&'static str, Vec<Value>)> {
    let booleans = || vec![json!(true), json!(false), Value::Null];
    let types = || ["RuntimeDefault", "Localhost", "Unconfined", ""].map(Value::from).to_vec();
    vec![
        ("hostNetwork", booleans()),
        ("hostPID", booleans()),
        ("hostIPC", booleans()),
        ("hostUsers", booleans()),
        ("os.name", vec![json!("windows"), json!("linux"), json!("Windows"), json!(""), Value::Null]),
        ("nodeSelector", vec![json!({"kubernetes.io/os": "windows"})]),
        ("securityContext", vec![Value::Null, json!({})]),
        ("securityContext.runAsNonRoot", booleans()),
        ("securityContext.runAsUser", vec![json!(0), json!(1), Value::Null]),
        ("securityContext.windowsOptions.hostProcess", booleans()),
        ("securityContext.seccompProfile", vec![json!({}), Value::Null]),
        ("securityContext.seccompProfile.type", types()),
        ("securityContext.appArmorProfile", vec![json!({}), Value::Null]),
        ("securityContext.appArmorProfile.type", types()),
        ("securityContext.seLinuxOptions.type", selinux_types()),
        ("securityContext.seLinuxOptions.user", vec![json!(""), json!("u")]),
        ("securityContext.seLinuxOptions.role", vec![json!(""), json!("r")]),
        ("securityContext.sysctls", vec![json!([]), json!([null]), json!([{"value": "1"}]), Value::Null]),
        ("securityContext.sysctls[0].name", sysctls()),
        ("securityContext.sysctls[1].name", sysctls()),
        ("volumes", vec![json!([]), json!([null]), json!([{"name": "only"}]), Value::Null]),
        ("volumes[0]", volumes()),
        ("volumes[1]", volumes()),
        ("containers", vec![json!([]), json!([null]), Value::Null]),
        (
            "initContainers",
            vec![json!([]), json!([{"name": "sidecar", "restartPolicy": "Always"}]), Value::Null],
        ),
        (
            "ephemeralContainers",
            vec![json!([]), json!([null]), json!([{"name": "e", "targetContainerName": "main"}])],
        ),
    ]
}

fn sysctls() -> Vec<Value> {
    let names = [
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_slow_start_after_idle",
        "net.ipv4.tcp_notsent_lowat",
        "net/ipv4/tcp_syncookies",
        "kernel.msgmax",
        "",
    ];
    names.map(Value::from).to_vec()
}

/// Every volume source of the API, then mixtures.
pub fn volumes() -> Vec<Value> {
    let sources = [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "hostPath",
        "gcePersistentDisk",
        "awsElasticBlockStore",
        "gitRepo",
        "nfs",
        "iscsi",
        "glusterfs",
        "rbd",
        "flexVolume",
        "cinder",
        "cephfs",
        "flocker",
        "fc",
        "azureFile",
        "vsphereVolume",
        "quobyte",
        "azureDisk",
        "photonPersistentDisk",
        "portworxVolume",
        "scaleIO",
        "storageos",
    ];
    let one = |source: &str| json!({"name": "v", source: {}});
    let mixed = [
        json!({"name": "v", "hostPath": null}),
        json!({"name": "v", "hostPath": {"path": "/"}, "emptyDir": {}}),
        json!({"name": "v", "nfs": {"server": "s", "path": "/"}, "secret": {"secretName": "s"}}),
        json!({"name": "v", "nfs": null, "hostPath": {"path": "/"}}),
    ];
    sources.into_iter().map(one).chain(mixed).collect()
}

/// The annotations that count, and some that do not.
fn in_annotations() -> Vec<(&'static str, Vec<Value>)> {
    let values = || {
        ["runtime/default", "docker/default", "localhost/x", "localhost/", "localhost", "unconfined", ""]
            .map(Value::from)
            .into_iter()
            .chain([Value::Null])
            .collect()
    };
    vec![
        ("container.apparmor.security.beta.kubernetes.io/main", values()),
        ("container.apparmor.security.beta.kubernetes.io/gone", values()),
        ("container.apparmor.security.beta.kubernetes.io", values()),
        ("seccomp.security.alpha.kubernetes.io/pod", values()),
        ("container.seccomp.security.alpha.kubernetes.io/main", values()),
        ("container.seccomp.security.alpha.kubernetes.io/first", values()),
        ("container.seccomp.security.alpha.kubernetes.io/gone", values()),
        ("container.seccomp.security.alpha.kubernetes.io/", values()),
    ]
}

impl Bend {
    fn apply(&self, pod: &mut Value) {
        match self.path.strip_prefix("annotation ") {
            Some(key) => {
                let metadata = pod["metadata"].as_object_mut().expect("the good pod has metadata");
                let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
                annotations[key] = self.value.clone();
            }
            None => set(pod, &self.path, self.value.clone()),
        }
    }
}

/// Every single bend.
pub fn all() -> Vec<Bend> {
    let bends = |prefix: String, places: Vec<(&'static str, Vec<Value>)>| {
        let flat = places.into_iter().flat_map(move |(path, values)| {
            let path = format!("{prefix}{path}");
            values.into_iter().map(move |value| Bend { path: path.clone(), value })
        });
        flat.collect::<Vec<_>>()
    };
    let lists = ["initContainers[0]", "containers[0]", "containers[1]", "ephemeralContainers[0]"];
    let in_lists = lists.iter().flat_map(|list| bends(format!("spec.{list}."), in_containers()));
    let mut all = bends("spec.".to_owned(), in_spec());
    all.extend(bends("annotation ".to_owned(), in_annotations()));
    all.extend(in_lists);
    all
}

/// The good pod with each bend alone, in every kind.
pub fn singles() -> Vec<Case> {
    let each = all().into_iter().enumerate();
    each.map(|(number, bend)| bent(&[bend], KINDS[number % KINDS.len()].0)).collect()
}

/// The good pod with two or three bends, chosen by dice.
pub fn several(dice: &mut Dice, count: usize) -> Vec<Case> {
    let all = all();
    let mut one = || {
        let bends: Vec<Bend> = (0..2 + dice.below(2)).map(|_| dice.one(&all).clone()).collect();
        bent(&bends, dice.one(&KINDS).0)
    };
    (0..count).map(|_| one()).collect()
}

fn bent(bends: &[Bend], kind: &str) -> Case {
    let mut pod = good_pod();
    for bend in bends {
        bend.apply(&mut pod);
    }
    let names: Vec<_> = bends.iter().map(|bend| format!("{} = {}", bend.path, bend.value)).collect();
    Case { name: format!("{kind}: {}", names.join(", ")), text: wrapped(kind, &pod) }
}
