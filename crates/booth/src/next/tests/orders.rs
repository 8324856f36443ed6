//! 我的订单, and the photo that takes a rejected one's place.

use caixiang_domain::{Delivery, IdentityMode, Payer};
use caixiang_store::StoreError;

use super::world::{LI, WANG, World};
use super::*;

/// A kiosk at the welcome, with an order of the first student.
fn ordered(payer: Payer) -> Booth {
    let mut booth = Booth::open(World::new(IdentityMode::Roster, Delivery::Centralised, payer));
    booth.walk_to_camera(WANG);
    booth.shoot();
    booth.next();
    booth.next();
    booth.is_at("done");
    booth.next();
    booth.is_at("welcome");
    booth.effects.clear();
    booth
}

fn my_orders(booth: &mut Booth, number: &str) {
    booth.act(Action::MyOrders);
    booth.is_at("identify");
    assert_eq!(booth.see("/screen/forOrders"), true);
    booth.identify(number);
    booth.is_at("orders");
}

fn replace(booth: &mut Booth) {
    let order = booth.see("/screen/orders/0/id").as_str().expect("an id").to_owned();
    booth.act(Action::Replace { order });
}

#[test]
fn orders_show_their_state_and_only_a_rejected_one_is_replaced() {
    let mut booth = ordered(Payer::School);
    my_orders(&mut booth, WANG);
    assert_eq!(booth.see("/screen/name"), "王*明");
    assert_eq!(booth.see("/screen/orders/0/state"), "pending_review");
    assert_eq!(booth.see("/screen/orders/0/student"), "王*明");
    assert_eq!(booth.see("/screen/canOrder"), false);
    replace(&mut booth);
    booth.is_at("orders");
    booth.next();
    booth.is_at("orders");
    booth.act(Action::Leave);
    booth.is_at("welcome");
    assert!(!booth.page().to_string().contains("王"));
}

#[test]
fn a_rejected_photo_is_replaced_without_a_new_fee() {
    let mut booth = ordered(Payer::Student);
    booth.world.reject(0, "不可以俯视或者仰视，请保持平视镜头");
    my_orders(&mut booth, WANG);
    assert_eq!(booth.see("/screen/orders/0/canReplace"), true);
    assert_eq!(booth.see("/screen/orders/0/rejection"), "不可以俯视或者仰视，请保持平视镜头");
    replace(&mut booth);
    booth.is_at("guidelines");
    booth.next();
    booth.is_at("capture");
    assert_eq!(booth.see("/screen/rejection"), "不可以俯视或者仰视，请保持平视镜头");
    booth.shoot();
    booth.next();
    assert_eq!(booth.see("/screen/payment"), "no_new_fee");
    booth.next();
    booth.is_at("done");
    assert_eq!(booth.see("/screen/state"), "pending_review");
    assert_eq!(booth.world.orders.len(), 1);
}

#[test]
fn the_same_rejected_photo_leads_to_the_camera() {
    let mut booth = ordered(Payer::School);
    booth.world.reject(0, "eyes");
    my_orders(&mut booth, WANG);
    replace(&mut booth);
    booth.next();
    booth.shoot();
    booth.next();
    booth.world.refuse_order = Some(StoreError::SameRejectedPhoto.code());
    booth.next();
    booth.is_at("capture");
    assert_eq!(booth.see("/screen/failed/code"), "store.same_rejected_photo");
    assert_eq!(booth.world.discarded.len(), 1, "nothing is left of it");
    assert!(booth.world.visits.iter().all(|visit| visit.taken.is_none()), "nor is it offered again");
    booth.shoot();
    booth.next();
    booth.next();
    booth.is_at("done");
}

#[test]
fn who_has_an_order_gets_no_second_one() {
    let mut booth = ordered(Payer::School);
    booth.agree();
    booth.identify(WANG);
    booth.is_at("orders");
    assert_eq!(booth.see("/screen/canOrder"), false);
    booth.next();
    booth.is_at("orders");
    // Who came for a photo with a rejected one replaces it, with today's consents.
    booth.world.reject(0, "hair");
    booth.act(Action::Back);
    booth.agree();
    booth.identify(WANG);
    replace(&mut booth);
    booth.is_at("guidelines");
    assert_eq!(booth.count(|effect| matches!(effect, Effect::BeginVisit(_))), 1);
}

#[test]
fn who_has_no_order_can_begin_one() {
    let mut booth = ordered(Payer::School);
    my_orders(&mut booth, LI);
    assert_eq!(booth.see("/screen/canOrder"), true);
    assert_eq!(booth.see("/screen/orders/0"), Value::Null);
    booth.next();
    booth.is_at("agreement");
    assert_eq!(booth.see("/screen/photograph"), Value::Null);
    assert_eq!(booth.effects.last(), Some(&Effect::Forget));
}

#[test]
fn a_code_without_a_record_has_no_orders() {
    let mut booth = Booth::open(World::codes());
    booth.act(Action::MyOrders);
    booth.event(Event::CodeRead([7; 32]));
    booth.is_at("identify");
    booth.says("identify.no_orders");
    assert!(booth.world.people.is_empty());
}

#[test]
fn an_order_that_was_not_stored_can_be_sent_again() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.shoot();
    booth.next();
    booth.world.refuse_order = Some("store.disk_full");
    booth.next();
    booth.is_at("summary");
    booth.says("store.disk_full");
    assert!(booth.world.discarded.is_empty());
    booth.next();
    booth.is_at("done");
}
