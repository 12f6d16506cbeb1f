//! What of a time was not looked at: whatever a search has not found may have happened then.

use std::time::Duration;

use model::{Moment, Period};

use super::progress::{Missed, Unsearched};

/// Key frames farther apart than this have something between them that nobody has looked at, and are not compared.
pub(super) const FARTHEST: Duration = Duration::from_secs(20);

/// What of a time was not looked at. What lies between the last key frame of a stretch and its end belongs to that key frame;
/// what lies behind `reached` was not looked at for the reason `rest`.
pub(super) fn missed(
    period: Period,
    stretches: Option<&[Period]>,
    looked: &[Period],
    reached: Moment,
    rest: &Unsearched,
) -> Vec<Missed> {
    let Some(stretches) = stretches else { return vec![Missed { period, why: rest.clone() }] };
    let mut missed: Vec<Missed> = Vec::new();
    for hole in without(period, stretches) {
        missed.push(Missed { period: hole, why: Unsearched::NotRecorded });
    }
    for stretch in stretches.iter().filter_map(|stretch| stretch.common(period)) {
        let touches = |looked: &Period| looked.from < stretch.until && looked.until >= stretch.from;
        let any = looked.iter().any(touches);
        for piece in without(stretch, looked) {
            let behind = Period { from: piece.from.max(reached), ..piece };
            let before = Period { until: piece.until.min(reached), ..piece };
            if before.from < before.until && (!any || before.length() > FARTHEST) {
                missed.push(Missed { period: before, why: Unsearched::NotGiven });
            }
            if behind.from < behind.until && *rest != Unsearched::NotGiven {
                missed.push(Missed { period: behind, why: rest.clone() });
            }
        }
    }
    missed.sort_by_key(|missed| missed.period);
    missed
}

/// What of a time lies in none of some periods, which are in order and don't overlap.
fn without(period: Period, taken: &[Period]) -> Vec<Period> {
    let (mut left, mut from) = (Vec::new(), period.from);
    for taken in taken {
        if taken.from > from && from < period.until {
            left.push(Period { from, until: taken.from.min(period.until) });
        }
        from = from.max(taken.until);
    }
    if from < period.until {
        left.push(Period { from, until: period.until });
    }
    left
}

#[cfg(test)]
mod tests {
    use model::Fault;

    use super::*;

    fn period(from: i64, until: i64) -> Period {
        Period { from: Moment::from_ms(from * 1000), until: Moment::from_ms(until * 1000) }
    }

    fn told(missed: &[Missed]) -> Vec<(i64, i64, Unsearched)> {
        let seconds = |at: Moment| at.ms() / 1000;
        missed
            .iter()
            .map(|each| (seconds(each.period.from), seconds(each.period.until), each.why.clone()))
            .collect()
    }

    #[test]
    fn what_was_not_looked_at_is_told_with_the_reason() {
        let stretches = [period(100, 1000), period(1300, 2000)];
        let looked = [period(98, 500), period(580, 996), period(1302, 1500)];
        let all = period(0, 2500);
        let stopped =
            missed(all, Some(&stretches), &looked, Moment::from_ms(1_500_000), &Unsearched::Stopped);
        let wanted = [
            (0, 100, Unsearched::NotRecorded),
            (500, 580, Unsearched::NotGiven),
            (1000, 1300, Unsearched::NotRecorded),
            (1500, 2000, Unsearched::Stopped),
            (2000, 2500, Unsearched::NotRecorded),
        ];
        assert_eq!(told(&stopped), wanted);
        let never_met = missed(all, None, &[], all.from, &Unsearched::Fault(Fault::Forbidden));
        assert_eq!(told(&never_met), [(0, 2500, Unsearched::Fault(Fault::Forbidden))]);
    }

    #[test]
    fn the_moments_before_the_first_and_behind_the_last_key_frame_count_as_looked_at_and_a_stretch_without_any_does_not()
     {
        let stretches = [period(0, 1000), period(1100, 1108)];
        let whole = period(0, 1108);
        let looked = [period(3, 997)];
        let missed = missed(whole, Some(&stretches), &looked, whole.until, &Unsearched::NotGiven);
        assert_eq!(
            told(&missed),
            [(1000, 1100, Unsearched::NotRecorded), (1100, 1108, Unsearched::NotGiven)]
        );
    }
}
