//! Who may do what where: the words; the decision is `engine`'s.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Id;

/// What somebody works as. Administering and operating are separate: an administrator sees no footage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Accounts, inventory and settings for all; no pictures.
    Administrator,
    /// Leads a shift: everything that an operator may, for everybody's layouts and tours too.
    Supervisor,
    /// Watches, moves cameras, plays back, takes evidence out.
    Operator,
    /// Watches.
    Viewer,
    /// Reads who did what.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::Supervisor, Self::Operator, Self::Viewer, Self::Auditor];
}

/// What somebody may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See a camera's live picture, and save it.
    View,
    /// Hear a camera's sound.
    Listen,
    /// Speak through a camera.
    Talk,
    /// Steer a camera.
    Move,
    /// See what a recorder holds.
    Playback,
    /// Take recordings out.
    Export,
    /// Divide walls, put cameras on them, open and close them.
    ArrangeWalls,
    /// Keep layouts and tours for everybody.
    ShareLayouts,
    /// Enter one's own logins for devices.
    EnterCredentials,
    /// Say which zone a site lies in.
    MarkZones,
    /// Create, change and lock accounts.
    ManageAccounts,
    /// Bring in, change, sign and hand out the inventory.
    ManageInventory,
    /// What holds for everybody on this workstation: servers, limits, reserves.
    ManageSettings,
    /// Read, check and export who did what.
    ReadAudit,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::View,
        Self::Listen,
        Self::Talk,
        Self::Move,
        Self::Playback,
        Self::Export,
        Self::ArrangeWalls,
        Self::ShareLayouts,
        Self::EnterCredentials,
        Self::MarkZones,
        Self::ManageAccounts,
        Self::ManageInventory,
        Self::ManageSettings,
        Self::ReadAudit,
    ];
}

/// Which cameras somebody's rights hold for: all, or those of the districts and sites named, and the cameras named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The whole inventory, whatever comes to it.
    pub everything: bool,
    /// All cameras of these districts, by name.
    pub districts: BTreeSet<String>,
    /// All cameras of these sites.
    pub sites: BTreeSet<Id>,
    /// These cameras.
    pub cameras: BTreeSet<Id>,
}

impl Scope {
    /// The whole inventory.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Whether a camera of that site and district belongs to it.
    #[must_use]
    pub fn holds(&self, district: &str, site: &Id, camera: &Id) -> bool {
        self.everything
            || self.districts.contains(district)
            || self.sites.contains(site)
            || self.cameras.contains(camera)
    }
}
