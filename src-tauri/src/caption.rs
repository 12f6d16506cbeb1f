//! What a tile says: from a stream's state to words.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use engine::playback::Standing;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use model::{Fault, Moment, StreamState};
use render::{Caption, Icon, Message, Signal};

use crate::words::Words;

/// A picture younger than this needs no age beside it.
const FRESH: Duration = Duration::from_secs(2);
/// A recording's picture that comes within this is not spoken of.
const UNHURRIED: Duration = Duration::from_millis(500);

/// All that a caption depends on; words are only made anew when this changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Look {
    /// Pictures arrive.
    Live {
        /// Codec and decoder, in the corner.
        corner: Arc<str>,
        /// Seconds since the newest picture, from [`FRESH`] on.
        age: Option<u64>,
    },
    /// No picture, or an old one.
    Dark {
        state: StreamState,
        /// Seconds since the newest picture, if there ever was one.
        age: Option<u64>,
        /// Seconds until it is tried again.
        retry: Option<u64>,
    },
    /// A recording. It never looks live.
    Recorded {
        /// When its picture was taken: whole seconds since 1970.
        at: Option<i64>,
        /// It stands still while others go on.
        held: bool,
        /// Why the picture that is due is not shown.
        why: Option<Standing>,
    },
    /// The camera cannot be opened at all; whoever put it there says why.
    NoFeed,
    /// No stream belongs here.
    Empty,
}

impl Look {
    /// How a stream with this state and newest picture looks at `now`.
    pub(crate) fn of(
        state: &StreamState,
        last_picture: Option<Instant>,
        stalled: bool,
        corner: &Arc<str>,
        now: Instant,
    ) -> Self {
        let age = last_picture.map(|at| now.saturating_duration_since(at));
        match (state, age) {
            (StreamState::Live, Some(age)) if !stalled => {
                Self::Live { corner: Arc::clone(corner), age: (age >= FRESH).then_some(age.as_secs()) }
            }
            // A session that begins anew while the last picture is still fresh changes nothing on the tile.
            (StreamState::Retrying { .. } | StreamState::AwaitingKeyFrame, Some(age)) if age < FRESH => {
                Self::Live { corner: Arc::clone(corner), age: None }
            }
            _ => {
                let retry = match state {
                    StreamState::Failed { retry_at: Some(at), .. } => {
                        Some(at.saturating_duration_since(now).as_secs() + 1)
                    }
                    _ => None,
                };
                Self::Dark { state: state.clone(), age: age.map(|age| age.as_secs()), retry }
            }
        }
    }

    /// The picture on the tile is not live.
    pub(crate) fn is_dark(&self) -> bool {
        !matches!(self, Self::Live { .. } | Self::Recorded { why: None, .. })
    }

    /// How a recording looks at `now`, that stands like this since then; `captured` is when its newest picture was taken.
    pub(crate) fn recorded(
        standing: Standing,
        since: Instant,
        captured: Option<SystemTime>,
        held: bool,
        now: Instant,
    ) -> Self {
        let at = captured.map(|at| Moment::from(at).ms().div_euclid(1000));
        match standing {
            Standing::Shown => Self::Recorded { at, held, why: None },
            // What comes in a moment needs no word; the picture says itself when it was taken.
            Standing::Loading if at.is_some() && now.saturating_duration_since(since) < UNHURRIED => {
                Self::Recorded { at, held, why: None }
            }
            Standing::Hole => Self::Recorded { at: None, held, why: Some(Standing::Hole) },
            why => Self::Recorded { at, held, why: Some(why) },
        }
    }

    /// No picture yet or an old one, but one is on its way.
    pub(crate) fn is_coming(&self) -> bool {
        matches!(
            self,
            Self::Dark {
                state: StreamState::Waiting
                    | StreamState::Connecting
                    | StreamState::AwaitingKeyFrame
                    | StreamState::Retrying { .. },
                ..
            }
        )
    }

    /// How urgent it is.
    pub(crate) fn signal(&self) -> Signal {
        match self {
            Self::Live { .. } => Signal::Good,
            Self::Dark { state, .. } => sign(state).signal(),
            Self::Recorded { why: Some(Standing::Failed(fault)), .. } => icon(fault).signal(),
            Self::Recorded { .. } | Self::NoFeed | Self::Empty => Signal::Calm,
        }
    }

    /// That it is a recording, and of when. It stands there whatever else is said of the picture.
    fn mark(&self, words: &Words) -> String {
        let Self::Recorded { at, held, .. } = self else { return String::new() };
        let time = at.and_then(|at| Timestamp::from_second(at).ok()).map(|at| {
            let local = at.to_zoned(TimeZone::system());
            local.strftime("%d/%m/%Y %H:%M:%S").to_string()
        });
        match time {
            Some(time) if *held => words.say("playback_mark_held", &[("time", &time)]),
            Some(time) => words.say("playback_mark", &[("time", &time)]),
            None => words.get("playback_mark_alone").to_owned(),
        }
    }

    /// The words. `today` is the time of day, for "since".
    pub(crate) fn caption(&self, title: &str, subtitle: &str, words: &Words, today: &Zoned) -> Caption {
        let (corner, message) = match self {
            Self::Live { corner, age: None } => (corner.to_string(), None),
            Self::Live { corner, age: Some(age) } => {
                (format!("{corner} · {}", words.age(Duration::from_secs(*age))), None)
            }
            Self::Dark { state, age, retry } => {
                (String::new(), Some(dark(state, *age, *retry, words, today)))
            }
            Self::Recorded { why, .. } => (String::new(), why.as_ref().and_then(|why| missing(why, words))),
            Self::NoFeed => (String::new(), None),
            Self::Empty => {
                let text = words.get("no_source").to_owned();
                (String::new(), Some(Message { icon: Icon::NoCamera, text, detail: String::new() }))
            }
        };
        Caption {
            title: title.to_owned(),
            subtitle: subtitle.to_owned(),
            corner,
            mark: self.mark(words),
            message,
        }
    }
}

/// Why a recording's picture that is due is not shown.
fn missing(why: &Standing, words: &Words) -> Option<Message> {
    let (icon, text, detail) = match why {
        Standing::Shown => return None,
        Standing::Hole => (Icon::Clock, words.get("state_not_recorded").to_owned(), String::new()),
        Standing::Loading => (Icon::Connecting, words.get("playback_loading").to_owned(), String::new()),
        Standing::InLine => (
            Icon::Waiting,
            words.get("playback_in_line").to_owned(),
            words.get("playback_in_line_detail").to_owned(),
        ),
        Standing::Failed(Fault::NotOffered) => (
            Icon::NoCamera,
            words.get("playback_not_offered").to_owned(),
            words.get("playback_not_offered_detail").to_owned(),
        ),
        Standing::Failed(fault) => {
            let (text, detail) = told(fault, String::new(), words);
            let detail: Vec<_> = detail.into_iter().filter(|line| !line.is_empty()).collect();
            (icon(fault), text, detail.join(" · "))
        }
    };
    Some(Message { icon, text, detail })
}

fn dark(state: &StreamState, age: Option<u64>, retry: Option<u64>, words: &Words, today: &Zoned) -> Message {
    let (text, mut detail) = match state {
        StreamState::Waiting => {
            (words.get("state_waiting").to_owned(), vec![words.get("state_waiting_detail").to_owned()])
        }
        StreamState::Connecting => (words.get("state_connecting").to_owned(), vec![]),
        StreamState::AwaitingKeyFrame => (words.get("state_key_frame").to_owned(), vec![]),
        StreamState::Live => (words.get("state_stalled").to_owned(), vec![]),
        StreamState::NotRecorded => (words.get("state_not_recorded").to_owned(), vec![]),
        StreamState::Retrying { fault } => told(fault, words.get("retrying").to_owned(), words),
        StreamState::Failed { fault, .. } => {
            let again = match (retry, fault) {
                (Some(seconds), _) => words.say("retry_in", &[("seconds", &seconds.to_string())]),
                // The session goes on: the next key frame may be better.
                (None, Fault::Undecodable(_) | Fault::NoHardware(_)) => String::new(),
                (None, _) => words.get("retry_never").to_owned(),
            };
            told(fault, again, words)
        }
    };
    if let Some(age) = age {
        let since =
            today.saturating_sub(jiff::SignedDuration::from_secs(i64::try_from(age).unwrap_or(i64::MAX)));
        let time = since.strftime("%H:%M:%S").to_string();
        let age = words.age(Duration::from_secs(age));
        detail.insert(0, words.say("since", &[("time", &time), ("age", &age)]));
    }
    detail.retain(|line| !line.is_empty());
    Message { icon: sign(state), text, detail: detail.join(" · ") }
}

/// The sign of a tile whose picture is not live.
fn sign(state: &StreamState) -> Icon {
    match state {
        StreamState::Waiting => Icon::Waiting,
        StreamState::Connecting => Icon::Connecting,
        StreamState::AwaitingKeyFrame => Icon::KeyFrame,
        StreamState::Live | StreamState::NotRecorded => Icon::Clock,
        StreamState::Retrying { fault } | StreamState::Failed { fault, .. } => icon(fault),
    }
}

/// What happened, what to do, and what the program does about it.
fn told(fault: &Fault, again: String, words: &Words) -> (String, Vec<String>) {
    let (text, hint) = words.fault(fault);
    (text, vec![hint, again])
}

fn icon(fault: &Fault) -> Icon {
    match fault {
        Fault::PasswordRequired | Fault::PasswordRefused | Fault::ClearTextPassword | Fault::Forbidden => {
            Icon::Lock
        }
        Fault::NameNotFound(_)
        | Fault::Unreachable(_)
        | Fault::ConnectionRefused(_)
        | Fault::ConnectTimeout(_)
        | Fault::NoAnswer(_)
        | Fault::Ended(_) => Icon::NoLink,
        Fault::Capacity(..) => Icon::Limit,
        Fault::Stalled(_) | Fault::NoFirstPicture(_) => Icon::Clock,
        _ => Icon::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn noon() -> Zoned {
        "2021-07-16T12:00:00+07:00[Asia/Ho_Chi_Minh]".parse().unwrap()
    }

    #[test]
    fn a_stalled_picture_never_looks_live() {
        let now = Instant::now();
        let decoded = now.checked_sub(Duration::from_secs(65)).unwrap();
        let look = Look::of(&StreamState::Live, Some(decoded), true, &"H.265".into(), now);
        assert!(look.is_dark());
        let caption = look.caption("Cổng", "Trạm", &Words::new(Language::Vietnamese), &noon());
        let message = caption.message.unwrap();
        assert_eq!(message.text, "Hình đã dừng");
        assert_eq!(message.detail, "Từ 11:58:55 · 1 phút trước");
    }

    #[test]
    fn a_recording_says_so_with_the_time_of_its_picture_and_why_another_is_missing() {
        let (now, words) = (Instant::now(), Words::new(Language::English));
        let captured = SystemTime::UNIX_EPOCH + Duration::from_millis(1_626_400_923_900);
        let long_ago = now.checked_sub(Duration::from_secs(9)).unwrap();
        let say = |standing, since, captured| {
            let look = Look::recorded(standing, since, captured, false, now);
            let caption = look.caption("Gate", "", &words, &noon());
            (look.is_dark(), caption.mark, caption.message.map(|message| message.text))
        };
        let local = Timestamp::from_second(1_626_400_923).unwrap().to_zoned(TimeZone::system());
        let mark = local.strftime("Playback %d/%m/%Y %H:%M:%S").to_string();
        assert_eq!(say(Standing::Shown, now, Some(captured)), (false, mark.clone(), None));
        assert_eq!(say(Standing::Loading, now, Some(captured)), (false, mark.clone(), None), "in a moment");
        let loading = say(Standing::Loading, long_ago, Some(captured));
        assert_eq!(loading, (true, mark, Some("Loading the recording".to_owned())));
        let held = Look::recorded(Standing::Shown, now, Some(captured), true, now);
        let held = held.caption("Gate", "", &words, &noon()).mark;
        assert_eq!(held, local.strftime("Held %d/%m/%Y %H:%M:%S").to_string());
        let hole = say(Standing::Hole, now, Some(captured));
        assert_eq!(hole.1, "Playback", "an old picture's time is not that of the gap");
        assert_eq!(hole.2.unwrap(), "Nothing was recorded at this time");
        let refused = say(Standing::Failed(Fault::PasswordRefused), now, None);
        assert!(refused.0 && refused.2.is_some());
    }

    #[test]
    fn a_fault_says_what_where_and_what_to_do() {
        let now = Instant::now();
        let state = StreamState::Failed {
            fault: Fault::from_status(453, true),
            retry_at: Some(now + Duration::from_millis(29_500)),
        };
        let look = Look::of(&state, None, false, &"".into(), now);
        let message = look.caption("", "", &Words::new(Language::English), &noon()).message.unwrap();
        assert_eq!(message.icon, Icon::Limit);
        assert_eq!(message.text, "No bandwidth left");
        assert_eq!(
            message.detail,
            "The recorder or the site sends all it can (status 453) · Next try in 30 s"
        );
    }

    #[test]
    fn a_refused_password_is_not_promised_another_try() {
        let state = StreamState::Failed { fault: Fault::PasswordRefused, retry_at: None };
        let look = Look::of(&state, None, false, &"".into(), Instant::now());
        let message = look.caption("", "", &Words::new(Language::Vietnamese), &noon()).message.unwrap();
        assert!(message.detail.ends_with("Không tự thử lại"), "{}", message.detail);
    }

    /// The colour tells apart what heals by itself, what a person should look at, and what is broken.
    #[test]
    fn the_colour_of_a_tile_says_how_urgent_it_is() {
        let now = Instant::now();
        let signal =
            |state: &StreamState, last, stalled| Look::of(state, last, stalled, &"".into(), now).signal();
        let failed = |fault| StreamState::Failed { fault, retry_at: None };
        assert_eq!(signal(&StreamState::Live, Some(now), false), Signal::Good);
        assert_eq!(signal(&StreamState::Live, Some(now), true), Signal::Attention, "stalled");
        assert_eq!(signal(&StreamState::Connecting, None, false), Signal::Calm);
        assert_eq!(signal(&failed(Fault::PasswordRefused), None, false), Signal::Attention);
        assert_eq!(signal(&failed(Fault::from_status(453, true)), None, false), Signal::Attention);
        let broken = failed(Fault::Unreachable(String::new()));
        assert_eq!(signal(&broken, Some(now), false), Signal::Fault, "however fresh the last picture");
    }

    #[test]
    fn a_quick_reconnection_does_not_flicker() {
        let now = Instant::now();
        let again = StreamState::Retrying { fault: Fault::Ended(String::new()) };
        assert!(!Look::of(&again, Some(now), false, &"".into(), now).is_dark());
        assert!(Look::of(&StreamState::Connecting, None, false, &"".into(), now).is_dark());
    }
}
