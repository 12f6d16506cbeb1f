//! Requests in their envelopes (SOAP 1.2), and what an answer to one says.

use model::Fault;

use super::element::{self, Element};
use crate::text::tamed;

/// A service of ONVIF. A device has an address for each that it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Service {
    Device,
    Media,
    Media2,
    Ptz,
    Imaging,
    Events,
    Provisioning,
    Search,
    Replay,
}

impl Service {
    pub(super) const ALL: [Self; 9] = [
        Self::Device,
        Self::Media,
        Self::Media2,
        Self::Ptz,
        Self::Imaging,
        Self::Events,
        Self::Provisioning,
        Self::Search,
        Self::Replay,
    ];

    /// Its namespace, which is also its name in `GetServices`.
    pub(super) fn namespace(self) -> &'static str {
        match self {
            Self::Device => "http://www.onvif.org/ver10/device/wsdl",
            Self::Media => "http://www.onvif.org/ver10/media/wsdl",
            Self::Media2 => "http://www.onvif.org/ver20/media/wsdl",
            Self::Ptz => "http://www.onvif.org/ver20/ptz/wsdl",
            Self::Imaging => "http://www.onvif.org/ver20/imaging/wsdl",
            Self::Events => "http://www.onvif.org/ver10/events/wsdl",
            Self::Provisioning => "http://www.onvif.org/ver10/provisioning/wsdl",
            Self::Search => "http://www.onvif.org/ver10/search/wsdl",
            Self::Replay => "http://www.onvif.org/ver10/replay/wsdl",
        }
    }

    /// The prefix that its specification writes. Some devices know no other.
    fn prefix(self) -> &'static str {
        match self {
            Self::Device => "tds",
            Self::Media => "trt",
            Self::Media2 => "tr2",
            Self::Ptz => "tptz",
            Self::Imaging => "timg",
            Self::Events => "tev",
            Self::Provisioning => "tpv",
            Self::Search => "tse",
            Self::Replay => "trp",
        }
    }

    /// Whose namespace this is. Several devices call their PTZ and imaging version 1.0, which never was.
    pub(super) fn of(namespace: &str) -> Option<Self> {
        let namespace = namespace.trim().trim_end_matches('/');
        match namespace {
            "http://www.onvif.org/ver10/ptz/wsdl" => Some(Self::Ptz),
            "http://www.onvif.org/ver10/imaging/wsdl" => Some(Self::Imaging),
            _ => Self::ALL.into_iter().find(|service| service.namespace() == namespace),
        }
    }
}

/// One question to a device.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) service: Service,
    /// What is asked; the answer is called the same with `Response` behind.
    pub(super) operation: &'static str,
    /// The question's inside; `P:` stands for the service's own prefix.
    inside: String,
    /// Where the event service's questions go (WS-Addressing), with what a subscription wants to see again.
    addressed: Option<Addressed>,
}

#[derive(Clone, Debug)]
struct Addressed {
    action: &'static str,
    to: String,
    again: String,
}

/// WS-BaseNotification's namespace, for what the event service takes from there.
pub(super) const NOTIFICATION: &str = "http://docs.oasis-open.org/wsn/b-2";

impl Request {
    /// A question without an inside.
    pub(super) fn new(service: Service, operation: &'static str) -> Self {
        Self { service, operation, inside: String::new(), addressed: None }
    }

    /// With an inside, whose texts are [`escape`]d. `P:` is written for the service's own prefix.
    pub(super) fn with(mut self, inside: &str) -> Self {
        let prefix = self.service.prefix();
        self.inside = inside.replace("<P:", &format!("<{prefix}:")).replace("</P:", &format!("</{prefix}:"));
        self
    }

    /// With the headers of WS-Addressing, which the event service insists on: its action, the device's own words for the
    /// place, and elements that a subscription wants to see again.
    pub(super) fn addressed(mut self, action: &'static str, to: &str, again: &str) -> Self {
        self.addressed = Some(Addressed { action, to: to.to_owned(), again: again.to_owned() });
        self
    }

    /// The name of what is asked, as the HTTP header says it.
    pub(super) fn action(&self) -> String {
        match &self.addressed {
            Some(addressed) => addressed.action.to_owned(),
            None => format!("{}/{}", self.service.namespace(), self.operation),
        }
    }

    /// The whole message; `login` is a header that says who asks, or nothing.
    pub(super) fn envelope(&self, login: &str, message: u128) -> String {
        let (prefix, namespace) = (self.service.prefix(), self.service.namespace());
        let mut headers = login.to_owned();
        if let Some(Addressed { action, to, again }) = &self.addressed {
            headers += &format!(
                "<a:Action xmlns:a=\"{ADDRESSING}\">{action}</a:Action>\
                 <a:MessageID xmlns:a=\"{ADDRESSING}\">urn:uuid:{}</a:MessageID>\
                 <a:ReplyTo xmlns:a=\"{ADDRESSING}\"><a:Address>{ADDRESSING}/anonymous</a:Address></a:ReplyTo>\
                 <a:To xmlns:a=\"{ADDRESSING}\">{}</a:To>{again}",
                uuid(message),
                escape(to),
            );
        }
        let header =
            if headers.is_empty() { String::new() } else { format!("<s:Header>{headers}</s:Header>") };
        let operation = self.operation;
        // Renew and Unsubscribe are WS-BaseNotification's, not ONVIF's.
        let (prefix, namespace) = match operation {
            "Renew" | "Unsubscribe" => ("wsnt", NOTIFICATION),
            _ => (prefix, namespace),
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
             xmlns:tt=\"http://www.onvif.org/ver10/schema\" xmlns:{prefix}=\"{namespace}\">{header}\
             <s:Body><{prefix}:{operation}>{}</{prefix}:{operation}></s:Body></s:Envelope>",
            self.inside,
        )
    }
}

const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";

/// 16 bytes that nobody can guess.
pub(crate) fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    u128::from_le_bytes(bytes)
}

/// A random number as a UUID (RFC 9562 §5.4).
pub(crate) fn uuid(random: u128) -> String {
    let bits = (random & !(0xF << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Text as it may stand between tags and in quotes. Control characters, which XML does not have, are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    /// It wants to know who asks, or does not like who does.
    Login,
    /// Anything else.
    Other(Fault),
}

/// The answer's inside, from the body of an HTTP answer with this status. Faults come with 200, 400, 401 and 500, and
/// mean the same with each; what is no SOAP at all is judged by its status.
pub(super) fn answer(operation: &str, status: u16, body: &[u8]) -> Result<Element, Refusal> {
    let envelope = match element::read(body) {
        Ok(envelope) => envelope,
        Err(_) if status == 401 => return Err(Refusal::Login),
        Err(_) if !(200..300).contains(&status) => return Err(Refusal::Other(by_status(status))),
        Err(why) => return Err(Refusal::Other(why)),
    };
    let Some(body) = envelope.child("Body") else {
        return Err(if status == 401 {
            Refusal::Login
        } else if (200..300).contains(&status) {
            Refusal::Other(Fault::Protocol("no SOAP in the answer".to_owned()))
        } else {
            Refusal::Other(by_status(status))
        });
    };
    if let Some(fault) = body.child("Fault") {
        return Err(if status == 401 { Refusal::Login } else { refusal(fault) });
    }
    let wanted = format!("{operation}Response");
    match body.child(&wanted) {
        Some(inside) if (200..300).contains(&status) => Ok(inside.clone()),
        _ if status == 401 => Err(Refusal::Login),
        _ if (200..300).contains(&status) => Err(Refusal::Other(Fault::Protocol(format!(
            "{operation} was asked, something else was answered"
        )))),
        _ => Err(Refusal::Other(by_status(status))),
    }
}

/// What a status without a SOAP fault means.
fn by_status(status: u16) -> Fault {
    match status {
        405 | 501 => Fault::NotOffered,
        other => Fault::from_status(other, false),
    }
}

/// What a SOAP fault means, 1.2 as well as 1.1.
fn refusal(fault: &Element) -> Refusal {
    let mut codes = Vec::new();
    let mut code = fault.child("Code");
    while let Some(at) = code {
        codes.extend(at.child("Value").map(Element::text));
        code = at.child("Subcode");
    }
    codes.extend(fault.child("faultcode").map(Element::text));
    let codes: Vec<&str> =
        codes.iter().map(|code| code.rsplit(':').next().unwrap_or_default().trim()).collect();
    let says = |wanted: &[&str]| codes.iter().any(|code| wanted.iter().any(|w| code.eq_ignore_ascii_case(w)));
    let reason = fault.path(&["Reason", "Text"]).or_else(|| fault.child("faultstring"));
    let reason = tamed(reason.map(Element::text).unwrap_or_default());
    let lower = reason.to_lowercase();
    if says(LOGIN)
        || ["not authorized", "unauthorized", "authentication", "ws-security"]
            .iter()
            .any(|w| lower.contains(w))
    {
        return Refusal::Login;
    }
    Refusal::Other(
        if says(NOT_OFFERED) || lower.contains("not supported") || lower.contains("not implemented") {
            Fault::NotOffered
        } else if says(NOT_FOUND) {
            Fault::NotFound
        } else if says(&["OperationProhibited"]) {
            Fault::Forbidden
        } else if reason.is_empty() {
            Fault::DeviceSays(codes.last().map_or_else(|| "?".to_owned(), |code| tamed(code)))
        } else {
            Fault::DeviceSays(reason)
        },
    )
}

/// ONVIF Core §5.8.2 and WS-Security §12.
const LOGIN: &[&str] = &[
    "NotAuthorized",
    "SenderNotAuthorized",
    "FailedAuthentication",
    "FailedCheck",
    "InvalidSecurity",
    "InvalidSecurityToken",
    "UnsupportedSecurityToken",
    "SecurityTokenUnavailable",
    "MessageExpired",
];

const NOT_OFFERED: &[&str] = &[
    "ActionNotSupported",
    "OptionalActionNotImplemented",
    "NotSupported",
    "PTZNotSupported",
    "NoImagingForSource",
    "ImagingSettingsNotSupported",
    "NoHomePosition",
    "SpaceNotSupported",
    "MustUnderstand",
];

const NOT_FOUND: &[&str] = &["NoToken", "NoProfile", "NoPTZProfile", "NoEntity", "NoSource", "NoConfig"];

#[cfg(test)]
mod tests {
    use super::*;

    fn faulted(inside: &str) -> String {
        format!(
            "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><e:Fault>{inside}</e:Fault>\
             </e:Body></e:Envelope>"
        )
    }

    fn coded(code: &str, reason: &str) -> String {
        faulted(&format!(
            "<e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:InvalidArgVal</e:Value><e:Subcode><e:Value>\
             {code}</e:Value></e:Subcode></e:Subcode></e:Code><e:Reason><e:Text xml:lang=\"en\">{reason}</e:Text>\
             </e:Reason>"
        ))
    }

    #[test]
    fn a_fault_is_a_fault_with_whatever_status_it_comes() {
        let fault = coded("ter:InvalidVelocity", "Too fast");
        for status in [200, 400, 500] {
            let refused = answer("ContinuousMove", status, fault.as_bytes());
            assert_eq!(refused, Err(Refusal::Other(Fault::DeviceSays("Too fast".to_owned()))), "{status}");
        }
        assert_eq!(answer("ContinuousMove", 401, fault.as_bytes()), Err(Refusal::Login));
    }

    #[test]
    fn refused_logins_are_told_from_other_refusals() {
        for code in ["ter:NotAuthorized", "wsse:FailedAuthentication", "wsse:InvalidSecurity"] {
            let refused = answer("GetProfiles", 400, coded(code, "").as_bytes());
            assert_eq!(refused, Err(Refusal::Login), "{code}");
        }
        let old =
            faulted("<faultcode>SOAP-ENV:Client</faultcode><faultstring>Sender not Authorized</faultstring>");
        assert_eq!(answer("GetProfiles", 500, old.as_bytes()), Err(Refusal::Login));
        let other = |code: &str| match answer("GetProfiles", 500, coded(code, "").as_bytes()) {
            Err(Refusal::Other(fault)) => fault,
            other => panic!("{other:?}"),
        };
        assert_eq!(other("ter:ActionNotSupported"), Fault::NotOffered);
        assert_eq!(other("ter:NoToken"), Fault::NotFound);
        assert_eq!(other("ter:Strange"), Fault::DeviceSays("Strange".to_owned()));
    }

    #[test]
    fn what_is_no_soap_is_judged_by_its_status() {
        let page = b"<html><body>401 Unauthorized<br></body></html>";
        assert_eq!(answer("GetServices", 401, page), Err(Refusal::Login));
        assert_eq!(answer("GetServices", 401, b""), Err(Refusal::Login));
        assert_eq!(answer("GetServices", 404, page), Err(Refusal::Other(Fault::NotFound)));
        assert!(matches!(answer("GetServices", 200, b"OK"), Err(Refusal::Other(Fault::Protocol(_)))));
        let other = "<Envelope><Body><GetProfilesResponse/></Body></Envelope>";
        assert!(matches!(
            answer("GetServices", 200, other.as_bytes()),
            Err(Refusal::Other(Fault::Protocol(_)))
        ));
    }

    #[test]
    fn texts_cannot_leave_their_place() {
        let request = Request::new(Service::Ptz, "GotoPreset")
            .with(&format!("<P:PresetToken>{}</P:PresetToken>", escape("1</x><evil a=\"b\">\u{1}&")));
        let envelope = request.envelope("", 0);
        let read = element::read(envelope.as_bytes()).unwrap();
        let token = read.path(&["Body", "GotoPreset", "PresetToken"]).unwrap();
        assert_eq!(token.text(), "1</x><evil a=\"b\">&");
        assert_eq!(request.action(), "http://www.onvif.org/ver20/ptz/wsdl/GotoPreset");
        assert!(envelope.contains("<tptz:GotoPreset>"));
    }

    #[test]
    fn namespaces_name_services() {
        for service in Service::ALL {
            assert_eq!(Service::of(service.namespace()), Some(service));
        }
        assert_eq!(Service::of("http://www.onvif.org/ver10/ptz/wsdl"), Some(Service::Ptz));
        assert_eq!(Service::of("http://www.example.com/"), None);
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
