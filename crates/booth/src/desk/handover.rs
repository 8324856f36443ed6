//! The hand-over to a school: planned, shown with what is wrong, written, and read again.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use caixiang_domain::{Delivery, Details, Field, OrderId, Session, SubjectId};
use caixiang_handover::{
    Collected, Columns, Encoding, HandoverError, IdNumbers, Job as Writing, Lists, Missing, Names, Options,
    Outcome, Parcel, Passphrase, PhotoPath, Plan, Student, Target, Template, TemplateField, Trouble, Words,
    assemble, check, plan_names,
};
use caixiang_store::{Actor, ApprovedPhoto, ParcelFor, Store, StoreError, Which};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::talk::{Answer, HandoverView, HandoverWanted, NameProblemView, ReasonCount};
use super::today::count;
use super::{Desk, work};
use crate::numbers;
use crate::perform::notice_of;
use crate::view::{Language, Notice, Role};

/// Problems of names that are listed, and names that are shown.
const MOST_PROBLEMS: usize = 100;
const NAMES_SHOWN: usize = 4;
/// So many photos are written between two signs that somebody is there.
const TOUCH_EVERY: usize = 100;
/// Problems of a failed check that are listed.
const PROBLEMS_SHOWN: usize = 20;

/// Everybody of the session, as the hand-over sees them; the photos by the students' places.
struct Everybody {
    session: Arc<Session>,
    picture_px: (u32, u32),
    students: Vec<Student>,
    photos: Vec<Option<ApprovedPhoto>>,
    parcels: Vec<Parcel>,
}

pub(super) fn plan(desk: &Desk, wanted: &HandoverWanted) -> Result<Answer, Notice> {
    let everybody = everybody(desk, wanted.language)?;
    let words = words(wanted.language)?;
    let template = Template::parse(&wanted.template).map_err(|error| told(&error.into()))?;
    let names = plan_names(&template, words.photo_folder(), &everybody.students);
    let mut reasons: BTreeMap<Missing, u32> = BTreeMap::new();
    for student in &everybody.students {
        if let Outcome::Missing(why) = student.outcome {
            *reasons.entry(why).or_default() += 1;
        }
    }
    let name_of = |at: usize| {
        let details = everybody.students.get(at).map(|student| &student.details);
        details.and_then(|details| details.get(Field::Name)).unwrap_or_default().to_owned()
    };
    let problem = |problem: &caixiang_handover::NameProblem| NameProblemView {
        student: name_of(problem.student),
        code: problem.trouble.code().to_owned(),
        detail: match &problem.trouble {
            Trouble::Missing(field) | Trouble::Changed(field) => field.code().to_owned(),
            Trouble::Clash { with } => name_of(*with),
            Trouble::TooLong => String::new(),
        },
        blocking: problem.trouble.is_blocking(),
    };
    let mut view = HandoverView {
        photos: count(everybody.photos.iter().flatten().count()),
        missing: reasons.values().sum(),
        reasons: reasons
            .iter()
            .map(|(why, count)| ReasonCount { code: why.code().to_owned(), count: *count })
            .collect(),
        parcels: count(everybody.parcels.len()),
        bytes: 0,
        names: sample(&names.paths, &everybody.students),
        problems: names.problems.iter().take(MOST_PROBLEMS).map(problem).collect(),
        blocking: count(names.problems.iter().filter(|problem| problem.trouble.is_blocking()).count()),
        warnings: Vec::new(),
        fields: TemplateField::all().map(|field| field.code().to_owned()).collect(),
    };
    if view.blocking == 0 {
        let names = names.accept().map_err(|error| told(&error))?;
        let plan = assembled(&everybody, &names, &words, wanted)?;
        view.bytes = plan.bytes();
        let of_target: &[_] = match wanted.target.as_str() {
            "zip_aes" => &[caixiang_handover::Warning::NamesVisible],
            "age" => &[],
            _ => &[caixiang_handover::Warning::NotEnciphered],
        };
        let warnings = of_target.iter().copied().chain(plan.warnings());
        view.warnings = warnings.map(|warning| warning.code().to_owned()).collect();
    }
    Ok(Answer::Handover(Box::new(view)))
}

/// The first names, with ID numbers masked: the screen is not the hand-over.
fn sample(paths: &[Option<PhotoPath>], students: &[Student]) -> Vec<String> {
    let named = students.iter().zip(paths).filter_map(|(student, path)| Some((student, path.as_ref()?)));
    let shown = named.take(NAMES_SHOWN).map(|(student, path)| match student.details.get(Field::IdNumber) {
        Some(number) => path.as_str().replace(number, &numbers::masked(number)),
        None => path.as_str().to_owned(),
    });
    shown.collect()
}

/// Begins to write on a thread of its own.
pub(super) fn start(
    desk: &Desk,
    wanted: &HandoverWanted,
    folder: &str,
    passphrase: &str,
) -> Result<(), Notice> {
    let everybody = everybody(desk, wanted.language)?;
    let words = words(wanted.language)?;
    let template = Template::parse(&wanted.template).map_err(|error| told(&error.into()))?;
    let names = plan_names(&template, words.photo_folder(), &everybody.students).accept();
    let names = names.map_err(|error| told(&error))?;
    let plan = assembled(&everybody, &names, &words, wanted)?;
    let target = target(Path::new(folder), &everybody.session, &wanted.target, passphrase)?;
    let (total, path) = (count(plan.photos().len()), target.path().to_string_lossy().into_owned());
    let photos = everybody.photos;
    work::begin(desk, "handover", "writing", total, path, move |desk| {
        let problems = write(desk, plan, &target, &photos)?;
        if problems.is_empty() {
            complete(desk, &photos)?;
        }
        Ok(problems)
    })
}

/// The electronic photos are with the school: their orders are complete.
fn complete(desk: &Desk, photos: &[Option<ApprovedPhoto>]) -> Result<(), Notice> {
    let orders: Vec<_> = photos.iter().flatten().map(|photo| photo.order).collect();
    let done = desk.always(move |store| store.complete_orders(&orders, Actor::Manager, Timestamp::now()));
    match done {
        Some(Err(error)) => Err(notice_of(&error)),
        _ => Ok(()),
    }
}

/// Writes and reads again; what the reading found wrong.
fn write(
    desk: &Desk,
    plan: Plan,
    target: &Target,
    photos: &[Option<ApprovedPhoto>],
) -> Result<Vec<String>, Notice> {
    let mut writing = Writing::start(plan, target).map_err(|error| told(&error))?;
    let mut turns = 0_usize;
    while let Some(next) = writing.next_wanted().map_err(|error| told(&error))? {
        let student = writing.plan().photos()[next].student;
        let photo = photos.get(student).and_then(Option::as_ref).map(|photo| photo.photo);
        let photo = photo.ok_or_else(|| Notice::new("handover.no_such_photo"))?;
        let bytes = desk.store(Role::Manager, move |store| store.read_photo(photo, Which::Finished))?;
        if turns.is_multiple_of(TOUCH_EVERY) {
            work::stay(desk)?;
        }
        turns += 1;
        writing.put_photo(next, &bytes).map_err(|error| told(&error))?;
        let progress = writing.progress();
        let go_on = desk.shared.desk.job.change(|view| {
            (view.done, view.found) = (count(progress.photos), count(progress.found));
        });
        if !go_on {
            return Err(Notice::new("job.cancelled"));
        }
    }
    work::stay(desk)?;
    let report = writing.finish().map_err(|error| told(&error))?;
    // What is on the stick is on the record, whatever happens to the desk from here on.
    let detail = serde_json::json!({ "photos": report.progress.photos, "documents": report.documents });
    desk.audit("handover.write", detail.to_string());
    desk.shared.desk.job.change(|view| {
        (view.stage, view.done) = ("checking".to_owned(), view.total);
    });
    let checked = check(&report.plan, target).map_err(|error| told(&error))?;
    let detail = serde_json::json!({ "photos": checked.photos, "whole": checked.is_whole() });
    desk.audit("handover.check", detail.to_string());
    // Codes only: names of photos may hold ID numbers.
    Ok(checked.problems.iter().take(PROBLEMS_SHOWN).map(|problem| problem.code().to_owned()).collect())
}

fn target(folder: &Path, session: &Session, kind: &str, passphrase: &str) -> Result<Target, Notice> {
    let name = format!("caixiang-{}", session.feature_code);
    let secret = || Passphrase::new(passphrase).map_err(|error| told(&error));
    Ok(match kind {
        "folder" => Target::Folder(folder.join(name)),
        "zip" => Target::Zip(folder.join(format!("{name}.zip"))),
        "zip_aes" => Target::ZipAes { path: folder.join(format!("{name}.zip")), passphrase: secret()? },
        "age" => Target::Age { path: folder.join(format!("{name}.zip.age")), passphrase: secret()? },
        _ => return Err(Notice::new("session.choice")),
    })
}

fn words(language: Language) -> Result<Words, Notice> {
    let language = match language {
        Language::Zh => caixiang_handover::Language::Chinese,
        Language::En => caixiang_handover::Language::English,
    };
    Words::load(language).map_err(|error| told(&error))
}

fn assembled(
    everybody: &Everybody,
    names: &Names,
    words: &Words,
    wanted: &HandoverWanted,
) -> Result<Plan, Notice> {
    let (title, volume) = (
        in_language(&everybody.session.name, wanted.language),
        in_language(&everybody.session.school, wanted.language),
    );
    let options = Options {
        lists: Lists {
            words,
            title,
            made: Timestamp::now().to_zoned(TimeZone::system()).datetime(),
            id_numbers: if wanted.masked { IdNumbers::Masked } else { IdNumbers::Whole },
            columns: &Columns::Known,
        },
        index: wanted.index.then_some(Encoding::Utf8Bom),
        volume,
        picture_px: everybody.picture_px,
    };
    assemble(&everybody.students, &everybody.parcels, names, &options).map_err(|error| told(&error))
}

/// Writes the list of those who are missing, and nothing else; with ID numbers masked, since it goes from hand to hand.
pub(super) fn missing_list(desk: &Desk, folder: &str, language: Language) -> Result<Answer, Notice> {
    let everybody = everybody(desk, language)?;
    let words = words(language)?;
    let lists = masked_lists(&everybody, &words, language);
    let document = lists.missing(&everybody.students).map_err(|error| told(&error))?;
    let stem = document.path.trim_end_matches(".xlsx");
    let path = work::write_new(Path::new(folder), stem, "xlsx", &document.bytes)?;
    desk.audit("list.missing", "{}".to_owned());
    Ok(Answer::Written { path })
}

/// The mailing list of the open session as a workbook.
pub(super) fn mailing_list(desk: &Desk, language: Language) -> Result<Vec<u8>, Notice> {
    let everybody = everybody(desk, language)?;
    let words = words(language)?;
    let lists = masked_lists(&everybody, &words, language);
    Ok(lists.mailing(&everybody.parcels).map_err(|error| told(&error))?.bytes)
}

fn masked_lists<'a>(everybody: &'a Everybody, words: &'a Words, language: Language) -> Lists<'a> {
    Lists {
        words,
        title: in_language(&everybody.session.name, language),
        made: Timestamp::now().to_zoned(TimeZone::system()).datetime(),
        id_numbers: IdNumbers::Masked,
        columns: &Columns::Known,
    }
}

/// A text in a language, or in the other where it has none.
pub(super) fn in_language(text: &caixiang_domain::Bilingual, language: Language) -> &str {
    match language {
        Language::En if !text.en.is_empty() => &text.en,
        _ if text.zh.is_empty() => &text.en,
        _ => &text.zh,
    }
}

fn everybody(desk: &Desk, language: Language) -> Result<Everybody, Notice> {
    let (session, picture_px) = desk.ask(Role::Manager, |runner| {
        let setting = runner.state.setting.as_ref().ok_or_else(|| Notice::new("desk.no_session"))?;
        Ok((Arc::clone(&setting.session), setting.preset.size_px()))
    })?;
    let of = Arc::clone(&session);
    let (students, photos, parcels) = desk.store(Role::Manager, move |store| read(store, &of, language))?;
    Ok(Everybody { session, picture_px, students, photos, parcels })
}

/// With whom orders' parcels left, and under which number.
type Carriers = HashMap<OrderId, (String, String)>;

type Read = (Vec<Student>, Vec<Option<ApprovedPhoto>>, Vec<Parcel>);

fn read(store: &mut Store, session: &Session, language: Language) -> Result<Read, StoreError> {
    let approved = store.approved_photos(session.id)?;
    let mut by_subject: HashMap<SubjectId, ApprovedPhoto> =
        approved.into_iter().map(|photo| (photo.subject, photo)).collect();
    let mut read: Read = (Vec::new(), Vec::new(), Vec::new());
    let mut carriers: Carriers = HashMap::new();
    for parcel in store.parcels(session.id, &session.paper_products())? {
        if let ParcelFor::Order(order) = parcel.to {
            let sent = (parcel.carrier.unwrap_or_default(), parcel.tracking.unwrap_or_default());
            carriers.insert(order, sent);
        }
    }
    for subject in store.subjects(session.id)? {
        let photo = by_subject.remove(&subject.id);
        let outcome = match &photo {
            Some(photo) => Outcome::Collected(Collected {
                order: photo.number,
                taken: photo.taken.to_zoned(TimeZone::system()).datetime(),
                size: photo.size,
                sha256: photo.sha256,
                notes: String::new(),
            }),
            None => Outcome::Missing(Missing::of(subject.standing).unwrap_or(Missing::InReview)),
        };
        if let (Some(photo), Delivery::Individual) = (&photo, session.delivery) {
            read.2.extend(parcel(store, session, photo, &mut carriers, language)?);
        }
        read.0.push(Student { details: subject.details, outcome });
        read.1.push(photo);
    }
    Ok(read)
}

/// The parcel of an order with paper photos that go to the student.
fn parcel(
    store: &Store,
    session: &Session,
    photo: &ApprovedPhoto,
    carriers: &mut Carriers,
    language: Language,
) -> Result<Option<Parcel>, StoreError> {
    let order = store.order(photo.order)?;
    let product = session.products.iter().find(|product| product.code == order.product);
    let Some(product) = product.filter(|product| product.paper) else { return Ok(None) };
    let details: Details = store.order_details(photo.order)?;
    let name = match language {
        Language::En if !product.name.en.is_empty() => &product.name.en,
        _ => &product.name.zh,
    };
    let (carrier, tracking_number) = carriers.remove(&photo.order).unwrap_or_default();
    Ok(Some(Parcel { order: photo.number, details, product: name.clone(), carrier, tracking_number }))
}

fn told(error: &HandoverError) -> Notice {
    tracing::warn!(code = error.code(), %error, "a hand-over was refused or failed");
    let notice = Notice::new(error.code());
    let megabytes = |bytes: u64| format!("{} MB", bytes.div_ceil(1_000_000));
    match error {
        HandoverError::NoSpace { needed, free } => {
            notice.with("needed", megabytes(*needed)).with("free", megabytes(*free))
        }
        HandoverError::PassphraseTooShort { min } => notice.with("min", min),
        HandoverError::Names { count } => notice.with("count", count),
        HandoverError::Template(error) => notice.with("at", error.at + 1),
        _ => notice,
    }
}
