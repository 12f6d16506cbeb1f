//! A rectangle without some others, as rectangles.

use model::Rect;

/// What of a rectangle of `width` × `height` at the origin lies in none of `holes`, from top to bottom. Window systems
/// take it in one request, so that no hole is covered for a moment while it is changed.
pub(super) fn without(width: u32, height: u32, holes: &[Rect]) -> Vec<Rect> {
    let ends = |from: u32, length: u32, limit: u32| (from.min(limit), from.saturating_add(length).min(limit));
    let holes: Vec<[u32; 4]> = holes
        .iter()
        .map(|hole| {
            let (left, right) = ends(hole.x, hole.width, width);
            let (top, bottom) = ends(hole.y, hole.height, height);
            [left, right, top, bottom]
        })
        .filter(|[left, right, top, bottom]| left < right && top < bottom)
        .collect();
    let mut edges: Vec<u32> = holes.iter().flat_map(|hole| [hole[2], hole[3]]).chain([0, height]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut region = Vec::new();
    for band in edges.windows(2) {
        let (top, bottom) = (band[0], band[1]);
        let mut crossing: Vec<(u32, u32)> =
            holes.iter().filter(|h| h[2] < bottom && h[3] > top).map(|h| (h[0], h[1])).collect();
        crossing.sort_unstable();
        let mut x = 0;
        for (left, right) in crossing.into_iter().chain([(width, width)]) {
            if left > x {
                region.push(Rect::new(x, top, left - x, bottom - top));
            }
            x = x.max(right);
        }
    }
    region
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel is in the region exactly once, or in a hole.
    fn check(width: u32, height: u32, holes: &[Rect]) {
        let region = without(width, height, holes);
        let inside = |rect: &Rect, x: u32, y: u32| {
            x >= rect.x && y >= rect.y && x - rect.x < rect.width && y - rect.y < rect.height
        };
        for y in 0..height {
            for x in 0..width {
                let count = region.iter().filter(|rect| inside(rect, x, y)).count();
                let hole = holes.iter().any(|rect| inside(rect, x, y));
                assert_eq!(count, usize::from(!hole), "({x}, {y}) of {width}x{height} without {holes:?}");
            }
        }
    }

    #[test]
    fn every_pixel_is_in_the_region_or_in_a_hole() {
        check(20, 12, &[]);
        check(20, 12, &[Rect::new(0, 0, 20, 12)]);
        check(20, 12, &[Rect::new(5, 5, 3, 3), Rect::new(6, 2, 9, 4), Rect::new(8, 5, 1, 1)]);
        check(
            20,
            12,
            &[Rect::new(18, 10, 50, 50), Rect::new(0, 11, u32::MAX, u32::MAX), Rect::new(40, 40, 2, 2)],
        );
        check(20, 12, &[Rect::new(3, 3, 0, 5)]);
    }
}
