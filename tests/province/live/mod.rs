//! What a camera sees while it is away from where it was put up: encoded live, only while somebody watches.
//!
//! One [`Live`] is a stream's: a thread makes the picture of each pose and gives it to an `ffmpeg`, another takes the coded
//! picture out again. One spare encoder of each size waits ready, so that a camera that begins to turn shows it at once.

mod encoder;
pub(crate) mod still;

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use model::Codec;

use crate::clip::ClipId;
use crate::clip::annex_b;
use crate::clip::packets::PacketizedPicture;
use crate::frame_number;
use crate::list::Profile;
use crate::motor::Pose;
use crate::panorama::{Panorama, view};
use encoder::Encoder;

/// A picture to be taken.
struct Shot {
    /// In the stream's timeline.
    n: u64,
    pose: Pose,
    /// Drawn into the picture.
    number: u16,
}

/// Encoders that wait ready, one of a size. Dropping the last handle ends them.
#[derive(Default)]
pub(crate) struct Spares {
    ready: Mutex<HashMap<Profile, Encoder>>,
    /// Whether one is being made, by profile.
    making: [AtomicBool; 2],
}

impl Spares {
    /// Sees to it that one waits, or will soon.
    pub(crate) fn order(self: &Arc<Self>, id: ClipId) {
        let is_ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&id.profile);
        if is_ready || self.making[id.profile as usize].swap(true, Relaxed) {
            return;
        }
        let spares = Arc::downgrade(self);
        let make = move || {
            let made = Encoder::start(id);
            let Some(spares) = spares.upgrade() else { return };
            if let Ok(encoder) = made {
                spares.ready.lock().unwrap_or_else(PoisonError::into_inner).insert(id.profile, encoder);
            }
            spares.making[id.profile as usize].store(false, Relaxed);
        };
        if thread::Builder::new().name("province-spare".to_owned()).spawn(make).is_err() {
            self.making[id.profile as usize].store(false, Relaxed);
        }
    }

    fn take(&self, profile: Profile) -> Option<Encoder> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).remove(&profile)
    }
}

/// A running live encoder of one stream.
pub(crate) struct Live {
    shots: mpsc::SyncSender<Shot>,
    pictures: tokio::sync::mpsc::Receiver<(u64, PacketizedPicture)>,
    /// Shots whose pictures have not come back.
    pub(crate) pending: u32,
}

impl Live {
    /// Begins with a spare encoder, or starts one; its first picture is a key frame.
    pub(crate) fn start(id: ClipId, panorama: Arc<Panorama>, spares: &Arc<Spares>) -> io::Result<Self> {
        let (shots, to_take) = mpsc::sync_channel::<Shot>(4);
        let (done, pictures) = tokio::sync::mpsc::channel(8);
        let spare = spares.take(id.profile);
        spares.order(id);
        let work = move || drop(shoot(id, &panorama, spare, &to_take, done));
        thread::Builder::new().name("province-live".to_owned()).spawn(work)?;
        Ok(Self { shots, pictures, pending: 0 })
    }

    /// Orders picture `n` of a pose; `false` if the encoder is behind or gone.
    pub(crate) fn order(&mut self, n: u64, pose: Pose, number: u16) -> bool {
        let taken = self.shots.try_send(Shot { n, pose, number }).is_ok();
        self.pending += u32::from(taken);
        taken
    }

    /// The next coded picture; `None` when the encoder has ended. Safe to drop while waiting.
    pub(crate) async fn next(&mut self) -> Option<(u64, PacketizedPicture)> {
        let next = self.pictures.recv().await;
        self.pending = self.pending.saturating_sub(1);
        next
    }

    /// The rest of what was ordered, as long as it comes soon.
    pub(crate) async fn rest(mut self) -> Vec<(u64, PacketizedPicture)> {
        let mut rest = Vec::new();
        while self.pending > 0
            && let Ok(Some(picture)) = tokio::time::timeout(Duration::from_millis(400), self.next()).await
        {
            rest.push(picture);
        }
        rest
    }
}

/// The worker: until nobody orders any more, or the encoder ends.
fn shoot(
    id: ClipId,
    panorama: &Panorama,
    spare: Option<Encoder>,
    shots: &mpsc::Receiver<Shot>,
    done: tokio::sync::mpsc::Sender<(u64, PacketizedPicture)>,
) -> io::Result<()> {
    let mut encoder = match spare {
        Some(encoder) => encoder,
        None => Encoder::start(id)?,
    };
    let mut output = encoder.output.take().ok_or_else(|| io::Error::other("the output is taken"))?;
    let (ordered, order) = mpsc::sync_channel::<(u64, u16)>(64);
    let read = move || {
        while let (Ok(coded), Ok((n, number))) = (output.next(), order.recv()) {
            let units: Vec<&[u8]> = annex_b::units(&coded).into_iter().map(|unit| &coded[unit]).collect();
            let picture = PacketizedPicture::of_units(Codec::H265, &units, u32::from(number));
            if done.blocking_send((n, picture)).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("province-coded".to_owned()).spawn(read)?;
    let size = id.coding.size(id.profile);
    let (width, height) = (size.width as usize, size.height as usize);
    let mut planes = vec![0; width * height * 3 / 2];
    while let Ok(shot) = shots.recv() {
        view::draw(panorama, shot.pose, size, &mut planes);
        frame_number::draw(&mut planes[..width * height], width, width, height, shot.number);
        if ordered.send((shot.n, shot.number)).is_err() {
            break;
        }
        encoder.write(&planes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::clip::{Clips, default_folder};
    use crate::list::{Coding, list};

    use super::*;

    #[test]
    fn a_live_picture_has_the_parameter_sets_of_its_clip_and_the_first_is_a_key_frame() {
        let camera = list().cameras.iter().find(|camera| camera.movement.is_ptz()).expect("some turn");
        let id = ClipId::of(camera, Profile::Sub);
        assert_eq!(id.coding, Coding::H265);
        let clips = Clips::new(default_folder());
        clips.prepare(&[id], &AtomicBool::new(false), &|_| {}).expect("the clip can be made");
        let clip = clips.get(id).unwrap();
        let mut encoder = Encoder::start(id).expect("ffmpeg can be started");
        let grey = vec![100; 640 * 360 * 3 / 2];
        let mut kinds = Vec::new();
        for _ in 0..3 {
            encoder.write(&grey).unwrap();
            let coded = encoder.output.as_mut().unwrap().next().unwrap();
            let units: Vec<Vec<u8>> =
                annex_b::units(&coded).into_iter().map(|unit| coded[unit].to_vec()).collect();
            let sets: Vec<Vec<u8>> = units
                .iter()
                .filter(|unit| annex_b::kind(Codec::H265, unit) == annex_b::Kind::Parameters)
                .cloned()
                .collect();
            assert!(sets.is_empty() || sets == clip.parameters, "the description holds for both");
            let key = |unit: &Vec<u8>| {
                matches!(annex_b::kind(Codec::H265, unit), annex_b::Kind::Slice { random_access: true, .. })
            };
            kinds.push(units.iter().any(key));
        }
        assert_eq!(kinds, [true, false, false]);
    }
}
