//! Single pictures of footage that was taken out, decoded from the very bytes of the package.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use decode::OneByOne;
use evidence::{Camera, Group, MediaFile, MediaReader};
use jiff::Timestamp;
use model::{AccessUnit, Moment, Picture};

use super::source::{moment, timestamp, unit};

/// A group of pictures is decoded within this, or what there is by then has to do.
const PATIENCE: Duration = Duration::from_secs(10);
/// More pictures than any group has that begins with a key frame a minute before.
const MOST_UNITS: usize = 4000;

/// The picture of a camera that was shown at a moment, with its own time; the camera's first one where the moment lies
/// before all of them. `None`: there is no footage, or it cannot be decoded.
#[must_use]
pub fn still(folder: &Path, camera: &Camera, at: Moment) -> Option<(Picture, Timestamp)> {
    let at = timestamp(at);
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
        let Some((unit, taken_at)) = unit(codec, contents) else { continue };
        let next_group = unit.random_access && !units.is_empty();
        // One more is decoded where pictures are shown in another order than they come.
        if next_group || units.len() >= MOST_UNITS {
            break;
        }
        units.push((unit, taken_at));
        if taken_at > at && units.len() > 1 {
            break;
        }
    }
    (!units.is_empty()).then_some(units)
}

fn decoded(units: Vec<(AccessUnit, Timestamp)>, wanted: Timestamp) -> Option<Picture> {
    let mut decoder = OneByOne::new("still");
    let (until, wanted) = (Instant::now() + PATIENCE, SystemTime::from(moment(wanted)));
    let mut found = None;
    // The last round is of what the decoder holds back.
    for unit in units.into_iter().map(|(unit, _)| Some(unit)).chain([None]) {
        let pictures = match unit {
            Some(unit) => decoder.push(unit),
            None => decoder.finish(),
        };
        for picture in pictures {
            let captured = picture.captured;
            if captured.is_none_or(|captured| captured <= wanted) || found.is_none() {
                found = Some(picture);
            }
            if captured.is_some_and(|captured| captured >= wanted) {
                return found;
            }
        }
        if Instant::now() >= until {
            break;
        }
    }
    found
}
