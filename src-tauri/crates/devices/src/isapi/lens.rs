//! Focus, iris and auxiliaries.

use model::Fault;

use super::answer::{ask, escaped, put, with};
use crate::device::{Auxiliary, LensMotors, Reply};
use crate::http::Client;
use crate::makers::{steps, unless_essential};
use crate::xml::{self, text_of};

/// Auxiliaries that are listed.
const MOST: usize = 64;

pub(super) struct Lens {
    client: Client,
    number: u32,
    iris: bool,
}

impl Lens {
    /// Those of a channel: what it tells of can be moved.
    pub(super) async fn of(client: &Client, number: u32) -> Result<Option<Self>, Fault> {
        let base = format!("/ISAPI/System/Video/inputs/channels/{number}");
        if unless_essential(ask(client, &format!("{base}/focus")).await)?.is_none() {
            return Ok(None);
        }
        let iris = unless_essential(ask(client, &format!("{base}/iris")).await)?.is_some();
        Ok(Some(Self { client: client.clone(), number, iris }))
    }
}

impl LensMotors for Lens {
    fn has_iris(&self) -> bool {
        self.iris
    }

    fn focus(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(async move {
            let target = format!("/ISAPI/System/Video/inputs/channels/{}/focus", self.number);
            put(&self.client, &target, format!("<FocusData><focus>{}</focus></FocusData>", steps(speed, 100)))
                .await
        })
    }

    fn auto_focus(&self) -> Reply<'_, ()> {
        Box::pin(async {
            // Their spelling.
            let target = format!("/ISAPI/PTZCtrl/channels/{}/onepushfoucs/start", self.number);
            put(&self.client, &target, String::new()).await
        })
    }

    fn iris(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.iris {
                return Err(Fault::NotOffered);
            }
            let target = format!("/ISAPI/System/Video/inputs/channels/{}/iris", self.number);
            put(&self.client, &target, format!("<IrisData><iris>{}</iris></IrisData>", steps(speed, 100)))
                .await
        })
    }
}

/// What `auxcontrols` lists (`LIGHT`, `WIPER`).
pub(super) struct Switches {
    client: Client,
    base: String,
    ids: Vec<u32>,
    names: Vec<String>,
}

impl Switches {
    pub(super) async fn of(client: &Client, number: u32) -> Result<Option<Self>, Fault> {
        let base = format!("/ISAPI/PTZCtrl/channels/{number}/auxcontrols");
        let Some(text) = unless_essential(ask(client, &base).await)? else { return Ok(None) };
        let found = with(&text, |root| {
            let read = |node| Some((text_of(node, "id")?.parse::<u32>().ok()?, text_of(node, "type")?));
            xml::all(root, "PTZAux").filter_map(read).take(MOST).collect::<Vec<_>>()
        });
        let found = unless_essential(found)?.unwrap_or_default();
        let (ids, names): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        Ok((!ids.is_empty()).then(|| Self { client: client.clone(), base, ids, names }))
    }
}

impl Auxiliary for Switches {
    fn list(&self) -> &[String] {
        &self.names
    }

    fn switch<'a>(&'a self, name: &'a str, on: bool) -> Reply<'a, ()> {
        Box::pin(async move {
            let known = self.names.iter().position(|known| known == name).ok_or(Fault::NotFound)?;
            let id = self.ids[known];
            let (kind, status) = (escaped(name), if on { "on" } else { "off" });
            let body = format!("<PTZAux><id>{id}</id><type>{kind}</type><status>{status}</status></PTZAux>");
            put(&self.client, &format!("{}/{id}", self.base), body).await
        })
    }
}
