//! What the tiles of a wall want to show.

use engine::planner::Wanted;
use layouts::{Pictures, Slot, Wall};
use model::{Rect, Size};

/// On tiles narrower than this in pixels a picture every few seconds tells as much as a moving one.
const NARROW: u32 = 128;

/// The tiles of a wall of `size`, each with its place, its slot, and what it wants to show.
#[must_use]
pub fn wishes(wall: &Wall, size: Size) -> Vec<(Rect, Slot, Option<Wanted>)> {
    let wish = |(rect, at): (Rect, usize)| {
        let slot = wall.slots().get(at).cloned().unwrap_or_default();
        let wanted = slot.camera.clone().map(|camera| {
            let (selected, enlarged) = (wall.selected() == Some(at), wall.enlarged() == Some(at));
            // What a person looks at is seen as well as it can be, whatever the wall does with.
            let zoomed = slot.view.zoom() > 1.0;
            let pictures = if selected || enlarged || zoomed { Pictures::Best } else { wall.pictures() };
            Wanted {
                camera,
                size: rect.size(),
                fit: slot.fit,
                turn: slot.turn,
                zoom: slot.view.zoom() as f32,
                selected,
                enlarged,
                key_frames_suffice: pictures == Pictures::KeyFrames
                    || (rect.width < NARROW && !selected && !zoomed),
                small_suffices: pictures != Pictures::Best,
            }
        });
        (rect, slot, wanted)
    };
    wall.tiles(size).into_iter().map(wish).collect()
}
