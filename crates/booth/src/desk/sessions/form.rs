//! The form of a session: what it begins with, and the session that it says.

use std::collections::BTreeSet;

use caixiang_domain::{
    Bilingual, Check, Delivery, Fen, Field, FieldRule, IdentityMode, Payer, Product, Rgb, Session, SessionId,
    Severity, Stricter, Terms,
};
use caixiang_portrait::{builtin_preset, builtin_preset_ids};
use jiff::civil::Date;

use super::super::Desk;
use super::{begun, id_of};
use crate::desk::talk::{
    FieldDraft, PresetChoice, ProductDraft, SchoolChoice, SessionDraft, SessionForm, StricterDraft,
};
use crate::view::{Notice, Role, Words};

/// Longest name, characters.
const MAX_NAME_CHARS: usize = 100;
/// Lines of what to bring, and products.
const MOST_LINES: usize = 12;
/// Schools that the collecting agencies' notices name, by national code.
const SCHOOLS: [(&str, &str, &str); 2] = [
    ("4122010183", "吉林大学", "Jilin University"),
    ("4122010200", "东北师范大学", "Northeast Normal University"),
];

pub(in crate::desk) fn form(desk: &Desk, like: Option<&str>, copy: bool) -> Result<SessionForm, Notice> {
    let id = like.map(id_of).transpose()?;
    let (like, sessions, is_begun) = desk.store(Role::Manager, move |store| {
        let like = id.map(|id| store.session(id)).transpose()?;
        let is_begun = id.map(|id| begun(store, id)).transpose()?.unwrap_or(false);
        Ok((like, store.sessions()?, is_begun))
    })?;
    let draft = match &like {
        Some(session) => {
            let mut draft = draft(session);
            if copy {
                draft.id = None;
                draft.feature_code = String::new();
                (draft.opens, draft.closes) = (String::new(), String::new());
            }
            draft
        }
        None => blank(),
    };
    let mut known = BTreeSet::new();
    let listed = SCHOOLS.map(|(code, zh, en)| SchoolChoice {
        code: code.to_owned(),
        name: Words { zh: zh.to_owned(), en: en.to_owned() },
    });
    let written = sessions
        .iter()
        .filter(|session| !session.school_code.is_empty())
        .map(|session| SchoolChoice { code: session.school_code.clone(), name: (&session.school).into() });
    let schools = written.chain(listed).filter(|school| known.insert(school.code.clone())).collect();
    Ok(SessionForm {
        draft,
        presets: builtin_preset_ids().filter_map(preset_choice).collect(),
        fields: Field::ALL
            .iter()
            .filter(|field| !matches!(field, Field::LastFour) && !crate::state::ADDRESS.contains(field))
            .map(|field| field.code().to_owned())
            .collect(),
        payers: Payer::ALL.iter().map(|payer| payer.code().to_owned()).collect(),
        schools,
        begun: is_begun && !copy,
    })
}

fn preset_choice(id: &str) -> Option<PresetChoice> {
    let preset = builtin_preset(id).ok()?;
    let parts = preset.parts();
    let rules = parts.rules.iter().map(|(check, rule)| StricterDraft {
        check: check.code().to_owned(),
        min: rule.min,
        max: rule.max,
        severity: rule.severity.code().to_owned(),
    });
    Some(PresetChoice {
        id: parts.id.clone(),
        name: Words { zh: parts.name_zh.clone(), en: parts.name_en.clone() },
        backdrops: parts.backdrops.iter().map(|backdrop| backdrop.colour.to_string()).collect(),
        width_px: parts.width_px,
        height_px: parts.height_px,
        rules: rules.collect(),
    })
}

/// A new session as most of them are.
fn blank() -> SessionDraft {
    let field =
        |field: Field, required, editable| FieldDraft { field: field.code().to_owned(), required, editable };
    SessionDraft {
        id: None,
        feature_code: String::new(),
        name: Words::default(),
        school_code: String::new(),
        school: Words::default(),
        identity: IdentityMode::Roster.code().to_owned(),
        delivery: Delivery::Centralised.code().to_owned(),
        payer: Payer::School.code().to_owned(),
        preset: "chsi".to_owned(),
        backdrop: Rgb::LIGHT_BLUE.to_string(),
        fields: vec![
            field(Field::Name, true, false),
            field(Field::StudentNumber, true, false),
            field(Field::IdNumber, true, false),
            field(Field::College, false, false),
            field(Field::ClassName, false, false),
            field(Field::Phone, false, true),
        ],
        products: vec![ProductDraft {
            code: String::new(),
            name: Words { zh: "毕业证件照".to_owned(), en: "Graduation photo".to_owned() },
            fee_fen: 0,
            paper: true,
        }],
        bring: Vec::new(),
        no_glasses: false,
        opens: String::new(),
        closes: String::new(),
        stricter: Vec::new(),
    }
}

fn draft(session: &Session) -> SessionDraft {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    SessionDraft {
        id: Some(session.id.to_string()),
        feature_code: session.feature_code.to_string(),
        name: (&session.name).into(),
        school_code: session.school_code.clone(),
        school: (&session.school).into(),
        identity: session.identity.code().to_owned(),
        delivery: session.delivery.code().to_owned(),
        payer: session.payer.code().to_owned(),
        preset: session.preset.clone(),
        backdrop: session.backdrop.to_string(),
        fields: session
            .fields
            .iter()
            .map(|rule| FieldDraft {
                field: rule.field.code().to_owned(),
                required: rule.required,
                editable: rule.editable,
            })
            .collect(),
        products: session
            .products
            .iter()
            .map(|product| ProductDraft {
                code: product.code.clone(),
                name: (&product.name).into(),
                fee_fen: product.fee.get(),
                paper: product.paper,
            })
            .collect(),
        bring: session.bring.iter().map(Words::from).collect(),
        no_glasses: session.no_glasses,
        opens: day(session.terms.opens),
        closes: day(session.terms.closes),
        stricter: session
            .terms
            .stricter
            .iter()
            .map(|limit| StricterDraft {
                check: limit.check.code().to_owned(),
                min: limit.min,
                max: limit.max,
                severity: limit.severity.map(Severity::code).unwrap_or_default().to_owned(),
            })
            .collect(),
    }
}

/// The session that a form says, or everything that is wrong with it. `fixed` where orders were made: then what they
/// were made by stays.
pub(super) fn session(
    draft: &SessionDraft,
    before: Option<&Session>,
    fixed: bool,
    others: &[Session],
) -> Result<Session, Vec<Notice>> {
    let mut problems = Vec::new();
    let mut wrong = |code: &str, field: &str| problems.push(Notice::new(code).with("field", field));
    let id = before.map_or_else(SessionId::new, |session| session.id);

    let feature_code = draft.feature_code.trim().parse();
    match &feature_code {
        Err(_) => wrong("session.feature_code", "feature_code"),
        Ok(code) if others.iter().any(|other| other.id != id && other.feature_code == *code) => {
            wrong("session.feature_code_taken", "feature_code");
        }
        Ok(_) => {}
    }
    let name = words(&draft.name);
    let school = words(&draft.school);
    for (text, field) in [(&name, "name"), (&school, "school")] {
        if text.zh.is_empty() && text.en.is_empty() {
            wrong("session.empty", field);
        }
    }
    let school_code = draft.school_code.trim();
    let digits = school_code.bytes().all(|byte| byte.is_ascii_digit());
    if !(school_code.is_empty() || digits && matches!(school_code.len(), 5 | 10)) {
        wrong("session.school_code", "school_code");
    }
    let identity = IdentityMode::from_code(&draft.identity);
    let delivery = Delivery::from_code(&draft.delivery);
    let payer = Payer::from_code(&draft.payer);
    let backdrop: Option<Rgb> = draft.backdrop.parse().ok();
    let preset = builtin_preset(&draft.preset).ok();
    for (there, field) in [
        (identity.is_some(), "identity"),
        (delivery.is_some(), "delivery"),
        (payer.is_some(), "payer"),
        (backdrop.is_some(), "backdrop"),
        (preset.is_some(), "preset"),
    ] {
        if !there {
            wrong("session.choice", field);
        }
    }
    let by = |session: &Session| (session.identity, session.preset.clone(), session.backdrop);
    if let (true, Some(before)) = (fixed, before)
        && (identity, Some(draft.preset.clone()), backdrop) != {
            let (a, b, c) = by(before);
            (Some(a), Some(b), Some(c))
        }
    {
        wrong("session.begun", "preset");
    }

    let fields: Vec<_> = draft.fields.iter().filter_map(field_rule).collect();
    let asked: BTreeSet<_> = fields.iter().map(|rule| rule.field).collect();
    if fields.len() != draft.fields.len() || asked.len() != fields.len() || !asked.contains(&Field::Name) {
        wrong("session.fields", "fields");
    }
    let products = products(draft, before);
    let codes: BTreeSet<_> = products.iter().map(|product| product.code.as_str()).collect();
    let all_there = products.len() == draft.products.len() && codes.len() == products.len();
    if products.is_empty() || products.len() > MOST_LINES || !all_there {
        wrong("session.products", "products");
    }
    let (opens, closes) = (day(&draft.opens), day(&draft.closes));
    match (opens, closes) {
        (Ok(Some(opens)), Ok(Some(closes))) if closes < opens => wrong("session.dates", "closes"),
        (Err(()), _) => wrong("session.date", "opens"),
        (_, Err(())) => wrong("session.date", "closes"),
        _ => {}
    }
    let stricter: Vec<_> = draft.stricter.iter().filter_map(limit).collect();
    if stricter.len() != draft.stricter.len() {
        wrong("session.limits", "stricter");
    }
    let terms = Terms {
        opens: opens.ok().flatten(),
        closes: closes.ok().flatten(),
        closed: before.is_some_and(|before| before.terms.closed),
        stricter,
    };
    if preset.as_ref().is_some_and(|preset| terms.applied(preset).is_err()) {
        wrong("session.limits", "stricter");
    }
    let (Ok(feature_code), Some(identity), Some(delivery), Some(payer), Some(backdrop), true) =
        (feature_code, identity, delivery, payer, backdrop, problems.is_empty())
    else {
        return Err(problems);
    };
    Ok(Session {
        id,
        feature_code,
        name,
        school_code: school_code.to_owned(),
        school,
        identity,
        delivery,
        payer,
        preset: draft.preset.clone(),
        backdrop,
        fields,
        products,
        bring: draft
            .bring
            .iter()
            .take(MOST_LINES)
            .map(words)
            .filter(|line| *line != Bilingual::default())
            .collect(),
        no_glasses: draft.no_glasses,
        demonstration: before.is_some_and(|before| before.demonstration),
        terms,
    })
}

fn words(words: &Words) -> Bilingual {
    let cut = |text: &str| text.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
    Bilingual { zh: cut(&words.zh), en: cut(&words.en) }
}

fn field_rule(draft: &FieldDraft) -> Option<FieldRule> {
    let field = Field::from_code(&draft.field)?;
    Some(FieldRule { field, required: draft.required, editable: draft.editable })
}

/// The products that make sense. A new one gets a code that none had: orders know their product by it.
fn products(draft: &SessionDraft, before: Option<&Session>) -> Vec<Product> {
    let had = before.iter().flat_map(|session| &session.products).map(|product| product.code.clone());
    let mut used: BTreeSet<String> =
        had.chain(draft.products.iter().map(|product| product.code.trim().to_owned())).collect();
    let mut code_of = |draft: &ProductDraft| match draft.code.trim() {
        "" => {
            let free = (1..).map(|number| format!("p{number}")).find(|code| !used.contains(code));
            let code = free.unwrap_or_default();
            used.insert(code.clone());
            code
        }
        code => code.chars().take(40).collect(),
    };
    draft.products.iter().take(MOST_LINES + 1).filter_map(|draft| product(draft, code_of(draft))).collect()
}

fn product(draft: &ProductDraft, code: String) -> Option<Product> {
    let name = words(&draft.name);
    let named = !(name.zh.is_empty() && name.en.is_empty());
    named.then_some(Product { code, name, fee: Fen::new(draft.fee_fen)?, paper: draft.paper })
}

/// The day, `None` for none.
fn day(text: &str) -> Result<Option<Date>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| ()),
    }
}

fn limit(draft: &StricterDraft) -> Option<Stricter> {
    let severity = match draft.severity.as_str() {
        "" => None,
        code => Some(Severity::from_code(code)?),
    };
    let finite = |value: Option<f64>| value.is_none_or(f64::is_finite);
    let sound = finite(draft.min)
        && finite(draft.max)
        && draft.min.zip(draft.max).is_none_or(|(min, max)| min <= max);
    let check = Check::from_code(&draft.check)?;
    sound.then_some(Stricter { check, min: draft.min, max: draft.max, severity })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> SessionDraft {
        SessionDraft {
            feature_code: "os5pwe".to_owned(),
            name: Words { zh: "二〇二七届".to_owned(), en: String::new() },
            school: Words { zh: "吉林大学".to_owned(), en: String::new() },
            ..blank()
        }
    }

    fn codes(draft: &SessionDraft) -> Vec<String> {
        match session(draft, None, false, &[]) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.into_iter().map(|problem| problem.code).collect(),
        }
    }

    #[test]
    fn a_filled_form_reads_back_as_it_was() {
        let made = session(&filled(), None, false, &[]).unwrap();
        let again = draft(&made);
        assert_eq!(session(&again, Some(&made), true, std::slice::from_ref(&made)), Ok(made));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        assert_eq!(codes(&blank()), ["session.feature_code", "session.empty", "session.empty"]);
        let check = |change: fn(&mut SessionDraft), code: &str| {
            let mut draft = filled();
            change(&mut draft);
            assert_eq!(codes(&draft), [code]);
        };
        check(|draft| draft.school_code = "123".to_owned(), "session.school_code");
        check(|draft| draft.preset = "none".to_owned(), "session.choice");
        check(|draft| draft.fields.clear(), "session.fields");
        check(|draft| draft.products.clear(), "session.products");
        check(|draft| draft.opens = "soon".to_owned(), "session.date");
        check(
            |draft| (draft.opens, draft.closes) = ("2026-06-02".into(), "2026-06-01".into()),
            "session.dates",
        );
        let limit = |min, max| StricterDraft { check: "pose.yaw".into(), min, max, severity: String::new() };
        let mut draft = filled();
        draft.stricter = vec![limit(Some(5.0), Some(-5.0))];
        assert_eq!(codes(&draft), ["session.limits"]);
    }

    #[test]
    fn a_new_product_never_takes_an_old_ones_code() {
        let mut two = filled();
        two.products.push(two.products[0].clone());
        let made = session(&two, None, false, &[]).unwrap();
        assert_eq!(made.products.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["p1", "p2"]);
        let mut changed = draft(&made);
        changed.products.remove(0);
        changed.products.push(ProductDraft { code: String::new(), ..changed.products[0].clone() });
        let made = session(&changed, Some(&made), true, std::slice::from_ref(&made)).unwrap();
        assert_eq!(made.products.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["p2", "p3"]);
    }

    #[test]
    fn what_orders_were_made_by_stays() {
        let made = session(&filled(), None, false, &[]).unwrap();
        let mut changed = draft(&made);
        changed.backdrop = "#ffffff".to_owned();
        assert!(session(&changed, Some(&made), false, &[]).is_ok());
        let problems = session(&changed, Some(&made), true, &[]).unwrap_err();
        assert_eq!(problems[0].code, "session.begun");
        let taken = session(&SessionDraft { id: None, ..draft(&made) }, None, false, &[made]).unwrap_err();
        assert_eq!(taken[0].code, "session.feature_code_taken");
    }
}
