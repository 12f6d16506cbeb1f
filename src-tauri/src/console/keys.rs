//! What keys do on a wall window, which has no page: the same as in the page, as far as it makes sense there.

use layouts::{Layout, Wall, presets};
use model::view::Change;
use model::{Fit, Rect, Size, Turn};

use crate::surface::{Key, Modifiers};
use crate::wire::Act;

/// What a key asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    /// A change of the wall.
    Act(Act),
    /// Take back.
    Undo,
    /// Do again.
    Redo,
    /// Names on the pictures, or not.
    Captions,
    /// Save the selected tile's picture.
    Picture,
    /// Show the main window.
    Console,
}

/// What `key` asks of `wall`; `None` if nothing.
#[must_use]
pub(super) fn asked(key: Key, held: Modifiers, wall: &Wall) -> Option<Asked> {
    let at = wall.selected().or_else(|| wall.enlarged());
    let slot = at.and_then(|at| wall.slots().get(at));
    Some(match key {
        Key::Left | Key::Right | Key::Up | Key::Down if held.shift && !held.control => look(at?, moved(key)),
        Key::Char(sign @ ('+' | '=' | '-' | '_' | '0')) if held.control => look(at?, zoomed(sign)),
        Key::Left | Key::Right | Key::Up | Key::Down => Asked::Act(step(key, held, wall)?),
        Key::Enter => {
            Asked::Act(Act::Enlarge { at: if wall.enlarged().is_some() { None } else { Some(at?) } })
        }
        Key::Escape if wall.enlarged().is_some() => Asked::Act(Act::Enlarge { at: None }),
        Key::Escape => Asked::Act(Act::Select { at: None }),
        Key::Delete => Asked::Act(Act::Clear { at: at? }),
        Key::PageDown => Asked::Act(Act::Page { page: (wall.page() + 1) % wall.pages() }),
        Key::PageUp => Asked::Act(Act::Page { page: (wall.page() + wall.pages() - 1) % wall.pages() }),
        Key::Char('z') if held.shift && held.control => Asked::Redo,
        Key::Char('z') => Asked::Undo,
        Key::Char('y') => Asked::Redo,
        Key::Char('c') => Asked::Captions,
        Key::Char('s') => Asked::Picture,
        Key::Char('m') | Key::Function(2) => Asked::Console,
        Key::Char('t') => Asked::Act(Act::Turn { at: at?, turn: next_turn(slot?.turn) }),
        Key::Char('a') => Asked::Act(Act::Fit { at: at?, fit: next_fit(slot?.fit) }),
        Key::Char('o') => Asked::Act(Act::Overview),
        Key::Char('p') => {
            Asked::Act(Act::Turning { seconds: if wall.turning().is_some() { None } else { Some(10) } })
        }
        Key::Char(sign) => Asked::Act(Act::Layout { layout: layout_of(sign)? }),
        Key::Function(_) => return None,
    })
}

/// Each press enlarges by so much.
const ZOOM_STEP: f64 = 1.25;
/// Each press moves the picture by this share of its tile.
const MOVE_STEP: f64 = 0.15;

fn look(at: usize, change: Change) -> Asked {
    Asked::Act(Act::Look { at, change, goes_on: false })
}

fn zoomed(sign: char) -> Change {
    match sign {
        '0' => Change::Whole,
        '-' | '_' => Change::Zoom { factor: 1.0 / ZOOM_STEP, x: 0.5, y: 0.5 },
        _ => Change::Zoom { factor: ZOOM_STEP, x: 0.5, y: 0.5 },
    }
}

/// What lies in the arrow's direction comes into sight: the picture moves the other way.
fn moved(arrow: Key) -> Change {
    let (x, y) = match arrow {
        Key::Left => (MOVE_STEP, 0.0),
        Key::Right => (-MOVE_STEP, 0.0),
        Key::Up => (0.0, MOVE_STEP),
        _ => (0.0, -MOVE_STEP),
    };
    Change::Pan { x, y }
}

fn next_turn(turn: Turn) -> Turn {
    match turn {
        Turn::None => Turn::Quarter,
        Turn::Quarter => Turn::Half,
        Turn::Half => Turn::ThreeQuarters,
        Turn::ThreeQuarters => Turn::None,
    }
}

fn next_fit(fit: Fit) -> Fit {
    match fit {
        Fit::Fit => Fit::Fill,
        Fit::Fill => Fit::Stretch,
        Fit::Stretch => Fit::Fit,
    }
}

/// Digits choose layouts: 1–8 squares, then those with one large tile.
fn layout_of(sign: char) -> Option<Layout> {
    let name = match sign {
        '1'..='8' => format!("{sign}×{sign}"),
        '9' => "1+5".to_owned(),
        '0' => "1+7".to_owned(),
        '-' => "1+12".to_owned(),
        _ => return None,
    };
    presets().into_iter().find(|preset| preset.name == name).map(|preset| preset.layout)
}

/// An arrow moves the selection to the nearest tile in its direction; with Control it takes the camera along.
fn step(arrow: Key, held: Modifiers, wall: &Wall) -> Option<Act> {
    // Any size will do to see what lies beside what; this one is fine enough for 64 × 64 tiles.
    let tiles = wall.tiles(Size::new(8192, 8192));
    let Some(from) = wall.selected().and_then(|at| tiles.iter().find(|(_, slot)| *slot == at)) else {
        return tiles.first().map(|(_, slot)| Act::Select { at: Some(*slot) });
    };
    let (_, to) = tiles
        .iter()
        .filter_map(|(rect, slot)| Some((distance(arrow, from.0, *rect)?, *slot)))
        .min_by_key(|(distance, _)| *distance)?;
    Some(if held.control { Act::Swap { a: from.1, b: to } } else { Act::Select { at: Some(to) } })
}

/// How far `to` lies in the arrow's direction, and then to its side; `None` if it does not lie there.
fn distance(arrow: Key, from: Rect, to: Rect) -> Option<(i64, i64)> {
    let ends = |rect: Rect| {
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(i64::from);
        (x, x + width, y, y + height)
    };
    let ((left, right, top, bottom), (to_left, to_right, to_top, to_bottom)) = (ends(from), ends(to));
    let (ahead, (low, high), (to_low, to_high)) = match arrow {
        Key::Left => (left - to_right, (top, bottom), (to_top, to_bottom)),
        Key::Right => (to_left - right, (top, bottom), (to_top, to_bottom)),
        Key::Up => (top - to_bottom, (left, right), (to_left, to_right)),
        _ => (to_top - bottom, (left, right), (to_left, to_right)),
    };
    // Tiles that share an edge's stretch come first; of several, the one nearest to the upper or left corner.
    let aside = (to_low - high).max(low - to_high).max(0);
    (ahead >= 0).then_some((aside * 8192 + ahead, (to_low - low).abs()))
}

#[cfg(test)]
mod tests {
    use layouts::Desk;
    use model::Id;

    use super::*;

    fn wall(layout: &str, cameras: usize, selected: usize) -> Wall {
        let mut desk = Desk::default();
        let wall = desk.wall_mut(0).unwrap();
        let ids: Vec<Id> = (0..cameras).map(|i| Id::new(&format!("c{i}")).unwrap()).collect();
        wall.fill(&ids).unwrap();
        wall.set_layout(presets().into_iter().find(|preset| preset.name == layout).unwrap().layout);
        wall.select(Some(selected)).unwrap();
        wall.clone()
    }

    fn arrow(key: Key, wall: &Wall) -> Option<usize> {
        match asked(key, Modifiers::default(), wall) {
            Some(Asked::Act(Act::Select { at })) => at,
            None => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn arrows_find_what_lies_there_on_spanning_tiles_too() {
        // 1+5: tile 0 spans two by two; 1 and 2 stand right of it, 3, 4 and 5 below.
        let first = wall("1+5", 6, 0);
        assert_eq!(arrow(Key::Right, &first), Some(1));
        assert_eq!(arrow(Key::Down, &first), Some(3));
        assert_eq!(arrow(Key::Left, &first), None);
        assert_eq!(arrow(Key::Left, &wall("1+5", 6, 2)), Some(0));
        assert_eq!(arrow(Key::Up, &wall("1+5", 6, 4)), Some(0));
        assert_eq!(arrow(Key::Up, &wall("1+5", 6, 5)), Some(2));
    }

    #[test]
    fn control_takes_the_camera_along() {
        let held = Modifiers { control: true, shift: false };
        let asked = asked(Key::Right, held, &wall("2×2", 4, 0));
        assert_eq!(asked, Some(Asked::Act(Act::Swap { a: 0, b: 1 })));
    }

    #[test]
    fn a_picture_is_zoomed_and_moved_with_keys_held_down() {
        let wall = wall("2×2", 4, 1);
        let key = |key, control, shift| match asked(key, Modifiers { control, shift }, &wall) {
            Some(Asked::Act(Act::Look { at: 1, change, goes_on: false })) => change,
            other => panic!("{other:?}"),
        };
        assert_eq!(key(Key::Char('='), true, false), Change::Zoom { factor: 1.25, x: 0.5, y: 0.5 });
        assert_eq!(key(Key::Char('+'), true, true), Change::Zoom { factor: 1.25, x: 0.5, y: 0.5 });
        assert_eq!(key(Key::Char('-'), true, false), Change::Zoom { factor: 0.8, x: 0.5, y: 0.5 });
        assert_eq!(key(Key::Char('0'), true, false), Change::Whole);
        assert_eq!(key(Key::Right, false, true), Change::Pan { x: -0.15, y: 0.0 });
    }

    #[test]
    fn digits_choose_layouts_and_pages_go_round() {
        let wall = wall("2×2", 7, 0);
        let key = |key| asked(key, Modifiers::default(), &wall);
        assert_eq!(key(Key::Char('3')), Some(Asked::Act(Act::Layout { layout: Layout::grid(3, 3) })));
        assert_eq!(key(Key::PageUp), Some(Asked::Act(Act::Page { page: 1 })));
        assert_eq!(key(Key::Enter), Some(Asked::Act(Act::Enlarge { at: Some(0) })));
        assert_eq!(key(Key::Char('x')), None);
    }
}
