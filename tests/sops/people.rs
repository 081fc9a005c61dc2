//! Somebody with an age key where sops looks for it.

use hardtack::secrets::sops::{Identity, Keys, Recipient, Terms};

use crate::support::sandbox::{Call, Ran, Sandbox};

/// A person, and a folder of theirs.
pub struct Someone {
    pub sandbox: Sandbox,
    pub recipient: String,
    pub identity: String,
}

impl Someone {
    pub fn new() -> Self {
        let sandbox = Sandbox::new();
        let (identity, recipient) = Identity::generate();
        let folder = sandbox.path("home/.config/sops/age");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("keys.txt"), format!("# public key: {recipient}\n{}\n", *identity))
            .unwrap();
        Self { sandbox, recipient, identity: identity.to_string() }
    }

    pub fn keyring(&self) -> Vec<Identity> {
        vec![Identity::from_age(&self.identity).unwrap()]
    }

    pub fn recipient(&self) -> Recipient {
        self.recipient.parse().unwrap()
    }

    pub fn terms(&self) -> Terms {
        Terms::of(Keys::of(vec![self.recipient()]).unwrap())
    }

    /// The real sops.
    pub fn sops(&self, args: &[&str], stdin: &str) -> Ran {
        self.sops_call(args).stdin(stdin).run()
    }

    pub fn sops_call(&self, args: &[&str]) -> Call {
        self.sandbox.call("sops").args(args)
    }

    /// What the real sops decrypts of a text, as YAML.
    #[track_caller]
    pub fn decrypted(&self, text: &str) -> String {
        self.sandbox.write("given.yaml", text);
        self.sops(&["decrypt", "given.yaml"], "").succeeded().stdout.clone()
    }
}
