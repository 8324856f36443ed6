//! How a kiosk becomes one of the centre's.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use caixiang_wire::enrol::{CODE_ALPHABET, CODE_LENGTH, Time, plain_code};
use caixiang_wire::{Enrolled, Enrolment, KioskStatus, Problem, Sha256Hex, problem, sign};
use serde_json::json;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::app::{self, App, By, now_ms};
use crate::error::Refusal;
use crate::extract;
use crate::signed::Kiosk;

/// How long a one-time code is good.
const CODE_GOOD_MS: i64 = 24 * 3600 * 1000;

/// Makes a kiosk of who has a one-time code. The same code with the same key is answered the same.
#[utoipa::path(post, path = "/v1/enrolments", tag = "kiosk", request_body = Enrolment,
    responses((status = 200, body = Enrolled), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn enrol(
    State(app): State<App>,
    extract::Json(asked): extract::Json<Enrolment>,
) -> Result<Json<Enrolled>, Refusal> {
    let bad_code = || Refusal::new(StatusCode::FORBIDDEN, problem::ENROL_CODE);
    let code = plain_code(&asked.code);
    let key = sign::public_key(&asked.public_key).ok_or_else(|| Refusal::bad_body("public_key"))?;
    if !sign::is_enrolment_proved(&code, &asked.proof, &key) {
        return Err(Refusal::bad_body("proof"));
    }
    let version: String = asked.version.chars().filter(|c| !c.is_control()).take(64).collect();
    let mut transaction = app.db.begin().await?;
    let row = sqlx::query(
        "SELECT id, public_key, code_until_ms, revoked_ms FROM kiosks WHERE code_sha256 = $1 FOR UPDATE",
    )
    .bind(Sha256Hex::of(code.as_bytes()).bytes())
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or_else(bad_code)?;
    let id: Uuid = row.try_get(0)?;
    if row.try_get::<Option<i64>, _>(3)?.is_some() {
        return Err(Refusal::new(StatusCode::FORBIDDEN, problem::REVOKED));
    }
    match row.try_get::<Option<Vec<u8>>, _>(1)? {
        Some(known) if known == key.as_bytes() => {}
        Some(_) => return Err(Refusal::conflict(problem::ENROL_USED)),
        None if row.try_get::<Option<i64>, _>(2)?.is_none_or(|until| until < now_ms()) => {
            return Err(bad_code());
        }
        None => {
            let taken = sqlx::query("SELECT 1 FROM kiosks WHERE public_key = $1")
                .bind(key.as_bytes())
                .fetch_optional(&mut *transaction)
                .await?;
            if taken.is_some() {
                return Err(Refusal::conflict(problem::ENROL_USED));
            }
            sqlx::query("UPDATE kiosks SET public_key = $2, enrolled_ms = $3, version = $4 WHERE id = $1")
                .bind(id)
                .bind(key.as_bytes())
                .bind(now_ms())
                .bind(&version)
                .execute(&mut *transaction)
                .await?;
            app::log(&mut transaction, By::Kiosk(id), "kiosk.enrol", &json!({ "version": version })).await?;
        }
    }
    let enrolled = describe(&mut transaction, &app, id).await?;
    transaction.commit().await?;
    Ok(Json(enrolled))
}

async fn describe(db: &mut PgConnection, app: &App, kiosk: Uuid) -> Result<Enrolled, Refusal> {
    let row = sqlx::query("SELECT name, point FROM kiosks WHERE id = $1").bind(kiosk).fetch_one(db).await?;
    Ok(Enrolled {
        kiosk,
        name: row.try_get(0)?,
        point: row.try_get::<i32, _>(1)?.unsigned_abs(),
        recipient: app.recipient_public(),
        now_ms: now_ms(),
    })
}

/// What the centre knows of the kiosk that asks.
#[utoipa::path(get, path = "/v1/kiosk", tag = "kiosk",
    responses((status = 200, body = KioskStatus), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn me(
    State(app): State<App>,
    Extension(kiosk): Extension<Kiosk>,
) -> Result<Json<KioskStatus>, Refusal> {
    let mut db = app.db.acquire().await?;
    let described = describe(&mut db, &app, kiosk.0).await?;
    let rows = sqlx::query("SELECT session FROM kiosk_sessions WHERE kiosk = $1 ORDER BY session")
        .bind(kiosk.0)
        .fetch_all(&mut *db)
        .await?;
    let sessions = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    Ok(Json(KioskStatus { kiosk: described, sessions }))
}

/// The centre's time, for kiosks whose own is wrong.
#[utoipa::path(get, path = "/v1/time", tag = "kiosk", responses((status = 200, body = Time)))]
pub(crate) async fn time() -> Json<Time> {
    Json(Time { now_ms: now_ms() })
}

/// A collection point with a fresh one-time code, which is shown once and kept as its hash.
#[derive(Debug)]
pub struct NewPoint {
    /// The kiosk's id, once one enrols.
    pub kiosk: Uuid,
    /// The collection point's number.
    pub point: u32,
    /// The one-time code.
    pub code: String,
    /// How long it is good, milliseconds since 1970.
    pub until_ms: i64,
}

/// Makes a collection point with the next number.
pub(crate) async fn new_point(db: &mut PgConnection, name: &str) -> Result<NewPoint, Refusal> {
    let id = Uuid::now_v7();
    let (code, until_ms) = (new_code()?, now_ms() + CODE_GOOD_MS);
    // Two at once must not get one number.
    sqlx::query("LOCK TABLE kiosks IN SHARE ROW EXCLUSIVE MODE").execute(&mut *db).await?;
    let row = sqlx::query(
        "INSERT INTO kiosks (id, name, point, code_sha256, code_until_ms, made_ms)
         SELECT $1, $2, coalesce(max(point), 0) + 1, $3, $4, $5 FROM kiosks RETURNING point",
    )
    .bind(id)
    .bind(name)
    .bind(Sha256Hex::of(code.as_bytes()).bytes())
    .bind(until_ms)
    .bind(now_ms())
    .fetch_one(db)
    .await?;
    Ok(NewPoint { kiosk: id, point: row.try_get::<i32, _>(0)?.unsigned_abs(), code, until_ms })
}

fn new_code() -> Result<String, Refusal> {
    let letters = CODE_ALPHABET.len();
    let mut code = String::with_capacity(CODE_LENGTH);
    while code.len() < CODE_LENGTH {
        let [byte] = app::random()?;
        // What is beyond the last whole multiple would make some letters likelier.
        if usize::from(byte) < 256 / letters * letters {
            code.push(char::from(CODE_ALPHABET[usize::from(byte) % letters]));
        }
    }
    Ok(code)
}
