//! A match as conditions that a ValidatingAdmissionPolicy can hold.

use super::Match;
use super::expressed::{fits, quoted};

const LABELS: &str = "[object.metadata.?labels, object.?spec.template.metadata.labels, \
                      object.?spec.jobTemplate.spec.template.metadata.labels, object.?template.metadata.labels]";

impl Match {
    /// The match as expressions that must all hold.
    ///
    /// # Errors
    /// The word that no cluster knows.
    pub fn expressed(&self) -> Result<Vec<(String, String)>, String> {
        let unknown = [
            ("chart", self.chart.is_some()),
            ("template", self.template.is_some()),
            ("container, image or port", self.is_about_containers()),
            ("key", self.key.is_some()),
        ];
        if let Some((word, _)) = unknown.into_iter().find(|(_, is_there)| *is_there) {
            return Err(format!("its match speaks of {word}"));
        }
        let mut conditions = Vec::new();
        let mut add = |name: &str, condition: String| conditions.push((name.to_owned(), condition));
        if let Some(kind) = &self.kind {
            add("kind", fits("request.kind.kind", kind));
        }
        if let Some(name) = &self.name {
            add("name", fits("string(object.metadata.?name.orValue(''))", name));
        }
        if let Some(namespace) = &self.namespace {
            add("namespace", fits("(has(request.namespace) ? request.namespace : '')", namespace));
        }
        for (number, (key, pattern)) in self.labels.iter().enumerate() {
            let value = format!("string(l.value()[{}])", quoted(key));
            let there = format!("l.hasValue() && {} in l.value()", quoted(key));
            let holds = fits(&value, pattern);
            add(&format!("label-{number}"), format!("{LABELS}.exists(l, {there} && {holds})"));
        }
        if let Some(expression) = &self.expression {
            add("expression", expression.text().to_owned());
        }
        Ok(conditions)
    }
}
