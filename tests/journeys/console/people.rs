//! A workstation from its first start to its auditor, with accounts, a keychain and devices that ask for logins. What
//! people do is done in the page, with keyboard and pointer; what must be refused is asked for past it as well.

mod camera_list;
mod keychain;
mod telephone;

use province::list;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use serde_json::{Value, json};

use crate::desktop::hands::{CONTROL, ENTER, ESCAPE};
use crate::desktop::process::{exists, family};
use crate::desktop::program::Program;
use crate::desktop::{Desktop, until_true};
use crate::support::words;
use camera_list::camera_list;
use keychain::Keychain;

const FIRST: &str = "Canary-Mot-Hai-2026!";
const OPERATOR: &str = "Canary-Ba-Bon-2026?";
const CHANGED: &str = "Canary-Doi-Roi-2026#";
const AUDITOR: &str = "Canary-Soat-Lai-2026%";

/// Words of the page.
fn w(key: &str) -> String {
    words("vi", key)
}

fn state(program: &Program<'_>) -> Value {
    program.invoke("session", &json!({})).expect("a session")["state"].clone()
}

fn until_state(program: &Program<'_>, wanted: &str) {
    until_true(wanted, || state(program) == wanted);
}

fn is_refused(program: &Program<'_>, command: &str, values: &Value) {
    assert!(program.invoke(command, values).is_err(), "{command} must be refused");
}

/// From the first start to a scoped operator who watches, is locked out and hands over; the auditor finds each step, and
/// no secret is anywhere.
#[test]
fn a_workstation_is_set_up_worked_at_and_audited() {
    let desktop = Desktop::new();
    let Some(keychain) = Keychain::start(&desktop) else {
        return eprintln!("SKIPPED: dbus-daemon or gnome-keyring-daemon is missing");
    };
    // As generous with memory pictures as a system can be: what is not there then is not made.
    let most = getrlimit(Resource::Core).maximum;
    setrlimit(Resource::Core, Rlimit { current: most, maximum: most }).expect("a limit up to the largest");
    // The devices' login is entered by hand here.
    std::fs::remove_file(desktop.folder.file("login")).expect("a file");
    let cache = desktop.folder.file("cache").display().to_string();
    let environment = [("DBUS_SESSION_BUS_ADDRESS", keychain.address.as_str()), ("XDG_CACHE_HOME", &cache)];
    let program = Program::start_real(&desktop, &environment);
    desktop.screen.activate(program.window());

    first_administrator(&program);
    inventory(&desktop, &program);
    accounts(&desktop, &program);
    operator_comes(&program);
    operator_enters_a_login(&desktop, &program);
    let cameras = operator_watches(&desktop, &program);
    locked_and_unlocked(&desktop, &program, cameras);
    let seed = auditor_takes_over(&desktop, &program);
    auditor_finds_each_step(&desktop, &program);
    no_secret_is_left(&desktop, &program, &[FIRST, OPERATOR, CHANGED, AUDITOR, province::PASSWORD, &seed]);
}

fn first_administrator(program: &Program<'_>) {
    program.until_said("h1", &w("page_first_title"));
    is_refused(program, "load", &json!({}));
    let weak = json!({ "account": "quan-tri", "name": "Quản trị", "password": "123456" });
    is_refused(program, "create_first_account", &weak);
    program.fill("[name=account]", "quan-tri");
    program.fill("[name=name]", "Quan tri");
    program.fill("[name=password]", "123456");
    assert_eq!(program.run("return document.querySelector('[type=submit]').disabled"), true);
    program.fill("[name=password]", FIRST);
    program.fill("[name=repeat]", FIRST);
    program.send(&w("page_first_create"));
    program.until_said("h1", &w("page_work_accounts"));
    assert_eq!(state(program), "signed_in");
}

/// Three broken rows: each is said, nothing is taken over. Then the same list without them.
fn inventory(desktop: &Desktop, program: &Program<'_>) {
    program.go(4);
    program.choose_file("camera.csv", &camera_list(desktop, true));
    program.until_said(".import-blocked", "");
    let rows =
        program.run("return [...document.querySelectorAll('.row-errors td.number')].map(e => e.textContent)");
    assert_eq!(rows, json!(["7", "19", "30"]));
    let counts = |program: &Program<'_>| {
        program.invoke("stock_state", &json!({})).expect("the inventory")["counts"]["cameras"].clone()
    };
    is_refused(program, "apply_import", &json!({ "token": 0 }));
    is_refused(program, "apply_import", &json!({ "token": 1 }));
    assert_eq!(counts(program), 0);
    program.choose_file("camera.csv", &camera_list(desktop, false));
    program.until_said(".change-table td", "373");
    program.click(&w("page_import_take_over"));
    until_true("373 cameras", || counts(program) == 373);
}

/// An operator for one district, and an auditor who needs a second factor.
fn accounts(desktop: &Desktop, program: &Program<'_>) {
    let list = list();
    program.go(5);
    program.click(&w("page_accounts_new"));
    program.fill("[role=dialog] [name=name]", "Truc ban");
    program.fill("[role=dialog] [name=account]", "truc-ban");
    program.fill("[role=dialog] [name=password]", OPERATOR);
    desktop.screen.click(program.find("label.option", &w("page_scope_some")));
    desktop.screen.click(program.find(".scope-row", &list.sites[0].district));
    program.send(&w("page_accounts_create"));
    program.until_said(".table tbody tr", "truc-ban");

    program.click(&w("page_accounts_new"));
    program.fill("[role=dialog] [name=name]", "Kiem tra");
    program.fill("[role=dialog] [name=account]", "kiem-tra");
    program.fill("[role=dialog] [name=password]", OPERATOR);
    desktop.screen.click(program.find("label.option", &w("page_role_auditor")));
    desktop.screen.click(program.find("label.check", &w("page_second_require")));
    program.send(&w("page_accounts_create"));
    program.until_said(".table tbody tr", "kiem-tra");
    program.choose_for_person(&w("page_sign_out"));
    until_state(program, "signed_out");
}

/// A wrong password first; then the first one, which has to be replaced before anything else.
fn operator_comes(program: &Program<'_>) {
    program.fill("[name=account]", "truc-ban");
    program.fill("[name=password]", "sai");
    program.send(&w("page_sign_in"));
    program.until_said("[role=alert]", "");
    program.fill("[name=password]", OPERATOR);
    program.send(&w("page_sign_in"));
    program.until_said("h1", &w("page_due_title"));
    for command in ["load", "saved", "board", "accounts"] {
        is_refused(program, command, &json!({}));
    }
    change_first_password(program, CHANGED);
    until_state(program, "signed_in");
    program.until_page();
    let console = program.invoke("load", &json!({})).expect("a console");
    let districts: Vec<_> =
        console["districts"].as_array().expect("districts").iter().map(|d| d["name"].clone()).collect();
    assert_eq!(districts, [json!(list().sites[0].district)]);
}

fn change_first_password(program: &Program<'_>, own: &str) {
    program.fill("[name=old]", OPERATOR);
    program.fill("[name=password]", own);
    program.fill("[name=repeat]", own);
    program.send(&w("page_due_action"));
}

/// A login that the devices refuse, then one that they accept. Where there is a keychain nobody has to choose it.
fn operator_enters_a_login(desktop: &Desktop, program: &Program<'_>) {
    program.go(7);
    program.until_said(".keeping", &w("page_keeping_keychain"));
    program.click(&w("page_login_add_short"));
    program.fill("[role=dialog] [name=user]", province::USER);
    program.fill("[role=dialog] [name=password]", "sai");
    program.send(&w("page_login_save"));
    program.until_said("[role=alert]", &w("page_login_refused"));
    program.fill("[role=dialog] [name=password]", province::PASSWORD);
    program.send(&w("page_login_save"));
    program.until_said("[role=status]", &w("page_login_accepted"));
    desktop.screen.press(ESCAPE);
    program.until_said(".login[data-tested=accepted]", province::USER);
}

/// Cameras of the district move; one of another district cannot be shown.
fn operator_watches(desktop: &Desktop, program: &Program<'_>) -> usize {
    const PLAIN: &str = "return arguments[0].normalize('NFD').replace(/[\\u0300-\\u036f]/g, '')
        .replaceAll('đ', 'd').replaceAll('Đ', 'D').toLowerCase();";
    let list = list();
    let site = &list.sites[0];
    program.go(1);
    let plain = program.run_with(PLAIN, &json!([site.name]));
    program.search(plain.as_str().expect("a name"));
    program.find("#results [role=option]", &site.name);
    desktop.screen.press(ENTER);
    let cameras = list.cameras.iter().filter(|camera| camera.site == 0).count();
    program.until_live(cameras);
    let other = list.sites.iter().find(|other| other.district != site.district).expect("another district");
    let subject = json!({ "kind": "site", "id": other.id });
    let place = json!({ "wall": 0, "act": { "kind": "place", "at": 0, "subject": subject } });
    is_refused(program, "act", &place);
    cameras
}

/// Locked: the wall goes on, controls don't.
fn locked_and_unlocked(desktop: &Desktop, program: &Program<'_>, cameras: usize) {
    desktop.screen.press(ESCAPE);
    desktop.screen.press(ESCAPE);
    desktop.screen.press_with(&[CONTROL], b'l'.into());
    program.until_said(".lock-panel", "");
    assert_eq!(state(program), "locked");
    is_refused(program, "act", &json!({ "wall": 0, "act": { "kind": "empty" } }));
    is_refused(
        program,
        "set_login",
        &json!({ "target": { "kind": "province" }, "user": "x", "password": "y" }),
    );
    program.until_live(cameras);
    program.fill(".lock-panel [name=password]", "sai");
    program.send(&w("page_unlock"));
    program.until_said(".lock-panel [role=alert]", "");
    program.fill(".lock-panel [name=password]", CHANGED);
    program.send(&w("page_unlock"));
    until_state(program, "signed_in");
}

/// The auditor takes over, chooses a password and adds the second factor that is asked for; nothing else is to be had
/// before, and the wall goes dark for somebody who may see nothing. Gives the telephone's seed.
fn auditor_takes_over(desktop: &Desktop, program: &Program<'_>) -> String {
    program.choose_for_person(&w("page_hand_over_menu"));
    program.fill("[role=dialog] [name=account]", "kiem-tra");
    program.fill("[role=dialog] [name=password]", OPERATOR);
    program.send(&w("page_take_over"));
    program.until_said("h1", &w("page_due_title"));
    until_true("nobody watches", || desktop.viewers() == 0);
    change_first_password(program, AUDITOR);
    program.until_said("h1", &w("page_second_due_title"));
    let filter =
        json!({ "from": null, "until": null, "account": null, "kinds": [], "subject": null, "text": null });
    is_refused(program, "records", &json!({ "filter": filter, "before": null }));
    is_refused(program, "load", &json!({}));
    program.fill("[name=password]", AUDITOR);
    program.send(&w("page_continue"));
    program.until_said(".typed-code", "");
    let seed = program.run("return document.querySelector('.typed-code').textContent");
    let seed = seed.as_str().expect("a seed").to_owned();
    program.fill("[name=code]", &telephone::code(&seed));
    program.send(&w("page_second_confirm"));
    program.until_said(".recovery li", "");
    program.click(&w("page_recovery_kept"));
    program.until_said("h1", &w("page_work_records"));
    seed.split_whitespace().collect()
}

fn auditor_finds_each_step(desktop: &Desktop, program: &Program<'_>) {
    program.until_said(".records .record-kind", "");
    let log: String = std::fs::read_dir(desktop.data("audit"))
        .expect("the log")
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "jsonl"))
        .map(|file| std::fs::read_to_string(file.path()).expect("a file of it"))
        .collect();
    for kind in [
        "program_started",
        "account_created",
        "inventory_imported",
        "sign_in_failed",
        "signed_in",
        "password_changed",
        "second_factor_added",
        "credential_set",
        "watch_began",
        "locked",
        "unlocked",
        "handed_over",
        "watch_ended",
        "audit_read",
    ] {
        assert!(log.contains(&format!("\"kind\":\"{kind}\"")), "{kind} is in the log");
    }
    let verdict = program.invoke("verify_records", &json!({})).expect("a verdict");
    assert_eq!(verdict["sound"], true, "{verdict}");
}

/// In no argument and no environment; and, once program and web view have been made to crash, in no file: the program's,
/// the web view's storage and caches, what both have said, and no picture of their memory.
fn no_secret_is_left(desktop: &Desktop, program: &Program<'_>, secrets: &[&str]) {
    let family = family(program.id);
    assert!(family.len() > 1, "the web view's process is among them");
    for id in &family {
        for name in ["cmdline", "environ"] {
            let text = std::fs::read(format!("/proc/{id}/{name}")).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{name}");
        }
        let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).expect("the process");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        let most = core.split_whitespace().nth(4).and_then(|most| most.parse::<u64>().ok());
        assert!(most.is_some_and(|most| most <= 1), "{core}");
    }
    for id in &family {
        let _ = Pid::from_raw(*id as i32).map(|id| kill_process(id, Signal::ABORT));
    }
    until_true("the crash", || family.iter().all(|id| !exists(*id)));
    let found = desktop.folder.files_holding(secrets);
    assert!(found.is_empty(), "{found:?}");
}
