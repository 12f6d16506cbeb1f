//! Who should hold what: a pure function of the ledger, so that all clients come to the same answer.
//!
//! Streams stand in line, and each gets what fits beside those before it:
//!
//! 1. What keeps a tile from being dark, and what a person has selected or enlarged: the higher rank first; among equals
//!    first pictures, then better ones; then who has waited longer.
//! 2. Better pictures that nobody has selected, by rank, then by waiting time: sharpness that nobody has asked for never
//!    darkens another room's tile, whatever the ranks.
//! 3. What is leased but not needed: an old picture that stays until the new one comes, and streams that somebody may
//!    come back to. It is never leased anew.
//!
//! A better picture stands in place of its camera's first picture and counts as the difference. The answer to 1 and 2
//! does not depend on what is leased, so it changes only when somebody's wishes do: nothing can swing to and fro.

use std::cmp::Reverse;

use model::Id;

use super::pools::{Amount, Pools};
use super::{Ledger, Party, Stream};
use crate::view::Short;
use crate::wish::Want;

/// What is due to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its lease.
    Holds,
    /// It is not needed, and there is room for it as long as nobody asks.
    Spare,
    /// It waits or is given back.
    Out(Short),
}

/// The answer for all streams of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// By the places of party and stream.
    verdicts: Vec<Vec<Verdict>>,
    /// The wanted streams' places in line.
    pub(crate) line: Vec<(usize, usize)>,
}

impl Judgement {
    pub(crate) fn verdict(&self, (party, stream): (usize, usize)) -> Verdict {
        self.verdicts[party][stream]
    }
}

/// A wanted stream's place in line.
pub(crate) fn place<'a>(party: &'a Party, stream: &'a Stream) -> impl Ord + use<'a> {
    let upgrade = stream.want == Want::Upgrade;
    let tier = u8::from(upgrade && !stream.selected);
    let unique: (&Id, &Id, bool) = (&party.client, &stream.camera, upgrade);
    (tier, Reverse(party.rank), upgrade, stream.ticket, unique)
}

/// Gives out the site's limits.
pub(crate) fn judge(ledger: &Ledger) -> Judgement {
    let mut wanted: Vec<_> = ledger.streams().filter(|(_, _, stream)| stream.want != Want::Nothing).collect();
    wanted.sort_unstable_by_key(|(_, party, stream)| place(party, stream));

    let mut pools = Pools::empty(ledger);
    let mut verdicts: Vec<Vec<Option<Verdict>>> =
        ledger.parties.iter().map(|party| vec![None; party.streams.len()]).collect();
    for &((p, s), party, stream) in &wanted {
        let base = (stream.want == Want::Upgrade).then(|| base_of(party, stream)).flatten();
        let needs = Amount::session(party, stream, stream.kbps);
        let short = match base.map(|base| (base, verdicts[p][base])) {
            Some((base, Some(Verdict::Holds))) => {
                let replaced = Amount::session(party, &party.streams[base], party.streams[base].kbps);
                pools.give_back(&replaced);
                let short = pools.short(&needs);
                if short.is_some() {
                    pools.take(&replaced);
                } else {
                    verdicts[p][base] = None; // what is left of it is for the third round
                }
                short
            }
            // Nobody gets the better picture who cannot have the first.
            Some((_, Some(Verdict::Out(short)))) => Some(short),
            _ => pools.short(&needs),
        };
        verdicts[p][s] = Some(short.map_or(Verdict::Holds, Verdict::Out));
        if short.is_none() {
            pools.take(&needs);
        }
    }

    let undecided = |&((p, s), _, _): &((usize, usize), &Party, &Stream)| verdicts[p][s].is_none();
    let mut spare: Vec<_> = ledger.streams().filter(undecided).collect();
    spare
        .sort_by_key(|(_, party, stream)| (Reverse(party.rank), stream.want == Want::Nothing, stream.ticket));
    for ((p, s), party, stream) in spare {
        let takes = Amount::session(party, stream, stream.leased);
        let short = if stream.leased > 0 { pools.short(&takes) } else { None };
        verdicts[p][s] = Some(short.map_or(Verdict::Spare, Verdict::Out));
        if short.is_none() && stream.leased > 0 {
            pools.take(&takes);
        }
    }
    let decided = |of: Vec<Option<Verdict>>| of.into_iter().map(|verdict| verdict.unwrap_or(Verdict::Spare));
    Judgement {
        verdicts: verdicts.into_iter().map(|of| decided(of).collect()).collect(),
        line: wanted.into_iter().map(|(at, _, _)| at).collect(),
    }
}

/// The first picture that a better one stands in for.
fn base_of(party: &Party, upgrade: &Stream) -> Option<usize> {
    party.streams.iter().position(|stream| stream.want == Want::Base && stream.camera == upgrade.camera)
}

/// Leases what is due and fits beside everything that is leased now, also what is being given back: so a lease is never
/// granted before another's stream is closed.
pub(super) fn settle(ledger: &mut Ledger) {
    let judgement = judge(ledger);
    let mut pools = Pools::leased(ledger);
    let mut grants = Vec::new();
    for &(p, s) in judgement.line.iter().filter(|at| judgement.verdict(**at) == Verdict::Holds) {
        let party = &ledger.parties[p];
        let stream = &party.streams[s];
        if stream.leased >= stream.kbps {
            continue;
        }
        let needs = match stream.leased {
            0 => Amount::session(party, stream, stream.kbps),
            leased => Amount::rate(party, stream, stream.kbps - leased),
        };
        if pools.short(&needs).is_none() {
            pools.take(&needs);
            grants.push((p, s));
        }
    }
    for (p, s) in grants {
        let stream = &mut ledger.parties[p].streams[s];
        stream.leased = stream.kbps;
    }
}
