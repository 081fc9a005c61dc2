//! Each operation, in block and in flow style.

use hardtack::yaml::Edit;
use serde_json::json;

use crate::model::{append, check, edited, remove, set};

#[track_caller]
fn case(input: &str, edits: &[Edit], expected: &str) {
    assert_eq!(check(input, edits), expected, "from {input:?}");
}

#[test]
fn lines_are_counted() {
    let count = |input: &str, edits: &[Edit]| {
        let edited = edited(input, edits);
        (edited.lines_added, edited.lines_rewritten)
    };
    assert_eq!(count("a: 1\n", &[set("b.c", json!(1))]), (2, 0), "new lines");
    assert_eq!(count("a: 1", &[set("b.c", json!(1))]), (2, 0), "new lines after a last one without an end");
    assert_eq!(count("a: {} # c\n", &[set("a.b", json!(1))]), (1, 1), "an empty map becomes lines");
    assert_eq!(count("a: {}", &[set("a.b", json!(1))]), (1, 1));
    assert_eq!(count("a:\nb: 1\n", &[set("a.b", json!(1))]), (1, 0));
    assert_eq!(count("a: 1\n", &[set("a", json!(2))]), (0, 1), "a scalar is replaced");
    assert_eq!(count("a:\nb: 1\n", &[set("a", json!(2))]), (0, 1));
    assert_eq!(count("{a: 1, b: {c: 2}}\n", &[set("d", json!(2)), set("b.c", json!(3))]), (0, 1), "one line");
    assert_eq!(count("{\n  \"a\": 1\n}\n", &[set("d", json!(2))]), (1, 0), "a line of its own");
    assert_eq!(count("a: 1\nb:\n  c: 1\n", &[remove("b")]), (0, 2), "lines gone");
    assert_eq!(count("a: |\n  x\n  y\nb: 1\n", &[set("a", json!("z"))]), (0, 3));
    assert_eq!(count("a: 1\n", &[set("a", json!(1))]), (0, 0), "nothing to do");
}

#[test]
fn remove_only_key() {
    case("a:\n  b: 1 # c\nz: 1\n", &[remove("a.b")], "a: {}\nz: 1\n");
}

#[test]
fn remove_only_key_comment() {
    case("a: # why\n  b: 1\nz: 1\n", &[remove("a.b")], "a: {} # why\nz: 1\n");
}

#[test]
fn remove_last_root() {
    case("a: 1\n", &[remove("a")], "{}\n");
}

#[test]
fn remove_compact_head() {
    case("l:\n- a: 1\n  b: 2\n- c: 1\n", &[remove("l.0.a")], "l:\n- b: 2\n- c: 1\n");
}

#[test]
fn remove_compact_head_cm() {
    case("l:\n- a: 1 # x\n  # about b\n  b: 2\n", &[remove("l.0.a")], "l:\n-\n  # about b\n  b: 2\n");
}

#[test]
fn remove_compact_all() {
    case("l:\n- a: 1\n- c: 1\n", &[remove("l.0.a")], "l:\n- {}\n- c: 1\n");
}

#[test]
fn remove_compact_all_add() {
    case(
        "l:\n- a: 1\n- c: 1\n",
        &[remove("l.0.a"), set("l.0.b", json!({"x": [1, 2]}))],
        "l:\n- b:\n    x:\n    - 1\n    - 2\n- c: 1\n",
    );
}

#[test]
fn remove_item() {
    case("l:\n- a: 1\n  b: 2\n# c\n- c: 1\n- d\n", &[remove("l.0"), remove("l.2")], "l:\n# c\n- c: 1\n");
}

#[test]
fn remove_items_all() {
    case("l:\n- a: 1\n  b: 2\n# c\n- c: 1\nz: 1\n", &[remove("l.0"), remove("l.1")], "l: []\nz: 1\n");
}

#[test]
fn remove_nested_item() {
    case("l:\n- - a\n  - b\n", &[remove("l.0.0")], "l:\n- - b\n");
}

#[test]
fn remove_nested_item_c() {
    case("l:\n- - a\n  # c\n  - b\n", &[remove("l.0.0")], "l:\n-\n  # c\n  - b\n");
}

#[test]
fn remove_eof() {
    case("a: 1\nb: 2", &[remove("b")], "a: 1\n");
}

#[test]
fn remove_eof_add() {
    case("a: 1\nb: 2", &[remove("b"), set("c", json!(3))], "a: 1\nc: 3");
}

#[test]
fn remove_eof_lit() {
    case("a: |\n  x\nb: 2", &[remove("b"), set("c", json!(3))], "a: |\n  x\nc: 3");
}

#[test]
fn remove_flow() {
    case("a: {b: 1, c: 2, d: 3}\n", &[remove("a.b"), remove("a.d")], "a: {c: 2}\n");
}

#[test]
fn remove_flow_all() {
    case("a: { b: 1, c: 2 }\n", &[remove("a.b"), remove("a.c")], "a: {}\n");
}

#[test]
fn remove_flow_all_add() {
    case("a: { b: 1, c: 2 }\n", &[remove("a.b"), remove("a.c"), set("a.d", json!(1))], "a: {d: 1}\n");
}

#[test]
fn remove_flow_first_add() {
    case("a: { b: 1, c: 2 }\n", &[remove("a.b"), set("a.d", json!(1))], "a: { c: 2, d: 1 }\n");
}

#[test]
fn remove_flow_items() {
    case("a: [1, 2, 3,]\n", &[remove("a.1"), remove("a.2"), append("a", json!(4))], "a: [1, 4,]\n");
}

#[test]
fn remove_dup() {
    case("a: 1\nb: 1\na: 2\n", &[remove("a")], "b: 1\n");
}

#[test]
fn append_flow_ml() {
    case("a: [\n  x,\n  y\n]\n", &[append("a", json!("z"))], "a: [\n  x,\n  y,\n  z\n]\n");
}

#[test]
fn append_to_the_end() {
    case(
        "a:\n  - x # c\n  # d\nb: 1\n",
        &[append("a", json!("z")), append("a", json!("x")), append("a", json!({"q": {"r": 1}, "s": ["t"]}))],
        "a:\n  - x # c\n  - z\n  - q:\n      r: 1\n    s:\n      - t\n  # d\nb: 1\n",
    );
}

#[test]
fn append_missing() {
    case(
        "spec:\n  l:\n    - q\n",
        &[
            append("spec.v", json!({"name": "t", "emptyDir": {}})),
            append("spec.v", json!({"name": "u", "emptyDir": {}})),
        ],
        "spec:\n  l:\n    - q\n  v:\n    - name: t\n      emptyDir: {}\n    - name: u\n      emptyDir: {}\n",
    );
}

#[test]
fn append_missing_flush() {
    case(
        "spec:\n  l:\n  - q\n",
        &[append("spec.v", json!({"name": "t", "emptyDir": {}}))],
        "spec:\n  l:\n  - q\n  v:\n  - name: t\n    emptyDir: {}\n",
    );
}

#[test]
fn append_to_brackets() {
    case("a: [] # c\nb: 1\n", &[append("a", json!("z"))], "a: # c\n- z\nb: 1\n");
}

#[test]
fn append_null_item() {
    case(
        "a:\n  -\n  - x\n",
        &[append("a", json!({"k": 1, "l": "y"}))],
        "a:\n  -\n  - x\n  - k: 1\n    l: \"y\"\n",
    );
}

#[test]
fn append_wide() {
    case(
        "a:\n-   k: 1\n    l: 2\n",
        &[append("a", json!({"k": 1, "l": "y"}))],
        "a:\n-   k: 1\n    l: 2\n-   k: 1\n    l: \"y\"\n",
    );
}

#[test]
fn set_scalar_same_quote() {
    case(
        "a: 'x' # c\nb: \"y\"\nc: z\n",
        &[set("a", json!("q")), set("b", json!("r")), set("c", json!("yes"))],
        "a: 'q' # c\nb: \"r\"\nc: 'yes'\n",
    );
}

#[test]
fn set_map_to_scalar() {
    case("a:\n  b: 1 # c\n  d: 2\ne: 1\n", &[set("a", json!("x"))], "a: x\ne: 1\n");
}

#[test]
fn set_scalar_to_map() {
    case(
        "a: 1 # c\ne: 1\n",
        &[set("a", json!({"x": {"y": [1]}}))],
        "a: # c\n  x:\n    \"y\":\n    - 1\ne: 1\n",
    );
}

#[test]
fn set_list_to_map() {
    case(
        "a:\n- 1\n- 2\ne:\n  f: 1\n",
        &[set("a", json!({"x": {"y": [1]}}))],
        "a:\n  x:\n    \"y\":\n    - 1\ne:\n  f: 1\n",
    );
}

#[test]
fn set_literal() {
    case("a: |\n  x\n  y\nb: 1\n", &[set("a", json!("z"))], "a: z\nb: 1\n");
}

#[test]
fn set_literal_keep() {
    case("a: |+\n  x\n\nb: 1\n", &[set("a", json!({"z": 1}))], "a:\n  z: 1\nb: 1\n");
}

#[test]
fn set_to_literal() {
    case("a: x\nb: 1\n", &[set("a", json!("l1\nl2\n"))], "a: |\n  l1\n  l2\nb: 1\n");
}

#[test]
fn set_to_literal_comment() {
    case("a: x # c\nb: 1\n", &[set("a", json!("l1\nl2\n"))], "a: \"l1\\nl2\\n\" # c\nb: 1\n");
}

#[test]
fn set_multi() {
    case("a: x\n  y # c\nb: 1\n", &[set("a", json!("z"))], "a: z # c\nb: 1\n");
}

#[test]
fn set_items() {
    case(
        "a:\n- x # c\n- b: 1\n  c: 2\n-\n  d: 1\n-\n",
        &[
            set("a.0", json!({"k": 1, "m": 2})),
            set("a.1", json!("s")),
            set("a.2", json!([1, 2])),
            set("a.3", json!(5)),
        ],
        "a:\n- k: 1\n  m: 2 # c\n- s\n-\n  - 1\n  - 2\n- 5\n",
    );
}

#[test]
fn set_root() {
    case("a: 1\nb: 2\n", &[set("", json!({"c": [1]}))], "c:\n- 1\n");
}

#[test]
fn set_null_root() {
    case("~ # c\n", &[set("a.b", json!(1))], "a:\n  b: 1 # c\n");
}

#[test]
fn null_list() {
    case("a: null\n", &[append("a", json!(1))], "a:\n- 1\n");
}

#[test]
fn comment_between() {
    case(
        "a:\n  # c1\n\n  # c2\n- x\nb: 1\n",
        &[set("a.0", json!({"k": 1})), append("a", json!("z"))],
        "a:\n  # c1\n\n  # c2\n- k: 1\n- z\nb: 1\n",
    );
}

#[test]
fn json_remove() {
    case(
        "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": [\n    1,\n    2\n  ]\n}\n",
        &[remove("a"), append("c", json!(3)), remove("c.0")],
        "{\n  \"b\": 2,\n  \"c\": [\n    2,\n    3\n  ]\n}\n",
    );
}

#[test]
fn empty_doc_json() {
    case("{}\n", &[set("a", json!(1))], "{\"a\": 1}\n");
}

#[test]
fn large_documents_only_grow_by_the_planned_lines() {
    let container =
        |number: usize| format!("  - name: c{number}\n    securityContext: {{}}\n    args:\n    - x\n");
    let rows: String = (0..10_000).map(container).collect();
    let input = format!("spec:\n  containers:\n{rows}");
    let privileged =
        |number: usize| set(&format!("spec.containers.{number}.securityContext.privileged"), json!(false));
    let edits: Vec<Edit> = (0..10_000).map(privileged).collect();
    let edited = edited(&input, &edits);
    assert_eq!(edited.text, input.replace(" {}\n", "\n      privileged: false\n"));
    assert_eq!((edited.lines_added, edited.lines_rewritten), (10_000, 10_000));
}

#[test]
fn a_new_literal_takes_in_no_comment_or_blanks_below_it() {
    let lines = json!("x\ny\n");
    case("a:\n  b: 1\n    # c\n", &[set("k", lines.clone())], "a:\n  b: 1\nk: \"x\\ny\\n\"\n    # c\n");
    case("a: 1\n# c\n", &[set("k", lines.clone())], "a: 1\nk: |\n  x\n  y\n# c\n");
    case("a: 1\n    \n", &[set("k", lines.clone())], "a: 1\nk: \"x\\ny\\n\"\n    \n");
    case("a: 1  \nb: 1\n", &[set("a", lines.clone())], "a: \"x\\ny\\n\"  \nb: 1\n");
    let both = [set("a", lines), remove("b")];
    case("a: 1\nb:\n  # c\n", &both, "a: \"x\\ny\\n\"\n  # c\n");
}
