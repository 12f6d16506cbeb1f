//! Whole ways through the room, on real files, with hashes that cost little.

mod damaged;
mod keychain;
mod logins;
mod people;
mod second_factor;
mod secrets;
mod tries;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use model::{Role, Scope, Secret};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::keychain::{Entries, Keychain, KeychainFault};
use crate::password::Cost;
use crate::{Accounts, Name, Newcomer, Refused, SignedIn};

const CHIEF: &str = "chief";
const WATCH: &str = "Trực.Ban";
const CHIEF_PASSWORD: &str = "Trưởng ca số 1 ở đây";
const FIRST: &str = "Đường vào cổng 12 #";

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_010 + 60 * minutes).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn open(folder: &TempDir) -> Accounts {
    let (accounts, problem) = Accounts::with_cost(folder.path(), Cost::TINY);
    assert_eq!(problem, None);
    accounts
}

fn newcomer(name: &str, role: Role) -> Newcomer {
    Newcomer {
        name: name.to_owned(),
        display: "Nguyễn Văn Bình".to_owned(),
        role,
        scope: Scope::everything(),
        password: secret(FIRST),
        second_factor_required: false,
    }
}

/// A folder with an administrator and an operator.
fn staffed() -> (TempDir, Accounts) {
    let folder = tempfile::tempdir().unwrap();
    let accounts = open(&folder);
    let (chief, password) = (CHIEF.to_owned(), secret(CHIEF_PASSWORD));
    accounts.create_first(chief, "Trưởng ca".to_owned(), password, at(0)).unwrap();
    accounts.create(&newcomer(WATCH, Role::Operator), at(0)).unwrap();
    (folder, accounts)
}

fn sign_in(accounts: &Accounts, password: &str, now: Timestamp) -> Result<SignedIn, Refused> {
    accounts.sign_in(WATCH, &secret(password), None, now)
}

/// What a refusal looks like from outside.
fn looks<T>(outcome: Result<T, Refused>) -> String {
    outcome.map(|_| "let in".to_owned()).unwrap_or_else(|refused| format!("{refused:?}"))
}

/// A keychain in memory, which can be told to fail.
#[derive(Default)]
struct Memory {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    fault: Mutex<Option<KeychainFault>>,
}

impl Memory {
    fn keychain(self: &Arc<Self>) -> Keychain {
        Keychain::of(Arc::clone(self) as Arc<dyn Entries>, Keychain::DEADLINE)
    }

    fn fail(&self, fault: Option<KeychainFault>) {
        *self.fault.lock().unwrap() = fault;
    }

    fn sound(&self) -> Result<(), KeychainFault> {
        self.fault.lock().unwrap().map_or(Ok(()), Err)
    }
}

impl Entries for Memory {
    fn load(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainFault> {
        self.sound()?;
        Ok(self.entries.lock().unwrap().get(account).cloned().map(Zeroizing::new))
    }

    fn store(&self, account: &str, secret: &[u8]) -> Result<(), KeychainFault> {
        self.sound()?;
        self.entries.lock().unwrap().insert(account.to_owned(), secret.to_owned());
        Ok(())
    }

    fn remove(&self, account: &str) -> Result<(), KeychainFault> {
        self.sound()?;
        self.entries.lock().unwrap().remove(account);
        Ok(())
    }
}
