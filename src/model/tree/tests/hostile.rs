//! Data that has no pattern, parameters out of range, damaged files: an error that says so, or a model, never a
//! panic.

use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit as _, Predict as _};
use ndarray::{Array1, Array2, array};
use rand::RngCore as _;
use serde_json::Value;

use super::*;
use crate::base::error::Code;

#[test]
fn damaged_trees_are_refused() {
    let data = sample(500, 10);
    let model = boost(BoostParams::default().trees_max(2), &data);
    let whole = serde_json::to_value(&model).unwrap();
    assert!(serde_json::from_value::<Boost>(whole.clone()).is_ok());
    let splits = model.trees()[0].nodes.iter().position(|node| node.child > 2).unwrap();
    let damages: [(&str, usize, Value); 9] = [
        ("child", 0, 0.into()),
        ("child", splits, 1.into()),
        ("child", 0, 1_000_000.into()),
        ("child", splits, (splits as u64).into()),
        ("feature", 0, 4.into()),
        ("cover", 1, 0.0.into()),
        ("cover", 0, 1e-3.into()),
        ("value", 0, Value::Null),
        ("missing_right", 0, 1_000_000.into()),
    ];
    for (list, at, damage) in damages {
        let mut damaged = whole.clone();
        let list = damaged["trees"][0][list].as_array_mut().unwrap();
        list.resize(list.len().max(at + 1), 0.into());
        list[at] = damage.clone();
        assert!(serde_json::from_value::<Boost>(damaged).is_err(), "{at} {damage}");
    }
    for list in ["child", "feature", "threshold", "value", "cover"] {
        let mut damaged = whole.clone();
        damaged["trees"][0][list].as_array_mut().unwrap().pop();
        assert!(serde_json::from_value::<Boost>(damaged).is_err(), "{list} cut short");
    }
    let mut damaged = whole.clone();
    damaged["features"] = 1_000_000_000_000_000_u64.into();
    assert!(serde_json::from_value::<Boost>(damaged).is_err());
    let mut tree = model.trees()[0].clone();
    tree.nodes[0].threshold = INF;
    assert!(!tree.fits(4));
}

#[test]
fn data_without_a_pattern_is_no_trouble() {
    let mixed = |rows: usize| (0..rows).map(|row| row % 2 == 0).collect::<Array1<bool>>();
    let fits = |records: Array2<f64>| {
        let data = DatasetBase::new(records.clone(), mixed(records.nrows()));
        for scores in [
            boost(BoostParams::default().trees_max(5).rows_min(1), &data).predict(&records),
            forest(ForestParams::new(ForestKind::Random).trees(5), &data).predict(&records),
            forest(ForestParams::new(ForestKind::Extra).trees(5).rows_min(1), &data).predict(&records),
        ] {
            assert!(scores.len() == records.nrows() && scores.iter().all(|score| score.is_finite()));
        }
    };
    fits(Array2::from_elem((30, 3), 7.0));
    fits(Array2::from_elem((30, 3), NAN));
    fits(Array2::from_elem((30, 1), INF));
    fits(Array2::from_shape_fn((30, 2), |(row, _)| [NAN, INF, -INF, 1e308, -1e308, 0.0, -0.0][row % 7]));
    fits(Array2::from_shape_fn((2, 1), |(row, _)| row as f64));
    let constant = boost(
        BoostParams::default().trees_max(5),
        &DatasetBase::new(Array2::from_elem((4, 2), 1.0), array![true, false, false, false]),
    );
    assert!(close(constant.predict(&array![[0.0, 0.0]])[0], (1.0_f64 / 3.0).ln()));
    // Rows that are too narrow or too wide are read as far as they go.
    assert_eq!(constant.predict(&Array2::zeros((2, 0))), constant.predict(&Array2::zeros((2, 9))));
}

#[test]
fn random_bytes_as_numbers_are_no_trouble() {
    let mut random = stream(11, "tree tests", 1);
    let records = Array2::from_shape_simple_fn((300, 5), || f64::from_bits(random.next_u64()));
    let data = DatasetBase::new(records, (0..300).map(|row| row % 3 == 0).collect());
    let scores = boost(BoostParams::default().trees_max(20), &data).predict(&data.records);
    assert!(scores.iter().all(|score| score.is_finite()));
    let random = forest(ForestParams::new(ForestKind::Random).trees(3).categories(&[1]), &data);
    assert!(random.predict(&data.records).iter().all(|score| (0.0..=1.0).contains(score)));
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let code = |data: &Labelled| {
        let boosted = BoostParams::default().check().unwrap().fit(data).unwrap_err().code;
        let params = ForestParams::new(ForestKind::Random).check().unwrap();
        let random: Result<Forest, _> = params.fit(data);
        assert_eq!(random.unwrap_err().code, boosted);
        boosted
    };
    assert_eq!(code(&DatasetBase::new(Array2::zeros((3, 1)), array![true, true, true])), Code::OneClass);
    assert_eq!(code(&DatasetBase::new(Array2::zeros((1, 1)), array![false])), Code::OneClass);
    assert_eq!(code(&DatasetBase::new(Array2::zeros((0, 1)), array![])), Code::HistoryTooShort);
    assert_eq!(code(&DatasetBase::new(Array2::zeros((2, 0)), array![true, false])), Code::HistoryTooShort);
    assert_eq!(code(&DatasetBase::new(Array2::zeros((2, 1)), array![true])), Code::OptionInvalid);
    let two = DatasetBase::new(Array2::zeros((2, 1)), array![true, false]);
    for weights in [vec![1.0, -1.0], vec![f32::NAN, 1.0], vec![1.0], vec![0.0, 0.0]] {
        assert_eq!(code(&two.clone().with_weights(Array1::from_vec(weights))), Code::OptionInvalid);
    }
    assert_eq!(code(&two.with_weights(array![1.0, 0.0])), Code::OneClass);
}

#[test]
fn parameters_out_of_range_are_named() {
    let boosts = [
        ("trees_max", BoostParams::default().trees_max(0)),
        ("learning_rate", BoostParams::default().learning_rate(0.0)),
        ("leaves_max", BoostParams::default().leaves_max(1)),
        ("depth_max", BoostParams::default().depth_max(129)),
        ("rows_min", BoostParams::default().rows_min(0)),
        ("hessian_min", BoostParams::default().hessian_min(NAN)),
        ("l2", BoostParams::default().l2(-1.0)),
        ("gain_min", BoostParams::default().gain_min(INF)),
        ("rows_share", BoostParams::default().rows_share(1.1)),
        ("tree_features_share", BoostParams::default().tree_features_share(NAN)),
        ("node_features_share", BoostParams::default().node_features_share(-0.1)),
        ("monotone", BoostParams::default().monotone(&[2])),
        ("patience", BoostParams::default().patience(0)),
    ];
    for (name, params) in boosts {
        let error = params.check().unwrap_err();
        assert_eq!(error.code, Code::OptionInvalid);
        assert!(error.detail.starts_with(&format!("{name} must be")), "{}", error.detail);
    }
    let forests = [
        ("trees", ForestParams::new(ForestKind::Extra).trees(0)),
        ("rows_min", ForestParams::new(ForestKind::Extra).rows_min(0)),
        ("depth_max", ForestParams::new(ForestKind::Extra).depth_max(0)),
        ("features_share", ForestParams::new(ForestKind::Extra).features_share(0.0)),
    ];
    for (name, params) in forests {
        let error = params.check().unwrap_err();
        assert!(error.detail.starts_with(&format!("{name} must be")), "{}", error.detail);
    }
    let data = sample(50, 12);
    for params in [
        BoostParams::default().monotone(&[1]),
        BoostParams::default().categories(&[4]),
        BoostParams::default().categories(&[1, 1]),
        BoostParams::default().categories(&[1]).monotone(&[0, 1, 0, 0]),
    ] {
        assert_eq!(params.check().unwrap().fit(&data).unwrap_err().code, Code::OptionInvalid);
    }
}
