//! Cameras of the simulated province are heard, while their pictures go on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Audible as _, Ear, Hearing, TalkState};
use model::Id;
use province::{Sound, list, strength};

use crate::support::{self, Room, Stage};

/// The loudspeaker's samples a second.
const RATE: u32 = 48_000;

#[test]
fn a_camera_of_each_codec_is_heard_beside_its_picture_and_takes_no_viewers_place_for_it() {
    let _turn = support::turn();
    let stage = Stage::new();
    let sounds = [Some(Sound::Pcmu), Some(Sound::Pcma), Some(Sound::Aac), None];
    let of = |sound| stage.cameras().iter().find(|(place, _)| list().cameras[*place].sound == sound);
    let tried: Vec<_> = sounds.into_iter().filter_map(|sound| Some((sound, of(sound)?))).collect();
    assert!(tried.len() >= 3, "the site has cameras of several kinds: {tried:?}");
    let others = stage.cameras().iter().filter(|one| tried.iter().all(|(_, tried)| tried != one));
    let watched: Vec<Id> =
        tried.iter().map(|(_, one)| *one).chain(others).map(|(_, id)| id.clone()).take(12).collect();
    let rooms = [Room::alone(stage.inventory(), "một mình", &watched)];
    let room = &rooms[0];
    stage.until(&rooms, "all are live", |_| room.live().len() == watched.len());
    for (sound, (place, id)) in tried {
        room.feeds.listen(Some(id.clone()));
        let hearing = || room.feeds.ear().map(|ear| ear.hearing(Instant::now()));
        match stage.province().pitch(*place) {
            Some(pitch) => {
                stage.until(&rooms, "it is heard", |_| {
                    assert!(room.live().contains(id), "its picture goes on");
                    matches!(hearing(), Some(Hearing::Heard { .. }))
                });
                let ear = room.feeds.ear().expect("it is heard");
                let heard = listen(&stage, &rooms, &ear);
                println!("{sound:?}: {heard:.1} Hz of {pitch}");
                // Up to a hundredth faster or slower, where what has come runs out or piles up.
                let pitch = f64::from(pitch);
                assert!((heard - pitch).abs() < 1.5 + pitch / 100.0, "{sound:?}: {heard} Hz, not {pitch}");
            }
            None => {
                stage.until(&rooms, "it is silent", |_| hearing() == Some(Hearing::Silent));
            }
        }
        stage.until(&rooms, "one stream is left", |_| stage.viewers(*place) == 1);
        assert!(room.live().contains(id));
        room.feeds.listen(None);
        assert!(room.feeds.ear().is_none());
    }
    stage.pass(&rooms, Duration::from_secs(1));
    assert_eq!(room.live().len(), watched.len(), "all pictures go on");
}

/// The pitch of two seconds, taken as a loudspeaker does.
fn listen(stage: &Stage, rooms: &[Room], ear: &Arc<Ear>) -> f64 {
    let mut samples = Vec::new();
    let began = Instant::now();
    let mut piece = vec![0.0; (RATE / 100) as usize];
    while samples.len() < 4 * RATE as usize {
        stage.pass(rooms, Duration::from_millis(10));
        while samples.len() < (began.elapsed().as_secs_f64() * f64::from(RATE)) as usize {
            ear.fill(&mut piece, RATE, Duration::ZERO);
            samples.extend_from_slice(&piece);
        }
    }
    // The first second may still be silence.
    let samples = &samples[2 * RATE as usize..];
    assert!(samples.iter().any(|sample| sample.abs() > 0.01), "something is heard");
    strongest(samples)
}

/// The frequency between 150 and 700 Hz that there is most of.
fn strongest(samples: &[f32]) -> f64 {
    let candidates = (150..700).map(f64::from);
    candidates
        .map(|hertz| (strength(samples, RATE, hertz), hertz))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0.0, |(_, hertz)| hertz)
}

#[test]
fn a_camera_with_a_loudspeaker_says_what_is_said_here_and_the_others_are_known() {
    let _turn = support::turn();
    let stage = Stage::new();
    let rooms = [Room::alone(stage.inventory(), "một mình", &[stage.cameras()[0].1.clone()])];
    let feeds = &rooms[0].feeds;
    let asked: Vec<(usize, Id, bool)> = stage
        .cameras()
        .iter()
        .map(|(place, id)| {
            let (say, hear) = std::sync::mpsc::sync_channel(1);
            feeds.ask_talk(id, move |offered| say.send(offered).unwrap());
            (*place, id.clone(), hear.recv_timeout(support::PATIENCE).unwrap())
        })
        .collect();
    let mute = asked.iter().filter(|(place, ..)| list().cameras[*place].sound.is_none());
    assert!(mute.clone().count() > 0 && mute.clone().all(|(_, _, offered)| !offered));
    let (place, id, _) =
        asked.iter().find(|(_, _, offered)| *offered).expect("one that can be spoken through");

    let talking = feeds.talk(id, Arc::new(|| {})).unwrap();
    stage.until(&rooms, "its loudspeaker is open", |_| talking.state() == TalkState::Open);
    let began = Instant::now();
    let mut said = 0;
    let tone = |n: usize| (n as f64 * 440.0 / 8000.0 * std::f64::consts::TAU).sin() as f32 * 0.5;
    while said < 16_000 {
        stage.pass(&rooms, Duration::from_millis(10));
        // As a microphone does, in pieces that are no packets.
        let until = (began.elapsed().as_secs_f64() * 8000.0) as usize;
        let piece: Vec<f32> = (said..until).map(tone).collect();
        said = until;
        talking.say(&piece);
    }
    let heard = || stage.province().talk(*place);
    stage.until(&rooms, "it was said", |_| heard().packets >= 90);
    drop(talking);
    let talk = heard();
    assert_eq!(talk.gaps, 0);
    let samples: Vec<i16> = talk.samples.iter().copied().collect();
    let crossings = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
    let pitch = crossings as f64 * 8000.0 / samples.len() as f64;
    println!("{} packets, {pitch:.1} Hz of 440", talk.packets);
    // Packets that a busy machine leaves out are no other tone.
    assert!((pitch - 440.0).abs() < 12.0, "{pitch} Hz");
}
