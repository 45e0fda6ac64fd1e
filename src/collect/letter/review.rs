//! Why a person should look at a letter before it goes out: what the list of letters says in its column `review`.

use super::request::Request;

/// In words; empty where nothing is to be looked at.
pub fn of(request: &Request) -> String {
    let mut reasons = Vec::new();
    if request.requires_review {
        reasons.push(format!("step `{}` is to be released by a person", request.step));
    }
    if request.risk_unknown {
        reasons.push(format!("step `{}` is for what is risky, and letters take no model", request.step));
    }
    if request.unapplied > 0 {
        let amount = request.currency.display(i128::from(request.unapplied));
        reasons.push(format!("{amount} on account is on no invoice: assign it first, the letter deducts it"));
    }
    if !request.held.is_empty() {
        let held = request.held.iter().map(|held| format!("{} ({})", held.number, held.reason));
        reasons.push(format!("not in the letter: {}", held.collect::<Vec<_>>().join(", ")));
    }
    if let Some(promise) = request.promise {
        reasons.push(format!("a payment was promised by {} and did not come in full", promise.by));
    }
    reasons.join("; ")
}
