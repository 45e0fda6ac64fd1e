//! What has moved since a model was trained, for the screen.

use std::fmt::Write as _;

use crate::model::drift::{Drift, PSI_SHIFT};

/// Features shown on the screen.
const SCREEN_FEATURES: usize = 10;

/// For the screen.
pub fn text(drift: &Drift) -> String {
    let mut text = format!(
        "Since {}: {} invoices issued, of which {} could have been late by now\n",
        drift.training_cut, drift.issued, drift.ripe
    );
    let percent = |share: f64| 100.0 * share;
    let _ = writeln!(
        text,
        "  late {:.1} % ({:.1} % when it was trained), said {:.1} %; Brier {:.4}, of the rule {:.4}",
        percent(drift.late_ratio[1]),
        percent(drift.late_ratio[0]),
        percent(drift.predicted),
        drift.brier[0],
        drift.brier[1]
    );
    let _ = writeln!(text, "  population stability index (from {PSI_SHIFT} on a shift)");
    let _ = writeln!(text, "    {:<32} {:>6.3}", "probability", drift.probability_shift);
    for feature in drift.features.iter().take(SCREEN_FEATURES) {
        let _ = writeln!(text, "    {:<32} {:>6.3}", feature.feature, feature.shift);
    }
    let _ = match drift.reasons.as_slice() {
        [] if !drift.can_tell() => writeln!(text, "Too few invoices since to tell."),
        [] => writeln!(text, "The model may go on."),
        reasons => writeln!(text, "Train anew: {}.", reasons.join("; ")),
    };
    text
}
