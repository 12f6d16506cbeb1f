//! Streams of another project, picture by picture against its checksums.

mod support;

use decode::Preference;
use model::{Codec, Picture};
use support::{Output, Rig, clips, pictures, samples};

/// CRC-32 of the samples as NV12: luma, then U and V alternating.
fn crc_as_nv12(picture: &Picture) -> String {
    let mut nv12 = samples(picture, 0);
    let (u, v) = (samples(picture, 1), samples(picture, 2));
    nv12.extend(u.iter().zip(&v).flat_map(|(u, v)| [*u, *v]));
    format!("{:08x}", crc32fast::hash(&nv12))
}

fn compare(codec: Codec, name: &str) {
    let units = clips::cut(codec, &clips::file(&format!("cros-codecs/{name}")));
    let checksums = String::from_utf8(clips::file(&format!("cros-codecs/{name}.crc"))).expect("text");
    let expected: Vec<&str> = checksums.split_whitespace().collect();
    let rig = Rig::new(Preference::Software);
    let mut outputs: Vec<Output> = rig.feed_all(&units);
    outputs.extend(rig.finish());
    let actual: Vec<String> = pictures(&outputs).iter().map(|picture| crc_as_nv12(picture)).collect();
    assert_eq!(actual, expected, "{name}");
    assert!(pictures(&outputs).iter().all(|picture| !picture.damaged), "{name}");
}

#[test]
fn h265_pictures_match() {
    for name in
        ["64x64-I.h265", "64x64-I-P.h265", "64x64-I-P-B-P.h265", "bbb.h265", "bear.h265", "test-25fps.h265"]
    {
        compare(Codec::H265, name);
    }
}

#[test]
fn h264_pictures_match() {
    for name in ["64x64-I-P.h264", "64x64-I-P-B-P-high.h264", "test-25fps-interlaced.h264"] {
        compare(Codec::H264, name);
    }
}
