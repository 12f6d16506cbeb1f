//! The system's keychain: the Secret Service on Linux, the Credential Manager on Windows, Keychain Services on macOS.
//!
//! Its calls can wait for a person who is asked to unlock it, or for a service that hangs. So each runs on a thread of its
//! own with a deadline, one at a time; whoever waits too long is told so and may ask again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use crate::key::Key;

/// Under which service the keys stand in the keychain.
const SERVICE: &str = "Watchwall";

/// Why the keychain gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainFault {
    /// There is none, or it does not answer as one: nothing to be had on this system by asking again.
    #[error("no keychain")]
    Unavailable,
    /// It is locked, and nobody has unlocked it.
    #[error("the keychain is locked")]
    Locked,
    /// No answer within the deadline: it waits for a person, or hangs.
    #[error("no answer from the keychain")]
    TimedOut,
    /// What stands there under our name is no key of ours.
    #[error("something else stands in the keychain")]
    NotAKey,
}

/// Whether there is a keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It answers.
    Present,
    /// It does not, and why.
    Absent(KeychainFault),
}

/// What a keychain is asked for: one secret an account. May block.
pub(crate) trait Entries: Send + Sync {
    fn load(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainFault>;
    fn store(&self, account: &str, secret: &[u8]) -> Result<(), KeychainFault>;
    /// What is not there is removed.
    fn remove(&self, account: &str) -> Result<(), KeychainFault>;
}

/// The keychain of the system's user. Copies are the same one.
#[derive(Clone)]
pub struct Keychain {
    entries: Arc<dyn Entries>,
    deadline: Duration,
    busy: Arc<AtomicBool>,
}

impl Keychain {
    /// Time for a person to find the keychain's prompt and answer it.
    pub const DEADLINE: Duration = Duration::from_secs(30);

    /// The system's, whose answers are waited for so long.
    #[must_use]
    pub fn of_system(deadline: Duration) -> Self {
        Self::of(Arc::new(System), deadline)
    }

    pub(crate) fn of(entries: Arc<dyn Entries>, deadline: Duration) -> Self {
        Self { entries, deadline, busy: Arc::default() }
    }

    /// Whether it answers; it is asked for what is not there, which prompts nobody. A locked one is present.
    #[must_use]
    pub fn presence(&self) -> Presence {
        match self.within(|entries| entries.load("presence").map(drop)) {
            Ok(()) => Presence::Present,
            Err(fault) => Presence::Absent(fault),
        }
    }

    /// The account's key, if there is one.
    pub(crate) fn load(&self, account: &str) -> Result<Option<Key>, KeychainFault> {
        let account = account.to_owned();
        let secret = self.within(move |entries| entries.load(&account))?;
        secret.map(|secret| Key::from_slice(&secret).ok_or(KeychainFault::NotAKey)).transpose()
    }

    /// Keeps the account's key there, and makes sure that it is found again.
    pub(crate) fn store(&self, account: &str, key: &Key) -> Result<(), KeychainFault> {
        let (name, secret) = (account.to_owned(), Zeroizing::new(key.bytes().to_vec()));
        self.within(move |entries| entries.store(&name, &secret))?;
        let found = self.load(account)?.map(|found| found.fingerprint());
        if found == Some(key.fingerprint()) { Ok(()) } else { Err(KeychainFault::NotAKey) }
    }

    pub(crate) fn remove(&self, account: &str) -> Result<(), KeychainFault> {
        let account = account.to_owned();
        self.within(move |entries| entries.remove(&account))
    }

    /// Calls the keychain on a thread of its own. While a call is late, no other one is made: each would cost a thread
    /// and show one more prompt.
    fn within<R: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Entries) -> Result<R, KeychainFault> + Send + 'static,
    ) -> Result<R, KeychainFault> {
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(KeychainFault::TimedOut);
        }
        let busy = Busy(Arc::clone(&self.busy));
        let entries = Arc::clone(&self.entries);
        let (answer, answers) = sync_channel(1);
        let thread = thread::Builder::new().name("keychain".to_owned()).spawn(move || {
            let outcome = call(&*entries);
            drop(busy);
            // Nobody waits for a late answer.
            let _ = answer.send(outcome);
        });
        // Without a thread there is no keychain either.
        thread.map_err(|_| KeychainFault::Unavailable)?;
        match answers.recv_timeout(self.deadline) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => Err(KeychainFault::TimedOut),
            // It panicked.
            Err(RecvTimeoutError::Disconnected) => Err(KeychainFault::Unavailable),
        }
    }
}

/// A call is under way, until dropped.
struct Busy(Arc<AtomicBool>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Connects for each call: a service that is started later, or again, is found.
struct System;

impl System {
    fn entry(account: &str) -> Result<Entry, KeychainFault> {
        // What people read in their list of passwords; the other systems show the service.
        #[cfg(all(unix, not(target_os = "macos")))]
        let more = Some(HashMap::from([("label", SERVICE)]));
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        let more: Option<HashMap<&str, &str>> = None;
        #[cfg(all(unix, not(target_os = "macos")))]
        let store = zbus_secret_service_keyring_store::Store::new();
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new();
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        store.and_then(|store| store.build(SERVICE, account, more.as_ref())).map_err(|error| fault(&error))
    }
}

impl Entries for System {
    fn load(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainFault> {
        match Self::entry(account)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(fault(&error)),
        }
    }

    fn store(&self, account: &str, secret: &[u8]) -> Result<(), KeychainFault> {
        Self::entry(account)?.set_secret(secret).map_err(|error| fault(&error))
    }

    fn remove(&self, account: &str) -> Result<(), KeychainFault> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(fault(&error)),
        }
    }
}

/// Without its text: some errors carry what was found in the keychain.
fn fault(error: &Error) -> KeychainFault {
    match error {
        Error::NoStorageAccess(_) => KeychainFault::Locked,
        Error::Ambiguous(_) | Error::BadEncoding(_) | Error::BadDataFormat(..) => KeychainFault::NotAKey,
        _ => KeychainFault::Unavailable,
    }
}
