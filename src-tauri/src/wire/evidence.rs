//! Recordings taken out, and packages of evidence.

use model::{Id, Mask, Moment};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::incidents::IncidentStretch;

/// What is to be taken out.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
pub struct ExportFields {
    /// For which incident; null: for none.
    pub incident: Option<Id>,
    /// Each camera with its time; a camera once.
    pub stretches: Vec<IncidentStretch>,
    /// As the authority numbers it; may be empty.
    pub case_number: String,
    /// In the person's words.
    pub reason: String,
    /// Where the package is made; empty: where packages usually are.
    pub folder: String,
    /// What it is to be called; empty: by case number and time.
    pub name: String,
    /// Copies for viewing are made beside.
    pub viewing: bool,
    /// What is covered in them.
    pub masks: Vec<CameraMasks>,
}

/// What is chosen in a dialog of the system's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Choosing {
    /// A folder: where a package goes to, or the package itself.
    Folder,
    /// A sealed package.
    SealedFile,
}

/// What is covered in a camera's copy for viewing.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
pub struct CameraMasks {
    /// Which.
    pub camera: Id,
    /// In the order in which they are drawn.
    pub masks: Vec<Mask>,
}

/// A picture of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FootageStill {
    /// As an address that holds it.
    pub image: String,
    /// When it was taken.
    pub at: Moment,
}

/// How far a package is read that is checked, sealed or released.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PackageRead {
    /// Which.
    pub path: String,
    /// The part that is read, 0–1.
    pub share: f64,
}

/// A camera before it is taken out.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PreflightCamera {
    /// Which.
    pub camera: Id,
    /// How much of the time is recorded, seconds; null: its recorder does not say.
    pub recorded: Option<f64>,
    /// How much is wanted, seconds.
    pub wanted: f64,
    /// Why it cannot be taken out, in words; else empty.
    pub problem: String,
}

/// What taking out would come to.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Preflight {
    /// Where the package would be.
    pub folder: String,
    /// About how many bytes.
    pub bytes: f64,
    /// How many there is room for.
    pub room: f64,
    /// About how long it takes over the lines as they are now, seconds.
    pub seconds: f64,
    /// A second person has to release it.
    pub four_eyes: bool,
    /// See there.
    pub cameras: Vec<PreflightCamera>,
    /// Why it cannot begin, in words; else empty.
    pub problem: String,
}

/// How an export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Footage comes.
    Running,
    /// Somebody stopped it; it can go on.
    Stopped,
    /// The program ended before it did; it can go on.
    Interrupted,
    /// It did not work; it can go on.
    Failed,
    /// There is a complete package.
    Complete,
    /// What was there of it was removed.
    Removed,
}

/// A camera of an export.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ExportCamera {
    /// Which.
    pub camera: Id,
    /// The part of its time that has come, 0–1.
    pub share: f64,
    /// How it stands, in words.
    pub text: String,
    /// It did not come.
    pub failed: bool,
}

/// An export, running or over.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Export {
    /// Unique.
    pub id: Id,
    /// What the package is called.
    pub name: String,
    /// Where it is, or will be.
    pub path: String,
    /// For which incident.
    pub incident: Option<Id>,
    /// As the authority numbers it.
    pub case_number: String,
    /// In the person's words.
    pub reason: String,
    /// Who takes it out.
    pub by: String,
    /// The person who works here does.
    pub own: bool,
    /// When it was begun, milliseconds since 1970.
    pub at: f64,
    /// See there.
    pub state: ExportState,
    /// Why it did not work, in words; else empty.
    pub text: String,
    /// The part that has come, 0–1.
    pub share: f64,
    /// Bytes of footage.
    pub bytes: f64,
    /// See there; empty once it is over.
    pub cameras: Vec<ExportCamera>,
    /// SHA-256 of what was signed.
    pub sha256: Option<String>,
    /// A second person has to release it.
    pub four_eyes: bool,
    /// Who released it.
    pub released_by: Option<String>,
    /// The person who works here may.
    pub may_release: bool,
    /// The sealed file.
    pub sealed: Option<String>,
}

/// What has been taken out, and how that is done here.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Exports {
    /// The newest first.
    pub exports: Vec<Export>,
    /// Where packages usually are.
    pub folder: String,
    /// A second person has to release what is taken out.
    pub four_eyes: bool,
    /// Fingerprint of the key that the person who works here signs with; null: there is none yet.
    pub key: Option<String>,
    /// Copies for viewing can be made here: there is an encoder.
    pub copies: bool,
}

/// A key that signs packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceKey {
    /// The key.
    pub key: String,
    /// What people compare.
    pub fingerprint: String,
    /// Whose it is.
    pub owner: String,
    /// Packages that it has signed count as genuine.
    pub enrolled: bool,
}

/// How packages are made and judged here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidencePolicy {
    /// A second person has to release what is taken out.
    pub four_eyes: bool,
    /// Those that were made here, and those that were enrolled.
    pub keys: Vec<EvidenceKey>,
}

/// How a copy of marked footage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafeCopyState {
    /// Its turn comes.
    Waiting,
    /// Footage comes.
    Coming,
    /// It is complete and was checked.
    Kept,
    /// It did not work; it is tried again.
    Failed,
}

/// A copy of a bookmark's footage on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SafeCopy {
    /// Of which bookmark.
    pub bookmark: Id,
    /// See there.
    pub state: SafeCopyState,
    /// The part of its time that has come, 0–1, while it comes.
    pub share: f64,
    /// Bytes of footage.
    pub bytes: f64,
    /// Why it waits or did not work, in words; else empty.
    pub text: String,
    /// Who asked for it.
    pub by: String,
    /// The person who works here may drop it.
    pub own: bool,
    /// When the recorder overwrites the first of it, milliseconds since 1970; null: nobody knows.
    pub overwritten_at: Option<f64>,
}

/// Marked footage that is kept on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Safe {
    /// In the order in which they were asked for.
    pub copies: Vec<SafeCopy>,
    /// What they may take together, in GB.
    pub limit_gb: u32,
    /// What they take together, with those on their way, in bytes.
    pub used: f64,
    /// What is free on the disk, in bytes.
    pub room: f64,
}

/// What is proven of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PackageProof {
    /// Every byte is as an enrolled key has signed it.
    Genuine,
    /// The same, but the release is missing that it needs.
    Unreleased,
    /// Every byte is as a key has signed it that nobody here knows.
    UnknownKey,
    /// Something is not as it was signed.
    Damaged,
    /// Nothing.
    Nothing,
}

/// What has come of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PackageVerdict {
    /// The package's name.
    pub name: String,
    /// See there.
    pub proof: PackageProof,
    /// What is proven, what isn't, and each fault, in words.
    pub sentences: Vec<String>,
}
