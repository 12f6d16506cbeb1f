//! The application around the console: main window, commands, and the way out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::webview::WebviewWindowBuilder;
use tauri::{AppHandle, LogicalSize, Manager as _, PhysicalSize, RunEvent, WebviewUrl, WindowEvent};

use crate::cli::ConsoleOptions;
use crate::commands;
use crate::console::{self, Folders, MAIN, Task};
use crate::joystick;
use crate::saver::Window;
use crate::words::Words;

/// The main window at the first start.
const FIRST_SIZE: LogicalSize<f64> = LogicalSize::new(1440.0, 810.0);
/// Smaller, nothing in it can be used.
const LEAST_SIZE: LogicalSize<f64> = LogicalSize::new(640.0, 360.0);

/// Opens the console and stays until it is closed.
///
/// # Errors
/// In words: what cannot be read, or no display.
pub fn run(options: &ConsoleOptions, words: &Words) -> Result<(), String> {
    before_windows().map_err(|reason| words.because("error_webview", reason))?;
    let data = options.data.clone().unwrap_or_else(|| own(dirs::config_dir()));
    let folders = folders(options.data.as_deref());
    let started = console::start(options, folders, &data)?;
    let app = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![
            commands::load,
            commands::act,
            commands::foresee,
            commands::undo,
            commands::redo,
            commands::open_wall,
            commands::move_wall,
            commands::close_wall,
            commands::set_surface,
            commands::set_mark,
            commands::save_picture,
            commands::set_settings,
            commands::quit,
            commands::session,
            commands::create_first_account,
            commands::sign_in,
            commands::sign_out,
            commands::lock,
            commands::unlock,
            commands::hand_over,
            commands::touched,
            commands::play_role,
            commands::change_password,
            commands::weaknesses,
            commands::begin_second_factor,
            commands::confirm_second_factor,
            commands::drop_second_factor,
            commands::accounts,
            commands::create_account,
            commands::change_account,
            commands::set_account_disabled,
            commands::reset_password,
            commands::release_account,
            commands::logins,
            commands::keep_logins,
            commands::set_login,
            commands::remove_login,
            commands::stock_state,
            commands::preview_import,
            commands::apply_import,
            commands::export_stock,
            commands::set_stock_source,
            commands::fetch_stock,
            commands::enrol_key,
            commands::make_signing_key,
            commands::mark_zone,
            commands::records,
            commands::watched,
            commands::verify_records,
            commands::export_records,
            commands::board,
            commands::handover,
            commands::print,
            commands::saved,
            commands::save_layout,
            commands::rename_layout,
            commands::open_layout,
            commands::remove_layout,
            commands::save_tour,
            commands::remove_tour,
            commands::start_tour,
            commands::pause_tour,
            commands::stop_tour,
            commands::sharing,
            commands::set_sharing,
            commands::views,
            commands::keep_view,
            commands::remove_view,
            commands::set_lens,
            commands::start_playback,
            commands::play,
            commands::end_playback,
            commands::playback,
            commands::recorded,
            commands::recorded_picture,
            commands::recorded_days,
            commands::search_motion,
            commands::end_motion_search,
            commands::motion_searches,
            commands::motion_still,
            commands::motion_picture,
            commands::incidents,
            commands::save_incident,
            commands::close_incident,
            commands::note_incident,
            commands::save_bookmark,
            commands::remove_bookmark,
            commands::incident_report,
            commands::exports,
            commands::preflight_export,
            commands::footage_still,
            commands::begin_export,
            commands::stop_export,
            commands::resume_export,
            commands::safe,
            commands::keep_bookmark,
            commands::keep_bookmark_again,
            commands::drop_bookmark_copy,
            commands::set_safe_limit,
            commands::seal_package,
            commands::release_package,
            commands::verify_package,
            commands::choose_path,
            commands::evidence_policy,
            commands::set_four_eyes,
            commands::enrol_evidence_key,
            commands::listen,
            commands::talk,
            commands::steer_look_at,
            commands::steer_push,
            commands::steer_let_go,
            commands::steer,
            commands::steer_to,
            commands::preset_still,
            commands::device_notices,
            commands::find_devices,
            commands::meet_device,
            commands::enrol_device,
            commands::acknowledge_notices,
            commands::event_rules,
            commands::set_event_rules,
        ])
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(false) = event
                && let Some(console) = window.try_state::<Arc<console::Console>>()
            {
                // A key that is let go elsewhere is not heard of.
                console.steer_let_go(None);
                let _ = console.talk(None);
            }
            if let WindowEvent::CloseRequested { api, .. } = event {
                // The wall in it has to end before the window does.
                api.prevent_close();
                console::closing(window.app_handle(), window.label());
            }
        })
        .setup(move |app| {
            let window = started.window.clone();
            let (console, tasks) = started.console(app.handle())?;
            app.manage(Arc::clone(&console));
            open_main(app.handle(), &window)?;
            let stop = Arc::clone(&console);
            // Ctrl-C in the terminal and a stop by the system end it as the close button does, without asking.
            let _ = ctrlc::set_handler(move || stop.order(Task::Quit));
            joystick::listen(&console)?;
            std::thread::Builder::new()
                .name("console".to_owned())
                .spawn(move || console::work(&console, &tasks))?;
            Ok(())
        })
        .build(context())
        .map_err(|error| words.because("error_webview", error))?;
    let code = app.run_return(|_, event| {
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            // The last window has gone, but the thread `console` has not said that all is done.
            api.prevent_exit();
        }
    });
    if code == 0 { Ok(()) } else { Err(words.because("error_webview", code)) }
}

/// Opens the main window where it was.
///
/// # Errors
/// The window system or the web view refuses.
pub(crate) fn open_main(app: &AppHandle, before: &Window) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Watchwall")
        .inner_size(FIRST_SIZE.width, FIRST_SIZE.height)
        .min_inner_size(LEAST_SIZE.width, LEAST_SIZE.height)
        // Files are dropped onto the page itself, which reads them.
        .disable_drag_drop_handler()
        .background_color(tauri::window::Color(0x0b, 0x0e, 0x12, 0xff))
        .maximized(before.maximized)
        .build()?;
    if before.width > 0 && !before.maximized {
        window.set_size(PhysicalSize::new(before.width, before.height))?;
    }
    Ok(())
}

/// What has to be settled before GTK starts: the native region is an X11 window, on Wayland by way of Xwayland.
#[cfg(target_os = "linux")]
pub(crate) fn before_windows() -> Result<(), String> {
    #[expect(unsafe_code, reason = "the environment belongs to the whole process")]
    // SAFETY: no other thread has been started yet.
    unsafe {
        std::env::set_var("GDK_BACKEND", "x11");
        // Without a graphics processor the web view would have one emulated for a page that hardly ever changes: on a
        // full-HD screen that takes six times as much of the processor, on a 4K screen more than all streams.
        if !has_graphics_processor() {
            std::env::set_var("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
        }
    }
    // GTK would end the process where there is no display.
    x11rb::connect(None).map(drop).map_err(|error| error.to_string())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn before_windows() -> Result<(), String> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn has_graphics_processor() -> bool {
    let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    nodes.into_iter().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
}

/// The page and the icons, built in.
pub(crate) fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// The program's folder in one of the user's; a user without such folders keeps things where the program was started.
fn own(folder: Option<PathBuf>) -> PathBuf {
    folder.unwrap_or_else(|| PathBuf::from(".")).join("watchwall")
}

/// Saved pictures lie among the user's pictures, lists among the documents; with a data folder of one's own, in it.
fn folders(data: Option<&Path>) -> Folders {
    match data {
        Some(data) => Folders { pictures: data.join("pictures"), documents: data.join("documents") },
        None => Folders {
            pictures: own(dirs::picture_dir().or_else(dirs::home_dir)),
            documents: own(dirs::document_dir().or_else(dirs::home_dir)),
        },
    }
}

#[cfg(test)]
mod tests {
    /// Three places name the commands, and each alone is no use.
    #[test]
    fn every_command_is_known_to_the_build_and_allowed_to_the_page() {
        let handled =
            include_str!("app.rs").lines().filter_map(|line| line.trim().strip_prefix("commands::"));
        let handled: Vec<&str> = handled.filter_map(|name| name.strip_suffix(',')).collect();
        assert!(handled.len() > 10, "{handled:?}");
        let (build, allowed) = (include_str!("../build.rs"), include_str!("../capabilities/main.json"));
        for name in handled {
            assert!(build.contains(&format!("\"{name}\",")), "{name} in build.rs");
            let permission = format!("\"allow-{}\"", name.replace('_', "-"));
            assert!(allowed.contains(&permission), "{name} in the capability");
        }
    }
}
