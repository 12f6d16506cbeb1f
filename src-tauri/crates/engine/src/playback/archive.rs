//! What the recorders behind cameras hold: which spans, kept by day, and the tapes that are played.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use devices::Reply;
use devices::recordings::{Footage, Recordings};
use model::{Credentials, Fault, Id, Moment, Period, Recorded, RecordedFor};
use parking_lot::Mutex;

use super::calibration;
use super::fetcher::Tape;
use crate::devices::{Devices, Way};

const DAY_US: i64 = 86_400_000_000;
/// Recorders keep weeks; nobody looks at more at once.
const MOST_DAYS: i64 = 31;
/// What a recorder says of a time that has just passed is not final: it closes its files late.
const SETTLED: Duration = Duration::from_secs(600);
/// What is not final is asked for again after this.
const RENEWED: Duration = Duration::from_secs(30);

/// Clocks drift by some seconds a day.
const CALIBRATED: Duration = Duration::from_secs(3 * 3600);

/// How far a device's clock is ahead, and when that was found out; held while it is.
type Ahead = Arc<tokio::sync::Mutex<Option<(i64, Instant)>>>;

/// What the devices' recordings are known to hold. Recorders are searched one question at a time each, and a day that is over
/// only once.
pub struct Archive {
    devices: Arc<Devices>,
    known: Mutex<HashMap<Id, BTreeMap<i64, Day>>>,
    asking: Mutex<HashMap<Id, Arc<tokio::sync::Mutex<()>>>>,
    clocks: Mutex<HashMap<Id, Ahead>>,
    calendars: Mutex<HashMap<Id, Calendar>>,
}

/// One day (UTC) of a camera.
struct Day {
    /// In true time, cut at the day's ends.
    spans: Vec<Recorded>,
    asked: Moment,
}

/// What there is of a day, or another stretch of time, of a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// Nobody has asked, and the recorder has no calendar.
    Unknown,
    /// Nothing was recorded.
    Nothing,
    /// Something was recorded. Whether anything moved is known where spans are.
    Footage,
    /// Something moved, or another event was recorded.
    Motion,
}

/// The calendar of a camera as its recorder told it.
struct Calendar {
    asked_for: Period,
    asked: Moment,
    /// In true time. `None`: it has none.
    days: Option<Vec<Period>>,
    /// Nothing is older.
    oldest: Option<Moment>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// In true time, in order of their beginning; cut at the ends of what was asked for.
    pub spans: Vec<Recorded>,
    /// The recorder had to be asked.
    pub searched: bool,
}

impl Archive {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(devices: Arc<Devices>) -> Self {
        let (known, asking, clocks) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { devices, known, asking, clocks, calendars: Mutex::default() }
    }

    /// What there is of a camera in a period, `now` being true time. Of more than 31 days the last ones are looked for.
    ///
    /// # Errors
    /// As [`Devices::device`]; [`Fault::NotOffered`] where the device cannot be searched; the recorder's refusal.
    pub async fn spans(&self, way: &Way, period: Period, now: Moment) -> Result<Listed, Fault> {
        let until = period.until.min(now);
        let from = period.from.max(until.plus_us(-MOST_DAYS * DAY_US));
        if from >= until {
            return Ok(Listed::default());
        }
        let period = Period { from, until };
        let asking = Arc::clone(self.asking.lock().entry(way.device.clone()).or_default());
        let _turn = asking.lock().await;
        let unknown = self.unknown(&way.camera, period, now);
        if !unknown.is_empty() {
            let (recordings, ahead_us) = self.recorder(way).await?;
            for days in &unknown {
                let whole = Period { from: begin(days.0), until: begin(days.1 + 1) };
                let found =
                    recordings.spans(way.channel, whole.plus_us(ahead_us)).await.inspect_err(|fault| {
                        self.devices.heard(way, fault);
                    })?;
                self.keep(&way.camera, *days, &found, ahead_us, now);
            }
        }
        Ok(Listed { spans: self.gather(&way.camera, period), searched: !unknown.is_empty() })
    }

    /// What there is of a camera in each of some stretches of time, days of whoever asks; and whether the recorder was
    /// searched. By what is known of spans, else by the recorder's calendar; `thorough`: spans are searched where they are not
    /// known.
    ///
    /// # Errors
    /// As [`Self::spans`].
    pub async fn days(
        &self,
        way: &Way,
        days: &[Period],
        thorough: bool,
        now: Moment,
    ) -> Result<(Vec<Held>, bool), Fault> {
        let held = |day: &Period| self.held(&way.camera, *day, now);
        let by_spans: Vec<Option<Held>> = days.iter().map(held).collect();
        let unknown = || days.iter().zip(&by_spans).filter(|(_, held)| held.is_none()).map(|(day, _)| *day);
        let Some(all) = unknown().reduce(Period::around) else {
            return Ok((by_spans.into_iter().flatten().collect(), false));
        };
        if thorough {
            let searched = self.spans(way, all, now).await?.searched;
            // Of what is older than anybody looks at, nothing is known still.
            let held = |day: &Period| self.held(&way.camera, *day, now).unwrap_or(Held::Unknown);
            return Ok((days.iter().map(held).collect(), searched));
        }
        self.ask_calendar(way, all, now).await?;
        let calendars = self.calendars.lock();
        let told = |day: &Period| calendars.get(&way.camera).map_or(Held::Unknown, |told| told.of(*day));
        let held = days.iter().zip(by_spans).map(|(day, held)| held.unwrap_or_else(|| told(day)));
        Ok((held.collect(), false))
    }

    /// The oldest moment of which a recorder has something of a camera, in true time: as it says itself, else by a search of the
    /// period.
    ///
    /// # Errors
    /// As [`Self::spans`].
    pub async fn oldest(&self, way: &Way, period: Period, now: Moment) -> Result<Option<Moment>, Fault> {
        let (recordings, ahead_us) = self.recorder(way).await?;
        let told = recordings.oldest(way.channel).await;
        if let Some(oldest) = told.inspect_err(|fault| self.devices.heard(way, fault))? {
            return Ok(Some(oldest.plus_us(-ahead_us)));
        }
        Ok(self.spans(way, period, now).await?.spans.iter().map(|span| span.period.from).min())
    }

    /// What the known spans say of a stretch of time; `None`: not enough is known.
    fn held(&self, camera: &Id, period: Period, now: Moment) -> Option<Held> {
        let until = period.until.min(now);
        if period.from >= until {
            return Some(Held::Nothing);
        }
        let period = Period { until, ..period };
        if !self.unknown(camera, period, now).is_empty() {
            return None;
        }
        let spans = self.gather(camera, period);
        let moved = |span: &Recorded| matches!(span.why, RecordedFor::Motion | RecordedFor::Event);
        Some(match () {
            () if spans.iter().any(moved) => Held::Motion,
            () if spans.is_empty() => Held::Nothing,
            () => Held::Footage,
        })
    }

    /// Asks a recorder for its calendar, unless it has told it lately.
    async fn ask_calendar(&self, way: &Way, period: Period, now: Moment) -> Result<(), Fault> {
        let good = |told: &Calendar| {
            told.asked_for == period && now < told.asked.plus(SETTLED)
                || (told.days.is_none() && now < told.asked.plus(CALIBRATED))
        };
        if self.calendars.lock().get(&way.camera).is_some_and(good) {
            return Ok(());
        }
        let asking = Arc::clone(self.asking.lock().entry(way.device.clone()).or_default());
        let _turn = asking.lock().await;
        let (recordings, ahead_us) = self.recorder(way).await?;
        let heard = |fault: &Fault| self.devices.heard(way, fault);
        let days = recordings.days(way.channel, period.plus_us(ahead_us)).await.inspect_err(heard)?;
        let oldest = match &days {
            Some(_) => None,
            None => recordings.oldest(way.channel).await.inspect_err(heard)?,
        };
        let truly = |at: Moment| at.plus_us(-ahead_us);
        let day = |day: Period| Period { from: truly(day.from), until: truly(day.until) };
        let calendar = Calendar {
            asked_for: period,
            asked: now,
            days: days.map(|days| days.into_iter().map(day).collect()),
            oldest: oldest.map(truly),
        };
        self.calendars.lock().insert(way.camera.clone(), calendar);
        Ok(())
    }

    /// A camera's recordings, to be played.
    #[must_use]
    pub fn tape(self: &Arc<Self>, way: Way) -> Arc<dyn Tape> {
        Arc::new(RecorderTape { archive: Arc::clone(self), way, ahead_us: AtomicI64::new(0) })
    }

    /// Where its questions run.
    pub(crate) fn runtime(&self) -> &tokio::runtime::Handle {
        self.devices.runtime()
    }

    /// Another person, or other cameras: all is asked for anew.
    pub fn forget(&self) {
        self.known.lock().clear();
        self.clocks.lock().clear();
        self.calendars.lock().clear();
    }

    /// A camera whose recordings may be elsewhere when it is asked for again.
    pub fn forget_camera(&self, camera: &Id) {
        self.known.lock().remove(camera);
        self.calendars.lock().remove(camera);
    }

    /// What holds the camera's recordings, and by how many microseconds its clock is ahead.
    pub(crate) async fn recorder(&self, way: &Way) -> Result<(Arc<dyn Recordings>, i64), Fault> {
        let device = self.devices.device(way).await?;
        let recordings = device.recordings.ok_or(Fault::NotOffered)?;
        let clock = Arc::clone(self.clocks.lock().entry(way.device.clone()).or_default());
        let mut known = clock.lock().await;
        if let Some((ahead_us, found)) = *known
            && found.elapsed() < CALIBRATED
        {
            return Ok((recordings, ahead_us));
        }
        let ahead_us = match calibration::ahead_us(recordings.as_ref()).await {
            Some(ahead_us) => ahead_us,
            None => device.clock.map_or(0, |clock| clock.ahead_ms.saturating_mul(1000)),
        };
        *known = Some((ahead_us, Instant::now()));
        Ok((recordings, ahead_us))
    }

    /// The first and the last of days in a row that nothing final is known of.
    fn unknown(&self, camera: &Id, period: Period, now: Moment) -> Vec<(i64, i64)> {
        let known = self.known.lock();
        let days = known.get(camera);
        let mut unknown: Vec<(i64, i64)> = Vec::new();
        for day in day_of(period.from)..=day_of(period.until.plus_us(-1)) {
            let good = days.and_then(|days| days.get(&day)).is_some_and(|found| {
                found.asked >= begin(day + 1).plus(SETTLED) || now < found.asked.plus(RENEWED)
            });
            match unknown.last_mut() {
                _ if good => {}
                Some((_, last)) if *last == day - 1 => *last = day,
                _ => unknown.push((day, day)),
            }
        }
        unknown
    }

    fn keep(&self, camera: &Id, days: (i64, i64), found: &[Recorded], ahead_us: i64, now: Moment) {
        let truly = |span: &Recorded| Recorded { period: span.period.plus_us(-ahead_us), ..*span };
        let mut known = self.known.lock();
        let kept = known.entry(camera.clone()).or_default();
        for day in days.0..=days.1 {
            let whole = Period { from: begin(day), until: begin(day + 1) };
            let spans = found.iter().map(truly).filter_map(|span| cut(span, whole)).collect();
            kept.insert(day, Day { spans, asked: now });
        }
    }

    /// What is known of a period, joined where days or files end.
    fn gather(&self, camera: &Id, period: Period) -> Vec<Recorded> {
        let known = self.known.lock();
        let days = known.get(camera).into_iter().flatten().map(|(_, day)| day);
        let mut all: Vec<Recorded> =
            days.flat_map(|day| &day.spans).filter_map(|span| cut(*span, period)).collect();
        drop(known);
        all.sort_by_key(|span| (span.overlap, span.why as u8, span.period.from));
        let mut joined: Vec<Recorded> = Vec::with_capacity(all.len());
        for span in all {
            match joined.last_mut() {
                Some(last)
                    if (last.overlap, last.why) == (span.overlap, span.why)
                        && span.period.from <= last.period.until =>
                {
                    last.period.until = last.period.until.max(span.period.until);
                }
                _ => joined.push(span),
            }
        }
        joined.sort_by_key(|span| (span.period.from, span.period.until));
        joined
    }

    /// Which of several recordings of a period is played, that of its beginning: the usual one where it is there. Where nothing
    /// was recorded then, the one that begins next.
    fn overlap_of(&self, camera: &Id, period: Period) -> u32 {
        let known = self.known.lock();
        let days = day_of(period.from)..=day_of(period.until.plus_us(-1)).max(day_of(period.from));
        let spans = known.get(camera).into_iter().flat_map(|known| known.range(days.clone()));
        let spans = spans.flat_map(|(_, day)| &day.spans).filter(|span| span.period.until > period.from);
        let reaching = spans.map(|span| (span.period.from.max(period.from), span.overlap));
        reaching.filter(|(from, _)| *from < period.until).min().map_or(0, |(_, overlap)| overlap)
    }
}

impl Calendar {
    /// The recorder's days are not those of whoever asks: its clock is a little off, or its zone another one. The one that
    /// covers most of a day counts.
    fn of(&self, day: Period) -> Held {
        match &self.days {
            _ if self.oldest.is_some_and(|oldest| day.until <= oldest) => Held::Nothing,
            Some(_) if self.asked_for.common(day) != Some(day) => Held::Unknown,
            Some(days) => {
                let half = day.length() / 2;
                let covers = |told: &Period| told.common(day).is_some_and(|common| common.length() >= half);
                if days.iter().any(covers) { Held::Footage } else { Held::Nothing }
            }
            None => Held::Unknown,
        }
    }
}

/// One camera's recordings at its recorder, which is met when they are first asked for.
struct RecorderTape {
    archive: Arc<Archive>,
    way: Way,
    ahead_us: AtomicI64,
}

impl RecorderTape {
    /// Asks the device where all devices are asked: the thread of the streams has no time for that.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> Result<T, Fault> {
        let asked = self.archive.devices.runtime().spawn(question).await;
        asked.unwrap_or_else(|_| Err(Fault::Ended("closing".to_owned())))
    }
}

impl Tape for RecorderTape {
    fn meet(&self) -> Reply<'_, ()> {
        let (archive, way) = (Arc::clone(&self.archive), self.way.clone());
        Box::pin(async move {
            let met = self.ask(async move { Ok(archive.recorder(&way).await?.1) }).await?;
            self.ahead_us.store(met, Ordering::Relaxed);
            Ok(())
        })
    }

    fn footage(&self, period: Period) -> Reply<'_, Footage> {
        let truly = |at: Moment| at.plus_us(-self.ahead_us());
        let true_time = Period { from: truly(period.from), until: truly(period.until) };
        let overlap = self.archive.overlap_of(&self.way.camera, true_time);
        let (archive, way) = (Arc::clone(&self.archive), self.way.clone());
        Box::pin(self.ask(async move {
            let (recordings, _) = archive.recorder(&way).await?;
            let found = recordings.footage(way.channel, period, overlap).await;
            found.inspect_err(|fault| archive.devices.heard(&way, fault))
        }))
    }

    fn login(&self) -> Option<Credentials> {
        self.way.login.clone()
    }

    fn ahead_us(&self) -> i64 {
        self.ahead_us.load(Ordering::Relaxed)
    }
}

/// The day (UTC) of a moment, counted from 1970.
fn day_of(at: Moment) -> i64 {
    at.0.div_euclid(DAY_US)
}

fn begin(day: i64) -> Moment {
    Moment(day.saturating_mul(DAY_US))
}

fn cut(span: Recorded, period: Period) -> Option<Recorded> {
    Some(Recorded { period: span.period.common(period)?, ..span })
}
