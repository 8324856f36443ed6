//! The fields of a session: how each is filled in, and what is wrong with a value.

use caixiang_domain::{Details, Field, FieldRule};
use caixiang_identity::DocumentNumber;

use crate::numbers;
use crate::state::{ADDRESS, Setting, Visit};
use crate::view::{FieldKind, FieldView, Notice};

/// Choices of the fields that have them, as values of the roster.
fn choices(field: Field) -> &'static [&'static str] {
    match field {
        Field::Sex => &["男", "女"],
        Field::Level => &["专科", "本科", "硕士", "博士"],
        _ => &[],
    }
}

fn kind(field: Field) -> FieldKind {
    match field {
        Field::Phone | Field::RecipientPhone | Field::Birth | Field::Duration | Field::SchoolCode => {
            FieldKind::Digits
        }
        Field::StudentNumber | Field::IdNumber | Field::ExamNumber | Field::LastFour => FieldKind::Code,
        Field::Sex | Field::Level => FieldKind::Choice,
        _ => FieldKind::Text,
    }
}

/// What is wrong with a value; nothing is wrong with one that is missing but need not be there.
fn problem(field: Field, details: &Details, required: bool) -> Option<Notice> {
    let Some(value) = details.get(field) else { return required.then(|| Notice::new("field.required")) };
    match field {
        Field::Phone | Field::RecipientPhone => {
            let digits = value.chars().filter(char::is_ascii_digit).count();
            let fits = (7..=15).contains(&digits)
                && value.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '));
            (!fits).then(|| Notice::new("field.phone"))
        }
        Field::IdNumber => {
            let number = match DocumentNumber::parse(value) {
                Ok(number) => number,
                Err(problem) => return Some(Notice::new(problem.code())),
            };
            // The last four tie a person to a code: one of the two was typed wrong, or is another person's.
            let end = details.get(Field::LastFour).map(str::to_ascii_uppercase);
            let other = end.is_some_and(|end| *number.last_four() != end);
            other.then(|| Notice::new("field.last_four"))
        }
        Field::Birth => {
            let plain: String = value.chars().filter(char::is_ascii_digit).collect();
            let fits = plain.len() == 8 && jiff::civil::Date::strptime("%Y%m%d", &plain).is_ok();
            (!fits).then(|| Notice::new("field.date"))
        }
        _ => None,
    }
}

/// Whether a value stands in the way of an order. A number that does not end in the last four is said and stops nobody:
/// those four may be what was typed wrong.
fn stops(field: Field, details: &Details, required: bool) -> bool {
    problem(field, details, required).is_some_and(|notice| notice.code != "field.last_four")
}

fn rules(setting: &Setting) -> &[FieldRule] {
    &setting.session.fields
}

/// Whether every field has what it needs.
pub(crate) fn complete(setting: &Setting, visit: &Visit) -> bool {
    rules(setting).iter().all(|rule| {
        let theirs = rule.editable || visit.student.details.get(rule.field).is_none();
        // What the roster has and the student may not change is not theirs to answer for.
        !theirs || !stops(rule.field, &visit.details, rule.required)
    })
}

/// Whether product and address are complete.
pub(crate) fn delivery_complete(setting: &Setting, visit: &Visit) -> bool {
    setting.product(visit).is_some()
        && (!setting.is_mailed(visit)
            || ADDRESS.iter().all(|&field| problem(field, &visit.details, true).is_none()))
}

/// Whether a value only shows masked.
fn is_secret(field: Field) -> bool {
    matches!(field, Field::IdNumber | Field::LastFour)
}

/// Whether this is what the screen shows in place of a value that is known: nothing was typed.
pub(crate) fn is_mask(field: Field, known: Option<&str>, typed: &str) -> bool {
    is_secret(field) && known.is_some_and(|known| numbers::masked(known) == typed)
}

fn view(field: Field, details: &Details, required: bool, editable: bool, hide: bool) -> FieldView {
    let value = details.get(field);
    let wrong = if value.is_some() { problem(field, details, required) } else { None };
    let hidden = is_secret(field) && (hide || !editable);
    FieldView {
        code: field.code().to_owned(),
        value: match value {
            Some(value) if hidden => numbers::masked(value),
            Some(value) => value.to_owned(),
            None => String::new(),
        },
        kind: kind(field),
        choices: choices(field).iter().map(|&choice| choice.to_owned()).collect(),
        required,
        editable,
        problem: wrong.filter(|_| editable),
    }
}

/// The fields of the details screen; with `hide` as the summary shows them.
pub(crate) fn fields(setting: &Setting, visit: &Visit, hide: bool) -> Vec<FieldView> {
    let show = |rule: &FieldRule| {
        let roster = visit.student.details.get(rule.field);
        let editable = !hide && (rule.editable || roster.is_none());
        // A document's number shows while the student types it, and not where it was known before.
        let known = roster.is_some() && roster == visit.details.get(rule.field);
        view(rule.field, &visit.details, rule.required, editable, hide || known)
    };
    rules(setting).iter().map(show).filter(|field| !hide || !field.value.is_empty()).collect()
}

/// The address fields, where the chosen product has paper photos.
pub(crate) fn address_fields(setting: &Setting, visit: &Visit) -> Vec<FieldView> {
    if !setting.is_mailed(visit) {
        return Vec::new();
    }
    ADDRESS.iter().map(|&field| view(field, &visit.details, true, true, false)).collect()
}

/// The address in one line.
pub(crate) fn address(setting: &Setting, visit: &Visit) -> Option<String> {
    setting.is_mailed(visit).then(|| {
        let parts: Vec<&str> = ADDRESS.iter().filter_map(|&field| visit.details.get(field)).collect();
        parts.join(" ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_by_what_they_are() {
        let code = |field, value: Option<&str>| {
            let details = value.map_or_else(Details::new, |value| Details::new().with(field, value));
            problem(field, &details, true).map(|notice| notice.code)
        };
        assert_eq!(code(Field::Phone, Some("13800138000")), None);
        assert_eq!(code(Field::Phone, Some("+86 138-0013-8000")), None);
        assert_eq!(code(Field::Phone, Some("138")).as_deref(), Some("field.phone"));
        assert_eq!(code(Field::Phone, None).as_deref(), Some("field.required"));
        assert_eq!(code(Field::Birth, Some("2003-02-29")).as_deref(), Some("field.date"));
        assert_eq!(code(Field::Birth, Some("2004-02-29")), None);
        assert_eq!(code(Field::IdNumber, Some("110105194912310021")).as_deref(), Some("identity.checksum"));
        assert_eq!(problem(Field::Remark, &Details::new(), false), None);
    }

    #[test]
    fn a_number_that_does_not_end_in_the_last_four_is_said_and_stops_nobody() {
        let with = |number, end| Details::new().with(Field::IdNumber, number).with(Field::LastFour, end);
        let code = |details: &Details| problem(Field::IdNumber, details, true).map(|notice| notice.code);
        assert_eq!(code(&with("11010519491231002x", "002X")), None);
        assert_eq!(code(&with("110105 19491231 00 2X", "002x")), None);
        let other = with("11010519491231002X", "1234");
        assert_eq!(code(&other).as_deref(), Some("field.last_four"));
        assert!(!stops(Field::IdNumber, &other, true));
    }
}
