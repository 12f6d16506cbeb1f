//! What is seen of open streams, and what devices refuse.

use std::time::{Duration, Instant};

use inventory::ProfileKind;
use model::{Capacity, Id, Size};

use super::Planner;
use super::costs::Class;
use super::links::Link;
use super::sessions::Open;
use super::watch::{Since, Watch};
use crate::plan::Choice;
use crate::statistics::Sample;

/// A camera that has let in no further viewer is taken for full for so long.
const FULL_FOR: Duration = Duration::from_secs(300);

/// An open stream's counts.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Whose.
    pub camera: Id,
    /// Which.
    pub kind: ProfileKind,
    /// [`crate::Stream::slot`]: counts of another opening begin at zero.
    pub slot: u64,
    /// The counts.
    pub sample: Sample,
}

/// How much is taken of a recorder or a site's line.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkLoad {
    /// The recorder or site.
    pub id: Id,
    /// Mb/s received of it lately.
    pub received: f64,
    /// Mb/s that other clients are known to take.
    pub others: f64,
    /// Mb/s that it carries; `None`: not known.
    pub limit: Option<f64>,
    /// The limit is what was found, and not what is declared.
    pub learned: bool,
    /// Mb/s as declared.
    pub declared: Option<f64>,
    /// Streams that are open by the plan.
    pub streams: usize,
}

/// What came over one link since the last look.
#[derive(Clone, Copy, Default)]
struct Arrived {
    /// Mb/s that its streams send.
    nominal: f64,
    megabits: f64,
    streams: usize,
    strained: usize,
}

impl Planner {
    /// Learns from the counts of all open streams at `now`; asked for about twice a second.
    pub fn observe(&mut self, seen: &[Seen], now: Instant) {
        let elapsed = self.looked.elapsed(now);
        let mut recorders = vec![Arrived::default(); self.recorders.len()];
        let mut sites = vec![Arrived::default(); self.sites.len()];
        let (mut received, mut late, mut seconds) = (0, 0, 0.0);
        let mut open = Vec::with_capacity(seen.len());
        for one in seen {
            let Some(&place) = self.places.get(&one.camera) else { continue };
            let camera = &mut self.cameras[place];
            let (relayed, recorder, site) = (camera.relayed, camera.recorder, camera.site);
            let Some(stream) = camera.stream_mut(one.kind) else { continue };
            let nominal = stream.mbps(now);
            let watch = stream.watch.get_or_insert_with(|| Watch::new(one.slot, Sample::default(), now));
            let since = watch.look(one.slot, one.sample, now);
            // A stream that has just begun has its burst, or nothing yet.
            let settled = watch.means().is_some();
            received += since.received;
            late += since.late;
            seconds += (since.work.key_frame_time + since.work.other_time).as_secs_f64();
            self.learn(&one.sample, &since);
            open.extend(open_decoder(one));
            let links = [(!relayed).then(|| &mut recorders[recorder]), Some(&mut sites[site])];
            for link in links.into_iter().flatten() {
                link.megabits += since.bytes as f64 * 8.0 / 1e6;
                link.nominal += if settled { nominal } else { 0.0 };
                link.streams += usize::from(settled);
                link.strained += usize::from(settled && since.strained);
            }
        }
        self.sessions.observe(&open, now);
        let Some(elapsed) = elapsed.filter(|elapsed| !elapsed.is_zero()) else { return };
        self.strain.observe(received, late, seconds / elapsed.as_secs_f64(), elapsed);
        let narrow = self.who_is_narrow(&recorders, &sites);
        let observe = |links: &mut [Link], arrived: &[Arrived], narrow: &dyn Fn(usize) -> bool| {
            for (at, (link, arrived)) in links.iter_mut().zip(arrived).enumerate() {
                link.observe(arrived.nominal, arrived.megabits, narrow(at), elapsed);
            }
        };
        observe(&mut self.recorders, &recorders, &|at| narrow.0[at]);
        observe(&mut self.sites, &sites, &|at| narrow.1[at]);
    }

    fn learn(&mut self, sample: &Sample, since: &Since) {
        let (Some(codec), Some(size), Some(decoder)) = (sample.codec, sample.size, sample.decoder) else {
            return;
        };
        let class = |size: Size, key_frames| Class::new(codec, size, decoder.is_hardware(), key_frames);
        let work = since.work;
        self.costs.learn(class(size, true), size, work.key_frames, work.key_frame_time);
        self.costs.learn(class(size, false), size, work.others, work.other_time);
    }

    /// Recorders and sites that do not keep up. Where streams of several recorders lag, the line that they share is too
    /// narrow; where those of one alone do, that recorder is too slow.
    fn who_is_narrow(&self, recorders: &[Arrived], sites: &[Arrived]) -> (Vec<bool>, Vec<bool>) {
        // Half of the streams: a single camera with a bad cable is not the line.
        let lags = |arrived: &Arrived| arrived.strained * 2 >= arrived.streams && arrived.strained > 0;
        let mut siblings = vec![(0, 0); sites.len()];
        let mut counted = vec![false; recorders.len()];
        for camera in &self.cameras {
            if !std::mem::replace(&mut counted[camera.recorder], true) {
                let arrived = &recorders[camera.recorder];
                siblings[camera.site].0 += usize::from(arrived.streams > 0);
                siblings[camera.site].1 += usize::from(lags(arrived));
            }
        }
        let site_lags = |site: usize| lags(&sites[site]) && siblings[site].0 == siblings[site].1;
        let narrow_sites: Vec<bool> = (0..sites.len()).map(site_lags).collect();
        let mut narrow_recorders = vec![false; recorders.len()];
        for camera in &self.cameras {
            let arrived = &recorders[camera.recorder];
            narrow_recorders[camera.recorder] = lags(arrived) && !narrow_sites[camera.site];
        }
        (narrow_recorders, narrow_sites)
    }

    /// The device refuses this stream for lack of room, and is not asked again before `until`. Said once a refusal.
    pub fn refuse(
        &mut self,
        camera: &Id,
        kind: ProfileKind,
        capacity: Capacity,
        until: Instant,
        now: Instant,
    ) {
        let Some(&place) = self.places.get(camera) else { return };
        let ours = self.sessions_of(place, now);
        let camera = &mut self.cameras[place];
        if capacity == Capacity::Viewers {
            // Who has a place keeps it, and the next stream takes it over instead of asking for a second one.
            camera.full = Some((if ours > 0 { now + FULL_FOR } else { until }, ours));
        }
        // Only where there is a smaller stream to fall to; a larger one would be refused all the more.
        let has_smaller = kind == ProfileKind::Main && camera.sub.is_some();
        let Some(stream) = camera.stream_mut(kind) else { return };
        stream.refused = has_smaller.then_some(until);
        let mbps = stream.mbps(now);
        if capacity == Capacity::Bandwidth && !camera.relayed {
            let (recorder, site) = (camera.recorder, camera.site);
            self.lower(recorder, site, mbps, now);
        }
    }

    /// A device that answers "not enough bandwidth" means itself or the line behind it: whichever is fuller.
    fn lower(&mut self, recorder: usize, site: usize, mbps: f64, now: Instant) {
        let sum = |of: &dyn Fn(&super::Camera) -> bool| -> f64 {
            let cameras = self.cameras.iter().filter(|camera| of(camera));
            let streams = cameras.flat_map(|camera| [&camera.main, &camera.sub]).flatten();
            streams.filter(|stream| stream.is_coming(now)).map(|stream| stream.mbps(now)).sum()
        };
        let by_recorder = sum(&|camera| camera.recorder == recorder && !camera.relayed) + mbps;
        let by_site = sum(&|camera| camera.site == site) + mbps;
        let share = |used: f64, link: &Link| link.free().map_or(0.0, |free| used / free.max(f64::EPSILON));
        let site_is_fuller =
            share(by_site, &self.sites[site]) > share(by_recorder, &self.recorders[recorder]);
        if site_is_fuller {
            self.sites[site].refused(by_site);
        } else {
            self.recorders[recorder].refused(by_recorder);
        }
    }

    /// Our sessions of this camera that bring pictures.
    fn sessions_of(&self, place: usize, now: Instant) -> u32 {
        let camera = &self.cameras[place];
        let streams = [&camera.main, &camera.sub].into_iter().flatten();
        streams.filter(|stream| stream.is_coming(now)).count() as u32
    }

    /// How full recorders are.
    pub fn recorders(&self) -> impl Iterator<Item = LinkLoad> {
        let streams = self.streams_by(self.recorders.len(), |camera| camera.recorder);
        self.recorders.iter().zip(streams).map(|(link, streams)| load(link, streams))
    }

    /// How full sites' lines are.
    pub fn sites(&self) -> impl Iterator<Item = LinkLoad> {
        let streams = self.streams_by(self.sites.len(), |camera| camera.site);
        self.sites.iter().zip(streams).map(|(link, streams)| load(link, streams))
    }

    fn streams_by(&self, links: usize, of: impl Fn(&super::Camera) -> usize) -> Vec<usize> {
        let mut streams = vec![0; links];
        let verdicts = self.decision.iter().flat_map(|decision| &decision.cameras);
        for (camera, verdict) in self.cameras.iter().zip(verdicts) {
            streams[of(camera)] += usize::from(verdict.choice != Choice::Nothing);
        }
        streams
    }
}

impl super::Stream {
    /// It was open at the last look, and something had come.
    fn is_coming(&self, now: Instant) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.is_open(now) && watch.newest().received > 0)
    }
}

fn load(link: &Link, streams: usize) -> LinkLoad {
    let limit = link.limit();
    LinkLoad {
        id: link.id.clone(),
        received: link.received,
        others: link.others(),
        limit: limit.map(|(mbps, _)| mbps),
        learned: limit.is_some_and(|(_, learned)| learned),
        declared: link.declared,
        streams,
    }
}

fn open_decoder(seen: &Seen) -> Option<Open> {
    let Sample { codec, decoder, fell_back, .. } = seen.sample;
    let on_gpu = decoder?.is_hardware();
    Some(Open { slot: seen.slot, codec: codec?, on_gpu, fell_back: fell_back && !on_gpu })
}
