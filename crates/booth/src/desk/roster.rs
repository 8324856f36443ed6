//! A school's roster into the open session: looked at first, with what it would change; then all of it or nothing.

use std::path::{Path, PathBuf};

use caixiang_domain::{Details, Field, IdentityMode, Session, Standing, Subject, SubjectId};
use caixiang_roster::{
    Judged, Known, Mapping, Needed, Plan, Problem, RosterError, RowProblem, Severity, Table, Workbook, judge,
    plan,
};
use caixiang_store::{Actor, Store, StoreError};
use jiff::Timestamp;

use super::Desk;
use super::talk::{
    Answer, ChangeView, ColumnView, ConflictView, FieldChangeView, RosterCounts, RosterView, RowProblemView,
};
use super::today::count;
use super::work;
use crate::numbers;
use crate::perform::notice_of;
use crate::view::{Language, Notice, Role};

/// Rows of the preview, and of the lists of problems and changes.
const PREVIEW_ROWS: usize = 6;
const MOST_LISTED: usize = 200;
/// A resident ID number has 17 digits and a check character, an old one 15.
const ID_DIGITS: usize = 15;

/// A roster that is being looked at.
pub(crate) struct Loaded {
    file: PathBuf,
    workbook: Workbook,
    sheet: String,
    table: Table,
    mapping: Mapping,
    judged: Judged,
    plan: Plan,
}

pub(super) fn open(desk: &Desk, path: &str, sheet: Option<String>) -> Result<Answer, Notice> {
    let session = open_session(desk)?;
    if session.identity == IdentityMode::Code {
        return Err(Notice::new("roster.code_mode"));
    }
    let file = PathBuf::from(path);
    let mut workbook = Workbook::open(&file).map_err(|error| notice(&error))?;
    let sheet = match sheet.or_else(|| workbook.sheets().first().cloned()) {
        Some(sheet) => sheet,
        None => return Err(notice(&RosterError::Empty)),
    };
    let table = workbook.table(&sheet).map_err(|error| notice(&error))?;
    let mapping = Mapping::guess(&table);
    let mut loaded =
        Loaded { file, workbook, sheet, table, mapping, judged: Judged::default(), plan: Plan::default() };
    look(desk, &mut loaded)?;
    let view = view(&loaded);
    *desk.shared.desk.roster() = Some(loaded);
    Ok(Answer::Roster(Box::new(view)))
}

/// Gives the columns other meanings.
pub(super) fn map(desk: &Desk, header_row: u32, columns: &[String]) -> Result<Answer, Notice> {
    desk.ask(Role::Manager, |_| Ok(()))?;
    let mut loaded = taken(desk)?;
    let header_row = (header_row as usize).min(loaded.table.rows.len().saturating_sub(1));
    loaded.mapping = Mapping { header_row, columns: vec![None; loaded.table.width()] };
    for (at, code) in columns.iter().enumerate() {
        loaded.mapping.set(at, Field::from_code(code));
    }
    let looked = look(desk, &mut loaded);
    let view = view(&loaded);
    *desk.shared.desk.roster() = Some(loaded);
    looked.map(|()| Answer::Roster(Box::new(view)))
}

/// Takes the roster out while something is done with it: the booth's thread, which forgets it when the desk closes, must
/// never wait for whoever holds it.
fn taken(desk: &Desk) -> Result<Loaded, Notice> {
    desk.shared.desk.roster().take().ok_or_else(|| Notice::new("roster.gone"))
}

/// Takes the roster over, if it would still change what was shown.
pub(super) fn apply(desk: &Desk) -> Result<Answer, Notice> {
    let session = open_session(desk)?;
    let loaded = taken(desk)?;
    let (rows, shown) = (loaded.judged.rows.clone(), loaded.plan.clone());
    let done = desk.ask(Role::Manager, move |runner| {
        let store = runner.store.as_mut().ok_or_else(|| Notice::new("store.must_reopen"))?;
        let known = known(store, &session).map_err(|error| notice_of(&error))?;
        let now = plan(&known, &rows);
        if now != shown {
            return Err(Notice::new("roster.changed_since"));
        }
        take_over(store, &session, &known, &now).map_err(|error| {
            tracing::error!(code = error.code(), %error, "a roster could not be taken over");
            notice_of(&error)
        })
    });
    match done {
        Ok((added, changed)) => Ok(Answer::RosterApplied { added, changed }),
        Err(notice) => {
            // Nothing was changed: it can be looked at again.
            let mut loaded = loaded;
            look(desk, &mut loaded)?;
            *desk.shared.desk.roster() = Some(loaded);
            Err(notice)
        }
    }
}

/// The rows that were refused, as a workbook for the school.
pub(super) fn bad_rows(desk: &Desk, folder: &str, language: Language) -> Result<Answer, Notice> {
    desk.ask(Role::Manager, |_| Ok(()))?;
    let loaded = taken(desk)?;
    let stem = loaded.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let language = written(language);
    let name = format!("{stem} {}", language.bad_rows_name());
    let Loaded { table, mapping, judged, .. } = &loaded;
    let done = work::free(Path::new(folder), &name, "xlsx").and_then(|path| {
        caixiang_roster::write_bad_rows_to(table, mapping, judged, language, &path)
            .map(|()| path)
            .map_err(|error| notice(&error))
    });
    *desk.shared.desk.roster() = Some(loaded);
    let path = done?;
    Ok(Answer::Written { path: path.to_string_lossy().into_owned() })
}

/// An empty roster for the school to fill in.
pub(super) fn template(desk: &Desk, folder: &str, language: Language) -> Result<Answer, Notice> {
    desk.ask(Role::Manager, |_| Ok(()))?;
    let language = written(language);
    // A template that somebody filled in is not written over.
    let path = work::free(Path::new(folder), &language.template_name(), "xlsx")?;
    caixiang_roster::write_template_to(language, &path).map_err(|error| notice(&error))?;
    Ok(Answer::Written { path: path.to_string_lossy().into_owned() })
}

fn written(language: Language) -> caixiang_roster::Language {
    match language {
        Language::Zh => caixiang_roster::Language::Zh,
        Language::En => caixiang_roster::Language::En,
    }
}

fn open_session(desk: &Desk) -> Result<Session, Notice> {
    desk.session(Role::Manager, |_, session| Ok(session.clone()))
}

fn known(store: &Store, session: &Session) -> Result<Vec<Known>, StoreError> {
    let subjects = store.subjects(session.id)?;
    let known = subjects.into_iter().map(|subject| Known {
        id: subject.id,
        has_order: matches!(subject.standing, Standing::Ordered(_)),
        details: subject.details,
    });
    Ok(known.collect())
}

fn look(desk: &Desk, loaded: &mut Loaded) -> Result<(), Notice> {
    loaded.judged = if loaded.mapping.missing().is_empty() {
        judge(&loaded.table, &loaded.mapping).map_err(|error| notice(&error))?
    } else {
        Judged::default()
    };
    let known = desk.session(Role::Manager, |store, session| known(store, session))?;
    loaded.plan = plan(&known, &loaded.judged.rows);
    Ok(())
}

fn take_over(
    store: &mut Store,
    session: &Session,
    known: &[Known],
    plan: &Plan,
) -> Result<(u32, u32), StoreError> {
    let subject = |id, details| Subject {
        id,
        session: session.id,
        details,
        code_sha256: None,
        standing: Standing::Waiting,
    };
    let added = plan.added.iter().map(|row| subject(SubjectId::new(), row.details.clone()));
    let mut subjects: Vec<_> = added.collect();
    let by_id: std::collections::HashMap<_, &Details> =
        known.iter().map(|one| (one.id, &one.details)).collect();
    for change in &plan.changed {
        let mut details = by_id.get(&change.id).copied().cloned().unwrap_or_default();
        change.apply(&mut details);
        subjects.push(subject(change.id, details));
    }
    store.put_subjects(session.id, &subjects)?;
    let detail = serde_json::json!({ "added": plan.added.len(), "changed": plan.changed.len() }).to_string();
    store.audit(Actor::Manager, "roster.import", None, &detail, Timestamp::now())?;
    Ok((count(plan.added.len()), count(plan.changed.len())))
}

fn notice(error: &RosterError) -> Notice {
    tracing::warn!(code = error.code(), %error, "a roster was refused");
    let notice = Notice::new(error.code());
    match error {
        RosterError::TooLarge { what, max } if what.ends_with("bytes") => {
            notice.with("what", what).with("max", format!("{} MB", max >> 20))
        }
        RosterError::TooLarge { what, max } => notice.with("what", what).with("max", max),
        RosterError::OpenQuote { row } => notice.with("row", row),
        RosterError::WrongKind(kind) => notice.with("what", kind.code()),
        _ => notice,
    }
}

fn view(loaded: &Loaded) -> RosterView {
    let Loaded { table, mapping, judged, plan, .. } = loaded;
    let header = table.rows.get(mapping.header_row);
    let columns = (0..table.width()).map(|at| ColumnView {
        title: masked_if_long(header.map(|row| row.cell(at)).unwrap_or_default()),
        field: mapping.columns.get(at).copied().flatten().map(Field::code).unwrap_or_default().to_owned(),
    });
    let cell = |at: usize, text: &str| match mapping.columns.get(at) {
        Some(Some(Field::IdNumber)) => numbers::masked(text),
        // A column that was not understood may hold them, too.
        _ => masked_if_long(text),
    };
    let preview = table.rows.iter().skip(mapping.header_row + 1).take(PREVIEW_ROWS);
    let missing = mapping.missing().into_iter().map(|needed| match needed {
        Needed::Name => "name",
        Needed::Number => "number",
    });
    RosterView {
        file: loaded.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        sheets: loaded.workbook.sheets().to_vec(),
        sheet: loaded.sheet.clone(),
        header_row: count(mapping.header_row),
        columns: columns.collect(),
        fields: Field::ALL.iter().map(|field| field.code().to_owned()).collect(),
        preview: preview.map(|row| (0..table.width()).map(|at| cell(at, row.cell(at))).collect()).collect(),
        missing: missing.map(str::to_owned).collect(),
        counts: RosterCounts {
            rows: count(judged.counts.rows),
            refused: count(judged.counts.refused),
            warned: count(judged.counts.warned),
            added: count(plan.added.len()),
            changed: count(plan.changed.len()),
            same: count(plan.same),
            gone: count(plan.absent_from_file.len()),
            conflicts: count(plan.conflicts.len()),
            problems: count(judged.problems.len()),
        },
        problems: judged.problems.iter().take(MOST_LISTED).map(problem).collect(),
        changes: plan
            .changed
            .iter()
            .take(MOST_LISTED)
            .map(|change| ChangeView {
                row: change.row,
                has_order: change.has_order,
                fields: change
                    .fields
                    .iter()
                    .map(|field| FieldChangeView {
                        field: field.field.code().to_owned(),
                        old: shown(field.field, field.old.as_deref().unwrap_or_default()),
                        new: shown(field.field, &field.new),
                    })
                    .collect(),
            })
            .collect(),
        conflicts: plan
            .conflicts
            .iter()
            .take(MOST_LISTED)
            .map(|conflict| ConflictView {
                row: conflict.row,
                people: count(conflict.people.len()),
                rows: conflict.rows.clone(),
            })
            .collect(),
    }
}

/// What has as many digits as an ID number is masked like one.
fn masked_if_long(text: &str) -> String {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits >= ID_DIGITS { numbers::masked(text) } else { text.to_owned() }
}

fn shown(field: Field, value: &str) -> String {
    if field == Field::IdNumber { numbers::masked(value) } else { value.to_owned() }
}

fn problem(problem: &RowProblem) -> RowProblemView {
    let notice = Notice::new(format!("row.{}", problem.problem.code()));
    let notice = match problem.problem {
        Problem::Missing(Needed::Name) => Notice::new("row.missing_name"),
        Problem::Missing(Needed::Number) => Notice::new("row.missing_number"),
        Problem::Length { chars } => notice.with("chars", chars),
        Problem::Duplicate { other_row } => notice.with("row", other_row),
        Problem::TooLong { max } => notice.with("max", max),
        _ => notice,
    };
    RowProblemView {
        row: problem.row,
        field: problem.field.map(Field::code).unwrap_or_default().to_owned(),
        problem: notice,
        refused: problem.severity() == Severity::Error,
    }
}
