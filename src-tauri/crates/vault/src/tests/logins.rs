use super::*;
use std::fs;
use std::path::PathBuf;

use model::{Credentials, Id};

use crate::{Keeping, KeyFault, Keyhole, Listed, Logins, NotGiven, NotSet, Target, Tested, What};

const SECOND: &str = "Cổng sau bệnh viện 7 !";

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn keyhole(accounts: &Accounts) -> Keyhole {
    sign_in(accounts, FIRST, at(1)).unwrap().keyhole
}

/// The operator's logins, their key kept in the file.
fn logins(accounts: &Accounts) -> Logins {
    let (keyhole, keychain) = (keyhole(accounts), Arc::new(Memory::default()).keychain());
    keyhole.choose(Keeping::PasswordFile, &keychain).unwrap();
    keyhole.open(&keychain).unwrap()
}

fn file(folder: &TempDir) -> PathBuf {
    let folders = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|path| path.join("logins.json")).find(|path| path.exists()).unwrap()
}

fn given(
    logins: &Logins,
    site: &str,
    recorder: Option<&str>,
    camera: Option<&str>,
) -> Option<(Target, String)> {
    let (recorder, camera) = (recorder.map(id), camera.map(id));
    let given = logins.resolve(&id(site), recorder.as_ref(), camera.as_ref()).unwrap();
    given.map(|(target, credentials)| {
        (target, format!("{}:{}", credentials.user, credentials.password.expose()))
    })
}

#[test]
fn the_most_specific_login_wins() {
    let (_folder, accounts) = staffed();
    let logins = logins(&accounts);
    assert_eq!(given(&logins, "s1", Some("r1"), Some("c1")), None);
    let targets = [
        (Target::Province, "p:1"),
        (Target::Site(id("s1")), "s:2"),
        (Target::Recorder(id("r1")), "r:3"),
        (Target::Camera(id("c1")), "c:4"),
    ];
    for (target, login) in &targets {
        let (user, password) = login.split_once(':').unwrap();
        logins.set(target.clone(), user, &secret(password)).unwrap();
        let found = given(&logins, "s1", Some("r1"), Some("c1")).unwrap();
        assert_eq!((&found.0, found.1.as_str()), (target, *login));
    }
    for (site, recorder, camera, expected) in [
        ("s1", Some("r1"), Some("c1"), 3),
        ("s1", Some("r1"), Some("c2"), 2),
        ("s1", Some("r1"), None, 2),
        ("s1", Some("r2"), Some("c2"), 1),
        ("s1", None, Some("c2"), 1),
        ("s2", Some("r2"), Some("c2"), 0),
        // Same words, other things.
        ("r1", Some("c1"), Some("s1"), 0),
    ] {
        assert_eq!(
            given(&logins, site, recorder, camera).unwrap().1,
            targets[expected].1,
            "{site} {recorder:?} {camera:?}"
        );
    }
    assert!(logins.remove(&Target::Camera(id("c1"))).unwrap());
    assert!(!logins.remove(&Target::Camera(id("c1"))).unwrap());
    assert_eq!(given(&logins, "s1", Some("r1"), Some("c1")).unwrap().1, "r:3");
}

#[test]
fn a_refused_login_is_not_given_out_again_before_it_is_changed() {
    let (_folder, accounts) = staffed();
    let logins = logins(&accounts);
    let target = Target::Recorder(id("r1"));
    logins.set(Target::Province, "p", &secret("1")).unwrap();
    logins.set(target.clone(), "admin", &secret("wrong")).unwrap();
    let resolve = || logins.resolve(&id("s1"), Some(&id("r1")), None);
    let (_, tried) = resolve().unwrap().unwrap();
    assert!(logins.mark(&target, &tried, Tested::Refused { at: at(5) }).unwrap());
    let refused = resolve().err();
    assert!(matches!(refused, Some(NotGiven::Refused { target: t, at: a }) if t == target && a == at(5)));

    logins.set(target.clone(), "admin", &secret("right")).unwrap();
    assert!(!logins.mark(&target, &tried, Tested::Refused { at: at(6) }).unwrap(), "that was the one before");
    let (_, tried) = resolve().unwrap().unwrap();
    assert_eq!(tried.password.expose(), "right");
    assert!(logins.mark(&target, &tried, Tested::Accepted { at: at(7) }).unwrap());
    assert!(resolve().unwrap().is_some());
    assert!(!logins.mark(&Target::Site(id("s9")), &tried, Tested::Untested).unwrap(), "there is none");
    let listed = |target, user: &str, tested| Listed { target, login: Some((user.to_owned(), tested)) };
    assert_eq!(
        logins.list().unwrap(),
        [
            listed(Target::Province, "p", Tested::Untested),
            listed(target, "admin", Tested::Accepted { at: at(7) })
        ]
    );
}

#[test]
fn odd_and_too_many_logins_are_refused() {
    let (_folder, accounts) = staffed();
    let logins = logins(&accounts);
    let long = "x".repeat(Logins::LONGEST);
    logins.set(Target::Province, &long, &secret(&long)).unwrap();
    let longer = format!("{long}x");
    for (user, password) in
        [("", "x"), ("x", ""), ("a\nb", "x"), ("x", "a\0"), (&longer[..], "x"), ("x", &longer[..])]
    {
        assert!(matches!(logins.set(Target::Province, user, &secret(password)), Err(NotSet::Odd)));
    }
    assert_eq!(given(&logins, "s", None, None).unwrap().1.len(), 2 * Logins::LONGEST + 1);
}

#[test]
fn what_was_altered_or_moved_is_not_given_out_nor_passed_over() {
    let (folder, accounts) = staffed();
    let logins = logins(&accounts);
    logins.set(Target::Province, "p", &secret("1")).unwrap();
    logins.set(Target::Site(id("s1")), "one", &secret("1")).unwrap();
    logins.set(Target::Site(id("s2")), "two", &secret("2")).unwrap();
    let file = file(&folder);
    let sound = fs::read_to_string(&file).unwrap();
    let sealed: Vec<_> =
        sound.split("\"sealed\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(sealed.len(), 3);

    let check = |content: String, what: &str| {
        assert_ne!(content, sound, "{what}");
        fs::write(&file, content).unwrap();
        let refused = logins.resolve(&id("s1"), None, None).err();
        assert!(matches!(refused, Some(NotGiven::Altered { .. })), "{what}");
        assert_eq!(logins.list().unwrap()[1].login, None, "{what}");
    };
    check(sound.replace(sealed[1], sealed[2]), "another site's");
    let swapped = sound.replace("\"s1\"", "\"s3\"").replace("\"s2\"", "\"s1\"").replace("\"s3\"", "\"s2\"");
    check(swapped, "sites exchanged");
    let altered = |index: usize| {
        let mut text = sealed[1].to_owned();
        let other = if &text[index..=index] == "A" { "B" } else { "A" };
        text.replace_range(index..=index, other);
        sound.replace(sealed[1], &text)
    };
    check(altered(0), "nonce");
    check(altered(40), "text");
    check(altered(sealed[1].len() - 4), "tag");
    fs::write(&file, &sound).unwrap();
    assert_eq!(given(&logins, "s1", None, None).unwrap().1, "one:1");
}

#[test]
fn a_file_in_another_persons_place_opens_nothing() {
    let (folder, accounts) = staffed();
    logins(&accounts).set(Target::Province, "p", &secret("1")).unwrap();
    let keychain = Arc::new(Memory::default()).keychain();
    let chief = accounts.sign_in(CHIEF, &secret(CHIEF_PASSWORD), None, at(1)).unwrap().keyhole;
    let theirs = file(&folder);
    chief.choose(Keeping::PasswordFile, &keychain).unwrap();
    chief.open(&keychain).unwrap().set(Target::Province, "q", &secret("2")).unwrap();
    let mine = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path().join("logins.json"))
        .find(|path| path.exists() && *path != theirs)
        .unwrap();
    let my_own = fs::read_to_string(&mine).unwrap();
    let stolen = fs::read_to_string(&theirs).unwrap();
    fs::write(&mine, &stolen).unwrap();
    assert!(matches!(chief.open(&keychain).err(), Some(KeyFault::OtherKey)));
    // Also if it pretends to be sealed with the right key.
    let key = |text: &str| text.split("\"key\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    fs::write(&mine, stolen.replace(&key(&stolen), &key(&my_own))).unwrap();
    let refused = chief.open(&keychain).unwrap().resolve(&id("s"), None, None).err();
    assert!(matches!(refused, Some(NotGiven::Altered { .. })));
}

#[test]
fn nothing_is_kept_before_the_person_has_chosen_how() {
    let (_folder, accounts) = staffed();
    let (keyhole, memory) = (keyhole(&accounts), Arc::new(Memory::default()));
    let keychain = memory.keychain();
    assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::NotChosen)));
    assert_eq!(keyhole.choose(Keeping::NotChosen, &keychain).unwrap().change, None);
    assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::NotChosen)));
    assert!(memory.entries.lock().unwrap().is_empty());
    // No keychain: nothing is chosen in its place.
    for fault in [KeychainFault::Unavailable, KeychainFault::Locked] {
        memory.fail(Some(fault));
        let refused = keyhole.choose(Keeping::Keychain, &keychain).err();
        assert!(matches!(refused, Some(KeyFault::Keychain(f)) if f == fault));
        assert_eq!(keyhole.keeping().unwrap(), Keeping::NotChosen);
    }
}

#[test]
fn the_logins_stay_however_their_key_is_kept() {
    let (folder, accounts) = staffed();
    let (keyhole, memory) = (keyhole(&accounts), Arc::new(Memory::default()));
    let keychain = memory.keychain();
    let chosen = keyhole.choose(Keeping::Keychain, &keychain).unwrap();
    let what = What::Keeping { from: Keeping::NotChosen, to: Keeping::Keychain };
    assert_eq!(chosen.change.unwrap().what, what);
    keyhole.open(&keychain).unwrap().set(Target::Province, "p", &secret("1")).unwrap();
    let there = || given(&keyhole.open(&keychain).unwrap(), "s", None, None).unwrap().1 == "p:1";
    assert!(there());

    let chosen = keyhole.choose(Keeping::PasswordFile, &keychain).unwrap();
    assert!(!chosen.left_in_keychain && !chosen.set_aside);
    assert!(memory.entries.lock().unwrap().is_empty(), "one place is enough");
    assert!(there());
    assert_eq!(keyhole.choose(Keeping::PasswordFile, &keychain).unwrap().change, None);
    assert!(there());
    keyhole.choose(Keeping::Keychain, &keychain).unwrap();
    assert!(there());
    assert!(!fs::read_to_string(folder.path().join("accounts.json")).unwrap().contains("\"password\":{"));

    memory.fail(Some(KeychainFault::Locked));
    assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::Keychain(KeychainFault::Locked))));
    memory.fail(None);
    memory.entries.lock().unwrap().values_mut().for_each(|key| key[0] ^= 1);
    assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::OtherKey)));
    memory.entries.lock().unwrap().clear();
    assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::KeyGone)));
    assert!(
        matches!(keyhole.choose(Keeping::PasswordFile, &keychain).err(), Some(KeyFault::KeyGone)),
        "not silently"
    );
    let sealed = fs::read(file(&folder)).unwrap();
    assert!(keyhole.begin_anew(Keeping::PasswordFile, &keychain).unwrap().set_aside);
    assert_eq!(keyhole.open(&keychain).unwrap().list().unwrap(), []);
    let id =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    assert_eq!(fs::read(id.unwrap().join("logins.unreadable")).unwrap(), sealed, "never deleted");
}

#[test]
fn a_key_in_the_file_follows_the_password() {
    let (folder, accounts) = staffed();
    logins(&accounts).set(Target::Province, "p", &secret("1")).unwrap();
    let keychain = Arc::new(Memory::default()).keychain();
    let stale = keyhole(&accounts);
    let (_, keyhole) = accounts.change_password(WATCH, &secret(FIRST), &secret(SECOND), at(2)).unwrap();
    assert_eq!(given(&keyhole.open(&keychain).unwrap(), "s", None, None).unwrap().1, "p:1");
    assert!(matches!(stale.open(&keychain).err(), Some(KeyFault::Stale)));
    assert!(matches!(stale.choose(Keeping::PasswordFile, &keychain).err(), Some(KeyFault::Stale)));
    let keyhole = sign_in(&open(&folder), SECOND, at(3)).unwrap().keyhole;
    assert_eq!(given(&keyhole.open(&keychain).unwrap(), "s", None, None).unwrap().1, "p:1");
}

#[test]
fn an_administrators_reset_loses_what_the_password_sealed_and_nothing_else() {
    for (keeping, lost) in [(Keeping::PasswordFile, true), (Keeping::Keychain, false)] {
        let (_folder, accounts) = staffed();
        let keychain = Arc::new(Memory::default()).keychain();
        let before = keyhole(&accounts);
        before.choose(keeping, &keychain).unwrap();
        before.open(&keychain).unwrap().set(Target::Province, "p", &secret("1")).unwrap();
        let change = accounts.reset_password(&name(WATCH), &secret(SECOND), at(2)).unwrap();
        assert_eq!(change.what, What::PasswordReset { second_factor_removed: false, logins_lost: lost });
        let keyhole = sign_in(&accounts, SECOND, at(3)).unwrap().keyhole;
        if lost {
            assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::NotChosen)));
            assert!(keyhole.choose(keeping, &keychain).unwrap().set_aside);
            assert_eq!(keyhole.open(&keychain).unwrap().list().unwrap(), []);
        } else {
            assert_eq!(given(&keyhole.open(&keychain).unwrap(), "s", None, None).unwrap().1, "p:1");
        }
    }
}

#[test]
fn who_is_disabled_meanwhile_reaches_nothing_more() {
    let (_folder, accounts) = staffed();
    let keychain = Arc::new(Memory::default()).keychain();
    let keyhole = keyhole(&accounts);
    keyhole.choose(Keeping::Keychain, &keychain).unwrap();
    accounts.edit(&name(WATCH), &crate::Edit { disabled: Some(true), ..Default::default() }).unwrap();
    assert!(matches!(keyhole.open(&keychain).err(), Some(KeyFault::Stale)));
}

#[test]
fn damaged_logins_are_set_aside_and_the_last_good_ones_used() {
    let (folder, accounts) = staffed();
    let logins = logins(&accounts);
    logins.set(Target::Province, "p", &secret("1")).unwrap();
    logins.set(Target::Site(id("s1")), "s", &secret("2")).unwrap();
    let file = file(&folder);
    fs::write(&file, "{\"version\":1,\"kind\":\"logins\",\"content\":{\"key\":3}}").unwrap();
    assert_eq!(given(&logins, "s1", None, None).unwrap().1, "p:1");
    assert!(matches!(logins.noticed(), Some(store::Problem::Damaged { last_good: true, .. })));
    assert_eq!(logins.noticed(), None);
    assert!(file.with_extension("damaged").exists());
    let newer = "{\"version\":9,\"kind\":\"logins\",\"content\":{}}";
    fs::write(&file, newer).unwrap();
    assert!(logins.set(Target::Province, "p", &secret("1")).is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), newer, "a later version's file stays as it is");
}

#[test]
fn logins_that_are_lost_can_be_entered_again() {
    let (folder, accounts) = staffed();
    let logins = logins(&accounts);
    logins.set(Target::Province, "p", &secret("1")).unwrap();
    let file = file(&folder);
    fs::write(&file, "damaged").unwrap();
    let _ = fs::remove_file(file.with_extension("last-good"));
    assert_eq!(given(&logins, "s1", None, None), None);
    assert!(matches!(logins.noticed(), Some(store::Problem::Damaged { last_good: false, .. })));
    logins.set(Target::Province, "p", &secret("2")).unwrap();
    assert_eq!(given(&logins, "s1", None, None).unwrap().1, "p:2");
    assert_eq!(fs::read_to_string(file.with_extension("damaged")).unwrap(), "damaged");
}

#[test]
fn credentials_are_given_out_as_they_were_set() {
    let (_folder, accounts) = staffed();
    let logins = logins(&accounts);
    logins.set(Target::Province, "quản trị", &secret("mật \"khẩu\" \\ 🔑")).unwrap();
    let (_, Credentials { user, password }) = logins.resolve(&id("s"), None, None).unwrap().unwrap();
    assert_eq!((user.as_str(), password.expose()), ("quản trị", "mật \"khẩu\" \\ 🔑"));
}
