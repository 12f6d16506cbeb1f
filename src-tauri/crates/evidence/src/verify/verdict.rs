//! What a check has come to.

use crate::description::Span;
use crate::digest::Digest;
use crate::keys::Fingerprint;
use crate::manifest::Manifest;
use crate::signature::Release;

/// What is known of a package after it was checked, and no more than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was signed; `None` where no manifest is proven to be the signed one: then nothing in the folder was compared
    /// with anything.
    pub manifest: Option<Manifest>,
    /// Of the manifest's bytes.
    pub sha256: Option<Digest>,
    /// Whose key signed it.
    pub signed: Signed,
    /// Whether a second person released it.
    pub release: Released,
    /// What is not as it was signed, at most [`Verdict::MOST_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many more.
    pub further: u64,
    /// What was looked at.
    pub checked: Checked,
}

/// What a verdict means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Every byte is as an enrolled key has signed it.
    Genuine,
    /// Every byte is as a key has signed it that nobody here knows.
    UnknownKey,
    /// Something is not as it was signed; the faults say what. Everything else is.
    Damaged,
    /// There is no sound signature of a sound manifest: nothing is proven of anything.
    Nothing,
}

/// Whose signature the manifest has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// That of an enrolled key.
    Enrolled(Fingerprint),
    /// That of another key: anybody could have made it.
    Unknown(Fingerprint),
    /// None that is sound.
    No,
}

/// The second person's release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Released {
    /// Somebody else than the operator released it.
    By {
        /// Who, when.
        release: Release,
        /// With which key.
        key: Fingerprint,
        /// Whether it is known here.
        enrolled: bool,
    },
    /// The policy asks for one, and there is none.
    Missing,
    /// The policy asks for none, and there is none.
    NotNeeded,
    /// What is there is none; a fault says why.
    NotSound,
}

/// How much was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files that the manifest names.
    pub files: u64,
    /// Groups of pictures in them.
    pub groups: u64,
    /// Bytes of footage, stills and what is beside.
    pub bytes: u64,
}

/// Something that is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's name in the package.
    pub file: String,
    /// The camera's id, if it is one's footage.
    pub camera: Option<String>,
    /// The first and the last group that it concerns.
    pub groups: Option<(u64, u64)>,
    /// The true times that it concerns.
    pub span: Option<Span>,
    /// What.
    pub kind: FaultKind,
}

/// What is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not there.
    Missing,
    /// It is there, but no plain file.
    NotAFile,
    /// It can't be read, or not understood. Says why, in the system's words or in English.
    Unreadable(String),
    /// It is another one, or has other bytes.
    Altered,
    /// The manifest is not the one that the signature is for.
    NotTheSignedOne,
    /// The release is for another package.
    OfAnotherPackage,
    /// Who took the footage out has released it.
    SamePerson,
    /// Nothing is said of it in the manifest: it does not belong to the package, and nothing is proven of it.
    Unlisted,
    /// The file's beginning: no picture is in it, but players may be misled about codec, size or times.
    HeadAltered,
    /// The file's end: no picture is in it, only where groups begin.
    TailAltered,
    /// Groups of pictures.
    GroupsAltered,
    /// Groups of pictures that are not in the file any more.
    GroupsMissing,
    /// Groups of pictures that are whole, but at another place in the file.
    GroupsMoved,
    /// Bytes that don't belong there, between the groups or behind the end.
    Inserted {
        /// How many.
        bytes: u64,
    },
    /// Groups of another file of the package stand in this one.
    FromElsewhere {
        /// Which file's.
        file: String,
        /// The first and the last.
        groups: (u64, u64),
        /// Their true times.
        span: Span,
    },
    /// The index. Of its media file then only is known whether it is whole.
    IndexAltered {
        /// The first line, counted from 1, that is not as it was written, if that can be told.
        line: Option<u64>,
    },
}

impl Verdict {
    /// The most faults that are told one by one.
    pub const MOST_FAULTS: usize = 1000;

    pub(super) fn nothing_proven() -> Self {
        Self {
            manifest: None,
            sha256: None,
            signed: Signed::No,
            release: Released::NotNeeded,
            faults: Vec::new(),
            further: 0,
            checked: Checked::default(),
        }
    }

    /// What it means.
    #[must_use]
    pub fn proof(&self) -> Proof {
        match (self.signed, self.faults.is_empty()) {
            (Signed::No, _) => Proof::Nothing,
            (_, false) => Proof::Damaged,
            (Signed::Enrolled(_), true) => Proof::Genuine,
            (Signed::Unknown(_), true) => Proof::UnknownKey,
        }
    }

    /// Whether the release that the policy asks for is there, by a known key.
    #[must_use]
    pub fn is_released(&self) -> bool {
        matches!(self.release, Released::NotNeeded | Released::By { enrolled: true, .. })
    }

    /// Whether everything is as it should be: genuine, and released if that is needed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.proof() == Proof::Genuine && self.is_released()
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < Self::MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.further += 1;
        }
    }
}

impl Fault {
    pub(super) fn of(file: &str, kind: FaultKind) -> Self {
        Self { file: file.to_owned(), camera: None, groups: None, span: None, kind }
    }
}
