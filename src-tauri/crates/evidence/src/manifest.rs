//! What is signed: everything that is said of a package, and a hash of every byte in it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use jiff::Timestamp;
use model::Codec;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::description::{Case, Device, Gap, Person, Source, Span, Tool};
use crate::digest::Digest;
use crate::names;

/// The manifest's name in a package.
pub const MANIFEST: &str = "manifest.json";
/// The signature's name in a package.
pub const SIGNATURE: &str = "signature.json";
/// The name of a second person's release in a package.
pub const RELEASE: &str = "release.json";

pub(crate) const FORMAT: &str = "watchwall-evidence";
pub(crate) const VERSION: u32 = 1;
/// The most bytes of a manifest.
pub(crate) const LARGEST: u64 = 32 << 20;

/// What a package says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Watchwall evidence manifest")]
pub struct Manifest {
    /// `watchwall-evidence`.
    pub format: String,
    /// 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// 128 random bits in hexadecimal digits: no two packages have the same.
    pub package: String,
    /// When the package was finished, by the workstation's clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub made_at: Timestamp,
    /// The program.
    pub tool: Tool,
    /// Who took it out.
    pub operator: Person,
    /// For which case.
    pub case: Case,
    /// What was asked for, in true time.
    pub span: Span,
    /// Whether it counts as handed out only with a second person's release.
    pub release_required: bool,
    /// The cameras, in the order in which their footage was begun.
    pub cameras: Vec<Camera>,
    /// Single pictures.
    pub stills: Vec<StillFile>,
    /// What was put beside: reports, viewing copies.
    pub attachments: Vec<AttachedFile>,
}

/// One camera's footage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// Where it came from.
    pub source: Source,
    /// Stretches of time without footage, as the source tells, or as they came about.
    pub gaps: Vec<Gap>,
    /// The files, one after the other in time. A new one begins where the coding changes, the time goes back, or the file
    /// would not fit on a stick formatted with FAT32. None: nothing came.
    pub files: Vec<MediaFile>,
    /// Stretches that came from a package that had been kept before, since the source gave them no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptFootage>,
}

/// Footage that was taken from a package that was made before, unchanged, after every byte of that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptFootage {
    /// The other package's id.
    pub package: String,
    /// SHA-256 of its manifest.
    pub manifest: Digest,
    /// When it was made.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub made_at: Timestamp,
    /// From when on it gave what the source did not.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: Timestamp,
    /// Up to when.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: Timestamp,
}

/// One media file (Matroska). Its bytes are the head, the groups of the index, and the tail; nothing is in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaFile {
    /// Its name in the package.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Of all its bytes.
    pub sha256: Digest,
    /// `H.265`, `H.264` or `MJPEG`: access units exactly as the source sent them.
    pub codec: String,
    /// Of the first picture, in pixels.
    pub width: u32,
    /// Of the first picture, in pixels.
    pub height: u32,
    /// True time of the first picture.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: Timestamp,
    /// True time of the picture that is shown last.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: Timestamp,
    /// How many pictures.
    pub pictures: u64,
    /// How many packets of sound.
    pub sound: u64,
    /// Network packets that were lost on the way from the source: the pictures around them are damaged.
    pub lost: u64,
    /// Stretches longer than five seconds without a picture.
    pub interruptions: u64,
    /// The file's beginning.
    pub head: Piece,
    /// The file's end, behind the last group.
    pub tail: Piece,
    /// Where the groups of pictures are listed.
    pub index: IndexFile,
}

/// Some bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// How many.
    pub bytes: u64,
    /// Of these bytes.
    pub sha256: Digest,
}

/// The index of a media file: one line a group of pictures, see [`crate::Group`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexFile {
    /// Its name in the package.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Of all its bytes.
    pub sha256: Digest,
    /// How many groups.
    pub groups: u64,
    /// The last group's chain.
    pub chain: Digest,
}

/// A single picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StillFile {
    /// Its name in the package.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Of all its bytes.
    pub sha256: Digest,
    /// Where it came from.
    pub from: StillSource,
    /// True time of the picture.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub taken_at: Timestamp,
}

/// Where a single picture came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StillSource {
    /// The camera's id in the inventory.
    #[schemars(with = "String")]
    pub camera: model::Id,
    /// Its name.
    pub name: String,
    /// The site's name.
    pub site: String,
    /// Who recorded or sent.
    pub device: Device,
    /// Whether the program decoded it from a stream and coded it anew, or handed on what the device gave.
    pub recoded: bool,
}

/// Something beside the footage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachedFile {
    /// Its name in the package.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Of all its bytes.
    pub sha256: Digest,
    /// What it is.
    pub kind: Attachment,
    /// Of a copy for viewing: what it was made of, and what is left out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<ViewingCopy>,
}

/// A copy that is only to be looked at: pictures of one media file, decoded, masked, with words set into them, and coded
/// anew, without sound. It proves nothing by itself; the original, which it never stands for, is in the same package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewingCopy {
    /// The camera's id in the inventory.
    #[schemars(with = "String")]
    pub camera: model::Id,
    /// The media file that it was made of.
    pub original: String,
    /// Of all bytes of that file.
    pub original_sha256: Digest,
    /// `H.264` or `MPEG-4 Visual`, in MP4.
    pub codec: String,
    /// In pixels, with the bands that the words stand on.
    pub width: u32,
    /// In pixels, with the bands that the words stand on.
    pub height: u32,
    /// True time of the first picture that it shows.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: Timestamp,
    /// True time of the last picture that it shows.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: Timestamp,
    /// How many of the original's pictures it shows.
    pub pictures: u64,
    /// How many of the original's access units of its time could not be decoded.
    pub undecoded: u64,
    /// What is covered in every picture.
    pub masks: Vec<MaskedArea>,
}

/// A part of the picture that is covered in a copy, in thousandths of the original picture's sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaskedArea {
    /// From the left edge.
    pub x: u16,
    /// From the upper edge.
    pub y: u16,
    /// To the right.
    pub width: u16,
    /// Down.
    pub height: u16,
    /// What is seen in its place.
    pub look: MaskedLook,
}

/// What is seen in place of what is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaskedLook {
    /// Nothing.
    Black,
    /// Coarse squares, each of the mean colour of what it covers.
    Mosaic,
}

impl From<model::Mask> for MaskedArea {
    fn from(mask: model::Mask) -> Self {
        let model::Mask { x, y, width, height, look } = mask;
        let look = match look {
            model::MaskLook::Black => MaskedLook::Black,
            model::MaskLook::Mosaic => MaskedLook::Mosaic,
        };
        Self { x, y, width, height, look }
    }
}

/// What is put beside the footage, never in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// A report for people.
    Report,
    /// Footage coded anew with name, time and watermark in the picture; see [`ViewingCopy`].
    ViewingCopy,
    /// An excerpt of the log of who did what.
    CustodyLog,
}

/// The manifest's schema (JSON Schema).
#[must_use]
pub fn manifest_schema() -> Schema {
    schemars::schema_for!(Manifest)
}

impl Manifest {
    /// Its bytes: JSON with its keys always in this order, so that the same manifest gives the same bytes.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("it is numbers and plain texts");
        bytes.push(b'\n');
        bytes
    }

    /// Reads signed bytes; says in English, for support, why others are none.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if manifest.format != FORMAT || manifest.version != VERSION {
            return Err(format!("format {:?}, version {}", manifest.format, manifest.version));
        }
        // Else two readers might understand the same signed bytes differently: keys written twice, for instance.
        if manifest.canonical() != bytes {
            return Err("not canonical".to_owned());
        }
        manifest.check()?;
        Ok(manifest)
    }

    /// Whether every name stays in the folder and stands for one file.
    fn check(&self) -> Result<(), String> {
        let mut seen: std::collections::HashSet<String> =
            [MANIFEST, SIGNATURE, RELEASE].into_iter().map(str::to_owned).collect();
        for name in self.names() {
            // Some systems take two names for one if only their case differs.
            if !names::is_safe(name) || !seen.insert(name.to_lowercase()) {
                return Err(format!("the name {name:?}"));
            }
        }
        self.check_copies()
    }

    /// Whether every copy was made of a file of this package, as it is in it.
    fn check_copies(&self) -> Result<(), String> {
        for attached in &self.attachments {
            let Some(copy) = &attached.copy else { continue };
            let cameras = self.cameras.iter().filter(|camera| camera.source.camera == copy.camera);
            let original = cameras.flat_map(|camera| &camera.files).find(|file| file.name == copy.original);
            if original.is_none_or(|original| original.sha256 != copy.original_sha256) {
                return Err(format!("the original of {:?}", attached.name));
            }
        }
        Ok(())
    }

    /// What a package says of itself, with nothing compared: for who wants to look into one of this machine, not to judge it.
    ///
    /// # Errors
    /// It can't be read, or says something else.
    pub fn read_unchecked(folder: &Path) -> io::Result<Self> {
        let file = File::open(folder.join(MANIFEST))?;
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// The names of all files that belong to it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let media = self.cameras.iter().flat_map(|camera| &camera.files);
        media
            .flat_map(|file| [file.name.as_str(), file.index.name.as_str()])
            .chain(self.stills.iter().map(|still| still.name.as_str()))
            .chain(self.attachments.iter().map(|attached| attached.name.as_str()))
    }
}

/// How a manifest names a codec.
pub(crate) fn codec_name(codec: Codec) -> String {
    codec.name().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Manifest {
        Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            package: "00".to_owned(),
            made_at: Timestamp::UNIX_EPOCH,
            tool: Tool { name: "t".to_owned(), version: "1".to_owned() },
            operator: Person { account: "a".to_owned(), name: "A".to_owned(), workstation: "w".to_owned() },
            case: Case { number: String::new(), reason: "r".to_owned() },
            span: Span { from: Timestamp::UNIX_EPOCH, to: Timestamp::UNIX_EPOCH },
            release_required: false,
            cameras: Vec::new(),
            stills: Vec::new(),
            attachments: Vec::new(),
        }
    }

    fn attached(name: &str) -> AttachedFile {
        AttachedFile {
            name: name.to_owned(),
            bytes: 0,
            sha256: Digest::of(b""),
            kind: Attachment::Report,
            copy: None,
        }
    }

    #[test]
    fn only_canonical_bytes_are_read() {
        let bytes = empty().canonical();
        assert_eq!(Manifest::read(&bytes), Ok(empty()));
        let text = String::from_utf8(bytes).unwrap();
        for other in [
            text.trim_end().to_owned(),
            text.replacen("\"version\"", "\"version\": 1, \"version\"", 1),
            text.replacen(": 1", ":  1", 1),
            text.replacen("\"format\"", "\"more\": 0, \"format\"", 1),
            text.replacen("\"watchwall-evidence\"", "\"other\"", 1),
        ] {
            assert!(Manifest::read(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder_or_stands_for_two_files() {
        for names in
            [&["../x"][..], &["/x"], &["a/b"], &["con"], &[""], &["a", "A"], &["manifest.json"], &["a\\b"]]
        {
            let attachments = names.iter().map(|name| attached(name)).collect();
            let manifest = Manifest { attachments, ..empty() };
            assert!(Manifest::read(&manifest.canonical()).is_err(), "{names:?}");
        }
        let manifest = Manifest { attachments: vec![attached("a"), attached("b.html")], ..empty() };
        assert!(Manifest::read(&manifest.canonical()).is_ok());
    }

    #[test]
    fn a_copy_has_its_original_in_the_same_package() {
        let copy = ViewingCopy {
            camera: model::Id::new("a/1").unwrap(),
            original: "01-a.mkv".to_owned(),
            original_sha256: Digest::of(b"x"),
            codec: "H.264".to_owned(),
            width: 640,
            height: 404,
            from: Timestamp::UNIX_EPOCH,
            to: Timestamp::UNIX_EPOCH,
            pictures: 1,
            undecoded: 0,
            masks: Vec::new(),
        };
        let kind = Attachment::ViewingCopy;
        let attachments = vec![AttachedFile { kind, copy: Some(copy), ..attached("viewing-01-a.mp4") }];
        let manifest = Manifest { attachments, ..empty() };
        let why = Manifest::read(&manifest.canonical()).unwrap_err();
        assert!(why.contains("the original of"), "{why}");
    }

    #[test]
    fn the_schema_takes_what_is_written() {
        let schema = serde_json::to_value(manifest_schema()).unwrap();
        let manifest = Manifest { attachments: vec![attached("a")], ..empty() };
        let value = serde_json::from_slice(&manifest.canonical()).unwrap();
        assert!(jsonschema::is_valid(&schema, &value));
        assert!(!jsonschema::is_valid(&schema, &serde_json::json!({})));
    }
}
