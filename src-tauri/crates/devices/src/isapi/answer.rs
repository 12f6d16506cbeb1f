//! What ISAPI answers, and how it says that something failed.

use model::Fault;
use roxmltree::Node;

use crate::http::{Answer, Client, Request};
use crate::text::tamed;
use crate::xml::{self, number_of, text_of};

/// `ResponseStatus.statusCode` of a success, and of one that holds after a restart.
const SUCCESSES: [f64; 2] = [1.0, 7.0];

/// Asks for a document.
pub(super) async fn ask(client: &Client, target: &str) -> Result<String, Fault> {
    read(&client.send(&Request::get(target)).await?)
}

/// Tells it something.
pub(super) async fn put(client: &Client, target: &str, body: String) -> Result<(), Fault> {
    read(&client.send(&put_request(target, body)).await?).map(drop)
}

/// Asks with a document.
pub(super) async fn post(client: &Client, target: &str, body: String) -> Result<String, Fault> {
    read(&client.send(&Request::post(target, "application/xml; charset=\"UTF-8\"", body)).await?)
}

/// Tells it something on a connection of its own.
pub(super) async fn put_alone(client: &Client, target: &str, body: String) -> Result<(), Fault> {
    read(&client.send(&put_request(target, body).fresh()).await?).map(drop)
}

fn put_request(target: &str, body: String) -> Request {
    Request::put(target, "application/xml; charset=\"UTF-8\"", body)
}

/// The document in an answer, looked at by [`xml::vetted`] (nothing else is known of it), unless the answer says that
/// something failed. Says so with the status, or with `ResponseStatus` and any status, also 200.
pub(super) fn read(answer: &Answer) -> Result<String, Fault> {
    let success = (200..300).contains(&answer.status);
    if success && answer.body.iter().all(u8::is_ascii_whitespace) {
        // That is how some answer a `PUT`.
        return Ok(String::new());
    }
    match xml::vetted(&answer.body) {
        Ok(text) if answer.status == 401 && is_locked(&text) => {
            Err(Fault::DeviceSays("account locked after too many wrong logins".to_owned()))
        }
        Ok(text) => match (failure(&text), success) {
            (Some(fault), _) => Err(fault),
            (None, true) => Ok(text.into_owned()),
            (None, false) => Err(answer.refusal()),
        },
        Err(_) if !success => Err(answer.refusal()),
        Err(fault) => Err(fault),
    }
}

/// A device that has heard too many wrong logins says so with its 401, and asks for none.
fn is_locked(text: &str) -> bool {
    let status = with(text, |root| text_of(root, "lockStatus"));
    status.is_ok_and(|status| status.is_some_and(|status| status == "lock"))
}

/// The failure that a `ResponseStatus` tells of.
pub(super) fn failure(text: &str) -> Option<Fault> {
    let document = xml::parse(text).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "ResponseStatus" {
        return None;
    }
    let code = number_of(root, "statusCode");
    if code.is_some_and(|code| SUCCESSES.contains(&code)) {
        return None;
    }
    let (words, why) = (text_of(root, "statusString"), text_of(root, "subStatusCode"));
    let why = why.unwrap_or_default();
    match why.to_ascii_lowercase().as_str() {
        "methodnotallowed" | "notsupport" | "invalidoperation" => return Some(Fault::NotOffered),
        "lowprivilege" | "nopermission" => return Some(Fault::Forbidden),
        _ => {}
    }
    let words =
        words.unwrap_or_else(|| code.map_or_else(|| "failed".to_owned(), |code| format!("status {code}")));
    Some(Fault::DeviceSays(tamed(&if why.is_empty() { words } else { format!("{words} ({why})") })))
}

/// Reads something out of a document.
pub(super) fn with<T>(text: &str, read: impl FnOnce(Node<'_, '_>) -> T) -> Result<T, Fault> {
    xml::parse(text).map(|document| read(document.root_element()))
}

/// Text as it may stand in a document.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u32, words: &str, why: &str) -> Option<Fault> {
        failure(&format!(
            "<?xml version=\"1.0\"?><ResponseStatus version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\
             <requestURL>/x</requestURL><statusCode>{code}</statusCode><statusString>{words}</statusString>\
             <subStatusCode>{why}</subStatusCode></ResponseStatus>"
        ))
    }

    #[test]
    fn a_locked_account_is_no_wrong_password() {
        let body = "<userCheck><statusValue>401</statusValue><lockStatus>lock</lockStatus><unlockTime>30</unlockTime></userCheck>";
        let answer = |body: &'static str| Answer {
            status: 401,
            headers: hyper::HeaderMap::new(),
            body: bytes::Bytes::from_static(body.as_bytes()),
            told: true,
        };
        assert!(matches!(read(&answer(body)), Err(Fault::DeviceSays(_))));
        assert_eq!(
            read(&answer("<userCheck><lockStatus>unlock</lockStatus></userCheck>")),
            Err(Fault::PasswordRefused)
        );
    }

    #[test]
    fn what_is_not_offered_differs_from_what_is_forbidden_and_what_fails() {
        assert_eq!(status(1, "OK", "ok"), None);
        assert_eq!(status(7, "Reboot Required", "rebootRequired"), None);
        assert_eq!(status(4, "Invalid Operation", "methodNotAllowed"), Some(Fault::NotOffered));
        assert_eq!(status(4, "Invalid Operation", "notSupport"), Some(Fault::NotOffered));
        assert_eq!(status(4, "Invalid Operation", "lowPrivilege"), Some(Fault::Forbidden));
        assert_eq!(
            status(2, "Device Busy", "deviceBusy"),
            Some(Fault::DeviceSays("Device Busy (deviceBusy)".to_owned()))
        );
        assert_eq!(failure("<DeviceInfo><statusCode>4</statusCode></DeviceInfo>"), None);
        assert_eq!(failure("no XML"), None);
    }
}
