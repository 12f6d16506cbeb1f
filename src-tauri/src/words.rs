//! Everything that people read, in Vietnamese and English, from the message files that the page shares.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use model::Fault;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

const VIETNAMESE: &str = include_str!("../../ui/messages/vi.json");
const ENGLISH: &str = include_str!("../../ui/messages/en.json");

/// The languages of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    #[serde(rename = "vi")]
    Vietnamese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// `vi`, `en`, and what environments make of them (`vi_VN.UTF-8`).
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "vi" => Some(Self::Vietnamese),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

/// The messages of one language.
pub struct Words {
    language: Language,
    messages: HashMap<String, String>,
}

impl Words {
    /// Reads the message file of `language`.
    ///
    /// # Panics
    /// If a message file of the program itself is broken, which the tests rule out.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let text = match language {
            Language::Vietnamese => VIETNAMESE,
            Language::English => ENGLISH,
        };
        Self {
            language,
            messages: serde_json::from_str(text).expect("the message files are checked by the tests"),
        }
    }

    /// The message `key`. A key that does not exist is shown itself, so that nothing is ever blank.
    #[must_use]
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.messages.get(key).map_or(key, String::as_str)
    }

    /// The message `key` with each `{name}` replaced by its value.
    #[must_use]
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = Cow::Borrowed(self.get(key));
        for (name, value) in values {
            text = Cow::Owned(text.replace(&format!("{{{name}}}"), value));
        }
        text.into_owned()
    }

    /// What has gone wrong, and what to do, with what the device itself said of it.
    #[must_use]
    pub fn fault(&self, fault: &Fault) -> (String, String) {
        let code = fault.code();
        let hint = self.say(&format!("fault_{code}_detail"), &[("detail", &specifics(fault))]);
        (self.get(&format!("fault_{code}")).to_owned(), hint)
    }

    /// A sentence of a verdict on evidence, with this language's decimal mark.
    #[must_use]
    pub fn sentence(&self, sentence: &evidence::Sentence) -> String {
        let values: Vec<(&str, String)> = sentence.shown(self.language == Language::Vietnamese).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say(sentence.key, &values)
    }

    /// The message `key` with its `{reason}`.
    #[must_use]
    pub fn because(&self, key: &str, reason: impl std::fmt::Display) -> String {
        self.say(key, &[("reason", &reason.to_string())])
    }

    /// A duration in its largest whole unit: `7 giây`, `3 phút`, `2 giờ`.
    #[must_use]
    pub fn age(&self, age: Duration) -> String {
        let seconds = age.as_secs();
        let (key, n) = match seconds {
            0..=59 => ("seconds", seconds),
            60..=3599 => ("minutes", seconds / 60),
            3600..=86_399 => ("hours", seconds / 3600),
            _ => ("days", seconds / 86_400),
        };
        self.say(key, &[("n", &n.to_string())])
    }

    /// A number with `decimals` digits, with this language's decimal mark.
    #[must_use]
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        match self.language {
            Language::Vietnamese => text.replace('.', ","),
            Language::English => text,
        }
    }

    /// A latency in milliseconds.
    #[must_use]
    pub fn milliseconds(&self, latency: Option<Duration>) -> String {
        latency.map_or_else(
            || "–".to_owned(),
            |latency| format!("{} ms", self.number(latency.as_secs_f64() * 1e3, 1)),
        )
    }
}

/// What the device itself said, where it said something.
fn specifics(fault: &Fault) -> String {
    match fault {
        Fault::NameNotFound(text)
        | Fault::Unreachable(text)
        | Fault::ConnectionRefused(text)
        | Fault::UnsupportedCodec(text)
        | Fault::Protocol(text)
        | Fault::NoHardware(text)
        | Fault::DeviceSays(text)
        | Fault::Certificate(text)
        | Fault::Elsewhere(text)
        | Fault::Undecodable(text) => text.clone(),
        Fault::Capacity(_, status) | Fault::Refused(status) => status.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use model::{Capacity, Fault};

    use super::*;

    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (vi, en) = (Words::new(Language::Vietnamese), Words::new(Language::English));
        let (mut a, mut b): (Vec<_>, Vec<_>) = (vi.messages.keys().collect(), en.messages.keys().collect());
        a.sort();
        b.sort();
        assert_eq!(a, b);
        for (key, text) in &vi.messages {
            assert_eq!(placeholders(text), placeholders(&en.messages[key]), "{key}");
            assert!(!text.trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn every_fault_has_words_and_a_hint() {
        let words = Words::new(Language::Vietnamese);
        let second = Duration::from_secs(1);
        let text = String::new;
        for fault in [
            Fault::NameNotFound(text()),
            Fault::Unreachable(text()),
            Fault::ConnectionRefused(text()),
            Fault::ConnectTimeout(second),
            Fault::NoAnswer(second),
            Fault::NotRtsp,
            Fault::NotTls,
            Fault::OversizedAnswer(1),
            Fault::PasswordRequired,
            Fault::PasswordRefused,
            Fault::ClearTextPassword,
            Fault::Forbidden,
            Fault::NotFound,
            Fault::Capacity(Capacity::Bandwidth, 453),
            Fault::Capacity(Capacity::Viewers, 503),
            Fault::Refused(454),
            Fault::NotOffered,
            Fault::DeviceSays(text()),
            Fault::Certificate(text()),
            Fault::Elsewhere(text()),
            Fault::NoVideo,
            Fault::UnsupportedCodec(text()),
            Fault::NoFirstPicture(second),
            Fault::Stalled(second),
            Fault::Ended(text()),
            Fault::Protocol(text()),
            Fault::NoHardware(text()),
            Fault::Undecodable(text()),
        ] {
            for key in [format!("fault_{}", fault.code()), format!("fault_{}_detail", fault.code())] {
                assert!(words.messages.contains_key(&key), "{key}");
            }
            let (_, hint) = words.fault(&fault);
            assert!(!hint.contains('{'), "{hint}");
        }
    }

    #[test]
    fn values_ages_and_numbers_are_set_in() {
        let (vi, en) = (Words::new(Language::Vietnamese), Words::new(Language::English));
        assert_eq!(vi.say("retry_in", &[("seconds", "7")]), "Thử lại sau 7 giây");
        assert_eq!(vi.age(Duration::from_secs(185)), "3 phút");
        assert_eq!(en.age(Duration::from_secs(86_400 * 3)), "3 d");
        assert_eq!((vi.number(0.94, 2), en.number(0.94, 2)), ("0,94".to_owned(), "0.94".to_owned()));
    }

    #[test]
    fn tags_of_environments_are_understood() {
        assert_eq!(Language::from_tag("en_GB.UTF-8"), Some(Language::English));
        assert_eq!(Language::from_tag("vi"), Some(Language::Vietnamese));
        assert_eq!(Language::from_tag("C"), None);
        assert_eq!(Language::from_tag("é"), None);
    }
}
