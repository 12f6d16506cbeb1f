//! Lists as customers send them, and as nobody should.

mod cameras;
mod changes;
mod files;
mod properties;
mod round_trips;
mod sites;
mod workbooks;

use super::*;
use crate::sites::{ProfileKind, Zone};
use crate::{BadRelay, Flaw};

const CUSTOMERS: &str = include_str!("../../../examples/kien-giang-sites.csv");

fn options() -> ImportOptions {
    let address_template = Some("rtsp://10.0.0.1:554/{recorder}/{channel}/{profile}".to_owned());
    ImportOptions { address_template, ..ImportOptions::default() }
}

fn read(text: &str) -> Preview {
    preview("list.csv", text.as_bytes(), &Inventory::default(), &options()).unwrap()
}

fn errors(preview: &Preview) -> Vec<(u32, &'static str, RowFlaw)> {
    assert!(preview.errors.is_empty() || preview.result.is_none(), "nothing is half brought in");
    let column = |error: &RowError| error.field.map_or("", Field::column);
    preview.errors.iter().map(|error| (error.row, column(error), error.flaw)).collect()
}

fn fault(bytes: &[u8]) -> ImportFault {
    preview("list", bytes, &Inventory::default(), &options()).unwrap_err()
}

const HEADER: &str =
    "site_id,site,district,recorder_id,recorder,sends_mbps,camera_id,camera,outdoor,main_url,sub_url";

/// A list of cameras with these rows.
fn cameras(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

const A1: &str = "a,Trạm A,Huyện,a/1,NVR,20,a/1/1,Cổng,yes,rtsp://10.1.2.3/1,rtsp://10.1.2.3/2";
const A2: &str = "a,,,a/1,,,a/1/2,Sân,no,rtsp://10.1.2.3/3,";
