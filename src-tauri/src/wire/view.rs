//! What is kept of single cameras' pictures.

use model::{Id, Lens, View};
use serde::Serialize;
use ts_rs::TS;

/// A view of a camera's picture that somebody has kept; everybody on this workstation may go to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ViewPreset {
    /// Unique among the camera's.
    pub id: Id,
    /// As people call it.
    pub name: String,
    /// The person may remove it.
    pub own: bool,
    /// What is seen.
    pub view: View,
}

/// What is known of a camera's picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CameraViews {
    /// Which.
    pub camera: Id,
    /// In the order in which they were kept.
    pub presets: Vec<ViewPreset>,
    /// Its lens, where that is known.
    pub lens: Option<Lens>,
    /// Somebody has said so here; else the inventory does.
    pub by_hand: bool,
}

/// A lens that needs no figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KnownLens {
    /// As in an inventory.
    pub name: String,
    /// What it does.
    pub lens: Lens,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Views {
    /// Of the cameras that the person may see; those of which nothing is known are left out.
    pub cameras: Vec<CameraViews>,
    /// Lenses to choose from.
    pub lenses: Vec<KnownLens>,
}
