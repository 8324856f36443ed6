//! How far the open session is.

use caixiang_domain::SessionId;
use caixiang_store::{ClassProgress, PhotoFindings, PhotoGrade};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Desk;
use super::talk::{ClassRow, HourCount, Progress, TodayView};
use super::trend;
use crate::perform::local;
use crate::view::{Notice, Role};

/// What the store knows of a session's progress.
struct Known {
    classes: Vec<ClassProgress>,
    made: Vec<Timestamp>,
    photos: Vec<PhotoFindings>,
}

pub(super) fn today(desk: &Desk) -> Result<TodayView, Notice> {
    let now = Timestamp::now();
    let from = midnight(now);
    let known = desk.session(Role::Photographer, move |store, session| {
        let id: SessionId = session.id;
        Ok(Known {
            classes: store.progress(id)?,
            made: store.order_times(id, from)?,
            photos: store.last_findings(id, trend::LOOKED_AT)?,
        })
    })?;
    Ok(view(&known, now))
}

fn midnight(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(TimeZone::system()).date();
    today.to_zoned(TimeZone::system()).map_or(now, |start| start.timestamp())
}

fn view(known: &Known, now: Timestamp) -> TodayView {
    let classes: Vec<_> = known.classes.iter().map(class_row).collect();
    let mut all = Progress::default();
    for ClassRow { progress, .. } in &classes {
        all.total += progress.total;
        all.collected += progress.collected;
        all.waiting += progress.waiting;
        all.absent += progress.absent;
        all.rejected += progress.rejected;
        all.in_review += progress.in_review;
        all.approved += progress.approved;
    }
    let rate = trend::rate(&known.made, now);
    let graded =
        |grade: PhotoGrade| count(known.photos.iter().filter(|photo| photo.grade == Some(grade)).count());
    TodayView {
        all,
        classes,
        hours: hours(&known.made),
        rate_per_hour: rate,
        end: rate.and_then(|rate| trend::end(all.waiting, rate, now)).map(local),
        looked_at: count(known.photos.len()),
        grades: [graded(PhotoGrade::Clean), graded(PhotoGrade::Warned), graded(PhotoGrade::Blocked)],
        findings: trend::trends(&known.photos),
    }
}

fn class_row(class: &ClassProgress) -> ClassRow {
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let counts = class.counts;
    ClassRow {
        college: class.college.clone().unwrap_or_default(),
        class_name: class.class.clone().unwrap_or_default(),
        progress: Progress {
            total: small(counts.waiting + counts.absent + counts.ordered),
            collected: small(counts.ordered),
            waiting: small(counts.waiting),
            absent: small(counts.absent),
            rejected: small(counts.rejected),
            in_review: small(class.in_review),
            approved: small(class.approved),
        },
    }
}

/// Hours from the first to the last with an order; those between count, too.
fn hours(made: &[Timestamp]) -> Vec<HourCount> {
    let hour_of = |made: &Timestamp| u32::from(made.to_zoned(TimeZone::system()).hour().unsigned_abs());
    let mut counts = [0_u32; 24];
    for made in made {
        counts[hour_of(made) as usize % 24] += 1;
    }
    let first = counts.iter().position(|count| *count > 0);
    let last = counts.iter().rposition(|count| *count > 0);
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    (first..=last).map(|hour| HourCount { hour: count(hour), count: counts[hour] }).collect()
}

pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
