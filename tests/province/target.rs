//! What the URLs of a recorder's streams mean: plain ones that all have, and those of its make.

use crate::equipment::Make;
use crate::list::{Profile, Recorder};
use crate::recordings::{Calendar, oldest};
use crate::rtsp::sdp;

/// What an RTSP request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// In [`crate::List::cameras`].
    pub(crate) camera: usize,
    pub(crate) profile: Profile,
    /// The track's control name, if it names one.
    pub(crate) track: Option<&'static str>,
}

/// Reads a path without slashes at its ends, and the query.
pub(crate) fn of(recorder: &Recorder, path: &str, query: &str) -> Option<Target> {
    // The track stands behind the query where there is one.
    let (query, behind) = query.split_once('/').map_or((query, None), |(query, track)| (query, Some(track)));
    let mut parts: Vec<&str> = path.split('/').collect();
    let named = behind.or_else(|| parts.last().copied().filter(|last| last.starts_with("trackID=")));
    let track = match named {
        None => None,
        Some(name) => {
            Some([sdp::TRACK, sdp::SOUND_TRACK, sdp::TALK_TRACK].into_iter().find(|track| *track == name)?)
        }
    };
    if behind.is_none() && track.is_some() {
        parts.pop();
    }
    let (channel, profile) = plain(&parts).or_else(|| of_make(recorder.equipment.make, &parts, query))?;
    let camera = recorder.cameras.start + channel.checked_sub(1)?;
    recorder.cameras.contains(&camera).then_some(Target { camera, profile, track })
}

/// `ch<N>/main` or `ch<N>/sub`.
fn plain(parts: &[&str]) -> Option<(usize, Profile)> {
    let [channel, name] = parts else { return None };
    let profile = Profile::BOTH.into_iter().find(|profile| profile.name() == *name)?;
    Some((channel.strip_prefix("ch")?.parse().ok()?, profile))
}

/// What a playback request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Playback {
    pub(crate) target: Target,
    /// The span that the address names, true time in ms; all that there is with ONVIF's.
    pub(crate) window: std::ops::Range<i64>,
    /// Whether the address is ONVIF's.
    pub(crate) is_onvif: bool,
}

/// An address without the name of its track.
fn without_track(address: &str) -> &str {
    let mut names = [sdp::TRACK, sdp::SOUND_TRACK].iter();
    let without = |track: &&str| address.strip_suffix(*track)?.strip_suffix('/');
    names.find_map(without).unwrap_or(address)
}

/// Reads the address of a recording: ONVIF's `replay/ch<N>/<profile>`, or one with times as its make has them.
pub(crate) fn playback(
    recorder: &Recorder,
    path: &str,
    query: &str,
    calendar: Calendar,
    now: i64,
) -> Option<Playback> {
    let make = recorder.equipment.make;
    let (path, query) = (without_track(path), without_track(query));
    let parts: Vec<&str> = path.split('/').collect();
    let value = |text: &str, name: &str| -> Option<String> {
        let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let number = |text: &str, name: &str| value(text, name).and_then(|text| text.parse::<usize>().ok());
    let window = |text: &str, names: (&str, &str), format: &str, in_utc: bool, overlap: u32| {
        let time = |name: &str| calendar.parse(&value(text, name)?, format, in_utc, overlap);
        Some(time(names.0)?..time(names.1).unwrap_or(now))
    };
    let (channel, profile, window, is_onvif) = match (make, parts.as_slice()) {
        (Make::Wisenet | Make::Generic, ["replay", rest @ ..]) => {
            let (channel, profile) = plain(rest)?;
            (channel, profile, oldest(now)..now, true)
        }
        (Make::Wisenet, ["PlaybackChannel" | "BackupChannel", channel, "media.smp", rest]) => {
            let overlap = number(rest, "overlap").unwrap_or(0) as u32;
            let window = window(rest, ("start", "end"), "%Y%m%dT%H%M%SZ", true, overlap)?;
            let profile = numbered(number(rest, "profile").unwrap_or(1))?;
            (channel.parse::<usize>().ok()? + 1, profile, window, false)
        }
        // Its `Z` means its own wall clock.
        (Make::Hikvision, ["Streaming", "tracks", number]) => {
            let number: usize = number.parse().ok()?;
            let window = window(query, ("starttime", "endtime"), "%Y%m%dT%H%M%SZ", false, 0)?;
            (number / 100, numbered(number % 100)?, window, false)
        }
        (Make::Dahua, ["cam", "playback"]) => {
            let window = window(query, ("starttime", "endtime"), "%Y_%m_%d_%H_%M_%S", false, 0)?;
            (number(query, "channel")?, numbered(number(query, "subtype").unwrap_or(0) + 1)?, window, false)
        }
        _ => return None,
    };
    let camera = recorder.cameras.start + channel.checked_sub(1)?;
    let target = Target { camera, profile, track: None };
    (recorder.cameras.contains(&camera) && window.start < window.end).then_some(Playback {
        target,
        window,
        is_onvif,
    })
}

fn numbered(number: usize) -> Option<Profile> {
    Profile::BOTH.get(number.checked_sub(1)?).copied()
}

/// Channel (from 1) and profile.
fn of_make(make: Make, parts: &[&str], query: &str) -> Option<(usize, Profile)> {
    let parameter = |text: &str, name: &str| -> Option<usize> {
        let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name))?.1.parse().ok()
    };
    match (make, parts) {
        (Make::Wisenet, ["LiveChannel", channel, "media.smp", rest]) => {
            Some((channel.parse::<usize>().ok()? + 1, numbered(parameter(rest, "profile")?)?))
        }
        (Make::Hikvision, ["Streaming", "Channels", number]) => {
            let number: usize = number.parse().ok()?;
            Some((number / 100, numbered(number % 100)?))
        }
        (Make::Dahua, ["cam", "realmonitor"]) => {
            Some((parameter(query, "channel")?, numbered(parameter(query, "subtype")? + 1)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::list;

    #[test]
    fn addresses_of_recordings_name_spans_on_the_recorders_clock() {
        const NOW: i64 = 1_638_000_000_000;
        for (make, path, query, nth) in [
            (
                Make::Wisenet,
                "PlaybackChannel/1/media.smp/start=20211127T070000Z&end=20211127T071000Z&overlap=0",
                "",
                1,
            ),
            (
                Make::Hikvision,
                "Streaming/tracks/201",
                "starttime=20211127T140000Z&endtime=20211127T141000Z",
                1,
            ),
            (
                Make::Dahua,
                "cam/playback",
                "channel=2&subtype=0&starttime=2021_11_27_14_00_00&endtime=2021_11_27_14_10_00",
                1,
            ),
        ] {
            let recorder = list()
                .recorders
                .iter()
                .find(|r| r.equipment.make == make && r.cameras.len() > 2 && !r.equipment.was_put_back)
                .unwrap();
            let calendar = Calendar::new(recorder.equipment, 10_000, NOW);
            let found = playback(recorder, path, query, calendar, NOW).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(found.target.camera, recorder.cameras.start + nth);
            let hour_ago = NOW - 3_600_000 - 10_000;
            assert_eq!(found.window, hour_ago..hour_ago + 600_000, "{path}");
            assert_eq!(playback(recorder, path.split('/').next().unwrap(), "", calendar, NOW), None);
        }
    }

    #[test]
    fn addresses_of_each_make() {
        let of_make =
            |make| list().recorders.iter().find(|r| r.equipment.make == make && r.cameras.len() > 2).unwrap();
        for (make, path, query, wanted) in [
            (Make::Plain, "ch2/sub", "", Some((1, Profile::Sub, None))),
            (Make::Plain, "ch2/sub/trackID=2", "", Some((1, Profile::Sub, Some(sdp::SOUND_TRACK)))),
            (
                Make::Wisenet,
                "LiveChannel/0/media.smp/profile=2&session=A1",
                "",
                Some((0, Profile::Sub, None)),
            ),
            (Make::Hikvision, "Streaming/Channels/201", "", Some((1, Profile::Main, None))),
            (
                Make::Hikvision,
                "Streaming/Channels/201/trackID=1",
                "",
                Some((1, Profile::Main, Some(sdp::TRACK))),
            ),
            (Make::Dahua, "cam/realmonitor", "channel=2&subtype=1", Some((1, Profile::Sub, None))),
            (
                Make::Dahua,
                "cam/realmonitor",
                "channel=1&subtype=0/trackID=1",
                Some((0, Profile::Main, Some(sdp::TRACK))),
            ),
            (Make::Plain, "Streaming/Channels/201", "", None),
            (Make::Plain, "ch0/sub", "", None),
            (Make::Plain, "ch99/sub", "", None),
            (Make::Plain, "ch1/other", "", None),
            (Make::Plain, "ch1/sub/trackID=9", "", None),
            (Make::Plain, "ch1/sub/x/trackID=1", "", None),
        ] {
            let recorder = of_make(make);
            let found = of(recorder, path, query);
            let wanted = wanted.map(|(nth, profile, track)| Target {
                camera: recorder.cameras.start + nth,
                profile,
                track,
            });
            assert_eq!(found, wanted, "{path}?{query}");
        }
    }
}
