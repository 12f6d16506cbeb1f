//! Coded clips: made by the `ffmpeg` command, or cut from the files in `tests/data`.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use model::{AccessUnit, Codec};

/// Ticks of 1/90,000 s between two units of a clip: 25 a second.
pub const INTERVAL: i64 = 3600;

/// Runs `ffmpeg` with a generated picture source and returns the coded stream.
pub fn encode(source: &str, options: &str, format: &str) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", source]);
    command.args(options.split_whitespace()).args(["-f", format, "-"]);
    let output = command.stderr(Stdio::inherit()).output().expect("the ffmpeg command runs");
    assert!(output.status.success(), "ffmpeg {source} {options}");
    output.stdout
}

/// An H.265 clip; `parameters` as x265 takes them.
pub fn h265(source: &str, options: &str, parameters: &str) -> Vec<AccessUnit> {
    let options =
        format!("-c:v libx265 -preset ultrafast -x265-params log-level=none:{parameters} {options}");
    cut(Codec::H265, &encode(source, &options, "hevc"))
}

/// An H.265 clip as cameras send it: I P P P, a key frame each `group` pictures.
pub fn camera(source: &str, group: usize) -> Vec<AccessUnit> {
    h265(source, "", &format!("bframes=0:keyint={group}:min-keyint={group}:scenecut=0"))
}

/// An H.264 clip; `parameters` as x264 takes them.
pub fn h264(source: &str, options: &str, parameters: &str) -> Vec<AccessUnit> {
    let options =
        format!("-c:v libx264 -preset ultrafast -x264-params log-level=none:{parameters} {options}");
    cut(Codec::H264, &encode(source, &options, "h264"))
}

/// A clip of JPEG pictures.
pub fn mjpeg(source: &str, options: &str) -> Vec<AccessUnit> {
    let stream = encode(source, &format!("-c:v mjpeg {options}"), "mjpeg");
    let starts: Vec<usize> =
        (0..stream.len()).filter(|&at| stream[at..].starts_with(&[0xff, 0xd8, 0xff])).collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    let pictures = starts.iter().zip(ends).map(|(&start, end)| stream[start..end].to_vec());
    let unit = |(index, data): (usize, Vec<u8>)| AccessUnit {
        timestamp: index as i64 * INTERVAL,
        ..super::unit(Codec::Mjpeg, data, true)
    };
    pictures.enumerate().map(unit).collect()
}

/// A file of `tests/data`.
pub fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// Cuts an Annex B stream into access units. As from a camera's RTP session, the parameter sets stand beside the
/// pictures, not in them.
pub fn cut(codec: Codec, stream: &[u8]) -> Vec<AccessUnit> {
    let mut units = Vec::new();
    let mut sets: Vec<Vec<u8>> = Vec::new();
    let mut parameters: Arc<[u8]> = Arc::from([]);
    let mut data = Vec::new();
    let (mut has_slice, mut random_access) = (false, false);
    for nal in nal_units(stream) {
        let kind = Kind::of(codec, nal);
        if has_slice && kind.begins_unit() {
            push(&mut units, codec, &parameters, &mut data, random_access);
            (has_slice, random_access) = (false, false);
        }
        match kind {
            Kind::Parameters => {
                sets.retain(|set| set[0] != nal[0]);
                sets.push(nal.to_vec());
                let bytes: Vec<u8> =
                    sets.iter().flat_map(|set| [&[0, 0, 0, 1], set.as_slice()].concat()).collect();
                if *bytes != *parameters && sets.len() == if codec == Codec::H265 { 3 } else { 2 } {
                    parameters = bytes.into();
                }
                continue;
            }
            Kind::Slice { key, .. } => {
                has_slice = true;
                random_access |= key;
            }
            Kind::Other { .. } => {}
        }
        data.extend_from_slice(&[0, 0, 0, 1]);
        data.extend_from_slice(nal);
    }
    push(&mut units, codec, &parameters, &mut data, random_access);
    units
}

fn push(
    units: &mut Vec<AccessUnit>,
    codec: Codec,
    parameters: &Arc<[u8]>,
    data: &mut Vec<u8>,
    random_access: bool,
) {
    units.push(AccessUnit {
        codec,
        data: std::mem::take(data).into(),
        parameters: Arc::clone(parameters),
        random_access,
        timestamp: units.len() as i64 * INTERVAL,
        lost_packets: 0,
        received: Instant::now(),
        captured: None,
    });
}

/// What a NAL unit means for the borders of access units.
enum Kind {
    Parameters,
    Slice { first: bool, key: bool },
    Other { leads: bool },
}

impl Kind {
    fn of(codec: Codec, nal: &[u8]) -> Self {
        if codec == Codec::H265 {
            match (nal[0] >> 1) & 0x3f {
                kind @ 0..=31 => Self::Slice { first: nal[2] & 0x80 != 0, key: (16..=21).contains(&kind) },
                32..=34 => Self::Parameters,
                kind => Self::Other { leads: kind == 35 || kind == 39 },
            }
        } else {
            match nal[0] & 0x1f {
                kind @ 1..=5 => Self::Slice { first: nal[1] & 0x80 != 0, key: kind == 5 },
                7 | 8 => Self::Parameters,
                kind => Self::Other { leads: kind == 6 || kind == 9 },
            }
        }
    }

    fn begins_unit(&self) -> bool {
        matches!(self, Self::Parameters | Self::Slice { first: true, .. } | Self::Other { leads: true })
    }
}

/// The NAL units of an Annex B stream, without start codes.
pub fn nal_units(stream: &[u8]) -> Vec<&[u8]> {
    let codes: Vec<usize> =
        (0..stream.len().saturating_sub(2)).filter(|&at| stream[at..at + 3] == [0, 0, 1]).collect();
    let ends = codes.iter().skip(1).copied().chain([stream.len()]);
    codes
        .iter()
        .zip(ends)
        .map(|(&code, end)| {
            let nal = &stream[code + 3..end];
            let length = nal.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            &nal[..length]
        })
        .filter(|nal| nal.len() > 2)
        .collect()
}

/// What the `ffmpeg` command makes of the whole stream, as raw planes of its own format.
pub fn decode_raw(stream: &[u8], format: &str) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args([
        "-nostdin",
        "-v",
        "error",
        "-flags",
        "unaligned",
        "-threads",
        "1",
        "-f",
        format,
        "-i",
        "-",
    ]);
    command.args(["-fps_mode", "passthrough", "-f", "rawvideo", "-"]);
    run_on(command, stream)
}

/// The stream after one of FFmpeg's bitstream filters.
pub fn filter(stream: &[u8], format: &str, filter: &str) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-f", format, "-i", "-", "-c", "copy", "-bsf:v", filter]);
    command.args(["-f", format, "-"]);
    run_on(command, stream)
}

fn run_on(mut command: Command, input: &[u8]) -> Vec<u8> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the ffmpeg command runs");
    let mut stdin = child.stdin.take().expect("piped");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("output")
    });
    assert!(output.status.success());
    output.stdout
}
