//! How everything stands, also what no wall shows; the sheet for the next shift.

use model::Id;
use serde::Serialize;
use ts_rs::TS;

/// How a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It is shown, and dark.
    Dark,
    /// It was asked and did not answer as it should.
    Unwell,
    /// Pictures are on their way.
    Waiting,
    /// Pictures arrive.
    Live,
    /// It answers; nobody here watches it.
    Well,
    /// Nobody has asked it yet.
    Unknown,
}

/// How a camera or a recorder stands.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Health {
    /// Of the camera or the recorder.
    pub id: Id,
    /// See there.
    pub condition: Condition,
    /// Why; empty when all is well.
    pub text: String,
    /// What to do.
    pub detail: String,
    /// Since when it stands so, in milliseconds since 1970.
    pub since: Option<f64>,
    /// When it was last known to be well, in milliseconds since 1970.
    pub seen: Option<f64>,
    /// Mb/s that come from it to this program.
    pub mbps: f64,
    /// Mb/s that it may send; null where unknown.
    pub limit: Option<f64>,
    /// Pictures a second.
    pub rate: f64,
    /// Age of the last picture in seconds; null without one.
    pub age: Option<f64>,
    /// Who decodes.
    pub decoder: String,
    /// Seconds that its clock is ahead of this machine's, negative: behind; null where it does not tell, or where it is right
    /// to within 2 s.
    pub clock: Option<f64>,
}

/// How everything stands that the person may see.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Board {
    /// All cameras.
    pub cameras: Vec<Health>,
    /// All recorders.
    pub recorders: Vec<Health>,
    /// When all of them have been asked once, in milliseconds since 1970; null: not yet.
    pub complete: Option<f64>,
}

/// A camera was lost or has come back.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CameraNews {
    /// Which.
    pub id: Id,
    /// Its name and its site's.
    pub name: String,
    /// Lost, else back.
    pub lost: bool,
    /// Why it was lost; how long it was.
    pub text: String,
    /// Milliseconds since 1970.
    pub at: f64,
}

/// What the next shift should know.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Handover {
    /// Milliseconds since 1970.
    pub made: f64,
    /// The computer.
    pub workstation: String,
    /// Whose shift ends.
    pub person: String,
    /// When it began, in milliseconds since 1970.
    pub began: f64,
    /// Cameras that are dark or do not answer.
    pub dark: Vec<HandoverCamera>,
    /// What else is left to the next shift; only what there is.
    pub left: Vec<HandoverSection>,
    /// Cameras that were lost or came back during the shift.
    pub news: Vec<CameraNews>,
    /// Walls and what they show, in words.
    pub walls: Vec<String>,
    /// Proves later that nothing of the log before has changed.
    pub anchor: String,
}

/// What is left to the next shift, of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HandoverSection {
    /// See there.
    pub kind: HandoverKind,
    /// At least one.
    pub cameras: Vec<HandoverCamera>,
}

/// Why something is left to the next shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HandoverKind {
    /// Somebody has moved the camera and it does not look where it usually does.
    Moved,
    /// An incident is open.
    Incident,
}

/// A camera that needs attention.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HandoverCamera {
    /// Its name.
    pub camera: String,
    /// Its site's.
    pub site: String,
    /// Its district.
    pub district: String,
    /// Why.
    pub text: String,
    /// Since when, in milliseconds since 1970.
    pub since: Option<f64>,
}
