//! Orders as people at the centre see them.

use axum::Json as Answer;
use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use caixiang_domain::{Field, OrderState, PhotoId};
use caixiang_wire::{Fields, Problem, SealedPicture, picture};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Staff;
use crate::app::{self, App, By};
use crate::error::Refusal;
use crate::extract::{Path, Query};

const MAX_PAGE: u32 = 200;
const MAX_WORDS: usize = 100;

/// An order in a list. Numbers of documents are masked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    id: Uuid,
    number: String,
    session: Uuid,
    kiosk: Uuid,
    state: String,
    revision: i32,
    photo: Uuid,
    /// The camera's picture and the finished one are here.
    has_pictures: bool,
    name: String,
    student_number: String,
    college: String,
    class_name: String,
    /// Whose document ends with it.
    last_four: String,
    findings: Fields,
    rejection: Option<String>,
    created_ms: i64,
    changed_ms: i64,
    /// The decision that is on its way to the kiosk.
    deciding: Option<Uuid>,
}

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    session: Option<Uuid>,
    /// A state's code.
    state: Option<String>,
    college: Option<String>,
    class_name: Option<String>,
    /// Part of a name, a student number or an order number.
    #[param(max_length = 100)]
    words: Option<String>,
    /// Only those nobody decided about yet.
    #[serde(default)]
    undecided: bool,
    /// The cursor: `next` of the answer before.
    after: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page {
    orders: Vec<Line>,
    /// Asks for the part after this one; none at the end.
    next: Option<String>,
}

const COLUMNS: &str =
    "id, number, session, kiosk, state, revision, photo, pictures <> '[]'::jsonb, details, findings,
    rejection, created_ms, changed_ms, deciding, first_ms";

/// Orders, those that wait longest first.
#[utoipa::path(get, path = "/v1/staff/orders", tag = "staff", params(Filter),
    responses((status = 200, body = Page), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Result<Answer<Page>, Refusal> {
    let limit = filter.limit.unwrap_or(50);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::bad_request("limit"));
    }
    if filter.state.as_deref().is_some_and(|state| OrderState::from_code(state).is_none()) {
        return Err(Refusal::bad_request("state"));
    }
    let texts = [&filter.college, &filter.class_name, &filter.words];
    if texts.into_iter().flatten().any(|text| text.contains('\0') || text.chars().count() > MAX_WORDS * 2) {
        return Err(Refusal::bad_request("a text is too long"));
    }
    let mut query = QueryBuilder::<Postgres>::new("SELECT ");
    query.push(COLUMNS).push(" FROM orders WHERE true");
    if let Some(session) = filter.session {
        query.push(" AND session = ").push_bind(session);
    }
    if let Some(state) = &filter.state {
        query.push(" AND state = ").push_bind(state);
    }
    if let Some(college) = &filter.college {
        query.push(" AND college = ").push_bind(college);
    }
    if let Some(class) = &filter.class_name {
        query.push(" AND class_name = ").push_bind(class);
    }
    if filter.undecided {
        query.push(" AND deciding IS NULL");
    }
    for word in filter.words.iter().flat_map(|words| words.split_whitespace()).take(8) {
        query.push(" AND search LIKE ").push_bind(format!("%{}%", escaped(&word.to_lowercase())));
    }
    if let Some(after) = &filter.after {
        let (time, id) = cursor(after).ok_or_else(|| Refusal::bad_request("after"))?;
        query.push(" AND (first_ms, id) > (").push_bind(time).push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY first_ms, id LIMIT ").push_bind(i64::from(limit) + 1);
    let mut rows = query.build().fetch_all(&app.db).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last =
        rows.last().map(|row| Ok::<_, sqlx::Error>((row.try_get::<i64, _>(14)?, row.try_get::<Uuid, _>(0)?)));
    let next = last.transpose()?.filter(|_| more).map(|(time, id)| format!("{time}-{id}"));
    Ok(Answer(Page { orders: rows.iter().map(line).collect::<Result<_, _>>()?, next }))
}

fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn cursor(text: &str) -> Option<(i64, Uuid)> {
    let (time, id) = text.split_once('-')?;
    Some((time.parse().ok()?, Uuid::try_parse(id).ok()?))
}

fn line(row: &PgRow) -> Result<Line, Refusal> {
    let details: Fields = read_json(row.try_get(8)?)?;
    let text = |field: Field| details.get(field.code()).cloned().unwrap_or_default();
    let document = [Field::IdNumber, Field::LastFour].map(text).into_iter().find(|text| !text.is_empty());
    let last_four = document.map(|text| {
        let skip = text.chars().count().saturating_sub(4);
        text.chars().skip(skip).collect()
    });
    Ok(Line {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        session: row.try_get(2)?,
        kiosk: row.try_get(3)?,
        state: row.try_get(4)?,
        revision: row.try_get(5)?,
        photo: row.try_get(6)?,
        has_pictures: row.try_get(7)?,
        name: text(Field::Name),
        student_number: text(Field::StudentNumber),
        college: text(Field::College),
        class_name: text(Field::ClassName),
        last_four: last_four.unwrap_or_default(),
        findings: read_json(row.try_get(9)?)?,
        rejection: row.try_get(10)?,
        created_ms: row.try_get(11)?,
        changed_ms: row.try_get(12)?,
        deciding: row.try_get(13)?,
    })
}

fn read_json<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|error| Refusal::internal(&error))
}

/// An order and what happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detail {
    order: Line,
    /// Each revision as it came.
    history: Vec<Step>,
    decisions: Vec<Past>,
}

/// One revision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Step {
    revision: i32,
    state: String,
    step: Option<String>,
    reason: Option<String>,
    actor: String,
    at_ms: i64,
    received_ms: i64,
}

/// One decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Past {
    decision: Uuid,
    photo: Uuid,
    verdict: String,
    reason: Option<String>,
    staff: String,
    made_ms: i64,
    /// `made`, `handed`, `applied`, `overtaken`, `undone`.
    state: String,
}

/// One order.
#[utoipa::path(get, path = "/v1/staff/orders/{id}", tag = "staff", params(("id" = Uuid, Path)),
    responses((status = 200, body = Detail), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn one(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Answer<Detail>, Refusal> {
    let mut query = QueryBuilder::<Postgres>::new("SELECT ");
    query.push(COLUMNS).push(" FROM orders WHERE id = ").push_bind(id);
    let row = query.build().fetch_optional(&app.db).await?.ok_or_else(Refusal::not_found)?;
    let history = sqlx::query(
        "SELECT revision, b -> 'order' ->> 'state', b ->> 'step', b ->> 'reason', b ->> 'actor',
             (b ->> 'at_ms')::bigint, received_ms
         FROM (SELECT revision, body::jsonb AS b, received_ms FROM items WHERE kind = 'order' AND id = $1) i
         ORDER BY revision",
    )
    .bind(id)
    .fetch_all(&app.db)
    .await?;
    let step = |row: &PgRow| -> Result<Step, sqlx::Error> {
        Ok(Step {
            revision: row.try_get(0)?,
            state: row.try_get(1)?,
            step: row.try_get(2)?,
            reason: row.try_get(3)?,
            actor: row.try_get(4)?,
            at_ms: row.try_get(5)?,
            received_ms: row.try_get(6)?,
        })
    };
    let decisions = sqlx::query(
        "SELECT d.id, d.photo, d.verdict, d.reason, s.name, d.made_ms, d.state
         FROM decisions d JOIN staff s ON s.id = d.staff WHERE d.order_id = $1 ORDER BY d.made_ms, d.id",
    )
    .bind(id)
    .fetch_all(&app.db)
    .await?;
    let past = |row: &PgRow| -> Result<Past, sqlx::Error> {
        Ok(Past {
            decision: row.try_get(0)?,
            photo: row.try_get(1)?,
            verdict: row.try_get(2)?,
            reason: row.try_get(3)?,
            staff: row.try_get(4)?,
            made_ms: row.try_get(5)?,
            state: row.try_get(6)?,
        })
    };
    Ok(Answer(Detail {
        order: line(&row)?,
        history: history.iter().map(step).collect::<Result<_, _>>()?,
        decisions: decisions.iter().map(past).collect::<Result<_, _>>()?,
    }))
}

/// Which of the two pictures.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// As the camera gave it.
    Original,
    /// As it will stand on the certificate.
    Finished,
}

/// A picture of the photo in force, opened with the centre's key. Who looked is written down.
#[utoipa::path(get, path = "/v1/staff/orders/{id}/photo/{which}", tag = "staff",
    params(("id" = Uuid, Path), ("which" = Which, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn photo(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Path((id, which)): Path<(Uuid, Which)>,
) -> Result<Response, Refusal> {
    let row = sqlx::query("SELECT photo, pictures FROM orders WHERE id = $1")
        .bind(id)
        .fetch_optional(&app.db)
        .await?
        .ok_or_else(Refusal::not_found)?;
    let name = match which {
        Which::Original => picture::ORIGINAL,
        Which::Finished => picture::FINISHED,
    };
    let photo: Uuid = row.try_get(0)?;
    let pictures: Vec<SealedPicture> = read_json(row.try_get(1)?)?;
    let sealed = pictures.into_iter().find(|picture| picture.which == name).ok_or_else(Refusal::not_found)?;
    let bytes = app.blobs.get(&sealed.blob).await?;
    let opened = open(&app, PhotoId::from_uuid(photo), name, &sealed, &bytes)?;
    let mut db = app.db.acquire().await?;
    let about = json!({ "order": id, "photo": photo, "which": name });
    app::log(&mut db, By::Staff(staff.id), "photo.look", &about).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        // A face stays in no cache.
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, opened.to_vec()).into_response())
}

fn open(
    app: &App,
    photo: PhotoId,
    which: &str,
    sealed: &SealedPicture,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let broken = || Refusal::internal(&"a picture cannot be opened");
    let boxed = sealed.key.bytes().ok_or_else(broken)?;
    let key = Zeroizing::new(app.recipient.unseal(&boxed).map_err(|_| broken())?);
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(key.as_slice().try_into().map_err(|_| broken())?);
    picture::open(&key, photo, which, bytes).map_err(|_| broken())
}
