//! Models that last: trained and gated once, written with all that must be known to trust and to refuse them.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::backtest::{self, Backtest, Duel};
use super::calibrate::Calibrated;
use super::drift::Reference;
use super::payment::{EVEN_SHARE, Payment};
use super::split::{mature_before, thinned};
use super::train::{Training, internal};
use super::{Fitted, formats};
use crate::asof::feature::seen::Seen;
use crate::asof::frame::{Snapshots, TrainingTable};
use crate::asof::history::History;
use crate::asof::timing::Timing;
use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{TRAIN_ROWS_MAX, TRAIN_ROWS_MIN};
use crate::base::{digest, error};

/// Version of the format below; raised when a field changes its meaning.
pub const FORMAT_VERSION: u32 = 2;

/// File that holds the model in its folder.
pub const ARTEFACT_FILE: &str = "artefact.json";

/// A trained model and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artefact {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Version of duewise that trained it.
    pub duewise: String,
    /// SHA-256 over the ledger's files.
    pub data_hash: String,
    /// Nothing known after this day was learned from.
    pub training_cut: Day,
    /// Days after the due day from which an invoice counts as late.
    pub grace_days: i32,
    /// Labelled snapshots it was fitted on.
    pub rows: usize,
    /// The model itself: whether an invoice will be late.
    pub model: Calibrated,
    /// When it will be paid; `None` where too few were paid to learn it from.
    #[serde(default)]
    pub payment: Option<Payment>,
    /// How what it sees was spread then; `None` in artefacts written before drift was measured.
    #[serde(default)]
    pub reference: Option<Reference>,
    /// How it and the rule did on rolling origins, if there was history enough to say.
    pub backtest: Option<Backtest>,
    /// Why this model and not another, in a sentence.
    pub verdict: String,
}

impl Artefact {
    /// Trains on what a view shows, and compares with the model in use, if one is given, on the invoices since it was trained.
    /// A model is kept only if it surely beats the rule on the back-test; with too little history the rule answers too, and
    /// the verdict says so.
    pub fn train(
        view: &LedgerView,
        history: &History,
        timing: &Timing,
        data_hash: &str,
        champion: Option<&Self>,
    ) -> Result<Self> {
        Self::learn(view, history, timing, data_hash, Evidence::Gate(champion))
    }

    /// The same kind of model fitted on what a later view shows, on the evidence of its own back-test. Where that was for the
    /// rule, or there was none, it is trained as if for the first time.
    pub fn refit(&self, view: &LedgerView, history: &History, timing: &Timing) -> Result<Self> {
        let backtest = self.backtest.as_ref().filter(|_| self.beats_rule());
        let evidence = backtest.map_or(Evidence::Gate(None), Evidence::Known);
        Self::learn(view, history, timing, &self.data_hash, evidence)
    }

    fn learn(
        view: &LedgerView,
        history: &History,
        timing: &Timing,
        data_hash: &str,
        evidence: Evidence,
    ) -> Result<Self> {
        let table = TrainingTable::new(view, history, Snapshots::IssueAndLater).map_err(internal)?;
        let cut = view.as_of().0;
        let rows = thinned(&mature_before(&table, cut), TRAIN_ROWS_MAX);
        let Chosen { model, payment, backtest, verdict } = choose(&table, timing, evidence, &rows, cut)?;
        let answer = Answer { model: &model, payment: payment.as_ref() };
        let reference = Some(Reference::learn(&table, timing, answer, cut)?);
        Ok(Self {
            format_version: FORMAT_VERSION,
            duewise: env!("CARGO_PKG_VERSION").to_owned(),
            data_hash: data_hash.to_owned(),
            training_cut: view.as_of().0,
            grace_days: history.grace_days,
            rows: rows.len(),
            model,
            payment,
            reference,
            backtest,
            verdict,
        })
    }

    /// Whether the model is more than the rule.
    pub fn beats_rule(&self) -> bool {
        !matches!(self.model.fitted, Fitted::ShrunkRatio(_))
    }

    /// Whether it may come into use: it beats the rule and, if there is one in use, that one too.
    pub fn passes(&self) -> bool {
        let duel = self.backtest.as_ref().and_then(|backtest| backtest.duel.as_ref());
        self.beats_rule() && duel.is_none_or(Duel::is_won)
    }

    /// What it answers with.
    pub fn answer(&self) -> Answer<'_> {
        Answer { model: &self.model, payment: self.payment.as_ref() }
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
        let value: Value = serde_json::from_str(&text).map_err(|cause| unreadable(&cause))?;
        let format = value["format_version"].as_u64().unwrap_or(0) as u32;
        if !(1..=FORMAT_VERSION).contains(&format) {
            return Err(Error::new(Code::ArtefactFormat).file(&path).detail(format!(
                "format {}, this version reads 1 to {FORMAT_VERSION}",
                value["format_version"]
            )));
        }
        let features = |detail: &str| Error::new(Code::ArtefactFeatures).file(&path).detail(detail);
        let value = formats::upgrade(value, format).ok_or_else(|| features("not those of its format"))?;
        let names: Vec<String> =
            serde_json::from_value(value["model"]["features"].clone()).map_err(|cause| unreadable(&cause))?;
        Seen::named(&names).map_err(|unknown| features(&unknown))?;
        let artefact: Self = serde_json::from_value(value).map_err(|cause| unreadable(&cause))?;
        let features = artefact.model.features.len();
        let is_sound = artefact.model.is_sound()
            && artefact.payment.as_ref().is_none_or(Payment::is_sound)
            && artefact.reference.as_ref().is_none_or(|reference| reference.is_sound(features));
        if artefact.grace_days < 0 || !is_sound {
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
}

/// On what a kind of model is chosen.
#[derive(Clone, Copy)]
enum Evidence<'a> {
    /// A back-test made now, beside the model in use if there is one.
    Gate(Option<&'a Artefact>),
    /// One that was made before.
    Known(&'a Backtest),
}

impl Evidence<'_> {
    fn backtest(self, table: &TrainingTable, timing: &Timing, cut: Day) -> Result<Backtest> {
        match self {
            Self::Gate(champion) => backtest::gate(table, timing, cut, champion),
            Self::Known(backtest) => Ok(backtest.clone()),
        }
    }
}

/// What answers, and why.
struct Chosen {
    model: Calibrated,
    payment: Option<Payment>,
    backtest: Option<Backtest>,
    verdict: String,
}

/// The model to use, the evidence, and the reason.
fn choose(
    table: &TrainingTable,
    timing: &Timing,
    evidence: Evidence,
    rows: &[usize],
    cut: Day,
) -> Result<Chosen> {
    let training = Training::new(table, rows, cut)?;
    let hazard = training.hazard(table, timing)?;
    // The curve foretells days whatever answers; whether it has a share in the answer the back-test says.
    let payment = |share| hazard.map(|hazard| Payment { hazard, share });
    let rule = |backtest, payment, why: String| {
        let verdict = format!("The rule answers: {why}.");
        Ok(Chosen { model: training.rule()?, payment, backtest, verdict })
    };
    if rows.len() < TRAIN_ROWS_MIN {
        let (code, rows) = (Code::HistoryTooShort.id(), rows.len());
        let why = format!("only {rows} labelled snapshots, and a model needs {TRAIN_ROWS_MIN} ({code})");
        return rule(None, payment(0.0), why);
    }
    let backtest = match evidence.backtest(table, timing, cut) {
        Ok(backtest) => backtest,
        Err(error::Error { code, detail, .. }) if code == Code::HistoryTooShort => {
            return rule(
                None,
                payment(0.0),
                format!("a back-test is not possible yet, {detail} ({})", code.id()),
            );
        }
        Err(error) => return Err(error),
    };
    if !backtest.beats_rule() {
        let code = Code::NotPromoted.id();
        return rule(
            Some(backtest),
            payment(0.0),
            format!("no model surely beats it on the back-test ({code})"),
        );
    }
    let share = if backtest.prefers_both() { EVEN_SHARE } else { 0.0 };
    let best = &backtest.best;
    let verdict = format!("Of all kinds `{best}` did best on the back-test, and it surely beats the rule.");
    match training.fit() {
        Ok(mut models) => {
            let model = models.pop().map_or_else(|| training.rule(), Ok)?;
            Ok(Chosen { model, payment: payment(share), backtest: Some(backtest), verdict })
        }
        Err(error) if error.code == Code::OneClass => {
            rule(Some(backtest), payment(0.0), format!("{} ({})", error.detail, error.code.id()))
        }
        Err(error) => Err(error),
    }
}
