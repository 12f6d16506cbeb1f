//! Copies for viewing: what is covered in them, what stands on them, and a picture to point at what is to be covered.

use std::sync::Arc;

use engine::devices::{Purpose, way};
use engine::export::{CopyFault, Progress, Scribe};
use evidence::{Camera, Export, ExportFault};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Action, Canvas, Fault, Id, Mask, Moment, Picture, Turn};
use render::{Inscriber, Inscription};

use super::kept::{CameraMasks, Kept};
use crate::console::incidents::shown;
use crate::console::{Console, notices};
use crate::jpeg;
use crate::wire::Notice;
use crate::wire::evidence::FootageStill;
use crate::words::Words;

/// More of them leave nothing to be seen.
pub(super) const MOST_MASKS: usize = 32;
/// The picture that somebody points at is no wider, in pixels.
const STILL_WIDTH: u32 = 960;

/// Draws the pictures of one camera's copy.
struct Writing {
    inscriber: Inscriber,
    words: Arc<Words>,
    zone: TimeZone,
    /// The second that was written last, and how.
    second: i64,
    text: String,
}

impl Scribe for Writing {
    fn picture(&mut self, picture: &Picture, taken_at: Timestamp) -> Option<&Canvas> {
        if taken_at.as_second() != self.second || self.text.is_empty() {
            (self.second, self.text) = (taken_at.as_second(), self.moment(taken_at));
        }
        self.inscriber.draw(picture, &self.text)
    }

    fn card(&mut self, from: Timestamp, to: Timestamp) -> Option<&Canvas> {
        let values = [("from", self.moment(from)), ("to", self.moment(to))];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let detail = self.words.say("copy_gap_span", &values);
        self.inscriber.card(self.words.get("copy_gap"), &detail)
    }
}

impl Writing {
    fn new(kept: &Kept, camera: &Camera, masks: &[Mask], words: &Arc<Words>) -> Self {
        let number = if kept.case_number.is_empty() { "–" } else { &kept.case_number };
        let (name, host) = (shown(&kept.by), crate::process::host_name());
        let said = Inscription {
            title: camera.source.name.clone(),
            place: camera.source.site.clone(),
            case: words.say("copy_case", &[("number", number)]),
            notice: words.get("copy_notice").to_owned(),
            watermark: words.say(
                "copy_watermark",
                &[("name", name.as_str()), ("account", &kept.by.account), ("workstation", &host)],
            ),
        };
        let (inscriber, words) = (Inscriber::new(&said, masks), Arc::clone(words));
        Self { inscriber, words, zone: TimeZone::system(), second: 0, text: String::new() }
    }

    fn moment(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%d/%m/%Y %H:%M:%S %:z").to_string()
    }
}

impl Console {
    /// Puts each camera's copy beside its footage. What cannot be coded has no copy, and that is said of the export: the
    /// footage is what counts.
    pub(super) fn put_copies(
        &self,
        kept: &Kept,
        export: &mut Export,
        progress: &Progress,
    ) -> Result<(), ExportFault> {
        let words = self.words();
        let (folder, cameras) = export.finished()?;
        for (number, camera) in cameras.iter().enumerate() {
            let masks = kept.masks_of(&camera.source.camera);
            let mut writing = Writing::new(kept, camera, masks, &words);
            let made = engine::export::copy(export, &folder, (number, camera), masks, &mut writing, progress);
            match made {
                Ok(()) => {}
                Err(CopyFault::Write(fault)) => return Err(fault),
                Err(fault) => {
                    log::warn!("{}: no copy for viewing: {fault}", camera.source.camera);
                    let values = [("name", camera.source.name.as_str()), ("reason", &fault.to_string())];
                    let text = words.say("copy_not_made", &values);
                    self.keep_export(&kept.id, |kept| kept.text = text);
                }
            }
        }
        Ok(())
    }

    /// Masks, as they may be kept.
    pub(super) fn checked_masks(
        &self,
        viewing: bool,
        masks: Vec<CameraMasks>,
    ) -> Result<Vec<CameraMasks>, Notice> {
        let words = self.words();
        if viewing && engine::export::copy_coding().is_none() {
            return Err(notices::error_notice("copy_no_encoder", &[], &words));
        }
        let sound = |camera: &CameraMasks| {
            camera.masks.len() <= MOST_MASKS && camera.masks.iter().all(|mask| mask.is_sound())
        };
        if masks.iter().all(sound) {
            return Ok(if viewing { masks } else { Vec::new() });
        }
        let most = MOST_MASKS.to_string();
        Err(notices::error_notice("copy_masks", &[("most", &most)], &words))
    }

    /// A picture of a recording, to point at what is to be covered in a copy.
    ///
    /// # Errors
    /// In words: the person may not take it out; the recorder gives no picture.
    pub async fn footage_still(&self, camera: &Id, at: Moment) -> Result<FootageStill, Notice> {
        self.allow(Action::Export, Some(camera))?;
        let inventory = self.inventory();
        let way = way(&self.people, &inventory, camera, Purpose::Watching);
        let way = way.map_err(|no_way| self.not_played(&no_way))?;
        let exporter = self.exports.exporter.clone();
        let asked = async move { exporter.peek(&way, at).await };
        let peeked = self.equipment.devices.runtime().spawn(asked).await;
        let peeked = peeked.unwrap_or_else(|_| Err(Fault::Ended("closing".to_owned())));
        let shown = peeked.and_then(|(picture, at)| {
            let undecodable = || Fault::Undecodable("no picture".to_owned());
            Ok(FootageStill { image: data_url(&picture).ok_or_else(undecodable)?, at })
        });
        shown.map_err(|fault| {
            let words = self.words();
            let reason = crate::console::playback::said(&fault, &words);
            notices::error_notice("copy_no_still", &[("reason", &reason)], &words)
        })
    }
}

/// A picture as the page shows it.
fn data_url(picture: &Picture) -> Option<String> {
    let small = render::thumbnail(picture, Turn::None, STILL_WIDTH).ok()?;
    Some(jpeg::address(&jpeg::coded(small, super::beside::JPEG_QUALITY)?))
}
