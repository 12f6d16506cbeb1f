//! A fixed number of threads for any number of streams.
//!
//! A stream is in the run queue, with one worker, or idle; never in two of these. A worker decodes a bounded slice of
//! a stream and puts it back at the end, so that a busy stream cannot starve the others.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use model::AccessUnit;
use parking_lot::{Condvar, Mutex};

use crate::queue::Queue;
use crate::stream::Stream;
use crate::{Options, Sink, messages};

/// The decode workers. Dropping it ends and joins them: streams that are still open then decode nothing more.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    run: Mutex<Run>,
    wake: Condvar,
}

#[derive(Default)]
struct Run {
    /// Streams with work that no worker has.
    ready: VecDeque<Arc<Actor>>,
    closing: bool,
}

/// One stream as the pool sees it.
struct Actor {
    mailbox: Mutex<Mailbox>,
    queue: Mutex<Queue>,
    /// `None` once the stream is closed. Only the worker whose turn it is locks it, so nobody ever waits here.
    stream: Mutex<Option<Stream>>,
}

#[derive(Default)]
struct Mailbox {
    /// In the run queue or with a worker.
    scheduled: bool,
    closed: bool,
    /// The stream is gone, with its sink.
    ended: bool,
}

impl Mailbox {
    fn is_to_be_ended(&self) -> bool {
        self.closed && !self.ended
    }
}

impl Pool {
    /// Starts `workers` threads, named `decode-0`, `decode-1`, …; one for each processor core is right.
    ///
    /// # Panics
    /// When the system refuses to start even one thread.
    #[must_use]
    pub fn new(workers: NonZeroUsize) -> Self {
        messages::route();
        let shared = Arc::new(Shared::default());
        let start = |index: usize| {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name(format!("decode-{index}")).spawn(move || work(&shared))
        };
        let mut threads = Vec::with_capacity(workers.get());
        for index in 0..workers.get() {
            match start(index) {
                Ok(thread) => threads.push(thread),
                Err(why) => log::error!("decode worker {index} of {workers} does not start: {why}"),
            }
        }
        assert!(!threads.is_empty(), "no thread for decoding");
        Self { shared, workers: threads }
    }

    /// Opens a stream. Its decoder is opened at its first random access point.
    #[must_use]
    pub fn open(&self, options: Options, sink: Box<dyn Sink>) -> Input {
        let actor = Actor {
            mailbox: Mutex::default(),
            queue: Mutex::new(Queue::new(options.max_lateness)),
            stream: Mutex::new(Some(Stream::new(options, sink))),
        };
        Input { shared: Arc::clone(&self.shared), actor: Arc::new(actor) }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        {
            let mut run = self.shared.run.lock();
            run.closing = true;
            run.ready.clear();
        }
        self.shared.wake.notify_all();
        for worker in self.workers.drain(..) {
            // A sink may hold the last reference to the pool, on a worker; a thread cannot join itself.
            if worker.thread().id() != std::thread::current().id() {
                let _ = worker.join(); // panics were caught and reported in the worker
            }
        }
    }
}

/// One stream's entrance. Dropping it closes the stream: what waits is forgotten, and once a picture in progress is
/// done, the sink is dropped on the worker.
pub struct Input {
    shared: Arc<Shared>,
    actor: Arc<Actor>,
}

impl Input {
    /// Hands over one access unit. Never blocks; when the decoder is late, waiting units are dropped instead.
    pub fn push(&self, unit: AccessUnit) {
        self.actor.queue.lock().push(unit);
        self.shared.schedule(&self.actor);
    }

    /// A new session has begun: what waits and every reference is forgotten, and a key frame is awaited. Counts and
    /// sequence numbers go on. Gives the reset's number, see [`Sink::restarted`].
    pub fn reset(&self) -> u64 {
        let number = self.actor.queue.lock().reset();
        self.shared.schedule(&self.actor);
        number
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.actor.mailbox.lock().closed = true;
        self.actor.queue.lock().clear();
        self.shared.schedule(&self.actor);
    }
}

impl Shared {
    fn schedule(&self, actor: &Arc<Actor>) {
        if std::mem::replace(&mut actor.mailbox.lock().scheduled, true) {
            return;
        }
        let mut run = self.run.lock();
        if run.closing {
            actor.queue.lock().clear();
            actor.mailbox.lock().scheduled = false;
            return;
        }
        run.ready.push_back(Arc::clone(actor));
        drop(run);
        self.wake.notify_one();
    }

    /// The next stream with work; `None` when the pool closes.
    fn next(&self) -> Option<Arc<Actor>> {
        let mut run = self.run.lock();
        loop {
            if run.closing {
                return None;
            }
            if let Some(actor) = run.ready.pop_front() {
                return Some(actor);
            }
            self.wake.wait(&mut run);
        }
    }
}

fn work(shared: &Shared) {
    while let Some(actor) = shared.next() {
        actor.turn();
        // First idle, then look: a unit pushed in between schedules the stream anew or is seen here.
        actor.mailbox.lock().scheduled = false;
        // Each lock by itself: another worker may already have the stream.
        let waiting = !actor.queue.lock().is_empty();
        if waiting || actor.mailbox.lock().is_to_be_ended() {
            shared.schedule(&actor);
        }
    }
}

impl Actor {
    fn turn(&self) {
        let mut slot = self.stream.lock();
        if self.mailbox.lock().closed {
            return self.end(slot.take());
        }
        let Some(stream) = slot.as_mut() else { return self.queue.lock().clear() };
        // The decoder is discarded after a panic, so its state does not matter; the counts are whole at any moment.
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| stream.turn(&self.queue))) else { return };
        let why = panic_words(panic.as_ref());
        log::error!("decoding a stream panicked: {why}");
        if catch_unwind(AssertUnwindSafe(|| stream.recover(&why))).is_err() {
            self.end(slot.take()); // its sink cannot even take the news
        }
    }

    fn end(&self, stream: Option<Stream>) {
        self.queue.lock().clear();
        self.mailbox.lock().ended = true;
        let _ = catch_unwind(AssertUnwindSafe(|| drop(stream)));
    }
}

fn panic_words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown").to_owned()
}
