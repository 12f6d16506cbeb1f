//! What has changed from one key frame to the next: nothing, the whole picture, or something that moved in an area.
//!
//! How the brightness of the whole picture has changed is found first, as a gain and an offset that most cells agree on
//! (Tukey's biweight, so that whoever walks through does not bend them); then what changes smoothly over a part of the picture,
//! as where a cloud passes. What is left of a cell is compared with what is left of all: noise is everywhere.

use model::PicturePart;

use super::grid::Grid;

/// How little is taken for motion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sensitivity {
    /// What is large and clearly seen: vehicles, people nearby.
    Low,
    /// People.
    #[default]
    Medium,
    /// Also what is small, far or hardly lighter than its ground.
    High,
}

impl Sensitivity {
    /// Levels of 255 by which a cell has to differ, and how many cells side by side.
    const fn least(self) -> (f32, usize) {
        match self {
            Self::Low => (22.0, 12),
            Self::Medium => (13.0, 4),
            Self::High => (8.0, 2),
        }
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// Nothing moved in the area.
    Nothing,
    /// So many cells of the area, most of them here.
    Moved { cells: u32, place: PicturePart },
    /// Most of the picture is another one, for reasons that are no movement in it.
    Whole,
}

/// Gain and offset are found in so many steps.
const STEPS: usize = 6;
/// Tukey's constant: what is off by more than so many deviations has no say.
const BIWEIGHT: f32 = 4.685;
/// Deviations of a normal distribution in a median of deviations.
const NORMAL: f32 = 1.4826;
/// No picture is calmer than this, in levels.
const CALMEST: f32 = 0.6;
/// Exposure that changes by more shows another picture.
const GAINS: (f32, f32) = (0.4, 2.5);
/// So near to the lightest or the darkest cell, one may be cut off there and says nothing of a gain.
const SATURATED: f32 = 2.0;
/// Dark and light cells that differ by less give no gain.
const FLAT: f32 = 6.0;
/// Cells that differ by so many deviations of all are no noise.
const DEVIATIONS: f32 = 5.0;
/// What changes smoothly is taken away up to so many times what has to differ.
const SMOOTH: f32 = 2.0;
/// Where the deviation of all cells is more than this, in levels, the picture is another one.
const ANOTHER: f32 = 7.0;

/// `inside`: the cells of the area. `None`: the pictures have another shape and cannot be compared.
pub(super) fn change(before: &Grid, now: &Grid, inside: &[bool], sensitivity: Sensitivity) -> Option<Change> {
    if (before.columns, before.rows, inside.len()) != (now.columns, now.rows, now.cells.len()) {
        return None;
    }
    let (levels, cells) = sensitivity.least();
    let mut left = unexplained(before, now);
    without_smooth(&mut left, now.columns, SMOOTH * levels);
    let spread = deviation(&left);
    if spread > ANOTHER {
        return Some(Change::Whole);
    }
    let least = levels.max(spread * DEVIATIONS);
    let changed: Vec<bool> = left.iter().map(|left| left.abs() > least).collect();
    if changed.iter().filter(|&&changed| changed).count() * 2 > changed.len() {
        return Some(Change::Whole);
    }
    let area = inside.iter().filter(|&&inside| inside).count();
    let marked = changed.iter().zip(inside).map(|(&changed, &inside)| changed && inside).collect();
    let found = clusters(marked, now.columns, cells.min(area).max(1));
    let Some(largest) = found.iter().max_by_key(|cluster| cluster.cells) else {
        return Some(Change::Nothing);
    };
    let place = now.part(largest.columns, largest.rows);
    Some(Change::Moved { cells: found.iter().map(|cluster| cluster.cells).sum(), place })
}

/// How far each cell is from what the brightness of all makes of it.
fn unexplained(before: &Grid, now: &Grid) -> Vec<f32> {
    let pairs: Vec<(f32, f32)> = before.cells.iter().copied().zip(now.cells.iter().copied()).collect();
    // Cells cannot get darker than black nor lighter than white, wherever the camera has them.
    let (darkest, lightest) =
        now.cells.iter().fold((255_f32, 0_f32), |(d, l), &cell| (d.min(cell), l.max(cell)));
    let told = |&(_, now): &(f32, f32)| now > darkest + SATURATED && now < lightest - SATURATED;
    let telling: Vec<(f32, f32)> = pairs.iter().copied().filter(told).collect();
    // In a flat picture all cells are near to the lightest.
    let telling = if telling.len() * 4 < pairs.len() { &pairs } else { &telling };
    let (gain, offset) = refined(telling, began(telling));
    pairs.iter().map(|(before, now)| now - (gain * before + offset).clamp(darkest, lightest)).collect()
}

/// A gain and an offset to begin with: none but an offset, or a line through the darker and the lighter cells (Tukey's
/// resistant line), whichever more cells agree on.
fn began(pairs: &[(f32, f32)]) -> (f32, f32) {
    let with_offset = |gain: f32| (gain, median(pairs.iter().map(|(x, y)| y - gain * x).collect()));
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let third = (sorted.len() / 3).max(1);
    let middle = |part: &[(f32, f32)]| {
        (median(part.iter().map(|pair| pair.0).collect()), median(part.iter().map(|pair| pair.1).collect()))
    };
    let (dark, light) = (middle(&sorted[..third]), middle(&sorted[sorted.len() - third..]));
    let flat = with_offset(1.0);
    if light.0 - dark.0 < FLAT {
        return flat;
    }
    let line = with_offset(((light.1 - dark.1) / (light.0 - dark.0)).clamp(GAINS.0, GAINS.1));
    if deviation(&off(pairs, line)) < deviation(&off(pairs, flat)) { line } else { flat }
}

/// The same with the weight of each cell by how near it is (Tukey's biweight).
fn refined(pairs: &[(f32, f32)], (mut gain, mut offset): (f32, f32)) -> (f32, f32) {
    for _ in 0..STEPS {
        let reach = BIWEIGHT * deviation(&off(pairs, (gain, offset))).max(CALMEST);
        let (mut weights, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for &(before, now) in pairs {
            let off = (now - (gain * before + offset)) / reach;
            let weight = f64::from((1.0 - off * off).max(0.0).powi(2));
            let (before, now) = (f64::from(before), f64::from(now));
            weights += weight;
            x += weight * before;
            y += weight * now;
            xx += weight * before * before;
            xy += weight * before * now;
        }
        if weights < 1.0 {
            break;
        }
        (x, y) = (x / weights, y / weights);
        let (spread, common) = (xx / weights - x * x, xy / weights - x * y);
        // A flat picture says nothing of a gain.
        gain = if spread > 1.0 { ((common / spread) as f32).clamp(GAINS.0, GAINS.1) } else { 1.0 };
        offset = y as f32 - gain * x as f32;
    }
    (gain, offset)
}

fn off(pairs: &[(f32, f32)], (gain, offset): (f32, f32)) -> Vec<f32> {
    pairs.iter().map(|(before, now)| now - (gain * before + offset)).collect()
}

/// The deviation of most values from nothing.
fn deviation(values: &[f32]) -> f32 {
    NORMAL * median(values.iter().map(|value| value.abs()).collect())
}

fn median(mut values: Vec<f32>) -> f32 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// Takes away what changes alike over an eighth of the picture on all sides. A cell says no more than `most` in that, so that
/// what moves keeps what it has.
fn without_smooth(left: &mut [f32], columns: usize, most: f32) {
    let rows = left.len() / columns;
    let reach = columns.max(rows) / 8;
    let mut sums = vec![0_f64; (columns + 1) * (rows + 1)];
    for row in 0..rows {
        let mut of_row = 0.0;
        for column in 0..columns {
            of_row += f64::from(left[row * columns + column].clamp(-most, most));
            let above = sums[row * (columns + 1) + column + 1];
            sums[(row + 1) * (columns + 1) + column + 1] = above + of_row;
        }
    }
    for row in 0..rows {
        let (top, bottom) = (row.saturating_sub(reach), (row + reach + 1).min(rows));
        for column in 0..columns {
            let (first, last) = (column.saturating_sub(reach), (column + reach + 1).min(columns));
            let at = |row: usize, column: usize| sums[row * (columns + 1) + column];
            let sum = at(bottom, last) - at(top, last) - at(bottom, first) + at(top, first);
            let count = (bottom - top) * (last - first);
            left[row * columns + column] -= (sum / count as f64) as f32;
        }
    }
}

/// Cells side by side, with their first and last column and row.
struct Cluster {
    cells: u32,
    columns: (usize, usize),
    rows: (usize, usize),
}

/// Those of at least so many cells; neighbours also touch at their corners.
fn clusters(mut marked: Vec<bool>, columns: usize, least: usize) -> Vec<Cluster> {
    let rows = marked.len() / columns;
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for start in 0..marked.len() {
        if !std::mem::take(&mut marked[start]) {
            continue;
        }
        open.push(start);
        let (row, column) = (start / columns, start % columns);
        let mut cluster = Cluster { cells: 0, columns: (column, column), rows: (row, row) };
        while let Some(at) = open.pop() {
            let (row, column) = (at / columns, at % columns);
            cluster.cells += 1;
            cluster.columns = (cluster.columns.0.min(column), cluster.columns.1.max(column));
            cluster.rows = (cluster.rows.0.min(row), cluster.rows.1.max(row));
            for near in row.saturating_sub(1)..(row + 2).min(rows) {
                for beside in column.saturating_sub(1)..(column + 2).min(columns) {
                    let neighbour = near * columns + beside;
                    if std::mem::take(&mut marked[neighbour]) {
                        open.push(neighbour);
                    }
                }
            }
        }
        if cluster.cells as usize >= least {
            found.push(cluster);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::rngs::StdRng;
    use rand::{Rng as _, SeedableRng as _};

    use super::*;

    const COLUMNS: usize = 128;
    const ROWS: usize = 72;
    const ALL: [Sensitivity; 3] = [Sensitivity::Low, Sensitivity::Medium, Sensitivity::High];

    /// A street: sky, fronts of houses with windows, a road; 40–210.
    fn street() -> Grid {
        let luma = |at: usize| {
            let (column, row) = (at % COLUMNS, at / COLUMNS);
            match row {
                0..20 => 200.0 + (column as f32 / 20.0).sin() * 8.0,
                20..45 if column % 9 < 4 && row % 7 < 3 => 45.0,
                20..45 => 130.0 + (column / 32) as f32 * 12.0,
                _ => 85.0 + (row as f32 - 45.0) * 0.5,
            }
        };
        Grid { columns: COLUMNS, rows: ROWS, cells: (0..COLUMNS * ROWS).map(luma).collect() }
    }

    fn changed(grid: &Grid, mut change: impl FnMut(usize, usize, f32) -> f32) -> Grid {
        let mut cells = Vec::with_capacity(grid.cells.len());
        for (at, &cell) in grid.cells.iter().enumerate() {
            cells.push(change(at % COLUMNS, at / COLUMNS, cell).clamp(16.0, 235.0));
        }
        Grid { cells, ..*grid }
    }

    /// With somebody dark of so many columns and rows at a place.
    fn with(grid: &Grid, place: (usize, usize), size: (usize, usize), luma: f32) -> Grid {
        changed(grid, |column, row, cell| {
            let within =
                (place.0..place.0 + size.0).contains(&column) && (place.1..place.1 + size.1).contains(&row);
            if within { luma } else { cell }
        })
    }

    fn noisy(grid: &Grid, levels: f32, seed: u64) -> Grid {
        let mut random = StdRng::seed_from_u64(seed);
        changed(grid, |_, _, cell| {
            // The sum of some evenly spread numbers is near to a normal one.
            let bell: f32 = (0..6).map(|_| random.random::<f32>() - 0.5).sum::<f32>() * 1.414;
            cell + bell * levels
        })
    }

    fn all_of(before: &Grid, now: &Grid, sensitivity: Sensitivity) -> Change {
        change(before, now, &vec![true; now.cells.len()], sensitivity).expect("the same shape")
    }

    fn part(x: u16, y: u16, width: u16, height: u16) -> PicturePart {
        PicturePart { x, y, width, height }
    }

    #[test]
    fn who_walks_through_the_area_is_found_there_and_who_walks_elsewhere_is_not() {
        let street = street();
        let (before, now) = (with(&street, (20, 50), (2, 5), 30.0), with(&street, (60, 50), (2, 5), 30.0));
        let look = |area: PicturePart| {
            change(&before, &now, &street.inside(&[area]), Sensitivity::Medium).expect("the same shape")
        };
        let Change::Moved { cells, place } = look(part(400, 600, 200, 300)) else { panic!("nobody there") };
        assert_eq!(cells, 10);
        assert!((460..475).contains(&place.x) && (690..700).contains(&place.y), "{place:?}");
        assert!(matches!(look(part(100, 600, 200, 300)), Change::Moved { .. }), "where they came from");
        assert_eq!(look(part(700, 600, 200, 300)), Change::Nothing);
        assert_eq!(look(part(0, 0, 1000, 500)), Change::Nothing);
        assert!(matches!(all_of(&before, &now, Sensitivity::Medium), Change::Moved { cells: 20, .. }));
    }

    #[test]
    fn a_clock_that_is_left_out_of_the_area_is_not_found() {
        let street = street();
        let now = with(&street, (2, 2), (20, 3), 235.0);
        let below = street.inside(&[part(0, 100, 1000, 900)]);
        assert_eq!(change(&street, &now, &below, Sensitivity::High), Some(Change::Nothing));
        assert!(matches!(all_of(&street, &now, Sensitivity::Low), Change::Moved { .. }));
    }

    #[test]
    fn sensitivity_says_how_little_is_enough() {
        let street = street();
        let found = |now: &Grid| ALL.map(|how| matches!(all_of(&street, now, how), Change::Moved { .. }));
        assert_eq!(found(&with(&street, (60, 50), (5, 8), 30.0)), [true, true, true], "large and dark");
        assert_eq!(found(&with(&street, (60, 50), (2, 3), 30.0)), [false, true, true], "small");
        assert_eq!(found(&with(&street, (60, 48), (1, 2), 75.0)), [false, false, true], "small and pale");
        assert_eq!(found(&with(&street, (60, 48), (1, 1), 30.0)), [false, false, false], "one cell alone");
    }

    #[test]
    fn a_cloud_over_half_of_the_picture_is_no_motion_and_somebody_below_it_is() {
        let street = street();
        let cloud =
            changed(&street, |column, _, cell| cell - 18.0 / (1.0 + (-(column as f32 - 64.0) / 12.0).exp()));
        for how in [Sensitivity::Low, Sensitivity::Medium] {
            assert_eq!(all_of(&street, &cloud, how), Change::Nothing);
        }
        let now = with(&cloud, (90, 50), (3, 6), 25.0);
        assert!(matches!(all_of(&street, &now, Sensitivity::Medium), Change::Moved { .. }));
    }

    #[test]
    fn infrared_light_that_goes_on_and_a_camera_that_turns_are_no_motion() {
        let street = street();
        // Leaves and cloth are bright in infrared light, the sky is black.
        let infrared = changed(&street, |column, row, cell| match row {
            0..20 => 20.0,
            20..45 => 235.0 - cell,
            _ => cell * 0.5 + ((column * 7 + row * 3) % 40) as f32,
        });
        let turned = changed(&street, |column, row, _| {
            street.cells[row * COLUMNS + (column + 5) % COLUMNS] * 0.3
                + street.cells[(ROWS - 1 - row) * COLUMNS + column] * 0.7
        });
        for how in ALL {
            assert_eq!(all_of(&street, &infrared, how), Change::Whole);
            assert_eq!(all_of(&street, &turned, how), Change::Whole);
        }
    }

    #[test]
    fn a_dusk_that_takes_minutes_is_never_motion() {
        let mut before = street();
        for step in 0..200 {
            let now = noisy(&changed(&before, |_, _, cell| 16.0 + (cell - 16.0) * 0.985), 0.3, step);
            assert_eq!(all_of(&before, &now, Sensitivity::High), Change::Nothing, "{step}");
            before = now;
        }
    }

    #[test]
    fn pictures_of_another_shape_are_not_compared() {
        let small = Grid { columns: 2, rows: 2, cells: vec![0.0; 4] };
        assert_eq!(change(&street(), &small, &[true; 4], Sensitivity::Low), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn exposure_and_noise_are_no_motion(gain in 0.55_f32..1.7, offset in -35.0_f32..35.0, noise in 0.0_f32..1.2, seed in 0_u64..1000) {
            let street = street();
            let before = noisy(&street, noise, seed);
            let now = noisy(&changed(&street, |_, _, cell| cell * gain + offset), noise, seed + 5000);
            for how in ALL {
                prop_assert_eq!(all_of(&before, &now, how), Change::Nothing);
            }
        }

        #[test]
        fn somebody_is_found_whatever_exposure_does_meanwhile(
            gain in 0.7_f32..1.4, offset in -15.0_f32..15.0, noise in 0.0_f32..1.0, seed in 0_u64..1000,
            column in 4_usize..120, row in 46_usize..62,
        ) {
            let before = noisy(&street(), noise, seed);
            let lit = changed(&with(&street(), (column, row), (3, 6), 16.0), |_, _, cell| cell * gain + offset);
            let now = noisy(&lit, noise, seed + 5000);
            let found = all_of(&before, &now, Sensitivity::Medium);
            let moved = matches!(found, Change::Moved { cells: 12..=24, .. });
            prop_assert!(moved, "{:?}", found);
        }
    }
}
