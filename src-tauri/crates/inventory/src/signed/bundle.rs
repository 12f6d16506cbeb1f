//! What is signed: an inventory, and who may do what with it.

use std::collections::HashSet;

use jiff::Timestamp;
use model::{Role, Scope};
use serde::{Deserialize, Serialize};

use crate::inventory::Inventory;
use crate::limits;
use crate::text;

/// The version of the content that is written.
const VERSION: u32 = 1;
/// Accounts in a bundle.
const ACCOUNTS: usize = 10_000;

/// What is signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// Larger than that of every bundle signed before.
    pub serial: u64,
    /// When it was made, by the clock of who signed it. Nothing is decided by it.
    pub made_at: Timestamp,
    /// The inventory.
    pub inventory: Inventory,
    /// Who may do what.
    pub rights: Vec<Right>,
}

/// What an account may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// The account's name; one right for each.
    pub account: String,
    /// As what it works.
    pub role: Role,
    /// For which cameras.
    pub scope: Scope,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    serial: u64,
    made_at: Timestamp,
    inventory: &'a Inventory,
    rights: &'a [Right],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    version: u32,
    serial: u64,
    made_at: Timestamp,
    inventory: Inventory,
    rights: Vec<Right>,
}

impl Bundle {
    /// JSON without blanks, its keys always in this order: the same bundle gives the same bytes.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let Self { serial, made_at, inventory, rights } = self;
        let written = Written { version: VERSION, serial: *serial, made_at: *made_at, inventory, rights };
        serde_json::to_vec(&written).expect("it is plain texts and finite numbers")
    }

    /// Reads canonical bytes; says in English, for support, why others are none.
    pub(super) fn read(payload: &[u8]) -> Result<Self, String> {
        let read: Read = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
        if read.version != VERSION {
            return Err(format!("version {}", read.version));
        }
        let Read { serial, made_at, inventory, rights, .. } = read;
        let bundle = Self { serial, made_at, inventory, rights };
        bundle.check()?;
        // Else two readers might understand the same signed bytes differently: keys written twice, for instance.
        if bundle.canonical() == payload { Ok(bundle) } else { Err("not canonical".to_owned()) }
    }

    /// Whether accounts have sound names, each once.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut accounts = HashSet::new();
        if self.rights.len() > ACCOUNTS {
            return Err(format!("more than {ACCOUNTS} accounts"));
        }
        for Right { account, .. } in &self.rights {
            if account.is_empty() || text::name(account, limits::NAME).as_ref() != Ok(account) {
                return Err("an account's name is not sound".to_owned());
            }
            if !accounts.insert(account) {
                return Err(format!("two rights for {account:?}"));
            }
        }
        Ok(())
    }
}
