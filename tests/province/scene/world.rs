//! All that stands still, in a tree of boxes so that a ray asks few of them.

use super::paint::{self, Texture};
use super::solid::{Ray, Shape, Solid};
use super::vector::{V, v};

/// Farther than anything.
pub(super) const FAR: f32 = 1e6;

pub(super) struct World {
    solids: Vec<Solid>,
    nodes: Vec<Node>,
}

struct Node {
    low: V,
    high: V,
    /// A leaf's solids are `first..first + count`; otherwise `count` is 0 and the children are the next node and
    /// node `first`.
    first: usize,
    count: usize,
}

pub(super) struct Hit<'a> {
    pub(super) t: f32,
    pub(super) normal: V,
    pub(super) solid: &'a Solid,
}

impl World {
    pub(super) fn new(mut solids: Vec<Solid>) -> Self {
        let mut nodes = Vec::new();
        let count = solids.len();
        build(&mut solids, 0, count, &mut nodes);
        Self { solids, nodes }
    }

    /// The first solid on the ray.
    pub(super) fn hit(&self, ray: &Ray, limit: f32) -> Option<Hit<'_>> {
        let mut nearest: Option<Hit<'_>> = None;
        let mut limit = limit;
        self.walk(ray, &mut limit, |solid, limit| {
            if let Some((t, normal)) = hit_solid(solid, ray, *limit) {
                *limit = t;
                nearest = Some(Hit { t, normal, solid });
            }
            false
        });
        nearest
    }

    /// Whether anything is on the ray before `limit`.
    pub(super) fn blocked(&self, ray: &Ray, limit: f32) -> bool {
        let mut found = false;
        let mut limit = limit;
        self.walk(ray, &mut limit, |solid, limit| {
            found = solid.paint.texture != Texture::Glow && hit_solid(solid, ray, *limit).is_some();
            found
        });
        found
    }

    /// Nearer boxes first, until `visit` has seen enough.
    fn walk<'a>(&'a self, ray: &Ray, limit: &mut f32, mut visit: impl FnMut(&'a Solid, &mut f32) -> bool) {
        let enters = |index: usize, limit: f32| {
            let node = &self.nodes[index];
            ray.enters(node.low, node.high, limit)
        };
        let mut stack = [(0_usize, 0.0_f32); 32];
        let mut depth = usize::from(enters(0, *limit).is_some());
        while depth > 0 {
            depth -= 1;
            let (index, enter) = stack[depth];
            if enter > *limit {
                continue;
            }
            let node = &self.nodes[index];
            if node.count == 0 {
                let (mut near, mut far) =
                    ((index + 1, enters(index + 1, *limit)), (node.first, enters(node.first, *limit)));
                if far.1.is_some_and(|far| near.1.is_none_or(|near| far < near)) {
                    (near, far) = (far, near);
                }
                for (child, enter) in [far, near] {
                    if let Some(enter) = enter {
                        stack[depth] = (child, enter);
                        depth += 1;
                    }
                }
                continue;
            }
            for solid in &self.solids[node.first..node.first + node.count] {
                if visit(solid, limit) {
                    return;
                }
            }
        }
    }
}

/// Leaves have gaps between them, which rays pass.
fn hit_solid(solid: &Solid, ray: &Ray, limit: f32) -> Option<(f32, V)> {
    let (t, normal) = solid.shape.hit(ray, limit)?;
    if solid.paint.texture != Texture::Leaves {
        return Some((t, normal));
    }
    let mut depth = 0.0;
    // Three layers of leaves behind each other.
    for _ in 0..3 {
        let p = ray.at(t + depth);
        if paint::is_leaf(p) {
            let ruffle = paint::ruffle(p);
            return Some((t + depth, (normal + ruffle * 0.9).unit()));
        }
        depth += 0.25;
    }
    None
}

fn build(solids: &mut [Solid], first: usize, count: usize, nodes: &mut Vec<Node>) {
    let part = &mut solids[first..first + count];
    let around = |solids: &[Solid]| {
        let start = (v(FAR, FAR, FAR), v(-FAR, -FAR, -FAR));
        solids.iter().map(|solid| solid.shape.bounds()).fold(start, |a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    let (low, high) = around(part);
    let index = nodes.len();
    nodes.push(Node { low, high, first, count });
    if count <= 2 {
        return;
    }
    let middle = |solid: &Solid| {
        let (low, high) = solid.shape.bounds();
        low + high
    };
    let start = (v(FAR, FAR, FAR), v(-FAR, -FAR, -FAR));
    let (low, high) = part.iter().map(middle).fold(start, |a, b| (a.0.min(b), a.1.max(b)));
    let size = high - low;
    let key = |solid: &Solid| {
        let middle = middle(solid);
        if size.x > size.y && size.x > size.z {
            middle.x
        } else if size.y > size.z {
            middle.y
        } else {
            middle.z
        }
    };
    part.sort_by(|a, b| key(a).total_cmp(&key(b)));
    let half = count / 2;
    build(solids, first, half, nodes);
    nodes[index].count = 0;
    nodes[index].first = nodes.len();
    build(solids, first + half, count - half, nodes);
}

/// A list of solids with short words for adding to it.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) solids: Vec<Solid>,
}

impl Builder {
    pub(super) fn add(&mut self, shape: Shape, paint: impl Into<paint::Paint>) {
        self.solids.push(Solid { shape, paint: paint.into() });
    }

    /// From corner to corner: x, y, z of both.
    pub(super) fn block(&mut self, low: [f32; 3], high: [f32; 3], paint: impl Into<paint::Paint>) {
        self.add(Shape::Block(v(low[0], low[1], low[2]), v(high[0], high[1], high[2])), paint);
    }

    pub(super) fn rod(&mut self, a: [f32; 3], b: [f32; 3], radius: f32, paint: impl Into<paint::Paint>) {
        self.add(Shape::Capsule(v(a[0], a[1], a[2]), v(b[0], b[1], b[2]), radius), paint);
    }

    pub(super) fn ball(&mut self, centre: [f32; 3], half: [f32; 3], paint: impl Into<paint::Paint>) {
        self.add(
            Shape::Ellipsoid(v(centre[0], centre[1], centre[2]), v(half[0], half[1], half[2]), (0.0, 1.0)),
            paint,
        );
    }
}
