//! Motors: the PTZ service.

use std::sync::Arc;
use std::time::Duration;

use model::{Fault, Pose, Preset, Reach, Velocity};

use super::element::{Element, is_true};
use super::line::Line;
use super::media::{Profile, fitting};
use super::soap::{Request, Service, escape};
use super::spaces::Spaces;
use crate::device::{Auxiliary, Presets, Reply, Steer};
use crate::makers::unless_essential;
use crate::text::tamed;

/// A movement ends after this unless it is renewed (`Timeout` of `ContinuousMove`), or after the shortest time that the
/// device takes.
const TIMEOUT: Duration = Duration::from_secs(1);
/// What a preset's number may be at most.
const MOST_PRESETS: u16 = 255;
/// Auxiliary commands that are kept.
const MOST_COMMANDS: usize = 64;

/// The motors behind one profile.
pub(super) struct Motors {
    line: Arc<Line>,
    /// The profile's token, escaped.
    profile: String,
    spaces: Spaces,
    timeout: Duration,
    presets: u16,
    home: bool,
}

/// What a PTZ service says of itself, asked once for all channels.
pub(super) struct Described {
    nodes: Element,
    configurations: Element,
}

impl Described {
    /// Asks for nodes and configurations; a device that does not tell is taken to have none.
    pub(super) async fn ask(line: &Line) -> Result<Self, Fault> {
        let nodes = line.ask(&Request::new(Service::Ptz, "GetNodes")).await;
        let configurations = line.ask(&Request::new(Service::Ptz, "GetConfigurations")).await;
        Ok(Self {
            nodes: unless_essential(nodes)?.unwrap_or_default(),
            configurations: unless_essential(configurations)?.unwrap_or_default(),
        })
    }

    /// The node that a profile's configuration names; the only one where it names none.
    pub(super) fn node(&self, configuration: &Element) -> Option<&Element> {
        let wanted = configuration.text_at(&["NodeToken"]);
        let mut nodes = self.nodes.all("PTZNode");
        if wanted.is_empty() {
            let only = nodes.next();
            return only.filter(|_| nodes.next().is_none());
        }
        nodes.find(|node| node.attribute("token") == Some(wanted))
    }

    /// The profile's configuration in full, where the service has more to say of it than the profile.
    pub(super) fn configuration<'a>(&'a self, brief: &'a Element) -> &'a Element {
        let token = brief.attribute("token");
        let own = self
            .configurations
            .all("PTZConfiguration")
            .find(|found| token.is_some() && found.attribute("token") == token);
        own.unwrap_or(brief)
    }
}

impl Motors {
    /// The motors of a profile, if there are any; `known`: what somebody else knows of their ranges.
    pub(super) async fn of(
        line: &Arc<Line>,
        profile: &Profile,
        described: &Described,
        known: &Reach,
    ) -> Result<Option<Self>, Fault> {
        let Some(brief) = profile.ptz.as_ref() else { return Ok(None) };
        let configuration = described.configuration(brief);
        let node = described.node(configuration);
        let options = match brief.attribute("token").and_then(fitting) {
            Some(token) => {
                let inside = format!("<P:ConfigurationToken>{}</P:ConfigurationToken>", escape(&token));
                unless_essential(
                    line.ask(&Request::new(Service::Ptz, "GetConfigurationOptions").with(&inside)).await,
                )?
            }
            None => None,
        };
        let options = options.as_ref().and_then(|answer| answer.child("PTZConfigurationOptions"));
        let spaces =
            options.and_then(|options| options.child("Spaces")).filter(|spaces| !spaces.inside().is_empty());
        let spaces = spaces.or_else(|| node.and_then(|node| node.child("SupportedPTZSpaces")));
        let spaces = Spaces::read(spaces, configuration, known);
        if !spaces.moves() {
            return Ok(None);
        }
        let at_most = node
            .and_then(|node| node.number_at(&["MaximumNumberOfPresets"]))
            .unwrap_or(f64::from(MOST_PRESETS));
        Ok(Some(Self {
            line: Arc::clone(line),
            profile: escape(&profile.token),
            spaces,
            timeout: options.map_or(TIMEOUT, shortest),
            presets: at_most.clamp(0.0, f64::from(MOST_PRESETS)) as u16,
            home: node.is_none_or(|node| is_true(node.text_at(&["HomeSupported"]))),
        }))
    }

    /// Whether this is a mount that is turned when the camera is set up: it moves, but neither at a speed nor to presets.
    pub(super) fn set_up_only(&self) -> bool {
        !self.spaces.goes() && self.presets == 0
    }

    fn request(&self, operation: &'static str, more: &str) -> Request {
        let inside = format!("<P:ProfileToken>{}</P:ProfileToken>{more}", self.profile);
        Request::new(Service::Ptz, operation).with(&inside)
    }

    async fn tell(&self, operation: &'static str, more: &str) -> Result<(), Fault> {
        self.line.ask(&self.request(operation, more)).await.map(drop)
    }
}

/// Our timeout, unless the device takes only longer ones.
fn shortest(options: &Element) -> Duration {
    let least = seconds(options.text_at(&["PTZTimeout", "Min"]));
    least.map_or(TIMEOUT, |least| Duration::from_secs_f64(least.clamp(TIMEOUT.as_secs_f64(), 60.0)))
}

/// A time as `xs:duration` has it, without years and months.
fn seconds(text: &str) -> Option<f64> {
    let span: jiff::SignedDuration = text.trim().parse().ok()?;
    Some(span.as_secs_f64())
}

impl Steer for Motors {
    fn reach(&self) -> Reach {
        self.spaces.reach()
    }

    fn expires(&self) -> Option<Duration> {
        Some(self.timeout)
    }

    fn go(&self, velocity: Velocity) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.spaces.goes() {
                return Err(Fault::NotOffered);
            }
            let velocity = self.spaces.velocity(velocity);
            let timeout = self.timeout.as_secs_f64().ceil();
            self.tell(
                "ContinuousMove",
                &format!("<P:Velocity>{velocity}</P:Velocity><P:Timeout>PT{timeout}S</P:Timeout>"),
            )
            .await
        })
    }

    fn stop(&self) -> Reply<'_, ()> {
        let stop = self.request("Stop", "<P:PanTilt>true</P:PanTilt><P:Zoom>true</P:Zoom>");
        Box::pin(async move { self.line.ask_alone(&stop).await.map(drop) })
    }

    fn pose(&self) -> Reply<'_, (Pose, Option<bool>)> {
        Box::pin(async move {
            let answer = self.line.ask(&self.request("GetStatus", "")).await?;
            self.spaces.status(&answer).ok_or(Fault::NotOffered)
        })
    }

    fn turn_to(&self, pose: Pose) -> Reply<'_, ()> {
        Box::pin(async move {
            let position = self.spaces.position(pose).ok_or(Fault::NotOffered)?;
            self.tell("AbsoluteMove", &format!("<P:Position>{position}</P:Position>")).await
        })
    }

    fn presets(&self) -> Option<&dyn Presets> {
        (self.presets > 0).then_some(self)
    }

    fn home(&self) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.home {
                return Err(Fault::NotOffered);
            }
            self.tell("GotoHomePosition", "").await
        })
    }
}

impl Presets for Motors {
    fn most(&self) -> u16 {
        self.presets
    }

    fn list(&self) -> Reply<'_, Vec<Preset>> {
        Box::pin(async move {
            let answer = self.line.ask(&self.request("GetPresets", "")).await?;
            Ok(read_presets(&answer, self.presets))
        })
    }

    fn recall<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.tell("GotoPreset", &preset_token(token)).await })
    }

    fn keep<'a>(&'a self, token: Option<&'a str>, name: &'a str) -> Reply<'a, Preset> {
        Box::pin(async move {
            let named = format!("<P:PresetName>{}</P:PresetName>", escape(name));
            let more = named + &token.map(preset_token).unwrap_or_default();
            let answer = self.line.ask(&self.request("SetPreset", &more)).await?;
            let kept = fitting(answer.text_at(&["PresetToken"])).or_else(|| token.map(str::to_owned));
            let token = kept.ok_or_else(|| Fault::Protocol("a preset without a token".to_owned()))?;
            Ok(Preset { token, name: name.to_owned() })
        })
    }

    fn forget<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.tell("RemovePreset", &preset_token(token)).await })
    }
}

fn preset_token(token: &str) -> String {
    format!("<P:PresetToken>{}</P:PresetToken>", escape(token))
}

/// The presets of an answer; what has no token that can be repeated is left out.
pub(super) fn read_presets(answer: &Element, most: u16) -> Vec<Preset> {
    let read = |preset: &Element| {
        let token = fitting(preset.attribute("token")?)?;
        Some(Preset { token, name: tamed(preset.text_at(&["Name"])) })
    };
    answer.all("Preset").filter_map(read).take(usize::from(most)).collect()
}

/// Wiper, lamp and whatever else a node lists.
pub(super) struct Switches {
    line: Arc<Line>,
    profile: String,
    names: Vec<String>,
    commands: Vec<String>,
}

impl Switches {
    /// Those of a node, if it lists any.
    pub(super) fn of(line: &Arc<Line>, profile: &Profile, node: &Element) -> Option<Self> {
        let listed = node.all("AuxiliaryCommands").map(|command| command.text());
        let commands: Vec<String> = listed.filter_map(fitting).take(MOST_COMMANDS).collect();
        let names = names(&commands);
        let profile = escape(&profile.token);
        (!names.is_empty()).then(|| Self { line: Arc::clone(line), profile, names, commands })
    }

    /// The listed command that switches `name`, as the device spells it.
    fn command(&self, name: &str, on: bool) -> Result<String, Fault> {
        if !self.names.iter().any(|listed| listed == name) {
            return Err(Fault::NotFound);
        }
        let wanted = format!("{name}|{}", if on { "On" } else { "Off" });
        let listed = self.commands.iter().find(|command| command.eq_ignore_ascii_case(&wanted));
        match listed {
            Some(command) => Ok(command.clone()),
            // It is listed without its states: the specification has them (PTZ §5.8).
            None if self.commands.iter().any(|command| command == name) => Ok(wanted),
            None => Err(Fault::NotOffered),
        }
    }
}

/// What can be switched: the commands without their states (`tt:Wiper|On`, `tt:Wiper|Off`).
fn names(commands: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for command in commands {
        let name = command
            .rsplit_once('|')
            .filter(|(_, state)| ["on", "off", "auto"].contains(&state.to_lowercase().as_str()));
        let name = name.map_or(command.as_str(), |(name, _)| name);
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

impl Auxiliary for Switches {
    fn list(&self) -> &[String] {
        &self.names
    }

    fn switch<'a>(&'a self, name: &'a str, on: bool) -> Reply<'a, ()> {
        Box::pin(async move {
            let command = escape(&self.command(name, on)?);
            let inside = format!(
                "<P:ProfileToken>{}</P:ProfileToken><P:AuxiliaryData>{command}</P:AuxiliaryData>",
                self.profile
            );
            self.line.ask(&Request::new(Service::Ptz, "SendAuxiliaryCommand").with(&inside)).await.map(drop)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::element::read;
    use super::*;

    #[test]
    fn a_movement_lasts_a_second_or_as_short_as_the_device_takes() {
        let options = |least: &str| {
            let text = format!("<O><PTZTimeout><Min>{least}</Min><Max>PT60S</Max></PTZTimeout></O>");
            shortest(&read(text.as_bytes()).unwrap())
        };
        assert_eq!(options("PT0S"), TIMEOUT);
        assert_eq!(options("PT0.1S"), TIMEOUT);
        assert_eq!(options("PT5S"), Duration::from_secs(5));
        assert_eq!(options("PT1H"), Duration::from_secs(60));
        assert_eq!(options("soon"), TIMEOUT);
    }

    #[test]
    fn commands_with_states_are_one_switch() {
        let listed = ["tt:Wiper|On", "tt:Wiper|Off", "tt:IRLamp|Auto", "Washer", ""].map(str::to_owned);
        assert_eq!(names(&listed[..4]), ["tt:Wiper", "tt:IRLamp", "Washer"]);
        assert_eq!(names(&[]), Vec::<String>::new());
    }

    #[test]
    fn presets_without_tokens_and_beyond_the_most_are_left_out() {
        let many: String = (0..300)
            .map(|n| format!("<p:Preset token='{n}'><n:Name>a\u{202e}{n}</n:Name></p:Preset>"))
            .collect();
        let long = format!("<Preset token='{}'/>", "x".repeat(140_000));
        let answer = read(format!("<R><Preset/><Preset token=''/>{long}{many}</R>").as_bytes()).unwrap();
        let presets = read_presets(&answer, 255);
        assert_eq!(presets.len(), 255);
        assert_eq!(presets[7], Preset { token: "7".to_owned(), name: "a7".to_owned() });
    }
}
