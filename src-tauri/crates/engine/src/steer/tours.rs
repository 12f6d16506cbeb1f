//! Tours of a camera through its presets, by us: for devices that have none of their own.

use std::sync::Arc;
use std::time::Duration;

use model::Id;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::{Holder, Refused, Steering};

/// A stop of a tour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TourStop {
    /// The preset's token.
    pub preset: String,
    /// How long it stays, [`Tour::SHORTEST`] to [`Tour::LONGEST`] seconds.
    pub seconds: u16,
}

/// Presets one after the other, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<TourStop>", into = "Vec<TourStop>")]
pub struct Tour(Vec<TourStop>);

/// Why stops are no tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATour {
    /// Fewer than two, or too many.
    #[error("{0} stops, instead of 2 to {most}", most = Tour::MOST)]
    Stops(usize),
    /// A stop that is too short for the motors, or too long.
    #[error("a stop of {0} s, instead of {least} to {most}", least = Tour::SHORTEST, most = Tour::LONGEST)]
    Seconds(u16),
    /// A preset's token that is none.
    #[error("a preset's token of {0} bytes")]
    Preset(usize),
}

impl TryFrom<Vec<TourStop>> for Tour {
    type Error = NotATour;

    fn try_from(stops: Vec<TourStop>) -> Result<Self, NotATour> {
        if !(2..=Self::MOST).contains(&stops.len()) {
            return Err(NotATour::Stops(stops.len()));
        }
        for stop in &stops {
            if !(Self::SHORTEST..=Self::LONGEST).contains(&stop.seconds) {
                return Err(NotATour::Seconds(stop.seconds));
            }
            if !(1..=Self::LONGEST_TOKEN).contains(&stop.preset.len()) {
                return Err(NotATour::Preset(stop.preset.len()));
            }
        }
        Ok(Self(stops))
    }
}

impl From<Tour> for Vec<TourStop> {
    fn from(tour: Tour) -> Self {
        tour.0
    }
}

impl Tour {
    /// The most stops.
    pub const MOST: usize = 64;
    /// A motor that turns all the way needs about this, seconds.
    pub const SHORTEST: u16 = 5;
    /// Seconds.
    pub const LONGEST: u16 = 3600;
    /// ONVIF's own limit of a reference token.
    const LONGEST_TOKEN: usize = 64;

    /// Its stops; at least two.
    #[must_use]
    pub fn stops(&self) -> &[TourStop] {
        &self.0
    }
}

impl Steering {
    /// Sends a camera round from now on, until a hand moves it, somebody takes it, or [`Steering::end_tour`].
    ///
    /// # Errors
    /// [`Refused`], also when it does not reach the first stop.
    pub async fn start_tour(&self, camera: &Id, tour: Tour) -> Result<(), Refused> {
        let inner = Arc::clone(&self.0);
        let seat = inner.seat(camera).await?;
        inner.allow_at(&seat)?;
        seat.end_tour();
        inner.acquire(&seat, false).await?;
        inner.recall(&seat, &tour.0[0].preset).await?;
        inner.people.note(audit::Event::Moved { camera: camera.clone(), what: "tour".into() });
        let weak = (Arc::downgrade(&inner), Arc::downgrade(&seat));
        let task = inner.devices.runtime().spawn(async move {
            let mut at = 0;
            loop {
                sleep(Duration::from_secs(tour.0[at].seconds.into())).await;
                at = (at + 1) % tour.0.len();
                let (Some(inner), Some(seat)) = (weak.0.upgrade(), weak.1.upgrade()) else { return };
                if inner.agreement.holder(seat.camera()) != Holder::Us {
                    return;
                }
                seat.touch();
                if let Err(refused) = inner.recall(&seat, &tour.0[at].preset).await {
                    log::warn!("a tour of {} skips a stop: {refused}", seat.camera());
                }
            }
        });
        seat.state.lock().tour = Some(task.abort_handle());
        (inner.bell)();
        Ok(())
    }

    /// Ends a camera's tour; it stays where it points.
    pub fn end_tour(&self, camera: &Id) {
        if let Some(seat) = self.0.seats.lock().get(camera) {
            seat.end_tour();
            seat.touch();
        }
        (self.0.bell)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_tour_is_refused() {
        let stop = |preset: &str, seconds| TourStop { preset: preset.to_owned(), seconds };
        let two = vec![stop("1", 5), stop("2", 3600)];
        assert!(Tour::try_from(two).is_ok());
        assert_eq!(Tour::try_from(vec![stop("1", 5)]), Err(NotATour::Stops(1)));
        assert_eq!(Tour::try_from(vec![stop("1", 5); 66]), Err(NotATour::Stops(66)));
        assert_eq!(Tour::try_from(vec![stop("1", 5), stop("2", 4)]), Err(NotATour::Seconds(4)));
        assert_eq!(Tour::try_from(vec![stop("", 5), stop("2", 5)]), Err(NotATour::Preset(0)));
    }
}
