//! Who may do what where.
//!
//! **What it does:** decides by role whether a person may do something at all, and by scope whether to this camera.
//!
//! **What it must never know:** how somebody signed in, passwords, devices, words for people. The devices' own accounts
//! remain the real boundary: what is denied here is not asked of a device, what is granted here a device may still refuse.
//!
//! **The way through it:** a [`Person`] is made at sign-in; [`Person::may`] is asked before every act, with the
//! [`Subject`] that it is done to; [`Person::visible`] says which cameras there are for them; [`Person::may_somewhere`]
//! says which controls are worth showing.
//!
//! # Roles
//! Administering and watching are separate, so that nobody who can give rights can use them: an administrator sees no
//! footage, an auditor does nothing but read.
//!
//! | | administrator | supervisor | operator | viewer | auditor |
//! | --- | :---: | :---: | :---: | :---: | :---: |
//! | View, Listen | | in scope | in scope | in scope | |
//! | Talk, Move | | in scope | in scope | | |
//! | Playback, Export | | in scope | in scope | | |
//! | ArrangeWalls | | yes | yes | yes | |
//! | ShareLayouts | | yes | | | |
//! | EnterCredentials | yes | yes | yes | yes | |
//! | MarkZones | yes | yes | | | |
//! | ManageAccounts | yes | | | | |
//! | ManageInventory | yes | | | | |
//! | ManageSettings | yes | | | | |
//! | ReadAudit | | | | | yes |
//!
//! *In scope*: what is done to cameras is granted for the cameras of the person's [`Scope`], and for all cameras at once
//! only where the scope is everything. The other actions are done to no camera; a scope does not narrow them.

#[cfg(test)]
mod tests;

use inventory::{Camera, Inventory, Recorder, Site};
use model::{Action, Id, Role, Scope};

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: String,
    /// What they work as.
    pub role: Role,
    /// The cameras that their rights hold for.
    pub scope: Scope,
}

/// What something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// One camera.
    Camera {
        /// District of its site, by name.
        district: &'a str,
        /// Its site.
        site: &'a Id,
        /// The camera itself.
        camera: &'a Id,
    },
    /// All cameras, those to come included.
    Everything,
    /// No camera. An action on cameras is not granted for it: who forgets to say which camera is denied.
    None,
}

impl<'a> Subject<'a> {
    /// A camera of that site.
    #[must_use]
    pub fn camera(site: &'a Site, camera: &'a Camera) -> Self {
        Self::Camera { district: &site.district, site: &site.id, camera: &camera.id }
    }
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// The role does not do that, wherever.
    #[error("not with this role")]
    Role,
    /// The role does that, but not with this camera.
    #[error("not within this scope")]
    Scope,
}

impl Person {
    /// Whether they may do that to it.
    ///
    /// # Errors
    /// [`Denied`] says what is in the way.
    pub fn may(&self, action: Action, subject: Subject<'_>) -> Result<(), Denied> {
        if !does(self.role, action) {
            return Err(Denied::Role);
        }
        let within = match subject {
            _ if !concerns_cameras(action) => true,
            Subject::Camera { district, site, camera } => self.scope.holds(district, site, camera),
            Subject::Everything => self.scope.everything,
            Subject::None => false,
        };
        if within { Ok(()) } else { Err(Denied::Scope) }
    }

    /// Whether there may be something that they may do that to: to show a control or leave it out, not to grant an act.
    #[must_use]
    pub fn may_somewhere(&self, action: Action) -> bool {
        let Scope { everything, districts, sites, cameras } = &self.scope;
        let nowhere = !everything && districts.is_empty() && sites.is_empty() && cameras.is_empty();
        does(self.role, action) && !(nowhere && concerns_cameras(action))
    }

    /// The cameras that they may see, in the order of the inventory, each with its site and recorder. Nobody else's are
    /// told to the page at all.
    pub fn visible<'a>(
        &'a self,
        inventory: &'a Inventory,
    ) -> impl Iterator<Item = (&'a Site, &'a Recorder, &'a Camera)> {
        let recorders = |site: &'a Site| site.recorders.iter().map(move |recorder| (site, recorder));
        let cameras = |(site, recorder): (&'a Site, &'a Recorder)| {
            recorder.cameras.iter().map(move |camera| (site, recorder, camera))
        };
        let all = inventory.sites().iter().flat_map(recorders).flat_map(cameras);
        all.filter(|(site, _, camera)| self.may(Action::View, Subject::camera(site, camera)).is_ok())
    }
}

/// The table above. Only what is named is granted, so that a new action is denied until it is given to somebody.
fn does(role: Role, action: Action) -> bool {
    use Action::{
        ArrangeWalls, EnterCredentials, Export, Listen, ManageAccounts, ManageInventory, ManageSettings,
        MarkZones, Move, Playback, ReadAudit, ShareLayouts, Talk, View,
    };
    match role {
        Role::Administrator => {
            matches!(action, EnterCredentials | MarkZones | ManageAccounts | ManageInventory | ManageSettings)
        }
        Role::Supervisor => matches!(action, ShareLayouts | MarkZones) || does(Role::Operator, action),
        Role::Operator => matches!(action, Talk | Move | Playback | Export) || does(Role::Viewer, action),
        Role::Viewer => matches!(action, View | Listen | ArrangeWalls | EnterCredentials),
        Role::Auditor => matches!(action, ReadAudit),
    }
}

/// Whether it is done to cameras. Without a wildcard: what is new has to be put on one side.
fn concerns_cameras(action: Action) -> bool {
    match action {
        Action::View | Action::Listen | Action::Talk | Action::Move | Action::Playback | Action::Export => {
            true
        }
        Action::ArrangeWalls
        | Action::ShareLayouts
        | Action::EnterCredentials
        | Action::MarkZones
        | Action::ManageAccounts
        | Action::ManageInventory
        | Action::ManageSettings
        | Action::ReadAudit => false,
    }
}
