//! An answer as a tree.
//!
//! Not the tree that the other protocols read: devices speak ONVIF with prefixes that they never declared, which a proper
//! reader refuses. Names count without their prefixes here, namespaces are only kept for what goes back to the device.

use model::Fault;
use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use std::sync::Arc;

use super::soap::escape;
use crate::text::tamed;
use crate::xml::vetted;

/// An element, with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Element {
    name: String,
    namespace: Option<Arc<str>>,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// The first element of this name directly inside.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements of this name directly inside.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Down by these names, the first of each.
    pub(crate) fn path(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |at, name| at.child(name))
    }

    /// Everything directly inside.
    pub(crate) fn inside(&self) -> &[Self] {
        &self.children
    }

    /// Its own text, without the space around it.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The text at these names; empty if there is none.
    pub(crate) fn text_at(&self, names: &[&str]) -> &str {
        self.path(names).map(Self::text).unwrap_or_default()
    }

    /// The number at these names, if it is one. ±infinity is one: so ONVIF writes limits that don't hold.
    pub(crate) fn number_at(&self, names: &[&str]) -> Option<f64> {
        number(self.text_at(names))
    }

    /// An attribute by its name without prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// As a device reads it again, with namespaces of its own.
    pub(crate) fn written(&self) -> String {
        let mut out = format!("<r:{}", self.name);
        match &self.namespace {
            Some(namespace) => out += &format!(" xmlns:r=\"{}\"", escape(namespace)),
            None => out = format!("<{}", self.name),
        }
        for (key, value) in &self.attributes {
            out += &format!(" {key}=\"{}\"", escape(value));
        }
        let inside: String = self.children.iter().map(Self::written).collect();
        let prefix = if self.namespace.is_some() { "r:" } else { "" };
        out + &format!(">{}{inside}</{prefix}{}>", escape(self.text()), self.name)
    }
}

/// A number as devices write them.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let read = match text {
        "INF" | "+INF" => f64::INFINITY,
        "-INF" => f64::NEG_INFINITY,
        _ => text.parse().ok()?,
    };
    (!read.is_nan()).then_some(read)
}

/// Whether a text says yes.
pub(crate) fn is_true(text: &str) -> bool {
    matches!(text.trim(), "true" | "1" | "True" | "TRUE")
}

/// Reads a document within the bounds of [`vetted`].
///
/// # Errors
/// [`Fault::OversizedAnswer`], [`Fault::Protocol`].
pub(crate) fn read(bytes: &[u8]) -> Result<Element, Fault> {
    let text = vetted(bytes)?;
    let broken = |why: &dyn std::fmt::Display| Fault::Protocol(format!("XML: {}", tamed(&why.to_string())));
    let mut reader = NsReader::from_str(&text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|why| broken(&why))?;
        match event {
            Event::Start(start) => open.push(begun(&start, space)),
            Event::Empty(start) => {
                let element = begun(&start, space);
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::End(_) => {
                let Some(done) = open.pop() else { return Err(broken(&"an end without a beginning")) };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Ok(done),
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, text.as_ref()),
            Event::GeneralRef(entity) => {
                if let Ok(Some(character)) = entity.resolve_char_ref() {
                    append(&mut open, character.encode_utf8(&mut [0; 4]));
                } else {
                    // There is no DTD, so that there are these five and no others.
                    let known = quick_xml::escape::resolve_predefined_entity(entity.as_ref());
                    append(&mut open, known.ok_or_else(|| broken(&"an entity without a meaning"))?);
                }
            }
            Event::Eof => return Err(broken(&"no whole document")),
            _ => {}
        }
    }
}

fn begun(start: &BytesStart<'_>, space: ResolveResult<'_>) -> Element {
    let namespace = match space {
        ResolveResult::Bound(Namespace(name)) => Some(Arc::from(name)),
        _ => None,
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes().flatten() {
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { continue };
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    let name = start.local_name().as_ref().to_owned();
    Element { name, namespace, attributes, ..Element::default() }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_don_t_matter_declared_or_not() {
        let read =
            read(b"<s:A xmlns:s='urn:s'><ptz:B tt:x='1' xmlns='urn:d'> a&amp;b <C/>&#x43;</ptz:B></s:A>")
                .unwrap();
        assert_eq!(read.text_at(&["B"]), "a&b C");
        assert_eq!(read.child("B").unwrap().attribute("x"), Some("1"));
        assert_eq!(read.path(&["B", "C"]).unwrap().namespace.as_deref(), Some("urn:d"));
        assert_eq!(read.path(&["B", "D"]), None);
    }

    #[test]
    fn an_element_goes_back_as_it_came() {
        let came = "<a:P xmlns:a='urn:a' xmlns:t='urn:t'><t:Id kind='&lt;x'>7 &amp; 8</t:Id><Bare/></a:P>";
        let parent = read(came.as_bytes()).unwrap();
        let back: String = parent.inside().iter().map(Element::written).collect();
        assert_eq!(back, "<r:Id xmlns:r=\"urn:t\" kind=\"&lt;x\">7 &amp; 8</r:Id><Bare></Bare>");
    }

    #[test]
    fn numbers_are_read_as_devices_write_them() {
        assert_eq!(number(" -0.5\n"), Some(-0.5));
        assert_eq!(number("INF"), Some(f64::INFINITY));
        assert_eq!(number("-INF"), Some(f64::NEG_INFINITY));
        assert_eq!((number("NaN"), number(""), number("1,5")), (None, None, None));
    }

    #[test]
    fn hostile_documents_end_as_faults() {
        let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
        assert_eq!(read(deep.as_bytes()), Err(Fault::Protocol("XML nested deeper than 64".to_owned())));
        let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>";
        assert!(matches!(read(bomb.as_bytes()), Err(Fault::Protocol(_))));
        for text in ["<l>&b;</l>", "<l>", "</l>", "", "l", "<a><b></a></b>"] {
            assert!(matches!(read(text.as_bytes()), Err(Fault::Protocol(_))), "{text}");
        }
    }
}
