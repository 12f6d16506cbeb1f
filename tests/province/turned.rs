//! What a camera shows while it has turned away, watched by `ffmpeg`.

use std::process::{Command, Stdio};

use model::Rect;

use crate::panorama::lens;
use crate::{Options, Pose, Profile, Province, frame_number, list, mark};

const SIZE: (usize, usize) = (320, 180);

/// What a picture shows: its number, and where the mark is.
type Seen = (Option<u16>, Option<(f64, f64)>);

/// What each picture shows.
fn watch(url: &str, pictures: usize) -> Vec<Seen> {
    let (width, height) = SIZE;
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-an"])
        .args(["-fps_mode", "passthrough", "-frames:v", &pictures.to_string()])
        .args(["-vf", &format!("scale={width}:{height}:flags=area,format=rgba"), "-f", "rawvideo", "-"])
        .stderr(Stdio::null())
        .output()
        .expect("ffmpeg can be started");
    let tile = Rect::new(0, 0, width as u32, height as u32);
    let images = output.stdout.chunks_exact(width * height * 4);
    images
        .map(|image| (frame_number::read(image, width * 4, tile), mark::find(image, width * 4, tile)))
        .collect()
}

#[test]
fn a_camera_that_has_turned_shows_where_it_points_and_at_home_its_clip() {
    let camera = list().cameras.iter().position(|camera| camera.movement.is_ptz()).expect("some turn");
    let options = Options { cameras: 0, profiles: Vec::new(), ..Options::default() };
    let province = Province::start(options).expect("ports can be opened");
    province.prepare_stream(camera, Profile::Sub).expect("the clip can be made");
    province.prepare_panorama(camera).expect("the panorama can be made");
    let url = province.source(camera, Profile::Sub);
    let (pan, tilt) = mark::MARKS[0];
    for pose in [
        Pose { pan, tilt, zoom: 1.0, roll: 0.0 },
        Pose { pan: pan - 12.0, tilt: tilt + 6.0, zoom: 1.0, roll: 0.0 },
        Pose { pan: pan + 4.0, tilt: tilt - 3.0, zoom: 2.5, roll: 0.0 },
    ] {
        province.set_pose(camera, pose);
        let seen = watch(&url, 40);
        // Whoever joins in the middle of a group sees nothing of use until its end.
        let last = &seen[seen.len().saturating_sub(12)..];
        assert_eq!(last.len(), 12, "{pose:?}");
        let (u, v) = lens::appears(pose, pan, tilt).expect("in front");
        for (number, found) in last {
            assert!(number.is_some(), "numbers are readable: {last:?}");
            let (x, y) = found.unwrap_or_else(|| panic!("the mark is seen: {pose:?}"));
            assert!((x - u).abs() < 0.01 && (y - v).abs() < 0.015, "{x} {y} for {u} {v}");
        }
    }
    province.set_pose(camera, province.rest_pose(camera));
    let seen = watch(&url, 60);
    let last = &seen[seen.len().saturating_sub(12)..];
    assert!(last.iter().all(|(_, mark)| mark.is_none()), "no mark is in the home picture");
    let numbers: Vec<u16> = last.iter().map(|(number, _)| number.expect("readable")).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 120), "the clip, whole: {numbers:?}");
}
