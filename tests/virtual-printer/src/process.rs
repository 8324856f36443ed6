//! Processes that end with the test, also when it panics or is killed; and the daemons that `ippeveprinter` needs.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A process that is killed when this is dropped.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts a program with its output in a file. It dies with the thread that started it, too.
    pub fn start(program: &str, arguments: &[&str], log: &Path, environment: &[(&str, &str)]) -> Self {
        let log = File::create(log).unwrap();
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", program])
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("setpriv starts programs");
        Self(child)
    }

    /// Whether it has ended.
    pub fn ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// SIGTERM, and waits until it has ended in its own way.
    pub fn end(&mut self) {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        assert!(asked.success());
        self.0.wait().unwrap();
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Waits for something that happens soon.
pub fn wait_until(what: &str, mut there: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !there() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what} did not happen");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A system bus and a DNS-SD daemon of our own, apart from the machine's, which may have none.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) bus: String,
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
}

static SHARED: Mutex<Weak<Network>> = Mutex::new(Weak::new());

impl Network {
    /// The one of this process; it goes when its last printer goes.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let network = Arc::new(Self::start());
            *shared = Arc::downgrade(&network);
            network
        })
    }

    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bus = format!("unix:path={}", folder.path().join("bus").display());
        let (stop, stopped) = channel::<()>();
        let (ready, is_ready) = channel();
        let address = bus.clone();
        // The daemons die with the thread that starts them: it is not a test's, since several tests share them.
        let keeper = std::thread::spawn(move || {
            let daemons = daemons(&folder, &address);
            ready.send(()).ok();
            stopped.recv().ok();
            drop(daemons);
            drop(folder);
        });
        is_ready.recv().expect("dbus-daemon and avahi-daemon run");
        Self { bus, stop: Some(stop), keeper: Some(keeper) }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            keeper.join().ok();
        }
    }
}

fn daemons(folder: &TempDir, bus: &str) -> [Running; 2] {
    let path = |name: &str| folder.path().join(name);
    let text = |name: &str| path(name).display().to_string();
    let rules = "<allow user=\"*\"/><allow own=\"*\"/><allow send_type=\"method_call\"/><allow send_type=\"signal\"/>\
        <allow send_requested_reply=\"true\"/><allow receive_type=\"method_call\"/><allow receive_type=\"signal\"/>\
        <allow receive_type=\"method_return\"/><allow receive_type=\"error\"/>";
    let configuration = format!(
        "<busconfig><type>system</type><listen>{bus}</listen><auth>EXTERNAL</auth>\
         <policy context=\"default\">{rules}</policy></busconfig>"
    );
    fs::write(path("bus.conf"), configuration).unwrap();
    let arguments = [format!("--config-file={}", text("bus.conf")), "--nofork".into(), "--nopidfile".into()];
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut dbus = Running::start("dbus-daemon", &arguments, &path("bus.log"), &[]);
    wait_until("the system bus", || {
        assert!(!dbus.ended(), "dbus-daemon: {}", fs::read_to_string(path("bus.log")).unwrap());
        path("bus").exists()
    });
    fs::write(path("avahi.conf"), "[server]\nuse-ipv4=yes\nuse-ipv6=no\n").unwrap();
    // It keeps its pid and socket under /run, for one daemon a machine: it gets a /run of its own.
    let script = format!(
        "mount -t tmpfs tmpfs /run && mkdir -p /run/avahi-daemon && exec avahi-daemon --no-drop-root --no-rlimits \
         --no-chroot -f {}",
        text("avahi.conf")
    );
    let mut avahi = Running::start(
        "unshare",
        &["--mount", "--propagation", "private", "sh", "-c", &script],
        &path("avahi.log"),
        &[("DBUS_SYSTEM_BUS_ADDRESS", bus)],
    );
    wait_until("DNS-SD", || {
        let log = fs::read_to_string(path("avahi.log")).unwrap();
        assert!(!avahi.ended(), "avahi-daemon: {log}");
        log.contains("Server startup complete")
    });
    [dbus, avahi]
}
