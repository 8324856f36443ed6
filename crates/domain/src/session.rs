//! A collection session (采集批次): what is photographed, how students are known, who pays, what is asked.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::colour::Rgb;
use crate::ids::{SessionId, SubjectId};
use crate::money::Fen;
use crate::terms::Terms;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word for the database, the wire and the message files.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one with this word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded! {
    /// What the kiosk knows of the students beforehand.
    IdentityMode {
        /// 采集码模式: nothing; they come with a capture code.
        Code = "code",
        /// 名单模式: the school's roster.
        Roster = "roster",
    }
}

coded! {
    /// Where paper photos go.
    Delivery {
        /// 集中采集: to the school in one parcel; no form.
        Centralised = "centralised",
        /// 个人采集 / 散采: to the student, if wanted.
        Individual = "individual",
    }
}

coded! {
    /// Who pays.
    Payer {
        /// The student, by phone.
        Student = "self",
        /// The school, counted afterwards.
        School = "school",
        /// The class, counted afterwards.
        Class = "class",
        /// Already paid: on a list.
        Prepaid = "prepaid",
        /// In cash, confirmed by staff.
        Cash = "cash",
    }
}

coded! {
    /// What is known of a student, as schools' rosters have it.
    Field {
        /// 学号.
        StudentNumber = "student_number",
        /// 姓名.
        Name = "name",
        /// 性别.
        Sex = "sex",
        /// 民族.
        Nation = "nation",
        /// 出生日期.
        Birth = "birth",
        /// 身份证号 or the number of another document.
        IdNumber = "id_number",
        /// The last four characters of the document's number, where no more is known: they tie a person to a code.
        LastFour = "last_four",
        /// 手机号.
        Phone = "phone",
        /// 考生号.
        ExamNumber = "exam_number",
        /// 培养层次.
        Level = "level",
        /// 学制.
        Duration = "duration",
        /// 院校代码.
        SchoolCode = "school_code",
        /// 院校名称.
        SchoolName = "school_name",
        /// 学院名称.
        College = "college",
        /// 专业名称.
        Major = "major",
        /// 班级名称.
        ClassName = "class_name",
        /// 备注.
        Remark = "remark",
        /// Who receives the parcel.
        Recipient = "recipient",
        /// The recipient's telephone.
        RecipientPhone = "recipient_phone",
        /// Province, city, district.
        Region = "region",
        /// Street, house, room.
        Address = "address",
    }
}

/// Longest value of one field, characters.
pub const MAX_FIELD_CHARS: usize = 200;

/// What is known of one student: non-empty values only, trimmed, bounded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details(BTreeMap<Field, String>);

impl Details {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a field.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// Sets a field; control characters are dropped, blank clears it, and what is too long is cut.
    pub fn set(&mut self, field: Field, value: &str) {
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        let value: String = value.trim().chars().take(MAX_FIELD_CHARS).collect();
        if value.is_empty() {
            self.0.remove(&field);
        } else {
            self.0.insert(field, value);
        }
    }

    /// With one more field.
    #[must_use]
    pub fn with(mut self, field: Field, value: &str) -> Self {
        self.set(field, value);
        self
    }

    /// Every field that has a value.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, value)| (*field, value.as_str()))
    }

    /// Takes over every value of the other.
    pub fn merge(&mut self, other: &Self) {
        for (field, value) in other.iter() {
            self.set(field, value);
        }
    }
}

/// A feature code (特征码): six letters or digits, case kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FeatureCode(String);

/// A text that is no feature code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a feature code is six letters or digits")]
pub struct NotAFeatureCode;

impl FromStr for FeatureCode {
    type Err = NotAFeatureCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAFeatureCode) }
    }
}

impl fmt::Display for FeatureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short text in both languages, as staff wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Whether a field is asked, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRule {
    /// Which.
    pub field: Field,
    /// It must have a value.
    pub required: bool,
    /// The student may change what the roster says.
    pub editable: bool,
}

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its stable code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Its fee.
    pub fee: Fen,
    /// Whether paper photos are part of it, so that an address is asked in individual delivery.
    pub paper: bool,
}

/// A collection session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Its feature code.
    pub feature_code: FeatureCode,
    /// Its name.
    pub name: Bilingual,
    /// The school's national code; empty where not given.
    pub school_code: String,
    /// The school's name.
    pub school: Bilingual,
    /// How students are known.
    pub identity: IdentityMode,
    /// Where paper photos go.
    pub delivery: Delivery,
    /// Who pays.
    pub payer: Payer,
    /// The photo preset's id.
    pub preset: String,
    /// The background colour.
    pub backdrop: Rgb,
    /// What is asked, in this order.
    pub fields: Vec<FieldRule>,
    /// What can be ordered; never empty.
    pub products: Vec<Product>,
    /// What to bring, one short line each.
    pub bring: Vec<Bilingual>,
    /// Whether glasses must come off, whatever the preset says.
    pub no_glasses: bool,
    /// A demonstration: its orders are nobody's.
    pub demonstration: bool,
    /// What it asks beyond its preset, and when it is open.
    pub terms: Terms,
}

impl Session {
    /// Codes of the products that paper photos are part of.
    pub fn paper_products(&self) -> Vec<String> {
        self.products.iter().filter(|product| product.paper).map(|product| product.code.clone()).collect()
    }
}

/// Where a student of a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Not photographed yet.
    Waiting,
    /// Called and not there.
    Absent,
    /// Has an order in this state.
    Ordered(crate::order::OrderState),
}

/// A person of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Their id.
    pub id: SubjectId,
    /// Their session.
    pub session: SessionId,
    /// What is known of them.
    pub details: Details,
    /// SHA-256 of their capture code's bytes, where they came with one.
    pub code_sha256: Option<[u8; 32]>,
    /// Where they stand.
    pub standing: Standing,
}

impl Subject {
    /// The last four characters of the document's number, upper case; fewer where there are fewer.
    pub fn last_four(&self) -> Option<String> {
        let known = self.details.get(Field::IdNumber).or_else(|| self.details.get(Field::LastFour))?;
        let number = known.to_ascii_uppercase();
        let skip = number.chars().count().saturating_sub(4);
        Some(number.chars().skip(skip).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feature_codes_keep_their_case() {
        for code in ["os5pwe", "C5UG16", "610967"] {
            assert_eq!(code.parse::<FeatureCode>().map(|c| c.to_string()).as_deref(), Ok(code));
        }
        for code in ["", "os5pw", "os5pwe7", "os5 we", "采集码abc", "os5pw-"] {
            assert!(code.parse::<FeatureCode>().is_err(), "{code}");
        }
    }

    #[test]
    fn details_are_trimmed_and_bounded() {
        let mut details = Details::new().with(Field::Name, "  王\u{7}小明 ");
        assert_eq!(details.get(Field::Name), Some("王小明"));
        details.set(Field::Name, " ");
        assert_eq!(details.get(Field::Name), None);
        details.set(Field::Remark, &"很".repeat(5000));
        assert_eq!(details.get(Field::Remark).map(|v| v.chars().count()), Some(MAX_FIELD_CHARS));
    }

    #[test]
    fn codes_read_back() {
        assert!(Field::ALL.iter().all(|&field| Field::from_code(field.code()) == Some(field)));
        assert!(Payer::ALL.iter().all(|&payer| Payer::from_code(payer.code()) == Some(payer)));
    }
}
