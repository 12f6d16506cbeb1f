//! Unit after unit for who wants every picture and has time: nothing is dropped for being late.

use std::sync::Arc;

use model::{AccessUnit, Picture};
use parking_lot::Mutex;

use crate::queue::Waiting;
use crate::stream::Stream;
use crate::{Event, Options, Preference, Sink};

#[derive(Clone, Default)]
struct Gathered(Arc<Mutex<Vec<Picture>>>);

impl Sink for Gathered {
    fn picture(&mut self, picture: Picture) {
        self.0.lock().push(picture);
    }

    fn event(&mut self, _event: Event) {}
}

/// A stream that is decoded on the caller's thread, on the processor.
pub struct OneByOne {
    stream: Stream,
    gathered: Gathered,
}

impl OneByOne {
    /// `name`: the stream's in logs.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let gathered = Gathered::default();
        let options = Options { preference: Preference::Software, ..Options::new(name) };
        Self { stream: Stream::new(options, Box::new(gathered.clone())), gathered }
    }

    /// Decodes a unit; gives the pictures that are finished, in order of presentation. Some may come with later units.
    pub fn push(&mut self, unit: AccessUnit) -> Vec<Picture> {
        let oversized = Some(unit.data.len()).filter(|bytes| *bytes > AccessUnit::MAX_BYTES);
        self.stream.unit(&Waiting { unit, after_gap: false, oversized });
        std::mem::take(&mut *self.gathered.0.lock())
    }

    /// The picture of a key frame without anything behind it.
    #[must_use]
    pub fn alone(name: &str, unit: AccessUnit) -> Option<Picture> {
        let mut decoder = Self::new(name);
        let mut pictures = decoder.push(unit);
        pictures.extend(decoder.finish());
        pictures.into_iter().next()
    }

    /// The pictures that wait for their turn. What comes next has to begin anew.
    pub fn finish(&mut self) -> Vec<Picture> {
        self.stream.end();
        std::mem::take(&mut *self.gathered.0.lock())
    }
}
