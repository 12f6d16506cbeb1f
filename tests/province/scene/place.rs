//! A scene put together: what stands there, its light, its camera, and who moves about.

use model::Size;

use super::figures::Actor;
use super::lens::Lens;
use super::lighting::Lighting;
use super::paint::{Paint, Texture};
use super::solid::Solid;
use super::vector::{V, rgb, v};
use super::world::Builder;
use super::{Light, Optics, Scene, indoor, outdoor};
use crate::panorama::lens::VIEW;

pub(super) struct Place {
    pub(super) solids: Vec<Solid>,
    pub(super) lens: Lens,
    pub(super) lighting: Lighting,
    pub(super) actors: Vec<Actor>,
}

/// What a scene's own file says of it.
pub(super) struct Draft {
    pub(super) builder: Builder,
    pub(super) actors: Vec<Actor>,
    /// By day.
    pub(super) lighting: Lighting,
    pub(super) from: [f32; 3],
    pub(super) at: [f32; 3],
    /// Angle of view of the longer side.
    pub(super) degrees: f32,
    pub(super) barrel: f32,
    /// Lamps that burn at night.
    pub(super) night_lamps: Vec<super::lighting::Lamp>,
}

impl Draft {
    pub(super) fn of(scene: Scene) -> Self {
        match scene {
            Scene::Gate => outdoor::gate(),
            Scene::Yard => outdoor::yard(),
            Scene::Parking => outdoor::parking(),
            Scene::Street => outdoor::street(),
            Scene::Quay => outdoor::quay(),
            Scene::Corridor => indoor::corridor(),
            Scene::Ward => indoor::ward(),
            Scene::Lobby => indoor::lobby(),
            Scene::Classroom => indoor::classroom(),
        }
    }

    /// Where its camera hangs, and the place it is put up to look at.
    pub(super) fn view(&self) -> (V, V) {
        let vector = |a: [f32; 3]| v(a[0], a[1], a[2]);
        (vector(self.from), vector(self.at))
    }
}

impl Place {
    pub(super) fn new(scene: Scene, light: Light, size: Size, optics: Optics) -> Self {
        let draft = Draft::of(scene);
        let (from, at) = draft.view();
        let lens = match optics {
            Optics::Own => Lens::new(from, at, draft.degrees, draft.barrel, size),
            Optics::Straight => Lens::straight(from, at, (VIEW.0 as f32, VIEW.1 as f32), size),
        };
        let mut solids = draft.builder.solids;
        let lighting = match light {
            Light::Day => draft.lighting,
            Light::Infrared => {
                for solid in &mut solids {
                    if solid.paint.texture == Texture::Glow {
                        solid.paint = Paint { infrared: 0.25, ..Paint::from(0x30_3030) };
                    }
                }
                let reach = draft.lighting.reach;
                infrared(&lens, draft.night_lamps, reach)
            }
        };
        Self { solids, lens, lighting, actors: draft.actors }
    }
}

/// The camera's illuminator, hung a hand's breadth beside the lens, and whatever lamps burn.
fn infrared(lens: &Lens, lamps: Vec<super::lighting::Lamp>, reach: f32) -> Lighting {
    let white = v(1.0, 1.0, 1.0);
    Lighting {
        sun: None,
        lamps,
        illuminator: Some((lens.from + v(0.12, -0.06, 0.0), lens.forward)),
        direct: white,
        ambient: white * 0.006,
        sky: (white * 0.002, white * 0.006),
        reach,
    }
}

/// Tropical daylight, the sun towards `sun`.
pub(super) fn daylight(sun: [f32; 3]) -> Lighting {
    Lighting {
        sun: Some(v(sun[0], sun[1], sun[2]).unit()),
        lamps: Vec::new(),
        illuminator: None,
        direct: v(3.0, 2.75, 2.35),
        ambient: v(0.55, 0.62, 0.74),
        sky: (rgb(0x7f_a8d8) * 1.3, rgb(0xd5_dde4) * 1.35),
        reach: 4.0,
    }
}

/// Rooms: lamps and windows, and light from all sides that has been round the walls.
pub(super) fn room(lamps: Vec<super::lighting::Lamp>, colour: V, ambient: f32) -> Lighting {
    Lighting {
        sun: None,
        lamps,
        illuminator: None,
        direct: colour,
        ambient: colour * ambient,
        sky: (v(1.0, 1.0, 1.0), v(1.0, 1.0, 1.0)),
        reach: 1.6,
    }
}

/// A lamp's or a bright window's face.
pub(super) fn glow(hex: u32, strength: f32) -> Paint {
    let paint = Paint::from((hex, Texture::Glow));
    Paint { colour: paint.colour * strength, ..paint }
}
