//! What is in the files: that players take it, that times are true, and that every byte comes back as it came.

#![allow(clippy::unwrap_used, reason = "what helps a test may fail it, too")]

mod support;

use std::path::Path;
use std::process::Command;

use evidence::*;
use model::{AccessUnit, Codec};
use support::*;

/// Runs ffprobe and ffmpeg over a file; both must find no fault (ffmpeg warns of every long gap). Times of the pictures in ms.
fn played(path: &Path) -> Vec<i64> {
    let decoded = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-xerror", "-i"])
        .arg(path)
        .args(["-map", "0", "-f", "null", "-"])
        .output()
        .expect("the ffmpeg command runs");
    let said = String::from_utf8_lossy(&decoded.stderr).into_owned();
    assert!(decoded.status.success() && said.is_empty(), "{}: {said}", path.display());
    let listed = probe(path, &["-select_streams", "v", "-show_entries", "packet=pts_time"]);
    let ms =
        |line: &str| (line.trim_end_matches(',').parse::<f64>().expect("a time") * 1000.0).round() as i64;
    listed.lines().filter(|line| !line.is_empty()).map(ms).collect()
}

fn probe(path: &Path, arguments: &[&str]) -> String {
    let output = Command::new("ffprobe")
        // Not its warnings: a stretch that was not recorded is a discontinuity, and meant to be one.
        .args(["-v", "error", "-of", "csv=p=0"])
        .args(arguments)
        .arg(path)
        .output()
        .expect("the ffprobe command runs");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

/// Each piece as it went in and as it comes out.
fn assert_same(pieces: &[Incoming], contents: &[Contents]) {
    assert_eq!(pieces.len(), contents.len());
    for (piece, contents) in pieces.iter().zip(contents) {
        match (piece, contents) {
            (Incoming::Picture(unit, at), Contents::Picture { data, random_access, taken_at, .. }) => {
                assert!(unit.data == *data, "a picture at {at}");
                assert_eq!((unit.random_access, at), (*random_access, taken_at));
            }
            (Incoming::Sound(packet), Contents::Sound { data, taken_at }) => {
                assert_eq!((&packet.data, packet.taken_at), (data, *taken_at));
            }
            _ => panic!("in another order"),
        }
    }
}

fn one(name: &str, sound: Option<SoundFormat>, pieces: &[Incoming]) -> (tempfile::TempDir, Complete) {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate().unwrap();
    let complete = package(folder.path(), &[(source("a/1", name, sound), pieces.to_vec())], &key);
    (folder, complete)
}

fn file(complete: &Complete) -> (&MediaFile, std::path::PathBuf) {
    let file = &complete.manifest.cameras[0].files[0];
    (file, complete.folder.join(&file.name))
}

#[test]
fn every_codec_plays_and_comes_back_byte_for_byte() {
    let picture = "testsrc2=size=176x144:rate=25,trim=end_frame=30";
    for (units, codec, sides) in [
        (clips::camera(picture, 10), "hevc", "176,144"),
        (clips::h264(picture, "-pix_fmt yuv420p", "bframes=0:keyint=10:scenecut=0"), "h264", "176,144"),
        (clips::mjpeg(picture, "-pix_fmt yuvj420p"), "mjpeg", "176,144"),
    ] {
        let pieces = at_25(units);
        let (_keep, complete) = one("Cổng chính", None, &pieces);
        let (about, path) = file(&complete);
        assert_eq!((about.pictures, about.width, about.height), (30, 176, 144));
        assert_eq!(played(&path), (0..30).map(|n| n * 40).collect::<Vec<_>>());
        let shown =
            probe(&path, &["-select_streams", "v", "-show_entries", "stream=codec_name,width,height"]);
        assert_eq!(shown.trim(), format!("{codec},{sides}"));
        let duration = probe(&path, &["-show_entries", "format=duration"]);
        assert!((duration.trim().parse::<f64>().unwrap() - 1.2).abs() < 0.001, "{duration}");
        assert_same(&pieces, &read_back(&path, None));
    }
}

#[test]
fn units_of_any_framing_come_back_and_play() {
    for (name, codec, format) in [
        ("64x64-I-P-B-P.h265", Codec::H265, "hevc"),
        ("test-25fps.h265", Codec::H265, "hevc"),
        ("64x64-I-P-B-P-high.h264", Codec::H264, "h264"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../decode/tests/data/cros-codecs").join(name);
        let stream = std::fs::read(path).unwrap();
        // As they stand in the file: parameter sets inside, start codes of three and of four bytes.
        let mut units = clips::cut(codec, &stream);
        let lead: Vec<u8> = units[0].parameters.iter().copied().chain([0, 0, 1]).collect();
        let first = [&lead[..], &units[0].data[4..], &[0, 0]].concat();
        units[0].data = first.into();
        let pieces = at_25(units);
        let (_keep, complete) = one("x", None, &pieces);
        let (_, path) = file(&complete);
        assert_same(&pieces, &read_back(&path, None));
        let decoded = |path: &Path| {
            let output = Command::new("ffmpeg")
                .args(["-nostdin", "-v", "error", "-i"])
                .arg(path)
                .args(["-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-"])
                .output()
                .unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            let mut sums: Vec<String> = text
                .lines()
                .filter(|l| !l.starts_with('#'))
                .map(|l| l.rsplit(' ').next().unwrap().to_owned())
                .collect();
            sums.sort();
            sums
        };
        let plain = tempfile::Builder::new().suffix(&format!(".{format}")).tempfile().unwrap();
        std::fs::write(plain.path(), &stream).unwrap();
        assert!(!decoded(&path).is_empty());
        assert_eq!(decoded(&path), decoded(plain.path()), "{name}");
    }
}

#[test]
fn every_kind_of_sound_plays_and_comes_back_byte_for_byte() {
    let aac = aac_packets();
    let units = h265(25, 5, 0);
    for (format, bytes, codec) in [
        (SoundFormat::G711ALaw { rate: 8000, channels: 1 }, 160, "pcm_alaw"),
        (SoundFormat::G711MuLaw { rate: 8000, channels: 1 }, 160, "pcm_mulaw"),
        (SoundFormat::G726 { rate: 8000, bits: 4, packing: G726Packing::Rfc3551 }, 80, "adpcm_g726"),
        (SoundFormat::G726 { rate: 8000, bits: 2, packing: G726Packing::Aal2 }, 40, "adpcm_g726"),
        (SoundFormat::Aac { rate: 16_000, channels: 1, config: "1408".to_owned() }, 0, "aac"),
    ] {
        let mut pieces = with_sound(at_25(units.clone()), bytes, 7);
        if codec == "aac" {
            let mut packets = aac.iter();
            pieces = at_25(units.clone());
            pieces.extend((0..).step_by(64).map(after).map_while(|taken_at| {
                let data = packets.next()?.clone().into();
                Some(Incoming::Sound(SoundPacket { data, taken_at }))
            }));
            let at = |piece: &Incoming| match piece {
                Incoming::Picture(_, at) => *at,
                Incoming::Sound(packet) => packet.taken_at,
            };
            pieces.sort_by_key(at);
        }
        let (_keep, complete) = one("x", Some(format.clone()), &pieces);
        let (about, path) = file(&complete);
        assert_eq!(about.sound as usize, pieces.len() - 25);
        assert_eq!(played(&path).len(), 25);
        let shown = probe(&path, &["-select_streams", "a", "-show_entries", "stream=codec_name"]);
        assert_eq!(shown.trim(), codec);
        assert_same(&pieces, &read_back(&path, Some(&format)));
    }
}

/// Raw AAC access units: an ADTS stream without its headers of seven bytes.
fn aac_packets() -> Vec<Vec<u8>> {
    let stream = clips::encode("sine=d=0.9:r=16000", "-ac 1 -c:a aac -b:a 32k", "adts");
    let mut packets = Vec::new();
    let mut rest = &stream[..];
    while rest.len() > 7 {
        let length = usize::from(rest[3] & 3) << 11 | usize::from(rest[4]) << 3 | usize::from(rest[5]) >> 5;
        packets.push(rest[7..length].to_vec());
        rest = &rest[length..];
    }
    packets
}

#[test]
fn uneven_intervals_and_gaps_keep_true_times() {
    let mut at = 0;
    let mut times = Vec::new();
    let units = h265(40, 8, 1);
    let pieces: Vec<Incoming> = units
        .into_iter()
        .enumerate()
        .map(|(number, unit)| {
            at += [40, 33, 67, 100][number % 4] + if number == 17 { 7_200_000 } else { 0 };
            times.push(at);
            Incoming::Picture(unit, after(at))
        })
        .collect();
    let (_keep, complete) = one("x", None, &pieces);
    let (about, path) = file(&complete);
    assert_eq!(played(&path), times.iter().map(|at| at - times[0]).collect::<Vec<_>>());
    assert_same(&pieces, &read_back(&path, None));
    assert_eq!((about.from, about.to, about.interruptions), (after(times[0]), after(at), 1));
    // The interruption lies within a group of pictures, and yet between two lines of the index.
    let groups = groups(&complete.folder, about);
    assert!(groups.iter().any(|group| !group.key && group.from == after(times[17])));
    // Players may seek: to a key frame in front of the time asked for.
    let seek = probe(
        &path,
        &["-select_streams", "v", "-read_intervals", "7201.5%+#1", "-show_entries", "packet=pts_time"],
    );
    let reached = seek.trim().trim_end_matches(',').parse::<f64>().unwrap() * 1000.0;
    assert!(times.iter().any(|at| ((at - times[0]) as f64 - reached).abs() < 1.0), "{reached}");
}

#[test]
fn changed_parameter_sets_are_put_in_and_marked_and_another_codec_gets_a_file_of_its_own() {
    let small = clips::camera("testsrc2=size=64x64:rate=25,trim=end_frame=10", 5);
    let large = clips::camera("testsrc2=size=128x96:rate=25,trim=end_frame=10", 5);
    let other = clips::h264(
        "testsrc2=size=64x64:rate=25,trim=end_frame=10",
        "-pix_fmt yuv420p",
        "bframes=0:keyint=5",
    );
    let (sets_small, sets_large) = (small[0].parameters.clone(), large[0].parameters.clone());
    let again = small.clone();
    let pieces = at_25([small, large, again, other].concat());
    let (_keep, complete) = one("x", None, &pieces);
    let files = &complete.manifest.cameras[0].files;
    assert_eq!(files.iter().map(|file| file.pictures).collect::<Vec<_>>(), [30, 10]);
    assert_eq!([&files[0].codec, &files[1].codec], ["H.265", "H.264"]);
    let mut all = Vec::new();
    for file in files {
        let path = complete.folder.join(&file.name);
        assert_eq!(played(&path).len() as u64, file.pictures);
        all.extend(read_back(&path, None));
    }
    assert_same(&pieces, &all);
    for (number, contents) in all.iter().take(30).enumerate() {
        let Contents::Picture { parameters, .. } = contents else { panic!("no picture") };
        let expected = if (10..20).contains(&number) { &sets_large } else { &sets_small };
        assert_eq!(parameters, expected, "picture {number}");
    }
}

#[test]
fn time_that_goes_back_begins_another_file_and_loses_nothing() {
    let mut pieces = at_25(h265(10, 5, 0));
    for (number, unit) in h265(10, 5, 1).into_iter().enumerate() {
        pieces.push(Incoming::Picture(unit, after(-3_600_000 + number as i64 * 40)));
    }
    let (_keep, complete) = one("x", None, &pieces);
    let files = &complete.manifest.cameras[0].files;
    assert_eq!(files.len(), 2);
    let all: Vec<Contents> =
        files.iter().flat_map(|file| read_back(&complete.folder.join(&file.name), None)).collect();
    assert_same(&pieces, &all);
}

#[test]
fn nothing_is_taken_before_a_key_frame_and_no_giant_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let mut writer = export.camera(source("a", "x", g711())).unwrap();
    let units = h265(6, 5, 0);
    assert_eq!(writer.picture(&units[1], begin()).unwrap(), Taken::BeforeKeyFrame);
    let packet = SoundPacket { data: vec![0; 160].into(), taken_at: begin() };
    assert_eq!(writer.sound(&packet).unwrap(), Taken::BeforeKeyFrame);
    let giant = AccessUnit { data: vec![0; AccessUnit::MAX_BYTES + 1].into(), ..units[0].clone() };
    assert!(matches!(writer.picture(&giant, begin()), Err(ExportFault::TooLarge { .. })));
    let senseless = AccessUnit { parameters: [0, 0, 0, 1, 0x42, 1].into(), ..units[0].clone() };
    assert!(matches!(writer.picture(&senseless, begin()), Err(ExportFault::Unintroduced(_))));
    assert_eq!(writer.picture(&units[0], begin()).unwrap(), Taken::Written);
    assert_eq!(writer.sound(&packet).unwrap(), Taken::Written);
    let far = SoundPacket { taken_at: after(600_000), ..packet };
    assert_eq!(writer.sound(&far).unwrap(), Taken::Misplaced);
    let summary = writer.finish(Vec::new(), &mut go_on).unwrap();
    assert_eq!((summary.files[0].pictures, summary.files[0].sound), (1, 1));
}

#[test]
fn a_camera_of_which_nothing_came_has_no_file_but_its_gap() {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate().unwrap();
    let mut export = Export::begin(folder.path(), "x", description(), 0).unwrap();
    let writer = export.camera(source("a", "x", None)).unwrap();
    let gap = Gap { from: begin(), to: after(1000), reason: GapReason::NotRecorded };
    writer.finish(vec![gap.clone()], &mut go_on).unwrap();
    let complete = export.finish(&key, begin()).unwrap();
    assert_eq!(complete.manifest.cameras[0].gaps, [gap]);
    let verdict = verify(&complete.folder, &[key.public().fingerprint()], &mut go_on).unwrap();
    assert!(verdict.is_good());
}
