//! A server that speaks the key/value engine of Vault, versions 1 and 2, over HTTP or HTTPS, and misbehaves when told to.

use std::collections::{HashMap, VecDeque};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// The token that may read.
pub const TOKEN: &str = "hvs.token-canary-55aa";
/// What a pod shows for it.
pub const JWT: &str = "eyJ.jwt-canary-77cc.x";

/// What a server does instead of answering.
#[derive(Debug, Clone)]
pub enum Fault {
    /// A status, with `Retry-After` if given.
    Status(u16, Option<u64>),
    /// Nothing, for so long.
    Silence(Duration),
    /// The head and half of the body.
    HalfBody,
    /// 200 and what is no JSON.
    Garbage,
    /// 200 and JSON that is no secret.
    OtherJson,
    /// What is no HTTP.
    NoHttp,
    /// The end of the connection.
    Close,
    /// 200 and more than anybody wants.
    Huge,
    /// 307 to this address.
    Redirect(String),
}

#[derive(Debug, Default)]
struct State {
    /// By path below the mount `secret`; the versions, `None` for a deleted one.
    secrets: HashMap<String, Vec<Option<Value>>>,
    namespace: Option<String>,
    faults: VecDeque<Fault>,
    always: Option<Fault>,
    seen: Vec<String>,
}

/// A running server. It ends with the test's process.
#[derive(Clone)]
pub struct Kv {
    pub address: String,
    state: Arc<Mutex<State>>,
}

pub fn tls(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stores/tls").join(file)
}

impl Kv {
    pub fn http() -> Self {
        Self::start(None)
    }

    /// With the certificate `NAME.pem` of `tls/`.
    pub fn https(name: &str) -> Self {
        let certificates = CertificateDer::pem_file_iter(tls(&format!("{name}.pem"))).unwrap();
        let key = PrivateKeyDer::from_pem_file(tls(&format!("{name}.key.pem"))).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates.map(Result::unwrap).collect(), key)
            .unwrap();
        Self::start(Some(Arc::new(config)))
    }

    fn start(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let scheme = if tls.is_some() { "https://localhost" } else { "http://127.0.0.1" };
        let kv = Self { address: format!("{scheme}:{port}"), state: Arc::default() };
        let server = kv.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (server, tls) = (server.clone(), tls.clone());
                thread::spawn(move || server.accept(stream.unwrap(), tls));
            }
        });
        kv
    }

    pub fn put(&self, path: &str, data: Value) {
        self.state.lock().unwrap().secrets.entry(path.to_owned()).or_default().push(Some(data));
    }

    pub fn delete(&self, path: &str) {
        self.state.lock().unwrap().secrets.get_mut(path).unwrap().push(None);
    }

    pub fn only_in(&self, namespace: &str) {
        self.state.lock().unwrap().namespace = Some(namespace.to_owned());
    }

    pub fn then(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state.lock().unwrap().faults.extend(faults);
    }

    pub fn always(&self, fault: Fault) {
        self.state.lock().unwrap().always = Some(fault);
    }

    /// The request lines so far.
    pub fn seen(&self) -> Vec<String> {
        self.state.lock().unwrap().seen.clone()
    }

    fn accept(&self, stream: TcpStream, tls: Option<Arc<ServerConfig>>) {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        match tls {
            None => self.serve(stream),
            Some(config) => self.serve(StreamOwned::new(ServerConnection::new(config).unwrap(), stream)),
        }
    }

    fn serve(&self, mut stream: impl Read + Write) {
        // A client that does not trust the certificate hangs up here.
        let Some((head, body)) = request(&mut stream) else { return };
        let line = head.lines().next().unwrap_or_default().to_owned();
        let fault = {
            let mut state = self.state.lock().unwrap();
            state.seen.push(line.clone());
            state.faults.pop_front().or_else(|| state.always.clone())
        };
        let bytes = match fault {
            Some(fault) => misbehave(fault),
            None => {
                let (status, body) = self.answer(&line, &head, &body);
                reply(status, "", body.to_string().as_bytes())
            }
        };
        let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
    }

    fn answer(&self, line: &str, head: &str, body: &[u8]) -> (u16, Value) {
        let state = self.state.lock().unwrap();
        let header = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
        };
        if header("x-vault-namespace") != state.namespace {
            return (404, json!({"errors": ["no handler for route"]}));
        }
        let target = line.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path == "/v1/auth/kubernetes/login" {
            let body: Value = serde_json::from_slice(body).unwrap();
            let good = body == json!({"role": "deploy", "jwt": JWT});
            return if good { (200, json!({"auth": {"client_token": TOKEN}})) } else { (403, denied()) };
        }
        if header("x-vault-token").as_deref() != Some(TOKEN) || path.contains("/forbidden") {
            return (403, denied());
        }
        if let Some(name) = path.strip_prefix("/v1/kv1/") {
            let found = state.secrets.get(name).and_then(|versions| versions.last().cloned().flatten());
            return found.map_or((404, json!({"errors": []})), |data| (200, json!({"data": data})));
        }
        let Some(versions) = path.strip_prefix("/v1/secret/data/").and_then(|name| state.secrets.get(name))
        else {
            return (404, json!({"errors": []}));
        };
        let wanted =
            query.strip_prefix("version=").map(|it| it.parse::<usize>().unwrap()).unwrap_or(versions.len());
        match versions.get(wanted - 1) {
            Some(Some(data)) => (200, json!({"data": {"data": data, "metadata": {"version": wanted}}})),
            Some(None) => {
                (404, json!({"data": {"data": null, "metadata": {"deletion_time": "2026-01-01T00:00:00Z"}}}))
            }
            None => (404, json!({"errors": []})),
        }
    }
}

fn denied() -> Value {
    json!({"errors": ["1 error occurred:\n\t* permission denied for canary-error-text\n\n"]})
}

/// The head and the body of one request.
fn request(stream: &mut impl Read) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        let mut some = [0; 1024];
        let read = stream.read(&mut some).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&some[..read]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap())
    });
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length.unwrap_or(0) {
        let mut some = [0; 1024];
        let read = stream.read(&mut some).ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&some[..read]);
    }
    Some((head, body))
}

fn reply(status: u16, header: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{header}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn misbehave(fault: Fault) -> Vec<u8> {
    match fault {
        Fault::Status(status, after) => {
            let header = after.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default();
            reply(status, &header, br#"{"errors": ["canary-error-text"]}"#)
        }
        Fault::Silence(time) => {
            thread::sleep(time);
            Vec::new()
        }
        Fault::HalfBody => {
            let whole = reply(200, "", br#"{"data": {"data": {"password": "canary-half"}}}"#);
            whole[..whole.len() - 20].to_vec()
        }
        Fault::Garbage => reply(200, "", b"<html>canary-garbage</html>"),
        Fault::OtherJson => reply(200, "", br#"{"data": {"data": "canary-garbage"}}"#),
        Fault::NoHttp => b"SSH-2.0-canary-garbage\r\n\r\n".to_vec(),
        Fault::Close => Vec::new(),
        Fault::Huge => reply(200, "", &vec![b' '; 2 << 20]),
        Fault::Redirect(to) => reply(307, &format!("Location: {to}\r\n"), b""),
    }
}
