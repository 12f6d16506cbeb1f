//! Single pictures of footage that was taken out, decoded from the very bytes of the package.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant, SystemTime};

use decode::{Event, Options, Pool, Preference, Sink};
use evidence::{Camera, Contents, Group, MediaFile, MediaReader};
use jiff::Timestamp;
use model::{AccessUnit, Codec, Moment, Picture};

/// A group of pictures is decoded within this, or there is no still.
const PATIENCE: Duration = Duration::from_secs(10);
/// More pictures than any group has that begins with a key frame a minute before.
const MOST_UNITS: usize = 4000;

struct Shown(SyncSender<Picture>);

impl Sink for Shown {
    fn picture(&mut self, picture: Picture) {
        // Whoever waited may have enough.
        let _ = self.0.try_send(picture);
    }

    fn event(&mut self, _event: Event) {}
}

/// The picture of a camera that was shown at a moment, with its own time; the camera's first one where the moment lies
/// before all of them. `None`: there is no footage, or it cannot be decoded.
#[must_use]
pub fn still(folder: &Path, camera: &Camera, at: Moment) -> Option<(Picture, Timestamp)> {
    let at = super::source::timestamp(at);
    let file = camera.files.iter().rev().find(|file| file.from <= at).or_else(|| camera.files.first())?;
    let units = units(folder, camera, file, at)?;
    let wanted = units.iter().map(|(_, taken_at)| *taken_at).filter(|taken| *taken <= at).max();
    let wanted = wanted.or_else(|| units.first().map(|(_, taken_at)| *taken_at))?;
    Some((decoded(units, wanted)?, wanted))
}

/// What has to be decoded for the moment's picture, from a key frame on.
fn units(
    folder: &Path,
    camera: &Camera,
    file: &MediaFile,
    at: Timestamp,
) -> Option<Vec<(AccessUnit, Timestamp)>> {
    let group = Group::at(folder, file, at).ok()??;
    let mut reader = MediaReader::open(&folder.join(&file.name), camera.source.sound.as_ref()).ok()?;
    let codec = reader.introduced().codec;
    reader.go_to(&group).ok()?;
    let mut units: Vec<(AccessUnit, Timestamp)> = Vec::new();
    while let Ok(Some(contents)) = reader.next_contents() {
        let Contents::Picture { data, parameters, random_access, taken_at } = contents else { continue };
        let next_group = random_access && !units.is_empty();
        // One more is decoded where pictures are shown in another order than they come.
        if next_group || units.len() >= MOST_UNITS {
            break;
        }
        let captured = Some(SystemTime::from(Moment(taken_at.as_microsecond())));
        let unit = AccessUnit {
            codec,
            data,
            parameters: if codec == Codec::Mjpeg { Arc::from([]) } else { parameters },
            random_access,
            timestamp: taken_at.as_millisecond(),
            lost_packets: 0,
            received: Instant::now(),
            captured,
        };
        units.push((unit, taken_at));
        if taken_at > at && units.len() > 1 {
            break;
        }
    }
    (!units.is_empty()).then_some(units)
}

fn decoded(units: Vec<(AccessUnit, Timestamp)>, wanted: Timestamp) -> Option<Picture> {
    let (say, hear) = sync_channel(units.len());
    let pool = Pool::new(NonZeroUsize::MIN);
    let options = Options {
        preference: Preference::Software,
        max_lateness: Duration::from_secs(24 * 3600),
        ..Options::new("still")
    };
    let input = pool.open(options, Box::new(Shown(say)));
    let until = Instant::now() + PATIENCE;
    let wanted = SystemTime::from(Moment(wanted.as_microsecond()));
    let mut found = None;
    for (unit, _) in units {
        input.push(unit);
    }
    while let Ok(picture) = hear.recv_timeout(until.saturating_duration_since(Instant::now())) {
        let captured = picture.captured;
        if captured.is_none_or(|captured| captured <= wanted) || found.is_none() {
            found = Some(picture);
        }
        if captured.is_some_and(|captured| captured >= wanted) {
            break;
        }
    }
    found
}
