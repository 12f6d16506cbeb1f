//! The last half minute of what is received live, as it came: what has just happened can be seen again at once, also of a
//! camera that nobody records.
//!
//! **What it does:** keeps the groups of pictures of every open stream by the address that they came from, with the sound of
//! a stream that somebody listens to, in memory alone, half a minute of each as long as all together take no more than they
//! may. Where they would, whoever has kept the longest gives its oldest group.
//!
//! **What it must never know:** cameras, walls, files. Nothing of it is ever written anywhere.
//!
//! **The way through it:** a stream's supervisor has a [`Ring`] and puts what it receives into it; a reel that plays again is
//! [attached](Rings::attach): it is given what is there, and then what comes.
//!
//! # Times
//! A camera's own clock may be wrong by hours. A picture's moment here is when it arrived by this machine's clock, evened out
//! by the ticks that came with it: true to what it takes from the lens to here, some tenths of a second. A packet of sound
//! has its moment beside the pictures by the camera's clock, where that is told for both; else by its own arrival.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use model::{AccessUnit, Address, Moment, SoundPacket};
use parking_lot::Mutex;

/// So much of each stream is kept at least, where there is room.
pub(crate) const KEPT: Duration = Duration::from_secs(32);
/// What nobody has added to for so long is of a stream that is closed, and too old to be seen again.
const FORGOTTEN: Duration = Duration::from_secs(60);
/// Ticks of a second (RFC 3551 §5).
const TICKS: i64 = 90_000;
/// A stream that is so late was held up, or its camera's ticks are no longer those that they were.
const LATE: i64 = 1_500_000;

/// Who is given what comes.
pub(crate) trait Listener: Send + Sync {
    /// Takes a picture of the ring with this number. `hole`: something is missing before it.
    fn remember(&self, ring: u64, at: Moment, unit: &AccessUnit, hole: bool);

    /// Takes a packet of its sound.
    fn hear(&self, ring: u64, at: Moment, packet: &SoundPacket);
}

/// All streams' last half minutes.
#[derive(Clone, Default)]
pub(crate) struct Rings(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Bytes that all may take together; 0: nothing is kept.
    most: usize,
    bytes: usize,
    next: u64,
    rings: HashMap<u64, Kept>,
    listeners: Vec<(Vec<Address>, Weak<dyn Listener>)>,
}

/// What is kept of one stream.
struct Kept {
    address: Address,
    groups: VecDeque<Group>,
    newest: Moment,
    /// The next picture must be a key frame: what comes before it cannot be decoded.
    broken: bool,
    clock: Option<Ticks>,
    sound_clock: Option<Ticks>,
    /// The camera's own clock is ahead of true time by so much, as its newest picture has it.
    ahead_us: Option<i64>,
}

/// A key frame and the pictures that need it, and what was heard meanwhile.
#[derive(Default)]
struct Group {
    units: Vec<(Moment, AccessUnit)>,
    sound: Vec<(Moment, SoundPacket)>,
    bytes: usize,
}

/// From a stream's ticks to true time.
#[derive(Clone, Copy)]
struct Ticks {
    at: Moment,
    timestamp: i64,
    /// Ticks of a second.
    rate: i64,
}

impl Ticks {
    /// When what has these ticks was taken, and has arrived by `arrived`: nothing arrives before it is taken, so the quickest
    /// way that was seen counts.
    fn moment(&mut self, timestamp: i64, arrived: Moment) -> Moment {
        let ticks = timestamp.saturating_sub(self.timestamp);
        let at = self.at.plus_us((i128::from(ticks) * 1_000_000 / i128::from(self.rate)) as i64);
        if at <= arrived && arrived.since_us(at) < LATE {
            return at;
        }
        *self = Self { at: arrived, timestamp, ..*self };
        arrived
    }
}

impl Kept {
    fn oldest(&self) -> Option<Moment> {
        Some(self.groups.front()?.units.first()?.0)
    }

    /// When the first sample of a packet was taken.
    fn heard_at(&mut self, packet: &SoundPacket, arrived: Moment) -> Moment {
        let clocks = packet.captured.zip(self.ahead_us);
        let told =
            clocks.map(|(captured, ahead_us)| Moment::from(captured).plus_us(ahead_us.saturating_neg()));
        // A clock that was set meanwhile tells another time until both tracks have reported it.
        if let Some(told) = told.filter(|told| arrived.since_us(*told).abs() < LATE) {
            return told;
        }
        let (timestamp, rate) = (packet.timestamp, i64::from(packet.format.rate.max(1)));
        self.sound_clock.get_or_insert(Ticks { at: arrived, timestamp, rate }).moment(timestamp, arrived)
    }

    fn length_us(&self) -> i64 {
        self.oldest().map_or(0, |oldest| self.newest.since_us(oldest))
    }
}

impl Rings {
    /// From now on all together take so many bytes at most.
    pub(crate) fn allow(&self, bytes: usize) {
        let mut state = self.0.lock();
        state.most = bytes;
        state.shrink();
    }

    /// Bytes that are kept.
    pub(crate) fn bytes(&self) -> usize {
        self.0.lock().bytes
    }

    /// For a stream that is opened.
    pub(crate) fn ring(&self, address: &Address) -> Ring {
        let mut state = self.0.lock();
        state.next += 1;
        Ring { rings: self.clone(), number: AtomicU64::new(state.next), address: address.clone() }
    }

    /// Whether anything is kept of one of these addresses.
    pub(crate) fn remembers(&self, addresses: &[Address]) -> bool {
        let state = self.0.lock();
        state.rings.values().any(|kept| addresses.contains(&kept.address) && !kept.groups.is_empty())
    }

    /// Gives what is kept of these addresses, and from now on what comes. Of several streams of a camera the one that is
    /// received now goes first, of those the first address; before it begins, another one's.
    pub(crate) fn attach(&self, addresses: &[Address], listener: &Arc<dyn Listener>) {
        let mut state = self.0.lock();
        let place = |kept: &Kept| addresses.iter().position(|address| *address == kept.address);
        let known = state.rings.iter().filter_map(|(number, kept)| Some((*number, kept, place(kept)?)));
        let mut known: Vec<_> = known.filter(|(_, kept, _)| !kept.groups.is_empty()).collect();
        let newest = known.iter().map(|(_, kept, _)| kept.newest).max().unwrap_or_default();
        // One that goes on is as new as any.
        let age = |kept: &Kept| (newest.since_us(kept.newest) / LATE, kept.length_us());
        known.sort_by_key(|(number, kept, place)| (age(kept).0, *place, *number));
        let mut told: Vec<(u64, &Group)> = Vec::new();
        let mut begins = Moment(i64::MAX);
        for (number, kept, _) in &known {
            let ends = |group: &Group| group.units.iter().map(|(at, _)| *at).max().unwrap_or_default();
            let before: Vec<_> = kept.groups.iter().filter(|group| ends(group) < begins).collect();
            begins = begins.min(kept.oldest().unwrap_or(begins));
            told.extend(before.into_iter().map(|group| (*number, group)));
        }
        told.sort_by_key(|(_, group)| group.units.first().map(|(at, _)| *at));
        for (number, group) in told {
            for (at, unit) in &group.units {
                listener.remember(number, *at, unit, false);
            }
            for (at, packet) in &group.sound {
                listener.hear(number, *at, packet);
            }
        }
        state.listeners.retain(|(_, listener)| listener.strong_count() > 0);
        state.listeners.push((addresses.to_vec(), Arc::downgrade(listener)));
    }
}

impl State {
    fn put(&mut self, number: u64, address: &Address, unit: &AccessUnit, arrived: Moment) {
        if self.most == 0 {
            return;
        }
        let kept = self.rings.entry(number).or_insert_with(|| Kept {
            address: address.clone(),
            groups: VecDeque::new(),
            newest: arrived,
            broken: true,
            clock: None,
            sound_clock: None,
            ahead_us: None,
        });
        let clock = kept.clock.get_or_insert(Ticks { at: arrived, timestamp: unit.timestamp, rate: TICKS });
        let at = clock.moment(unit.timestamp, arrived);
        kept.ahead_us = unit.captured.map(|captured| Moment::from(captured).since_us(at));
        let hole = unit.lost_packets > 0;
        kept.broken = !unit.random_access && (kept.broken || hole);
        kept.newest = kept.newest.max(at);
        if !kept.broken {
            if unit.random_access {
                kept.groups.push_back(Group::default());
            }
            if let Some(group) = kept.groups.back_mut() {
                group.units.push((at, unit.clone()));
                group.bytes += unit.data.len();
                self.bytes += unit.data.len();
            }
        }
        while kept
            .groups
            .get(1)
            .and_then(|group| group.units.first())
            .is_some_and(|(second, _)| kept.newest.since_us(*second) >= KEPT.as_micros() as i64)
        {
            self.bytes -= kept.groups.pop_front().map_or(0, |group| group.bytes);
        }
        if unit.random_access {
            self.forget(arrived);
        }
        self.shrink();
        for listener in self.listeners_of(address) {
            listener.remember(number, at, unit, hole);
        }
    }

    /// Keeps a packet of sound with the pictures of its time; without any pictures it is of no use.
    fn hear(&mut self, number: u64, address: &Address, packet: &SoundPacket, arrived: Moment) {
        let Some(kept) = self.rings.get_mut(&number) else { return };
        let at = kept.heard_at(packet, arrived);
        let Some(group) = kept.groups.back_mut() else { return };
        group.sound.push((at, packet.clone()));
        group.bytes += packet.data.len();
        self.bytes += packet.data.len();
        self.shrink();
        for listener in self.listeners_of(address) {
            listener.hear(number, at, packet);
        }
    }

    fn listeners_of(&self, address: &Address) -> impl Iterator<Item = Arc<dyn Listener>> {
        let listeners = self.listeners.iter().filter(|(addresses, _)| addresses.contains(address));
        listeners.filter_map(|(_, listener)| listener.upgrade())
    }

    /// What is of closed streams and too old.
    fn forget(&mut self, now: Moment) {
        let bytes = &mut self.bytes;
        self.rings.retain(|_, kept| {
            let stays = now.since_us(kept.newest) < FORGOTTEN.as_micros() as i64;
            if !stays {
                *bytes -= kept.groups.iter().map(|group| group.bytes).sum::<usize>();
            }
            stays
        });
        self.listeners.retain(|(_, listener)| listener.strong_count() > 0);
    }

    fn shrink(&mut self) {
        while self.bytes > self.most {
            let with_any = self.rings.values_mut().filter(|kept| !kept.groups.is_empty());
            let Some(longest) = with_any.max_by_key(|kept| kept.length_us()) else { return };
            self.bytes -= longest.groups.pop_front().map_or(0, |group| group.bytes);
            // Of a group that has lost its key frame nothing more is of use.
            longest.broken |= longest.groups.is_empty();
        }
    }
}

/// A stream's place in it.
pub(crate) struct Ring {
    rings: Rings,
    number: AtomicU64,
    address: Address,
}

impl Ring {
    /// What comes now is of another session: nothing joins, and its ticks are others.
    pub(crate) fn begin(&self) {
        let mut state = self.rings.0.lock();
        state.next += 1;
        self.number.store(state.next, Ordering::Relaxed);
    }

    /// Takes what has come.
    pub(crate) fn put(&self, unit: &AccessUnit) {
        let arrived = Moment::from(SystemTime::now()).minus(unit.received.elapsed());
        self.rings.0.lock().put(self.number.load(Ordering::Relaxed), &self.address, unit, arrived);
    }

    /// Takes the sound that has come beside it.
    pub(crate) fn hear(&self, packet: &SoundPacket) {
        let arrived = Moment::from(SystemTime::now()).minus(packet.received.elapsed());
        self.rings.0.lock().hear(self.number.load(Ordering::Relaxed), &self.address, packet, arrived);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use model::{Codec, SoundCodec, SoundFormat};

    use super::*;

    const SECOND: i64 = 1_000_000;

    fn address(name: &str) -> Address {
        Address::parse(&format!("rtsp://10.0.0.1/{name}")).unwrap().0
    }

    /// The `n`th of 10 a second, in groups of two seconds.
    fn unit(n: i64, bytes: usize) -> AccessUnit {
        AccessUnit {
            codec: Codec::H265,
            data: vec![0; bytes].into(),
            parameters: Arc::from([]),
            random_access: n % 20 == 0,
            timestamp: n * TICKS / 10,
            lost_packets: 0,
            received: Instant::now(),
            captured: None,
        }
    }

    fn put(rings: &Rings, number: u64, name: &str, n: i64, bytes: usize) {
        let arrived = Moment(n * SECOND / 10 + 30_000);
        rings.0.lock().put(number, &address(name), &unit(n, bytes), arrived);
    }

    /// Pictures, and the moments of sound.
    #[derive(Default)]
    struct Heard(Mutex<Vec<(u64, Moment, bool)>>, Mutex<Vec<Moment>>);

    impl Listener for Heard {
        fn remember(&self, ring: u64, at: Moment, unit: &AccessUnit, _hole: bool) {
            self.0.lock().push((ring, at, unit.random_access));
        }

        fn hear(&self, _ring: u64, at: Moment, _packet: &SoundPacket) {
            self.1.lock().push(at);
        }
    }

    fn attached(rings: &Rings, names: &[&str]) -> Arc<Heard> {
        let heard = Arc::new(Heard::default());
        let listener: Arc<dyn Listener> = Arc::clone(&heard) as Arc<dyn Listener>;
        rings.attach(&names.iter().map(|name| address(name)).collect::<Vec<_>>(), &listener);
        heard
    }

    #[test]
    fn half_a_minute_is_kept_from_a_key_frame_on_and_given_with_what_comes() {
        let rings = Rings::default();
        put(&rings, 1, "a", 0, 100);
        assert_eq!(rings.bytes(), 0, "nothing is kept before it is allowed");
        rings.allow(1 << 20);
        for n in 5..1000 {
            put(&rings, 1, "a", n, 100);
        }
        let heard = attached(&rings, &["a"]);
        let before = heard.0.lock().clone();
        assert!(before[0].2, "a decoder may begin there");
        let length = before.last().unwrap().1.since_us(before[0].1);
        assert!((32 * SECOND..=35 * SECOND).contains(&length), "{length}");
        assert_eq!(rings.bytes(), before.len() * 100);
        put(&rings, 1, "a", 1000, 100);
        assert_eq!(heard.0.lock().len(), before.len() + 1);
        assert!(!rings.remembers(&[address("b")]) && rings.remembers(&[address("b"), address("a")]));
    }

    #[test]
    fn never_more_is_kept_than_is_allowed_and_the_longest_gives_first() {
        let rings = Rings::default();
        rings.allow(400_000);
        // One stream is ten times as heavy as the others.
        for n in 0..600 {
            put(&rings, 1, "heavy", n, 2000);
            put(&rings, 2, "light", n, 200);
            // This one began late.
            if n >= 500 {
                put(&rings, 3, "late", n, 200);
            }
            assert!(rings.bytes() <= 400_000, "{}", rings.bytes());
        }
        let state = rings.0.lock();
        let seconds = |number| state.rings[&number].length_us() / SECOND;
        assert!((seconds(1) - seconds(2)).abs() <= 2, "{} {}", seconds(1), seconds(2));
        assert!(seconds(1) >= 14, "{}", seconds(1));
        assert_eq!(seconds(3), 9);
        drop(state);
        rings.allow(0);
        assert_eq!(rings.bytes(), 0);
    }

    #[test]
    fn a_group_without_end_is_given_up_before_it_takes_everything() {
        let rings = Rings::default();
        rings.allow(10_000);
        put(&rings, 1, "a", 0, 1000);
        for n in 1..200 {
            let endless = AccessUnit { random_access: false, ..unit(n, 1000) };
            rings.0.lock().put(1, &address("a"), &endless, Moment(n * SECOND / 10));
            assert!(rings.bytes() <= 10_000);
        }
        put(&rings, 1, "a", 200, 1000);
        assert_eq!(rings.bytes(), 1000, "from the next key frame on it is kept again");
    }

    #[test]
    fn what_a_camera_sent_in_another_stream_before_is_seen_first() {
        let rings = Rings::default();
        rings.allow(1 << 20);
        for n in 0..100 {
            put(&rings, 1, "sub", n, 100);
        }
        // The small stream is closed when the large one is there.
        for n in 80..300 {
            put(&rings, 2, "main", n, 100);
        }
        let heard = attached(&rings, &["main", "sub"]);
        let all = heard.0.lock().clone();
        assert!(all.windows(2).all(|pair| pair[0].1 < pair[1].1), "in order, nothing twice");
        assert_eq!(all.iter().filter(|(ring, ..)| *ring == 1).count(), 80);
        assert_eq!(all.iter().filter(|(ring, ..)| *ring == 2).count(), 220);
        // A minute later nothing is left of the closed one.
        for n in 300..800 {
            put(&rings, 2, "main", n, 100);
        }
        assert!(!rings.remembers(&[address("sub")]));
    }

    /// The `n`th of 10 a second, which has come 400 ms sooner than the picture of the same moment.
    fn hear(rings: &Rings, n: i64, captured: Option<SystemTime>) {
        let format = SoundFormat { codec: SoundCodec::Pcmu, rate: 8000, channels: 1 };
        let packet = SoundPacket {
            format: Arc::new(format),
            data: vec![0; 800].into(),
            timestamp: n * 800,
            received: Instant::now(),
            captured,
        };
        let arrived = Moment(n * SECOND / 10 + 30_000 - 400_000);
        rings.0.lock().hear(1, &address("a"), &packet, arrived);
    }

    #[test]
    fn sound_is_kept_with_the_pictures_of_its_time_in_the_same_memory_and_goes_with_them() {
        let rings = Rings::default();
        rings.allow(1 << 20);
        hear(&rings, 0, None);
        assert_eq!(rings.bytes(), 0, "nobody can see anything beside it");
        for n in 0..1000 {
            put(&rings, 1, "a", n, 100);
            hear(&rings, n, None);
        }
        let heard = attached(&rings, &["a"]);
        let (pictures, sound) = (heard.0.lock().clone(), heard.1.lock().clone());
        assert_eq!(rings.bytes(), pictures.len() * 100 + sound.len() * 800);
        assert_eq!(pictures.len(), sound.len());
        assert!(sound.windows(2).all(|pair| pair[1].since_us(pair[0]) == SECOND / 10));
        hear(&rings, 1000, None);
        assert_eq!(heard.1.lock().len(), sound.len() + 1);
        rings.allow(0);
        assert_eq!(rings.bytes(), 0);
    }

    #[test]
    fn sound_and_pictures_of_a_camera_that_tells_its_time_have_the_same_moments() {
        let rings = Rings::default();
        rings.allow(1 << 20);
        // Its clock is a year behind.
        let captured = |n: i64| Some(SystemTime::from(Moment(n * SECOND / 10 - 31_536_000 * SECOND)));
        for n in 0..100 {
            let unit = AccessUnit { captured: captured(n), ..unit(n, 100) };
            // Pictures take as long to be coded as they do.
            rings.0.lock().put(1, &address("a"), &unit, Moment(n * SECOND / 10 + 430_000));
            hear(&rings, n + 5, captured(n + 5));
        }
        let heard = attached(&rings, &["a"]);
        let pictures: Vec<Moment> = heard.0.lock().iter().skip(5).map(|(_, at, _)| *at).collect();
        assert_eq!(heard.1.lock()[..95], pictures[..]);
    }

    #[test]
    fn moments_are_as_even_as_the_cameras_ticks_and_never_behind_the_arrival() {
        let mut ticks = Ticks { at: Moment(1_000_000), timestamp: 0, rate: TICKS };
        // Ten pictures a second that arrive up to 300 ms late; the quickest way shows after a while.
        let late = [200, 300, 0, 250, 100, 40, 300];
        let moments: Vec<i64> = (1..)
            .zip(late)
            .map(|(n, late)| ticks.moment(n * 9000, Moment(950_000 + n * 100_000 + late * 1000)).0)
            .collect();
        assert_eq!(moments, [1_100_000, 1_200_000, 1_250_000, 1_350_000, 1_450_000, 1_550_000, 1_650_000]);
        // The camera's ticks begin anew.
        assert_eq!(ticks.moment(0, Moment(5_000_000)).0, 5_000_000);
    }
}
