//! Many streams on few threads: turns, lateness, closing, and where hardware is wanted.

mod support;

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use decode::{Event, Options, Pool, Preference, Sink, hardware};
use model::{AccessUnit, Decoder, Drops, Picture};
use support::{HANG, Output, Passage, Rig, channel, clips, events, faults, pictures};

/// Holds its worker up at the first picture until it is let go.
struct Gate {
    open: Option<Receiver<()>>,
    name: &'static str,
    output: SyncSender<(&'static str, Output)>,
}

impl Sink for Gate {
    fn picture(&mut self, picture: Picture) {
        let _ = self.output.send((self.name, Output::Picture(picture)));
        if let Some(open) = self.open.take() {
            let _ = open.recv();
        }
    }

    fn event(&mut self, event: Event) {
        let _ = self.output.send((self.name, Output::Event(event)));
    }
}

/// Units that arrive 40 ms apart.
fn in_real_time(units: Vec<AccessUnit>) -> Vec<AccessUnit> {
    let start = Instant::now();
    let arrival = |(index, unit)| AccessUnit { received: start + Duration::from_millis(40) * index, ..unit };
    (0..).zip(units).map(arrival).collect()
}

#[test]
fn a_late_stream_skips_to_a_key_frame_in_time() {
    let units = in_real_time(clips::camera("testsrc2=s=320x240:r=25:d=2", 8));
    let pool = Pool::new(NonZeroUsize::MIN);
    let ((let_go, open), (sender, output)) = (channel(), channel());
    let sink = Gate { open: Some(open), name: "late", output: sender };
    let input = pool.open(Options::new("late"), Box::new(sink));
    input.push(units[0].clone());
    let first = std::iter::from_fn(|| output.recv_timeout(HANG).ok());
    assert!(first.into_iter().any(|(_, output)| matches!(output, Output::Picture(_))));
    for unit in &units[1..] {
        input.push(unit.clone()); // while the worker is held up
    }
    let_go.send(()).expect("the worker waits");

    // 50 units, key frames at 0, 8, …, 48; the newest is 49, and 400 ms are 10 units.
    let mut shown = Vec::new();
    let mut dropped = Drops::default();
    while shown.last() != Some(&units[49].timestamp) || dropped.late == 0 {
        match output.recv_timeout(HANG).expect("more output").1 {
            Output::Picture(picture) => {
                assert!(!picture.damaged);
                shown.push(picture.timestamp);
            }
            Output::Event(Event::Dropped(drops)) => dropped = drops,
            Output::Event(_) => {}
        }
    }
    assert_eq!(shown, units[40..].iter().map(|unit| unit.timestamp).collect::<Vec<_>>());
    assert_eq!(dropped.late, 39, "units 1 to 39");
}

#[test]
fn a_burst_is_decoded_to_the_end() {
    let units = clips::camera("testsrc2=s=320x240:r=25:d=2", 50);
    let pool = Pool::new(NonZeroUsize::MIN);
    let (sender, output) = channel();
    let input = pool.open(Options::new("burst"), Box::new(Passage(sender)));
    let now = Instant::now();
    for unit in &units {
        input.push(AccessUnit { received: now, ..unit.clone() });
    }
    let shown = output.iter().filter(|output| matches!(output, Output::Picture(_))).take(units.len());
    assert_eq!(shown.count(), units.len());
}

#[test]
fn a_busy_stream_leaves_the_others_their_turn() {
    let units = clips::camera("testsrc2=s=320x240:r=25:d=2", 50);
    let pool = Pool::new(NonZeroUsize::MIN);
    let ((let_go, open), (sender, output)) = (channel(), channel());
    let sink = Gate { open: Some(open), name: "busy", output: sender.clone() };
    let busy = pool.open(Options::new("busy"), Box::new(sink));
    let modest =
        pool.open(Options::new("modest"), Box::new(Gate { open: None, name: "modest", output: sender }));
    let now = Instant::now();
    for unit in &units {
        busy.push(AccessUnit { received: now, ..unit.clone() });
    }
    modest.push(units[0].clone());
    let_go.send(()).expect("the worker waits");
    let order =
        output.iter().filter(|(_, output)| matches!(output, Output::Picture(_))).map(|(name, _)| name);
    let turn = order.take(20).position(|name| name == "modest");
    assert!(turn.is_some_and(|turn| turn <= 8), "{turn:?}");
}

/// Says on which thread it is called.
struct Witness(SyncSender<Option<String>>);

impl Sink for Witness {
    fn picture(&mut self, _: Picture) {
        let _ = self.0.send(std::thread::current().name().map(str::to_owned));
    }

    fn event(&mut self, _: Event) {}
}

#[test]
fn workers_have_names() {
    let pool = Pool::new(NonZeroUsize::MIN);
    let (sender, names) = channel();
    let input = pool.open(Options::new("named"), Box::new(Witness(sender)));
    input.push(clips::mjpeg("testsrc2=s=16x16:d=0.04", "").remove(0));
    assert_eq!(names.recv_timeout(HANG), Ok(Some("decode-0".to_owned())));
}

#[test]
fn a_pool_closes_while_it_is_busy() {
    let units = clips::camera("testsrc2=s=640x360:r=25:d=2", 50);
    let pool = Pool::new(NonZeroUsize::new(2).expect("two"));
    let (sender, output) = channel();
    let inputs: Vec<_> = (0..8)
        .map(|index| pool.open(Options::new(format!("{index}")), Box::new(Passage(sender.clone()))))
        .collect();
    drop(sender);
    let now = Instant::now();
    for unit in &units {
        for input in &inputs {
            input.push(AccessUnit { received: now, ..unit.clone() });
        }
    }
    drop(pool);
    let shown = output.try_iter().filter(|output| matches!(output, Output::Picture(_))).count();
    assert!(shown < units.len() * inputs.len(), "it did not wait for the backlog");
    for input in &inputs {
        input.push(units[0].clone());
        input.reset();
    }
    assert_eq!(output.try_iter().count(), 0, "nobody decodes any more");
    drop(inputs);
    assert!(output.recv_timeout(HANG).is_err(), "all sinks are gone");
}

#[test]
fn dropping_the_input_drops_the_sink() {
    let pool = Pool::new(NonZeroUsize::MIN);
    let (sender, output) = channel();
    let input = pool.open(Options::new("short"), Box::new(Passage(sender)));
    for unit in clips::camera("testsrc2=s=320x240:r=25:d=0.4", 5) {
        input.push(unit);
    }
    drop(input);
    while let Ok(output) = output.recv_timeout(HANG) {
        drop(output);
    }
    assert!(matches!(output.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected)));
}

#[test]
fn hardware_says_what_there_is() {
    let all = hardware();
    assert!(!all.is_empty());
    for availability in all {
        assert!(availability.decoder.is_hardware());
        assert_eq!(availability.available, availability.reason.is_empty(), "{availability:?}");
    }
}

#[test]
fn auto_takes_hardware_or_says_why_not() {
    let units = clips::camera("testsrc2=s=640x360:r=25:d=0.4", 5);
    let outputs = Rig::new(Preference::Auto).feed_all(&units);
    assert_eq!(pictures(&outputs).len(), units.len());
    let last = events(&outputs).into_iter().rfind(|event| matches!(event, Event::Decoder { .. }));
    match last.expect("the decoder is told") {
        Event::Decoder { decoder: Decoder::Software, note } => {
            let note = note.as_deref().expect("a reason against hardware");
            for availability in hardware().iter().filter(|availability| !availability.available) {
                assert!(note.contains(availability.decoder.name()), "{note}");
            }
        }
        Event::Decoder { decoder, note } => assert!(decoder.is_hardware() && note.is_none()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn hardware_alone_is_a_fault_where_there_is_none() {
    let units = clips::camera("testsrc2=s=640x360:r=25:d=0.4", 5);
    let outputs = Rig::new(Preference::Hardware).feed_all(&units);
    if hardware().iter().any(|availability| availability.available) {
        assert!(pictures(&outputs).iter().all(|picture| picture.decoder.is_hardware()));
        return;
    }
    assert_eq!(pictures(&outputs).len(), 0);
    let told = faults(&outputs);
    assert_eq!(told.len(), 2, "once a key frame: {told:?}");
    for availability in hardware() {
        assert!(told[0].contains(availability.decoder.name()), "{told:?}");
    }
}
