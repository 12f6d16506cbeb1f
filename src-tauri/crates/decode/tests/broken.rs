//! Broken, hostile and unsupported streams: said in words, counted, and over at the next good key frame.

mod support;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use bytes::Bytes;
use decode::{Event, Options, Pool, Preference, Sink};
use model::{AccessUnit, Codec, Picture};
use support::{
    HANG, Output, Passage, Rig, channel, clips, damaged, drops, events, faults, pictures, timestamps, unit,
};

/// Numbers that look random and are the same in each run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}

fn camera() -> Vec<AccessUnit> {
    clips::camera("testsrc2=s=320x240:r=25:d=1", 10)
}

fn clips_of_all_codecs() -> [Vec<AccessUnit>; 3] {
    let source = "testsrc2=s=320x240:r=25:d=1";
    [camera(), clips::h264(source, "", "bframes=0:keyint=10"), clips::mjpeg(source, "")]
}

/// A healthy clip is decoded to the last picture, undamaged.
fn assert_recovered(rig: &Rig, units: &[AccessUnit]) {
    let outputs = rig.feed_all(units);
    assert_eq!(timestamps(&outputs), units.iter().map(|unit| unit.timestamp).collect::<Vec<_>>());
    assert!(pictures(&outputs).iter().all(|picture| !picture.damaged));
}

#[test]
fn truncated_units_do_no_lasting_harm() {
    for units in clips_of_all_codecs() {
        let rig = Rig::new(Preference::Software);
        let mut noise = Noise(1);
        for unit in &units {
            let length = noise.next() as usize % unit.data.len();
            rig.feed(&AccessUnit { data: unit.data.slice(..length), ..unit.clone() });
        }
        assert_recovered(&rig, &units);
    }
}

#[test]
fn flipped_bits_do_no_lasting_harm() {
    for units in clips_of_all_codecs() {
        let rig = Rig::new(Preference::Software);
        let mut noise = Noise(2);
        for unit in &units {
            let mut data = unit.data.to_vec();
            for _ in 0..=data.len() / 100 {
                let at = noise.next() as usize % data.len();
                data[at] ^= 1 << (noise.next() % 8);
            }
            rig.feed(&AccessUnit { data: data.into(), ..unit.clone() });
        }
        assert_recovered(&rig, &units);
    }
}

#[test]
fn garbage_is_counted_reported_and_survived() {
    for units in clips_of_all_codecs() {
        let rig = Rig::new(Preference::Software);
        let mut noise = Noise(3);
        let mut outputs = Vec::new();
        for index in 0..60 {
            let length = noise.next() as usize % 3000;
            let data = [vec![0, 0, 1], noise.bytes(length)].concat();
            outputs.extend(rig.feed(&unit(units[0].codec, data, index % 10 == 0)));
        }
        let told = faults(&outputs);
        assert!(!told.is_empty(), "{:?}: {:?}", units[0].codec, drops(&outputs));
        if units[0].codec != Codec::Mjpeg {
            assert!(told.len() <= 6, "once a key frame: {told:?}");
        }
        assert!(drops(&outputs).undecodable >= 3);
        assert_recovered(&rig, &units);
    }
}

#[test]
fn missing_parameter_sets_are_named() {
    let mut units = camera();
    let parameters = Arc::clone(&units[0].parameters);
    for unit in &mut units {
        unit.parameters = Arc::from([]);
    }
    let rig = Rig::new(Preference::Software);
    let outputs = rig.feed_all(&units);
    assert_eq!(timestamps(&outputs), [0_i64; 0]);
    let told = faults(&outputs);
    assert_eq!(told.len(), 3, "once for each key frame: {told:?}");
    assert!(told[0].contains("PPS"), "{told:?}");
    for unit in &mut units {
        unit.parameters = Arc::clone(&parameters);
    }
    assert_recovered(&rig, &units);
}

#[test]
fn a_missing_reference_marks_pictures_even_if_no_loss_was_told() {
    let mut units = camera();
    units.remove(3);
    let outputs = Rig::new(Preference::Software).feed_all(&units);
    assert_eq!(damaged(&outputs), [3, 4, 5, 6, 7, 8]);
}

#[test]
fn an_absurd_unit_is_refused() {
    let units = camera();
    let rig = Rig::new(Preference::Software);
    rig.feed(&units[0]);
    let outputs =
        rig.feed(&AccessUnit { data: Bytes::from(vec![0; AccessUnit::MAX_BYTES + 1]), ..units[1].clone() });
    assert_eq!(faults(&outputs), ["cannot be decoded: access unit of 8388609 bytes, more than 8388608"]);
    assert!(pictures(&rig.feed(&units[2])).iter().all(|picture| picture.damaged));
    assert_recovered(&rig, &units[10..]);
}

#[test]
fn an_absurd_size_is_refused() {
    let source = "color=s=8320x64:r=5:d=0.6";
    for units in
        [clips::camera(source, 5), clips::h264(source, "", "bframes=0:keyint=5"), clips::mjpeg(source, "")]
    {
        let rig = Rig::new(Preference::Software);
        let outputs = rig.feed_all(&units);
        assert_eq!(timestamps(&outputs), [0_i64; 0]);
        let told = &faults(&outputs)[0];
        assert!(told.contains("8320 x 64") && told.contains("8192 x 8192"), "{told}");
        assert_recovered(&rig, &camera());
    }
}

#[test]
fn an_unsupported_format_is_named() {
    let units = clips::h265("testsrc2=s=320x240:r=5:d=0.6", "-pix_fmt yuv420p12le", "bframes=0");
    let rig = Rig::new(Preference::Software);
    let outputs = rig.feed_all(&units);
    assert_eq!(timestamps(&outputs), [0_i64; 0]);
    assert_eq!(faults(&outputs), ["cannot be decoded: pixel format yuv420p12le is not supported"]);
    assert_recovered(&rig, &camera());
}

/// Panics at the first picture.
struct Clumsy {
    panicked: bool,
    output: SyncSender<Output>,
}

impl Sink for Clumsy {
    fn picture(&mut self, picture: Picture) {
        assert!(std::mem::replace(&mut self.panicked, true), "the first picture slipped");
        let _ = self.output.send(Output::Picture(picture));
    }

    fn event(&mut self, event: Event) {
        let _ = self.output.send(Output::Event(event));
    }
}

#[test]
fn a_panic_ends_with_its_picture() {
    let units = camera();
    let (sender, output) = channel();
    let rig =
        Rig::with_sink(Preference::Software, Box::new(Clumsy { panicked: false, output: sender }), output);
    let outputs = rig.feed_all(&units);
    assert_eq!(
        faults(&outputs),
        ["cannot be decoded: the decoder's thread panicked: the first picture slipped"]
    );
    assert_eq!(timestamps(&outputs), units[10..].iter().map(|unit| unit.timestamp).collect::<Vec<_>>());
}

#[test]
fn broken_streams_leave_their_neighbours_alone() {
    let units = camera();
    let pool = Pool::new(NonZeroUsize::new(2).expect("two"));
    let mut noise = Noise(4);
    let (ignored, _) = channel();
    let bad: Vec<_> = (0..8)
        .map(|index| pool.open(Options::new(format!("bad {index}")), Box::new(Passage(ignored.clone()))))
        .collect();
    let (sender, output) = channel();
    let good = pool.open(Options::new("good"), Box::new(Passage(sender)));
    for unit in &units {
        for input in &bad {
            let length = noise.next() as usize % 500;
            let data = [vec![0, 0, 1], noise.bytes(length)].concat();
            input.push(AccessUnit { data: data.into(), ..unit.clone() });
        }
        good.push(unit.clone());
    }
    let mut shown = 0;
    while shown < units.len() {
        match output.recv_timeout(HANG).expect("a picture") {
            Output::Picture(picture) => {
                assert!(!picture.damaged);
                shown += 1;
            }
            Output::Event(event) => assert!(matches!(event, Event::Decoder { .. }), "{event:?}"),
        }
    }
}

#[test]
fn counts_are_told_when_they_change() {
    let rig = Rig::new(Preference::Software);
    let outputs = rig.feed(&camera()[1]);
    let told = events(&outputs);
    assert!(matches!(told[..], [Event::Dropped(drops)] if drops.before_key_frame == 1), "{told:?}");
}
