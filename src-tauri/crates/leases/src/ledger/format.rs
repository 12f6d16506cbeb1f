//! The ledger's bytes on the server (JSON), read as if a stranger had written them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Ledger, Party};
use crate::wish::Want;

/// The version of the format. Anything that an older client would not keep makes a new one.
const VERSION: u32 = 1;
/// A site has some dozens of cameras, and a province some dozens of rooms; servers take 1 MiB.
const MAX_BYTES: usize = 512 * 1024;
const MAX_PARTIES: usize = 64;
const MAX_STREAMS: usize = 1024;
/// The most bytes of a client's name.
pub(crate) const MAX_NAME: usize = 200;
/// The most that a stream takes, kb/s.
pub(crate) const MOST_KBPS: u32 = 10_000_000;
/// Numbers up to here are exact in every reader of JSON.
const MAX_TICKET: u64 = 1 << 53;

/// Why bytes are no ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Of a later version: not to be touched.
    Newer,
    /// Nothing that a client has written.
    Damaged,
}

/// A ledger that no server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    next: u64,
    parties: Vec<Party>,
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// Reads the bytes.
///
/// # Errors
/// See [`Unreadable`].
pub(crate) fn parse(bytes: &[u8]) -> Result<Ledger, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::Damaged);
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    if head.version > VERSION {
        return Err(Unreadable::Newer);
    }
    let file: File = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    let ledger = Ledger { next: file.next, parties: file.parties };
    // A number from which nobody could go on counting is as good as damage.
    let countable = ledger.next <= MAX_TICKET / 2;
    if file.version == VERSION && countable && is_sound(&ledger) {
        Ok(ledger)
    } else {
        Err(Unreadable::Damaged)
    }
}

/// Writes it.
///
/// # Errors
/// [`TooLarge`] beyond what [`parse`] reads.
pub(crate) fn encode(ledger: &Ledger) -> Result<Vec<u8>, TooLarge> {
    let file = File { version: VERSION, next: ledger.next, parties: ledger.parties.clone() };
    let bytes = serde_json::to_vec(&file).map_err(|_| TooLarge)?;
    if bytes.len() <= MAX_BYTES && is_sound(ledger) { Ok(bytes) } else { Err(TooLarge) }
}

/// What holds for every ledger that a client writes; everything else relies on it.
fn is_sound(ledger: &Ledger) -> bool {
    let ordered = ledger.parties.windows(2).all(|pair| pair[0].client < pair[1].client);
    let tickets = ledger.streams().all(|(_, _, stream)| stream.ticket < ledger.next);
    let few = ledger.parties.len() <= MAX_PARTIES && ledger.next <= MAX_TICKET;
    ordered && tickets && few && ledger.parties.iter().all(party_is_sound)
}

fn party_is_sound(party: &Party) -> bool {
    let name = party.name.len() <= MAX_NAME && !party.name.chars().any(char::is_control);
    let recorders = party.recorders.windows(2).all(|pair| pair[0].id < pair[1].id);
    let mut kinds = HashSet::new();
    let mut wants = HashSet::new();
    let streams = party.streams.iter().all(|stream| {
        let recorder = stream.recorder.is_none_or(|at| usize::from(at) < party.recorders.len());
        let rate = (1..=MOST_KBPS).contains(&stream.kbps) && stream.leased <= stream.kbps;
        let once = kinds.insert((&stream.camera, stream.kind));
        let wanted = stream.want == Want::Nothing || wants.insert((&stream.camera, stream.want));
        recorder && rate && once && wanted
    });
    let some = (1..=MAX_STREAMS).contains(&party.streams.len());
    name && recorders && streams && some && party.recorders.len() <= MAX_STREAMS
}
