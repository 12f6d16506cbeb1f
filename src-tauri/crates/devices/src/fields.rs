//! Answers that are lines of `name=value`, as Wisenet and Dahua give them, and Wisenet's JSON in the same form.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::text::tamed;

/// Lines that are read; the longest real answers (profiles of 64 channels) have some thousands.
const MOST: usize = 50_000;
/// Objects within each other.
const DEEPEST: usize = 16;
/// The longest name; longer ones mean nothing.
const LONGEST: usize = 256;

/// What an answer says, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads lines of `name=value`; others are passed over, and so are spaces before names.
    pub(crate) fn lines(text: &str) -> Self {
        let lines = text.lines().take(MOST).filter_map(|line| line.split_once('='));
        Self(lines.filter_map(|(name, value)| kept(name.trim(), value)).collect())
    }

    /// Reads JSON as if it had been lines: `{"Presets":[{"Preset":1,"Name":"Gate"}]}` is `Preset.1.Name=Gate`. An element of
    /// a list is called by its first member if that is a whole number and the list is not of plain values. `None` if it is
    /// no JSON object.
    pub(crate) fn json(text: &str) -> Option<Self> {
        let value @ Value::Object(_) = serde_json::from_str(text).ok()? else { return None };
        let mut fields = BTreeMap::new();
        flatten(&value, "", DEEPEST, &mut fields);
        Some(Self(fields))
    }

    /// A value, tamed; `None` if there is none or it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A value that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Whether a value is `True`.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// All names and values, in the order of their names.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The numbers that stand between `before` and `after` in names: of `Channel.3.Name` between `Channel.` and `.`, 3.
    /// In order, each once.
    pub(crate) fn numbers(&self, before: &str, after: &str) -> Vec<u32> {
        let names = self.0.range(before.to_owned()..).map(|(name, _)| name.as_str());
        let rests = names.map_while(|name| name.strip_prefix(before));
        let mut numbers: Vec<u32> = rests.filter_map(|rest| rest.split_once(after)?.0.parse().ok()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

fn kept(name: &str, value: &str) -> Option<(String, String)> {
    let sound = !name.is_empty() && name.len() <= LONGEST;
    sound.then(|| (name.to_owned(), tamed(value)))
}

fn flatten(value: &Value, name: &str, depth: usize, fields: &mut BTreeMap<String, String>) {
    if depth == 0 || fields.len() >= MOST || name.len() > LONGEST {
        return;
    }
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(members) => {
            for (part, member) in members {
                match member {
                    // It is called by this already.
                    Value::Number(number) if name.ends_with(&format!("{part}.{number}")) => {}
                    // A list's own name says less than what its elements are called by.
                    Value::Array(elements) if elements.iter().all(Value::is_object) => {
                        for element in elements {
                            flatten(
                                element,
                                &called(element, name).unwrap_or_else(|| below(part)),
                                depth - 1,
                                fields,
                            );
                        }
                    }
                    _ => flatten(member, &below(part), depth - 1, fields),
                }
            }
        }
        Value::Array(elements) => {
            let texts: Vec<String> = elements.iter().map(plain).collect();
            fields.extend(kept(name, &texts.join(",")));
        }
        _ => fields.extend(kept(name, &plain(value))),
    }
}

/// `Channel.0` for `{"Channel": 0, …}`, below the name of what it lies in.
fn called(element: &Value, name: &str) -> Option<String> {
    const CALLED_BY: [&str; 5] = ["Channel", "Profile", "Preset", "AlarmInput", "Result"];
    let member = CALLED_BY.into_iter().find(|member| element.get(member).is_some_and(Value::is_u64))?;
    let number = element.get(member)?;
    Some(if name.is_empty() { format!("{member}.{number}") } else { format!("{name}.{member}.{number}") })
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        Value::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_json_say_the_same() {
        let lines = Fields::lines(
            " Channel.0.Profile.2.Name=H.264\r\nChannel.0.Profile.2.Bitrate=7168\r\nChannel.0.On=True\r\nnothing\r\n",
        );
        let json = r#"{"VideoProfiles":[{"Channel":0,"On":true,"Profiles":[{"Profile":2,"Name":"H.264","Bitrate":7168}]}]}"#;
        assert_eq!(Fields::json(json).unwrap(), lines);
        assert_eq!(lines.get("Channel.0.Profile.2.Name"), Some("H.264"));
        assert_eq!(lines.number("Channel.0.Profile.2.Bitrate"), Some(7168.0));
        assert!(lines.is("Channel.0.On"));
        assert_eq!((lines.get("nothing"), lines.number("Channel.0.On")), (None, None));
    }

    #[test]
    fn numbers_in_names_are_found_in_their_order() {
        let fields = Fields::lines("C.10.x=1\nC.2.x=1\nC.2.y=1\nC.a.x=1\nD.3.x=1\nB[4].x=1\nC.=1");
        assert_eq!(fields.numbers("C.", "."), [2, 10]);
        assert_eq!(fields.numbers("B[", "]"), [4]);
    }

    #[test]
    fn names_of_140_kb_and_markup_stay_short_text() {
        let long = "x".repeat(140_000);
        let fields = Fields::lines(&format!(
            "a={long}\n{long}=1\nb=<img src=x onerror=alert(1)>\nc=../../etc/passwd\n"
        ));
        assert_eq!(fields.get("a").unwrap().len(), 160);
        assert_eq!(fields.all().count(), 3);
        assert_eq!(fields.get("b"), Some("<img src=x onerror=alert(1)>"));
        assert_eq!(fields.get("c"), Some("../../etc/passwd"));
    }

    #[test]
    fn json_that_is_deep_or_odd_harms_nothing() {
        let deep = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
        assert_eq!(Fields::json(&deep).unwrap().all().count(), 0);
        let too_deep = format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
        assert_eq!(Fields::json(&too_deep), None);
        assert_eq!(Fields::json("[1]"), None);
        let odd = Fields::json(r#"{"a":[1,"x",null],"b":null,"c":[{"Channel":-1,"d":2}]}"#).unwrap();
        assert_eq!((odd.get("a"), odd.get("b"), odd.get("c.d")), (Some("1,x,"), None, Some("2")));
    }
}
