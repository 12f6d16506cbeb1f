//! How copies stand, as the page is told.

use engine::export::CameraState;
use engine::safekeeping::{SafeCopy, SafeState};
use model::{Action, Id};

use crate::console::Console;
use crate::console::incidents::shown;
use crate::wire::Notice;
use crate::wire::evidence::{Safe as SafeWire, SafeCopy as SafeCopyWire, SafeCopyState};
use crate::words::Words;

impl Console {
    /// The copies of what the person may see, and the room they take.
    ///
    /// # Errors
    /// In words: the person sees no recordings and manages no settings.
    pub fn safe(&self) -> Result<SafeWire, Notice> {
        if !self.people.may(Action::ManageSettings) {
            self.allow(Action::Playback, None)?;
        }
        Ok(self.safe_told())
    }

    pub(super) fn tell_safe(&self) {
        if [Action::Playback, Action::ManageSettings].into_iter().any(|action| self.people.may(action)) {
            self.tell("safe", self.safe_told());
        }
    }

    fn safe_told(&self) -> SafeWire {
        let safe = self.safekeeping.safe.lock().clone();
        let words = self.words();
        let running = {
            let running = self.safekeeping.running.lock();
            running.as_ref().map(|running| (running.bookmark.clone(), running.progress.cameras()))
        };
        let sees = |copy: &&SafeCopy| copy.stretches.iter().all(|stretch| self.may_play(&stretch.camera));
        let copies = safe.copies().iter().filter(sees);
        let told = copies.map(|copy| {
            let own = running.as_ref().filter(|(bookmark, _)| *bookmark == copy.bookmark);
            self.copy_told(copy, own.map(|(_, cameras)| cameras.as_slice()), &words)
        });
        SafeWire {
            copies: told.collect(),
            limit_gb: safe.limit_gb(),
            used: safe.used() as f64,
            room: evidence::room(&self.safekeeping.folder).unwrap_or_default() as f64,
        }
    }

    fn copy_told(
        &self,
        copy: &SafeCopy,
        coming: Option<&[engine::export::CameraStanding]>,
        words: &Words,
    ) -> SafeCopyWire {
        let state = match (copy.state, coming) {
            (_, Some(_)) => SafeCopyState::Coming,
            (SafeState::Kept, None) => SafeCopyState::Kept,
            (SafeState::Failed, None) => SafeCopyState::Failed,
            (SafeState::Waiting, None) => SafeCopyState::Waiting,
        };
        let text = match state {
            SafeCopyState::Waiting if self.is_idle(&self.lines_of(copy)) => {
                words.get("safe_waits_turn").to_owned()
            }
            SafeCopyState::Waiting => words.get("safe_waits_line").to_owned(),
            _ => copy.text.clone(),
        };
        let own = self.people.at_work().is_some_and(|person| {
            person.account == copy.by.account || person.role == model::Role::Supervisor
        });
        let whole = |camera: &Id| copy.stretches.iter().find(|stretch| stretch.camera == *camera);
        let share = |standing: &engine::export::CameraStanding| {
            let Some(stretch) = whole(&standing.camera) else { return 0.0 };
            let length = stretch.period.length().as_secs_f64().max(0.001);
            let come = standing.reached.since_us(stretch.period.from) as f64 / 1e6 / length;
            if standing.state == CameraState::Done { 1.0 } else { come.clamp(0.0, 1.0) }
        };
        let come = coming.map(|cameras| cameras.iter().map(share).sum::<f64>() / cameras.len().max(1) as f64);
        let bytes = coming.map_or(copy.bytes, |cameras| cameras.iter().map(|camera| camera.bytes).sum());
        SafeCopyWire {
            bookmark: copy.bookmark.clone(),
            state,
            share: if state == SafeCopyState::Kept { 1.0 } else { come.unwrap_or_default() },
            bytes: bytes.max(copy.bytes) as f64,
            text,
            by: shown(&copy.by),
            own,
            overwritten_at: copy.overwritten_ms.map(|at| at as f64),
        }
    }
}
