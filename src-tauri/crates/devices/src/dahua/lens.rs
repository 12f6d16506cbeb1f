//! Focus and iris.

use model::Fault;
use parking_lot::Mutex;

use super::answer::ask;
use super::motors::Count;
use crate::device::{LensMotors, Reply};
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::steps;

pub(super) struct Lens {
    client: Client,
    channel: u32,
    /// From 1: the number that still pictures have, too.
    number: u32,
    iris: bool,
    begun: Mutex<[Option<&'static str>; 2]>,
}

impl Lens {
    pub(super) fn of(client: &Client, count: &Count, index: u32, caps: &Fields) -> Option<Self> {
        let iris = caps.is("caps.Iris");
        caps.is("caps.Focus").then(|| Self {
            client: client.clone(),
            channel: count.channel(index),
            number: index + 1,
            iris,
            begun: Mutex::new([None; 2]),
        })
    }

    async fn drive(&self, motor: usize, speed: f32, [more, less]: [&'static str; 2]) -> Result<(), Fault> {
        let at = |action: &str, code: &str, speed: i32| {
            let channel = self.channel;
            format!(
                "/cgi-bin/ptz.cgi?action={action}&channel={channel}&code={code}&arg1=0&arg2={speed}&arg3=0"
            )
        };
        let speed = steps(speed, 8);
        let code = match speed {
            0 => None,
            1.. => Some(more),
            _ => Some(less),
        };
        let before = std::mem::replace(&mut self.begun.lock()[motor], code);
        // A stop that nothing is known to be for is sent all the same: another client may have begun it.
        if let Some(before) = before.or(code.is_none().then_some(more)).filter(|before| Some(*before) != code)
        {
            ask(&self.client, &at("stop", before, 0)).await?;
        }
        match code {
            Some(code) => ask(&self.client, &at("start", code, speed.abs())).await.map(drop),
            None => Ok(()),
        }
    }
}

impl LensMotors for Lens {
    fn has_iris(&self) -> bool {
        self.iris
    }

    fn focus(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(self.drive(0, speed, ["FocusFar", "FocusNear"]))
    }

    fn auto_focus(&self) -> Reply<'_, ()> {
        Box::pin(async {
            let target = format!("/cgi-bin/devVideoInput.cgi?action=autoFocus&channel={}", self.number);
            ask(&self.client, &target).await.map(drop)
        })
    }

    fn iris(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.iris {
                return Err(Fault::NotOffered);
            }
            self.drive(1, speed, ["IrisLarge", "IrisSmall"]).await
        })
    }
}
