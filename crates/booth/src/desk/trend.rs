//! What findings over time tell: whether something has changed in the room, and when the last student will be done.

use std::collections::BTreeMap;

use caixiang_store::PhotoFindings;
use jiff::{SignedDuration, Timestamp};

use super::talk::FindingTrend;

/// So many of the newest photos are held against those before them.
pub(crate) const RECENT: usize = 20;
/// So many photos in all are looked at.
pub(crate) const LOOKED_AT: u32 = 220;
/// A rise of fewer is none.
const LEAST: u32 = 4;
/// How unlikely a rise must be by chance.
const CHANCE: f64 = 0.001;
/// Shorter than this, a rate says nothing.
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
/// The rate is of the last hour.
const RATE_OVER: SignedDuration = SignedDuration::from_hours(1);

/// Findings of the newest photos against those before, the most frequent first. `photos` are newest first.
pub(crate) fn trends(photos: &[PhotoFindings]) -> Vec<FindingTrend> {
    let (recent, before) = photos.split_at(photos.len().min(RECENT));
    let count = |photos: &[PhotoFindings]| {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for code in photos.iter().flat_map(|photo| &photo.broken) {
            *counts.entry(code.clone()).or_default() += 1;
        }
        counts
    };
    let (now, then) = (count(recent), count(before));
    let mut trends: Vec<_> = now
        .into_iter()
        .map(|(code, recent_count)| {
            let before_count = then.get(&code).copied().unwrap_or_default();
            // Laplace's rule: what was never seen is not impossible.
            let usual = f64::from(before_count + 1) / (before.len() as f64 + 2.0);
            let alarm = recent.len() == RECENT
                && before.len() >= RECENT
                && recent_count >= LEAST
                && at_least(recent_count, RECENT as u32, usual) < CHANCE;
            FindingTrend { code, recent: recent_count, before: before_count, alarm }
        })
        .collect();
    trends.sort_by(|a, b| b.recent.cmp(&a.recent).then_with(|| a.code.cmp(&b.code)));
    trends
}

/// The chance that of `of` tries at least `hits` succeed, each with this chance (the binomial distribution's tail).
fn at_least(hits: u32, of: u32, chance: f64) -> f64 {
    let mut term = (1.0 - chance).powi(i32::try_from(of).unwrap_or(i32::MAX));
    let mut below = 0.0;
    for k in 0..hits {
        below += term;
        term *= f64::from(of - k) / f64::from(k + 1) * chance / (1.0 - chance);
    }
    (1.0 - below).max(0.0)
}

/// Orders an hour over the last hour, or since the first where that is shorter; none where too little is known.
pub(crate) fn rate(made: &[Timestamp], now: Timestamp) -> Option<f64> {
    let since = now - RATE_OVER;
    let first = *made.iter().filter(|made| **made >= since).min()?;
    let count = made.iter().filter(|made| **made >= since).count();
    let span = now.duration_since(first).max(SHORTEST);
    (count >= 3).then(|| count as f64 / span.as_secs_f64() * 3600.0)
}

/// When those who wait will be done at this rate; none where it would take more than a month.
pub(crate) fn end(waiting: u32, rate: f64, now: Timestamp) -> Option<Timestamp> {
    let hours = f64::from(waiting) / rate;
    (waiting > 0 && hours < 24.0 * 31.0).then(|| now + SignedDuration::from_secs((hours * 3600.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photos(broken: impl Fn(usize) -> bool, count: usize) -> Vec<PhotoFindings> {
        (0..count)
            .map(|n| PhotoFindings {
                grade: None,
                broken: if broken(n) { vec!["light.balance".to_owned()] } else { Vec::new() },
            })
            .collect()
    }

    #[test]
    fn a_rise_in_one_finding_is_told_from_chance() {
        let alarm = |photos: Vec<PhotoFindings>| trends(&photos).first().is_some_and(|trend| trend.alarm);
        assert!(alarm(photos(|n| n < 20 && n % 2 == 0, 220)), "half of the last twenty, none before");
        assert!(!alarm(photos(|n| n % 5 == 0, 220)), "as often as ever");
        assert!(!alarm(photos(|n| n < 3, 220)), "three are no trend");
        assert!(!alarm(photos(|n| n < 10, 25)), "too little to compare with");
    }

    #[test]
    fn the_tail_is_the_binomial_distributions() {
        assert!((at_least(0, 20, 0.3) - 1.0).abs() < 1e-12);
        assert!((at_least(20, 20, 0.5) - 0.5_f64.powi(20)).abs() < 1e-12);
        assert!((at_least(1, 2, 0.5) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn the_end_follows_from_the_rate() {
        let now = Timestamp::from_second(1_795_338_000).unwrap();
        let made: Vec<_> = (0..60).map(|n| now - SignedDuration::from_mins(n)).collect();
        let rate = rate(&made, now).unwrap();
        assert!((rate - 61.0).abs() < 2.0, "{rate}");
        assert_eq!(end(61, 61.0, now), Some(now + SignedDuration::from_hours(1)));
        assert_eq!((end(0, 61.0, now), end(100_000, 1.0, now)), (None, None));
        assert_eq!(super::rate(&made[..2], now), None);
    }
}
