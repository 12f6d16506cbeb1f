//! What Dahua's CGI answers, and how it says that something failed.

use model::Fault;

use crate::fields::Fields;
use crate::http::{Answer, Client, Request};
use crate::text::tamed;

/// Asks by `GET`.
pub(super) async fn ask(client: &Client, target: &str) -> Result<Fields, Fault> {
    read(&client.send(&Request::get(target)).await?)
}

/// The same on a connection of its own.
pub(super) async fn ask_alone(client: &Client, target: &str) -> Result<Fields, Fault> {
    read(&client.send(&Request::get(target).fresh()).await?)
}

/// What an answer says: `Error` with more lines behind it is a failure, with whatever status.
pub(super) fn read(answer: &Answer) -> Result<Fields, Fault> {
    let text = answer.text();
    if let (Some(fault), false) = (failure(&text), matches!(answer.status, 401 | 403)) {
        return Err(fault);
    }
    if (200..300).contains(&answer.status) { Ok(Fields::lines(&text)) } else { Err(answer.refusal()) }
}

fn failure(text: &str) -> Option<Fault> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(4);
    let first = lines.next()?;
    if !first.eq_ignore_ascii_case("error") && !first.starts_with("Error:") && !first.starts_with("ErrorID") {
        return None;
    }
    let words = lines.find(|line| line.chars().any(char::is_alphabetic)).unwrap_or(first);
    let known = words.to_ascii_lowercase();
    let missing = ["not implemented", "not support", "invalid request", "no such", "not found"];
    Some(if missing.iter().any(|no| known.contains(no)) {
        Fault::NotOffered
    } else {
        Fault::DeviceSays(tamed(words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_with_whatever_status() {
        assert_eq!(failure("Error\r\nBad Request!\r\n"), Some(Fault::DeviceSays("Bad Request!".to_owned())));
        assert_eq!(failure("\r\nError\r\n"), Some(Fault::DeviceSays("Error".to_owned())));
        assert_eq!(failure("Error\nInvalid Request!"), Some(Fault::NotOffered));
        for text in ["OK", "", "errors=1", "status.ErrorCode=0", "result=Error"] {
            assert_eq!(failure(text), None, "{text}");
        }
    }
}
