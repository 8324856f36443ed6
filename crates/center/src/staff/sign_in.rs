//! Names, passwords, and who is signed in. Wrong passwords lock a name for a while, at every copy of the centre.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};
use caixiang_wire::{Problem, Sha256Hex, problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{PgPool, Row};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Role, Staff};
use crate::app::{self, App, By, now_ms, random};
use crate::error::Refusal;
use crate::extract::Json;

const COOKIE: &str = "caixiang_staff";
const GOOD_MS: i64 = 12 * 3600 * 1000;
/// Wrong passwords before the first lock.
const FREE_FAILURES: i32 = 4;
const FIRST_LOCK_MS: i64 = 30_000;
const LONGEST_LOCK_MS: i64 = 15 * 60 * 1000;
const MAX_PASSWORD: usize = 200;
/// Shortest password that is taken for a new member of staff.
pub(crate) const MIN_PASSWORD: usize = 10;

/// Who wants in.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SignIn {
    #[schema(max_length = 64)]
    name: String,
    #[schema(max_length = 200)]
    password: String,
}

/// Who is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    name: String,
    role: Role,
}

/// Signs in: the answer sets a cookie that only this site sends.
#[utoipa::path(post, path = "/v1/staff/sign-in", tag = "staff", request_body = SignIn,
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn sign_in(State(app): State<App>, Json(asked): Json<SignIn>) -> Result<Response, Refusal> {
    let wrong = || Refusal::new(StatusCode::UNAUTHORIZED, problem::SIGN_IN);
    if asked.password.len() > MAX_PASSWORD || asked.name.contains('\0') {
        return Err(wrong());
    }
    let mut transaction = app.db.begin().await?;
    // The row is locked: guesses at one name go one after the other, wherever they come in.
    let row = sqlx::query(
        "SELECT id, name, role, password, failures, locked_until_ms FROM staff
         WHERE name = $1 AND NOT disabled FOR UPDATE",
    )
    .bind(&asked.name)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else {
        // As long as a wrong password takes: names are not told by time.
        verify(asked.password, dummy()).await?;
        return Err(wrong());
    };
    let id: Uuid = row.try_get(0)?;
    let (failures, locked_until): (i32, i64) = (row.try_get(4)?, row.try_get(5)?);
    let now = now_ms();
    if locked_until > now {
        let seconds = (locked_until - now + 999) / 1000;
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, problem::LOCKED).with("seconds", seconds));
    }
    let right = verify(asked.password, row.try_get(3)?).await?;
    let failures = if right { 0 } else { failures.saturating_add(1) };
    let lock = match failures - FREE_FAILURES {
        ..=0 => 0,
        over => now + (FIRST_LOCK_MS << (over - 1).min(10)).min(LONGEST_LOCK_MS),
    };
    sqlx::query("UPDATE staff SET failures = $2, locked_until_ms = $3 WHERE id = $1")
        .bind(id)
        .bind(failures)
        .bind(lock)
        .execute(&mut *transaction)
        .await?;
    let token = hex::encode(random::<32>()?);
    if right {
        sqlx::query("DELETE FROM signed_in WHERE until_ms < $1").bind(now).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO signed_in (token_sha256, staff, until_ms) VALUES ($1, $2, $3)")
            .bind(Sha256Hex::of(token.as_bytes()).bytes())
            .bind(id)
            .bind(now + GOOD_MS)
            .execute(&mut *transaction)
            .await?;
    }
    let what = if right { "staff.sign_in" } else { "staff.sign_in_failed" };
    app::log(&mut transaction, By::Staff(id), what, &json!({})).await?;
    transaction.commit().await?;
    if !right {
        return Err(wrong());
    }
    let role = Role::from_code(row.try_get(2)?).ok_or_else(|| Refusal::internal(&"a role of no kind"))?;
    let me = Me { name: row.try_get(1)?, role };
    Ok((AppendHeaders([(header::SET_COOKIE, cookie(&token, GOOD_MS / 1000))]), axum::Json(me))
        .into_response())
}

/// `Secure` too: browsers make an exception for this machine's own address.
fn cookie(value: &str, seconds: i64) -> String {
    format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict")
}

/// Signs out.
#[utoipa::path(post, path = "/v1/staff/sign-out", tag = "staff",
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(token) = token(&headers) {
        sqlx::query("DELETE FROM signed_in WHERE token_sha256 = $1")
            .bind(Sha256Hex::of(token.as_bytes()).bytes())
            .execute(&app.db)
            .await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie("", 0))])).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/v1/staff/me", tag = "staff",
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn me(Extension(staff): Extension<Staff>) -> axum::Json<Me> {
    axum::Json(Me { name: staff.name, role: staff.role })
}

/// Lets a request through whose cookie is of somebody who is signed in.
pub(crate) async fn signed_in(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let out = || Refusal::new(StatusCode::UNAUTHORIZED, problem::SIGNED_OUT);
    let token = token(request.headers()).ok_or_else(out)?;
    let row = sqlx::query(
        "SELECT s.id, s.name, s.role FROM signed_in i JOIN staff s ON s.id = i.staff
         WHERE i.token_sha256 = $1 AND i.until_ms > $2 AND NOT s.disabled",
    )
    .bind(Sha256Hex::of(token.as_bytes()).bytes())
    .bind(now_ms())
    .fetch_optional(&app.db)
    .await?
    .ok_or_else(out)?;
    let role = Role::from_code(row.try_get(2)?).ok_or_else(out)?;
    request.extensions_mut().insert(Staff { id: row.try_get(0)?, name: row.try_get(1)?, role });
    Ok(next.run(request).await)
}

fn token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|text| text.split(';'))
        .filter_map(|one| one.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE && value.len() == 64)
        .map(|(_, value)| value.to_owned())
}

async fn verify(password: String, hash: String) -> Result<bool, Refusal> {
    let check = move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    };
    tokio::task::spawn_blocking(check).await.map_err(|error| Refusal::internal(&error))
}

/// A hash of nobody's password.
fn dummy() -> String {
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        .to_owned()
}

/// Adds a member of staff, or gives one a new password and role.
///
/// # Errors
/// When the password is too short or the database refuses.
pub async fn put_staff(db: &PgPool, name: &str, password: &str, role: Role) -> anyhow::Result<()> {
    let fits = (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    anyhow::ensure!(fits, "a name has 1 to 64 characters");
    let length = password.chars().count();
    anyhow::ensure!(length >= MIN_PASSWORD, "a password has at least {MIN_PASSWORD} characters");
    anyhow::ensure!(password.len() <= MAX_PASSWORD, "a password has at most {MAX_PASSWORD} bytes");
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| anyhow::anyhow!("salt: {error}"))?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| anyhow::anyhow!("hash: {error}"))?
        .to_string();
    sqlx::query(
        "INSERT INTO staff (id, name, password, role) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET password = $3, role = $4, disabled = false, failures = 0, locked_until_ms = 0",
    )
    .bind(Uuid::now_v7())
    .bind(name)
    .bind(hash)
    .bind(role.code())
    .execute(db)
    .await?;
    Ok(())
}
