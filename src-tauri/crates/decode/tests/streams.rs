//! Healthy streams: what comes out, when, and how it is described.

mod support;

use std::sync::Arc;

use decode::{Event, Preference};
use model::{AccessUnit, Codec, Colour, Decoder, Matrix, Picture, PlaneOrder, Range, Size, Subsampling};
use support::{Rig, clips, damaged, drops, events, faults, pictures, samples, timestamps};

fn checksum(picture: &Picture) -> u32 {
    let planes: Vec<u8> = (0..picture.format.planes()).flat_map(|plane| samples(picture, plane)).collect();
    crc32fast::hash(&planes)
}

#[test]
fn without_reordering_picture_n_comes_with_unit_n() {
    let source = "testsrc2=s=320x240:r=25:d=1";
    let clips = [
        clips::camera(source, 10),
        clips::h264(source, "", "bframes=0:keyint=10"),
        without_usability_information(clips::h264(source, "", "bframes=0:keyint=10")),
        // with picture order counts that would allow reordering
        without_usability_information(clips::h264(source, "", "bframes=1:b-adapt=1:b-bias=-100:keyint=10")),
        clips::mjpeg(source, ""),
    ];
    for (index, units) in clips.iter().enumerate() {
        let rig = Rig::new(Preference::Software);
        for unit in units {
            let outputs = rig.feed(unit);
            assert_eq!(timestamps(&outputs), [unit.timestamp], "clip {index}");
        }
    }
}

/// H.264 as cameras send it: the sequence parameter set does not say how far pictures are reordered.
fn without_usability_information(mut units: Vec<AccessUnit>) -> Vec<AccessUnit> {
    let nals = clips::nal_units(&units[0].parameters);
    let bits: Vec<bool> =
        nals[0].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    assert!(matches!(nals[0][1], 66 | 77), "baseline or main profile: no chroma format in front");
    let mut at = 32;
    let exp_golomb = |at: &mut usize| {
        let zeros = bits[*at..].iter().position(|&bit| bit).expect("a stop bit");
        let value =
            bits[*at + zeros..=*at + 2 * zeros].iter().fold(0, |value, &bit| value * 2 + usize::from(bit))
                - 1;
        *at += 2 * zeros + 1;
        value
    };
    exp_golomb(&mut at); // seq_parameter_set_id
    exp_golomb(&mut at); // log2_max_frame_num_minus4
    if exp_golomb(&mut at) == 0 {
        exp_golomb(&mut at); // log2_max_pic_order_cnt_lsb_minus4
    }
    exp_golomb(&mut at); // max_num_ref_frames
    at += 1;
    exp_golomb(&mut at); // width
    exp_golomb(&mut at); // height
    assert!(bits[at], "frames only");
    at += 2;
    let cropped = bits[at];
    at += 1;
    for _ in 0..if cropped { 4 } else { 0 } {
        exp_golomb(&mut at);
    }
    assert!(bits[at], "x264 writes usability information");
    let mut shorter = bits[..at].to_vec();
    shorter.extend([false, true]);
    let bytes = shorter.chunks(8).map(|chunk| {
        chunk.iter().enumerate().fold(0, |byte, (index, &bit)| byte | u8::from(bit) << (7 - index))
    });
    let mut parameters = vec![0, 0, 0, 1];
    parameters.extend(bytes);
    parameters.extend([0, 0, 0, 1]);
    parameters.extend(nals[1]);
    let parameters: Arc<[u8]> = parameters.into();
    for unit in &mut units {
        unit.parameters = Arc::clone(&parameters);
    }
    units
}

#[test]
fn a_stream_begins_at_its_first_key_frame() {
    let units = clips::camera("testsrc2=s=320x240:r=25:d=1", 10);
    let rig = Rig::new(Preference::Software);
    let outputs = rig.feed_all(&units[3..]);
    assert_eq!(timestamps(&outputs), units[10..].iter().map(|unit| unit.timestamp).collect::<Vec<_>>());
    assert_eq!(drops(&outputs).before_key_frame, 7);
    assert!(pictures(&outputs).iter().all(|picture| !picture.damaged));
    let sequence: Vec<u64> = pictures(&outputs).iter().map(|picture| picture.sequence).collect();
    assert_eq!(sequence, (1..=15).collect::<Vec<_>>());
}

#[test]
fn a_broadcast_capture_that_starts_in_the_middle_of_a_group() {
    let units = clips::cut(Codec::H264, &clips::file("moq-mux/kyrion_dirtystart.h264"));
    let rig = Rig::new(Preference::Software);
    let outputs = rig.feed_all(&units);
    assert_eq!(drops(&outputs).before_key_frame, 3);
    let shown = pictures(&outputs);
    assert!(!shown.is_empty());
    assert!(shown.iter().all(|picture| picture.size == Size::new(1920, 1080) && !picture.damaged));
}

#[test]
fn planes_hold_what_the_ffmpeg_command_decodes() {
    use Subsampling::{Grey, Yuv420, Yuv422, Yuv444};
    let source = "testsrc2=s=322x182:r=5:d=0.6";
    let x265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=0";
    let x264 = "-c:v libx264 -preset ultrafast -bf 0";
    let cases = [
        (Codec::H265, "hevc", x265, "yuv420p", Yuv420, 8),
        (Codec::H265, "hevc", x265, "yuv420p10le", Yuv420, 10),
        (Codec::H265, "hevc", x265, "yuv422p10le", Yuv422, 10),
        (Codec::H265, "hevc", x265, "yuv444p", Yuv444, 8),
        (Codec::H265, "hevc", x265, "gray", Grey, 8),
        (Codec::H265, "hevc", x265, "gray10le", Grey, 10),
        (Codec::H264, "h264", x264, "yuv420p", Yuv420, 8),
        (Codec::H264, "h264", x264, "yuvj420p", Yuv420, 8),
        (Codec::H264, "h264", x264, "yuv422p", Yuv422, 8),
        (Codec::H264, "h264", x264, "yuv444p10le", Yuv444, 10),
    ];
    for (codec, format, encoder, pixels, subsampling, depth) in cases {
        let stream = clips::encode(source, &format!("{encoder} -pix_fmt {pixels}"), format);
        let shown = assert_same_as_command(codec, format, &stream);
        assert_eq!(
            (shown.subsampling, shown.order, shown.depth),
            (subsampling, PlaneOrder::Planar, depth),
            "{pixels}"
        );
    }
}

#[test]
fn cropping_is_exact_to_the_pixel() {
    let source = "testsrc2=s=320x192:r=5:d=0.6";
    let x265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=0";
    let crop = "crop_left=6:crop_right=10:crop_top=2:crop_bottom=4";
    let stream = clips::encode(source, x265, "hevc");
    assert_same_as_command(
        Codec::H265,
        "hevc",
        &clips::filter(&stream, "hevc", &format!("hevc_metadata={crop}")),
    );
    let stream = clips::encode(source, "-c:v libx264 -bf 0", "h264");
    assert_same_as_command(
        Codec::H264,
        "h264",
        &clips::filter(&stream, "h264", &format!("h264_metadata={crop}")),
    );
}

fn assert_same_as_command(codec: Codec, format: &str, stream: &[u8]) -> model::PixelFormat {
    let rig = Rig::new(Preference::Software);
    let mut outputs = rig.feed_all(&clips::cut(codec, stream));
    outputs.extend(rig.finish());
    let shown = pictures(&outputs);
    let raw: Vec<u8> = shown
        .iter()
        .flat_map(|picture| (0..picture.format.planes()).flat_map(|plane| samples(picture, plane)))
        .collect();
    assert_eq!(shown.len(), 3, "{:?}", faults(&outputs));
    assert!(raw == clips::decode_raw(stream, format), "{:?}", shown[0]);
    shown[0].format
}

#[test]
fn jpeg_pictures_are_full_range_601_whatever_their_height() {
    for (pixels, subsampling) in [
        ("yuvj420p", Subsampling::Yuv420),
        ("yuvj422p", Subsampling::Yuv422),
        ("yuvj444p", Subsampling::Yuv444),
    ] {
        let units = clips::mjpeg("testsrc2=s=1280x720:r=5:d=0.4", &format!("-pix_fmt {pixels}"));
        let outputs = Rig::new(Preference::Software).feed_all(&units);
        let shown = pictures(&outputs);
        assert_eq!(shown.len(), 2);
        assert_eq!(shown[0].format.subsampling, subsampling);
        assert_eq!(shown[0].colour, Colour { matrix: Matrix::Bt601, range: Range::Full });
    }
}

#[test]
fn colour_is_the_streams_word_or_goes_by_height() {
    let cases = [
        (360, "", Matrix::Bt601, Range::Limited),
        (720, "", Matrix::Bt709, Range::Limited),
        (360, ":colormatrix=bt709", Matrix::Bt709, Range::Limited),
        (720, ":colormatrix=smpte170m", Matrix::Bt601, Range::Limited),
        (720, ":colormatrix=bt470bg:range=full", Matrix::Bt601, Range::Full),
        (360, ":range=full", Matrix::Bt601, Range::Full),
    ];
    for (height, parameters, matrix, range) in cases {
        let source = format!("testsrc2=s=320x{height}:r=5:d=0.2");
        let units = clips::h265(&source, "", &format!("bframes=0{parameters}"));
        let outputs = Rig::new(Preference::Software).feed_all(&units);
        assert_eq!(pictures(&outputs)[0].colour, Colour { matrix, range }, "{height}{parameters}");
    }
}

#[test]
fn parameter_sets_may_stand_in_the_units_alone() {
    let mut units = clips::camera("testsrc2=s=320x240:r=25:d=0.4", 5);
    for unit in &mut units {
        if unit.random_access {
            unit.data = [&*unit.parameters, &*unit.data].concat().into();
        }
        unit.parameters = Arc::from([]);
    }
    let outputs = Rig::new(Preference::Software).feed_all(&units);
    assert_eq!(timestamps(&outputs).len(), units.len());
}

#[test]
fn another_resolution_begins_with_its_key_frame() {
    let small = clips::camera("testsrc2=s=320x240:r=25:d=0.4", 5);
    let large = clips::camera("testsrc2=s=640x360:r=25:d=0.4", 5);
    let rig = Rig::new(Preference::Software);
    let before = rig.feed_all(&small[..8]);
    let kept = pictures(&before)[7].clone();
    let kept_checksum = checksum(&kept);
    let after = rig.feed_all(&large);
    let sizes: Vec<Size> = pictures(&after).iter().map(|picture| picture.size).collect();
    assert_eq!(sizes, [Size::new(640, 360); 10]);
    assert_eq!(faults(&after), [""; 0]);
    assert_eq!(checksum(&kept), kept_checksum, "a picture outlives its decoder");
    let back = rig.feed_all(&small);
    assert_eq!(pictures(&back).len(), small.len());
}

#[test]
fn another_codec_begins_with_its_key_frame() {
    let source = "testsrc2=s=320x240:r=25:d=0.4";
    let h265 = clips::camera(source, 5);
    let h264 = clips::h264(source, "", "bframes=0:keyint=5");
    let rig = Rig::new(Preference::Software);
    assert_eq!(timestamps(&rig.feed_all(&h265)).len(), 10);
    let outputs = rig.feed_all(&h264[2..]);
    assert_eq!(timestamps(&outputs), h264[5..].iter().map(|unit| unit.timestamp).collect::<Vec<_>>());
    assert_eq!(drops(&outputs).before_key_frame, 3);
    assert_eq!(timestamps(&rig.feed_all(&clips::mjpeg(source, ""))).len(), 10);
    assert_eq!(timestamps(&rig.feed_all(&h265)).len(), 10);
}

/// A clip with open groups: pictures that lead a CRA refer to the group before it (RASL).
fn open_groups() -> Vec<AccessUnit> {
    let parameters = "open-gop=1:keyint=12:min-keyint=12:scenecut=0:bframes=3:b-adapt=0";
    clips::h265("testsrc2=s=320x240:r=25:d=2", "", parameters)
}

fn nal_type(unit: &AccessUnit) -> u8 {
    let slices = clips::nal_units(&unit.data).into_iter().map(|nal| (nal[0] >> 1) & 0x3f);
    slices.into_iter().find(|kind| *kind < 32).expect("a slice")
}

fn is_rasl(unit: &AccessUnit) -> bool {
    matches!(nal_type(unit), 8 | 9)
}

#[test]
fn after_joining_at_a_cra_no_broken_picture_is_shown() {
    let units = open_groups();
    let rig = Rig::new(Preference::Software);
    let mut whole = rig.feed_all(&units);
    whole.extend(rig.finish());
    assert_eq!(pictures(&whole).len(), units.len());

    let join = (1..units.len()).find(|&index| nal_type(&units[index]) == 21).expect("a CRA");
    let next = (join + 1..units.len()).find(|&index| nal_type(&units[index]) == 21).expect("another CRA");
    assert!(units[join..next].iter().any(is_rasl), "the clip has open groups");
    let rig = Rig::new(Preference::Software);
    let mut joined = rig.feed_all(&units[join..]);
    joined.extend(rig.finish());
    let left_out: Vec<i64> =
        units[join..next].iter().filter(|unit| is_rasl(unit)).map(|unit| unit.timestamp).collect();
    let shown = pictures(&joined);
    assert_eq!(shown.len(), units.len() - join - left_out.len());
    for picture in shown {
        assert!(!left_out.contains(&picture.timestamp));
        let same =
            pictures(&whole).into_iter().find(|other| other.timestamp == picture.timestamp).expect("a twin");
        assert_eq!(checksum(picture), checksum(same), "at {}", picture.timestamp);
    }
}

#[test]
fn after_a_loss_a_cra_is_a_clean_start() {
    let mut units = open_groups();
    let join = (1..units.len()).find(|&index| nal_type(&units[index]) == 21).expect("a CRA");
    units.remove(5);
    units[5].lost_packets = 3;
    let join = join - 1;
    let rig = Rig::new(Preference::Software);
    let mut outputs = rig.feed_all(&units);
    outputs.extend(rig.finish());
    let before = units[5].timestamp..units[join].timestamp;
    for picture in pictures(&outputs) {
        assert_eq!(picture.damaged, before.contains(&picture.timestamp), "at {}", picture.timestamp);
    }
    let leading: Vec<i64> = units[join..]
        .iter()
        .take_while(|unit| unit.random_access || is_rasl(unit))
        .map(|unit| unit.timestamp)
        .collect();
    assert!(leading.len() > 1);
    assert!(leading[1..].iter().all(|timestamp| !timestamps(&outputs).contains(timestamp)));
}

#[test]
fn a_loss_marks_pictures_until_the_next_key_frame() {
    let mut units = clips::camera("testsrc2=s=320x240:r=25:d=1", 10);
    units[4].lost_packets = 2;
    units[20].lost_packets = 1; // before a key frame: nothing after it is damaged
    let outputs = Rig::new(Preference::Software).feed_all(&units);
    assert_eq!(damaged(&outputs), [4, 5, 6, 7, 8, 9]);
    assert_eq!((drops(&outputs).damaged, drops(&outputs).lost_packets), (6, 3));
}

#[test]
fn a_new_session_awaits_its_key_frame_and_counts_on() {
    let units = clips::camera("testsrc2=s=320x240:r=25:d=1", 10);
    let rig = Rig::new(Preference::Software);
    rig.feed_all(&units[..4]);
    rig.input.reset();
    let outputs = rig.feed_all(&units[4..]);
    assert_eq!(timestamps(&outputs).first(), Some(&units[10].timestamp));
    assert_eq!(drops(&outputs).before_key_frame, 6);
    assert_eq!(pictures(&outputs)[0].sequence, 5);
}

#[test]
fn the_decoder_is_told_once_and_before_the_first_picture() {
    let units = clips::camera("testsrc2=s=320x240:r=25:d=0.6", 5);
    let outputs = Rig::new(Preference::Software).feed_all(&units);
    assert_eq!(events(&outputs), [&Event::Decoder { decoder: Decoder::Software, note: None }]);
    assert!(matches!(outputs[0], support::Output::Event(_)));
    assert!(pictures(&outputs).iter().all(|picture| picture.decoder == Decoder::Software));
}
