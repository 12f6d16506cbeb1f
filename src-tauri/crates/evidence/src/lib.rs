//! Recorded footage as it came from the recorder, in a package that stands in front of a prosecutor.
//!
//! **What it does:** writes access units and sound, untouched, into Matroska files that any player opens; lists and hashes
//! every group of pictures; signs a manifest of all of it; takes a second person's release; seals a package with a
//! passphrase; and checks packages: what is proven, which file and which stretch of time is damaged, and never more.
//!
//! **What it must never know:** the network, windows, decoders, clocks (moments are handed in), where keys are kept, words
//! for people. [`explain`] names messages and their values; the programs have the words.
//!
//! **The way through it:** [`Export::begin`] → [`Export::camera`] gives a [`CameraWriter`] a camera, each on its thread:
//! [`CameraWriter::picture`], [`CameraWriter::sound`], [`CameraWriter::finish`] → [`Export::finish`] signs and renames.
//! [`Export::copy`] → [`CopyWriter`] → [`Export::take_copy`] puts a
//! copy for viewing beside. [`Export::resume`] goes on after a kill or a power cut. [`release`] adds the second signature. [`seal`] and [`open`] make
//! a package one encrypted file, and back. [`verify`] → [`Verdict`] → [`explain`]. [`MediaReader`] reads footage back.
//!
//! # A package
//! A folder with
//!
//! * `NN-CAMERA.mkv`: one camera's footage (Matroska, RFC 9559); a further file `NN-CAMERA.2.mkv` where the coding changes,
//!   the time goes back, or the file gets too large for a stick. MP4 is not written: it holds neither G.711 nor MJPEG, and
//!   its tables would have to wait in memory for the end.
//! * `NN-CAMERA.index.jsonl`: its groups of pictures, each with place, SHA-256 and times, chained: see [`Group`].
//! * `viewing-NN-CAMERA.mp4`: a copy that is only to be looked at ([`ViewingCopy`]), cut into files of an hour.
//! * `still-NNN-CAMERA.jpg` or `.png`, `attached-NNN-NAME`: what was put beside.
//! * `manifest.json`: everything that is said of it ([`Manifest`], [`manifest_schema`]), with sizes and hashes of all files.
//! * `signature.json`: Ed25519 over the manifest's hash; `release.json`: the second person's.
//!
//! # Untouched
//! A unit's NAL units stand in the file as they came, with lengths in front instead of start codes, as Matroska wants it.
//! What lengths can't tell (start codes of three bytes, zeros, nothing at all between two of them) is kept beside the block, so that
//! [`MediaReader`] gives back every unit byte for byte. The parameter sets stand unchanged in the track's head; where a
//! camera changes them, they are put in front of the key frame and marked as not part of the unit. Only the codes of G.726
//! by RFC 3551 are put in the order that Matroska knows, and back when they are read.
//!
//! # What is proven, and what is not
//! If [`verify`] finds no fault and the signature is by an enrolled key, then whoever holds that key has signed exactly these
//! bytes with exactly this description. That the description is true, that the clock was right, and that nothing was altered
//! before it reached the program, no signature proves. A signature by an unknown key proves only that nothing was changed
//! since whoever it was signed it.

#![forbid(unsafe_code)]

mod annex_b;
mod description;
mod digest;
mod explain;
mod export;
mod index;
mod keys;
mod manifest;
mod matroska;
mod mp4;
mod names;
mod parameters;
mod release;
mod sealed;
mod signature;
mod sound;
mod verify;

pub use description::{
    BadText, Case, Clock, ClockMeasurement, Description, Device, G726Packing, Gap, GapReason, LONGEST_TEXT,
    Person, Profile, SoundFormat, Source, Span, Tool,
};
pub use digest::Digest;
pub use explain::{Sentence, explain};
pub use export::{
    CameraSummary, CameraWriter, Complete, CopyOf, CopyWriter, Export, ExportFault, NotAPicture, PARTIAL,
    Progress, Taken, room,
};
pub use index::{Group, INTERRUPTION_MS};
pub use keys::{BadKey, Fingerprint, NotSigned, PublicKey, Signer, SigningKey};
pub use manifest::{
    AttachedFile, Attachment, Camera, IndexFile, KeptFootage, MANIFEST, Manifest, MaskedArea, MaskedLook,
    MediaFile, Piece, RELEASE, SIGNATURE, StillFile, StillSource, ViewingCopy, manifest_schema,
};
pub use matroska::{Contents, Faulty, Introduced, MediaReader};
pub use mp4::CopyCoding;
pub use names::safe_name;
pub use parameters::Unintroduced;
pub use release::{ReleaseFault, release};
pub use sealed::{LONGEST_PASSPHRASE, SEALED, SealFault, open, seal};
pub use signature::Release;
pub use sound::SoundPacket;
pub use verify::{Checked, Fault, FaultKind, Proof, Released, Signed, Verdict, VerifyFault, verify};
