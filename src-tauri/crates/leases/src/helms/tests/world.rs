//! A server that compares and sets, clients that hear of it sooner or later, and people who steer. Nothing happens unless a
//! test says so.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use model::Id;

use crate::helms::helm::{Hand, parse};
use crate::helms::{AtHelm, Claim, Helms, Write};
use crate::ledger::Me;
use crate::presence::BEAT;

pub(super) struct World {
    pub(super) now: Instant,
    values: BTreeMap<Id, (u64, Vec<u8>)>,
    revision: u64,
    pub(super) rooms: Vec<Room>,
}

pub(super) struct Room {
    pub(super) helms: Helms,
    pub(super) alive: bool,
    pub(super) online: bool,
    inbox: VecDeque<News>,
    outbox: VecDeque<Write>,
    next_beat: Instant,
    /// What the person wants: take it or not.
    pub(super) wanted: BTreeMap<u8, bool>,
}

enum News {
    Helm(Id, u64, Vec<u8>),
    Written(Id, u64),
    Outrun(Id),
    AllRead,
}

pub(super) fn camera(at: u8) -> Id {
    Id::new(&format!("camera {at}")).unwrap()
}

/// The workstation's rank of each room, and the role of who sits there.
pub(super) const RANKS: [(u8, u8); 5] = [(1, 0), (1, 0), (1, 1), (2, 0), (2, 1)];

impl World {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let room = |(at, (rank, _)): (usize, &(u8, u8))| {
            let client = Id::new(&format!("client {at}")).unwrap();
            Room {
                helms: Helms::new(Me { client, name: format!("room {at}"), rank: *rank }, now),
                alive: true,
                online: false,
                inbox: VecDeque::new(),
                outbox: VecDeque::new(),
                next_beat: now,
                wanted: BTreeMap::new(),
            }
        };
        let rooms = RANKS.iter().enumerate().map(room).collect();
        let mut world = Self { now, values: BTreeMap::new(), revision: 0, rooms };
        (0..RANKS.len()).for_each(|at| world.connect(at));
        world
    }

    pub(super) fn connect(&mut self, at: usize) {
        let (now, room) = (self.now, &mut self.rooms[at]);
        if !room.alive || room.online {
            return;
        }
        room.online = true;
        room.next_beat = now;
        room.helms.connected(now);
        let helms = self.values.iter();
        room.inbox = helms.map(|(id, (at, value))| News::Helm(id.clone(), *at, value.clone())).collect();
        room.inbox.push_back(News::AllRead);
    }

    pub(super) fn disconnect(&mut self, at: usize) {
        let room = &mut self.rooms[at];
        if room.online {
            room.online = false;
            room.inbox.clear();
            room.outbox.clear();
            room.helms.lost(self.now);
        }
    }

    pub(super) fn kill(&mut self, at: usize) {
        let room = &mut self.rooms[at];
        (room.alive, room.online) = (false, false);
        room.inbox.clear();
        room.outbox.clear();
        room.wanted.clear();
    }

    /// The server loses what it had.
    pub(super) fn empty_store(&mut self) {
        (0..self.rooms.len()).for_each(|at| self.disconnect(at));
        self.values.clear();
    }

    pub(super) fn scribble(&mut self, at: u8, value: &[u8]) {
        self.put(camera(at), value.to_vec());
    }

    fn put(&mut self, id: Id, value: Vec<u8>) {
        self.revision += 1;
        self.values.insert(id.clone(), (self.revision, value.clone()));
        for room in self.rooms.iter_mut().filter(|room| room.online) {
            room.inbox.push_back(News::Helm(id.clone(), self.revision, value.clone()));
        }
    }

    /// The room reads what came first.
    pub(super) fn read(&mut self, at: usize) -> bool {
        let (now, room) = (self.now, &mut self.rooms[at]);
        match room.inbox.pop_front() {
            Some(News::Helm(id, revision, value)) => room.helms.helm(&id, revision, Some(&value), now),
            Some(News::Written(id, revision)) => room.helms.written(&id, revision, now),
            Some(News::Outrun(id)) => room.helms.outrun(&id, now),
            Some(News::AllRead) => room.helms.all_read(now),
            None => return false,
        };
        true
    }

    /// The room sends what it wants to write.
    pub(super) fn send(&mut self, at: usize) -> bool {
        let room = &mut self.rooms[at];
        let writes = if room.online { room.helms.next_writes(self.now) } else { Vec::new() };
        let any = !writes.is_empty();
        room.outbox.extend(writes);
        any
    }

    /// The server takes the room's first write.
    pub(super) fn deliver(&mut self, at: usize) -> bool {
        let Some(Write { camera, after, value }) = self.rooms[at].outbox.pop_front() else { return false };
        if self.values.get(&camera).map_or(0, |(revision, _)| *revision) == after {
            self.put(camera.clone(), value);
            self.rooms[at].inbox.push_back(News::Written(camera, self.revision));
        } else {
            self.rooms[at].inbox.push_back(News::Outrun(camera));
        }
        true
    }

    /// What the person and the engine do: claim what is wanted, let go what is not or is wanted by somebody before.
    pub(super) fn act(&mut self, at: usize) {
        let (now, room) = (self.now, &mut self.rooms[at]);
        if !room.alive {
            return;
        }
        for of in 0..2 {
            let id = camera(of);
            match (room.wanted.get(&of), room.helms.view().at(&id)) {
                (None, _) => drop(room.helms.let_go(&id, now)),
                (Some(_), AtHelm::UsFor { .. }) => {
                    room.helms.let_go(&id, now);
                    room.wanted.remove(&of);
                }
                (Some(&take), _) => {
                    let claim = Claim { person: String::new(), role: RANKS[at].1, take };
                    room.helms.claim(&id, claim, now);
                }
            }
        }
    }

    pub(super) fn pass(&mut self, by: Duration) {
        let step = Duration::from_millis(50);
        let end = self.now + by;
        while self.now < end {
            self.now += step;
            let beats: Vec<Id> = self
                .rooms
                .iter_mut()
                .enumerate()
                .filter(|(_, room)| room.online && room.next_beat <= self.now)
                .map(|(at, room)| {
                    room.next_beat = self.now + BEAT;
                    Id::new(&format!("client {at}")).unwrap()
                })
                .collect();
            for room in self.rooms.iter_mut().filter(|room| room.alive) {
                if room.online {
                    for id in &beats {
                        room.helms.heard(id, self.now);
                    }
                }
                room.helms.pass(self.now);
            }
        }
    }

    /// Everything that is on its way arrives, and everybody does what is to be done; says how much happened.
    pub(super) fn settle(&mut self) -> usize {
        for moved in 0..1000 {
            let mut any = false;
            for at in 0..self.rooms.len() {
                self.act(at);
                any |= self.send(at) | self.deliver(at) | self.read(at);
            }
            if !any {
                return moved;
            }
        }
        panic!("it never comes to rest");
    }

    pub(super) fn settle_for(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.settle();
            self.pass(Duration::from_millis(100));
        }
        self.settle();
    }

    /// The rooms that may steer this camera as they know it.
    pub(super) fn steering(&self, of: u8) -> Vec<usize> {
        let steers = |room: &Room| {
            matches!(room.helms.view().at(&camera(of)), AtHelm::Us | AtHelm::UsFor { .. }) && room.alive
        };
        (0..self.rooms.len()).filter(|at| steers(&self.rooms[*at])).collect()
    }

    fn hand(at: usize) -> Hand {
        let client = Id::new(&format!("client {at}")).unwrap();
        Hand { client, name: String::new(), rank: RANKS[at].0, role: RANKS[at].1 }
    }

    /// What is wrong at rest.
    pub(super) fn unfinished(&self) -> Option<String> {
        for of in 0..2 {
            let wanting = |at: &usize| self.rooms[*at].alive && self.rooms[*at].wanted.contains_key(&of);
            let wanting: Vec<usize> = (0..self.rooms.len()).filter(wanting).collect();
            let steering = self.steering(of);
            let stored = self.values.get(&camera(of)).and_then(|(_, value)| parse(value).ok());
            let holder = stored.and_then(|helm| helm.holder);
            if steering.len() != usize::from(!wanting.is_empty()) {
                return Some(format!("{wanting:?} want camera {of}, {steering:?} steer it: {holder:?}"));
            }
            if let Some(&at) = steering.first() {
                if holder.as_ref().map(|hand| hand.client.as_str()) != Some(&format!("client {at}")) {
                    return Some(format!("{at} steers camera {of}, the store says {holder:?}"));
                }
                let before = |&&other: &&usize| {
                    self.rooms[other].wanted[&of] && Self::hand(other).goes_before(&Self::hand(at))
                };
                if let Some(other) = wanting.iter().find(before) {
                    return Some(format!("{at} steers camera {of}, and {other} goes before"));
                }
            }
        }
        None
    }
}
