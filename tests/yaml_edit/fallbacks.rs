//! Places that are shared or oddly written: what is done instead of a splice, and that it is said.

use hardtack::yaml::edit::{EditError, apply};
use hardtack::yaml::stream::parse_document;
use hardtack::yaml::{Data, Edit};
use serde_json::json;

use crate::model::{append, check, edited, remove, set, way};

fn harden() -> [Edit; 3] {
    [
        set("spec.containers.0.securityContext.privileged", json!(false)),
        set("spec.containers.0.securityContext.runAsNonRoot", json!(true)),
        set("spec.automountServiceAccountToken", json!(false)),
    ]
}

#[track_caller]
fn case(input: &str, edits: &[Edit], expected: &str, notes: &[&str]) {
    assert_eq!(check(input, edits), expected, "from {input:?}");
    assert_eq!(edited(input, edits).notes, notes, "from {input:?}");
}

fn failure(input: &str, edits: &[Edit]) -> EditError {
    let tree = parse_document(input).expect("it parses");
    apply(tree.root(input).expect("it has content"), edits).expect_err("it cannot be edited")
}

fn wrong(route: &str, wanted: &'static str) -> EditError {
    EditError::WrongType { route: way(route), wanted }
}

#[test]
fn values_of_the_wrong_type_are_no_places() {
    let key = [set("sc.a", json!(1))];
    for input in
        ["sc: foo\n", "sc: [a]\n", "sc: []\n", "sc:\n- a\n", "sc: !!map\n", "sc: ''\n", "x: &x 1\nsc: *x\n"]
    {
        assert_eq!(failure(input, &key), wrong("sc", "map"), "{input:?}");
    }
    for input in ["sc: foo\n", "sc: {}\n", "sc: {a: 1}\n", "sc:\n  a: 1\n"] {
        assert_eq!(failure(input, &[append("sc", json!(1))]), wrong("sc", "list"), "{input:?}");
        assert_eq!(failure(input, &[set("sc.0.b", json!(1))]), wrong("sc", "list"), "{input:?}");
    }
}

#[test]
fn there_is_no_item_beyond_the_last() {
    for input in ["a: [1]\n", "a:\n- 1\n", "a: []\n", "b: 1\n"] {
        let error = failure(input, &[set("a.3.b", json!(1))]);
        assert!(matches!(&error, EditError::Unsupported { route, .. } if *route == way("a.3")), "{error}");
    }
    assert_eq!(check("a:\n- 1\n", &[remove("a.3.b"), remove("a.4")]), "a:\n- 1\n");
}

#[test]
fn contradictions_are_found_before_anything_is_changed() {
    let conflict = |edits: &[Edit], route: &str| {
        assert_eq!(failure("a: 1\n", edits), EditError::Conflict(way(route)));
        let backwards: Vec<Edit> = edits.iter().rev().cloned().collect();
        assert_eq!(failure("a: 1\n", &backwards), EditError::Conflict(way(route)));
    };
    conflict(&[set("b", json!(1)), set("b", json!(2))], "b");
    conflict(&[set("b", json!(1)), remove("b")], "b");
    conflict(&[set("b", json!({"c": 1})), set("b.c", json!(2))], "b");
    conflict(&[set("b", json!({"c": 1})), set("b.d", json!(2))], "b");
    conflict(&[set("b", json!([1])), append("b", json!(2))], "b");
    conflict(&[remove("b"), append("b", json!(2))], "b");
    conflict(&[remove("b"), set("b.c", json!(2))], "b");
    conflict(&[set("b.0.c", json!(2)), set("b.c", json!(2))], "b");
    conflict(&[append("b", json!(2)), set("b.c", json!(2))], "b");
}

#[test]
fn edits_that_say_the_same_are_one() {
    let all: [Edit; 6] = [
        set("b", json!({"c": 1, "d": [2.0]})),
        set("b", json!({"d": [2], "c": 1})),
        set("b.c", json!(1)),
        append("b.d", json!(2)),
        remove("b.e"),
        remove("f.g"),
    ];
    assert_eq!(check("a: 1\n", &all), "a: 1\nb:\n  c: 1\n  d:\n  - 2.0\n");
    assert_eq!(edited("a: 1\n", &[set("a", Data::from(1.0))]).text, "a: 1\n");
}

#[test]
fn the_root_stays() {
    assert!(matches!(failure("a: 1\n", &[remove("")]), EditError::Unsupported { .. }));
}

#[test]
fn a_literal_at_eof() {
    case(
        "spec:\n  containers:\n  - name: a\n    args: |\n      x",
        &harden(),
        "spec:\n  automountServiceAccountToken: false\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n    args: |\n      x",
        &[],
    );
}

#[test]
fn a_literal_at_eof_head() {
    case(
        "spec:\n  containers:\n  - args: |\n      x",
        &harden(),
        "spec:\n  automountServiceAccountToken: false\n  containers:\n  - securityContext:\n      privileged: false\n      runAsNonRoot: true\n    args: |\n      x",
        &[],
    );
}

#[test]
fn a_literal_stripped_at_eof() {
    case(
        "spec:\n  containers:\n  - name: a\n    args: |-\n      x",
        &harden(),
        "spec:\n  containers:\n  - name: a\n    args: |-\n      x\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false",
        &[],
    );
}

#[test]
fn a_literal_list_eof() {
    case(
        "a:\n- |\n  x",
        &[append("a", json!("y"))],
        "a:\n- |-\n  x\n- \"y\"",
        &["line 2: a block scalar at the end of the input got the header that keeps its value"],
    );
}

#[test]
fn a_literal_keep_list_eof() {
    case(
        "a:\n- |+\n  x",
        &[append("a", json!("y"))],
        "a:\n- |-\n  x\n- \"y\"",
        &["line 2: a block scalar at the end of the input got the header that keeps its value"],
    );
}

#[test]
fn an_alias_as_image() {
    case(
        "x: &i img\nspec:\n  containers:\n  - image: *i\n",
        &harden(),
        "x: &i img\nspec:\n  containers:\n  - image: *i\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
        &[],
    );
}

#[test]
fn an_alias_as_image_set() {
    case(
        "x: &i img\nspec:\n  containers:\n  - image: *i # c\n",
        &[set("spec.containers.0.image", json!("b"))],
        "x: &i img\nspec:\n  containers:\n  - image: b # c\n",
        &[],
    );
}

#[test]
fn an_alias_as_sc() {
    case(
        "x: &sc\n  a: 1\nspec:\n  containers:\n  - name: a\n    securityContext: *sc\n",
        &harden(),
        "x: &sc\n  a: 1\nspec:\n  containers:\n  - name: a\n    securityContext: {\"a\": 1, \"privileged\": false, \"runAsNonRoot\": true}\n  automountServiceAccountToken: false\n",
        &["line 6: an alias was replaced by a copy of its value"],
    );
}

#[test]
fn merge_in_sc() {
    case(
        "x: &sc\n  a: 1\n  privileged: true\nspec:\n  containers:\n  - name: a\n    securityContext:\n      <<: *sc\n      z: 1\n",
        &harden(),
        "x: &sc\n  a: 1\n  privileged: true\nspec:\n  containers:\n  - name: a\n    securityContext:\n      <<: *sc\n      z: 1\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
        &[
            "line 8: a merge brings in spec.containers[0].securityContext.privileged; its new value overrides that",
        ],
    );
}

#[test]
fn merge_in_flow_sc() {
    case(
        "x: &sc\n  a: 1\nspec:\n  containers:\n  - name: a\n    securityContext: {<<: *sc, z: 1}\n",
        &harden(),
        "x: &sc\n  a: 1\nspec:\n  containers:\n  - name: a\n    securityContext:\n      z: 1\n      a: 1\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
        &["line 6: a map with an explicit key, a merge or no braces was written anew, without its comments"],
    );
}

#[test]
fn merged_map_descend() {
    case(
        "x: &c\n  securityContext:\n    a: 1\nspec:\n  containers:\n  - name: a\n    <<: *c\n",
        &harden(),
        "x: &c\n  securityContext:\n    a: 1\nspec:\n  containers:\n  - name: a\n    <<: *c\n    securityContext:\n      a: 1\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
        &["line 6: a merge brings in spec.containers[0].securityContext; its new value overrides that"],
    );
}

#[test]
fn merged_remove() {
    case(
        "x: &c\n  a: 1\n  b: 2\nw:\n  <<: *c\n  d: 1\n",
        &[remove("w.a")],
        "x: &c\n  a: 1\n  b: 2\nw:\n  d: 1\n  b: 2\n",
        &["line 5: a map with an explicit key, a merge or no braces was written anew, without its comments"],
    );
}

#[test]
fn kind_from_merge() {
    case(
        "x: &k {kind: Pod}\n<<: *k\nspec:\n  containers:\n  - name: a\n",
        &harden(),
        "x: &k {kind: Pod}\n<<: *k\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  automountServiceAccountToken: false\n",
        &[],
    );
}

#[test]
fn an_anchored_container() {
    case(
        "spec:\n  containers:\n  - &c\n    name: a\n  - *c\n",
        &harden(),
        "spec:\n  containers:\n  - &c\n    name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  - {\"name\": \"a\"}\n  automountServiceAccountToken: false\n",
        &["line 5: an alias was replaced by a copy of its value"],
    );
}

#[test]
fn an_anchored_container_both() {
    case(
        "spec:\n  containers:\n  - &c\n    name: a\n  - *c\n",
        &[
            set("spec.containers.0.securityContext.privileged", json!(false)),
            set("spec.containers.0.securityContext.runAsNonRoot", json!(true)),
            set("spec.automountServiceAccountToken", json!(false)),
            set("spec.containers.1.securityContext.privileged", json!(false)),
            set("spec.containers.1.securityContext.runAsNonRoot", json!(true)),
        ],
        "spec:\n  containers:\n  - &c\n    name: a\n    securityContext:\n      privileged: false\n      runAsNonRoot: true\n  - *c\n  automountServiceAccountToken: false\n",
        &[],
    );
}

#[test]
fn an_anchored_merges() {
    case(
        "a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n",
        &[set("a.z", json!(3))],
        "a: &a\n  x: 1\n  z: 3\nb:\n  <<: {\"x\": 1}\n  y: 2\n",
        &["line 4: an alias was replaced by a copy of its value"],
    );
}

#[test]
fn an_anchor_removed() {
    case(
        "a: &a\n  x: 1\nb: *a\nc: [*a]\n",
        &[remove("a")],
        "b: {\"x\": 1}\nc: [{\"x\": 1}]\n",
        &[
            "line 3: an alias was replaced by a copy of its value",
            "line 4: an alias was replaced by a copy of its value",
        ],
    );
}

#[test]
fn an_anchor_replaced_scalar() {
    case(
        "a: &a 1\nb: *a\n",
        &[set("a", json!(2))],
        "a: 2\nb: 1\n",
        &["line 2: an alias was replaced by a copy of its value"],
    );
}

#[test]
fn a_tagged_scalar() {
    case("image: !!str b\n", &[set("image", json!("c"))], "image: c\n", &[]);
}

#[test]
fn a_tagged_number() {
    case("image: !!str 1 # c\n", &[set("image", json!("c"))], "image: c # c\n", &[]);
}

#[test]
fn caps_empty_flow() {
    case(
        "sc: {capabilities: }\n",
        &[append("sc.capabilities.drop", json!("ALL"))],
        "sc: {capabilities: {drop: [ALL]} }\n",
        &[],
    );
}

#[test]
fn caps_none_flow() {
    case(
        "sc: {capabilities}\n",
        &[append("sc.capabilities.drop", json!("ALL"))],
        "sc: {capabilities: {drop: [ALL]}}\n",
        &[],
    );
}

#[test]
fn caps_json() {
    case(
        "sc: {\"capabilities\":}\n",
        &[append("sc.capabilities.drop", json!("ALL"))],
        "sc: {\"capabilities\": {\"drop\": [\"ALL\"]}}\n",
        &[],
    );
}

#[test]
fn explicit_key() {
    case(
        "? spec\n: a: 1\n# c\nz: 1\n",
        &[set("spec.b", json!(1))],
        "spec:\n  a: 1\n  b: 1\nz: 1\n",
        &["line 1: a map with an explicit key, a merge or no braces was written anew, without its comments"],
    );
}

#[test]
fn explicit_key_no_colon() {
    case(
        "? spec\nz: 1\n",
        &[set("spec.b", json!(1))],
        "spec:\n  b: 1\nz: 1\n",
        &["line 1: a map with an explicit key, a merge or no braces was written anew, without its comments"],
    );
}

#[test]
fn a_pair_with_an_explicit_key() {
    let edits = [set("a.1.d", json!(1))];
    assert_eq!(check("a: [x, ? b : c]\n", &edits), "a: [x, {\"b\": \"c\", \"d\": 1}]\n");
}

#[test]
fn flow_pair() {
    case(
        "a: [b: c]\n",
        &[set("a.0.d", json!(1))],
        "a: [{\"b\": \"c\", \"d\": 1}]\n",
        &["line 1: a map with an explicit key, a merge or no braces was written anew, without its comments"],
    );
}

#[test]
fn remove_no_item() {
    case("a:\n- 1\n", &[remove("a.3.b")], "a:\n- 1\n", &[]);
}
