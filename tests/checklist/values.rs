//! What Secrets, ConfigMaps and variables hold.

use super::*;

#[test]
fn secrets_in_secrets() {
    for value in ["hunter2", "s3cr3t!"] {
        answers("secrets-in-secrets", "no", &env("DB_PASSWORD", value));
        answers("secrets-in-secrets", "no", &config(&format!("  api-key: {value}\n")));
    }
    answers("secrets-in-secrets", "no", &config("  DATABASE_URL: postgres://shop:hunter2@db/shop\n"));
    answers("secrets-in-secrets", "no", &config("  app.yaml: |\n    database:\n      password: hunter2\n"));
    answers("secrets-in-secrets", "yes", &config("  DATABASE_URL: postgres://shop@db/shop\n"));
    for (name, value) in [
        ("DB_PASSWORD_FILE", "hunter2"),
        ("DB_PASSWORD", "/run/secrets/x"),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("SECRET_NAME", "web"),
        ("TOKEN_TTL", "3600"),
        ("TLS_SECRET", "web-tls"),
        ("AUTH_TOKEN", "jwt,priv-key=/certs/key.pem"),
    ] {
        answers("secrets-in-secrets", "yes", &env(name, value));
    }
    answers("secrets-in-secrets", "cannot-be-told", &secret("stringData: {password: hunter2}\n"));
}

#[test]
fn encoding_of_secrets() {
    answers("secret-encoding", "yes", &secret("data: {a: aHVudGVyMg==}\n"));
    answers("secret-encoding", "no", &secret("data: {a: hunter2!}\n"));
    answers("secret-encoding", "no", &secret("data: {a: aHVudGVyMgo=}\n"));
    answers("secret-encoding", "yes", &secret("data: {ca.crt: aHVudGVyMgo=}\n"));
    answers("secret-encoding", "yes", &secret("data: {a: Cg==}\n"));
    // a Fernet key is base64 itself, so this may be meant
    answers("secret-encoding", "cannot-be-told", &secret("data: {a: YUhWdWRHVnlNbWgxYm5SbGNqST0=}\n"));
    answers("secret-encoding", "cannot-be-told", NOTHING);
}

#[test]
fn keys_that_sign_tokens() {
    answers("jwt-keys", "yes", &secret("stringData: {jwt-secret: abcdefgh}\n"));
    answers("jwt-keys", "no", &secret("stringData: {jwt-secret: \"\"}\n"));
    answers("jwt-keys", "no", &env("JWT_SECRET", "hunter2"));
    let reference =
        pod("        env: [{name: JWT_SECRET, valueFrom: {secretKeyRef: {name: s, key: jwt-secret}}}]\n");
    answers("jwt-keys", "cannot-be-told", &reference);
    answers(
        "jwt-keys",
        "yes",
        &format!("{reference}---\n{}", secret("stringData: {jwt-secret: abcdefgh}\n")),
    );
    answers("jwt-keys", "no", &format!("{reference}---\n{}", secret("stringData: {other: abcdefgh}\n")));
    answers("jwt-keys", "cannot-be-told", &pod(""));
}

#[test]
fn debugging() {
    for (name, value) in [
        ("DEBUG", "true"),
        ("APP_DEBUG", "1"),
        ("DEBUG_MODE", "yes"),
        ("NODE_ENV", "development"),
        ("DEBUG", "express:*"),
        ("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket"),
    ] {
        answers("debug-off", "no", &env(name, value));
    }
    for (name, value) in [("DEBUG", "false"), ("APP_DEBUG", "0"), ("DEBUG", ""), ("NODE_ENV", "production")] {
        answers("debug-off", "yes", &env(name, value));
    }
    answers("debug-off", "no", &pod("        args: [--debug]\n"));
    answers("debug-off", "no", &pod("        args: [--inspect=0.0.0.0]\n"));
    answers("debug-off", "no", &config("  app.yaml: |\n    server: {debug: true}\n"));
    answers("debug-off", "yes", &config("  app.properties: |\n    server.debug=false\n"));
    answers("debug-off", "cannot-be-told", &env("PORT", "80"));
}

#[test]
fn log_levels() {
    for (name, value) in [("LOG_LEVEL", "debug"), ("APP_LOG_LEVEL", "TRACE"), ("logLevel", "verbose")] {
        answers("log-level", "no", &env(name, value));
        answers("log-level", "no", &config(&format!("  {name}: {value}\n")));
    }
    for value in ["info", "WARN", "error"] {
        answers("log-level", "yes", &env("LOG_LEVEL", value));
    }
    for args in ["--log-level=debug", "--log.level, debug", "-v=6", "--v=4"] {
        answers("log-level", "no", &pod(&format!("        args: [{args}]\n")));
    }
    answers("log-level", "yes", &pod("        args: [--log-level, info, -v=2]\n"));
    answers("log-level", "no", &config("  app.toml: |\n    [logging]\n    log_level = \"debug\"\n"));
    answers("log-level", "cannot-be-told", &env("LOG_LEVEL", "$(LEVEL)"));
}

#[test]
fn samples() {
    for value in ["changeme", "your-api-key", "<api key>", "xxxx", "TODO", "a <no value> b"] {
        answers("no-placeholders", "no", &env("A", value));
        answers("no-placeholders", "no", &secret(&format!("stringData: {{a: \"{value}\"}}\n")));
    }
    answers("no-placeholders", "no", &secret("data: {password: cGFzc3dvcmQ=}\n"));
    answers("no-placeholders", "no", &config("  NO_PROXY: \"localhost,%!s(MISSING)\"\n"));
    answers("no-placeholders", "yes", &config("  template: <<.Resource>>\n"));
    answers("no-placeholders", "yes", &env("USER", "admin"));
    answers("no-placeholders", "yes", &env("MODE", "secret"));
    answers("no-placeholders", "no", &ingress("shop.example.com", ""));
}
