//! What cameras, recorders and sites are called among the rooms.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

/// Name of a camera, recorder or site; unique in the inventory. 1–200 bytes without control characters: it comes from
/// files that people edit, and ends in logs, on tiles and in other files. Copies share the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "page", derive(ts_rs::TS))]
pub struct Id(Arc<str>);

/// Empty, too long, or with control characters in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of 1 to {} bytes without control characters", Id::LONGEST)]
pub struct NotAnId;

impl Id {
    /// The most bytes of an id.
    pub const LONGEST: usize = 200;

    /// Takes the text if it may be an id.
    ///
    /// # Errors
    /// [`NotAnId`] for what is empty, longer than [`Id::LONGEST`] bytes, or has control characters.
    pub fn new(text: &str) -> Result<Self, NotAnId> {
        let sound = (1..=Self::LONGEST).contains(&text.len()) && !text.chars().any(char::is_control);
        if sound { Ok(Self(text.into())) } else { Err(NotAnId) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Id {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        Self::new(&text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_printable_wherever_they_come_from() {
        let longest = "x".repeat(Id::LONGEST);
        for good in ["1", "tram-y-te-binh-an/cổng chính", "../..", &longest] {
            let json = serde_json::to_string(good).unwrap();
            let id: Id = serde_json::from_str(&json).unwrap();
            assert_eq!(id.as_str(), good);
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
        let too_long = format!("{longest}x");
        for bad in ["", "a\nb", "a\0", "\u{7f}", "\u{85}", &too_long] {
            assert_eq!(Id::new(bad), Err(NotAnId), "{bad:?}");
            assert!(serde_json::from_str::<Id>(&serde_json::to_string(bad).unwrap()).is_err(), "{bad:?}");
        }
    }
}
