//! From one ledger to the next: a client enters what it wants and has, and what the dead held is freed.

use crate::wish::Profile;
use model::Id;

use super::judge::settle;
use super::{Ledger, Party, Recorder, Stream, Verdict, judge};
use crate::wish::Want;

/// Rates that are a little lower than what is leased change nothing: measured rates wander.
const MUCH_LESS: f64 = 0.8;

/// Who enters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Me {
    pub(crate) client: Id,
    pub(crate) name: String,
    pub(crate) rank: u8,
}

/// A stream that a client wants or has, in the ledger's units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) camera: Id,
    pub(crate) kind: Profile,
    pub(crate) recorder: Option<Id>,
    pub(crate) kbps: u32,
    pub(crate) want: Want,
    pub(crate) selected: bool,
    pub(crate) site_kbps: Option<u32>,
    pub(crate) recorder_kbps: Option<u32>,
    pub(crate) viewers: Option<u32>,
    /// A session may exist. If so, it is leased whether there is room or not: the ledger says what is, and what is too
    /// much is given back in order.
    pub(crate) maybe_open: bool,
    /// The ticket it had before the ledger forgot it.
    pub(crate) ticket: Option<u64>,
    /// It is not entered anew now: others who have it open must be entered first.
    pub(crate) held_back: bool,
}

/// The ledger after `me` has entered exactly `entries`, and everything that is due and fits has been leased, to whomever.
pub(crate) fn enter(ledger: &Ledger, me: &Me, entries: &[Entry]) -> Ledger {
    let mut next = ledger.clone();
    let place = next.parties.binary_search_by(|party| party.client.cmp(&me.client));
    let before = place.ok().map(|at| next.parties.remove(at));
    let party = party(&mut next.next, before.as_ref(), me, entries);
    if !party.streams.is_empty() {
        let at = place.unwrap_or_else(|at| at);
        next.parties.insert(at, party);
        give_back(&mut next, at, entries);
    }
    settle(&mut next);
    next
}

/// Without the parties of the dead.
pub(crate) fn bury(ledger: &Ledger, dead: impl Fn(&Id) -> bool) -> Ledger {
    let mut next = ledger.clone();
    next.parties.retain(|party| !dead(&party.client));
    next
}

fn party(next: &mut u64, before: Option<&Party>, me: &Me, entries: &[Entry]) -> Party {
    let site_kbps = entries.iter().filter_map(|entry| entry.site_kbps).min();
    let recorders = recorders(entries);
    let mut streams = Vec::new();
    for entry in entries {
        let had = before.and_then(|party| {
            let stream = party.streams.get(party.find(&entry.camera, entry.kind)?)?;
            // By another way it is another stream: what was leased is not what it takes.
            (party.recorder(stream).map(|of| &of.id) == entry.recorder.as_ref()).then_some(stream)
        });
        let pointless = entry.want == Want::Nothing && !entry.maybe_open;
        if pointless || (had.is_none() && entry.held_back && !entry.maybe_open) {
            continue;
        }
        let ticket = had.map(|stream| stream.ticket).or(entry.ticket).unwrap_or(*next);
        *next = (*next).max(ticket + 1);
        let kbps = had.map_or(entry.kbps, |stream| steady(stream.kbps, entry.kbps));
        let leased = match had.map_or(0, |stream| stream.leased) {
            0 if entry.maybe_open => kbps,
            leased => leased.min(kbps),
        };
        streams.push(Stream {
            camera: entry.camera.clone(),
            kind: entry.kind,
            recorder: entry.recorder.as_ref().and_then(|id| {
                recorders.binary_search_by(|recorder| recorder.id.cmp(id)).ok()?.try_into().ok()
            }),
            viewers: entry.viewers,
            want: entry.want,
            selected: entry.selected,
            kbps,
            leased,
            ticket,
        });
    }
    streams.sort_by(|a, b| (a.ticket, &a.camera, a.kind).cmp(&(b.ticket, &b.camera, b.kind)));
    Party { client: me.client.clone(), name: me.name.clone(), rank: me.rank, site_kbps, recorders, streams }
}

fn recorders(entries: &[Entry]) -> Vec<Recorder> {
    let named = entries
        .iter()
        .filter_map(|entry| Some(Recorder { id: entry.recorder.clone()?, kbps: entry.recorder_kbps }));
    let mut recorders: Vec<Recorder> = named.collect();
    // The smallest number first, and no number last; of each recorder only the first stays.
    recorders.sort_by(|a, b| (&a.id, a.kbps.unwrap_or(u32::MAX)).cmp(&(&b.id, b.kbps.unwrap_or(u32::MAX))));
    recorders.dedup_by(|later, first| later.id == first.id);
    recorders
}

fn steady(known: u32, asked: u32) -> u32 {
    let little_less = asked <= known && f64::from(asked) >= f64::from(known) * MUCH_LESS;
    if little_less { known } else { asked }
}

/// Leases of mine that are not due to me and certainly not in use.
fn give_back(ledger: &mut Ledger, at: usize, entries: &[Entry]) {
    let judgement = judge(ledger);
    for (s, stream) in ledger.parties[at].streams.iter_mut().enumerate() {
        let in_use = entries
            .iter()
            .any(|entry| entry.maybe_open && entry.kind == stream.kind && entry.camera == stream.camera);
        if !in_use && judgement.verdict((at, s)) != Verdict::Holds {
            stream.leased = 0;
        }
    }
}
