//! `cargo xtask bench`: searching, opening and saving among a hundred thousand orders. Prints Markdown.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use caixiang_domain::*;
use caixiang_roster::{Mapping, Workbook, judge, plan};
use caixiang_store::*;
use clap::Parser;
use jiff::Timestamp;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const GIVEN: &str =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉力建华国英红玉兰志海波宁雪梅琳晨宇浩欣怡佳子涵";

#[derive(Parser)]
struct Arguments {
    /// Orders in the store.
    #[arg(long, default_value_t = 100_000)]
    orders: usize,
}

/// A search that is slower than this is felt.
const TARGET: Duration = Duration::from_millis(20);
/// The day's page is asked for again every ten seconds.
const TODAY_TARGET: Duration = Duration::from_millis(100);
/// A school's roster, and how long it may take from the file into the store.
const ROSTER_ROWS: usize = 20_000;
const IMPORT_TARGET: Duration = Duration::from_secs(5);

fn main() -> Result<()> {
    let count = Arguments::parse().orders;
    println!("## The store with {count} orders\n");
    let folder = tempfile::tempdir()?;
    let place = Place { data: folder.path().join("data"), config: folder.path().join("config") };
    let mut store = open(&place, &Options { keystore: false, ..Options::default() })?.store;
    let words = Bilingual::default();
    let sessions: Vec<SessionId> = (0..5).map(|_| SessionId::new()).collect();
    for &id in &sessions {
        store.put_session(&Session {
            id,
            feature_code: "os5pwe".parse()?,
            name: words.clone(),
            school_code: String::new(),
            school: words.clone(),
            identity: IdentityMode::Roster,
            delivery: Delivery::Centralised,
            payer: Payer::School,
            preset: "chsi".into(),
            backdrop: Rgb::WHITE,
            fields: Vec::new(),
            products: Vec::new(),
            bring: Vec::new(),
            no_glasses: false,
            demonstration: true,
            terms: Terms::default(),
        })?;
    }
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let mut state = 42_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let mut rosters: Vec<Vec<Subject>> = vec![Vec::new(); sessions.len()];
    for n in 0..count {
        // The square root makes some surnames far more frequent than others, as they are.
        let mut name = String::from(surnames[random(surnames.len()).min(random(surnames.len()))]);
        name.extend((0..1 + random(2)).map(|_| given[random(given.len())]));
        let session = sessions[n % sessions.len()];
        let details = Details::new()
            .with(Field::Name, &name)
            .with(Field::StudentNumber, &format!("2023{:06}", n * 7 % 1_000_000))
            .with(Field::ClassName, &format!("{}班", n % 400));
        let standing = Standing::Waiting;
        let id = SubjectId::new();
        rosters[n % sessions.len()].push(Subject { id, session, details, code_sha256: None, standing });
    }
    let begin = Instant::now();
    for (session, roster) in sessions.iter().zip(&rosters) {
        store.put_subjects(*session, roster)?;
    }
    let taken_in = begin.elapsed();
    let begin = Instant::now();
    let now = Timestamp::now();
    let mut samples = Vec::new();
    for (n, subject) in rosters.iter().flatten().enumerate() {
        let bytes = n.to_le_bytes();
        let photo =
            NewPhoto { subject: subject.id, original: &bytes, finished: &bytes, record: "{}", taken: now };
        let photo = store.keep_photo(&photo)?;
        let order = store.publish_order(
            &NewOrder {
                session: subject.session,
                subject: subject.id,
                visit: None,
                photo,
                product: "electronic".into(),
                fee: Fen::ZERO,
                details: Details::new(),
                settled: true,
                submit: true,
                override_reason: None,
                actor: Actor::Student,
            },
            now,
        )?;
        if n % (count / 200).max(1) == 0 {
            samples.push((subject.clone(), order.number.to_string()));
        }
    }
    let published = begin.elapsed();

    let mut queries: Vec<(&str, String)> = Vec::new();
    for (subject, number) in &samples {
        let name = subject.details.get(Field::Name).unwrap_or_default();
        let student = subject.details.get(Field::StudentNumber).unwrap_or_default();
        let beginning = |text: &str, chars: usize| text.chars().take(chars).collect::<String>();
        queries.push(("name", name.to_owned()));
        queries.push(("surname", beginning(name, 1)));
        queries.push(("given name", name.chars().skip(1).collect()));
        queries.push(("student number", student.to_owned()));
        queries.push(("its beginning", beginning(student, 6)));
        queries.push(("order number", number.clone()));
        queries.push(("its beginning", beginning(number, 12)));
    }
    for pinyin in
        ["wang", "zhangwei", "li", "chenjie", "xiaom", "w", "z", "l", "wx", "zw", "ljh", "yl", "zxh"]
    {
        queries.push(("pinyin or initials", pinyin.to_owned()));
    }
    println!("### Search, first 50 found, milliseconds\n");
    println!("| by | where | queries | p50 | p95 | longest |\n|---|---|---|---|---|---|");
    let mut worst = Duration::ZERO;
    for (place, session) in [("all sessions", None), ("one session", Some(sessions[2]))] {
        let mut kinds: Vec<&str> = queries.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut all = Vec::new();
        for kind in kinds {
            let mut times = Vec::new();
            for (_, text) in queries.iter().filter(|(one, _)| *one == kind) {
                let begin = Instant::now();
                store.search(session, text, 50)?;
                times.push(begin.elapsed());
            }
            all.extend(&times);
            row(kind, place, times);
        }
        worst = worst.max(row("**all**", place, all));
    }
    let met = if worst <= TARGET { "met" } else { "**missed**" };
    println!("\nTarget: p95 of all within {} ms: {met}.\n", TARGET.as_millis());

    desk(&store, sessions[0], now)?;
    let empty = Session { id: SessionId::new(), ..store.session(sessions[0])? };
    store.put_session(&empty)?;
    import(&mut store, empty.id, folder.path())?;
    println!("### The rest, milliseconds\n\n| what | time |\n|---|---|");
    let say = |what: &str, begin: Instant| println!("| {what} | {} |", ms(begin.elapsed()));
    println!("| {count} students taken in | {} |", ms(taken_in));
    println!("| {count} orders published, one durable after another | {} |", ms(published));
    let begin = Instant::now();
    store.queue(sessions[0], &QueueFilter { text: Some("wang".into()), ..QueueFilter::default() }, 0, 50)?;
    say("the queue by pinyin", begin);
    let begin = Instant::now();
    store.queue_counts(sessions[0])?;
    say("the queue's counts", begin);
    let begin = Instant::now();
    store.orders_page(&OrderFilter { session: Some(sessions[0]), state: None }, 10_000, 50)?;
    say("a page of orders far down", begin);
    let begin = Instant::now();
    let backup = store.backup(now)?;
    say(&format!("a backup of {} MB", backup.size >> 20), begin);
    let begin = Instant::now();
    store.verify_audit()??;
    say("the audit log followed", begin);
    drop(store);
    let begin = Instant::now();
    open(&place, &Options { keystore: false, ..Options::default() })?;
    say("opened again, every page checked, every photo's file looked for", begin);
    println!();
    Ok(())
}

/// What the desk's pages ask of one session, each forty times.
fn desk(store: &Store, session: SessionId, now: Timestamp) -> Result<()> {
    let students = store.queue(session, &QueueFilter::default(), 0, 1)?.total;
    println!("### The desk, a session of {students} students with an order each, milliseconds\n");
    println!("| by | where | queries | p50 | p95 | longest |\n|---|---|---|---|---|---|");
    let from = now - jiff::SignedDuration::from_hours(24);
    let today = times(|| {
        store.progress(session)?;
        store.order_times(session, from)?;
        store.last_findings(session, 220).map(drop)
    })?;
    let slowest = row("today", "one session", today);
    let all = DeskFilter::default();
    for (name, sort, offset) in [
        ("orders, newest first", DeskSort::Newest, 0),
        ("orders by class, far down", DeskSort::Class, 10_000),
        ("orders by findings", DeskSort::Grade, 0),
    ] {
        let page = times(|| store.desk_orders(session, &all, sort, offset, 100).map(drop))?;
        row(name, "one session", page);
    }
    let met = if slowest <= TODAY_TARGET { "met" } else { "**missed**" };
    println!("\nTarget: p95 of today within {} ms: {met}.\n", TODAY_TARGET.as_millis());
    Ok(())
}

/// A workbook of twenty thousand students: read, judged, compared with what is known, and taken over.
fn import(store: &mut Store, session: SessionId, folder: &Path) -> Result<()> {
    let path = folder.join("roster.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in ["学号", "姓名", "身份证号", "学院名称", "班级名称"].into_iter().enumerate()
    {
        sheet.write_string(0, u16::try_from(column)?, title)?;
    }
    for n in 0..ROSTER_ROWS {
        let row = u32::try_from(n + 1)?;
        let number = format!("990000200401{:02}{:03}", 1 + n / 1000, n % 1000);
        let texts = [
            format!("2023{n:06}"),
            "王小明".to_owned(),
            with_check(&number),
            format!("第{}学院", n / 2000),
            format!("{}班", n / 50),
        ];
        for (column, text) in texts.iter().enumerate() {
            sheet.write_string(row, u16::try_from(column)?, text)?;
        }
    }
    workbook.save(&path)?;
    println!("### A roster of {ROSTER_ROWS} rows, xlsx, seconds\n\n| step | time |\n|---|---|");
    let whole = Instant::now();
    let step = |what: &str, begin: Instant| println!("| {what} | {:.2} |", begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let mut workbook = Workbook::open(&path)?;
    let first = workbook.sheets().first().cloned().unwrap_or_default();
    let table = workbook.table(&first)?;
    step("read", begin);
    let begin = Instant::now();
    let mapping = Mapping::guess(&table);
    let judged = judge(&table, &mapping)?;
    step("judged", begin);
    let begin = Instant::now();
    let plan = plan(&[], &judged.rows);
    step("compared", begin);
    let begin = Instant::now();
    let subjects: Vec<Subject> = plan
        .added
        .iter()
        .map(|row| Subject {
            id: SubjectId::new(),
            session,
            details: row.details.clone(),
            code_sha256: None,
            standing: Standing::Waiting,
        })
        .collect();
    store.put_subjects(session, &subjects)?;
    step("taken over", begin);
    let whole = whole.elapsed();
    anyhow::ensure!(subjects.len() == ROSTER_ROWS, "{} of {ROSTER_ROWS} rows were good", subjects.len());
    let met = if whole <= IMPORT_TARGET { "met" } else { "**missed**" };
    println!("| **all** | {:.2} (target {}: {met}) |\n", whole.as_secs_f64(), IMPORT_TARGET.as_secs());
    Ok(())
}

/// A number with its check character (GB 11643-1999).
fn with_check(digits: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize];
    format!("{digits}{check}")
}

fn times(mut ask: impl FnMut() -> Result<(), StoreError>) -> Result<Vec<Duration>> {
    let once = |_| {
        let begin = Instant::now();
        ask()?;
        Ok(begin.elapsed())
    };
    (0..40).map(once).collect()
}

fn ms(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

/// A row of the table; the p95.
fn row(by: &str, place: &str, mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("| {by} | {place} | {} | {} | {} | {} |", times.len(), ms(at(50)), ms(at(95)), ms(at(100)));
    at(95)
}
