//! What comes of cameras, and how full recorders and lines are, for people.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Stream;
use engine::planner::LinkLoad;
use model::Id;

use super::Feeds;

/// What comes of a camera.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measure {
    /// Mb/s received since this was last asked.
    pub mbps: f64,
    /// Pictures decoded a second since then.
    pub rate: f64,
    /// Of the newest picture.
    pub age: Option<Duration>,
    /// Who decodes.
    pub decoder: String,
}

/// What the plan takes of everything.
#[derive(Clone, Debug)]
pub struct Loads {
    /// By recorder.
    pub recorders: Vec<LinkLoad>,
    /// By site.
    pub sites: Vec<LinkLoad>,
    /// Planned share of this machine's decoding, 0–1.
    pub decode: f64,
    /// Something else keeps this machine busy.
    pub overloaded: bool,
}

impl Feeds {
    /// What comes of each camera that is open; of two streams the larger one.
    #[must_use]
    pub fn measures(&self) -> HashMap<Id, Measure> {
        let now = Instant::now();
        let open: Vec<(Id, Arc<Stream>)> = {
            let open = self.open.lock();
            open.iter()
                .filter_map(|((camera, _), open)| Some((camera.clone(), open.stream.upgrade()?)))
                .collect()
        };
        let mut before = self.measured.lock();
        let mut measures: HashMap<Id, Measure> = HashMap::new();
        let mut seen = HashMap::new();
        for (camera, stream) in open {
            let (statistics, glance) = (stream.statistics(), stream.glance(Some(u64::MAX), now));
            let (at, bytes, decoded) =
                before.get(&stream.slot()).copied().unwrap_or((now, statistics.bytes, statistics.decoded));
            let seconds = now.saturating_duration_since(at).as_secs_f64();
            let rate = |count: u64| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
            let measure = Measure {
                mbps: rate(statistics.bytes.saturating_sub(bytes)) * 8.0 / 1e6,
                rate: rate(statistics.decoded.saturating_sub(decoded)),
                age: glance.last_picture.map(|at| now.saturating_duration_since(at)),
                decoder: glance.decoder.map(|decoder| decoder.name().to_owned()).unwrap_or_default(),
            };
            seen.insert(stream.slot(), (now, statistics.bytes, statistics.decoded));
            let known = measures.entry(camera).or_default();
            if measure.mbps >= known.mbps {
                *known = measure;
            }
        }
        *before = seen;
        measures
    }

    /// How full recorders and sites' lines are.
    #[must_use]
    pub fn loads(&self) -> Loads {
        let (planner, inventory) = (self.planner.lock(), self.inventory());
        let (mut recorders, mut sites): (Vec<_>, Vec<_>) =
            (planner.recorders().collect(), planner.sites().collect());
        let sharing = self.sharing.lock();
        sharing.add_others(&mut recorders, &inventory);
        sharing.add_others(&mut sites, &inventory);
        Loads { recorders, sites, decode: planner.decode_share(), overloaded: planner.is_overloaded() }
    }

    /// Sessions that watch each of these cameras, and how many may; cameras without a limit are left out.
    #[must_use]
    pub fn viewers<'a>(&self, cameras: impl Iterator<Item = &'a Id>) -> HashMap<Id, (u32, u32)> {
        let (planner, inventory) = (self.planner.lock(), self.inventory());
        let sharing = self.sharing.lock();
        let viewers = |id: &Id| {
            let (ours, limit) = planner.viewers(id)?;
            let others = inventory.camera(id).map_or(0, |(site, ..)| sharing.viewers(&site.id, id));
            Some((id.clone(), ((ours + others).min(limit), limit)))
        };
        cameras.filter_map(viewers).collect()
    }
}
