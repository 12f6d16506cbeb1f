//! The devices behind the cameras as the console has them: the thread that speaks to them, hands on cameras, ears for what
//! they notice.

use std::io;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use engine::People;
use engine::devices::{Devices, Network, Purpose, way};
use engine::events::{Book, Reaction, Watch};
use engine::steer::{Parts, Steering, Unstopped};
use inventory::Inventory;
use model::Id;
use parking_lot::Mutex;
use store::{Problem, Store};
use tokio::sync::{Notify, oneshot};

use super::Console;
use super::enrol::Acquaintance;
use crate::helms::Helms;
use crate::wall::feeds::Feeds;

/// The page is told no more often.
const PACE: Duration = Duration::from_millis(100);
/// What still moves when the program ends is stopped within this, or named.
const FAREWELL: Duration = Duration::from_millis(1500);
/// What runs beside the thread is left alone after this when it ends.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// Reactions that wait for the console; in a storm more are of no use.
const MOST_REACTIONS: usize = 64;

/// See the module.
pub(super) struct Equipment {
    pub(super) steering: Steering,
    pub(super) watch: Watch,
    pub(super) rules: Store<Book>,
    pub(super) devices: Arc<Devices>,
    news: Arc<News>,
    /// The sites that were listened to last.
    pub(super) open_sites: Mutex<Option<Vec<Id>>>,
    /// The device that was met last for the inventory.
    pub(super) met: Mutex<Option<Acquaintance>>,
    /// The camera that a stick moves.
    pub(super) stick_on: Mutex<Option<Id>>,
    thread: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

/// What has changed and is to be told.
#[derive(Default)]
struct News {
    stirred: Notify,
    reactions: Mutex<Vec<Reaction>>,
}

impl Equipment {
    /// Starts the thread `devices`; nobody is met yet. The problems say what was wrong with the files in `data`.
    ///
    /// # Errors
    /// The operating system refuses a thread or its event queue.
    pub(super) fn start(
        data: &Path,
        feeds: &Arc<Feeds>,
        people: &Arc<People>,
    ) -> io::Result<(Self, Vec<Problem>)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("devices".to_owned()).spawn(move || {
            // The sender's end is dropped or used only to stop.
            let _ = runtime.block_on(stopped);
            // Nobody waits for a keychain that does not answer.
            runtime.shutdown_timeout(LAST_WORDS);
        })?;

        let (unstopped, moving) = Unstopped::open(data);
        let rules: Store<Book> = Store::open(data, "rules");
        let loaded = rules.load();
        let news = Arc::new(News::default());
        let ringing = Arc::clone(&news);
        let bell: engine::Bell = Arc::new(move || ringing.stirred.notify_one());
        let said = Arc::clone(people);
        let said = Box::new(move |camera: &Id, what| said.heard(camera, what));
        let devices = Arc::new(Devices::new(handle, Arc::new(Network::default()), said));
        let lenses = Arc::downgrade(feeds);
        let steering = Steering::new(Parts {
            devices: Arc::clone(&devices),
            people: Arc::clone(people),
            inventory: feeds.inventory(),
            agreement: Arc::new(Helms::new(feeds, people)),
            unstopped: Arc::new(unstopped),
            lens: Box::new(move |camera| lenses.upgrade()?.lens(camera)),
            bell: Arc::clone(&bell),
        });
        let heard = Arc::clone(&news);
        let react = Arc::new(move |reactions: Vec<Reaction>| heard.take(reactions));
        let book = loaded.value.unwrap_or_default();
        let watch =
            Watch::new(Arc::clone(&devices), Arc::clone(people), feeds.inventory(), book, react, bell);
        key_frames(feeds, &devices, people);
        let equipment = Self {
            steering,
            watch,
            rules,
            devices,
            news,
            open_sites: Mutex::new(None),
            met: Mutex::new(None),
            stick_on: Mutex::new(None),
            thread: Mutex::new(Some((stop, thread))),
        };
        Ok((equipment, moving.into_iter().chain(loaded.problem).collect()))
    }

    /// Tells `console` from now on what changes.
    pub(super) fn tell(&self, console: &Arc<Console>) {
        let (console, news): (Weak<Console>, _) = (Arc::downgrade(console), Arc::clone(&self.news));
        self.devices.runtime().spawn(async move {
            loop {
                news.stirred.notified().await;
                let Some(console) = console.upgrade() else { return };
                let reactions = std::mem::take(&mut *news.reactions.lock());
                // It takes the console's locks, which others hold for a moment.
                let told = tokio::task::spawn_blocking(move || {
                    console.tell_steering();
                    console.tell_device_notices();
                    console.react(&reactions);
                });
                let _ = told.await;
                tokio::time::sleep(PACE).await;
            }
        });
    }

    /// Something else is to be told: the walls have changed, or the language.
    pub(super) fn stir(&self) {
        self.news.stirred.notify_one();
    }

    /// Another person, other rights, other logins.
    pub(super) fn renew(&self) {
        self.steering.leave_all();
        self.steering.stop_left_behind();
        *self.open_sites.lock() = None;
    }

    /// Other cameras.
    pub(super) fn set_inventory(&self, inventory: &Arc<Inventory>) {
        self.steering.set_inventory(Arc::clone(inventory));
        self.watch.set_inventory(Arc::clone(inventory));
        *self.open_sites.lock() = None;
    }

    /// The program ends: what moves is stopped, and the thread with it.
    pub(super) fn close(&self) {
        let Some((stop, thread)) = self.thread.lock().take() else { return };
        let moving = self.devices.runtime().block_on(self.steering.close(FAREWELL));
        for camera in moving {
            log::warn!("{camera} is not known to have stopped");
        }
        let _ = stop.send(());
        let _ = thread.join();
    }
}

impl News {
    fn take(&self, reactions: Vec<Reaction>) {
        let mut waiting = self.reactions.lock();
        let room = MOST_REACTIONS.saturating_sub(waiting.len());
        waiting.extend(reactions.into_iter().take(room));
        drop(waiting);
        self.stirred.notify_one();
    }
}

/// Whoever opens a stream is spared the wait for its key frame, where the device sends one when asked.
fn key_frames(feeds: &Arc<Feeds>, devices: &Arc<Devices>, people: &Arc<People>) {
    let (devices, people) = (Arc::clone(devices), Arc::clone(people));
    feeds.when_opened(Box::new(move |inventory, camera| {
        if let Ok(way) = way(&people, inventory, camera, Purpose::Watching) {
            devices.ask_key_frame(way);
        }
    }));
}
