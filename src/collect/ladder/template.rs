//! What the templates shipped are for. What a template of the user's own is for, only the user knows.

use super::step::{End, Step, channel_name};
use crate::ledger::Channel;

/// The script for calls.
const SCRIPT: &str = "call_script";
/// The notice before the due day.
const NOTICE: &str = "pre_due_notice";
/// Asks for nothing.
const THANKS: &str = "thank_you";
/// Letters after the due day, and what they announce.
const LETTERS: [(&str, Option<End>); 6] = [
    ("friendly_reminder", None),
    ("follow_up", None),
    ("final_notice", None),
    ("payment_plan_offer", None),
    ("suspension_notice", Some(End::SuspendService)),
    ("agency_handover", Some(End::Agency)),
];

/// Why a step must not use the template that it names. `later` are the step and those after it.
pub(super) fn fault(step: &Step, later: &[Step]) -> Option<String> {
    let name = step.template.as_str();
    let letter = LETTERS.iter().find(|(own, _)| *own == name);
    let is_call = |channel: &Channel| *channel == Channel::Call;
    if name == THANKS {
        return Some(format!("`{THANKS}` asks for nothing"));
    }
    if name == SCRIPT {
        let other = step.channels.iter().find(|channel| !is_call(channel));
        return other
            .map(|other| format!("`{SCRIPT}` is for calls, not for channel `{}`", channel_name(*other)));
    }
    if (letter.is_some() || name == NOTICE) && step.channels.iter().any(is_call) {
        return Some(format!("`{name}` is no script for channel `call`"));
    }
    if name == NOTICE && !step.is_notice() {
        return Some(format!("`{NOTICE}` is for steps before the due day"));
    }
    let (_, announced) = letter?;
    if step.is_notice() {
        return Some(format!("`{name}` is for steps after the due day"));
    }
    let end = announced.filter(|end| later.iter().all(|step| step.end != Some(*end)))?;
    Some(format!("`{name}` announces what neither this step nor one after it does: end = \"{}\"", end.name()))
}
