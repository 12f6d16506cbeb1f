//! What rules ask for: a function of the rules, of what was noticed, and of when.

use std::collections::BTreeMap;

use jiff::Zoned;
use model::{EventKind, Id};

use super::book::Book;
use super::gather::Noticed;
use super::rule::{Act, Place, Rule};

/// A moment, as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Since 1970.
    pub ms: i64,
    /// Since midnight, by this workstation's clock.
    pub minute: u16,
}

impl Moment {
    /// The moment of a clock on the wall.
    #[must_use]
    pub fn of(now: &Zoned) -> Self {
        let minute = i32::from(now.hour()) * 60 + i32::from(now.minute());
        Self { ms: now.timestamp().as_millisecond(), minute: u16::try_from(minute).unwrap_or(0) }
    }
}

/// One thing that is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// By which rule.
    pub rule: Id,
    /// What people call it.
    pub name: String,
    /// The camera that has noticed it.
    pub camera: Id,
    /// What it has noticed.
    pub kind: EventKind,
    /// What is to happen.
    pub act: Act,
}

/// What is to happen now that this was noticed. `acted` says when each rule acted last at each camera; it is kept up here.
pub fn decide(
    book: &Book,
    acted: &mut BTreeMap<(Id, Id), i64>,
    noticed: &Noticed,
    moment: Moment,
) -> Vec<Reaction> {
    let Some(camera) = noticed.camera.clone().filter(|_| noticed.active) else { return Vec::new() };
    let quiet = book.is_quiet(moment);
    let mut reactions = Vec::new();
    for rule in book.rules().iter().filter(|rule| applies(rule, noticed, moment)) {
        let key = (rule.id.clone(), camera.clone());
        let pause = i64::from(rule.pause) * 1000;
        // A clock that was put back does not silence a rule for longer than its pause.
        if acted.get(&key).is_some_and(|last| (0..pause).contains(&(moment.ms - last))) {
            continue;
        }
        acted.insert(key, moment.ms);
        let acts = rule.then.iter().filter(|act| !(quiet && **act == Act::Sound));
        reactions.extend(acts.map(|act| Reaction {
            rule: rule.id.clone(),
            name: rule.name.clone(),
            camera: camera.clone(),
            kind: noticed.kind,
            act: act.clone(),
        }));
    }
    let known = |(rule, _): &(Id, Id)| book.rules().iter().any(|kept| kept.id == *rule);
    acted.retain(|key, _| known(key));
    reactions
}

fn applies(rule: &Rule, noticed: &Noticed, moment: Moment) -> bool {
    let there = match &rule.at {
        Place::Any => true,
        Place::District(district) => *district == noticed.district,
        Place::Site(site) => *site == noticed.site,
        Place::Camera(camera) => noticed.camera.as_ref() == Some(camera),
    };
    let then = rule.between.is_none_or(|span| span.holds(moment.minute));
    rule.enabled && there && then && rule.on.contains(&noticed.kind)
}
