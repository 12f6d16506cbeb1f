//! The verifier's words, from the message files that the program and its page share.

use std::collections::HashMap;

const VIETNAMESE: &str = include_str!("../../../../../../ui/messages/vi.json");
const ENGLISH: &str = include_str!("../../../../../../ui/messages/en.json");

/// The messages of one language.
pub(crate) struct Words(HashMap<String, String>);

impl Words {
    /// English for `en`, else Vietnamese.
    pub(crate) fn new(language: &str) -> Self {
        let text = if language.starts_with("en") { ENGLISH } else { VIETNAMESE };
        Self(serde_json::from_str(text).expect("the message files are checked by tests"))
    }

    /// The message `key`, or the key.
    pub(crate) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The message `key` with each `{name}` replaced by its value.
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.get(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}
