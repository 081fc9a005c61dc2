//! JUnit, GitHub, GitLab, Markdown and text.

use std::collections::HashSet;
use std::fs;

use libtest_mimic::{Failed, Trial};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::run::{check, json, run_in, shop};

/// Names that try to leave their cell, attribute or command.
const HOSTILE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: \"a|b<i>\\\"&,x::y%0A`@all`\"}\nspec: {hostNetwork: true, containers: [{name: \"c\\n::error::d|e\", image: a}]}\n";

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("junit_is_xml_that_counts", junit_is_xml_that_counts),
        Trial::test("github_commands_stay_one_line", github_commands_stay_one_line),
        Trial::test("gitlab_issues_have_what_it_asks_for", gitlab_issues_have_what_it_asks_for),
        Trial::test("markdown_is_tables_of_five_cells", markdown_is_tables_of_five_cells),
        Trial::test("markdown_is_bounded", markdown_is_bounded),
        Trial::test("text_shows_the_line", text_shows_the_line),
        Trial::test("reports_go_where_they_are_told", reports_go_where_they_are_told),
        Trial::test("reports_are_the_same_every_time", reports_are_the_same_every_time),
    ]
}

fn junit_is_xml_that_counts() -> Result<(), Failed> {
    for input in [shop(), HOSTILE.to_owned()] {
        let report = json(&check("json", &input));
        let xml = check("junit", &input);
        let document = roxmltree::Document::parse(&xml)?;
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "testsuites");
        let count = |name: &str| root.descendants().filter(|node| node.has_tag_name(name)).count();
        let number = |name: &str| root.attribute(name).unwrap().parse::<usize>().unwrap();
        let summary = |name: &str| usize::try_from(report["summary"][name].as_u64().unwrap()).unwrap();
        assert_eq!(number("tests"), count("testcase"));
        assert_eq!(number("failures"), count("failure"));
        assert_eq!(count("failure"), summary("refused") + summary("fixed"));
        assert_eq!(count("skipped"), summary("exempt"));
        assert_eq!(count("testsuite"), summary("objects"));
        let findings = report["findings"].as_array().unwrap().len();
        assert_eq!(count("property"), findings, "a fingerprint each");
    }
    Ok(())
}

fn github_commands_stay_one_line() -> Result<(), Failed> {
    for input in [shop(), HOSTILE.to_owned()] {
        let report = json(&check("json", &input));
        let standing =
            report["findings"].as_array().unwrap().iter().filter(|it| it["status"] != "exempt").count();
        let commands = check("github", &input);
        assert_eq!(commands.lines().count(), standing);
        for line in commands.lines() {
            let (head, words) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
            let (kind, properties) = head.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&kind), "{line}");
            let keys: Vec<&str> = properties.split(',').map(|pair| pair.split_once('=').unwrap().0).collect();
            assert!(keys == ["file", "title"] || keys == ["file", "line", "title"], "{line}");
            assert!(!words.is_empty());
        }
        let kinds: Vec<&str> = commands.lines().map(|line| line[2..].split(' ').next().unwrap()).collect();
        let order = |kind: &&str| ["error", "warning", "notice"].iter().position(|it| it == kind);
        assert!(kinds.iter().is_sorted_by_key(order), "{kinds:?}");
    }
    Ok(())
}

fn gitlab_issues_have_what_it_asks_for() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("a.yaml"), shop())?;
    let ran = run_in(folder.path(), &["check", "--report=gitlab", "./a.yaml"], "");
    let issues = json(&ran.stdout);
    let issues = issues.as_array().unwrap();
    assert!(issues.len() > 20);
    let mut seen = HashSet::new();
    for issue in issues {
        assert!(!issue["description"].as_str().unwrap().is_empty());
        assert!(!issue["check_name"].as_str().unwrap().is_empty());
        assert!(seen.insert(issue["fingerprint"].as_str().unwrap()), "{issue} twice");
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert_eq!(issue["location"]["path"], "a.yaml");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
    }
    Ok(())
}

/// The text of each cell, row by row.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cell = None;
    let mut head = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableHead) => head = true,
            Event::End(TagEnd::TableHead) => head = false,
            Event::Start(Tag::TableCell) if !head => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                if let (Some(row), Some(text)) = (rows.last_mut(), cell.take()) {
                    row.push(text);
                }
            }
            Event::Text(text) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&text);
                }
            }
            Event::Code(text) => panic!("code {text:?} from a name"),
            Event::Start(Tag::Link { dest_url, .. }) => panic!("link {dest_url:?} from a name"),
            _ => {}
        }
    }
    rows
}

fn markdown_is_tables_of_five_cells() -> Result<(), Failed> {
    let report = json(&check("json", &shop()));
    let findings = report["findings"].as_array().unwrap();
    let comment = check("markdown", &shop());
    assert!(comment.starts_with("<!-- hardtack -->\n### hardtack: "), "{comment}");
    let rows_of_shop = rows(&comment);
    assert_eq!(rows_of_shop.len(), findings.len());
    assert!(rows_of_shop.iter().all(|row| row.len() == 5), "{rows_of_shop:?}");
    let hostile = rows(&check("markdown", HOSTILE));
    assert!(!hostile.is_empty() && hostile.iter().all(|row| row.len() == 5), "{hostile:?}");
    assert!(hostile.iter().all(|row| row[1] == "Pod/a|b<i>\"&,x::y%0A`@all`"), "{hostile:?}");
    Ok(())
}

fn markdown_is_bounded() -> Result<(), Failed> {
    let many: String = (0..1500)
        .map(|number| format!("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {}-{number}}}\nspec: {{hostNetwork: true, containers: [{{name: a, image: a}}]}}\n", "long".repeat(40)))
        .collect();
    let comment = check("markdown", &many);
    assert!(comment.chars().count() < 65_536, "{}", comment.chars().count());
    assert!(comment.contains(" more: `hardtack check` shows all"));
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
    Ok(())
}

fn text_shows_the_line() -> Result<(), Failed> {
    let text = check("text", &shop());
    let number = shop().lines().position(|line| line.trim() == "hostNetwork: true").unwrap() + 1;
    assert!(text.contains(&format!("{number:>7} |       hostNetwork: true\n")), "{text}");
    Ok(())
}

fn reports_go_where_they_are_told() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let arguments = ["check", "--report", "github", "--report=json=a.json", "--report", "junit=b.xml"];
    let ran = run_in(folder.path(), &arguments, &shop());
    assert!(ran.stdout.lines().all(|line| line.starts_with("::")), "{}", ran.stdout);
    assert_eq!(json(&fs::read_to_string(folder.path().join("a.json"))?)["version"], 1);
    assert!(fs::read_to_string(folder.path().join("b.xml"))?.starts_with("<?xml"));
    let ran = run_in(folder.path(), &["harden", "--report=sarif=-"], &shop());
    assert!(ran.stdout.starts_with("# a small shop") || ran.stdout.starts_with("---"), "{}", ran.stdout);
    assert!(ran.stderr.contains("\"version\": \"2.1.0\""), "to stderr: stdout is the manifest");
    for (word, hint) in [
        ("sarfi", "did you mean \"sarif\"?"),
        ("html", "one of text, json, sarif"),
        ("json=", "names no file"),
    ] {
        let ran = run_in(folder.path(), &["--report", word], &shop());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{word}");
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
    fs::write(folder.path().join("one.yaml"), shop())?;
    fs::write(folder.path().join("two.yaml"), shop())?;
    run_in(folder.path(), &["harden", "--report=json=both.json", "one.yaml", "two.yaml"], "");
    let both = json(&fs::read_to_string(folder.path().join("both.json"))?);
    let inputs: HashSet<&str> = both["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["source"]["input"].as_str().unwrap())
        .collect();
    assert_eq!(inputs, HashSet::from(["one.yaml", "two.yaml"]));
    Ok(())
}

fn reports_are_the_same_every_time() -> Result<(), Failed> {
    for format in ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"] {
        let once = check(format, &shop());
        assert!(once.len() > 1000, "{format}: {once}");
        assert_eq!(once, check(format, &shop()), "{format}");
    }
    Ok(())
}
