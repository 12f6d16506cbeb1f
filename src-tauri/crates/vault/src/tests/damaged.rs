use super::*;
use std::fs;

use crate::{Refusal, Trouble};
use store::{Damage, Problem};

fn reopen(folder: &TempDir) -> (Accounts, Option<Problem>) {
    Accounts::with_cost(folder.path(), Cost::TINY)
}

/// What is found to be wrong with `bytes` in place of the accounts, where the one before is there.
fn damage_of(bytes: &[u8]) -> Damage {
    let (folder, _) = staffed();
    let path = folder.path().join("accounts.json");
    fs::write(&path, bytes).unwrap();
    let (accounts, problem) = reopen(&folder);
    let Some(Problem::Damaged { damage, aside: Some(aside), last_good: true, .. }) = problem else {
        panic!("{problem:?}");
    };
    assert!(fs::read(aside).unwrap() == bytes, "kept as it was");
    assert!(accounts.check(CHIEF, &secret(CHIEF_PASSWORD), at(0)).is_ok(), "the last good one is used");
    assert_eq!(reopen(&folder).1, None, "and has become the file");
    damage
}

#[test]
fn a_damaged_file_is_set_aside_and_the_last_good_one_used() {
    let (folder, _) = staffed();
    let sound = fs::read_to_string(folder.path().join("accounts.json")).unwrap();
    assert_eq!(damage_of(&sound.as_bytes()[..sound.len() / 2]), Damage::Truncated);
    assert_eq!(damage_of(b""), Damage::Truncated);
    assert!(matches!(damage_of(&[0; 4096]), Damage::Syntax { line: 1, .. }));
    let account = {
        let start = sound.find("{\"id\"").unwrap();
        let end = sound[start + 1..].find("{\"id\"").unwrap() + start;
        &sound[start..end]
    };
    let id = sound.split("{\"id\":\"").nth(1).unwrap().split('"').next().unwrap();
    for (from, to) in [
        ("\"accounts\":[", "\"accounts\":[null,"),
        ("\"accounts\":[", &format!("\"accounts\":[{account},")[..]),
        ("\"disabled\":false", "\"disabled\":0"),
        ("\"disabled\":false", "\"disabled\":false,\"unknown\":1"),
        ("\"role\":\"administrator\"", "\"role\":\"god\""),
        ("\"memory_kib\":8", "\"memory_kib\":4294967295"),
        ("$m=8,", "$m=4294967295,"),
        ("\"failed\":0", "\"failed\":-1"),
        ("\"name\":\"chief\"", "\"name\":\"\""),
        ("\"name\":\"chief\"", "\"name\":\"TRỰC.BAN\""),
        (id, "../../../../etc/passwd"),
        ("\"kind\":\"accounts\"", "\"kind\":\"walls\""),
    ] {
        let bad = sound.replacen(from, to, 1);
        assert_ne!(bad, sound, "{from}");
        assert!(matches!(damage_of(bad.as_bytes()), Damage::Content { .. }), "{from} → {to}");
    }
}

#[test]
fn a_million_accounts_are_too_many_to_be_read() {
    let (folder, _) = staffed();
    let sound = fs::read_to_string(folder.path().join("accounts.json")).unwrap();
    let start = sound.find("{\"id\"").unwrap();
    let end = start + sound[start + 1..].find("{\"id\"").unwrap();
    let many = format!(
        "{}{}{}",
        &sound[..start],
        format!("{},", &sound[start..end]).repeat(1_000_000),
        &sound[start..]
    );
    assert_eq!(damage_of(many.as_bytes()), Damage::TooLarge);
    // And those that fit into the largest file are too many accounts.
    let count = 15 * (1 << 20) / (end - start + 1);
    assert!(count > 1000);
    let many =
        format!("{}{}{}", &sound[..start], format!("{},", &sound[start..end]).repeat(count), &sound[start..]);
    assert!(matches!(damage_of(many.as_bytes()), Damage::Content { .. }));
}

#[test]
fn damage_makes_nobody_an_administrator() {
    let (folder, _) = staffed();
    for file in ["accounts.json", "accounts.last-good"] {
        fs::write(folder.path().join(file), "damaged").unwrap();
    }
    let (accounts, problem) = reopen(&folder);
    assert!(matches!(problem, Some(Problem::Damaged { last_good: false, .. })));
    for accounts in [accounts, reopen(&folder).0] {
        let first =
            accounts.create_first("me".to_owned(), "Me".to_owned(), secret("Cổng sau bệnh viện 7 !"), at(0));
        assert!(matches!(first, Err(Refusal::Trouble(Trouble::SetAside { .. }))), "{first:?}");
        let refused = accounts.check(CHIEF, &secret(CHIEF_PASSWORD), at(0));
        assert!(matches!(refused, Err(Refused::Trouble(Trouble::SetAside { .. }))), "{refused:?}");
        assert!(accounts.list().is_err());
    }
    // Whoever may write here takes it away and begins anew.
    fs::remove_file(folder.path().join("accounts.damaged")).unwrap();
    let anew = reopen(&folder).0;
    anew.create_first("me".to_owned(), "Me".to_owned(), secret("Cổng sau bệnh viện 7 !"), at(0)).unwrap();
}

#[test]
fn a_file_that_is_no_file_lets_nobody_in_nor_begin_anew() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("accounts.json")).unwrap();
    for _ in 0..2 {
        let accounts = reopen(&folder).0;
        let first = accounts.create_first("me".to_owned(), "Me".to_owned(), secret(FIRST), at(0));
        assert!(matches!(first, Err(Refusal::Trouble(_))), "{first:?}");
    }
}

#[test]
fn a_later_versions_accounts_stay_as_they_are() {
    let (folder, accounts) = staffed();
    let path = folder.path().join("accounts.json");
    let newer = fs::read_to_string(&path).unwrap().replacen("\"version\":1", "\"version\":9", 1);
    fs::write(&path, &newer).unwrap();
    let (again, problem) = reopen(&folder);
    assert!(matches!(problem, Some(Problem::Newer { version: 9, .. })));
    for accounts in [accounts, again] {
        assert!(matches!(sign_in(&accounts, FIRST, at(0)), Err(Refused::Trouble(Trouble::Unusable(_)))));
        assert!(matches!(accounts.unlock(&name(WATCH)), Err(Refusal::Trouble(Trouble::Unusable(_)))));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn damage_while_the_program_runs_is_noticed_and_said() {
    let (folder, accounts) = staffed();
    accounts.check(CHIEF, &secret(CHIEF_PASSWORD), at(0)).unwrap();
    fs::write(folder.path().join("accounts.json"), "damaged").unwrap();
    accounts.check(CHIEF, &secret(CHIEF_PASSWORD), at(0)).unwrap();
    assert!(matches!(accounts.noticed(), Some(Problem::Damaged { last_good: true, .. })));
    assert_eq!(accounts.noticed(), None);
}

#[test]
fn killed_between_writing_and_renaming_the_old_accounts_stand() {
    let (folder, accounts) = staffed();
    let path = folder.path().join("accounts.json");
    let before = fs::read_to_string(&path).unwrap();
    accounts.unlock(&name(CHIEF)).unwrap();
    accounts.reset_password(&name(WATCH), &secret("Cổng sau bệnh viện 7 !"), at(0)).unwrap();
    // What a killed program leaves: the new accounts under a draft's name, the old ones in their place.
    fs::rename(&path, folder.path().join("accounts.1-0.draft")).unwrap();
    fs::write(&path, &before).unwrap();
    let accounts = open(&folder);
    assert!(sign_in(&accounts, FIRST, at(0)).is_ok());
    assert!(!folder.path().join("accounts.1-0.draft").exists(), "half-done work is cleared away");
    // Killed after the old ones were kept as last good, and their place is empty.
    fs::remove_file(&path).unwrap();
    let (accounts, problem) = reopen(&folder);
    assert!(matches!(problem, Some(Problem::Missing { .. })));
    assert!(sign_in(&accounts, FIRST, at(0)).is_ok());
}

#[cfg(unix)]
#[test]
fn others_on_the_machine_see_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("vault");
    let (accounts, _) = Accounts::with_cost(&inner, Cost::TINY);
    accounts.create_first("me".to_owned(), "Me".to_owned(), secret(FIRST), at(0)).unwrap();
    let keyhole = accounts.sign_in("me", &secret(FIRST), None, at(0)).unwrap().keyhole;
    let keychain = Arc::new(Memory::default()).keychain();
    keyhole.choose(crate::Keeping::PasswordFile, &keychain).unwrap();
    keyhole.open(&keychain).unwrap().set(crate::Target::Province, "p", &secret("1")).unwrap();
    let mut seen = 0;
    let mut folders = vec![inner];
    while let Some(folder) = folders.pop() {
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700, "{}", folder.display());
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(
                    path.metadata().unwrap().permissions().mode() & 0o777,
                    0o600,
                    "{}",
                    path.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen >= 4, "{seen}");
}
