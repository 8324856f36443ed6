//! The kiosk's window: what shows, and a hand that taps and types as people do.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, net};

use fantoccini::actions::{
    Actions, InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::desk;
use crate::process::{Group, Usage, signal};

/// How long a screen, a button or a word is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a photo may take on a machine that does other things too.
pub const DARKROOM: Duration = Duration::from_secs(45);
const START: Duration = Duration::from_secs(60);
/// How long one command may take.
const ANSWER: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(80);
/// Name of an element's id in an answer, by the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element by its test id: on top where staff have something open, since the screen below is out of reach.
const FIND: &str = r#"
    const all = [...document.querySelectorAll('[data-testid="' + CSS.escape(arguments[0]) + '"]')];
    return all.filter((one) => !one.closest('[inert]')).pop() ?? null;
"#;
const STATE: &str = r#"
    const main = document.querySelector('main');
    const prompt = document.querySelector('[data-testid="prompt"]');
    return { ...main?.dataset, ...prompt?.dataset, testid: undefined };
"#;

/// The window.
pub struct Kiosk {
    page: Client,
    driver: Group,
    program: PathBuf,
    log: PathBuf,
    /// When the program was started.
    pub started: Instant,
    /// When its page was there.
    pub seen: Instant,
}

impl Kiosk {
    pub(crate) async fn open(
        driver: Group,
        ports: [u16; 2],
        program: PathBuf,
        options: Vec<String>,
        log: PathBuf,
    ) -> Self {
        let deadline = Instant::now() + START;
        while ports.iter().any(|&port| net::TcpStream::connect(("127.0.0.1", port)).is_err()) {
            assert!(Instant::now() < deadline, "the drivers do not listen: {}", tail(&log));
            tokio::time::sleep(LOOK).await;
        }
        let wanted = json!({
            "browserName": "wry",
            "tauri:options": { "application": program, "args": options },
        });
        let wanted: Map<String, Value> = wanted.as_object().cloned().unwrap_or_default();
        let started = Instant::now();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{}", ports[0]);
        let page = tokio::time::timeout(START, builder.capabilities(wanted).connect(&address)).await;
        let page = match page {
            Ok(Ok(page)) => page,
            Ok(Err(error)) => panic!("the window does not open: {error}\n{}", tail(&log)),
            Err(_) => panic!("the window does not open within {START:?}\n{}", tail(&log)),
        };
        let mut kiosk = Self { page, driver, program, log, started, seen: started };
        kiosk.until("the page", START, async |kiosk| kiosk.state("version").await.is_some()).await;
        kiosk.seen = Instant::now();
        // Keys go nowhere before the window has been touched: without a window manager nothing gives it the focus.
        let corner = PointerAction::MoveTo { duration: None, x: 2.0, y: 2.0 };
        let mouse = MouseActions::new("mouse".to_owned()).then(corner);
        let mouse = mouse.then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
        kiosk.perform(mouse.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })).await;
        kiosk
    }

    /// `kill -9` to the program, as a power cut would end it; the screen and the folders stay.
    ///
    /// # Panics
    /// Where it does not run any more.
    pub fn kill(self) {
        let all = self.driver.running(&self.program);
        assert!(!all.is_empty(), "the kiosk runs");
        for id in all {
            signal(id);
        }
    }

    /// What it and WebKit used so far.
    pub fn usage(&self) -> Usage {
        self.driver.usage(&self.program)
    }

    /// What a script of the page answers; null where the page is just being changed.
    pub async fn ask(&self, script: &str, arguments: Vec<Value>) -> Value {
        match tokio::time::timeout(ANSWER, self.page.execute(script, arguments)).await {
            Ok(answer) => answer.unwrap_or_default(),
            Err(_) => panic!("the page does not answer within {ANSWER:?}; running: {}", self.driver.names()),
        }
    }

    /// One of the data attributes of the page or its prompt: `screen`, `notice`, `prompt`, `phase`, `ready` …
    pub async fn state(&self, name: &str) -> Option<String> {
        self.ask(STATE, vec![]).await.get(name).and_then(Value::as_str).map(str::to_owned)
    }

    /// Waits until something is so.
    ///
    /// # Panics
    /// Where it is not, in time: every test ends there.
    pub async fn until(&self, what: &str, patience: Duration, is_so: impl AsyncFn(&Self) -> bool) {
        let deadline = Instant::now() + patience;
        while !is_so(self).await {
            if Instant::now() > deadline {
                self.give_up(&format!("{what}: not within {patience:?}")).await;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Ends the test, and keeps a picture of the screen.
    pub async fn give_up(&self, why: &str) -> ! {
        let state = self.ask(STATE, vec![]).await;
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("test").replace("::", "-");
        let picture = desk::shots().join(format!("failed-{name}.png"));
        if let Some(png) = self.try_shot().await {
            fs::write(&picture, png).expect("a picture of the screen");
        }
        panic!(
            "{why}\non the screen: {state}\npicture: {}\nrunning: {}\n{}",
            picture.display(),
            self.driver.names(),
            tail(&self.log)
        );
    }

    /// Waits for a screen.
    pub async fn screen(&self, screen: &str) {
        self.screen_within(screen, PATIENCE).await;
    }

    /// Waits for a screen that takes a photo or an order to be made.
    pub async fn screen_after_work(&self, screen: &str) {
        self.screen_within(screen, DARKROOM).await;
    }

    /// Waits for a screen for so long.
    pub async fn screen_within(&self, screen: &str, patience: Duration) {
        self.until_state("screen", screen, patience).await;
    }

    /// Waits until an attribute has a value.
    pub async fn until_state(&self, name: &str, value: &str, patience: Duration) {
        let what = format!("{name} = {value:?}");
        self.until(&what, patience, async |kiosk| kiosk.state(name).await.as_deref() == Some(value)).await;
    }

    /// Waits until an element's state, its `data-<name>`, is this.
    ///
    /// # Panics
    /// Where it is not in time.
    pub async fn until_state_of(&self, testid: &str, name: &str, value: &str, patience: Duration) {
        let what = format!("{name} of {testid} = {value:?}");
        let is_so = async |kiosk: &Self| kiosk.data(testid, name).await == value;
        self.until(&what, patience, is_so).await;
    }

    /// Waits for what staff have open: `pin`, `reason`, `panel`, or nothing.
    pub async fn staff(&self, layer: &str) {
        self.until_state("staff", layer, PATIENCE).await;
    }

    /// Waits for a notice.
    pub async fn notice(&self, code: &str) {
        self.until_state("notice", code, PATIENCE).await;
    }

    async fn find(&self, testid: &str) -> Option<Element> {
        let found = self.ask(FIND, vec![json!(testid)]).await;
        let id = found.get(ELEMENT)?.as_str()?;
        Some(Element::from_element_id(self.page.clone(), ElementRef::from(id.to_owned())))
    }

    /// Whether an element shows.
    pub async fn shows(&self, testid: &str) -> bool {
        self.find(testid).await.is_some()
    }

    /// Waits until an element shows.
    pub async fn wait_for(&self, testid: &str) {
        self.until(testid, PATIENCE, async |kiosk| kiosk.shows(testid).await).await;
    }

    /// Waits until an element is gone.
    pub async fn wait_gone(&self, testid: &str) {
        self.until(&format!("no {testid}"), PATIENCE, async |kiosk| !kiosk.shows(testid).await).await;
    }

    /// What an element says of itself, once it shows.
    async fn read(&self, testid: &str, what: &str) -> Value {
        self.wait_for(testid).await;
        let script = format!("const find = () => {{ {FIND} }}; return find.apply(null, arguments)?.{what};");
        self.ask(&script, vec![json!(testid)]).await
    }

    /// Its words.
    pub async fn text(&self, testid: &str) -> String {
        self.read(testid, "innerText.trim()").await.as_str().unwrap_or_default().to_owned()
    }

    /// One of its data attributes.
    pub async fn data(&self, testid: &str, name: &str) -> String {
        let value = self.read(testid, &format!("getAttribute('data-{name}')")).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Whether a button is there and can be pressed.
    pub async fn is_enabled(&self, testid: &str) -> bool {
        self.shows(testid).await && self.read(testid, "disabled").await == Value::Bool(false)
    }

    /// Taps a button once it can be pressed.
    pub async fn tap(&self, testid: &str) {
        self.until(&format!("a tap on {testid}"), PATIENCE, async |kiosk| {
            match kiosk.find(testid).await {
                Some(element) if kiosk.is_enabled(testid).await => {
                    // What just moves or is covered is tapped again.
                    matches!(tokio::time::timeout(ANSWER, element.click()).await, Ok(Ok(())))
                }
                _ => false,
            }
        })
        .await;
    }

    /// Taps digits on the pad, one after another.
    pub async fn tap_digits(&self, digits: &str) {
        for digit in digits.chars() {
            self.tap(&format!("key-{digit}")).await;
        }
    }

    /// Types on a real keyboard, key by key.
    pub async fn keys(&self, keys: &str) {
        for key in keys.chars() {
            self.chord(&[key]).await;
        }
    }

    async fn perform(&self, hand: impl Into<Actions>) {
        match tokio::time::timeout(ANSWER, self.page.perform_actions(hand)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.give_up(&format!("the hand cannot move: {error}")).await,
            Err(_) => panic!("keys were not taken within {ANSWER:?}"),
        }
    }

    /// Presses keys together, and lets them go.
    pub async fn chord(&self, keys: &[char]) {
        let mut hand = KeyActions::new("keyboard".to_owned());
        for &value in keys {
            hand = hand.then(KeyAction::Down { value });
        }
        for &value in keys.iter().rev() {
            hand = hand.then(KeyAction::Up { value });
        }
        self.perform(hand).await;
    }

    /// Does what the page does when something is tapped, where the page has nothing to tap.
    pub async fn act(&self, action: Value) {
        self.ask("window.__TAURI_INTERNALS__.invoke('act', { action: arguments[0] });", vec![action]).await;
    }

    /// Keeps from now on every number that a countdown shows.
    pub async fn watch_countdown(&self) {
        const WATCH: &str = r#"
            window.counted = [];
            new MutationObserver(() => {
                const left = document.querySelector('[data-testid="countdown"]')?.textContent;
                if (left && window.counted.at(-1) !== left) window.counted.push(left);
            }).observe(document.body, { subtree: true, childList: true, characterData: true });
        "#;
        self.ask(WATCH, vec![]).await;
    }

    /// The numbers that were kept, one after another.
    pub async fn counted(&self) -> String {
        self.ask("return window.counted.join('');", vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a picture is loaded and can be seen, and gives its own width and height in pixels.
    pub async fn picture(&self, testid: &str) -> (u64, u64) {
        const SIZE: &str = r#"
            const image = document.querySelector('[data-testid="' + arguments[0] + '"] img');
            const seen = image?.complete && image.checkVisibility({ opacityProperty: true, visibilityProperty: true });
            return seen ? [image.naturalWidth, image.naturalHeight] : null;
        "#;
        let size = async |kiosk: &Self| {
            let sides = kiosk.ask(SIZE, vec![json!(testid)]).await;
            let side = |index| sides.get(index).and_then(Value::as_u64).unwrap_or(0);
            (side(0), side(1))
        };
        self.until(&format!("the picture {testid}"), PATIENCE, async |kiosk| size(kiosk).await.0 > 0).await;
        size(self).await
    }

    /// What the window shows, as a PNG.
    ///
    /// # Panics
    /// Where the window gives none.
    pub async fn shot(&self) -> Vec<u8> {
        match self.try_shot().await {
            Some(png) => png,
            None => panic!("no picture of the screen; running: {}", self.driver.names()),
        }
    }

    async fn try_shot(&self) -> Option<Vec<u8>> {
        // The driver waits until something is drawn anew, on a still page for ever: one pixel that nobody sees is.
        const PULSE: &str = r#"
            const dot = document.body.appendChild(document.createElement('i'));
            dot.style.cssText = 'position:fixed;top:0;left:0;width:1px;height:1px;pointer-events:none';
            let beat = 0;
            window.pulse = setInterval(() => (dot.style.background = `rgb(0 0 0 / ${0.001 + (beat++ % 2) / 1000})`), 40);
            window.pulseEnd = () => (clearInterval(window.pulse), dot.remove());
        "#;
        self.ask(PULSE, vec![]).await;
        let shot = tokio::time::timeout(ANSWER, self.page.screenshot()).await;
        self.ask("window.pulseEnd();", vec![]).await;
        shot.ok()?.ok()
    }
}

/// The last lines of a log.
fn tail(log: &std::path::Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    format!("the log ends with:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"))
}
