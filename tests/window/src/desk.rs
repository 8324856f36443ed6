//! One test's own place: screen, folders, camera, ports. Everything on it ends with the test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};

use caixiang_virtual_camera::{VirtualCamera, VirtualCameras};
use tempfile::TempDir;

use crate::kiosk::Kiosk;
use crate::pictures;
use crate::process::Group;
use crate::tools;

/// Tests take turns: each needs the whole machine.
static TURN: Mutex<()> = Mutex::new(());

/// How the kiosk is set up.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// Width and height of the screen, pixels.
    pub size: (u32, u32),
    /// The demonstration camera, which shows stills, and not the virtual one.
    pub stills: bool,
    /// The demonstration session is opened at the start.
    pub demonstration: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self { size: (1920, 1080), stills: false, demonstration: true }
    }
}

/// The place.
pub struct Desk {
    setup: Setup,
    screen: String,
    _xvfb: Group,
    cameras: VirtualCameras,
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    /// Waits for this test's turn and sets everything up; the kiosk is not started yet.
    ///
    /// # Panics
    /// Where something is missing.
    pub fn new(setup: Setup) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a folder for the test");
        let cameras = VirtualCameras::new();
        if !setup.stills {
            pictures::cast(&cameras.camera(0));
        }
        let (width, height) = setup.size;
        // `-displayfd 1`: the server chooses a free number and prints it.
        let size = format!("{width}x{height}x24");
        let options = ["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &size];
        let mut xvfb =
            Group::start(&tools::tool("Xvfb", "install Debian's package xvfb"), &options, |xvfb| {
                xvfb.stdout(Stdio::piped()).stderr(log(folder.path(), "xvfb"));
            });
        let mut number = String::new();
        let output = xvfb.leader().stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut number).expect("a display's number");
        assert!(!number.trim().is_empty(), "Xvfb gave no display");
        let screen = format!(":{}", number.trim());
        Self { setup, screen, _xvfb: xvfb, cameras, folder, _turn: turn }
    }

    /// The camera.
    pub fn camera(&self) -> VirtualCamera {
        self.cameras.camera(0)
    }

    /// The folder of orders, photos and logs.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The home folder of whoever works the kiosk.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub fn home(&self) -> PathBuf {
        let home = self.folder.path().join("home");
        fs::create_dir_all(&home).expect("a home folder");
        home
    }

    /// The folder of the secret.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// Starts the kiosk and waits for its window.
    ///
    /// # Panics
    /// Where it does not open.
    pub async fn open(&self) -> Kiosk {
        let program = tools::kiosk();
        let (port, native) = (free_port(), free_port());
        let driver = tools::tool(
            "tauri-driver",
            "`cargo xtask setup`, or `cargo install tauri-driver --version \"^2\"`",
        );
        let webkit = tools::tool("WebKitWebDriver", "install Debian's package webkit2gtk-driver");
        let webkit = webkit.to_str().expect("a plain path");
        let numbers = [port, native].map(|port| port.to_string());
        let options = ["--port", &numbers[0], "--native-port", &numbers[1], "--native-driver", webkit];
        let driver = Group::start(&driver, &options, |driver| self.prepare(driver));
        let log = self.folder.path().join("driver.log");
        Kiosk::open(driver, [port, native], program, self.options(), log).await
    }

    /// What the driver, and so the kiosk, finds around it.
    fn prepare(&self, driver: &mut Command) {
        driver
            .env("DISPLAY", &self.screen)
            .env_remove("WAYLAND_DISPLAY")
            // There is no desktop here, and none is started that would outlive the test.
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .env("NO_AT_BRIDGE", "1")
            .stdout(log(self.folder.path(), "driver"))
            .stderr(log(self.folder.path(), "driver"));
        // The page's own storage too is this test's.
        for (name, place) in
            [("HOME", "home"), ("XDG_DATA_HOME", "home/data"), ("XDG_CACHE_HOME", "home/cache")]
        {
            let place = self.folder.path().join(place);
            fs::create_dir_all(&place).expect("a folder for the page");
            driver.env(name, place);
        }
        if !self.setup.stills {
            self.cameras.show_to(driver);
        }
    }

    fn options(&self) -> Vec<String> {
        let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
        let (width, height) = self.setup.size;
        let mut options = vec![
            "--data".to_owned(),
            text(&self.data()),
            "--config".to_owned(),
            text(&self.config()),
            "--cache".to_owned(),
            text(&tools::cache()),
            "--no-keystore".to_owned(),
            "--windowed".to_owned(),
            "--size".to_owned(),
            format!("{width}x{height}"),
        ];
        if self.setup.demonstration {
            options.push("--demonstration".to_owned());
        }
        if self.setup.stills {
            options.push("--stills".to_owned());
            options.push(text(&tools::cache().join("photos/grace_hopper.jpg")));
        }
        options
    }
}

fn log(folder: &Path, name: &str) -> Stdio {
    let file = fs::OpenOptions::new().create(true).append(true).open(folder.join(format!("{name}.log")));
    Stdio::from(file.expect("a log"))
}

fn free_port() -> u16 {
    let socket = TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
    socket.expect("a free port").port()
}

/// Where pictures of the screen go: `$CAIXIANG_SHOTS`, otherwise a folder for temporary files.
pub(crate) fn shots() -> PathBuf {
    let folder = env::var_os("CAIXIANG_SHOTS")
        .map_or_else(|| env::temp_dir().join("caixiang-window-tests"), PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}
