//! A stand-in for the API server, which keeps what it is given and remembers each write: enough for Helm to install and upgrade.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::protobuf;
use super::sandbox::Sandbox;

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Value>,
    writes: Vec<String>,
}

/// A server on a free port of this machine; its thread ends with the test binary.
pub struct Standin {
    state: Arc<Mutex<State>>,
    port: u16,
}

struct Request {
    method: String,
    path: String,
    query: String,
    body: Value,
}

impl Standin {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(stream.unwrap(), &state));
            }
        });
        Self { state, port }
    }

    /// A kubeconfig that points here.
    pub fn kubeconfig(&self, sandbox: &Sandbox) -> PathBuf {
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "standin",
            "clusters": [{"name": "standin", "cluster": {"server": format!("http://127.0.0.1:{}", self.port)}}],
            "contexts": [{"name": "standin", "context": {"cluster": "standin", "user": "nobody", "namespace": "shop"}}],
            "users": [{"name": "nobody", "user": {}}],
        });
        sandbox.write("kubeconfig.json", &config.to_string())
    }

    /// Method and path of each write since the last call, Helm's own release records apart.
    pub fn writes(&self) -> Vec<String> {
        let all = std::mem::take(&mut self.state.lock().unwrap().writes);
        all.into_iter().filter(|write| !write.contains("sh.helm.release.v1")).collect()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some(request) = read_request(&mut reader) {
        let (status, body) = answer(&request, &mut state.lock().unwrap());
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} _\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        chunked |= header.starts_with("transfer-encoding: chunked");
    }
    assert!(!chunked, "Helm sends lengths");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let body = protobuf::secret(&body).or_else(|| serde_json::from_slice(&body).ok()).unwrap_or(Value::Null);
    Some(Request { method, path: path.to_owned(), query: query.to_owned(), body })
}

fn answer(request: &Request, state: &mut State) -> (u16, Value) {
    let path = request.path.clone();
    match request.method.as_str() {
        "GET" => read(request, state),
        "POST" => {
            let name = request.body["metadata"]["name"].as_str().unwrap_or("?");
            let path = format!("{path}/{name}");
            if state.objects.contains_key(&path) {
                return failure(409, "AlreadyExists");
            }
            write(request, path, 201, state)
        }
        "PUT" | "PATCH" => write(request, path, 200, state),
        "DELETE" => {
            state.writes.push(format!("DELETE {path}"));
            state.objects.remove(&path);
            (200, json!({"apiVersion": "v1", "kind": "Status", "status": "Success"}))
        }
        other => panic!("{other} {path}"),
    }
}

fn write(request: &Request, path: String, status: u16, state: &mut State) -> (u16, Value) {
    state.writes.push(format!("{} {path}", request.method));
    let mut object =
        state.objects.get(&path).filter(|_| request.method == "PATCH").cloned().unwrap_or(Value::Null);
    merge(&mut object, &request.body);
    object["metadata"]["uid"] = json!("0");
    object["metadata"]["resourceVersion"] = json!(state.writes.len().to_string());
    state.objects.insert(path, object.clone());
    (status, object)
}

/// Lists are replaced as a whole, which is all the stand-in's objects need.
fn merge(object: &mut Value, patch: &Value) {
    match patch {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| merge(&mut object[key], value)),
        other => *object = other.clone(),
    }
}

fn read(request: &Request, state: &State) -> (u16, Value) {
    if let Some(discovery) = discovery(&request.path) {
        return (200, discovery);
    }
    if let Some(object) = state.objects.get(&request.path) {
        return (200, object.clone());
    }
    let resource = request.path.rsplit('/').next().unwrap_or_default();
    if !["secrets", "configmaps"].contains(&resource) {
        return failure(404, "NotFound");
    }
    let wanted = request.query.split('&').find_map(|pair| pair.strip_prefix("labelSelector=")).unwrap_or("");
    let wanted = wanted.replace("%3D", "=").replace("%2C", ",");
    let within = format!("{}/", request.path);
    let items: Vec<&Value> = state
        .objects
        .iter()
        .filter(|(path, object)| path.starts_with(&within) && labelled(object, &wanted))
        .map(|(_, object)| object)
        .collect();
    let kind = if resource == "secrets" { "SecretList" } else { "ConfigMapList" };
    (200, json!({"apiVersion": "v1", "kind": kind, "metadata": {"resourceVersion": "1"}, "items": items}))
}

fn labelled(object: &Value, selector: &str) -> bool {
    let pairs = selector.split(',').filter_map(|term| term.split_once('='));
    pairs.into_iter().all(|(key, value)| object["metadata"]["labels"][key] == value)
}

fn discovery(path: &str) -> Option<Value> {
    let resource = |name: &str, kind: &str| {
        let verbs = ["create", "delete", "get", "list", "patch", "update"];
        json!({"name": name, "singularName": "", "namespaced": true, "kind": kind, "verbs": verbs})
    };
    let version = |group: &str| json!({"groupVersion": format!("{group}/v1"), "version": "v1"});
    Some(match path {
        "/version" => json!({"major": "1", "minor": "34", "gitVersion": "v1.34.0"}),
        "/api" => json!({"kind": "APIVersions", "versions": ["v1"]}),
        "/apis" => json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": [
            {"name": "apps", "versions": [version("apps")], "preferredVersion": version("apps")},
        ]}),
        "/api/v1" => json!({"kind": "APIResourceList", "groupVersion": "v1", "resources": [
            resource("configmaps", "ConfigMap"), resource("secrets", "Secret"), resource("services", "Service"),
        ]}),
        "/apis/apps/v1" => json!({"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [
            resource("daemonsets", "DaemonSet"), resource("deployments", "Deployment"),
        ]}),
        _ => return None,
    })
}

fn failure(code: u16, reason: &str) -> (u16, Value) {
    (code, json!({"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": reason, "code": code}))
}
