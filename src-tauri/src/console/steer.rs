//! Steering cameras, for the page: what a hand does, what is asked once, how it stands.

use std::sync::Arc;

use engine::devices::NoWay;
use engine::people::Barred;
use engine::steer::aim::Area;
use engine::steer::{self as hands, Done, Holder, Moving, Refused, Status, Target, Tour, TourStop};
use model::{Action, Fault, Id, Mapping, Point, Pose, Sight, Span, Velocity};

use super::{Console, notices};
use crate::joystick::Press;
use crate::wire::Notice;
use crate::wire::steer::{
    Errand, Push, SteerAbilities, SteerHolder, SteerMoving, SteerPose, SteerPreset, SteerSpan, Steering,
    TilePoint, Turned,
};
use crate::words::Words;

/// Which preset's picture an errand brings or takes away.
enum Preset {
    None,
    At(String),
    /// Besides those; `None`: nobody knows which.
    New(Option<Vec<model::Preset>>),
    Gone(String),
}

impl Console {
    /// The controls of these cameras are open, and of no others; how they stand is told.
    ///
    /// # Errors
    /// In words: nobody here steers cameras; here and below.
    pub fn steer_look_at(&self, cameras: &[Id]) -> Result<(), Notice> {
        if !cameras.is_empty() && !self.people.may(Action::ManageInventory) {
            self.allow(Action::Move, None)?;
        }
        self.equipment.steering.look_at(cameras);
        self.equipment.stir();
        Ok(())
    }

    /// A hand moves a camera; to be said again at least twice a second while it does.
    ///
    /// # Errors
    /// The person may not, somebody else steers it, the device refuses.
    pub fn steer_push(&self, camera: &Id, push: Push) -> Result<(), Notice> {
        let push = match push {
            Push::Turn { pan, tilt, zoom } => hands::Push::Turn(Velocity { pan, tilt, zoom }),
            Push::Focus { speed } => hands::Push::Focus(speed),
            Push::Iris { speed } => hands::Push::Iris(speed),
        };
        self.push(camera, push).map_err(|refused| self.not_steered(&refused))
    }

    fn push(&self, camera: &Id, push: hands::Push) -> Result<(), Refused> {
        self.preset_stills.turned(camera);
        self.equipment.steering.push(camera, push)
    }

    /// No hand is on this camera any more, or on any.
    pub fn steer_let_go(&self, camera: Option<&Id>) {
        match camera {
            Some(camera) => self.equipment.steering.let_go(camera),
            None => self.equipment.steering.let_go_all(),
        }
    }

    /// Does something that is asked once; waits for the device.
    ///
    /// # Errors
    /// As above.
    pub async fn steer(self: &Arc<Self>, camera: Id, errand: Errand) -> Result<(), Notice> {
        let errand = match errand {
            Errand::Turn { pan, tilt, zoom } => hands::Errand::Turn(Target::Pose(Pose { pan, tilt, zoom })),
            Errand::Home => hands::Errand::Home,
            Errand::Recall { token } => hands::Errand::Recall(token),
            Errand::Keep { token, name } => hands::Errand::Keep { token, name },
            Errand::Forget { token } => hands::Errand::Forget(token),
            Errand::Presets => hands::Errand::ListPresets,
            Errand::AutoFocus => hands::Errand::AutoFocus,
            Errand::Switch { name, on } => hands::Errand::Switch { name, on },
            Errand::Stop => hands::Errand::Stop,
            Errand::TakeOver => hands::Errand::TakeOver,
            Errand::GiveUp => hands::Errand::GiveUp,
            Errand::Unlock { on } => hands::Errand::Unlock(on),
            Errand::Tour { stops } => {
                let stop = |stop: crate::wire::steer::SteerStop| TourStop {
                    preset: stop.token,
                    seconds: stop.seconds,
                };
                let tour = Tour::try_from(stops.into_iter().map(stop).collect::<Vec<_>>());
                let tour = tour.map_err(|not| {
                    notices::error_notice("steer_not_a_tour", &[("reason", &not.to_string())], &self.words())
                })?;
                self.preset_stills.turned(&camera);
                let steering = self.equipment.steering.clone();
                let started = self.at_devices(async move { steering.start_tour(&camera, tour).await });
                return started.await.map_err(|refused| self.not_steered(&refused));
            }
            Errand::EndTour => {
                self.allow(Action::Move, Some(&camera))?;
                self.equipment.steering.end_tour(&camera);
                return Ok(());
            }
        };
        let preset = match &errand {
            hands::Errand::Recall(token) => Preset::At(token.clone()),
            hands::Errand::Keep { token: Some(token), .. } => Preset::At(token.clone()),
            hands::Errand::Keep { token: None, .. } => Preset::New(self.listed_presets(&camera).await),
            hands::Errand::Forget(token) => Preset::Gone(token.clone()),
            _ => Preset::None,
        };
        let turn = self.preset_stills.turned(&camera);
        let done = self.run(camera.clone(), errand).await.map_err(|refused| self.not_steered(&refused))?;
        match (preset, done) {
            (Preset::At(token), _) => self.see_preset(camera, token, turn),
            (Preset::New(Some(before)), Done::Presets(after)) => {
                if let Some(new) =
                    after.into_iter().find(|new| !before.iter().any(|old| old.token == new.token))
                {
                    self.see_preset(camera, new.token, turn);
                }
            }
            (Preset::Gone(token), _) => self.preset_stills.forget(&camera, &token),
            _ => {}
        }
        Ok(())
    }

    /// `None`: it does not tell.
    async fn listed_presets(&self, camera: &Id) -> Option<Vec<model::Preset>> {
        let (steering, camera) = (self.equipment.steering.clone(), camera.clone());
        self.at_devices(async move { presets(&steering, &camera).await }).await.ok()
    }

    async fn run(&self, camera: Id, errand: hands::Errand) -> Result<Done, Refused> {
        let steering = self.equipment.steering.clone();
        self.at_devices(async move { steering.run(&camera, errand).await }).await
    }

    /// Something that waits for devices, on their thread: whoever asks may be a thread that must not.
    async fn at_devices<T: Send + 'static>(
        &self,
        asked: impl Future<Output = Result<T, Refused>> + Send + 'static,
    ) -> Result<T, Refused> {
        self.equipment.devices.runtime().spawn(asked).await.unwrap_or(Err(Refused::Unanswered))
    }

    /// A stick moves the camera on the selected tile; what it moved before, if that was another, is let go.
    pub(crate) fn stick_push(&self, velocity: Velocity) {
        let camera = self.selected_camera();
        let before = std::mem::replace(&mut *self.equipment.stick_on.lock(), camera.clone());
        if let Some(before) = before.filter(|before| Some(before) != camera.as_ref()) {
            self.equipment.steering.let_go(&before);
        }
        if let Some(camera) = camera
            && self.people.may(Action::Move)
            && let Err(refused) = self.push(&camera, hands::Push::Turn(velocity))
        {
            log::debug!("a stick does not move {camera}: {refused}");
        }
    }

    /// The stick is at rest, or gone.
    pub(crate) fn stick_let_go(&self) {
        if let Some(camera) = self.equipment.stick_on.lock().take() {
            self.equipment.steering.let_go(&camera);
        }
    }

    /// A button of a stick was pressed. What comes of it is seen on the picture; a refusal is told.
    pub(crate) fn stick_pressed(&self, press: Press) {
        let Some(camera) = self.selected_camera().filter(|_| self.people.may(Action::Move)) else { return };
        self.preset_stills.turned(&camera);
        let steering = self.equipment.steering.clone();
        self.equipment.devices.runtime().spawn(async move {
            let done = match press {
                Press::Stop => steering.run(&camera, hands::Errand::Stop).await,
                Press::Home => steering.run(&camera, hands::Errand::Home).await,
                Press::Preset(place) => recall_nth(&steering, &camera, place).await,
            };
            if let Err(refused) = done {
                log::warn!("a stick's button does nothing at {camera}: {refused}");
            }
        });
    }

    /// The camera on the selected tile: of the main wall, else of the first that has one.
    fn selected_camera(&self) -> Option<Id> {
        let state = self.state.lock();
        let selected = |wall: &layouts::Wall| {
            let at = wall.enlarged().or(wall.selected())?;
            wall.slots().get(at)?.camera.clone()
        };
        state.arrangement.desk().walls().iter().find_map(selected)
    }

    /// Turns the camera in slot `at` of a wall so that a point of its tile comes to the middle, or, with `to`, so that the box
    /// between both fills the picture.
    ///
    /// # Errors
    /// As above.
    pub async fn steer_to(
        &self,
        wall: u32,
        at: usize,
        from: TilePoint,
        to: Option<TilePoint>,
    ) -> Result<Turned, Notice> {
        self.allow(Action::Move, None)?;
        let nothing = || notices::error_notice("steer_nothing_there", &[], &self.words());
        let (camera, mapping) = self.mapping_of(wall, at).ok_or_else(nothing)?;
        let target = match to {
            None => Target::Point(mapping.to_picture(from.into())),
            Some(to) => Target::Area(area(&mapping, from.into(), to.into())),
        };
        self.preset_stills.turned(&camera);
        match self.run(camera, hands::Errand::Turn(target)).await {
            Ok(Done::Turning(reached)) => Ok(Turned { pose: pose(reached.pose), at_limit: reached.at_limit }),
            Ok(_) => Err(nothing()),
            Err(refused) => Err(self.not_steered(&refused)),
        }
    }

    /// The camera in a slot, and how a tile's points become its picture's.
    fn mapping_of(&self, wall: u32, at: usize) -> Option<(Id, Mapping)> {
        let wall = self.state.lock().arrangement.desk().wall(wall).cloned()?;
        let slot = wall.slots().get(at)?;
        let camera = slot.camera.clone()?;
        let tiles = wall.tiles(self.size_of(&wall)?);
        let (tile, _) = tiles.iter().find(|(_, slot)| *slot == at)?;
        let sight = Sight::of(slot.view, self.feeds.lens(&camera));
        let picture = self.picture_size(wall.id(), &camera);
        Some((camera, Mapping::new(tile.size(), picture, slot.fit, slot.turn, sight)?))
    }

    /// Tells the page how the cameras stand whose controls are open, where that has changed.
    pub(super) fn tell_steering(&self) {
        let words = self.words();
        let steering = &self.equipment.steering;
        let told: Vec<Steering> = steering
            .cameras()
            .into_iter()
            .filter(|camera| self.may_know(camera))
            .map(|camera| {
                let refusal = steering.refusal(&camera);
                let seen = |token: &str| self.preset_stills.taken(&camera, token);
                self::told(camera.clone(), steering.status(&camera), refusal.as_ref(), &seen, &words)
            })
            .collect();
        let before = std::mem::replace(&mut self.state.lock().steering, told.clone());
        if before != told {
            self.tell("steering", told);
        }
    }

    /// Whether the person may be told of a camera at all.
    fn may_know(&self, camera: &Id) -> bool {
        let inventory = self.inventory();
        let seen = inventory.camera(camera).is_some_and(|(site, _, camera)| self.people.sees(site, camera));
        seen || self.people.may(Action::ManageInventory)
    }

    fn not_steered(&self, refused: &Refused) -> Notice {
        let words = self.words();
        let said = |key: &str| notices::error_notice(key, &[], &words);
        match refused {
            Refused::Denied(denied) | Refused::NoWay(NoWay::Denied(denied)) => self.denied(*denied),
            Refused::NoWay(NoWay::NoCamera) => said("camera_unknown"),
            Refused::NoWay(NoWay::NoAddress) => said("steer_no_address"),
            Refused::NoWay(NoWay::Barred(Barred::Nobody)) => said("denied_nobody"),
            Refused::NoWay(NoWay::Barred(_)) => said("steer_no_login"),
            Refused::Held { by, ours_to_take } => {
                let key = if *ours_to_take { "steer_held_ours" } else { "steer_held" };
                notices::error_notice(key, &[("by", by)], &words)
            }
            Refused::Unanswered => said("steer_unanswered"),
            Refused::Locked => said("steer_locked"),
            Refused::Device(fault) => {
                let reason = words.fault(fault).0;
                notices::error_notice("steer_refused", &[("reason", &reason)], &words)
            }
        }
    }
}

/// A camera's presets, as they were told or are asked for now.
async fn presets(steering: &hands::Steering, camera: &Id) -> Result<Vec<model::Preset>, Refused> {
    if let Some(list) = steering.status(camera).presets {
        return Ok(list);
    }
    match steering.run(camera, hands::Errand::ListPresets).await? {
        Done::Presets(list) => Ok(list),
        _ => Ok(Vec::new()),
    }
}

/// Goes to the preset at a place of the camera's list.
async fn recall_nth(steering: &hands::Steering, camera: &Id, place: usize) -> Result<Done, Refused> {
    let preset = presets(steering, camera).await?.into_iter().nth(place).ok_or(Fault::NotFound)?;
    steering.run(camera, hands::Errand::Recall(preset.token)).await
}

/// The box around what lies between two points of a tile, on the picture.
fn area(mapping: &Mapping, from: Point, to: Point) -> Area {
    let corners = [from, Point::new(to.x, from.y), to, Point::new(from.x, to.y)];
    let corners = corners.map(|corner| mapping.to_picture(corner));
    let least = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    Area {
        from: Point::new(least(|point| point.x), least(|point| point.y)),
        to: Point::new(most(|point| point.x), most(|point| point.y)),
    }
}

fn pose(pose: Pose) -> SteerPose {
    SteerPose { pan: pose.pan, tilt: pose.tilt, zoom: pose.zoom }
}

fn span(span: Span) -> SteerSpan {
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    SteerSpan { least: finite(span.least), most: finite(span.most) }
}

fn told(
    camera: Id,
    status: Status,
    refusal: Option<&Refused>,
    seen: &dyn Fn(&str) -> Option<i64>,
    words: &Words,
) -> Steering {
    let trouble = match (&status.fault, refusal) {
        (Some(fault), _) => words.fault(fault).0,
        (None, Some(Refused::NoWay(NoWay::NoAddress))) => words.get("steer_no_address").to_owned(),
        (None, Some(Refused::NoWay(_))) => words.get("steer_no_login").to_owned(),
        (None, Some(_)) if status.abilities.is_none() => words.get("steer_not_offered").to_owned(),
        _ if status.is_unwritten => words.get("steer_unwritten").to_owned(),
        _ => String::new(),
    };
    let abilities = status.abilities.map(|can| {
        let reach = can.reach.unwrap_or_default();
        SteerAbilities {
            pan: reach.pan.map(span),
            tilt: reach.tilt.map(span),
            zoom: reach.zoom.map(span),
            presets: can.presets,
            focus: can.focus,
            iris: can.iris,
            auxiliaries: can.auxiliaries,
            set_up_only: can.set_up_only,
        }
    });
    let (holder, by, ours_to_take) = match status.holder {
        Holder::Nobody => (SteerHolder::Nobody, String::new(), false),
        Holder::Us => (SteerHolder::Us, String::new(), false),
        Holder::UsFor { name } => (SteerHolder::Leaving, name, false),
        Holder::Other { name, ours_to_take } => (SteerHolder::Other, name, ours_to_take),
        Holder::Asked => (SteerHolder::Asked, String::new(), false),
    };
    let preset = |preset: model::Preset| SteerPreset {
        seen_ms: seen(&preset.token).map(|ms| ms as f64),
        token: preset.token,
        name: preset.name,
    };
    Steering {
        camera,
        abilities,
        trouble,
        pose: status.pose.map(pose),
        at_limit: status.at_limit,
        moving: match status.moving {
            Moving::Still => SteerMoving::Still,
            Moving::Ours => SteerMoving::Ours,
            Moving::Others => SteerMoving::Others,
            Moving::Stopping => SteerMoving::Stopping,
            Moving::Unsure => SteerMoving::Unsure,
        },
        holder,
        by,
        ours_to_take,
        lost_to: status.lost_to.unwrap_or_default(),
        presets: status.presets.map(|list| list.into_iter().map(preset).collect()),
        touring: status.touring,
        unlocked: status.is_unlocked,
    }
}
