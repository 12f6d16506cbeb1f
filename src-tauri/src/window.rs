//! The draw loop in a native window, by winit: X11, Wayland, Windows, macOS.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use engine::{Bell, Live};
use model::Size;
use render::Target;
use winit::application::ApplicationHandler;
use winit::dpi::{PhysicalPosition, PhysicalSize};
use winit::event::{ElementState, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::keyboard::{Key, NamedKey};
use winit::window::{Fullscreen, Window, WindowAttributes, WindowId};

use crate::cli::ViewOptions;
use crate::report::Meter;
use crate::session::{PACE, Session};
use crate::tell;
use crate::wall::{HEARTBEAT, WallView};
use crate::words::Words;

/// What wakes the event loop from other threads.
#[derive(Clone, Copy, Debug)]
enum Wake {
    /// A stream has something new.
    Bell,
    /// The process was asked to end.
    Stop,
}

/// Shows the wall in a window until it is closed; gives back the session for its statistics.
///
/// # Errors
/// In words: no display, or no wall on it.
pub fn run(
    options: &ViewOptions,
    words: &Words,
    open: impl FnOnce(Bell) -> Result<(Live, WallView), String>,
    begun: Meter,
) -> Result<Session, String> {
    let event_loop = EventLoop::<Wake>::with_user_event()
        .build()
        .map_err(|error| words.because("error_no_display", error))?;
    let ringing = Arc::new(AtomicBool::new(false));
    let bell = bell(event_loop.create_proxy(), Arc::clone(&ringing));
    let stop = event_loop.create_proxy();
    // The loop may be gone already; then there is nothing to stop.
    let _ = ctrlc::set_handler(move || {
        let _ = stop.send_event(Wake::Stop);
    });
    let streams = open(bell)?;
    let mut app = App {
        options,
        words,
        begun,
        streams: Some(streams),
        shown: None,
        ringing,
        pending: true,
        next_draw: Instant::now(),
        end: options.seconds.map(|limit| Instant::now() + limit),
        failure: None,
    };
    event_loop.run_app(&mut app).map_err(|error| words.because("error_no_display", error))?;
    match (app.failure, app.shown) {
        (Some(failure), _) => Err(failure),
        (None, Some((_, session))) => Ok(session),
        (None, None) => Err(words.because("error_no_display", "-")),
    }
}

/// Wakes the loop once, however many streams ring before it looks.
fn bell(proxy: EventLoopProxy<Wake>, ringing: Arc<AtomicBool>) -> Bell {
    Arc::new(move || {
        if !ringing.swap(true, Ordering::AcqRel) {
            // A loop that has ended needs no bell.
            let _ = proxy.send_event(Wake::Bell);
        }
    })
}

struct App<'a> {
    options: &'a ViewOptions,
    words: &'a Words,
    begun: Meter,
    streams: Option<(Live, WallView)>,
    shown: Option<(Arc<Window>, Session)>,
    ringing: Arc<AtomicBool>,
    pending: bool,
    next_draw: Instant,
    end: Option<Instant>,
    failure: Option<String>,
}

impl ApplicationHandler<Wake> for App<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        let Some((live, view)) = self.streams.take() else { return };
        if let Err(reason) = self.open(event_loop, live, view) {
            self.failure = Some(self.words.because("error_wall", reason));
            event_loop.exit();
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: Wake) {
        match event {
            Wake::Bell => self.pending = true,
            Wake::Stop => event_loop.exit(),
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _id: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested | WindowEvent::Destroyed => event_loop.exit(),
            WindowEvent::Resized(size) => {
                if let Some((_, session)) = &mut self.shown {
                    session.resize(Size::new(size.width, size.height));
                    self.pending = true;
                }
            }
            WindowEvent::RedrawRequested => {
                if let Some((_, session)) = &mut self.shown {
                    session.expose();
                    self.pending = true;
                }
            }
            WindowEvent::KeyboardInput { event, .. }
                if event.state == ElementState::Pressed && !event.repeat =>
            {
                self.key(event_loop, &event.logical_key);
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let now = Instant::now();
        if self.end.is_some_and(|end| now >= end) {
            event_loop.exit();
            return;
        }
        let heartbeat = self.next_draw + HEARTBEAT;
        if (self.pending && now >= self.next_draw) || now >= heartbeat {
            self.draw(event_loop);
        }
        let wake = if self.pending { self.next_draw } else { self.next_draw + HEARTBEAT };
        event_loop.set_control_flow(ControlFlow::WaitUntil(self.end.map_or(wake, |end| wake.min(end))));
    }
}

impl App<'_> {
    fn open(&mut self, event_loop: &ActiveEventLoop, live: Live, view: WallView) -> Result<(), String> {
        let window =
            event_loop.create_window(self.attributes(event_loop)).map_err(|error| error.to_string())?;
        let window = Arc::new(window);
        window.set_cursor_visible(!self.options.fullscreen);
        let size = Size::new(window.inner_size().width, window.inner_size().height);
        let target = Target::Window { window: Arc::clone(&window) as Arc<_>, size };
        let mut session = Session::open(live, view, target, self.options.backend, self.begun)
            .map_err(|error| error.to_string())?;
        session.resize(size);
        session.plan_halfway(self.options.seconds);
        self.shown = Some((window, session));
        Ok(())
    }

    fn attributes(&self, event_loop: &ActiveEventLoop) -> WindowAttributes {
        let size = self.options.size;
        let plain = Window::default_attributes()
            .with_title("Watchwall")
            .with_inner_size(PhysicalSize::new(size.width, size.height));
        if !self.options.fullscreen {
            return plain;
        }
        let monitor = event_loop.primary_monitor().or_else(|| event_loop.available_monitors().next());
        let mut covering = plain.with_decorations(false);
        if let Some(monitor) = &monitor {
            // A display without a window manager takes size and place literally and knows no full screen.
            let at = monitor.position();
            covering =
                covering.with_inner_size(monitor.size()).with_position(PhysicalPosition::new(at.x, at.y));
        }
        covering.with_fullscreen(Some(Fullscreen::Borderless(monitor)))
    }

    fn draw(&mut self, event_loop: &ActiveEventLoop) {
        let Some((_, session)) = &mut self.shown else { return };
        self.pending = false;
        // Before the streams are looked at: what rings from now on wants another look.
        self.ringing.store(false, Ordering::Release);
        self.next_draw = Instant::now() + PACE;
        if let Err(error) = session.draw(self.words) {
            self.failure = Some(self.words.because("error_wall", error));
            event_loop.exit();
        }
    }

    fn key(&mut self, event_loop: &ActiveEventLoop, key: &Key) {
        let Some((window, session)) = &mut self.shown else { return };
        match key.as_ref() {
            Key::Named(NamedKey::Escape) | Key::Character("q" | "Q") => event_loop.exit(),
            Key::Named(NamedKey::F11) | Key::Character("f" | "F") => {
                let covering = window.fullscreen().is_some();
                window.set_fullscreen((!covering).then_some(Fullscreen::Borderless(None)));
                // A window that began by covering the screen has no frame to be moved by.
                window.set_decorations(covering);
                window.set_cursor_visible(covering);
            }
            Key::Character("c" | "C") => {
                session.toggle_captions();
                self.pending = true;
            }
            Key::Character("s" | "S") => {
                let name = jiff::Zoned::now().strftime("watchwall-%Y%m%d-%H%M%S.png").to_string();
                if let Err(failure) = session.save_snapshot(&PathBuf::from(name), self.words) {
                    tell(&failure);
                }
            }
            _ => {}
        }
    }
}
