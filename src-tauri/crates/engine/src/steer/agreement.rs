//! Who steers a camera, among the workstations that share one.

use std::collections::HashSet;

use model::{Id, Role};
use parking_lot::Mutex;

/// What this workstation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who steers, as colleagues call them.
    pub person: String,
    /// Among workstations of equal rank the higher goes first.
    pub role: u8,
    /// Also from somebody who comes after.
    pub take: bool,
}

/// Who steers a camera.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Holder {
    /// Nobody.
    #[default]
    Nobody,
    /// This workstation.
    Us,
    /// This workstation, which must end its movement and let go: somebody goes before it.
    UsFor {
        /// Person and workstation.
        name: String,
    },
    /// Another workstation.
    Other {
        /// Person and workstation.
        name: String,
        /// It may be taken from them.
        ours_to_take: bool,
    },
    /// It is asked for, and not known yet.
    Asked,
}

/// What is agreed on with other workstations. Nothing here waits.
pub trait Agreement: Send + Sync {
    /// This workstation wants to steer `camera` from now on; again to take it.
    fn claim(&self, camera: &Id, claim: &Claim);

    /// Nothing of it moves by this workstation's doing any more.
    fn let_go(&self, camera: &Id);

    /// Who steers it.
    fn holder(&self, camera: &Id) -> Holder;
}

/// Without other workstations: who asks has it.
#[derive(Default)]
pub struct Alone(Mutex<HashSet<Id>>);

impl Agreement for Alone {
    fn claim(&self, camera: &Id, _: &Claim) {
        self.0.lock().insert(camera.clone());
    }

    fn let_go(&self, camera: &Id) {
        self.0.lock().remove(camera);
    }

    fn holder(&self, camera: &Id) -> Holder {
        if self.0.lock().contains(camera) { Holder::Us } else { Holder::Nobody }
    }
}

/// Whose hand goes first among workstations of equal rank.
#[must_use]
pub fn precedence(role: Role) -> u8 {
    match role {
        Role::Supervisor => 2,
        Role::Operator => 1,
        // Who sets up a mount waits until nobody watches by it.
        Role::Administrator | Role::Viewer | Role::Auditor => 0,
    }
}
