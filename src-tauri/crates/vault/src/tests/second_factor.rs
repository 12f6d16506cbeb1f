use super::*;
use crate::second_factor::{SEED, Seed, code};
use crate::{Edit, RECOVERY_CODES, Refusal, What};

/// Gives the operator a second factor at minute 1; the seed, and the recovery codes.
fn enrol(accounts: &Accounts) -> (Seed, Vec<Secret>) {
    let keyhole = sign_in(accounts, FIRST, at(1)).unwrap().keyhole;
    let enrolment = accounts.begin_enrolment(&keyhole).unwrap();
    let wrong = accounts.confirm_enrolment(&keyhole, &enrolment, &enrolment.code(at(5)), at(1));
    assert!(matches!(wrong.err(), Some(Refusal::WrongCode)));
    assert!(!accounts.list().unwrap()[1].second_factor, "not before its code was shown");
    let (change, codes) =
        accounts.confirm_enrolment(&keyhole, &enrolment, &enrolment.code(at(1)), at(1)).unwrap();
    assert_eq!(change.what, What::SecondFactorAdded);
    assert_eq!(codes.len(), RECOVERY_CODES);
    let mut seed = Seed::new([0; SEED]);
    seed.copy_from_slice(&*enrolment.seed);
    (seed, codes)
}

fn with_code(accounts: &Accounts, code: &str, now: Timestamp) -> Result<SignedIn, Refused> {
    accounts.sign_in(WATCH, &secret(FIRST), Some(code), now)
}

#[test]
fn a_code_is_asked_for_and_good_once() {
    let (folder, accounts) = staffed();
    let (seed, _) = enrol(&accounts);
    assert!(matches!(sign_in(&accounts, FIRST, at(2)), Err(Refused::CodeNeeded)));
    assert!(
        matches!(with_code(&accounts, &code(&seed, at(1)), at(1)), Err(Refused::WrongCode { left: 4 })),
        "used to enrol"
    );
    let present = code(&seed, at(2));
    assert!(matches!(with_code(&accounts, "000000", at(2)), Err(Refused::WrongCode { left: 3 })));
    let signed_in = with_code(&accounts, &present, at(2)).unwrap();
    assert_eq!((signed_in.recovery_codes_left, signed_in.by_recovery_code), (Some(10), false));
    for _ in 0..2 {
        let again = with_code(&open(&folder), &present, at(2));
        assert!(matches!(again, Err(Refused::WrongCode { .. })), "also after a restart");
    }
    assert!(with_code(&accounts, &code(&seed, at(3)), at(3)).is_ok());
    assert!(
        accounts.check(WATCH, &secret(FIRST), at(3)).is_ok(),
        "a locked screen asks for the password alone"
    );
}

#[test]
fn codes_are_asked_for_without_end_but_not_guessed_without_end() {
    let (_folder, accounts) = staffed();
    enrol(&accounts);
    for _ in 0..10 {
        assert!(matches!(sign_in(&accounts, FIRST, at(2)), Err(Refused::CodeNeeded)));
    }
    let wrong_password = accounts.sign_in(WATCH, &secret("Sai rồi nhé 1234"), Some("123456"), at(2));
    assert!(matches!(wrong_password, Err(Refused::Wrong { left: 4 })), "the code was not looked at");
    for left in (1..4).rev() {
        assert!(
            matches!(with_code(&accounts, "12345", at(2)), Err(Refused::WrongCode { left: l }) if l == left)
        );
        assert!(
            matches!(sign_in(&accounts, FIRST, at(2)), Err(Refused::CodeNeeded)),
            "which forgets no wrong try"
        );
    }
    assert!(matches!(with_code(&accounts, "12345", at(2)), Err(Refused::Locked { .. })));
    assert!(matches!(sign_in(&accounts, FIRST, at(2)), Err(Refused::Locked { .. })));
}

#[test]
fn each_recovery_code_lets_in_once() {
    let (folder, accounts) = staffed();
    let (_, codes) = enrol(&accounts);
    for (used, code) in codes.iter().enumerate() {
        let code = code.expose().to_lowercase().replace('-', " ");
        let signed_in = with_code(&open(&folder), &code, at(2)).unwrap();
        assert!(signed_in.by_recovery_code);
        assert_eq!(signed_in.recovery_codes_left, Some(RECOVERY_CODES - 1 - used));
        assert!(matches!(with_code(&open(&folder), &code, at(2)), Err(Refused::WrongCode { .. })));
    }
}

#[test]
fn renewed_recovery_codes_void_those_before() {
    let (_folder, accounts) = staffed();
    let (seed, before) = enrol(&accounts);
    let (change, codes) =
        accounts.renew_recovery_codes(WATCH, &secret(FIRST), &code(&seed, at(2)), at(2)).unwrap();
    assert_eq!(change.what, What::RecoveryCodesRenewed);
    assert!(matches!(with_code(&accounts, before[0].expose(), at(2)), Err(Refused::WrongCode { .. })));
    assert!(with_code(&accounts, codes[0].expose(), at(2)).is_ok());
    let none = accounts.renew_recovery_codes(CHIEF, &secret(CHIEF_PASSWORD), "000000", at(2));
    assert!(matches!(none.err(), Some(Refusal::NotEnrolled)));
}

#[test]
fn the_seed_stays_readable_through_a_change_of_password_which_may_be_shorter_now() {
    let (_folder, accounts) = staffed();
    let (seed, _) = enrol(&accounts);
    let short = "Cổng 7 !";
    accounts.change_password(WATCH, &secret(FIRST), &secret(short), at(2)).unwrap();
    let signed_in = accounts.sign_in(WATCH, &secret(short), Some(&code(&seed, at(3))), at(3)).unwrap();
    assert!(!signed_in.must_change);
    // Too short to stand alone.
    let change = accounts.drop_second_factor(WATCH, &secret(short), &code(&seed, at(4)), at(4)).unwrap();
    assert_eq!(change.what, What::SecondFactorRemoved);
    assert!(accounts.sign_in(WATCH, &secret(short), None, at(4)).unwrap().must_change);
}

#[test]
fn a_required_second_factor_is_not_dropped_but_an_administrator_removes_a_lost_one() {
    let (_folder, accounts) = staffed();
    let (seed, codes) = enrol(&accounts);
    accounts.edit(&name(WATCH), &Edit { second_factor_required: Some(true), ..Edit::default() }).unwrap();
    let refused = accounts.drop_second_factor(WATCH, &secret(FIRST), &code(&seed, at(2)), at(2));
    assert!(matches!(refused, Err(Refusal::Required)));
    assert_eq!(accounts.remove_second_factor(&name(WATCH)).unwrap().what, What::SecondFactorRemoved);
    assert!(matches!(accounts.remove_second_factor(&name(WATCH)), Err(Refusal::NotEnrolled)));
    let signed_in = accounts.sign_in(WATCH, &secret(FIRST), Some(codes[0].expose()), at(3)).unwrap();
    assert!(signed_in.must_enrol && signed_in.must_change);
}

#[test]
fn a_reset_password_takes_the_second_factor_along() {
    let (_folder, accounts) = staffed();
    enrol(&accounts);
    let change = accounts.reset_password(&name(WATCH), &secret("Cổng sau bệnh viện 7 !"), at(2)).unwrap();
    assert_eq!(change.what, What::PasswordReset { second_factor_removed: true, logins_lost: false });
    assert!(sign_in(&accounts, "Cổng sau bệnh viện 7 !", at(2)).is_ok());
}

#[test]
fn who_is_enrolled_or_somebody_else_or_stale_does_not_enrol() {
    let (_folder, accounts) = staffed();
    let stale = sign_in(&accounts, FIRST, at(0)).unwrap().keyhole;
    let chief = accounts.sign_in(CHIEF, &secret(CHIEF_PASSWORD), None, at(0)).unwrap().keyhole;
    let mine = accounts.begin_enrolment(&stale).unwrap();
    let others = accounts.confirm_enrolment(&chief, &mine, &mine.code(at(0)), at(0));
    assert!(matches!(others.err(), Some(Refusal::Stale)));
    accounts.change_password(WATCH, &secret(FIRST), &secret("Cổng sau bệnh viện 7 !"), at(0)).unwrap();
    assert!(matches!(accounts.begin_enrolment(&stale).err(), Some(Refusal::Stale)));
    let late = accounts.confirm_enrolment(&stale, &mine, &mine.code(at(0)), at(0));
    assert!(matches!(late.err(), Some(Refusal::Stale)), "it would be sealed with a key that is gone");

    let enrolment = accounts.begin_enrolment(&chief).unwrap();
    accounts.confirm_enrolment(&chief, &enrolment, &enrolment.code(at(0)), at(0)).unwrap();
    assert!(matches!(accounts.begin_enrolment(&chief).err(), Some(Refusal::Enrolled)));
    let twice = accounts.confirm_enrolment(&chief, &enrolment, &enrolment.code(at(1)), at(1));
    assert!(matches!(twice.err(), Some(Refusal::Enrolled)));
}
