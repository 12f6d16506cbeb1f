//! The parser's verdict, in the user's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Stop;
use crate::words::Words;

/// The parser's verdict in the user's language.
pub(super) fn explain(error: &clap::Error, words: &Words) -> Stop {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Stop::Shown(error.render().to_string());
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let values = context(ContextKind::ValidValue);
            let allowed = if values.is_empty() {
                String::new()
            } else {
                words.say("cli_allowed", &[("values", &values)])
            };
            words.say("cli_bad_value", &[("value", &value), ("argument", &argument), ("allowed", &allowed)])
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
            let name = if argument.is_empty() { context(ContextKind::InvalidSubcommand) } else { argument };
            words.say("cli_unknown", &[("argument", &name)])
        }
        ErrorKind::MissingRequiredArgument => words.say("cli_missing", &[("argument", &argument)]),
        _ => words.get("cli_wrong").to_owned(),
    };
    let command = if argument_of_view(error) { "view " } else { "" };
    Stop::Wrong(format!("{what}\n{}", words.say("cli_see_help", &[("command", command)])))
}

/// Whether the fault lies behind `view`, so that its help is the one to read.
fn argument_of_view(error: &clap::Error) -> bool {
    match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string().contains("watchwall view"),
        _ => !matches!(error.kind(), ErrorKind::InvalidSubcommand),
    }
}
