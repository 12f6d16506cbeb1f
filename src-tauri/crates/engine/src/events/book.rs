//! All rules and quiet hours of a workstation, as they are kept in a file.

use serde::{Deserialize, Serialize};

use super::decide::Moment;
use super::rule::{DaySpan, NotARule, Rule};

/// See the module. Always true: every rule can be obeyed, and no id is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Book {
    rules: Vec<Rule>,
    quiet: Vec<DaySpan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    rules: Vec<Rule>,
    quiet: Vec<DaySpan>,
}

impl TryFrom<Parts> for Book {
    type Error = NotARule;

    fn try_from(Parts { rules, quiet }: Parts) -> Result<Self, NotARule> {
        Self::new(rules, quiet)
    }
}

impl Book {
    /// More rules are not kept.
    pub const MOST: usize = 200;
    /// More quiet hours are not.
    pub const MOST_QUIET: usize = 8;

    /// Rules and quiet hours.
    ///
    /// # Errors
    /// [`NotARule`]
    pub fn new(rules: Vec<Rule>, quiet: Vec<DaySpan>) -> Result<Self, NotARule> {
        if rules.len() > Self::MOST || quiet.len() > Self::MOST_QUIET {
            return Err(NotARule::TooMany);
        }
        rules.iter().try_for_each(Rule::check)?;
        if quiet.iter().any(|span| !span.is_sound()) {
            return Err(NotARule::Between);
        }
        let twice = |(at, rule): (usize, &Rule)| rules[..at].iter().any(|before| before.id == rule.id);
        if rules.iter().enumerate().any(twice) {
            return Err(NotARule::Twice);
        }
        Ok(Self { rules, quiet })
    }

    /// The rules, in people's order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The quiet hours.
    #[must_use]
    pub fn quiet(&self) -> &[DaySpan] {
        &self.quiet
    }

    /// Whether these are quiet hours.
    #[must_use]
    pub fn is_quiet(&self, moment: Moment) -> bool {
        self.quiet.iter().any(|span| span.holds(moment.minute))
    }

    /// What is otherwise than before: which rule, and what of it.
    pub(super) fn changes_since(&self, before: &Self) -> Vec<(String, &'static str)> {
        let mut changes = Vec::new();
        for rule in &self.rules {
            match before.rules.iter().find(|old| old.id == rule.id) {
                None => changes.push((rule.name.clone(), "added")),
                Some(old) if old == rule => {}
                Some(old) if old.enabled == rule.enabled => changes.push((rule.name.clone(), "changed")),
                Some(_) => {
                    changes.push((rule.name.clone(), if rule.enabled { "enabled" } else { "disabled" }));
                }
            }
        }
        let gone = before.rules.iter().filter(|old| self.rules.iter().all(|rule| rule.id != old.id));
        changes.extend(gone.map(|rule| (rule.name.clone(), "removed")));
        if self.quiet != before.quiet {
            changes.push((String::new(), "quiet_hours"));
        }
        changes
    }
}
