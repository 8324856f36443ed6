//! People of the demonstration session, none of whom exists.

use std::sync::LazyLock;

const FILE: &str = include_str!("../../../assets/demonstration/session.toml");

/// The PIN of the demonstration.
pub const PIN: &str = "2468";

/// One of them.
#[derive(Debug, Clone)]
pub struct Student {
    /// Name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// Number of the ID card.
    pub id_number: String,
}

impl Student {
    /// The last four characters of the ID number.
    pub fn last_four(&self) -> &str {
        &self.id_number[self.id_number.len() - 4..]
    }
}

/// All of them, in the order of the roster.
pub static STUDENTS: LazyLock<Vec<Student>> = LazyLock::new(|| {
    let file: toml::Table = FILE.parse().expect("the demonstration's session");
    let rows = file["student"].as_array().expect("its students");
    let text = |row: &toml::Value, name: &str| row[name].as_str().expect("a text").to_owned();
    rows.iter()
        .map(|row| Student {
            name: text(row, "name"),
            student_number: text(row, "student_number"),
            id_number: text(row, "id_number"),
        })
        .collect()
});
