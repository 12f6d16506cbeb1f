use super::*;
use crate::{Edit, Keeping, NotAName, Refusal, Weakness, What};

const SECOND: &str = "Cổng sau bệnh viện 7 !";

#[test]
fn the_first_one_administers_and_there_is_only_one_first() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = open(&folder);
    let first = |name: &str, password: &str| {
        accounts.create_first(name.to_owned(), "Trưởng ca".to_owned(), secret(password), at(0))
    };
    assert!(matches!(first("chief", "weak"), Err(Refusal::Weak(_))));
    assert!(matches!(first("chi:ef", CHIEF_PASSWORD), Err(Refusal::Name(NotAName))));
    assert_eq!(accounts.list().unwrap().len(), 0);
    let change = first(CHIEF, CHIEF_PASSWORD).unwrap();
    let what = What::Created { role: Role::Administrator, scope: Scope::everything() };
    assert_eq!((change.account, change.what), (name(CHIEF), what));
    assert!(matches!(first("other", CHIEF_PASSWORD), Err(Refusal::NotTheFirst)));

    let signed_in = open(&folder).sign_in("CHIEF", &secret(CHIEF_PASSWORD), None, at(1)).unwrap();
    assert_eq!(signed_in.role, Role::Administrator);
    assert!(!signed_in.must_change && !signed_in.must_enrol);
}

#[test]
fn a_new_person_changes_the_password_first() {
    let (folder, accounts) = staffed();
    let signed_in = sign_in(&accounts, FIRST, at(1)).unwrap();
    assert!(signed_in.must_change);
    assert_eq!(signed_in.name.as_str(), WATCH);
    assert_eq!(signed_in.display, "Nguyễn Văn Bình");
    assert_eq!(signed_in.keyhole.keeping().unwrap(), Keeping::NotChosen);

    let change = |new: &str| accounts.change_password(WATCH, &secret(FIRST), &secret(new), at(2));
    assert!(
        matches!(change("Short 1!").err(), Some(Refusal::Weak(weak)) if weak == [Weakness::Short { least: 14 }])
    );
    assert!(matches!(change(FIRST).err(), Some(Refusal::Reused)));
    let (changed, keyhole) = change(SECOND).unwrap();
    assert_eq!(changed.what, What::PasswordChanged);
    assert!(keyhole.keeping().is_ok());
    assert!(signed_in.keyhole.keeping().is_err(), "the one before is stale");

    assert!(matches!(sign_in(&open(&folder), FIRST, at(3)), Err(Refused::Wrong { .. })));
    assert!(!sign_in(&open(&folder), SECOND, at(3)).unwrap().must_change);
    assert_eq!(accounts.list().unwrap()[1].password_changed, at(2));
}

#[test]
fn the_last_passwords_do_not_come_back() {
    let (_folder, accounts) = staffed();
    let password = |index: usize| format!("Cổng số {index} của trạm!");
    let change =
        |old: &str, new: &str| accounts.change_password(WATCH, &secret(old), &secret(new), at(0)).map(drop);
    change(FIRST, &password(0)).unwrap();
    for index in 1..=8 {
        assert!(matches!(change(&password(index - 1), FIRST), Err(Refusal::Reused)), "{index}");
        change(&password(index - 1), &password(index)).unwrap();
    }
    for index in 0..=8 {
        assert!(matches!(change(&password(8), &password(index)), Err(Refusal::Reused)), "{index}");
    }
    change(&password(8), FIRST).unwrap();
}

#[test]
fn names_are_taken_whatever_their_case() {
    let (_folder, accounts) = staffed();
    for taken in ["trực.ban", "TRỰC.BAN", "tru\u{31b}\u{323}c.ban", "Chief"] {
        assert!(
            matches!(accounts.create(&newcomer(taken, Role::Viewer), at(0)), Err(Refusal::NameTaken)),
            "{taken}"
        );
    }
    assert_eq!(accounts.list().unwrap().len(), 2);
    accounts.create(&newcomer("truc.ban", Role::Viewer), at(0)).unwrap();
    let nameless = Newcomer { display: " \n".to_owned(), ..newcomer("x", Role::Viewer) };
    assert!(matches!(accounts.create(&nameless, at(0)), Err(Refusal::Display)));
}

#[test]
fn an_edit_says_what_changed_and_nothing_else() {
    let (folder, accounts) = staffed();
    let scope = Scope { districts: ["Ninh Kiều".to_owned()].into(), ..Scope::default() };
    let edit = Edit {
        display: Some("Lê Thị Mai".to_owned()),
        role: Some(Role::Supervisor),
        scope: Some(scope.clone()),
        second_factor_required: Some(true),
        disabled: Some(true),
    };
    let changes = accounts.edit(&name("TRỰC.BAN"), &edit).unwrap();
    assert!(changes.iter().all(|change| change.account.as_str() == WATCH));
    let whats: Vec<_> = changes.into_iter().map(|change| change.what).collect();
    let (from, to) = ("Nguyễn Văn Bình".to_owned(), "Lê Thị Mai".to_owned());
    assert_eq!(
        whats,
        [
            What::Display { from, to },
            What::Role { from: Role::Operator, to: Role::Supervisor },
            What::Scope { from: Scope::everything(), to: scope.clone() },
            What::SecondFactorRequired { to: true },
            What::Disabled,
        ]
    );
    assert_eq!(accounts.edit(&name(WATCH), &edit).unwrap(), [], "it is so already");
    let shown = &open(&folder).list().unwrap()[1];
    assert_eq!((shown.role, &shown.scope, shown.disabled), (Role::Supervisor, &scope, true));
    let enable = Edit { disabled: Some(false), ..Edit::default() };
    assert_eq!(accounts.edit(&name(WATCH), &enable).unwrap()[0].what, What::Enabled);
    assert!(sign_in(&accounts, FIRST, at(0)).unwrap().must_enrol);
    assert!(matches!(accounts.edit(&name("nobody"), &enable), Err(Refusal::Unknown)));
}

#[test]
fn somebody_can_always_administer() {
    let (_folder, accounts) = staffed();
    let demote = Edit { role: Some(Role::Viewer), display: Some("X".to_owned()), ..Edit::default() };
    let disable = Edit { disabled: Some(true), ..Edit::default() };
    for last in [&demote, &disable] {
        assert!(matches!(accounts.edit(&name(CHIEF), last), Err(Refusal::LastAdministrator)));
    }
    assert_eq!(accounts.list().unwrap()[0].display, "Trưởng ca", "nothing of it was changed");
    accounts.edit(&name(WATCH), &Edit { role: Some(Role::Administrator), ..Edit::default() }).unwrap();
    accounts.edit(&name(CHIEF), &disable).unwrap();
    for last in [&demote, &disable] {
        assert!(matches!(accounts.edit(&name(WATCH), last), Err(Refusal::LastAdministrator)));
    }
    // One who can't administer anyway may be changed.
    accounts.edit(&name(CHIEF), &demote).unwrap();
}

#[test]
fn an_administrator_resets_what_was_forgotten() {
    let (_folder, accounts) = staffed();
    for _ in 0..crate::TRIES {
        let _ = sign_in(&accounts, "Đã quên mất rồi 1 !", at(0));
    }
    assert!(matches!(accounts.reset_password(&name(WATCH), &secret("weak"), at(1)), Err(Refusal::Weak(_))));
    let change = accounts.reset_password(&name(WATCH), &secret(SECOND), at(1)).unwrap();
    assert_eq!(change.what, What::PasswordReset { second_factor_removed: false, logins_lost: false });
    assert!(matches!(sign_in(&accounts, FIRST, at(1)), Err(Refused::Wrong { left: 4 })));
    assert!(sign_in(&accounts, SECOND, at(1)).unwrap().must_change);
}

#[test]
fn there_is_an_end_of_accounts() {
    let (folder, accounts) = staffed();
    accounts
        .change(|book, _| {
            let more = fill_up(book);
            book.accounts.extend(more);
            Ok(())
        })
        .unwrap();
    assert_eq!(open(&folder).list().unwrap().len(), 1000);
    assert!(matches!(accounts.create(&newcomer("one more", Role::Viewer), at(0)), Err(Refusal::TooMany)));
    assert!(sign_in(&accounts, FIRST, at(0)).is_ok());
}

/// As many accounts as there is room for, with the first one's hash.
fn fill_up(book: &crate::account::Book) -> Vec<crate::account::Record> {
    let first = &book.accounts[0];
    (book.accounts.len()..1000)
        .map(|index| crate::account::Record {
            id: crate::account::id(),
            name: name(&format!("person {index}")),
            display: "ệ".repeat(200),
            role: Role::Viewer,
            scope: first.scope.clone(),
            created: at(0),
            disabled: false,
            must_change: true,
            second_factor_required: false,
            password: first.password.clone(),
            password_changed: at(0),
            history: vec![first.password.clone(); 8],
            derivation: first.derivation.clone(),
            tries: first.tries.clone(),
            second_factor: None,
            kept: crate::account::Kept::NotChosen,
        })
        .collect()
}
