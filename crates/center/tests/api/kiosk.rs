//! A kiosk as the centre meets it: it signs, seals its pictures and sends.

use std::sync::atomic::{AtomicU32, Ordering};

use caixiang_domain::PhotoId;
use caixiang_wire::blob::PartRange;
use caixiang_wire::sign::{self, Signed};
use caixiang_wire::{
    AuditHead, Changes, Digits, Enrolled, Enrolment, Kind, OrderHead, OrderRevision, PhotoHead, Problem,
    Receipt, SealedPicture, Sha256Hex, blob, enrol, item_path, picture,
};
use crypto_box::PublicKey;
use crypto_box::aead::OsRng;
use ed25519_dalek::SigningKey;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

static ORDERS: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Kiosk {
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) enrolled: Enrolled,
    pub(crate) session: Uuid,
    /// Added to the true time in signatures.
    pub(crate) clock_off_ms: i64,
    client: Client,
}

/// An order's revision with its pictures, ready to be sent.
#[derive(Clone)]
pub(crate) struct Sending {
    pub(crate) message: OrderRevision,
    pub(crate) blobs: Vec<Vec<u8>>,
    /// The finished picture in the clear.
    pub(crate) finished: Vec<u8>,
}

impl Sending {
    pub(crate) fn id(&self) -> Uuid {
        self.message.order.id
    }

    pub(crate) fn photo(&self) -> Uuid {
        self.message.photo.id
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        serde_json::to_vec(&self.message).unwrap()
    }

    pub(crate) fn path(&self) -> String {
        item_path(Kind::Order, self.id(), self.message.order.revision)
    }
}

pub(crate) async fn code_of(answer: Response) -> (StatusCode, String) {
    let status = answer.status();
    let problem: Problem = answer.json().await.unwrap();
    (status, problem.code)
}

pub(crate) async fn try_enrol(url: &str, code: &str, key: &SigningKey) -> Response {
    let plain = enrol::plain_code(code);
    let body = Enrolment {
        code: code.to_owned(),
        public_key: hex::encode(key.verifying_key().as_bytes()),
        proof: sign::prove_enrolment(&plain, key),
        version: "0.1.0".to_owned(),
    };
    Client::new().post(format!("{url}{}", enrol::ENROL_PATH)).json(&body).send().await.unwrap()
}

pub(crate) fn new_key() -> SigningKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    SigningKey::from_bytes(&seed)
}

impl Kiosk {
    pub(crate) async fn enrol(url: &str, code: &str) -> Self {
        let key = new_key();
        let answer = try_enrol(url, code, &key).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let enrolled = answer.json().await.unwrap();
        let client = Client::new();
        Self { url: url.to_owned(), key, enrolled, session: Uuid::now_v7(), clock_off_ms: 0, client }
    }

    pub(crate) fn request(&self, method: &Method, path: &str, body: &[u8]) -> RequestBuilder {
        let hash = Sha256Hex::of(body);
        let time_ms = jiff::Timestamp::now().as_millisecond() + self.clock_off_ms;
        let signed = Signed {
            method: method.as_str(),
            path_and_query: path,
            time_ms,
            kiosk: self.enrolled.kiosk,
            body: &hash,
        };
        let request = self.client.request(method.clone(), format!("{}{path}", self.url));
        request.header(sign::HEADER, signed.header(&self.key)).body(body.to_vec())
    }

    pub(crate) async fn put(&self, path: &str, body: &[u8]) -> Response {
        self.request(&Method::PUT, path, body).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(&Method::GET, path, b"").send().await.unwrap()
    }

    pub(crate) async fn put_blob(&self, bytes: &[u8]) {
        let sha256 = Sha256Hex::of(bytes);
        let answer = self.put(&blob::path(&sha256), bytes).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let status: caixiang_wire::BlobStatus = answer.json().await.unwrap();
        assert!(status.complete && status.received == bytes.len() as u64);
    }

    pub(crate) async fn put_part(&self, sha256: &Sha256Hex, range: PartRange, bytes: &[u8]) -> Response {
        let request = self.request(&Method::PUT, &blob::path(sha256), bytes);
        request.header("content-range", range.to_string()).send().await.unwrap()
    }

    pub(crate) async fn push_session(&self, session: Uuid) {
        let body = serde_json::to_vec(&session_document("终审场次")).unwrap();
        let answer = self.put(&item_path(Kind::Session, session, 1), &body).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }

    /// A new order with two pictures, nothing of it sent yet.
    pub(crate) fn order(&self, student: &str) -> Sending {
        let finished = format!("finished picture {}", Uuid::now_v7()).into_bytes();
        let (photo, pictures, blobs) = self.seal(&finished);
        let count = ORDERS.fetch_add(1, Ordering::Relaxed);
        let message = OrderRevision {
            order: OrderHead {
                id: Uuid::now_v7(),
                number: format!("{:06}-20261122{count:09}", self.enrolled.point),
                session: self.session,
                subject: Uuid::now_v7(),
                state: "pending_review".into(),
                revision: 1,
                product: "photo".into(),
                fee_fen: 1500,
                shot_number: 1,
                rejection: None,
                created_ms: 1_790_000_000_000,
            },
            details: [
                ("name", "王小明"),
                ("student_number", student),
                ("college", "文学院"),
                ("class_name", "一班"),
            ]
            .map(|(field, value)| (field.to_owned(), value.to_owned()))
            .into(),
            photo,
            step: None,
            reason: None,
            decision: None,
            actor: "student".into(),
            at_ms: 1_790_000_000_000,
            audit: AuditHead { rows: 1, hash: Sha256Hex::of(b"audit") },
            pictures,
        };
        Sending { message, blobs, finished }
    }

    /// The next revision of an order, with another photo.
    pub(crate) fn next(&self, before: &Sending, state: &str, new_photo: bool) -> Sending {
        let mut next = before.clone();
        next.message.order.revision += 1;
        next.message.order.state = state.into();
        if new_photo {
            next.finished = format!("finished picture {}", Uuid::now_v7()).into_bytes();
            (next.message.photo, next.message.pictures, next.blobs) = self.seal(&next.finished);
        }
        next
    }

    fn seal(&self, finished: &[u8]) -> (PhotoHead, Vec<SealedPicture>, Vec<Vec<u8>>) {
        let photo = PhotoId::new();
        let mut recipient = [0; 32];
        hex::decode_to_slice(&self.enrolled.recipient, &mut recipient).unwrap();
        let recipient = PublicKey::from(recipient);
        let (mut pictures, mut blobs) = (Vec::new(), Vec::new());
        for (which, bytes) in [(picture::ORIGINAL, b"the camera's".as_slice()), (picture::FINISHED, finished)]
        {
            let (mut key, mut nonce) = ([0; 32], [0; 24]);
            getrandom::fill(&mut key).unwrap();
            getrandom::fill(&mut nonce).unwrap();
            let blob = picture::seal(&key, nonce, photo, which, bytes).unwrap();
            pictures.push(SealedPicture {
                which: which.into(),
                blob: Sha256Hex::of(&blob),
                size: blob.len() as u64,
                key: Digits::of(&recipient.seal(&mut OsRng, &key).unwrap()),
            });
            blobs.push(blob);
        }
        let head = PhotoHead {
            id: photo.uuid(),
            taken_ms: 1_790_000_000_000,
            original_sha256: Sha256Hex::of(b"the camera's"),
            original_size: 12,
            finished_sha256: Sha256Hex::of(finished),
            finished_size: finished.len() as u64,
            findings: [("eyes.open_left".to_owned(), "pass".to_owned())].into(),
        };
        (head, pictures, blobs)
    }

    /// Sends pictures and order; the order's receipt must be the right one.
    pub(crate) async fn push(&self, sending: &Sending) {
        for blob in &sending.blobs {
            self.put_blob(blob).await;
        }
        let body = sending.body();
        let answer = self.put(&sending.path(), &body).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{text}");
        let receipt: Receipt = serde_json::from_str(&text).unwrap();
        assert_eq!(receipt, Receipt::of(Kind::Order, sending.id(), sending.message.order.revision, &body));
    }

    pub(crate) async fn changes(&self, after: i64, wait_s: u32) -> Changes {
        let answer = self.get(&format!("/v1/changes?after={after}&wait={wait_s}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }
}

/// A session as both sides write it down.
pub(crate) fn session_document(name: &str) -> Value {
    let words = json!({ "zh": name, "en": "Session" });
    json!({
        "feature_code": "os5pwe", "name": words, "school_code": "10183", "school": words, "identity": "roster",
        "delivery": "centralised", "payer": "school", "preset": "chsi", "backdrop": "#438edb", "fields": [],
        "products": [{ "code": "photo", "name": words, "fee_fen": 1500, "paper": true }], "bring": [],
        "no_glasses": false, "demonstration": false, "opens": null, "closes": null, "closed": false, "stricter": [],
    })
}
