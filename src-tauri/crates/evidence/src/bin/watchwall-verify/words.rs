//! The verifier's words, from the message files that the program and its page share.

use std::collections::HashMap;

const VIETNAMESE: &str = include_str!("../../../../../../ui/messages/vi.json");
const ENGLISH: &str = include_str!("../../../../../../ui/messages/en.json");

/// The messages of one language.
pub(crate) struct Words {
    messages: HashMap<String, String>,
    /// The language's decimal mark.
    comma: bool,
}

impl Words {
    /// English for `en`, else Vietnamese.
    pub(crate) fn new(language: &str) -> Self {
        let comma = !language.starts_with("en");
        let text = if comma { VIETNAMESE } else { ENGLISH };
        Self { messages: serde_json::from_str(text).expect("the message files are checked by tests"), comma }
    }

    /// The message `key`, or the key.
    pub(crate) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.messages.get(key).map_or(key, String::as_str)
    }

    /// The message `key` with each `{name}` replaced by its value.
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.get(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// A sentence of a verdict.
    pub(crate) fn sentence(&self, sentence: &evidence::Sentence) -> String {
        let values: Vec<(&str, String)> = sentence.shown(self.comma).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say(sentence.key, &values)
    }
}
