//! The one door for the engine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use model::Id;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::Bell;
use crate::helms::{AtHelm, Claim, Helms};
use crate::ledger::{MAX_NAME, Me};
use crate::link::{self, Shared};
use crate::member::Member;
use crate::server::Server;
use crate::view::{State, View};
use crate::wish::{Holder, Wish};

/// The share of lines and recorders that clients together leave free.
pub const RESERVE: f64 = 0.1;

/// What this client may open, agreed on with the others. To be called by one part of the program only, or under one
/// lock: between reading a view and acting on it nobody else may wish.
pub struct Leases(Option<Joined>);

struct Joined {
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl Leases {
    /// Without a server: everything is granted.
    #[must_use]
    pub fn alone() -> Self {
        Self(None)
    }

    /// Shares with all clients of `server`. `who` is this one; its name is cut to what a ledger takes. `reserve` is the
    /// share of lines and recorders that is left free, 0–1, usually [`RESERVE`]. `bell` rings, on `runtime`, whenever
    /// the view has changed otherwise than by [`Leases::wish`]; it must not block.
    #[must_use]
    pub fn join(server: Server, who: &Holder, reserve: f64, runtime: &Handle, bell: Bell) -> Self {
        // Nobody starts with what an earlier run had: its sessions are gone, and its leases end with its beats.
        let client = format!("{:032x}", rand::random::<u128>());
        let client = Id::new(&client).expect("32 digits");
        let me = Me { client, name: printable(&who.name), rank: who.rank };
        let helms = Mutex::new(Helms::new(me.clone(), Instant::now()));
        let member = Mutex::new(Member::new(me, reserve, Instant::now()));
        let shared = Arc::new(Shared { member, helms, stirred: Notify::new(), bell });
        let task = runtime.spawn(link::run(Arc::clone(&shared), server)).abort_handle();
        Self(Some(Joined { shared, task }))
    }

    /// These are wanted or open now, the most important first, and nothing else. Gives the view that counts from now on;
    /// whatever an earlier one granted and this one does not must not be opened any more.
    ///
    /// What is left out is neither open nor wanted. What is [`Wish::open`] keeps its lease until it is wished or left
    /// out without being open. So after [`crate::Answer::Recalled`]: close the stream, then wish again. Call it after
    /// every bell, with `open` as it is then.
    pub fn wish(&self, wishes: &[Wish]) -> Arc<View> {
        let Some(Joined { shared, .. }) = &self.0 else { return self.view() };
        let view = {
            let mut member = shared.member.lock();
            member.wish(wishes, Instant::now());
            member.view()
        };
        shared.stirred.notify_one();
        view
    }

    /// How things stand.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.0
            .as_ref()
            .map_or_else(|| Arc::new(View::new(State::Alone)), |joined| joined.shared.member.lock().view())
    }

    /// This client wants to steer `camera` from now on, until [`Leases::let_go`]. [`Leases::at_helm`] says whether it may:
    /// at once if the server is there and nobody else does.
    pub fn claim(&self, camera: &Id, claim: Claim) {
        if let Some(Joined { shared, .. }) = &self.0 {
            shared.helms.lock().claim(camera, claim, Instant::now());
            shared.stirred.notify_one();
        }
    }

    /// Nothing of `camera` moves by this client's doing any more: others may have it.
    pub fn let_go(&self, camera: &Id) {
        if let Some(Joined { shared, .. }) = &self.0 {
            shared.helms.lock().let_go(camera, Instant::now());
            shared.stirred.notify_one();
        }
    }

    /// Who steers `camera`; `None` without a server, where nobody else is known who could.
    #[must_use]
    pub fn at_helm(&self, camera: &Id) -> Option<AtHelm> {
        let shared = &self.0.as_ref()?.shared;
        let at = shared.helms.lock().view().at(camera);
        Some(at)
    }

    /// Gives everything back, for at most `within`. Everything must be closed, and every helm let go. Who goes without this is missed by the
    /// others, and what it had is theirs some seconds later.
    pub async fn close(&self, within: Duration) {
        let Some(Joined { shared, task }) = &self.0 else { return };
        self.wish(&[]);
        let gone = async {
            while !(shared.member.lock().is_gone() && shared.helms.lock().is_gone()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = tokio::time::timeout(within, gone).await;
        task.abort();
    }
}

impl Drop for Leases {
    fn drop(&mut self) {
        if let Some(joined) = &self.0 {
            joined.task.abort();
        }
    }
}

pub(crate) fn printable(name: &str) -> String {
    let mut name: String = name.chars().filter(|c| !c.is_control()).collect();
    name.truncate(name.floor_char_boundary(MAX_NAME));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_between_letters() {
        assert_eq!(printable("Lan\n@phòng 1"), "Lan@phòng 1");
        let long = printable(&"ườ".repeat(100));
        assert!(long.len() <= MAX_NAME && long.len() > MAX_NAME - 4);
    }
}
