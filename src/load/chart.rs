//! The chart that a stream was rendered from: which of its files, and which line, a rendered line came from.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;

/// A chart's folder.
#[derive(Debug)]
pub struct Chart {
    folder: PathBuf,
    name: String,
    templates: HashMap<PathBuf, Option<String>>,
}

/// A place in a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplatePlace {
    /// The template, below the folder as it was named.
    pub path: PathBuf,
    /// From 1; absent where no line, or more than one, reads like the rendered one.
    pub line: Option<usize>,
}

#[derive(Deserialize)]
struct ChartFile {
    name: String,
}

impl Chart {
    /// Opens the folder that holds `Chart.yaml`.
    ///
    /// # Errors
    /// [`Error::Usage`] when it is no chart.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let shown = folder.display();
        let no_chart = |why: String| {
            let help = "--chart takes the folder that holds Chart.yaml, such as charts/shop";
            Error::usage(format!("{shown} is no chart: {why}"), help)
        };
        let text = std::fs::read_to_string(folder.join("Chart.yaml"));
        let text = text.map_err(|error| no_chart(format!("Chart.yaml: {error}")))?;
        let file: ChartFile = serde_saphyr::from_str(&text)
            .map_err(|error| no_chart(format!("Chart.yaml: {}", error.without_snippet())))?;
        Ok(Self { folder: folder.to_owned(), name: file.name, templates: HashMap::new() })
    }

    /// The file that `# Source:` names and the one line of it that reads like `rendered`, indentation aside.
    pub fn place(&mut self, source: &str, rendered: &str) -> Option<TemplatePlace> {
        let below = source.strip_prefix(self.name.as_str())?.strip_prefix('/')?;
        let inside = Path::new(below).components().all(|part| matches!(part, Component::Normal(_)));
        let path = self.folder.join(below);
        let read = |path: &PathBuf| inside.then(|| std::fs::read_to_string(path).ok()).flatten();
        let text = self.templates.entry(path.clone()).or_insert_with_key(read).as_ref()?;
        let rendered = rendered.trim();
        let mut same = text.lines().enumerate().filter(|(_, line)| line.trim() == rendered);
        let line = match (same.next(), same.next()) {
            (Some((number, _)), None) if !rendered.is_empty() => Some(number + 1),
            _ => None,
        };
        Some(TemplatePlace { path, line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_when_exactly_one_reads_like_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("templates")).unwrap();
        std::fs::write(folder.path().join("Chart.yaml"), "name: shop\nversion: 1.0.0\n").unwrap();
        let template =
            "kind: Pod\nspec:\n  {{- if .Values.net }}\n  hostNetwork: true\n  {{- end }}\n  a: 1\n  a: 1\n";
        std::fs::write(folder.path().join("templates/pod.yaml"), template).unwrap();
        let mut chart = Chart::open(folder.path()).unwrap();
        let mut line = |source: &str, rendered: &str| chart.place(source, rendered).map(|place| place.line);
        assert_eq!(line("shop/templates/pod.yaml", "    hostNetwork: true"), Some(Some(4)));
        assert_eq!(line("shop/templates/pod.yaml", "  a: 1"), Some(None), "two lines");
        assert_eq!(line("shop/templates/pod.yaml", "  b: 1"), Some(None), "no line");
        assert_eq!(line("shop/templates/pod.yaml", " "), Some(None));
        assert_eq!(line("other/templates/pod.yaml", "  a: 1"), None);
        assert_eq!(line("shopping/templates/pod.yaml", "  a: 1"), None);
        assert_eq!(line("shop/../Chart.yaml", "name: shop"), None);
        assert!(Chart::open(&folder.path().join("templates")).is_err());
    }
}
