//! Which logins devices have refused.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use model::Credentials;
use parking_lot::Mutex;

use super::Origin;

/// Realms that a login may be refused in before it is sent to no further one: a device that has a realm for each of its
/// services (ONVIF users apart from others) has two or three, one that only collects answers has any number.
const MOST_REALMS: usize = 3;

/// What every client of the program remembers together: which device has refused which login. Recorders lock an account or
/// an address after about 5 refusals, so a refused login is not sent again until it changes, or until a person wants
/// it ([`Refusals::forget`]). Logins are kept as keyed hashes only.
#[derive(Clone, Default)]
pub struct Refusals(Arc<Mutex<HashMap<Device, Arc<Memory>>>>);

/// Host and port.
type Device = (String, u16);

impl Refusals {
    /// A person says that it shall be tried again: it has been corrected at the device.
    pub fn forget(&self, origin: &Origin) {
        self.0.lock().remove(&(origin.host().to_owned(), origin.port()));
    }

    pub(super) fn of(&self, origin: &Origin) -> Arc<Memory> {
        let device = (origin.host().to_owned(), origin.port());
        Arc::clone(self.0.lock().entry(device).or_default())
    }
}

/// What is remembered of one device.
#[derive(Default)]
pub(super) struct Memory {
    hasher: RandomState,
    refused: Mutex<Vec<Refused>>,
    /// Held by whoever sends a login of which it is not known yet whether it is right.
    pub(super) trial: tokio::sync::Mutex<()>,
}

#[derive(PartialEq)]
struct Refused {
    login: u64,
    realm: u64,
}

impl Memory {
    pub(super) fn note(&self, login: &Credentials, realm: &str) {
        let entry = self.entry(login, realm);
        let mut refused = self.refused.lock();
        if !refused.contains(&entry) {
            refused.push(entry);
        }
    }

    pub(super) fn knows(&self, login: &Credentials, realm: &str) -> bool {
        let entry = self.entry(login, realm);
        let refused = self.refused.lock();
        refused.contains(&entry)
            || refused.iter().filter(|other| other.login == entry.login).count() >= MOST_REALMS
    }

    fn entry(&self, login: &Credentials, realm: &str) -> Refused {
        let password = login.password.expose();
        Refused { login: self.hasher.hash_one((&login.user, password)), realm: self.hasher.hash_one(realm) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(password: &str) -> Credentials {
        Credentials { user: "xem".to_owned(), password: model::Secret::new(password.to_owned()) }
    }

    #[test]
    fn a_refusal_holds_for_that_login_on_that_device_in_that_realm() {
        let (refusals, here) = (Refusals::default(), Origin::parse("http://10.1.2.3").unwrap());
        refusals.of(&here).note(&login("sai"), "iPolis");
        let memory = refusals.clone().of(&here);
        assert!(memory.knows(&login("sai"), "iPolis"));
        assert!(!memory.knows(&login("sai"), "ONVIF"));
        assert!(!memory.knows(&login("đúng"), "iPolis"));
        assert!(!refusals.of(&Origin::parse("http://10.1.2.4").unwrap()).knows(&login("sai"), "iPolis"));
        refusals.forget(&here);
        assert!(!refusals.of(&here).knows(&login("sai"), "iPolis"));
    }

    #[test]
    fn a_device_with_ever_new_realms_collects_three_answers() {
        let memory = Memory::default();
        for realm in ["1", "2", "3"] {
            assert!(!memory.knows(&login("x"), realm));
            memory.note(&login("x"), realm);
            memory.note(&login("x"), realm);
        }
        assert!(memory.knows(&login("x"), "4"));
        assert!(!memory.knows(&login("y"), "4"));
    }
}
