//! Pods from a grammar of every field that a check reads: mostly good values, some bad, few of the wrong type.

use serde_json::{Map, Value, json};

use crate::bends::volumes;
use crate::compare::Case;
use crate::dice::Dice;
use crate::object::{KINDS, wrapped};

/// Pods, the same for the same dice.
pub fn pods(dice: &mut Dice, count: usize) -> Vec<Case> {
    let mut one = |number| {
        let template = template(dice);
        let kind = dice.one(&KINDS).0;
        Case { name: format!("random {number} ({kind})"), text: wrapped(kind, &template) }
    };
    (0..count).map(&mut one).collect()
}

/// A map under construction.
struct Fields<'d> {
    dice: &'d mut Dice,
    map: Map<String, Value>,
}

impl<'d> Fields<'d> {
    fn new(dice: &'d mut Dice) -> Self {
        Self { dice, map: Map::new() }
    }

    /// A key that is there so many times in a hundred; seldom null, still more seldom of a wrong type.
    fn put(&mut self, key: &str, chance: usize, make: impl FnOnce(&mut Dice) -> Value) {
        if !self.dice.percent(chance) {
            return;
        }
        let value = make(self.dice);
        let value = match self.dice.below(200) {
            0..5 => Value::Null,
            5 => wrong_type(self.dice, &value),
            _ => value,
        };
        self.map.insert(key.to_owned(), value);
    }

    /// A key that Kubernetes' decoder and no check reads: never of a wrong type.
    fn plain(&mut self, key: &str, chance: usize, value: Value) {
        if self.dice.percent(chance) {
            self.map.insert(key.to_owned(), value);
        }
    }

    fn done(self) -> Value {
        Value::Object(self.map)
    }
}

fn wrong_type(dice: &mut Dice, value: &Value) -> Value {
    let all =
        [json!("text"), json!(1), json!(0.5), json!(true), json!([]), json!({}), json!("true"), json!("0")];
    let kind = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    };
    loop {
        let other = dice.one(&all);
        if kind(other) != kind(value) {
            return other.clone();
        }
    }
}

/// One of some texts, the first most of the time.
fn mostly(dice: &mut Dice, texts: &[&str]) -> Value {
    if dice.percent(75) { texts[0].into() } else { (*dice.one(texts)).into() }
}

fn boolean(good: bool) -> impl FnOnce(&mut Dice) -> Value {
    move |dice| (good != dice.percent(15)).into()
}

fn template(dice: &mut Dice) -> Value {
    let mut fields = Fields::new(dice);
    fields.put("metadata", 40, |dice| {
        let mut metadata = Fields::new(dice);
        metadata.put("annotations", 90, annotations);
        metadata.plain("name", 10, json!("a"));
        metadata.done()
    });
    fields.map.insert("spec".to_owned(), Value::Null);
    let spec = spec(fields.dice);
    fields.map.insert("spec".to_owned(), spec);
    fields.done()
}

fn annotations(dice: &mut Dice) -> Value {
    let apparmor = "container.apparmor.security.beta.kubernetes.io/";
    let seccomp = "container.seccomp.security.alpha.kubernetes.io/";
    let mut fields = Fields::new(dice);
    for key in
        [format!("{apparmor}a"), format!("{apparmor}z"), "seccomp.security.alpha.kubernetes.io/pod".into()]
    {
        fields.put(&key, 25, profile);
    }
    // Where no such container exists no check reads these, so they are always texts.
    for name in ["a", "b", "", "z"] {
        let value = profile(fields.dice);
        fields.plain(&format!("{seccomp}{name}"), 25, value);
    }
    fields.plain("other.example/x", 20, json!("unconfined"));
    fields.done()
}

fn profile(dice: &mut Dice) -> Value {
    mostly(dice, &["runtime/default", "localhost/x", "docker/default", "unconfined", ""])
}

fn spec(dice: &mut Dice) -> Value {
    let mut fields = Fields::new(dice);
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        fields.put(key, 15, boolean(false));
    }
    let host_users = json!(fields.dice.percent(30));
    fields.plain("hostUsers", 25, host_users);
    let system = *fields.dice.one(&["windows", "linux", "Windows"]);
    fields.plain("os", 25, json!({"name": system}));
    fields.put("securityContext", 85, pod_context);
    fields.put("volumes", 40, |dice| list(dice, 3, volume));
    fields.put("initContainers", 30, |dice| list(dice, 2, container));
    fields.put("containers", 95, |dice| list(dice, 3, container));
    fields.put("ephemeralContainers", 20, |dice| list(dice, 2, container));
    fields.done()
}

fn list(dice: &mut Dice, longest: usize, item: fn(&mut Dice) -> Value) -> Value {
    let count = dice.below(longest + 1);
    let mut one = || {
        let value = item(dice);
        match dice.below(200) {
            0 | 1 => Value::Null,
            2 => wrong_type(dice, &value),
            _ => value,
        }
    };
    (0..count).map(|_| one()).collect()
}

fn volume(dice: &mut Dice) -> Value {
    if dice.percent(50) { json!({"name": "v", "emptyDir": {}}) } else { dice.one(&volumes()).clone() }
}

fn shared_context(fields: &mut Fields<'_>) {
    fields.put("runAsNonRoot", 60, boolean(true));
    fields.put("runAsUser", 30, |dice| if dice.percent(70) { json!(1000) } else { json!(0) });
    fields.put("seccompProfile", 60, |dice| typed(dice, &["RuntimeDefault", "Localhost", "Unconfined", ""]));
    fields.put("appArmorProfile", 15, |dice| typed(dice, &["RuntimeDefault", "Localhost", "Unconfined", ""]));
    fields.put("seLinuxOptions", 15, |dice| {
        let types = ["container_t", "container_engine_t", "container_kvm_t", "container_init_t", "spc_t", ""];
        let mut options = Fields::new(dice);
        options.put("type", 60, |dice| mostly(dice, &types));
        options.put("user", 20, |dice| mostly(dice, &["", "u"]));
        options.put("role", 20, |dice| mostly(dice, &["", "r"]));
        options.plain("level", 20, json!("s0"));
        options.done()
    });
    fields.put("windowsOptions", 10, |dice| {
        let mut options = Fields::new(dice);
        options.put("hostProcess", 70, boolean(false));
        options.done()
    });
}

fn typed(dice: &mut Dice, types: &[&str]) -> Value {
    let mut fields = Fields::new(dice);
    fields.put("type", 95, |dice| mostly(dice, types));
    fields.done()
}

fn pod_context(dice: &mut Dice) -> Value {
    let mut fields = Fields::new(dice);
    shared_context(&mut fields);
    fields.put("sysctls", 20, |dice| list(dice, 3, sysctl));
    fields.plain("fsGroup", 10, json!(1000));
    fields.done()
}

fn sysctl(dice: &mut Dice) -> Value {
    let names = [
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_notsent_lowat",
        "kernel.msgmax",
    ];
    let mut fields = Fields::new(dice);
    fields.put("name", 98, |dice| (*dice.one(&names)).into());
    fields.plain("value", 90, json!("1"));
    fields.done()
}

fn container(dice: &mut Dice) -> Value {
    let name = *dice.one(&["a", "b", "c"]);
    let mut fields = Fields::new(dice);
    fields.plain("name", 98, json!(name));
    fields.plain("image", 90, json!("i"));
    fields.put("securityContext", 92, container_context);
    fields.put("ports", 20, |dice| list(dice, 2, port));
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        fields.put(probe, 10, handler);
    }
    fields.put("lifecycle", 10, |dice| {
        let mut hooks = Fields::new(dice);
        hooks.put("postStart", 60, handler);
        hooks.put("preStop", 60, handler);
        hooks.done()
    });
    fields.done()
}

fn port(dice: &mut Dice) -> Value {
    let mut fields = Fields::new(dice);
    fields.plain("containerPort", 90, json!(80));
    fields.put("hostPort", 50, |dice| if dice.percent(70) { json!(0) } else { json!(80) });
    fields.done()
}

fn handler(dice: &mut Dice) -> Value {
    let action = |dice: &mut Dice| {
        let mut action = Fields::new(dice);
        action.plain("port", 90, json!(80));
        action.put("host", 40, |dice| mostly(dice, &["", "127.0.0.1", "example.org"]));
        action.done()
    };
    let mut fields = Fields::new(dice);
    fields.put("httpGet", 50, action);
    fields.put("tcpSocket", 30, action);
    fields.plain("exec", 20, json!({"command": ["true"]}));
    fields.done()
}

fn container_context(dice: &mut Dice) -> Value {
    let mut fields = Fields::new(dice);
    shared_context(&mut fields);
    fields.put("allowPrivilegeEscalation", 92, boolean(false));
    fields.put("privileged", 15, boolean(false));
    fields.put("procMount", 10, |dice| mostly(dice, &["Default", "Unmasked", ""]));
    fields.put("capabilities", 90, |dice| {
        let mut fields = Fields::new(dice);
        fields.put("drop", 92, |dice| list_of(dice, &["ALL", "ALL", "ALL", "NET_RAW", "all"]));
        fields.put("add", 20, |dice| {
            list_of(dice, &["NET_BIND_SERVICE", "NET_BIND_SERVICE", "CHOWN", "NET_RAW", "BPF"])
        });
        fields.done()
    });
    fields.done()
}

fn list_of(dice: &mut Dice, names: &[&str]) -> Value {
    let count = 1 + dice.below(2);
    (0..count).map(|_| if dice.percent(2) { Value::Null } else { Value::from(*dice.one(names)) }).collect()
}
