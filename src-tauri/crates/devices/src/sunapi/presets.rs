//! Places that the device keeps, by number.

use model::{Fault, Preset};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::ask;
use crate::device::{Presets, Reply};
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::{free, numbered};

/// How many there are where the device does not tell, and the most that are shown.
const MOST: u16 = 255;

pub(super) struct Stored {
    client: Client,
    index: u32,
    most: u16,
}

impl Stored {
    pub(super) fn new(client: &Client, index: u32, most: u32) -> Self {
        let most = u16::try_from(most).unwrap_or(MOST).min(MOST);
        Self { client: client.clone(), index, most: if most == 0 { MOST } else { most } }
    }

    async fn all(&self) -> Result<Vec<Preset>, Fault> {
        let at = |cgi: &str| format!("/stw-cgi/{cgi}.cgi?msubmenu=preset&action=view&Channel={}", self.index);
        let told = match ask(&self.client, &at("ptzcontrol")).await {
            // Some firmwares list them where they are configured only.
            Err(Fault::NotOffered) => ask(&self.client, &at("ptzconfig")).await?,
            other => other?,
        };
        Ok(read(&told, self.index, self.most))
    }

    fn target(&self, cgi: &str, action: &str, number: u16) -> String {
        format!("/stw-cgi/{cgi}.cgi?msubmenu=preset&action={action}&Channel={}&Preset={number}", self.index)
    }

    /// Under a name; devices that take plain short names only get one of that kind.
    async fn named(&self, target: &str, number: u16, name: &str) -> Result<Preset, Fault> {
        let kept = |name: &str| Preset { token: number.to_string(), name: name.to_owned() };
        let plain = format!("Preset{number}");
        let wanted = if name.is_empty() { &plain } else { name };
        let asked = format!("{target}&Name={}", utf8_percent_encode(wanted, NON_ALPHANUMERIC));
        match ask(&self.client, &asked).await {
            Ok(_) => Ok(kept(wanted)),
            Err(Fault::DeviceSays(_)) if wanted != plain => {
                ask(&self.client, &format!("{target}&Name={plain}")).await.map(|_| kept(&plain))
            }
            Err(other) => Err(other),
        }
    }
}

pub(super) fn read(told: &Fields, index: u32, most: u16) -> Vec<Preset> {
    let before = format!("Channel.{index}.Preset.");
    let numbers =
        told.numbers(&before, ".").into_iter().filter(|number| (1..=u32::from(most)).contains(number));
    let name = |number: u32| told.get(&format!("{before}{number}.Name")).unwrap_or_default().to_owned();
    numbers.map(|number| Preset { token: number.to_string(), name: name(number) }).collect()
}

impl Presets for Stored {
    fn most(&self) -> u16 {
        self.most
    }

    fn list(&self) -> Reply<'_, Vec<Preset>> {
        Box::pin(self.all())
    }

    fn recall<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let number = numbered(token, self.most)?;
            ask(&self.client, &self.target("ptzcontrol", "control", number)).await.map(drop)
        })
    }

    fn keep<'a>(&'a self, token: Option<&'a str>, name: &'a str) -> Reply<'a, Preset> {
        Box::pin(async move {
            let all = self.all().await?;
            let taken = all.iter().filter_map(|preset| preset.token.parse().ok());
            let number = match token {
                Some(token) => numbered(token, self.most)?,
                None => free(taken.clone(), self.most)?,
            };
            // `add` refuses a number that is in use, `update` one that is not.
            let action = if taken.clone().any(|other: u16| other == number) { "update" } else { "add" };
            self.named(&self.target("ptzconfig", action, number), number, name).await
        })
    }

    fn forget<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let number = numbered(token, self.most)?;
            ask(&self.client, &self.target("ptzconfig", "remove", number)).await.map(drop)
        })
    }
}
