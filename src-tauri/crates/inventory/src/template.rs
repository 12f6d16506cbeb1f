//! Addresses with placeholders, which are filled for each camera.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// The device's host; the only one that may stand before the path.
    Host,
    Site,
    Recorder,
    Channel,
    Camera,
    /// `main`, `sub`.
    Profile,
    /// 1, 2: as Hikvision and Hanwha number streams.
    ProfileNumber,
    /// 0, 1: as Dahua does.
    Subtype,
}

impl Placeholder {
    const NAMES: [(&'static str, Self); 8] = [
        ("host", Self::Host),
        ("site", Self::Site),
        ("recorder", Self::Recorder),
        ("channel", Self::Channel),
        ("camera", Self::Camera),
        ("profile", Self::Profile),
        ("profile_number", Self::ProfileNumber),
        ("subtype", Self::Subtype),
    ];

    /// Whether main and sub streams get different values.
    pub(crate) const fn tells_profiles_apart(self) -> bool {
        matches!(self, Self::Profile | Self::ProfileNumber | Self::Subtype)
    }
}

/// Why a text is no template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadTemplate {
    /// A `{` without `}`, or the reverse.
    Unbalanced,
    /// A placeholder that is not offered here.
    Unknown,
    /// A placeholder other than the host's in front of the path.
    OutsidePath,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder(Placeholder),
}

/// A URL with `{placeholders}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

impl Template {
    /// Reads a template in which these placeholders are `offered`.
    pub(crate) fn parse(text: &str, offered: &[Placeholder]) -> Result<Self, BadTemplate> {
        let path = path_start(text);
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let at = text.len() - rest.len() + open;
            let (before, after) = rest.split_at(open);
            let Some(close) = after.find('}').filter(|_| after.starts_with('{')) else {
                return Err(BadTemplate::Unbalanced);
            };
            let name = &after[1..close];
            let known = Placeholder::NAMES.iter().find(|(known, _)| *known == name);
            let placeholder = known.map(|(_, p)| *p).filter(|p| offered.contains(p));
            let placeholder = placeholder.ok_or(BadTemplate::Unknown)?;
            if at < path && placeholder != Placeholder::Host {
                return Err(BadTemplate::OutsidePath);
            }
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Placeholder(placeholder));
            rest = &after[close + 1..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// Whether any placeholder is such a one.
    pub(crate) fn has(&self, such: impl Fn(Placeholder) -> bool) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Placeholder(p) if such(*p)))
    }

    /// The address, each value percent-encoded; the host's is taken as it is. `None` where a value is missing, or where
    /// a value would be `.` or `..` in the path, which every reader of URLs resolves, encoded or not.
    pub(crate) fn fill(&self, value: impl Fn(Placeholder) -> Option<String>) -> Option<String> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder(Placeholder::Host) => filled.push_str(&value(Placeholder::Host)?),
                Piece::Placeholder(placeholder) => {
                    filled.extend(utf8_percent_encode(&value(*placeholder)?, RESERVED));
                }
            }
        }
        let path = filled[path_start(&filled)..].split(['?', '#']).next().unwrap_or_default();
        (!path.split('/').any(|segment| matches!(segment, "." | ".."))).then_some(filled)
    }
}

/// Where the path begins; at the end if there is none.
fn path_start(url: &str) -> usize {
    let authority = url.find("://").map_or(0, |at| at + 3);
    url[authority..].find(['/', '?', '#']).map_or(url.len(), |at| authority + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Placeholder; 3] = [Placeholder::Host, Placeholder::Camera, Placeholder::Profile];

    fn fill(template: &str, camera: &str) -> Option<String> {
        Template::parse(template, &ALL).unwrap().fill(|placeholder| match placeholder {
            Placeholder::Host => Some("10.0.0.1:554".to_owned()),
            Placeholder::Camera => Some(camera.to_owned()),
            _ => None,
        })
    }

    #[test]
    fn values_cannot_leave_their_place() {
        assert_eq!(fill("rtsp://{host}/{camera}", "a").unwrap(), "rtsp://10.0.0.1:554/a");
        let encoded = fill("rtsp://{host}/x{camera}/y", "a/b?c#d{e}@ế ..").unwrap();
        assert_eq!(encoded, "rtsp://10.0.0.1:554/xa%2Fb%3Fc%23d%7Be%7D%40%E1%BA%BF%20../y");
        assert_eq!(fill("rtsp://{host}/{camera}/y", ".."), None);
        assert_eq!(fill("rtsp://{host}/{camera}", "."), None);
        assert!(fill("rtsp://{host}/{camera}", "...").is_some());
        assert_eq!(fill("rtsp://{host}/{profile}", "a"), None, "no value");
    }

    #[test]
    fn mistakes_in_a_template_are_told_apart() {
        let bad = |text| Template::parse(text, &ALL).unwrap_err();
        for text in ["rtsp://h/{camera", "rtsp://h/camera}", "rtsp://h/{", "}{"] {
            assert_eq!(bad(text), BadTemplate::Unbalanced, "{text}");
        }
        for text in ["rtsp://h/{cam}", "rtsp://h/{}", "rtsp://h/{site}", "rtsp://h/{a{camera}"] {
            assert_eq!(bad(text), BadTemplate::Unknown, "{text}");
        }
        for text in ["rtsp://{camera}/x", "rtsp://{camera}", "{camera}://h/"] {
            assert_eq!(bad(text), BadTemplate::OutsidePath, "{text}");
        }
    }
}
