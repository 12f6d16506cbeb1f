//! What streams turn out to send and to take, and what devices refuse, told to the plan.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::planner::Seen;
use engine::{Planner, Stream};
use inventory::{Inventory, ProfileKind};
use model::{Fault, Id, StreamState};

use super::{Feeds, Open};
use crate::wall::sharing;

/// What streams send is measured over so long: bursts of key frames are no rate.
const RATE_WINDOW: Duration = Duration::from_secs(12);

impl Feeds {
    /// Plans anew with what has been seen since: what streams send and take, and what devices refuse. Asked for twice a
    /// second.
    pub fn review(&self) {
        let now = Instant::now();
        let open: Vec<(Id, ProfileKind, Arc<Stream>, bool)> = {
            let open = self.open.lock();
            let held = |((id, kind), open): (&(Id, ProfileKind), &Open)| {
                Some((id.clone(), *kind, open.stream.upgrade()?, open.relayed))
            };
            open.iter().filter_map(held).collect()
        };
        let seen: Vec<Seen> = open
            .iter()
            .map(|(camera, kind, stream, _)| Seen {
                camera: camera.clone(),
                kind: *kind,
                slot: stream.slot(),
                sample: stream.sample(),
            })
            .collect();
        self.hear(&open, now);
        let (mut planner, inventory) = (self.planner.lock(), self.inventory());
        self.pace(&seen, &inventory, now);
        let sharing = self.sharing.lock();
        let otherwise = sharing.with_others(&mut planner, &inventory, |planner| {
            planner.observe(&seen, now);
            self.hear_refusals(&open, planner, now)
        });
        drop(sharing);
        // The same stream by another way is nothing that the plan knows of.
        if planner.plan(now) || otherwise {
            self.changed();
        }
        let gone = self.agree(&mut planner);
        drop(planner);
        self.end(gone);
    }

    /// Devices that let nobody in any more, and relays that fail; says whether a camera is to be reached by another way now.
    fn hear_refusals(
        &self,
        open: &[(Id, ProfileKind, Arc<Stream>, bool)],
        planner: &mut Planner,
        now: Instant,
    ) -> bool {
        let mut refused = self.refused.lock();
        let mut relays = self.relays.lock();
        refused.retain(|_, until| *until > now);
        for (camera, kind, stream, relayed) in open {
            let StreamState::Failed { fault, retry_at } = stream.glance(Some(u64::MAX), now).state else {
                continue;
            };
            if *relayed {
                relays.failed(camera, now);
            } else if let (Fault::Capacity(capacity, _), Some(at)) = (fault, retry_at)
                && refused.insert((camera.clone(), *kind), at) != Some(at)
            {
                planner.refuse(camera, *kind, capacity, at, now);
            }
        }
        relays.tell(planner, now)
    }

    /// What streams send is asked for, and not what they were said to.
    fn pace(&self, seen: &[Seen], inventory: &Inventory, now: Instant) {
        let (mut paced, mut sharing) = (self.paced.lock(), self.sharing.lock());
        paced.retain(|slot, _| seen.iter().any(|one| one.slot == *slot));
        for one in seen {
            let (since, before) = *paced.entry(one.slot).or_insert((now, one.sample.bytes));
            let lasted = now.saturating_duration_since(since);
            let profiles = inventory.camera(&one.camera).map(|(_, _, camera)| &camera.profiles);
            let profile = profiles.and_then(|all| all.iter().find(|profile| profile.kind == one.kind));
            if let Some(profile) = profile.filter(|_| lasted >= RATE_WINDOW) {
                let mbps = one.sample.bytes.saturating_sub(before) as f64 * 8e-6 / lasted.as_secs_f64();
                let key = (one.camera.clone(), one.kind);
                sharing.measured(key, sharing::declared(profile), mbps);
                paced.insert(one.slot, (now, one.sample.bytes));
            }
        }
    }

    /// What devices have said to logins since: each stream's is kept once.
    fn hear(&self, open: &[(Id, ProfileKind, Arc<Stream>, bool)], now: Instant) {
        let mut refused = false;
        let mut heard = self.heard.lock();
        heard.retain(|slot| open.iter().any(|(_, _, stream, _)| stream.slot() == *slot));
        // A relay says nothing of the camera's login.
        for (camera, _, stream, _) in open.iter().filter(|(.., relayed)| !relayed) {
            let said = match stream.glance(Some(u64::MAX), now).state {
                StreamState::Live => Ok(()),
                StreamState::Failed { fault: fault @ Fault::PasswordRefused, .. } => Err(fault),
                _ => continue,
            };
            if heard.insert(stream.slot()) {
                refused |= said.is_err();
                self.people.heard(camera, said);
            }
        }
        drop(heard);
        if refused {
            self.renew();
        }
    }
}
