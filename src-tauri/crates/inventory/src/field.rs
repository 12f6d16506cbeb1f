//! The fields of an inventory: as columns of a list, and as keys of the file.

use crate::sites::ProfileKind;

/// Whose field something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The whole inventory's.
    Inventory,
    /// A site's.
    Site,
    /// A recorder's.
    Recorder,
    /// A camera's, or one of its streams'.
    Camera,
}

/// A field of an inventory, or a column of a list from which one is made.
#[expect(
    missing_docs,
    reason = "each is described where it is defined, in `Site`, `Recorder`, `Camera` and `Profile`"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    InventoryName,
    /// The file as a whole.
    Sites,
    SiteId,
    SiteName,
    District,
    UplinkMbps,
    Lat,
    Lon,
    Zone,
    SiteRelay,
    RecorderId,
    RecorderName,
    SendsMbps,
    RecorderAddress,
    Make,
    Model,
    RecorderRelay,
    CameraId,
    CameraName,
    Outdoor,
    Channel,
    Ptz,
    Viewers,
    Lens,
    CameraRelay,
    Profiles,
    Address(ProfileKind),
    Width(ProfileKind),
    Height(ProfileKind),
    FrameRate(ProfileKind),
    Kbps(ProfileKind),
    /// How many channels the recorder has: where a list does not say what it sends.
    RecorderChannels,
    /// How many cameras a site has.
    Cameras,
    /// How many of them are outdoors.
    OutdoorCameras,
    /// How many of them are indoors.
    IndoorCameras,
    /// How many recorders of 16 channels a site has.
    Recorders16,
    /// How many of 8.
    Recorders8,
    /// How many of 4.
    Recorders4,
    /// The hosts of a site's recorders, in their order.
    RecorderHosts,
}

use Field as F;
use ProfileKind::{Main, Sub};

impl Field {
    /// Those that a list of cameras has, in the order in which they are written.
    pub const OF_CAMERA_LIST: [Self; 33] = [
        F::SiteId,
        F::SiteName,
        F::District,
        F::UplinkMbps,
        F::Lat,
        F::Lon,
        F::Zone,
        F::SiteRelay,
        F::RecorderId,
        F::RecorderName,
        F::SendsMbps,
        F::RecorderAddress,
        F::Make,
        F::Model,
        F::RecorderRelay,
        F::CameraId,
        F::CameraName,
        F::Channel,
        F::Outdoor,
        F::Ptz,
        F::Viewers,
        F::Lens,
        F::CameraRelay,
        F::Address(Main),
        F::Width(Main),
        F::Height(Main),
        F::FrameRate(Main),
        F::Kbps(Main),
        F::Address(Sub),
        F::Width(Sub),
        F::Height(Sub),
        F::FrameRate(Sub),
        F::Kbps(Sub),
    ];

    /// Its name as a column.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            F::InventoryName => "inventory",
            F::Sites => "sites",
            F::SiteId => "site_id",
            F::SiteName => "site",
            F::District => "district",
            F::UplinkMbps => "uplink_mbps",
            F::Lat => "lat",
            F::Lon => "lon",
            F::Zone => "zone",
            F::SiteRelay => "site_relay",
            F::RecorderId => "recorder_id",
            F::RecorderName => "recorder",
            F::SendsMbps => "sends_mbps",
            F::RecorderAddress => "recorder_address",
            F::Make => "make",
            F::Model => "model",
            F::RecorderRelay => "recorder_relay",
            F::CameraId => "camera_id",
            F::CameraName => "camera",
            F::Outdoor => "outdoor",
            F::Channel => "channel",
            F::Ptz => "ptz",
            F::Viewers => "viewers",
            F::Lens => "lens",
            F::CameraRelay => "camera_relay",
            F::Profiles => "profiles",
            F::Address(Main) => "main_url",
            F::Width(Main) => "main_width",
            F::Height(Main) => "main_height",
            F::FrameRate(Main) => "main_frame_rate",
            F::Kbps(Main) => "main_kbps",
            F::Address(Sub) => "sub_url",
            F::Width(Sub) => "sub_width",
            F::Height(Sub) => "sub_height",
            F::FrameRate(Sub) => "sub_frame_rate",
            F::Kbps(Sub) => "sub_kbps",
            F::RecorderChannels => "recorder_channels",
            F::Cameras => "cameras",
            F::OutdoorCameras => "outdoor_cameras",
            F::IndoorCameras => "indoor_cameras",
            F::Recorders16 => "nvr_16ch",
            F::Recorders8 => "nvr_8ch",
            F::Recorders4 => "nvr_4ch",
            F::RecorderHosts => "recorder_host",
        }
    }

    /// Whose field it is.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            F::InventoryName | F::Sites => Level::Inventory,
            F::SiteId
            | F::SiteName
            | F::District
            | F::UplinkMbps
            | F::Lat
            | F::Lon
            | F::Zone
            | F::SiteRelay => Level::Site,
            F::Cameras | F::OutdoorCameras | F::IndoorCameras => Level::Site,
            F::Recorders16 | F::Recorders8 | F::Recorders4 | F::RecorderHosts => Level::Site,
            F::RecorderId | F::RecorderName | F::SendsMbps | F::RecorderAddress | F::Make | F::Model => {
                Level::Recorder
            }
            F::RecorderRelay | F::RecorderChannels => Level::Recorder,
            F::CameraId | F::CameraName | F::Outdoor | F::Channel | F::Ptz | F::Viewers => Level::Camera,
            F::Lens | F::CameraRelay => Level::Camera,
            F::Profiles | F::Address(_) | F::Width(_) | F::Height(_) | F::FrameRate(_) | F::Kbps(_) => {
                Level::Camera
            }
        }
    }

    /// Its key in the file, within its site, recorder, camera or profile.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            F::InventoryName | F::SiteName | F::RecorderName | F::CameraName => "name",
            F::SiteId | F::RecorderId | F::CameraId => "id",
            F::Lat => "position/lat",
            F::Lon => "position/lon",
            F::SiteRelay | F::RecorderRelay | F::CameraRelay => "relay",
            F::RecorderAddress | F::Address(_) => "address",
            F::Width(_) => "width",
            F::Height(_) => "height",
            F::FrameRate(_) => "frame_rate",
            F::Kbps(_) => "kbps",
            other => other.column(),
        }
    }

    /// Whether a value may hold a password by mistake, and so is repeated nowhere.
    #[must_use]
    pub const fn may_hold_a_password(self) -> bool {
        matches!(
            self,
            F::Address(_)
                | F::SiteRelay
                | F::RecorderRelay
                | F::CameraRelay
                | F::RecorderAddress
                | F::RecorderHosts
        )
    }

    /// Whether a value is a figure, and so can be no formula.
    pub(crate) const fn is_number(self) -> bool {
        matches!(
            self,
            F::UplinkMbps
                | F::Lat
                | F::Lon
                | F::SendsMbps
                | F::Channel
                | F::Viewers
                | F::Width(_)
                | F::Height(_)
                | F::FrameRate(_)
                | F::Kbps(_)
        )
    }
}
