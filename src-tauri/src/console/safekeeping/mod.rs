//! Copies of marked footage that are kept on this machine before the recorder overwrites it: who may ask for one, which
//! comes when, what has become of it. `work` carries them out, one at a time, over lines that nobody needs; `told` is what
//! the page is told.

mod told;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::Event;
use engine::export::Progress;
use engine::incidents::Stretch;
use engine::playback::Throttle;
use engine::safekeeping::{NotSafe, Safe, SafeCopy, SafeState};
use model::{Action, Id, Moment, Period, Role};
use parking_lot::Mutex;
use store::{Problem, Store};

use super::evidence::bytes;
use super::incidents::now_ms;
use super::{Console, notices};
use crate::wire::Notice;
use crate::words::Words;

/// What is kept around a mark that is a moment.
const AROUND: std::time::Duration = std::time::Duration::from_secs(30);
/// Recorders are asked no further back, in milliseconds.
const FURTHEST_MS: i64 = 31 * 24 * 3600 * 1000;
/// The least and the most that copies may take, in GB.
const LIMITS_GB: std::ops::RangeInclusive<u32> = 1..=100_000;

/// See the module. Its locks are taken with no other one held.
pub(super) struct Safekeeping {
    file: Store<Safe>,
    safe: Mutex<Safe>,
    /// Where the packages are.
    folder: PathBuf,
    running: Mutex<Option<Running>>,
}

/// The copy that is on its way.
struct Running {
    bookmark: Id,
    progress: Arc<Progress>,
    /// Each recorder with its site, and what its line has left.
    lines: Vec<(Id, Id, Throttle)>,
}

impl Safekeeping {
    /// What is kept in `data`, and what was wrong with it.
    pub(super) fn open(data: &Path) -> (Self, Option<Problem>) {
        let file = Store::open(data, "safe");
        let loaded = file.load();
        let safe = Mutex::new(loaded.value.unwrap_or_default());
        (Self { file, safe, folder: data.join("safe"), running: Mutex::default() }, loaded.problem)
    }

    /// Changes what is kept; the file follows, or nothing has changed.
    fn change<T>(&self, change: impl FnOnce(&mut Safe) -> T) -> Result<T, store::SaveError> {
        let mut safe = self.safe.lock();
        let mut changed = safe.clone();
        let done = change(&mut changed);
        self.file.save(&changed)?;
        *safe = changed;
        Ok(done)
    }
}

impl Console {
    /// Keeps a bookmark's footage on this machine, in the background.
    ///
    /// # Errors
    /// In words: the person may not take it out; there is no such bookmark, or no room.
    pub async fn keep_bookmark(self: &Arc<Self>, bookmark: &Id) -> Result<(), Notice> {
        let person = self.allow(Action::Export, None)?;
        let stretches = self.bookmarked(bookmark)?;
        self.ways(&stretches)?;
        let inventory = self.inventory();
        let estimate = stretches.iter().map(|stretch| bytes(&inventory, stretch)).sum();
        let made = std::fs::create_dir_all(&self.safekeeping.folder);
        let words = self.words();
        made.map_err(|error| super::records::not_written(&self.safekeeping.folder, &error, &words))?;
        let room = evidence::room(&self.safekeeping.folder).unwrap_or_default();
        if room < estimate {
            return Err(notices::error_notice("safe_no_room", &[], &words));
        }
        let overwritten_ms = self.overwritten_ms(&stretches).await;
        let copy = SafeCopy {
            bookmark: bookmark.clone(),
            by: self.author(),
            role: person.role,
            at_ms: now_ms(),
            stretches: stretches.clone(),
            estimate,
            overwritten_ms,
            state: SafeState::Waiting,
            text: String::new(),
            not_before_ms: 0,
            bytes: 0,
            package: None,
            sha256: None,
        };
        let asked = self.safekeeping.change(|safe| safe.ask(copy));
        asked.map_err(|error| notices::not_saved(&error, &words))?.map_err(|not| not_safe(not, &words))?;
        let asked = |Stretch { camera, period }: Stretch| Event::FootageKeepingAsked {
            camera,
            from_ms: period.from.ms(),
            until_ms: period.until.ms(),
        };
        self.people.note_all(stretches.into_iter().map(asked).collect());
        self.go_on_safekeeping();
        self.tell_safe();
        Ok(())
    }

    /// Tries a copy again that did not work.
    ///
    /// # Errors
    /// As above.
    pub fn keep_bookmark_again(self: &Arc<Self>, bookmark: &Id) -> Result<(), Notice> {
        self.allow(Action::Export, None)?;
        let words = self.words();
        let again = self.safekeeping.change(|safe| safe.again(bookmark));
        again.map_err(|error| notices::not_saved(&error, &words))?.map_err(|not| not_safe(not, &words))?;
        self.go_on_safekeeping();
        self.tell_safe();
        Ok(())
    }

    /// Removes a copy, whole or not.
    ///
    /// # Errors
    /// As above; somebody else has asked for it; it cannot be removed.
    pub fn drop_bookmark_copy(&self, bookmark: &Id) -> Result<(), Notice> {
        let person = self.allow(Action::Export, None)?;
        let words = self.words();
        let copy = self.safekeeping.safe.lock().of(bookmark).cloned();
        let copy = copy.ok_or_else(|| not_safe(NotSafe::Unknown, &words))?;
        if copy.by.account != person.account && person.role != Role::Supervisor {
            return Err(notices::error_notice("safe_not_yours", &[], &words));
        }
        let removed = self.safekeeping.change(|safe| safe.remove(bookmark));
        removed.map_err(|error| notices::not_saved(&error, &words))?.map_err(|not| not_safe(not, &words))?;
        self.remove_copy(&copy);
        self.renew_copies();
        let removed = |Stretch { camera, period }: Stretch| Event::KeptFootageRemoved {
            camera,
            from_ms: period.from.ms(),
            until_ms: period.until.ms(),
        };
        self.people.note_all(copy.stretches.into_iter().map(removed).collect());
        self.tell_safe();
        Ok(())
    }

    /// From now on copies may take so much together.
    ///
    /// # Errors
    /// In words: the person may not manage settings; it is no such amount.
    pub fn set_safe_limit(&self, limit_gb: u32) -> Result<(), Notice> {
        self.allow(Action::ManageSettings, None)?;
        let words = self.words();
        if !LIMITS_GB.contains(&limit_gb) {
            let (least, most) = (LIMITS_GB.start().to_string(), LIMITS_GB.end().to_string());
            return Err(notices::error_notice("safe_limit", &[("least", &least), ("most", &most)], &words));
        }
        let before = self.safekeeping.safe.lock().limit_gb();
        let changed = self.safekeeping.change(|safe| safe.set_limit_gb(limit_gb));
        changed.map_err(|error| notices::not_saved(&error, &words))?;
        if before != limit_gb {
            self.people.note(Event::SettingsChanged {
                what: "safe_limit_gb".into(),
                before: before.to_string().as_str().into(),
                after: limit_gb.to_string().as_str().into(),
            });
        }
        self.tell_safe();
        Ok(())
    }

    /// Whether a bookmark's footage is kept, or will be.
    pub(super) fn is_kept(&self, bookmark: &Id) -> bool {
        self.safekeeping.safe.lock().of(bookmark).is_some()
    }

    /// The packages on this machine that have footage of a camera of this time.
    pub(super) fn kept_footage(&self, camera: &Id, period: Period) -> Vec<PathBuf> {
        self.safekeeping.safe.lock().folders(camera, period)
    }

    /// What a bookmark marks, a moment with what is around it, and no future.
    fn bookmarked(&self, bookmark: &Id) -> Result<Vec<Stretch>, Notice> {
        let mark = self.read_bookmark(bookmark)?;
        let Period { from, until } = mark.period;
        let period = if from == until {
            Period { from: from.minus(AROUND), until: until.plus(AROUND) }
        } else {
            mark.period
        };
        let now = Moment::from_ms(now_ms());
        let period = Period { until: period.until.min(now), ..period };
        if period.from >= period.until {
            return Err(notices::error_notice("export_period", &[], &self.words()));
        }
        Ok(mark.cameras.into_iter().map(|camera| Stretch { camera, period }).collect())
    }

    /// When the first of it is overwritten: recorders reach as far back then as they do now.
    async fn overwritten_ms(&self, stretches: &[Stretch]) -> Option<i64> {
        let now = Moment::from_ms(now_ms());
        let mut first = None;
        for stretch in stretches {
            let Ok(mut ways) = self.ways(std::slice::from_ref(stretch)) else { continue };
            let (way, _) = ways.pop()?;
            let archive = Arc::clone(&self.playing.archive);
            let all = Period { from: Moment::from_ms(now.ms() - FURTHEST_MS), until: now };
            let asked = async move { archive.oldest(&way, all, now).await };
            // Who does not say is taken to reach as far back as all do.
            let oldest =
                self.equipment.devices.runtime().spawn(asked).await.ok().and_then(Result::ok).flatten();
            let due = oldest.map(|oldest| now.ms() + (stretch.period.from.ms() - oldest.ms()).max(0));
            first = match (first, due) {
                (Some(first), Some(due)) => Some(std::cmp::min::<i64>(first, due)),
                (first, due) => first.or(due),
            };
        }
        first
    }
}

fn not_safe(not: NotSafe, words: &Words) -> Notice {
    match not {
        NotSafe::Already => notices::error_notice("safe_already", &[], words),
        NotSafe::Limit { needed, left } => {
            let gb = |bytes: u64| words.number(bytes as f64 / 1e9, 1);
            notices::error_notice("safe_full", &[("needed", &gb(needed)), ("left", &gb(left))], words)
        }
        NotSafe::Unknown => notices::error_notice("safe_unknown", &[], words),
    }
}
