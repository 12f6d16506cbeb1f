//! Places under the sky.

use std::f32::consts::{FRAC_PI_2, PI};

use super::figures::{Actor, Body, Way, boat_alone, car_alone, motorbike_alone};
use super::lighting::Lamp;
use super::paint::{Texture, hash};
use super::place::{Draft, daylight};
use super::solid::Shape;
use super::town::{PAINTS, bulb, dashes, gallery, low_dashes, palm, pole, rider, shophouses, tree, walk};
use super::vector::v;
use super::world::Builder;

fn draft(
    builder: Builder,
    actors: Vec<Actor>,
    sun: [f32; 3],
    view: ([f32; 3], [f32; 3], f32),
    night_lamps: Vec<Lamp>,
) -> Draft {
    let (from, at, degrees) = view;
    Draft { builder, actors, lighting: daylight(sun), from, at, degrees, barrel: 0.16, night_lamps }
}

pub(super) fn gate() -> Draft {
    let mut b = Builder::default();
    b.block([-60.0, -1.0, -20.0], [60.0, 0.0, 0.2], (0xa5_a096, Texture::Slabs(2.4)));
    b.block([-60.0, -1.0, 0.2], [60.0, 0.02, 3.0], (0xa8_9a8c, Texture::Slabs(0.4)));
    b.block([-60.0, -1.0, 3.0], [60.0, -0.1, 11.5], (0x6e_6d6b, Texture::Asphalt));
    b.block([-60.0, -1.0, 11.5], [60.0, 0.02, 60.0], (0xa8_9a8c, Texture::Slabs(0.4)));
    b.block([-3.0, -0.5, 0.0], [3.4, 0.01, 3.6], (0x9a_968c, Texture::Mottled));
    low_dashes(&mut b, 7.3, -0.09);
    // Wall, pillars, sign, and a sliding gate that stands half open.
    for (from, to) in [(-30.0, -3.2), (3.6, 30.0)] {
        b.block([from, 0.0, -0.12], [to, 0.9, 0.12], (0xd8_caa0, Texture::Mottled));
        b.block([from, 0.9, -0.03], [to, 2.0, 0.03], (0x4a_6a5a, Texture::Louvres(0.16)));
        let mut x = from;
        while x <= to {
            b.block([x - 0.18, 0.0, -0.2], [x + 0.18, 2.2, 0.2], (0xd8_caa0, Texture::Mottled));
            x += 3.35;
        }
    }
    for x in [-3.2, 3.6] {
        b.block([x - 0.4, 0.0, -0.4], [x + 0.4, 4.1, 0.4], (0xc9_b48a, Texture::Mottled));
        b.block([x - 0.5, 4.1, -0.5], [x + 0.5, 4.3, 0.5], 0xb0_4838);
    }
    b.block([-3.0, 3.3, -0.15], [3.4, 4.15, 0.15], (0x2a_54a0, Texture::Writing));
    b.block([-5.9, 0.1, 0.3], [-0.6, 1.7, 0.36], (0x8f_9aa4, Texture::Louvres(0.2)));
    b.rod([-5.9, 1.75, 0.33], [-0.6, 1.75, 0.33], 0.05, 0x6a_7078);
    // Guard's hut, barrier, plants.
    b.block([4.6, 0.0, -4.6], [7.0, 2.5, -2.2], (0xdc_d6c4, Texture::Mottled));
    b.block([4.56, 1.0, -4.2], [4.6, 2.0, -2.7], (0x1c_2428, Texture::Glass));
    b.block([5.0, 1.0, -4.64], [6.5, 2.0, -4.6], (0x1c_2428, Texture::Glass));
    b.block([4.2, 2.5, -5.0], [7.4, 2.65, -1.8], (0xa0_4a3a, Texture::Corrugated));
    for i in 0..6 {
        let x = -8.5 - 1.3 * i as f32;
        b.ball([x, 0.55, -1.2], [0.6, 0.6, 0.5], (0x4f_7a34, Texture::Leaves));
    }
    b.block([-17.0, 0.0, -1.9], [-7.6, 0.35, -0.5], (0xb8_6a4a, Texture::Slabs(0.25)));
    shophouses(&mut b, false, 14.0, 9.0, -34.0, 36.0, 3);
    for (i, x) in [-15.0, -5.5, 8.0, 19.0].into_iter().enumerate() {
        tree(&mut b, x, 12.4, 5.2 + 0.5 * i as f32, i as i32 + 4);
    }
    pole(&mut b, -9.5, 2.3, [22.0, 0.0, 0.0]);
    pole(&mut b, 12.5, 2.3, [30.0, 0.0, 0.0]);
    for (i, x) in [-3.2, -2.3, 4.4].into_iter().enumerate() {
        b.solids.extend(motorbike_alone(x, 12.6, 0.3 + 0.1 * i as f32, PAINTS[i]));
    }
    let road = |seed: usize, z: f32, right: bool, start: f32, loops: f32| {
        let (from, to) = if right { (-34.0, 34.0) } else { (34.0, -34.0) };
        Actor {
            body: Body::Motorbike(rider(seed), PAINTS[seed % 6]),
            way: Way::Through((from, z), (to, z), start, loops),
        }
    };
    let actors = vec![
        road(1, 5.0, true, 0.05, 0.8),
        road(2, 5.6, true, 0.55, 0.7),
        road(3, 9.4, false, 0.3, 0.75),
        road(4, 8.9, false, 0.8, 0.9),
        Actor { body: Body::Car(0xd8_dadc), way: Way::Through((-38.0, 5.6), (38.0, 5.6), 0.2, 0.85) },
        walk(1, Way::Through((-22.0, 1.7), (22.0, 1.5), 0.1, 3.0)),
        walk(3, Way::Round(vec![(3.0, -4.0), (1.0, -2.2), (-1.2, -2.6), (0.4, -4.6), (2.4, -5.2)])),
    ];
    draft(
        b,
        actors,
        [-0.5, 0.75, -0.45],
        ([-2.6, 4.4, -9.6], [0.9, 0.9, 2.2], 84.0),
        vec![bulb(6.0, 3.2, -5.2, 7.0), bulb(-9.5, 6.5, 3.0, 26.0)],
    )
}

pub(super) fn street() -> Draft {
    let mut b = Builder::default();
    b.block([-4.2, -1.0, -20.0], [4.2, 0.0, 160.0], (0x70_6f6d, Texture::Asphalt));
    for side in [-1.0_f32, 1.0] {
        let (near, far) = (side * 4.2, side * 40.0);
        b.block([near.min(far), -1.0, -20.0], [near.max(far), 0.14, 160.0], (0xa8_9e92, Texture::Slabs(0.4)));
        b.block(
            [(side * 3.95).min(side * 4.05), -0.5, -20.0],
            [(side * 3.95).max(side * 4.05), 0.012, 160.0],
            (0xc8_c6bc, Texture::Mottled),
        );
    }
    dashes(&mut b, true, 0.0, -5.0, 110.0);
    for x in [-3.3, -2.5, -1.7, -0.9, 0.1, 0.9, 1.7, 2.5, 3.3] {
        b.block([x - 0.25, 0.0, 13.0], [x + 0.25, 0.013, 16.0], (0xc4_c2b8, Texture::Mottled));
    }
    shophouses(&mut b, true, 7.4, 9.0, 2.0, 110.0, 11);
    shophouses(&mut b, true, -7.4, -9.0, 6.0, 110.0, 12);
    for i in 0..7 {
        let z = 11.0 + 13.0 * i as f32;
        tree(&mut b, 5.2, z, 5.0 + hash(i, 0, 0), i + 20);
        tree(&mut b, -5.3, z + 6.0, 4.8 + hash(i, 1, 0), i + 40);
    }
    for i in 0..4 {
        let z = 8.0 + 26.0 * i as f32;
        pole(&mut b, -4.7, z, [0.0, 0.0, 26.0]);
        b.rod([-4.7, 6.6, z], [-2.6, 7.0, z], 0.05, 0x80_8080);
    }
    for i in 0..9 {
        let z = 7.0 + 1.15 * i as f32 + if i > 4 { 12.0 } else { 0.0 };
        b.solids.extend(motorbike_alone(6.3, z, -FRAC_PI_2 + 0.25, PAINTS[i % 6]));
    }
    b.solids.extend(car_alone(-5.9, 24.0, 0.0, 0x5c_6066));
    b.solids.extend(car_alone(3.1, 38.0, 0.0, 0xa8_1f24));
    let traffic = |seed: usize, x: f32, away: bool, start: f32, loops: f32| {
        let (from, to) = if away { (-8.0, 90.0) } else { (90.0, -8.0) };
        Actor {
            body: Body::Motorbike(rider(seed), PAINTS[seed % 6]),
            way: Way::Through((x, from), (x, to), start, loops),
        }
    };
    let actors = vec![
        traffic(1, 1.6, true, 0.0, 1.3),
        traffic(2, 2.6, true, 0.35, 1.2),
        traffic(3, 1.9, true, 0.7, 1.5),
        traffic(4, -1.4, false, 0.15, 1.25),
        traffic(5, -2.7, false, 0.6, 1.4),
        traffic(6, -2.0, false, 0.85, 1.1),
        Actor { body: Body::Car(0xd8_dadc), way: Way::Through((-1.8, 95.0), (-1.8, -10.0), 0.42, 1.0) },
        Actor { body: Body::Car(0x27_4f8f), way: Way::Through((2.0, -10.0), (2.0, 95.0), 0.1, 1.15) },
        walk(1, Way::Through((5.0, 3.0), (5.2, 50.0), 0.2, 4.0)),
        walk(4, Way::Through((-5.6, 50.0), (-5.2, 2.0), 0.0, 4.0)),
    ];
    let lamps = (0..4).map(|i| bulb(-2.6, 6.9, 8.0 + 26.0 * i as f32, 30.0)).collect();
    draft(b, actors, [0.6, 0.7, -0.15], ([-3.6, 5.6, -1.0], [0.6, 0.4, 17.0], 80.0), lamps)
}

pub(super) fn yard() -> Draft {
    let mut b = Builder::default();
    b.block([-80.0, -1.0, -30.0], [80.0, 0.0, 80.0], (0xac_a698, Texture::Slabs(1.6)));
    gallery(&mut b, -20.0, 24.0, 19.0);
    b.block([-22.5, 0.0, -6.0], [-14.5, 4.2, 15.0], (0xd4_dcd0, Texture::Mottled));
    for i in 0..5 {
        let z = -2.0 + 3.4 * i as f32;
        b.block([-14.52, 1.1, z], [-14.44, 2.6, z + 1.4], (0x20_2a30, Texture::Glass));
    }
    b.block([-23.0, 4.2, -6.5], [-13.6, 4.4, 15.5], (0xa0_4a3a, Texture::Corrugated));
    // Flag pole on its steps, trees in round beds, benches.
    b.block([-1.2, 0.0, 11.8], [1.2, 0.25, 14.2], (0xb8_b0a4, Texture::Tiles(0.3)));
    b.block([-0.8, 0.25, 12.2], [0.8, 0.5, 13.8], (0xb8_b0a4, Texture::Tiles(0.3)));
    b.rod([0.0, 0.0, 13.0], [0.0, 8.6, 13.0], 0.05, 0xc8_c8c8);
    for (i, (x, z)) in
        [(-9.0, 8.0), (8.5, 8.5), (-8.0, 15.0), (10.0, 15.5), (14.5, 4.0)].into_iter().enumerate()
    {
        b.block([x - 1.1, 0.0, z - 1.1], [x + 1.1, 0.35, z + 1.1], (0x9a_9488, Texture::Mottled));
        b.block([x - 0.95, 0.0, z - 0.95], [x + 0.95, 0.37, z + 0.95], (0x5c_7440, Texture::Grass));
        tree(&mut b, x, z, 5.4 + hash(i as i32, 3, 3), i as i32 + 60);
    }
    for x in [-5.0, 5.0] {
        b.block([x - 0.9, 0.4, 9.8], [x + 0.9, 0.46, 10.2], (0x8a_7a64, Texture::Wood));
        b.block([x - 0.7, 0.0, 9.85], [x - 0.6, 0.4, 10.15], 0x80_8080);
        b.block([x + 0.6, 0.0, 9.85], [x + 0.7, 0.4, 10.15], 0x80_8080);
    }
    b.solids.extend(car_alone(10.5, 12.2, 1.1, 0xe2_e4e2));
    let walkers = [
        vec![(-4.0, 6.0), (-1.0, 4.8), (2.4, 6.2), (0.4, 8.2), (-2.6, 8.4)],
        vec![(5.0, 7.0), (7.0, 11.0), (4.6, 12.4), (3.0, 9.6)],
    ];
    let mut actors: Vec<Actor> =
        walkers.into_iter().enumerate().map(|(i, p)| walk(i + 1, Way::Round(p))).collect();
    actors.push(walk(3, Way::Through((-16.0, 17.0), (22.0, 17.6), 0.3, 3.0)));
    actors.push(walk(2, Way::Stay(-5.4, 9.1, 2.6)));
    actors.push(walk(7, Way::Stay(-4.7, 8.7, -0.8)));
    actors.push(Actor { body: Body::Flag(8.1), way: Way::Stay(0.0, 13.0, 0.0) });
    draft(
        b,
        actors,
        [-0.55, 0.62, -0.5],
        ([3.2, 5.2, -3.0], [-0.6, 1.0, 9.5], 82.0),
        vec![bulb(-14.2, 4.0, 6.0, 12.0), bulb(6.0, 6.5, 18.6, 14.0)],
    )
}

pub(super) fn parking() -> Draft {
    let mut b = Builder::default();
    b.block([-60.0, -1.0, -20.0], [60.0, 0.0, 60.0], (0x9c_988e, Texture::Slabs(3.0)));
    // Roof on posts over two rows.
    for x in [-11.0, -5.5, 0.0, 5.5, 11.0] {
        for z in [5.0, 12.2] {
            b.rod([x, 0.0, z], [x, 2.95, z], 0.06, 0x4a_6a8a);
        }
        b.rod([x, 2.9, 5.0], [x, 3.5, 12.2], 0.05, 0x4a_6a8a);
    }
    let slope = v(0.0, 1.0, -0.085).unit();
    let on = slope.dot(v(0.0, 3.0, 4.4));
    let sheet = vec![
        (slope, on + 0.03),
        (-slope, -on + 0.03),
        (v(0.0, 0.0, -1.0), -4.4),
        (v(0.0, 0.0, 1.0), 12.8),
        (v(1.0, 0.0, 0.0), 11.6),
        (v(-1.0, 0.0, 0.0), 11.6),
    ];
    b.add(Shape::Convex(sheet), (0x8f_a4b0, Texture::Corrugated));
    let mut count = 0;
    for row in 0..2 {
        for i in 0..27 {
            let x = -10.6 + 0.8 * i as f32;
            let gap = hash(i, row, 8) > 0.82;
            if !gap {
                let heading = if row == 0 { PI } else { 0.0 } + (hash(i, row, 9) - 0.5) * 0.16;
                b.solids.extend(motorbike_alone(x, 6.5 + 4.2 * row as f32, heading, PAINTS[count % 6]));
            }
            count += 1;
        }
    }
    b.block([-30.0, 0.0, 15.0], [30.0, 2.4, 15.2], (0xd0_c8a8, Texture::Mottled));
    for i in 0..7 {
        tree(&mut b, -18.0 + 6.0 * i as f32, 17.0 + hash(i, 5, 5) * 2.0, 6.0, i + 80);
    }
    b.block([12.8, 0.0, 4.0], [22.0, 3.8, 14.0], (0xd8_d4cc, Texture::Mottled));
    b.block([12.76, 0.2, 6.0], [12.82, 2.6, 8.6], (0x7a_8288, Texture::Corrugated));
    b.block([-5.2, 0.0, 0.8], [-5.1, 0.012, 4.2], (0xd8_d6cc, Texture::Mottled));
    b.block([-1.9, 0.0, 0.8], [-1.8, 0.012, 4.2], (0xd8_d6cc, Texture::Mottled));
    b.solids.extend(car_alone(-7.2, 2.4, 0.05, 0xe6_e6e2));
    b.solids.extend(car_alone(8.6, 1.6, 1.3, 0x27_4f8f));
    let actors = vec![
        walk(2, Way::Round(vec![(-1.0, 3.6), (2.0, 4.2), (4.4, 3.2), (3.0, 1.4), (0.0, 1.8)])),
        walk(1, Way::Round(vec![(-6.0, 8.6), (0.0, 8.4), (-2.0, 8.9), (-5.0, 9.0)])),
        walk(6, Way::Through((14.0, 2.0), (-20.0, 3.8), 0.0, 2.6)),
        Actor {
            body: Body::Motorbike(rider(3), 0xa8_1f24),
            way: Way::Through((-22.0, 3.0), (20.0, 2.4), 0.45, 1.0),
        },
    ];
    draft(
        b,
        actors,
        [0.35, 0.8, -0.5],
        ([-5.6, 4.3, -3.4], [0.6, 0.5, 6.6], 86.0),
        vec![bulb(0.0, 2.8, 8.5, 8.0), bulb(-8.0, 2.8, 8.5, 8.0)],
    )
}

pub(super) fn quay() -> Draft {
    let mut b = Builder::default();
    b.block([-60.0, -3.0, -30.0], [0.4, 0.0, 140.0], (0xa8_a296, Texture::Slabs(1.2)));
    b.block([0.0, -3.0, -30.0], [0.6, 0.22, 140.0], (0xb8_b2a6, Texture::Mottled));
    b.block([0.6, -3.0, -30.0], [17.0, -1.0, 160.0], (0x5a_5f45, Texture::Water));
    b.block([17.0, -3.0, -30.0], [90.0, -0.1, 160.0], (0x7a_7450, Texture::Grass));
    for i in 0..40 {
        let z = -8.0 + 2.2 * i as f32;
        b.rod([0.3, 0.2, z], [0.3, 1.05, z], 0.04, 0x8a_8e92);
    }
    for y in [0.6, 1.05] {
        b.rod([0.3, y, -10.0], [0.3, y, 80.0], 0.03, 0x8a_8e92);
    }
    // Houses on stilts on the other bank.
    for i in 0..14 {
        let z = -4.0 + 6.6 * i as f32;
        let roll = |k: i32| hash(i, k, 70);
        let (w, h) = (4.6 + roll(1), 2.5 + roll(2));
        for (x, dz) in [(15.3, 0.4), (15.3, w - 0.4), (17.5, 0.4)] {
            b.rod([x, -2.0, z + dz], [x, 0.4, z + dz], 0.09, 0x6a_5c48);
        }
        let wall = [0x8a_a0a8, 0xa8_8f6c, 0x7f_9a80, 0xb8_b0a0][(roll(3) * 4.0) as usize % 4];
        b.block([15.2, 0.3, z], [21.0, h, z + w], (wall, Texture::Corrugated));
        b.block([15.12, 0.4, z + 0.6], [15.2, 2.2, z + 1.5], 0x2a_2622);
        b.block([15.12, 1.1, z + 2.2], [15.2, 2.0, z + 3.4], (0x1c_2428, Texture::Glass));
        let slope = v(-0.35, 1.0, 0.0).unit();
        let on = slope.dot(v(14.6, h, 0.0));
        let roof = vec![
            (slope, on + 0.1),
            (-slope, -on + 0.02),
            (v(-1.0, 0.0, 0.0), -14.6),
            (v(1.0, 0.0, 0.0), 21.4),
            (v(0.0, 0.0, 1.0), z + w + 0.3),
            (v(0.0, 0.0, -1.0), -(z - 0.3)),
        ];
        b.add(Shape::Convex(roof), (if i % 3 == 0 { 0x96_5a44 } else { 0x8c_949a }, Texture::Corrugated));
    }
    for i in 0..12 {
        palm(&mut b, 22.5 + 3.0 * hash(i, 2, 2), -6.0 + 8.0 * i as f32, 7.0 + 2.5 * hash(i, 3, 2), i + 5);
    }
    for i in 0..5 {
        tree(&mut b, -6.5 - hash(i, 8, 8), 8.0 + 11.0 * i as f32, 5.5, i + 90);
    }
    // A footbridge far off.
    b.block([-1.0, 2.6, 62.0], [18.0, 2.9, 64.0], (0x9a_9a96, Texture::Mottled));
    b.block([-1.0, 2.9, 62.0], [18.0, 3.8, 62.1], (0x80_8488, Texture::Louvres(0.5)));
    for x in [3.0, 9.0, 15.0] {
        b.rod([x, -2.0, 63.0], [x, 2.6, 63.0], 0.3, 0x8a_8a86);
    }
    b.solids.extend(boat_alone(2.2, 25.0, 0.05, 0x4a_6a5a));
    b.solids.extend(boat_alone(13.4, 16.0, 0.0, 0x7a_4a34));
    b.solids.extend(motorbike_alone(-3.6, 9.0, 2.6, PAINTS[0]));
    let moored = |x: f32, z: f32, paint: u32| Actor { body: Body::Boat(paint), way: Way::Stay(x, z, 0.04) };
    let actors = vec![
        moored(2.3, 8.0, 0x5c_7a8a),
        moored(2.5, 15.4, 0x8a_5a3c),
        Actor { body: Body::Boat(0x6a_4a38), way: Way::Through((7.6, -16.0), (8.6, 70.0), 0.2, 3.0) },
        walk(1, Way::Through((-1.4, 1.0), (-1.0, 44.0), 0.0, 4.0)),
        walk(2, Way::Round(vec![(-2.8, 6.0), (-1.2, 9.0), (-2.0, 11.0), (-4.0, 8.5)])),
    ];
    draft(
        b,
        actors,
        [-0.45, 0.7, 0.1],
        ([-4.6, 5.0, -3.2], [3.2, 0.0, 11.0], 82.0),
        vec![bulb(-2.0, 5.5, 9.0, 20.0)],
    )
}
