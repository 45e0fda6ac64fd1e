//! The contract of every kind of model, run over all of them; and artefacts: kept, read back, old ones too.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use duewise::asof::feature::Unit;
use duewise::asof::feature::seen::Seen;
use duewise::asof::frame::{FeatureTable, Snapshots, TrainingTable};
use duewise::asof::history::History;
use duewise::asof::matrix::matrix;
use duewise::asof::timing::Timing;
use duewise::asof::view::LedgerView;
use duewise::base::error::Code;
use duewise::ledger::load;
use duewise::model::artefact::{ARTEFACT_FILE, Artefact};
use duewise::model::calibrate::Calibrated;
use duewise::model::calibration::Calibration;
use duewise::model::curve::Curve;
use duewise::model::logistic::LogisticParams;
use duewise::model::payment::Payment;
use duewise::model::players::Players;
use duewise::model::split::mature_before;
use duewise::model::train::{CLASSIFIERS, KINDS, Kind, Training};
use duewise::model::{Fitted, probability};
use linfa::ParamGuard as _;
use ndarray::{Array2, Axis};

use crate::support::{Folder, duewise, ledger, rows, sample, sample_as_of};

/// Learning data of the sample, and the same rows as a matrix.
fn training() -> &'static (Training, Array2<f64>) {
    static TRAINING: OnceLock<(Training, Array2<f64>)> = OnceLock::new();
    TRAINING.get_or_init(|| {
        let ledger = ledger(&sample().ledger);
        let view = LedgerView::new(&ledger, sample_as_of()).unwrap();
        let history = History::new(&view, 0).unwrap();
        let table = TrainingTable::new(&view, &history, Snapshots::Issue).unwrap();
        let cut = sample_as_of().0.plus(1);
        let rows = mature_before(&table, cut);
        assert!(rows.len() > 250, "{}", rows.len());
        let training = Training::new(&table, &rows, cut).unwrap();
        let matrix = matrix(&table.features, &rows, training.prior(), &Seen::all()).unwrap();
        (training, matrix)
    })
}

/// Every kind of classifier, fitted once.
fn fitted() -> &'static [(Kind, Calibrated)] {
    static FITTED: OnceLock<Vec<(Kind, Calibrated)>> = OnceLock::new();
    FITTED.get_or_init(|| KINDS.into_iter().zip(training().0.fit().unwrap()).collect())
}

/// Position of a feature among all.
fn position(name: &str) -> usize {
    Seen::all().position(name).unwrap()
}

/// Rows as they come, and rows of which nothing, or nonsense, is known.
fn odd_rows() -> Array2<f64> {
    let columns = Seen::all().len();
    let mut odd = Array2::from_elem((4, columns), f64::NAN);
    odd.row_mut(1).fill(0.0);
    odd.row_mut(2).fill(1e12);
    odd.row_mut(3).fill(f64::INFINITY);
    // The rule reads one figure that is always known.
    let odds = position("late_odds");
    odd.column_mut(odds).fill(-1.5);
    odd
}

#[test]
fn kinds_have_names_of_their_own_and_fit_as_what_they_say() {
    assert_eq!(fitted().len(), CLASSIFIERS);
    for (at, (kind, model)) in fitted().iter().enumerate() {
        assert_eq!(kind.name(), model.fitted.name());
        assert!(KINDS[..at].iter().all(|other| other.name() != kind.name()));
    }
    assert_eq!(fitted()[0].0, Kind::ShrunkRatio, "the rule is first");
}

#[test]
fn a_fit_repeated_is_equal() {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = alone.install(|| training().0.fit().unwrap());
    for ((kind, model), again) in fitted().iter().zip(again) {
        assert!(&again == model, "{} on one thread", kind.name());
    }
}

#[test]
fn the_logistic_model_converged_and_says_so() {
    let Fitted::Logistic(model) = &fitted()[1].1.fitted else { panic!("the second kind is logistic") };
    assert!(model.converged, "gradient {}", model.gradient);
    assert!(model.gradient <= 1e-3);
}

#[test]
fn probabilities_are_probabilities_and_differ_between_rows() {
    for (kind, model) in fitted() {
        let found = model.probabilities(training().1.view());
        assert!(found.iter().all(|p| (0.0..=1.0).contains(p)), "{}", kind.name());
        let (least, most) =
            found.iter().fold((1.0_f64, 0.0_f64), |(least, most), &p| (least.min(p), most.max(p)));
        assert!(most - least > 0.3, "{}: {least} to {most}", kind.name());
        // Calibrated: on the rows it has learned from the mean is near the share that was late.
        let late = training().0.prior().late_ratio;
        let mean = found.mean().unwrap();
        assert!((mean - late).abs() < 0.1, "{}: {mean} against {late}", kind.name());
    }
}

#[test]
fn parts_sum_to_the_log_odds_and_these_give_the_probability() {
    for (kind, model) in fitted() {
        let rows = training().1.slice_axis(Axis(0), (0..50).into());
        let rows =
            ndarray::concatenate(Axis(0), &[rows, odd_rows().slice_axis(Axis(0), (0..3).into())]).unwrap();
        let (log_odds, late) = (model.log_odds(rows.view()), model.probabilities(rows.view()));
        let players = Players::new(&model.features);
        let (prior, parts) = model.parts(rows.view(), &players).unwrap();
        assert_eq!(parts.dim(), (rows.nrows(), players.names().len()));
        for (row, parts) in parts.rows().into_iter().enumerate() {
            let sum = prior + parts.sum();
            assert!((sum - log_odds[row]).abs() < 1e-9, "{}: {sum} {}", kind.name(), log_odds[row]);
            assert!((probability(sum) - late[row]).abs() < 1e-9, "{}", kind.name());
        }
    }
}

#[test]
fn rows_of_which_nothing_is_known_are_scored() {
    for (kind, model) in fitted() {
        for (row, late) in model.probabilities(odd_rows().view()).iter().enumerate() {
            assert!((0.0..=1.0).contains(late), "{} row {row}: {late}", kind.name());
        }
    }
}

#[test]
fn a_row_is_scored_alone_as_among_others() {
    for (kind, model) in fitted() {
        let all = model.log_odds(training().1.view());
        for row in [0, 17, 101] {
            let alone = model.log_odds(training().1.row(row).insert_axis(Axis(0)))[0];
            assert!((alone - all[row]).abs() < 1e-12, "{} row {row}", kind.name());
        }
    }
}

/// The hazard of the sample, with the curves of its open items as of its last day.
fn hazard() -> &'static (Payment, Vec<Curve>, Vec<Curve>) {
    static HAZARD: OnceLock<(Payment, Vec<Curve>, Vec<Curve>)> = OnceLock::new();
    HAZARD.get_or_init(|| {
        let ledger = ledger(&sample().ledger);
        let view = LedgerView::new(&ledger, sample_as_of()).unwrap();
        let history = History::new(&view, 0).unwrap();
        let timing = Timing::new(&view);
        let table = TrainingTable::new(&view, &history, Snapshots::IssueAndLater).unwrap();
        let cut = sample_as_of().0.plus(1);
        let training = Training::new(&table, &mature_before(&table, cut), cut).unwrap();
        let fit = || training.hazard(&table, &timing).unwrap().expect("payments enough");
        let hazard = fit();
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert!(alone.install(fit) == hazard, "the same on one thread");
        let items = view.open_items();
        assert!(items.len() > 20, "{}", items.len());
        let asked = FeatureTable::new(&view, &history, items.iter().map(|item| (item.invoice, cut))).unwrap();
        let rows: Vec<usize> = (0..asked.len()).collect();
        let curves = hazard.curves(&asked, &timing, &rows).unwrap();
        let one_by_one = rows.iter().flat_map(|row| hazard.curves(&asked, &timing, &[*row]).unwrap());
        let one_by_one = one_by_one.collect();
        (Payment { hazard, share: 0.5 }, curves, one_by_one)
    })
}

#[test]
fn a_curve_answers_every_question_without_contradiction() {
    let (_, curves, one_by_one) = hazard();
    assert!(curves == one_by_one, "an invoice is foretold alone as among others");
    let mut widest = 0.0_f64;
    for curve in curves {
        let late: Vec<f64> = (-60..130).map(|day| curve.open_after(day)).collect();
        assert!(late.iter().all(|p| (0.0..=1.0).contains(p)));
        assert!(late.is_sorted_by(|one, next| one >= next), "late by more days is never likelier");
        let within: Vec<f64> = (0..60).map(|days| curve.paid_within(days)).collect();
        assert!(within.is_sorted(), "paid within more days is never less likely");
        let quantiles = [0.1, 0.5, 0.9].map(|share| curve.quantile(share));
        assert!(quantiles.is_sorted());
        // The median is the first day by which more than half is paid, where the curve goes so far.
        if curve.open_after(125) < 0.5 {
            let median = quantiles[1];
            assert!(curve.open_after(median) <= 0.5 + 1e-9 && curve.open_after(median - 1) >= 0.5 - 1e-9);
        }
        let tilted = curve.clone().tilted(0, 0.3);
        let late: Vec<f64> = (-60..130).map(|day| tilted.open_after(day)).collect();
        assert!(late.is_sorted_by(|one, next| one >= next));
        widest = widest.max(curve.open_after(0) - curve.open_after(60));
    }
    assert!(widest > 0.2, "curves that never fall foretell nothing");
}

#[test]
fn a_hazard_written_and_read_is_the_same_and_a_damaged_one_is_refused() {
    let (payment, ..) = hazard();
    let folder = Folder::new();
    let written = Artefact { payment: Some(payment.clone()), ..artefact(&fitted()[4].1) };
    folder.write(ARTEFACT_FILE, written.json().unwrap());
    assert!(Artefact::read(folder.path()).unwrap() == written);
    let mut value: serde_json::Value = serde_json::from_str(&written.json().unwrap()).unwrap();
    value["payment"]["share"] = 7.into();
    folder.write(ARTEFACT_FILE, value.to_string());
    assert_eq!(Artefact::read(folder.path()).unwrap_err().code, Code::ArtefactUnreadable);
}

#[test]
fn trees_that_lead_nowhere_are_refused() {
    for (at, kind) in [(2, "forest"), (3, "boost")] {
        let json = artefact(&fitted()[at].1).json().unwrap();
        // A node that leads to itself, or a feature that is not there.
        for (from, to) in
            [("\"features\":", "\"features\": 3, \"ignored\":"), ("\"trees\": [", "\"trees\": [7, ")]
        {
            let folder = Folder::new();
            let damaged = json.replacen(from, to, 2);
            assert_ne!(damaged, json, "{kind} {from}");
            folder.write(ARTEFACT_FILE, damaged);
            assert_eq!(Artefact::read(folder.path()).unwrap_err().code, Code::ArtefactUnreadable, "{kind}");
        }
    }
}

/// An artefact that holds this model.
fn artefact(model: &Calibrated) -> Artefact {
    Artefact {
        format_version: duewise::model::artefact::FORMAT_VERSION,
        duewise: "0.1.0".to_owned(),
        data_hash: String::new(),
        training_cut: sample_as_of().0,
        grace_days: 0,
        rows: training().1.nrows(),
        model: model.clone(),
        payment: None,
        reference: None,
        backtest: None,
        verdict: String::new(),
    }
}

#[test]
fn a_model_written_and_read_scores_the_same_to_the_last_bit() {
    for (kind, model) in fitted() {
        let folder = Folder::new();
        let written = artefact(model);
        folder.write(ARTEFACT_FILE, written.json().unwrap());
        let read = Artefact::read(folder.path()).unwrap();
        assert!(read == written, "{}", kind.name());
        assert_eq!(read.id().unwrap(), written.id().unwrap());
        let bits = |model: &Calibrated| {
            let late = model.probabilities(training().1.view());
            late.iter().map(|late| late.to_bits()).collect::<Vec<_>>()
        };
        assert!(bits(&read.model) == bits(model), "{}", kind.name());
    }
}

#[test]
fn a_model_whose_parts_do_not_fit_the_features_is_refused() {
    let json = artefact(&fitted()[1].1).json().unwrap();
    for part in ["offsets", "scales", "coefficients"] {
        let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let array = &mut value["model"]["fitted"][part];
        array["data"].as_array_mut().unwrap().pop();
        let length = array["data"].as_array().unwrap().len();
        array["dim"] = serde_json::json!([length]);
        let folder = Folder::new();
        folder.write(ARTEFACT_FILE, value.to_string());
        let error = Artefact::read(folder.path()).unwrap_err();
        assert_eq!(error.code, Code::ArtefactUnreadable, "{part}");
    }
}

/// Parameters for all features.
fn logistic() -> LogisticParams {
    let units: Vec<Unit> = Seen::all().features().map(|(_, feature)| feature.unit).collect();
    LogisticParams::new(units)
}

#[test]
fn every_parameter_refuses_what_it_cannot_use_and_takes_its_bounds() {
    let refused = [
        logistic().l2(-1e-9),
        logistic().l2(f64::NAN),
        logistic().l2(f64::INFINITY),
        logistic().iterations_max(0),
        logistic().gradient_tolerance(0.0),
        logistic().gradient_tolerance(-1.0),
        logistic().gradient_tolerance(f64::NAN),
    ];
    for params in refused {
        let error = params.check_ref().unwrap_err();
        assert_eq!(error.code, Code::OptionInvalid, "{params:?}");
        // The message agrees with the check: what it asks for is what is taken.
        assert!(error.detail.contains("must be"), "{}", error.detail);
        assert!(params.check().is_err());
    }
    for params in
        [logistic(), logistic().l2(0.0), logistic().iterations_max(1), logistic().gradient_tolerance(1e-12)]
    {
        assert!(params.check_ref().is_ok(), "{params:?}");
    }
}

#[test]
fn a_solver_that_stops_too_early_is_noticed() {
    use linfa::traits::Fit as _;
    let (training, matrix) = training();
    // Late exactly where the rule says more than the portfolio's share: learnable, but not in one step.
    let odds = position("late_odds");
    let line = probability_to_odds(training.prior().late_ratio);
    let late = matrix.column(odds).mapv(|odds| odds > line);
    let data = duewise::model::Labelled::new(matrix.clone(), late);
    let params = logistic().iterations_max(1).gradient_tolerance(1e-6);
    let model = params.check().unwrap().fit(&data).unwrap();
    assert!(!model.converged);
    assert!(model.gradient > 1e-6);
}

fn probability_to_odds(ratio: f64) -> f64 {
    (ratio / (1.0 - ratio)).ln()
}

#[test]
fn a_model_of_an_earlier_version_is_read_and_scores_the_sample() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = home.join("models/sample-v1");
    let artefact = Artefact::read(&model).unwrap();
    // It was written in format 1, which named no features and knew one calibration.
    assert!(fs::read_to_string(model.join(ARTEFACT_FILE)).unwrap().contains("\"format_version\": 1"));
    assert_eq!(artefact.model.features.len(), 80);
    assert!(matches!(artefact.model.calibration, Calibration::Platt { .. }));
    assert!(artefact.payment.is_none() && artefact.reference.is_none());
    // Through the library: every open invoice gets a finite probability.
    let loaded = load::load(&load::Opening::of(&home.join("data/sample"))).unwrap();
    let view = LedgerView::new(&loaded.ledger, loaded.ledger.last_known().unwrap()).unwrap();
    let history = History::new(&view, artefact.grace_days).unwrap();
    let today = view.as_of().0.plus(1);
    let items = view.open_items();
    assert!(items.len() > 50, "{}", items.len());
    let table = FeatureTable::new(&view, &history, items.iter().map(|item| (item.invoice, today))).unwrap();
    let rows_asked: Vec<usize> = (0..table.len()).collect();
    let matrix = artefact.model.matrix(&table, &rows_asked).unwrap();
    for late in artefact.model.probabilities(matrix.view()) {
        assert!((0.0..=1.0).contains(&late));
    }
    // And through the binary.
    let folder = Folder::new();
    let [ledger, model] = [home.join("data/sample"), model].map(|path| crate::support::text_of(&path));
    duewise(&["score", &ledger, "--model", &model, "--out", &folder.inside("out")]).exits(0);
    let scores = rows(folder.path().join("out/scores.csv"));
    assert_eq!(scores.len(), items.len());
    for row in &scores {
        assert!(row["p_late"].parse::<f64>().is_ok_and(|late| (0.0..=1.0).contains(&late)), "{row:?}");
    }
}

#[test]
fn the_committed_sample_is_clean_and_small() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    duewise(&["check", &crate::support::text_of(&home)]).exits(0);
    let bytes: u64 = crate::support::files(&home).values().map(|file| file.len() as u64).sum();
    assert!(bytes < 1 << 20, "{bytes} bytes");
    assert!(fs::read_to_string(home.join("README.md")).unwrap().contains("duewise synth"), "how it was made");
}
