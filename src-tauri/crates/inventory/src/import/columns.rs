//! Which column of a list is what: names in English and Vietnamese, however they are written.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::table::{Row, TITLE_ROWS, Table};
use super::{ImportFault, Shape};
use crate::field::Field as F;
use crate::mistake::excerpt;
use crate::sites::ProfileKind::{Main, Sub};

/// Names that are understood besides [`F::column`], folded.
const NAMES: &[(F, &[&str])] = &[
    (F::SiteId, &["ma_diem", "ma_dia_diem", "id_diem"]),
    (F::SiteName, &["site_name", "diem", "dia_diem", "ten_diem", "ten_dia_diem", "don_vi"]),
    (F::District, &["huyen", "quan_huyen", "ten_huyen", "huyen_thanh_pho", "dia_ban", "khu_vuc"]),
    (
        F::UplinkMbps,
        &[
            "uplink",
            "uplink_mbps_assumed",
            "duong_truyen",
            "duong_truyen_mbps",
            "bang_thong",
            "bang_thong_mbps",
        ],
    ),
    (F::Lat, &["latitude", "vi_do"]),
    (F::Lon, &["lng", "longitude", "kinh_do"]),
    (F::Zone, &["vung", "phan_vung", "mau_vung", "cap_do_dich"]),
    (F::SiteRelay, &["chuyen_tiep_diem", "tram_chuyen_tiep_diem"]),
    (F::RecorderId, &["nvr_id", "ma_dau_ghi", "ma_dau_thu"]),
    (F::RecorderName, &["recorder_name", "nvr", "dau_ghi", "ten_dau_ghi", "dau_thu"]),
    (F::SendsMbps, &["recorder_sends_mbps", "toc_do_gui", "toc_do_gui_mbps", "dau_ghi_gui_mbps"]),
    (F::RecorderChannels, &["channels", "so_kenh", "so_kenh_dau_ghi"]),
    (F::RecorderAddress, &["dia_chi_dau_ghi"]),
    (F::Make, &["manufacturer", "hang", "hang_san_xuat", "nha_san_xuat"]),
    (F::Model, &["mau", "mau_ma", "kieu_may", "dong_may"]),
    (F::RecorderRelay, &["chuyen_tiep_dau_ghi", "tram_chuyen_tiep_dau_ghi"]),
    (F::CameraId, &["ma_camera", "ma_cam"]),
    (F::CameraName, &["camera_name", "ten_camera", "ten_cam", "vi_tri", "vi_tri_lap_dat"]),
    (F::Channel, &["kenh", "kenh_so"]),
    (F::Outdoor, &["ngoai_troi", "vi_tri_ngoai_troi"]),
    (F::Ptz, &["quay_quet", "xoay_duoc"]),
    (F::Viewers, &["max_viewers", "so_nguoi_xem", "nguoi_xem_toi_da"]),
    (F::Lens, &["ong_kinh"]),
    (F::CameraRelay, &["relay", "chuyen_tiep", "tram_chuyen_tiep"]),
    (F::Address(Main), &["main", "main_address", "luong_chinh", "dia_chi_luong_chinh", "url", "rtsp"]),
    (F::Width(Main), &["rong_luong_chinh"]),
    (F::Height(Main), &["cao_luong_chinh"]),
    (F::FrameRate(Main), &["main_fps", "fps_luong_chinh"]),
    (F::Kbps(Main), &["kbps_luong_chinh"]),
    (F::Address(Sub), &["sub", "sub_address", "luong_phu", "dia_chi_luong_phu"]),
    (F::Width(Sub), &["rong_luong_phu"]),
    (F::Height(Sub), &["cao_luong_phu"]),
    (F::FrameRate(Sub), &["sub_fps", "fps_luong_phu"]),
    (F::Kbps(Sub), &["kbps_luong_phu"]),
    (F::Cameras, &["so_camera", "so_luong_camera", "tong_camera", "tong_so_camera"]),
    (F::OutdoorCameras, &["outdoor_assumed", "camera_ngoai_troi", "so_camera_ngoai_troi"]),
    (F::IndoorCameras, &["indoor_assumed", "camera_trong_nha", "so_camera_trong_nha"]),
    (F::Recorders16, &["nvr_16", "dau_ghi_16", "dau_ghi_16_kenh"]),
    (F::Recorders8, &["nvr_8", "dau_ghi_8", "dau_ghi_8_kenh"]),
    (F::Recorders4, &["nvr_4", "dau_ghi_4", "dau_ghi_4_kenh"]),
    (F::RecorderHosts, &["recorder_hosts", "nvr_host", "nvr_hosts", "ip_dau_ghi", "may_chu_dau_ghi"]),
];

/// What a list of sites cannot do without.
const SITE_LIST: [F; 3] = [F::SiteId, F::SiteName, F::Cameras];
/// What a list of cameras cannot do without.
const CAMERA_LIST: [F; 5] = [F::SiteId, F::SiteName, F::RecorderId, F::CameraId, F::CameraName];

/// The names of a list's columns.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) shape: Shape,
    /// The header's place among the table's rows.
    pub(crate) header: usize,
    pub(crate) at: HashMap<F, usize>,
    /// As the header has them.
    pub(crate) names: Vec<String>,
    /// Columns that say again what another one says.
    pub(crate) twice: Vec<(F, usize)>,
    pub(crate) ignored: Vec<String>,
}

/// The first table with columns that make a list, and these.
pub(crate) fn find(tables: Vec<Table>) -> Result<(Table, Columns), ImportFault> {
    let mut fault = ImportFault::NoHeader;
    for table in tables {
        let Some((header, _)) = header(&table) else { continue };
        match columns(header, &table.rows[header]) {
            Ok(columns) => return Ok((table, columns)),
            Err(missing) => fault = ImportFault::MissingColumns { missing },
        }
    }
    Err(fault)
}

/// How many columns of a table are understood.
pub(crate) fn understood(table: &Table) -> usize {
    header(table).map_or(0, |(_, count)| count)
}

/// The row in which most names are understood, and how many; above it there may be titles.
fn header(table: &Table) -> Option<(usize, usize)> {
    let rows = table.rows.iter().take(TITLE_ROWS).enumerate();
    let counted = rows.map(|(at, row)| (at, row.cells.iter().filter_map(|cell| field(cell.text())).count()));
    counted.rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0)
}

fn columns(header: usize, row: &Row) -> Result<Columns, Vec<F>> {
    let mut at = HashMap::new();
    let (mut twice, mut ignored) = (Vec::new(), Vec::new());
    for (column, cell) in row.cells.iter().enumerate() {
        match field(cell.text()) {
            Some(field) if at.contains_key(&field) => twice.push((field, column)),
            Some(field) => drop(at.insert(field, column)),
            None if !cell.is_empty() && ignored.len() < 64 => ignored.push(excerpt(cell.text())),
            None => {}
        }
    }
    let missing =
        |of: &[F]| -> Vec<F> { of.iter().filter(|field| !at.contains_key(*field)).copied().collect() };
    let counts = [F::Cameras, F::Recorders16, F::Recorders8, F::Recorders4].iter();
    let (shape, missing) = if counts.filter(|field| at.contains_key(*field)).count() > 0 {
        (Shape::SiteList, missing(&SITE_LIST))
    } else {
        (Shape::CameraList, missing(&CAMERA_LIST))
    };
    let names = row.cells.iter().map(|cell| excerpt(cell.text())).collect();
    if missing.is_empty() { Ok(Columns { shape, header, at, names, twice, ignored }) } else { Err(missing) }
}

/// What a name of a column means.
fn field(name: &str) -> Option<F> {
    let name = folded(name);
    let listed = NAMES.iter().find(|(field, names)| field.column() == name || names.contains(&name.as_str()));
    listed.map(|(field, _)| *field)
}

/// Small letters without marks, with `_` for all that is between words.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::new();
    for c in text.chars().take(100).flat_map(char::to_lowercase).nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' => folded.push('d'),
            c if c.is_alphanumeric() => folded.push(c),
            _ if folded.is_empty() || folded.ends_with('_') => {}
            _ => folded.push('_'),
        }
    }
    folded.truncate(folded.trim_end_matches('_').len());
    folded
}
