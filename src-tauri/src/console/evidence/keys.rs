//! Who signs packages here, and whose signatures are known.

use audit::{Event, Fingerprint};
use evidence::{PublicKey, Signer as _, SigningKey};
use model::Action;

use super::kept::{KnownKey, Policy};
use crate::console::logins::{key_fault, set_fault};
use crate::console::{Console, notices};
use crate::wire::Notice;
use crate::wire::evidence::{EvidenceKey, EvidencePolicy};

/// More than any province has people who take footage out.
const MOST_KEYS: usize = 1000;

impl Console {
    /// How packages are made and judged here.
    ///
    /// # Errors
    /// In words: the person neither takes anything out nor checks it; here and below.
    pub fn evidence_policy(&self) -> Result<EvidencePolicy, Notice> {
        self.allow_evidence()?;
        let policy = self.exports.policy.lock();
        let key = |known: &KnownKey| EvidenceKey {
            key: known.key.to_string(),
            fingerprint: known.key.fingerprint().to_string(),
            owner: known.owner.clone(),
            enrolled: known.enrolled,
        };
        Ok(EvidencePolicy { four_eyes: policy.four_eyes, keys: policy.keys.iter().map(key).collect() })
    }

    /// Whether a second person has to release what is taken out.
    pub(super) fn asks_four_eyes(&self) -> bool {
        self.exports.policy.lock().four_eyes
    }

    /// From now on a second person releases what is taken out, or no longer.
    ///
    /// # Errors
    /// The person may not manage settings; it cannot be saved.
    pub fn set_four_eyes(&self, four_eyes: bool) -> Result<(), Notice> {
        self.allow(Action::ManageSettings, None)?;
        let before = self.asks_four_eyes();
        self.change_policy(|policy| policy.four_eyes = four_eyes)?;
        if before != four_eyes {
            self.people.note(Event::SettingsChanged {
                what: "four_eyes".into(),
                before: before.to_string().as_str().into(),
                after: four_eyes.to_string().as_str().into(),
            });
        }
        self.tell_exports();
        Ok(())
    }

    /// What this key has signed counts as genuine from now on, or no longer.
    ///
    /// # Errors
    /// As above; it is no key.
    pub fn enrol_evidence_key(&self, key: &str, owner: &str, enrolled: bool) -> Result<(), Notice> {
        self.allow(Action::ManageSettings, None)?;
        let parsed = PublicKey::parse(key.trim());
        let key = parsed.map_err(|_| notices::error_notice("not_an_evidence_key", &[], &self.words()))?;
        let owner: String = owner.trim().chars().filter(|letter| !letter.is_control()).take(100).collect();
        self.change_policy(|policy| {
            if let Some(known) = policy.keys.iter_mut().find(|known| known.key == key) {
                known.enrolled = enrolled;
            } else if policy.keys.len() < MOST_KEYS {
                let (key, account) = (key.clone(), String::new());
                policy.keys.push(KnownKey { key, account, owner, enrolled });
            }
        })?;
        let (name, sha256) = (key.fingerprint().to_string(), Fingerprint::of(key.to_string().as_bytes()));
        let key = name.as_str().into();
        self.people.note(if enrolled {
            Event::KeyEnrolled { key, sha256 }
        } else {
            Event::KeyRevoked { key, sha256 }
        });
        Ok(())
    }

    /// The key that whoever works here signs with; the first time, it is made.
    pub(in crate::console) fn evidence_key(&self) -> Result<SigningKey, Notice> {
        let words = self.words();
        let unusable = |reason: String| notices::error_notice("not_signed", &[("reason", &reason)], &words);
        let kept = self.kept_key()?;
        let known = kept.and_then(|secret| SigningKey::from_secret(&secret).ok());
        let key = match known {
            Some(key) => key,
            None => {
                let key = SigningKey::generate().map_err(|error| unusable(error.to_string()))?;
                if self.people.is_demo() {
                    *self.exports.demo_key.lock() = Some(key.secret());
                } else {
                    self.people.keep_signing_key(&key.secret()).map_err(|fault| set_fault(&fault, &words))?;
                }
                key
            }
        };
        let (public, author) = (key.public(), self.author());
        let (account, owner) = (author.account.clone(), crate::console::incidents::shown(&author));
        // In the simulated province nobody is there to vouch for it.
        let enrolled = self.people.is_demo();
        if !self.exports.policy.lock().keys.iter().any(|known| known.key == public) {
            self.change_policy(|policy| {
                policy.keys.push(KnownKey { key: public, account, owner, enrolled });
            })?;
        }
        Ok(key)
    }

    /// What people compare of the key of whoever works here, if there is one already.
    pub(super) fn own_fingerprint(&self) -> Option<String> {
        if !self.people.may(Action::Export) {
            return None;
        }
        // Without waiting for a keychain: the page asks for this twice a second while something runs.
        let own = self.author().account;
        let policy = self.exports.policy.lock();
        let known = policy.keys.iter().rev().find(|known| known.account == own);
        known.map(|known| known.key.fingerprint().to_string())
    }

    fn kept_key(&self) -> Result<Option<model::Secret>, Notice> {
        if self.people.is_demo() {
            return Ok(self.exports.demo_key.lock().clone());
        }
        self.people.signing_key().map_err(|fault| key_fault(&fault, &self.words()))
    }

    fn change_policy(&self, change: impl FnOnce(&mut Policy)) -> Result<(), Notice> {
        let words = self.words();
        let mut policy = self.exports.policy.lock();
        let mut changed = policy.clone();
        change(&mut changed);
        self.exports.policy_file.save(&changed).map_err(|error| notices::not_saved(&error, &words))?;
        *policy = changed;
        Ok(())
    }
}
