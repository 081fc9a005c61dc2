//! Where rules on fields look beyond the fields themselves: variables of containers, files inside keys.

use crate::fields::found;

pub const ENVIRONMENT: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {DEBUG: 'true', LEVEL: info}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
data: {PASSWORD: Y2FuYXJ5}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: job}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: job
              envFrom:
                - {prefix: APP_, configMapRef: {name: c}}
              env:
                - name: DEBUG
                  valueFrom: {configMapKeyRef: {name: c, key: DEBUG}}
                - name: PASSWORD
                  valueFrom: {secretKeyRef: {name: s, key: PASSWORD}}
                - name: URL
                  value: http://user:$(PASSWORD)@host/$$(X)
                - name: ELSEWHERE
                  valueFrom: {secretKeyRef: {name: not-here, key: x}}
                - name: OPTIONAL
                  valueFrom: {configMapKeyRef: {name: c, key: gone, optional: true}}
                - name: WORKERS
                  value: '3'
";

#[test]
fn variables_are_followed_to_their_sources() {
    let rules = "\
- {id: a, env: [DEBUG, APP_DEBUG], forbidden: [true]}
- {id: b, env: [PASSWORD, URL], pattern: '^https://user:canary@host/\\$\\(X\\)$|^long'}
- {id: c, env: ELSEWHERE, required: true, equals: x}
- {id: d, match: {kind: CronJob, container: job}, env: [OPTIONAL, WORKERS], required: true, range: {max: 2}}
";
    let rules = rules.replace("canary", "can.ry");
    let wanted = [
        "22 a (job): env APP_DEBUG is \"true\", which is forbidden",
        "24 a (job): env DEBUG is \"true\", which is forbidden",
        "24 d (job): env OPTIONAL is missing",
        "26 b (job): env PASSWORD does not match ^https://user:can.ry@host/\\$\\(X\\)$|^long",
        "28 b (job): env URL does not match ^https://user:can.ry@host/\\$\\(X\\)$|^long",
        "34 d (job): env WORKERS is \"3\", above 2",
    ];
    assert_eq!(found(&rules, ENVIRONMENT), wanted);
    let open = ENVIRONMENT.replace("configMapRef: {name: c}", "configMapRef: {name: not-here}");
    assert_eq!(found("- {id: a, env: ANYTHING, required: true}\n", &open), Vec::<String>::new());
    let wanted = ["24 a (job): env ANYTHING is missing"];
    assert_eq!(found("- {id: a, env: ANYTHING, required: true}\n", ENVIRONMENT), wanted);
}

const FILES: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: files}
data:
  config.yaml: |
    # the server
    server:
      port: 80
      hosts: [a, b]
  app.json: |
    {
    \t\"log\": {\"level\": \"trace\"}
    }
  app.toml: |
    [pool]

    size = 500
  .env: |
    export TIMEOUT=90s
  my.cnf: |
    [mysqld]
    max_connections = 9000
  app.properties: |
    # c
    server.port: 80
  quoted.yaml: \"a: 1\\nb: 2\\n\"
  broken.yaml: |
    a: 1
    b: c: d
  settings: |
    a = 1
";

#[test]
fn embedded_files_are_read_with_their_lines() {
    let rules = "\
- {id: a, file: config.yaml, path: [server.port, 'server.hosts[*]'], range: {min: 1024}}
- {id: b, file: app.json, path: log.level, required: true, oneOf: [info, warn]}
- {id: c, file: app.toml, path: [pool.size, pool.name], required: true, range: {max: 100}}
- {id: d, file: .env, path: TIMEOUT, range: {max: 1m}}
";
    let wanted = [
        "8 a: config.yaml line 3: server.port is 80, below 1024",
        "9 a: config.yaml line 4: server.hosts[0] is \"a\", not a number",
        "9 a: config.yaml line 4: server.hosts[1] is \"b\", not a number",
        "12 b: app.json line 2: log.level is \"trace\", not one of \"info\", \"warn\"",
        "15 c: app.toml line 1: pool.name is missing",
        "17 c: app.toml line 3: pool.size is 500, above 100",
        "19 d: .env line 1: TIMEOUT is \"90s\", above 1m",
    ];
    assert_eq!(found(rules, FILES), wanted);
    let rules = "\
- {id: a, file: my.cnf, path: mysqld.max_connections, range: {max: 1000}}
- {id: b, match: {key: app.properties}, path: server.port, equals: 8080}
- {id: c, file: 'quoted.yaml', path: b, equals: 3}
- {id: d, file: settings, format: toml, path: [a, b], required: any, equals: 2}
";
    let wanted = [
        "22 a: my.cnf line 2: mysqld.max_connections is \"9000\", above 1000",
        "25 b: app.properties line 2: server.port is \"80\", not 8080",
        "26 c: quoted.yaml line 2: b is 2, not 3",
        "31 d: settings line 1: a is 1, not 2",
    ];
    assert_eq!(found(rules, FILES), wanted);
    let rules = "\
- {id: a, file: broken.yaml, path: a, required: true}
- {id: b, file: gone.yaml, path: a, required: true}
- {id: c, file: gone.yaml, path: a, equals: 1}
- {id: d, match: {name: files}, file: 'app.*', path: nothing, required: each}
";
    let all = found(rules, FILES);
    assert_eq!(all.len(), 5, "{all:?}");
    assert!(all[0].starts_with("5 b: gone.yaml is missing"), "{all:?}");
    assert!(
        all.iter().any(|it| it.starts_with("29 a: broken.yaml line 2: the file cannot be read: ")),
        "{all:?}"
    );
}
