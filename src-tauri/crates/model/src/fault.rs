//! Why a tile is dark, in codes; the program has the words.

use std::time::Duration;

/// A limit that a device or a link has reached; none of them means that the password is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capacity {
    /// RTSP 453, or a vendor's 561/562: not enough bandwidth left.
    Bandwidth,
    /// RTSP 503, or a vendor's 560: too many viewers.
    Viewers,
}

/// What to do after a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Soon, with growing and randomly spread pauses.
    Backoff,
    /// Not before this has passed.
    NotBefore(Duration),
    /// Not until a person changes something (password, address).
    AfterChange,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The host's name is not known.
    #[error("host name not found: {0}")]
    NameNotFound(String),
    /// No way leads to the host (`host:port`).
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The host is there, but nobody listens at this port (`host:port`).
    #[error("connection refused: {0}")]
    ConnectionRefused(String),
    /// No connection within the deadline.
    #[error("no connection within {} s", .0.as_secs())]
    ConnectTimeout(Duration),
    /// Connected, but no answer within the deadline.
    #[error("no answer within {} s", .0.as_secs())]
    NoAnswer(Duration),
    /// The answer is not RTSP.
    #[error("not an RTSP server")]
    NotRtsp,
    /// TLS was asked for, and what answers does not speak it.
    #[error("no TLS at this port")]
    NotTls,
    /// The answer exceeds what any camera sends.
    #[error("answer larger than {0} bytes")]
    OversizedAnswer(usize),
    /// It asks for a password and none is known.
    #[error("password required")]
    PasswordRequired,
    /// The user or password was refused. Never tried again by itself: recorders lock after 5.
    #[error("user or password refused")]
    PasswordRefused,
    /// It wants the password in clear over a connection that anybody can read.
    #[error("wants the password in clear text")]
    ClearTextPassword,
    /// 403: this user may not see it.
    #[error("forbidden")]
    Forbidden,
    /// 404: no such stream.
    #[error("no such stream")]
    NotFound,
    /// A limit is reached.
    #[error("limit reached: {0:?} (status {1})")]
    Capacity(Capacity, u16),
    /// Another refusal, with its RTSP status.
    #[error("refused with status {0}")]
    Refused(u16),
    /// The device does not offer what was asked of it.
    #[error("not offered by the device")]
    NotOffered,
    /// It refused in words of its own.
    #[error("the device says: {0}")]
    DeviceSays(String),
    /// Its certificate is another than the one that was enrolled; nothing was sent.
    #[error("another certificate than the enrolled one: {0}")]
    Certificate(String),
    /// It sends us to another host than the one that was enrolled; nothing was sent there.
    #[error("sends us to another host: {0}")]
    Elsewhere(String),
    /// The session has no video.
    #[error("no video in the session")]
    NoVideo,
    /// The video is coded in a way that is not supported; the name as the device writes it.
    #[error("unsupported codec {0}")]
    UnsupportedCodec(String),
    /// The session runs, but no picture came within the deadline.
    #[error("no picture within {} s of starting", .0.as_secs())]
    NoFirstPicture(Duration),
    /// Pictures came and then stopped.
    #[error("no new picture for {} s", .0.as_secs())]
    Stalled(Duration),
    /// The connection ended or was cut.
    #[error("connection ended: {0}")]
    Ended(String),
    /// The device breaks the protocol.
    #[error("protocol fault: {0}")]
    Protocol(String),
    /// Decoding on a graphics processor was asked for, and none does it.
    #[error("no hardware decoder: {0}")]
    NoHardware(String),
    /// Access units arrive, but none can be decoded.
    #[error("cannot be decoded: {0}")]
    Undecodable(String),
}

impl Fault {
    /// A capacity answer is not repeated sooner than this.
    pub const CAPACITY_PAUSE: Duration = Duration::from_secs(30);

    /// What to do after it.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::PasswordRequired
            | Self::PasswordRefused
            | Self::ClearTextPassword
            | Self::Forbidden
            | Self::UnsupportedCodec(_)
            | Self::NoHardware(_)
            | Self::NotOffered
            | Self::Certificate(_)
            | Self::Elsewhere(_)
            | Self::NoVideo => Retry::AfterChange,
            Self::Capacity(..) | Self::NotFound | Self::OversizedAnswer(_) => {
                Retry::NotBefore(Self::CAPACITY_PAUSE)
            }
            _ => Retry::Backoff,
        }
    }

    /// A short name that never changes, for messages, logs and statistics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NameNotFound(_) => "name_not_found",
            Self::Unreachable(_) => "unreachable",
            Self::ConnectionRefused(_) => "connection_refused",
            Self::ConnectTimeout(_) => "connect_timeout",
            Self::NoAnswer(_) => "no_answer",
            Self::NotRtsp => "not_rtsp",
            Self::NotTls => "not_tls",
            Self::OversizedAnswer(_) => "oversized_answer",
            Self::PasswordRequired => "password_required",
            Self::PasswordRefused => "password_refused",
            Self::ClearTextPassword => "clear_text_password",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Capacity(Capacity::Bandwidth, _) => "capacity_bandwidth",
            Self::Capacity(Capacity::Viewers, _) => "capacity_viewers",
            Self::Refused(_) => "refused",
            Self::NotOffered => "not_offered",
            Self::DeviceSays(_) => "device_says",
            Self::Certificate(_) => "certificate",
            Self::Elsewhere(_) => "elsewhere",
            Self::NoVideo => "no_video",
            Self::UnsupportedCodec(_) => "unsupported_codec",
            Self::NoFirstPicture(_) => "no_first_picture",
            Self::Stalled(_) => "stalled",
            Self::Ended(_) => "ended",
            Self::Protocol(_) => "protocol",
            Self::NoHardware(_) => "no_hardware",
            Self::Undecodable(_) => "undecodable",
        }
    }

    /// From an RTSP status code (RFC 7826 §17, and vendors' own). 401 is only a refusal once a password was sent.
    #[must_use]
    pub fn from_status(status: u16, password_was_sent: bool) -> Self {
        match status {
            401 if password_was_sent => Self::PasswordRefused,
            401 => Self::PasswordRequired,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            453 | 561 | 562 => Self::Capacity(Capacity::Bandwidth, status),
            503 | 560 => Self::Capacity(Capacity::Viewers, status),
            other => Self::Refused(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacity_is_never_a_wrong_password() {
        for status in [453, 503, 560, 561, 562] {
            let fault = Fault::from_status(status, true);
            assert_eq!(fault.retry(), Retry::NotBefore(Duration::from_secs(30)), "{status}: {fault}");
        }
    }

    #[test]
    fn a_refused_password_is_not_repeated() {
        assert_eq!(Fault::from_status(401, true).retry(), Retry::AfterChange);
        assert_eq!(Fault::from_status(401, false), Fault::PasswordRequired);
    }
}
