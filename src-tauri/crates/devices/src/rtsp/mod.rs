//! Live RTSP sessions (RFC 2326, with the extensions that cameras really use).
//!
//! The session itself is `retina`'s; around it stand the things that it leaves to its user: deadlines, a look at the
//! challenge before a password is sent, random access by our own NAL scan (`retina` takes only IDR for one, so that
//! joining an open-GOP stream would decode nothing), and capture times from sender reports.

mod capture_clock;
mod caught;
mod challenge;
mod nal;
pub mod replay;
mod session;
pub mod talk;

pub use challenge::{ask, try_login};
pub use session::{Arrival, Group, Session, Sounds};

use std::time::Duration;

use retina::codec::{FrameFormat, ParameterSetInsertion, aac, h26x};

/// Annex B for FFmpeg, with parameter sets beside it, because `retina` would put them only before IDR pictures; access units
/// of AAC as they were sent (RFC 3640), with their configuration beside them, as Matroska wants them, too.
const FRAMING: FrameFormat = FrameFormat {
    h26x_framing: h26x::Framing::AnnexB,
    parameter_set_insertion: ParameterSetInsertion::Never,
    aac_framing: aac::Framing::Raw,
};

/// A TCP connection must stand after this.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// Each request must be answered after this.
pub const ANSWER_DEADLINE: Duration = Duration::from_secs(10);
/// The first access unit must be here this long after PLAY.
pub const FIRST_PICTURE_DEADLINE: Duration = Duration::from_secs(15);
/// The largest header of an answer; the longest seen from a real camera is below 4 KiB.
pub const MAX_HEADER: usize = 64 * 1024;
