//! What a device says it can do: `attributes.cgi`, an XML of groups, categories and attributes, some of them by channel.

use std::collections::HashMap;

use model::{Fault, Span};
use roxmltree::Node;

use crate::http::Client;
use crate::makers::{span, unless_essential};
use crate::text::tamed;
use crate::xml::{self, LocalName};

/// Attributes by channel (`None`: of the whole device) and `Group/Category/Name`.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: HashMap<(Option<u32>, String), String>,
    /// Of parameters of a CGI, by `submenu/parameter`.
    ranges: HashMap<String, Span>,
}

impl Attributes {
    /// Asks for them. A device that does not tell its attributes (old firmware, an account with few rights) offers nothing.
    pub(super) async fn of(client: &Client) -> Result<Self, Fault> {
        let told = client.get("/stw-cgi/attributes.cgi/attributes").await;
        let mut attributes = match unless_essential(told)? {
            Some(text) => unless_essential(Self::read(&text))?.unwrap_or_default(),
            None => Self::default(),
        };
        if attributes.values.keys().any(|(_, name)| name.starts_with("PTZSupport/Support/")) {
            let told = client.get("/stw-cgi/attributes.cgi/ptzcontrol").await;
            if let Some(text) = unless_essential(told)? {
                attributes.ranges = unless_essential(ranges(&text))?.unwrap_or_default();
            }
        }
        Ok(attributes)
    }

    pub(super) fn read(text: &[u8]) -> Result<Self, Fault> {
        let text = xml::vetted(text)?;
        let document = xml::parse(&text)?;
        let found = document.descendants().filter(|node| node.has_tag_name_of("attribute"));
        let values = found.filter_map(|node| {
            let path =
                format!("{}/{}/{}", above(node, "group")?, above(node, "category")?, node.attribute("name")?);
            let channel = above(node, "channel").map(|channel| channel.parse().ok());
            // Of a channel without a number nobody knows whose it is.
            let channel = channel.map_or(Some(None), |number: Option<u32>| number.map(Some))?;
            Some(((channel, path), tamed(node.attribute("value")?)))
        });
        Ok(Self { values: values.collect(), ranges: HashMap::new() })
    }

    /// An attribute of a channel, else of the whole device.
    pub(super) fn get(&self, path: &str, channel: u32) -> Option<&str> {
        let of = |channel| self.values.get(&(channel, path.to_owned()));
        of(Some(channel)).or_else(|| of(None)).map(String::as_str)
    }

    /// Whether it is `True`.
    pub(super) fn is(&self, path: &str, channel: u32) -> bool {
        self.get(path, channel).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Whether an attribute of this name, in whatever group it stands, is told to be `False`.
    pub(super) fn denies(&self, name: &str) -> bool {
        let named = |path: &str| path.rsplit('/').next() == Some(name);
        self.values.iter().any(|((_, path), value)| named(path) && value.eq_ignore_ascii_case("false"))
    }

    /// Whether something of this beginning is told of a channel or of the whole device.
    pub(super) fn tells(&self, start: &str, channel: u32) -> bool {
        let of = |kept: &Option<u32>| kept.is_none_or(|kept| kept == channel);
        self.values.keys().any(|(kept, path)| of(kept) && path.starts_with(start))
    }

    /// A number; 0 if there is none.
    pub(super) fn count(&self, path: &str, channel: u32) -> u32 {
        self.get(path, channel).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// The range of `ptzcontrol`'s parameter, where the device tells it.
    pub(super) fn range(&self, parameter: &str) -> Option<Span> {
        self.ranges.get(parameter).copied()
    }

    #[cfg(test)]
    pub(super) fn with_ranges(mut self, text: &[u8]) -> Self {
        self.ranges = ranges(text).unwrap();
        self
    }
}

/// The name (or, of a channel, the number) of the nearest element of this kind around.
fn above<'a>(node: Node<'a, '_>, kind: &str) -> Option<&'a str> {
    let found = node.ancestors().find(|around| around.has_tag_name_of(kind))?;
    found.attribute("name").or_else(|| found.attribute("number"))
}

/// The ranges of numbers in the description of a CGI.
fn ranges(text: &[u8]) -> Result<HashMap<String, Span>, Fault> {
    let text = xml::vetted(text)?;
    let document = xml::parse(&text)?;
    let parameters = document.descendants().filter(|node| node.has_tag_name_of("parameter"));
    let ranges = parameters.filter_map(|node| {
        let number =
            node.descendants().find(|kind| kind.has_tag_name_of("float") || kind.has_tag_name_of("int"))?;
        let end = |name| number.attribute(name)?.parse().ok().filter(|end: &f64| end.is_finite());
        let range = span(end("min"), end("max"))?;
        Some((format!("{}/{}", above(node, "submenu")?, node.attribute("name")?), range))
    });
    Ok(ranges.collect())
}
