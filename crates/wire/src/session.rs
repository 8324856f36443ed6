//! A collection session as it is written down: in the kiosk's database, on the wire, at the centre.

use caixiang_domain::{
    Bilingual, Check, Delivery, Fen, Field, FieldRule, IdentityMode, Payer, Product, Session, SessionId,
    Severity, Stricter, Terms,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A short text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A field that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Asked {
    /// The field's stable word.
    pub field: String,
    /// It must have a value.
    pub required: bool,
    /// The student may change what the roster says.
    pub editable: bool,
}

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ware {
    /// Its stable code.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Its fee, fen.
    pub fee_fen: u32,
    /// Paper photos are part of it.
    pub paper: bool,
}

/// A limit tighter than the preset's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tighter {
    /// The check's stable word.
    pub check: String,
    /// Smallest value, in the check's unit.
    pub min: Option<f64>,
    /// Largest value, in the check's unit.
    pub max: Option<f64>,
    /// The severity's stable word.
    pub severity: Option<String>,
}

/// A session, without its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionDocument {
    /// 特征码.
    pub feature_code: String,
    /// Its name.
    pub name: Words,
    /// The school's national code; empty where not given.
    pub school_code: String,
    /// The school's name.
    pub school: Words,
    /// How students are known: `code`, `roster`.
    pub identity: String,
    /// Where paper photos go: `centralised`, `individual`.
    pub delivery: String,
    /// Who pays: `self`, `school`, `class`, `prepaid`, `cash`.
    pub payer: String,
    /// The photo preset's id.
    pub preset: String,
    /// The background colour, `#rrggbb`.
    pub backdrop: String,
    /// What is asked, in this order.
    pub fields: Vec<Asked>,
    /// What can be ordered.
    pub products: Vec<Ware>,
    /// What to bring, one short line each.
    pub bring: Vec<Words>,
    /// Glasses must come off, whatever the preset says.
    pub no_glasses: bool,
    /// A demonstration: its orders are nobody's.
    pub demonstration: bool,
    /// First day, `2026-11-22`.
    #[serde(default)]
    pub opens: Option<String>,
    /// Last day.
    #[serde(default)]
    pub closes: Option<String>,
    /// Closed by staff.
    #[serde(default)]
    pub closed: bool,
    /// Limits tighter than the preset's.
    #[serde(default)]
    pub stricter: Vec<Tighter>,
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

impl From<&Session> for SessionDocument {
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

impl SessionDocument {
    /// The session with this id; `None` where the document says something that this version does not know.
    pub fn session(self, id: SessionId) -> Option<Session> {
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
