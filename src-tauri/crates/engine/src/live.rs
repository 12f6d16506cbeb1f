//! All live streams of the program.

use std::collections::HashMap;
use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use decode::{Event, Pool, Preference};
use devices::rtsp::{self, Group, Sounds};
use model::{Address, Credentials, Decoder, Fault, Moment, Picture, Transport};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::board::{Board, Glance};
use crate::devices::Devices;
use crate::export::Exporter;
use crate::gate::{Gate, Visit};
use crate::playback::{self, Archive, Player, Reel};
use crate::ring::{Listener, Rings};
use crate::rounds::Rounds;
use crate::sound::Ear;
use crate::source::{Bell, LoginMark, Source};
use crate::statistics::{Sample, Statistics};
use crate::supervisor::Supervisor;

/// How long recorders are given to hear that we leave.
const FAREWELL: Duration = Duration::from_secs(1);

/// What holds for all streams.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Decoding threads; one a core is best.
    pub workers: NonZeroUsize,
    /// Graphics processor or not.
    pub decode: Preference,
}

/// Slots are unique in the program, not only in one register.
static NEXT_SLOT: AtomicU64 = AtomicU64::new(1);

/// What makes two sources the same stream.
type Key = (Address, Option<LoginMark>, Transport, Sounds);

/// The receiving thread, the decoders and the register of open streams.
pub struct Live {
    settings: Settings,
    bell: Bell,
    pool: Arc<Pool>,
    gate: Gate,
    group: Group,
    runtime: Handle,
    streams: Mutex<HashMap<Key, Weak<Stream>>>,
    meter: Arc<AtomicU64>,
    rings: Rings,
    receiver: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

/// What all streams come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Open streams.
    pub streams: usize,
    /// Bytes received since the start, closed streams' too.
    pub bytes: u64,
    /// Who decodes, each once.
    pub decoders: Vec<Decoder>,
    /// Bytes of the last half minute that are kept in memory.
    pub remembered: usize,
}

/// An open stream. It is closed when the last tile lets go of it.
pub struct Stream {
    slot: u64,
    key_frames_only: Arc<AtomicBool>,
    board: Arc<Board>,
    /// What keeps it open; a recording's is ended by its player.
    task: Option<tokio::task::AbortHandle>,
}

impl Live {
    /// Starts one receiving thread (all sockets of a province are one core's small part) and the decoders.
    ///
    /// # Errors
    /// The operating system refuses a thread or the event queue.
    pub fn new(settings: Settings, bell: Bell) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let group = Group::default();
        let (stop, stopped) = oneshot::channel();
        let farewell = group.clone();
        let thread = std::thread::Builder::new().name("receive".to_owned()).spawn(move || {
            runtime.block_on(async {
                // The sender's end is dropped or used only to stop.
                let _ = stopped.await;
                // A session says goodbye when its task is dropped, and a task that is aborted is dropped a little later.
                let runtime = Handle::current();
                let until = Instant::now() + FAREWELL;
                while runtime.metrics().num_alive_tasks() > 0 && Instant::now() < until {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                farewell.farewell(until.saturating_duration_since(Instant::now())).await;
            });
        })?;
        Ok(Self {
            settings,
            bell,
            pool: Arc::new(Pool::new(settings.workers)),
            gate: Gate::default(),
            group,
            runtime: handle,
            streams: Mutex::new(HashMap::new()),
            meter: Arc::default(),
            rings: Rings::default(),
            receiver: Mutex::new(Some((stop, thread))),
        })
    }

    /// The stream of `source`: the one that is open already, or a new one.
    pub fn open(&self, source: Source) -> Arc<Stream> {
        let login = source.credentials.as_ref().map(LoginMark::of);
        let key = (source.address.clone(), login, source.transport, source.sounds);
        let mut streams = self.streams.lock();
        if let Some(open) = streams.get(&key).and_then(Weak::upgrade) {
            return open;
        }
        streams.retain(|_, stream| stream.strong_count() > 0);
        let slot = NEXT_SLOT.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        let ear = (source.sounds == Sounds::With).then(|| Arc::new(Ear::new(now)));
        let board = Board::new(Arc::clone(&self.bell), Arc::clone(&self.meter), now, ear);
        let board = Arc::new(board);
        let options = decode::Options {
            preference: self.settings.decode,
            ..decode::Options::new(source.address.to_string())
        };
        let input = self.pool.open(options, Box::new(Pin(Arc::clone(&board))));
        let source_address = source.address.clone();
        let supervisor = Supervisor {
            source,
            board: Arc::clone(&board),
            input,
            gate: self.gate.clone(),
            group: self.group.clone(),
            ring: self.rings.ring(&source_address),
            key_frames_only: Arc::default(),
        };
        let key_frames_only = Arc::clone(&supervisor.key_frames_only);
        let task = self.runtime.spawn(supervisor.run()).abort_handle();
        let stream = Arc::new(Stream { slot, key_frames_only, board, task: Some(task) });
        streams.insert(key, Arc::downgrade(&stream));
        stream
    }
}

impl Live {
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// What all streams come to.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let open: Vec<_> = self.streams.lock().values().filter_map(Weak::upgrade).collect();
        let mut decoders = Vec::new();
        for decoder in open.iter().filter_map(|stream| stream.board.decoder()) {
            if !decoders.contains(&decoder) {
                decoders.push(decoder);
            }
        }
        let (bytes, remembered) = (self.meter.load(Ordering::Relaxed), self.rings.bytes());
        Tally { streams: open.len(), bytes, decoders, remembered }
    }

    /// Keeps the last half minute of every stream from now on, in so many bytes of memory at most. Before, nothing is kept.
    pub fn remember(&self, bytes: usize) {
        self.rings.allow(bytes);
    }

    /// Whether anything is kept of what came from these addresses.
    #[must_use]
    pub fn remembers(&self, addresses: &[Address]) -> bool {
        self.rings.remembers(addresses)
    }

    /// Gives a reel what is kept of its camera's streams, and what comes from now on; the first address goes first.
    pub fn remind(&self, reel: &Reel, addresses: &[Address]) {
        let listener: Arc<dyn Listener> = reel.listener();
        self.rings.attach(addresses, &listener);
    }

    /// Begins to ask the devices of these addresses, from time to time, how they are.
    #[must_use]
    pub fn rounds(&self, addresses: impl Iterator<Item = Address>) -> Rounds {
        Rounds::start(&self.runtime, addresses)
    }

    /// Plays recordings, beginning at a place.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn player(&self, at: Moment) -> io::Result<Player> {
        let means = playback::Means {
            runtime: self.runtime.clone(),
            pool: Arc::clone(&self.pool),
            gate: self.gate.clone(),
            preference: self.settings.decode,
            bell: Arc::clone(&self.bell),
            meter: Arc::clone(&self.meter),
        };
        Player::new(means, at)
    }

    /// What takes recordings out, with as much consideration for devices as streams have.
    #[must_use]
    pub fn exporter(&self, devices: Arc<Devices>, archive: Arc<Archive>) -> Exporter {
        Exporter::new(self.gate.clone(), devices, archive)
    }

    /// Tries a login once on a device, as politely as a stream does: a login that was refused there before is not sent
    /// again. Waits for the answer.
    ///
    /// # Errors
    /// [`Fault::PasswordRefused`], or why nothing was learned of it.
    pub fn try_login(&self, address: &Address, login: &Credentials) -> Result<(), Fault> {
        let (gate, address, login) = (self.gate.clone(), address.clone(), login.clone());
        let (say, hear) = std::sync::mpsc::sync_channel(1);
        self.runtime.spawn(async move {
            let trial = async {
                let permit = gate.admit(&address.device(), Some(LoginMark::of(&login)), Visit::First).await?;
                match rtsp::try_login(&address, &login).await {
                    Ok(()) => permit.accepted(),
                    Err(fault) => {
                        permit.failed(&fault);
                        return Err(fault);
                    }
                }
                Ok(())
            };
            // Nobody hears it when the program ends.
            let _ = say.send(trial.await);
        });
        hear.recv().unwrap_or_else(|_| Err(Fault::Ended("closing".to_owned())))
    }

    /// Ends all sessions and says goodbye to the recorders; a stream that is still held keeps its last picture.
    pub fn close(&self) {
        for stream in self.streams.lock().values().filter_map(Weak::upgrade) {
            stream.end();
        }
        let receiver = self.receiver.lock().take();
        if let Some((stop, thread)) = receiver {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.close();
    }
}

impl Stream {
    /// A number that no other stream of this program has.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.slot
    }

    /// Where its sound comes out, if it was opened with it.
    #[must_use]
    pub fn ear(&self) -> Option<&Arc<Ear>> {
        self.board.ear()
    }

    /// Decodes key frames only from now on, or everything from the next key frame on.
    pub fn set_key_frames_only(&self, only: bool) {
        self.key_frames_only.store(only, Ordering::Relaxed);
    }

    /// Whether only key frames are decoded.
    #[must_use]
    pub fn is_key_frames_only(&self) -> bool {
        self.key_frames_only.load(Ordering::Relaxed)
    }

    /// What a wall that shows the picture with sequence `known` should know at `now`.
    #[must_use]
    pub fn glance(&self, known: Option<u64>, now: Instant) -> Glance {
        self.board.glance(known, now)
    }

    /// A wall has drawn `picture` by `now` (monotonic) and `today` (time of day).
    pub fn shown(&self, picture: &Picture, now: Instant, today: SystemTime) {
        self.board.shown(picture, now, today);
    }

    /// What of the time since `asked` was spent waiting for the camera's first key frame; zero for a stream that was
    /// open before.
    #[must_use]
    pub fn key_frame_wait_since(&self, asked: Instant) -> Duration {
        self.board.key_frame_wait_since(asked)
    }

    /// What the plan asks of it.
    #[must_use]
    pub fn sample(&self) -> Sample {
        self.board.sample()
    }

    /// The counts so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.board.statistics()
    }
}

impl Stream {
    /// A recording's pictures, shown as those of a live stream are.
    pub(crate) fn of_recording(board: Arc<Board>) -> Self {
        let slot = NEXT_SLOT.fetch_add(1, Ordering::Relaxed);
        Self { slot, key_frames_only: Arc::default(), board, task: None }
    }

    fn end(&self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.end();
    }
}

/// The decoder's side of a board.
struct Pin(Arc<Board>);

impl decode::Sink for Pin {
    fn picture(&mut self, picture: Picture) {
        self.0.put(picture);
    }

    fn event(&mut self, event: Event) {
        self.0.decoder_event(event);
    }

    fn worked(&mut self, work: decode::Work) {
        self.0.worked(work);
    }
}
