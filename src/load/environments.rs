//! The three built-in environments: ordinary policy files inside the binary.

use crate::policy::Column;

/// Name and text of each, mildest first.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("development", include_str!("../policy/environments/development.yaml")),
    ("staging", include_str!("../policy/environments/staging.yaml")),
    ("production", include_str!("../policy/environments/production.yaml")),
];

/// Which of a rule's severities are those of a built-in environment.
#[must_use]
pub fn column(name: &str) -> Option<Column> {
    let columns = [Column::Development, Column::Staging, Column::Production];
    BUILT_IN.iter().position(|(known, _)| *known == name).map(|place| columns[place])
}

/// The file of a built-in environment.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
