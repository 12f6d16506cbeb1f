//! Recordings taken out, and packages of evidence.

use model::{Id, Moment};

use super::Shared;
use crate::wire::Notice;
use crate::wire::evidence::{
    Choosing, EvidencePolicy, ExportFields, Exports, FootageStill, PackageVerdict, Preflight, Safe,
};
use crate::wire::people::Hidden;

#[tauri::command(async)]
pub(crate) fn exports(console: Shared<'_>) -> Result<Exports, Notice> {
    console.exports()
}

#[tauri::command]
pub(crate) async fn preflight_export(console: Shared<'_>, fields: ExportFields) -> Result<Preflight, Notice> {
    console.preflight_export(fields).await
}

#[tauri::command]
pub(crate) async fn footage_still(
    console: Shared<'_>,
    camera: Id,
    at: Moment,
) -> Result<FootageStill, Notice> {
    console.footage_still(&camera, at).await
}

#[tauri::command(async)]
pub(crate) fn begin_export(console: Shared<'_>, fields: ExportFields) -> Result<Id, Notice> {
    console.begin_export(fields)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn stop_export(console: Shared<'_>, id: Id, remove: bool) -> Result<(), Notice> {
    console.stop_export(&id, remove)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn resume_export(console: Shared<'_>, id: Id, leave_gaps: bool) -> Result<(), Notice> {
    console.resume_export(&id, leave_gaps)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn seal_package(console: Shared<'_>, id: Id, passphrase: Hidden) -> Result<String, Notice> {
    console.seal_package(&id, &passphrase.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn release_package(console: Shared<'_>, id: Id, remark: String) -> Result<(), Notice> {
    console.release_package(&id, &remark)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn verify_package(
    console: Shared<'_>,
    path: String,
    passphrase: Option<Hidden>,
) -> Result<PackageVerdict, Notice> {
    console.verify_package(&path, passphrase.as_ref().map(|hidden| &hidden.0))
}

#[tauri::command]
pub(crate) async fn choose_path(
    window: tauri::WebviewWindow,
    console: Shared<'_>,
    what: Choosing,
    at: String,
) -> Result<Option<String>, Notice> {
    console.choose_path(&window, what, &at).await
}

#[tauri::command(async)]
pub(crate) fn evidence_policy(console: Shared<'_>) -> Result<EvidencePolicy, Notice> {
    console.evidence_policy()
}

#[tauri::command(async)]
pub(crate) fn set_four_eyes(console: Shared<'_>, four_eyes: bool) -> Result<(), Notice> {
    console.set_four_eyes(four_eyes)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn enrol_evidence_key(
    console: Shared<'_>,
    key: String,
    owner: String,
    enrolled: bool,
) -> Result<(), Notice> {
    console.enrol_evidence_key(&key, &owner, enrolled)
}

#[tauri::command(async)]
pub(crate) fn safe(console: Shared<'_>) -> Result<Safe, Notice> {
    console.safe()
}

#[tauri::command]
pub(crate) async fn keep_bookmark(console: Shared<'_>, id: Id) -> Result<(), Notice> {
    console.keep_bookmark(&id).await
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn keep_bookmark_again(console: Shared<'_>, id: Id) -> Result<(), Notice> {
    console.keep_bookmark_again(&id)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn drop_bookmark_copy(console: Shared<'_>, id: Id) -> Result<(), Notice> {
    console.drop_bookmark_copy(&id)
}

#[tauri::command(async)]
pub(crate) fn set_safe_limit(console: Shared<'_>, limit: u32) -> Result<(), Notice> {
    console.set_safe_limit(limit)
}
