//! Rooms.

use std::f32::consts::{FRAC_PI_2, PI};

use super::figures::{Actor, Body, Hat, Person, Way, seated_alone};
use super::lighting::{Lamp, panel};
use super::paint::Texture;
use super::place::{Draft, glow, room};
use super::vector::v;
use super::world::Builder;

const SCRUBS: Person = Person { top: 0xe2_eaee, bottom: 0xe2_eaee, hat: Hat::Suit, height: 1.64 };
const NURSE: Person = Person { top: 0xd6_e4e8, bottom: 0xcf_dde2, hat: Hat::Bare, height: 1.57 };
const MAN: Person = Person { top: 0x3f_5f8f, bottom: 0x2a_2c34, hat: Hat::Bare, height: 1.68 };
const WOMAN: Person = Person { top: 0xb8_5a5a, bottom: 0x2e_2a30, hat: Hat::Bare, height: 1.56 };
const GUARD: Person = Person { top: 0x5a_6448, bottom: 0x4c_5640, hat: Hat::Bare, height: 1.7 };

/// Floor, ceiling and four walls, painted darker up to 1.2 m as in every clinic.
fn shell(b: &mut Builder, x: (f32, f32), z: (f32, f32), height: f32, upper: u32, lower: u32, tile: f32) {
    b.block([x.0 - 0.3, -0.3, z.0 - 0.3], [x.1 + 0.3, 0.0, z.1 + 0.3], (0xcf_c8b8, Texture::Tiles(tile)));
    b.block(
        [x.0 - 0.3, height, z.0 - 0.3],
        [x.1 + 0.3, height + 0.3, z.1 + 0.3],
        (0xe6_e6e0, Texture::Mottled),
    );
    let walls = [
        ([x.0 - 0.3, z.0], [x.0, z.1]),
        ([x.1, z.0], [x.1 + 0.3, z.1]),
        ([x.0, z.0 - 0.3], [x.1, z.0]),
        ([x.0, z.1], [x.1, z.1 + 0.3]),
    ];
    for (low, high) in walls {
        b.block([low[0], 1.2, low[1]], [high[0], height, high[1]], (upper, Texture::Mottled));
        b.block([low[0], 0.12, low[1]], [high[0], 1.2, high[1]], (lower, Texture::Mottled));
        b.block([low[0] - 0.012, 0.0, low[1] - 0.012], [high[0] + 0.012, 0.12, high[1] + 0.012], 0x8a_7f70);
    }
}

/// A ceiling panel along z with its light.
fn tube(b: &mut Builder, lamps: &mut Vec<Lamp>, x: f32, y: f32, z: f32, power: f32) {
    b.block([x - 0.09, y - 0.06, z - 0.6], [x + 0.09, y, z + 0.6], glow(0xff_fdf4, 5.0));
    lamps.push(panel([x, y - 0.09, z], [0.08, 0.0, 0.6], [0.0, -1.0, 0.0], power));
}

/// A window in a wall that faces along x; `inward` is 1 or -1.
fn window_x(b: &mut Builder, lamps: &mut Vec<Lamp>, x: f32, inward: f32, z: (f32, f32), power: f32) {
    let (out, frame) = (x - 0.01 * inward, x + 0.03 * inward);
    let (low, high) = (x.min(frame - 0.01 * inward).min(out), x.max(frame - 0.01 * inward));
    let mut pane = |z0: f32, z1: f32| b.block([low, 1.0, z0], [high, 2.35, z1], glow(0xe4_eefa, 3.6));
    let middle = (z.0 + z.1) / 2.0;
    pane(z.0, middle - 0.03);
    pane(middle + 0.03, z.1);
    for z in [z.0, middle, z.1] {
        b.block(
            [x.min(frame + 0.03 * inward), 0.95, z - 0.035],
            [x.max(frame + 0.03 * inward), 2.4, z + 0.035],
            0xb8_b4aa,
        );
    }
    for y in [0.95, 1.9, 2.36] {
        b.block(
            [x.min(frame + 0.03 * inward), y, z.0],
            [x.max(frame + 0.03 * inward), y + 0.06, z.1],
            0xb8_b4aa,
        );
    }
    lamps.push(panel(
        [x + 0.08 * inward, 1.7, middle],
        [0.0, 0.6, (z.1 - z.0) / 2.0],
        [inward, 0.0, 0.0],
        power,
    ));
}

fn door_x(b: &mut Builder, x: f32, inward: f32, z: f32, paint: u32) {
    let out = x + 0.04 * inward;
    b.block([x.min(out), 0.0, z - 0.06], [x.max(out), 2.2, z + 1.06], 0x9a_8c74);
    let out = x + 0.06 * inward;
    b.block([x.min(out), 0.02, z], [x.max(out), 2.1, z + 1.0], (paint, Texture::Wood));
    let out = x + 0.07 * inward;
    b.block([x.min(out), 1.4, z + 0.3], [x.max(out), 1.85, z + 0.7], (0x2a_3438, Texture::Glass));
    b.rod([x + 0.1 * inward, 1.02, z + 0.88], [x + 0.1 * inward, 1.02, z + 0.76], 0.02, 0xb8_b8b8);
    let out = x + 0.03 * inward;
    b.block([x.min(out), 2.3, z + 0.2], [x.max(out), 2.5, z + 0.8], (0x2a_62a8, Texture::Writing));
}

fn draft(
    builder: Builder,
    actors: Vec<Actor>,
    lamps: Vec<Lamp>,
    ambient: f32,
    view: ([f32; 3], [f32; 3], f32),
) -> Draft {
    let (from, at, degrees) = view;
    let lighting = room(lamps, v(1.0, 0.98, 0.93), ambient);
    Draft { builder, actors, lighting, from, at, degrees, barrel: 0.08, night_lamps: Vec::new() }
}

fn plant(b: &mut Builder, x: f32, z: f32) {
    b.rod([x, 0.05, z], [x, 0.35, z], 0.19, (0xa8_5c40, Texture::Mottled));
    for i in 0..5 {
        let angle = i as f32 * 1.26;
        b.ball(
            [x + 0.18 * angle.sin(), 0.85 + 0.12 * (i % 3) as f32, z + 0.18 * angle.cos()],
            [0.26, 0.34, 0.26],
            (0x46_6430, Texture::Leaves),
        );
    }
}

pub(super) fn corridor() -> Draft {
    let mut b = Builder::default();
    let mut lamps = Vec::new();
    shell(&mut b, (-1.35, 1.35), (0.0, 30.0), 3.0, 0xe8_e4d2, 0x9f_c0ae, 0.6);
    for i in 0..6 {
        let z = 2.2 + 4.7 * i as f32;
        tube(&mut b, &mut lamps, 0.0, 2.99, z + 0.6, 2.4);
        door_x(&mut b, -1.35, 1.0, z, 0x8a_6a4a);
        if i != 1 {
            door_x(&mut b, 1.35, -1.0, z + 1.9, 0x8a_6a4a);
        }
    }
    b.block([-0.9, 0.9, 29.95], [0.9, 2.4, 30.0], glow(0xe8_f2ff, 6.0));
    lamps.push(panel([0.0, 1.6, 29.8], [0.9, 0.7, 0.0], [0.0, 0.0, -1.0], 6.0));
    // Daylight from an open side passage.
    window_x(&mut b, &mut lamps, 1.35, -1.0, (8.4, 10.6), 2.0);
    // Bench, fire extinguisher, notice boards, bin.
    b.block([0.95, 0.42, 5.2], [1.33, 0.47, 7.4], 0x3a_6a9a);
    b.block([1.25, 0.47, 5.2], [1.31, 0.85, 7.4], 0x3a_6a9a);
    for z in [5.4, 7.2] {
        b.block([1.0, 0.0, z - 0.03], [1.3, 0.42, z + 0.03], 0x60_6468);
    }
    b.rod([-1.22, 0.75, 4.4], [-1.22, 1.15, 4.4], 0.08, 0xb4_1e1a);
    b.block([-1.33, 1.3, 4.9], [-1.3, 2.0, 6.1], (0xe8_e8e0, Texture::Writing));
    b.block([1.3, 1.35, 12.6], [1.33, 2.1, 14.0], (0x4a_7ab0, Texture::Writing));
    b.rod([-1.1, 0.15, 10.8], [-1.1, 0.6, 10.8], 0.15, 0x3a_7a4a);
    b.block([-1.3, 0.45, 12.4], [-0.75, 0.85, 14.2], 0xe4_e8ea);
    for (x, z) in [(-1.25, 12.5), (-0.8, 12.5), (-1.25, 14.1), (-0.8, 14.1)] {
        b.rod([x, 0.08, z], [x, 0.5, z], 0.025, 0x90_9498);
    }
    let actors = vec![
        Actor {
            body: Body::Walking(SCRUBS),
            way: Way::Round(vec![
                (0.35, 3.6),
                (0.45, 6.6),
                (0.1, 9.2),
                (-0.35, 8.8),
                (-0.35, 6.0),
                (-0.2, 3.7),
            ]),
        },
        Actor { body: Body::Walking(MAN), way: Way::Through((0.5, 29.0), (0.4, 16.0), 0.0, 1.0) },
        Actor { body: Body::Walking(NURSE), way: Way::Stay(-0.6, 13.2, -1.2) },
        Actor { body: Body::Seated(WOMAN), way: Way::Stay(1.1, 6.3, -FRAC_PI_2) },
    ];
    draft(b, actors, lamps, 0.55, ([-0.85, 2.75, 0.25], [0.12, 0.95, 6.6], 78.0))
}

/// A hospital bed, its head at the wall: `head` is 1 where that is towards +z.
fn bed(b: &mut Builder, x: f32, z: f32, head: f32, lying: Option<u32>) {
    let frame = 0xb4_bcc0;
    for (dx, dz) in [(-0.42, -0.95), (0.42, -0.95), (-0.42, 0.95), (0.42, 0.95)] {
        b.rod([x + dx, 0.03, z + dz], [x + dx, 0.75, z + dz], 0.022, frame);
    }
    for dz in [-0.95, 0.95] {
        for y in [0.62, 0.78] {
            b.rod([x - 0.42, y, z + dz], [x + 0.42, y, z + dz], 0.022, frame);
        }
    }
    b.block([x - 0.44, 0.38, z - 0.96], [x + 0.44, 0.44, z + 0.96], frame);
    b.block([x - 0.43, 0.44, z - 0.94], [x + 0.43, 0.57, z + 0.94], 0xdf_e6e8);
    b.ball([x, 0.6, z + head * 0.72], [0.3, 0.08, 0.18], 0xea_eef0);
    if let Some(blanket) = lying {
        b.ball([x, 0.62, z - head * 0.2], [0.36, 0.15, 0.78], blanket);
        b.ball([x, 0.72, z + head * 0.68], [0.085, 0.1, 0.11], 0xc4_8f70);
        b.ball([x, 0.74, z + head * 0.74], [0.09, 0.1, 0.1], 0x16_1412);
    } else {
        b.block([x - 0.43, 0.57, z - 0.94], [x + 0.43, 0.63, z - 0.45], 0x9f_b8a8);
    }
    // Locker and drip stand.
    b.block(
        [x + 0.55, 0.0, z + head * 0.75 - 0.2],
        [x + 0.95, 0.75, z + head * 0.75 + 0.2],
        (0xc8_ccc8, Texture::Mottled),
    );
    b.rod([x + 0.62, 0.75, z + head * 0.7], [x + 0.62, 0.95, z + head * 0.7], 0.04, 0x5a_86b0);
}

pub(super) fn ward() -> Draft {
    let mut b = Builder::default();
    let mut lamps = Vec::new();
    shell(&mut b, (-4.6, 4.6), (0.0, 8.6), 3.3, 0xe6_e6dc, 0x9c_bcc4, 0.5);
    for z in [(1.2, 3.0), (4.0, 5.8), (6.6, 8.2)] {
        window_x(&mut b, &mut lamps, 4.6, -1.0, z, 3.6);
    }
    for (x, z) in [(-2.2, 2.6), (2.0, 2.6), (-2.2, 6.2), (2.0, 6.2)] {
        tube(&mut b, &mut lamps, x, 3.29, z, 2.0);
    }
    for (i, x) in [-3.2, -1.1, 1.0, 3.1].into_iter().enumerate() {
        bed(&mut b, x, 7.4, 1.0, [Some(0x8f_b0a0), None, Some(0xa8_b8d0), Some(0x8f_b0a0)][i]);
        if i > 1 {
            bed(&mut b, x, 2.0, -1.0, [None, None, None, Some(0xc0_a890)][i]);
        }
        b.block([x - 0.3, 1.55, 8.57], [x + 0.3, 1.95, 8.6], (0xdd_e4e8, Texture::Writing));
    }
    // Curtains beside the windows, a drip stand, a trolley, a chair, the door.
    for z in [1.05, 3.1, 5.9] {
        for i in 0..4 {
            b.rod([4.5, 0.5, z + 0.07 * i as f32], [4.5, 2.6, z + 0.07 * i as f32], 0.05, 0x7f_a8a0);
        }
    }
    b.rod([-2.3, 0.05, 7.0], [-2.3, 1.9, 7.0], 0.02, 0xb8_bcc0);
    b.ball([-2.3, 1.75, 7.0], [0.07, 0.12, 0.04], 0xd8_e8ee);
    b.block([-0.3, 0.75, 4.6], [0.5, 0.8, 5.1], 0xc0_c4c8);
    b.block([-0.3, 0.3, 4.6], [0.5, 0.33, 5.1], 0xc0_c4c8);
    for (x, z) in [(-0.27, 4.63), (0.47, 4.63), (-0.27, 5.07), (0.47, 5.07)] {
        b.rod([x, 0.05, z], [x, 0.95, z], 0.018, 0x9a_9ea2);
    }
    b.ball([0.1, 0.86, 4.8], [0.12, 0.07, 0.1], 0x4a_7ab0);
    b.block([-0.05, 0.8, 4.95], [0.3, 0.9, 5.08], 0xe4_e0d8);
    door_x(&mut b, -4.6, 1.0, 3.4, 0x7a_94a0);
    let actors = vec![
        Actor {
            body: Body::Walking(SCRUBS),
            way: Way::Round(vec![
                (-1.6, 5.4),
                (-0.4, 5.6),
                (1.0, 5.4),
                (2.0, 4.8),
                (1.4, 4.0),
                (-0.6, 3.9),
                (-1.8, 4.4),
            ]),
        },
        Actor { body: Body::Seated(MAN), way: Way::Stay(-1.1, 6.55, PI) },
        Actor { body: Body::Walking(NURSE), way: Way::Stay(2.15, 7.0, 1.2) },
        Actor { body: Body::Fan(2.75), way: Way::Stay(0.0, 4.4, 0.0) },
    ];
    draft(b, actors, lamps, 0.5, ([-4.3, 2.95, 0.35], [0.4, 0.55, 4.9], 80.0))
}

fn chairs(b: &mut Builder, x: f32, z: f32, count: usize, paint: u32) {
    for i in 0..count {
        let x = x + 0.56 * i as f32;
        b.block([x - 0.23, 0.42, z - 0.22], [x + 0.23, 0.46, z + 0.22], paint);
        b.block([x - 0.23, 0.46, z + 0.2], [x + 0.23, 0.88, z + 0.25], paint);
    }
    let last = x + 0.56 * (count - 1) as f32;
    b.block([x - 0.25, 0.36, z - 0.05], [last + 0.25, 0.42, z + 0.05], 0x70_7478);
    for x in [x, last] {
        b.block([x - 0.03, 0.0, z - 0.25], [x + 0.03, 0.38, z + 0.25], 0x70_7478);
    }
}

pub(super) fn lobby() -> Draft {
    let mut b = Builder::default();
    let mut lamps = Vec::new();
    shell(&mut b, (-6.2, 6.2), (0.0, 11.0), 3.7, 0xe8_e2d0, 0xd2_c4a4, 0.8);
    // Glass doors to the street and windows beside them.
    for (x0, x1) in [(-4.6, -2.6), (-1.5, -0.05), (0.05, 1.5), (2.6, 4.6)] {
        b.block([x0, 0.06, 10.96], [x1, 2.5, 11.0], glow(0xe6_efe8, 4.2));
        b.block([x0, 0.06, 10.95], [x1, 0.75, 10.99], glow(0x9a_a890, 2.6));
        for x in [x0, x1] {
            b.block([x - 0.05, 0.0, 10.9], [x + 0.05, 2.6, 11.0], 0x70_767a);
        }
        b.block([x0, 1.05, 10.9], [x1, 1.12, 10.97], 0x70_767a);
        b.block([x0, 2.48, 10.9], [x1, 2.6, 11.0], 0x70_767a);
    }
    lamps.push(panel([0.0, 1.3, 10.8], [3.5, 1.1, 0.0], [0.0, 0.0, -1.0], 13.0));
    for (x, z) in [(-3.4, 2.6), (0.0, 2.6), (3.4, 2.6), (-3.4, 6.6), (0.0, 6.6), (3.4, 6.6)] {
        tube(&mut b, &mut lamps, x, 3.69, z, 2.6);
    }
    // Counter with screens, the name of the house behind it.
    b.block([-5.2, 0.0, 4.0], [-4.4, 1.1, 8.4], (0x8a_6444, Texture::Wood));
    b.block([-5.3, 1.1, 3.9], [-4.3, 1.15, 8.5], (0xb8_b0a8, Texture::Tiles(1.5)));
    for z in [4.8, 6.9] {
        b.block([-5.0, 1.25, z], [-4.95, 1.6, z + 0.55], 0x1a_1c1e);
        b.rod([-4.98, 1.1, z + 0.27], [-4.98, 1.3, z + 0.27], 0.03, 0x2a_2c2e);
    }
    b.block([-6.18, 2.2, 4.2], [-6.14, 3.0, 8.2], (0xb0_2a28, Texture::Writing));
    b.block([6.14, 1.3, 3.0], [6.18, 2.4, 5.4], (0x3a_74b4, Texture::Writing));
    b.block([6.14, 1.3, 6.0], [6.18, 2.2, 7.4], (0xe6_e2d4, Texture::Writing));
    for z in [4.2, 5.6, 7.0] {
        chairs(&mut b, 1.6, z, 5, 0x3c_6ca0);
    }
    plant(&mut b, -2.1, 10.3);
    plant(&mut b, 2.1, 10.3);
    plant(&mut b, 5.6, 9.6);
    for (x, z) in [(-2.4, 5.2), (-2.4, 9.4)] {
        b.block([x - 0.28, 0.0, z - 0.28], [x + 0.28, 3.7, z + 0.28], (0xdc_d4c0, Texture::Mottled));
    }
    b.solids.extend(seated_alone(3.84, 5.6, PI, MAN));
    b.solids.extend(seated_alone(2.72, 7.0, PI, GUARD));
    b.block([-0.9, 0.0, 8.9], [0.9, 0.015, 10.3], 0x6a_3030);
    let person = |who: Person, way: Way| Actor { body: Body::Walking(who), way };
    let actors = vec![
        person(
            MAN,
            Way::Round(vec![
                (-0.4, 9.2),
                (-1.2, 7.4),
                (-3.0, 7.0),
                (-3.4, 6.2),
                (-2.6, 5.9),
                (-0.6, 7.0),
                (0.4, 8.6),
            ]),
        ),
        person(SCRUBS, Way::Through((-7.0, 2.6), (7.4, 2.4), 0.55, 1.15)),
        person(GUARD, Way::Stay(1.4, 9.8, 2.9)),
        person(NURSE, Way::Stay(-5.7, 5.4, FRAC_PI_2)),
        Actor { body: Body::Seated(WOMAN), way: Way::Stay(2.16, 4.2, PI) },
    ];
    draft(b, actors, lamps, 0.55, ([4.9, 3.35, 0.4], [-0.9, 0.5, 6.4], 84.0))
}

pub(super) fn classroom() -> Draft {
    let mut b = Builder::default();
    let mut lamps = Vec::new();
    shell(&mut b, (-4.4, 4.4), (0.0, 9.4), 3.5, 0xe8_dfb8, 0xb4_c8a0, 0.4);
    for z in [(1.0, 2.8), (3.6, 5.4), (6.2, 8.0)] {
        window_x(&mut b, &mut lamps, -4.4, 1.0, z, 3.8);
    }
    for (x, z) in [(-2.0, 2.4), (2.0, 2.4), (-2.0, 6.0), (2.0, 6.0)] {
        tube(&mut b, &mut lamps, x, 3.3, z, 2.2);
    }
    b.block([-2.6, 0.95, 9.34], [2.2, 2.25, 9.4], 0x8a_6a44);
    b.block([-2.5, 1.0, 9.32], [2.1, 2.2, 9.36], (0x28_4a3a, Texture::Mottled));
    b.block([-2.1, 1.75, 9.31], [-0.6, 2.05, 9.33], (0x46_6456, Texture::Writing));
    b.block([-0.4, 2.45, 9.34], [0.4, 3.0, 9.4], 0xb8_2a24);
    b.block([2.6, 1.2, 9.34], [3.9, 2.2, 9.38], (0xe4_e0cc, Texture::Writing));
    b.block([-4.4, 0.0, 7.9], [4.4, 0.18, 9.4], (0xb8_ac98, Texture::Tiles(0.4)));
    b.block([2.0, 0.18, 8.1], [3.4, 0.95, 8.7], (0x9a_6c40, Texture::Wood));
    for row in 0..4 {
        for column in 0..3 {
            let (x, z) = (-2.9 + 2.7 * column as f32, 1.9 + 1.45 * row as f32);
            b.block([x - 0.65, 0.7, z - 0.25], [x + 0.65, 0.74, z + 0.25], (0xb4_8450, Texture::Wood));
            b.block([x - 0.6, 0.3, z + 0.2], [x + 0.6, 0.7, z + 0.23], (0xa0_7444, Texture::Wood));
            b.block([x - 0.65, 0.42, z - 0.75], [x + 0.65, 0.46, z - 0.45], (0xb4_8450, Texture::Wood));
            for side in [-0.6, 0.6] {
                b.block([x + side - 0.03, 0.0, z - 0.7], [x + side + 0.03, 0.7, z + 0.22], 0x5a_6468);
            }
            if (row + column) % 2 == 0 {
                b.block([x - 0.3, 0.74, z - 0.12], [x - 0.02, 0.76, z + 0.1], 0xe8_e8e4);
            }
        }
    }
    door_x(&mut b, 4.4, -1.0, 7.9, 0x5a_7f9a);
    let mut actors = vec![
        Actor {
            body: Body::Walking(WOMAN),
            way: Way::Round(vec![
                (-1.8, 8.6),
                (-0.6, 8.35),
                (0.8, 8.4),
                (1.4, 8.8),
                (0.2, 8.95),
                (-1.2, 8.95),
            ]),
        },
        Actor { body: Body::Fan(2.85), way: Way::Stay(-0.2, 4.4, 0.0) },
    ];
    let pupils = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 2), (3, 0), (3, 1)];
    for (i, (row, column)) in pupils.into_iter().enumerate() {
        let top = [0xe0_e4e6, 0x3f_6fa8, 0xe0_e4e6, 0x9a_4a4a, 0x4a_7a5a][i % 5];
        let who = Person { top, bottom: 0x26_2a3c, hat: Hat::Bare, height: 1.6 };
        let side = if i % 2 == 0 { -0.28 } else { 0.3 };
        let (x, z) = (-2.9 + 2.7 * column as f32 + side, 1.32 + 1.45 * row as f32);
        if i % 3 == 1 {
            actors.push(Actor { body: Body::Seated(who), way: Way::Stay(x, z, 0.0) });
        } else {
            b.solids.extend(seated_alone(x, z, 0.0, who));
        }
    }
    draft(b, actors, lamps, 0.5, ([4.1, 3.15, 0.35], [-0.7, 0.7, 5.4], 80.0))
}
