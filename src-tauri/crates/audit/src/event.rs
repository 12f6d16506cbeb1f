//! What can have happened.

use model::{Action, Id, Role};
use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, IntoStaticStr, VariantArray};

use crate::fingerprint::Fingerprint;
use crate::parts::{RemovedFile, Watch};
use crate::text::Text;

/// What happened. In the file it is an object whose `kind` is the variant's name in `snake_case`.
///
/// Variants and fields may be added. What a later version has written is read as [`Event::Unknown`]; a variant is never
/// renamed or removed, since old files stay as they are. `from_ms` and `until_ms` are UTC, milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum_discriminants(
    name(Kind),
    doc = "Which event, without what it holds; its text is the `kind` of the file.",
    derive(Hash, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr, VariantArray),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case"),
    allow(missing_docs)
)]
pub enum Event {
    /// The program has started; watches that were left open before it are over.
    ProgramStarted {
        /// The program's version.
        version: Text,
    },
    /// The program ends as it should.
    ProgramEnded,

    /// A person has signed in.
    SignedIn,
    /// Somebody was not let in.
    SignInFailed {
        /// The account as it was typed, which may be none at all.
        account: Text,
    },
    /// A person has signed out.
    SignedOut,
    /// The workstation was locked.
    Locked,
    /// It was unlocked by the same person.
    Unlocked,
    /// The shift was handed over.
    HandedOver {
        /// Account of who takes over.
        to: Text,
    },

    /// A new account.
    AccountCreated {
        /// Whose.
        account: Text,
        /// What they may work as.
        given: Role,
    },
    /// Role, scope or name of an account.
    AccountChanged {
        /// Whose.
        account: Text,
        /// Which part of it.
        what: Text,
        /// What it was.
        before: Text,
        /// What it is.
        after: Text,
    },
    /// An account was locked by an administrator.
    AccountDisabled {
        /// Whose.
        account: Text,
    },
    /// And opened again.
    AccountEnabled {
        /// Whose.
        account: Text,
    },
    /// An administrator has set somebody's password.
    PasswordReset {
        /// Whose.
        account: Text,
    },
    /// A person has changed their own.
    PasswordChanged,
    /// A second factor is asked for from now on.
    SecondFactorAdded {
        /// Whose.
        account: Text,
    },
    /// It is no longer asked for.
    SecondFactorDropped {
        /// Whose.
        account: Text,
    },

    /// A login for a device was entered.
    CredentialSet {
        /// Site, recorder or camera that it is for.
        target: Id,
    },
    /// It was removed.
    CredentialRemoved {
        /// Site, recorder or camera.
        target: Id,
    },
    /// A device did not accept it.
    CredentialRefused {
        /// Recorder or camera.
        target: Id,
    },

    /// From now on a tile shows a camera's live picture.
    WatchBegan {
        /// What is shown where.
        watch: Watch,
        /// How long the program has run, ms of the monotonic clock.
        uptime_ms: u64,
    },
    /// It does no longer: another camera, a dark tile, a tile of another size, another person, a locked workstation.
    WatchEnded {
        /// The same as when it began.
        watch: Watch,
        /// When it began.
        from_ms: i64,
        /// When it ended.
        until_ms: i64,
        /// How long it was shown, ms of the monotonic clock: the two moments may lie on both sides of a clock's step.
        shown_ms: u64,
    },
    /// Whatever began and did not end is still shown. Once a minute, so that after a crash no more is claimed.
    WatchHeartbeat {
        /// How many tiles.
        tiles: u32,
        /// How long the program has run, ms of the monotonic clock.
        uptime_ms: u64,
    },
    /// A live or recorded picture of a camera was saved.
    PictureSaved {
        /// Whose picture.
        camera: Id,
        /// When it was taken.
        taken_ms: i64,
    },
    /// A picture of a whole wall was saved.
    WallPictureSaved {
        /// Which wall.
        wall: Text,
        /// How many cameras are on it.
        cameras: u32,
    },
    /// A person has listened to a camera.
    Listened {
        /// To which.
        camera: Id,
        /// When it began.
        from_ms: i64,
        /// When it ended.
        until_ms: i64,
    },
    /// A person has spoken through a camera.
    Talked {
        /// Through which.
        camera: Id,
        /// When it began.
        from_ms: i64,
        /// When it ended.
        until_ms: i64,
    },
    /// A camera was steered.
    Moved {
        /// Which.
        camera: Id,
        /// `pan_tilt`, `zoom`, `focus`, `preset 3`, …
        what: Text,
    },
    /// The steering of a camera was taken from somebody who comes after.
    SteeringTaken {
        /// Of which camera.
        camera: Id,
        /// From whom: person and workstation.
        from: Text,
    },
    /// The steering of a camera was taken by somebody who goes before.
    SteeringLost {
        /// Of which camera.
        camera: Id,
        /// By whom: person and workstation.
        to: Text,
    },
    /// A camera's place was kept as a preset.
    PresetKept {
        /// Which camera.
        camera: Id,
        /// What the device calls the preset.
        preset: Text,
        /// What people call it.
        name: Text,
    },
    /// A preset was forgotten.
    PresetForgotten {
        /// Of which camera.
        camera: Id,
        /// What the device called it.
        preset: Text,
    },
    /// What devices notice leads to something else from now on.
    RuleChanged {
        /// The rule's name.
        rule: Text,
        /// `added`, `changed`, `removed`, `enabled`, `disabled`, `quiet_hours`.
        what: Text,
    },
    /// A rule has marked a moment.
    MomentMarked {
        /// Of which camera.
        camera: Id,
        /// The rule's name.
        rule: Text,
        /// What the device has noticed.
        noticed: Text,
    },
    /// A person has seen what a device has noticed.
    NoticeAcknowledged {
        /// Which camera.
        camera: Id,
        /// What the device has noticed.
        noticed: Text,
        /// How often.
        count: u32,
    },

    /// A recorder was asked what it holds.
    Searched {
        /// Of which camera.
        camera: Id,
        /// Beginning of the time asked for.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
    },
    /// A recording was played.
    Played {
        /// Of which camera.
        camera: Id,
        /// The first picture's time.
        from_ms: i64,
        /// The last one's.
        until_ms: i64,
    },
    /// A recording was taken out.
    Exported {
        /// Of which camera.
        camera: Id,
        /// Beginning of what was taken.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
        /// Of the container that was written.
        sha256: Fingerprint,
    },

    /// A person has begun an incident.
    IncidentBegan {
        /// Its title.
        incident: Text,
    },
    /// Title, number, readers or cameras of an incident.
    IncidentChanged {
        /// Its title.
        incident: Text,
    },
    /// Something was written down in an incident.
    IncidentNoted {
        /// Its title.
        incident: Text,
    },
    /// An incident is over.
    IncidentClosed {
        /// Its title.
        incident: Text,
    },
    /// It is not over after all.
    IncidentReopened {
        /// Its title.
        incident: Text,
    },
    /// A report of an incident was made.
    IncidentReported {
        /// Its title.
        incident: Text,
        /// Of the report.
        sha256: Fingerprint,
    },
    /// A person has marked a place in recordings.
    BookmarkSet {
        /// Of which camera.
        camera: Id,
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
        /// What the person says of it.
        words: Text,
    },
    /// The mark is gone.
    BookmarkRemoved {
        /// Of which camera.
        camera: Id,
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
    },
    /// Marked footage is to be kept on this machine before the recorder overwrites it.
    FootageKeepingAsked {
        /// Of which camera.
        camera: Id,
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
    },
    /// It is kept, and every byte was checked.
    FootageKept {
        /// Of which camera.
        camera: Id,
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
        /// Of the manifest that was signed.
        sha256: Fingerprint,
    },
    /// It could not be kept yet.
    FootageNotKept {
        /// Of which camera.
        camera: Id,
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
        /// Why.
        reason: Text,
    },
    /// What was kept, or on its way, was removed.
    KeptFootageRemoved {
        /// Of which camera.
        camera: Id,
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
    },
    /// Recordings are being taken out.
    ExportBegan {
        /// What the package will be called.
        package: Text,
        /// How many cameras.
        cameras: u32,
        /// Why, in the person's words.
        reason: Text,
    },
    /// They are not, or not to the end: what is there is not complete.
    ExportStopped {
        /// What the package would have been called.
        package: Text,
        /// Why.
        reason: Text,
    },
    /// What was there of an incomplete package was removed.
    ExportRemoved {
        /// What the package would have been called.
        package: Text,
    },
    /// A package was sealed with a passphrase.
    PackageSealed {
        /// Its name.
        package: Text,
    },
    /// A second person has released a package.
    PackageReleased {
        /// Its name.
        package: Text,
        /// Of the manifest that was signed.
        sha256: Fingerprint,
    },
    /// A package was checked.
    PackageVerified {
        /// Its name.
        package: Text,
        /// Nothing was wrong with it.
        sound: bool,
    },

    /// A layout was saved.
    LayoutSaved {
        /// Its name.
        name: Text,
        /// For everybody.
        shared: bool,
    },
    /// A layout was removed.
    LayoutRemoved {
        /// Its name.
        name: Text,
        /// It was for everybody.
        shared: bool,
    },
    /// Pages turn by themselves from now on.
    TourStarted {
        /// On which wall.
        wall: Text,
        /// Which tour.
        name: Text,
    },
    /// No longer.
    TourStopped {
        /// On which wall.
        wall: Text,
    },

    /// An inventory was taken over.
    InventoryImported {
        /// How many cameras are new.
        added: u32,
        /// How many are changed.
        changed: u32,
        /// How many are gone.
        removed: u32,
        /// Of the file.
        sha256: Fingerprint,
    },
    /// An inventory was signed.
    InventorySigned {
        /// Of the file.
        sha256: Fingerprint,
        /// Name of the key.
        key: Text,
    },
    /// A key is trusted from now on.
    KeyEnrolled {
        /// Its name.
        key: Text,
        /// Of its public half.
        sha256: Fingerprint,
    },
    /// A key is not trusted any more.
    KeyRevoked {
        /// Its name.
        key: Text,
        /// Of its public half.
        sha256: Fingerprint,
    },
    /// What holds for everybody on this workstation.
    SettingsChanged {
        /// Which setting.
        what: Text,
        /// What it was.
        before: Text,
        /// What it is.
        after: Text,
    },
    /// A site lies in another zone now.
    ZoneMarked {
        /// Which.
        site: Id,
        /// The zone it lay in.
        from: Text,
        /// The zone it lies in.
        to: Text,
    },
    /// Somebody asked for what they may not do.
    RightsDenied {
        /// What.
        action: Action,
        /// With which camera, site or recorder.
        subject: Option<Id>,
    },

    /// The log was read.
    AuditRead {
        /// What was asked for.
        filter: Text,
    },
    /// The log was checked.
    AuditVerified {
        /// It was sound.
        sound: bool,
        /// Up to this record.
        until: u64,
    },
    /// Records were taken out.
    AuditExported {
        /// What was asked for.
        filter: Text,
        /// How many.
        records: u64,
    },
    /// Written by the log itself: its last line was not complete, as after a power cut, and nobody had been told that it
    /// was written. It was moved to a file ending in `.torn`.
    LineTorn {
        /// Name of the file that it stood in.
        file: Text,
        /// How much was moved.
        bytes: u64,
    },
    /// Written by the log itself: lines at its end are not what was written. They were left where they are.
    DamageFound {
        /// Name of the newest file with such lines.
        file: Text,
    },
    /// Written by the log itself: these files were removed because they were older than what is kept.
    Trimmed {
        /// Oldest first.
        removed: Vec<RemovedFile>,
    },

    /// What a later version has written. [`Log`](crate::Log) does not take it.
    #[serde(other)]
    #[strum_discriminants(serde(other))]
    Unknown,
}

impl Event {
    /// Which event it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.into()
    }

    /// The camera, site or recorder that it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Id> {
        match self {
            Self::WatchBegan { watch, .. } | Self::WatchEnded { watch, .. } => Some(&watch.camera),
            Self::PictureSaved { camera, .. }
            | Self::Listened { camera, .. }
            | Self::Talked { camera, .. }
            | Self::Moved { camera, .. }
            | Self::SteeringTaken { camera, .. }
            | Self::SteeringLost { camera, .. }
            | Self::PresetKept { camera, .. }
            | Self::PresetForgotten { camera, .. }
            | Self::MomentMarked { camera, .. }
            | Self::NoticeAcknowledged { camera, .. }
            | Self::Searched { camera, .. }
            | Self::Played { camera, .. }
            | Self::BookmarkSet { camera, .. }
            | Self::BookmarkRemoved { camera, .. }
            | Self::FootageKeepingAsked { camera, .. }
            | Self::FootageKept { camera, .. }
            | Self::FootageNotKept { camera, .. }
            | Self::KeptFootageRemoved { camera, .. }
            | Self::Exported { camera, .. } => Some(camera),
            Self::CredentialSet { target }
            | Self::CredentialRemoved { target }
            | Self::CredentialRefused { target } => Some(target),
            Self::ZoneMarked { site, .. } => Some(site),
            Self::RightsDenied { subject, .. } => subject.as_ref(),
            _ => None,
        }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
