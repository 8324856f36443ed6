//! The template of the photos' names: `{college}/{class}/{student_number}_{name}.jpg`, parsed once.

use std::fmt;
use std::str::FromStr;

use caixiang_domain::{Field, OrderNumber};

use crate::safe;

/// Longest template, characters.
pub const MAX_TEMPLATE_CHARS: usize = 200;

/// What a name can be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TemplateField {
    /// A field of the student.
    Of(Field),
    /// The order's number.
    OrderNumber,
}

/// A template of names that ends in `.jpg`. `/` makes folders; nothing that a value holds does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(crate) components: Vec<Vec<Part>>,
}

/// A piece of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Field(TemplateField),
}

/// A text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {trouble:?}")]
pub struct TemplateError {
    /// The character where it goes wrong, counted from 0.
    pub at: usize,
    /// What is wrong there.
    pub trouble: TemplateTrouble,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateTrouble {
    /// There is none.
    Empty,
    /// It has more than [`MAX_TEMPLATE_CHARS`].
    TooLong,
    /// There is no such field.
    UnknownField(String),
    /// A brace without its other one.
    Brace,
    /// A character that not every system takes.
    Character(char),
    /// A folder or file that has no name, ends in a dot or blank, or that Windows keeps for itself.
    Component,
    /// It does not end in `.jpg`.
    Extension,
    /// The file's name has no field, so that all photos of a folder would have the same.
    NoField,
}

impl TemplateTrouble {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "handover.template.empty",
            Self::TooLong => "handover.template.too_long",
            Self::UnknownField(_) => "handover.template.unknown_field",
            Self::Brace => "handover.template.brace",
            Self::Character(_) => "handover.template.character",
            Self::Component => "handover.template.component",
            Self::Extension => "handover.template.extension",
            Self::NoField => "handover.template.no_field",
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> [Self; 8] {
        let field = Self::UnknownField(String::new());
        [
            Self::Empty,
            Self::TooLong,
            field,
            Self::Brace,
            Self::Character(':'),
            Self::Component,
            Self::Extension,
            Self::NoField,
        ]
    }
}

impl TemplateField {
    /// The fields that a name can be made of: what a roster has, never where somebody lives or is called.
    pub fn all() -> impl Iterator<Item = Self> {
        let private = [
            Field::Phone,
            Field::Recipient,
            Field::RecipientPhone,
            Field::Region,
            Field::Address,
            Field::Remark,
        ];
        let of =
            Field::ALL.iter().filter(move |field| !private.contains(field)).map(|&field| Self::Of(field));
        of.chain([Self::OrderNumber])
    }

    /// The word between the braces.
    pub fn code(self) -> &'static str {
        match self {
            Self::Of(Field::ClassName) => "class",
            Self::Of(field) => field.code(),
            Self::OrderNumber => "order_number",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        if code == Field::ClassName.code() {
            return Some(Self::Of(Field::ClassName));
        }
        Self::all().find(|field| field.code() == code)
    }

    /// The field's value for a student.
    pub(crate) fn value(self, details: &caixiang_domain::Details, order: OrderNumber) -> Option<String> {
        match self {
            Self::Of(field) => details.get(field).map(str::to_owned),
            Self::OrderNumber => Some(order.to_string()),
        }
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong, and at which character.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let chars: Vec<char> = text.chars().take(MAX_TEMPLATE_CHARS + 1).collect();
        let fault = |at, trouble| Err(TemplateError { at, trouble });
        match chars.len() {
            0 => return fault(0, TemplateTrouble::Empty),
            count if count > MAX_TEMPLATE_CHARS => return fault(count - 1, TemplateTrouble::TooLong),
            _ => {}
        }
        let mut components = vec![Vec::new()];
        let mut start = 0;
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            let parts: &mut Vec<Part> = match components.last_mut() {
                Some(parts) => parts,
                None => return fault(at, TemplateTrouble::Component),
            };
            match c {
                '{' => {
                    let length = chars[at + 1..].iter().position(|&c| c == '}' || c == '{' || c == '/');
                    let Some(length) = length.filter(|length| chars[at + 1 + length] == '}') else {
                        return fault(at, TemplateTrouble::Brace);
                    };
                    let word: String = chars[at + 1..at + 1 + length].iter().collect();
                    let Some(field) = TemplateField::from_code(&word) else {
                        return fault(at + 1, TemplateTrouble::UnknownField(word));
                    };
                    parts.push(Part::Field(field));
                    at += length + 1;
                }
                '}' => return fault(at, TemplateTrouble::Brace),
                '/' => {
                    check_component(parts).map_err(|trouble| TemplateError { at: start, trouble })?;
                    components.push(Vec::new());
                    start = at + 1;
                }
                c if safe::is_illegal(c) => return fault(at, TemplateTrouble::Character(c)),
                c => match parts.last_mut() {
                    Some(Part::Text(text)) => text.push(c),
                    _ => parts.push(Part::Text(c.to_string())),
                },
            }
            at += 1;
        }
        let Some(file) = components.last() else { return fault(0, TemplateTrouble::Empty) };
        check_component(file).map_err(|trouble| TemplateError { at: start, trouble })?;
        if !matches!(file.last(), Some(Part::Text(text)) if text.ends_with(".jpg")) {
            return fault(chars.len() - 1, TemplateTrouble::Extension);
        }
        if !file.iter().any(|part| matches!(part, Part::Field(_))) {
            return fault(start, TemplateTrouble::NoField);
        }
        Ok(Self { components })
    }

    /// The fields that it uses.
    pub fn fields(&self) -> impl Iterator<Item = TemplateField> {
        self.components.iter().flatten().filter_map(|part| match part {
            Part::Field(field) => Some(*field),
            Part::Text(_) => None,
        })
    }
}

/// What a component's own text can be held to before there is a value.
fn check_component(parts: &[Part]) -> Result<(), TemplateTrouble> {
    match parts {
        [] => Err(TemplateTrouble::Component),
        [Part::Text(text)] if safe::component(text) != *text => Err(TemplateTrouble::Component),
        [.., Part::Text(text)] if text.ends_with(['.', ' ']) => Err(TemplateTrouble::Component),
        [Part::Text(text), ..] if text.starts_with(safe::FIRST) => Err(TemplateTrouble::Component),
        _ => Ok(()),
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, parts) in self.components.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            for part in parts {
                match part {
                    Part::Text(text) => f.write_str(text)?,
                    Part::Field(field) => write!(f, "{{{}}}", field.code())?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Result<&str, (usize, &str)>) {
        let parsed = Template::parse(text).map(|template| template.to_string());
        let got = parsed.as_deref().map_err(|error| (error.at, error.trouble.code()));
        let expected = expected.map_err(|(at, code)| (at, format!("handover.template.{code}")));
        assert_eq!(got.map_err(|(at, code)| (at, code.to_owned())), expected, "{text}");
    }

    #[test]
    fn templates_and_where_they_go_wrong() {
        for text in [
            "{id_number}.jpg",
            "{student_number}.jpg",
            "{college}/{class}/{student_number}_{name}.jpg",
            "2024届/{order_number}.jpg",
        ] {
            check(text, Ok(text));
        }
        check("{class_name}-{name}.jpg", Ok("{class}-{name}.jpg"));
        check("", Err((0, "empty")));
        check(&"x".repeat(201), Err((200, "too_long")));
        check("{college}/{nam}.jpg", Err((11, "unknown_field")));
        check("{recipient_phone}.jpg", Err((1, "unknown_field")));
        check("{}.jpg", Err((1, "unknown_field")));
        check("{name.jpg", Err((0, "brace")));
        check("a{name/}.jpg", Err((1, "brace")));
        check("name}.jpg", Err((4, "brace")));
        check("{class}:{name}.jpg", Err((7, "character")));
        check("{class}\\{name}.jpg", Err((7, "character")));
        check("{name}\u{202e}.jpg", Err((6, "character")));
        check("/{name}.jpg", Err((0, "component")));
        check("{class}//{name}.jpg", Err((8, "component")));
        check("../{name}.jpg", Err((0, "component")));
        check("con/{name}.jpg", Err((0, "component")));
        check("{class}./{name}.jpg", Err((0, "component")));
        check("{class}/={name}.jpg", Err((8, "component")));
        check("{class}/", Err((8, "component")));
        check("{name}", Err((5, "extension")));
        check("{name}.png", Err((9, "extension")));
        check("{class}/photo.jpg", Err((8, "no_field")));
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC{0,40}") {
            if let Ok(template) = Template::parse(&text) {
                prop_assert_eq!(Template::parse(&template.to_string()), Ok(template));
            }
        }

        #[test]
        fn no_text_like_a_template_stops_it(text in "([{}/.a=]|\\{name\\}|\\{class\\}|\\.jpg){0,12}") {
            if let Ok(template) = Template::parse(&text) {
                prop_assert_eq!(Template::parse(&template.to_string()), Ok(template));
            }
        }
    }
}
