//! A place among the clients of a sharing server, and the thread that listens to them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use leases::{Bell, Holder, Leases, RESERVE, Server, State};
use tokio::sync::Notify;

use crate::wall::feeds::Feeds;

/// While streams end, they are looked at this often.
pub(super) const SOON: Duration = Duration::from_millis(20);

/// Otherwise; a bell comes before.
pub(super) const PAUSE: Duration = Duration::from_millis(250);

/// The others are given so long to hear that we leave.
const FAREWELL: Duration = Duration::from_millis(500);

/// A place among the clients of a server, and the thread that listens to them. Dropping it gives everything back.
pub(in crate::wall) struct Membership {
    pub(super) leases: Arc<Leases>,
    pub(super) stirred: Arc<Notify>,
    leaving: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Membership {
    /// Joins the clients of `server` as `who`; `feeds` agrees with them from then on.
    ///
    /// # Errors
    /// The operating system refuses a thread or its event queue.
    pub(super) fn join(server: Server, who: &Holder, feeds: Weak<Feeds>) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stirred, leaving) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let rung = Arc::clone(&stirred);
        let bell: Bell = Arc::new(move || rung.notify_one());
        let leases = Arc::new(Leases::join(server, who, RESERVE, runtime.handle(), bell));
        let listener = (Arc::clone(&leases), Arc::clone(&stirred), Arc::clone(&leaving));
        let thread = std::thread::Builder::new()
            .name("leases".to_owned())
            .spawn(move || runtime.block_on(listen(feeds, listener)))?;
        Ok(Self { leases, stirred, leaving, thread: Some(thread) })
    }
}

async fn listen(feeds: Weak<Feeds>, (leases, stirred, leaving): (Arc<Leases>, Arc<Notify>, Arc<AtomicBool>)) {
    let mut pause = PAUSE;
    loop {
        // Rung or not: streams that end are looked at, too.
        let _ = tokio::time::timeout(pause, stirred.notified()).await;
        let Some(feeds) = feeds.upgrade().filter(|_| !leaving.load(Ordering::Acquire)) else { break };
        pause = feeds.share_anew();
    }
    // A server that is lost hears no goodbye.
    if !matches!(leases.view().state(), State::Lost { .. }) {
        leases.close(FAREWELL).await;
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.leaving.store(true, Ordering::Release);
        self.stirred.notify_one();
        let Some(thread) = self.thread.take() else { return };
        // The thread itself may be the last that has the feeds.
        if thread.thread().id() != std::thread::current().id() {
            let _ = thread.join();
        }
    }
}

impl Feeds {
    /// Shares recorders, lines and viewers with all clients of a server from now on, as whom; `None`: with nobody. Waits a
    /// moment for the goodbye to those before.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn share(self: &Arc<Self>, with: Option<(Server, Holder)>) -> std::io::Result<()> {
        // First out, then in: or what we have would stand in our own way.
        self.leave();
        if let Some((server, who)) = with {
            let membership = Membership::join(server, &who, Arc::downgrade(self))?;
            let before = self.sharing.lock().replace(Some(membership));
            drop(before);
        }
        self.share_anew();
        Ok(())
    }

    /// Gives everything back; what is open stays open.
    pub(in crate::wall) fn leave(&self) {
        let before = self.sharing.lock().replace(None);
        // Outside the lock: its thread may wait for it.
        drop(before);
    }

    /// Where it is agreed on who steers a camera; `None` while nothing is shared.
    #[must_use]
    pub fn leases(&self) -> Option<Arc<Leases>> {
        self.sharing.lock().leases()
    }

    /// Whether there is somebody to share with.
    #[must_use]
    pub fn sharing(&self) -> State {
        self.sharing.lock().state()
    }

    /// Hears what the others want, and does it; says how soon it is to be called again.
    fn share_anew(&self) -> Duration {
        let gone = self.agree(&mut self.planner.lock());
        // Outside the locks: a stream that is closed here takes its time.
        drop(gone);
        self.sharing.lock().pause()
    }
}
