//! A tile's picture as a file that says itself which camera it is of, and when it was taken.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageEncoder, RgbaImage};
use jiff::Zoned;

use crate::wire::PictureFormat;

/// Nearly lossless: what is saved may have to be looked at closely.
const JPEG_QUALITY: u8 = 95;

/// What a file says of its picture.
pub struct Origin {
    /// The camera's name.
    pub camera: String,
    /// The site's name.
    pub site: String,
    /// The camera's id in the inventory.
    pub id: String,
    /// When the picture was taken.
    pub taken: Zoned,
    /// The time is the camera's own; else it is when the picture arrived here.
    pub by_camera: bool,
}

impl Origin {
    /// A file name that sorts by time, without anything that a file system might take amiss.
    #[must_use]
    pub fn file_name(&self, format: PictureFormat) -> String {
        let plain = |text: &str| {
            let kept: String = text
                .chars()
                .map(|c| if c.is_alphanumeric() || "-_ ".contains(c) { c } else { '-' })
                .collect();
            kept.trim_matches(['-', ' ']).chars().take(60).collect::<String>()
        };
        let extension = match format {
            PictureFormat::Png => "png",
            PictureFormat::Jpeg => "jpg",
        };
        let time = self.taken.strftime("%Y-%m-%d %H-%M-%S.%3f");
        format!("{time} {} {}.{extension}", plain(&self.site), plain(&self.camera))
    }

    fn exif(&self) -> Result<Vec<u8>, exif::Error> {
        let text = |tag, text: String| Field {
            tag,
            ifd_num: In::PRIMARY,
            value: Value::Ascii(vec![text.into_bytes()]),
        };
        let source = if self.by_camera { "camera clock" } else { "time of arrival" };
        // A null byte would end the text for readers; the inventory has none, and what comes after it must not be lost.
        let description = format!("{} | {} | {}", self.site, self.camera, self.id).replace('\0', " ");
        let fields = [
            text(Tag::ImageDescription, description),
            text(Tag::Software, format!("Watchwall {}", env!("CARGO_PKG_VERSION"))),
            text(Tag::DateTimeOriginal, self.taken.strftime("%Y:%m:%d %H:%M:%S").to_string()),
            text(Tag::SubSecTimeOriginal, self.taken.strftime("%3f").to_string()),
            text(Tag::OffsetTimeOriginal, self.taken.strftime("%:z").to_string()),
            Field {
                tag: Tag::UserComment,
                ifd_num: In::PRIMARY,
                value: Value::Undefined([b"ASCII\0\0\0", source.as_bytes()].concat(), 0),
            },
        ];
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut bytes = std::io::Cursor::new(Vec::new());
        writer.write(&mut bytes, false)?;
        Ok(bytes.into_inner())
    }
}

/// Saves the picture in `folder`, which is made if need be; gives the path. An existing file is never replaced.
///
/// # Errors
/// What the system says, with the path.
pub fn save(
    picture: RgbaImage,
    origin: &Origin,
    format: PictureFormat,
    folder: &Path,
) -> Result<PathBuf, (PathBuf, String)> {
    let path = folder.join(origin.file_name(format));
    write(picture, origin, format, &path).map_err(|reason| (path.clone(), reason))?;
    Ok(path)
}

fn write(picture: RgbaImage, origin: &Origin, format: PictureFormat, path: &Path) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let exif = origin.exif().map_err(|error| failed(&error))?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let mut file = BufWriter::new(File::create_new(path).map_err(|error| failed(&error))?);
    let picture = DynamicImage::ImageRgba8(picture).into_rgb8();
    let (width, height) = picture.dimensions();
    let encoded = match format {
        PictureFormat::Png => {
            let mut encoder = PngEncoder::new(&mut file);
            encoder.set_exif_metadata(exif).map_err(|error| failed(&error))?;
            encoder.write_image(&picture, width, height, image::ExtendedColorType::Rgb8)
        }
        PictureFormat::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY);
            encoder.set_exif_metadata(exif).map_err(|error| failed(&error))?;
            encoder.write_image(&picture, width, height, image::ExtendedColorType::Rgb8)
        }
    };
    let written = encoded
        .map_err(|error| failed(&error))
        .and_then(|()| file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|error| failed(&error)));
    if written.is_err() {
        // Half a picture is none.
        let _ = std::fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin {
            camera: "Cổng ../chính".to_owned(),
            site: "Trạm y tế: phường Vĩnh Lạc".to_owned(),
            id: "rach-gia/tyt/1/3".to_owned(),
            taken: "2021-07-16T12:34:56.789+07:00[Asia/Ho_Chi_Minh]".parse().unwrap(),
            by_camera: true,
        }
    }

    #[test]
    fn a_saved_picture_says_where_and_when() {
        let folder = std::env::temp_dir().join(format!("watchwall-pictures-{}", std::process::id()));
        for format in [PictureFormat::Png, PictureFormat::Jpeg] {
            let picture = RgbaImage::from_pixel(64, 48, image::Rgba([200, 100, 50, 255]));
            let path = save(picture.clone(), &origin(), format, &folder).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            let decoded = image::load_from_memory(&bytes).unwrap().into_rgb8();
            assert!(decoded.get_pixel(10, 10).0.iter().zip([200, 100, 50]).all(|(a, b)| a.abs_diff(b) < 6));
            let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes)).unwrap();
            let text = |tag| match &exif.get_field(tag, In::PRIMARY).unwrap().value {
                Value::Ascii(texts) => String::from_utf8(texts[0].clone()).unwrap(),
                other => panic!("{other:?}"),
            };
            assert_eq!(
                text(Tag::ImageDescription),
                "Trạm y tế: phường Vĩnh Lạc | Cổng ../chính | rach-gia/tyt/1/3"
            );
            assert_eq!(text(Tag::DateTimeOriginal), "2021:07:16 12:34:56");
            assert_eq!(
                (text(Tag::SubSecTimeOriginal), text(Tag::OffsetTimeOriginal)),
                ("789".into(), "+07:00".into())
            );
            // The same moment again must not replace the first one.
            assert!(save(picture, &origin(), format, &folder).is_err());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_name_leaves_its_folder_nowhere() {
        let name = origin().file_name(PictureFormat::Png);
        assert_eq!(name, "2021-07-16 12-34-56.789 Trạm y tế- phường Vĩnh Lạc Cổng ---chính.png");
    }
}
