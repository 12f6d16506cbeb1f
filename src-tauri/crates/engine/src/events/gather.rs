//! The list of what was noticed. What happens again and again at a camera is one line with a count, and what happens at
//! many cameras of a site at once (rain, a power cut) is one line for the site.

use std::collections::VecDeque;

use model::{EventKind, Id};

/// What a device has noticed, with where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// The site.
    pub site: Id,
    /// Its district.
    pub district: String,
    /// The device that says so.
    pub device: Id,
    /// The camera; `None` where it concerns the whole device.
    pub camera: Option<Id>,
    /// What.
    pub kind: EventKind,
    /// It goes on, or is over.
    pub active: bool,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub line: u64,
    /// The site.
    pub site: Id,
    /// The device that has said so first.
    pub device: Id,
    /// The camera; `None` for a whole device, and for many cameras of a site.
    pub camera: Option<Id>,
    /// What.
    pub kind: EventKind,
    /// When it began, ms since 1970.
    pub first_ms: i64,
    /// When it was noticed last, ms since 1970.
    pub last_ms: i64,
    /// How often.
    pub count: u32,
    /// The cameras of the site that are gathered in it, for a line that is for many.
    pub cameras: u32,
    /// It goes on.
    pub active: bool,
    /// It began in quiet hours.
    pub quiet: bool,
    /// Somebody has seen it.
    pub acknowledged: bool,
}

/// See the module. The newest lines only.
#[derive(Debug, Default)]
pub struct Notices {
    /// The oldest first.
    lines: VecDeque<Notice>,
    next: u64,
}

impl Notices {
    /// More lines are not kept.
    pub const MOST: usize = 500;
    /// The same again within this is the same line, ms.
    pub const GATHERED: i64 = 60_000;
    /// More cameras of a site with the same at once are one line.
    pub const STORM: usize = 4;

    /// Takes it into the list; whether it is something new, and not only more of the same.
    pub fn take(&mut self, noticed: &Noticed, now_ms: i64, quiet: bool) -> bool {
        if !noticed.active {
            self.over(noticed);
            return false;
        }
        if let Some(line) = self.lately(noticed, now_ms) {
            (line.count, line.last_ms, line.active) = (line.count.saturating_add(1), now_ms, true);
            return false;
        }
        let (storm, cameras) = self.storm(noticed, now_ms);
        if storm.is_some() || cameras >= Self::STORM {
            return self.take_into_storm(storm, noticed, now_ms, quiet);
        }
        self.add(noticed, noticed.camera.clone(), (now_ms, quiet), 1);
        true
    }

    fn over(&mut self, noticed: &Noticed) {
        let same = |line: &&mut Notice| {
            line.device == noticed.device && line.camera == noticed.camera && line.kind == noticed.kind
        };
        self.lines.iter_mut().filter(same).for_each(|line| line.active = false);
    }

    fn lately(&mut self, noticed: &Noticed, now_ms: i64) -> Option<&mut Notice> {
        let same = |line: &&mut Notice| {
            line.cameras == 1
                && line.device == noticed.device
                && line.camera == noticed.camera
                && line.kind == noticed.kind
                && now_ms - line.last_ms < Self::GATHERED
        };
        self.lines.iter_mut().rev().find(same)
    }

    /// The line of a storm at the site that goes on, and how many cameras have the same lately.
    fn storm(&self, noticed: &Noticed, now_ms: i64) -> (Option<u64>, usize) {
        let lately = |line: &&Notice| {
            line.site == noticed.site && line.kind == noticed.kind && now_ms - line.last_ms < Self::GATHERED
        };
        let mut gathered = self.lines.iter().filter(lately);
        let storm = gathered.clone().find(|line| line.cameras > 1).map(|line| line.line);
        (storm, gathered.by_ref().count())
    }

    fn take_into_storm(&mut self, storm: Option<u64>, noticed: &Noticed, now_ms: i64, quiet: bool) -> bool {
        if let Some(line) = storm.and_then(|number| self.lines.iter_mut().find(|line| line.line == number)) {
            (line.count, line.last_ms) = (line.count.saturating_add(1), now_ms);
            line.cameras = line.cameras.saturating_add(1);
            return false;
        }
        self.add(noticed, None, (now_ms, quiet), 2);
        true
    }

    fn add(&mut self, noticed: &Noticed, camera: Option<Id>, (now_ms, quiet): (i64, bool), cameras: u32) {
        if self.lines.len() >= Self::MOST {
            self.lines.pop_front();
        }
        self.next += 1;
        self.lines.push_back(Notice {
            line: self.next,
            site: noticed.site.clone(),
            device: noticed.device.clone(),
            camera,
            kind: noticed.kind,
            first_ms: now_ms,
            last_ms: now_ms,
            count: 1,
            cameras,
            active: true,
            quiet,
            acknowledged: false,
        });
    }

    /// Somebody has seen this line; gives it, if that is news.
    pub fn acknowledge(&mut self, line: u64) -> Option<Notice> {
        let found = self.lines.iter_mut().find(|found| found.line == line && !found.acknowledged)?;
        found.acknowledged = true;
        Some(found.clone())
    }

    /// All lines, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Notice> {
        self.lines.iter().rev()
    }
}
