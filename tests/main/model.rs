//! The contract of every kind of model, run over all of them; and artefacts: kept, read back, old ones too.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use duewise::asof::feature;
use duewise::asof::frame::{FeatureTable, Snapshots, TrainingTable};
use duewise::asof::history::History;
use duewise::asof::matrix::matrix;
use duewise::asof::view::LedgerView;
use duewise::base::error::Code;
use duewise::ledger::load;
use duewise::model::artefact::{ARTEFACT_FILE, Artefact};
use duewise::model::calibrate::Calibrated;
use duewise::model::logistic::LogisticParams;
use duewise::model::split::mature_before;
use duewise::model::train::{KINDS, Kind, Training};
use duewise::model::{Fitted, probability};
use linfa::ParamGuard as _;
use ndarray::{Array2, ArrayView1, Axis};

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
        let matrix = matrix(&table.features, &rows, training.prior()).unwrap();
        (training, matrix)
    })
}

/// Every kind, fitted once.
fn fitted() -> &'static [(Kind, Calibrated)] {
    static FITTED: OnceLock<Vec<(Kind, Calibrated)>> = OnceLock::new();
    FITTED.get_or_init(|| KINDS.iter().map(|&kind| (kind, training().0.fit(kind).unwrap())).collect())
}

/// Rows as they come, and rows of which nothing, or nonsense, is known.
fn odd_rows() -> Array2<f64> {
    let columns = feature::all().count();
    let mut odd = Array2::from_elem((4, columns), f64::NAN);
    odd.row_mut(1).fill(0.0);
    odd.row_mut(2).fill(1e12);
    odd.row_mut(3).fill(f64::INFINITY);
    // The rule reads one figure that is always known.
    let odds = feature::position("late_odds").unwrap();
    odd.column_mut(odds).fill(-1.5);
    odd
}

#[test]
fn kinds_have_names_of_their_own_and_fit_as_what_they_say() {
    for (at, (kind, model)) in fitted().iter().enumerate() {
        assert_eq!(kind.name(), model.fitted.name());
        assert!(KINDS[..at].iter().all(|other| other.name() != kind.name()));
    }
    assert_eq!(fitted()[0].0, Kind::ShrunkRatio, "the rule is first");
}

#[test]
fn a_fit_repeated_is_equal() {
    for (kind, model) in fitted() {
        assert_eq!(&training().0.fit(*kind).unwrap(), model, "{}", kind.name());
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
        for (row, line) in rows.rows().into_iter().enumerate() {
            let (prior, parts) = model.parts(line);
            let sum = prior + parts.iter().sum::<f64>();
            // Of a row of nonsense the log-odds are huge: as many digits, not as many decimals.
            let tolerance = 1e-9 * log_odds[row].abs().max(1.0);
            assert!((sum - log_odds[row]).abs() < tolerance, "{}: {sum} {}", kind.name(), log_odds[row]);
            assert!((probability(sum) - late[row]).abs() < 1e-9, "{}", kind.name());
            assert_eq!(parts.len(), feature::all().count());
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
            let alone: ArrayView1<f64> = training().1.row(row);
            let alone = model.log_odds(alone.insert_axis(Axis(0)))[0];
            assert!((alone - all[row]).abs() < 1e-12, "{} row {row}", kind.name());
        }
    }
}

/// An artefact that holds this model.
fn artefact(model: &Calibrated) -> Artefact {
    Artefact {
        format_version: duewise::model::artefact::FORMAT_VERSION,
        duewise: "0.1.0".to_owned(),
        feature_hash: feature::hash(),
        data_hash: String::new(),
        training_cut: sample_as_of().0,
        grace_days: 0,
        rows: training().1.nrows(),
        model: model.clone(),
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
        assert_eq!(read, written, "{}", kind.name());
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

#[test]
fn every_parameter_refuses_what_it_cannot_use_and_takes_its_bounds() {
    let refused = [
        LogisticParams::default().l2(-1e-9),
        LogisticParams::default().l2(f64::NAN),
        LogisticParams::default().l2(f64::INFINITY),
        LogisticParams::default().iterations_max(0),
        LogisticParams::default().gradient_tolerance(0.0),
        LogisticParams::default().gradient_tolerance(-1.0),
        LogisticParams::default().gradient_tolerance(f64::NAN),
    ];
    for params in refused {
        let error = params.check_ref().unwrap_err();
        assert_eq!(error.code, Code::OptionInvalid, "{params:?}");
        // The message agrees with the check: what it asks for is what is taken.
        assert!(error.detail.contains("must be"), "{}", error.detail);
        assert!(params.check().is_err());
    }
    for params in [
        LogisticParams::default(),
        LogisticParams::default().l2(0.0),
        LogisticParams::default().iterations_max(1),
        LogisticParams::default().gradient_tolerance(1e-12),
    ] {
        assert!(params.check_ref().is_ok(), "{params:?}");
    }
}

#[test]
fn a_solver_that_stops_too_early_is_noticed() {
    use linfa::traits::Fit as _;
    let (training, matrix) = training();
    // Late exactly where the rule says more than the portfolio's share: learnable, but not in one step.
    let odds = feature::position("late_odds").unwrap();
    let line = probability_to_odds(training.prior().late_ratio);
    let late = matrix.column(odds).mapv(|odds| odds > line);
    let data = duewise::model::Labelled::new(matrix.clone(), late);
    let params = LogisticParams::default().iterations_max(1).gradient_tolerance(1e-6);
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
    assert_eq!(artefact.format_version, 1);
    // Through the library: every open invoice gets a finite probability.
    let loaded = load::load(&load::Opening::of(&home.join("data/sample"))).unwrap();
    let view = LedgerView::new(&loaded.ledger, loaded.ledger.last_known().unwrap()).unwrap();
    let history = History::new(&view, artefact.grace_days).unwrap();
    let today = view.as_of().0.plus(1);
    let items = view.open_items();
    assert!(items.len() > 50, "{}", items.len());
    let table = FeatureTable::new(&view, &history, items.iter().map(|item| (item.invoice, today))).unwrap();
    let rows_asked: Vec<usize> = (0..table.len()).collect();
    let matrix = matrix(&table, &rows_asked, &artefact.model.prior).unwrap();
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
