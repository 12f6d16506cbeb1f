//! What is said of the footage: who took it out, why, where it came from, and how its times are to be read.
//!
//! Nothing of it can be checked by the program that verifies: it proves who said it, not that it is so.

use jiff::Timestamp;
use model::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most bytes of a text in a description.
pub const LONGEST_TEXT: usize = 2000;

/// A text is longer than [`LONGEST_TEXT`], has control characters, or has to be there and isn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is empty where it may not be, longer than {LONGEST_TEXT} bytes, or has control characters")]
pub struct BadText {
    /// Which.
    pub field: &'static str,
}

/// Why and by whom the footage is taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Who takes it out.
    pub operator: Person,
    /// For which case.
    pub case: Case,
    /// What was asked for, in true time.
    pub span: Span,
    /// Whether a second person has to release the package before it counts as handed out.
    pub release_required: bool,
    /// The program.
    pub tool: Tool,
}

/// A person as the workstation knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account.
    pub account: String,
    /// The name that people know.
    pub name: String,
    /// The workstation's name.
    pub workstation: String,
}

/// What it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// As the authority numbers it; may be empty.
    pub number: String,
    /// In the operator's words.
    pub reason: String,
}

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first moment.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: Timestamp,
    /// The last moment.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: Timestamp,
}

/// The program that wrote the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Where a camera's footage came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The camera's id in the inventory.
    #[schemars(with = "String")]
    pub camera: Id,
    /// Its name.
    pub name: String,
    /// The site's name.
    pub site: String,
    /// Who recorded.
    pub recorder: Device,
    /// Which stream.
    pub profile: Profile,
    /// How the source's clock stood against true time.
    pub clock: Clock,
    /// The sound that comes along; `None`: none is taken.
    pub sound: Option<SoundFormat>,
}

/// A recorder's, or for footage from the camera itself the camera's, identity as far as it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Its id in the inventory.
    pub id: String,
    /// The manufacturer, as it says (ONVIF `GetDeviceInformation`, or the vendor's call).
    pub manufacturer: String,
    /// The model, as it says.
    pub model: String,
    /// The serial number, as it says.
    pub serial_number: String,
    /// The firmware's version, as it says.
    pub firmware: String,
}

/// Which of the camera's streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// `main`, `sub`, or the source's token.
    pub name: String,
    /// How it was asked for, without a login: the recording's or track's token.
    pub track: String,
}

/// How the source's clock stood. All times in a package are true time; the source's own is that plus the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The source's clock minus true time, in milliseconds: positive where the source is ahead.
    pub offset_ms: i64,
    /// The offset may be wrong by so much either way, in milliseconds; `None`: not known.
    pub uncertainty_ms: Option<u32>,
    /// How much the clock gains, in milliseconds a day; `None`: not measured.
    pub drift_ms_per_day: Option<i64>,
    /// How it was measured.
    pub measured: ClockMeasurement,
    /// When.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub measured_at: Option<Timestamp>,
}

/// How a clock was compared with this workstation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockMeasurement {
    /// Not at all: the source's times are taken for true ones.
    NotMeasured,
    /// The device was asked for its time (ONVIF `GetSystemDateAndTime`, or the vendor's call).
    Asked,
    /// From the live stream's RTCP sender reports (RFC 3550, section 6.4.1).
    SenderReports,
    /// A person compared the time in the picture with a true one.
    ByEye,
}

/// Sound that comes with a camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "codec", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SoundFormat {
    /// ITU-T G.711 A-law.
    G711ALaw {
        /// Samples a second.
        rate: u32,
        /// 1 or 2.
        channels: u8,
    },
    /// ITU-T G.711 µ-law.
    G711MuLaw {
        /// Samples a second.
        rate: u32,
        /// 1 or 2.
        channels: u8,
    },
    /// ITU-T G.726, one channel.
    G726 {
        /// Samples a second.
        rate: u32,
        /// 2, 3, 4 or 5: 16, 24, 32 or 40 kb/s at 8,000 samples a second.
        bits: u8,
        /// In which order a byte holds the codes.
        packing: G726Packing,
    },
    /// MPEG-4 AAC, one raw access unit a packet (RFC 3640), without ADTS.
    Aac {
        /// Samples a second.
        rate: u32,
        /// How many.
        channels: u8,
        /// The AudioSpecificConfig (ISO/IEC 14496-3) in hexadecimal digits, as SDP's `config` has it.
        config: String,
    },
}

/// The order of G.726's codes in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum G726Packing {
    /// The first code in the lowest bits: RTP's `G726-32` and the like (RFC 3551, section 4.5.4).
    Rfc3551,
    /// The first code in the highest bits: `AAL2-G726-32` (ITU-T I.366.2, annex E), and what Matroska files hold.
    Aal2,
}

/// A stretch of time without footage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// From when.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: Timestamp,
    /// To when.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: Timestamp,
    /// Why.
    pub reason: GapReason,
}

/// Why there is no footage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// The recorder says that it has nothing of this time.
    NotRecorded,
    /// The recorder says that it has it, but did not give it.
    NotGiven,
    /// The link to the recorder was lost and did not come back in time.
    LinkLost,
    /// Nobody knows.
    Unknown,
}

impl Description {
    pub(crate) fn check(&self) -> Result<(), BadText> {
        let Self { operator, case, tool, .. } = self;
        operator.check("operator")?;
        for (field, text) in
            [("case.number", &case.number), ("tool.name", &tool.name), ("tool.version", &tool.version)]
        {
            line(field, text)?;
        }
        // People write more than one line of reasons.
        let lines = case.reason.replace(['\n', '\r', '\t'], " ");
        line("case.reason", &lines)
    }
}

impl Person {
    pub(crate) fn check(&self, field: &'static str) -> Result<(), BadText> {
        if self.account.is_empty() {
            return Err(BadText { field });
        }
        [&self.account, &self.name, &self.workstation].into_iter().try_for_each(|text| line(field, text))
    }
}

impl Source {
    pub(crate) fn check(&self) -> Result<(), BadText> {
        let Self { recorder, profile, .. } = self;
        for (field, text) in [
            ("name", &self.name),
            ("site", &self.site),
            ("recorder.id", &recorder.id),
            ("recorder.manufacturer", &recorder.manufacturer),
            ("recorder.model", &recorder.model),
            ("recorder.serial_number", &recorder.serial_number),
            ("recorder.firmware", &recorder.firmware),
            ("profile.name", &profile.name),
            ("profile.track", &profile.track),
        ] {
            line(field, text)?;
        }
        self.sound.as_ref().map_or(Ok(()), SoundFormat::check)
    }
}

impl SoundFormat {
    fn check(&self) -> Result<(), BadText> {
        let rates = 8000..=192_000_u32;
        let sound = match self {
            Self::G711ALaw { rate, channels } | Self::G711MuLaw { rate, channels } => {
                rates.contains(rate) && (1..=2).contains(channels)
            }
            Self::G726 { rate, bits, .. } => rates.contains(rate) && (2..=5).contains(bits),
            Self::Aac { rate, channels, config } => {
                let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(config.as_bytes());
                let config = bytes.is_ok_and(|bytes| (2..=64).contains(&bytes.len()));
                rates.contains(rate) && (1..=8).contains(channels) && config
            }
        };
        if sound { Ok(()) } else { Err(BadText { field: "sound" }) }
    }
}

pub(crate) fn line(field: &'static str, text: &str) -> Result<(), BadText> {
    let sound = text.len() <= LONGEST_TEXT && !text.chars().any(char::is_control);
    if sound { Ok(()) } else { Err(BadText { field }) }
}
