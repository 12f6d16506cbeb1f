//! What SUNAPI answers, and how it says that something failed.

use model::Fault;

use crate::fields::Fields;
use crate::http::{Answer, Client, Request};
use crate::text::tamed;

/// Asks by `GET`.
pub(super) async fn ask(client: &Client, target: &str) -> Result<Fields, Fault> {
    read(&client.send(&Request::get(target)).await?)
}

/// Asks by `GET`, on a connection of its own.
pub(super) async fn ask_alone(client: &Client, target: &str) -> Result<Fields, Fault> {
    read(&client.send(&Request::get(target).fresh()).await?)
}

/// What an answer says, whatever its status: a failure comes with HTTP 200 as often as with 400.
pub(super) fn read(answer: &Answer) -> Result<Fields, Fault> {
    let text = answer.text();
    if let Some(fault) = failure(&text) {
        return Err(fault);
    }
    match answer.status {
        200..=299 => Ok(fields(&text)),
        // Too many wrong logins: the address is locked out for some minutes, whatever is sent.
        490 => Err(Fault::DeviceSays("account blocked after too many wrong logins (490)".to_owned())),
        _ => Err(answer.refusal()),
    }
}

pub(super) fn fields(text: &str) -> Fields {
    let text = text.trim_start_matches('\u{feff}');
    let json = if text.trim_start().starts_with('{') { Fields::json(text) } else { None };
    json.unwrap_or_else(|| Fields::lines(text))
}

/// The failure that a body tells of: `NG` with `Error Code:` and `Error Details:`, or the same in JSON.
pub(super) fn failure(text: &str) -> Option<Fault> {
    let start = text.trim_start();
    let (code, details) = if start.starts_with('{') {
        let fields = Fields::json(start)?;
        let failed = fields.get("Response").is_some_and(|response| response.eq_ignore_ascii_case("fail"));
        let code = fields.get("Error.Code").map(str::to_owned);
        if !failed && code.is_none() {
            return None;
        }
        (code, fields.get("Error.Details").map(str::to_owned))
    } else {
        let mut lines = start.lines().take(16);
        let told = |name: &str| {
            let line = start
                .lines()
                .take(16)
                .find_map(|line| line.trim().strip_prefix(name)?.trim().strip_prefix(':'));
            line.map(tamed).filter(|text| !text.is_empty())
        };
        let (code, details) = (told("Error Code"), told("Error Details"));
        if lines.next().is_none_or(|first| first.trim() != "NG") && code.is_none() {
            return None;
        }
        (code, details)
    };
    let words = details.unwrap_or_default();
    let known = words.to_ascii_lowercase();
    if ["not implemented", "not support", "submenu not found", "action not found"]
        .iter()
        .any(|no| known.contains(no))
    {
        return Some(Fault::NotOffered);
    }
    Some(Fault::DeviceSays(match (words.is_empty(), code) {
        (true, None) => "NG".to_owned(),
        (true, Some(code)) => format!("error {code}"),
        (false, None) => words,
        (false, Some(code)) => format!("{words} ({code})"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_with_http_200_is_a_failure() {
        let says = |text: &str| Some(Fault::DeviceSays(text.to_owned()));
        assert_eq!(
            failure("NG\r\nError Code: 604\r\nError Details: Invalid Parameter Value\r\n"),
            says("Invalid Parameter Value (604)")
        );
        assert_eq!(failure("Error Code:603"), says("error 603"));
        assert_eq!(failure(" NG "), says("NG"));
        assert_eq!(
            failure("NG\nError Code: 608\nError Details: Feature Not Implemented"),
            Some(Fault::NotOffered)
        );
        let json = r#"{"Response":"Fail","Error":{"Code":600,"Details":"Submenu Not Found"}}"#;
        assert_eq!(failure(json), Some(Fault::NotOffered));
        assert_eq!(failure(r#"{"Response":"Fail"}"#), says("NG"));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in ["OK", "Channel.0.Name=NG", "{\"Response\":\"Success\"}", "", "NGUYEN=1", "{broken"] {
            assert_eq!(failure(text), None, "{text}");
        }
    }
}
