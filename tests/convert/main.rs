//! Secrets change their form on their way through the binary, and nothing of what they held is left.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod adopt;
#[path = "../support/binary.rs"]
mod binary;
mod external;
mod moving;
mod policy;
mod run;
mod sealed;
mod sops;

/// A value that can be searched for.
pub const CANARY: &str = "canary-Xk2p9-7f3a9c";
/// The same in base64.
pub const ENCODED: &str = "Y2FuYXJ5LVhrMnA5LTdmM2E5Yw==";

/// A Secret as a chart renders it, and a Deployment that uses it.
pub fn release() -> String {
    format!(
        "---\n# Source: shop/templates/db.yaml\n# the password is {CANARY}\napiVersion: v1\nkind: Secret\nmetadata:\n  \
         name: db\n  labels:\n    app: shop # {CANARY}\n  annotations:\n    \
         postrenderer.helm.sh/postrender-filename: shop/templates/db.yaml\ntype: Opaque\ndata:\n  password: {ENCODED}\n  \
         username: c2hvcA==\n---\n# Source: shop/templates/web.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  \
         name: web # kept\nspec:\n  template:\n    metadata:\n      annotations:\n        \
         checksum/db-secret: 0123456789abcdef\n        checksum/config: fedcba\n    spec:\n      containers:\n      \
         - name: web\n        image: acme/web:1\n        env:\n        - name: DB_PASSWORD\n          valueFrom:\n            \
         secretKeyRef: {{name: db, key: password}}\n"
    )
}
