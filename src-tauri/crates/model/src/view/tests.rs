use proptest::prelude::*;

use super::*;

const HD: Size = Size::new(1920, 1080);

fn any_size() -> impl Strategy<Value = Size> {
    (16..4000_u32, 16..4000_u32).prop_map(|(width, height)| Size::new(width, height))
}

fn any_fit() -> impl Strategy<Value = Fit> {
    prop_oneof![Just(Fit::Fit), Just(Fit::Fill), Just(Fit::Stretch)]
}

fn any_turn() -> impl Strategy<Value = Turn> {
    prop_oneof![Just(Turn::None), Just(Turn::Quarter), Just(Turn::Half), Just(Turn::ThreeQuarters)]
}

fn any_lens() -> impl Strategy<Value = Option<Lens>> {
    let lens = |text: &str| Some(text.parse().unwrap());
    prop_oneof![
        Just(None),
        Just(lens("wide-outdoor")),
        Just(lens("51x29 rectilinear 0.1")),
        Just(lens("90x70 f-theta -0.05")),
    ]
}

fn any_sight() -> impl Strategy<Value = Sight> {
    let centre = (0.0..1.0_f64, 0.0..1.0_f64).prop_map(|(x, y)| Point::new(x, y));
    (centre, 1.0..100.0_f64, 0..360_u16, any::<bool>(), any_lens()).prop_map(
        |(centre, zoom, rotation, corrected, lens)| Sight {
            centre,
            zoom,
            rotation: f64::from(rotation),
            corrected,
            lens,
        },
    )
}

prop_compose! {
    fn any_mapping()(
        tile in any_size(), picture in any_size(), fit in any_fit(), turn in any_turn(), sight in any_sight()
    ) -> Mapping {
        Mapping::new(tile, picture, fit, turn, sight).unwrap()
    }
}

fn near(a: Point, b: Point, most: f64) -> bool {
    (a.x - b.x).abs() <= most && (a.y - b.y).abs() <= most
}

proptest! {
    #[test]
    fn a_point_of_the_tile_comes_back_to_itself(mapping in any_mapping(), x in 0.0..1.0_f64, y in 0.0..1.0_f64) {
        let at = Point::new(x, y);
        if mapping.shows(at) {
            let again = mapping.to_tile(mapping.to_picture(at)).unwrap();
            prop_assert!(near(again, at, 1e-6), "{again:?}");
        }
    }

    #[test]
    fn a_point_of_the_picture_comes_back_to_itself(mapping in any_mapping(), x in 0.0..1.0_f64, y in 0.0..1.0_f64) {
        let at = Point::new(x, y);
        if let Some(tile) = mapping.to_tile(at) {
            let again = mapping.to_picture(tile);
            prop_assert!(near(again, at, 1e-6), "{again:?}");
        }
    }

    #[test]
    fn the_linear_part_is_the_mapping_where_no_lens_is_corrected(
        mapping in any_mapping(), x in 0.0..1.0_f64, y in 0.0..1.0_f64
    ) {
        prop_assume!(mapping.sight.correction().is_none());
        let Affine { origin, across, down } = mapping.affine();
        let (px, py) = (x * f64::from(mapping.tile.width), y * f64::from(mapping.tile.height));
        let at = |o: f64, a: f64, d: f64, side: u32| (o + a * px + d * py) / f64::from(side) + 0.5;
        let linear = Point::new(
            at(origin.x, across.x, down.x, mapping.picture.width),
            at(origin.y, across.y, down.y, mapping.picture.height),
        );
        prop_assert!(near(mapping.to_picture(Point::new(x, y)), linear, 1e-6));
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer(
        picture in any_size(), tile in any_size(), turn in any_turn(), rotation in 0..360_u16,
        x in 0.3..0.7_f64, y in 0.3..0.7_f64, zoom in 3.0..20.0_f64, factor in 1.0..3.0_f64
    ) {
        // Where the tile is full of picture, and stays it: a middle at the edge may have to give way.
        let rotation = f64::from(rotation);
        let sight = Sight { zoom, rotation, ..Sight::default() };
        let before = Mapping::new(tile, picture, Fit::Fill, turn, sight).unwrap();
        let view = before.after(&Change::Zoom { factor, x, y });
        let after = Mapping::new(tile, picture, Fit::Fill, turn, Sight::of(view, None)).unwrap();
        let at = Point::new(x, y);
        // The middle is kept to half a millionth. The zoom is kept to half a thousandth: that moves what is up to a fifth of
        // the tile away from its middle, where the tile shows no more than the zoom's share of the picture.
        let kept = 0.5e-6 + 0.2 / view.zoom() * 0.5e-3 / view.zoom();
        prop_assert!(near(before.to_picture(at), after.to_picture(at), kept + 1e-9));
    }

    #[test]
    fn a_picture_follows_the_hand(
        turn in any_turn(), rotation in 0..360_u16, fit in any_fit(), x in -0.3..0.3_f64, y in -0.3..0.3_f64
    ) {
        let sight = Sight { zoom: 8.0, rotation: f64::from(rotation), ..Sight::default() };
        let before = Mapping::new(Size::new(640, 360), HD, fit, turn, sight).unwrap();
        let view = before.after(&Change::Pan { x, y });
        let after = Mapping::new(Size::new(640, 360), HD, fit, turn, Sight::of(view, None)).unwrap();
        let there = after.to_tile(before.to_picture(Point::MIDDLE)).unwrap();
        prop_assert!(near(there, Point::new(0.5 + x, 0.5 + y), 1e-3), "{there:?}");
    }

    #[test]
    fn whatever_is_done_gives_a_view_that_a_file_can_hold(
        mapping in any_mapping(), x in any::<f64>(), y in any::<f64>(), w in any::<f64>(), h in any::<f64>()
    ) {
        let changes = [
            Change::Zoom { factor: w, x, y },
            Change::Pan { x, y },
            Change::Region { x, y, width: w, height: h },
            Change::Rotate { by: x },
            Change::Correct { on: true },
            Change::Whole,
            Change::Plain,
        ];
        for change in changes {
            let view = mapping.after(&change);
            let file = serde_json::to_string(&view).unwrap();
            prop_assert_eq!(serde_json::from_str::<View>(&file).unwrap(), view);
        }
    }

    #[test]
    fn the_way_between_two_sights_leaves_the_common_point_where_it_is(
        x in 0.2..0.8_f64, y in 0.2..0.8_f64, share in 0.0..1.0_f64
    ) {
        let tile = Size::new(640, 360);
        let before = Mapping::new(tile, HD, Fit::Fit, Turn::None, Sight { zoom: 4.0, ..Sight::default() }).unwrap();
        let to = Sight::of(before.after(&Change::Zoom { factor: 2.0, x, y }), None);
        let between = Mapping::new(tile, HD, Fit::Fit, Turn::None, before.sight.towards(&to, share)).unwrap();
        let at = Point::new(x, y);
        prop_assert!(near(before.to_picture(at), between.to_picture(at), 1e-5));
    }
}

#[test]
fn the_plain_view_is_the_whole_picture() {
    let plain = View::default();
    assert!(plain.is_plain() && Sight::of(plain, None).is_plain());
    let mapping = Mapping::new(Size::new(640, 360), HD, Fit::Fit, Turn::None, Sight::default()).unwrap();
    assert_eq!(mapping.to_picture(Point::new(0.0, 0.0)), Point::new(0.0, 0.0));
    assert_eq!(mapping.to_picture(Point::new(1.0, 0.25)), Point::new(1.0, 0.25));
}

#[test]
fn a_hallway_picture_is_found_on_its_side() {
    let mapping = Mapping::new(Size::new(360, 640), HD, Fit::Fit, Turn::Quarter, Sight::default()).unwrap();
    // A quarter clockwise: the camera's upper left corner stands at the upper right.
    assert!(near(mapping.to_picture(Point::new(1.0, 0.0)), Point::new(0.0, 0.0), 1e-9));
    assert!(near(mapping.to_picture(Point::new(1.0, 1.0)), Point::new(1.0, 0.0), 1e-9));
}

#[test]
fn a_rotated_picture_is_all_there_when_it_is_fitted_and_leaves_no_gap_when_it_fills() {
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| Point::new(x, y));
    for rotation in [15.0, 45.0, 90.0, 210.0, 355.0] {
        let sight = Sight { rotation, ..Sight::default() };
        let fitted = Mapping::new(Size::new(640, 480), HD, Fit::Fit, Turn::None, sight).unwrap();
        let filled = Mapping::new(Size::new(640, 480), HD, Fit::Fill, Turn::None, sight).unwrap();
        for corner in corners {
            let on_tile = fitted.to_tile(corner).unwrap();
            assert!((-1e-9..=1.0 + 1e-9).contains(&on_tile.x), "{rotation}: {on_tile:?}");
            assert!((-1e-9..=1.0 + 1e-9).contains(&on_tile.y), "{rotation}: {on_tile:?}");
            let of_picture = filled.to_picture(corner);
            assert!((-1e-9..=1.0 + 1e-9).contains(&of_picture.x), "{rotation}: {of_picture:?}");
            assert!((-1e-9..=1.0 + 1e-9).contains(&of_picture.y), "{rotation}: {of_picture:?}");
        }
    }
}

#[test]
fn a_drawn_box_fills_the_tile() {
    let mapping = Mapping::new(Size::new(640, 360), HD, Fit::Fit, Turn::None, Sight::default()).unwrap();
    let view = mapping.after(&Change::Region { x: 0.5, y: 0.25, width: 0.25, height: 0.2 });
    assert_eq!((view.zoom(), view.centre()), (4.0, Point::new(0.625, 0.35)));
}

#[test]
fn the_middle_stays_where_there_is_picture() {
    let mapping =
        Mapping::new(Size::new(640, 360), HD, Fit::Fit, Turn::None, Sight { zoom: 2.0, ..Sight::default() });
    let view = mapping.unwrap().after(&Change::Pan { x: 1.0, y: 0.0 });
    assert_eq!(view.centre(), Point::new(0.25, 0.5));
    // All of a picture stays in the middle of its tile.
    let whole = Mapping::new(Size::new(640, 640), HD, Fit::Fit, Turn::None, Sight::default()).unwrap();
    assert_eq!(whole.after(&Change::Pan { x: 0.2, y: 0.4 }), View::default());
}

#[test]
fn correcting_the_lens_leaves_the_middle_where_it_is_and_straightens_lines() {
    let lens: Lens = "wide-outdoor".parse().unwrap();
    let sight = Sight { centre: Point::new(0.7, 0.4), zoom: 3.0, lens: Some(lens), ..Sight::default() };
    let tile = Size::new(640, 360);
    let bent = Mapping::new(tile, HD, Fit::Fit, Turn::None, sight).unwrap();
    let view = bent.after(&Change::Correct { on: true });
    assert!(near(view.centre(), sight.centre, 1e-5), "{view:?}");
    let corrected = Mapping::new(tile, HD, Fit::Fit, Turn::None, Sight { corrected: true, ..sight }).unwrap();
    // A line of the world is straight on the tile: what an ideal lens would have on one line.
    let flat = |x: f64| Point::new(x, 0.4);
    let on_tile = |x: f64| {
        let bent = lens.bend(flat(x));
        corrected.to_tile(Point::new(bent.x / 2.0 + 0.5, bent.y / 2.0 * 16.0 / 9.0 + 0.5)).unwrap()
    };
    let (a, b, c) = (on_tile(-0.9), on_tile(0.1), on_tile(0.9));
    assert!((a.y - b.y).abs() < 1e-9 && (b.y - c.y).abs() < 1e-9, "{a:?} {b:?} {c:?}");
}

#[test]
fn a_damaged_view_is_refused() {
    let sound = r#"{"x":500000,"y":0,"zoom":100000,"rotation":359,"corrected":true}"#;
    assert!(serde_json::from_str::<View>(sound).is_ok());
    for (from, to) in [
        ("500000", "1000001"),
        ("500000", "-1"),
        ("100000", "100001"),
        ("100000", "999"),
        ("359", "360"),
        ("500000", "0.5"),
        ("true", "1"),
    ] {
        assert!(serde_json::from_str::<View>(&sound.replacen(from, to, 1)).is_err(), "{to} for {from}");
    }
}

#[test]
fn an_empty_tile_or_picture_has_no_points() {
    let none = Size::new(0, 9);
    assert!(Mapping::new(none, HD, Fit::Fit, Turn::None, Sight::default()).is_none());
    assert!(Mapping::new(HD, none, Fit::Fit, Turn::None, Sight::default()).is_none());
}
