use model::lens::NotALens;
use model::{BadAddress, Id};
use serde_json::{Value, json};

use super::*;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// A file with one camera.
fn file() -> Value {
    json!({ "version": 2, "name": "Tỉnh", "sites": [{
        "id": "a", "name": "Trạm", "district": "Huyện", "uplink_mbps": 30,
        "position": { "lat": 10.01, "lon": 105.08 }, "zone": "orange",
        "relay": "rtsp://relay.example:8554/{site}/{camera}/{profile}",
        "recorders": [{
            "id": "a/1", "name": "Đầu ghi 1", "sends_mbps": 20, "address": "10.1.2.3:8000", "make": "Hãng", "model": "M-4",
            "cameras": [{
                "id": "a/1/1", "name": "Cổng", "outdoor": true, "channel": 1, "ptz": false, "viewers": 6, "lens": "wide-outdoor",
                "profiles": [
                    { "kind": "main", "address": "rtsp://10.1.2.3/1", "width": 1920, "height": 1080, "frame_rate": 12.5 },
                    { "kind": "sub", "address": "rtsp://10.1.2.3/2", "width": 640, "height": 360, "kbps": 256 },
                ],
            }],
        }],
    }]})
}

fn parse(file: &Value) -> Result<Inventory, InventoryError> {
    Inventory::parse(&serde_json::to_vec(file).unwrap())
}

/// The file with a value in it replaced.
fn with(pointer: &str, value: Value) -> Value {
    let mut file = file();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Array(array) => array[key.parse::<usize>().unwrap()] = value,
        object => object[key] = value,
    }
    file
}

const CAMERA: &str = "/sites/0/recorders/0/cameras/0";

/// Where and what is wrong, of all that is.
fn mistakes(file: &Value) -> Vec<(String, Flaw)> {
    match parse(file) {
        Err(InventoryError::Mistaken(mistakes)) => {
            mistakes.into_iter().map(|mistake| (mistake.place.to_string(), mistake.flaw)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_camera_is_found_with_its_recorder_and_site() {
    let inventory = parse(&file()).unwrap();
    let (site, recorder, camera) = inventory.camera(&id("a/1/1")).unwrap();
    assert_eq!((site.name.as_str(), recorder.name.as_str()), ("Trạm", "Đầu ghi 1"));
    assert_eq!(camera.profiles[1].address.to_string(), "rtsp://10.1.2.3/2");
    assert_eq!((site.zone, camera.channel, camera.ptz), (Some(Zone::Orange), Some(1), Some(false)));
    assert_eq!(recorder.address.as_ref().unwrap().url().as_str(), "http://10.1.2.3:8000/");
    assert!(inventory.camera(&id("a/1/2")).is_none());
}

#[test]
fn what_is_written_is_read_again_and_stays_the_same() {
    let inventory = parse(&file()).unwrap();
    let written = inventory.to_json();
    let again = Inventory::parse(&written).unwrap();
    assert_eq!(again, inventory);
    assert_eq!(again.to_json(), written);
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), file(), "nothing is lost or made up");
}

#[test]
fn version_1_is_read_and_its_empty_names_are_filled() {
    let text = r#"{"version":1,"name":"","sites":[{"id":"a","name":"","district":"","uplink_mbps":100,"recorders":[
        {"id":"r","name":"","sends_mbps":20,"cameras":[{"id":"c","name":"","viewers":6,"profiles":[
        {"kind":"sub","address":"rtsp://10.0.0.1/s","width":640,"height":360,"frame_rate":12,"kbps":256}]}]}]}]}"#;
    let inventory = Inventory::parse(text.as_bytes()).unwrap();
    let (site, recorder, camera) = inventory.camera(&id("c")).unwrap();
    assert_eq!((&*site.name, &*recorder.name, &*camera.name), ("a", "r", "c"));
    let two = text.replace(r#""version":1"#, r#""version":2"#);
    let Err(InventoryError::Mistaken(mistakes)) = Inventory::parse(two.as_bytes()) else {
        panic!("names are needed")
    };
    assert_eq!(mistakes.iter().filter(|mistake| mistake.flaw == Flaw::Missing).count(), 3);
}

#[test]
fn what_is_no_inventory_is_said_with_its_place() {
    let refused = |text: &str| Inventory::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(refused("").starts_with("line 1, column 0"));
    assert!(refused(r#"{"version":2,"name":"x","sites":[{"#).starts_with("line 1"));
    assert_eq!(refused(r#"{"version":7,"name":"x","sites":[]}"#), "version 7");
    assert!(refused(r#"{"version":2,"name":"x","sites":[],"more":1}"#).contains("unknown field"));
    let misplaced = with("/sites/0/uplink_mbps", json!("rtsp://viewer:mat-khau@10.1.2.3/"));
    assert!(!parse(&misplaced).unwrap_err().to_string().contains("mat-khau"));
    assert!(matches!(Inventory::parse(&vec![b' '; limits::FILE_BYTES + 1]), Err(InventoryError::TooLarge)));
}

#[test]
fn all_mistakes_are_told_together_each_with_its_place() {
    let mut file = file();
    file["sites"][0]["name"] = json!(" ");
    file["sites"][0]["position"]["lat"] = json!(90.1);
    file["sites"][0]["uplink_mbps"] = json!(-3);
    file["sites"][0]["recorders"][0]["sends_mbps"] = json!(0);
    let camera = &mut file["sites"][0]["recorders"][0]["cameras"][0];
    camera["viewers"] = json!(1001);
    camera["profiles"][0]["address"] = json!("ftp://10.1.2.3/");
    camera["profiles"][1]["kind"] = json!("main");
    camera["profiles"][1]["frame_rate"] = json!(-25);
    let range = |least, most| Flaw::OutOfRange { least, most };
    let expected = [
        ("/sites/0/name", Flaw::Missing),
        ("/sites/0/uplink_mbps", range(1.0, 100_000.0)),
        ("/sites/0/position/lat", range(-90.0, 90.0)),
        ("/sites/0/recorders/0/sends_mbps", range(1.0, 100_000.0)),
        ("/sites/0/recorders/0/cameras/0/viewers", range(1.0, 1000.0)),
        ("/sites/0/recorders/0/cameras/0/profiles", Flaw::ProfileTwice),
        ("/sites/0/recorders/0/cameras/0/profiles/0/address", Flaw::Address(BadAddress::NotRtsp)),
        ("/sites/0/recorders/0/cameras/0/profiles/1/frame_rate", range(0.0, 240.0)),
    ];
    assert_eq!(mistakes(&file), expected.map(|(place, flaw)| (place.to_owned(), flaw)));
    let text = parse(&file).unwrap_err().to_string();
    assert!(text.starts_with("/sites/0/name is missing; ") && text.ends_with("and 5 more"), "{text}");
}

#[test]
fn each_mistake_is_found_alone() {
    let range = |least, most| Flaw::OutOfRange { least, most };
    let camera = |key: &str| format!("{CAMERA}/{key}");
    for (pointer, value, flaw) in [
        ("/sites/0/id".to_owned(), json!(""), Flaw::Missing),
        ("/sites/0/id".to_owned(), json!("a\u{0}"), Flaw::ControlCharacter),
        ("/sites/0/name".to_owned(), json!("x".repeat(201)), Flaw::TooLong { most: 200 }),
        ("/sites/0/name".to_owned(), json!("gate\u{202e}4pm"), Flaw::DirectionCharacter),
        ("/sites/0/district".to_owned(), json!("a\u{200b}b"), Flaw::InvisibleCharacter),
        ("/sites/0/recorders/0/id".to_owned(), json!("a"), Flaw::Twice),
        ("/sites/0/recorders/0/address".to_owned(), json!("http://u:p@h"), Flaw::Login),
        ("/sites/0/relay".to_owned(), json!("rtsp://r/{profile}"), Flaw::Relay(BadRelay::SameForAllCameras)),
        ("/sites/0/relay".to_owned(), json!("rtsp://u:p@r/{camera}/{profile}"), Flaw::Login),
        (camera("lens"), json!("fish-eye"), Flaw::Lens(NotALens::Words)),
        (camera("lens"), json!("300x54 f-theta"), Flaw::Lens(NotALens::Angle)),
        ("/sites/0/position/lon".to_owned(), json!(-180.5), range(-180.0, 180.0)),
        (camera("channel"), json!(0), range(1.0, 1024.0)),
        (camera("profiles"), json!([]), Flaw::NoProfile),
        (camera("profiles/0/address"), json!("rtsp://viewer:mat-khau@10.1.2.3/1"), Flaw::Login),
        (
            camera("profiles/0/address"),
            json!(format!("rtsp://h/{}", "x".repeat(1000))),
            Flaw::TooLong { most: 1000 },
        ),
        (camera("profiles/0/width"), json!(0), range(1.0, 16_384.0)),
        (camera("profiles/1/kbps"), json!(-1), range(1.0, 1_000_000.0)),
    ] {
        let file = with(&pointer, value);
        assert_eq!(mistakes(&file), [(pointer, flaw)]);
        assert!(!parse(&file).unwrap_err().to_string().contains("mat-khau"));
    }
    let mut twice = file();
    let camera = twice["sites"][0]["recorders"][0]["cameras"][0].clone();
    twice["sites"][0]["recorders"][0]["cameras"].as_array_mut().unwrap().push(camera);
    assert_eq!(mistakes(&twice), [("/sites/0/recorders/0/cameras/1/id".to_owned(), Flaw::Twice)]);
}

#[test]
fn names_are_texts_whatever_they_look_like() {
    for (written, name) in [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("../../../etc/passwd", "../../../etc/passwd"),
        ("'; DROP TABLE sites; --", "'; DROP TABLE sites; --"),
        (" Tra\u{323}m y te\u{302}\u{301} ", "Trạm y tế"),
    ] {
        let inventory = parse(&with("/sites/0/name", json!(written))).unwrap();
        assert_eq!(inventory.sites()[0].name, name);
        let inventory = parse(&with(&format!("{CAMERA}/id"), json!(written))).unwrap();
        assert!(inventory.camera(&id(name)).is_some());
    }
}

#[test]
fn ids_that_look_the_same_are_the_same() {
    let mut file = file();
    file["sites"][0]["id"] = json!("tra\u{323}m");
    file["sites"][0]["recorders"][0]["id"] = json!("trạm");
    assert_eq!(mistakes(&file), [("/sites/0/recorders/0/id".to_owned(), Flaw::Twice)]);
}

#[test]
fn the_most_specific_relay_is_asked() {
    let relayed = |file: &Value, kind| {
        parse(file).unwrap().relay_address(&id("a/1/1"), kind).map(|address| address.to_string())
    };
    let mut file = file();
    let site = "rtsp://relay.example:8554/a/a%2F1%2F1/main";
    assert_eq!(relayed(&file, ProfileKind::Main).as_deref(), Some(site));
    file["sites"][0]["recorders"][0]["relay"] = json!("rtsp://nvr-relay/{recorder}/{channel}/{profile}");
    assert_eq!(relayed(&file, ProfileKind::Sub).as_deref(), Some("rtsp://nvr-relay/a%2F1/1/sub"));
    file["sites"][0]["recorders"][0]["cameras"][0]["relay"] = json!("rtsp://cam-relay/cong/{profile}");
    assert_eq!(relayed(&file, ProfileKind::Sub).as_deref(), Some("rtsp://cam-relay/cong/sub"));
    file["sites"][0]["recorders"][0]["cameras"][0]["profiles"].as_array_mut().unwrap().pop();
    assert_eq!(relayed(&file, ProfileKind::Sub), None, "the camera has no such stream");
    let mut without = self::file();
    without["sites"][0]["relay"] = Value::Null;
    assert_eq!(relayed(&without, ProfileKind::Main), None);
}

#[test]
fn an_id_that_is_a_step_up_never_becomes_a_path() {
    let file = with(&format!("{CAMERA}/id"), json!(".."));
    assert_eq!(parse(&file).unwrap().relay_address(&id(".."), ProfileKind::Main), None);
    let file = with(&format!("{CAMERA}/id"), json!("../../x"));
    let address = parse(&file).unwrap().relay_address(&id("../../x"), ProfileKind::Main).unwrap();
    assert_eq!(address.to_string(), "rtsp://relay.example:8554/a/..%2F..%2Fx/main");
}

mod the_schema {
    use super::*;

    fn validator() -> jsonschema::Validator {
        jsonschema::validator_for(&schema()).unwrap()
    }

    #[test]
    fn holds_what_is_written() {
        let list = include_bytes!("../examples/kien-giang-sites.csv");
        let address_template = Some("rtsp://10.0.0.1/{recorder}/{channel}/{profile}".to_owned());
        let options = import::ImportOptions { address_template, ..Default::default() };
        let inventory =
            import::preview("x.csv", list, &Inventory::default(), &options).unwrap().result.unwrap();
        let written: Value = serde_json::from_slice(&inventory.to_json()).unwrap();
        let errors: Vec<String> = validator().iter_errors(&written).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }

    #[test]
    fn refuses_what_the_program_refuses() {
        let validator = validator();
        assert!(validator.is_valid(&file()));
        for (pointer, value) in [
            ("/version", json!(3)),
            ("/sites/0/id", json!("")),
            ("/sites/0/zone", json!("blue")),
            ("/sites/0/uplink_mbps", json!(-3)),
            ("/sites/0/position/lat", json!(91)),
            ("/sites/0/recorders/0/sends_mbps", json!(0)),
            ("/sites/0/recorders/0/cameras/0/profiles", json!([])),
            ("/sites/0/recorders/0/cameras/0/profiles/0/address", json!("http://h/")),
            ("/sites/0/recorders/0/cameras/0/profiles/0/address", json!("rtsp://u:p@h/")),
            ("/sites/0/recorders/0/cameras/0/profiles/0/frame_rate", json!(0)),
            ("/sites/0/unknown", json!(1)),
        ] {
            let file = with(pointer, value);
            assert!(!validator.is_valid(&file), "{pointer}");
            assert!(parse(&file).is_err(), "{pointer}");
        }
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let _ = Inventory::parse(&bytes);
            let _ = signed::verify(&bytes, &signed::SigningKey::generate().unwrap().public(), None);
        }

        #[test]
        fn no_text_brings_it_down(text in "\\PC{0,40}", number in any::<f64>()) {
            for pointer in ["/sites/0/id", "/sites/0/name", "/sites/0/relay", "/sites/0/recorders/0/address",
                "/sites/0/recorders/0/cameras/0/profiles/0/address", "/sites/0/position/lat"] {
                let _ = parse(&with(pointer, json!(text)));
                let _ = parse(&with(pointer, json!(number)));
            }
        }

        /// Whatever is taken in goes out and comes in again the same.
        #[test]
        fn what_is_sound_stays_the_same(name in "[\\PC]{1,30}", camera in "[\\PC]{1,30}", lat in -90.0..=90.0, rate in 0.1_f32..240.0) {
            let mut file = with("/sites/0/name", json!(name));
            file["sites"][0]["recorders"][0]["cameras"][0]["id"] = json!(camera);
            file["sites"][0]["position"]["lat"] = json!(lat);
            file["sites"][0]["recorders"][0]["cameras"][0]["profiles"][0]["frame_rate"] = json!(rate);
            if let Ok(inventory) = parse(&file) {
                prop_assert_eq!(&Inventory::parse(&inventory.to_json()).unwrap(), &inventory);
                let list = import::preview("x.csv", &inventory.to_csv(), &inventory, &Default::default()).unwrap();
                prop_assert_eq!(list.errors, vec![]);
                prop_assert_eq!(list.result, Some(inventory));
            }
        }
    }
}
