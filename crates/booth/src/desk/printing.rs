//! Photo sheets: what would be printed, and printing it.

mod history;
mod paper;
mod papers;
mod printers;
mod send;

use std::path::PathBuf;
use std::sync::Arc;

use caixiang_domain::{OrderId, Session};
use caixiang_paper::order::by_class;
use caixiang_paper::{Layout, Person, Sheets, Typeface, VOLUME_PEOPLE, svg};
use caixiang_spool::{Counts, Quota, Sides, may_print};
use caixiang_store::{OrderRow, Print, PrintableOrder, Store, StoreError, Which};
use jiff::Timestamp;

use self::history::print_id;
pub(super) use self::history::{cancel, prints, said};
pub(super) use self::paper::{KEY, form, kept, problems, save, settings};
pub use self::paper::{paper_names, set_names};
pub(super) use self::papers::{papers, start as start_papers};
pub(super) use self::printers::{SOON, chosen, find, try_one};
use self::send::{Document, Target};
use super::talk::{ClassCount, PaperSettings, SheetsView, SheetsWanted};
use super::{Desk, picture, work};
use crate::view::{Language, Notice, Role};

/// Pages of a preview.
const PREVIEW_PAGES: usize = 2;

/// An order and what of it is printed.
type Printable = (OrderRow, Person);

/// What a run of sheets is made with.
struct Run {
    session: Arc<Session>,
    settings: PaperSettings,
    sheets: Sheets,
    layout: Layout,
    face: Arc<Typeface>,
    picture_px: (u32, u32),
}

impl Run {
    fn new(desk: &Desk, language: Language) -> Result<Self, Notice> {
        let (session, picture_px) = desk.ask(Role::Photographer, |runner| {
            let setting = runner.state.setting.as_ref().ok_or_else(|| Notice::new("desk.no_session"))?;
            Ok((Arc::clone(&setting.session), setting.preset.size_px()))
        })?;
        let settings = settings(desk)?;
        let arrangement = paper::arrangement(&settings)?;
        let layout = arrangement.layout().map_err(|error| paper::told(&error))?;
        let sheets = Sheets { language: paper::language(language), ..Sheets::new(arrangement) };
        Ok(Self { session, settings, sheets, layout, face: face(desk)?, picture_px })
    }

    fn per_sheet(&self) -> usize {
        self.layout.blocks.len().max(1)
    }
}

/// The font, read once while the desk is open.
fn face(desk: &Desk) -> Result<Arc<Typeface>, Notice> {
    let mut kept = desk.shared.desk.face();
    if let Some(face) = &*kept {
        return Ok(Arc::clone(face));
    }
    let font = desk.shared.config.cache.join("fonts/NotoSansSC-Regular.ttf");
    let bytes = std::fs::read(font).map_err(|_| Notice::new("paper.font"))?;
    let face = Arc::new(Typeface::parse(&bytes).map_err(|error| paper::told(&error))?);
    *kept = Some(Arc::clone(&face));
    Ok(face)
}

/// Every order of a session that may be printed, in the order in which they lie in the parcels.
fn printable(store: &Store, session: &Session) -> Result<Vec<PrintableOrder>, StoreError> {
    let mut all = store.printable_orders(session.id, &session.paper_products())?;
    all.sort_by(|a, b| by_class(key(&a.row), key(&b.row)));
    Ok(all)
}

/// Whether an order is asked for.
fn is_wanted(order: &PrintableOrder, wanted: &SheetsWanted) -> bool {
    let row = &order.row;
    let of_class = wanted.class.as_ref().is_none_or(|class| {
        (text(&row.college), text(&row.class_name)) == (class.college.as_str(), class.class_name.as_str())
    });
    let chosen = wanted.orders.contains(&row.order.id.to_string());
    of_class && if wanted.orders.is_empty() { wanted.again || !order.printed } else { chosen }
}

fn key(row: &OrderRow) -> (&str, &str, &str) {
    (text(&row.college), text(&row.class_name), text(&row.student_number))
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

fn classes(rows: &[OrderRow]) -> Vec<&[OrderRow]> {
    rows.chunk_by(|a, b| (&a.college, &a.class_name) == (&b.college, &b.class_name)).collect()
}

fn person(store: &Store, row: &OrderRow, sheet_code: String) -> Result<Person, StoreError> {
    let photo = store.read_photo(row.order.photo, Which::Finished)?;
    Ok(Person {
        name: text(&row.name).to_owned(),
        student_number: text(&row.student_number).to_owned(),
        college: text(&row.college).to_owned(),
        class_name: text(&row.class_name).to_owned(),
        sheet_code,
        photo: Arc::from(photo.as_slice()),
    })
}

/// What would be printed, and how its first sheet looks.
pub(super) fn plan(desk: &Desk, wanted: &SheetsWanted) -> Result<SheetsView, Notice> {
    let run = match Run::new(desk, wanted.language) {
        Ok(run) => run,
        // What the settings ask for cannot be laid out: the page says so beside the settings.
        Err(notice) if notice.code.starts_with("paper.") => {
            return Ok(SheetsView { problem: Some(notice), ..SheetsView::default() });
        }
        Err(notice) => return Err(notice),
    };
    let per_sheet = run.per_sheet();
    let (of, asked) = (Arc::clone(&run.session), wanted.clone());
    let wanted = asked.clone();
    let (all, people) = desk.store(Role::Photographer, move |store| {
        let all = printable(store, &of)?;
        let people = all.iter().filter(|order| is_wanted(order, &wanted)).take(per_sheet).map(|order| {
            let code = format!("{}.{}", order.row.order.number, order.next_copy);
            Ok((order.row.order.photo, person(store, &order.row, code)?))
        });
        // One that cannot be read is left out here as it is in print.
        let people: Vec<_> = people
            .filter(|read| !matches!(read, Err(StoreError::PhotoUnreadable(_))))
            .collect::<Result<_, _>>()?;
        Ok((all, people))
    })?;
    let rows: Vec<OrderRow> =
        all.iter().filter(|order| is_wanted(order, &asked)).map(|order| order.row.clone()).collect();
    let waiting: Vec<OrderRow> =
        all.iter().filter(|order| !order.printed).map(|order| order.row.clone()).collect();
    let reprints = all.iter().filter(|order| order.printed && is_wanted(order, &asked)).count();
    let (photos, people): (Vec<_>, Vec<_>) = people.into_iter().unzip();
    let sheets = classes(&rows).iter().map(|class| class.len().div_ceil(per_sheet)).sum::<usize>();
    let mut view = SheetsView {
        orders: count(rows.len()),
        reprints: count(reprints),
        sheets: count(sheets),
        prints_each: count(run.layout.blocks.first().map_or(0, |block| block.slots.len())),
        waiting: waiting_by_class(&waiting),
        printed: count(all.len() - waiting.len()),
        approved: count(all.len()),
        printer: run.settings.printer.clone(),
        ..SheetsView::default()
    };
    if people.is_empty() {
        return Ok(view);
    }
    let photos: Vec<String> = photos.into_iter().map(|photo| picture::address(photo).finished).collect();
    let pages = run.sheets.preview(&run.face, &people).map_err(|error| paper::told(&error))?;
    view.lowest_dpi = lowest_dpi(&run.layout, run.picture_px);
    view.lacking = lacking(&run.face, &people);
    let picture = |index: usize| photos.get(index).cloned().unwrap_or_default();
    view.pages = pages.iter().take(PREVIEW_PAGES).map(|page| svg(page, picture)).collect();
    Ok(view)
}

fn waiting_by_class(rows: &[OrderRow]) -> Vec<ClassCount> {
    let classes = classes(rows).into_iter().filter_map(|class| {
        let first = class.first()?;
        Some(ClassCount {
            college: text(&first.college).to_owned(),
            class_name: text(&first.class_name).to_owned(),
            count: count(class.len()),
        })
    });
    classes.collect()
}

/// Dots an inch of the coarsest print.
fn lowest_dpi(layout: &Layout, (width_px, height_px): (u32, u32)) -> u32 {
    let dpi = |pixels: u32, mm: f64| f64::from(pixels) / mm * 25.4;
    let slots = layout.blocks.first().map(|block| block.slots.as_slice()).unwrap_or_default();
    let each = slots
        .iter()
        .map(|slot| dpi(width_px, slot.size.width_mm()).min(dpi(height_px, slot.size.height_mm())));
    let coarsest = each.fold(f64::INFINITY, f64::min);
    // Bounded by the largest photo on the smallest print.
    if coarsest.is_finite() { coarsest as u32 } else { 0 }
}

fn lacking(face: &Typeface, people: &[Person]) -> Vec<String> {
    let lacks = |text: &str| text.chars().any(|c| !c.is_whitespace() && !face.has(c));
    let texts = people.iter().flat_map(|person| [&person.name, &person.student_number]);
    texts.filter(|text| lacks(text)).cloned().collect()
}

/// Begins to make sheets, class by class, and to print them or write them to a folder.
pub(super) fn start(desk: &Desk, wanted: &SheetsWanted, folder: Option<&str>) -> Result<(), Notice> {
    let run = Run::new(desk, wanted.language)?;
    let (of, asked) = (Arc::clone(&run.session), wanted.clone());
    let rows = desk.store(Role::Manager, move |store| {
        let wanted = printable(store, &of)?.into_iter().filter(|order| is_wanted(order, &asked));
        Ok(wanted.map(|order| order.row).collect::<Vec<_>>())
    })?;
    begin(desk, run, rows, folder.map(PathBuf::from), None)
}

/// Prints what was on a settled print again.
pub(super) fn again(desk: &Desk, id: &str, language: Language) -> Result<(), Notice> {
    let run = Run::new(desk, language)?;
    let id = print_id(id)?;
    let of = Arc::clone(&run.session);
    let (print, rows) = desk.store(Role::Manager, move |store| {
        let print = store.print(id)?;
        let orders: Vec<OrderId> = store.sheets_of_print(id)?.iter().map(|sheet| sheet.order).collect();
        let mut rows: Vec<OrderRow> = printable(store, &of)?.into_iter().map(|order| order.row).collect();
        rows.retain(|row| orders.contains(&row.order.id));
        Ok((print, rows))
    })?;
    if rows.is_empty() {
        // A label or a list is made anew on its own page; another session has to be opened first.
        return Err(Notice::new("print.not_here"));
    }
    begin(desk, run, rows, None, Some(print))
}

fn begin(
    desk: &Desk,
    run: Run,
    rows: Vec<OrderRow>,
    folder: Option<PathBuf>,
    again: Option<Print>,
) -> Result<(), Notice> {
    if rows.is_empty() {
        return Err(Notice::new("print.nothing"));
    }
    let target = Target::new(&run.settings, folder, false)?;
    quota(desk, &run, &rows)?;
    let total = count(rows.len());
    work::begin(desk, "print", "writing", total, target.place(), move |desk| {
        let mut left_out = Vec::new();
        for part in parts(&rows, again.is_some()) {
            left_out.extend(print_part(desk, &run, part, &target, again.as_ref())?);
            if !desk.shared.desk.job.change(|view| view.done += count(part.len())) {
                return Err(Notice::new("job.cancelled"));
            }
        }
        Ok(left_out)
    })
}

/// What goes into one print: the students of a class, not too many at once. A reprint is one print as the first was,
/// even if somebody has another class by now.
fn parts(rows: &[OrderRow], again: bool) -> Vec<&[OrderRow]> {
    if again {
        return vec![rows];
    }
    let most = usize::try_from(VOLUME_PEOPLE.get()).unwrap_or(usize::MAX);
    classes(rows).into_iter().flat_map(|class| class.chunks(most)).collect()
}

/// Copies of an order, and of a day, are limited; the limits are the manager's.
fn quota(desk: &Desk, run: &Run, rows: &[OrderRow]) -> Result<(), Notice> {
    let orders: Vec<OrderId> = rows.iter().map(|row| row.order.id).collect();
    let midnight = jiff::Zoned::now().start_of_day().map(|day| day.timestamp()).unwrap_or(Timestamp::now());
    let made = desk.store(Role::Manager, move |store| store.sheet_counts(&orders, midnight))?;
    let quota = Quota { per_order_max: run.settings.per_order_max, per_day_max: run.settings.per_day_max };
    let all = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    may_print(Counts { of_order: made.of_order, of_day: 0 }, 1, quota)
        .and_then(|()| {
            may_print(
                Counts { of_order: 0, of_day: made.since },
                all,
                Quota { per_order_max: u32::MAX, ..quota },
            )
        })
        .map_err(|reached| {
            let max = match reached {
                caixiang_spool::QuotaReached::Order { max } | caixiang_spool::QuotaReached::Day { max } => {
                    max
                }
            };
            Notice::new(reached.code()).with("max", max)
        })
}

/// One print: the sheets of a class, or of a part of it. Who was left out because their photo cannot be read.
fn print_part(
    desk: &Desk,
    run: &Run,
    rows: &[OrderRow],
    target: &Target,
    again: Option<&Print>,
) -> Result<Vec<String>, Notice> {
    let (people, left_out) = people(desk, rows)?;
    let Some((first, _)) = people.first() else { return Ok(left_out) };
    let class = [text(&first.college), text(&first.class_name)];
    let title = class.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    let duplex = run.settings.caption == "back";
    let document = Document {
        session: run.session.id,
        title: if title.is_empty() { run.session.feature_code.to_string() } else { title },
        pages: count(people.len().div_ceil(run.per_sheet()) * if duplex { 2 } else { 1 }),
        orders: people.iter().map(|(row, _)| row.order.id).collect(),
        again: again.cloned(),
        paper: Some(run.sheets.arrangement.paper),
        sides: duplex.then_some(Sides::LongEdge),
    };
    work::stay(desk)?;
    send::send(desk, target, &document, |sheets| {
        let people = people.into_iter().zip(sheets).map(|((_, person), sheet)| {
            Ok::<_, std::convert::Infallible>(Person { sheet_code: sheet.code.clone(), ..person })
        });
        let mut volumes: Vec<Vec<u8>> = Vec::with_capacity(1);
        let written = run.sheets.write(&run.face, people, &mut volumes, |_| ());
        written.map_err(|error| paper::told(&error))?;
        volumes.pop().ok_or_else(|| Notice::new("print.nothing"))
    })?;
    Ok(left_out)
}

/// Reads the photos before anything is written down: whoever's cannot be read is left out, and does not keep a whole
/// class waiting. A photo at a time: whoever photographs meanwhile waits for one of them and not for all.
fn people(desk: &Desk, rows: &[OrderRow]) -> Result<(Vec<Printable>, Vec<String>), Notice> {
    let (mut people, mut left_out) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let asked = row.clone();
        let read = desk.store(Role::Manager, move |store| match person(store, &asked, String::new()) {
            Err(StoreError::PhotoUnreadable(_)) => Ok(None),
            read => read.map(Some),
        })?;
        match read {
            Some(person) => people.push((row.clone(), person)),
            None => left_out.push(format!("{} {}", text(&row.student_number), text(&row.name))),
        }
        if !desk.shared.desk.job.change(|_| ()) {
            return Err(Notice::new("job.cancelled"));
        }
    }
    Ok((people, left_out))
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
