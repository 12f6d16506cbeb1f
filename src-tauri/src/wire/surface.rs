//! Where the wall lies in the page, and what is marked on it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// In CSS pixels of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Box {
    /// From the left edge.
    pub x: f64,
    /// From the upper edge.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// Where the wall lies in the page, and which parts of it the page wants to show itself (menus, dialogs, controls).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Surface {
    /// The wall; without width it is hidden.
    pub wall: Box,
    /// Left out of it.
    pub holes: Vec<Box>,
    /// Physical pixels a CSS pixel.
    pub scale: f64,
}

/// Why a tile is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The pointer is over it.
    Hover,
    /// What is dragged would fall there.
    Drop,
}

/// A tile under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct Mark {
    /// Index into slots.
    pub at: usize,
    /// Why.
    pub kind: MarkKind,
}
