//! The kiosk: a window, the page in it, and the booth behind them. It only translates.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod logging;
mod options;
mod scheme;

#[cfg(target_os = "linux")]
#[path = "platform/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "platform/windows.rs"]
mod platform;

use std::process::ExitCode;

use anyhow::{Context, Result};
use caixiang_booth::Booth;
use clap::Parser;
use tauri::{Emitter, Manager, RunEvent, WebviewUrl, WebviewWindowBuilder};

use crate::options::Options;

fn main() -> ExitCode {
    platform::prepare();
    let options = Options::parse();
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<()> {
    let folders = options.folders()?;
    let _log = logging::begin(&folders.data.join("logs"))?;
    let app = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![
            commands::view,
            commands::act,
            commands::desk,
            commands::pinyin
        ])
        .register_asynchronous_uri_scheme_protocol("cam", scheme::answer)
        .setup(move |app| {
            let (teller, ender) = (app.handle().clone(), app.handle().clone());
            let tell = move |view: &caixiang_booth::view::View| {
                if let Err(error) = teller.emit("view", view) {
                    tracing::error!(%error, "the page could not be told");
                }
            };
            app.manage(Booth::start(options.config(&folders), tell, move || ender.exit(0))?);
            let window = WebviewWindowBuilder::new(app, "kiosk", WebviewUrl::default())
                .title("采像 Caixiang")
                .inner_size(options.size.0, options.size.1)
                .fullscreen(!options.windowed)
                .decorations(options.windowed)
                .resizable(options.windowed)
                .disable_drag_drop_handler();
            window.build()?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window cannot be made")?;
    app.run(|handle, event| {
        if let RunEvent::Exit = event {
            handle.state::<Booth>().stop();
        }
    });
    Ok(())
}
