//! One load: so many streams at 25 pictures a second, decoded by the pool and drawn as the program draws them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use decode::{Event, Input, Options, Pool, Preference, Sink};
use model::{Decoder, Fit, Grid, Picture, Planes, Turn};
use render::{Backend, Target, Tile, Wall};

use super::clip::Clip;
use super::{WALL, machine};

/// What comes before is not counted: decoders open, and the way down is taken.
const WARM_UP: Duration = Duration::from_secs(3);
/// What is counted.
const RUN: Duration = Duration::from_secs(8);
/// From picture to picture of a stream.
const INTERVAL: Duration = Duration::from_millis(40);
/// Between two draws, at least.
const PACE: Duration = Duration::from_millis(4);

/// The way of a picture from the decoder to the wall.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A graphics processor decodes, and lends its surfaces.
    Lent,
    /// A graphics processor decodes; the picture goes through system memory.
    Memory,
    /// The processor decodes, and its planes are uploaded.
    Software,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lent => "on the device",
            Self::Memory => "through system memory",
            Self::Software => "from system memory",
        }
    }
}

/// What a load came to.
pub(crate) struct Outcome {
    pub(crate) decoders: Vec<&'static str>,
    pub(crate) sent: u64,
    pub(crate) shown: u64,
    pub(crate) late: u64,
    pub(crate) shown_a_second: f64,
    pub(crate) p95_ms: f64,
    /// A picture, on the average.
    pub(crate) bus_copies: f64,
    pub(crate) device_copies: f64,
    pub(crate) uploaded_mib_a_second: f64,
    pub(crate) gpu_mib: Option<f64>,
    pub(crate) cpu_cores: f64,
    pub(crate) notes: Vec<String>,
}

impl Outcome {
    /// Real time: nothing came late, and all that was sent was seen but for what is on its way.
    pub(crate) fn keeps_up(&self) -> bool {
        self.late == 0 && self.shown * 100 >= self.sent * 98
    }
}

/// What one stream has for the wall.
#[derive(Default)]
struct Place {
    newest: Option<Picture>,
    superseded: u64,
    late: u64,
    notes: Vec<String>,
}

#[derive(Default)]
struct Board {
    places: Vec<Mutex<Place>>,
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Board {
    fn place(&self, index: usize) -> std::sync::MutexGuard<'_, Place> {
        self.places[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }

    fn wait(&self) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) = self
            .bell
            .wait_timeout_while(rung, INTERVAL, |rung| !*rung)
            .unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }

    fn late(&self) -> u64 {
        (0..self.places.len()).map(|index| self.place(index)).map(|place| place.late + place.superseded).sum()
    }
}

struct Stream {
    board: Arc<Board>,
    index: usize,
}

impl Sink for Stream {
    fn picture(&mut self, picture: Picture) {
        let mut place = self.board.place(self.index);
        place.superseded += u64::from(place.newest.replace(picture).is_some());
        drop(place);
        self.board.ring();
    }

    fn event(&mut self, event: Event) {
        let mut place = self.board.place(self.index);
        match event {
            Event::Decoder { note, .. } => place.notes.extend(note),
            Event::Dropped(drops) => place.late = drops.late,
            Event::Undecodable(fault) => place.notes.push(format!("{fault:?}")),
        }
    }
}

/// Planes whose surface nobody is told of.
struct InMemory(Arc<dyn Planes>);

impl Planes for InMemory {
    fn plane(&self, index: usize) -> &[u8] {
        self.0.plane(index)
    }

    fn stride(&self, index: usize) -> usize {
        self.0.stride(index)
    }
}

/// Runs `count` streams by one way.
pub(crate) fn run(clips: &[Arc<Clip>], count: usize, way: Way) -> Result<Outcome> {
    let gpu_before = machine::gpu_mib();
    let mut wall = Wall::open(Target::Headless(WALL), Backend::Auto)?;
    let board =
        Arc::new(Board { places: (0..count).map(|_| Mutex::default()).collect(), ..Board::default() });
    let pool = Pool::new(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    let preference = if way == Way::Software { Preference::Software } else { Preference::Hardware };
    let inputs: Vec<Input> = (0..count)
        .map(|index| {
            let options = Options { preference, ..Options::new(format!("stream {index}")) };
            pool.open(options, Box::new(Stream { board: Arc::clone(&board), index }))
        })
        .collect();
    let (stop, sent) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let feed = || feed(clips, &inputs, &stop, &sent);
        let feeder = std::thread::Builder::new().name("feed".to_owned()).spawn_scoped(scope, feed);
        let outcome = feeder.context("a thread").and_then(|_| {
            let mut drawing = Drawing::new(&mut wall, &board, count, way)?;
            drawing.until(Instant::now() + WARM_UP)?;
            drawing.measure(&sent, gpu_before)
        });
        stop.store(true, Ordering::Relaxed);
        outcome
    })
}

/// Hands over every unit at its time, the streams evenly spread over the interval.
fn feed(clips: &[Arc<Clip>], inputs: &[Input], stop: &AtomicBool, sent: &AtomicU64) {
    let began = Instant::now();
    let step = INTERVAL / inputs.len() as u32;
    for number in 0.. {
        for (index, input) in inputs.iter().enumerate() {
            let due = began + INTERVAL * number as u32 + step * index as u32;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if stop.load(Ordering::Relaxed) {
                return;
            }
            input.push(clips[index % clips.len()].unit(number));
            sent.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The wall and what has been seen on it.
struct Drawing<'a> {
    wall: &'a mut Wall,
    board: &'a Board,
    tiles: Vec<Tile>,
    way: Way,
    seen: Seen,
}

#[derive(Default)]
struct Seen {
    shown: u64,
    bus_copies: u64,
    device_copies: u64,
    uploaded: u64,
    latencies: Vec<Duration>,
    decoders: Vec<&'static str>,
}

impl<'a> Drawing<'a> {
    fn new(wall: &'a mut Wall, board: &'a Board, count: usize, way: Way) -> Result<Self> {
        let side = (1..).find(|side| side * side >= count).unwrap_or(1);
        let grid: Grid = format!("{side}x{side}").parse().ok().context("a grid")?;
        let tile = |index| Tile {
            rect: grid.tile(index, WALL),
            fit: Fit::Fit,
            turn: Turn::None,
            sight: model::Sight::default(),
            picture: None,
            dimmed: false,
            caption: None,
            frame: None,
            signal: None,
        };
        Ok(Self { wall, board, tiles: (0..count).map(tile).collect(), way, seen: Seen::default() })
    }

    fn until(&mut self, end: Instant) -> Result<()> {
        while Instant::now() < end {
            self.board.wait();
            let began = Instant::now();
            let new: Vec<usize> = (0..self.tiles.len()).filter(|&index| self.gather(index)).collect();
            self.seen.uploaded += self.wall.draw(&self.tiles)?.uploaded_bytes;
            let pictures = new.iter().filter_map(|&index| self.tiles[index].picture.as_ref());
            self.seen.latencies.extend(pictures.map(|(_, picture)| picture.received.elapsed()));
            std::thread::sleep((began + PACE).saturating_duration_since(Instant::now()));
        }
        Ok(())
    }

    /// Puts a stream's newest picture on its tile; false where there is none.
    fn gather(&mut self, index: usize) -> bool {
        let Some(mut picture) = self.board.place(index).newest.take() else { return false };
        let lent = self.way == Way::Lent && picture.planes.surface().is_some();
        // To a wall that the processor draws, nothing is uploaded.
        let up = u64::from(self.wall.backend_note().is_none());
        let (bus, device) = match (picture.decoder, lent) {
            (Decoder::Software, _) => (up, 0),
            (_, false) => (1 + up, 0),
            (Decoder::Vaapi, true) => (0, 0),
            (_, true) => (0, 2),
        };
        self.seen.bus_copies += bus;
        self.seen.device_copies += device;
        self.seen.shown += 1;
        let name = picture.decoder.name();
        if !self.seen.decoders.contains(&name) {
            self.seen.decoders.push(name);
        }
        if !lent {
            picture.planes = Arc::new(InMemory(picture.planes));
        }
        self.tiles[index].picture = Some((index as u64, picture));
        true
    }

    fn measure(&mut self, sent: &AtomicU64, gpu_before: Option<f64>) -> Result<Outcome> {
        self.seen = Seen::default();
        let (late, fed, cpu) = (self.board.late(), sent.load(Ordering::Relaxed), machine::cpu_seconds()?);
        let began = Instant::now();
        self.until(began + RUN)?;
        let sent = sent.load(Ordering::Relaxed) - fed;
        let gpu_mib = machine::gpu_mib().zip(gpu_before).map(|(now, before)| now - before);
        // What was submitted must be done, too.
        self.wall.snapshot()?;
        let seconds = began.elapsed().as_secs_f64();
        let seen = std::mem::take(&mut self.seen);
        let mut latencies = seen.latencies;
        latencies.sort();
        let p95 = latencies.get(latencies.len() * 95 / 100).copied().unwrap_or_default();
        let a_picture = |copies: u64| copies as f64 / seen.shown.max(1) as f64;
        let mut notes: Vec<String> =
            (0..self.tiles.len()).flat_map(|index| self.board.place(index).notes.clone()).collect();
        notes.sort();
        notes.dedup();
        Ok(Outcome {
            decoders: seen.decoders,
            sent,
            shown: seen.shown,
            late: self.board.late() - late,
            shown_a_second: seen.shown as f64 / seconds,
            p95_ms: p95.as_secs_f64() * 1e3,
            bus_copies: a_picture(seen.bus_copies),
            device_copies: a_picture(seen.device_copies),
            uploaded_mib_a_second: seen.uploaded as f64 / seconds / f64::from(1 << 20),
            gpu_mib,
            cpu_cores: (machine::cpu_seconds()? - cpu) / seconds,
            notes,
        })
    }
}
