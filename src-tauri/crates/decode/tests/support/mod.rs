//! What the tests share: streams made by the `ffmpeg` command or read from files, cut into access units, and a pool
//! with one worker whose work can be waited for without looking at a clock.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]

pub mod clips;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use decode::{Event, Input, Options, Pool, Preference, Sink};
use model::{AccessUnit, Codec, Picture};

/// Long enough for any machine; only a test that would hang forever meets it.
pub const HANG: Duration = Duration::from_secs(60);

/// A channel with more room than any test needs.
pub fn channel<T>() -> (SyncSender<T>, Receiver<T>) {
    sync_channel(10_000)
}

/// What a sink was given.
#[derive(Debug)]
pub enum Output {
    Picture(Picture),
    Event(Event),
}

/// Passes everything on.
pub struct Passage(pub SyncSender<Output>);

impl Sink for Passage {
    fn picture(&mut self, picture: Picture) {
        let _ = self.0.send(Output::Picture(picture));
    }

    fn event(&mut self, event: Event) {
        let _ = self.0.send(Output::Event(event));
    }
}

/// One stream on a pool with one worker. What was pushed is waited for with a fence, a second stream: the run queue is
/// first in, first out, so once the fence's picture is there, the turn of what was pushed before it is over. Each
/// fence is new, because a stream whose turn is not quite over would jump the queue.
pub struct Rig {
    pub input: Input,
    pub pool: Pool,
    output: Receiver<Output>,
    fence: AccessUnit,
}

impl Rig {
    pub fn new(preference: Preference) -> Self {
        let (sender, output) = channel();
        Self::with_sink(preference, Box::new(Passage(sender)), output)
    }

    pub fn with_sink(preference: Preference, sink: Box<dyn Sink>, output: Receiver<Output>) -> Self {
        let pool = Pool::new(NonZeroUsize::MIN);
        let input = pool.open(Options { preference, ..Options::new("test") }, sink);
        Self { input, pool, output, fence: clips::mjpeg("testsrc2=s=16x16:d=0.04", "").remove(0) }
    }

    /// Waits until everything is done that was pushed before.
    pub fn settle(&self) {
        let (sender, output) = channel();
        let options = Options { preference: Preference::Software, ..Options::new("fence") };
        let fence = self.pool.open(options, Box::new(Passage(sender)));
        fence.push(self.fence.clone());
        while !matches!(output.recv_timeout(HANG).expect("the fence's picture"), Output::Picture(_)) {}
    }

    /// Pushes one unit and returns what came of it.
    pub fn feed(&self, unit: &AccessUnit) -> Vec<Output> {
        self.input.push(unit.clone());
        self.settle();
        self.output.try_iter().collect()
    }

    /// Feeds unit by unit.
    pub fn feed_all(&self, units: &[AccessUnit]) -> Vec<Output> {
        units.iter().flat_map(|unit| self.feed(unit)).collect()
    }

    /// Makes the decoder hand out what it holds back: a stream of another codec begins.
    pub fn finish(&self) -> Vec<Output> {
        let mut outputs = self.feed(&self.fence);
        let own = outputs.iter().rposition(|output| matches!(output, Output::Picture(_)));
        outputs.remove(own.expect("the other codec's picture"));
        outputs
    }
}

pub fn pictures(outputs: &[Output]) -> Vec<&Picture> {
    outputs
        .iter()
        .filter_map(|output| if let Output::Picture(picture) = output { Some(picture) } else { None })
        .collect()
}

/// Which pictures are marked as damaged.
pub fn damaged(outputs: &[Output]) -> Vec<usize> {
    let marked = |(index, picture): (usize, &Picture)| picture.damaged.then_some(index);
    pictures(outputs).into_iter().enumerate().filter_map(marked).collect()
}

pub fn events(outputs: &[Output]) -> Vec<&Event> {
    outputs
        .iter()
        .filter_map(|output| if let Output::Event(event) = output { Some(event) } else { None })
        .collect()
}

pub fn timestamps(outputs: &[Output]) -> Vec<i64> {
    pictures(outputs).iter().map(|picture| picture.timestamp).collect()
}

pub fn faults(outputs: &[Output]) -> Vec<String> {
    let fault =
        |event: &&Event| if let Event::Undecodable(fault) = event { Some(fault.to_string()) } else { None };
    events(outputs).iter().filter_map(fault).collect()
}

/// The last counts that were told; zero if none were.
pub fn drops(outputs: &[Output]) -> model::Drops {
    let drops = |event: &&Event| if let Event::Dropped(drops) = event { Some(*drops) } else { None };
    events(outputs).iter().rev().find_map(drops).unwrap_or_default()
}

/// The visible samples of one plane, rows without padding.
pub fn samples(picture: &Picture, plane: usize) -> Vec<u8> {
    let size = picture.format.plane_size(plane, picture.size);
    let row = size.width as usize * picture.format.bytes_per_texel(plane);
    let (bytes, stride) = (picture.planes.plane(plane), picture.planes.stride(plane));
    (0..size.height as usize).flat_map(|y| &bytes[y * stride..y * stride + row]).copied().collect()
}

/// One unit that is not cut from a stream.
pub fn unit(codec: Codec, data: Vec<u8>, random_access: bool) -> AccessUnit {
    AccessUnit {
        codec,
        data: data.into(),
        parameters: Arc::from([]),
        random_access,
        timestamp: 0,
        lost_packets: 0,
        received: Instant::now(),
        captured: None,
    }
}
