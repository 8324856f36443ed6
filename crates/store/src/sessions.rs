//! Collection sessions: each one a JSON document, with what the store itself needs beside it.

use caixiang_domain::{
    Bilingual, Check, Delivery, Fen, Field, FieldRule, IdentityMode, Payer, Product, Session, SessionId,
    Severity, Stricter, Terms,
};
use jiff::civil::Date;
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

    /// Lets this kiosk photograph for none.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn clear_active_session(&mut self) -> Result<(), StoreError> {
        self.set_setting(ACTIVE, "")
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
struct Tighter {
    check: String,
    min: Option<f64>,
    max: Option<f64>,
    severity: Option<String>,
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
    #[serde(default)]
    opens: Option<String>,
    #[serde(default)]
    closes: Option<String>,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    stricter: Vec<Tighter>,
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
            opens: session.terms.opens.map(|day| day.to_string()),
            closes: session.terms.closes.map(|day| day.to_string()),
            closed: session.terms.closed,
            stricter: session
                .terms
                .stricter
                .iter()
                .map(|limit| Tighter {
                    check: limit.check.code().into(),
                    min: limit.min,
                    max: limit.max,
                    severity: limit.severity.map(|severity| severity.code().into()),
                })
                .collect(),
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
        let stricter = self
            .stricter
            .into_iter()
            .map(|limit| {
                let severity = match limit.severity {
                    Some(code) => Some(Severity::from_code(&code)?),
                    None => None,
                };
                Some(Stricter {
                    check: Check::from_code(&limit.check)?,
                    min: limit.min,
                    max: limit.max,
                    severity,
                })
            })
            .collect::<Option<_>>()?;
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
            terms: Terms {
                opens: day(self.opens)?,
                closes: day(self.closes)?,
                closed: self.closed,
                stricter,
            },
        })
    }
}

/// A day as the document has it; the outer `None` for a text that is none.
#[expect(clippy::option_option, reason = "no day is one thing, a bad one another")]
fn day(text: Option<String>) -> Option<Option<Date>> {
    text.map(|text| text.parse().ok()).map_or(Some(None), |day: Option<Date>| day.map(Some))
}
