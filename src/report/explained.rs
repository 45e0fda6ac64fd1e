//! One invoice's risk taken apart: as a value, as text, and (by serde) as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::asof::view::LedgerView;
use crate::model::artefact::Artefact;
use crate::model::score::{RiskScore, WITHIN_DAYS};

/// Why an open invoice has the risk that it has.
#[derive(Debug, Serialize)]
pub struct Explained {
    invoice: String,
    customer: String,
    customer_name: String,
    currency: String,
    balance: String,
    due: String,
    as_of: String,
    model: &'static str,
    grace_days: i32,
    p_late: f64,
    band: &'static str,
    /// Log-odds that any invoice starts from; `None` where it is late already and nothing was predicted.
    prior_log_odds: Option<f64>,
    /// Prior and parts.
    log_odds: Option<f64>,
    parts: Vec<Part>,
    /// Probability of being paid within so many days.
    paid_within: Vec<(i32, f64)>,
    /// Days after due by which it is paid with a probability of 10, 50 and 90 %.
    days_late: Option<[i32; 3]>,
}

/// What moved the log-odds, the strongest first.
#[derive(Debug, Serialize)]
struct Part {
    group: &'static str,
    log_odds: f64,
    reason: String,
}

impl Explained {
    /// Writes a score out.
    pub fn new(view: &LedgerView, artefact: &Artefact, score: &RiskScore) -> Self {
        let invoice = view.invoice(score.item.invoice);
        let customer = &view.customers()[invoice.customer as usize];
        let part = |reason: &crate::model::explain::Reason| Part {
            group: reason.group,
            log_odds: reason.part,
            reason: reason.text.clone(),
        };
        let within =
            |when: crate::model::score::When| WITHIN_DAYS.into_iter().zip(when.paid_within).collect();
        Self {
            invoice: invoice.id.clone(),
            customer: customer.id.clone(),
            customer_name: customer.name.clone(),
            currency: invoice.currency.code().to_owned(),
            balance: invoice.currency.format(score.item.balance),
            due: invoice.due.to_string(),
            as_of: view.as_of().to_string(),
            model: artefact.model.fitted.name(),
            grace_days: artefact.grace_days,
            p_late: score.late,
            band: score.band.name(),
            prior_log_odds: score.prior,
            log_odds: score.log_odds,
            parts: score.reasons.iter().map(part).collect(),
            paid_within: score.when.map_or_else(Vec::new, within),
            days_late: score.when.map(|when| when.days_late),
        }
    }

    /// For the screen.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Invoice {} of {} ({}): {} {} open, due {}, as of {}\n",
            self.invoice,
            self.customer_name,
            self.customer,
            self.balance,
            self.currency,
            self.due,
            self.as_of
        );
        let _ = writeln!(
            text,
            "  paid more than {} days after due: {:.1} % ({}), by {}",
            self.grace_days,
            100.0 * self.p_late,
            self.band,
            self.model
        );
        match self.log_odds.zip(self.prior_log_odds) {
            Some((total, prior)) => {
                let _ = writeln!(text, "  log-odds {total:+.3} = {prior:+.3} of any invoice, and");
                for part in &self.parts {
                    let _ = writeln!(text, "    {:+.3}  {:<9} {}", part.log_odds, part.group, part.reason);
                }
            }
            None => {
                for part in &self.parts {
                    let _ = writeln!(text, "    {}", part.reason);
                }
            }
        }
        if let Some([early, median, late]) = self.days_late {
            let within =
                self.paid_within.iter().map(|(days, p)| format!("{:.0} % in {days} days", 100.0 * p));
            let _ = writeln!(text, "  paid within: {}", within.collect::<Vec<_>>().join(", "));
            let _ = writeln!(
                text,
                "  days after due: {median}, with 80 % certainty from {early} to {late} (below zero is early)"
            );
        }
        text
    }
}
