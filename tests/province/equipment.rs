//! Who made which recorder, and what its cameras can do besides sending pictures: fixed by rule, so that a test can ask
//! the list for what it needs.

use crate::list::Coding;
use crate::scene::Light;

/// Who made a recorder, and so what it speaks besides RTSP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Make {
    /// Wisenet: ONVIF and SUNAPI.
    Wisenet,
    /// No particular make: ONVIF alone.
    Generic,
    /// Hikvision: ISAPI.
    Hikvision,
    /// Dahua: its CGI.
    Dahua,
    /// A box that answers RTSP and nothing else.
    Plain,
}

impl Make {
    /// As the device itself says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wisenet => "Hanwha Vision",
            Self::Generic => "IPNC",
            Self::Hikvision => "Hikvision",
            Self::Dahua => "Dahua",
            Self::Plain => "RTSP",
        }
    }

    /// Its model, as the device itself says it.
    #[must_use]
    pub const fn model(self) -> &'static str {
        match self {
            Self::Wisenet => "XRN-1620SB1",
            Self::Generic => "NVR-5016",
            Self::Hikvision => "DS-7616NI-K2",
            Self::Dahua => "DHI-NVR4216-4KS2",
            Self::Plain => "NVR",
        }
    }

    /// Whether it answers in that language.
    #[must_use]
    pub const fn speaks(self, protocol: Protocol) -> bool {
        matches!(
            (self, protocol),
            (Self::Wisenet | Self::Generic, Protocol::Onvif)
                | (Self::Wisenet, Protocol::Sunapi)
                | (Self::Hikvision, Protocol::Isapi)
                | (Self::Dahua, Protocol::Dahua)
        )
    }
}

/// What devices are asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// SOAP of the ONVIF services.
    Onvif,
    /// Wisenet's CGI.
    Sunapi,
    /// Hikvision's XML over HTTP.
    Isapi,
    /// Dahua's CGI.
    Dahua,
}

/// How ONVIF wants to hear who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnvifLogin {
    /// Either way.
    Either,
    /// WS-UsernameToken alone: HTTP credentials are passed over.
    Token,
    /// HTTP Digest alone: tokens are passed over.
    Http,
}

/// Which hashes its HTTP challenges offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hashes {
    /// MD5, as most.
    Md5,
    /// SHA-256 first, MD5 for those who know no better.
    Both,
    /// SHA-256 alone.
    Sha256,
}

/// What is peculiar to one recorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equipment {
    /// Who made it.
    pub make: Make,
    /// How its ONVIF services want to hear who asks.
    pub onvif_login: OnvifLogin,
    /// What its HTTP challenges offer.
    pub hashes: Hashes,
    /// HTTP status of its SOAP faults: 200, 400, 401 (for refused credentials) or 500.
    pub fault_status: u16,
    /// It stands behind NAT: the addresses it names are those of its own network.
    pub behind_nat: bool,
    /// How far its clock is ahead of the true time, ms.
    pub clock_offset_ms: i64,
    /// Playback sessions that it gives at once.
    pub playbacks: u32,
    /// Its clock was put back by an hour six days ago at noon: what it recorded then has times that came twice.
    pub was_put_back: bool,
    /// It names addresses over TLS for its recordings, and answers HTTPS as well: with one certificate, of its own making.
    pub replays_over_tls: bool,
    /// It searches for motion by itself.
    pub smart_search: bool,
}

impl Equipment {
    /// Of the recorder with this index in the list. Of any ten, six speak ONVIF (four of them SUNAPI too), two ISAPI, one
    /// Dahua's CGI, one nothing.
    #[must_use]
    pub const fn of(recorder: usize) -> Self {
        let make = match recorder % 10 {
            0 | 1 | 3 | 6 => Make::Wisenet,
            2 | 8 => Make::Generic,
            4 | 9 => Make::Hikvision,
            5 => Make::Dahua,
            _ => Make::Plain,
        };
        let onvif_login = match recorder % 20 {
            2 => OnvifLogin::Token,
            8 | 11 => OnvifLogin::Http,
            _ => OnvifLogin::Either,
        };
        let hashes = match recorder % 6 {
            1 | 3 => Hashes::Both,
            5 if !matches!(make, Make::Dahua) => Hashes::Sha256,
            _ => Hashes::Md5,
        };
        let clock_offset_ms = match recorder % 7 {
            2 => 37_000,
            4 => -90_000,
            5 => 4_200,
            6 => 90_000,
            _ => 0,
        };
        Self {
            make,
            onvif_login,
            hashes,
            fault_status: [400, 500, 200, 401][recorder % 4],
            behind_nat: recorder % 5 == 3,
            clock_offset_ms,
            playbacks: if recorder % 9 == 1 { 1 } else { 8 },
            was_put_back: recorder % 8 == 3,
            replays_over_tls: recorder % 20 == 18,
            smart_search: matches!(make, Make::Wisenet) && recorder % 10 != 1 && recorder % 10 != 3,
        }
    }
}

/// What of a camera can be moved from afar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Movement {
    /// Nothing.
    Fixed,
    /// The lens zooms.
    Zoom,
    /// Pan, tilt and zoom, with presets and a home.
    PanTiltZoom,
    /// A motorised mount for the installer: pan, tilt and roll by ONVIF's provisioning service; no speeds, no presets.
    SetUp,
}

impl Movement {
    /// Of the `nth` indoor camera of the list. Only cameras with plain coding, by day, on a recorder that can be asked, have
    /// motors: of any eight of them five have them all, one zooms, one has a motorised mount, one nothing.
    pub(crate) const fn of(nth: usize, coding: Coding, light: Light, make: Make) -> Self {
        if !matches!((coding, light), (Coding::H265, Light::Day)) || matches!(make, Make::Plain) {
            return Self::Fixed;
        }
        match nth % 8 {
            3 => Self::Zoom,
            5 if matches!(make, Make::Wisenet | Make::Generic) => Self::SetUp,
            6 => Self::Fixed,
            _ => Self::PanTiltZoom,
        }
    }

    /// Whether it has speeds, presets and a home: whether it is a PTZ camera.
    #[must_use]
    pub const fn is_ptz(self) -> bool {
        matches!(self, Self::PanTiltZoom)
    }

    /// Whether its lens zooms.
    #[must_use]
    pub const fn zooms(self) -> bool {
        matches!(self, Self::PanTiltZoom | Self::Zoom)
    }
}

/// The sound of a camera, as its RTP payload has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sound {
    /// G.711 μ-law, 8 kHz.
    Pcmu,
    /// G.711 A-law, 8 kHz.
    Pcma,
    /// AAC-LC, 16 kHz, one channel.
    Aac,
}

impl Sound {
    /// Of the `nth` indoor camera: of any four, three have a microphone.
    pub(crate) const fn of(nth: usize) -> Option<Self> {
        match nth % 4 {
            0 => Some(Self::Pcmu),
            1 => Some(Self::Aac),
            2 => Some(Self::Pcma),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::list::list;

    use super::*;

    #[test]
    fn the_first_site_has_a_camera_that_turns_and_every_make_has_some() {
        let list = list();
        for make in [Make::Wisenet, Make::Generic, Make::Hikvision, Make::Dahua] {
            let found = list.cameras.iter().filter(|camera| {
                camera.movement.is_ptz() && list.recorders[camera.recorder].equipment.make == make
            });
            assert!(found.count() >= 4, "{make:?}");
        }
        let count = |movement| list.cameras.iter().filter(|camera| camera.movement == movement).count();
        assert!(
            count(Movement::Zoom) >= 8 && count(Movement::SetUp) >= 8,
            "both kinds of odd ones are there"
        );
        assert!(list.cameras.iter().all(|camera| !camera.outdoor || camera.movement == Movement::Fixed));
        assert!(list.recorders.iter().any(|recorder| {
            recorder.equipment.replays_over_tls && recorder.equipment.make.speaks(Protocol::Onvif)
        }));
        let plain = |camera: &&crate::Camera| list.recorders[camera.recorder].equipment.make == Make::Plain;
        assert!(list.cameras.iter().filter(plain).all(|camera| camera.movement == Movement::Fixed));
    }
}
