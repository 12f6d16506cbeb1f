//! What is wrong with a list or with what was fetched, in words for people.

use inventory::Flaw;
use inventory::import::{ImportFault, RowError, RowFlaw};
use inventory::signed::SignatureFault;
use inventory::source::SourceFault;

use crate::console::notices;
use crate::wire::Notice;
use crate::wire::stock::RowError as RowErrorWire;
use crate::words::Words;

fn mebibytes(bytes: usize) -> String {
    (bytes >> 20).to_string()
}

/// Why a file is no list at all.
pub(super) fn import_fault(fault: &ImportFault, words: &Words) -> Notice {
    let columns = |missing: &[inventory::Field]| {
        missing.iter().map(|field| field.column()).collect::<Vec<_>>().join(", ")
    };
    let (key, value) = match fault {
        ImportFault::TooLarge { most } => ("import_too_large", mebibytes(*most)),
        ImportFault::TooManyRows { most } => ("import_too_many_rows", most.to_string()),
        ImportFault::TooManyColumns { most } => ("import_too_many_columns", most.to_string()),
        ImportFault::Encoding => ("import_encoding", String::new()),
        ImportFault::Bomb => ("import_bomb", String::new()),
        ImportFault::Workbook => ("import_workbook", String::new()),
        ImportFault::NoHeader => ("import_no_header", String::new()),
        ImportFault::MissingColumns { missing } => ("import_missing_columns", columns(missing)),
    };
    notices::error_notice(key, &[("value", &value)], words)
}

pub(super) fn row_error(error: &RowError, words: &Words) -> RowErrorWire {
    let (key, values) = row_flaw(&error.flaw);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let column = error.column.clone().or_else(|| error.field.map(|field| field.column().to_owned()));
    RowErrorWire {
        row: Some(error.row as usize),
        column: column.unwrap_or_default(),
        value: error.value.clone(),
        text: words.say(key, &values),
    }
}

pub(in crate::console) type Values = Vec<(&'static str, String)>;

fn row_flaw(flaw: &RowFlaw) -> (&'static str, Values) {
    match flaw {
        RowFlaw::Value(flaw) => value_flaw(flaw),
        RowFlaw::NotANumber => ("row_not_a_number", vec![]),
        RowFlaw::NotYesOrNo => ("row_not_yes_or_no", vec![]),
        RowFlaw::NotAZone => ("row_not_a_zone", vec![]),
        RowFlaw::Date => ("row_date", vec![]),
        RowFlaw::Failed => ("row_failed", vec![]),
        RowFlaw::Ragged { expected, found } => {
            ("row_ragged", vec![("expected", expected.to_string()), ("found", found.to_string())])
        }
        RowFlaw::ColumnTwice => ("row_column_twice", vec![]),
        RowFlaw::Differs { row } => ("row_differs", vec![("row", row.to_string())]),
        RowFlaw::NoAddressTemplate => ("row_no_template", vec![]),
        RowFlaw::BadAddressTemplate => ("row_bad_template", vec![]),
        RowFlaw::Hosts { expected } => ("row_hosts", vec![("expected", expected.to_string())]),
        RowFlaw::Sum { expected } => ("row_sum", vec![("expected", expected.to_string())]),
        RowFlaw::TooFewChannels { channels } => ("row_channels", vec![("channels", channels.to_string())]),
    }
}

pub(in crate::console) fn value_flaw(flaw: &Flaw) -> (&'static str, Values) {
    match flaw {
        Flaw::Missing => ("row_missing", vec![]),
        Flaw::TooLong { most } => ("row_too_long", vec![("most", most.to_string())]),
        Flaw::ControlCharacter => ("row_control", vec![]),
        Flaw::DirectionCharacter => ("row_direction", vec![]),
        Flaw::InvisibleCharacter => ("row_invisible", vec![]),
        Flaw::Twice => ("row_twice", vec![]),
        Flaw::NoProfile => ("row_no_profile", vec![]),
        Flaw::ProfileTwice => ("row_profile_twice", vec![]),
        Flaw::OutOfRange { least, most } => {
            ("row_range", vec![("least", least.to_string()), ("most", most.to_string())])
        }
        Flaw::Address(why) => ("row_address", vec![("reason", why.to_string())]),
        Flaw::Login => ("row_login", vec![]),
        Flaw::DeviceAddress(why) => ("row_address", vec![("reason", why.to_string())]),
        Flaw::Relay(why) => ("row_relay", vec![("reason", why.to_string())]),
        Flaw::Lens(why) => ("row_lens", vec![("reason", why.to_string())]),
    }
}

pub(super) fn source_fault(fault: &SourceFault, words: &Words) -> String {
    match fault {
        SourceFault::Unreadable(error) => words.because("stock_unreadable", error),
        SourceFault::Nothing => words.get("stock_nothing").to_owned(),
        SourceFault::TooLarge { most } => words.say("stock_too_large", &[("n", &mebibytes(*most))]),
        SourceFault::Unreachable(reason) => words.because("stock_unreachable", reason),
        SourceFault::Certificate(reason) => words.because("stock_certificate", reason),
        SourceFault::SentElsewhere => words.get("stock_sent_elsewhere").to_owned(),
        SourceFault::Refused { status } => words.say("stock_refused", &[("n", &status.to_string())]),
    }
}

pub(super) fn signature_fault(fault: &SignatureFault, words: &Words) -> String {
    let key = match fault {
        SignatureFault::OtherKey { .. } => "signature_other_key",
        SignatureFault::Changed => "signature_changed",
        SignatureFault::Older { .. } => "signature_older",
        _ => "signature_malformed",
    };
    words.because(key, fault)
}
