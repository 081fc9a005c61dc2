//! What stands around the place of an edit, and is kept.

use crate::in_place::cases;

const ODD_KEYS: &[(&str, &str)] = &[
    (
        "\"spec\":\n  'containers':\n  - name: a\n    image: b\n",
        "\"spec\":\n  'containers':\n  - name: a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  'automountServiceAccountToken': false\n",
    ),
    (
        "\"kind\": Pod\n\"spec\":\n  \"containers\":\n  - \"name\": \"a\"\n",
        "\"kind\": Pod\n\"spec\":\n  \"containers\":\n  - \"name\": \"a\"\n    \"securityContext\":\n      \"privileged\": false\n      \"runAsNonRoot\": true\n  \"automountServiceAccountToken\": false\n",
    ),
    (
        "kind: 'Pod'\nspec:\n  serviceAccountName: 'x'\n  containers:\n  - name: 'a'\n",
        "kind: 'Pod'\nspec:\n  serviceAccountName: 'x'\n  containers:\n  - name: 'a'\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "? kind\n: Pod\nspec:\n  containers:\n  - name: a\n",
        "? kind\n: Pod\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "y: 1\n1: 2\nspec:\n  containers:\n  - name: a\n",
        "y: 1\n1: 2\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  x: 1\nspec:\n  containers:\n  - name: a\n",
        "spec:\n  x: 1\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      a: 1\n    securityContext:\n      b: 2\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      a: 1\n    securityContext:\n      b: 2\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "kind: A\nkind: Pod\nspec:\n  containers:\n  - name: a\n",
        "kind: A\nkind: Pod\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec: {containers: [{a:b: c, \"d\":e}]}\n",
        "spec: {containers: [{a:b: c, \"d\":e, securityContext: {privileged: false, runAsNonRoot: true}}], automountServiceAccountToken: false}\n",
    ),
];

#[test]
fn odd_keys() {
    cases(ODD_KEYS);
}

const EVERY_VALUE_BEFORE_THE_INSERTION: &[(&str, &str)] = &[
    (
        "spec:\n  containers:\n  - name: a\n    args: |\n      x\n      y\n",
        "spec:\n  containers:\n  - name: a\n    args: |\n      x\n      y\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: >\n      x\n      y\n",
        "spec:\n  containers:\n  - name: a\n    args: >\n      x\n      y\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: |+\n      x\n\n\n",
        "spec:\n  containers:\n  - name: a\n    args: |+\n      x\n\n\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: |-\n      x\n\n\n",
        "spec:\n  containers:\n  - name: a\n    args: |-\n      x\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n\n\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: |+\n      x\n\n\n    image: b\n",
        "spec:\n  containers:\n  - name: a\n    args: |+\n      x\n\n\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: |\n",
        "spec:\n  containers:\n  - name: a\n    args: |\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: |2\n        x\n",
        "spec:\n  containers:\n  - name: a\n    args: |2\n        x\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: |\n      ---\n      kind: ConfigMap\n",
        "spec:\n  containers:\n  - name: a\n    args: |\n      ---\n      kind: ConfigMap\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: a\n      b\n      c\n",
        "spec:\n  containers:\n  - name: a\n    args: a\n      b\n      c\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: \"a\n      b\"\n",
        "spec:\n  containers:\n  - name: a\n    args: \"a\n      b\"\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args:\n      b\n",
        "spec:\n  containers:\n  - name: a\n    args:\n      b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: ''\n",
        "spec:\n  containers:\n  - name: a\n    args: ''\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args:\n",
        "spec:\n  containers:\n  - name: a\n    args:\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: &a\n",
        "spec:\n  containers:\n  - name: a\n    args: &a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    args: [\n    a,\n    b\n    ]\n",
        "spec:\n  containers:\n  - name: a\n    args: [\n    a,\n    b\n    ]\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    env: [{name: A, value: \"x: y # z\"}]\n",
        "spec:\n  containers:\n  - name: a\n    env: [{name: A, value: \"x: y # z\"}]\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    command: [\n      a,\n      b,\n    ]\n    image: c\n",
        "spec:\n  containers:\n  - name: a\n    command: [\n      a,\n      b,\n    ]\n    image: c\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
];

#[test]
fn every_value_before_the_insertion() {
    cases(EVERY_VALUE_BEFORE_THE_INSERTION);
}

const TABS_ANCHORS_TAGS_AND_OTHER_LETTERS: &[(&str, &str)] = &[
    (
        "spec:\n  containers:\n  - name:\ta\n    image: b\n",
        "spec:\n  containers:\n  - name:\ta\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\t\n    image: b\n",
        "spec:\n  containers:\n  - name: a\t\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec: &s\n  containers:\n  - name: a\n",
        "spec: &s\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - &c name: a\n",
        "spec:\n  containers:\n  - &c name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  labels: {é: \"ü\"}\n  containers:\n  - name: \"日本\"\n    image: ñ\n",
        "spec:\n  labels: {é: \"ü\"}\n  containers:\n  - name: \"日本\"\n    image: ñ\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n    image: b&c *d\n",
        "spec:\n  containers:\n  - name: a\n    image: b&c *d\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: &n a\n    image: b\n",
        "spec:\n  containers:\n  - name: &n a\n    image: b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: !!str b\n",
        "spec:\n  containers:\n  - name: !!str b\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec: !!map\n  containers:\n  - name: a\n",
        "spec: !!map\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "!!map\nspec:\n  containers:\n  - name: a\n",
        "!!map\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - &c\n    name: a\n",
        "spec:\n  containers:\n  - &c\n    name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  containers:\n  - name: a\n  automountServiceAccountToken:\n",
        "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
    ),
    (
        "spec:\n  automountServiceAccountToken: null # n\n  containers:\n  - name: a\n",
        "spec:\n  automountServiceAccountToken: false # n\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n",
    ),
    (
        "spec:\n  automountServiceAccountToken: true # n\n  containers:\n  - name: a\n",
        "spec:\n  automountServiceAccountToken: false # n\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n",
    ),
    (
        "spec:\n  automountServiceAccountToken:\n    true\n  containers:\n  - name: a\n",
        "spec:\n  automountServiceAccountToken:\n    false\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n",
    ),
];

#[test]
fn tabs_anchors_tags_and_other_letters() {
    cases(TABS_ANCHORS_TAGS_AND_OTHER_LETTERS);
}
