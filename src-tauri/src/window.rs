//! A view's window: a native wall and nothing else, on the same region that the console's walls are drawn on.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use engine::{Bell, Live};
use model::Size;
use parking_lot::Mutex;
use render::Target;
use tauri::window::WindowBuilder;
use tauri::{App, AppHandle, Manager as _, PhysicalPosition, PhysicalSize, RunEvent, Window, WindowEvent};

use crate::app;
use crate::cli::ViewOptions;
use crate::doorbell::{self, Doorbell};
use crate::list::List;
use crate::monitors;
use crate::report::Meter;
use crate::session::Session;
use crate::surface::{Event, Host, Key, Surface};
use crate::tell;
use crate::wall::{HEARTBEAT, PACE};
use crate::words::Words;

const LABEL: &str = "view";
/// What may happen to the window while one picture is drawn.
const MOST_EVENTS: usize = 256;

/// What the draw loop leaves behind.
type Outcome = Result<Session, String>;

/// Shows the wall in a window until it is closed; gives back the session for its statistics.
///
/// # Errors
/// In words: no display, or no wall on it.
pub fn run(
    options: &ViewOptions,
    words: &Arc<Words>,
    open: impl FnOnce(Bell) -> Result<(Live, List), String>,
    begun: Meter,
) -> Outcome {
    app::before_windows().map_err(|reason| words.because("error_no_display", reason))?;
    let bell = Arc::new(Doorbell::default());
    let (rung, stop) = (Arc::clone(&bell), Arc::clone(&bell));
    // Ctrl-C in the terminal and a stop by the system end it as closing the window does: with statistics and goodbyes.
    let _ = ctrlc::set_handler(move || stop.stop());
    let (live, list) = open(Arc::new(move || rung.ring()))?;
    let loop_of_window: Arc<Mutex<Option<JoinHandle<Outcome>>>> = Arc::default();
    let started = Arc::clone(&loop_of_window);
    let (view, closing) = ((options.clone(), Arc::clone(words)), Arc::clone(&bell));
    let app = tauri::Builder::default()
        .on_window_event(move |_, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                // The wall in it has to end before the window does.
                api.prevent_close();
                closing.stop();
            }
        })
        .setup(move |app| {
            let (options, words) = view;
            let size = window(app, &options)?;
            let (handle, bell) = (app.handle().clone(), bell);
            let draw = move || {
                let outcome = draw(&handle, &bell, &options, &words, (live, list), size, begun);
                handle.exit(0);
                outcome
            };
            *started.lock() = Some(std::thread::Builder::new().name("draw".to_owned()).spawn(draw)?);
            Ok(())
        })
        .build(app::context())
        .map_err(|error| words.because("error_no_display", error))?;
    app.run_return(|_, event| {
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    let ended = loop_of_window.lock().take();
    ended.and_then(|thread| thread.join().ok()).unwrap_or_else(|| Err(words.because("error_wall", "-")))
}

/// Makes the window and says how large it begins.
fn window(app: &App, options: &ViewOptions) -> tauri::Result<Size> {
    let window = WindowBuilder::new(app, LABEL)
        .title("Watchwall")
        .decorations(!options.fullscreen)
        .visible(false)
        .build()?;
    let size = if options.fullscreen { cover(&window)? } else { options.size };
    window.set_size(PhysicalSize::new(size.width, size.height))?;
    window.show()?;
    window.set_cursor_visible(!options.fullscreen)?;
    Ok(size)
}

/// Covers the first monitor, also where no window manager knows full screen.
fn cover(window: &Window) -> tauri::Result<Size> {
    let monitors = monitors::all(window.app_handle());
    let Some(monitor) = monitors.iter().find(|monitor| monitor.primary).or(monitors.first()) else {
        window.set_fullscreen(true)?;
        let size = window.inner_size()?;
        return Ok(Size::new(size.width, size.height));
    };
    window.set_position(PhysicalPosition::new(monitor.x, monitor.y))?;
    window.set_fullscreen(true)?;
    Ok(Size::new(monitor.width, monitor.height))
}

/// The draw loop, from the window's first picture until its end.
fn draw(
    app: &AppHandle,
    bell: &Arc<Doorbell>,
    options: &ViewOptions,
    words: &Words,
    (live, list): (Live, List),
    size: Size,
    begun: Meter,
) -> Outcome {
    let failed = |reason: &dyn std::fmt::Display| words.because("error_wall", reason);
    let window = app.get_window(LABEL).ok_or_else(|| failed(&"-"))?;
    let (events, happened) = sync_channel(MOST_EVENTS);
    let surface = surface(&window, bell, events).map_err(|error| failed(&error))?;
    let target = Target::Window { window: surface.handle(), size };
    let mut session =
        Session::open(live, list, target, options.backend, begun).map_err(|error| failed(&error))?;
    session.keep(surface);
    session.resize(size);
    session.plan_halfway(options.seconds);
    let end = options.seconds.map(|limit| Instant::now() + limit);
    let mut wall = ViewWindow { window, words, happened, visible: true };
    let mut failure = None;
    doorbell::run(bell, PACE, HEARTBEAT, end, || {
        if !wall.obey(&mut session) {
            return false;
        }
        let drawn = if wall.visible { session.draw(words) } else { Ok(()) };
        failure = drawn.err().map(|error| failed(&error));
        failure.is_none()
    });
    failure.map_or(Ok(session), Err)
}

fn surface(
    window: &Window,
    bell: &Arc<Doorbell>,
    events: SyncSender<Event>,
) -> Result<Surface, crate::surface::SurfaceError> {
    let bell = Arc::clone(bell);
    let listener = move |event| {
        // A loop that has ended needs no news; one that is behind takes this first.
        let _ = events.send(event);
        bell.ring();
    };
    Surface::open(window, Host::Wall, Box::new(listener))
}

struct ViewWindow<'a> {
    window: Window,
    words: &'a Words,
    happened: Receiver<Event>,
    visible: bool,
}

impl ViewWindow<'_> {
    /// Follows what has happened to the window; `false` if it is to end.
    fn obey(&mut self, session: &mut Session) -> bool {
        while let Ok(event) = self.happened.try_recv() {
            match event {
                Event::Resized(size) => session.resize(size),
                Event::Exposed => session.expose(),
                Event::Visible(visible) => self.visible = visible,
                Event::Key(Key::Escape | Key::Char('q'), _) => return false,
                Event::Key(key, _) => self.key(key, session),
                Event::Press { .. } => {}
            }
        }
        true
    }

    fn key(&self, key: Key, session: &mut Session) {
        match key {
            Key::Function(11) | Key::Char('f') => {
                let covering = self.window.is_fullscreen().unwrap_or_default();
                // A window that began by covering the screen has no frame to be moved by. It may be closing: then
                // none of this matters any more.
                let _ = self.window.set_fullscreen(!covering);
                let _ = self.window.set_decorations(covering);
                let _ = self.window.set_cursor_visible(covering);
            }
            Key::Char('c') => session.toggle_captions(),
            Key::Char('s') => {
                let name = jiff::Zoned::now().strftime("watchwall-%Y%m%d-%H%M%S.png").to_string();
                if let Err(failure) = session.save_snapshot(&PathBuf::from(name), self.words) {
                    tell(&failure);
                }
            }
            _ => {}
        }
    }
}
