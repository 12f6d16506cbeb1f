//! What holds for every layout, whatever people do to their walls.

use layouts::{Arrangement, Axis, Desk, Layout, Refusal, Wall, presets};
use model::{Fit, Grid, Id, Point, Size, Turn, View};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use store::Store;

/// Layouts that people can come to: a grid of any weights, in which tiles are merged and split.
fn layout() -> impl Strategy<Value = Layout> {
    let weights = || prop::collection::vec(prop_oneof![Just(1), Just(10_000), 1..=10_000_u16], 1..12);
    let changes = prop::collection::vec((any::<bool>(), any::<Index>(), any::<Index>()), 0..6);
    (weights(), weights(), changes).prop_map(|(columns, rows, changes)| {
        let grid = Layout::grid(columns.len() as u16, rows.len() as u16);
        let mut layout = Layout::new(columns, rows, grid.cells().to_vec()).expect("a grid");
        for (merge, a, b) in changes {
            let (a, b) = (a.index(layout.count()), b.index(layout.count()));
            let changed = if merge { layout.merged(a, b) } else { layout.split(a) };
            layout = changed.expect("a tile of it").layout;
        }
        layout
    })
}

#[derive(Clone, Debug)]
enum Act {
    Layout(Layout),
    Fill(Vec<Id>),
    Place(usize, Vec<Id>),
    Clear(usize),
    Empty,
    Swap(usize, usize),
    Select(Option<usize>),
    Enlarge(Option<usize>),
    Page(usize),
    Turning(Option<u16>),
    Fit(usize, Fit),
    Turn(usize, Turn),
    View(usize, View),
    Border(Axis, usize, f64),
    Merge(usize, usize),
    Split(usize),
    AddWall,
    RemoveWall,
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    let at = || prop_oneof![9 => 0..20_usize, 1 => 4090..4100_usize];
    let cameras =
        || prop::collection::vec("[a-z]{1,2}".prop_map(|name| Id::new(&name).expect("an id")), 0..40);
    let some_at = move || prop::option::of(at());
    prop_oneof![
        3 => layout().prop_map(Act::Layout),
        2 => select(presets()).prop_map(|preset| Act::Layout(preset.layout)),
        3 => cameras().prop_map(Act::Fill),
        5 => (at(), cameras()).prop_map(|(at, cameras)| Act::Place(at, cameras)),
        2 => at().prop_map(Act::Clear),
        1 => Just(Act::Empty),
        3 => (at(), at()).prop_map(|(a, b)| Act::Swap(a, b)),
        2 => some_at().prop_map(Act::Select),
        2 => some_at().prop_map(Act::Enlarge),
        2 => (0..4_usize).prop_map(Act::Page),
        1 => prop::option::of(0..4000_u16).prop_map(Act::Turning),
        1 => (at(), select(vec![Fit::Fit, Fit::Fill, Fit::Stretch])).prop_map(|(at, fit)| Act::Fit(at, fit)),
        1 => (at(), select(vec![Turn::None, Turn::Half])).prop_map(|(at, turn)| Act::Turn(at, turn)),
        2 => (at(), 1.0..3.0_f64, 0.0..360.0).prop_map(|(at, zoom, turn)| Act::View(at, View::new(Point::MIDDLE, zoom, turn, false))),
        2 => (select(vec![Axis::Column, Axis::Row]), 0..6_usize, -0.5..1.5).prop_map(|(a, l, p)| Act::Border(a, l, p)),
        4 => (at(), at()).prop_map(|(a, b)| Act::Merge(a, b)),
        3 => at().prop_map(Act::Split),
        1 => Just(Act::AddWall),
        1 => Just(Act::RemoveWall),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ]
}

fn on_wall(wall: &mut Wall, act: &Act) -> Result<(), Refusal> {
    match act.clone() {
        Act::Layout(layout) => wall.set_layout(layout),
        Act::Fill(cameras) => wall.fill(&cameras)?,
        Act::Place(at, cameras) => wall.place(at, &cameras)?,
        Act::Clear(at) => wall.clear(at),
        Act::Empty => wall.empty(),
        Act::Swap(a, b) => wall.swap(a, b)?,
        Act::Select(at) => wall.select(at)?,
        Act::Enlarge(at) => wall.enlarge(at)?,
        Act::Page(page) => wall.show_page(page)?,
        Act::Turning(seconds) => wall.set_turning(seconds)?,
        Act::Fit(at, fit) => wall.set_fit(at, fit)?,
        Act::Turn(at, turn) => wall.set_turn(at, turn)?,
        Act::View(at, view) => wall.set_view(at, view)?,
        Act::Border(axis, line, position) => wall.move_border(axis, line, position)?,
        Act::Merge(a, b) => wall.merge(a, b)?,
        Act::Split(at) => wall.split(at)?,
        Act::AddWall | Act::RemoveWall | Act::Undo | Act::Redo => unreachable!("acts on the desk"),
    }
    Ok(())
}

fn act_on(arrangement: &mut Arrangement, which: Index, act: &Act) -> Result<(), Refusal> {
    let walls = arrangement.desk().walls();
    let id = walls[which.index(walls.len())].id();
    match act {
        Act::AddWall => arrangement.apply(|desk| desk.add_wall("DP-1")).map(drop),
        Act::RemoveWall => arrangement.apply(|desk| desk.remove_wall(id)),
        Act::Undo => {
            arrangement.undo();
            Ok(())
        }
        Act::Redo => {
            arrangement.redo();
            Ok(())
        }
        Act::View(at, _) => arrangement.apply_movement(id, *at, |desk| on_wall(desk.wall_mut(id)?, act)),
        act => arrangement.apply(|desk| on_wall(desk.wall_mut(id)?, act)),
    }
}

fn check(wall: &Wall) {
    let (slots, tiles) = (wall.slots(), wall.layout().count());
    assert!(slots.len() <= Wall::MOST_SLOTS);
    assert!(slots.last().is_none_or(|slot| slot.camera.is_some()), "an empty slot at the end");
    assert_eq!(wall.pages(), slots.len().div_ceil(tiles).max(1));
    assert!(wall.page() < wall.pages());
    assert!(wall.selected().is_none_or(|at| at < wall.pages() * tiles));
    assert!(wall.enlarged().is_none_or(|at| wall.camera(at).is_some()));
    assert!(wall.turning().is_none_or(|seconds| seconds.get() <= Wall::LONGEST_TURN));
    let blank = slots.iter().filter(|slot| slot.camera.is_none());
    assert!(blank.into_iter().all(|slot| *slot == layouts::Slot::default()));
}

/// What the walls hold, without how they are looked at.
fn content(desk: &Desk) -> Vec<(u32, &Layout, &[layouts::Slot])> {
    desk.walls().iter().map(|wall| (wall.id(), wall.layout(), wall.slots())).collect()
}

fn cameras(wall: &Wall) -> Vec<Id> {
    let mut cameras: Vec<_> = wall.slots().iter().filter_map(|slot| slot.camera.clone()).collect();
    cameras.sort();
    cameras
}

proptest! {
    #[test]
    fn tiles_lie_on_the_wall_side_by_side(layout in layout(), width in 64..4000_u32, height in 64..4000_u32) {
        let tiles = layout.tiles(Size::new(width, height));
        for (index, tile) in tiles.iter().enumerate() {
            prop_assert!(tile.width >= 1 && tile.height >= 1);
            prop_assert!(tile.x + tile.width <= width && tile.y + tile.height <= height);
            prop_assert_eq!(layout.tile(index, Size::new(width, height)), Some(*tile));
            for other in &tiles[index + 1..] {
                let apart = tile.x + tile.width <= other.x
                    || other.x + other.width <= tile.x
                    || tile.y + tile.height <= other.y
                    || other.y + other.height <= tile.y;
                prop_assert!(apart, "{:?} and {:?} overlap", tile, other);
            }
        }
        let right = tiles.iter().map(|tile| tile.x + tile.width).max();
        let bottom = tiles.iter().map(|tile| tile.y + tile.height).max();
        prop_assert_eq!((right, bottom), (Some(width), Some(height)), "the outer edges meet the wall's");
    }

    #[test]
    fn only_gaps_are_left_between_tiles(layout in layout(), width in 400..4000_u32, height in 400..4000_u32) {
        // Each tile with the gap behind it: together exactly the wall with such a gap.
        let gap = Grid::GAP;
        let areas = layout.tiles(Size::new(width, height)).into_iter();
        let area: u64 = areas.map(|tile| u64::from(tile.width + gap) * u64::from(tile.height + gap)).sum();
        prop_assert_eq!(area, u64::from(width + gap) * u64::from(height + gap));
    }

    #[test]
    fn a_border_keeps_a_twentieth_on_either_side(layout in layout(), line in any::<Index>(), position in 0.0..1.0) {
        let total = |layout: &Layout| layout.columns().iter().map(|w| f64::from(*w)).sum::<f64>();
        let share = |layout: &Layout, line: usize| f64::from(layout.columns()[line]) / total(layout);
        prop_assume!(layout.columns().len() > 1);
        let line = 1 + line.index(layout.columns().len() - 1);
        let moved = layout.with_border(Axis::Column, line, position).unwrap();
        for beside in [line - 1, line] {
            let least = share(&layout, beside).min(0.05);
            prop_assert!(share(&moved, beside) >= least * 0.99, "{:?} to {:?}", layout, moved);
        }
        prop_assert_eq!(moved.cells(), layout.cells());
        prop_assert_eq!(moved.rows(), layout.rows());
    }

    #[test]
    fn whatever_is_done_walls_stay_sound_and_come_back_from_their_file(
        acts in prop::collection::vec((any::<Index>(), act()), 1..40),
    ) {
        let mut arrangement = Arrangement::default();
        for (which, act) in &acts {
            let before = arrangement.desk().clone();
            let result = act_on(&mut arrangement, *which, act);
            arrangement.desk().walls().iter().for_each(check);
            if result.is_err() {
                prop_assert_eq!(arrangement.desk(), &before, "refused, so nothing has changed");
            }
            if let (Ok(()), Act::Merge(..) | Act::Split(_) | Act::Layout(_) | Act::Swap(..)) = (result, act) {
                for (before, after) in before.walls().iter().zip(arrangement.desk().walls()) {
                    prop_assert_eq!(cameras(before), cameras(after), "no camera is lost");
                }
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), "walls");
        store.save(arrangement.desk()).unwrap();
        let loaded = store.load();
        prop_assert_eq!(loaded.value.as_ref(), Some(arrangement.desk()));
        prop_assert_eq!(loaded.problem, None);
    }

    #[test]
    fn undo_to_the_beginning_and_redo_to_the_end_pass_the_same_desks(
        acts in prop::collection::vec((any::<Index>(), act()), 1..30),
    ) {
        let mut arrangement = Arrangement::default();
        arrangement.apply(|desk| desk.add_wall("DP-1")).unwrap();
        let wall_acts = acts.iter().filter(|(_, act)| {
            !matches!(act, Act::AddWall | Act::RemoveWall | Act::Undo | Act::Redo)
        });
        for (which, act) in wall_acts {
            // Refused acts are part of the game.
            let _ = act_on(&mut arrangement, *which, act);
        }
        let mut passed = vec![arrangement.desk().clone()];
        while arrangement.undo() {
            prop_assert_ne!(content(arrangement.desk()), content(&passed[passed.len() - 1]), "each step changes something");
            arrangement.desk().walls().iter().for_each(check);
            passed.push(arrangement.desk().clone());
        }
        prop_assert!(arrangement.desk().walls().iter().all(|wall| wall.slots().is_empty()));
        for expected in passed.iter().rev().skip(1) {
            prop_assert!(arrangement.redo());
            prop_assert_eq!(content(arrangement.desk()), content(expected));
        }
        prop_assert!(!arrangement.redo());
    }
}
