//! Orders, pictures and print lines, each once, over a network that cuts, loses and doubles.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use caixiang_domain::{Move, PrintId};
use caixiang_store::{Actor, NewPrint, PrintState};
use caixiang_sync_tests::dice::Dice;
use caixiang_sync_tests::kiosk::Kiosk;
use caixiang_sync_tests::network::{Faults, bad_network};
use caixiang_sync_tests::server::Server;
use caixiang_wire::Sha256Hex;
use jiff::Timestamp;

/// How many; the long run has 1,000.
fn orders() -> usize {
    std::env::var("CAIXIANG_SYNC_ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_picture_and_print_line_arrives_once() {
    let (count, mut dice) = (orders(), Dice::new(7));
    let server = Server::start().await;
    let kiosk = Kiosk::enrol(&server.url, &server.new_point("东门").await.code).await;
    let mut made = Vec::new();
    for number in 0..count {
        // One in fifty is larger than a part.
        let original = if number % 50 == 7 { 5 << 20 } else { 60_000 + 1000 * (number % 90) };
        made.push(kiosk.order(number, &mut dice, original, 27_000));
    }
    let mut sheets = 0;
    for some in made.chunks(10).step_by(3) {
        let mut store = kiosk.store();
        let (ids, now): (Vec<_>, _) = (some.iter().map(|order| order.id).collect(), Timestamp::now());
        store.move_orders(&ids, Move::Approve, None, Actor::Manager, now).unwrap();
        let id = PrintId::new();
        let print = NewPrint {
            id,
            session: kiosk.session,
            title: "一班",
            printer: "ipp://printer",
            pages: 1,
            orders: &ids,
            again_of: None,
        };
        sheets += store.intend_print(&print, Actor::Manager, now).unwrap().len();
        store.set_print(id, &PrintState::Submitted { job: 3 }, Actor::System, now).unwrap();
        store.set_print(id, &PrintState::Done, Actor::System, now).unwrap();
    }
    let revisions = kiosk.store().outbox_waiting().unwrap().count;

    let faults = Faults { cut: 25, lost: 30, twice: 10 };
    let (url, happened) = bad_network(&server.url, faults, 11).await;
    let begun = Instant::now();
    let drained = kiosk.drain(&url, Duration::from_secs(900)).await;
    let [cut, lost, twice] =
        [&happened.cut, &happened.lost, &happened.twice].map(|count| count.load(Ordering::Relaxed));
    println!(
        "{count} orders, {revisions} messages in {:.0} s: {cut} connections cut, {lost} answers lost, {twice} doubled",
        begun.elapsed().as_secs_f64()
    );
    assert!(drained, "{:?}", kiosk.store().outbox(3).unwrap());
    assert!(cut > 0 && lost > 0 && twice > 0, "the network was bad");
    assert_eq!(kiosk.store().outbox_aside(10).unwrap(), []);

    assert_eq!(server.ask("SELECT count(*), count(DISTINCT number) FROM orders"), format!("{count}|{count}"));
    let newest = "SELECT count(*) FROM orders o WHERE revision <> (SELECT max(revision) FROM items i
        WHERE i.kind = 'order' AND i.id = o.id)";
    assert_eq!(server.ask(newest), "0");
    assert_eq!(server.ask("SELECT count(*), count(DISTINCT code) FROM sheets"), format!("{sheets}|{sheets}"));
    assert_eq!(server.ask("SELECT count(*) FROM prints WHERE state <> 'done'"), "0");
    // Every picture, byte by byte as it lies in the vault.
    let blobs = server.ask("SELECT encode(sha256, 'hex'), size FROM blobs");
    assert_eq!(blobs.lines().count(), 2 * count);
    for line in blobs.lines() {
        let (sha256, size) = line.split_once('|').unwrap();
        let bytes = std::fs::read(server.blobs().join(&sha256[..2]).join(sha256)).unwrap();
        assert_eq!((Sha256Hex::of(&bytes).as_str(), bytes.len().to_string().as_str()), (sha256, size));
    }
    assert_eq!(server.ask("SELECT count(*) FROM uploads"), "0", "no part is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn something_poisoned_is_set_aside_and_the_rest_goes_on() {
    let server = Server::start().await;
    let kiosk = Kiosk::enrol(&server.url, &server.new_point("东门").await.code).await;
    let mut dice = Dice::new(1);
    let orders: Vec<_> = (0..5).map(|number| kiosk.order(number, &mut dice, 1000, 500)).collect();
    // The centre has other bytes under this number: as after a restored backup of the kiosk.
    let id = orders[1].id;
    let kiosk_id = server.ask("SELECT id FROM kiosks");
    server.ask(&format!(
        "INSERT INTO items (kind, id, revision, kiosk, sha256, body, received_ms)
         VALUES ('order', '{id}', 1, '{kiosk_id}', decode(repeat('00', 32), 'hex'), '{{}}', 1)"
    ));
    kiosk.store().move_order(id, Move::Approve, None, Actor::Manager, Timestamp::now()).unwrap();
    // It ends by its time: what waits behind the one that is set aside never goes.
    assert!(!kiosk.drain(&server.url, Duration::from_secs(10)).await);
    let aside = kiosk.store().outbox_aside(5).unwrap();
    assert_eq!(aside.len(), 1);
    assert_eq!((aside[0].id, aside[0].failure.as_deref()), (id.uuid(), Some("item.other_body")));
    assert_eq!(server.ask("SELECT count(*) FROM orders"), "4");
    let left: Vec<_> = kiosk.store().outbox(10).unwrap().iter().map(|row| (row.id, row.revision)).collect();
    assert_eq!(left, [(id.uuid(), 1), (id.uuid(), 2)], "what comes after it waits behind it");
}
