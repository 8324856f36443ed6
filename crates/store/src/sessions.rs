//! Collection sessions: each one a JSON document, with what the store itself needs beside it.

use caixiang_domain::{
    Bilingual, Delivery, Fen, Field, FieldRule, IdentityMode, Payer, Product, Session, SessionId,
};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows;
use crate::settings;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE sessions (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    document TEXT NOT NULL,
    next_shot INTEGER NOT NULL DEFAULT 1
) STRICT;";

const ACTIVE: &str = "active_session";

impl Store {
    /// Adds a session, or changes it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let text = serde_json::to_string(&Document::from(session))
            .map_err(|_| StoreError::BadDocument("session"))?;
        self.write(|conn| {
            rows::change(
                conn,
                "INSERT INTO sessions (id, document) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET document = ?2",
                params![session.id.uuid().into_bytes(), text],
            )
            .map(drop)
        })
    }

    /// Every session, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        self.read(|conn| rows::all(conn, "SELECT id, document FROM sessions ORDER BY key DESC", [], read))
    }

    /// One session.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn session(&self, id: SessionId) -> Result<Session, StoreError> {
        self.read(|conn| {
            rows::one(
                conn,
                "SELECT id, document FROM sessions WHERE id = ?1",
                params![id.uuid().into_bytes()],
                read,
            )?
            .ok_or(StoreError::NotFound("session"))
        })
    }

    /// The session this kiosk photographs for.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn active_session(&self) -> Result<Option<Session>, StoreError> {
        let kept: Option<Uuid> = self.setting::<String>(ACTIVE)?.and_then(|text| Uuid::try_parse(&text).ok());
        kept.map(|id| self.session(SessionId::from_uuid(id))).transpose()
    }

    /// Sets the session this kiosk photographs for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn set_active_session(&mut self, id: SessionId) -> Result<(), StoreError> {
        self.write(|conn| {
            key_of(conn, id)?;
            settings::set(conn, ACTIVE, &id.to_string())
        })
    }
}

/// The row of a session.
pub(crate) fn key_of(conn: &Connection, id: SessionId) -> Result<i64, StoreError> {
    rows::one(conn, "SELECT key FROM sessions WHERE id = ?1", params![id.uuid().into_bytes()], |row| {
        Ok(row.get(0)?)
    })?
    .ok_or(StoreError::NotFound("session"))
}

/// The next shot number (拍摄号) of a session; each is given once.
pub(crate) fn next_shot(conn: &Connection, session: i64) -> Result<u32, StoreError> {
    rows::one(
        conn,
        "UPDATE sessions SET next_shot = next_shot + 1 WHERE key = ?1 RETURNING next_shot - 1",
        params![session],
        |row| rows::small(row, 0),
    )?
    .ok_or(StoreError::NotFound("session"))
}

fn read(row: &rusqlite::Row<'_>) -> Result<Session, StoreError> {
    let id = SessionId::from_uuid(rows::uuid(row, 0)?);
    let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let document: Document = serde_json::from_str(text).map_err(|_| StoreError::BadRow("session"))?;
    document.session(id).ok_or(StoreError::BadRow("session"))
}

#[derive(Serialize, Deserialize)]
struct Words {
    zh: String,
    en: String,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    field: String,
    required: bool,
    editable: bool,
}

#[derive(Serialize, Deserialize)]
struct Ware {
    code: String,
    name: Words,
    fee_fen: u32,
    paper: bool,
}

#[derive(Serialize, Deserialize)]
struct Document {
    feature_code: String,
    name: Words,
    school_code: String,
    school: Words,
    identity: String,
    delivery: String,
    payer: String,
    preset: String,
    backdrop: String,
    fields: Vec<Asked>,
    products: Vec<Ware>,
    bring: Vec<Words>,
    no_glasses: bool,
    demonstration: bool,
}

impl From<&Bilingual> for Words {
    fn from(text: &Bilingual) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

impl From<Words> for Bilingual {
    fn from(words: Words) -> Self {
        Self { zh: words.zh, en: words.en }
    }
}

impl From<&Session> for Document {
    fn from(session: &Session) -> Self {
        Self {
            feature_code: session.feature_code.to_string(),
            name: (&session.name).into(),
            school_code: session.school_code.clone(),
            school: (&session.school).into(),
            identity: session.identity.code().into(),
            delivery: session.delivery.code().into(),
            payer: session.payer.code().into(),
            preset: session.preset.clone(),
            backdrop: session.backdrop.to_string(),
            fields: session
                .fields
                .iter()
                .map(|rule| Asked {
                    field: rule.field.code().into(),
                    required: rule.required,
                    editable: rule.editable,
                })
                .collect(),
            products: session
                .products
                .iter()
                .map(|product| Ware {
                    code: product.code.clone(),
                    name: (&product.name).into(),
                    fee_fen: product.fee.get(),
                    paper: product.paper,
                })
                .collect(),
            bring: session.bring.iter().map(Words::from).collect(),
            no_glasses: session.no_glasses,
            demonstration: session.demonstration,
        }
    }
}

impl Document {
    fn session(self, id: SessionId) -> Option<Session> {
        let fields = self.fields.iter().map(|asked| {
            let field = Field::from_code(&asked.field)?;
            Some(FieldRule { field, required: asked.required, editable: asked.editable })
        });
        let products = self.products.into_iter().map(|ware| {
            let fee = Fen::new(ware.fee_fen)?;
            Some(Product { code: ware.code, name: ware.name.into(), fee, paper: ware.paper })
        });
        Some(Session {
            id,
            feature_code: self.feature_code.parse().ok()?,
            name: self.name.into(),
            school_code: self.school_code,
            school: self.school.into(),
            identity: IdentityMode::from_code(&self.identity)?,
            delivery: Delivery::from_code(&self.delivery)?,
            payer: Payer::from_code(&self.payer)?,
            preset: self.preset,
            backdrop: self.backdrop.parse().ok()?,
            fields: fields.collect::<Option<_>>()?,
            products: products.collect::<Option<_>>()?,
            bring: self.bring.into_iter().map(Bilingual::from).collect(),
            no_glasses: self.no_glasses,
            demonstration: self.demonstration,
        })
    }
}
