//! What a model is, for people: what it answers, what it learned from, how it did, and what it is not for.

use std::fmt::Write as _;

use super::Fitted;
use super::artefact::Artefact;
use super::backtest::{Backtest, Duel};
use super::bootstrap::Spread;
use super::metrics::Metrics;

/// The card of a model.
pub fn card(artefact: &Artefact) -> String {
    let model = &artefact.model;
    let mut card = format!(
        "# Model card\n\nQuestion: will this invoice be paid more than {} days after it is due?\n\n\
         - model: {}\n- calibration: {}\n- trained on {} labelled snapshots, nothing known after {}\n\
         - ledger (SHA-256): {}\n- {} features (SHA-256): {}\n- duewise {}, artefact format {}\n\n{}\n",
        artefact.grace_days,
        made_of(&model.fitted),
        model.calibration.name(),
        artefact.rows,
        artefact.training_cut,
        artefact.data_hash,
        model.features.len(),
        model.features.hash(),
        artefact.duewise,
        artefact.format_version,
        artefact.verdict
    );
    if let Some(backtest) = &artefact.backtest {
        let months: Vec<String> = backtest.origins.iter().map(ToString::to_string).collect();
        let _ = write!(card, "\n## Back-test\n\nOrigins {}, pooled:\n\n", months.join(", "));
        card += &table(&backtest.metrics);
        card += &spreads(&backtest.spreads);
        card += &backtest.duel.as_ref().map_or_else(String::new, duel);
        if !backtest.new_customers.is_empty() {
            card += "\nCustomers without a payment yet:\n\n";
            card += &table(&backtest.new_customers);
        }
        card += &reliability(backtest);
        card += &months_table(backtest);
    }
    card += "\nDo not use it to decide on credit or terms of a natural person, nor on another company's ledger.\n";
    card
}

fn made_of(fitted: &Fitted) -> String {
    let parts: Vec<String> = fitted.members().iter().map(describe).collect();
    match fitted {
        Fitted::Blend { .. } => format!("blend, the mean of the log-odds of {}", parts.join("; ")),
        _ => parts.join(""),
    }
}

fn describe(fitted: &Fitted) -> String {
    match fitted {
        Fitted::Logistic(model) => {
            let state = if model.converged { "converged" } else { "DID NOT CONVERGE" };
            format!(
                "logistic (penalty {}, solver {state}: gradient {:.2e} per row)",
                model.l2, model.gradient
            )
        }
        Fitted::Forest(model) => format!("forest ({} trees)", model.trees().len()),
        Fitted::Boost(model) => format!("boost ({} trees)", model.trees().len()),
        Fitted::ShrunkRatio(_) | Fitted::Blend { .. } => fitted.name().to_owned(),
    }
}

fn table(metrics: &[Metrics]) -> String {
    let mut table = String::from(
        "| model | n | base | AUC | AP | Brier | log-loss | late amount in top 20 % | ECE |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in metrics {
        let _ = writeln!(
            table,
            "| {} | {} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} |",
            row.model,
            row.n,
            row.base,
            row.auc,
            row.ap,
            row.brier,
            row.log_loss,
            row.late_amount_in_top20,
            row.ece
        );
    }
    table
}

fn spreads(rows: &[Spread]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\nIntervals of 95 %, and in what share of resamples of the customers each is better than another:\n\n\
         | model | AUC | Brier | than | in AUC | in Brier |\n|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let _ = writeln!(
            text,
            "| {} | {:.4} to {:.4} | {:.4} to {:.4} | {} | {:.0} % | {:.0} % |",
            row.model,
            row.auc[0],
            row.auc[1],
            row.brier[0],
            row.brier[1],
            row.than,
            100.0 * row.auc_better,
            100.0 * row.brier_better
        );
    }
    text
}

/// The comparison with the model in use.
fn duel(duel: &Duel) -> String {
    let mut text = String::from("\nBeside the model in use, on the months since that was trained:\n\n");
    if duel.metrics.is_empty() {
        return text + "There is none to compare by, and it stays in use.\n";
    }
    text += &table(&duel.metrics);
    text += &spreads(duel.spread.as_slice());
    text += if duel.is_won() { "\nIt surely beats it.\n" } else { "\nIt does not surely beat it.\n" };
    text
}

fn reliability(backtest: &Backtest) -> String {
    let mut text = String::new();
    let (Some(parts), Some(kept)) = (backtest.brier_parts, backtest.kept()) else { return text };
    let _ = write!(
        text,
        "\nReliability of {}, ten groups by rising probability:\n\n| rows | predicted | late |\n|---|---|---|\n",
        kept.model
    );
    for group in &backtest.reliability {
        let _ = writeln!(text, "| {} | {:.3} | {:.3} |", group.rows, group.predicted, group.observed);
    }
    let _ = writeln!(
        text,
        "\nBrier {:.4} = reliability {:.4} - resolution {:.4} + uncertainty {:.4} + within groups {:+.4}.",
        kept.brier, parts.reliability, parts.resolution, parts.uncertainty, parts.within
    );
    text
}

fn months_table(backtest: &Backtest) -> String {
    let mut text = String::new();
    if backtest.months.is_empty() {
        return text;
    }
    text += "\nMonth by month:\n\n| month | model | n | base | AUC | Brier |\n|---|---|---|---|---|---|\n";
    for (month, rows) in backtest.origins.iter().zip(&backtest.months) {
        let kept = rows.iter().find(|row| row.model == backtest.best);
        for row in rows.first().into_iter().chain(kept) {
            let _ = writeln!(
                text,
                "| {month} | {} | {} | {:.4} | {:.4} | {:.4} |",
                row.model, row.n, row.base, row.auc, row.brier
            );
        }
    }
    text
}
