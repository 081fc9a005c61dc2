//! Which chart template a document was rendered from.

/// The annotation by which Helm 4 splits a post-rendered stream back into files.
pub const HELM4_FILE: &str = "postrenderer.helm.sh/postrender-filename";

/// The path in Helm's `# Source:` comment, looked for in the comment lines that open a document's body.
#[must_use]
pub fn from_comment(body: &str) -> Option<&str> {
    let comments =
        body.lines().map(str::trim_start).take_while(|line| line.is_empty() || line.starts_with('#'));
    let mut sources = comments.filter_map(|line| line.strip_prefix("# Source: "));
    sources.next().map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_first_source_comment_only_above_content() {
        assert_eq!(from_comment("# Source: a/b.yaml\nkind: X\n"), Some("a/b.yaml"));
        assert_eq!(from_comment("\n# note\n# Source: a/b.yaml\r\nkind: X\n"), Some("a/b.yaml"));
        assert_eq!(from_comment("kind: X\n# Source: a/b.yaml\n"), None);
    }
}
