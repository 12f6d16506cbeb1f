//! The planner as a whole: from counts and refusals to what is opened.

use std::time::Duration;

use decode::Work;
use model::{Capacity, Codec, Decoder};

use super::*;
use crate::statistics::Sample;

/// 16 cameras on a recorder that sends 20 Mb/s, of a site with 100.
fn planner(cores: f64) -> (Planner, Vec<Id>) {
    let camera = |n: usize| {
        format!(
            r#"{{"id":"c{n}","name":"","viewers":6,"profiles":[
            {{"kind":"main","address":"rtsp://10.0.0.1/{n}/main","width":1920,"height":1080,"frame_rate":25,"kbps":2000}},
            {{"kind":"sub","address":"rtsp://10.0.0.1/{n}/sub","width":640,"height":360,"frame_rate":12,"kbps":256}}]}}"#
        )
    };
    let cameras: Vec<String> = (0..16).map(camera).collect();
    let text = format!(
        r#"{{"version":1,"name":"","sites":[{{"id":"s","name":"","district":"","uplink_mbps":100,"recorders":[
        {{"id":"r","name":"","sends_mbps":20,"cameras":[{}]}}]}}]}}"#,
        cameras.join(",")
    );
    let inventory = Inventory::parse(text.as_bytes()).unwrap();
    let ids = (0..16).map(|n| Id::new(&format!("c{n}")).unwrap()).collect();
    (Planner::new(&inventory, cores), ids)
}

fn wanted(ids: &[Id], width: u32, height: u32) -> Vec<Wanted> {
    let tile = |camera: &Id| Wanted {
        camera: camera.clone(),
        size: Size::new(width, height),
        fit: Fit::Fit,
        turn: Turn::None,
        zoom: 1.0,
        selected: false,
        enlarged: false,
        key_frames_suffice: false,
        small_suffices: false,
    };
    ids.iter().map(tile).collect()
}

#[test]
fn a_zoomed_tile_asks_for_the_full_picture_until_it_shows_all_of_it_again() {
    let (mut planner, ids) = planner(64.0);
    let now = Instant::now();
    let mut tiles = wanted(&ids[..1], 480, 270);
    for (zoom, choice) in [(1.0, Choice::Sub), (3.0, Choice::Main), (1.0, Choice::Sub)] {
        tiles[0].zoom = zoom;
        planner.show(0, &tiles, now);
        assert_eq!(planner.verdict(&ids[0]).unwrap().choice, choice, "{zoom}");
    }
}

#[test]
fn large_tiles_share_what_the_recorder_sends() {
    let (mut planner, ids) = planner(64.0);
    assert!(planner.show(0, &wanted(&ids, 960, 540), Instant::now()));
    let choices: Vec<Choice> = ids.iter().map(|id| planner.verdict(id).unwrap().choice).collect();
    let mains = choices.iter().filter(|choice| **choice == Choice::Main).count();
    // 16 sub streams take 4.1 of the 18 Mb/s that leave the reserve; each main stream 1.744 more.
    assert_eq!(mains, 7, "{choices:?}");
    assert_eq!(choices.iter().filter(|choice| **choice == Choice::Sub).count(), 9);
    let limited =
        ids.iter().filter(|id| matches!(planner.verdict(id).unwrap().reason, Reason::RecorderMbps(_)));
    assert_eq!(limited.count(), 9);
    let recorder = planner.recorders().next().unwrap();
    assert_eq!((recorder.limit, recorder.learned, recorder.streams), (Some(20.0), false, 16));
}

#[test]
fn an_enlarged_camera_gets_its_main_stream_at_once() {
    let (mut planner, ids) = planner(64.0);
    let now = Instant::now();
    planner.show(0, &wanted(&ids, 480, 270), now);
    assert_eq!(planner.verdict(&ids[3]).unwrap().choice, Choice::Sub);
    let mut one = wanted(&ids[3..4], 1920, 1080);
    one[0].enlarged = true;
    assert!(planner.show(0, &one, now + Duration::from_secs(1)));
    assert_eq!(planner.verdict(&ids[3]).unwrap().choice, Choice::Main);
    assert_eq!(planner.verdict(&ids[4]).unwrap().choice, Choice::Nothing);
    assert!(planner.has_room(&ids[3], ProfileKind::Sub), "the old picture may stay until the new one comes");
}

#[test]
fn a_weak_machine_shows_key_frames_rather_than_nothing() {
    let (mut planner, ids) = planner(0.05);
    planner.show(0, &wanted(&ids, 480, 270), Instant::now());
    let dark = ids.iter().filter(|id| planner.verdict(id).unwrap().choice == Choice::Nothing).count();
    let still = ids.iter().filter(|id| matches!(planner.verdict(id).unwrap().choice, Choice::KeyFrames(_)));
    assert_eq!(dark, 0);
    assert!(still.count() >= 10);
}

/// The open streams of a planner, counting on as streams do.
struct Play {
    planner: Planner,
    ids: Vec<Id>,
    now: Instant,
    samples: HashMap<(Id, ProfileKind), Sample>,
    /// Of the Mb/s that a stream sends, as much arrives.
    arriving: f64,
    lag: Duration,
    /// Processor milliseconds of a main stream's picture.
    picture_ms: u64,
    late: u64,
    decoder: Decoder,
    /// More than so many are decoded on the processor.
    gpu_sessions: usize,
}

impl Play {
    fn new(cores: f64, width: u32, height: u32) -> Self {
        let (mut planner, ids) = planner(cores);
        let now = Instant::now();
        planner.show(0, &wanted(&ids, width, height), now);
        Self {
            planner,
            ids,
            now,
            samples: HashMap::new(),
            arriving: 1.0,
            lag: Duration::ZERO,
            picture_ms: 5,
            late: 0,
            decoder: Decoder::Software,
            gpu_sessions: usize::MAX,
        }
    }

    /// Half a second; main streams send `mbps`.
    fn half_a_second(&mut self, mbps: f64) {
        self.now += Duration::from_millis(500);
        let mut seen = Vec::new();
        for (at, id) in self.ids.iter().enumerate() {
            let Some(kind) = self.planner.verdict(id).unwrap().choice.kind() else { continue };
            let main = kind == ProfileKind::Main;
            let sample = self.samples.entry((id.clone(), kind)).or_default();
            sample.bytes += (self.arriving * if main { mbps } else { 0.256 } * 1e6 / 16.0) as u64;
            sample.received += if main { 12 } else { 6 };
            sample.late += self.late;
            sample.lag = self.lag;
            sample.codec = Some(Codec::H265);
            sample.size = Some(if main { Size::new(1920, 1080) } else { Size::new(640, 360) });
            let on_gpu = self.decoder.is_hardware() && at < self.gpu_sessions;
            sample.decoder = Some(if on_gpu { self.decoder } else { Decoder::Software });
            sample.fell_back = self.decoder.is_hardware() && !on_gpu;
            let pictures = if main { 12 } else { 6 };
            let time = if main { self.picture_ms } else { 1 } * pictures / if on_gpu { 10 } else { 1 };
            sample.work = Work {
                others: sample.work.others + pictures,
                other_time: sample.work.other_time + Duration::from_millis(time),
                ..sample.work
            };
            let slot = at as u64 * 2 + u64::from(main);
            seen.push(Seen { camera: id.clone(), kind, slot, sample: *sample });
        }
        self.planner.observe(&seen, self.now);
        self.planner.plan(self.now);
    }

    fn seconds(&mut self, seconds: u64, mbps: f64) {
        (0..seconds * 2).for_each(|_| self.half_a_second(mbps));
    }

    fn count(&self, choice: Choice) -> usize {
        let is = |id: &&Id| self.planner.verdict(id).unwrap().choice == choice;
        self.ids.iter().filter(is).count()
    }

    fn used(&self) -> f64 {
        self.planner.decision.as_ref().unwrap().recorders[0].used
    }
}

#[test]
fn streams_that_send_more_than_declared_make_room() {
    let mut play = Play::new(64.0, 960, 540);
    assert_eq!(play.count(Choice::Main), 7);
    play.seconds(40, 4.0);
    assert_eq!(play.count(Choice::Main), 3, "3 × 4 and 13 × 0.256 of 18 Mb/s");
    assert!(play.used() <= 18.0);
    let recorder = play.planner.recorders().next().unwrap();
    assert!((recorder.received - (3.0 * 4.0 + 13.0 * 0.256)).abs() < 0.5, "{recorder:?}");
    assert!(!recorder.learned);
}

#[test]
fn streams_that_send_less_let_others_in_one_by_one() {
    let mut play = Play::new(64.0, 960, 540);
    play.seconds(300, 1.0);
    // A main stream that has not been open counts as declared until it has.
    assert!(play.count(Choice::Main) >= 11, "{}", play.count(Choice::Main));
    assert!(play.used() <= 18.0);
}

#[test]
fn a_dear_machine_is_found_out_stream_by_stream() {
    let mut play = Play::new(1.3, 704, 396);
    assert_eq!(play.count(Choice::Sub), 16);
    play.planner.show(0, &wanted(&play.ids[..6], 1280, 720), play.now);
    assert_eq!(play.count(Choice::Main), 6, "as expected of 5.7 ms a picture");
    play.picture_ms = 15;
    play.seconds(30, 2.0);
    // 24 pictures a second of 15 ms: 0.36 cores each.
    assert_eq!((play.count(Choice::Main), play.count(Choice::Sub)), (3, 3));
}

#[test]
fn a_device_that_refuses_is_asked_for_less_and_is_shown_as_measured() {
    let mut play = Play::new(64.0, 960, 540);
    play.seconds(1, 2.0);
    let refused = play.ids.iter().find(|id| play.planner.verdict(id).unwrap().choice == Choice::Main);
    let refused = refused.unwrap().clone();
    let until = play.now + Duration::from_secs(30);
    play.planner.refuse(&refused, ProfileKind::Main, Capacity::Bandwidth, until, play.now);
    play.planner.plan(play.now);
    assert_eq!(play.planner.verdict(&refused).unwrap().choice, Choice::Sub);
    let recorder = play.planner.recorders().next().unwrap();
    assert!(recorder.learned && recorder.declared == Some(20.0));
    assert!((recorder.limit.unwrap() - (16.304 + 2.0) * 0.95).abs() < 0.01, "{recorder:?}");
    assert!(play.used() <= recorder.limit.unwrap() * 0.9);
    play.seconds(31, 2.0);
    assert!(play.planner.recorders().next().unwrap().learned, "it comes back within minutes, not seconds");
    play.seconds(300, 2.0);
    assert_eq!(play.planner.recorders().next().unwrap().limit, Some(20.0));
}

#[test]
fn a_line_that_lags_is_asked_for_what_it_brings() {
    let mut play = Play::new(64.0, 960, 540);
    play.seconds(12, 2.0);
    play.seconds(12, 1.0);
    let site = play.planner.sites().next().unwrap();
    assert!(!site.learned, "calm scenes are no narrow line: {site:?}");
    (play.arriving, play.lag) = (0.6, Duration::from_secs(2));
    play.seconds(12, 2.0);
    let site = play.planner.sites().next().unwrap();
    assert!(site.learned && site.limit.unwrap() < 15.0, "{site:?}");
    assert!(!play.planner.recorders().next().unwrap().learned, "the only recorder's line is blamed");
    assert!(play.count(Choice::Main) < 7);
}

#[test]
fn a_camera_that_is_full_is_left_alone_and_tried_again() {
    let mut play = Play::new(64.0, 480, 270);
    play.seconds(1, 2.0);
    let full = play.ids[0].clone();
    let until = play.now + Duration::from_secs(30);
    assert_eq!(play.planner.viewers(&full), Some((1, 6)));
    // Its sub stream is open; a second session is refused.
    play.planner.refuse(&full, ProfileKind::Main, Capacity::Viewers, until, play.now);
    play.planner.plan(play.now);
    assert_eq!(play.planner.verdict(&full).unwrap().choice, Choice::Sub, "what is open stays");
    assert!(!play.planner.has_room(&full, ProfileKind::Main));
    assert_eq!(play.planner.viewers(&full), Some((6, 6)));
    play.planner.show(0, &[], play.now);
    play.now += Duration::from_secs(2);
    play.planner.refuse(&full, ProfileKind::Sub, Capacity::Viewers, until, play.now);
    play.planner.show(0, &wanted(&play.ids, 480, 270), play.now);
    let verdict = play.planner.verdict(&full).unwrap();
    assert_eq!((verdict.choice, verdict.reason), (Choice::Nothing, Reason::Viewers { limit: 6 }));
    play.planner.plan(until);
    assert_eq!(play.planner.verdict(&full).unwrap().choice, Choice::Sub);
}

#[test]
fn what_others_take_is_not_ours() {
    let (mut planner, ids) = planner(64.0);
    planner.set_mbps_of_others(&Id::new("r").unwrap(), 10.0);
    planner.set_viewers_of_others(&ids[0], 6);
    planner.set_holder(&ids[1], ProfileKind::Main, Some("Trần Văn Bình".to_owned()));
    planner.set_reserve(0.5);
    planner.show(0, &wanted(&ids, 960, 540), Instant::now());
    let used = planner.decision.as_ref().unwrap().recorders[0].used;
    assert!((used - 15.0 * 0.256).abs() < 1e-9, "of half of the 10 that are left: {used}");
    assert_eq!(planner.verdict(&ids[0]).unwrap().reason, Reason::Viewers { limit: 6 });
    let taken = planner.verdict(&ids[1]).unwrap();
    assert_eq!(taken.choice, Choice::Sub);
    assert!(matches!(taken.reason, Reason::Refused { until: plan::Refusal::Taken, .. }), "{taken:?}");
    assert_eq!(planner.holder(&ids[1], ProfileKind::Main), Some("Trần Văn Bình"));
    planner.set_holder(&ids[1], ProfileKind::Main, None);
    assert_eq!(planner.holder(&ids[1], ProfileKind::Main), None);
}

#[test]
fn a_relay_spares_the_recorder_and_the_viewers() {
    let (mut planner, ids) = planner(64.0);
    ids.iter().for_each(|id| planner.set_relayed(id, true));
    planner.set_viewers_of_others(&ids[0], 6);
    planner.show(0, &wanted(&ids, 960, 540), Instant::now());
    assert!(ids.iter().all(|id| planner.verdict(id).unwrap().choice == Choice::Main));
    assert_eq!(planner.recorders().next().unwrap().limit, Some(20.0));
}

#[test]
fn a_busy_machine_sheds_motion_of_the_least_important_first_and_gets_it_back() {
    let mut play = Play::new(1.3, 480, 270);
    let mut walls = wanted(&play.ids[..2], 1280, 720);
    walls.extend(wanted(&play.ids[2..], 480, 270));
    play.planner.show(0, &walls, play.now);
    assert_eq!((play.count(Choice::Main), play.count(Choice::Sub)), (2, 14));
    // Another program takes nearly all: pictures are late until little enough is asked for.
    play.late = 3;
    play.seconds(6, 2.0);
    play.late = 0;
    assert!(play.planner.is_overloaded());
    let still = play.count(Choice::KeyFrames(ProfileKind::Sub));
    assert!(still > 0 && play.count(Choice::Main) > 0, "{still} key frames, {}", play.count(Choice::Main));
    assert_eq!(play.count(Choice::Nothing), 0);
    play.late = 3;
    play.seconds(30, 2.0);
    assert_eq!(play.count(Choice::Main), 0, "then the main streams go");
    assert_eq!(play.count(Choice::Nothing), 0, "{:?}", play.planner.decision.as_ref().unwrap().decode);
    play.late = 0;
    play.seconds(20 * 60, 2.0);
    assert_eq!((play.count(Choice::Main), play.count(Choice::Sub)), (2, 14));
}

#[test]
fn beyond_the_sessions_of_the_graphics_processor_the_processor_decodes() {
    let mut play = Play::new(1.3, 704, 396);
    play.decoder = Decoder::Cuda;
    play.seconds(10, 2.0);
    assert_eq!(play.planner.sessions.limit(), None);
    play.gpu_sessions = 5;
    for (at, (_, sample)) in play.samples.iter_mut().enumerate() {
        // Opened anew, one after the other.
        sample.received = at as u64;
    }
    play.seconds(10, 2.0);
    assert_eq!(play.planner.sessions.limit(), Some(5));
    let decision = play.planner.decision.as_ref().unwrap();
    assert_eq!((decision.gpu_sessions.used, play.count(Choice::Sub)), (5.0, 16));
    // A camera that was never open comes where no session is left: it is counted on the processor.
    play.planner.show(1, &wanted(&play.ids[15..], 1280, 720), play.now);
    let verdict = play.planner.verdict(&play.ids[15]).unwrap();
    assert_eq!(verdict.choice, Choice::Main, "{verdict:?}");
}

#[test]
fn what_a_layout_would_cost_is_said_before() {
    let (mut planner, ids) = planner(64.0);
    planner.show(0, &wanted(&ids[..4], 960, 540), Instant::now());
    let same = planner.foresee(0, &wanted(&ids[..4], 960, 540));
    assert!(same.fits() && same.decode == same.decode_now);
    planner.set_viewers_of_others(&ids[9], 6);
    planner.plan(Instant::now());
    let all = planner.foresee(0, &wanted(&ids, 960, 540));
    assert_eq!(all.without_slot, [ids[9].clone()]);
    assert!(all.costs_pictures() && all.recorders[0].id == Id::new("r").unwrap());
    assert!(all.decode.used > all.decode_now.used);
    let beside = planner.foresee(1, &wanted(&ids[4..6], 960, 540));
    assert!(beside.fits(), "another wall's come on top: {beside:?}");
    assert!(beside.decode.used > all.decode_now.used);
    assert_eq!(planner.verdict(&ids[9]).unwrap().choice, Choice::Nothing, "nothing has changed");
}

#[test]
fn lesser_pictures_on_one_wall_leave_those_of_another_as_they_are() {
    let (mut planner, ids) = planner(64.0);
    planner.show(0, &wanted(&ids[..7], 960, 540), Instant::now());
    let then = wanted(&ids[7..], 1280, 720);
    assert!(planner.foresee(1, &then).costs_pictures(), "larger tiles go first");
    let small: Vec<Wanted> = then.iter().map(|one| Wanted { small_suffices: true, ..one.clone() }).collect();
    let found = planner.foresee(1, &small);
    assert!(found.fits(), "{found:?}");
}

#[test]
fn extra_streams_are_let_in_while_all_of_them_fit() {
    let (mut planner, ids) = planner(64.0);
    planner.show(0, &wanted(&ids[..2], 960, 540), Instant::now());
    let soon: Vec<(&Id, ProfileKind)> = ids[2..].iter().map(|id| (id, ProfileKind::Main)).collect();
    let rooms = planner.rooms(soon);
    assert_eq!(rooms.iter().filter(|room| **room).count(), 8, "20 Mb/s, 4 of them planned: {rooms:?}");
}
