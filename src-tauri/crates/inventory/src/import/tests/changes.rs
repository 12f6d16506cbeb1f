use super::*;

fn ids(ids: &[model::Id]) -> Vec<&str> {
    ids.iter().map(model::Id::as_str).collect()
}

#[test]
fn what_comes_changes_goes_and_moves_is_told() {
    let before = read(&cameras(&[A1, A2, "b,Trạm B,Huyện,b/1,NVR,20,b/1/1,Kho,no,rtsp://10.1.2.4/1,"]))
        .result
        .unwrap();
    let after = cameras(&[
        &A1.replace("Cổng", "Cổng chính"),
        &A2.replace("a/1/2", "a/1/3"),
        "a,,,a/2,NVR,20,b/1/1,Kho,no,rtsp://10.1.2.4/1,",
    ]);
    let preview = preview("x.csv", after.as_bytes(), &before, &options()).unwrap();
    assert_eq!(errors(&preview), []);
    let cameras = &preview.cameras;
    assert_eq!((ids(&cameras.added), ids(&cameras.changed)), (vec!["a/1/3"], vec!["a/1/1"]));
    assert_eq!((ids(&cameras.removed), ids(&cameras.moved)), (vec!["a/1/2"], vec!["b/1/1"]));
    assert_eq!((ids(&preview.recorders.added), ids(&preview.recorders.removed)), (vec!["a/2"], vec!["b/1"]));
    assert_eq!((ids(&preview.sites.changed), ids(&preview.sites.removed)), (vec![], vec!["b"]));
}

#[test]
fn what_a_list_has_no_column_for_stays() {
    let full =
        format!("{HEADER},lat,lon,zone,viewers,channel,main_width,make\n{A1},10,105,red,4,7,1280,Hãng\n");
    let before = read(&full).result.unwrap();
    let preview = preview("x.csv", cameras(&[A1]).as_bytes(), &before, &options()).unwrap();
    assert!(preview.sites.is_empty() && preview.recorders.is_empty() && preview.cameras.is_empty());
    assert_eq!(preview.result.unwrap(), before);
    let cleared = full.replace(",10,105,red,", ",,,,");
    let preview = super::preview("x.csv", cleared.as_bytes(), &before, &options()).unwrap();
    assert_eq!(preview.result.unwrap().sites()[0].position, None, "an empty cell clears");
}

#[test]
fn counting_again_keeps_the_names_and_addresses_that_people_gave() {
    let list = "site_id,site,cameras,nvr_4ch\na,Trạm,2,1\n";
    let mut text = String::from_utf8(read(list).result.unwrap().to_json()).unwrap();
    text = text.replace("Camera 2", "Cổng sau").replace("a%2F1/2/sub", "x/sub");
    let named = Inventory::parse(text.as_bytes()).unwrap();
    let again = preview("x.csv", list.as_bytes(), &named, &ImportOptions::default()).unwrap();
    assert_eq!(errors(&again), []);
    assert_eq!(again.result.unwrap(), named);
}
