//! What there is room for beside what is planned: streams that may be wanted soon, or again.

use std::collections::HashMap;

use inventory::ProfileKind;
use model::Id;

use super::{Planner, Wanted};
use crate::plan::{self, Choice, Load};

impl Planner {
    /// Which of these streams can be open and decoded beside what is planned and beside those before them: a stream that
    /// somebody may come back to, or one that will be wanted soon.
    pub fn rooms<'a>(&self, extra: impl IntoIterator<Item = (&'a Id, ProfileKind)>) -> Vec<bool> {
        let decode = self.decision.as_ref().map(|decision| decision.decode);
        self.rooms_with(extra, decode.unwrap_or(Load { used: 0.0, limit: None }))
    }

    fn rooms_with<'a>(
        &self,
        extra: impl IntoIterator<Item = (&'a Id, ProfileKind)>,
        mut decode: Load,
    ) -> Vec<bool> {
        let Some(decision) = &self.decision else { return extra.into_iter().map(|_| true).collect() };
        let (mut recorders, mut sites) = (decision.recorders.clone(), decision.sites.clone());
        let mut sessions: HashMap<usize, u32> = HashMap::new();
        let fits = |load: &Load, more: f64| load.limit.is_none_or(|limit| load.used + more <= limit);
        let mut room = |id: &Id, kind: ProfileKind| {
            let Some(place) = self.places.get(id).copied() else { return true };
            let camera = &self.facts[place];
            let Some(profile) = camera.profile(kind) else { return true };
            let planned = u32::from(decision.cameras[place].choice != Choice::Nothing);
            let ours = sessions.entry(place).or_insert(planned);
            let viewers = camera.viewers.filter(|_| !camera.relayed);
            let slot = viewers.is_none_or(|viewers| viewers.others + *ours < viewers.limit);
            let recorder = recorders.get_mut(camera.recorder).filter(|_| !camera.relayed);
            let site = sites.get_mut(camera.site);
            let mut ways = recorder.into_iter().chain(site).collect::<Vec<_>>();
            let room =
                slot && fits(&decode, profile.cores) && ways.iter().all(|load| fits(load, profile.mbps));
            if room {
                *ours += 1;
                decode.used += profile.cores;
                ways.iter_mut().for_each(|load| load.used += profile.mbps);
            }
            room
        };
        extra.into_iter().map(|(id, kind)| room(id, kind)).collect()
    }

    /// Whether one more stream can be open for a moment: an old picture that stays until the new one comes. Decoding both
    /// is over before it tells.
    #[must_use]
    pub fn has_room(&self, camera: &Id, kind: ProfileKind) -> bool {
        self.rooms_with([(camera, kind)], Load { used: 0.0, limit: None }) == [true]
    }

    /// The streams that wall `wall` would open if it asked for these now.
    #[must_use]
    pub fn choices(&self, wall: u32, wanted: &[Wanted]) -> Vec<(Id, ProfileKind)> {
        let others = self.walls.iter().filter(|(id, _)| **id != wall).flat_map(|(_, tiles)| tiles);
        let tiles: Vec<plan::Tile> = others.copied().chain(self.tiles(wanted)).collect();
        let decision = self.decide(&tiles);
        let choice = |wanted: &Wanted| {
            let place = *self.places.get(&wanted.camera)?;
            Some((wanted.camera.clone(), decision.cameras[place].choice.kind()?))
        };
        wanted.iter().filter_map(choice).collect()
    }
}
