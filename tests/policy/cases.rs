//! `policy test`: cases beside a policy, a diff on failure, and `--update`.

use crate::folder::Folder;

const POLICY: &str = "extends: production\nexemptions:\n  - {allow: host-ipc, match: {name: web}, reason: shared memory, owner: shop}";

const CASES: &str = "\
# what the shop's policy is for
apiVersion: hardtack.dev/v1
kind: PolicyTest
cases:
  - name: the host's processes are refused   # always
    manifest: &web |
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostPID: true
        hostIPC: true
        containers: [{name: web, image: 'acme/web:1'}]
    findings:
      - {rule: host-pid, status: refused, object: Pod/web}
      - {rule: host-ipc, status: exempt, object: Pod/web}
  - name: development only says so
    environment: development
    file: pod.yaml
    only: [host-pid]
    findings:
      - {rule: host-pid, status: STATUS, object: Pod/web}
  - name: escalation is switched off
    manifest: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {template: {spec: {containers: [{name: web, image: 'acme/web:1'}]}}}
    findings:
      - {rule: privilege-escalation, status: fixed, object: Deployment/web, container: web}
    edits:
      - 'Deployment/web spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: false'
";

fn folder(status: &str) -> Folder {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostPID: true\n  containers: [{name: a, image: b}]\n";
    let cases = CASES.replace("STATUS", status).replace("&web ", "");
    Folder::new().with_policy(POLICY).with("tests/shop_test.yaml", &cases).with("tests/pod.yaml", pod)
}

#[test]
fn cases_that_hold() {
    let ran = folder("open").run("policy test", "").ended(0);
    assert!(
        ran.stdout.starts_with("ok     the host's processes are refused\nok     development only"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with("\n3 cases, 0 failed\n"), "{}", ran.stdout);
}

#[test]
fn a_case_that_fails_shows_the_difference() {
    let ran = folder("exempt").run("policy test", "").ended(1);
    let diff = "FAILED development only says so (./tests/shop_test.yaml:17)\n  --- findings expected\n  +++ found\n  @@ -1 +1 @@\n  \
                -- {rule: host-pid, status: exempt, object: Pod/web}\n  +- {rule: host-pid, status: open, object: Pod/web}\n";
    assert!(ran.stdout.contains(diff), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("\n3 cases, 1 failed\n"), "{}", ran.stdout);
}

#[test]
fn update_writes_what_is_found_and_nothing_else() {
    let folder = folder("exempt");
    folder.run("policy test --update", "").ended(0).says("1 of 3 cases written anew");
    let (before, after) = (CASES.replace("&web ", ""), folder.read("tests/shop_test.yaml"));
    let same = |text: &str| text.lines().take(20).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(same(&before), same(&after), "comments and all");
    folder.run("policy test", "").ended(0);
}

#[test]
fn what_is_wrong_with_the_cases_themselves() {
    let cases = |text: &str| {
        let head = "apiVersion: hardtack.dev/v1\nkind: PolicyTest\ncases:\n";
        Folder::new().with_policy(POLICY).with("a_test.yaml", &format!("{head}{text}"))
    };
    let unknown =
        "- name: a\n  manifest: 'kind: A'\n  findings: [{rule: host-pidd, status: open, object: A/b}]\n";
    let ran = cases(unknown).run("policy test", "").ended(2);
    ran.says("unknown rule \"host-pidd\" in ./a_test.yaml:6:15").says("did you mean \"host-pid\"?");
    cases("- name: a\n").run("policy test", "").ended(2).says("case \"a\" needs one of manifest and file");
    cases("- nmae: a\n").run("policy test", "").ended(2).says("unknown key \"nmae\" in ./a_test.yaml:4:3");
    Folder::new().run("policy test", "").ended(2).says("no *_test.yaml below .");
}

#[test]
fn the_printed_schema_is_the_published_one() {
    let ran = Folder::new().run("policy schema", "").ended(0);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.schema.json");
    assert_eq!(ran.stdout, std::fs::read_to_string(file).expect("the schema"));
    assert!(ran.stdout.contains("\"run-as-root\""));
}
