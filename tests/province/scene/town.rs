//! What stands outside in more than one place: people, trees, poles, houses.

use super::figures::{Actor, Body, Hat, Person, Way};
use super::lighting::{Lamp, panel};
use super::paint::{Texture, hash};
use super::solid::Shape;
use super::vector::{V, v};
use super::world::Builder;

/// Colours of houses in the delta.
const WALLS: [u32; 6] = [0xe6_d9b4, 0xcf_dcd4, 0xd9_b48c, 0xb9_cbd9, 0xe2_e0d8, 0xd8_c0a8];
pub(super) const PAINTS: [u32; 6] = [0xa8_1f24, 0x1d_1f24, 0x27_4f8f, 0xd8_dadc, 0x5c_6066, 0x1f_6a5a];
const SHIRTS: [u32; 6] = [0x3f_6fa8, 0xd8_d8d0, 0x8f_3038, 0x4a_5a3c, 0xc8_a050, 0x6a_5a80];

fn person(seed: usize) -> Person {
    let hat = [Hat::Bare, Hat::Conical, Hat::Bare, Hat::Suit][seed % 4];
    let top = if seed % 4 == 3 { 0xe4_ebee } else { SHIRTS[seed % 6] };
    let bottom = if seed % 4 == 3 { 0xe4_ebee } else { [0x22_2630, 0x3a_3c44, 0x5a_5040][seed % 3] };
    Person { top, bottom, hat, height: 1.58 + 0.04 * (seed % 4) as f32 }
}

pub(super) fn rider(seed: usize) -> Person {
    Person { hat: Hat::Helmet, ..person(seed * 2) }
}

pub(super) fn walk(seed: usize, way: Way) -> Actor {
    Actor { body: Body::Walking(person(seed)), way }
}

/// A broadleaf tree with a few clumps of leaves.
pub(super) fn tree(b: &mut Builder, x: f32, z: f32, height: f32, seed: i32) {
    b.rod([x, -0.2, z], [x + 0.15, height * 0.6, z + 0.1], 0.14, (0x6b_5a48, Texture::Mottled));
    for i in 0..9 {
        let roll = |k: i32| hash(seed, i, k) - 0.5;
        let centre =
            [x + roll(1) * height * 0.62, height * (0.74 + 0.34 * roll(2)), z + roll(3) * height * 0.62];
        let size = height * (0.17 + 0.1 * roll(4));
        b.ball(centre, [size * 1.15, size * 0.8, size * 1.1], (0x46_6430, Texture::Leaves));
    }
}

/// A coconut palm.
pub(super) fn palm(b: &mut Builder, x: f32, z: f32, height: f32, seed: i32) {
    let lean = (hash(seed, 0, 0) - 0.5) * 1.5;
    b.rod([x, -1.0, z], [x + lean * 0.4, height * 0.5, z], 0.15, (0x80_715c, Texture::Mottled));
    b.rod([x + lean * 0.4, height * 0.5, z], [x + lean, height, z], 0.12, (0x80_715c, Texture::Mottled));
    for i in 0..11 {
        let angle = i as f32 * 0.571 + hash(seed, i, 1);
        let mut last = v(x + lean, height, z);
        for (step, drop) in [0.35, -0.1, -0.65, -1.0].into_iter().enumerate() {
            let next = last + v(angle.sin() * 0.75, drop * 0.75, angle.cos() * 0.75);
            let radius = 0.13 - 0.025 * step as f32;
            b.rod([last.x, last.y, last.z], [next.x, next.y, next.z], radius, (0x55_7f38, Texture::Grass));
            last = next;
        }
    }
}

/// A pole with wires along x.
pub(super) fn pole(b: &mut Builder, x: f32, z: f32, along: [f32; 3]) {
    b.rod([x, -0.2, z], [x, 8.2, z], 0.13, (0xa8_a49c, Texture::Mottled));
    b.block([x - 0.8, 7.4, z - 0.05], [x + 0.8, 7.5, z + 0.05], 0x70_6c66);
    for i in 0..4 {
        let y = 7.6 - 0.35 * i as f32;
        let sag = [x + along[0] * 0.5, y - 0.5, z + along[2] * 0.5];
        b.rod([x, y, z], sag, 0.025, 0x18_1818);
        b.rod(sag, [x + along[0], y, z + along[2]], 0.025, 0x18_1818);
    }
}

/// A row of shophouses whose fronts stand on the plane `front` of x (`across`) or of z, from `start` to `end`.
pub(super) fn shophouses(
    b: &mut Builder,
    across: bool,
    front: f32,
    depth: f32,
    start: f32,
    end: f32,
    seed: i32,
) {
    let mut at = start;
    let mut i = 0;
    // u runs along the street, w away from it.
    let place = |u: f32, y: f32, w: f32| if across { [front + w, y, u] } else { [u, y, front + w] };
    let sign = depth.signum();
    while at < end {
        let roll = |k: i32| hash(seed, i, k);
        let width = 3.8 + roll(1) * 1.8;
        let height = if roll(2) > 0.45 { 6.8 + roll(3) } else { 3.7 + roll(3) * 0.6 };
        let wall = WALLS[(roll(4) * 6.0) as usize % 6];
        corner_block(
            b,
            place(at, -0.2, 0.0),
            place(at + width - 0.06, height, depth),
            (wall, Texture::Mottled),
        );
        let out = -0.06 * sign;
        corner_block(
            b,
            place(at + 0.4, 0.0, out),
            place(at + width - 0.5, 2.6, 0.1 * sign),
            (0x8a_9298, Texture::Louvres(0.14)),
        );
        let sheet = [0x4a_6f9c, 0xa0_4a3a, 0x5f_8f6a][(roll(5) * 3.0) as usize % 3];
        corner_block(
            b,
            place(at + 0.1, 2.85, -1.5 * sign),
            place(at + width - 0.2, 2.95, 0.0),
            (sheet, Texture::Corrugated),
        );
        let board = [0xd8_d4c8, 0xc8_4a3a, 0x3a_64a8, 0xe0_c050][(roll(6) * 4.0) as usize % 4];
        corner_block(
            b,
            place(at + 0.3, 3.05, -0.12 * sign),
            place(at + width - 0.4, 3.7, 0.0),
            (board, Texture::Writing),
        );
        if height > 5.0 {
            for k in 0..2 {
                let u = at + 0.6 + k as f32 * (width * 0.45);
                corner_block(
                    b,
                    place(u, 4.4, out),
                    place(u + 1.1, 5.9, 0.05 * sign),
                    (0x1c_2428, Texture::Glass),
                );
            }
            corner_block(
                b,
                place(at + 0.1, 4.0, -0.8 * sign),
                place(at + width - 0.2, 4.15, 0.0),
                (0xc8_c4ba, Texture::Plain),
            );
            corner_block(
                b,
                place(at + 0.1, 4.15, -0.8 * sign),
                place(at + width - 0.2, 4.9, -0.74 * sign),
                (0x9a_9a94, Texture::Louvres(0.18)),
            );
        }
        at += width;
        i += 1;
    }
}

fn corner_block(b: &mut Builder, a: [f32; 3], c: [f32; 3], paint: (u32, Texture)) {
    let (a, c) = (v(a[0], a[1], a[2]), v(c[0], c[1], c[2]));
    b.add(Shape::Block(a.min(c), a.max(c)), paint);
}

/// Broken white line along x at `z`, or along z at `x`.
pub(super) fn dashes(b: &mut Builder, across: bool, at: f32, from: f32, to: f32) {
    let mut u = from;
    while u < to {
        let (low, high) = if across {
            ([at - 0.07, 0.0, u], [at + 0.07, 0.012, u + 2.0])
        } else {
            ([u, 0.0, at - 0.07], [u + 2.0, 0.012, at + 0.07])
        };
        b.block(low, high, (0xc8_c6bc, Texture::Mottled));
        u += 4.5;
    }
}

pub(super) fn bulb(x: f32, y: f32, z: f32, power: f32) -> Lamp {
    Lamp { facing: V::default(), ..panel([x, y, z], [0.1, 0.02, 0.1], [0.0, -1.0, 0.0], power) }
}

/// A building of two storeys with open galleries; its front is the plane z = `front`.
pub(super) fn gallery(b: &mut Builder, x0: f32, x1: f32, front: f32) {
    b.block([x0, 0.0, front + 2.2], [x1, 7.4, front + 9.0], (0xe0_d2a4, Texture::Mottled));
    for floor in 0..2 {
        let y = 3.5 * floor as f32;
        b.block([x0, y - 0.1, front], [x1, y + 0.14, front + 2.3], (0xc4_bca8, Texture::Tiles(0.4)));
        let mut x = x0 + 1.0;
        while x < x1 - 1.8 {
            let door = ((x - x0) / 1.9) as i32 % 3 == 0;
            let (low, paint) = if door {
                (y + 0.15, (0x4a_6f78, Texture::Wood))
            } else {
                (y + 1.1, (0x20_2a30, Texture::Glass))
            };
            b.block([x, low, front + 2.12], [x + 1.2, y + 2.5, front + 2.25], paint);
            x += 1.9;
        }
    }
    b.block([x0, 3.64, front], [x1, 4.55, front + 0.08], (0xd8_d0b8, Texture::Louvres(0.22)));
    b.block([x0, 4.55, front - 0.03], [x1, 4.65, front + 0.12], 0xcf_c6aa);
    let mut x = x0 + 0.2;
    while x < x1 {
        b.block([x - 0.17, 0.0, front - 0.05], [x + 0.17, 7.1, front + 0.3], (0xe6_dcb8, Texture::Mottled));
        x += 3.8;
    }
    // Eaves and a tiled roof that rises away from the yard.
    b.block([x0 - 0.5, 7.0, front - 0.7], [x1 + 0.5, 7.25, front + 9.4], 0xd0_c8b0);
    let slope = v(0.0, 0.86, -0.5).unit();
    let planes = vec![
        (slope, slope.dot(v(0.0, 7.25, front - 0.7))),
        (v(0.0, -1.0, 0.0), -7.25),
        (v(0.0, 0.0, 1.0), front + 5.0),
        (v(1.0, 0.0, 0.0), x1 + 0.5),
        (v(-1.0, 0.0, 0.0), -(x0 - 0.5)),
    ];
    b.add(Shape::Convex(planes), (0xa8_5a40, Texture::Corrugated));
}

/// A broken line along x on the road before the gate, whose surface lies below the yard's.
pub(super) fn low_dashes(b: &mut Builder, z: f32, top: f32) {
    let mut x = -50.0;
    while x < 50.0 {
        b.block([x, -0.5, z - 0.07], [x + 2.2, top, z + 0.07], (0xd0_cec4, Texture::Mottled));
        x += 5.0;
    }
}
