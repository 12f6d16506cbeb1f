//! One site's ledger: which client asks for which streams, and which of them are leased. Pure data and pure functions;
//! the server keeps it as one value, so that whoever changes it by compare-and-set has judged all limits of the site.
//!
//! [`judge`] says who should hold what, [`enter`] and [`bury`] make the next ledger from the last, [`format`] is what it
//! looks like on the server.

mod enter;
mod format;
mod judge;
mod pools;
#[cfg(test)]
mod tests;

use crate::wish::Profile;
use model::Id;
use serde::{Deserialize, Serialize};

use crate::wish::Want;

pub(crate) use enter::{Entry, Me, bury, enter};
pub(crate) use format::{MAX_NAME, MOST_KBPS, Unreadable, encode, parse};
pub(crate) use judge::{Judgement, Verdict, judge, place};
pub(crate) use pools::shares;

/// What all clients hold and ask for at one site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    /// The next ticket; tickets order equals by the time at which the ledger first saw them, without any clock.
    pub(crate) next: u64,
    /// One for each client, ordered by [`Party::client`].
    pub(crate) parties: Vec<Party>,
}

/// One client's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Party {
    /// A name that no other running client has.
    pub(crate) client: Id,
    /// As people know it.
    pub(crate) name: String,
    /// Higher goes first.
    pub(crate) rank: u8,
    /// What may be leased of the site's line, kb/s, by this client's inventory.
    #[serde(rename = "site", default, skip_serializing_if = "Option::is_none")]
    pub(crate) site_kbps: Option<u32>,
    /// The recorders of its streams, ordered by id.
    pub(crate) recorders: Vec<Recorder>,
    /// Ordered by ticket; never empty.
    pub(crate) streams: Vec<Stream>,
}

/// A recorder, as one client knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recorder {
    pub(crate) id: Id,
    /// What may be leased of it, kb/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kbps: Option<u32>,
}

/// A stream that is asked for or leased. Short names on the server: the value goes to all clients at every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    #[serde(rename = "c")]
    pub(crate) camera: Id,
    #[serde(rename = "k")]
    pub(crate) kind: Profile,
    /// Its recorder's place in [`Party::recorders`]; `None` if a relay spares recorder and camera.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub(crate) recorder: Option<u16>,
    /// How many may watch the camera.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub(crate) viewers: Option<u32>,
    #[serde(rename = "w")]
    pub(crate) want: Want,
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) selected: bool,
    /// What it takes, at least 1.
    #[serde(rename = "n")]
    pub(crate) kbps: u32,
    /// What is leased of that: 0 while it waits.
    #[serde(rename = "l", default, skip_serializing_if = "is_zero")]
    pub(crate) leased: u32,
    #[serde(rename = "t")]
    pub(crate) ticket: u64,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Ledger {
    /// The place of a client's party.
    pub(crate) fn party(&self, client: &Id) -> Option<usize> {
        self.parties.binary_search_by(|party| party.client.cmp(client)).ok()
    }

    /// A client's stream, by the places of its party and of itself.
    pub(crate) fn find(&self, client: &Id, camera: &Id, kind: Profile) -> Option<(usize, usize)> {
        let party = self.party(client)?;
        Some((party, self.parties[party].find(camera, kind)?))
    }

    /// All streams with their places.
    pub(crate) fn streams(&self) -> impl Iterator<Item = ((usize, usize), &Party, &Stream)> {
        let parties = self.parties.iter().enumerate();
        parties.flat_map(|(p, party)| {
            party.streams.iter().enumerate().map(move |(s, stream)| ((p, s), party, stream))
        })
    }
}

impl Party {
    /// The place of a stream.
    pub(crate) fn find(&self, camera: &Id, kind: Profile) -> Option<usize> {
        self.streams.iter().position(|stream| stream.kind == kind && stream.camera == *camera)
    }

    /// A stream's recorder.
    pub(crate) fn recorder(&self, stream: &Stream) -> Option<&Recorder> {
        self.recorders.get(usize::from(stream.recorder?))
    }
}
