use super::*;

#[test]
fn rows_come_together_to_sites_and_recorders() {
    let inventory = read(&cameras(&[A1, A2])).result.unwrap();
    assert_eq!((inventory.sites().len(), inventory.sites()[0].recorders.len()), (1, 1));
    let (site, recorder, camera) = inventory.camera(&model::Id::new("a/1/2").unwrap()).unwrap();
    assert_eq!((&*site.name, &*recorder.name, recorder.sends_mbps), ("Trạm A", "NVR", Some(20)));
    assert_eq!((camera.outdoor, camera.profiles.len(), camera.profiles[0].width), (Some(false), 1, 1920));
}

#[test]
fn vietnamese_columns_and_semicolons_are_understood() {
    let list = "DANH SÁCH CAMERA;;;;;;;;;;\r\n\
        Mã điểm;Tên điểm;Huyện;Vĩ độ;Kinh độ;Vùng;Mã đầu ghi;Số kênh;Mã camera;Tên camera;Luồng chính\r\n\
        a;Trạm A;Hòn Đất;10,0123;105,08;Cam;a/1;16;a/1/1;Cổng;rtsp://10.1.2.3/1\r\n";
    let inventory = read(list).result.unwrap();
    let site = &inventory.sites()[0];
    assert_eq!((site.zone, site.position.unwrap().lat), (Some(Zone::Orange), 10.0123));
    assert_eq!((&*site.recorders[0].name, site.recorders[0].sends_mbps), ("a/1", Some(100)));
    let folded =
        list.replace("Mã điểm", "MA_DIEM").replace("Tên điểm", "Te\u{302}n đie\u{309}m").replace(';', "\t");
    assert_eq!(read(&folded).result.unwrap(), inventory);
}

#[test]
fn every_mistake_has_its_row_and_column() {
    let preview = read(&cameras(&[
        A1,
        "a,Trạm B,,a/1,,,a/1/1,Sân,vielleicht,rtsp://10.1.2.3/3,",
        "b,,H,b/1,NVR,0,b/1/1,,,rtsp://u:mat-khau@10.1.2.3/4,",
        "c,C,H,a/1,NVR,,c/1/1,\u{202e}X,,,",
        "c,C,H,,,,c/1/2,Y,,rtsp://h/,",
        ",X,H,x/1,,,x/1/1,Z,,rtsp://h/,",
        "d,D,H,d/1,,,,,yes,,",
    ]));
    let range = Flaw::OutOfRange { least: 1.0, most: 100_000.0 };
    let expected = vec![
        (3, "site", RowFlaw::Differs { row: 2 }),
        (3, "outdoor", RowFlaw::NotYesOrNo),
        (3, "camera_id", Flaw::Twice.into()),
        (4, "site", Flaw::Missing.into()),
        (4, "sends_mbps", range.into()),
        (4, "camera", Flaw::Missing.into()),
        (4, "main_url", Flaw::Login.into()),
        (5, "recorder_id", Flaw::Twice.into()),
        (5, "camera", Flaw::DirectionCharacter.into()),
        // The template needs a channel, and there is none.
        (5, "main_url", Flaw::NoProfile.into()),
        (6, "recorder_id", Flaw::Missing.into()),
        (7, "site_id", Flaw::Missing.into()),
        (7, "recorder", Flaw::Missing.into()),
        (8, "recorder", Flaw::Missing.into()),
        (8, "camera_id", Flaw::Missing.into()),
    ];
    // Of a row, the order is that of finding.
    let sorted = |mut errors: Vec<(u32, &'static str, RowFlaw)>| {
        errors.sort_by_key(|(row, column, _)| (*row, *column));
        errors
    };
    assert_eq!(sorted(errors(&preview)), sorted(expected));
    assert!(preview.errors.iter().all(|error| !error.value.contains("mat-khau")));
    let turned = preview.errors.iter().find(|error| error.row == 5 && error.field == Some(Field::CameraName));
    assert_eq!(turned.unwrap().value, "\u{fffd}X", "what is shown is harmless");
}

#[test]
fn quotes_and_ragged_rows() {
    let quoted = A1.replace("Trạm A", "\"Trạm \"\"A\"\", khu B\"");
    assert_eq!(read(&cameras(&[&quoted])).result.unwrap().sites()[0].name, "Trạm \"A\", khu B");
    let found = read(&cameras(&[A1, "a,b,c", &format!("{A2},,x"), &format!("{A2},,")]));
    assert_eq!(
        errors(&found),
        [
            (3, "", RowFlaw::Ragged { expected: 11, found: 3 }),
            (4, "", RowFlaw::Ragged { expected: 11, found: 13 })
        ]
    );
    let open = read(&cameras(&[A1, "a,\"Trạm A,Huyện", A2]));
    assert_eq!(errors(&open), [(3, "", RowFlaw::Ragged { expected: 11, found: 2 })]);
    let lines = read(&cameras(&[&A1.replace("Cổng", "\"Cổng\nchính\"")]));
    assert_eq!(errors(&lines), [(2, "camera", Flaw::ControlCharacter.into())]);
}

#[test]
fn impossible_figures_are_refused() {
    let list = |lat: &str, uplink: &str| {
        read(&format!("{HEADER},lat,lon,uplink_mbps,site_relay\n{A1},{lat},105,{uplink},rtsp://r/{{x}}\n"))
    };
    let found = list("NaN", "-1");
    let flaws: Vec<_> = found.errors.iter().map(|error| error.flaw).collect();
    assert_eq!(
        flaws,
        [
            Flaw::OutOfRange { least: 1.0, most: 100_000.0 }.into(),
            Flaw::OutOfRange { least: -90.0, most: 90.0 }.into(),
            Flaw::Relay(BadRelay::UnknownPlaceholder).into(),
        ]
    );
    assert!(
        errors(&list("inf", "1e9"))
            .iter()
            .any(|(_, column, flaw)| *column == "uplink_mbps" && *flaw == RowFlaw::NotANumber)
    );
    assert!(errors(&list("", "1")).contains(&(2, "lat", Flaw::Missing.into())), "half a position");
}

#[test]
fn names_are_texts_whatever_they_look_like() {
    let row = |name: &str| A1.replace("Cổng", name);
    for (written, name) in [
        ("<img onerror=alert(1)>", "<img onerror=alert(1)>"),
        ("../../x", "../../x"),
        ("Co\u{302}\u{309}ng", "Cổng"),
        ("=1+1", "=1+1"),
    ] {
        let inventory = read(&cameras(&[&row(written)])).result.unwrap();
        assert_eq!(inventory.sites()[0].recorders[0].cameras[0].name, name);
    }
}

#[test]
fn rows_are_numbered_as_an_editor_does_it() {
    let list = cameras(&[A1, "", "", "a,,", &A2.replace("Sân", "\"S\nân\""), "b,"]);
    for list in [list.clone(), list.replace('\n', "\r\n")] {
        let found: Vec<u32> = read(&list).errors.iter().map(|error| error.row).collect();
        assert_eq!(found, [5, 6, 8]);
    }
}

#[test]
fn two_columns_of_a_meaning_are_a_mistake() {
    let list = format!("{HEADER},Tên camera\n{A1},Khác\n");
    assert_eq!(errors(&read(&list)), [(1, "camera", RowFlaw::ColumnTwice)]);
}
