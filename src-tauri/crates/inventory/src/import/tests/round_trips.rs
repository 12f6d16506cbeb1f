use super::*;

#[test]
fn the_customers_sites_go_out_and_come_back_the_same() {
    let inventory = read(CUSTOMERS).result.unwrap();
    let csv = inventory.to_csv();
    assert!(csv.starts_with(b"\xef\xbb\xbfsite_id,"));
    let again = preview("list.csv", &csv, &Inventory::default(), &ImportOptions::default()).unwrap();
    assert_eq!(errors(&again), []);
    assert_eq!((again.shape, again.rows), (Shape::CameraList, 373));
    assert_eq!(again.result.unwrap(), inventory);
}

#[test]
fn no_cell_is_a_formula_for_a_spreadsheet() {
    let names = ["=HYPERLINK(1)", "+84", "-1", "@SUM(A1)", "'=x", "''=x", "'quoted'", "＝1", "plain"];
    let cameras: Vec<String> = (1..)
        .zip(names)
        .map(|(n, name)| {
            format!(r#"{{"id":"{n}{name}","name":"{name}","profiles":[{{"kind":"sub","address":"rtsp://h/{n}","width":1,"height":1}}]}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"version":2,"name":"x","sites":[{{"id":"=s","name":"-s","district":"@d","position":{{"lat":-1.5,"lon":-2}},"recorders":[
        {{"id":"+r","name":"r","make":"=m","cameras":[{}]}},{{"id":"empty","name":"-","cameras":[]}}]}},
        {{"id":"alone","name":"alone","district":"","recorders":[]}}]}}"#,
        cameras.join(",")
    );
    let inventory = Inventory::parse(text.as_bytes()).unwrap();
    let csv = inventory.to_csv();
    let mut reader = csv::Reader::from_reader(&csv[3..]);
    let headers = reader.headers().unwrap().clone();
    for record in reader.records() {
        for (name, cell) in headers.iter().zip(&record.unwrap()) {
            let figure = matches!(name, "lat" | "lon");
            assert!(figure || !cell.starts_with(['=', '+', '-', '@', '＝']), "{name}: {cell}");
        }
    }
    let again = preview("x.csv", &csv, &Inventory::default(), &ImportOptions::default()).unwrap();
    assert_eq!(errors(&again), []);
    assert_eq!(again.result.unwrap(), inventory);
}

#[test]
fn sub_streams_alone_and_their_figures_come_back() {
    let list = format!(
        "{HEADER},sub_width,sub_height,sub_frame_rate,sub_kbps\n{},320,240,12.5,100\n",
        A1.replace("rtsp://10.1.2.3/1,", ",")
    );
    let inventory = read(&list).result.unwrap();
    let profile = &inventory.sites()[0].recorders[0].cameras[0].profiles[0];
    assert_eq!((profile.kind, profile.width, profile.frame_rate), (ProfileKind::Sub, 320, Some(12.5)));
    let again =
        preview("list.csv", &inventory.to_csv(), &Inventory::default(), &ImportOptions::default()).unwrap();
    assert_eq!(again.result.unwrap(), inventory);
}
