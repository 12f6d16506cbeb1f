//! Places that the device keeps, by number.

use model::{Fault, Preset};
use roxmltree::Node;

use super::answer::{ask, escaped, put, read, with};
use super::streams::is_true;
use crate::device::{Presets, Reply};
use crate::http::{Client, Request};
use crate::makers::{free, numbered};
use crate::xml::{self, text_of};

pub(super) struct Stored {
    client: Client,
    base: String,
    most: u16,
}

impl Stored {
    pub(super) fn new(client: &Client, base: &str, most: u16) -> Self {
        Self { client: client.clone(), base: format!("{base}/presets"), most }
    }

    /// All that the device lists: it names also those that are free, and numbers behind which it does something special.
    async fn all(&self) -> Result<Vec<Listed>, Fault> {
        let text = ask(&self.client, &self.base).await?;
        with(&text, |root| listed(root, self.most))
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Listed {
    pub(super) number: u16,
    pub(super) name: String,
    pub(super) set: bool,
}

pub(super) fn listed(root: Node<'_, '_>, most: u16) -> Vec<Listed> {
    let read = |node: Node<'_, '_>| {
        let number = numbered(&text_of(node, "id")?, most).ok()?;
        Some(Listed {
            number,
            name: text_of(node, "presetName").unwrap_or_default(),
            set: is_true(node, "enabled"),
        })
    };
    xml::all(root, "PTZPreset").filter_map(read).collect()
}

impl Presets for Stored {
    fn most(&self) -> u16 {
        self.most
    }

    fn list(&self) -> Reply<'_, Vec<Preset>> {
        Box::pin(async {
            let set = self.all().await?.into_iter().filter(|listed| listed.set);
            Ok(set.map(|listed| Preset { token: listed.number.to_string(), name: listed.name }).collect())
        })
    }

    fn recall<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let number = numbered(token, self.most)?;
            put(&self.client, &format!("{}/{number}/goto", self.base), String::new()).await
        })
    }

    fn keep<'a>(&'a self, token: Option<&'a str>, name: &'a str) -> Reply<'a, Preset> {
        Box::pin(async move {
            let number = match token {
                Some(token) => numbered(token, self.most)?,
                None => {
                    let all = self.all().await?;
                    free(all.iter().filter(|listed| listed.set).map(|listed| listed.number), self.most)?
                }
            };
            let name = if name.is_empty() { format!("Preset {number}") } else { name.to_owned() };
            let body = format!(
                "<PTZPreset><enabled>true</enabled><id>{number}</id><presetName>{}</presetName></PTZPreset>",
                escaped(&name)
            );
            put(&self.client, &format!("{}/{number}", self.base), body).await?;
            Ok(Preset { token: number.to_string(), name })
        })
    }

    fn forget<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let number = numbered(token, self.most)?;
            read(&self.client.send(&Request::delete(format!("{}/{number}", self.base))).await?).map(drop)
        })
    }
}
