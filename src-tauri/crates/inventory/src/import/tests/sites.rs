use super::*;

#[test]
fn the_customers_list_is_counted_out() {
    let preview = read(CUSTOMERS);
    assert_eq!(errors(&preview), []);
    assert_eq!((preview.shape, preview.rows), (Shape::SiteList, 54));
    assert_eq!(preview.ignored, ["no"]);
    let added = (preview.sites.added.len(), preview.recorders.added.len(), preview.cameras.added.len());
    assert_eq!(added, (54, 59, 373));
    let inventory = preview.result.unwrap();
    assert_eq!(inventory.name(), "list");
    let hospital =
        inventory.sites().iter().find(|site| site.id.as_str().ends_with("da-khoa-phu-quoc")).unwrap();
    let filled: Vec<_> = hospital.recorders.iter().map(|r| (r.sends_mbps, r.cameras.len())).collect();
    assert_eq!(filled, [(Some(100), 16), (Some(100), 16), (Some(20), 3)]);
    assert_eq!((hospital.district.as_str(), hospital.uplink_mbps), ("Thành phố Phú Quốc", Some(100)));
    let all: Vec<_> = hospital.recorders.iter().flat_map(|recorder| &recorder.cameras).collect();
    assert_eq!(all.iter().filter(|camera| camera.outdoor == Some(true)).count(), 15);
    assert_eq!((all[34].name.as_str(), all[34].channel), ("Camera 35", Some(3)));
    let address = all[0].profiles[1].address.to_string();
    assert_eq!(address, "rtsp://10.0.0.1:554/phu-quoc%2Fbenh-vien-da-khoa-phu-quoc%2F1/1/sub");
}

#[test]
fn three_broken_rows_make_three_mistakes_and_change_nothing() {
    let broken: Vec<String> = CUSTOMERS
        .lines()
        .map(|line| match line.split(',').next() {
            Some("7") => line.replace(",2,1,1,0,0,1,30", ",2,1,1,0,0,1,-30"),
            Some("20") => line.replace("Trạm y tế xã Thạnh Lộc", ""),
            Some("54") => line.replace(",2,1,1,", ",zwei,1,1,"),
            _ => line.to_owned(),
        })
        .collect();
    let preview = read(&broken.join("\r\n"));
    let range = Flaw::OutOfRange { least: 1.0, most: 100_000.0 };
    assert_eq!(
        errors(&preview),
        [
            (8, "uplink_mbps", range.into()),
            (21, "site", Flaw::Missing.into()),
            (55, "cameras", RowFlaw::NotANumber)
        ]
    );
    assert_eq!(preview.errors[0].column.as_deref(), Some("uplink_mbps_assumed"));
    assert_eq!((preview.errors[0].value.as_str(), preview.errors[2].value.as_str()), ("-30", "zwei"));
    assert!(preview.sites.is_empty() && preview.cameras.is_empty());
}

#[test]
fn addresses_need_a_template_and_hosts_for_it() {
    let none = preview("l", CUSTOMERS.as_bytes(), &Inventory::default(), &ImportOptions::default()).unwrap();
    assert_eq!(none.errors.len(), 54, "one a site, not one a camera");
    assert_eq!(errors(&none)[0], (2, "recorder_host", RowFlaw::NoAddressTemplate));
    let with = |template: &str, hosts: &str| {
        let address_template = Some(template.to_owned());
        let list = format!("site_id,site,cameras,nvr_16ch,nvr_4ch,recorder_host\na,Trạm,18,1,1,{hosts}\n");
        let options = ImportOptions { address_template, ..ImportOptions::default() };
        preview("l", list.as_bytes(), &Inventory::default(), &options).unwrap()
    };
    let hikvision = "rtsp://{host}:554/Streaming/Channels/{channel}0{profile_number}";
    let sound = with(hikvision, "10.0.0.1 10.0.0.2").result.unwrap();
    let recorder = &sound.sites()[0].recorders[1];
    assert_eq!(recorder.address.as_ref().unwrap().to_string(), "10.0.0.2");
    let sub = &recorder.cameras[1].profiles[1];
    assert_eq!(sub.address.to_string(), "rtsp://10.0.0.2:554/Streaming/Channels/202");
    let dahua = "rtsp://{host}/cam/realmonitor?channel={channel}&subtype={subtype}";
    let address = with(dahua, "h1;h2:5541").result.unwrap().sites()[0].recorders[1].cameras[0].profiles[0]
        .address
        .clone();
    assert_eq!(address.to_string(), "rtsp://h2:5541/cam/realmonitor?channel=1&subtype=0");
    for (template, hosts, flaw) in [
        (hikvision, "", RowFlaw::Value(Flaw::Missing)),
        (hikvision, "10.0.0.1", RowFlaw::Hosts { expected: 2 }),
        ("rtsp://{host}/{cannel}", "a b", RowFlaw::BadAddressTemplate),
        ("rtsp://{host}/{profile}", "a b", RowFlaw::BadAddressTemplate),
        ("rtsp://u:p@{host}/{channel}", "a b", Flaw::Login.into()),
    ] {
        assert_eq!(errors(&with(template, hosts))[0].2, flaw, "{template} {hosts}");
    }
}

#[test]
fn counts_must_fit() {
    let list = "site_id,site,cameras,outdoor_cameras,indoor_cameras,nvr_4ch\n\
        a,A,5,2,3,1\nb,B,4,1,1,1\nc,C,-4,,,1\nd,D,,,,1\ne,E,4,2,2,9999999\na,A2,1,1,0,1\n";
    let preview = read(list);
    let range = RowFlaw::Value(Flaw::OutOfRange { least: 0.0, most: 1024.0 });
    assert_eq!(
        errors(&preview),
        [
            (2, "cameras", RowFlaw::TooFewChannels { channels: 4 }),
            (3, "outdoor_cameras", RowFlaw::Sum { expected: 4 }),
            (4, "cameras", range),
            (5, "cameras", Flaw::Missing.into()),
            (6, "nvr_4ch", range),
            (7, "site_id", Flaw::Twice.into()),
        ]
    );
}
