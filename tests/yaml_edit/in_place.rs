//! Odd documents that are edited in place: every other byte is kept.

use serde_json::json;

use crate::model::{check, set};

/// Two keys for the first container's security context and one for the pod make of each input its output.
#[track_caller]
pub fn cases(table: &[(&str, &str)]) {
    let edits = [
        set("spec.containers.0.securityContext.privileged", json!(false)),
        set("spec.containers.0.securityContext.runAsNonRoot", json!(true)),
        set("spec.automountServiceAccountToken", json!(false)),
    ];
    for (input, expected) in table {
        assert_eq!(check(input, &edits), *expected, "from {input:?}");
    }
}

const THE_END_OF_THE_INPUT: &[(&str, &str)] = &[
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false",
    ),
    (
        "kind: Pod\r\nspec:\r\n  containers:\r\n  - name: a\r\n    image: b\r\n",
        "kind: Pod\r\nspec:\r\n  containers:\r\n  - name: a\r\n    image: b\r\n    securityContext:\r\n      privileged: false\r\n      runAsNonRoot: true\r\n  automountServiceAccountToken: false\r\n",
    ),
    (
        "kind: Pod\r\nspec:\r\n  containers:\r\n  - name: a\r\n    image: b",
        "kind: Pod\r\nspec:\r\n  containers:\r\n  - name: a\r\n    image: b\r\n    securityContext:\r\n      privileged: false\r\n      runAsNonRoot: true\r\n  automountServiceAccountToken: false",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n  # about nothing\n\n# end\n",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n  # about nothing\n\n# end\n",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n\n\n\n",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n\n\n\n",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n...\n",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n...\n",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n  \n   \n",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n  \n   \n",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n  ",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n  ",
    ),
    (
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b # c",
        "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b # c\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false",
    ),
    (
        "\u{feff}kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n",
        "\u{feff}kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "\u{feff}spec: {containers: [{name: a}]}\n",
        "\u{feff}spec: {containers: [{name: a, securityContext: {privileged: false, runAsNonRoot: true}}], automountServiceAccountToken: false}\n",
    ),
    (
        " {kind: Pod, spec: {containers: [{name: a}]}}\n",
        " {kind: Pod, spec: {containers: [{name: a, securityContext: {privileged: false, runAsNonRoot: true}}], automountServiceAccountToken: false}}\n",
    ),
];

#[test]
fn the_end_of_the_input() {
    cases(THE_END_OF_THE_INPUT);
}

const EVERY_STATE_OF_THE_TARGET: &[(&str, &str)] = &[
    (
        "spec:\n  containers:\n  - name: a\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext:\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: # why\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext: # why\n      privileged: false\n      runAsNonRoot: true\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      # todo\n      # more\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n      # todo\n      # more\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext:\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    image: b\n    securityContext:",
        "spec:\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: null\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: ~\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: ~ # t\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext: # t\n      privileged: false\n      runAsNonRoot: true\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: {}\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: { }\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: {} # c\n",
        "spec:\n  containers:\n  - name: a\n    securityContext: # c\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: {}",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: {privileged: true}\n",
        "spec:\n  containers:\n  - name: a\n    securityContext: {privileged: false, runAsNonRoot: true}\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: {\n      privileged: true,\n      readOnlyRootFilesystem: true\n    }\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext: {\n      runAsNonRoot: true,\n      privileged: false,\n      readOnlyRootFilesystem: true\n    }\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext: {readOnlyRootFilesystem: true,}\n",
        "spec:\n  containers:\n  - name: a\n    securityContext: {readOnlyRootFilesystem: true, privileged: false, runAsNonRoot: true,}\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      capabilities:\n        drop:\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      capabilities:\n        drop:\n      privileged: false\n      runAsNonRoot: true\n    image: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    SecurityContext:\n      privileged: true\n",
        "spec:\n  containers:\n  - name: a\n    SecurityContext:\n      privileged: true\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
];

#[test]
fn every_state_of_the_target() {
    cases(EVERY_STATE_OF_THE_TARGET);
}

const JSON_STAYS_JSON: &[(&str, &str)] = &[
    (
        "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"a\"}]}}",
        "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"a\", \"securityContext\": {\"privileged\": false, \"runAsNonRoot\": true}}], \"automountServiceAccountToken\": false}}",
    ),
    (
        "{\n  \"kind\": \"Pod\",\n  \"spec\": {\n    \"containers\": [\n      {\n        \"name\": \"a\"\n      }\n    ]\n  }\n}\n",
        "{\n  \"kind\": \"Pod\",\n  \"spec\": {\n    \"automountServiceAccountToken\": false,\n    \"containers\": [\n      {\n        \"securityContext\": {\"privileged\": false, \"runAsNonRoot\": true},\n        \"name\": \"a\"\n      }\n    ]\n  }\n}\n",
    ),
    (
        "{\n\t\"kind\": \"Pod\",\n\t\"spec\": {\n\t\t\"containers\": [\n\t\t\t{\n\t\t\t\t\"name\": \"a\"\n\t\t\t}\n\t\t]\n\t}\n}\n",
        "{\n\t\"kind\": \"Pod\",\n\t\"spec\": {\n\t\t\"automountServiceAccountToken\": false,\n\t\t\"containers\": [\n\t\t\t{\n\t\t\t\t\"securityContext\": {\"privileged\": false, \"runAsNonRoot\": true},\n\t\t\t\t\"name\": \"a\"\n\t\t\t}\n\t\t]\n\t}\n}\n",
    ),
    (
        "{\"spec\":{\"containers\":[{\"securityContext\":{},\"name\":\"a\"}]}}\n",
        "{\"spec\":{\"containers\":[{\"securityContext\":{\"privileged\": false, \"runAsNonRoot\": true},\"name\":\"a\"}], \"automountServiceAccountToken\": false}}\n",
    ),
    (
        "{\"spec\":{\"containers\":[{}]}}\n",
        "{\"spec\":{\"containers\":[{\"securityContext\": {\"privileged\": false, \"runAsNonRoot\": true}}], \"automountServiceAccountToken\": false}}\n",
    ),
    (
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"securityContext\":null}]}}\n",
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"securityContext\":{\"privileged\": false, \"runAsNonRoot\": true}}], \"automountServiceAccountToken\": false}}\n",
    ),
];

#[test]
fn json_stays_json() {
    cases(JSON_STAYS_JSON);
}

const LISTS_IN_EVERY_MANNER: &[(&str, &str)] = &[
    (
        "spec:\n  containers: [{name: a}, {name: b}]\n",
        "spec:\n  containers: [{name: a, securityContext: {privileged: false, runAsNonRoot: true}}, {name: b}]\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  -\n  - name: b\n",
        "spec:\n  containers:\n  - securityContext:\n      privileged: false\n      runAsNonRoot: true\n  - name: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - null\n  - name: b\n",
        "spec:\n  containers:\n  - securityContext:\n      privileged: false\n      runAsNonRoot: true\n  - name: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n    -\n      name: a\n      image: b\n",
        "spec:\n  containers:\n    -\n      name: a\n      image: b\n      securityContext:\n        privileged: false\n        runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n    -   name: a\n        image: b\n",
        "spec:\n  containers:\n    -   name: a\n        image: b\n        securityContext:\n          privileged: false\n          runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n    - name: a\n  volumes:\n    - name: v\n",
        "spec:\n  containers:\n    - name: a\n      securityContext:\n        privileged: false\n        runAsNonRoot: true\n  volumes:\n    - name: v\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n containers:\n - name: a\n   image: b\n",
        "spec:\n containers:\n - name: a\n   image: b\n   securityContext:\n    privileged: false\n    runAsNonRoot: true\n automountServiceAccountToken: false\n",
    ),
    (
        "  spec:\n    containers:\n    - name: a\n",
        "  spec:\n    containers:\n    - name: a\n      securityContext:\n        privileged: false\n        runAsNonRoot: true\n    automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - {}\n",
        "spec:\n  containers:\n  - securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - {name: a}\n",
        "spec:\n  containers:\n  - {name: a, securityContext: {privileged: false, runAsNonRoot: true}}\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  -\n    # first\n    name: a\n  # second\n  - name: b\n",
        "spec:\n  containers:\n  -\n    # first\n    name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  # second\n  - name: b\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  # first\n  - name: a\n",
        "spec:\n  containers:\n  # first\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
];

#[test]
fn lists_in_every_manner() {
    cases(LISTS_IN_EVERY_MANNER);
}
