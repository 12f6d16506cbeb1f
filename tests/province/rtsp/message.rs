//! Requests in, responses out.

/// The most that a request's head or body may take, bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// One request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) uri: String,
    headers: Vec<(String, String)>,
}

/// What a client sends down an RTSP connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Request(Request),
    /// Something interleaved, with its channel: a receiver report, a hole punch, or talk.
    Interleaved(u8, Vec<u8>),
}

/// The bytes are not RTSP; the connection cannot be read any further.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not RTSP: {0}")]
pub(crate) struct NotRtsp(&'static str);

/// Takes the first message from `input`: it and its length, or `None` if it is not complete.
pub(crate) fn parse(input: &[u8]) -> Result<Option<(Incoming, usize)>, NotRtsp> {
    // Blank lines between messages are allowed (RFC 2326 §4.1).
    let blank = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let message = &input[blank..];
    if let [b'$', channel, high, low, rest @ ..] = message {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let data = rest.get(..length);
        return Ok(data.map(|data| (Incoming::Interleaved(*channel, data.to_vec()), blank + 4 + length)));
    }
    if message.first() == Some(&b'$') {
        return Ok(None);
    }
    let within = &message[..message.len().min(LIMIT)];
    let Some(end) = within.windows(4).position(|window| window == b"\r\n\r\n") else {
        return if message.len() < LIMIT { Ok(None) } else { Err(NotRtsp("head too long")) };
    };
    let head = std::str::from_utf8(&message[..end]).map_err(|_| NotRtsp("head is not UTF-8"))?;
    let request = parse_head(head)?;
    let body = match request.header("Content-Length") {
        None => 0,
        Some(text) => text.parse::<usize>().map_err(|_| NotRtsp("Content-Length"))?,
    };
    if body > LIMIT {
        return Err(NotRtsp("body too long"));
    }
    let length = end + 4 + body;
    Ok((message.len() >= length).then_some((Incoming::Request(request), blank + length)))
}

fn parse_head(head: &str) -> Result<Request, NotRtsp> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(uri), Some("RTSP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(NotRtsp("request line"));
    };
    if method.is_empty() || uri.is_empty() {
        return Err(NotRtsp("request line"));
    }
    let header = |line: &str| {
        let (name, value) = line.split_once(':').ok_or(NotRtsp("header without colon"))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    let headers = lines.map(header).collect::<Result<_, _>>()?;
    Ok(Request { method: method.to_owned(), uri: uri.to_owned(), headers })
}

impl Request {
    /// The first header of that name, whatever the case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What follows the question mark of the URI, empty where there is none.
    pub(crate) fn query(&self) -> &str {
        self.uri.split_once('?').map_or("", |(_, query)| query)
    }

    /// The path of the URI without slashes at its ends; empty for `*`.
    pub(crate) fn path(&self) -> &str {
        let rest = self
            .uri
            .split_once("://")
            .map_or(self.uri.as_str(), |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        if path == "*" { "" } else { path.trim_matches('/') }
    }
}

/// One response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Response {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_body(mut self, kind: &str, body: String) -> Self {
        self.body = body;
        self.with("Content-Type", kind)
    }

    /// As it goes over the wire, in answer to `request`.
    pub(crate) fn to_bytes(&self, request: &Request) -> Vec<u8> {
        let mut head = format!("RTSP/1.0 {} {}\r\n", self.status, reason(self.status));
        let mut add = |name: &str, value: &str| {
            // A value is one line whatever a request made of it.
            let value = value.replace(['\r', '\n'], " ");
            head += &format!("{name}: {value}\r\n");
        };
        add("CSeq", request.header("CSeq").unwrap_or("0"));
        add("Server", "province");
        for (name, value) in &self.headers {
            add(name, value);
        }
        if !self.body.is_empty() {
            add("Content-Length", &self.body.len().to_string());
        }
        (head + "\r\n" + &self.body).into_bytes()
    }
}

/// RFC 2326 §7.1.1.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        453 => "Not Enough Bandwidth",
        454 => "Session Not Found",
        457 => "Invalid Range",
        560 => "User Limit Exceeded",
        455 => "Method Not Valid in This State",
        459 => "Aggregate Operation Not Allowed",
        461 => "Unsupported Transport",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        551 => "Option not supported",
        _ => "Refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIBE: &[u8] =
        b"DESCRIBE rtsp://127.0.0.1:18554/ch1/sub RTSP/1.0\r\nCSeq: 2\r\ncontent-length: 3\r\n\r\nabcOPTIONS";

    #[test]
    fn a_request_is_taken_only_when_it_is_whole() {
        for length in 0..DESCRIBE.len() - 7 {
            assert_eq!(parse(&DESCRIBE[..length]), Ok(None), "{length}");
        }
        let Ok(Some((Incoming::Request(request), length))) = parse(DESCRIBE) else { panic!("not taken") };
        assert_eq!(&DESCRIBE[length..], b"OPTIONS");
        assert_eq!((request.method.as_str(), request.path()), ("DESCRIBE", "ch1/sub"));
        assert_eq!((request.header("cseq"), request.header("Session")), (Some("2"), None));
    }

    #[test]
    fn interleaved_data_is_skipped() {
        assert_eq!(parse(b"$\x01\0\x04ab"), Ok(None));
        assert_eq!(
            parse(b"\r\n$\x01\0\x04abcdOPTIONS"),
            Ok(Some((Incoming::Interleaved(1, b"abcd".to_vec()), 10)))
        );
    }

    #[test]
    fn what_is_not_rtsp_is_refused() {
        let endless = vec![b'a'; LIMIT];
        for bad in [
            &endless[..],
            b"GET / HTTP/1.1\r\n\r\n",
            b"OPTIONS  RTSP/1.0\r\n\r\n",
            b"OPTIONS * RTSP/1.0\r\nno colon\r\n\r\n",
            b"OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n",
            b"OPTIONS * RTSP/1.0\r\nContent-Length: 70000\r\n\r\n",
            b"OPTIONS * RTSP/1.0\r\nX: \xff\r\n\r\n",
        ] {
            assert!(parse(bad).is_err(), "{}", String::from_utf8_lossy(&bad[..bad.len().min(60)]));
        }
    }

    #[test]
    fn paths_of_all_forms() {
        for (uri, path) in [
            ("*", ""),
            ("rtsp://h", ""),
            ("rtsp://h/", ""),
            ("rtsp://h/ch2/main/?x=1", "ch2/main"),
            ("/ch2/sub", "ch2/sub"),
        ] {
            let request = Request { method: "X".into(), uri: uri.into(), headers: Vec::new() };
            assert_eq!(request.path(), path);
        }
    }

    #[test]
    fn a_header_cannot_be_broken_in_two() {
        let request = Request { method: "X".into(), uri: "*".into(), headers: Vec::new() };
        let bytes = Response::new(200).with("X", "a\r\nY: b").to_bytes(&request);
        assert_eq!(String::from_utf8(bytes).unwrap().matches("\r\n").count(), 5);
    }
}
