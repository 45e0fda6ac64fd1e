//! Artefacts of earlier formats, brought up to the present one as they are read: a model once trusted goes on working.

use serde_json::{Value, json};

use crate::asof::feature;

/// Features of every model in format 1, which did not name them, in its order.
const FEATURES_1: &str = "\
    terms_days amount age_days days_to_due due_monday due_tuesday due_wednesday due_thursday due_friday due_saturday \
    due_sunday due_day_of_month due_to_month_end issued_day_of_month issued_weekday due_season_sin due_season_cos \
    paid_amount paid_late_amount paid_count paid_late_count late_ratio late_amount_ratio delay_mean late_delay_mean \
    delay_sd pay_days_mean paid_count_30d late_ratio_30d delay_mean_30d paid_count_90d late_ratio_90d delay_mean_90d \
    paid_count_180d late_ratio_180d delay_mean_180d delay_q10 delay_q25 delay_q50 delay_q75 delay_q90 delay_last_1 \
    delay_last_2 delay_last_3 delay_last_4 delay_last_5 delay_decayed late_decayed late_ratio_last_10 delay_trend \
    over_terms_ratio_last_20 overdue_ratio overdue_amount_ratio overdue_days_mean open_amount overdue_amount open_count \
    overdue_count since_paid_days run_weekday_ratio run_after_due_days same_weekday_count same_weekday_late_ratio \
    same_weekday_delay_mean issued_count_30d issued_surge_ratio amount_to_usual open_to_quarter disputes_ratio \
    disputes_count promises_broken_ratio promises_count promises_broken_count late_ratio_shrunk late_odds late_odds_90d \
    late_odds_30d late_odds_decayed late_odds_same_weekday late_delay_shrunk";

/// What format 1 wrote as the hash of those features.
const FEATURE_HASH_1: &str = "e6c71be765ecc83489bc9b9cb01d998f5fb9f04faad2c1ce296a02df35c63387";

/// Brings an artefact of an earlier format up to the present one; `None` for a format that is not known, or one whose
/// features are not.
pub fn upgrade(artefact: Value, format: u32) -> Option<Value> {
    match format {
        super::artefact::FORMAT_VERSION => Some(artefact),
        1 => from_1(artefact),
        _ => None,
    }
}

/// Format 1 had one model, read by a Platt line, of features that it did not name.
fn from_1(mut artefact: Value) -> Option<Value> {
    if artefact["feature_hash"] != FEATURE_HASH_1 {
        return None;
    }
    let names: Vec<&str> = FEATURES_1.split_whitespace().collect();
    let model = artefact.get_mut("model")?.as_object_mut()?;
    let mut line = model.remove("platt")?;
    line.as_object_mut()?.insert("kind".to_owned(), json!("platt"));
    model.insert("calibration".to_owned(), line);
    model.insert("features".to_owned(), json!(names));
    if let Some(inputs) = model.get_mut("fitted")?.get_mut("inputs") {
        let unit =
            |name: &&str| feature::all().find(|feature| feature.name == *name).map(|feature| feature.unit);
        let units: Option<Vec<feature::Unit>> = names.iter().map(unit).collect();
        inputs["units"] = serde_json::to_value(units?).ok()?;
    }
    artefact["format_version"] = json!(super::artefact::FORMAT_VERSION);
    Some(artefact)
}
