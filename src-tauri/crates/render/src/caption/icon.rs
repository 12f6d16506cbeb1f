//! Signs as shapes: each is a signed distance (in half the sign's size, negative inside), so they are sharp at any size.

use crate::palette;
use crate::scene::Icon;

use super::patch::Patch;

/// Half the width of a stroke.
const STROKE: f32 = 0.085;

/// Paints a sign around `centre` with this radius, in pixels of the patch.
pub(crate) fn paint(patch: &mut Patch, icon: Icon, centre: (f32, f32), radius: f32) {
    let colour = palette::of(icon.signal());
    let reach = radius.ceil() as i32 + 1;
    let (cx, cy) = (centre.0.round() as i32, centre.1.round() as i32);
    for y in cy - reach..=cy + reach {
        for x in cx - reach..=cx + reach {
            let at = ((x as f32 + 0.5 - centre.0) / radius, (y as f32 + 0.5 - centre.1) / radius);
            patch.over(x, y, colour, (0.5 - distance(icon, at) * radius).clamp(0.0, 1.0));
        }
    }
}

type Point = (f32, f32);

fn distance(icon: Icon, p: Point) -> f32 {
    match icon {
        Icon::Connecting => waves(p),
        Icon::Waiting => {
            [-0.58, 0.0, 0.58].map(|x| disc((p.0 - x, p.1), 0.17)).into_iter().fold(9.0, f32::min)
        }
        Icon::KeyFrame => outline(boxed(p, (0.9, 0.68), 0.14)).min(triangle((p.0 + 0.02, p.1), 0.36)),
        Icon::Lock => {
            let body = boxed((p.0, p.1 - 0.3), (0.62, 0.48), 0.12);
            let key = disc((p.0, p.1 - 0.22), 0.13).min(segment(p, (0.0, 0.25), (0.0, 0.48), 0.06));
            let bow = if p.1 < -0.34 {
                (length((p.0, p.1 + 0.34)) - 0.4).abs() - STROKE
            } else {
                (p.0.abs() - 0.4).abs().max(p.1 + 0.1) - STROKE
            };
            body.max(-key).min(bow)
        }
        Icon::NoLink => struck(p, waves(p)),
        Icon::Limit => {
            let origin = (p.0, p.1 - 0.3);
            let dial = arc(origin, 0.86, 1.75);
            let needle = segment(origin, (0.0, 0.0), (0.48, -0.36), STROKE);
            dial.min(needle).min(disc(origin, 0.15))
        }
        Icon::Stopped => outline(disc(p, 0.86)).min(boxed(p, (0.3, 0.3), 0.06)),
        Icon::Clock => {
            let face = outline(disc(p, 0.86));
            face.min(segment(p, (0.0, 0.0), (0.0, -0.5), STROKE)).min(segment(
                p,
                (0.0, 0.0),
                (0.34, 0.2),
                STROKE,
            ))
        }
        Icon::Broken => {
            let sides = [(0.0, -0.78), (0.88, 0.72), (-0.88, 0.72)];
            let edge = (0..3).map(|i| segment(p, sides[i], sides[(i + 1) % 3], STROKE)).fold(9.0, f32::min);
            edge.min(segment(p, (0.0, -0.24), (0.0, 0.2), 0.095)).min(disc((p.0, p.1 - 0.45), 0.115))
        }
        Icon::NoCamera => {
            let body = outline(boxed((p.0 + 0.2, p.1), (0.6, 0.42), 0.12));
            let lens = triangle((-(p.0 - 0.72), p.1), 0.34);
            struck(p, body.min(lens))
        }
    }
}

/// A sender: a dot and two open arcs.
fn waves(p: Point) -> f32 {
    let origin = (p.0, p.1 - 0.62);
    disc(origin, 0.17).min(arc(origin, 0.62, 0.9)).min(arc(origin, 1.15, 0.9))
}

/// A shape struck through, with a clear edge to both sides of the stroke.
fn struck(p: Point, shape: f32) -> f32 {
    let slash = |half| segment(p, (-0.74, 0.8), (0.74, -0.8), half);
    shape.max(-slash(STROKE * 2.5)).min(slash(STROKE))
}

fn length(p: Point) -> f32 {
    p.0.hypot(p.1)
}

fn disc(p: Point, radius: f32) -> f32 {
    length(p) - radius
}

/// The stroke along a shape's edge, on its inside.
fn outline(shape: f32) -> f32 {
    (shape + STROKE).abs() - STROKE
}

fn boxed(p: Point, half: Point, radius: f32) -> f32 {
    let (x, y) = (p.0.abs() - half.0 + radius, p.1.abs() - half.1 + radius);
    length((x.max(0.0), y.max(0.0))) + x.max(y).min(0.0) - radius
}

/// A stroke with round ends, `half` wide to each side.
fn segment(p: Point, from: Point, to: Point, half: f32) -> f32 {
    let (along, at) = ((to.0 - from.0, to.1 - from.1), (p.0 - from.0, p.1 - from.1));
    let share = ((at.0 * along.0 + at.1 * along.1) / (along.0 * along.0 + along.1 * along.1)).clamp(0.0, 1.0);
    length((at.0 - along.0 * share, at.1 - along.1 * share)) - half
}

/// A stroke along a circle, open below: `spread` radians to each side of the top, with round ends.
fn arc(p: Point, radius: f32, spread: f32) -> f32 {
    let (sin, cos) = spread.sin_cos();
    let x = p.0.abs();
    let within = x * cos + p.1 * sin <= 0.0 || x.atan2(-p.1) <= spread;
    if within {
        (length(p) - radius).abs() - STROKE
    } else {
        length((x - radius * sin, p.1 + radius * cos)) - STROKE
    }
}

/// A triangle that points to the right, `half` high to each side of the middle.
fn triangle(p: Point, half: f32) -> f32 {
    let slope = (p.0 * 0.5 + p.1.abs() * 0.866) - half * 0.5;
    slope.max(-p.0 - half * 0.5)
}
