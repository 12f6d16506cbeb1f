//! Ten seconds of one scene, coded and cut into packets, played around and around.

pub(crate) mod annex_b;
pub(crate) mod cache;
mod jpeg;
pub(crate) mod packets;

use std::path::{Path, PathBuf};

use model::Codec;

pub use cache::{Clips, Progress, default_folder};
use packets::PacketizedPicture;

use crate::list::{Camera, Coding, Profile};
use crate::scene::{Light, Optics, Scene};

/// Seconds until a clip begins again.
pub const LOOP_SECONDS: u32 = 10;

/// Which clip a camera plays; cameras that look at the same kind of place share it, each at its own moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClipId {
    /// What is seen.
    pub scene: Scene,
    /// By which light.
    pub light: Light,
    /// How it is coded.
    pub coding: Coding,
    /// How large.
    pub profile: Profile,
}

impl ClipId {
    /// The clip of one stream of `camera`.
    #[must_use]
    pub fn of(camera: &Camera, profile: Profile) -> Self {
        Self { scene: camera.scene, light: camera.light, coding: camera.coding, profile }
    }

    /// Name of its file.
    #[must_use]
    pub fn file_name(self) -> String {
        let coding = match self.coding {
            Coding::H265 => "h265",
            Coding::H265TenBit => "ten-bit.h265",
            Coding::H265OpenGop => "open-gop.h265",
            Coding::H265Hallway => "hallway.h265",
            Coding::H264 => "h264",
            Coding::Mjpeg => "mjpeg",
        };
        let optics = match self.optics() {
            Optics::Own => "",
            Optics::Straight => "straight-",
        };
        format!("{}-{}-{optics}{}.{coding}", self.scene.name(), self.light.name(), self.profile.name())
    }

    /// Indoor cameras of the common kind have the lens of those with motors, so that what a camera shows before and after
    /// it turns goes together.
    #[must_use]
    pub const fn optics(self) -> Optics {
        let indoors = matches!(self.scene, Scene::Corridor | Scene::Ward | Scene::Lobby | Scene::Classroom);
        if indoors && matches!((self.light, self.coding), (Light::Day, Coding::H265)) {
            Optics::Straight
        } else {
            Optics::Own
        }
    }

    /// Pictures of the whole loop.
    #[must_use]
    pub const fn pictures(self) -> u32 {
        LOOP_SECONDS * self.coding.frame_rate(self.profile)
    }
}

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
pub enum ClipFault {
    /// Not what our encoder writes.
    #[error("clip is not as expected: {0}")]
    Malformed(&'static str),
    /// Another number of pictures than the loop has.
    #[error("clip has {found} pictures instead of {wanted}")]
    Length {
        /// Pictures in the file.
        found: usize,
        /// Pictures of the loop.
        wanted: u32,
    },
    /// Reading or writing a file.
    #[error("cannot read or write {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The `ffmpeg` command is missing or failed.
    #[error("ffmpeg: {0}")]
    Encoder(String),
}

/// One loop, ready to send.
pub(crate) struct Clip {
    pub(crate) codec: Codec,
    /// Pictures in decoding order.
    pub(crate) pictures: Vec<PacketizedPicture>,
    /// VPS, SPS, PPS (H.264: SPS, PPS) without start codes, for the SDP.
    pub(crate) parameters: Vec<Vec<u8>>,
    /// How many places before its turn of presentation a picture is sent at most: 0 without B frames.
    pub(crate) reordering: u32,
}

impl Clip {
    /// Reads and checks a clip.
    ///
    /// # Errors
    /// When it can't be read, is cut short, or does not begin with a key frame.
    pub(crate) fn load(path: &Path, id: ClipId) -> Result<Self, ClipFault> {
        let stream =
            std::fs::read(path).map_err(|source| ClipFault::File { path: path.to_owned(), source })?;
        let codec = id.coding.codec();
        let clip =
            if codec == Codec::Mjpeg { Self::of_jpegs(&stream)? } else { Self::of_units(codec, &stream)? };
        if clip.pictures.len() != id.pictures() as usize {
            return Err(ClipFault::Length { found: clip.pictures.len(), wanted: id.pictures() });
        }
        if !clip.pictures[0].random_access {
            return Err(ClipFault::Malformed("does not begin with a key frame"));
        }
        Ok(clip)
    }

    fn of_units(codec: Codec, stream: &[u8]) -> Result<Self, ClipFault> {
        let access_units = annex_b::access_units(codec, stream);
        let order = match codec {
            Codec::H265 => annex_b::presentation_order(stream, &access_units)?,
            _ => (0..access_units.len() as u32).collect(),
        };
        let first = access_units.first().ok_or(ClipFault::Malformed("empty"))?;
        let parameters: Vec<Vec<u8>> = first
            .iter()
            .map(|unit| stream[unit.clone()].to_vec())
            .filter(|unit| annex_b::kind(codec, unit) == annex_b::Kind::Parameters)
            .collect();
        if parameters.len() != if codec == Codec::H265 { 3 } else { 2 } {
            return Err(ClipFault::Malformed("no parameter sets in front"));
        }
        let reordering =
            order.iter().zip(0_u32..).map(|(shown, sent)| shown.saturating_sub(sent)).max().unwrap_or(0);
        let picture = |(units, presented): (&Vec<std::ops::Range<usize>>, u32)| {
            let units: Vec<&[u8]> = units.iter().map(|unit| &stream[unit.clone()]).collect();
            PacketizedPicture::of_units(codec, &units, presented)
        };
        Ok(Self {
            codec,
            pictures: access_units.iter().zip(order).map(picture).collect(),
            parameters,
            reordering,
        })
    }

    fn of_jpegs(stream: &[u8]) -> Result<Self, ClipFault> {
        let pictures = jpeg::pictures(stream)?;
        let pictures =
            pictures.iter().zip(0..).map(|(jpeg, i)| PacketizedPicture::of_jpeg(jpeg, i)).collect();
        Ok(Self { codec: Codec::Mjpeg, pictures, parameters: Vec::new(), reordering: 0 })
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::frame_number;
    use crate::list::list;

    fn sub_clip(coding: Coding) -> (ClipId, PathBuf) {
        let camera = list().cameras.iter().find(|camera| camera.coding == coding).expect("there is one");
        let id = ClipId::of(camera, Profile::Sub);
        let clips = Clips::new(default_folder());
        clips.prepare(&[id], &AtomicBool::new(false), &|_| {}).expect("the clip can be made");
        (id, clips.path(id))
    }

    #[test]
    fn open_groups_begin_with_cra_and_their_leading_pictures_follow() {
        let (id, path) = sub_clip(Coding::H265OpenGop);
        let stream = std::fs::read(&path).unwrap();
        let pictures = annex_b::access_units(Codec::H265, &stream);
        let types: Vec<u8> = pictures
            .iter()
            .map(|units| annex_b::unit_type(Codec::H265, &stream[units.last().unwrap().clone()]))
            .collect();
        let keys: Vec<u8> = types.iter().copied().filter(|t| (16..=21).contains(t)).collect();
        assert_eq!(keys.len(), 5, "{types:?}");
        assert!(keys[1..].iter().all(|&t| t == 21), "CRA after the first: {keys:?}");
        assert!(
            types.iter().any(|t| matches!(t, 8 | 9)),
            "leading pictures that lean over the CRA: {types:?}"
        );
        let clip = Clip::load(&path, id).unwrap();
        assert!(clip.reordering > 0);
        let mut shown: Vec<u32> = clip.pictures.iter().map(|picture| picture.presented).collect();
        assert_ne!(shown, (0..120).collect::<Vec<_>>());
        shown.sort_unstable();
        assert_eq!(shown, (0..120).collect::<Vec<_>>());
    }

    #[test]
    fn every_number_of_every_coding_is_read_from_a_small_tile() {
        for coding in Coding::ALL {
            let (id, path) = sub_clip(coding);
            let (width, height) = if coding == Coding::H265Hallway { (135, 240) } else { (240, 135) };
            let output = Command::new("ffmpeg")
                .args(["-nostdin", "-v", "error", "-i"])
                .arg(&path)
                .args(["-fps_mode", "passthrough", "-f", "rawvideo", "-vf"])
                .arg(format!("scale={width}:{height}:flags=bilinear,format=rgba"))
                .arg("-")
                .output()
                .unwrap();
            let tile = model::Rect::new(0, 0, width as u32, height as u32);
            let images = output.stdout.chunks_exact(width * height * 4);
            let numbers: Vec<_> = images.map(|image| frame_number::read(image, width * 4, tile)).collect();
            let all: Vec<_> = (0..id.pictures()).map(|number| Some(number as u16)).collect();
            assert_eq!(numbers, all, "{coding:?}");
        }
    }

    #[test]
    fn a_damaged_clip_is_not_taken() {
        let (id, path) = sub_clip(Coding::H265);
        let stream = std::fs::read(&path).unwrap();
        let copy = std::env::temp_dir().join(format!("province-damaged-{}.h265", std::process::id()));
        for damaged in [&stream[..stream.len() / 2], &stream[5000..], &[][..]] {
            std::fs::write(&copy, damaged).unwrap();
            assert!(Clip::load(&copy, id).is_err());
        }
        std::fs::write(&copy, &stream).unwrap();
        assert!(Clip::load(&copy, id).is_ok());
        std::fs::remove_file(&copy).unwrap();
    }
}
