//! Focus, iris and auxiliaries.

use model::Fault;

use super::answer::ask;
use super::attributes::Attributes;
use crate::device::{Auxiliary, LensMotors, Reply};
use crate::http::Client;

/// Auxiliaries that are listed.
const MOST: usize = 64;

/// Focus and iris of a channel. They have a direction and no speed.
pub(super) struct Lens {
    client: Client,
    index: u32,
    iris: bool,
    /// The mode of the focus that is done once by the device.
    automatic: Option<&'static str>,
}

impl Lens {
    pub(super) fn of(client: &Client, attributes: &Attributes, index: u32) -> Option<Self> {
        if !attributes.is("PTZSupport/Support/Continuous.Focus", index) {
            return None;
        }
        let modes = [("Image/Support/AutoFocus", "AutoFocus"), ("Image/Support/SimpleFocus", "SimpleFocus")];
        Some(Self {
            client: client.clone(),
            index,
            iris: attributes.is("PTZSupport/Support/Continuous.Iris", index),
            automatic: modes.iter().find(|(offered, _)| attributes.is(offered, index)).map(|(_, mode)| *mode),
        })
    }

    async fn drive(&self, motor: &str, speed: f32, [more, less]: [&str; 2]) -> Result<(), Fault> {
        let how = if speed > 0.0 {
            more
        } else if speed < 0.0 {
            less
        } else {
            "Stop"
        };
        let target = "/stw-cgi/ptzcontrol.cgi?msubmenu=continuous&action=control";
        ask(&self.client, &format!("{target}&Channel={}&{motor}={how}", self.index)).await.map(drop)
    }
}

impl LensMotors for Lens {
    fn has_iris(&self) -> bool {
        self.iris
    }

    fn focus(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(self.drive("Focus", speed, ["Far", "Near"]))
    }

    fn auto_focus(&self) -> Reply<'_, ()> {
        Box::pin(async {
            let mode = self.automatic.ok_or(Fault::NotOffered)?;
            let target = "/stw-cgi/image.cgi?msubmenu=focus&action=control";
            ask(&self.client, &format!("{target}&Channel={}&Mode={mode}", self.index)).await.map(drop)
        })
    }

    fn iris(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.iris {
                return Err(Fault::NotOffered);
            }
            self.drive("Iris", speed, ["Open", "Close"]).await
        })
    }
}

/// What `AuxCommands` lists: `WiperOn`, `HeaterOn`, `HeaterOff`, …
pub(super) struct Switches {
    client: Client,
    index: u32,
    commands: Vec<String>,
    names: Vec<String>,
}

impl Switches {
    pub(super) fn of(client: &Client, attributes: &Attributes, index: u32) -> Option<Self> {
        let told = attributes.get("PTZSupport/Support/AuxCommands", index)?;
        let sound =
            |command: &&str| !command.is_empty() && command.chars().all(|c| c.is_ascii_alphanumeric());
        let commands: Vec<_> =
            told.split(',').map(str::trim).filter(sound).take(MOST).map(str::to_owned).collect();
        let mut names: Vec<_> =
            commands.iter().filter_map(|c| c.strip_suffix("On")).map(str::to_owned).collect();
        names.dedup();
        (!names.is_empty()).then(|| Self { client: client.clone(), index, commands, names })
    }
}

impl Auxiliary for Switches {
    fn list(&self) -> &[String] {
        &self.names
    }

    fn switch<'a>(&'a self, name: &'a str, on: bool) -> Reply<'a, ()> {
        Box::pin(async move {
            if !self.names.iter().any(|known| known == name) {
                return Err(Fault::NotFound);
            }
            let command = format!("{name}{}", if on { "On" } else { "Off" });
            // A wiper that wipes once and stops by itself has no `Off`.
            if !self.commands.contains(&command) {
                return Err(Fault::NotOffered);
            }
            let target = "/stw-cgi/ptzcontrol.cgi?msubmenu=aux&action=control";
            ask(&self.client, &format!("{target}&Channel={}&Command={command}", self.index)).await.map(drop)
        })
    }
}
