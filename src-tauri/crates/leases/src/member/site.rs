//! One site as this client knows it: its wishes there, the ledger as last read, and what is being written.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use crate::wish::Profile;
use model::Id;

use super::Standing;
use crate::ledger::{
    Entry, Judgement, Ledger, MOST_KBPS, Me, Stream, Unreadable, Verdict, bury, encode, enter, judge, parse,
    place, shares,
};
use crate::view::{Answer, Short, SiteUse, View};
use crate::wish::{Holder, Want, Wish};

/// So many names are enough for a tile.
const MOST_NAMES: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Site {
    mine: Vec<Mine>,
    known: Option<Known>,
    writing: Option<Writing>,
    /// The server refused a write after this revision: there is a later one, which will come.
    outrun_after: Option<u64>,
    /// Nothing is asked for anew until then, see [`super::GRACE`].
    quiet_until: Option<Instant>,
    /// Something has changed since the last look at what is to be written.
    stirred: bool,
    by_others: Option<Arc<SiteUse>>,
}

/// A wish, as it goes into the ledger.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mine {
    entry: Entry,
}

#[derive(Debug)]
struct Known {
    revision: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Readable {
        ledger: Ledger,
        judgement: Judgement,
    },
    /// Of a later version: not ours to change, so nothing limits us here.
    Newer,
}

#[derive(Debug)]
struct Writing {
    after: u64,
    ledger: Ledger,
}

impl Mine {
    pub(super) fn new(wish: &Wish, reserve: f64, prior: Option<&Self>) -> Self {
        let limit = |mbps: Option<f64>| mbps.map(|mbps| limit_kbps(mbps, reserve));
        let direct = wish.recorder.is_some();
        Self {
            entry: Entry {
                camera: wish.camera.clone(),
                kind: wish.kind,
                recorder: wish.recorder.clone(),
                kbps: rate_kbps(wish.mbps),
                want: wish.want,
                selected: wish.selected,
                site_kbps: limit(wish.limits.site_mbps),
                recorder_kbps: limit(wish.limits.recorder_mbps).filter(|_| direct),
                viewers: wish.limits.viewers.filter(|_| direct),
                maybe_open: wish.open,
                ticket: prior.and_then(|prior| prior.entry.ticket),
                held_back: false,
            },
        }
    }
}

/// Rounded up; what is no number is taken for more than anything can carry.
fn rate_kbps(mbps: f64) -> u32 {
    if mbps.is_nan() { MOST_KBPS } else { (mbps * 1e3).ceil().clamp(1.0, f64::from(MOST_KBPS)) as u32 }
}

/// Rounded down, but not by what binary fractions lack.
fn limit_kbps(mbps: f64, reserve: f64) -> u32 {
    (mbps * (1.0 - reserve) * 1e3 + 1e-6).floor().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Adds a wish; what is wished twice counts once, and a second stream for the same purpose has none.
pub(super) fn add(all: &mut Vec<Mine>, mut mine: Mine) {
    let entry = &mut mine.entry;
    if let Some(same) = all.iter_mut().find(|one| one.is(&entry.camera, entry.kind)) {
        same.entry.maybe_open |= entry.maybe_open;
        return;
    }
    if all.iter().any(|one| one.entry.camera == entry.camera && one.entry.want == entry.want) {
        entry.want = Want::Nothing;
    }
    all.push(mine);
}

impl Mine {
    fn is(&self, camera: &Id, kind: Profile) -> bool {
        self.entry.kind == kind && self.entry.camera == *camera
    }
}

impl Site {
    pub(super) fn mine(&self, camera: &Id, kind: Profile) -> Option<&Mine> {
        self.mine.iter().find(|mine| mine.is(camera, kind))
    }

    pub(super) fn wish(&mut self, mine: Vec<Mine>) {
        if self.mine != mine {
            self.mine = mine;
            self.stirred = true;
        }
    }

    pub(super) fn has_open(&self) -> bool {
        self.mine.iter().any(|mine| mine.entry.maybe_open)
    }

    /// The connection is gone; wishes and tickets stay.
    pub(super) fn forget(&mut self) {
        let mine = std::mem::take(&mut self.mine);
        *self = Self { mine, stirred: true, ..Self::default() };
    }

    /// Takes over what the server has; `false` for what is known already. What cannot be read was somebody's ledger, so
    /// all must be given the time to enter what they have open: `quiet_until`.
    pub(super) fn read(
        &mut self,
        me: &Me,
        revision: u64,
        value: Option<&[u8]>,
        quiet_until: Instant,
    ) -> bool {
        if self.known.as_ref().is_some_and(|known| known.revision >= revision) {
            return false;
        }
        match value.map(parse) {
            Some(Ok(ledger)) => self.know(me, revision, Some(ledger)),
            Some(Err(Unreadable::Newer)) => self.know(me, revision, None),
            Some(Err(Unreadable::Damaged)) | None => {
                self.quiet_until = Some(quiet_until);
                self.know(me, revision, Some(Ledger::default()));
            }
        }
        true
    }

    fn know(&mut self, me: &Me, revision: u64, ledger: Option<Ledger>) {
        self.stirred = true;
        self.outrun_after = None;
        self.by_others = ledger.as_ref().and_then(|ledger| by_others(ledger, me)).map(Arc::new);
        let content = ledger.map_or(Content::Newer, |ledger| {
            for mine in &mut self.mine {
                if let Some((_, stream)) = stream(&ledger, me, mine) {
                    mine.entry.ticket = Some(stream.ticket);
                }
            }
            Content::Readable { judgement: judge(&ledger), ledger }
        });
        self.known = Some(Known { revision, content });
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = &Id> {
        self.ledger().into_iter().flat_map(|(ledger, _)| &ledger.parties).map(|party| &party.client)
    }

    pub(super) fn names(&self, client: &Id) -> bool {
        self.ledger().is_some_and(|(ledger, _)| ledger.party(client).is_some())
    }

    fn ledger(&self) -> Option<(&Ledger, &Judgement)> {
        match &self.known.as_ref()?.content {
            Content::Readable { ledger, judgement } => Some((ledger, judgement)),
            Content::Newer => None,
        }
    }

    pub(super) fn pass(&mut self, now: Instant, stirred: bool) {
        let over = self.quiet_until.take_if(|until| *until <= now).is_some();
        self.stirred |= over || stirred;
    }

    /// The next ledger and the revision that it follows, if anything is to be changed and can be now.
    pub(super) fn next_write(
        &mut self,
        me: &Me,
        quiet: bool,
        dead: impl Fn(&Id) -> bool,
    ) -> Option<(u64, Vec<u8>)> {
        if !self.stirred || self.writing.is_some() {
            return None;
        }
        if self.known.is_none() {
            self.know(me, 0, Some(Ledger::default()));
        }
        let (after, known) = (self.known.as_ref()?.revision, self.ledger()?.0);
        if self.outrun_after == Some(after) {
            return None;
        }
        let held_back = quiet || self.quiet_until.is_some();
        let entry = |mine: &Mine| Entry { held_back, ..mine.entry.clone() };
        let entries: Vec<Entry> = self.mine.iter().map(entry).collect();
        let next = enter(&bury(known, dead), me, &entries);
        let unchanged = next == *known;
        self.stirred = false;
        if unchanged {
            return None;
        }
        let Ok(value) = encode(&next) else {
            log::warn!("a ledger is too large to be written");
            return None;
        };
        self.writing = Some(Writing { after, ledger: next });
        Some((after, value))
    }

    pub(super) fn written(&mut self, me: &Me, revision: u64) {
        self.stirred = true;
        let Some(writing) = self.writing.take() else { return };
        if self.known.as_ref().is_none_or(|known| known.revision < revision) {
            self.know(me, revision, Some(writing.ledger));
        }
    }

    pub(super) fn outrun(&mut self) {
        self.stirred = true;
        self.outrun_after = self.writing.take().map(|writing| writing.after);
    }

    pub(super) fn is_without(&self, me: &Me) -> bool {
        self.writing.is_none() && !self.names(&me.client)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.mine.is_empty() && self.known.is_none() && self.writing.is_none()
    }

    pub(super) fn by_others(&self) -> Option<&Arc<SiteUse>> {
        self.by_others.as_ref()
    }

    /// Answers all wishes; what is granted may be open from now on.
    pub(super) fn answer(&mut self, me: &Me, standing: Standing, view: &mut View) {
        let answers: Vec<Answer> = self.mine.iter().map(|mine| self.answer_to(me, standing, mine)).collect();
        for (mine, answer) in self.mine.iter_mut().zip(answers) {
            mine.entry.maybe_open |= answer == Answer::Granted;
            view.answers(&mine.entry.camera, mine.entry.kind, answer);
        }
    }

    fn answer_to(&self, me: &Me, standing: Standing, mine: &Mine) -> Answer {
        let unsure = || match mine.entry.maybe_open {
            true => Answer::Granted,
            false => Answer::Waiting { short: Short::Server, by: Vec::new() },
        };
        match (standing, self.known.as_ref().map(|known| &known.content)) {
            (Standing::Lost, _) | (Standing::Agreed, Some(Content::Newer)) => Answer::Granted,
            (Standing::Agreed, Some(Content::Readable { ledger, judgement })) => {
                let Some((at, stream)) = stream(ledger, me, mine) else { return unsure() };
                self.judged(ledger, judgement, at, stream, mine)
            }
            _ => unsure(),
        }
    }

    fn judged(
        &self,
        ledger: &Ledger,
        judgement: &Judgement,
        at: (usize, usize),
        stream: &Stream,
        mine: &Mine,
    ) -> Answer {
        let open = mine.entry.maybe_open;
        if open && stream.leased == 0 {
            return Answer::Granted; // it is there, and will be entered by the next write
        }
        let leased = stream.leased > 0 && !self.may_be_given_back(ledger, at, mine);
        match judgement.verdict(at) {
            Verdict::Holds if leased => Answer::Granted,
            Verdict::Holds => Answer::Waiting { short: Short::Handover, by: leaving(ledger, judgement, at) },
            Verdict::Spare if leased && open => Answer::Granted,
            Verdict::Spare => Answer::Superseded,
            Verdict::Out(short) => {
                let by = ahead(ledger, judgement, at, short);
                if open { Answer::Recalled { by } } else { Answer::Waiting { short, by } }
            }
        }
    }

    /// Whether a write is under way, and not yet overtaken, by which the stream is no longer leased.
    fn may_be_given_back(&self, ledger: &Ledger, (p, _): (usize, usize), mine: &Mine) -> bool {
        let Some(writing) = &self.writing else { return false };
        let in_doubt = self.known.as_ref().is_some_and(|known| known.revision == writing.after);
        let client = &ledger.parties[p].client;
        let after = writing.ledger.find(client, &mine.entry.camera, mine.entry.kind);
        in_doubt && after.is_none_or(|(p, s)| writing.ledger.parties[p].streams[s].leased == 0)
    }
}

fn stream<'a>(ledger: &'a Ledger, me: &Me, mine: &Mine) -> Option<((usize, usize), &'a Stream)> {
    let (p, s) = ledger.find(&me.client, &mine.entry.camera, mine.entry.kind)?;
    Some(((p, s), &ledger.parties[p].streams[s]))
}

/// Who has what the stream is short of: those who came later, and so took it, first; then by their place in line.
fn ahead(ledger: &Ledger, judgement: &Judgement, at: (usize, usize), short: Short) -> Vec<Holder> {
    let (party, stream) = (&ledger.parties[at.0], &ledger.parties[at.0].streams[at.1]);
    let before = |(p, s): &(usize, usize)| {
        let (other, theirs) = (&ledger.parties[*p], &ledger.parties[*p].streams[*s]);
        let first = stream.want == Want::Nothing || place(other, theirs) < place(party, stream);
        *p != at.0
            && first
            && judgement.verdict((*p, *s)) == Verdict::Holds
            && shares((other, theirs), (party, stream), short)
    };
    let mut ahead: Vec<(usize, usize)> = judgement.line.iter().copied().filter(before).collect();
    ahead.sort_by_key(|&(p, s)| ledger.parties[p].streams[s].ticket < stream.ticket);
    names(ledger, ahead.into_iter().map(|(p, _)| p))
}

/// Who is to close what is in the way.
fn leaving(ledger: &Ledger, judgement: &Judgement, at: (usize, usize)) -> Vec<Holder> {
    let (party, stream) = (&ledger.parties[at.0], &ledger.parties[at.0].streams[at.1]);
    let leaves = ledger.streams().filter(|&(other, of, theirs)| {
        let out = theirs.leased > 0 && matches!(judgement.verdict(other), Verdict::Out(_));
        let way = [Short::Viewers, Short::Recorder, Short::Site];
        other.0 != at.0 && out && way.iter().any(|short| shares((of, theirs), (party, stream), *short))
    });
    names(ledger, leaves.map(|((p, _), _, _)| p))
}

fn names(ledger: &Ledger, parties: impl Iterator<Item = usize>) -> Vec<Holder> {
    let mut seen = HashSet::new();
    let holder = |p: usize| Holder { name: ledger.parties[p].name.clone(), rank: ledger.parties[p].rank };
    parties.filter(|p| seen.insert(*p)).map(holder).take(MOST_NAMES).collect()
}

fn by_others(ledger: &Ledger, me: &Me) -> Option<SiteUse> {
    let mut uses = SiteUse::default();
    for party in ledger.parties.iter().filter(|party| party.client != me.client) {
        let leased = party.streams.iter().filter(|stream| stream.leased > 0);
        let mut sum = 0.0;
        for stream in leased {
            let mbps = f64::from(stream.leased) / 1e3;
            sum += mbps;
            if let Some(recorder) = party.recorder(stream) {
                *uses.recorders.entry(recorder.id.clone()).or_default() += mbps;
                *uses.viewers.entry(stream.camera.clone()).or_default() += 1;
            }
        }
        if sum > 0.0 {
            uses.mbps += sum;
            uses.by.push((Holder { name: party.name.clone(), rank: party.rank }, sum));
        }
    }
    uses.by.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    (uses != SiteUse::default()).then_some(uses)
}
