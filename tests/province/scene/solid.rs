//! What a world is built of: convex bodies, capsules and ellipsoids, and where rays meet them.

use super::paint::Paint;
use super::vector::{V, greater, lesser, v};

#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Between two corners, along the axes.
    Block(V, V),
    /// Inside of all planes: outward normal, distance from the origin along it.
    Convex(Vec<(V, f32)>),
    /// All within a radius of a line between two points.
    Capsule(V, V, f32),
    /// Centre, half axes along x, y, z, and sine and cosine of the angle by which it is then turned around the
    /// vertical.
    Ellipsoid(V, V, (f32, f32)),
}

#[derive(Clone, Debug)]
pub(super) struct Solid {
    pub(super) shape: Shape,
    pub(super) paint: Paint,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Ray {
    pub(super) from: V,
    pub(super) to: V,
    inverse: V,
}

impl Ray {
    /// `to` is a direction of length 1.
    pub(super) fn new(from: V, to: V) -> Self {
        let inverse = |x: f32| 1.0 / if x.abs() < 1e-9 { 1e-9 } else { x };
        Self { from, to, inverse: v(inverse(to.x), inverse(to.y), inverse(to.z)) }
    }

    /// The same direction from another place.
    pub(super) fn moved(&self, from: V) -> Self {
        Self { from, ..*self }
    }

    pub(super) fn at(&self, t: f32) -> V {
        self.from + self.to * t
    }

    /// Where it enters the box, if before `limit`; 0 from inside.
    pub(super) fn enters(&self, low: V, high: V, limit: f32) -> Option<f32> {
        let (a, b) = ((low - self.from).times(self.inverse), (high - self.from).times(self.inverse));
        let (near, far) = (a.min(b), a.max(b));
        let enter = greater(greater(near.x, near.y), greater(near.z, 0.0));
        let leave = lesser(lesser(far.x, far.y), lesser(far.z, limit));
        (enter <= leave).then_some(enter)
    }
}

impl Shape {
    /// A box around its centre, half its size each way, turned around the vertical.
    pub(super) fn turned_block(centre: V, half: V, angle: f32) -> Self {
        let axes = [v(1.0, 0.0, 0.0).turned(angle), v(0.0, 1.0, 0.0), v(0.0, 0.0, 1.0).turned(angle)];
        let planes = axes
            .into_iter()
            .zip([half.x, half.y, half.z])
            .flat_map(|(axis, half)| [(axis, axis.dot(centre) + half), (-axis, half - axis.dot(centre))]);
        Self::Convex(planes.collect())
    }

    /// Distance along the ray and the outward normal, if it enters before `limit`.
    pub(super) fn hit(&self, ray: &Ray, limit: f32) -> Option<(f32, V)> {
        const NEAR: f32 = 1e-3;
        match self {
            Self::Block(low, high) => {
                let t = ray.enters(*low, *high, limit)?;
                if t < NEAR {
                    return None;
                }
                let p = ray.at(t);
                let (below, above) = (p - *low, *high - p);
                let sides = [below.x, above.x, below.y, above.y, below.z, above.z];
                let side = (0..6).min_by(|&a, &b| sides[a].abs().total_cmp(&sides[b].abs())).unwrap_or(0);
                let sign = if side % 2 == 0 { -1.0 } else { 1.0 };
                let normal = [v(sign, 0.0, 0.0), v(0.0, sign, 0.0), v(0.0, 0.0, sign)][side / 2];
                Some((t, normal))
            }
            Self::Convex(planes) => {
                let (mut enter, mut leave, mut normal) = (NEAR, limit, None);
                for &(n, d) in planes {
                    let (along, ahead) = (n.dot(ray.to), d - n.dot(ray.from));
                    if along.abs() < 1e-9 {
                        if ahead < 0.0 {
                            return None;
                        }
                    } else if along < 0.0 {
                        let t = ahead / along;
                        if t > enter {
                            (enter, normal) = (t, Some(n));
                        }
                    } else {
                        leave = leave.min(ahead / along);
                    }
                    if enter > leave {
                        return None;
                    }
                }
                normal.map(|n| (enter, n))
            }
            Self::Capsule(a, b, r) => hit_capsule(ray, *a, *b, *r).filter(|(t, _)| *t > NEAR && *t < limit),
            Self::Ellipsoid(centre, half, turn) => {
                let scale = v(1.0 / half.x, 1.0 / half.y, 1.0 / half.z);
                let back = (-turn.0, turn.1);
                let from = (ray.from - *centre).turned_by(back).times(scale);
                let to = ray.to.turned_by(back).times(scale);
                let (a, b, c) = (to.dot(to), from.dot(to), from.dot(from) - 1.0);
                let root = b * b - a * c;
                if root < 0.0 {
                    return None;
                }
                let t = (-b - root.sqrt()) / a;
                let normal = (from + to * t).times(scale).turned_by(*turn).unit();
                (t > NEAR && t < limit).then_some((t, normal))
            }
        }
    }

    /// The corners of a box that holds it.
    pub(super) fn bounds(&self) -> (V, V) {
        match self {
            Self::Block(low, high) => (*low, *high),
            Self::Capsule(a, b, r) => (a.min(*b) - v(*r, *r, *r), a.max(*b) + v(*r, *r, *r)),
            Self::Ellipsoid(centre, half, (sin, cos)) => {
                let reach = v((half.x * cos).hypot(half.z * sin), half.y, (half.x * sin).hypot(half.z * cos));
                (*centre - reach, *centre + reach)
            }
            Self::Convex(planes) => convex_bounds(planes),
        }
    }
}

fn hit_capsule(ray: &Ray, a: V, b: V, r: f32) -> Option<(f32, V)> {
    let (axis, from) = (b - a, ray.from - a);
    let (aa, ad, af) = (axis.dot(axis), axis.dot(ray.to), axis.dot(from));
    let (fd, ff) = (from.dot(ray.to), from.dot(from));
    let ball = |centre: V| {
        let off = ray.from - centre;
        let half = off.dot(ray.to);
        let root = half * half - off.dot(off) + r * r;
        (root >= 0.0).then(|| {
            let t = -half - root.sqrt();
            (t, (ray.at(t) - centre) * (1.0 / r))
        })
    };
    let (qa, qb) = (aa - ad * ad, aa * fd - af * ad);
    let root = qb * qb - qa * (aa * ff - af * af - r * r * aa);
    if root < 0.0 {
        return None;
    }
    let t = (-qb - root.sqrt()) / qa.max(1e-9);
    let along = af + t * ad;
    if along > 0.0 && along < aa && qa > 1e-9 {
        let normal = (from + ray.to * t - axis * (along / aa)) * (1.0 / r);
        return Some((t, normal));
    }
    ball(if along <= 0.0 { a } else { b })
}

/// Its corners are where three planes meet and no other cuts them off.
fn convex_bounds(planes: &[(V, f32)]) -> (V, V) {
    let (mut low, mut high) = (v(1e9, 1e9, 1e9), v(-1e9, -1e9, -1e9));
    for (i, &(a, da)) in planes.iter().enumerate() {
        for (j, &(b, db)) in planes.iter().enumerate().skip(i + 1) {
            for &(c, dc) in &planes[j + 1..] {
                let volume = a.dot(b.cross(c));
                if volume.abs() < 1e-6 {
                    continue;
                }
                let corner = (b.cross(c) * da + c.cross(a) * db + a.cross(b) * dc) * (1.0 / volume);
                if planes.iter().all(|(n, d)| n.dot(corner) <= d + 1e-3) {
                    (low, high) = (low.min(corner), high.max(corner));
                }
            }
        }
    }
    (low, high)
}
