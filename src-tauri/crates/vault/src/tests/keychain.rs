use super::*;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::key::Key;
use crate::{Keeping, Presence, Target};

/// A keychain that answers when it is let.
struct Hung(Mutex<Receiver<()>>);

impl Hung {
    fn new() -> (SyncSender<()>, Arc<Self>) {
        let (let_go, wait) = sync_channel(10);
        (let_go, Arc::new(Self(Mutex::new(wait))))
    }
}

impl Entries for Hung {
    fn load(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainFault> {
        let _ = self.0.lock().unwrap().recv();
        Ok(None)
    }

    fn store(&self, _: &str, _: &[u8]) -> Result<(), KeychainFault> {
        panic!("a fault of the library");
    }

    fn remove(&self, _: &str) -> Result<(), KeychainFault> {
        Ok(())
    }
}

#[test]
fn a_hung_keychain_holds_nobody_up_and_costs_one_thread() {
    let (let_go, hung) = Hung::new();
    let keychain = Keychain::of(hung, Duration::from_millis(20));
    assert_eq!(keychain.presence(), Presence::Absent(KeychainFault::TimedOut));
    // The first call still waits: none is made beside it.
    assert_eq!(keychain.clone().remove("x"), Err(KeychainFault::TimedOut));
    let_go.send(()).unwrap();
    while keychain.remove("x").is_err() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let_go.send(()).unwrap();
    let patient = Keychain::of(Hung::new().1, Duration::from_secs(60));
    assert_eq!(patient.store("x", &Key::random()), Err(KeychainFault::Unavailable), "it panicked");
    assert_eq!(patient.remove("x"), Ok(()), "and can be asked again");
}

#[test]
fn what_else_stands_there_is_no_key() {
    let memory = Arc::new(Memory::default());
    let keychain = memory.keychain();
    keychain.store("a", &Key::random()).unwrap();
    memory.entries.lock().unwrap().insert("b".to_owned(), b"somebody's password".to_vec());
    assert!(keychain.load("a").unwrap().is_some());
    assert_eq!(keychain.load("b").err(), Some(KeychainFault::NotAKey));
    assert!(keychain.load("c").unwrap().is_none());
}

#[cfg(target_os = "linux")]
mod secret_service {
    use super::*;
    use std::env;
    use std::process::{Command, Output};

    /// Which part a child process plays.
    const PART: &str = "VAULT_TEST_PART";

    /// Runs `inside` in a process whose desktop is made of `folder` alone.
    fn run(folder: &TempDir, part: &str, script: &str) -> Output {
        let itself = env::current_exe().unwrap();
        let test = "tests::keychain::secret_service::inside";
        Command::new("dbus-run-session")
            .args(["--", "sh", "-ec", script, "sh"])
            .arg(itself)
            .args(["--exact", test, "--include-ignored", "--nocapture"])
            .env(PART, part)
            .env("HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path().join("data"))
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("VAULT_TEST_FOLDER", folder.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()
            .unwrap()
    }

    fn passed(output: &Output) {
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains("1 passed"), "{text}\n{errors}");
    }

    const UNLOCKED: &str =
        "printf throw-away | gnome-keyring-daemon --unlock --components=secrets >/dev/null; \"$@\"";
    const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null; \"$@\"";

    fn missing() -> Option<&'static str> {
        let found = |program: &str| Command::new(program).arg("--version").output().is_ok();
        ["dbus-run-session", "gnome-keyring-daemon"].into_iter().find(|program| !found(program))
    }

    #[test]
    fn the_logins_key_lives_in_the_desktops_keychain() {
        if let Some(program) = missing() {
            eprintln!(
                "SKIPPED: {program} is missing, the real keychain was not tried (packages dbus, gnome-keyring)"
            );
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        passed(&run(&folder, "keep", UNLOCKED));
        passed(&run(&folder, "find", UNLOCKED));
        passed(&run(&folder, "locked", LOCKED));
    }

    #[test]
    fn without_a_desktop_there_is_no_keychain() {
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "tests::keychain::secret_service::inside", "--include-ignored", "--nocapture"])
            .env(PART, "absent")
            .env("HOME", folder.path())
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("VAULT_TEST_FOLDER", folder.path())
            .env_remove("DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()
            .unwrap();
        passed(&child);
    }

    /// What the child processes do: nothing by itself.
    #[test]
    #[ignore = "plays a part in the tests above"]
    fn inside() {
        let Ok(part) = env::var(PART) else { return };
        let folder = std::path::PathBuf::from(env::var_os("VAULT_TEST_FOLDER").unwrap()).join("vault");
        let accounts = Accounts::with_cost(&folder, Cost::TINY).0;
        let keychain = Keychain::of_system(Keychain::DEADLINE);
        let keyhole = || accounts.sign_in("me", &secret(FIRST), None, at(0)).unwrap().keyhole;
        match part.as_str() {
            "keep" => {
                assert_eq!(keychain.presence(), Presence::Present);
                accounts.create_first("me".to_owned(), "Me".to_owned(), secret(FIRST), at(0)).unwrap();
                keyhole().choose(Keeping::Keychain, &keychain).unwrap();
                keyhole().open(&keychain).unwrap().set(Target::Province, "p", &secret("1")).unwrap();
                keychain.store("other", &Key::random()).unwrap();
                keychain.remove("other").unwrap();
                keychain.remove("other").unwrap();
                assert!(keychain.load("other").unwrap().is_none());
            }
            "find" => {
                let logins = keyhole().open(&keychain).unwrap();
                let (_, login) = logins.resolve(&model::Id::new("s").unwrap(), None, None).unwrap().unwrap();
                assert_eq!((login.user.as_str(), login.password.expose()), ("p", "1"));
            }
            "locked" => {
                assert_eq!(keychain.presence(), Presence::Present, "asking for nothing unlocks nothing");
                let short = Keychain::of_system(Duration::from_secs(5));
                let fault = keyhole().open(&short).err();
                let Some(crate::KeyFault::Keychain(fault)) = fault else { panic!("{fault:?}") };
                assert!(matches!(fault, KeychainFault::Locked | KeychainFault::TimedOut), "{fault:?}");
                eprintln!("a locked keychain without anybody to unlock it: {fault:?}");
            }
            "absent" => {
                assert_eq!(keychain.presence(), Presence::Absent(KeychainFault::Unavailable));
                accounts.create_first("me".to_owned(), "Me".to_owned(), secret(FIRST), at(0)).unwrap();
                let refused = keyhole().choose(Keeping::Keychain, &keychain).err();
                assert!(matches!(refused, Some(crate::KeyFault::Keychain(KeychainFault::Unavailable))));
                assert_eq!(keyhole().keeping().unwrap(), Keeping::NotChosen);
                keyhole().choose(Keeping::PasswordFile, &keychain).unwrap();
                assert!(keyhole().open(&keychain).is_ok());
            }
            other => panic!("{other}"),
        }
    }
}
