//! The limits that a site's streams share, and how much of them is used.

use std::collections::BTreeMap;

use model::Id;

use super::{Ledger, Party, Stream};
use crate::view::Short;

#[derive(Clone, Copy, Debug)]
struct Pool {
    limit: u64,
    used: u64,
}

/// The site's line, its recorders in kb/s, its cameras in viewers.
#[derive(Clone, Debug)]
pub(super) struct Pools<'a> {
    site: Pool,
    recorders: BTreeMap<&'a Id, Pool>,
    cameras: BTreeMap<&'a Id, Pool>,
}

/// What something would take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amount<'a> {
    recorder: Option<&'a Id>,
    camera: Option<&'a Id>,
    kbps: u64,
    slots: u64,
}

impl<'a> Amount<'a> {
    /// A session that sends `kbps`.
    pub(super) fn session(party: &'a Party, stream: &'a Stream, kbps: u32) -> Self {
        Self { slots: 1, ..Self::rate(party, stream, kbps) }
    }

    /// So much more for a session that is there.
    pub(super) fn rate(party: &'a Party, stream: &'a Stream, kbps: u32) -> Self {
        let recorder = party.recorder(stream).map(|recorder| &recorder.id);
        Self { recorder, camera: recorder.map(|_| &stream.camera), kbps: kbps.into(), slots: 0 }
    }
}

/// Whether two streams draw from the same limit of this sort.
pub(crate) fn shares(a: (&Party, &Stream), b: (&Party, &Stream), limit: Short) -> bool {
    let recorders = (a.0.recorder(a.1).map(|of| &of.id), b.0.recorder(b.1).map(|of| &of.id));
    let direct = recorders.0.is_some() && recorders.1.is_some();
    match limit {
        Short::Viewers => direct && a.1.camera == b.1.camera,
        Short::Recorder => direct && recorders.0 == recorders.1,
        Short::Site | Short::Handover | Short::Server => true,
    }
}

impl<'a> Pools<'a> {
    /// Nothing is used. Of several clients' statements the smallest counts.
    pub(super) fn empty(ledger: &'a Ledger) -> Self {
        let mut pools = Self { site: Pool::new(), recorders: BTreeMap::new(), cameras: BTreeMap::new() };
        for party in &ledger.parties {
            pools.site.limit_to(party.site_kbps);
            for recorder in &party.recorders {
                pools.recorders.entry(&recorder.id).or_insert_with(Pool::new).limit_to(recorder.kbps);
            }
        }
        for (_, party, stream) in ledger.streams() {
            if party.recorder(stream).is_some() {
                pools.cameras.entry(&stream.camera).or_insert_with(Pool::new).limit_to(stream.viewers);
            }
        }
        pools
    }

    /// What is leased is used.
    pub(super) fn leased(ledger: &'a Ledger) -> Self {
        let mut pools = Self::empty(ledger);
        for (_, party, stream) in ledger.streams().filter(|(_, _, stream)| stream.leased > 0) {
            pools.take(&Amount::session(party, stream, stream.leased));
        }
        pools
    }

    /// The first limit that forbids it.
    pub(super) fn short(&self, amount: &Amount) -> Option<Short> {
        let camera = amount.camera.and_then(|id| self.cameras.get(id));
        let recorder = amount.recorder.and_then(|id| self.recorders.get(id));
        if camera.is_some_and(|pool| !pool.fits(amount.slots)) {
            return Some(Short::Viewers);
        }
        if recorder.is_some_and(|pool| !pool.fits(amount.kbps)) {
            return Some(Short::Recorder);
        }
        (!self.site.fits(amount.kbps)).then_some(Short::Site)
    }

    /// Whether more is used of any of its limits than there is.
    #[cfg(test)]
    pub(super) fn is_exceeded(&self, amount: &Amount) -> bool {
        let camera = amount.camera.and_then(|id| self.cameras.get(id));
        let recorder = amount.recorder.and_then(|id| self.recorders.get(id));
        [Some(&self.site), camera, recorder].into_iter().flatten().any(|pool| pool.used > pool.limit)
    }

    pub(super) fn take(&mut self, amount: &Amount) {
        self.change(amount, |used, more| *used += more);
    }

    pub(super) fn give_back(&mut self, amount: &Amount) {
        self.change(amount, |used, less| *used -= less);
    }

    fn change(&mut self, amount: &Amount, by: impl Fn(&mut u64, u64)) {
        by(&mut self.site.used, amount.kbps);
        if let Some(pool) = amount.recorder.and_then(|id| self.recorders.get_mut(id)) {
            by(&mut pool.used, amount.kbps);
        }
        if let Some(pool) = amount.camera.and_then(|id| self.cameras.get_mut(id)) {
            by(&mut pool.used, amount.slots);
        }
    }
}

impl Pool {
    fn new() -> Self {
        Self { limit: u64::MAX, used: 0 }
    }

    fn limit_to(&mut self, limit: Option<u32>) {
        self.limit = self.limit.min(limit.map_or(u64::MAX, u64::from));
    }

    /// Nothing more always fits, also where a limit was lowered below what is used.
    fn fits(&self, more: u64) -> bool {
        more == 0 || self.used + more <= self.limit
    }
}
