//! Places that the device keeps, by number.

use model::{Fault, Preset};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::ask;
use crate::device::{Presets, Reply};
use crate::fields::Fields;
use crate::http::Client;
use crate::makers::{free, numbered, unless_essential};

pub(super) struct Stored {
    client: Client,
    channel: u32,
    most: u16,
}

impl Stored {
    pub(super) fn new(client: &Client, channel: u32, most: u16) -> Self {
        Self { client: client.clone(), channel, most }
    }

    async fn all(&self) -> Result<Vec<Preset>, Fault> {
        let told = ask(&self.client, &format!("/cgi-bin/ptz.cgi?action=getPresets&channel={}", self.channel))
            .await?;
        Ok(read(&told, self.most))
    }

    async fn command(&self, code: &str, number: u16) -> Result<(), Fault> {
        let target = format!(
            "/cgi-bin/ptz.cgi?action=start&channel={}&code={code}&arg1=0&arg2={number}&arg3=0",
            self.channel
        );
        ask(&self.client, &target).await.map(drop)
    }
}

pub(super) fn read(told: &Fields, most: u16) -> Vec<Preset> {
    let listed = told.numbers("presets[", "]").into_iter().filter_map(|n| {
        let number = numbered(told.get(&format!("presets[{n}].Index"))?, most).ok()?;
        let name = told.get(&format!("presets[{n}].Name")).unwrap_or_default().to_owned();
        Some(Preset { token: number.to_string(), name })
    });
    listed.collect()
}

impl Presets for Stored {
    fn most(&self) -> u16 {
        self.most
    }

    fn list(&self) -> Reply<'_, Vec<Preset>> {
        Box::pin(self.all())
    }

    fn recall<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.command("GotoPreset", numbered(token, self.most)?).await })
    }

    fn keep<'a>(&'a self, token: Option<&'a str>, name: &'a str) -> Reply<'a, Preset> {
        Box::pin(async move {
            let number = match token {
                Some(token) => numbered(token, self.most)?,
                None => {
                    let all = self.all().await?;
                    free(all.iter().filter_map(|preset| preset.token.parse().ok()), self.most)?
                }
            };
            self.command("SetPreset", number).await?;
            let kept = |name: &str| Preset { token: number.to_string(), name: name.to_owned() };
            let target = format!(
                "/cgi-bin/ptz.cgi?action=setPreset&channel={}&arg1={number}&arg2={}",
                self.channel,
                utf8_percent_encode(name, NON_ALPHANUMERIC)
            );
            // The place is kept; many firmwares have no names for them by this way.
            let named = unless_essential(ask(&self.client, &target).await)?;
            Ok(kept(if named.is_some() { name } else { "" }))
        })
    }

    fn forget<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.command("ClearPreset", numbered(token, self.most)?).await })
    }
}
