//! How models are made: each is fitted on the earlier rows, judged and calibrated on the latest ones, then fitted again on all
//! of them, so that it has both an honest calibration and the news.

use hashbrown::HashSet;
use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::{Array1, Axis};

use super::baseline::ShrunkRatioParams;
use super::calibrate::Calibrated;
use super::calibration::Calibration;
use super::hazard::Hazard;
use super::logistic::LogisticParams;
use super::tree::{BoostParams, ForestKind, ForestParams};
use super::{Fitted, Labelled, Scorer as _, both_classes, log_loss};
use crate::asof::feature::seen::Seen;
use crate::asof::frame::TrainingTable;
use crate::asof::matrix::matrix;
use crate::asof::prior::Prior;
use crate::asof::timing::Timing;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// Kinds of models there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`super::baseline::ShrunkRatio`], uncalibrated: it is the rule as anyone would compute it.
    ShrunkRatio,
    /// [`super::logistic::FittedLogistic`].
    Logistic,
    /// [`super::tree::forest::Forest`].
    Forest,
    /// [`super::tree::boost::Boost`].
    Boost,
    /// The mean of those of the three that did best together on the latest rows.
    Blend,
    /// [`super::hazard::Hazard`]: read off the curve of when it will be paid.
    Hazard,
    /// The mean of blend and hazard.
    Both,
}

impl Kind {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShrunkRatio => "ratio",
            Self::Logistic => "logistic",
            Self::Forest => "forest",
            Self::Boost => "boost",
            Self::Blend => "blend",
            Self::Hazard => "hazard",
            Self::Both => "both",
        }
    }
}

/// Every kind, the rule first.
pub const KINDS: [Kind; 7] =
    [Kind::ShrunkRatio, Kind::Logistic, Kind::Forest, Kind::Boost, Kind::Blend, Kind::Hazard, Kind::Both];

/// The kinds that are classifiers: what [`Training::fit`] gives, in this order.
pub const CLASSIFIERS: usize = 5;

/// Share of the rows, the latest ones, that models are judged and calibrated on.
const CALIBRATION_SHARE: f64 = 0.2;

/// Penalties tried, strongest first: each fit starts where the last one ended.
const L2_CANDIDATES: [f64; 3] = [1_000.0, 100.0, 10.0];

/// What the hazard sees of an invoice besides the days ahead: each invoice is many rows to it, so it sees only what tells most.
const HAZARD_FEATURES: [&str; 43] = [
    "terms_days",
    "amount",
    "age_days",
    "days_to_due",
    "due_to_month_end",
    "due_to_bank_day",
    "bank_days_before_due",
    "paid_count",
    "late_ratio",
    "delay_mean",
    "delay_sd",
    "pay_days_mean",
    "late_ratio_30d",
    "delay_mean_30d",
    "late_ratio_90d",
    "delay_mean_90d",
    "delay_last_1",
    "delay_last_2",
    "delay_last_3",
    "delay_decayed",
    "delay_trend",
    "over_terms_ratio_last_20",
    "overdue_ratio",
    "overdue_days_mean",
    "open_count",
    "overdue_count",
    "since_paid_days",
    "issued_count_30d",
    "amount_to_usual",
    "disputes_ratio",
    "promises_broken_ratio",
    "alike_late",
    "alike_late_30d",
    "alike_late_terms_weekday",
    "alike_late_amount_35",
    "alike_late_any_amount_10",
    "alike_late_terms_amount_3",
    "alike_delay",
    "alike_delay_sd",
    "alike_delay_amount_35",
    "alike_delay_last_weekday",
    "root_late",
    "root_late_terms_weekday",
];

/// Learning data at a cut.
pub struct Training {
    data: Labelled,
    prior: Prior,
    seen: Seen,
    early: Labelled,
    latest: Labelled,
    /// Customers of the latest rows.
    customers: Vec<u32>,
    /// The day before which what is learned from was known.
    cut: Day,
}

/// A model with what its like, fitted on the early rows, said of the latest ones.
struct Member {
    fitted: Fitted,
    latest: Array1<f64>,
}

impl Training {
    /// Takes rows, in order of time, out of a table; what was known before `cut` is learned from.
    pub fn new(table: &TrainingTable, rows: &[usize], cut: Day) -> Result<Self> {
        let prior = table.prior(rows, cut);
        let seen = Seen::all();
        let (early, latest) = divide(table, rows);
        let records = matrix(&table.features, rows, &prior, &seen).map_err(internal)?;
        let late = rows.iter().map(|&row| table.outcomes[row].late).collect::<Array1<bool>>();
        let part = |at: &[usize]| DatasetBase::new(records.select(Axis(0), at), late.select(Axis(0), at));
        let customers = latest.iter().map(|&at| table.features.queries.customers[rows[at]]).collect();
        let (early, latest) = (part(&early), part(&latest));
        Ok(Self { data: DatasetBase::new(records, late), prior, seen, early, latest, customers, cut })
    }

    /// The portfolio's habits in these rows.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// The hazard of payment; `None` where too few were paid to learn it from.
    pub fn hazard(&self, table: &TrainingTable, timing: &Timing) -> Result<Option<Hazard>> {
        let seen = Seen::named(&HAZARD_FEATURES)
            .map_err(|unknown| Error::new(Code::ArtefactFeatures).detail(unknown))?;
        match Hazard::fit(table, timing, self.cut, &self.prior, &seen) {
            Err(error) if [Code::HistoryTooShort, Code::OneClass].contains(&error.code) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Median days from due to payment of the rows that were paid before the cut; zero where none was.
    pub fn median_delay(&self, table: &TrainingTable, rows: &[usize]) -> f64 {
        let paid = |row: &usize| table.outcomes[*row].paid.filter(|(known, _)| *known < self.cut);
        let mut delays: Vec<i32> = rows.iter().filter_map(paid).map(|(_, delay)| delay).collect();
        delays.sort_unstable();
        delays.get(delays.len() / 2).map_or(0.0, |delay| f64::from(*delay))
    }

    /// The rule, which is fitted at once.
    pub fn rule(&self) -> Result<Calibrated> {
        let rule = Fitted::ShrunkRatio(ShrunkRatioParams::new(&self.seen)?.fit(&self.data)?);
        Ok(self.calibrated(rule, Calibration::None))
    }

    /// A classifier of every kind: the first [`CLASSIFIERS`] of [`KINDS`].
    pub fn fit(&self) -> Result<Vec<Calibrated>> {
        both_classes(&self.data)?;
        let mut members = [self.logistic()?, self.forest()?, self.boost()?].map(Some);
        let best = self.best_blend(&members);
        let late = &self.latest.targets;
        let calibrate = |member: &Member| {
            let calibration = Calibration::choose(&member.latest, late, &self.customers);
            self.calibrated(member.fitted.clone(), calibration)
        };
        let mut models = vec![self.rule()?];
        models.extend(members.iter().flatten().map(calibrate));
        let blended: Vec<Member> = best.iter().filter_map(|at| members[*at].take()).collect();
        let latest = mean(&blended.iter().map(|member| &member.latest).collect::<Vec<_>>());
        let fitted = Fitted::Blend { members: blended.into_iter().map(|member| member.fitted).collect() };
        models.push(calibrate(&Member { fitted, latest }));
        Ok(models)
    }

    fn calibrated(&self, fitted: Fitted, calibration: Calibration) -> Calibrated {
        Calibrated { fitted, calibration, prior: self.prior, features: self.seen.clone() }
    }

    /// Whether the early rows can be learned from and the latest can judge: else models are taken as they come.
    fn can_judge(&self) -> bool {
        both_classes(&self.early).is_ok() && !self.latest.targets.is_empty()
    }

    /// Logistic regression of the penalty that did best on the latest rows.
    fn logistic(&self) -> Result<Member> {
        let units = self.seen.features().map(|(_, feature)| feature.unit).collect();
        let mut params = LogisticParams::new(units);
        let mut best = (f64::INFINITY, params.clone(), Array1::zeros(self.latest.targets.len()));
        for l2 in L2_CANDIDATES.iter().filter(|_| self.can_judge()) {
            let model = params.clone().l2(*l2).check()?.fit(&self.early)?;
            params = params.l2(*l2).start_from(&model);
            let latest = model.log_odds(self.latest.records.view());
            let loss = log_loss(&latest, &self.latest.targets);
            if loss < best.0 {
                best = (loss, params.clone(), latest);
            }
        }
        let fitted = Fitted::Logistic(Box::new(best.1.check()?.fit(&self.data)?));
        Ok(Member { fitted, latest: best.2 })
    }

    fn forest(&self) -> Result<Member> {
        let params = forest().check()?;
        let latest = self.judged(|early| Ok(params.fit(early)?.log_odds(self.latest.records.view())))?;
        Ok(Member { fitted: Fitted::Forest(params.fit(&self.data)?), latest })
    }

    /// Boosting with as many trees as did best on the latest rows.
    fn boost(&self) -> Result<Member> {
        let mut params = boosting();
        let checked = params.clone().check()?;
        let latest = self.judged(|early| {
            let model = checked.fit_stopping(early, &self.latest)?;
            params = params.clone().trees_max(model.trees().len().max(1));
            Ok(model.log_odds(self.latest.records.view()))
        })?;
        Ok(Member { fitted: Fitted::Boost(params.check()?.fit(&self.data)?), latest })
    }

    /// What a model of the early rows says of the latest; nothing where it cannot be judged by them.
    fn judged(&self, fit: impl FnOnce(&Labelled) -> Result<Array1<f64>>) -> Result<Array1<f64>> {
        if self.can_judge() { fit(&self.early) } else { Ok(Array1::zeros(self.latest.targets.len())) }
    }

    /// Positions of the members whose mean has the least log-loss on the latest rows.
    fn best_blend(&self, members: &[Option<Member>]) -> Vec<usize> {
        let all: Vec<&Member> = members.iter().flatten().collect();
        // The fullest mean comes first: of equals it is taken.
        let sets = (1..1_usize << all.len()).rev();
        let chosen = sets.map(|set| (0..all.len()).filter(|at| set >> at & 1 == 1).collect::<Vec<usize>>());
        let loss = |set: &Vec<usize>| {
            let latest: Vec<&Array1<f64>> = set.iter().map(|&at| &all[at].latest).collect();
            log_loss(&mean(&latest), &self.latest.targets)
        };
        let by_loss = chosen.map(|set| (loss(&set), set));
        by_loss.min_by(|left, right| left.0.total_cmp(&right.0)).map_or_else(Vec::new, |(_, set)| set)
    }
}

/// Many small steps on a share of the rows and features, and leaves that hold some fifty: on the small tables of ledgers that
/// generalises better than few large ones.
fn boosting() -> BoostParams {
    BoostParams::default()
        .trees_max(600)
        .learning_rate(0.03)
        .leaves_max(24)
        .rows_min(50)
        .l2(10.0)
        .rows_share(0.7)
        .tree_features_share(0.25)
        .patience(80)
}

/// Leaves of at least five rows: published comparisons find single ones worse.
fn forest() -> ForestParams {
    ForestParams::new(ForestKind::Random).trees(100).rows_min(5).features_share(0.2)
}

/// Mean of some members' log-odds, row by row.
fn mean(of: &[&Array1<f64>]) -> Array1<f64> {
    let rows = of.first().map_or(0, |first| first.len());
    of.iter().fold(Array1::zeros(rows), |sum, other| sum + *other) / of.len() as f64
}

/// Divides rows, in order of time, at a day: those whose outcome was known by then, and those asked about from then on, of
/// invoices that are not among the former.
fn divide(table: &TrainingTable, rows: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let queries = &table.features.queries;
    let at = rows.len() - (rows.len() as f64 * CALIBRATION_SHARE) as usize;
    let Some(boundary) = rows.get(at).map(|&row| queries.days[row]) else {
        return ((0..rows.len()).collect(), Vec::new());
    };
    let known = |row: usize| table.outcomes[row].ripe.max(table.outcomes[row].known) <= boundary;
    let positions = |wanted: &dyn Fn(usize) -> bool| {
        rows.iter().enumerate().filter(|(_, row)| wanted(**row)).map(|(at, _)| at).collect::<Vec<_>>()
    };
    let early = positions(&|row| queries.days[row] < boundary && known(row));
    let seen: HashSet<u32> = early.iter().map(|&at| queries.invoices[rows[at]]).collect();
    let latest = positions(&|row| queries.days[row] >= boundary && !seen.contains(&queries.invoices[row]));
    (early, latest)
}

/// A failure inside polars on columns that duewise itself made.
pub fn internal(cause: polars::prelude::PolarsError) -> Error {
    Error::new(Code::NotConserved).detail(cause)
}
