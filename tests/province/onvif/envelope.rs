//! SOAP 1.2 around requests and answers.

use roxmltree::{Document, Node};

use crate::http::message::Response;

/// Answers and faults of all services may use these prefixes.
const NAMESPACES: &str = concat!(
    r#"xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" "#,
    r#"xmlns:wsa5="http://www.w3.org/2005/08/addressing" "#,
    r#"xmlns:xsd="http://www.w3.org/2001/XMLSchema" "#,
    r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" "#,
    r#"xmlns:tt="http://www.onvif.org/ver10/schema" "#,
    r#"xmlns:tds="http://www.onvif.org/ver10/device/wsdl" "#,
    r#"xmlns:trt="http://www.onvif.org/ver10/media/wsdl" "#,
    r#"xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" "#,
    r#"xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" "#,
    r#"xmlns:timg="http://www.onvif.org/ver20/imaging/wsdl" "#,
    r#"xmlns:tev="http://www.onvif.org/ver10/events/wsdl" "#,
    r#"xmlns:tpv="http://www.onvif.org/ver10/provisioning/wsdl" "#,
    r#"xmlns:tse="http://www.onvif.org/ver10/search/wsdl" "#,
    r#"xmlns:trp="http://www.onvif.org/ver10/replay/wsdl" "#,
    r#"xmlns:trc="http://www.onvif.org/ver10/recording/wsdl" "#,
    r#"xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" "#,
    r#"xmlns:wstop="http://docs.oasis-open.org/wsn/t-1" "#,
    r#"xmlns:tns1="http://www.onvif.org/ver10/topics" "#,
    r#"xmlns:ter="http://www.onvif.org/ver10/error""#,
);

/// Why a request is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Whose mistake: `Sender` or `Receiver`.
    pub(crate) code: &'static str,
    /// ONVIF's subcodes, from the general to the particular.
    pub(crate) subcodes: &'static [&'static str],
    pub(crate) reason: &'static str,
}

impl Fault {
    const fn sender(subcodes: &'static [&'static str], reason: &'static str) -> Self {
        Self { code: "Sender", subcodes, reason }
    }

    pub(crate) const NOT_AUTHORIZED: Self = Self::sender(&["ter:NotAuthorized"], "Sender not Authorized");
    pub(crate) const MALFORMED: Self = Self::sender(&["ter:WellFormed"], "Well-formed Error");
    pub(crate) const NO_PROFILE: Self =
        Self::sender(&["ter:InvalidArgVal", "ter:NoProfile"], "Requested profile token does not exist");
    pub(crate) const NO_PTZ: Self = Self::sender(
        &["ter:InvalidArgVal", "ter:NoPTZProfile"],
        "Profile does not include a PTZ configuration",
    );
    pub(crate) const NO_SOURCE: Self =
        Self::sender(&["ter:InvalidArgVal", "ter:NoSource"], "Requested video source does not exist");
    pub(crate) const NO_TOKEN: Self =
        Self::sender(&["ter:InvalidArgVal", "ter:NoToken"], "Requested token does not exist");
    pub(crate) const NO_ENTITY: Self =
        Self::sender(&["ter:InvalidArgVal", "ter:NoEntity"], "Requested entity does not exist");
    pub(crate) const OUT_OF_RANGE: Self =
        Self::sender(&["ter:InvalidArgVal", "ter:InvalidPosition"], "Requested position is out of bounds");
    pub(crate) const SPACE: Self =
        Self::sender(&["ter:InvalidArgVal", "ter:SpaceNotSupported"], "Requested space is not supported");
    pub(crate) const INVALID: Self = Self::sender(&["ter:InvalidArgVal"], "Argument value invalid");
    pub(crate) const TOO_MANY: Self = Self {
        code: "Receiver",
        subcodes: &["ter:Action", "ter:TooManyPresets"],
        reason: "Maximum number reached",
    };
    pub(crate) const UNSUPPORTED: Self = Self {
        code: "Receiver",
        subcodes: &["ter:ActionNotSupported"],
        reason: "Optional Action Not Implemented",
    };

    /// Its envelope.
    pub(crate) fn to_xml(self) -> String {
        let nested = self.subcodes.iter().rev().fold(String::new(), |inner, code| {
            format!("<SOAP-ENV:Subcode><SOAP-ENV:Value>{code}</SOAP-ENV:Value>{inner}</SOAP-ENV:Subcode>")
        });
        envelope(&format!(
            "<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:{}</SOAP-ENV:Value>{nested}</SOAP-ENV:Code>\
             <SOAP-ENV:Reason><SOAP-ENV:Text xml:lang=\"en\">{}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>",
            self.code, self.reason
        ))
    }
}

/// `body` in its envelope.
pub(crate) fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <SOAP-ENV:Envelope {NAMESPACES}><SOAP-ENV:Header/><SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )
}

/// An HTTP response with an envelope.
pub(crate) fn response(status: u16, xml: String) -> Response {
    Response::new(status).with_body("application/soap+xml; charset=utf-8", xml)
}

/// Text between tags or in an attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The operation inside a request's body: the first element there.
pub(crate) fn operation<'a>(document: &'a Document<'_>) -> Option<Node<'a, 'a>> {
    let envelope = document.root_element();
    child(envelope, "Body")?.children().find(Node::is_element)
}

/// The first child of that local name.
pub(crate) fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|node| node.is_element() && node.tag_name().name() == name)
}

/// The first element of that local name anywhere below.
pub(crate) fn below<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.descendants().find(|node| node.is_element() && node.tag_name().name() == name)
}

/// The trimmed text of a child.
pub(crate) fn text<'a>(node: Node<'a, 'a>, name: &str) -> Option<&'a str> {
    child(node, name)?.text().map(str::trim)
}

/// Seconds of an `xs:duration` of days, hours, minutes and seconds.
pub(crate) fn seconds(text: &str) -> Option<f64> {
    let (mut sum, mut number, mut is_time) = (0.0, String::new(), false);
    for c in text.strip_prefix('P')?.chars() {
        let unit = match c {
            'T' if !is_time => {
                is_time = true;
                continue;
            }
            'D' if !is_time => 86_400.0,
            'H' if is_time => 3600.0,
            'M' if is_time => 60.0,
            'S' if is_time => 1.0,
            '0'..='9' | '.' => {
                number.push(c);
                continue;
            }
            _ => return None,
        };
        sum += number.parse::<f64>().ok()? * unit;
        number.clear();
    }
    number.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, wanted) in [
            ("PT1S", Some(1.0)),
            ("PT0.5S", Some(0.5)),
            ("P1DT1H1M1S", Some(90_061.0)),
            ("PT", Some(0.0)),
            ("1S", None),
            ("PT5", None),
            ("P5S", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_fault_names_its_subcodes_one_within_the_other() {
        let xml = Fault::NO_PROFILE.to_xml();
        let document = Document::parse(&xml).unwrap();
        let fault = operation(&document).unwrap();
        assert_eq!(fault.tag_name().name(), "Fault");
        let values: Vec<_> = fault
            .descendants()
            .filter(|node| node.tag_name().name() == "Value")
            .map(|node| node.text().unwrap())
            .collect();
        assert_eq!(values, ["SOAP-ENV:Sender", "ter:InvalidArgVal", "ter:NoProfile"]);
    }
}
