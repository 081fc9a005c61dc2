//! What upstream's fixtures leave out, as YAML the way people and charts write it.

use crate::compare::Case;
use crate::object::KINDS;

/// Pod templates: what is special about them, and the text.
const TEMPLATES: &[(&str, &str)] = &[
    ("nothing", "spec:\n"),
    ("no containers", "spec: {}\n"),
    ("ephemeral container without a context", "
metadata:
spec:
  securityContext: &pod
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: main
      securityContext: &good
        allowPrivilegeEscalation: no
        capabilities:
          drop: [ALL]
  ephemeralContainers:
    - name: debug
      image: busybox
"),
    ("ephemeral container that is good, by alias", "
spec:
  securityContext: {runAsNonRoot: yes, seccompProfile: {type: Localhost, localhostProfile: x}}
  containers:
  - name: main
    securityContext: &good
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
  ephemeralContainers:
  - {name: debug, securityContext: *good}
"),
    ("merged context", "
spec:
  containers:
  - name: main
    securityContext: &good
      allowPrivilegeEscalation: false
      runAsNonRoot: true
      seccompProfile: {type: RuntimeDefault}
      capabilities: {drop: [ALL]}
  - name: second
    securityContext:
      <<: *good
      privileged: true
"),
    ("AppArmor fields", "
spec:
  securityContext: {appArmorProfile: {type: Unconfined}}
  initContainers: [{name: a, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]
  containers: [{name: b, securityContext: {appArmorProfile: {type: Localhost, localhostProfile: p}}}]
  ephemeralContainers: [{name: c, securityContext: {appArmorProfile: {}}}]
"),
    ("AppArmor annotation without a container", "
metadata:
  annotations:
    container.apparmor.security.beta.kubernetes.io/nobody: unconfined
spec: {containers: [{name: a}]}
"),
    ("AppArmor annotation that is null", "
metadata:
  annotations:
    container.apparmor.security.beta.kubernetes.io/a:
    seccomp.security.alpha.kubernetes.io/pod: ~
spec: {containers: [{name: a}]}
"),
    ("docker/default", "
metadata:
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: docker/default
    container.seccomp.security.alpha.kubernetes.io/a: docker/default
spec: {containers: [{name: a}]}
"),
    ("seccomp annotation for an init container, and for nobody", "
metadata:
  annotations:
    container.seccomp.security.alpha.kubernetes.io/init: unconfined
    container.seccomp.security.alpha.kubernetes.io/nobody: unconfined
spec: {initContainers: [{name: init}], containers: [{name: a}]}
"),
    ("container_engine_t", "
spec:
  securityContext: {seLinuxOptions: {type: container_engine_t}}
  containers: [{name: a, securityContext: {seLinuxOptions: {type: container_engine_t, level: 's0:c1'}}}]
"),
    ("startup probe", "
spec:
  containers:
  - {name: a, startupProbe: {httpGet: {host: localhost, port: 80}}}
  - {name: b, startupProbe: {tcpSocket: {host: '', port: 80}}, readinessProbe: {grpc: {port: 1}}}
"),
    ("sidecar with a hook", "
spec:
  initContainers: [{name: a, restartPolicy: Always, lifecycle: {preStop: {tcpSocket: {host: 10.0.0.1, port: 1}}}}]
  containers: [{name: b, lifecycle: {postStart: {httpGet: {port: 1}}, preStop: {sleep: {seconds: 3}}}}]
"),
    ("csi, ephemeral and image volumes", "
spec:
  volumes:
  - {name: a, csi: {driver: d}}
  - {name: b, ephemeral: {volumeClaimTemplate: {spec: {}}}}
  - {name: c, image: {reference: r}}
  - {name: d, projected: {sources: []}}
"),
    ("volumes with a name only, null sources, empty sources", "
spec:
  volumes:
  - name: a
  - {name: b, emptyDir: null}
  - {name: c, hostPath: ~, configMap: null}
  - {name: d, emptyDir: {}}
  - ~
"),
    ("host path, by an empty map", "spec: {volumes: [{name: a, hostPath: {}}, {name: b, nfs: {}}]}\n"),
    ("two sources", "spec: {volumes: [{name: a, hostPath: {path: /}, emptyDir: {}}]}\n"),
    ("Windows that breaks rules", "
spec:
  os: {name: windows}
  securityContext: {windowsOptions: {hostProcess: true}, runAsNonRoot: true, runAsUser: 0}
  hostNetwork: true
  containers:
  - name: a
    securityContext:
      privileged: true
      allowPrivilegeEscalation: true
      capabilities: {add: [SYS_ADMIN]}
      seccompProfile: {type: Unconfined}
      procMount: Unmasked
      windowsOptions: {hostProcess: true}
"),
    ("Windows, plain", "spec: {os: {name: windows}, containers: [{name: a}], hostUsers: false}\n"),
    ("Windows by node selector only", "
spec: {nodeSelector: {kubernetes.io/os: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a}]}
"),
    ("user namespace", "
spec:
  hostUsers: false
  securityContext: {runAsNonRoot: false, runAsUser: 0}
  containers: [{name: a, securityContext: {procMount: Unmasked, runAsUser: 0}}]
"),
    ("user namespace, null", "spec: {hostUsers: null, containers: [{name: a, securityContext: {runAsUser: 0}}]}\n"),
    ("nulls everywhere", "
metadata: {annotations: null, labels: null}
spec:
  hostNetwork: null
  hostPID:
  hostUsers: ~
  os: null
  securityContext: null
  volumes: null
  initContainers: null
  containers:
  - null
  - {name: null, securityContext: null, ports: null, livenessProbe: null, lifecycle: null}
  - {name: a, securityContext: {privileged: null, capabilities: null, procMount: null, runAsUser: null}}
  - {name: b, ports: [null, {hostPort: null}], lifecycle: {preStop: null, postStart: {httpGet: null}}}
  - {name: c, securityContext: {capabilities: {add: null, drop: null}, seccompProfile: {type: null}}}
"),
    ("empty maps everywhere", "
metadata: {annotations: {}}
spec:
  securityContext: {seLinuxOptions: {}, windowsOptions: {}, sysctls: []}
  volumes: []
  containers: [{name: a, securityContext: {capabilities: {}, seLinuxOptions: {}, windowsOptions: {}, seccompProfile: {}}}]
"),
    ("numbers in other spellings", "
spec:
  securityContext: {runAsUser: 0x0}
  containers:
  - {name: a, securityContext: {runAsUser: 00}, ports: [{hostPort: 0.0}, {hostPort: 1e3}]}
  - {name: b, securityContext: {runAsUser: 1_000}, ports: [{hostPort: 0b0}]}
"),
    ("duplicate keys, the last counts", "
spec:
  hostPID: true
  hostPID: false
  containers: [{name: a, securityContext: {privileged: false, privileged: true}}]
"),
    ("a pod that is privileged in every list", "
spec:
  initContainers: [{name: a, securityContext: {privileged: true}}]
  containers: [{name: b, securityContext: {privileged: on}}]
  ephemeralContainers: [{name: c, securityContext: {privileged: True}}]
"),
];

/// Every template in every kind, written as block YAML.
pub fn cases() -> Vec<Case> {
    let in_kind = |(kind, api_version): (&str, &str), (name, template): &(&str, &str)| {
        let (above, depth) = match kind {
            "Pod" => ("", 0),
            "PodTemplate" => ("template:\n", 1),
            "CronJob" => ("spec:\n  jobTemplate:\n    spec:\n      template:\n", 4),
            _ => ("spec:\n  template:\n", 2),
        };
        let indent = "  ".repeat(depth);
        let lines = template.lines().filter(|line| !line.is_empty()).map(|line| format!("{indent}{line}\n"));
        let body: String = lines.collect();
        let text = format!("apiVersion: {api_version}\nkind: {kind}\n{above}{body}");
        Case { name: format!("{kind}: {name}"), text }
    };
    KINDS.into_iter().flat_map(|kind| TEMPLATES.iter().map(move |template| in_kind(kind, template))).collect()
}

/// Values of the wrong type, in the pod spec of a pod that is good otherwise; a check reads each.
pub const WRONG_TYPES: &[&str] = &[
    "hostNetwork: 'false'",
    "hostPID: 0",
    "hostIPC: {}",
    "securityContext: text",
    "securityContext: []",
    "securityContext: {runAsNonRoot: 'true'}",
    "securityContext: {runAsUser: '1000'}",
    "securityContext: {runAsUser: 0.5}",
    "securityContext: {runAsUser: 18446744073709551615}",
    "securityContext: {seccompProfile: RuntimeDefault}",
    "securityContext: {seccompProfile: {type: 1}}",
    "securityContext: {appArmorProfile: RuntimeDefault}",
    "securityContext: {seLinuxOptions: {user: 1}}",
    "securityContext: {windowsOptions: {hostProcess: 'false'}}",
    "securityContext: {sysctls: {name: kernel.shm_rmid_forced}}",
    "securityContext: {sysctls: [kernel.shm_rmid_forced]}",
    "volumes: {name: a}",
    "volumes: [a]",
    "volumes: [{name: a, emptyDir: memory}]",
    "volumes: [{name: a, hostPath: /}]",
    "containers: {name: a}",
    "containers: [a]",
    "containers: text",
    "initContainers: {}",
    "ephemeralContainers: 1",
    "containers: [{name: a, securityContext: {privileged: 'false'}}]",
    "containers: [{name: a, securityContext: {allowPrivilegeEscalation: 'false'}}]",
    "containers: [{name: a, securityContext: {capabilities: {drop: ALL}}}]",
    "containers: [{name: a, securityContext: {capabilities: {add: [1]}}}]",
    "containers: [{name: a, securityContext: {procMount: [Default]}}]",
    "containers: [{name: a, ports: {hostPort: 0}}]",
    "containers: [{name: a, ports: [{hostPort: '0'}]}]",
    "containers: [{name: a, livenessProbe: {httpGet: {host: 1}}}]",
    "containers: [{name: a, lifecycle: {preStop: text}}]",
];
