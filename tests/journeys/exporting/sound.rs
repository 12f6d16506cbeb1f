//! The sound of a camera is in its package as it came, and heard when the package is played.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Audible as _, Hearing};
use evidence::{Complete, Group, SoundFormat};
use jiff::Timestamp;
use model::{Moment, Period};
use province::Sound;

use crate::hearing::{camera_with, heard, is_heard};
use crate::played::Played;
use crate::stage::{Stage, heard_by_mpv, probed, sound_taken_out, stage_of};

fn kept(stage: &Stage) -> (Period, Complete) {
    let period = stage.period(20);
    (period, stage.complete(&stage.order("giữ", period)))
}

#[test]
fn aac_is_in_a_package_as_the_recorder_sent_it_and_others_play_it() {
    let camera = camera_with(Sound::Aac);
    let stage = stage_of(camera);
    let (period, complete) = kept(&stage);
    stage.verify(&complete.folder);
    let format = complete.manifest.cameras[0].source.sound.clone();
    assert_eq!(format, Some(SoundFormat::Aac { rate: 16_000, channels: 1, config: "1408".to_owned() }));
    let taken = sound_taken_out(&complete);
    // What a recorder sends between two pictures comes behind the first of them.
    let within = |at: i64| at >= period.from.ms() + 200 && at < period.until.ms() - 200;
    let found: Vec<_> = taken.iter().filter(|(at, _)| within(*at)).collect();
    for (at, data) in &found {
        assert_eq!(stage.province.access_unit(camera, *at).as_ref(), Some(data), "{at}");
    }
    // 1,024 samples of 16,000 a second.
    assert!(found.windows(2).all(|pair| (63..=65).contains(&(pair[1].0 - pair[0].0))), "each once");
    assert!(found.len() >= 300, "{}", found.len());
    let said = probed(&complete, "a", "codec_name,sample_rate,channels,nb_read_frames");
    assert_eq!(said, format!("aac,16000,1,{}", taken.len()));
    let heard = heard_by_mpv(&complete.folder.join(&complete.manifest.cameras[0].files[0].name));
    let long = taken.len() as f64 * 1024.0 / 16_000.0;
    assert!(heard.is_none_or(|heard| (heard - long).abs() < 0.5), "{heard:?} of {long} s");
}

#[test]
fn what_is_kept_is_heard_without_its_recorder() {
    for sound in [Sound::Pcmu, Sound::Aac] {
        let camera = camera_with(sound);
        let stage = stage_of(camera);
        let pitch = f64::from(stage.province.pitch(camera).expect("it hears something"));
        let (period, complete) = kept(&stage);
        let place = period.from.plus(Duration::from_secs(5));
        let played = Played::new(&stage, &complete.folder, place);
        played.player.play(1.0);
        let voice = Arc::clone(played.reel.voice());
        played.wait_for("sound", || {
            heard(&*voice, Duration::from_millis(50));
            matches!(voice.hearing(Instant::now()), Hearing::Heard { .. })
        });
        is_heard(&heard(&*voice, Duration::from_secs(1)), pitch, &format!("{sound:?}"));
    }
}

#[test]
fn of_what_is_kept_the_sound_of_a_group_that_was_changed_is_not_heard() {
    let camera = camera_with(Sound::Pcmu);
    let stage = stage_of(camera);
    let (period, complete) = kept(&stage);
    let file = &complete.manifest.cameras[0].files[0];
    let middle = Timestamp::from_microsecond(period.from.plus(Duration::from_secs(10)).0).expect("a time");
    let group = Group::at(&complete.folder, file, middle).expect("an index").expect("a group");
    let path = complete.folder.join(&file.name);
    let mut bytes = std::fs::read(&path).expect("it is read");
    bytes[(group.offset + group.bytes / 2) as usize] ^= 1;
    std::fs::write(&path, bytes).expect("it is written");

    let begins = Moment(group.from.as_microsecond());
    let played = Played::new(&stage, &complete.folder, begins.minus(Duration::from_millis(1500)));
    // Nothing is passed over, so that the clock goes through the changed group.
    played.player.set_skip_holes(false);
    played.player.play(1.0);
    let voice = Arc::clone(played.reel.voice());
    let until = Moment(group.to.as_microsecond()).minus(Duration::from_millis(400));
    let (mut before, mut inside) = (Vec::new(), Vec::new());
    played.wait_for("the end of the changed group", || {
        let samples = heard(&*voice, Duration::from_millis(20));
        let at = played.player.state().at;
        if at < begins {
            before.extend(samples);
        } else if at > begins.plus(Duration::from_millis(400)) {
            inside.extend(samples);
        }
        at > until
    });
    let loudest = |samples: &[f32]| samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
    assert!(loudest(&before) > 0.01, "what lies before it is heard");
    assert!(!inside.is_empty() && loudest(&inside) < 0.001, "{}", loudest(&inside));
}
