//! Models that last: trained and gated once, written with all that must be known to trust and to refuse them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Fitted;
use super::backtest::{self, Backtest};
use super::calibrate::{Calibrated, Platt};
use super::split::{mature_before, thinned};
use super::train::{Kind, Training, internal};
use crate::asof::feature;
use crate::asof::frame::{Snapshots, TrainingTable};
use crate::asof::history::History;
use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::base::limits::TRAIN_ROWS_MIN;
use crate::base::{digest, error};

/// Version of the format below; raised when a field changes its meaning.
pub const FORMAT_VERSION: u32 = 1;

/// File that holds the model in its folder.
pub const ARTEFACT_FILE: &str = "artefact.json";

/// A trained model and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artefact {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Version of duewise that trained it.
    pub duewise: String,
    /// See [`feature::hash`].
    pub feature_hash: String,
    /// SHA-256 over the ledger's files.
    pub data_hash: String,
    /// Nothing known after this day was learned from.
    pub training_cut: Day,
    /// Days after the due day from which an invoice counts as late.
    pub grace_days: i32,
    /// Labelled snapshots it was fitted on.
    pub rows: usize,
    /// The model itself.
    pub model: Calibrated,
    /// How it and the rule did on rolling origins, if there was history enough to say.
    pub backtest: Option<Backtest>,
    /// Why this model and not another, in a sentence.
    pub verdict: String,
}

/// What the format version is read from before anything else.
#[derive(Deserialize)]
struct Header {
    format_version: u32,
    feature_hash: String,
}

impl Artefact {
    /// Trains on what a view shows. The logistic model is kept only if it beats the rule on the back-test; with too little
    /// history the rule answers too, and the verdict says so.
    pub fn train(view: &LedgerView, history: &History, data_hash: &str) -> Result<Self> {
        let table = TrainingTable::new(view, history, Snapshots::IssueAndLater).map_err(internal)?;
        let cut = view.as_of().0;
        let rows = thinned(&mature_before(&table, cut));
        let (model, backtest, verdict) = choose(&table, &rows, cut)?;
        Ok(Self {
            format_version: FORMAT_VERSION,
            duewise: env!("CARGO_PKG_VERSION").to_owned(),
            feature_hash: feature::hash(),
            data_hash: data_hash.to_owned(),
            training_cut: view.as_of().0,
            grace_days: history.grace_days,
            rows: rows.len(),
            model,
            backtest,
            verdict,
        })
    }

    /// Whether the model is more than the rule.
    pub fn promoted(&self) -> bool {
        !matches!(self.model.fitted, Fitted::ShrunkRatio(_))
    }

    /// Identifies the model by its content.
    pub fn id(&self) -> Result<String> {
        Ok(digest::of_bytes(self.json()?.as_bytes())[..12].to_owned())
    }

    /// Reads the model in a folder, or a refusal that says why it cannot be used.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(ARTEFACT_FILE);
        let unreadable =
            |cause: &dyn std::fmt::Display| Error::new(Code::ArtefactUnreadable).file(&path).detail(cause);
        let text = std::fs::read_to_string(&path).map_err(|cause| unreadable(&cause))?;
        let header: Header = serde_json::from_str(&text).map_err(|cause| unreadable(&cause))?;
        if header.format_version != FORMAT_VERSION {
            return Err(Error::new(Code::ArtefactFormat)
                .file(&path)
                .detail(format!("format {}, this version reads {FORMAT_VERSION}", header.format_version)));
        }
        if header.feature_hash != feature::hash() {
            return Err(Error::new(Code::ArtefactFeatures).file(&path));
        }
        let artefact: Self = serde_json::from_str(&text).map_err(|cause| unreadable(&cause))?;
        if artefact.grace_days < 0 || !artefact.model.fits(feature::all().count()) {
            return Err(unreadable(&"its parts are not of the lengths that its features need"));
        }
        Ok(artefact)
    }

    /// As [`Artefact::read`], for use as of a day: a model that learned from later facts would know the future.
    pub fn read_as_of(folder: &Path, as_of: AsOf) -> Result<Self> {
        let artefact = Self::read(folder)?;
        if artefact.training_cut > as_of.0 {
            return Err(Error::new(Code::ModelFromFuture)
                .file(&folder.join(ARTEFACT_FILE))
                .detail(format!("trained on facts known by {}, used as of {as_of}", artefact.training_cut)));
        }
        Ok(artefact)
    }

    /// The model as it is written to a file.
    pub fn json(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|cause| Error::new(Code::ArtefactUnreadable).detail(cause))
    }

    /// What the model is, for people.
    pub fn card(&self) -> String {
        use std::fmt::Write as _;
        let mut card = format!(
            "# Model card\n\nQuestion: will this invoice be paid more than {} days after it is due?\n\n\
             - model: {}\n- trained on {} labelled snapshots, nothing known after {}\n\
             - ledger (SHA-256): {}\n- features (SHA-256): {}\n- duewise {}, artefact format {}\n\n{}\n",
            self.grace_days,
            self.model.fitted.name(),
            self.rows,
            self.training_cut,
            self.data_hash,
            self.feature_hash,
            self.duewise,
            self.format_version,
            self.verdict
        );
        if let Fitted::Logistic(model) = &self.model.fitted {
            let state = if model.converged { "converged" } else { "DID NOT CONVERGE" };
            let Platt { slope, shift } = self.model.platt;
            let _ = write!(
                card,
                "\nSolver {state}: gradient {:.2e} per row at penalty {}. Calibration: {slope:.3} × log-odds {shift:+.3}.\n",
                model.gradient, model.l2
            );
        }
        if let Some(backtest) = &self.backtest {
            let months: Vec<String> = backtest.origins.iter().map(ToString::to_string).collect();
            let _ = write!(
                card,
                "\nBack-test, origins {}:\n\n| model | n | base | AUC | AP | Brier | log-loss | late amount in top 20 % |\n|---|---|---|---|---|---|---|---|\n",
                months.join(", ")
            );
            for row in &backtest.metrics {
                let _ = writeln!(
                    card,
                    "| {} | {} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} |",
                    row.model,
                    row.n,
                    row.base,
                    row.auc,
                    row.ap,
                    row.brier,
                    row.log_loss,
                    row.late_amount_in_top20
                );
            }
        }
        card.push_str(
            "\nDo not use it to decide on credit or terms of a natural person, nor on another company's ledger.\n",
        );
        card
    }
}

/// The model to use, the evidence, and the reason.
fn choose(table: &TrainingTable, rows: &[usize], cut: Day) -> Result<(Calibrated, Option<Backtest>, String)> {
    let training = Training::new(table, rows, cut)?;
    let rule = || training.fit(Kind::ShrunkRatio);
    if rows.len() < TRAIN_ROWS_MIN {
        let verdict = format!(
            "The rule answers: only {} labelled snapshots, and a model needs {TRAIN_ROWS_MIN} ({}).",
            rows.len(),
            Code::HistoryTooShort.id()
        );
        return Ok((rule()?, None, verdict));
    }
    let backtest = match backtest::gate(table, cut) {
        Ok(backtest) => backtest,
        Err(error::Error { code, detail, .. }) if code == Code::HistoryTooShort => {
            return Ok((
                rule()?,
                None,
                format!("The rule answers: a back-test is not possible yet, {detail} ({}).", code.id()),
            ));
        }
        Err(error) => return Err(error),
    };
    if !backtest.beats_rule(Kind::Logistic) {
        let verdict =
            format!("The rule answers: no model beats it on the back-test ({}).", Code::NotPromoted.id());
        return Ok((rule()?, Some(backtest), verdict));
    }
    match training.fit(Kind::Logistic) {
        Ok(model) if !model.converged() => Ok((
            rule()?,
            Some(backtest),
            "The rule answers: the logistic model's solver did not converge.".to_owned(),
        )),
        Ok(model) => {
            Ok((model, Some(backtest), "The logistic model beats the rule on the back-test.".to_owned()))
        }
        Err(error) if error.code == Code::OneClass => Ok((
            rule()?,
            Some(backtest),
            format!("The rule answers: {} ({}).", error.detail, error.code.id()),
        )),
        Err(error) => Err(error),
    }
}
