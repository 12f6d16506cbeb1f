//! Listening to a camera and speaking through it, for the page.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::Event;
use engine::playback::Reel;
use engine::{Audible, Hearing, TalkState, Talking};
use jiff::Timestamp;
use model::{Action, Id};
use parking_lot::Mutex;

use super::Console;
use crate::loudspeaker::Loudspeaker;
use crate::microphone::Microphone;
use crate::wire::Notice;
use crate::wire::sound::{Listening, ListeningStanding, TalkStanding};

/// Whoever has not said for so long that they speak does not any more: a key-up that was lost, a page that has died.
const SILENCE: Duration = Duration::from_millis(1200);

/// The loudspeaker, and to whom it listens.
pub(super) struct Sound {
    loudspeaker: Loudspeaker,
    listening: Mutex<Option<Heard>>,
    speech: Mutex<Option<Speech>>,
    told: Mutex<Option<Listening>>,
}

/// Who is heard, since when (milliseconds since 1970), and whether they can be spoken to.
struct Heard {
    camera: Id,
    from_ms: i64,
    talks: Arc<Mutex<bool>>,
}

/// Somebody speaks.
struct Speech {
    camera: Id,
    from_ms: i64,
    renewed: Instant,
    microphone: Microphone,
    talking: Arc<Talking>,
}

impl Sound {
    /// # Errors
    /// The system refuses a thread.
    pub(super) fn start(volume: u8) -> std::io::Result<Self> {
        let sound = Self {
            loudspeaker: Loudspeaker::start()?,
            listening: Mutex::default(),
            speech: Mutex::default(),
            told: Mutex::default(),
        };
        sound.set_volume(volume);
        Ok(sound)
    }

    /// In percent. Ears hear steps of loudness as shares of it, so half of the way is far less than half of the height.
    pub(super) fn set_volume(&self, volume: u8) {
        self.loudspeaker.set_volume((f32::from(volume.min(100)) / 100.0).powi(2));
    }
}

impl Console {
    /// A person listens to this camera from now on, or to none; to no other any more.
    ///
    /// # Errors
    /// In words: they may not. Nothing is heard then.
    pub fn listen(&self, camera: Option<Id>) -> Result<(), Notice> {
        let allowed = match &camera {
            Some(camera) => self.allow(Action::Listen, Some(camera)).map(drop),
            None => Ok(()),
        };
        let camera = camera.filter(|_| allowed.is_ok());
        let before = {
            let mut listening = self.sound.listening.lock();
            if listening.as_ref().map(|heard| &heard.camera) == camera.as_ref() {
                return allowed;
            }
            let new = camera.as_ref().map(|camera| self.heard(camera));
            std::mem::replace(&mut *listening, new)
        };
        self.end_speech();
        self.sound.loudspeaker.play(None);
        self.feeds.listen(camera.filter(|camera| self.comes_live(camera)));
        if let Some(Heard { camera, from_ms, .. }) = before {
            self.people.note(Event::Listened { camera, from_ms, until_ms: now_ms() });
        }
        self.follow_sound();
        allowed
    }

    fn heard(&self, camera: &Id) -> Heard {
        let talks = Arc::new(Mutex::new(false));
        if self.allow(Action::Talk, Some(camera)).is_ok() {
            let told = Arc::clone(&talks);
            self.feeds.ask_talk(camera, move |offered| *told.lock() = offered);
        }
        Heard { camera: camera.clone(), from_ms: now_ms(), talks }
    }

    /// A person speaks through the camera that they listen to, from now on and as long as they say so at least every second;
    /// `None`: no more.
    ///
    /// # Errors
    /// In words: they may not, or the system refuses a thread.
    pub fn talk(&self, camera: Option<Id>) -> Result<(), Notice> {
        let Some(camera) = camera else {
            self.end_speech();
            self.follow_sound();
            return Ok(());
        };
        let renewed = {
            let mut speech = self.sound.speech.lock();
            let same = speech.as_mut().filter(|speech| speech.camera == camera);
            same.map(|speech| speech.renewed = Instant::now()).is_some()
        };
        if renewed {
            return Ok(());
        }
        self.end_speech();
        self.allow(Action::Talk, Some(&camera))?;
        let bells = Arc::clone(&self.bells);
        let Some(talking) = self.feeds.talk(&camera, Arc::new(move || bells.ring())) else { return Ok(()) };
        let talking = Arc::new(talking);
        let microphone = Microphone::open(Arc::clone(&talking)).map_err(|error| {
            let reason = error.to_string();
            super::notices::error_notice("sound_no_microphone", &[("reason", &reason)], &self.words())
        })?;
        let (from_ms, renewed) = (now_ms(), Instant::now());
        *self.sound.speech.lock() = Some(Speech { camera, from_ms, renewed, microphone, talking });
        self.follow_sound();
        Ok(())
    }

    fn end_speech(&self) {
        let Some(Speech { camera, from_ms, microphone, talking, .. }) = self.sound.speech.lock().take()
        else {
            return;
        };
        drop(microphone);
        drop(talking);
        self.people.note(Event::Talked { camera, from_ms, until_ms: now_ms() });
    }

    /// The stream that is heard may have been opened, or changed; what is heard is told.
    pub(super) fn follow_sound(&self) {
        let silent = |speech: &Speech| speech.renewed.elapsed() >= SILENCE;
        if self.sound.speech.lock().as_ref().is_some_and(silent) {
            self.end_speech();
        }
        let heard =
            self.sound.listening.lock().as_ref().map(|heard| (heard.camera.clone(), *heard.talks.lock()));
        let recorded = heard.as_ref().and_then(|(camera, _)| self.played(camera));
        let live = heard.as_ref().map(|(camera, _)| camera.clone());
        self.feeds.listen(live.filter(|camera| self.comes_live(camera)));
        let told = heard.map(|(camera, talks)| match recorded {
            Some((reel, usual)) => self.hearing_recording(camera, &reel, usual),
            None => self.hearing(camera, talks),
        });
        let mut before = self.sound.told.lock();
        if *before != told {
            before.clone_from(&told);
            drop(before);
            self.tell("listening", told);
        }
    }

    /// Whether what is heard of a camera comes live, now or a moment ago. A recording has its own sound; live pictures beside
    /// it need none.
    fn comes_live(&self, camera: &Id) -> bool {
        self.played(camera).is_none_or(|(reel, _)| reel.is_remembered())
    }

    /// How the sound of a recording stands; nobody speaks into the past.
    fn hearing_recording(&self, camera: Id, reel: &Reel, usual: bool) -> Listening {
        let voice = Arc::clone(reel.voice());
        let hearing = voice.hearing(Instant::now());
        self.sound.loudspeaker.play(usual.then_some(voice as Arc<dyn Audible>));
        let (standing, detail) = match () {
            () if !usual => (ListeningStanding::OtherSpeed, String::new()),
            // Nobody listened then.
            () if hearing == Hearing::Silent && reel.is_remembered() => {
                (ListeningStanding::NotKept, String::new())
            }
            () => self.heard_as(hearing),
        };
        Listening { camera, standing, detail, talk: TalkStanding::NotOffered, talk_detail: String::new() }
    }

    fn heard_as(&self, hearing: Hearing) -> (ListeningStanding, String) {
        let words = self.words();
        match (hearing, self.sound.loudspeaker.fault()) {
            (Hearing::Heard { .. }, Some(reason)) => {
                (ListeningStanding::Failed, words.say("sound_no_loudspeaker", &[("reason", &reason)]))
            }
            (Hearing::Heard { codec }, None) => (ListeningStanding::Heard, codec.to_owned()),
            (Hearing::Waiting, _) => (ListeningStanding::Waiting, String::new()),
            (Hearing::Silent, _) => (ListeningStanding::Silent, String::new()),
            (Hearing::Failed(fault), _) => (ListeningStanding::Failed, words.fault(&fault).0),
        }
    }

    fn hearing(&self, camera: Id, talks: bool) -> Listening {
        let words = self.words();
        let ear = self.feeds.ear();
        let hearing = ear.as_ref().map_or(Hearing::Waiting, |ear| ear.hearing(Instant::now()));
        let (talk, talk_detail, speaks) = match &*self.sound.speech.lock() {
            None if talks => (TalkStanding::Offered, String::new(), false),
            None => (TalkStanding::NotOffered, String::new(), false),
            Some(speech) => match (speech.microphone.fault(), speech.talking.state()) {
                (Some(reason), _) => {
                    (TalkStanding::Failed, words.say("sound_no_microphone", &[("reason", &reason)]), false)
                }
                (None, TalkState::Failed(fault)) => (TalkStanding::Failed, words.fault(&fault).0, false),
                (None, TalkState::Opening) => (TalkStanding::Opening, String::new(), false),
                (None, TalkState::Open) => (TalkStanding::Speaking, String::new(), true),
            },
        };
        // Whoever speaks does not hear the camera meanwhile: the voice would go round in circles.
        self.sound.loudspeaker.play(ear.filter(|_| !speaks).map(|ear| ear as Arc<dyn Audible>));
        let (standing, detail) = self.heard_as(hearing);
        Listening { camera, standing, detail, talk, talk_detail }
    }

    /// Nobody listens or speaks any more.
    pub(super) fn end_listening(&self) {
        // Listening to nothing is allowed to everybody.
        let _ = self.listen(None);
        self.end_speech();
    }
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
