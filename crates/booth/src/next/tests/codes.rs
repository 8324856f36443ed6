//! Who are you? Capture codes, student numbers, and the last four characters.

use super::world::{WANG, World, hash};
use super::*;
use crate::view::IdentifyWay;

fn scan(booth: &mut Booth, code: &str) {
    booth.event(Event::CodeRead(hash(code)));
}

#[test]
fn a_new_code_makes_a_record_with_the_last_four() {
    let mut booth = Booth::open(World::codes());
    booth.agree();
    assert_eq!(booth.see("/screen/ways"), serde_json::json!(["code"]));
    scan(&mut booth, "code of somebody");
    booth.is_at("last_four");
    assert_eq!(booth.see("/screen/name"), Value::Null);
    booth.type_keys("00");
    booth.next();
    booth.says("identify.last_four_short");
    booth.type_keys("2x9");
    booth.enter();
    booth.is_at("details");
    assert_eq!(booth.see("/screen/prefilled"), false);
    assert_eq!(booth.see("/screen/complete"), false);
    booth.next();
    booth.says("field.incomplete");
    for (field, value) in [("name", "王小明"), ("student_number", "20220101"), ("id_number", WANG)] {
        booth.act(Action::Fill { field: field.to_owned(), value: value.to_owned() });
    }
    booth.next();
    booth.is_at("guidelines");
    booth.next();
    booth.shoot();
    booth.next();
    assert!(!booth.page().to_string().contains(WANG));
    booth.next();
    booth.is_at("done");
    assert_eq!(booth.world.people.len(), 1);
    let four = Effect::MakeSubject {
        code: hash("code of somebody"),
        last_four: crate::state::Secret("002X".to_owned()),
    };
    assert!(booth.effects.contains(&four));
}

/// A kiosk that somebody with the last four `002X` has begun at and left.
fn known() -> Booth {
    let mut booth = Booth::open(World::codes());
    booth.agree();
    scan(&mut booth, "code");
    booth.type_keys("002X");
    booth.next();
    booth.is_at("details");
    booth.act(Action::Leave);
    booth
}

#[test]
fn a_known_code_asks_for_its_last_four() {
    let mut booth = known();
    booth.agree();
    // A scanner that types, this time.
    booth.act(Action::Scanned { text: "code".to_owned() });
    booth.is_at("last_four");
    booth.type_keys("002x");
    booth.next();
    booth.is_at("resume");
    booth.next();
    booth.is_at("details");
    assert_eq!(booth.world.people.len(), 1);
}

#[test]
fn three_wrong_last_fours_lead_back() {
    let mut booth = known();
    booth.agree();
    scan(&mut booth, "code");
    for left in [2, 1] {
        booth.type_keys("1234");
        booth.next();
        booth.says("identify.last_four");
        assert_eq!(booth.see("/screen/triesLeft"), left);
        assert_eq!(booth.see("/screen/typed"), "");
        // The same code before the camera gives no tries back.
        scan(&mut booth, "code");
        assert_eq!(booth.see("/screen/triesLeft"), left);
    }
    booth.type_keys("1234");
    booth.next();
    booth.is_at("identify");
    booth.says("identify.last_four");
    assert_eq!(booth.logged("identify.last_four_wrong").len(), 3);
    assert_eq!(booth.world.people.len(), 1);
}

#[test]
fn a_code_is_looked_for_only_where_it_is_asked() {
    let mut booth = Booth::open(World::codes());
    let looks = |booth: &Booth| {
        booth
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Look(look) => Some(*look),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    scan(&mut booth, "code");
    booth.is_at("welcome");
    booth.agree();
    assert_eq!(looks(&booth), [crate::event::Look::Codes]);
    booth.act(Action::Staff);
    scan(&mut booth, "code");
    booth.is_at("identify");
    booth.act(Action::CloseStaff);
    scan(&mut booth, "code");
    booth.is_at("last_four");
    assert_eq!(looks(&booth), [crate::event::Look::Codes, crate::event::Look::Off]);
    booth.act(Action::Back);
    booth.is_at("identify");
}

#[test]
fn a_student_number_alone_is_no_proof() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.act(Action::Way { way: IdentifyWay::StudentNumber });
    booth.type_keys("20");
    booth.next();
    booth.says("identify.short");
    booth.type_keys("220101");
    booth.next();
    booth.is_at("last_four");
    assert_eq!(booth.see("/screen/name"), "王*明");
    booth.type_keys("002X");
    booth.next();
    booth.is_at("details");
}

#[test]
fn a_new_code_of_the_roster_is_tied_to_a_number() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.act(Action::Way { way: IdentifyWay::Code });
    scan(&mut booth, "code");
    booth.says("identify.code_new");
    assert_eq!(booth.see("/screen/way"), "document");
    booth.identify(WANG);
    booth.is_at("details");
    assert_eq!(booth.world.people[0].code, Some(hash("code")));
}

#[test]
fn who_is_found_is_not_told_that_nobody_was() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.act(Action::Way { way: IdentifyWay::StudentNumber });
    booth.type_keys("99999");
    booth.next();
    booth.says("identify.unknown");
    booth.world.people[0].code = Some(hash("code"));
    scan(&mut booth, "code");
    booth.is_at("last_four");
    assert_eq!(booth.see("/notice"), Value::Null);
}

#[test]
fn two_records_of_one_number_are_for_staff() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.event(Event::Identified(crate::event::Known::Several));
    booth.is_at("identify");
    booth.says("identify.several");
}
