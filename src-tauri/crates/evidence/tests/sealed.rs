//! Sealed packages: the same files come out, or none.

#![allow(clippy::unwrap_used, reason = "what helps a test may fail it, too")]

mod support;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use evidence::*;
use model::Secret;
use rand::{Rng, SeedableRng};
use support::*;

fn passphrase(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// A package with more than one chunk in it, and its seal.
fn sealed(parent: &Path) -> (PathBuf, PathBuf) {
    let key = SigningKey::generate().unwrap();
    let mut export = Export::begin(parent, "gói", description(), 0).unwrap();
    let mut writer = export.camera(source("a", "Cổng", None)).unwrap();
    for piece in at_25(h265(10, 5, 0)) {
        give(&mut writer, &piece).unwrap();
    }
    writer.finish(Vec::new(), &mut go_on).unwrap();
    let large: Vec<u8> = (0..2_600_000_u32).map(|n| (n >> 3) as u8).collect();
    export.attach(Attachment::ViewingCopy, "xem.mp4", &mut &large[..]).unwrap();
    let folder = export.finish(&key, begin()).unwrap().folder;
    let sealed = seal(&folder, &passphrase("mật khẩu"), &mut go_on).unwrap();
    (folder, sealed)
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    everything(folder).iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

#[test]
fn what_is_sealed_comes_out_as_it_was() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, sealed) = sealed(here.path());
    // The same letters, composed and decomposed.
    let decomposed = "ma\u{323}\u{302}t kha\u{302}\u{309}u";
    let opened = open(&sealed, there.path(), &passphrase(decomposed), &mut go_on).unwrap();
    assert_eq!(files(&opened), files(&folder));
    let again = open(&sealed, there.path(), &passphrase("mật khẩu"), &mut go_on);
    assert!(matches!(again, Err(SealFault::Exists(_))));
    assert!(matches!(seal(&folder, &passphrase("x"), &mut go_on), Err(SealFault::Exists(_))));
    let text = std::fs::read(&sealed).unwrap();
    assert!(memchr::memmem::find(&text, b"manifest.json").is_none());
}

#[test]
fn altered_cut_or_with_another_passphrase_nothing_comes_out() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_, sealed) = sealed(here.path());
    let original = std::fs::read(&sealed).unwrap();
    let chunk = (1 << 20) + 16;
    let begin = original.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
    let attempt = |bytes: &[u8], text: &str| {
        std::fs::write(&sealed, bytes).unwrap();
        let fault = open(&sealed, there.path(), &passphrase(text), &mut go_on).err();
        assert_eq!(everything(there.path()).len(), 0, "something came out");
        fault.expect("it opened")
    };
    assert!(matches!(attempt(&original, "mật khâu"), SealFault::WrongPassphrase));
    assert!(matches!(attempt(&original, ""), SealFault::BadPassphrase));
    let mut random = rand::rngs::StdRng::seed_from_u64(5);
    for at in [
        begin,
        begin + chunk,
        begin + 2 * chunk,
        original.len() - 1,
        random.random_range(begin..original.len()),
    ] {
        let mut altered = original.clone();
        altered[at] ^= 1;
        match attempt(&altered, "mật khẩu") {
            SealFault::WrongPassphrase => assert!(at < begin + chunk),
            SealFault::Damaged { at: found } => {
                let expected = begin + (at - begin) / chunk * chunk;
                assert_eq!(found, expected as u64);
            }
            fault => panic!("{fault}"),
        }
    }
    for cut in [begin + chunk, begin + 2 * chunk, original.len() - 1] {
        assert!(matches!(
            attempt(&original[..cut], "mật khẩu"),
            SealFault::Damaged { .. } | SealFault::WrongPassphrase
        ));
    }
    let longer = [&original[..], &[0]].concat();
    assert!(matches!(attempt(&longer, "mật khẩu"), SealFault::Damaged { .. }));
    let (first, second) = (begin..begin + chunk, begin + chunk..begin + 2 * chunk);
    let swapped =
        [&original[..begin], &original[second.clone()], &original[first], &original[second.end..]].concat();
    assert!(matches!(attempt(&swapped, "mật khẩu"), SealFault::WrongPassphrase));
    // The two lines in front: whatever is altered there, nothing opens, and nobody hashes for hours.
    for at in 0..begin {
        let mut altered = original[..begin].to_vec();
        altered[at] ^= 1;
        assert!(matches!(attempt(&altered, ""), SealFault::NotSealed | SealFault::BadPassphrase));
    }
    let costly = String::from_utf8_lossy(&original[..begin]).replace("65536", "999999999");
    assert!(matches!(attempt(costly.as_bytes(), "x"), SealFault::NotSealed));
}

#[test]
fn cancelling_leaves_neither_file_nor_folder() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, sealed) = sealed(here.path());
    let opened = open(&sealed, there.path(), &passphrase("mật khẩu"), &mut |_, _| ControlFlow::Break(()));
    assert!(matches!(opened, Err(SealFault::Disk(ExportFault::Cancelled))));
    assert_eq!(everything(there.path()).len(), 0);
    std::fs::remove_file(&sealed).unwrap();
    let mut steps = 0;
    let broken_off = seal(&folder, &passphrase("x"), &mut |_, _| {
        steps += 1;
        if steps > 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(broken_off, Err(SealFault::Disk(ExportFault::Cancelled))));
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1);
}
