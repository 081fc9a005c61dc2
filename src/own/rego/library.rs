//! Rego modules and data, parsed and held to what policies may do.

use std::fmt;
use std::num::NonZeroU32;

use regorus::{Engine, PolicyLengthConfig, Value};
use serde_json::Value as Json;

use super::conventions::{self, Class, Message};
use super::sources::{Sources, Text};
use super::{builtins, functions, limits, walk};
use crate::own::schemas::Fault;
use crate::policy::Date;

/// Compiled modules, to be cloned for each evaluation.
#[derive(Clone)]
pub struct Library {
    engine: Engine,
    /// Package and name of each rule that gives verdicts, with the file it stands in.
    pub(super) rules: Vec<Rule>,
    excepted: Vec<String>,
}

/// A `deny`, `warn` or `violation` of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// `main`.
    pub(super) package: String,
    /// `deny_run_as_root`.
    pub(super) name: String,
    pub(super) class: Class,
    /// The first file that states it.
    pub(super) file: String,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Library {
    /// Parses and checks the files of an entry; `v0` reads the older syntax. `today` is what `time.now_ns` says.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column.
    pub fn compile(sources: &Sources, v0: bool, today: Date) -> Result<Self, Fault> {
        let mut engine = Engine::new();
        engine.set_rego_v0(v0);
        engine.set_gather_prints(false);
        engine.set_execution_timer_config(limits::steps());
        engine.set_policy_length_config(PolicyLengthConfig {
            max_col: NonZeroU32::new(10_000).unwrap_or(NonZeroU32::MIN),
            ..PolicyLengthConfig::default()
        });
        engine.set_strict_builtin_errors(false);
        functions::add(&mut engine, today).map_err(|error| Fault::new(error.to_string(), ""))?;
        let mut scratch = engine.clone();
        parse(&mut scratch, &sources.modules, v0)?;
        let asts = accounts(&scratch)?;
        builtins::check(&asts, &sources.modules)?;
        let pairs = asts.iter().zip(&sources.modules);
        let modules =
            pairs.map(|(ast, module)| walk::rewritten(ast, module)).collect::<Result<Vec<_>, _>>()?;
        parse(&mut engine, &modules, v0)?;
        let data = sources.merged()?;
        let data = Value::from_json_str(&data.to_string()).and_then(|data| engine.add_data(data));
        data.map_err(|error| Fault::new(format!("data: {error}"), "data files hold one map each"))?;
        let mut library = Self { engine, rules: Vec::new(), excepted: Vec::new() };
        library.learn(&asts, &sources.modules);
        library.check()?;
        Ok(library)
    }

    /// Notes the rules of each module.
    fn learn(&mut self, asts: &[Json], modules: &[Text]) {
        for (ast, module) in asts.iter().zip(modules) {
            let package = builtins::package(ast, module);
            let package = package.strip_prefix("data.").unwrap_or(&package);
            for name in builtins::rules(ast, module) {
                if name == "exception" {
                    self.excepted.push(package.to_owned());
                }
                let Some(class) = Class::of(name) else { continue };
                if !self.rules.iter().any(|rule| rule.package == package && rule.name == name) {
                    let (package, name) = (package.to_owned(), name.to_owned());
                    self.rules.push(Rule { package, name, class, file: module.path.clone() });
                }
            }
        }
    }

    /// Compiles, so that what only shows then is said when the policy is read.
    fn check(&self) -> Result<(), Fault> {
        let Some(rule) = self.rules.first() else {
            return Err(Fault::new(
                "rego: no rule named deny, warn or violation",
                "verdicts come from rules of these names, alone or with _and_more behind",
            ));
        };
        let path = format!("data.{}.{}", rule.package, rule.name);
        let compiled = self.engine.clone().compile_with_entrypoint(&path.into());
        compiled.map(drop).map_err(|error| {
            Fault::new(
                format!("rego {}", placed(&error.to_string(), &rule.file)),
                "no policy runs while one is wrong",
            )
        })
    }

    /// What a rule says about an input.
    ///
    /// # Errors
    /// What went wrong inside it, with file, line and column.
    pub(super) fn ask(&mut self, rule: &Rule, input: &Value) -> Result<Vec<Message>, String> {
        self.engine.set_input(input.clone());
        if self.excepted.contains(&rule.package) {
            let exceptions = self.value(&rule.package, "exception", &rule.file)?;
            if conventions::excepts(&exceptions, conventions::bare(&rule.name)) {
                return Ok(Vec::new());
            }
        }
        let value = self.value(&rule.package, &rule.name, &rule.file)?;
        conventions::messages(&value).map_err(|what| format!("{}: {} {what}", rule.file, rule.name))
    }

    fn value(&mut self, package: &str, name: &str, file: &str) -> Result<serde_json::Value, String> {
        let value = self.engine.eval_rule(format!("data.{package}.{name}"));
        let value = value.map_err(|error| {
            let error = error.to_string();
            if limits::ran_out(&error) {
                return format!("{file}: {name} takes more than {} steps", limits::STEPS);
            }
            placed(&error, file)
        })?;
        if value == Value::Undefined {
            return Ok(serde_json::Value::Null);
        }
        let text = value.to_json_str().map_err(|error| format!("{file}: {name}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{file}: {name}: {error}"))
    }
}

fn parse(engine: &mut Engine, modules: &[Text], v0: bool) -> Result<(), Fault> {
    for module in modules {
        refuse_local_time(module)?;
        let added = engine.add_policy(module.path.clone(), module.text.clone());
        added.map_err(|error| {
            Fault::new(format!("rego {}", placed(&error.to_string(), &module.path)), parsing(v0))
        })?;
    }
    Ok(())
}

/// regorus' account of each module, in order.
fn accounts(engine: &Engine) -> Result<Vec<Json>, Fault> {
    let text = engine.get_ast_as_json().map_err(|error| Fault::new(format!("rego: {error}"), ""))?;
    let all: Vec<Json> =
        serde_json::from_str(&text).map_err(|error| Fault::new(format!("rego: {error}"), ""))?;
    Ok(all.into_iter().map(|mut module| module["ast"].take()).collect())
}

fn parsing(v0: bool) -> String {
    if v0 {
        return "it is read as Rego v0, because regoVersion says so".to_owned();
    }
    "it is read as Rego v1; regoVersion: v0 reads policies without if and contains".to_owned()
}

/// The answers of the machine's own time zone would differ between machines.
fn refuse_local_time(module: &Text) -> Result<(), Fault> {
    let line = module.text.lines().position(|line| line.contains("time.") && line.contains("\"Local\""));
    line.map_or(Ok(()), |line| {
        Err(Fault::new(
            format!("rego {}:{}: the time zone \"Local\" differs between machines", module.path, line + 1),
            "name a zone, such as \"UTC\" or \"Europe/Berlin\"",
        ))
    })
}

/// regorus draws the place over several lines: `policy/a.rego:3:1: what is wrong`.
fn placed(error: &str, file: &str) -> String {
    let place = error.lines().find_map(|line| line.trim().strip_prefix("--> "));
    let what: Vec<&str> = error.lines().filter_map(|line| line.trim().strip_prefix("error: ")).collect();
    let what = if what.is_empty() {
        error.trim().lines().next().unwrap_or_default().to_owned()
    } else {
        what.join("; ")
    };
    format!("{}: {}", place.unwrap_or(file), what.trim_end_matches([':', '.']))
}
