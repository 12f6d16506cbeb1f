//! A record as a message of RFC 5424.

use std::io::{self, Write};

use serde_json::Value;

use crate::event::{Event, Kind};
use crate::files;
use crate::record::Record;

/// "log audit", RFC 5424 §6.2.1.
const FACILITY: u8 = 13;
/// The number that RFC 5612 keeps for examples: whoever runs the program has none of their own, and receivers go by the
/// name in front of it.
const STRUCTURED_DATA: &str = "audit@32473";
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Severities of RFC 5424 §6.2.1.
#[derive(Clone, Copy)]
enum Severity {
    Error = 3,
    Warning = 4,
    Notice = 5,
    Informational = 6,
}

impl Severity {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::DamageFound => Self::Error,
            Kind::SignInFailed | Kind::CredentialRefused | Kind::RightsDenied | Kind::LineTorn => {
                Self::Warning
            }
            Kind::AccountCreated
            | Kind::AccountChanged
            | Kind::AccountDisabled
            | Kind::AccountEnabled
            | Kind::PasswordReset
            | Kind::PasswordChanged
            | Kind::SecondFactorAdded
            | Kind::SecondFactorDropped
            | Kind::CredentialSet
            | Kind::CredentialRemoved
            | Kind::Exported
            | Kind::FootageKept
            | Kind::KeptFootageRemoved
            | Kind::PackageSealed
            | Kind::PackageReleased
            | Kind::InventoryImported
            | Kind::InventorySigned
            | Kind::KeyEnrolled
            | Kind::KeyRevoked
            | Kind::SettingsChanged
            | Kind::ZoneMarked
            | Kind::AuditExported
            | Kind::Trimmed => Self::Notice,
            _ => Self::Informational,
        }
    }
}

/// Writes the message, without a line feed. `line` is the record as it stands in its file.
pub(crate) fn write(record: &Record, line: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let kind = record.event.kind();
    let priority = FACILITY * 8 + Severity::of(kind) as u8;
    let time = files::moment(record.time_ms);
    let host = printable(record.workstation.as_str(), 255);
    let message_id = printable(kind.as_str(), 32);
    let data = structured_data(record);
    write!(out, "<{priority}>1 {time:.3} {host} watchwall - {message_id} {data} {BYTE_ORDER_MARK}")?;
    out.write_all(line)
}

/// PRINTUSASCII of RFC 5424 §6: other characters become `_`, nothing becomes the nil value.
fn printable(text: &str, longest: usize) -> String {
    let plain = |character: char| if character.is_ascii_graphic() { character } else { '_' };
    let text: String = text.chars().take(longest).map(plain).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}

fn structured_data(record: &Record) -> String {
    let mut data = format!("[{STRUCTURED_DATA}");
    param(&mut data, "seq", &record.sequence.to_string());
    param(&mut data, "workstation", record.workstation.as_str());
    if let Some(back) = record.clock_back_ms {
        param(&mut data, "clock_back_ms", &back.to_string());
    }
    if let Some(person) = &record.person {
        param(&mut data, "account", person.account.as_str());
        if let Ok(Value::String(role)) = serde_json::to_value(person.role) {
            param(&mut data, "role", &role);
        }
    }
    event_params(&mut data, &record.event);
    param(&mut data, "prev", &record.prev.to_string());
    param(&mut data, "hash", &record.hash.to_string());
    data.push(']');
    data
}

/// The event's fields that are texts, numbers or yes and no; those of a watch too. Lists are left to the message.
fn event_params(data: &mut String, event: &Event) {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(event) else { return };
    if let Some(Value::Object(watch)) = fields.remove("watch") {
        fields.extend(watch);
    }
    for (name, value) in fields.iter().filter(|(name, _)| *name != "kind") {
        // Names are those of our own fields: short, ASCII, and without `=`, `]`, `"` and blanks (§6.3.3). What the
        // account is that something was done to is told from who did it.
        let name = format!("event_{name}");
        match value {
            Value::String(text) => param(data, &name, text),
            Value::Number(number) => param(data, &name, &number.to_string()),
            Value::Bool(yes) => param(data, &name, if *yes { "true" } else { "false" }),
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }
}

/// PARAM-VALUE of §6.3.3: UTF-8, with a backslash before `"`, `\` and `]`. Neither [`Text`](crate::Text) nor ids hold a
/// line feed, which would end the message.
fn param(data: &mut String, name: &str, value: &str) {
    data.push(' ');
    data.push_str(name);
    data.push_str("=\"");
    for character in value.chars() {
        if matches!(character, '"' | '\\' | ']') {
            data.push('\\');
        }
        data.push(character);
    }
    data.push('"');
}
