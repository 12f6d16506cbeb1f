//! What moves: people, motorbikes, cars, boats, fans. Every movement comes back to its start with the loop.

use std::f32::consts::{PI, TAU};

use super::paint::{Paint, Texture};
use super::solid::{Shape, Solid};
use super::vector::{V, rgb, v};

/// Where something goes during a loop; places are (x, z).
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// Stays, looking along this angle (0 is away along z, positive to the right).
    Stay(f32, f32, f32),
    /// Around and around through these places.
    Round(Vec<(f32, f32)>),
    /// From one place, out of sight, to another, out of sight; leaves at this share of the loop and takes so many
    /// loops.
    Through((f32, f32), (f32, f32), f32, f32),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Hat {
    Bare,
    Conical,
    Helmet,
    /// Hood and suit of protective clothing.
    Suit,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) top: u32,
    pub(super) bottom: u32,
    pub(super) hat: Hat,
    /// Metres.
    pub(super) height: f32,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Walking(Person),
    /// On a chair of 0.45 m.
    Seated(Person),
    Motorbike(Person, u32),
    Car(u32),
    /// Rocks on the water.
    Boat(u32),
    /// Blades under the ceiling, at this height.
    Fan(f32),
    /// A flag on a pole, at this height.
    Flag(f32),
}

#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) body: Body,
    pub(super) way: Way,
}

/// A place on a way: where, which way it looks, metres gone, speed in m/s.
#[derive(Clone, Copy)]
struct Pose {
    x: f32,
    z: f32,
    heading: f32,
    gone: f32,
    speed: f32,
}

/// Seconds of a loop.
const LOOP: f32 = crate::clip::LOOP_SECONDS as f32;
/// Metres of two steps.
const STRIDE: f32 = 1.3;

impl Actor {
    /// Its solids at a share 0–1 of the loop; one list for each time it is in sight.
    pub(super) fn solids(&self, time: f32) -> Vec<Vec<Solid>> {
        self.way.poses(time).into_iter().map(|pose| self.body.solids(pose, time)).collect()
    }
}

impl Way {
    fn poses(&self, time: f32) -> Vec<Pose> {
        match self {
            Self::Stay(x, z, heading) => {
                vec![Pose { x: *x, z: *z, heading: *heading, gone: 0.0, speed: 0.0 }]
            }
            Self::Round(places) => vec![round(places, time)],
            Self::Through(a, b, start, loops) => {
                let (dx, dz) = (b.0 - a.0, b.1 - a.1);
                let length = dx.hypot(dz);
                let since = (time - start).rem_euclid(1.0);
                let shares = (0..loops.ceil() as u32).map(|i| (since + i as f32) / loops);
                let pose = |share: f32| Pose {
                    x: a.0 + dx * share,
                    z: a.1 + dz * share,
                    heading: dx.atan2(dz),
                    gone: length * share,
                    speed: length / (loops * LOOP),
                };
                shares.filter(|share| *share <= 1.0).map(pose).collect()
            }
        }
    }
}

/// A smooth closed curve (Catmull-Rom), an equal time from place to place.
fn round(places: &[(f32, f32)], time: f32) -> Pose {
    let at = |time: f32| {
        let n = places.len();
        let along = time.rem_euclid(1.0) * n as f32;
        let (i, t) = (along as usize, along.fract());
        let p = |k: usize| places[(i + n + k - 1) % n];
        let blend = |a: f32, b: f32, c: f32, d: f32| {
            0.5 * (2.0 * b
                + (c - a) * t
                + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                + (3.0 * b - a - 3.0 * c + d) * t * t * t)
        };
        (blend(p(0).0, p(1).0, p(2).0, p(3).0), blend(p(0).1, p(1).1, p(2).1, p(3).1))
    };
    const STEPS: usize = 200;
    let mut lengths = [0.0; STEPS + 1];
    let mut last = at(0.0);
    for i in 0..STEPS {
        let next = at((i + 1) as f32 / STEPS as f32);
        lengths[i + 1] = lengths[i] + (next.0 - last.0).hypot(next.1 - last.1);
        last = next;
    }
    // A whole number of strides, so that the legs meet the loop's end.
    let whole = (lengths[STEPS] / STRIDE).round().max(1.0) * STRIDE / lengths[STEPS];
    let along = time.rem_euclid(1.0) * STEPS as f32;
    let i = (along as usize).min(STEPS - 1);
    let gone = (lengths[i] + (lengths[i + 1] - lengths[i]) * along.fract()) * whole;
    let (before, here, after) = (at(time - 0.02), at(time), at(time + 0.02));
    let (dx, dz) = (after.0 - before.0, after.1 - before.1);
    Pose { x: here.0, z: here.1, heading: dx.atan2(dz), gone, speed: dx.hypot(dz) / (0.04 * LOOP) }
}

/// Solids in a figure's own space (x right, y up, z ahead), put into the world.
struct Frame {
    pose: Pose,
    solids: Vec<Solid>,
}

impl Frame {
    fn place(&self, p: V) -> V {
        p.turned(self.pose.heading) + v(self.pose.x, 0.0, self.pose.z)
    }

    fn limb(&mut self, a: V, b: V, radius: f32, paint: Paint) {
        let shape = Shape::Capsule(self.place(a), self.place(b), radius);
        self.solids.push(Solid { shape, paint });
    }

    fn ball(&mut self, centre: V, half: V, paint: Paint) {
        let shape = Shape::Ellipsoid(self.place(centre), half, self.pose.heading.sin_cos());
        self.solids.push(Solid { shape, paint });
    }

    fn block(&mut self, centre: V, half: V, paint: Paint) {
        let shape = Shape::turned_block(self.place(centre), half, self.pose.heading);
        self.solids.push(Solid { shape, paint });
    }

    /// A block whose top is smaller than its bottom: front and back lean in by `lean`, the sides by half of that.
    fn tapered(&mut self, centre: V, half: V, lean: f32, paint: Paint) {
        let slope = |axis: V, lean: f32| (axis * (2.0 * half.y) + v(0.0, lean, 0.0)).unit();
        let (middle, heading) = (self.place(centre), self.pose.heading);
        let faces = [
            (slope(v(0.0, 0.0, 1.0), lean), v(0.0, -half.y, half.z)),
            (slope(v(0.0, 0.0, -1.0), lean), v(0.0, -half.y, -half.z)),
            (slope(v(1.0, 0.0, 0.0), lean * 0.4), v(half.x, -half.y, 0.0)),
            (slope(v(-1.0, 0.0, 0.0), lean * 0.4), v(-half.x, -half.y, 0.0)),
            (v(0.0, 1.0, 0.0), v(0.0, half.y, 0.0)),
            (v(0.0, -1.0, 0.0), v(0.0, -half.y, 0.0)),
        ];
        let planes = faces.map(|(normal, on)| {
            let normal = normal.turned(heading);
            (normal, normal.dot(middle + on.turned(heading)))
        });
        self.solids.push(Solid { shape: Shape::Convex(planes.to_vec()), paint });
    }
}

fn cloth(hex: u32) -> Paint {
    // Dyes are mostly clear to infrared: dark clothes come out middling.
    Paint {
        colour: rgb(hex),
        texture: Texture::Plain,
        gloss: 0.0,
        infrared: 0.3 + 0.4 * rgb(hex).luminance(),
    }
}

fn skin() -> Paint {
    Paint { infrared: 0.5, ..Paint::from(0xc4_8f70) }
}

impl Body {
    fn solids(&self, pose: Pose, time: f32) -> Vec<Solid> {
        let mut frame = Frame { pose, solids: Vec::with_capacity(24) };
        match self {
            Self::Walking(person) => person.walk(&mut frame, time),
            Self::Seated(person) => person.sit(&mut frame, 0.45, 0.1, time),
            Self::Motorbike(rider, paint) => motorbike(&mut frame, rider, *paint, time),
            Self::Car(paint) => car(&mut frame, *paint),
            Self::Boat(paint) => boat(&mut frame, *paint, time),
            Self::Fan(height) => fan(&mut frame, *height, time),
            Self::Flag(height) => flag(&mut frame, *height, time),
        }
        frame.solids
    }
}

impl Person {
    /// Bare arms and neck, but for a suit.
    fn sleeves(&self) -> Paint {
        if matches!(self.hat, Hat::Suit) { cloth(self.top) } else { skin() }
    }

    fn walk(&self, frame: &mut Frame, time: f32) {
        let phase = frame.pose.gone / STRIDE * TAU;
        let pace = (frame.pose.speed / 1.2).min(1.15);
        let idle = (time * TAU * 2.0 + frame.pose.x).sin() * (1.0 - pace).max(0.0);
        let k = self.height / 1.7;
        let up = 0.9 * k + 0.02 * pace * (phase * 2.0).cos();
        for side in [-1.0_f32, 1.0] {
            let swing = phase + if side > 0.0 { PI } else { 0.0 };
            let thigh = 0.5 * pace * swing.sin();
            let knee = pace * (0.15 + 0.75 * swing.cos().max(0.0)) + 0.04;
            let hip = v(side * 0.085 * k, up, idle * 0.01);
            let joint = hip + v(0.0, -thigh.cos(), thigh.sin()) * (0.43 * k);
            let shin = thigh - knee;
            let ankle = joint + v(0.0, -shin.cos(), shin.sin()) * (0.41 * k);
            frame.limb(hip, joint, 0.075 * k, cloth(self.bottom));
            frame.limb(joint, ankle, 0.055 * k, cloth(self.bottom));
            frame.limb(ankle, ankle + v(0.0, -0.015, 0.14), 0.04, 0x2a_2522.into());
            let arm = -0.45 * pace * swing.sin() + idle * 0.05;
            let shoulder = v(side * 0.19 * k, up + 0.48 * k, idle * 0.02);
            let elbow = shoulder + v(side * 0.05, -arm.cos(), arm.sin()) * (0.28 * k);
            let fore = arm + 0.25 + 0.2 * pace;
            let hand = elbow + v(0.0, -fore.cos(), fore.sin()) * (0.26 * k);
            frame.limb(shoulder, elbow, 0.05 * k, cloth(self.top));
            frame.limb(elbow, hand, 0.04 * k, self.sleeves());
        }
        self.trunk(frame, v(0.0, up, 0.0), v(0.0, up + 0.5 * k, 0.03 + idle * 0.015));
    }

    /// From hips to shoulders, with the head on top.
    fn trunk(&self, frame: &mut Frame, hips: V, shoulders: V) {
        let k = self.height / 1.7;
        let chest = hips.mix(shoulders, 0.64);
        frame.ball(chest, v(0.195, 0.27, 0.125) * k, cloth(self.top));
        frame.ball(hips.mix(shoulders, 0.22), v(0.155, 0.2, 0.12) * k, cloth(self.top));
        frame.ball(hips, v(0.15, 0.13, 0.115) * k, cloth(self.bottom));
        frame.limb(
            shoulders - v(0.15 * k, 0.02, 0.0),
            shoulders + v(0.15 * k, -0.02, 0.0),
            0.06 * k,
            cloth(self.top),
        );
        let head = shoulders + v(0.0, 0.22 * k, 0.03);
        frame.limb(shoulders, head, 0.055 * k, self.sleeves());
        frame.ball(head, v(0.08, 0.115, 0.095) * k, skin());
        let crown = head + v(0.0, 0.03, -0.015) * k;
        match self.hat {
            Hat::Bare => frame.ball(crown, v(0.088, 0.11, 0.098) * k, 0x14_1210.into()),
            Hat::Helmet => frame.ball(crown, v(0.12, 0.12, 0.135) * k, cloth(0x35_4a86)),
            Hat::Suit => {
                frame.ball(head + v(0.0, 0.01, -0.025), v(0.1, 0.135, 0.105) * k, cloth(self.top));
                frame.ball(head + v(0.0, 0.03, 0.05) * k, v(0.075, 0.035, 0.05) * k, 0x30_3a40.into());
            }
            Hat::Conical => {
                for (i, radius) in [0.23, 0.16, 0.09].into_iter().enumerate() {
                    let y = 0.09 + 0.045 * i as f32;
                    frame.ball(head + v(0.0, y, 0.0), v(radius, 0.035, radius), cloth(0xd8_c48f));
                }
            }
        }
        // Everybody wears a mask.
        frame.ball(head + v(0.0, -0.045, 0.055) * k, v(0.06, 0.045, 0.05) * k, cloth(0x9f_bcd0));
    }

    fn sit(&self, frame: &mut Frame, seat: f32, lean: f32, time: f32) {
        let nod = (time * TAU + frame.pose.x * 3.0).sin() * 0.02;
        for side in [-1.0_f32, 1.0] {
            let (hip, joint) = (v(side * 0.09, seat + 0.1, 0.0), v(side * 0.12, seat + 0.1, 0.42));
            frame.limb(hip, joint, 0.075, cloth(self.bottom));
            frame.limb(joint, v(side * 0.12, seat - 0.33, 0.46), 0.055, cloth(self.bottom));
            let shoulder = v(side * 0.19, seat + 0.57, lean);
            let elbow = v(side * 0.24, seat + 0.32, 0.16 + lean + nod);
            frame.limb(shoulder, elbow, 0.05, cloth(self.top));
            frame.limb(elbow, v(side * 0.15, seat + 0.36 + nod, 0.42 + lean), 0.04, self.sleeves());
        }
        self.trunk(frame, v(0.0, seat + 0.1, 0.0), v(0.0, seat + 0.6, lean + nod));
    }
}

fn wheel(frame: &mut Frame, centre: V, radius: f32, width: f32) {
    frame.ball(centre, v(width, radius, radius), 0x17_1717.into());
    frame.ball(centre, v(width * 1.2, radius * 0.5, radius * 0.5), 0x80_8488.into());
}

/// A parked or ridden motorbike without its rider.
pub(super) fn motorbike_alone(x: f32, z: f32, heading: f32, paint: u32) -> Vec<Solid> {
    let pose = Pose { x, z, heading, gone: 0.0, speed: 0.0 };
    let mut frame = Frame { pose, solids: Vec::new() };
    bike(&mut frame, paint);
    frame.solids
}

/// A parked car.
pub(super) fn car_alone(x: f32, z: f32, heading: f32, paint: u32) -> Vec<Solid> {
    let pose = Pose { x, z, heading, gone: 0.0, speed: 0.0 };
    let mut frame = Frame { pose, solids: Vec::new() };
    car(&mut frame, paint);
    frame.solids
}

/// Somebody who sits without moving.
pub(super) fn seated_alone(x: f32, z: f32, heading: f32, person: Person) -> Vec<Solid> {
    let pose = Pose { x, z, heading, gone: 0.0, speed: 0.0 };
    let mut frame = Frame { pose, solids: Vec::new() };
    person.sit(&mut frame, 0.45, 0.1, 0.0);
    frame.solids
}

/// A boat that lies still.
pub(super) fn boat_alone(x: f32, z: f32, heading: f32, paint: u32) -> Vec<Solid> {
    let pose = Pose { x, z, heading, gone: 0.0, speed: 0.0 };
    let mut frame = Frame { pose, solids: Vec::new() };
    boat(&mut frame, paint, 0.0);
    frame.solids
}

fn bike(frame: &mut Frame, paint: u32) {
    let (body, dark) = (Paint { gloss: 0.0, ..paint.into() }, Paint::from(0x1c_1c1e));
    wheel(frame, v(0.0, 0.29, 0.62), 0.29, 0.05);
    wheel(frame, v(0.0, 0.29, -0.6), 0.29, 0.06);
    frame.limb(v(0.0, 0.35, 0.6), v(0.0, 0.98, 0.38), 0.045, body);
    frame.ball(v(0.0, 0.75, 0.46), v(0.15, 0.24, 0.1), body);
    frame.limb(v(0.0, 0.36, 0.25), v(0.0, 0.45, -0.35), 0.1, dark);
    frame.limb(v(0.0, 0.58, -0.1), v(0.0, 0.66, -0.68), 0.11, body);
    frame.limb(v(0.0, 0.77, 0.0), v(0.0, 0.79, -0.55), 0.09, dark);
    frame.limb(v(-0.3, 1.02, 0.32), v(0.3, 1.02, 0.32), 0.022, dark);
    frame.limb(v(0.1, 0.3, -0.2), v(0.12, 0.36, -0.75), 0.05, 0x60_6266.into());
    for side in [-1.0, 1.0] {
        frame.limb(v(side * 0.25, 1.05, 0.34), v(side * 0.32, 1.2, 0.34), 0.015, dark);
        frame.ball(v(side * 0.33, 1.23, 0.34), v(0.05, 0.035, 0.015), dark);
    }
}

fn motorbike(frame: &mut Frame, rider: &Person, paint: u32, time: f32) {
    bike(frame, paint);
    rider.sit(frame, 0.72, 0.1, time);
}

fn car(frame: &mut Frame, paint: u32) {
    let body = Paint { gloss: 0.04, ..paint.into() };
    let glass = Paint::from((0x18_1e22, Texture::Glass));
    frame.tapered(v(0.0, 0.56, 0.0), v(0.88, 0.32, 2.15), 0.16, body);
    frame.tapered(v(0.0, 1.12, -0.25), v(0.8, 0.27, 1.4), 0.75, glass);
    frame.tapered(v(0.0, 1.41, -0.25), v(0.66, 0.03, 0.72), 0.1, body);
    for (x, z) in [(0.8, 1.35), (-0.8, 1.35), (0.8, -1.3), (-0.8, -1.3)] {
        wheel(frame, v(x, 0.32, z), 0.33, 0.12);
    }
    for side in [-1.0, 1.0] {
        frame.ball(v(side * 0.65, 0.62, 2.08), v(0.17, 0.09, 0.08), 0xf2_efe0.into());
        frame.ball(v(side * 0.68, 0.68, -2.1), v(0.14, 0.09, 0.06), 0xa0_1812.into());
    }
    frame.block(v(0.0, 0.4, 2.15), v(0.26, 0.06, 0.02), 0xe8_e8e8.into());
    frame.block(v(0.0, 0.5, -2.15), v(0.26, 0.08, 0.02), 0xe8_e8e8.into());
}

/// A wooden boat with a hood, rocking.
fn boat(frame: &mut Frame, paint: u32, time: f32) {
    let rock = (time * TAU * 3.0 + frame.pose.x).sin() * 0.04 - 0.9;
    let hull = Paint::from((paint, Texture::Wood));
    frame.ball(v(0.0, 0.22 + rock, 0.0), v(0.85, 0.5, 3.3), hull);
    frame.block(v(0.0, 0.62 + rock, 0.0), v(0.5, 0.06, 2.1), (0x5a_4632, Texture::Wood).into());
    for z in [-0.9, -0.3, 0.3] {
        frame.ball(v(0.0, 0.75 + rock, z - 0.4), v(0.72, 0.62, 0.5), 0x6f_6a58.into());
    }
    frame.limb(v(0.0, 0.5 + rock, 2.4), v(0.0, 0.85 + rock, 3.3), 0.12, hull);
}

fn fan(frame: &mut Frame, height: f32, time: f32) {
    let metal = Paint::from(0xd0_d0cc);
    frame.limb(v(0.0, height, 0.0), v(0.0, height + 0.35, 0.0), 0.03, metal);
    frame.ball(v(0.0, height, 0.0), v(0.13, 0.08, 0.13), metal);
    for blade in 0..3 {
        let angle = (time * 9.0 + blade as f32 / 3.0) * TAU;
        let tip = v(angle.sin(), 0.0, angle.cos());
        let shape = Shape::turned_block(
            frame.place(v(0.0, height, 0.0) + tip * 0.4),
            v(0.06, 0.008, 0.3),
            frame.pose.heading + angle,
        );
        frame.solids.push(Solid { shape, paint: metal });
    }
}

/// Red with a star of light cloth, waving.
fn flag(frame: &mut Frame, height: f32, time: f32) {
    for i in 0..12 {
        let along = i as f32 / 11.0;
        let wave = ((along * 1.3 - time * 6.0) * TAU).sin() * 0.16 * along;
        let sag = -0.12 * along * along;
        frame.block(v(0.05 + along * 1.15, height + sag, wave), v(0.056, 0.4, 0.012), 0xc8_1a1e.into());
    }
    let wave = ((0.5 * 1.3 - time * 6.0) * TAU).sin() * 0.08;
    frame.ball(v(0.62, height - 0.03, wave), v(0.15, 0.15, 0.05), 0xf2_d021.into());
}
