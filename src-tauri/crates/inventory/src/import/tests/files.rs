use super::*;

#[test]
fn encodings_are_told_by_their_mark() {
    let text = cameras(&[A1, A2]);
    let expected = read(&text).result.unwrap();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let marked = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
    for bytes in [marked, utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        let preview = preview("list.csv", &bytes, &Inventory::default(), &options()).unwrap();
        assert_eq!(preview.result.as_ref(), Some(&expected));
    }
    let unmarked = &utf16(u16::to_le_bytes)[2..];
    assert_eq!(fault(unmarked), ImportFault::Encoding);
    assert_eq!(fault(&utf16(u16::to_le_bytes)[..101]), ImportFault::Encoding, "half a character");
    assert_eq!(fault(b"site_id,site\na,Tr\xe1m\n"), ImportFault::Encoding, "a code page");
}

#[test]
fn what_is_no_list_is_told() {
    assert_eq!(fault(b""), ImportFault::NoHeader);
    assert_eq!(fault("Nguyễn Văn A\n".as_bytes()), ImportFault::NoHeader);
    assert_eq!(
        fault(&vec![b','; limits::FILE_BYTES + 1]),
        ImportFault::TooLarge { most: limits::FILE_BYTES }
    );
    let missing = vec![Field::SiteName, Field::RecorderId, Field::CameraId];
    assert_eq!(fault(b"site_id,camera\na,b\n"), ImportFault::MissingColumns { missing });
    assert_eq!(
        fault(format!("{HEADER}{}\n{A1}{}", ",x".repeat(60), ",y".repeat(60)).as_bytes()),
        ImportFault::TooManyColumns { most: 64 }
    );
}

#[test]
fn a_hundred_thousand_rows_are_the_most() {
    let list = |rows: usize| format!("site_id,site,cameras\n{}", "a,A,0\n".repeat(rows));
    let preview = preview("l", list(limits::ROWS).as_bytes(), &Inventory::default(), &options()).unwrap();
    assert_eq!((preview.rows, preview.errors.len()), (limits::ROWS, limits::MISTAKES), "all the same site");
    for more in [1, 1000] {
        assert_eq!(
            fault(list(limits::ROWS + more).as_bytes()),
            ImportFault::TooManyRows { most: limits::ROWS }
        );
    }
    let many = format!(
        "site_id,site,cameras,nvr_16ch\n{}",
        (0..200).map(|n| format!("{n},A,1000,63\n")).collect::<String>()
    );
    assert_eq!(fault(many.as_bytes()), ImportFault::TooManyRows { most: limits::ROWS });
}
