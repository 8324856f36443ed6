//! Reads what an answer says, by name and kind; what is missing or of another kind is not there.

use ipp::attribute::{IppAttributeGroup, IppAttributes};
use ipp::model::DelimiterTag;
use ipp::value::IppValue;

/// The most values of one attribute that are read. Printers name some hundred media.
const MAX_VALUES: usize = 1024;

/// The attributes of one thing.
pub(crate) struct Group<'a>(&'a IppAttributeGroup);

/// The printers of an answer.
pub(crate) fn printers(attributes: &IppAttributes) -> impl Iterator<Item = Group<'_>> {
    attributes.groups_of(DelimiterTag::PrinterAttributes).map(Group)
}

/// The jobs of an answer.
pub(crate) fn jobs(attributes: &IppAttributes) -> impl Iterator<Item = Group<'_>> {
    attributes.groups_of(DelimiterTag::JobAttributes).map(Group)
}

/// The names of the attributes that were not understood.
pub(crate) fn unsupported(attributes: &IppAttributes) -> Vec<String> {
    let groups = attributes.groups_of(DelimiterTag::UnsupportedAttributes);
    groups.flat_map(|group| group.attributes()).map(|it| it.name().as_str().to_owned()).take(32).collect()
}

impl Group<'_> {
    fn values(&self, name: &str) -> impl Iterator<Item = &IppValue> {
        let value = self.0.get(name).map(|attribute| attribute.value());
        let many: &[IppValue] = match value {
            Some(IppValue::Array(values)) => values,
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        many.iter().take(MAX_VALUES)
    }

    /// Every text, name, keyword, address or format.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).filter_map(text).collect()
    }

    /// The first of them.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.values(name).find_map(text)
    }

    /// Every whole number.
    pub(crate) fn integers(&self, name: &str) -> Vec<i32> {
        self.values(name).filter_map(integer).collect()
    }

    /// The first of them.
    pub(crate) fn integer(&self, name: &str) -> Option<i32> {
        self.values(name).find_map(integer)
    }

    /// Yes or no.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.values(name).find_map(|value| value.as_boolean().copied())
    }
}

fn text(value: &IppValue) -> Option<String> {
    Some(match value {
        IppValue::Keyword(text) => text.as_str().to_owned(),
        IppValue::NameWithoutLanguage(text) | IppValue::NameWithLanguage { name: text, .. } => {
            text.as_str().to_owned()
        }
        IppValue::TextWithoutLanguage(text) | IppValue::TextWithLanguage { text, .. } => {
            text.as_ref().to_owned()
        }
        IppValue::Uri(text) => text.as_str().to_owned(),
        IppValue::MimeMediaType(text) => text.as_str().to_owned(),
        _ => return None,
    })
}

fn integer(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}
