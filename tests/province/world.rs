//! What all recorders share: streams, and how much of each limit is taken.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::SystemTime;

use crate::clip::{ClipId, Clips};
use crate::equipment::Movement;
use crate::list::{List, Profile};
use crate::live::Spares;
use crate::panorama::Panoramas;
use crate::recordings::{Calendar, millis};
use crate::shared::Shared;
use crate::stream::{Epoch, Stream};

/// The most viewers of a camera, both profiles together.
const VIEWERS: u32 = 6;

/// Everything on the recorders' one thread.
pub(crate) struct World {
    pub(crate) list: &'static List,
    pub(crate) clips: Arc<Clips>,
    pub(crate) panoramas: Arc<Panoramas>,
    pub(crate) spares: Arc<Spares>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) epoch: Epoch,
    /// Opened when first asked for.
    streams: RefCell<HashMap<(usize, Profile), Rc<Stream>>>,
    /// b/s reserved, by site, and by recorder.
    site_rates: Vec<Cell<u64>>,
    recorder_rates: Vec<Cell<u64>>,
    viewers: Vec<Cell<u32>>,
    /// Playback sessions, by recorder.
    pub(crate) playbacks: Vec<Rc<Cell<u32>>>,
}

impl World {
    pub(crate) fn new(
        list: &'static List,
        clips: Arc<Clips>,
        panoramas: Arc<Panoramas>,
        shared: Arc<Shared>,
        user: String,
        password: String,
    ) -> Self {
        Self {
            list,
            clips,
            panoramas,
            spares: Arc::default(),
            shared,
            user,
            password,
            epoch: Epoch::now(),
            streams: RefCell::default(),
            site_rates: list.sites.iter().map(|_| Cell::new(0)).collect(),
            recorder_rates: list.recorders.iter().map(|_| Cell::new(0)).collect(),
            viewers: list.cameras.iter().map(|_| Cell::new(0)).collect(),
            playbacks: list.recorders.iter().map(|_| Rc::default()).collect(),
        }
    }

    /// `None` while the clip is not ready.
    pub(crate) fn stream(&self, camera: usize, profile: Profile) -> Option<Rc<Stream>> {
        let mut streams = self.streams.borrow_mut();
        if let Some(stream) = streams.get(&(camera, profile)) {
            return Some(Rc::clone(stream));
        }
        let about = &self.list.cameras[camera];
        let clip = self.clips.get(ClipId::of(about, profile))?;
        let rate = about.coding.frame_rate(profile);
        let stream = Stream::new(camera, profile, rate, clip, Arc::clone(&self.shared), self.epoch);
        let stream = match about.movement {
            Movement::Fixed => stream,
            _ => stream.that_moves(about.scene, Arc::clone(&self.panoramas), Arc::clone(&self.spares)),
        };
        let stream = Rc::new(stream);
        streams.insert((camera, profile), Rc::clone(&stream));
        Some(stream)
    }

    /// A recorder's clock over the days, and the true time now, ms.
    pub(crate) fn calendar(&self, recorder: usize) -> (Calendar, i64) {
        let now = millis(SystemTime::now());
        let offset = self.shared.recorders[recorder].clock_offset.load(Relaxed);
        (Calendar::new(self.list.recorders[recorder].equipment, offset, now), now)
    }

    /// Room for one more viewer, or the status that says which limit is reached.
    pub(crate) fn reserve(self: &Rc<Self>, camera: usize, profile: Profile) -> Result<Reservation, u16> {
        let about = &self.list.cameras[camera];
        let (site, recorder) = (&self.list.sites[about.site], &self.list.recorders[about.recorder]);
        let rate = u64::from(about.nominal_rate(profile));
        if self.viewers[camera].get() >= VIEWERS {
            return Err(503);
        }
        let fits = |used: &Cell<u64>, mbps: u32| used.get() + rate <= u64::from(mbps) * 1_000_000;
        if !fits(&self.recorder_rates[about.recorder], recorder.sends_mbps)
            || !fits(&self.site_rates[about.site], site.uplink_mbps)
        {
            return Err(453);
        }
        let reservation = Reservation { world: Rc::clone(self), camera, rate };
        reservation.book(|used, rate| used + rate, |viewers| viewers + 1);
        Ok(reservation)
    }
}

/// A viewer's share of the limits, given back when dropped.
pub(crate) struct Reservation {
    world: Rc<World>,
    camera: usize,
    rate: u64,
}

impl Reservation {
    fn book(&self, rate: impl Fn(u64, u64) -> u64, viewers: impl Fn(u32) -> u32) {
        let about = &self.world.list.cameras[self.camera];
        for used in [&self.world.site_rates[about.site], &self.world.recorder_rates[about.recorder]] {
            used.set(rate(used.get(), self.rate));
        }
        let count = &self.world.viewers[self.camera];
        count.set(viewers(count.get()));
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.book(|used, rate| used - rate, |viewers| viewers - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::list;

    fn world() -> Rc<World> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _entered = runtime.enter();
        let clips = Arc::new(Clips::new(std::env::temp_dir()));
        let panoramas = Arc::new(Panoramas::new(std::env::temp_dir(), Arc::default()));
        Rc::new(World::new(
            list(),
            clips,
            panoramas,
            Arc::new(Shared::new(list())),
            String::new(),
            String::new(),
        ))
    }

    #[test]
    fn a_recorder_sends_no_more_than_it_can() {
        let world = world();
        // The second site: one recorder of 20 Mb/s with four cameras of 2 Mb/s.
        let cameras: Vec<usize> = world.list.sites[1].cameras.clone().collect();
        assert_eq!(cameras.len(), 4);
        let all: Vec<_> = (0..12).map(|i| world.reserve(cameras[i % 4], Profile::Main)).collect();
        assert!(all[..10].iter().all(Result::is_ok), "ten fit");
        assert!(matches!((&all[10], &all[11]), (Err(453), Err(453))));
        assert!(matches!(world.reserve(cameras[0], Profile::Sub), Err(453)), "not even a small one");
        drop(all);
        assert!(world.reserve(cameras[0], Profile::Main).is_ok(), "all was given back");
    }

    #[test]
    fn a_site_sends_no_more_than_its_line_carries() {
        let world = world();
        let site = world.list.sites.iter().position(|site| site.cameras.len() == 35).unwrap();
        let cameras = world.list.sites[site].cameras.clone();
        let mut held = Vec::new();
        let mut refused = 0;
        for camera in cameras.cycle().take(35 * 2) {
            match world.reserve(camera, Profile::Main) {
                Ok(reservation) => held.push(reservation),
                Err(status) => {
                    assert_eq!(status, 453);
                    refused += 1;
                }
            }
        }
        let rate: u64 = held.iter().map(|reservation| reservation.rate).sum();
        assert!(refused > 0 && rate <= 100_000_000 && rate > 95_000_000, "{rate}");
    }

    #[test]
    fn both_profiles_count_as_viewers() {
        let world = world();
        let held: Vec<_> = (0..6).map(|i| world.reserve(0, Profile::BOTH[i % 2])).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(matches!(world.reserve(0, Profile::Sub), Err(503)));
        assert!(world.reserve(1, Profile::Sub).is_ok(), "another camera");
    }
}
