//! What belongs to the house: inventory, records, health, kept layouts. They read files and wait for the network, so they
//! run beside the thread of the windows.

use model::Id;

use super::Shared;
use crate::wire::Notice;
use crate::wire::health::{Board, Handover};
use crate::wire::records::{RecordFilter, RecordFormat, RecordPage, RecordVerdict, Watched};
use crate::wire::saved::{Saved, TourFields};
use crate::wire::sharing::{Sharing, SharingFields};
use crate::wire::stock::{ImportOptions, ImportPreview, SavedFile, StockFormat, StockState, ZoneMark};

#[tauri::command(async)]
pub(crate) fn stock_state(console: Shared<'_>) -> Result<StockState, Notice> {
    console.stock_state()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn preview_import(
    console: Shared<'_>,
    name: String,
    content: String,
    options: ImportOptions,
) -> Result<ImportPreview, Notice> {
    console.preview_import(&name, &content, options)
}

#[tauri::command(async)]
pub(crate) fn apply_import(console: Shared<'_>, token: u32) -> Result<(), Notice> {
    console.apply_import(token)
}

#[tauri::command(async)]
pub(crate) fn export_stock(console: Shared<'_>, format: StockFormat) -> Result<SavedFile, Notice> {
    console.export_stock(format)
}

#[tauri::command(async)]
pub(crate) fn set_stock_source(console: Shared<'_>, source: Option<String>) -> Result<(), Notice> {
    console.set_stock_source(source)
}

#[tauri::command(async)]
pub(crate) fn fetch_stock(console: Shared<'_>) -> Result<(), Notice> {
    console.fetch_stock()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn enrol_key(console: Shared<'_>, key: Option<String>) -> Result<(), Notice> {
    console.enrol_key(key.as_deref())
}

#[tauri::command(async)]
pub(crate) fn make_signing_key(console: Shared<'_>) -> Result<String, Notice> {
    console.make_signing_key()
}

#[tauri::command(async)]
pub(crate) fn mark_zone(console: Shared<'_>, mark: ZoneMark) -> Result<(), Notice> {
    console.mark_zone(mark)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn records(
    console: Shared<'_>,
    filter: RecordFilter,
    before: Option<f64>,
) -> Result<RecordPage, Notice> {
    console.records(&filter, before)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn watched(console: Shared<'_>, filter: RecordFilter) -> Result<Vec<Watched>, Notice> {
    console.watched(&filter)
}

#[tauri::command(async)]
pub(crate) fn verify_records(console: Shared<'_>) -> Result<RecordVerdict, Notice> {
    console.verify_records()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn export_records(
    console: Shared<'_>,
    filter: RecordFilter,
    format: RecordFormat,
) -> Result<SavedFile, Notice> {
    console.export_records(&filter, format)
}

#[tauri::command(async)]
pub(crate) fn board(console: Shared<'_>) -> Result<Board, Notice> {
    console.board()
}

#[tauri::command(async)]
pub(crate) fn handover(console: Shared<'_>) -> Result<Handover, Notice> {
    console.handover()
}

#[tauri::command(async)]
pub(crate) fn print(console: Shared<'_>) -> Result<(), Notice> {
    console.print()
}

#[tauri::command(async)]
pub(crate) fn saved(console: Shared<'_>) -> Result<Saved, Notice> {
    console.saved()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn save_layout(console: Shared<'_>, wall: u32, name: String, shared: bool) -> Result<(), Notice> {
    console.save_layout(wall, &name, shared)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn rename_layout(console: Shared<'_>, id: Id, name: String, shared: bool) -> Result<(), Notice> {
    console.rename_layout(&id, &name, shared)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn open_layout(console: Shared<'_>, wall: u32, id: Id) -> Result<(), Notice> {
    console.open_layout(wall, &id)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn remove_layout(console: Shared<'_>, id: Id) -> Result<(), Notice> {
    console.remove_layout(&id)
}

#[tauri::command(async)]
pub(crate) fn save_tour(console: Shared<'_>, fields: TourFields) -> Result<(), Notice> {
    console.save_tour(fields)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn remove_tour(console: Shared<'_>, id: Id) -> Result<(), Notice> {
    console.remove_tour(&id)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn start_tour(console: Shared<'_>, wall: u32, id: Id) -> Result<(), Notice> {
    console.start_tour(wall, &id)
}

#[tauri::command(async)]
pub(crate) fn pause_tour(console: Shared<'_>, wall: u32, paused: bool) -> Result<(), Notice> {
    console.pause_tour(wall, paused)
}

#[tauri::command(async)]
pub(crate) fn stop_tour(console: Shared<'_>, wall: u32) -> Result<(), Notice> {
    console.stop_tour(wall)
}

#[tauri::command(async)]
pub(crate) fn sharing(console: Shared<'_>) -> Result<Sharing, Notice> {
    console.sharing()
}

#[tauri::command(async)]
pub(crate) fn set_sharing(console: Shared<'_>, fields: SharingFields) -> Result<(), Notice> {
    console.set_sharing(fields)
}
