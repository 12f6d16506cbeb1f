//! Restreamers: how streams are reached through another machine, which watches a camera once for many.

use std::fmt;

use model::{Address, BadAddress};
use serde::{Serialize, Serializer};

use crate::sites::{Camera, ProfileKind, Recorder, Site};
use crate::template::{BadTemplate, Placeholder, Template};

/// A template such as `rtsp://relay.example:8554/{site}/{camera}/{profile}`. Placeholders: `{site}`, `{recorder}`,
/// `{channel}`, `{camera}`, `{profile}` (`main` or `sub`); each is percent-encoded into the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    text: String,
    template: Template,
}

/// What a relay stands at, and so must tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayOf {
    /// All recorders and cameras of a site.
    Site,
    /// All cameras of a recorder.
    Recorder,
    /// One camera.
    Camera,
}

/// Why a text is no [`Relay`]. The text is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRelay {
    /// It is no address, whatever is filled in.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// User and password do not belong into the inventory.
    #[error("an address must not hold user and password")]
    Login,
    /// A `{` without `}`, or the reverse.
    #[error("a brace without its partner")]
    Unbalanced,
    /// A placeholder that does not exist.
    #[error("an unknown placeholder")]
    UnknownPlaceholder,
    /// A placeholder elsewhere than in the path.
    #[error("a placeholder outside the path")]
    OutsidePath,
    /// All cameras would have the same address, and a tile would show another camera than it names.
    #[error("it does not tell the cameras apart")]
    SameForAllCameras,
    /// Main and sub stream would have the same address.
    #[error("it does not tell main and sub stream apart")]
    SameForBothProfiles,
}

const OFFERED: [Placeholder; 5] = [
    Placeholder::Site,
    Placeholder::Recorder,
    Placeholder::Channel,
    Placeholder::Camera,
    Placeholder::Profile,
];

impl Relay {
    /// Reads a template for the cameras of what it stands at.
    ///
    /// # Errors
    /// See [`BadRelay`].
    pub fn parse(text: &str, of: RelayOf) -> Result<Self, BadRelay> {
        let text = text.trim();
        let template = Template::parse(text, &OFFERED).map_err(|bad| match bad {
            BadTemplate::Unbalanced => BadRelay::Unbalanced,
            BadTemplate::Unknown => BadRelay::UnknownPlaceholder,
            BadTemplate::OutsidePath => BadRelay::OutsidePath,
        })?;
        let sample = template.fill(|_| Some("1".to_owned())).ok_or(BadAddress::NotAUrl)?;
        let (address, login) = Address::parse(&sample)?;
        if login.is_some() {
            return Err(BadRelay::Login);
        }
        let in_path = text.split(['?', '#']).next().unwrap_or_default();
        if address.url().fragment().is_some() || in_path.matches('{').count() != text.matches('{').count() {
            return Err(BadRelay::OutsidePath);
        }
        let has = |placeholder| template.has(|p| p == placeholder);
        let apart = match of {
            RelayOf::Site => {
                has(Placeholder::Camera) || (has(Placeholder::Recorder) && has(Placeholder::Channel))
            }
            RelayOf::Recorder => has(Placeholder::Camera) || has(Placeholder::Channel),
            RelayOf::Camera => true,
        };
        if !apart {
            return Err(BadRelay::SameForAllCameras);
        }
        if !has(Placeholder::Profile) {
            return Err(BadRelay::SameForBothProfiles);
        }
        Ok(Self { text: text.to_owned(), template })
    }

    /// Where the relay has this camera's stream. `None` where the template asks for a channel that is not known, or an
    /// id cannot stand in a path.
    #[must_use]
    pub fn address(
        &self,
        site: &Site,
        recorder: &Recorder,
        camera: &Camera,
        profile: ProfileKind,
    ) -> Option<Address> {
        let filled = self.template.fill(|placeholder| match placeholder {
            Placeholder::Site => Some(site.id.to_string()),
            Placeholder::Recorder => Some(recorder.id.to_string()),
            Placeholder::Channel => camera.channel.map(|channel| channel.to_string()),
            Placeholder::Camera => Some(camera.id.to_string()),
            Placeholder::Profile => Some(profile.name().to_owned()),
            Placeholder::Host | Placeholder::ProfileNumber | Placeholder::Subtype => None,
        })?;
        Address::parse(&filled).ok().map(|(address, _)| address)
    }
}

impl fmt::Display for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Relay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_tells_what_it_serves_apart() {
        let bad = |text, of| Relay::parse(text, of).err();
        for (text, site, recorder) in [
            ("rtsp://r:8554/{site}/{camera}/{profile}", None, None),
            ("rtsp://r/{recorder}/{channel}/{profile}", None, None),
            ("rtsp://r/{channel}/{profile}", Some(BadRelay::SameForAllCameras), None),
            ("rtsp://r/{profile}", Some(BadRelay::SameForAllCameras), Some(BadRelay::SameForAllCameras)),
            ("rtsp://r/{camera}", Some(BadRelay::SameForBothProfiles), Some(BadRelay::SameForBothProfiles)),
        ] {
            assert_eq!(bad(text, RelayOf::Site), site, "{text}");
            assert_eq!(bad(text, RelayOf::Recorder), recorder, "{text}");
        }
        assert_eq!(bad("rtsp://r/gate/{profile}", RelayOf::Camera), None);
    }

    #[test]
    fn what_is_no_relay_is_refused() {
        for (text, why) in [
            ("http://r/{camera}/{profile}", BadRelay::Address(BadAddress::NotRtsp)),
            ("{camera}/{profile}", BadRelay::OutsidePath),
            ("rtsp://u:p@r/{camera}/{profile}", BadRelay::Login),
            ("rtsp://r/{camera}/{profile}/{x}", BadRelay::UnknownPlaceholder),
            ("rtsp://r/{host}/{camera}/{profile}", BadRelay::UnknownPlaceholder),
            ("rtsp://{site}/{camera}/{profile}", BadRelay::OutsidePath),
            ("rtsp://r/{camera}?p={profile}", BadRelay::OutsidePath),
            ("rtsp://r/{camera}/{profile", BadRelay::Unbalanced),
            ("rtsp://r/../{camera}/{profile}", BadRelay::Address(BadAddress::NotAUrl)),
        ] {
            assert_eq!(Relay::parse(text, RelayOf::Site).unwrap_err(), why, "{text}");
        }
    }
}
