//! What people do to one wall.

use layouts::{Axis, Desk, Layout, Pictures, Refusal, Wall, presets};
use model::{Fit, Id, Point, Rect, Size, Turn, View};

fn ids(names: &str) -> Vec<Id> {
    names.split_whitespace().map(|name| Id::new(name).expect("an id")).collect()
}

fn numbered(count: usize) -> Vec<Id> {
    (0..count).map(|number| Id::new(&number.to_string()).expect("an id")).collect()
}

fn preset(name: &str) -> Layout {
    presets().into_iter().find(|preset| preset.name == name).expect("a preset").layout
}

/// The main window's wall with this layout and these cameras; `-` is an empty slot.
fn wall(layout: Layout, cameras: &str) -> Wall {
    let mut desk = Desk::default();
    let wall = desk.wall_mut(0).expect("the main window's");
    wall.set_layout(layout);
    for (at, id) in ids(cameras).iter().enumerate().filter(|(_, id)| id.as_str() != "-") {
        wall.place(at, std::slice::from_ref(id)).expect("room");
    }
    wall.clone()
}

fn cameras(wall: &Wall) -> String {
    let names = (0..wall.slots().len()).map(|at| wall.camera(at).map_or("-", Id::as_str));
    names.collect::<Vec<_>>().join(" ")
}

fn shown(wall: &Wall) -> String {
    let name = |slot: Option<&layouts::Slot>| {
        slot.and_then(|slot| slot.camera.clone()).map_or("-".into(), |id| id.to_string())
    };
    wall.visible().map(|(_, _, slot)| name(slot)).collect::<Vec<_>>().join(" ")
}

#[test]
fn cameras_are_placed_from_a_tile_on_as_they_send_themselves() {
    let mut wall = wall(Layout::grid(2, 2), "a b c");
    wall.set_turn(1, Turn::Half).unwrap();
    wall.place(1, &ids("x a y z")).unwrap();
    assert_eq!(cameras(&wall), "a x a y z");
    assert_eq!((wall.slots()[1].turn, wall.pages(), wall.page()), (Turn::None, 2, 0));
    wall.place(7, &ids("far")).unwrap();
    assert_eq!(cameras(&wall), "a x a y z - - far");
    assert_eq!(wall.place(0, &[]), Err(Refusal::NothingToPlace));
    assert_eq!(wall.place(4095, &ids("a b")), Err(Refusal::TooManySlots));
    assert_eq!(wall.place(usize::MAX, &ids("a")), Err(Refusal::TooManySlots));
    assert!(wall.place(4095, &ids("last")).is_ok());
}

#[test]
fn what_is_left_out_closes_up_and_the_selection_stays_on_its_camera() {
    let mut wall = wall(Layout::grid(2, 2), "a b c a d");
    wall.select(Some(2)).unwrap();
    wall.enlarge(Some(4)).unwrap();
    wall.leave_out(&ids("a x"));
    assert_eq!((cameras(&wall).as_str(), wall.selected(), wall.enlarged()), ("b c d", Some(1), Some(2)));
    wall.leave_out(&ids("c"));
    assert_eq!((cameras(&wall).as_str(), wall.selected(), wall.pages()), ("b d", None, 1));
}

#[test]
fn what_a_wall_asks_for_is_kept_and_older_files_ask_for_the_best() {
    let mut wall = wall(Layout::grid(2, 2), "a b");
    wall.set_pictures(Pictures::KeyFrames);
    let mut file = serde_json::to_value(&wall).unwrap();
    assert_eq!(serde_json::from_value::<Wall>(file.clone()).unwrap(), wall);
    file.as_object_mut().unwrap().remove("pictures");
    assert_eq!(serde_json::from_value::<Wall>(file).unwrap().pictures(), Pictures::Best);
}

#[test]
fn filling_chooses_the_smallest_square_and_then_pages() {
    let mut wall = wall(Layout::grid(2, 2), "a b c d e");
    wall.show_page(1).unwrap();
    wall.enlarge(Some(4)).unwrap();
    for (count, layout, pages) in [(1, (1, 1), 1), (5, (3, 3), 1), (64, (8, 8), 1), (373, (8, 8), 6)] {
        wall.fill(&numbered(count)).unwrap();
        assert_eq!(*wall.layout(), Layout::grid(layout.0, layout.1), "{count}");
        assert_eq!((wall.pages(), wall.page(), wall.selected(), wall.enlarged()), (pages, 0, Some(0), None));
    }
    assert_eq!(wall.fill(&[]), Err(Refusal::NothingToPlace));
    assert_eq!(wall.fill(&numbered(4097)), Err(Refusal::TooManySlots));
}

#[test]
fn filling_keeps_a_layout_of_people_s_own_that_holds_all() {
    let mut wall = wall(Layout::grid(3, 2), "");
    wall.fill(&numbered(2)).unwrap();
    assert_eq!(*wall.layout(), Layout::grid(3, 2));
    wall.fill(&numbered(7)).unwrap();
    assert_eq!(*wall.layout(), Layout::grid(3, 3));
    wall.set_layout(preset("1+12"));
    wall.fill(&numbered(10)).unwrap();
    assert_eq!(*wall.layout(), Layout::grid(4, 4), "a preset makes way");
}

#[test]
fn a_new_layout_keeps_in_sight_what_was_looked_at() {
    let mut wall = wall(Layout::grid(2, 2), "a b c d e f g h i");
    wall.show_page(1).unwrap();
    wall.set_layout(Layout::grid(1, 1));
    assert_eq!(shown(&wall), "e", "the first camera that was seen");

    wall.set_layout(Layout::grid(2, 2));
    wall.select(Some(6)).unwrap();
    wall.set_layout(Layout::grid(1, 1));
    assert_eq!((shown(&wall).as_str(), wall.pages()), ("g", 9), "the selected camera");

    wall.set_layout(Layout::grid(2, 2));
    wall.enlarge(Some(7)).unwrap();
    wall.set_layout(Layout::grid(3, 1));
    assert_eq!((shown(&wall).as_str(), wall.enlarged()), ("g h i", None), "the enlarged camera");

    wall.select(Some(0)).unwrap();
    wall.set_layout(Layout::grid(1, 1));
    assert_eq!(shown(&wall), "g", "a selected camera out of sight does not count");
}

#[test]
fn empty_slots_at_the_end_go_and_with_them_pages_and_what_points_there() {
    let mut wall = wall(Layout::grid(2, 1), "a - b - c");
    wall.show_page(2).unwrap();
    wall.select(Some(5)).unwrap();
    wall.enlarge(Some(4)).unwrap();
    wall.clear(4);
    assert_eq!(cameras(&wall), "a - b");
    assert_eq!((wall.pages(), wall.page(), wall.selected(), wall.enlarged()), (2, 1, None, None));
    wall.clear(99);
    wall.clear(2);
    assert_eq!(cameras(&wall), "a");
    wall.empty();
    assert_eq!((cameras(&wall).as_str(), wall.pages(), wall.layout().count()), ("", 1, 2));
}

#[test]
fn an_empty_slot_keeps_neither_fit_nor_turn_nor_view() {
    let mut wall = wall(Layout::grid(3, 1), "a b c");
    wall.set_fit(1, Fit::Fill).unwrap();
    wall.set_turn(1, Turn::Quarter).unwrap();
    wall.clear(1);
    assert_eq!(wall.slots()[1], layouts::Slot::default());
    let turned = r#"{"camera":null,"fit":"fill","turn":"half","hotspot":false,"view":{"x":1,"#;
    let json = serde_json::to_string(&wall)
        .unwrap()
        .replace(r#"{"camera":null,"fit":"fit","turn":"none","hotspot":false,"view":{"x":500000,"#, turned);
    assert!(json.contains(turned));
    assert_eq!(serde_json::from_str::<Wall>(&json).unwrap(), wall, "nor does one from a file");
    for at in [1, 3, usize::MAX] {
        assert_eq!(wall.set_fit(at, Fit::Fill), Err(Refusal::NoCamera(at)));
        assert_eq!(wall.set_turn(at, Turn::Half), Err(Refusal::NoCamera(at)));
        assert_eq!(wall.set_view(at, View::default()), Err(Refusal::NoCamera(at)));
        assert_eq!(wall.enlarge(Some(at)), Err(Refusal::NoCamera(at)));
    }
}

#[test]
fn a_view_goes_with_its_camera_and_comes_back_from_a_file_of_before_there_were_views() {
    let mut wall = wall(Layout::grid(3, 1), "a b c");
    let view = View::new(Point::new(0.25, 0.5), 4.0, 15.0, true);
    wall.set_view(0, view).unwrap();
    wall.swap(0, 2).unwrap();
    assert_eq!((wall.slots()[2].view, wall.slots()[0].view), (view, View::default()));
    let json = serde_json::to_string(&wall).unwrap();
    assert_eq!(serde_json::from_str::<Wall>(&json).unwrap(), wall);
    let plain = r#","view":{"x":500000,"y":500000,"zoom":1000,"rotation":0,"corrected":false}"#;
    assert!(json.contains(plain));
    assert_eq!(serde_json::from_str::<Wall>(&json.replace(plain, "")).unwrap(), wall);
    wall.place(2, &[Id::new("d").unwrap()]).unwrap();
    assert!(wall.slots()[2].view.is_plain(), "another camera is seen as a whole");
}

#[test]
fn swapping_takes_fit_selection_and_enlargement_along() {
    let mut wall = wall(Layout::grid(2, 2), "a b");
    wall.set_fit(0, Fit::Stretch).unwrap();
    wall.select(Some(0)).unwrap();
    wall.enlarge(Some(0)).unwrap();
    wall.swap(0, 3).unwrap();
    assert_eq!(cameras(&wall), "- b - a");
    assert_eq!((wall.slots()[3].fit, wall.selected(), wall.enlarged()), (Fit::Stretch, Some(3), Some(3)));
    wall.swap(3, 1).unwrap();
    assert_eq!(cameras(&wall), "- a - b");
    wall.swap(2, 4000).unwrap();
    assert_eq!(wall.slots().len(), 4, "two empty ones");
    assert_eq!(wall.swap(0, 4096), Err(Refusal::NoSuchTile(4096)));
}

#[test]
fn selection_pages_and_turning_know_their_bounds() {
    let mut wall = wall(Layout::grid(2, 1), "a b c");
    assert!(wall.select(Some(3)).is_ok(), "an empty tile");
    assert_eq!(wall.select(Some(4)), Err(Refusal::NoSuchTile(4)));
    assert_eq!(wall.show_page(2), Err(Refusal::NoSuchPage(2)));
    wall.enlarge(Some(2)).unwrap();
    assert_eq!(wall.page(), 1, "the page of the enlarged camera");
    wall.show_page(0).unwrap();
    assert_eq!(wall.enlarged(), None);
    for seconds in [0, 3601, u16::MAX] {
        assert_eq!(wall.set_turning(Some(seconds)), Err(Refusal::NotAnInterval(seconds)));
    }
    wall.set_turning(Some(3600)).unwrap();
    assert_eq!(wall.turning().unwrap().get(), 3600);
    wall.set_turning(None).unwrap();
    assert_eq!(wall.turning(), None);
}

#[test]
fn tiles_are_those_of_the_page_or_the_enlarged_one() {
    let size = Size::new(800, 600);
    let mut wall = wall(Layout::grid(2, 1), "a b c");
    wall.show_page(1).unwrap();
    let rects = wall.layout().tiles(size);
    assert_eq!(wall.tiles(size), [(rects[0], 2), (rects[1], 3)]);
    assert_eq!(
        wall.visible().map(|(tile, at, slot)| (tile, at, slot.is_some())).collect::<Vec<_>>(),
        [(0, 2, true), (1, 3, false)]
    );
    wall.enlarge(Some(1)).unwrap();
    assert_eq!(wall.tiles(size), [(Rect::new(0, 0, 800, 600), 1)]);
    assert_eq!(wall.visible().map(|(tile, at, _)| (tile, at)).collect::<Vec<_>>(), [(1, 1)]);
}

#[test]
fn a_border_moves_and_nothing_else() {
    let mut wall = wall(Layout::grid(2, 2), "a b c d");
    wall.move_border(Axis::Row, 1, 0.25).unwrap();
    assert_eq!(wall.layout().rows(), [1, 3]);
    assert_eq!(cameras(&wall), "a b c d");
    assert_eq!(wall.move_border(Axis::Column, 2, 0.5), Err(Refusal::NoSuchBorder(2)));
}

#[test]
fn merging_shows_the_first_tile_s_camera_and_moves_the_others_behind() {
    let mut all = wall(Layout::grid(3, 1), "a b c");
    all.merge(1, 0).unwrap();
    assert_eq!((cameras(&all).as_str(), all.pages()), ("b c a", 2), "no tile is free: the end of the wall");

    let mut some = wall(Layout::grid(3, 3), "a b - - c");
    some.merge(0, 4).unwrap();
    assert_eq!(
        (cameras(&some).as_str(), some.pages()),
        ("a b c", 1),
        "the page's free tiles behind its last camera"
    );

    let mut late = wall(Layout::grid(3, 1), "- - c");
    late.select(Some(1)).unwrap();
    late.merge(0, 2).unwrap();
    assert_eq!((cameras(&late).as_str(), late.selected()), ("c", Some(0)), "the first that has one");
}

#[test]
fn merging_leaves_the_rest_of_every_page_where_it_was() {
    let mut wall = wall(Layout::grid(2, 2), "a b c d e - g - - j");
    wall.set_fit(6, Fit::Fill).unwrap();
    wall.show_page(1).unwrap();
    wall.select(Some(6)).unwrap();
    wall.merge(4, 5).unwrap();
    // Tiles above each other: the wide one, lower left, lower right.
    assert_eq!(cameras(&wall), "a c d e g - j b");
    assert_eq!((wall.page(), wall.selected(), shown(&wall).as_str()), (1, Some(4), "e g -"));
    assert_eq!(wall.slots()[4].fit, Fit::Fill);
    assert_eq!(wall.merge(0, 3), Err(Refusal::DifferentPages(0, 3)));
    assert_eq!(wall.merge(0, 9), Err(Refusal::NoSuchTile(9)));
}

#[test]
fn splitting_leaves_the_camera_on_the_first_piece_of_every_page() {
    let mut wall = wall(preset("1+5"), "a b c d e f g h");
    wall.show_page(1).unwrap();
    wall.select(Some(7)).unwrap();
    wall.split(6).unwrap();
    assert_eq!(*wall.layout(), Layout::grid(3, 3));
    assert_eq!(cameras(&wall), "a - b - - c d e f g - h");
    assert_eq!((wall.page(), wall.selected()), (1, Some(11)));
    assert_eq!(wall.split(18), Err(Refusal::NoSuchTile(18)));
}

#[test]
fn a_split_that_needs_too_many_slots_is_refused() {
    let mut single = wall(Layout::grid(1, 1), "");
    single.place(0, &numbered(4096)).unwrap();
    assert_eq!(single.split(0), Err(Refusal::TooManySlots));
    let mut enough = wall(Layout::grid(1, 1), "");
    enough.place(0, &numbered(1024)).unwrap();
    assert_eq!(enough.split(0), Ok(()));
    assert_eq!((enough.slots().len(), enough.pages()), (4 * 1023 + 1, 1024));
}

#[test]
fn merging_the_fullest_wall_loses_nothing() {
    let mut wall = wall(Layout::grid(3, 1), "");
    wall.place(0, &numbered(4096)).unwrap();
    wall.merge(0, 1).unwrap();
    let mut kept: Vec<_> = wall.slots().iter().filter_map(|slot| slot.camera.clone()).collect();
    kept.sort();
    let mut all = numbered(4096);
    all.sort();
    assert_eq!(kept, all);
}

#[test]
fn the_page_sees_the_shape_of_its_contract() {
    let mut wall = wall(Layout::grid(1, 1), "a b");
    wall.set_turn(1, Turn::ThreeQuarters).unwrap();
    wall.set_turning(Some(5)).unwrap();
    wall.select(Some(1)).unwrap();
    let json = concat!(
        r#"{"id":0,"monitor":null,"#,
        r#""layout":{"columns":[1],"rows":[1],"cells":[{"column":0,"row":0,"columns":1,"rows":1}]},"#,
        r#""slots":[{"camera":"a","fit":"fit","turn":"none","hotspot":false,"#,
        r#""view":{"x":500000,"y":500000,"zoom":1000,"rotation":0,"corrected":false}},"#,
        r#"{"camera":"b","fit":"fit","turn":"three_quarters","hotspot":false,"#,
        r#""view":{"x":500000,"y":500000,"zoom":1000,"rotation":0,"corrected":false}}],"#,
        r#""page":0,"pages":2,"selected":1,"enlarged":null,"turning":5,"pictures":"best"}"#
    );
    assert_eq!(serde_json::to_string(&wall).unwrap(), json);
    assert_eq!(serde_json::from_str::<Wall>(json).unwrap(), wall);
}
