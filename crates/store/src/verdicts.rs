//! What the checks said of a photo, in columns of their own, so that lists can be filtered by it.

use caixiang_domain::PhotoId;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::rows;

/// The columns, and what the photos that are there already get: it stands in their records.
pub(crate) const COLUMNS: &str = "
ALTER TABLE photos ADD COLUMN grade TEXT;
ALTER TABLE photos ADD COLUMN broken TEXT;
UPDATE photos SET
    grade = CASE WHEN json_type(record, '$.findings') IS NOT 'array' THEN NULL ELSE (
        SELECT CASE max(CASE json_extract(value, '$.severity') WHEN 'block' THEN 2 WHEN 'warn' THEN 1 ELSE 0 END)
            WHEN 2 THEN 'blocked' WHEN 1 THEN 'warned' ELSE 'clean' END
        FROM json_each(record, '$.findings')
        WHERE json_extract(value, '$.outcome') IN ('too_low', 'too_high')) END,
    broken = (SELECT group_concat(json_extract(value, '$.check'), ' ') FROM json_each(record, '$.findings')
        WHERE json_extract(value, '$.outcome') IN ('too_low', 'too_high')
          AND json_extract(value, '$.severity') IN ('block', 'warn'));";

/// The gravest that was found on a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoGrade {
    /// No limit is broken, or only such as are worth a note.
    Clean,
    /// It may be refused: a person should look.
    Warned,
    /// It would be refused; staff let it pass.
    Blocked,
}

impl PhotoGrade {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Clean, Self::Warned, Self::Blocked];

    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Warned => "warned",
            Self::Blocked => "blocked",
        }
    }

    /// The one with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The grade and the broken checks of a record: findings with `check`, `outcome` and `severity`.
struct Judged {
    grade: Option<PhotoGrade>,
    broken: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Record {
    findings: Option<Vec<Found>>,
}

#[derive(serde::Deserialize)]
struct Found {
    check: String,
    outcome: String,
    severity: Option<String>,
}

fn judged(record: &str) -> Judged {
    let findings = serde_json::from_str::<Record>(record).ok().and_then(|record| record.findings);
    let Some(findings) = findings else { return Judged { grade: None, broken: Vec::new() } };
    let mut grade = PhotoGrade::Clean;
    let mut broken = Vec::new();
    for found in findings.into_iter().filter(|found| matches!(&*found.outcome, "too_low" | "too_high")) {
        match found.severity.as_deref() {
            Some("block") => grade = PhotoGrade::Blocked,
            Some("warn") if grade == PhotoGrade::Clean => grade = PhotoGrade::Warned,
            Some("warn") => {}
            _ => continue,
        }
        broken.push(found.check);
    }
    Judged { grade: Some(grade), broken }
}

/// What the checks of a record found, for the centre: the severity of each broken check, and which could not be told.
pub(crate) fn findings(record: &str) -> caixiang_wire::Fields {
    let findings = serde_json::from_str::<Record>(record).ok().and_then(|record| record.findings);
    let told = findings.into_iter().flatten().filter_map(|found| match &*found.outcome {
        "too_low" | "too_high" => Some((found.check, found.severity.unwrap_or_else(|| "note".to_owned()))),
        "unknown" => Some((found.check, "unknown".to_owned())),
        _ => None,
    });
    told.collect()
}

/// Fills the columns of a photo from its record.
pub(crate) fn note(conn: &Connection, photo: PhotoId, record: &str) -> Result<(), StoreError> {
    let Judged { grade, broken } = judged(record);
    let broken = (!broken.is_empty()).then(|| broken.join(" "));
    rows::change(
        conn,
        "UPDATE photos SET grade = ?2, broken = ?3 WHERE id = ?1",
        params![photo.uuid().into_bytes(), grade.map(PhotoGrade::code), broken],
    )
    .map(drop)
}

/// The checks of the column.
pub(crate) fn broken(text: Option<String>) -> Vec<String> {
    text.map(|text| text.split(' ').map(str::to_owned).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(findings: &[(&str, &str, Option<&str>)]) -> String {
        let findings: Vec<_> = findings
            .iter()
            .map(|(check, outcome, severity)| {
                serde_json::json!({ "check": check, "outcome": outcome, "severity": severity })
            })
            .collect();
        serde_json::json!({ "findings": findings }).to_string()
    }

    /// What is written with a photo and what the migration makes of a record must be the same.
    #[test]
    fn both_ways_agree() {
        let conn = Connection::open_in_memory().unwrap();
        let columns = COLUMNS.split_once("UPDATE photos").unwrap();
        conn.execute_batch("CREATE TABLE photos (id BLOB, record TEXT);").unwrap();
        conn.execute_batch(columns.0).unwrap();
        let cases = [
            ("{}".to_owned(), None, vec![]),
            (record(&[]), Some(PhotoGrade::Clean), vec![]),
            (
                record(&[("a", "pass", Some("block")), ("b", "too_low", Some("note"))]),
                Some(PhotoGrade::Clean),
                vec![],
            ),
            (
                record(&[("a", "too_low", Some("warn")), ("b", "unknown", Some("block"))]),
                Some(PhotoGrade::Warned),
                vec!["a"],
            ),
            (
                record(&[
                    ("a", "too_high", Some("block")),
                    ("b", "too_low", Some("warn")),
                    ("c", "too_low", None),
                ]),
                Some(PhotoGrade::Blocked),
                vec!["a", "b"],
            ),
        ];
        for (record, grade, broken_checks) in cases {
            let found = judged(&record);
            assert_eq!(
                (found.grade, found.broken),
                (grade, broken_checks.iter().map(|s| (*s).to_owned()).collect())
            );
            conn.execute("DELETE FROM photos", []).unwrap();
            conn.execute("INSERT INTO photos (id, record) VALUES (x'00', ?1)", [&record]).unwrap();
            conn.execute_batch(&format!("UPDATE photos{}", columns.1)).unwrap();
            let row = conn.query_row("SELECT grade, broken FROM photos", [], |row| {
                Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
            });
            let (sql_grade, sql_broken) = row.unwrap();
            assert_eq!(sql_grade.as_deref(), grade.map(PhotoGrade::code), "{record}");
            assert_eq!(broken(sql_broken), broken_checks, "{record}");
        }
    }
}
