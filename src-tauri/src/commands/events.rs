//! What devices notice.

use super::Shared;
use crate::wire::Notice;
use crate::wire::events::{DeviceNotice, RuleBook};

#[tauri::command(async)]
pub(crate) fn device_notices(console: Shared<'_>) -> Result<Vec<DeviceNotice>, Notice> {
    console.device_notices()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn acknowledge_notices(console: Shared<'_>, lines: Vec<f64>) -> Result<(), Notice> {
    console.acknowledge_notices(&lines)
}

#[tauri::command(async)]
pub(crate) fn event_rules(console: Shared<'_>) -> Result<RuleBook, Notice> {
    console.event_rules()
}

#[tauri::command(async)]
pub(crate) fn set_event_rules(console: Shared<'_>, book: RuleBook) -> Result<(), Notice> {
    console.set_event_rules(book)
}
