use super::super::element::read;
use super::*;

fn space(name: &str, uri: &str, x: (&str, &str), y: Option<(&str, &str)>) -> String {
    let range = |direction: &str, (least, most): (&str, &str)| {
        format!("<{direction}><Min>{least}</Min><Max>{most}</Max></{direction}>")
    };
    let y = y.map(|y| range("YRange", y)).unwrap_or_default();
    format!("<{name}><URI>http://www.onvif.org/ver10/tptz/{uri}</URI>{}{y}</{name}>", range("XRange", x))
}

fn node(spaces: &[String]) -> Element {
    read(format!("<SupportedPTZSpaces>{}</SupportedPTZSpaces>", spaces.concat()).as_bytes()).unwrap()
}

fn degrees(x: (&str, &str), y: (&str, &str)) -> String {
    space("AbsolutePanTiltPositionSpace", "PanTiltSpaces/SphericalPositionSpaceDegrees", x, Some(y))
}

fn generic() -> Vec<String> {
    vec![
        space(
            "AbsolutePanTiltPositionSpace",
            "PanTiltSpaces/PositionGenericSpace",
            ("-1", "1"),
            Some(("-1", "1")),
        ),
        space("AbsoluteZoomPositionSpace", "ZoomSpaces/PositionGenericSpace", ("0", "1"), None),
        space(
            "ContinuousPanTiltVelocitySpace",
            "PanTiltSpaces/VelocityGenericSpace",
            ("-1", "1"),
            Some(("-1", "1")),
        ),
        space("ContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace", ("-1", "1"), None),
    ]
}

fn nothing() -> Element {
    Element::default()
}

fn status(inside: &str) -> Element {
    read(format!("<R><PTZStatus>{inside}</PTZStatus></R>").as_bytes()).unwrap()
}

#[test]
fn degrees_are_taken_at_their_word_and_tilt_is_turned_over() {
    let mut all = generic();
    all.push(degrees(("0", "350"), ("-67", "0")));
    let spaces = Spaces::read(Some(&node(&all)), &nothing(), &Reach::default());
    let reach = spaces.reach();
    assert_eq!(reach.pan, Some(Span { least: 0.0, most: 350.0 }));
    assert_eq!(reach.tilt, Some(Span { least: 0.0, most: 67.0 }));
    assert!(!reach.wraps);
    let place = spaces.position(Pose { pan: 345.0, tilt: 26.8, zoom: 1.0 }).unwrap();
    assert!(
        place.contains(
            "x=\"345\" y=\"-26.8\" space=\"http://www.onvif.org/ver10/tptz/PanTiltSpaces/Spherical"
        ),
        "{place}"
    );
    // No ranges for the zoom are known, so that it is left alone.
    assert!(!place.contains("Zoom"), "{place}");
    // Beyond the ends is at the ends.
    let place = spaces.position(Pose { pan: 365.0, tilt: -3.0, zoom: 1.0 }).unwrap();
    assert!(place.contains("x=\"350\" y=\"0\""), "{place}");
}

#[test]
fn a_generic_space_is_laid_over_the_ranges_that_somebody_knows() {
    let known = Reach {
        pan: Some(Span { least: 0.0, most: 350.0 }),
        tilt: Some(Span { least: 0.0, most: 67.0 }),
        zoom: Some(Span { least: 1.0, most: 32.0 }),
        wraps: false,
    };
    let spaces = Spaces::read(Some(&node(&generic())), &nothing(), &known);
    assert_eq!(spaces.reach(), known);
    let position = "<Position><PanTilt x=\"0\" y=\"1\"/><Zoom x=\"0.5\"/></Position>";
    let (pose, moving) = spaces.status(&status(position)).unwrap();
    assert_eq!(pose, Pose { pan: 175.0, tilt: 0.0, zoom: 16.5 });
    assert_eq!(moving, None);
    let place = spaces.position(Pose { pan: 350.0, tilt: 67.0, zoom: 1.0 }).unwrap();
    assert!(place.contains("x=\"1\" y=\"-1\"") && place.contains("Zoom x=\"0\""), "{place}");
}

#[test]
fn a_device_that_takes_degrees_may_tell_its_place_in_the_generic_space() {
    let mut all = generic();
    all.push(degrees(("0", "350"), ("-67", "0")));
    let limits = "<PTZConfiguration><PanTiltLimits><Range><URI>\
        http://www.onvif.org/ver10/tptz/PanTiltSpaces/SphericalPositionSpaceDegrees</URI><XRange><Min>100</Min><Max>200</Max>\
        </XRange><YRange><Min>-67</Min><Max>0</Max></YRange></Range></PanTiltLimits></PTZConfiguration>";
    // Limits narrow what can be asked for, not the measure.
    for configuration in [nothing(), read(limits.as_bytes()).unwrap()] {
        let spaces = Spaces::read(Some(&node(&all)), &configuration, &Reach::default());
        let pose =
            |inside: &str| spaces.status(&status(&format!("<Position>{inside}</Position>"))).unwrap().0;
        let base = "http://www.onvif.org/ver10/tptz/PanTiltSpaces";
        let in_generic = pose(&format!("<PanTilt x='0' y='-1' space='{base}/PositionGenericSpace'/>"));
        assert_eq!((in_generic.pan, in_generic.tilt), (175.0, 67.0));
        let in_degrees =
            pose(&format!("<PanTilt x='10' y='-30' space='{base}/SphericalPositionSpaceDegrees'/>"));
        assert_eq!((in_degrees.pan, in_degrees.tilt), (10.0, 30.0));
        let in_neither = pose("<PanTilt x='1' y='1'/>");
        assert_eq!((in_neither.pan, in_neither.tilt), (350.0, 0.0));
    }
}

#[test]
fn a_generic_space_of_unknown_range_moves_by_speed_alone() {
    let spaces = Spaces::read(Some(&node(&generic())), &nothing(), &Reach::default());
    assert_eq!(spaces.reach().pan, Some(ENDLESS));
    assert_eq!(spaces.position(Pose::default()), None);
    let velocity = spaces.velocity(Velocity { pan: -0.5, tilt: 2.0, zoom: 0.0 });
    assert_eq!(velocity, "<tt:PanTilt x=\"-0.5\" y=\"1\"/><tt:Zoom x=\"0\"/>");
    let position = "<Position><PanTilt x=\"0\" y=\"1\"/></Position>";
    assert_eq!(spaces.status(&status(position)), None);
    let moving = "<MoveStatus><PanTilt>IDLE</PanTilt><Zoom>MOVING</Zoom></MoveStatus>";
    assert_eq!(spaces.status(&status(moving)).unwrap().1, Some(true));
}

#[test]
fn pan_goes_round_only_where_the_device_says_that_it_has_no_ends() {
    let read = |x| Spaces::read(Some(&node(&[degrees(x, ("-90", "90"))])), &nothing(), &Reach::default());
    assert!(!read(("-180", "180")).reach().wraps);
    assert!(!read(("0", "360")).reach().wraps);
    let round = read(("-INF", "INF"));
    assert!(round.reach().wraps);
    let place = round.position(Pose { pan: 350.0, tilt: 0.0, zoom: 1.0 }).unwrap();
    assert!(place.contains("x=\"-10\""), "{place}");
}

#[test]
fn limits_of_the_configuration_narrow_the_range_where_they_speak_of_the_same_space() {
    let configuration = |uri: &str, least: &str| {
        let text = format!(
            "<PTZConfiguration><PanTiltLimits><Range><URI>http://www.onvif.org/ver10/tptz/PanTiltSpaces/{uri}</URI>\
             <XRange><Min>{least}</Min><Max>INF</Max></XRange><YRange><Min>-INF</Min><Max>0</Max></YRange>\
             </Range></PanTiltLimits></PTZConfiguration>"
        );
        read(text.as_bytes()).unwrap()
    };
    let node = node(&[degrees(("-170", "170"), ("-90", "20"))]);
    let reach = |configuration: &Element| Spaces::read(Some(&node), configuration, &Reach::default()).reach();
    let narrowed = reach(&configuration("SphericalPositionSpaceDegrees", "-30"));
    assert_eq!(narrowed.pan, Some(Span { least: -30.0, most: 170.0 }));
    assert_eq!(narrowed.tilt, Some(Span { least: 0.0, most: 90.0 }));
    let other = reach(&configuration("PositionGenericSpace", "-0.5"));
    assert_eq!(other.pan, Some(Span { least: -170.0, most: 170.0 }));
}

#[test]
fn zoom_without_pan_is_zoom_alone() {
    let only = [space("ContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace", ("-8", "8"), None)];
    let spaces = Spaces::read(Some(&node(&only)), &nothing(), &Reach::default());
    assert_eq!((spaces.reach().pan, spaces.reach().tilt), (None, None));
    assert!(spaces.reach().zoom.is_some());
    assert_eq!(spaces.velocity(Velocity { pan: 1.0, tilt: 1.0, zoom: -0.5 }), "<tt:Zoom x=\"-4\"/>");
}

#[test]
fn a_node_without_spaces_has_no_motors() {
    let spaces = Spaces::read(Some(&node(&[])), &nothing(), &Reach::default());
    assert!(!spaces.moves());
    assert_eq!(spaces.reach(), Reach::default());
    assert!(!Spaces::read(None, &nothing(), &Reach::default()).moves());
}

#[test]
fn hostile_numbers_become_no_ranges() {
    for (x, y) in [
        (("1", "-1"), ("-1", "1")),
        (("NaN", "1"), ("-1", "1")),
        (("", ""), ("", "")),
        (("-1e999", "1"), ("0", "0")),
    ] {
        let spaces = Spaces::read(Some(&node(&[degrees(x, y)])), &nothing(), &Reach::default());
        assert_eq!(spaces.position(Pose::default()), None, "{x:?}");
    }
    let spaces = Spaces::read(Some(&node(&generic())), &nothing(), &Reach::default());
    assert_eq!(spaces.position(Pose { pan: f64::NAN, tilt: 0.0, zoom: 1.0 }), None);
}
