use super::*;
use std::fs;
use std::path::Path;

use data_encoding::{BASE32, BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

use crate::{Keeping, Target};

/// The ways in which a secret could stand in a file. Padding and what depends on the bytes behind it are left off.
fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![
        secret.to_vec(),
        BASE32_NOPAD.encode(secret).into_bytes(),
        BASE32.encode(secret).to_lowercase().into_bytes(),
        BASE64.encode(secret).trim_end_matches('=').as_bytes().to_vec(),
        BASE64URL_NOPAD.encode(secret).into_bytes(),
        HEXLOWER.encode(secret).into_bytes(),
        HEXUPPER.encode(secret).into_bytes(),
        format!("{secret:?}").into_bytes(),
    ];
    // In base64 text moves by the bytes before it: the whole groups of three that remain.
    for skip in 1..3 {
        let whole = (secret.len() - skip) / 3 * 3;
        if whole > 0 {
            all.push(BASE64.encode(&secret[skip..skip + whole]).into_bytes());
        }
    }
    if let Ok(text) = std::str::from_utf8(secret) {
        let json = escaped(text);
        all.push(json.into_bytes());
        all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        all.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    all
}

/// With everything beyond ASCII as `\uXXXX`.
fn escaped(text: &str) -> String {
    text.encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn no_file_holds_a_secret_in_any_spelling() {
    let (folder, accounts) = staffed();
    let second = "Cổng sau bệnh viện 7 !";
    let (typed_as_name, device_user, device_password) =
        ("Mật khẩu gõ nhầm chỗ 1", "quantri-canary", "Thiết bị 9 canary");
    let memory = Arc::new(Memory::default());
    let keychain = memory.keychain();
    let keyhole = sign_in(&accounts, FIRST, at(1)).unwrap().keyhole;
    let enrolment = accounts.begin_enrolment(&keyhole).unwrap();
    let (_, codes) = accounts.confirm_enrolment(&keyhole, &enrolment, &enrolment.code(at(1)), at(1)).unwrap();
    let _ = accounts.sign_in(typed_as_name, &secret(FIRST), None, at(1));
    keyhole.choose(Keeping::Keychain, &keychain).unwrap();
    let data_key = memory.entries.lock().unwrap().values().next().unwrap().clone();
    for target in [Target::Province, Target::Site(model::Id::new("s1").unwrap())] {
        keyhole.open(&keychain).unwrap().set(target, device_user, &secret(device_password)).unwrap();
    }
    keyhole.choose(Keeping::PasswordFile, &keychain).unwrap();
    accounts.change_password(WATCH, &secret(FIRST), &secret(second), at(2)).unwrap();

    let text = enrolment.text();
    let mut secrets: Vec<&[u8]> = vec![
        FIRST.as_bytes(),
        second.as_bytes(),
        CHIEF_PASSWORD.as_bytes(),
        typed_as_name.as_bytes(),
        device_user.as_bytes(),
        device_password.as_bytes(),
        &enrolment.seed[..],
        text.expose().as_bytes(),
        &data_key,
    ];
    secrets.extend(codes.iter().map(|code| code.expose().as_bytes()));
    let files = files(folder.path());
    assert!(files.len() >= 4, "accounts, logins and what was before them");
    for (path, bytes) in &files {
        for (index, secret) in secrets.iter().enumerate() {
            for (way, spelling) in spellings(secret).iter().enumerate() {
                assert!(!holds(bytes, spelling), "secret {index} in spelling {way} in {path}");
            }
        }
    }
    // That this would be found.
    let seen = |text: &str| {
        files.iter().any(|(_, bytes)| spellings(text.as_bytes()).iter().any(|s| holds(bytes, s)))
    };
    assert!(seen(WATCH) && seen("Nguyễn Văn Bình") && seen("s1\"}"));
}

#[test]
fn every_spelling_is_recognised() {
    let canary = "Thiết bị 9 canary";
    for pad in 0..3 {
        let around = format!("{}{canary}{}", "x".repeat(pad), "behind it");
        let encoded = BASE64.encode(around.as_bytes());
        let found = spellings(canary.as_bytes()).iter().any(|part| {
            // The last group may hold bytes of what is behind.
            let sure = &part[..part.len().saturating_sub(2)];
            holds(encoded.as_bytes(), sure)
        });
        assert!(found, "{pad}");
    }
}
