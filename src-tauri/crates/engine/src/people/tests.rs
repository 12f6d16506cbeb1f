//! Through the doors that the program uses, with real files.

use inventory::Inventory;
use model::{Action, Fault, Role, Scope, Secret};
use tempfile::TempDir;
use vault::{Keeping, Target};

use super::*;

const PASSWORD: &str = "Mat-Khau-Rat-Dai-2026";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn people(folder: &TempDir) -> People {
    People::open(folder.path(), "may-1", "0").unwrap().0
}

fn inventory() -> Inventory {
    let camera = |id: &str| {
        format!(
            r#"{{"id":"{id}","name":"{id}","profiles":[{{"kind":"main","address":"rtsp://10.0.0.1/{id}","width":1920,"height":1080}}]}}"#
        )
    };
    let site = |id: &str, district: &str| {
        let cameras = format!("{},{}", camera(&format!("{id}/1")), camera(&format!("{id}/2")));
        format!(
            r#"{{"id":"{id}","name":"{id}","district":"{district}","recorders":[{{"id":"{id}/r","name":"r","cameras":[{cameras}]}}]}}"#
        )
    };
    let text =
        format!(r#"{{"version":1,"name":"x","sites":[{},{}]}}"#, site("a", "Huyện A"), site("b", "Huyện B"));
    Inventory::parse(text.as_bytes()).unwrap()
}

fn district(name: &str) -> Scope {
    Scope { districts: [name.to_owned()].into(), ..Scope::default() }
}

/// A folder with an administrator and an operator for district A, who has chosen a password of their own.
fn set_up() -> (TempDir, People) {
    let folder = tempfile::tempdir().unwrap();
    let people = people(&folder);
    people.create_first("quan-tri", "Quản trị", &secret(PASSWORD)).unwrap();
    let scope = district("Huyện A");
    let fields = Fields {
        account: "lan",
        name: "Lan",
        role: Role::Operator,
        scope: &scope,
        second_factor_required: false,
    };
    people.create_account(&fields, &secret(PASSWORD)).unwrap();
    people.sign_in("lan", &secret(PASSWORD), None).unwrap();
    assert_eq!(people.standing(), Standing::PasswordDue);
    assert_eq!(people.allow(Action::ArrangeWalls, None).unwrap_err(), Denied::PasswordDue);
    people.change_password(&secret(PASSWORD), &secret("Mot-Mat-Khau-Khac-7")).unwrap();
    (folder, people)
}

fn log_of(folder: &TempDir) -> String {
    let files = std::fs::read_dir(folder.path().join("audit")).unwrap().flatten();
    let lines = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "jsonl"));
    lines.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect()
}

#[test]
fn the_first_start_makes_an_administrator_who_sees_no_camera() {
    let folder = tempfile::tempdir().unwrap();
    let people = people(&folder);
    assert_eq!(people.standing(), Standing::FirstStart);
    assert!(people.allow(Action::ManageAccounts, None).is_err());
    assert!(people.create_first("quan-tri", "Quản trị", &secret("123456")).is_err());
    people.create_first("quan-tri", "Quản trị", &secret(PASSWORD)).unwrap();
    assert_eq!(people.standing(), Standing::SignedIn);
    assert!(people.may(Action::ManageAccounts) && !people.may(Action::View));
    assert!(people.create_first("ai", "Ai", &secret(PASSWORD)).is_err(), "there is one already");
    let inventory = inventory();
    let (site, _, camera) = inventory.camera(&Id::new("a/1").unwrap()).unwrap();
    assert!(!people.sees(site, camera));
    people.sign_out();
    assert_eq!(people.standing(), Standing::SignedOut);
}

#[test]
fn who_is_locked_out_may_do_nothing_and_goes_on_seeing() {
    let (folder, people) = set_up();
    let inventory = inventory();
    let place = |id: &str| inventory.camera(&Id::new(id).unwrap()).unwrap();
    let ((here, recorder, camera), (there, _, other)) = (place("a/1"), place("b/1"));
    assert!(people.allow(Action::View, Some((here, camera))).is_ok());
    let denied = Denied::NoRight(Action::View);
    assert_eq!(people.allow(Action::View, Some((there, other))).unwrap_err(), denied);
    people.lock();
    assert_eq!(people.standing(), Standing::Locked);
    assert_eq!(people.allow(Action::View, Some((here, camera))).unwrap_err(), Denied::Locked);
    assert!(people.sees(here, camera), "the wall goes on");
    assert!(people.login(here, recorder, camera).is_ok());
    assert!(people.unlock(&secret("sai")).is_err());
    assert_eq!(people.standing(), Standing::Locked);
    people.unlock(&secret("Mot-Mat-Khau-Khac-7")).unwrap();
    assert_eq!(people.standing(), Standing::SignedIn);
    people.end();
    let log = log_of(&folder);
    for kind in ["rights_denied", "locked", "sign_in_failed", "unlocked", "signed_out", "program_ended"] {
        assert!(log.contains(&format!("\"kind\":\"{kind}\"")), "{kind}");
    }
    assert!(audit::verify(&folder.path().join("audit"), &people.anchors()).unwrap().is_sound());
    assert!(!log.contains(PASSWORD) && !log.contains("Mot-Mat-Khau-Khac-7"));
}

#[test]
fn a_second_factor_that_is_asked_for_comes_before_anything_else() {
    let (folder, people) = set_up();
    let own = secret("Mot-Mat-Khau-Khac-7");
    let inventory = inventory();
    let (site, recorder, camera) = inventory.camera(&Id::new("a/1").unwrap()).unwrap();
    assert!(people.sees(site, camera));
    people.sign_in("quan-tri", &secret(PASSWORD), None).unwrap();
    let scope = district("Huyện A");
    let fields = Fields {
        account: "lan",
        name: "Lan",
        role: Role::Operator,
        scope: &scope,
        second_factor_required: true,
    };
    people.change_account(&fields).unwrap();
    people.sign_in("lan", &own, None).unwrap();
    assert_eq!(people.standing(), Standing::SecondFactorDue);
    assert_eq!(people.allow(Action::View, None).unwrap_err(), Denied::SecondFactorDue);
    assert!(people.at_work().is_none() && !people.sees(site, camera), "no picture for a password alone");
    assert_eq!(people.login(site, recorder, camera).map(drop), Err(Barred::NoRight));
    assert!(people.begin_second_factor(&secret("sai")).is_err());
    let (_, seed) = people.begin_second_factor(&own).unwrap();
    assert!(people.confirm_second_factor("000000").is_err());
    assert_eq!(people.standing(), Standing::SecondFactorDue);
    let seed = data_encoding::BASE32_NOPAD.decode(seed.expose().as_bytes()).unwrap();
    let seed: [u8; 20] = seed.try_into().unwrap();
    let code = |seconds: i64| {
        let at = u64::try_from(now().as_second() + seconds).unwrap();
        totp_rs::Builder::new().with_secret(seed).build().unwrap().generate(at).to_string()
    };
    assert_eq!(people.confirm_second_factor(&code(0)).unwrap().len(), vault::RECOVERY_CODES);
    assert_eq!(people.standing(), Standing::SignedIn);
    assert!(people.sees(site, camera));
    let dropped = people.drop_second_factor(&own, &code(30));
    assert!(matches!(dropped, Err(vault::Refusal::Required)), "it is not the person's choice");
    people.end();
    let log = log_of(&folder);
    for part in ["second_factor_required", "\"kind\":\"second_factor_added\""] {
        assert!(log.contains(part), "{part}");
    }
}

#[test]
fn a_refused_login_is_not_given_out_again_where_it_is_that_devices_own() {
    let (_folder, people) = set_up();
    let inventory = inventory();
    let id = |text: &str| Id::new(text).unwrap();
    let login = |camera: &str| {
        let (site, recorder, camera) = inventory.camera(&id(camera)).unwrap();
        people.login(site, recorder, camera).map(|login| login.map(|login| login.user))
    };
    assert_eq!(login("a/1"), Ok(None), "nothing was entered");
    assert_eq!(login("b/1"), Err(Barred::NoRight));
    people.keep_logins(Keeping::PasswordFile).unwrap();
    people.set_login(&Target::Province, "chung", &secret("x"), None).unwrap();
    people.set_login(&Target::Camera(id("a/2")), "rieng", &secret("y"), None).unwrap();
    assert_eq!((login("a/1"), login("a/2")), (Ok(Some("chung".into())), Ok(Some("rieng".into()))));
    people.heard(&id("a/1"), Err(Fault::PasswordRefused));
    people.heard(&id("a/2"), Err(Fault::PasswordRefused));
    assert_eq!(login("a/1"), Ok(Some("chung".into())), "other devices may know it");
    assert_eq!(login("a/2"), Err(Barred::Refused));
    people.set_login(&Target::Camera(id("a/2")), "rieng", &secret("z"), Some(Ok(()))).unwrap();
    assert_eq!(login("a/2"), Ok(Some("rieng".into())));
    people.remove_login(&Target::Camera(id("a/2"))).unwrap();
    assert_eq!(login("a/2"), Ok(Some("chung".into())));
    people.sign_out();
    assert_eq!(login("a/1"), Err(Barred::Nobody));
}

#[test]
fn signed_rights_hold_over_those_of_the_workstation() {
    let (_folder, people) = set_up();
    people.set_rights(vec![("lan".to_owned(), Role::Viewer, district("Huyện B"))]);
    assert!(people.has_right("lan") && !people.may(Action::Move));
    people.sign_out();
    people.sign_in("lan", &secret("Mot-Mat-Khau-Khac-7"), None).unwrap();
    assert_eq!(people.person().unwrap().role, Role::Viewer);
    assert_eq!(people.person().unwrap().scope, district("Huyện B"));
}

#[test]
fn the_simulated_province_has_roles_and_no_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let people = People::demo(folder.path(), "may-1", "0", None).unwrap();
    assert_eq!(people.standing(), Standing::SignedIn);
    assert!(people.may(Action::View) && !people.may(Action::ReadAudit));
    people.play_role(Role::Auditor);
    assert!(!people.may(Action::View) && people.may(Action::ReadAudit));
    people.lock();
    assert_eq!(people.standing(), Standing::SignedIn, "nobody could unlock it");
    assert!(people.list_logins().is_err() && people.accounts().is_err());
}
