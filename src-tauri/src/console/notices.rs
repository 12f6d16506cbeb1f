//! What went wrong, in words for people: what, where, and what to do.

use layouts::Refusal;
use store::{Damage, Problem, SaveError};

use crate::wire::{Level, Notice};
use crate::words::Words;

/// A file that could not be used as it was.
#[must_use]
pub(super) fn problem(problem: &Problem, words: &Words) -> Notice {
    let used =
        |last_good: bool| words.get(if last_good { "file_last_good" } else { "file_fresh" }).to_owned();
    let (key, path, values, last_good) = match problem {
        Problem::Damaged { path, damage, aside, last_good } => {
            let aside = aside.as_ref().unwrap_or(path).display().to_string();
            (
                "file_damaged",
                path,
                vec![("damage", self::damage(damage, words)), ("aside", aside)],
                *last_good,
            )
        }
        Problem::Newer { path, version, last_good } => {
            ("file_newer", path, vec![("version", version.to_string())], *last_good)
        }
        Problem::Unreadable { path, reason, last_good } => {
            ("file_unreadable", path, vec![("reason", reason.to_string())], *last_good)
        }
        Problem::Missing { path } => ("file_missing", path, vec![], true),
    };
    let path = path.display().to_string();
    let mut values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    values.push(("path", &path));
    let detail = format!("{} {}", words.say(&format!("{key}_detail"), &values), used(last_good));
    Notice { level: Level::Warning, title: words.say(key, &values), detail }
}

fn damage(damage: &Damage, words: &Words) -> String {
    match damage {
        Damage::NotAFile => words.get("damage_not_a_file").to_owned(),
        Damage::TooLarge => words.get("damage_too_large").to_owned(),
        Damage::Truncated => words.get("damage_truncated").to_owned(),
        Damage::Syntax { line, column } => {
            words.say("damage_syntax", &[("line", &line.to_string()), ("column", &column.to_string())])
        }
        Damage::Content { detail } => words.say("damage_content", &[("detail", detail)]),
    }
}

/// Something was not saved.
#[must_use]
pub(super) fn not_saved(error: &SaveError, words: &Words) -> Notice {
    let (path, reason) = match error {
        SaveError::System { path, error } => (path, error.to_string()),
        SaveError::TooLarge { path, bytes } => (path, format!("{bytes} B")),
    };
    let values = [("path", path.display().to_string()), ("reason", reason)];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    error_notice("not_saved", &values, words)
}

/// An act that was not done.
#[must_use]
pub(super) fn refusal(refusal: &Refusal, words: &Words) -> Notice {
    let key = match refusal {
        Refusal::NothingToPlace => "refused_nothing",
        Refusal::TooManySlots => "refused_slots",
        Refusal::TooManyWalls => "refused_walls",
        Refusal::TooManyLines => "refused_lines",
        Refusal::DifferentPages(..) => "refused_pages",
        Refusal::NoSuchWall(_) => "refused_wall",
        Refusal::NothingKept => "refused_kept",
        Refusal::NotAName => "refused_name",
        Refusal::TooManyKept => "refused_too_many_kept",
        Refusal::TooManyViews => "refused_too_many_views",
        Refusal::NotATour => "refused_tour",
        _ => "refused",
    };
    error_notice(key, &[("reason", &refusal.to_string())], words)
}

/// The words of `key` and `key_detail`.
#[must_use]
pub(super) fn error_notice(key: &str, values: &[(&str, &str)], words: &Words) -> Notice {
    let detail = words.say(&format!("{key}_detail"), values);
    Notice { level: Level::Error, title: words.say(key, values), detail }
}
