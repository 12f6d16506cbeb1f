//! Streams that no tile shows any more and that stay open for a moment.

use std::time::{Duration, Instant};

use engine::Planner;
use inventory::ProfileKind;
use model::Id;

use super::Feeds;
use crate::wall::sharing::Sharing;
use crate::wall::view::Feed;

/// A stream that no tile shows any more stays open for this long if there is room for it: going back to it (enlarged and
/// back, a page on and back) shows a living picture at once, and recorders are not asked to end and begin the same
/// session.
pub(super) const LINGER: Duration = Duration::from_secs(5);

pub(in crate::wall) struct Lingering {
    pub(super) until: Instant,
    pub(super) camera: Id,
    pub(super) feed: Feed,
}

impl Lingering {
    fn stream(&self) -> Option<(&Id, ProfileKind)> {
        Some((&self.camera, self.feed.profile?))
    }

    /// Somebody else goes before.
    pub(super) fn is_denied(&self, sharing: &Sharing) -> bool {
        self.stream().is_some_and(|(id, kind)| !sharing.grants(id, kind))
    }
}

impl Feeds {
    /// These are no longer shown by a wall.
    pub fn let_go(&self, gone: Vec<(Id, Feed)>) {
        if gone.is_empty() {
            return;
        }
        let until = Instant::now() + LINGER;
        let gone = gone.into_iter().map(|(camera, feed)| Lingering { until, camera, feed });
        // Nobody comes back to a stream in whose place the same profile was opened anew.
        let (replaced, gone): (Vec<_>, Vec<_>) =
            gone.partition(|one| self.is_replaced(&one.camera, &one.feed));
        let over = {
            let planner = self.planner.lock();
            let sharing = self.sharing.lock();
            let mut lingering = self.lingering.lock();
            lingering.extend(gone);
            // Somebody else waits for these.
            let mut over: Vec<_> = lingering.extract_if(.., |one| one.is_denied(&sharing)).collect();
            drop((sharing, lingering));
            over.extend(self.crowded(&planner));
            over.extend(replaced);
            over
        };
        self.end(over);
        // What stays is told as well: nobody needs it any more.
        self.sharing.lock().stir();
    }

    /// Takes out the lingering streams that there is no room for any more; the newest stay first.
    pub(super) fn crowded(&self, planner: &Planner) -> Vec<Lingering> {
        let mut lingering = self.lingering.lock();
        let planned = |one: &Lingering| {
            // What is planned has its room already.
            let planned = planner.verdict(&one.camera).and_then(|verdict| verdict.choice.kind());
            one.feed.profile.is_none_or(|kind| planned == Some(kind))
        };
        let extra: Vec<_> =
            lingering.iter().rev().filter(|one| !planned(one)).filter_map(Lingering::stream).collect();
        let rooms = planner.rooms(extra);
        let mut rooms = rooms.into_iter().rev();
        lingering.extract_if(.., |one| !planned(one) && rooms.next() == Some(false)).collect()
    }

    /// Closes what nobody has come back to.
    pub fn sweep(&self) {
        let now = Instant::now();
        let over: Vec<_> = self.lingering.lock().extract_if(.., |one| one.until <= now).collect();
        self.end(over);
    }

    /// Closes these; no lock may be held, it takes its time.
    pub(super) fn end(&self, gone: Vec<Lingering>) {
        if !gone.is_empty() {
            drop(gone);
            self.sharing.lock().stir();
        }
    }
}
