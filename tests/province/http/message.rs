//! HTTP/1.1 requests in, responses out (RFC 9112), as much as devices use of it.

use std::fmt::Write as _;

/// The most that a request's head may take, bytes.
const HEAD: usize = 32 * 1024;
/// The most that its body may take, bytes.
const BODY: usize = 256 * 1024;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As it came: path and query.
    pub(crate) target: String,
    /// Percent-decoded.
    pub(crate) path: String,
    /// Names and values in their order, percent-decoded.
    pub(crate) query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// The bytes are no request that is understood; the status says why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadRequest(pub(crate) u16);

impl Request {
    /// Takes the first request from `input`: it and its length, or `None` if it is not complete.
    pub(crate) fn parse(input: &[u8]) -> Result<Option<(Self, usize)>, BadRequest> {
        let Some(end) = input.windows(4).take(HEAD).position(|window| window == b"\r\n\r\n") else {
            return if input.len() < HEAD { Ok(None) } else { Err(BadRequest(431)) };
        };
        let head = std::str::from_utf8(&input[..end]).map_err(|_| BadRequest(400))?;
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(BadRequest(400));
        };
        let header = |line: &str| {
            let (name, value) = line.split_once(':').ok_or(BadRequest(400))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        };
        let headers = lines.map(header).collect::<Result<Vec<_>, _>>()?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            path: decoded(path),
            query: pairs(query),
            headers,
            body: Vec::new(),
        };
        if request.header("Transfer-Encoding").is_some() {
            return Err(BadRequest(411));
        }
        let length = match request.header("Content-Length") {
            None => 0,
            Some(text) => text.parse::<usize>().map_err(|_| BadRequest(400))?,
        };
        if length > BODY {
            return Err(BadRequest(413));
        }
        let Some(body) = input.get(end + 4..end + 4 + length) else { return Ok(None) };
        request.body = body.to_vec();
        Ok(Some((request, end + 4 + length)))
    }

    /// The first header of that name, whatever the case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first query parameter of that name, whatever the case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A parameter that is a number.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.parameter(name)?.trim().parse().ok()
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// Percent-decoding; what is not UTF-8 then is replaced.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.filter(|_| bytes[i] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[i]));
        i += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// One response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// 200 with a body of that type.
    pub(crate) fn of(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).with_body(kind, body)
    }

    pub(crate) fn text(body: impl Into<Vec<u8>>) -> Self {
        Self::of("text/plain; charset=utf-8", body)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with("Content-Type", kind)
    }

    /// As it goes over the wire; without a length if more of the body comes later.
    pub(crate) fn to_bytes(&self, complete: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            // A value is one line whatever a request made of it.
            let _ = write!(head, "{name}: {}\r\n", value.replace(['\r', '\n'], " "));
        }
        if complete {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        } else {
            head += "Connection: close\r\n";
        }
        let mut bytes = (head + "\r\n").into_bytes();
        bytes.extend(&self.body);
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        490 => "Account Blocked",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_only_when_it_is_whole() {
        let bytes = b"POST /a%20b?X=1&y=%C3%A1&z HTTP/1.1\r\nHost: h\r\ncontent-length: 3\r\n\r\nabcGET";
        for length in 0..bytes.len() - 3 {
            assert_eq!(Request::parse(&bytes[..length]), Ok(None), "{length}");
        }
        let Ok(Some((request, length))) = Request::parse(bytes) else { panic!("not taken") };
        assert_eq!(&bytes[length..], b"GET");
        assert_eq!((request.path.as_str(), request.body.as_slice()), ("/a b", &b"abc"[..]));
        assert_eq!((request.number("x"), request.parameter("Y")), (Some(1), Some("á")));
        assert_eq!((request.parameter("z"), request.header("HOST")), (Some(""), Some("h")));
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let endless = vec![b'a'; HEAD];
        for (bytes, status) in [
            (&endless[..], 431),
            (b"GET /\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nContent-Length: 999999\r\n\r\n", 413),
            (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        ] {
            assert_eq!(Request::parse(bytes), Err(BadRequest(status)));
        }
    }
}
