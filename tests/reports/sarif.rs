//! SARIF: valid, with fixes that do what they say, at the line of the chart.

use std::fs;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::run::{check, json, root, run_in, shop};
use crate::support::tools;

pub const SCHEMA: &str = "sarif-2.1.0.schema.json";

const POLICY: &str = "apiVersion: hardtack.dev/v1\nkind: Policy\nspec:\n  extends: production\n  exemptions:\n  - {allow: host-network, match: {kind: DaemonSet}, reason: reads node metrics}\n";

pub fn is_valid() -> Result<(), Failed> {
    // As published, its pattern for languages, which we do not write, is no regular expression: a bracket too many.
    let published = fs::read_to_string(tools::find(SCHEMA)?)?;
    let schema = json(&published.replace("{2}]?$", "{2}?$"));
    let validator = jsonschema::validator_for(&schema)?;
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("rendered stream.yaml"), shop())?;
    fs::write(folder.path().join("policy.yaml"), POLICY)?;
    let chart = root().join("charts/demo");
    let runs: [&[&str]; 5] = [
        &["check", "--report=sarif=r.sarif"],
        &["check", "-ppolicy.yaml", "--report=sarif=r.sarif", "rendered stream.yaml"],
        &["check", "-eproduction", "--report=sarif=r.sarif", "--chart", chart.to_str().unwrap()],
        &["harden", "--report=sarif=r.sarif", "rendered stream.yaml"],
        &["--report=sarif=r.sarif", "--gate=never", "-edevelopment"],
    ];
    for arguments in runs {
        run_in(folder.path(), arguments, &shop());
        let log = json(&fs::read_to_string(folder.path().join("r.sarif"))?);
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{arguments:?}:\n{}", errors.join("\n"));
        assert!(log["runs"][0]["results"].as_array().unwrap().len() > 20);
    }
    let mut broken = json(&check("sarif", &shop()));
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&broken), "the schema refuses what is wrong");
    Ok(())
}

/// Each fix, made alone in the text by its lines and columns, removes its finding.
pub fn fixes_mend_what_they_say() -> Result<(), Failed> {
    let before = check("sarif", &shop());
    let log = json(&before);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let fixed: Vec<&Value> = results.iter().filter(|result| result.get("fixes").is_some()).collect();
    assert!(fixed.len() > 10, "{} fixes", fixed.len());
    let pending = |result: &Value| result["properties"]["status"] == "fixed";
    for result in fixed {
        let name = &result["partialFingerprints"]["hardtack/v1"];
        let count = |log: &Value| {
            let results = log["runs"][0]["results"].as_array().unwrap().clone();
            let same = |it: &&Value| it["partialFingerprints"]["hardtack/v1"] == *name && pending(it);
            results.iter().filter(same).count()
        };
        let after = mended(&shop(), &result["fixes"][0]["artifactChanges"][0]["replacements"]);
        let again = json(&check("sarif", &after));
        assert_eq!(count(&again) + 1, count(&log), "{result:#}\n{after}");
    }
    Ok(())
}

fn mended(text: &str, replacements: &Value) -> String {
    let offset = |region: &Value, end: &str| {
        let number = |key: &str| usize::try_from(region[format!("{end}{key}")].as_u64().unwrap()).unwrap();
        let (line, column) = (number("Line"), number("Column"));
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    let mut out = text.to_owned();
    for replacement in replacements.as_array().unwrap().iter().rev() {
        let region = &replacement["deletedRegion"];
        let range = offset(region, "start")..offset(region, "end");
        out.replace_range(range, replacement["insertedContent"]["text"].as_str().unwrap());
    }
    out
}

pub fn points_at_the_chart() -> Result<(), Failed> {
    let arguments = ["check", "-eproduction", "--report=sarif", "--chart=charts/demo"];
    let log = json(&run_in(root(), &arguments, &shop()).stdout);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = |rule: &str| {
        let result = results.iter().find(|result| result["ruleId"] == rule).unwrap();
        let place = &result["locations"][0]["physicalLocation"];
        let line = place["region"]["startLine"].as_u64().map(|line| usize::try_from(line).unwrap());
        (place["artifactLocation"]["uri"].as_str().unwrap().to_owned(), line)
    };
    let (file, line) = place("host-network");
    assert_eq!(file, "charts/demo/templates/agent.yaml");
    let template = fs::read_to_string(root().join(&file))?;
    let line = template.lines().nth(line.unwrap() - 1).unwrap();
    assert_eq!(line.trim(), "hostNetwork: true");
    // a stream that was piped without --chart has no line that anyone could open
    let log = json(&check("sarif", &shop()));
    let result = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(result.get("region"), None);
    assert!(result["artifactLocation"]["uri"].as_str().unwrap().starts_with("shop/templates/"));
    let ran = run_in(root(), &["check", "--report=sarif", "--chart=charts"], &shop());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("charts is no chart"), "{}", ran.stderr);
    Ok(())
}
