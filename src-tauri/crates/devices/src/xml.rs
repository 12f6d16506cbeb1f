//! XML from devices, read within bounds.
//!
//! Whoever reads XML from a device looks at it with [`vetted`] first: size, depth and number of elements are bounded
//! and there is no DTD, so that no parser behind it can be made to recurse, to expand or to fetch anything.

use std::borrow::Cow;

use model::Fault;
use quick_xml::Reader;
use quick_xml::events::Event;
use roxmltree::{Document, Node, ParsingOptions};

use crate::http::MAX_BODY;
use crate::text::tamed;

/// Elements within each other; the deepest answer of an ONVIF device has about 20.
pub const MAX_DEPTH: usize = 64;
/// Elements altogether; the largest lists that recorders give have some thousands.
pub const MAX_ELEMENTS: usize = 20_000;

/// The text of an XML document, once it is known to be harmless: at most [`MAX_BODY`] bytes, [`MAX_DEPTH`] deep,
/// [`MAX_ELEMENTS`] elements, no DTD. Bytes that are no UTF-8 are replaced.
///
/// # Errors
/// [`Fault::OversizedAnswer`] or [`Fault::Protocol`], with the bound or the mistake.
pub fn vetted(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if bytes.len() > MAX_BODY {
        return Err(Fault::OversizedAnswer(MAX_BODY));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                depth += 1;
                elements += 1;
            }
            Ok(Event::Empty(_)) => elements += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::DocType(_)) => return Err(Fault::Protocol("XML with a document type".to_owned())),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return Err(Fault::Protocol(format!("XML: {}", tamed(&error.to_string())))),
        }
        if depth > MAX_DEPTH {
            return Err(Fault::Protocol(format!("XML nested deeper than {MAX_DEPTH}")));
        }
        if elements > MAX_ELEMENTS {
            return Err(Fault::Protocol(format!("XML with more than {MAX_ELEMENTS} elements")));
        }
    }
    Ok(text)
}

/// Reads a [`vetted`] text as a tree.
///
/// # Errors
/// [`Fault::Protocol`] with what is wrong.
pub fn parse(text: &str) -> Result<Document<'_>, Fault> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: 8 * MAX_ELEMENTS as u32,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|error| Fault::Protocol(format!("XML: {}", tamed(&error.to_string()))))
}

/// The first element of this name below (or at) `node`, whatever its namespace.
#[must_use]
pub fn find<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.descendants().find(|found| found.has_tag_name_of(name))
}

/// All elements of this name below (or at) `node`, whatever their namespace.
pub fn all<'a, 'input>(node: Node<'a, 'input>, name: &'a str) -> impl Iterator<Item = Node<'a, 'input>> {
    node.descendants().filter(move |found| found.has_tag_name_of(name))
}

/// The tamed text of the first element of this name below `node`; `None` if there is none, or it is empty.
#[must_use]
pub fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    find(node, name).and_then(|found| found.text()).map(tamed).filter(|text| !text.is_empty())
}

/// The number in the first element of this name below `node`.
#[must_use]
pub fn number_of(node: Node<'_, '_>, name: &str) -> Option<f64> {
    text_of(node, name)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Names without a look at their namespace: firmwares differ in it, also between versions of one model.
pub trait LocalName {
    /// Whether it is an element of this local name.
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_whatever_their_namespace() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <a xmlns="urn:x"><b:c xmlns:b="urn:y"> Cổng 1 </b:c><d>-12.5</d><e/></a>"#;
        let vetted = vetted(text.as_bytes()).unwrap();
        let document = parse(&vetted).unwrap();
        let root = document.root_element();
        assert_eq!(text_of(root, "c").as_deref(), Some("Cổng 1"));
        assert_eq!(number_of(root, "d"), Some(-12.5));
        assert_eq!((text_of(root, "e"), text_of(root, "f")), (None, None));
    }

    #[test]
    fn a_bomb_of_entities_is_refused_unexpanded() {
        let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><l>&b;</l>";
        assert_eq!(vetted(bomb.as_bytes()), Err(Fault::Protocol("XML with a document type".to_owned())));
        assert!(parse(bomb).is_err());
    }

    #[test]
    fn nesting_20000_deep_is_refused_and_harms_no_stack() {
        let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
        assert_eq!(vetted(deep.as_bytes()), Err(Fault::Protocol("XML nested deeper than 64".to_owned())));
        // The tree alone would bear it, too.
        let _ = parse(&deep);
    }

    #[test]
    fn the_largest_that_is_allowed_is_read() {
        let deep = format!("{}{}", "<a>".repeat(MAX_DEPTH), "</a>".repeat(MAX_DEPTH));
        assert!(vetted(deep.as_bytes()).is_ok());
        let many = |count: usize| format!("<l>{}</l>", "<a/>".repeat(count - 1));
        assert!(parse(&vetted(many(MAX_ELEMENTS).as_bytes()).unwrap()).is_ok());
        assert!(vetted(many(MAX_ELEMENTS + 1).as_bytes()).is_err());
        assert_eq!(vetted(&vec![b' '; MAX_BODY + 1]), Err(Fault::OversizedAnswer(MAX_BODY)));
    }

    #[test]
    fn what_is_no_xml_is_said_to_be_none() {
        for text in ["<a>", "<a></b>", "", "NG\r\nError Code: 608", "<a>&nope;</a>", "\u{0}<"] {
            let read = vetted(text.as_bytes()).and_then(|text| parse(&text).map(|_| ()));
            assert!(matches!(read, Err(Fault::Protocol(_))), "{text:?}: {read:?}");
        }
    }
}
