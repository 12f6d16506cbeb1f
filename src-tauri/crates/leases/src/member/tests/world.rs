//! A server that compares and sets, members that hear of it sooner or later, and engines that open and close streams.
//! Nothing happens unless a test says so.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crate::wish::Profile;
use model::Id;

use crate::ledger::{Ledger, Me, Verdict, judge, parse};
use crate::member::{Member, Write};
use crate::presence::BEAT;
use crate::view::{Answer, Trouble};
use crate::wish::{Limits, Want, Wish};

/// Viewers of every camera, Mb/s of every recorder and site; 10 % of these are left free.
pub(super) const VIEWERS: usize = 3;
pub(super) const RECORDER: f64 = 7.0;
pub(super) const SITE: f64 = 10.0;
pub(super) const CAMERAS: u8 = 6;

pub(super) type Key = (u8, Profile);

pub(super) struct World {
    pub(super) now: Instant,
    pub(super) values: BTreeMap<Id, (u64, Vec<u8>)>,
    revision: u64,
    pub(super) rooms: Vec<Room>,
}

/// One client: its member, the way to the server, and its engine.
pub(super) struct Room {
    pub(super) member: Member,
    pub(super) alive: bool,
    pub(super) online: bool,
    /// What the server has sent and is not read yet.
    inbox: VecDeque<News>,
    /// What was written and has not reached the server yet.
    outbox: VecDeque<Write>,
    next_beat: Instant,
    pub(super) wanted: BTreeMap<u8, Wanted>,
    pub(super) open: BTreeSet<Key>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) large: bool,
    pub(super) selected: bool,
}

enum News {
    Ledger(Id, u64, Vec<u8>),
    Written(Id, u64),
    Outrun(Id),
    AllRead,
}

pub(super) fn site(camera: u8) -> Id {
    Id::new(if camera < CAMERAS - 1 { "site" } else { "other site" }).unwrap()
}

pub(super) fn camera(camera: u8) -> Id {
    Id::new(&format!("camera {camera}")).unwrap()
}

fn recorder(camera: u8) -> Id {
    Id::new(
        ["recorder 0", "recorder 1", "recorder of the other site"][match camera {
            0..3 => 0,
            camera => {
                if site(camera) == site(0) {
                    1
                } else {
                    2
                }
            }
        }],
    )
    .unwrap()
}

pub(super) fn mbps(kind: Profile) -> f64 {
    if kind == Profile::Main { 2.0 } else { 0.256 }
}

impl World {
    pub(super) fn new(ranks: &[u8]) -> Self {
        let now = Instant::now();
        let room = |(at, &rank): (usize, &u8)| Room {
            member: Member::new(
                Me { client: Id::new(&format!("client {at}")).unwrap(), name: format!("room {at}"), rank },
                0.1,
                now,
            ),
            alive: true,
            online: false,
            inbox: VecDeque::new(),
            outbox: VecDeque::new(),
            next_beat: now,
            wanted: BTreeMap::new(),
            open: BTreeSet::new(),
        };
        let rooms = ranks.iter().enumerate().map(room).collect();
        let mut world = Self { now, values: BTreeMap::new(), revision: 0, rooms };
        for at in 0..world.rooms.len() {
            world.connect(at);
        }
        world
    }

    pub(super) fn connect(&mut self, at: usize) {
        let (now, room) = (self.now, &mut self.rooms[at]);
        if !room.alive || room.online {
            return;
        }
        room.online = true;
        room.next_beat = now;
        room.member.connected(now);
        let ledgers = self.values.iter();
        room.inbox = ledgers.map(|(id, (at, value))| News::Ledger(id.clone(), *at, value.clone())).collect();
        room.inbox.push_back(News::AllRead);
    }

    pub(super) fn disconnect(&mut self, at: usize) {
        let room = &mut self.rooms[at];
        if room.online {
            room.online = false;
            room.inbox.clear();
            room.outbox.clear();
            room.member.lost(Trouble::Unreachable, self.now);
        }
    }

    /// Its streams end, and it says nothing to anybody.
    pub(super) fn kill(&mut self, at: usize) {
        let room = &mut self.rooms[at];
        (room.alive, room.online) = (false, false);
        room.open.clear();
        room.inbox.clear();
        room.outbox.clear();
    }

    /// The server loses everything, and with it all connections.
    pub(super) fn empty_store(&mut self) {
        for at in 0..self.rooms.len() {
            self.disconnect(at);
        }
        self.values.clear();
        self.revision = 0;
    }

    /// Somebody writes what he likes.
    pub(super) fn scribble(&mut self, site: &Id, value: &[u8]) {
        self.revision += 1;
        self.values.insert(site.clone(), (self.revision, value.to_vec()));
        for room in self.rooms.iter_mut().filter(|room| room.online) {
            room.inbox.push_back(News::Ledger(site.clone(), self.revision, value.to_vec()));
        }
    }

    /// One message of a room reaches the server; `false` if there is none.
    pub(super) fn deliver(&mut self, at: usize) -> bool {
        let Some(write) = self.rooms[at].outbox.pop_front() else { return false };
        let current = self.values.get(&write.site).map_or(0, |(revision, _)| *revision);
        if current != write.after {
            self.rooms[at].inbox.push_back(News::Outrun(write.site));
            return true;
        }
        self.scribble(&write.site, &write.value);
        self.rooms[at].inbox.push_back(News::Written(write.site, self.revision));
        true
    }

    /// One message of the server is read by a room; `false` if there is none.
    pub(super) fn read(&mut self, at: usize) -> bool {
        let now = self.now;
        let room = &mut self.rooms[at];
        let Some(news) = room.inbox.pop_front() else { return false };
        match news {
            News::Ledger(site, revision, value) => room.member.ledger(&site, revision, Some(&value), now),
            News::Written(site, revision) => room.member.written(&site, revision, now),
            News::Outrun(site) => room.member.outrun(&site, now),
            News::AllRead => room.member.all_read(now),
        };
        true
    }

    /// A room sends what it has to; `false` if it has nothing.
    pub(super) fn send(&mut self, at: usize) -> bool {
        let room = &mut self.rooms[at];
        let writes = if room.online { room.member.next_writes(self.now) } else { Vec::new() };
        let any = !writes.is_empty();
        room.outbox.extend(writes);
        any
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
        let now = self.now;
        for at in 0..self.rooms.len() {
            if self.rooms[at].online && self.rooms[at].next_beat <= now {
                self.rooms[at].next_beat = now + BEAT;
                let id = self.rooms[at].member.id().clone();
                for room in self.rooms.iter_mut().filter(|room| room.online) {
                    room.member.heard(&id, now);
                }
            }
        }
        for room in self.rooms.iter_mut().filter(|room| room.alive) {
            room.member.pass(now);
        }
    }

    /// A room's engine does what it is told. `false` if it had nothing to do.
    pub(super) fn act(&mut self, at: usize) -> bool {
        let now = self.now;
        self.rooms[at].alive && self.rooms[at].act(now)
    }

    /// Everything that can happen without anybody changing his mind, room by room; how many rounds it took.
    pub(super) fn settle(&mut self) -> usize {
        for round in 0..1000 {
            let mut moved = false;
            for at in 0..self.rooms.len() {
                moved |= self.act(at);
                moved |= self.send(at);
                while self.deliver(at) {
                    moved = true;
                }
                while self.read(at) {
                    moved = true;
                }
            }
            if !moved {
                return round;
            }
        }
        panic!("it goes on for ever");
    }

    /// Settles, again and again, while so much time passes.
    pub(super) fn settle_for(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            self.settle();
            self.pass(Duration::from_millis(250));
        }
        self.settle();
    }

    /// What can be read of them: damage at a site where nobody wants anything is nobody's business.
    pub(super) fn ledgers(&self) -> impl Iterator<Item = Ledger> {
        self.values.values().filter_map(|(_, value)| parse(value).ok())
    }

    /// The first limit that the open streams exceed, in words.
    pub(super) fn excess(&self) -> Option<String> {
        let (mut viewers, mut rates) = (BTreeMap::new(), BTreeMap::new());
        for &(of, kind) in self.rooms.iter().flat_map(|room| &room.open) {
            *viewers.entry(camera(of)).or_insert(0) += 1;
            *rates.entry(recorder(of)).or_insert(0.0) += mbps(kind);
        }
        let mut sites = BTreeMap::new();
        for &(of, kind) in self.rooms.iter().flat_map(|room| &room.open) {
            *sites.entry(site(of)).or_insert(0.0) += mbps(kind);
        }
        let many = viewers.iter().find(|(_, count)| **count > VIEWERS).map(|found| format!("{found:?}"));
        let much = rates.iter().find(|(_, rate)| **rate > RECORDER * 0.9).map(|found| format!("{found:?}"));
        let line = sites.iter().find(|(_, rate)| **rate > SITE * 0.9).map(|found| format!("{found:?}"));
        many.or(much).or(line)
    }

    /// What differs from what should be when all is quiet.
    pub(super) fn unfinished(&self) -> Option<String> {
        for ledger in self.ledgers() {
            let judgement = judge(&ledger);
            for (place, party, stream) in ledger.streams() {
                let Some(room) = self.rooms.iter().find(|room| *room.member.id() == party.client) else {
                    return Some(format!("{} is no room", party.client));
                };
                if !room.alive {
                    return Some(format!("{} is dead and in it", party.client));
                }
                let number = stream.camera.as_str().rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap();
                let open = room.open.contains(&(number, stream.kind));
                let due = judgement.verdict(place) == Verdict::Holds;
                if due != open || due != (stream.leased > 0) {
                    return Some(format!("{} {stream:?}: due {due}, open {open}", party.client));
                }
            }
        }
        None
    }
}

impl Room {
    fn act(&mut self, now: Instant) -> bool {
        let before = (self.open.clone(), self.member.view());
        let view = self.member.view();
        let answer = |(of, kind): Key| view.answer(&camera(of), kind);
        // What must be closed, and what nobody wants.
        self.open.retain(|&(of, kind)| {
            let useless = !self.wanted.contains_key(&of);
            !matches!(answer((of, kind)), Answer::Recalled { .. }) && !useless
        });
        for (&of, wanted) in &self.wanted {
            let (main, sub) = ((of, Profile::Main), (of, Profile::Sub));
            if wanted.large && self.open.contains(&main) {
                self.open.remove(&sub); // its first picture has come since
            } else if wanted.large && *answer(main) == Answer::Granted {
                self.open.insert(main);
            } else if *answer(sub) == Answer::Granted {
                self.open.insert(sub);
            }
            if !wanted.large && self.open.contains(&sub) {
                self.open.remove(&main);
            }
        }
        self.tell(now);
        before != (self.open.clone(), self.member.view())
    }

    /// Tells the member what is wanted and what is open.
    pub(super) fn tell(&mut self, now: Instant) {
        let mut wishes = Vec::new();
        let wish = |of: u8, kind, want, selected, open| Wish {
            site: site(of),
            recorder: Some(recorder(of)),
            camera: camera(of),
            kind,
            mbps: mbps(kind),
            want,
            selected,
            open,
            limits: Limits {
                site_mbps: Some(SITE),
                recorder_mbps: Some(RECORDER),
                viewers: Some(VIEWERS as u32),
            },
        };
        for (&of, wanted) in &self.wanted {
            let open = |kind| self.open.contains(&(of, kind));
            let Wanted { large, selected } = *wanted;
            wishes.push(wish(of, Profile::Sub, Want::Base, selected, open(Profile::Sub)));
            if large {
                wishes.push(wish(of, Profile::Main, Want::Upgrade, selected, open(Profile::Main)));
            }
        }
        for &(of, kind) in &self.open {
            let wanted = self.wanted.get(&of).is_some_and(|wanted| wanted.large || kind == Profile::Sub);
            if !wanted {
                wishes.push(wish(of, kind, Want::Nothing, false, true));
            }
        }
        self.member.wish(&wishes, now);
    }
}
