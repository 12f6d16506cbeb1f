//! How presets look: a small picture of each, taken when the camera has come to rest there, kept on this workstation.
//!
//! A picture is of a preset only if nothing else has turned the camera since it was sent there or the preset was kept:
//! everything that moves it begins another *turn*, and a picture of an earlier one is not taken.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use engine::steer::{Moving, Status};
use model::{Action, Id, Picture, Turn};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::time::sleep;

use super::{Console, notices};
use crate::jpeg;
use crate::wire::Notice;

/// Width in pixels; twice as large as it is shown.
const WIDTH: u32 = 192;
const JPEG_QUALITY: u8 = 80;
/// A camera that tells where it points stands still for so long: its picture comes later than the camera.
const REST: Duration = Duration::from_millis(1500);
/// One that does not is given so long to arrive.
const UNTOLD_REST: Duration = Duration::from_secs(8);
/// A camera that has not come to rest by then goes round by itself.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than key frames are apart.
const PICTURE_PATIENCE: Duration = Duration::from_secs(12);
const LOOK: Duration = Duration::from_millis(100);
/// No file of ours is larger.
const LARGEST: u64 = 256 << 10;

/// See the module.
pub(super) struct PresetStills {
    folder: PathBuf,
    cameras: Mutex<HashMap<Id, Camera>>,
}

#[derive(Default)]
struct Camera {
    /// Counts what has turned it.
    turn: u64,
    /// When each preset's picture was taken, milliseconds since 1970, by the mark of its token; `None`: not looked up yet.
    taken: Option<HashMap<String, i64>>,
}

impl PresetStills {
    pub(super) fn new(data: &Path) -> Self {
        Self { folder: data.join("presets"), cameras: Mutex::default() }
    }

    /// Something turns the camera.
    pub(super) fn turned(&self, camera: &Id) -> u64 {
        let mut cameras = self.cameras.lock();
        let camera = cameras.entry(camera.clone()).or_default();
        camera.turn += 1;
        camera.turn
    }

    fn is_newest(&self, camera: &Id, turn: u64) -> bool {
        self.cameras.lock().get(camera).is_some_and(|camera| camera.turn == turn)
    }

    /// When the picture of a preset was taken, milliseconds since 1970.
    pub(super) fn taken(&self, camera: &Id, token: &str) -> Option<i64> {
        let mut cameras = self.cameras.lock();
        let known = cameras.entry(camera.clone()).or_default();
        known.taken.get_or_insert_with(|| listed(&self.of(camera))).get(&mark(token)).copied()
    }

    /// The picture of a preset, a JPEG.
    fn read(&self, camera: &Id, token: &str) -> Option<Vec<u8>> {
        let taken = self.taken(camera, token)?;
        let path = self.path(camera, token, taken);
        let size = fs::metadata(&path).ok()?.len();
        (size <= LARGEST).then(|| fs::read(path).ok()).flatten()
    }

    fn keep(&self, camera: &Id, token: &str, taken: i64, jpeg: &[u8]) -> io::Result<()> {
        fs::create_dir_all(self.of(camera))?;
        let path = self.path(camera, token, taken);
        let draft = path.with_extension("partial");
        let mut file = fs::File::create(&draft)?;
        file.write_all(jpeg)?;
        file.sync_all()?;
        fs::rename(draft, path)?;
        self.forget(camera, token);
        let mut cameras = self.cameras.lock();
        cameras.entry(camera.clone()).or_default().taken.get_or_insert_default().insert(mark(token), taken);
        Ok(())
    }

    /// A preset is no more.
    pub(super) fn forget(&self, camera: &Id, token: &str) {
        let Some(taken) = self.taken(camera, token) else { return };
        // A picture that stays behind is replaced by the next one.
        let _ = fs::remove_file(self.path(camera, token, taken));
        if let Some(taken) = self.cameras.lock().get_mut(camera).and_then(|camera| camera.taken.as_mut()) {
            taken.remove(&mark(token));
        }
    }

    fn of(&self, camera: &Id) -> PathBuf {
        self.folder.join(mark(&camera.to_string()))
    }

    fn path(&self, camera: &Id, token: &str, taken: i64) -> PathBuf {
        self.of(camera).join(format!("{}-{taken}.jpg", mark(token)))
    }
}

/// What a camera or a token is called in file names: devices call presets what they like.
fn mark(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The pictures in a camera's folder: the newest of each preset.
fn listed(folder: &Path) -> HashMap<String, i64> {
    let mut found = HashMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some((mark, taken)) =
            name.to_str().and_then(|name| name.strip_suffix(".jpg")).and_then(|name| name.split_once('-'))
        else {
            continue;
        };
        let Ok(taken) = taken.parse::<i64>() else { continue };
        let newest = found.entry(mark.to_owned()).or_insert(taken);
        *newest = taken.max(*newest);
    }
    found
}

/// Waits until a camera has stood still for a while, and says since when it may be looked at; `None`: it does not come to
/// rest.
async fn rests(status: impl Fn() -> Status) -> Option<Instant> {
    let began = Instant::now();
    let mut still = Instant::now();
    while began.elapsed() < PATIENCE {
        sleep(LOOK).await;
        let status = status();
        if status.moving != Moving::Still {
            still = Instant::now();
        }
        let enough = if status.pose.is_some() { REST } else { UNTOLD_REST };
        if still.elapsed() >= enough {
            return still.checked_add(enough / 2);
        }
    }
    None
}

/// The first live picture that came after `since`; `None`: none comes, or no wall shows the camera any more. It gets its
/// picture another time then.
fn live_picture(console: &Weak<Console>, camera: &Id, since: Instant) -> Option<(Picture, Turn)> {
    let until = Instant::now() + PICTURE_PATIENCE;
    while Instant::now() < until {
        let found = console.upgrade()?.live_picture(camera)?;
        if found.0.received >= since {
            return Some(found);
        }
        std::thread::sleep(LOOK);
    }
    None
}

impl Console {
    /// A picture of the preset is taken when the camera has come to rest there; nobody waits for it.
    pub(super) fn see_preset(self: &Arc<Self>, camera: Id, token: String, turn: u64) {
        let console = Arc::downgrade(self);
        let steering = self.equipment.steering.clone();
        self.equipment.devices.runtime().spawn(async move {
            let Some(since) = rests(|| steering.status(&camera)).await else { return };
            // What is asked of the wall and of the disk may take its time.
            let kept = tokio::task::spawn_blocking(move || {
                let picture = live_picture(&console, &camera, since)?;
                let console = console.upgrade()?;
                if let Err(error) = console.keep_preset_still(&camera, &token, turn, picture) {
                    log::warn!("no picture of a preset of {camera}: {error}");
                }
                Some(())
            });
            let _ = kept.await;
        });
    }

    fn keep_preset_still(
        &self,
        camera: &Id,
        token: &str,
        turn: u64,
        (picture, way): (Picture, Turn),
    ) -> io::Result<()> {
        let small = render::thumbnail(&picture, way, WIDTH).map_err(io::Error::other)?;
        let jpeg = jpeg::coded(small, JPEG_QUALITY).ok_or_else(|| io::Error::other("no picture"))?;
        if !self.preset_stills.is_newest(camera, turn) {
            return Ok(());
        }
        self.preset_stills.keep(camera, token, jiff::Timestamp::now().as_millisecond(), &jpeg)?;
        self.equipment.stir();
        Ok(())
    }

    /// The newest live picture of a camera that is on a wall, and how it is turned there.
    fn live_picture(&self, camera: &Id) -> Option<(Picture, Turn)> {
        let places: Vec<(u32, usize, Turn)> = {
            let state = self.state.lock();
            let walls = state.arrangement.desk().walls();
            let slots = walls.iter().flat_map(|wall| (0..).zip(wall.slots()).map(|slot| (wall.id(), slot)));
            let of = slots.filter(|(_, (_, slot))| slot.camera.as_ref() == Some(camera));
            of.map(|(wall, (at, slot))| (wall, at, slot.turn)).collect()
        };
        let live = places.into_iter().filter(|(wall, ..)| !self.plays(*wall));
        live.into_iter().find_map(|(wall, at, turn)| {
            let controls = Arc::clone(&self.walls.lock().get(&wall)?.controls);
            // Outside the lock: the wall's thread answers.
            Some((controls.still(at)?, turn))
        })
    }

    /// The picture of a preset, 192 pixels wide at most: an address that holds it.
    ///
    /// # Errors
    /// In words: the person may not see the camera.
    pub fn preset_still(&self, camera: &Id, token: &str) -> Result<String, Notice> {
        self.allow(Action::View, Some(camera))?;
        let nothing = || notices::error_notice("no_picture", &[], &self.words());
        self.preset_stills.read(camera, token).map(|bytes| jpeg::address(&bytes)).ok_or_else(nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stills() -> (PresetStills, PathBuf) {
        let folder = std::env::temp_dir().join(format!("watchwall-presets-{}", std::process::id()));
        (PresetStills::new(&folder), folder)
    }

    #[test]
    fn a_presets_newest_picture_is_kept_whatever_the_device_calls_it() {
        let (stills, folder) = stills();
        let camera = Id::new("tram/1/3").unwrap();
        let odd = "../../x\u{202e}\0 CON";
        assert_eq!(stills.taken(&camera, odd), None);
        stills.keep(&camera, odd, 1000, b"first").unwrap();
        stills.keep(&camera, odd, 2000, b"second").unwrap();
        stills.keep(&camera, "2", 1500, b"other").unwrap();
        let again = PresetStills::new(&folder);
        assert_eq!(again.taken(&camera, odd), Some(2000));
        assert_eq!(again.read(&camera, odd).as_deref(), Some(b"second".as_slice()));
        let files = fs::read_dir(again.of(&camera)).unwrap().count();
        assert_eq!(files, 2, "the earlier one is gone");
        again.forget(&camera, odd);
        assert_eq!((again.read(&camera, odd), PresetStills::new(&folder).taken(&camera, odd)), (None, None));
        assert_eq!(again.read(&camera, "2").as_deref(), Some(b"other".as_slice()));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn whatever_turns_the_camera_later_makes_an_earlier_picture_void() {
        let (stills, _) = stills();
        let camera = Id::new("tram/1/4").unwrap();
        let recalled = stills.turned(&camera);
        assert!(stills.is_newest(&camera, recalled));
        stills.turned(&camera);
        assert!(!stills.is_newest(&camera, recalled));
    }
}
