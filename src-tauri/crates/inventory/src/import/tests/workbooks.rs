use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn read(bytes: &[u8]) -> Preview {
    preview("list.xlsx", bytes, &Inventory::default(), &options()).unwrap()
}

const NAMES: [&str; 5] = ["site_id", "site", "cameras", "nvr_4ch", "uplink_mbps"];

#[test]
fn the_sheet_with_the_list_is_found() {
    let bytes = book(|book| {
        book.add_worksheet().set_name("Trống").unwrap();
        book.add_worksheet().set_name("Ghi chú").unwrap().write(0, 0, "Liên hệ").unwrap();
        let sheet = book.add_worksheet().set_name("Danh sách").unwrap();
        sheet.write(0, 0, "Danh sách điểm giám sát").unwrap();
        sheet.write_row(3, 1, NAMES).unwrap();
        sheet.write(4, 1, "a").unwrap().write(4, 2, " Trạm A ").unwrap();
        sheet.write(4, 3, 2).unwrap().write(4, 4, 1).unwrap().write(4, 5, 30).unwrap();
        sheet.write_blank(900_000, 12, &Format::new().set_bold()).unwrap();
    });
    let preview = read(&bytes);
    assert_eq!(errors(&preview), []);
    assert_eq!((preview.sheet.as_deref(), preview.rows), (Some("Danh sách"), 1));
    let inventory = preview.result.unwrap();
    let site = &inventory.sites()[0];
    assert_eq!((&*site.name, site.uplink_mbps, site.recorders[0].cameras.len()), ("Trạm A", Some(30), 2));
}

#[test]
fn formulas_count_by_what_they_came_to_and_dates_not_at_all() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, NAMES).unwrap();
        sheet.write_row(1, 0, ["a", "Trạm A"]).unwrap();
        sheet.write_formula(1, 2, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write(1, 3, 1).unwrap();
        let date = ExcelDateTime::from_ymd(2026, 2, 1).unwrap();
        sheet.write_with_format(1, 4, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        sheet.write_row(2, 0, ["b", "Trạm B"]).unwrap();
        sheet.write_formula(2, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write(2, 3, 1.5).unwrap();
    });
    let preview = read(&bytes);
    assert_eq!(
        errors(&preview),
        [
            (2, "uplink_mbps", RowFlaw::Date),
            (3, "cameras", RowFlaw::Failed),
            (3, "nvr_4ch", RowFlaw::NotANumber)
        ]
    );
}

#[test]
fn a_cell_far_away_costs_nothing() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, NAMES).unwrap();
        sheet.write_row(1, 0, ["a", "A", "0"]).unwrap();
        sheet.write(1_048_575, 0, "b").unwrap().write(1_048_575, 16_383, "x").unwrap();
    });
    assert_eq!(fault(&bytes), ImportFault::TooManyColumns { most: 64 });
}

#[test]
fn a_sound_looking_book_must_have_a_list() {
    assert_eq!(fault(&book(|book| _ = book.add_worksheet())), ImportFault::NoHeader);
}

/// A zip with these files in it.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_not_unpacked() {
    let zeros = vec![0; 80 << 20];
    let bomb = packed(&[("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < limits::FILE_BYTES);
    assert_eq!(fault(&bomb), ImportFault::Bomb);
    // One that lies of its size, in the directory and in front of the file.
    let size = (zeros.len() as u32).to_le_bytes();
    let mut liar = bomb.clone();
    for at in 0..liar.len() - 4 {
        if liar[at..at + 4] == size {
            liar[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
    }
    assert_ne!(liar, bomb);
    assert!(matches!(fault(&liar), ImportFault::Bomb | ImportFault::Workbook));
    // Many that are each small enough; noise does not pack tighter than it is.
    let noise: Vec<u8> = (0_u32..900_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 27) as u8).collect();
    let names: Vec<String> = (0..80).map(|n| format!("xl/{n}.xml")).collect();
    let many = packed(&names.iter().map(|name| (name.as_str(), &noise[..])).collect::<Vec<_>>());
    assert!(many.len() <= limits::FILE_BYTES, "{}", many.len());
    assert_eq!(fault(&many), ImportFault::TooLarge { most: 64 << 20 });
    let empty: Vec<String> = (0..1001).map(|n| n.to_string()).collect();
    let crowd = packed(&empty.iter().map(|name| (name.as_str(), &b""[..])).collect::<Vec<_>>());
    assert_eq!(fault(&crowd), ImportFault::Bomb);
}

#[test]
fn damaged_books_are_refused() {
    let sound = book(|book| {
        book.add_worksheet().write_row(0, 0, NAMES).unwrap();
    });
    assert_eq!(read(&sound).rows, 0);
    for cut in [4, 100, sound.len() / 2, sound.len() - 1] {
        assert_eq!(fault(&sound[..cut]), ImportFault::Workbook, "{cut}");
    }
    assert_eq!(fault(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ImportFault::Workbook, "before 2007");
    assert_eq!(fault(&packed(&[("hello.txt", b"hello")])), ImportFault::Workbook);
    // Wherever a byte is wrong, it is refused or makes no difference; it never ends the program.
    for at in (0..sound.len()).step_by(13) {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x55;
        let _ = preview("x", &damaged, &Inventory::default(), &options());
    }
}
