//! This client among the others, without any I/O: it is told what the server says and how time passes, and says what is
//! to be written and what the caller may open. So all of it can be tested in any order of events.
//!
//! A stream counts as *maybe open* from the moment in which a view has granted it until the caller says by a wish that
//! it is not open, while it is not granted any more. Only then is its lease given back.

mod site;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::Id;

use crate::ledger::Me;
use crate::presence::Presence;
use crate::view::{State, Trouble, View};
use crate::wish::Wish;
use site::{Mine, Site};

/// What is wanted anew waits this long for a server that does not answer, before it is granted without it. A server that
/// is there answers in a tenth of that.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);
/// For so long after a ledger was lost, nothing is asked for anew, so that those who have streams open are entered
/// first. Clients come back to a server within [`crate::link`]'s longest pause.
pub(crate) const GRACE: Duration = Duration::from_secs(4);
/// Ledgers of more sites are not looked at, unless this client has wishes there.
const MOST_SITES: usize = 4096;

/// See the module.
#[derive(Debug)]
pub(crate) struct Member {
    me: Me,
    /// The share of lines and recorders that nobody takes, 0–1.
    reserve: f64,
    phase: Phase,
    /// It has been connected: what the others had then may not be in the ledgers yet when it comes back.
    returns: bool,
    quiet_until: Option<Instant>,
    presence: Presence,
    sites: BTreeMap<Id, Site>,
    view: Arc<View>,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Away { since: Instant, trouble: Trouble, patient: bool },
    Connected { read: bool },
}

/// A ledger to be written, if the server still has the one before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Write {
    pub(crate) site: Id,
    /// The server's revision that it follows; 0 for the first.
    pub(crate) after: u64,
    pub(crate) value: Vec<u8>,
}

/// What the answers depend on beside the site itself.
#[derive(Clone, Copy)]
enum Standing {
    /// Everything is granted.
    Lost,
    /// What is open stays open.
    Unsure,
    /// The ledger decides.
    Agreed,
}

impl Member {
    pub(crate) fn new(me: Me, reserve: f64, now: Instant) -> Self {
        let reserve = if reserve.is_nan() { 0.0 } else { reserve.clamp(0.0, 1.0) };
        Self {
            me,
            reserve,
            phase: Phase::Away { since: now, trouble: Trouble::Unreachable, patient: true },
            returns: false,
            quiet_until: None,
            presence: Presence::default(),
            sites: BTreeMap::new(),
            view: Arc::new(View::new(State::Connecting)),
        }
    }

    /// The name by which the others know it.
    pub(crate) fn id(&self) -> &Id {
        &self.me.client
    }

    /// What counts now.
    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view)
    }

    /// These are wanted or open, and nothing else.
    pub(crate) fn wish(&mut self, wishes: &[Wish], now: Instant) {
        let mut by_site: BTreeMap<&Id, Vec<Mine>> = BTreeMap::new();
        for wish in wishes {
            let prior = self.sites.get(&wish.site).and_then(|site| site.mine(&wish.camera, wish.kind));
            let mine = Mine::new(wish, self.reserve, prior);
            site::add(by_site.entry(&wish.site).or_default(), mine);
        }
        for (id, site) in &mut self.sites {
            site.wish(by_site.remove(id).unwrap_or_default());
        }
        for (id, mine) in by_site {
            self.sites.entry(id.clone()).or_default().wish(mine);
        }
        self.publish(now);
    }

    /// A connection stands; ledgers follow by [`Member::ledger`], then [`Member::all_read`].
    pub(crate) fn connected(&mut self, now: Instant) -> bool {
        if self.returns || self.sites.values().any(Site::has_open) {
            self.quiet_until = Some(now + GRACE);
        }
        self.returns = true;
        self.phase = Phase::Connected { read: false };
        self.presence.begin(now);
        self.publish(now)
    }

    /// There is no connection, or it is of no use.
    pub(crate) fn lost(&mut self, trouble: Trouble, now: Instant) -> bool {
        let (since, patient) = match self.phase {
            Phase::Away { since, patient, .. } => (since, patient),
            Phase::Connected { .. } => (now, true),
        };
        self.phase = Phase::Away { since, trouble, patient };
        for site in self.sites.values_mut() {
            site.forget();
        }
        self.publish(now)
    }

    /// The server has this for a site; `None`: it was deleted.
    pub(crate) fn ledger(&mut self, site: &Id, revision: u64, value: Option<&[u8]>, now: Instant) -> bool {
        if !self.sites.contains_key(site) && self.sites.len() >= MOST_SITES {
            return false;
        }
        let known = self.sites.entry(site.clone()).or_default();
        if !known.read(&self.me, revision, value, now + GRACE) {
            return false;
        }
        for client in known.clients() {
            self.presence.expect(client, now);
        }
        self.publish(now)
    }

    /// Every ledger that the server had at first has been read.
    pub(crate) fn all_read(&mut self, now: Instant) -> bool {
        if let Phase::Connected { read } = &mut self.phase {
            *read = true;
        }
        self.publish(now)
    }

    /// A client's beat was heard, perhaps this one's own.
    pub(crate) fn heard(&mut self, client: &Id, now: Instant) -> bool {
        let before = self.presence.living(now);
        self.presence.heard(client, now);
        self.presence.living(now) != before && self.publish(now)
    }

    /// Time passes; to be called several times a second.
    pub(crate) fn pass(&mut self, now: Instant) -> bool {
        let Self { presence, sites, .. } = self;
        presence.pass(now, |client| sites.values().any(|site| site.names(client)));
        let quiet_is_over = self.quiet_until.take_if(|until| *until <= now).is_some();
        for site in self.sites.values_mut() {
            let dead = site.clients().any(|client| is_dead(&self.presence, &self.me, client, now));
            site.pass(now, quiet_is_over || dead);
        }
        if let Phase::Away { since, patient, .. } = &mut self.phase
            && now.saturating_duration_since(*since) >= PATIENCE
        {
            *patient = false;
        }
        self.publish(now)
    }

    /// What is to be written now. Each must be answered by [`Member::written`], [`Member::outrun`] or [`Member::lost`].
    pub(crate) fn next_writes(&mut self, now: Instant) -> Vec<Write> {
        let Phase::Connected { read: true } = self.phase else { return Vec::new() };
        let Self { me, presence, sites, quiet_until, .. } = self;
        let quiet = quiet_until.is_some_and(|until| now < until);
        let write = |(id, site): (&Id, &mut Site)| {
            let dead = |client: &Id| is_dead(presence, me, client, now);
            let (after, value) = site.next_write(me, quiet, dead)?;
            Some(Write { site: id.clone(), after, value })
        };
        sites.iter_mut().filter_map(write).collect()
    }

    /// The server has taken the last write for this site.
    pub(crate) fn written(&mut self, site: &Id, revision: u64, now: Instant) -> bool {
        if let Some(known) = self.sites.get_mut(site) {
            known.written(&self.me, revision);
        }
        self.publish(now)
    }

    /// Somebody else was faster at this site; his ledger comes by [`Member::ledger`].
    pub(crate) fn outrun(&mut self, site: &Id, now: Instant) -> bool {
        if let Some(known) = self.sites.get_mut(site) {
            known.outrun();
        }
        self.publish(now)
    }

    /// Whether the ledgers have nothing of this client any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.sites.values().all(|site| site.is_without(&self.me))
    }

    fn standing(&self) -> Standing {
        match self.phase {
            Phase::Away { patient: false, .. } => Standing::Lost,
            Phase::Away { .. } | Phase::Connected { read: false } => Standing::Unsure,
            Phase::Connected { read: true } => Standing::Agreed,
        }
    }

    fn state(&self, now: Instant) -> State {
        match self.phase {
            Phase::Away { patient: true, .. } => State::Connecting,
            Phase::Away { since, trouble, .. } => State::Lost { since, trouble },
            // Its own beat may not have come back yet.
            Phase::Connected { .. } => State::Connected { clients: self.presence.living(now).max(1) },
        }
    }

    /// Draws up the view; says whether it differs from the one before.
    fn publish(&mut self, now: Instant) -> bool {
        let standing = self.standing();
        let mut view = View::new(self.state(now));
        for (id, site) in &mut self.sites {
            site.answer(&self.me, standing, &mut view);
            if let Some(by_others) = site.by_others() {
                view.uses(id, by_others);
            }
        }
        self.sites.retain(|_, site| !site.is_empty());
        let changed = *self.view != view;
        if changed {
            self.view = Arc::new(view);
        }
        changed
    }
}

/// Whether a client is dead; this one never is.
fn is_dead(presence: &Presence, me: &Me, client: &Id, now: Instant) -> bool {
    *client != me.client && presence.is_dead(client, now)
}
