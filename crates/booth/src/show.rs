//! What the screen shows of a state.

use caixiang_domain::{Delivery, Field, OrderState, Payer};

use crate::details;
use crate::next::{IDLE_WIPE_MS, can_go_back, may_idle, ways};
use crate::numbers;
use crate::state::{
    At, Claim, Identify, Line, Live, OrderItem, OrderMade, Panel, Purpose, QueueItem, Setting, StaffAt,
    State, Taken, Visit,
};
use crate::view::{
    DoneView, IdentifyView, IdentifyWay, LineView, LiveView, OrderView, PanelView, Payment, PendingView,
    PhotoView, ProductView, Prompt, QueueRow, ResultView, Screen, SessionView, StaffLayer, Status, Step,
    SummaryView, View, Viewport, Words,
};

/// Reasons a photo is rejected for, as DOMAIN §2 and the checks name them: `reject.<code>`.
pub const REJECT_REASONS: [&str; 10] = [
    "eyes",
    "pose",
    "expression",
    "hair",
    "glasses",
    "light",
    "background",
    "blurred",
    "clothes",
    "wrong_person",
];
/// The reason of an order that the photographer took back: `reject.<code>`.
pub const TAKEN_BACK: &str = "taken_back";
/// Reasons for letting a blocked photo pass: `reason.<code>`.
pub const OVERRIDE_REASONS: [&str; 5] = ["religious", "medical", "document", "misjudged", "school"];
/// The good and bad examples of the guidelines, the most important first: `tip.<code>`.
pub const TIPS: [&str; 9] =
    ["look", "eyes", "mouth", "hair", "glasses", "hat", "jewellery", "clothes", "shoulders"];

/// The view of a state.
pub fn show(state: &State, version: u64) -> View {
    let setting = state.setting.as_ref();
    let idle = state.now_ms.saturating_sub(state.touched_ms);
    let idles = may_idle(&state.at) && state.staff.is_none() && idle >= state.idle_ms;
    View {
        version,
        language: state.language,
        working: state.working,
        session: setting.map(session),
        screen: screen(state),
        step: step(&state.at),
        notice: state.notice.clone(),
        can_go_back: can_go_back(&state.at),
        idle: idles.then(|| seconds((state.idle_ms + IDLE_WIPE_MS).saturating_sub(idle))),
        staff: state.staff.as_ref().map(|staff| layer(staff, state)),
        staff_called: state.called,
        status: Status {
            camera: state.camera.clone(),
            weak_keys: state.weak_keys,
            unsent: state.unsent,
            sound: state.sound,
        },
    }
}

/// Milliseconds as begun seconds.
fn seconds(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1000)).unwrap_or(u32::MAX)
}

fn session(setting: &Setting) -> SessionView {
    let session = &setting.session;
    let (photo_width_px, photo_height_px) = setting.preset.size_px();
    let [r, g, b] = session.backdrop.0;
    SessionView {
        name: Words::from(&session.name),
        school: Words::from(&session.school),
        feature_code: session.feature_code.to_string(),
        bring: session.bring.iter().map(Words::from).collect(),
        identity: session.identity.code().to_owned(),
        demonstration: session.demonstration,
        backdrop: format!("#{r:02x}{g:02x}{b:02x}"),
        photo_width_px,
        photo_height_px,
    }
}

fn step(at: &At) -> Option<Step> {
    match at {
        At::Identify(Identify { purpose: Purpose::Photo(_), .. })
        | At::LastFour { purpose: Purpose::Photo(_), .. }
        | At::Agreement(_)
        | At::Resume { .. } => Some(Step::Identity),
        At::Details(_) | At::Delivery(_) => Some(Step::Details),
        At::Guidelines(_) | At::Capture(..) => Some(Step::Photo),
        At::Result(_) | At::Summary(_) | At::Busy(_) => Some(Step::Confirm),
        At::Done { .. } => Some(Step::Done),
        _ => None,
    }
}

fn screen(state: &State) -> Screen {
    let setting = state.setting.as_ref();
    match &state.at {
        At::Starting => Screen::Starting,
        At::Trouble(trouble) => Screen::Trouble {
            notice: trouble.notice.clone(),
            backups: trouble.backups.clone(),
            can_retry: trouble.can_retry,
        },
        At::ChoosePin { first, typed } => {
            Screen::ChoosePin { typed: count(typed.0.len()), again: first.is_some() }
        }
        At::NoSession => Screen::NoSession,
        At::Welcome => Screen::Welcome,
        At::Agreement(consents) => Screen::Agreement {
            photograph: consents.photograph,
            network: consents.network,
            compare: consents.compare,
            complete: consents.complete(),
        },
        At::Declined => Screen::Declined,
        At::Identify(identify) => Screen::Identify(identification(state, identify)),
        At::LastFour { claim, typed, tries_left, .. } => Screen::LastFour {
            name: match claim {
                Claim::Known(student) => student.details.get(Field::Name).map(numbers::masked_name),
                Claim::New(_) => None,
            },
            typed: typed.clone(),
            tries_left: *tries_left,
        },
        At::Resume { visit, started } => Screen::Resume {
            started: started.clone(),
            photo: visit.taken.as_ref().map(|taken| taken.view.clone()),
        },
        At::Details(visit) => Screen::Details {
            fields: setting.map(|setting| details::fields(setting, visit, false)).unwrap_or_default(),
            prefilled: visit.student.details.get(Field::Name).is_some(),
            complete: setting.is_some_and(|setting| details::complete(setting, visit)),
        },
        At::Delivery(visit) => delivery(setting, visit),
        At::Guidelines(_) => Screen::Guidelines { tips: TIPS.map(str::to_owned).to_vec() },
        At::Capture(visit, view) => Screen::Capture(crate::view::CaptureView {
            live: live(state, view),
            shots: visit.shots,
            failed: view.failed.clone(),
            rejection: visit.replacing.as_ref().map(|replacing| replacing.rejection.clone()),
        }),
        At::Busy(_) => Screen::Busy { what: "order".to_owned() },
        At::Result(visit) => match &visit.taken {
            Some(taken) => Screen::Result(result(taken, visit)),
            // A result without a photo does not arise; the screen would be the one before the camera.
            None => Screen::Guidelines { tips: Vec::new() },
        },
        At::Summary(visit) => summary(setting, visit),
        At::Done { order, view, until_ms } => {
            Screen::Done(done(setting, order, view, until_ms.saturating_sub(state.now_ms)))
        }
        At::Orders { student, orders, consents } => Screen::Orders {
            orders: orders.iter().map(|order| order_view(order, true)).collect(),
            name: student.details.get(Field::Name).map(numbers::masked_name),
            can_order: consents.is_none() && student.order.is_none(),
        },
        At::Line(line) => Screen::Line(line_view(state, line)),
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn identification(state: &State, identify: &Identify) -> IdentifyView {
    let typed = &identify.typed;
    IdentifyView {
        way: identify.way,
        ways: ways(state),
        typed: if identify.way == IdentifyWay::Document { numbers::grouped(typed) } else { typed.clone() },
        length: count(typed.chars().count()),
        problem: if typed.is_empty() { None } else { numbers::problem(identify.way, typed, false) },
        complete: numbers::is_whole(identify.way, typed),
        for_orders: identify.purpose == Purpose::Orders,
        viewport: Viewport::WHOLE,
    }
}

fn product(product: &caixiang_domain::Product) -> ProductView {
    ProductView {
        code: product.code.clone(),
        name: Words::from(&product.name),
        fee_fen: product.fee.get(),
        paper: product.paper,
    }
}

fn delivery(setting: Option<&Setting>, visit: &Visit) -> Screen {
    let products = setting.map(|setting| setting.session.products.iter().map(product).collect());
    Screen::Delivery {
        products: products.unwrap_or_default(),
        chosen: setting.and_then(|setting| setting.product(visit)).map(|product| product.code.clone()),
        address: setting.map(|setting| details::address_fields(setting, visit)).unwrap_or_default(),
        complete: setting.is_some_and(|setting| details::delivery_complete(setting, visit)),
    }
}

fn live(state: &State, live: &Live) -> LiveView {
    LiveView {
        phase: live.phase,
        ready: live.ready,
        prompt: live.prompt.map(|code| Prompt { code: code.to_owned() }),
        viewport: live.viewport,
        auto_shutter: state.auto_shutter && !matches!(state.at, At::Line(_)),
        silhouette: state.session().map_or_else(String::new, |session| session.preset.clone()),
    }
}

fn result(taken: &Taken, visit: &Visit) -> ResultView {
    ResultView {
        photo: taken.view.clone(),
        crop: taken.crop,
        findings: taken.findings.clone(),
        blocked: !taken.passes(),
        override_reason: taken.override_reason.clone(),
        for_review: taken.for_review,
        shots: visit.shots,
    }
}

fn summary(setting: Option<&Setting>, visit: &Visit) -> Screen {
    let nothing = PhotoView { original: String::new(), finished: String::new() };
    let photo = visit.taken.as_ref().map_or(nothing, |taken| taken.view.clone());
    let chosen = setting.and_then(|setting| setting.product(visit));
    let nameless = ProductView { code: String::new(), name: Words::default(), fee_fen: 0, paper: false };
    let payment = match setting {
        _ if visit.replacing.is_some() => Payment::NoNewFee,
        Some(setting) if !setting.is_free(visit) => match setting.session.payer {
            Payer::Cash if visit.cash_received => Payment::CashReceived,
            Payer::Cash => Payment::Cash,
            _ => Payment::Later,
        },
        _ => Payment::NoneDue,
    };
    Screen::Summary(SummaryView {
        photo,
        fields: setting.map(|setting| details::fields(setting, visit, true)).unwrap_or_default(),
        product: chosen.map_or(nameless, product),
        address: setting.and_then(|setting| details::address(setting, visit)),
        payment,
    })
}

fn done(setting: Option<&Setting>, order: &OrderMade, view: &PhotoView, left_ms: u64) -> DoneView {
    let mut next = Vec::new();
    if order.state == OrderState::PendingPayment {
        next.push("pay_later");
    }
    next.push("review");
    if order.mailed {
        next.push("paper_mail");
    } else if setting.is_some_and(|setting| setting.session.delivery == Delivery::Centralised) {
        next.push("paper_school");
    }
    next.push("electronic");
    DoneView {
        order_number: order.number.clone(),
        shot_number: order.shot_number,
        state: order.state.code().to_owned(),
        next: next.into_iter().map(str::to_owned).collect(),
        seconds_left: seconds(left_ms),
        photo: view.clone(),
    }
}

fn order_view(order: &OrderItem, for_student: bool) -> OrderView {
    OrderView {
        id: order.id.to_string(),
        number: order.number.clone(),
        shot_number: order.shot_number,
        state: order.state.code().to_owned(),
        created: order.created.clone(),
        fee_fen: order.fee_fen,
        rejection: order.rejection.clone(),
        can_replace: order.state == OrderState::Rejected,
        student: if for_student { numbers::masked_name(&order.name) } else { order.name.clone() },
        photo: order.view.clone(),
        crop: order.crop,
    }
}

fn queue_row(row: &QueueItem) -> QueueRow {
    QueueRow {
        id: row.subject.to_string(),
        index: row.index,
        name: row.name.clone(),
        student_number: row.student_number.clone(),
        class_name: row.class_name.clone(),
        standing: row.standing.to_owned(),
    }
}

fn line_view(state: &State, line: &Line) -> LineView {
    let visit = line.current.as_deref();
    LineView {
        search: line.search.clone(),
        rows: line.queue.rows.iter().map(queue_row).collect(),
        offset: line.queue.offset,
        total: line.queue.total,
        waiting: line.queue.waiting,
        done: line.queue.done,
        absent: line.queue.absent,
        current: line.row.as_ref().map(queue_row),
        live: live(state, &line.live),
        result: visit.and_then(|visit| visit.taken.as_ref().map(|taken| result(taken, visit))),
        failed: line.live.failed.clone(),
        busy: line.busy,
        accepted: line.accepted.as_ref().map(|(row, _)| queue_row(row)),
        alarms: line.alarms.clone(),
        compare: line.compare,
    }
}

fn layer(staff: &StaffAt, state: &State) -> StaffLayer {
    match staff {
        StaffAt::Pin { purpose, typed, problem } => {
            StaffLayer::Pin { purpose: *purpose, typed: count(typed.len()), problem: problem.clone() }
        }
        StaffAt::Reason => StaffLayer::Reason { reasons: OVERRIDE_REASONS.map(str::to_owned).to_vec() },
        StaffAt::Panel(panel) => StaffLayer::Panel(panel_view(panel, state)),
    }
}

fn panel_view(panel: &Panel, state: &State) -> PanelView {
    let data = &panel.data;
    PanelView {
        tab: panel.tab,
        cameras: data.cameras.clone(),
        controls: data.controls.clone(),
        locked: data.locked,
        large_still: data.large_still,
        role: panel.role,
        pending: panel.pending.as_ref().map(|pending| PendingView {
            orders: pending.orders.iter().map(ToString::to_string).collect(),
            reason: pending.reason.clone(),
            seconds: seconds(pending.until_ms.saturating_sub(state.now_ms)),
        }),
        decided: panel.decided,
        order_count: data.order_count,
        reject_reasons: REJECT_REASONS.map(str::to_owned).to_vec(),
        auto_shutter: state.auto_shutter,
        last_backup: data.last_backup.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
