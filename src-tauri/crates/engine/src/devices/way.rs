//! How a camera's device is reached, and as whom.

use inventory::{DeviceAddress, Inventory};
use model::{Action, Credentials, Id};

use crate::People;
use crate::people::{Barred, Denied};

/// The way to a camera's device. A recorder's cameras share their device.
#[derive(Clone)]
pub struct Way {
    /// The device: a recorder's id.
    pub device: Id,
    /// The camera.
    pub camera: Id,
    /// Where the device answers.
    pub address: DeviceAddress,
    /// The camera's channel there, from 1.
    pub channel: u32,
    /// Who we are to it.
    pub login: Option<Credentials>,
}

/// What a device is reached for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What is done while watching.
    Watching,
    /// Moving a mount that only sets the camera up: administrators do that, who see no pictures.
    SettingUp,
}

/// Why there is no way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// The inventory has no such camera.
    #[error("no such camera")]
    NoCamera,
    /// The inventory does not say where its device answers besides its streams.
    #[error("the device's address is not in the inventory")]
    NoAddress,
    /// The person has no login for it that may be used.
    #[error("no login: {0:?}")]
    Barred(Barred),
    /// The person may not set up devices.
    #[error(transparent)]
    Denied(#[from] Denied),
}

/// The way to a camera's device for whoever has signed in. Waits for the keychain at the first camera after a sign-in.
///
/// # Errors
/// [`NoWay`]
pub fn way(people: &People, inventory: &Inventory, camera: &Id, purpose: Purpose) -> Result<Way, NoWay> {
    let (site, recorder, camera) = inventory.camera(camera).ok_or(NoWay::NoCamera)?;
    let address = recorder.address.clone().ok_or(NoWay::NoAddress)?;
    let login = match purpose {
        Purpose::Watching => people.login(site, recorder, camera),
        Purpose::SettingUp => {
            people.allow(Action::ManageInventory, None)?;
            people.login_to_set_up(site, recorder, camera)
        }
    };
    Ok(Way {
        device: recorder.id.clone(),
        camera: camera.id.clone(),
        address,
        channel: camera.channel.unwrap_or(1),
        login: login.map_err(NoWay::Barred)?,
    })
}
