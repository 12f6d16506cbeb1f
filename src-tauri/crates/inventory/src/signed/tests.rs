use jiff::Timestamp;
use model::{Role, Scope};
use serde_json::{Value, json};

use super::*;
use crate::Inventory;

fn bundle(serial: u64) -> Bundle {
    let text = r#"{"version":2,"name":"Tỉnh","sites":[{"id":"a","name":"Trạm","district":"Huyện",
        "position":{"lat":10.01,"lon":105.08},"zone":"red","recorders":[{"id":"a/1","name":"NVR","cameras":[
        {"id":"a/1/1","name":"Cổng","profiles":[
        {"kind":"main","address":"rtsp://10.1.2.3/1","width":1920,"height":1080,"frame_rate":12.5}]}]}]}]}"#;
    let right = |account: &str| Right {
        account: account.to_owned(),
        role: Role::Operator,
        scope: Scope { districts: ["Huyện".to_owned()].into(), ..Scope::default() },
    };
    Bundle {
        serial,
        made_at: "2026-03-01T07:00:00Z".parse::<Timestamp>().unwrap(),
        inventory: Inventory::parse(text.as_bytes()).unwrap(),
        rights: vec![right("an"), right("bình")],
    }
}

/// The file with something in it changed.
fn altered(file: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(file).unwrap();
    change(&mut value);
    serde_json::to_vec(&value).unwrap()
}

#[test]
fn what_is_signed_comes_back() {
    let key = SigningKey::generate().unwrap();
    let file = sign(&bundle(7), &key).unwrap();
    for last in [None, Some(0), Some(7)] {
        assert_eq!(verify(&file, &key.public(), last).unwrap(), bundle(7));
    }
    assert_eq!(file, sign(&bundle(7), &key).unwrap(), "the same bytes each time");
}

#[test]
fn an_older_one_is_not_taken() {
    let key = SigningKey::generate().unwrap();
    let file = sign(&bundle(7), &key).unwrap();
    assert_eq!(
        verify(&file, &key.public(), Some(8)).unwrap_err(),
        SignatureFault::Older { serial: 7, last: 8 }
    );
}

#[test]
fn another_key_is_named_and_not_taken() {
    let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let file = sign(&bundle(1), &other).unwrap();
    let signed_with = other.public().fingerprint();
    assert_eq!(verify(&file, &key.public(), None).unwrap_err(), SignatureFault::OtherKey { signed_with });
    // One who writes our fingerprint onto it has not signed it for all that.
    let ours = key.public().fingerprint().to_string();
    let forged = altered(&file, |file| file["key"] = json!(ours));
    assert_eq!(verify(&forged, &key.public(), None).unwrap_err(), SignatureFault::Changed);
}

#[test]
fn every_changed_byte_of_the_content_is_found() {
    let key = SigningKey::generate().unwrap();
    let file = sign(&bundle(1), &key).unwrap();
    let payload = bundle(1).canonical();
    for at in (0..payload.len()).step_by(7) {
        let mut changed = payload.clone();
        changed[at] ^= 1;
        let changed = altered(&file, |file| file["payload"] = json!(STANDARD.encode(changed)));
        assert_eq!(verify(&changed, &key.public(), None).unwrap_err(), SignatureFault::Changed, "byte {at}");
    }
    let more =
        altered(&file, |file| file["payload"] = json!(STANDARD.encode([payload.as_slice(), b" "].concat())));
    assert_eq!(verify(&more, &key.public(), None).unwrap_err(), SignatureFault::Changed);
    for signature in ["", "AAAA", "no base64", &STANDARD.encode([0; 64])] {
        let changed = altered(&file, |file| file["signature"] = json!(signature));
        assert_eq!(
            verify(&changed, &key.public(), None).unwrap_err(),
            SignatureFault::Changed,
            "{signature}"
        );
    }
}

#[test]
fn what_is_no_bundle_is_refused() {
    let key = SigningKey::generate().unwrap();
    let file = sign(&bundle(1), &key).unwrap();
    let refused = |bytes: &[u8]| verify(bytes, &key.public(), None).unwrap_err();
    assert_eq!(refused(b""), SignatureFault::NotABundle);
    assert_eq!(refused(&file[..file.len() / 2]), SignatureFault::NotABundle);
    assert_eq!(refused(&bundle(1).inventory.to_json()), SignatureFault::NotABundle);
    assert_eq!(refused(&altered(&file, |file| file["format"] = json!("other"))), SignatureFault::NotABundle);
    assert_eq!(refused(&altered(&file, |file| file["more"] = json!(1))), SignatureFault::NotABundle);
    assert_eq!(refused(&altered(&file, |file| file["version"] = json!(2))), SignatureFault::Version(2));
    assert!(matches!(refused(&vec![b' '; limits::FILE_BYTES + 1]), SignatureFault::TooLarge { .. }));
}

/// Signed with the right key, whatever it is.
fn signed(payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let file = sign(&bundle(1), key).unwrap();
    altered(&file, |file| {
        file["payload"] = json!(STANDARD.encode(payload));
        file["signature"] = json!(STANDARD.encode(key.sign(&signed_bytes(payload))));
    })
}

#[test]
fn what_is_signed_must_be_sound_too() {
    let key = SigningKey::generate().unwrap();
    let canonical = String::from_utf8(bundle(1).canonical()).unwrap();
    assert!(verify(&signed(canonical.as_bytes(), &key), &key.public(), None).is_ok());
    for (what, with) in [
        (r#""serial":1"#, r#""serial":9,"serial":1"#),
        (r#""serial":1"#, r#""serial": 1"#),
        (r#""serial":1"#, r#""serial":-1"#),
        (r#""version":1"#, r#""version":2"#),
        (r#""account":"bình""#, r#""account":"an""#),
        (r#""account":"an""#, r#""account":"""#),
        ("Trạm", "Tr\u{202e}ạm"),
        ("10.1.2.3", "u:p@10.1.2.3"),
    ] {
        assert!(canonical.contains(what), "{what}");
        let file = signed(canonical.replacen(what, with, 1).as_bytes(), &key);
        let fault = verify(&file, &key.public(), None).unwrap_err();
        let SignatureFault::Malformed(why) = fault else { panic!("{with}: {fault}") };
        assert!(!why.contains("u:p@"), "{why}");
    }
    let mut twice = bundle(1);
    twice.rights[1].account = "an".to_owned();
    assert!(matches!(sign(&twice, &key), Err(SignatureFault::Malformed(_))), "nor is such a one signed");
}

#[test]
fn a_signature_for_something_else_is_none_for_a_bundle() {
    let key = SigningKey::generate().unwrap();
    let payload = bundle(1).canonical();
    let file = altered(&sign(&bundle(1), &key).unwrap(), |file| {
        file["signature"] = json!(STANDARD.encode(key.sign(&payload)));
    });
    assert_eq!(verify(&file, &key.public(), None).unwrap_err(), SignatureFault::Changed);
}

#[test]
fn keys_come_back_from_their_texts() {
    let key = SigningKey::generate().unwrap();
    let again = SigningKey::from_secret(&key.secret()).unwrap();
    assert_eq!(again.public(), key.public());
    let public = PublicKey::parse(&format!(" {}\n", key.public())).unwrap();
    assert_eq!(public, key.public());
    let fingerprint = public.fingerprint();
    assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Ok(fingerprint));
    assert_ne!(SigningKey::generate().unwrap().public(), key.public());
}

/// RFC 8032 §7.1, test 1: the seed and public key that every implementation must agree on.
#[test]
fn the_key_is_that_of_the_standard() {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let bytes = |hex: &str| -> Vec<u8> {
        (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
    };
    let secret = model::Secret::new(format!("watchwall-secret-{}", STANDARD.encode(bytes(seed))));
    let key = SigningKey::from_secret(&secret).unwrap();
    assert_eq!(key.public().to_string(), format!("watchwall-key-{}", STANDARD.encode(bytes(public))));
}

#[test]
fn what_is_no_key_is_refused() {
    let weak = format!("watchwall-key-{}", STANDARD.encode([&[1_u8][..], &[0; 31]].concat()));
    let secret = SigningKey::generate().unwrap().secret();
    for (text, why) in [
        ("", BadKey::NotAKey),
        ("watchwall-key-", BadKey::NotAKey),
        ("watchwall-key-AAAA", BadKey::NotAKey),
        (secret.expose(), BadKey::NotAKey),
        (&weak, BadKey::Weak),
    ] {
        assert_eq!(PublicKey::parse(text).unwrap_err(), why);
    }
    for text in
        ["", "3f2a", "3f2a 91c0 0000 0000 0000 0000 0000 +123", "é000 91c0 0000 0000 0000 0000 0000 0123"]
    {
        assert_eq!(Fingerprint::parse(text), Err(BadKey::NotAKey), "{text}");
    }
}
