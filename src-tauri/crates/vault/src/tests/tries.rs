use super::*;
use crate::files::WRITES;
use crate::password::{HASHES, KILLED};
use crate::{LOCKED_FOR, TRIES};

const WRONG: &str = "Không phải mật khẩu này 1";

#[test]
fn five_wrong_tries_lock_for_a_quarter_of_an_hour_also_the_right_password() {
    let (folder, accounts) = staffed();
    for left in (1..TRIES).rev() {
        assert!(matches!(sign_in(&accounts, WRONG, at(0)), Err(Refused::Wrong { left: l }) if l == left));
    }
    let until = at(0) + LOCKED_FOR;
    assert!(matches!(sign_in(&accounts, WRONG, at(0)), Err(Refused::Locked { until: u }) if u == until));
    for minute in [0, 7, 14] {
        let again = open(&folder);
        assert!(
            matches!(sign_in(&again, FIRST, at(minute)), Err(Refused::Locked { until: u }) if u == until),
            "after a restart, minute {minute}"
        );
    }
    assert!(sign_in(&accounts, FIRST, at(15)).is_ok());
    assert!(matches!(sign_in(&accounts, WRONG, at(16)), Err(Refused::Wrong { left: 4 })), "forgotten");
}

#[test]
fn tries_add_up_over_restarts_and_ways_of_asking() {
    let (folder, _) = staffed();
    for left in (1..TRIES).rev() {
        let accounts = open(&folder);
        let refused = if left % 2 == 0 {
            accounts.check("TRỰC.BAN", &secret(WRONG), at(0)).err()
        } else {
            accounts.change_password(WATCH, &secret(WRONG), &secret(FIRST), at(0)).err().map(|refusal| {
                match refusal {
                    crate::Refusal::Refused(refused) => refused,
                    other => panic!("{other:?}"),
                }
            })
        };
        assert!(matches!(refused, Some(Refused::Wrong { left: l }) if l == left));
    }
    assert!(matches!(open(&folder).check(WATCH, &secret(WRONG), at(0)), Err(Refused::Locked { .. })));
    assert!(matches!(open(&folder).check(WATCH, &secret(FIRST), at(1)), Err(Refused::Locked { .. })));
    assert!(open(&folder).check(CHIEF, &secret(CHIEF_PASSWORD), at(1)).is_ok(), "nobody else is locked");
}

#[test]
fn who_kills_the_program_while_it_looks_has_tried_all_the_same() {
    let (folder, _) = staffed();
    for _ in 0..TRIES {
        KILLED.set(true);
        let killed = std::panic::catch_unwind(|| looks(sign_in(&open(&folder), WRONG, at(0))));
        KILLED.set(false);
        assert!(killed.is_err());
    }
    assert!(matches!(sign_in(&open(&folder), FIRST, at(0)), Err(Refused::Locked { .. })));
}

#[test]
fn a_right_try_forgets_the_wrong_ones() {
    let (_folder, accounts) = staffed();
    for _ in 0..3 {
        for _ in 1..TRIES {
            assert!(matches!(sign_in(&accounts, WRONG, at(0)), Err(Refused::Wrong { .. })));
        }
        assert!(sign_in(&accounts, FIRST, at(0)).is_ok());
    }
}

#[test]
fn a_clock_that_jumps_neither_opens_a_lock_nor_keeps_it_for_ever() {
    let (folder, accounts) = staffed();
    let year = 365 * 24 * 60;
    for _ in 0..TRIES {
        let _ = sign_in(&accounts, WRONG, at(year));
    }
    // The clock ran a year ahead and is put right.
    assert!(
        matches!(sign_in(&open(&folder), FIRST, at(0)), Err(Refused::Locked { until }) if until == at(15))
    );
    assert!(
        matches!(sign_in(&open(&folder), FIRST, at(14)), Err(Refused::Locked { until }) if until == at(15))
    );
    assert!(sign_in(&open(&folder), FIRST, at(15)).is_ok());
}

#[test]
fn an_administrator_opens_a_lock() {
    let (_folder, accounts) = staffed();
    for _ in 0..TRIES {
        let _ = sign_in(&accounts, WRONG, at(0));
    }
    assert_eq!(accounts.list().unwrap()[1].locked_until, Some(at(15)));
    accounts.unlock(&name(WATCH)).unwrap();
    assert_eq!(accounts.list().unwrap()[1].locked_until, None);
    assert!(sign_in(&accounts, FIRST, at(0)).is_ok());
}

#[test]
fn a_name_that_nobody_has_gets_the_same_answers() {
    let (folder, _) = staffed();
    let endless = "x".repeat(5000);
    let minutes = [0, 0, 1, 1, 2, 2, 9, 16, 17, 17, 17, 17, 18, 17, -500, -490, -480, 500];
    let answers = |asked: &str| -> Vec<String> {
        // Restarted before each try; nobody's lock may be forgotten by that.
        minutes.map(|minute| looks(open(&folder).sign_in(asked, &secret(WRONG), None, at(minute)))).into()
    };
    let known = answers(WATCH);
    assert_eq!(known.iter().filter(|answer| answer.contains("Locked")).count(), 8, "{known:?}");
    for unknown in ["nobody", "", "a\nb", "Trực.Bạn", &endless] {
        assert_eq!(answers(unknown), known, "{unknown:?}");
    }
}

#[test]
fn a_name_that_nobody_has_costs_the_same() {
    let (_folder, accounts) = staffed();
    let cost = |asked: &str, password: &str| {
        let before = (HASHES.get(), WRITES.get());
        let answer = looks(accounts.sign_in(asked, &secret(password), Some("123456"), at(0)));
        (answer, HASHES.get() - before.0, WRITES.get() - before.1)
    };
    let endless = "x".repeat(5000);
    for round in 0..7 {
        let known = cost(WATCH, WRONG);
        let hashes = if round < 5 { 1 } else { 0 };
        assert_eq!((known.1, known.2), (hashes, 1), "round {round}");
        for unknown in ["nobody", "a\nb"] {
            assert_eq!(cost(unknown, WRONG), known, "round {round}: {unknown:?}");
        }
    }
    assert_eq!(cost(CHIEF, &endless), cost("nobody else", &endless), "an endless password");
}

#[test]
fn who_does_not_know_the_password_learns_nothing_of_the_account() {
    let (_folder, accounts) = staffed();
    let disabled = crate::Edit { disabled: Some(true), ..Default::default() };
    accounts.edit(&name(WATCH), &disabled).unwrap();
    assert!(matches!(sign_in(&accounts, WRONG, at(0)), Err(Refused::Wrong { left: 4 })));
    for _ in 0..TRIES {
        assert!(matches!(sign_in(&accounts, FIRST, at(0)), Err(Refused::Disabled)), "no wrong try");
    }
    assert!(matches!(sign_in(&accounts, WRONG, at(0)), Err(Refused::Wrong { left: 3 })));
}

#[test]
fn a_name_tried_before_it_was_given_is_not_locked_for_its_owner() {
    let (_folder, accounts) = staffed();
    for _ in 0..TRIES {
        let _ = accounts.check("new", &secret(WRONG), at(0));
    }
    accounts.create(&newcomer("new", Role::Viewer), at(0)).unwrap();
    assert!(accounts.check("NEW", &secret(FIRST), at(0)).is_ok());
}

#[test]
fn programs_that_try_at_once_have_no_more_tries_together() {
    let (folder, _) = staffed();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let try_once = || {
            let accounts = Accounts::with_cost(folder.path(), Cost::TINY).0;
            (0..5).map(|_| looks(accounts.check(WATCH, &secret(WRONG), at(0)))).collect::<Vec<_>>()
        };
        let threads: Vec<_> =
            (0..4).map(|_| std::thread::Builder::new().spawn_scoped(scope, try_once).unwrap()).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.contains("Wrong")).count(), usize::from(TRIES) - 1);
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.contains("Locked")).count(),
        20 - usize::from(TRIES) + 1
    );
}

#[cfg(unix)]
#[test]
fn nobody_is_let_in_whose_tries_cannot_be_counted() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, accounts) = staffed();
    let mode = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o500);
    let refused = sign_in(&accounts, FIRST, at(0));
    // Root may write everywhere.
    let root = std::fs::write(folder.path().join("probe"), "").is_ok();
    mode(0o700);
    assert!(root || matches!(refused, Err(Refused::Trouble(_))), "{}", looks(refused));
    assert!(sign_in(&accounts, FIRST, at(0)).is_ok());
}
