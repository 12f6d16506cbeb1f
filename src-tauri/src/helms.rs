//! Who steers a camera among the workstations: what `engine` asks, answered by the leases.

use std::sync::{Arc, Weak};

use engine::People;
use engine::steer::{Agreement, Alone, Claim, Holder, precedence};
use leases::AtHelm;
use model::Id;

use crate::wall::feeds::Feeds;

/// The other workstations where one shares with them, else nobody.
pub struct Helms {
    feeds: Weak<Feeds>,
    people: Arc<People>,
    alone: Alone,
}

impl Helms {
    /// Whoever shares lines with others agrees with the same ones. `people`: whose role says what they may take.
    #[must_use]
    pub fn new(feeds: &Arc<Feeds>, people: &Arc<People>) -> Self {
        Self { feeds: Arc::downgrade(feeds), people: Arc::clone(people), alone: Alone::default() }
    }
}

impl Agreement for Helms {
    fn claim(&self, camera: &Id, claim: &Claim) {
        match self.feeds.upgrade().and_then(|feeds| feeds.leases()) {
            // Its own name has the person in it.
            Some(leases) => {
                let claim = leases::Claim { person: String::new(), role: claim.role, take: claim.take };
                leases.claim(camera, claim);
            }
            None => self.alone.claim(camera, claim),
        }
    }

    fn let_go(&self, camera: &Id) {
        self.alone.let_go(camera);
        if let Some(leases) = self.feeds.upgrade().and_then(|feeds| feeds.leases()) {
            leases.let_go(camera);
        }
    }

    fn holder(&self, camera: &Id) -> Holder {
        let leases = self.feeds.upgrade().and_then(|feeds| feeds.leases());
        match leases.and_then(|leases| leases.at_helm(camera)) {
            None => self.alone.holder(camera),
            Some(AtHelm::Nobody) => Holder::Nobody,
            Some(AtHelm::Us) => Holder::Us,
            Some(AtHelm::UsFor { name }) => Holder::UsFor { name },
            Some(AtHelm::Other { name, least_role }) => {
                let role = self.people.with_who(|who| precedence(who.person.role)).unwrap_or_default();
                Holder::Other { name, ours_to_take: least_role.is_some_and(|least| role >= least) }
            }
            Some(AtHelm::Asked) => Holder::Asked,
        }
    }
}
