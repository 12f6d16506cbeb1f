//! One picture of a recording that is still at its recorder, to point at something in it.

use std::time::{Duration, SystemTime};

use devices::rtsp::replay::{Item, Pictures, Play, Replay};
use model::{AccessUnit, Fault, Moment, Period, Picture};

use super::Exporter;
use super::camera::position;
use crate::devices::Way;
use crate::gate::Visit;
use crate::source::LoginMark;

/// A key frame stands within this before every place.
const LEAD: Duration = Duration::from_secs(2);
/// What is asked for, where a recorder wants to know.
const LENGTH: Duration = Duration::from_secs(60);
/// Whoever waits for it does not wait for longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// More units before a key frame no camera sends in that time.
const MOST_UNITS: usize = 2000;

impl Exporter {
    /// The first picture near a moment that can be decoded by itself, with its own time.
    ///
    /// # Errors
    /// As playback; [`Fault::Stalled`]: nothing came in time; [`Fault::Undecodable`].
    pub async fn peek(&self, way: &Way, at: Moment) -> Result<(Picture, Moment), Fault> {
        let fetched = tokio::time::timeout(PATIENCE, self.key_frame(way, at)).await;
        let (unit, taken_at) = fetched.unwrap_or(Err(Fault::Stalled(PATIENCE)))?;
        let decoded = tokio::task::spawn_blocking(move || decode::OneByOne::alone("peek", unit));
        let picture = decoded.await.ok().flatten();
        let picture =
            picture.ok_or_else(|| Fault::Undecodable("no picture comes of the key frame".to_owned()))?;
        Ok((picture, taken_at))
    }

    async fn key_frame(&self, way: &Way, at: Moment) -> Result<(AccessUnit, Moment), Fault> {
        let tape = self.archive.tape(way.clone());
        tape.meet().await?;
        let ahead_us = tape.ahead_us();
        let begin = at.minus(LEAD).plus_us(ahead_us);
        let footage = tape.footage(Period { from: begin, until: begin.plus(LENGTH) }).await?;
        let device = footage.address.device();
        let turn = self.turns.take(&device, || {}).await;
        let permit = self.gate.admit(&device, way.login.as_ref().map(LoginMark::of), Visit::First).await?;
        let mut replay = match Replay::open(&footage, way.login.as_ref()).await {
            Ok(replay) => {
                permit.accepted();
                replay
            }
            Err(fault) => {
                permit.failed(&fault);
                return Err(fault);
            }
        };
        let play = Play {
            from: Some(position(&footage, begin)),
            until: None,
            scale: 1.0,
            paced: false,
            pictures: Pictures::All,
        };
        let found = async {
            replay.play(&play).await?;
            for _ in 0..MOST_UNITS {
                match replay.next().await? {
                    Item::Picture { unit, .. } if unit.random_access => {
                        let captured = unit.captured.unwrap_or_else(|| SystemTime::from(begin));
                        return Ok((unit, Moment::from(captured).plus_us(-ahead_us)));
                    }
                    Item::End => break,
                    _ => {}
                }
            }
            Err(Fault::NotFound)
        };
        let found = found.await;
        replay.close().await;
        drop(turn);
        found
    }
}
