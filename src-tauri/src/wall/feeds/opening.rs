//! Opens what is planned and granted, with the right login, by a relay where there is one.

use std::sync::Arc;
use std::time::Instant;

use engine::people::Barred;
use engine::plan::Choice;
use engine::planner::Wanted;
use engine::{Planner, Source};
use inventory::{Inventory, Profile, ProfileKind};
use model::{Credentials, Id};
use render::{Icon, Message};

use super::lingering::Lingering;
use super::{Feeds, Open};
use crate::wall::limits;
use crate::wall::sharing::{self, Sharing};
use crate::wall::thread::Recording;
use crate::wall::view::{Feed, Subject};
use crate::words::Words;

impl Feeds {
    /// Opens what will be shown in a moment, as far as it is granted.
    pub(super) fn open_ahead(&self, sharing: &mut Sharing, inventory: &Inventory, now: Instant) {
        let opened = sharing.arrived(now).into_iter().filter_map(|((id, kind), until)| {
            let (site, recorder, camera) = inventory.camera(&id)?;
            let login = self.people.login(site, recorder, camera).ok()?;
            let profile = camera.profiles.iter().find(|profile| profile.kind == kind)?;
            let feed = self.feed(&id, profile, login.as_ref(), now);
            Some(Lingering { until, camera: id, feed })
        });
        let opened: Vec<Lingering> = opened.collect();
        self.lingering.lock().extend(opened);
    }

    pub(super) fn subject(
        &self,
        planner: &Planner,
        sharing: &Sharing,
        wanted: &Wanted,
        words: &Words,
    ) -> Subject {
        let id = &wanted.camera;
        let inventory = self.inventory();
        let Some((site, recorder, camera)) = inventory.camera(id) else {
            let (text, detail) = (words.get("camera_unknown"), words.get("camera_unknown_detail"));
            let message = Message { icon: Icon::NoCamera, text: text.to_owned(), detail: detail.to_owned() };
            return Subject::without_stream(id.clone(), id.to_string(), String::new(), message);
        };
        let (title, subtitle) = (camera.name.clone(), site.name.clone());
        let login = match self.people.login(site, recorder, camera) {
            Ok(login) => login,
            Err(barred) => {
                // Who may not see it learns no name either.
                let known = barred != Barred::NoRight && barred != Barred::Nobody;
                let (title, subtitle) = if known { (title, subtitle) } else { Default::default() };
                return Subject::without_stream(id.clone(), title, subtitle, limits::barred(barred, words));
            }
        };
        let login = login.as_ref();
        let verdict = planner.verdict(id);
        let profile_of = |kind| camera.profiles.iter().find(|profile| profile.kind == kind);
        let chosen = verdict.and_then(|verdict| verdict.choice.kind());
        // What is planned may still be on its way to us; until then whatever we have of the camera is shown.
        let granted = |kind: &ProfileKind| sharing.grants(id, *kind);
        let kind = chosen.filter(granted).or_else(|| chosen.map(other).filter(granted));
        let (Some(profile), Some(verdict)) = (kind.and_then(profile_of), verdict) else {
            let asked = chosen.or_else(|| sharing::small(camera));
            let answer = asked.and_then(|kind| sharing.answer(id, kind));
            let message = limits::message(verdict.map(|verdict| verdict.reason), answer, words);
            return Subject::without_stream(id.clone(), title, subtitle, message);
        };
        let now = Instant::now();
        // With its sound, or without it again, the same profile is opened anew beside itself.
        let replaced =
            if self.sounds_otherwise(id, profile.kind) { profile.kind } else { other(profile.kind) };
        let overlap = planner.has_room(id, replaced) && sharing.grants(id, replaced);
        let attended = wanted.selected || wanted.enlarged;
        let quick = (profile.kind == ProfileKind::Main && overlap && attended && !self.is_open(id))
            .then(|| profile_of(ProfileKind::Sub).map(|sub| self.feed(id, sub, login, now)));
        let feed = self.feed(id, profile, login, now);
        feed.stream.set_key_frames_only(matches!(verdict.choice, Choice::KeyFrames(_)));
        let answer = verdict.wanted.kind().and_then(|kind| sharing.answer(id, kind));
        let note = limits::note(&verdict, answer, feed.relayed, words);
        Subject { id: id.clone(), title, subtitle, feed: Ok(feed), quick: quick.flatten(), note, overlap }
    }

    /// A camera of which a recording is shown, or why there is none.
    pub(in crate::wall) fn recorded(&self, id: &Id, reel: Option<&Recording>, words: &Words) -> Subject {
        let inventory = self.inventory();
        let found = inventory.camera(id).filter(|(site, _, camera)| self.people.sees(site, camera));
        // Who may not see it learns no name either.
        let (title, subtitle) =
            found.map(|(site, _, camera)| (camera.name.clone(), site.name.clone())).unwrap_or_default();
        let feed = match reel {
            Some(Ok(reel)) if found.is_some() => Ok(Feed {
                stream: Arc::clone(reel.stream()),
                profile: None,
                relayed: false,
                reel: Some(Arc::clone(reel)),
            }),
            Some(Err(message)) => Err(message.clone()),
            _ => {
                let (text, detail) = (words.get("playback_none"), words.get("playback_none_detail"));
                Err(Message { icon: Icon::Lock, text: text.to_owned(), detail: detail.to_owned() })
            }
        };
        let id = id.clone();
        Subject { id, title, subtitle, feed, quick: None, note: None, overlap: false }
    }

    /// Whether any stream of this camera is open.
    fn is_open(&self, id: &Id) -> bool {
        let open = self.open.lock();
        let kinds = [ProfileKind::Main, ProfileKind::Sub].into_iter();
        kinds.filter_map(|kind| open.get(&(id.clone(), kind))).any(|open| open.stream.strong_count() > 0)
    }

    /// Opens a stream, by its relay where there is one that works.
    fn feed(&self, id: &Id, profile: &Profile, login: Option<&Credentials>, now: Instant) -> Feed {
        let relay = self.relays.lock().address(id, profile.kind, now).cloned();
        let relayed = relay.is_some();
        let stream = self.live.open(Source {
            address: relay.unwrap_or_else(|| profile.address.clone()),
            // The devices' passwords are for the devices alone.
            credentials: login.filter(|_| !relayed).cloned(),
            transport: self.transport,
            sounds: self.sounds(id),
        });
        let open = Open { stream: Arc::downgrade(&stream), relayed };
        let before = self.open.lock().insert((id.clone(), profile.kind), open);
        let is_new = before.is_none_or(|before| !before.stream.ptr_eq(&Arc::downgrade(&stream)));
        if let Some(opened) = self.opened.get().filter(|_| is_new && !relayed) {
            opened(&self.inventory(), id);
        }
        Feed { stream, profile: Some(profile.kind), relayed, reel: None }
    }
}

/// A camera's other stream.
fn other(kind: ProfileKind) -> ProfileKind {
    match kind {
        ProfileKind::Main => ProfileKind::Sub,
        ProfileKind::Sub => ProfileKind::Main,
    }
}
