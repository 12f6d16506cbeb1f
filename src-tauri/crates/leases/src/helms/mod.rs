//! Who steers which camera, agreed on with the other clients. Without any I/O: it is told what the server says and how time
//! passes, and says what is to be written and how things stand, so that all of it can be tested in any order of events.
//!
//! A helm has one holder. Who goes before the holder (the workstation's rank first, then the person's role) enters itself as
//! the next; the holder sees that, ends its movement and lets go, and with that same write the helm is the next one's. So
//! two never steer at once. A holder that does not let go for [`PATIENCE`] loses the helm all the same, and one that is dead
//! (`presence`) has none.
//!
//! Without a server, or while it is lost, everybody has every helm that they ask for, as with streams.

mod helm;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::Id;

use crate::ledger::Me;
use crate::presence::Presence;
use helm::{Hand, Helm, Unreadable, Wanted, encode, parse};

/// A holder who was asked to let go is given so long: a camera's stop and the way there and back.
pub(crate) const PATIENCE: Duration = Duration::from_millis(600);
/// A server that does not answer is waited for so long; afterwards helms are given without it.
const UNSURE: Duration = Duration::from_secs(1);
/// Helms of more cameras are not looked at, unless this client wants them.
const MOST: usize = 16_384;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who steers, as people know them; beside the workstation's name.
    pub person: String,
    /// Among workstations of equal rank the higher goes first.
    pub role: u8,
    /// Also from somebody who comes after.
    pub take: bool,
}

/// Who steers a camera.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AtHelm {
    /// Nobody.
    #[default]
    Nobody,
    /// This client, which may steer.
    Us,
    /// This client, which must end its movement and let go: somebody goes before it.
    UsFor {
        /// Person and workstation.
        name: String,
    },
    /// Somebody else.
    Other {
        /// Person and workstation.
        name: String,
        /// A person of this role or a higher one may take it here, by a claim that says so; `None`: nobody may.
        least_role: Option<u8>,
    },
    /// It is asked for, and not known yet.
    Asked,
}

/// How all helms stand that are not free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HelmView {
    helms: HashMap<Id, AtHelm>,
}

impl HelmView {
    /// Who steers this camera.
    #[must_use]
    pub(crate) fn at(&self, camera: &Id) -> AtHelm {
        self.helms.get(camera).cloned().unwrap_or_default()
    }
}

/// A helm to be written, if the server still has the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) camera: Id,
    /// The server's revision that it follows; 0 for the first.
    pub(crate) after: u64,
    pub(crate) value: Vec<u8>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Helms {
    me: Me,
    phase: Phase,
    presence: Presence,
    cameras: BTreeMap<Id, Camera>,
    view: Arc<HelmView>,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Away { since: Instant, patient: bool },
    Connected { read: bool },
}

#[derive(Debug, Default)]
struct Camera {
    claim: Option<Claim>,
    known: Option<Known>,
    writing: Option<Writing>,
    /// The server refused a write after this revision: there is a later one, which will come.
    outrun_after: Option<u64>,
    /// Since when the server has us as the next.
    next_since: Option<Instant>,
    /// The caller was told last that it may steer: that holds until the server says otherwise.
    held: bool,
}

#[derive(Debug)]
struct Known {
    revision: u64,
    /// `None`: of a later version, and not ours to change.
    helm: Option<Helm>,
}

#[derive(Debug)]
struct Writing {
    after: u64,
    helm: Helm,
}

impl Helms {
    pub(crate) fn new(me: Me, now: Instant) -> Self {
        let phase = Phase::Away { since: now, patient: true };
        Self { me, phase, presence: Presence::default(), cameras: BTreeMap::new(), view: Arc::default() }
    }

    pub(crate) fn view(&self) -> Arc<HelmView> {
        Arc::clone(&self.view)
    }

    /// This client wants to steer `camera` from now on; again for another person, or to take it.
    pub(crate) fn claim(&mut self, camera: &Id, claim: Claim, now: Instant) -> bool {
        self.cameras.entry(camera.clone()).or_default().claim = Some(claim);
        self.publish(now)
    }

    /// It steers no longer: nothing moves by its doing.
    pub(crate) fn let_go(&mut self, camera: &Id, now: Instant) -> bool {
        if let Some(camera) = self.cameras.get_mut(camera) {
            (camera.claim, camera.held) = (None, false);
        }
        self.publish(now)
    }

    /// A connection stands; helms follow by [`Helms::helm`], then [`Helms::all_read`].
    pub(crate) fn connected(&mut self, now: Instant) -> bool {
        self.phase = Phase::Connected { read: false };
        self.presence.begin(now);
        self.publish(now)
    }

    /// There is no connection, or it is of no use.
    pub(crate) fn lost(&mut self, now: Instant) -> bool {
        self.phase = match self.phase {
            away @ Phase::Away { .. } => away,
            Phase::Connected { .. } => Phase::Away { since: now, patient: true },
        };
        for camera in self.cameras.values_mut() {
            let (claim, held) = (camera.claim.take(), camera.held);
            *camera = Camera { claim, held, ..Camera::default() };
        }
        self.publish(now)
    }

    /// The server has this for a camera; `None`: it was deleted.
    pub(crate) fn helm(&mut self, camera: &Id, revision: u64, value: Option<&[u8]>, now: Instant) -> bool {
        if !self.cameras.contains_key(camera) && self.cameras.len() >= MOST {
            return false;
        }
        let helm = match value.map(parse) {
            Some(Ok(helm)) => Some(helm),
            Some(Err(Unreadable::Newer)) => None,
            Some(Err(Unreadable::Damaged)) | None => Some(Helm::default()),
        };
        for client in helm.iter().flat_map(Helm::clients) {
            self.presence.expect(client, now);
        }
        let known = self.cameras.entry(camera.clone()).or_default();
        known.know(&self.me.client, revision, helm, now) && self.publish(now)
    }

    /// Every helm that the server had at first has been read.
    pub(crate) fn all_read(&mut self, now: Instant) -> bool {
        if let Phase::Connected { read } = &mut self.phase {
            *read = true;
        }
        self.publish(now)
    }

    /// A client's beat was heard, perhaps this one's own.
    pub(crate) fn heard(&mut self, client: &Id, now: Instant) -> bool {
        self.presence.heard(client, now);
        false
    }

    /// Time passes; to be called several times a second.
    pub(crate) fn pass(&mut self, now: Instant) -> bool {
        let Self { presence, cameras, .. } = self;
        presence.pass(now, |client| {
            cameras.values().filter_map(Camera::known_helm).any(|helm| helm.clients().any(|id| id == client))
        });
        if let Phase::Away { since, patient } = &mut self.phase
            && now.saturating_duration_since(*since) >= UNSURE
        {
            *patient = false;
        }
        self.publish(now)
    }

    /// What is to be written now. Each must be answered by [`Helms::written`], [`Helms::outrun`] or [`Helms::lost`].
    pub(crate) fn next_writes(&mut self, now: Instant) -> Vec<Write> {
        let Phase::Connected { read: true } = self.phase else { return Vec::new() };
        let Self { me, presence, cameras, .. } = self;
        let dead = |client: &Id| *client != me.client && presence.is_dead(client, now);
        let write = |(id, camera): (&Id, &mut Camera)| {
            let (after, helm) = camera.next_write(me, now, dead)?;
            Some(Write { camera: id.clone(), after, value: encode(&helm) })
        };
        cameras.iter_mut().filter_map(write).collect()
    }

    /// The server has taken the last write for this camera.
    pub(crate) fn written(&mut self, camera: &Id, revision: u64, now: Instant) -> bool {
        if let Some(known) = self.cameras.get_mut(camera)
            && let Some(writing) = known.writing.take()
        {
            known.know(&self.me.client, revision, Some(writing.helm), now);
        }
        self.publish(now)
    }

    /// Somebody else was faster at this camera; his helm comes by [`Helms::helm`].
    pub(crate) fn outrun(&mut self, camera: &Id, now: Instant) -> bool {
        if let Some(known) = self.cameras.get_mut(camera) {
            known.outrun_after = known.writing.take().map(|writing| writing.after);
        }
        self.publish(now)
    }

    /// Whether no helm has this client any more.
    pub(crate) fn is_gone(&self) -> bool {
        let mine = |helm: &Helm| helm.clients().any(|client| *client == self.me.client);
        self.cameras.values().all(|camera| camera.writing.is_none() && !camera.known_helm().is_some_and(mine))
    }

    /// Draws up the view; says whether it differs from the one before.
    fn publish(&mut self, now: Instant) -> bool {
        let Self { me, presence, cameras, phase, .. } = self;
        let dead = |client: &Id| *client != me.client && presence.is_dead(client, now);
        let helms = cameras.iter_mut().filter_map(|(id, camera)| {
            let at = camera.at(me, *phase, dead);
            camera.held = matches!(at, AtHelm::Us | AtHelm::UsFor { .. });
            (at != AtHelm::Nobody).then(|| (id.clone(), at))
        });
        let view = HelmView { helms: helms.collect() };
        self.cameras
            .retain(|_, camera| camera.claim.is_some() || camera.known.is_some() || camera.writing.is_some());
        let changed = *self.view != view;
        if changed {
            self.view = Arc::new(view);
        }
        changed
    }
}

impl Camera {
    fn known_helm(&self) -> Option<&Helm> {
        self.known.as_ref()?.helm.as_ref()
    }

    /// `false` for what is known already.
    fn know(&mut self, me: &Id, revision: u64, helm: Option<Helm>, now: Instant) -> bool {
        if self.known.as_ref().is_some_and(|known| known.revision >= revision) {
            return false;
        }
        self.outrun_after = None;
        let next = helm.as_ref().and_then(|helm| helm.next.as_ref()).is_some_and(|hand| hand.client == *me);
        self.next_since = next.then(|| self.next_since.unwrap_or(now));
        self.known = Some(Known { revision, helm });
        true
    }

    fn next_write(&mut self, me: &Me, now: Instant, dead: impl Fn(&Id) -> bool) -> Option<(u64, Helm)> {
        let free = Helm::default();
        let (after, helm) = match &self.known {
            Some(Known { revision, helm }) => (*revision, helm.as_ref()?),
            None => (0, &free),
        };
        if self.writing.is_some() || self.outrun_after == Some(after) {
            return None;
        }
        let hand = self.claim.as_ref().map(|claim| hand(me, claim));
        let named = helm.clients().any(|client| *client == me.client);
        let wanted = match (&hand, &self.claim) {
            (Some(hand), Some(Claim { take: true, .. })) => {
                let waited =
                    self.next_since.is_some_and(|since| now.saturating_duration_since(since) >= PATIENCE);
                Wanted::Taken { hand, now: waited }
            }
            (Some(hand), _) => Wanted::IfFree(hand),
            // Who wants nothing leaves others' helms to others.
            _ if !named => return None,
            _ => Wanted::Nothing,
        };
        let next = helm.after(&me.client, wanted, dead);
        if next == *helm {
            return None;
        }
        self.writing = Some(Writing { after, helm: next.clone() });
        Some((after, next))
    }

    fn at(&self, me: &Me, phase: Phase, dead: impl Fn(&Id) -> bool) -> AtHelm {
        let claimed = self.claim.is_some();
        let unsure = || match (claimed, self.held) {
            (false, _) => AtHelm::Nobody,
            (true, true) => AtHelm::Us,
            (true, false) => AtHelm::Asked,
        };
        let helm = match (phase, &self.known) {
            (Phase::Away { patient: false, .. }, _) => {
                return if claimed { AtHelm::Us } else { AtHelm::Nobody };
            }
            (Phase::Connected { read: true }, Some(Known { helm: Some(helm), .. })) => helm,
            // What cannot be read limits nobody.
            (Phase::Connected { read: true }, Some(Known { helm: None, .. })) => {
                return if claimed { AtHelm::Us } else { AtHelm::Nobody };
            }
            _ => return unsure(),
        };
        let living = |hand: &&Hand| !dead(&hand.client);
        let Some(holder) = helm.holder.as_ref().filter(living) else { return unsure() };
        if holder.client != me.client {
            return AtHelm::Other { name: holder.name.clone(), least_role: holder.least_role(me.rank) };
        }
        match helm.next.as_ref().filter(living) {
            _ if !claimed => AtHelm::Nobody,
            _ if self.is_letting_go(&me.client) => AtHelm::Asked,
            Some(next) => AtHelm::UsFor { name: next.name.clone() },
            None => AtHelm::Us,
        }
    }

    /// A write is under way, and not yet overtaken, after which somebody else has the helm.
    fn is_letting_go(&self, me: &Id) -> bool {
        let Some(writing) = &self.writing else { return false };
        let in_doubt = self.known.as_ref().is_some_and(|known| known.revision == writing.after);
        in_doubt && writing.helm.holder.as_ref().is_none_or(|holder| holder.client != *me)
    }
}

fn hand(me: &Me, claim: &Claim) -> Hand {
    let name =
        if claim.person.is_empty() { me.name.clone() } else { format!("{} · {}", claim.person, me.name) };
    let name = crate::leases::printable(&name);
    Hand { client: me.client.clone(), name, rank: me.rank, role: claim.role }
}
