//! What a package says of where its footage came from.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use devices::device::Facts;
use devices::rtsp::replay;
use evidence::{Clock, ClockMeasurement, Contents, G726Packing, Profile, SoundFormat, Source};
use jiff::Timestamp;
use model::{AccessUnit, ClockOffset, Codec, Moment, SoundCodec};

use super::Wanted;

/// A camera whose recorder has said this of itself. `track`: how its recording was asked for, without a login.
pub(super) fn source(
    wanted: &Wanted,
    facts: Option<&Facts>,
    clock: Option<ClockOffset>,
    track: &str,
    sound: Option<SoundFormat>,
    measured_at: SystemTime,
) -> Source {
    let said = |of: fn(&Facts) -> &String| facts.map(of).cloned().unwrap_or_default();
    let measured = if clock.is_some() { ClockMeasurement::Asked } else { ClockMeasurement::NotMeasured };
    Source {
        camera: wanted.way.camera.clone(),
        name: wanted.name.clone(),
        site: wanted.site.clone(),
        recorder: evidence::Device {
            id: wanted.way.device.to_string(),
            manufacturer: said(|facts| &facts.make),
            model: said(|facts| &facts.model),
            serial_number: said(|facts| &facts.serial),
            firmware: said(|facts| &facts.firmware),
        },
        profile: Profile { name: format!("channel {}", wanted.way.channel), track: track.to_owned() },
        clock: Clock {
            offset_ms: clock.map_or(0, |clock| clock.ahead_ms),
            uncertainty_ms: clock.map(|clock| u32::try_from(clock.within.as_millis()).unwrap_or(u32::MAX)),
            drift_ms_per_day: None,
            measured,
            measured_at: clock.and_then(|_| Timestamp::try_from(measured_at).ok()),
        },
        sound,
    }
}

/// The sound of a recording as a package keeps it; `None` for what it does not know.
pub(super) fn sound(format: &replay::SoundFormat) -> Option<SoundFormat> {
    let (rate, channels) = (format.rate, u8::try_from(format.channels).ok()?);
    match format.encoding.as_str() {
        "pcma" => Some(SoundFormat::G711ALaw { rate, channels }),
        "pcmu" => Some(SoundFormat::G711MuLaw { rate, channels }),
        "mpeg4-generic" => {
            let config = format.parameters.as_deref()?.split(';').find_map(|field| {
                let (name, value) = field.trim().split_once('=')?;
                name.eq_ignore_ascii_case("config").then(|| value.trim().to_ascii_lowercase())
            })?;
            Some(SoundFormat::Aac { rate, channels, config })
        }
        encoding => {
            let (packing, kbps) = match encoding.strip_prefix("aal2-g726-") {
                Some(kbps) => (G726Packing::Aal2, kbps),
                None => (G726Packing::Rfc3551, encoding.strip_prefix("g726-")?),
            };
            let bits = match kbps {
                "16" => 2,
                "24" => 3,
                "32" => 4,
                "40" => 5,
                _ => return None,
            };
            Some(SoundFormat::G726 { rate, bits, packing })
        }
    }
}

/// The sound of a package as decoders know it; `None`: they do not. G.726 in the order of AAL2 is none of them.
pub(crate) fn coded(format: &SoundFormat) -> Option<model::SoundFormat> {
    let (codec, rate, channels) = match format {
        SoundFormat::G711ALaw { rate, channels } => (SoundCodec::Pcma, *rate, *channels),
        SoundFormat::G711MuLaw { rate, channels } => (SoundCodec::Pcmu, *rate, *channels),
        SoundFormat::G726 { rate, bits, packing: G726Packing::Rfc3551 } => {
            (SoundCodec::G726 { bits: *bits }, *rate, 1)
        }
        SoundFormat::G726 { packing: G726Packing::Aal2, .. } => return None,
        SoundFormat::Aac { rate, channels, config } => {
            let config = data_encoding::HEXLOWER_PERMISSIVE.decode(config.as_bytes()).ok()?;
            (SoundCodec::Aac { config: config.into() }, *rate, *channels)
        }
    };
    Some(model::SoundFormat { codec, rate, channels: channels.into() })
}

/// As packages write times.
pub(crate) fn timestamp(moment: Moment) -> Timestamp {
    Timestamp::from_microsecond(moment.0).unwrap_or_default()
}

/// As everything else here tells them.
pub(crate) fn moment(at: Timestamp) -> Moment {
    Moment(at.as_microsecond())
}

/// A picture of a package as a decoder takes it; `None`: it is a piece of sound.
pub(crate) fn unit(codec: Codec, contents: Contents) -> Option<(AccessUnit, Timestamp)> {
    let Contents::Picture { data, parameters, random_access, taken_at } = contents else { return None };
    let unit = AccessUnit {
        codec,
        data,
        // Each picture of MJPEG has all that it needs.
        parameters: if codec == Codec::Mjpeg { Arc::from([]) } else { parameters },
        random_access,
        timestamp: taken_at.as_millisecond(),
        lost_packets: 0,
        received: Instant::now(),
        captured: Some(SystemTime::from(moment(taken_at))),
    };
    Some((unit, taken_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(encoding: &str, parameters: Option<&str>) -> replay::SoundFormat {
        let parameters = parameters.map(str::to_owned);
        replay::SoundFormat { encoding: encoding.to_owned(), rate: 8000, channels: 1, parameters }
    }

    #[test]
    fn what_a_package_keeps_is_decoded_as_what_its_recorder_sent() {
        let aac = "mode=AAC-hbr; config=1408; sizelength=13";
        for sent in [
            format("pcma", None),
            format("pcmu", None),
            format("g726-24", None),
            format("mpeg4-generic", Some(aac)),
        ] {
            let kept = sound(&sent).expect("packages know it");
            assert_eq!(coded(&kept), sent.coded(), "{sent:?}");
            assert!(coded(&kept).is_some());
        }
        let aal2 = format("aal2-g726-32", None);
        assert_eq!((sound(&aal2).and_then(|kept| coded(&kept)), aal2.coded()), (None, None));
    }

    #[test]
    fn sound_is_named_as_packages_name_it_and_what_they_do_not_know_is_left_out() {
        assert_eq!(sound(&format("pcma", None)), Some(SoundFormat::G711ALaw { rate: 8000, channels: 1 }));
        let aac = "streamtype=5; profile-level-id=15; mode=AAC-hbr; Config=1588; sizelength=13";
        let config = "1588".to_owned();
        assert_eq!(
            sound(&format("mpeg4-generic", Some(aac))),
            Some(SoundFormat::Aac { rate: 8000, channels: 1, config })
        );
        let g726 = |bits, packing| Some(SoundFormat::G726 { rate: 8000, bits, packing });
        assert_eq!(sound(&format("g726-32", None)), g726(4, G726Packing::Rfc3551));
        assert_eq!(sound(&format("aal2-g726-24", None)), g726(3, G726Packing::Aal2));
        for unknown in ["opus", "g726-48", "mpeg4-generic"] {
            assert_eq!(sound(&format(unknown, None)), None, "{unknown}");
        }
    }
}
