//! One camera's helm: who steers it, and who is to have it next. Pure data and pure functions; the server keeps it as
//! one value, changed by compare-and-set only.

use std::cmp::Ordering;

use model::Id;
use serde::{Deserialize, Serialize};

use crate::ledger::MAX_NAME;

/// The version of the format. Anything that an older client would not keep makes a new one.
const VERSION: u32 = 1;
/// Two names and some numbers.
const MAX_BYTES: usize = 4096;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Helm {
    /// Who steers.
    pub(crate) holder: Option<Hand>,
    /// Who goes before the holder and waits for it to let go.
    pub(crate) next: Option<Hand>,
}

/// A client that steers, or wants to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hand {
    /// A name that no other running client has.
    pub(crate) client: Id,
    /// Person and workstation, as people know them.
    pub(crate) name: String,
    /// The workstation's; higher goes first.
    pub(crate) rank: u8,
    /// The person's role among equals of rank; higher goes first.
    pub(crate) role: u8,
}

impl Hand {
    /// Whether it may take the helm from `other`. Among equals nobody may: who has it keeps it.
    pub(crate) fn goes_before(&self, other: &Self) -> bool {
        (self.rank, self.role) > (other.rank, other.role)
    }

    /// The least role by which somebody at a workstation of `rank` goes before this one.
    pub(crate) fn least_role(&self, rank: u8) -> Option<u8> {
        match rank.cmp(&self.rank) {
            Ordering::Greater => Some(0),
            Ordering::Equal => self.role.checked_add(1),
            Ordering::Less => None,
        }
    }
}

/// What a client wants of a helm.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// Nothing, or nothing any more.
    Nothing,
    /// It, if it is free.
    IfFree(&'a Hand),
    /// It, also from whom this hand goes before; `now`: who was asked to let go has not, for too long.
    Taken { hand: &'a Hand, now: bool },
}

impl Helm {
    /// The helm after `client` has entered what it wants, and everything that follows from it: the dead are forgotten,
    /// and a free helm is given to whoever was promised it.
    pub(crate) fn after(&self, client: &Id, wanted: Wanted<'_>, dead: impl Fn(&Id) -> bool) -> Self {
        let living = |hand: &Option<Hand>| hand.clone().filter(|hand| !dead(&hand.client));
        let mine = |hand: &Option<Hand>| hand.as_ref().is_some_and(|hand| hand.client == *client);
        let mut helm = Self { holder: living(&self.holder), next: living(&self.next) };
        match wanted {
            Wanted::Nothing => {
                helm.holder.take_if(|hand| hand.client == *client);
                helm.next.take_if(|hand| hand.client == *client);
            }
            Wanted::IfFree(hand) => {
                helm.next.take_if(|hand| hand.client == *client);
                if mine(&helm.holder) {
                    helm.holder = Some(hand.clone());
                }
            }
            Wanted::Taken { hand, now } => match &helm.holder {
                Some(holder) if holder.client == *client => helm.holder = Some(hand.clone()),
                Some(holder) if hand.goes_before(holder) => {
                    let ahead =
                        helm.next.as_ref().is_none_or(|next| mine(&helm.next) || hand.goes_before(next));
                    if ahead && now && mine(&helm.next) {
                        helm = Self { holder: Some(hand.clone()), next: None };
                    } else if ahead {
                        helm.next = Some(hand.clone());
                    }
                }
                _ => drop(helm.next.take_if(|hand| hand.client == *client)),
            },
        }
        if helm.holder.is_none() {
            let claimed = match wanted {
                Wanted::Nothing => None,
                Wanted::IfFree(hand) | Wanted::Taken { hand, .. } => Some(hand),
            };
            helm.holder = helm.next.take().or_else(|| claimed.cloned());
        }
        helm
    }

    /// All that it speaks of.
    pub(crate) fn clients(&self) -> impl Iterator<Item = &Id> {
        self.holder.iter().chain(&self.next).map(|hand| &hand.client)
    }
}

/// Why bytes are no helm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Of a later version: not to be touched.
    Newer,
    /// Nothing that a client has written.
    Damaged,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    holder: Option<Hand>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<Hand>,
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// Reads the server's bytes as if a stranger had written them.
///
/// # Errors
/// See [`Unreadable`].
pub(crate) fn parse(bytes: &[u8]) -> Result<Helm, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::Damaged);
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    if head.version > VERSION {
        return Err(Unreadable::Newer);
    }
    let file: File = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    let sound = |hand: &Hand| hand.name.len() <= MAX_NAME && !hand.name.chars().any(char::is_control);
    let ordered = match (&file.holder, &file.next) {
        (None, Some(_)) => false,
        (Some(holder), Some(next)) => holder.client != next.client,
        _ => true,
    };
    if file.version == VERSION && ordered && file.holder.iter().chain(&file.next).all(sound) {
        Ok(Helm { holder: file.holder, next: file.next })
    } else {
        Err(Unreadable::Damaged)
    }
}

/// Writes it.
pub(crate) fn encode(helm: &Helm) -> Vec<u8> {
    let file = File { version: VERSION, holder: helm.holder.clone(), next: helm.next.clone() };
    // Texts and small numbers only.
    serde_json::to_vec(&file).unwrap_or_default()
}
