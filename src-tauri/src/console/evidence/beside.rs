//! Copies for viewing, stills and a report go into the package before it is signed.

use engine::export::Progress;
use evidence::{Attachment, Camera, Export, ExportFault, StillSource};
use model::{Id, Moment, Turn};

use super::kept::Kept;
use crate::console::Console;
use crate::console::incidents::Report;
use crate::jpeg;

/// More nobody looks at on paper.
const MOST_STILLS: usize = 60;
pub(super) const JPEG_QUALITY: u8 = 92;

impl Console {
    /// A still of every bookmark that lies in what was taken out, else one of every camera's beginning; and the report, which
    /// shows them; before them the copies for viewing, which take longest. What cannot be decoded has no still: the footage
    /// is what counts.
    pub(super) fn put_beside(
        &self,
        id: &Id,
        export: &mut Export,
        progress: &Progress,
    ) -> Result<(), ExportFault> {
        let Some(kept) = self.exports.list.lock().get(id).cloned() else { return Ok(()) };
        if export.attachments().iter().any(|attached| attached.kind == Attachment::Report) {
            // It was all put in before the program was killed.
            return Ok(());
        }
        if kept.viewing {
            self.put_copies(&kept, export, progress)?;
        }
        let mut report = Report::new(self, kept.incident.as_ref(), &kept.by, &kept.case_number, &kept.reason);
        let (folder, cameras) = export.finished()?;
        for camera in &cameras {
            report.footage(camera);
            for (at, caption) in self.moments(&kept, camera) {
                if report.stills() >= MOST_STILLS {
                    break;
                }
                let Some((picture, taken_at)) = engine::export::still(&folder, camera, at) else { continue };
                let Some(bytes) = still(&picture) else { continue };
                let source = &camera.source;
                let from = StillSource {
                    camera: source.camera.clone(),
                    name: source.name.clone(),
                    site: source.site.clone(),
                    device: source.recorder.clone(),
                    recoded: true,
                };
                let name = export.still(from, taken_at, &bytes)?;
                report.still(&name, &source.name, &source.site, taken_at, &caption);
            }
        }
        report.copies(export.attachments());
        let html = report.html();
        let name = format!("{}.html", self.words().get("report_file"));
        export.attach(Attachment::Report, &name, &mut html.as_bytes()).map(drop)
    }

    /// What of a camera is worth a still, with its words.
    fn moments(&self, kept: &Kept, camera: &Camera) -> Vec<(Moment, String)> {
        let Some(stretch) = kept.stretches.iter().find(|stretch| stretch.camera == camera.source.camera)
        else {
            return Vec::new();
        };
        let marks = self.marks(&stretch.camera, stretch.period, kept.incident.as_ref());
        let mut moments: Vec<(Moment, String)> =
            marks.into_iter().map(|mark| (mark.period.from.max(stretch.period.from), mark.words)).collect();
        if moments.is_empty() {
            moments.push((stretch.period.from, String::new()));
        }
        moments
    }
}

/// A picture's file.
fn still(picture: &model::Picture) -> Option<Vec<u8>> {
    jpeg::coded(render::still(picture, Turn::None).ok()?, JPEG_QUALITY)
}
