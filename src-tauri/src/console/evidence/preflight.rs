//! What taking out would come to, before it begins.

use engine::incidents::Stretch;
use engine::playback::shares;
use inventory::{Inventory, ProfileKind};
use model::{Action, Fault, Id, Period};

use super::{Console, MOST_CAMERAS, now};
use crate::console::playback::said;
use crate::wire::Notice;
use crate::wire::evidence::{ExportFields, Preflight, PreflightCamera};

/// A recorded stream whose bit rate nobody has declared, kb/s: a full picture at the plan's quality, with some to spare.
const USUAL_KBPS: u32 = 3000;

/// About how many bytes a stretch takes.
pub(in crate::console) fn bytes(inventory: &Inventory, stretch: &Stretch) -> u64 {
    (f64::from(kbps(inventory, &stretch.camera)) * 125.0 * stretch.period.length().as_secs_f64()) as u64
}

/// Recorders record the full picture.
fn kbps(inventory: &Inventory, camera: &Id) -> u32 {
    let profiles =
        inventory.camera(camera).map(|(.., camera)| camera.profiles.as_slice()).unwrap_or_default();
    let main = profiles.iter().find(|profile| profile.kind == ProfileKind::Main);
    main.and_then(|profile| profile.kbps).unwrap_or(USUAL_KBPS)
}

impl Console {
    /// What taking out would come to.
    ///
    /// # Errors
    /// In words: the person may take nothing out.
    pub async fn preflight_export(&self, fields: ExportFields) -> Result<Preflight, Notice> {
        self.allow(Action::Export, None)?;
        let words = self.words();
        let stretches: Vec<Stretch> = fields
            .stretches
            .iter()
            .take(MOST_CAMERAS)
            .map(|stretch| Stretch { camera: stretch.camera.clone(), period: stretch.period })
            .collect();
        let (mut cameras, mut expected) = (Vec::new(), 0);
        let inventory = self.inventory();
        for stretch in &stretches {
            let wanted = stretch.period.length().as_secs_f64();
            let (recorded, problem) = match self.ways(std::slice::from_ref(stretch)) {
                Err(notice) => (None, format!("{}. {}", notice.title, notice.detail)),
                Ok(mut ways) => {
                    let (way, _) = ways.remove(0);
                    let (archive, period) = (std::sync::Arc::clone(&self.playing.archive), stretch.period);
                    let asked = async move { archive.spans(&way, period, now()).await };
                    let listed = self.equipment.devices.runtime().spawn(asked).await;
                    match listed.unwrap_or_else(|_| Err(Fault::Ended("closing".to_owned()))) {
                        Ok(listed) => {
                            let spans = listed.spans.iter().map(|span| span.period).collect();
                            (Some(covered(spans)), String::new())
                        }
                        Err(fault) => (None, said(&fault, &words)),
                    }
                }
            };
            let share = recorded.map_or(1.0, |recorded| recorded / wanted.max(1.0));
            // A copy for viewing is about as large.
            let copies = if fields.viewing { 2.0 } else { 1.0 };
            expected += (bytes(&inventory, stretch) as f64 * share * copies) as u64;
            cameras.push(PreflightCamera { camera: stretch.camera.clone(), recorded, wanted, problem });
        }
        let checked = self.checked(fields);
        let folder = checked.as_ref().map_or_else(|_| self.usual_folder(), |checked| checked.folder.clone());
        let room = evidence::room(&folder).unwrap_or_default();
        let problem = match checked {
            Err(notice) => format!("{}. {}", notice.title, notice.detail),
            Ok(_) if room < expected => words.get("export_no_room").to_owned(),
            Ok(_) => String::new(),
        };
        Ok(Preflight {
            folder: folder.display().to_string(),
            bytes: expected as f64,
            room: room as f64,
            seconds: self.seconds(&stretches, &inventory),
            four_eyes: self.asks_four_eyes(),
            cameras,
            problem,
        })
    }

    /// About how long the slowest line takes.
    fn seconds(&self, stretches: &[Stretch], inventory: &Inventory) -> f64 {
        let mut recorders: Vec<((Id, Id), u64)> = Vec::new();
        for stretch in stretches {
            let Some((site, recorder, _)) = inventory.camera(&stretch.camera) else { continue };
            let own = (recorder.id.clone(), site.id.clone());
            let bytes = bytes(inventory, stretch);
            match recorders.iter_mut().find(|(known, _)| *known == own) {
                Some((_, all)) => *all += bytes,
                None => recorders.push((own, bytes)),
            }
        }
        let wanted: Vec<(Id, Id)> = recorders.iter().map(|(own, _)| own.clone()).collect();
        let loads = self.feeds.loads();
        let shares = shares(&wanted, &loads.recorders, &loads.sites);
        let seconds = |((recorder, _), bytes): &((Id, Id), u64)| {
            *bytes as f64 * 8e-6 / shares.get(recorder).copied().unwrap_or_default().max(0.1)
        };
        recorders.iter().map(seconds).fold(0.0, f64::max)
    }
}

/// Seconds of stretches that may overlap.
fn covered(mut spans: Vec<Period>) -> f64 {
    spans.sort();
    let (mut seconds, mut reached) = (0.0, None);
    for span in spans {
        let from = reached.map_or(span.from, |reached| span.from.max(reached));
        seconds += (span.until.since_us(from).max(0) as f64) / 1e6;
        reached = reached.max(Some(span.until));
    }
    seconds
}

#[cfg(test)]
mod tests {
    use model::Moment;

    use super::*;

    #[test]
    fn what_is_recorded_twice_counts_once() {
        let period = |from, until| Period { from: Moment::from_ms(from), until: Moment::from_ms(until) };
        let spans = vec![period(20_000, 25_000), period(0, 10_000), period(4000, 6000), period(9000, 12_000)];
        assert!((covered(spans) - 17.0).abs() < 1e-9);
    }
}
