use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn no_bytes_bring_it_down(mut bytes in proptest::collection::vec(any::<u8>(), 0..3000), kind in 0..4) {
        match kind {
            1 => drop(bytes.splice(0..0, *b"PK\x03\x04")),
            2 => drop(bytes.splice(0..0, [0xff, 0xfe])),
            3 => drop(bytes.splice(0..0, HEADER.bytes().chain([b'\n']))),
            _ => {}
        }
        let _ = preview("x", &bytes, &Inventory::default(), &options());
    }

    #[test]
    fn no_cells_bring_it_down(cells in proptest::collection::vec("[a-c0-9/:.,\"'; \\-=\\n]{0,12}", 0..60)) {
        let rows: Vec<String> = cells.chunks(11).map(|row| row.join(",")).collect();
        let text = cameras(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let preview = preview("x", text.as_bytes(), &Inventory::default(), &options()).unwrap();
        prop_assert_eq!(preview.result.is_some(), preview.errors.is_empty());
    }
}
