//! Devices that are found, met and put into the inventory.

use model::Id;

use super::Shared;
use crate::wire::Notice;
use crate::wire::enrol::{DeviceEnrolment, FoundDevice, MetDevice};
use crate::wire::people::Hidden;

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn find_devices(console: Shared<'_>, addresses: String) -> Result<Vec<FoundDevice>, Notice> {
    console.find_devices(&addresses)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn meet_device(
    console: Shared<'_>,
    address: String,
    user: String,
    password: Hidden,
) -> Result<MetDevice, Notice> {
    console.meet_device(&address, &user, &password.0)
}

/// Gives the id of the recorder that it is from now on.
#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn enrol_device(console: Shared<'_>, enrolment: DeviceEnrolment) -> Result<Id, Notice> {
    console.enrol_device(&enrolment)
}
