//! One test's stores, policy and runs; nothing that a run says may hold what must not be seen.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::kv::{JWT, Kv, TOKEN};
use crate::support::sandbox::{Ran, Sandbox};

/// Every value that no word of a run may hold.
pub const CANARY: &str = "canary";

/// The formats of reports that are files.
const FORMATS: [&str; 7] = ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"];

pub struct World {
    pub sandbox: Sandbox,
    pub kv: Kv,
    /// What the policy says below `secrets.resolve`, as YAML flow entries, beside the Vault server.
    pub policy: String,
    /// What it says of the server, beside its address.
    pub server: String,
    pub variables: Vec<(String, String)>,
}

impl World {
    /// With a server that holds `secret/shop/db`.
    pub fn new() -> Self {
        Self::with(Kv::http())
    }

    pub fn with(kv: Kv) -> Self {
        kv.put("shop/db", json!({"password": "canary-old"}));
        kv.put(
            "shop/db",
            json!({
                "password": "canary-p@ss w0rd", "user": "canary-user", "pin": 4711, "empty": "",
                "pem": "canary-line\nanother\n", "quote": "canary\"quote", "tick": "canary'tick",
                "json": "{\"a\": {\"b\": \"canary-inner\"}}", "yaml": "canary-key: x # y\nz: &a [*a]",
            }),
        );
        let variables = vec![("VAULT_TOKEN".to_owned(), TOKEN.to_owned())];
        Self { sandbox: Sandbox::new(), kv, policy: String::new(), server: String::new(), variables }
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Runs hardtack on an input with `--resolve` and every kind of report.
    pub fn run(&self, input: &str) -> Ran {
        self.call(&["--resolve", "-v"], input)
    }

    pub fn call(&self, arguments: &[&str], input: &str) -> Ran {
        let vault = format!("vault: [{{address: '{}'{}}}]", self.kv.address, self.server);
        let policy = format!(
            "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  gate: {{severity: never}}\n  secrets: {{resolve: {{{vault}{}}}}}\n",
            self.policy
        );
        let policy = self.sandbox.write("policy/hardtack.yaml", &policy);
        let mut call = self.sandbox.call("hardtack").args(arguments).arg("-p").arg(policy);
        for format in FORMATS {
            let _ = fs::remove_file(self.report(format));
            call = call.arg(format!("--report={format}={}", self.report(format).display()));
        }
        for (name, value) in &self.variables {
            call = call.env(name, value);
        }
        let ran = call.stdin(input).run();
        self.check_words(&ran);
        ran
    }

    fn report(&self, format: &str) -> PathBuf {
        self.sandbox.path("home").join(format)
    }

    /// No word of the run holds a value, a token or what a server said.
    fn check_words(&self, ran: &Ran) {
        let mut words = ran.stderr.clone();
        for format in FORMATS {
            words.push_str(&fs::read_to_string(self.report(format)).unwrap_or_default());
        }
        if ran.code != 0 {
            words.push_str(&ran.stdout);
        }
        for secret in [CANARY, TOKEN, JWT] {
            assert!(!words.contains(secret), "{secret} in\n{words}");
        }
    }

    /// What the Secret `s` holds under `stringData.v` after a run, as hardtack's own reader reads it.
    #[track_caller]
    pub fn value(&self, text: &str) -> String {
        let ran = self.run(&secret(text));
        ran.succeeded();
        string(&ran.stdout, "stringData.v")
    }

    /// Why a text in a Secret cannot be resolved.
    #[track_caller]
    pub fn refused(&self, text: &str) -> String {
        let ran = self.run(&secret(text));
        ran.failed_with(2).says("in Secret/s, line 6, stringData.v");
        ran.stderr
    }
}

/// A Secret with a text under `stringData.v`.
pub fn secret(text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!("# kept\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  v: {text}\n")
}

/// The string at a path of the first document of a stream.
#[track_caller]
pub fn string(stream: &str, path: &'static str) -> String {
    let parsed = hardtack::yaml::stream::parse(stream.to_owned(), Default::default()).unwrap();
    let root = parsed.documents.iter().find_map(|document| parsed.root(document)).unwrap();
    let found = root.path(path).and_then(|value| value.as_str().map(String::from));
    found.unwrap_or_else(|| panic!("no {path} in\n{stream}"))
}
