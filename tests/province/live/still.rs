//! Single pictures as JPEG, for snapshots.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use model::Size;

use crate::motor::Pose;
use crate::panorama::{Panorama, view};

/// What a pose shows.
pub(crate) fn of_view(panorama: &Panorama, pose: Pose, size: Size) -> Option<Vec<u8>> {
    let mut planes = vec![0; size.width as usize * size.height as usize * 3 / 2];
    view::draw(panorama, pose, size, &mut planes);
    let shape = format!("{}x{}", size.width, size.height);
    jpeg(
        &["-f", "rawvideo", "-pix_fmt", "yuv420p", "-color_range", "tv", "-s", &shape, "-i", "pipe:0"],
        &planes,
    )
}

/// The first picture of a clip.
pub(crate) fn of_clip(file: &Path) -> Option<Vec<u8>> {
    jpeg(&["-i", file.to_str()?], &[])
}

fn jpeg(input: &[&str], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error"])
        .args(input)
        .args(["-frames:v", "1", "-pix_fmt", "yuvj420p", "-q:v", "4", "-f", "mjpeg", "pipe:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // A picture is written only when all of it is read: no pipe can fill up on both sides.
    let written = child.stdin.take()?.write_all(bytes);
    let output = child.wait_with_output().ok()?;
    (written.is_ok() && output.stdout.starts_with(&[0xff, 0xd8])).then_some(output.stdout)
}
