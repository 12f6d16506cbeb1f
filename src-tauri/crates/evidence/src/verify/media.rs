//! One media file against its index.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use super::region::Found;
use super::{Fault, FaultKind, Verdict, VerifyFault, Walk, plain_file};
use crate::description::Span;
use crate::digest::Digest;
use crate::index::Group;
use crate::manifest::MediaFile;

/// The bytes that are expected next: head, group, or tail.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) offset: u64,
    pub(super) bytes: u64,
    pub(super) sha256: Digest,
    pub(super) what: What,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum What {
    Head,
    Group(Group),
    Tail,
}

/// How one of them is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    Altered,
    Missing,
    Moved,
}

impl Stretch {
    fn end(&self) -> u64 {
        self.offset + self.bytes
    }
}

impl Walk<'_, '_> {
    pub(super) fn media(
        &mut self,
        camera: usize,
        part: usize,
        file: &MediaFile,
        verdict: &mut Verdict,
    ) -> Result<(), VerifyFault> {
        let id = self.manifest.cameras[camera].source.camera.to_string();
        let fault = |groups: Option<(u64, u64)>, span, kind| Fault {
            file: file.name.clone(),
            camera: Some(id.clone()),
            groups,
            span,
            kind,
        };
        let whole = Some(Span { from: file.from, to: file.to });
        let groups = match self.groups(file) {
            Ok(groups) => groups,
            Err(kind) => {
                verdict.fault(Fault { file: file.index.name.clone(), ..fault(None, None, kind) });
                if let Some(kind) = self.whole(&file.name, file.bytes, file.sha256)? {
                    verdict.fault(fault(None, whole, kind));
                }
                return Ok(());
            }
        };
        let mut media = match plain_file(self.folder, &file.name) {
            Ok(media) => media,
            Err(kind) => {
                verdict.fault(fault(None, whole, kind));
                return Ok(());
            }
        };
        verdict.checked.groups += groups.len() as u64;
        verdict.checked.bytes += file.bytes;
        let stretches = stretches(file, &groups);
        match self.compare(&mut media, (camera, part), &stretches)? {
            Err(error) => verdict.fault(fault(None, whole, FaultKind::Unreadable(error.to_string()))),
            Ok(found) => {
                for (groups, span, kind) in found {
                    verdict.fault(fault(groups, span, kind));
                }
            }
        }
        Ok(())
    }

    /// What differs; nothing, if nothing does.
    fn compare(
        &mut self,
        media: &mut File,
        own: (usize, usize),
        stretches: &[Stretch],
    ) -> Result<std::io::Result<Vec<Finding>>, VerifyFault> {
        let length = match media.metadata() {
            Ok(about) => about.len(),
            Err(error) => return Ok(Err(error)),
        };
        let expected = stretches.last().map_or(0, Stretch::end);
        let mut first = 0;
        while let Some(stretch) = stretches.get(first) {
            match self.is_at(media, stretch, stretch.offset)? {
                Err(error) => return Ok(Err(error)),
                Ok(false) => break,
                Ok(true) => first += 1,
            }
        }
        if first == stretches.len() && length == expected {
            return Ok(Ok(Vec::new()));
        }
        // From the end: everything lies as far behind its place as bytes were put in, or in front as were cut out.
        let begin = stretches.get(first).map_or(expected, |stretch| stretch.offset);
        let mut last = stretches.len();
        let mut end = length;
        while last > first {
            let stretch = &stretches[last - 1];
            let Some(at) = end.checked_sub(stretch.bytes).filter(|at| *at >= begin) else { break };
            match self.is_at(media, stretch, at)? {
                Err(error) => return Ok(Err(error)),
                Ok(false) => break,
                Ok(true) => {
                    last -= 1;
                    end = at;
                }
            }
        }
        if first == last {
            let bytes = end.saturating_sub(begin);
            return Ok(Ok(vec![inserted(stretches, first, bytes)]));
        }
        let found = match self.region(media, begin..end)? {
            Err(error) => return Ok(Err(error)),
            Ok(found) => found,
        };
        let mut states = Vec::with_capacity(last - first);
        for stretch in &stretches[first..last] {
            let at_its_place =
                stretch.end() <= end && self.is_at(media, stretch, stretch.offset)?.unwrap_or(false);
            let moved = matches!(stretch.what, What::Group(group) if found.has(own, &group));
            states.push(match (at_its_place, moved) {
                (true, _) => State::Sound,
                (_, true) => State::Moved,
                _ if begin == end || stretch.offset >= length => State::Missing,
                _ => State::Altered,
            });
        }
        let mut findings = merged(&stretches[first..last], &states);
        findings.extend(self.others_groups(own, &found));
        Ok(Ok(findings))
    }

    fn is_at(
        &mut self,
        media: &mut File,
        stretch: &Stretch,
        at: u64,
    ) -> Result<std::io::Result<bool>, VerifyFault> {
        if let Err(error) = media.seek(SeekFrom::Start(at)) {
            return Ok(Err(error));
        }
        Ok(self.hash_next(media, stretch.bytes)?.map(|found| found == Some(stretch.sha256)))
    }

    /// Groups of other files, those that follow each other there as one.
    fn others_groups(&self, own: (usize, usize), found: &Found) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut before: Option<(usize, usize)> = None;
        for (camera, part, group) in &found.groups {
            let place = (*camera, *part);
            if place == own {
                before = None;
                continue;
            }
            if let Some((.., FaultKind::FromElsewhere { groups, span, .. })) = findings.last_mut()
                && before == Some(place)
                && groups.1 + 1 == group.group
            {
                groups.1 = group.group;
                span.to = span.to.max(group.to);
                continue;
            }
            before = Some(place);
            let file = self.manifest.cameras[place.0].files[place.1].name.clone();
            let span = Span { from: group.from, to: group.to };
            let groups = (group.group, group.group);
            findings.push((None, None, FaultKind::FromElsewhere { file, groups, span }));
        }
        findings
    }
}

/// Groups, true times, what.
type Finding = (Option<(u64, u64)>, Option<Span>, FaultKind);

fn stretches(file: &MediaFile, groups: &[Group]) -> Vec<Stretch> {
    let head = Stretch { offset: 0, bytes: file.head.bytes, sha256: file.head.sha256, what: What::Head };
    let end = groups.last().map_or(file.head.bytes, Group::end);
    let tail = Stretch { offset: end, bytes: file.tail.bytes, sha256: file.tail.sha256, what: What::Tail };
    let groups = groups.iter().map(|group| Stretch {
        offset: group.offset,
        bytes: group.bytes,
        sha256: group.sha256,
        what: What::Group(*group),
    });
    std::iter::once(head).chain(groups).chain([tail]).collect()
}

/// Bytes between the stretch before `next` and itself: the times around them.
fn inserted(stretches: &[Stretch], next: usize, bytes: u64) -> Finding {
    let group = |index: Option<usize>| match stretches.get(index?)?.what {
        What::Group(group) => Some(group),
        _ => None,
    };
    let (before, behind) = (group(next.checked_sub(1)), group(Some(next)));
    let span = match (before, behind) {
        (Some(before), Some(behind)) => Some(Span { from: before.to, to: behind.from.max(before.to) }),
        (Some(only), None) => Some(Span { from: only.to, to: only.to }),
        (None, Some(only)) => Some(Span { from: only.from, to: only.from }),
        (None, None) => None,
    };
    let groups = before.or(behind).map(|group| (group.group, behind.map_or(group.group, |next| next.group)));
    (groups, span, FaultKind::Inserted { bytes })
}

/// One finding for groups that follow each other and share their fate.
fn merged(stretches: &[Stretch], states: &[State]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut before: Option<State> = None;
    for (stretch, state) in stretches.iter().zip(states) {
        let state = *state;
        if state == State::Sound {
            before = None;
            continue;
        }
        match stretch.what {
            What::Head => findings.push((None, None, FaultKind::HeadAltered)),
            What::Tail => findings.push((None, None, FaultKind::TailAltered)),
            What::Group(group) => {
                if let (Some((Some(groups), Some(span), _)), true) =
                    (findings.last_mut(), before == Some(state))
                {
                    groups.1 = group.group;
                    span.to = span.to.max(group.to);
                    continue;
                }
                before = Some(state);
                let kind = match state {
                    State::Missing => FaultKind::GroupsMissing,
                    State::Moved => FaultKind::GroupsMoved,
                    _ => FaultKind::GroupsAltered,
                };
                let span = Span { from: group.from, to: group.to };
                findings.push((Some((group.group, group.group)), Some(span), kind));
            }
        }
    }
    findings
}
