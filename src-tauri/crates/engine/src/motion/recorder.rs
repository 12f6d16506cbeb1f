//! The recorder's own search, where it has one: no footage goes over the line.
//!
//! It is asked for an hour at a time. What it finds is told while the rest is looked for, and where it does not answer, the own
//! search goes on behind the last hour that it did answer.

use std::time::Duration;

use devices::recordings::MotionSearch;
use model::{Fault, Period, PicturePart};

use super::Sensitivity;
use super::hits::{Gathered, gather};
use super::progress::{Progress, State};
use super::search::{Search, Trouble};
use crate::export::joined;

/// What is asked for at once.
const PIECE: Duration = Duration::from_secs(3600);
/// It is asked so often whether it is through.
const ASKS: Duration = Duration::from_millis(500);
/// Looking through an hour of notes takes seconds; our own search is through in less.
const LONGEST: Duration = Duration::from_secs(120);

impl Search<'_> {
    /// Has the recorder search as far as it does. It knows one sensitivity and no hour that came twice: other questions are not
    /// put to it.
    pub(super) async fn by_recorder(&mut self) -> Result<(), Trouble> {
        let twice = self.holdings.as_ref().is_some_and(|holdings| holdings.twice);
        if self.order.sensitivity != Sensitivity::Medium || twice {
            return Ok(());
        }
        let order = self.order;
        let way = &order.way;
        let met = self.unless_stopped(self.searcher.archive.recorder(way)).await?;
        let Ok((recordings, ahead_us)) = met else { return Ok(()) };
        while let Some(search) = recordings.motion_search()
            && let Some((place, stretch)) = self.next_place()
        {
            self.until_let_go().await?;
            self.set(State::Searching);
            let piece = Period { from: place, until: stretch.until.min(place.plus(PIECE)) };
            match ask(search, way.channel, piece.plus_us(ahead_us), &order.area, self.progress).await {
                Ok(found) => self.take(piece, &found, ahead_us)?,
                Err(Trouble::Fault(fault)) => {
                    log::info!("{} does not search for motion by itself: {fault}", way.device);
                    return Ok(());
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }

    /// Takes what it found in a piece. Where that was nobody knows, but that it was in the area.
    fn take(&mut self, piece: Period, found: &[Period], ahead_us: i64) -> Result<(), Trouble> {
        let place = self.order.area.iter().copied().reduce(around).unwrap_or(PicturePart::WHOLE);
        let truly = found.iter().map(|moved| moved.plus_us(-ahead_us));
        for moved in joined(truly.filter_map(|moved| moved.common(piece)).collect()) {
            if self.progress.change(|standing| gather(&mut standing.hits, moved, 0, place)) == Gathered::Full
            {
                return Err(Trouble::Full);
            }
        }
        self.progress.change(|standing| standing.by_recorder = true);
        self.looked.push(piece);
        self.reach(piece.until);
        Ok(())
    }
}

/// The part that has both.
fn around(a: PicturePart, b: PicturePart) -> PicturePart {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let (right, bottom) = (
        a.x.saturating_add(a.width).max(b.x.saturating_add(b.width)),
        a.y.saturating_add(a.height).max(b.y.saturating_add(b.height)),
    );
    PicturePart { x, y, width: right - x, height: bottom - y }
}

/// One search, which is ended whatever comes of it: recorders have few places for them.
async fn ask(
    search: &dyn MotionSearch,
    channel: u32,
    period: Period,
    area: &[PicturePart],
    progress: &Progress,
) -> Result<Vec<Period>, Trouble> {
    // Whoever stops waits for this one answer: it says what is to be ended there.
    let token = search.begin(channel, period, area).await?;
    let found = tokio::select! {
        found = results(search, &token) => found.map_err(Trouble::from),
        () = progress.until_stopped() => Err(Trouble::Stopped),
    };
    if let Err(fault) = search.end(&token).await {
        log::info!("a recorder's search for motion was not ended: {fault}");
    }
    found
}

async fn results(search: &dyn MotionSearch, token: &str) -> Result<Vec<Period>, Fault> {
    let finished = async {
        while !search.is_through(token).await? {
            tokio::time::sleep(ASKS).await;
        }
        search.found(token).await
    };
    tokio::time::timeout(LONGEST, finished).await.unwrap_or(Err(Fault::NoAnswer(LONGEST)))
}
