//! The demonstration: a session with a roster of people who do not exist, so that a stranger can take a photo.

use caixiang_domain::{
    Bilingual, Delivery, Details, Fen, Field, FieldRule, IdentityMode, Payer, Product, Rgb, Session,
    SessionId, Standing, Subject, SubjectId, Terms,
};
use caixiang_store::{Actor, Role, Store, StoreError};
use jiff::Timestamp;
use serde::Deserialize;

/// The PIN of the demonstration, where none is set yet.
const PIN: &str = "2468";
const FILE: &str = include_str!("../../../assets/demonstration/session.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    feature_code: String,
    name: Text,
    school: Text,
    bring: Vec<Text>,
    student: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    student_number: String,
    id_number: String,
    sex: String,
    college: String,
    class_name: String,
}

impl From<Text> for Bilingual {
    fn from(text: Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// Puts the demonstration into the store and opens it.
pub(crate) fn install(store: &mut Store) -> Result<(), StoreError> {
    let file: File = toml::from_str(FILE).map_err(|_| StoreError::BadRow("demonstration"))?;
    let id = SessionId::new();
    let rule = |field, required, editable| FieldRule { field, required, editable };
    let session = Session {
        id,
        feature_code: file.feature_code.parse().map_err(|_| StoreError::BadRow("demonstration"))?,
        name: file.name.into(),
        school_code: String::new(),
        school: file.school.into(),
        identity: IdentityMode::Roster,
        delivery: Delivery::Centralised,
        payer: Payer::School,
        preset: "chsi".to_owned(),
        backdrop: Rgb([100, 197, 255]),
        fields: vec![
            rule(Field::Name, true, false),
            rule(Field::StudentNumber, true, false),
            rule(Field::IdNumber, true, false),
            rule(Field::College, false, false),
            rule(Field::ClassName, false, false),
            rule(Field::Phone, true, true),
        ],
        products: vec![Product {
            code: "standard".to_owned(),
            name: Bilingual { zh: "标准毕业证件照".to_owned(), en: "Graduation photo".to_owned() },
            fee: Fen::ZERO,
            paper: true,
        }],
        bring: file.bring.into_iter().map(Bilingual::from).collect(),
        no_glasses: false,
        demonstration: true,
        terms: Terms::default(),
    };
    store.put_session(&session)?;
    let subjects: Vec<Subject> = file
        .student
        .into_iter()
        .map(|row| Subject {
            id: SubjectId::new(),
            session: id,
            details: Details::new()
                .with(Field::Name, &row.name)
                .with(Field::StudentNumber, &row.student_number)
                .with(Field::IdNumber, &row.id_number)
                .with(Field::Sex, &row.sex)
                .with(Field::College, &row.college)
                .with(Field::ClassName, &row.class_name),
            code_sha256: None,
            standing: Standing::Waiting,
        })
        .collect();
    store.put_subjects(id, &subjects)?;
    store.set_active_session(id)?;
    if !store.has_pin(Role::Manager)? {
        store.set_pin(Role::Manager, PIN, Actor::System, Timestamp::now())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use caixiang_identity::DocumentNumber;

    #[test]
    fn everybody_of_the_demonstration_can_be_identified() {
        let file: File = toml::from_str(FILE).unwrap();
        assert!(file.student.len() >= 30);
        let mut numbers = std::collections::HashSet::new();
        for row in &file.student {
            assert!(DocumentNumber::parse(&row.id_number).is_ok(), "{}", row.name);
            assert!(numbers.insert(row.id_number.clone()) && numbers.insert(row.student_number.clone()));
        }
    }
}
