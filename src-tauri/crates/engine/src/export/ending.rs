//! Where a stretch ends: pictures come in the order of decoding, not in that of showing.

use std::time::Duration;

use model::{AccessUnit, Moment};

/// Behind its end pictures are taken up to the next key frame, and for so long at most.
pub(super) const TAIL: Duration = Duration::from_secs(1);

/// Tells when all that is shown before a moment has come.
pub(super) struct Ending {
    until: Moment,
    /// The first key frame behind the end; it is held back until it shows whether anything that is shown before it comes
    /// behind it (leading pictures of an open group).
    key: Option<(Moment, Option<AccessUnit>)>,
}

impl Ending {
    pub(super) fn at(until: Moment) -> Self {
        Self { until, key: None }
    }

    /// Takes what has come; gives what belongs to the stretch, in its order; `None`: it is over.
    pub(super) fn take(
        &mut self,
        unit: AccessUnit,
        at: Moment,
    ) -> Option<impl Iterator<Item = (AccessUnit, Moment)> + use<>> {
        if at >= self.until.plus(TAIL) {
            return None;
        }
        let mut held = None;
        let mut unit = Some((unit, at));
        match &mut self.key {
            Some((key, _)) if at >= *key => return None,
            Some((key, waiting)) => held = waiting.take().map(|unit| (unit, *key)),
            None => {
                let next = unit.take_if(|(unit, at)| *at >= self.until && unit.random_access);
                self.key = next.map(|(unit, key)| (key, Some(unit)));
            }
        }
        Some(held.into_iter().chain(unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playback::tests::unit;

    /// What is taken of pictures that come in this order, in hundredths of a second; keys are the whole seconds.
    fn taken(until: i64, order: &[i64]) -> Vec<i64> {
        let moment = |at: i64| Moment::from_ms(at * 10);
        let mut ending = Ending::at(moment(until));
        let mut all = Vec::new();
        for at in order {
            let Some(units) = ending.take(unit(at % 100 == 0), moment(*at)) else { break };
            all.extend(units.map(|(_, at)| at.ms() / 10));
        }
        all
    }

    #[test]
    fn a_stretch_ends_before_the_next_key_frame() {
        assert_eq!(taken(150, &[100, 125, 150, 175, 200, 225]), [100, 125, 150, 175]);
        assert_eq!(taken(200, &[100, 125, 150, 175, 200, 225]), [100, 125, 150, 175]);
        assert_eq!(taken(130, &[100, 225, 231, 240]), [100, 225], "or a while behind its end");
    }

    #[test]
    fn what_is_shown_before_its_end_belongs_to_it_though_it_comes_behind_a_key_frame() {
        let order = [100, 125, 150, 200, 175, 190, 225, 300, 275];
        assert_eq!(taken(180, &order), [100, 125, 150, 200, 175, 190]);
        assert_eq!(taken(170, &[100, 200, 225]), [100], "a key frame that nothing needs is left out");
    }

    #[test]
    fn where_all_pictures_are_key_frames_it_ends_with_the_first_one_behind() {
        assert_eq!(taken(150, &[100, 200, 300]), [100]);
    }
}
