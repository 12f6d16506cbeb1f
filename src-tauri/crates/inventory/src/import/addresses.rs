//! Addresses of streams that a list does not have, made with a template.

use super::ImportOptions;
use super::rows::{RowFlaw, Rows};
use crate::device_address::DeviceAddress;
use crate::draft;
use crate::field::Field;
use crate::sites::ProfileKind;
use crate::template::{Placeholder as P, Template};

const OFFERED: [P; 8] =
    [P::Host, P::Site, P::Recorder, P::Channel, P::Camera, P::Profile, P::ProfileNumber, P::Subtype];

/// A template that tells cameras apart.
pub(crate) struct Addresses(Template);

impl Addresses {
    /// The template of the options. One that cannot be understood is a mistake, and then there is none.
    pub(crate) fn new(rows: &mut Rows, options: &ImportOptions) -> Option<Self> {
        let text = options.address_template.as_deref()?;
        match Template::parse(text.trim(), &OFFERED) {
            Ok(template) if template.has(|p| matches!(p, P::Channel | P::Camera)) => Some(Self(template)),
            _ => {
                rows.tell_at_header(Field::RecorderHosts, RowFlaw::BadAddressTemplate);
                None
            }
        }
    }

    /// Whether it asks for the recorder's host.
    pub(crate) fn needs_host(&self) -> bool {
        self.0.has(|p| p == P::Host)
    }

    /// A camera's streams; none where something is missing that the template asks for.
    pub(crate) fn of(
        &self,
        site: &str,
        recorder: &str,
        camera: &draft::Camera,
        host: Option<String>,
    ) -> Vec<draft::Profile> {
        let kinds =
            if self.0.has(P::tells_profiles_apart) { &ProfileKind::BOTH[..] } else { &[ProfileKind::Main] };
        let address = |kind: ProfileKind| {
            self.0.fill(|placeholder| match placeholder {
                P::Host => host.clone(),
                P::Site => Some(site.to_owned()),
                P::Recorder => Some(recorder.to_owned()),
                P::Channel => camera.channel.map(|channel| channel.to_string()),
                P::Camera => Some(camera.id.clone()),
                P::Profile => Some(kind.name().to_owned()),
                P::ProfileNumber => Some((kind as u8 + 1).to_string()),
                P::Subtype => Some((kind as u8).to_string()),
            })
        };
        kinds.iter().filter_map(|kind| Some(Self::declared(*kind, address(*kind)?))).collect()
    }

    /// A stream of the size that is usual for its kind.
    pub(crate) fn declared(kind: ProfileKind, address: String) -> draft::Profile {
        let (width, height) = match kind {
            ProfileKind::Main => (1920, 1080),
            ProfileKind::Sub => (640, 360),
        };
        draft::Profile { kind, address, width, height, frame_rate: None, kbps: None }
    }

    /// The host of a recorder's address; its port is not that of the streams.
    pub(crate) fn host(address: &str) -> Option<String> {
        DeviceAddress::parse(address).ok().map(|address| address.host().to_owned())
    }
}
