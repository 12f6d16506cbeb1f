//! Sound, talk and recordings over the wire.

use std::collections::HashMap;
use std::io::Write;

use super::client::Client;
use crate::recordings::{self, DAY};
use crate::{Make, Options, Profile, Province, Sound, list};

fn start(camera: usize) -> Province {
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    let province = Province::start(options).expect("ports can be opened");
    province.prepare_stream(camera, Profile::Sub).expect("the clip can be made");
    province
}

/// The first camera of these with plain pictures on such a recorder.
fn camera(wanted: impl Fn(&crate::Camera, Make) -> bool) -> usize {
    let of = |camera: &crate::Camera| wanted(camera, list().recorders[camera.recorder].equipment.make);
    list().cameras.iter().position(|camera| camera.movement.is_ptz() && of(camera)).expect("there is one")
}

#[test]
fn every_kind_of_sound_comes_beside_the_pictures() {
    for sound in [Sound::Pcmu, Sound::Pcma, Sound::Aac] {
        let camera = camera(|camera, _| camera.sound == Some(sound));
        let province = start(camera);
        let mut client = Client::connect(&province.source(camera, Profile::Sub));
        assert!(client.describe().body.contains("a=control:trackID=2"), "{sound:?}");
        assert_eq!(client.set_up().status, 200);
        assert_eq!(client.set_up_track(2, 2).status, 200);
        assert_eq!(client.set_up_track(2, 4).status, 455, "not twice");
        client.play();
        let mut packets: Vec<Vec<u8>> = Vec::new();
        let mut counts: HashMap<u8, usize> = HashMap::new();
        while packets.len() < 20 {
            let (channel, packet) = client.packet();
            *counts.entry(channel).or_default() += 1;
            if channel == 2 {
                packets.push(packet);
            }
        }
        assert!(
            counts.contains_key(&0) && counts.contains_key(&3),
            "pictures, and a report of the sound: {counts:?}"
        );
        let word = |packet: &[u8]| u32::from_be_bytes(packet[4..8].try_into().unwrap());
        let step = if sound == Sound::Aac { 1024 } else { 160 };
        for pair in packets.windows(2) {
            assert_eq!(word(&pair[1]).wrapping_sub(word(&pair[0])), step, "{sound:?}");
            assert_eq!(pair[0][1] & 0x7f, sound.payload_type());
        }
    }
}

#[test]
fn what_is_said_to_a_camera_is_heard() {
    let camera = camera(|camera, make| camera.sound.is_some() && make == Make::Wisenet);
    let province = start(camera);
    let source = province.source(camera, Profile::Sub);
    let mut client = Client::connect(&source);
    assert!(!client.describe().body.contains("trackID=3"), "only for those who ask");
    let url = client.url.clone();
    let asked = client.request("DESCRIBE", &url, "Require: www.onvif.org/ver20/backchannel\r\n");
    assert!(asked.body.contains("a=sendonly\r\na=control:trackID=3"), "{}", asked.body);
    assert_eq!(client.set_up_track(3, 0).status, 200);
    client.play();
    for sequence in 0..5_u16 {
        // The fourth is lost.
        let sequence = if sequence < 3 { sequence } else { sequence + 1 };
        let mut packet = vec![0x80, 0];
        packet.extend(sequence.to_be_bytes());
        packet.extend([0; 8]);
        packet.extend([0x80_u8; 160]);
        client.stream.write_all(&[b'$', 0, 0, packet.len() as u8]).unwrap();
        client.stream.write_all(&packet).unwrap();
    }
    assert_eq!(client.request("GET_PARAMETER", &url, "").status, 200, "all before it was read");
    let talk = province.talk(camera);
    assert_eq!((talk.packets, talk.gaps, talk.samples.len()), (5, 1, 800));
    assert!(talk.samples.iter().all(|sample| *sample > 32_000), "as loud as can be");
}

#[test]
fn a_recording_begins_at_the_key_frame_before_the_time_asked_and_one_seat_may_be_all() {
    let single = |camera: &crate::Camera, make: Make| {
        make == Make::Wisenet && list().recorders[camera.recorder].equipment.playbacks == 1
    };
    let camera = camera(single);
    let province = start(camera);
    let about = &list().cameras[camera];
    let source = province.replay_source(camera, Profile::Sub);
    let (calendar, now) = province.calendar(about.recorder);
    let at = recordings::recorded(camera, &(now - 2 * DAY..now), now)[0].start + 3_600_500;
    let range = format!(
        "Range: clock={}-\r\nRequire: onvif-replay\r\nRate-Control: no\r\n",
        calendar.utc(at, "%Y%m%dT%H%M%S%.3fZ")
    );
    let mut client = Client::connect(&source);
    assert_eq!(client.set_up().status, 200);
    let mut second = Client::connect(&source);
    assert_eq!(second.set_up().status, 560, "it has one seat");
    let url = client.url.clone();
    let played = client.request("PLAY", &url, &range);
    assert_eq!(played.status, 200, "{}", played.head);
    let word = |packet: &[u8], at: usize| u32::from_be_bytes(packet[at..at + 4].try_into().unwrap());
    let mut pictures = Vec::new();
    let mut last = None;
    while pictures.len() < 60 {
        let (channel, packet) = client.packet();
        if channel != 0 {
            continue;
        }
        assert_eq!((packet[0], &packet[12..16]), (0x90, &[0xab, 0xac, 0, 3][..]), "ONVIF's extension");
        let taken = (word(&packet, 16), word(&packet, 20));
        if last != Some(taken) {
            pictures.push((taken, packet[24]));
            last = Some(taken);
        }
    }
    assert_eq!(pictures[0].1 & 0x80, 0x80, "a key frame");
    let ms = |(seconds, fraction): (u32, u32)| {
        (i64::from(seconds) - 2_208_988_800) * 1000 + ((u64::from(fraction) * 1000) >> 32) as i64
    };
    let begun = ms(pictures[0].0);
    let asked = calendar.shown(at);
    assert!(begun <= asked && asked - begun <= 2000, "{begun} for {asked}");
    assert!(
        pictures.windows(2).all(|pair| (80..=87).contains(&(ms(pair[1].0) - ms(pair[0].0)))),
        "every one comes"
    );
    assert_eq!(client.request("PAUSE", &url, "").status, 200);
    assert_eq!(client.request("TEARDOWN", &url, "").status, 200);
    assert_eq!(second.set_up().status, 200, "the seat is free");
}
