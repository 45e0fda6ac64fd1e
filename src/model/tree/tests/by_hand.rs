//! Splits and values calculated by hand or from a definition.

use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit as _, Predict as _};
use ndarray::{Array1, Array2, array};

use super::*;

#[test]
fn a_stump_is_the_one_calculated_by_hand() {
    // Even odds: gradients are ±1/2, hessians 1/4. Cut between 2 and 3: left G = -1, H = 1/2; right G = 1, H = 1/2,
    // so values -2 and 2 and no better cut. With l2 of 1/2 they are -1 and 1.
    let data = DatasetBase::new(array![[1.0], [2.0], [3.0], [5.0]], array![false, false, true, true]);
    let model = boost(stump(), &data);
    assert_eq!(model.predict(&array![[2.5], [2.6], [-INF], [INF]]), array![-2.0, 2.0, -2.0, 2.0]);
    assert_eq!(model.trees()[0].covers, [1.0, 0.5, 0.5]);
    let drawn_in = boost(stump().l2(0.5), &data);
    assert_eq!(drawn_in.predict(&array![[0.0], [9.0]]), array![-1.0, 1.0]);
    // The gain is 1/0.5 + 1/0.5 - 0 = 4: a split must gain more than gain_min.
    assert_eq!(boost(stump().gain_min(3.99), &data).trees().len(), 1);
    assert_eq!(boost(stump().gain_min(4.0), &data).trees().len(), 0);
}

#[test]
fn the_best_cut_is_found_and_leaves_keep_their_least_size() {
    // One of four is true: log-odds ln(1/3), gradients 3/4 and -1/4, hessians 3/16. Alone, the true one has 3/4 /
    // (3/16) = 4 and the others -1/4 / (3/16) = -4/3.
    let data = DatasetBase::new(array![[4.0], [1.0], [2.0], [3.0]], array![true, false, false, false]);
    let scores = boost(stump(), &data).predict(&array![[3.4], [3.6]]);
    let base = (1.0_f64 / 3.0).ln();
    // Gradients that are no multiple of a level are rounded to one of a thousand million.
    assert!((scores[0] - (base - 4.0 / 3.0)).abs() < 1e-8 && (scores[1] - (base + 4.0)).abs() < 1e-8);
    // With two rows a leaf the cut is between 2 and 3: right G = 1/2 on H = 3/8.
    for fewer in [stump().rows_min(2), stump().hessian_min(0.3)] {
        let scores = boost(fewer, &data).predict(&array![[2.4], [2.6]]);
        assert!((scores[1] - (base + 4.0 / 3.0)).abs() < 1e-8, "{scores}");
        assert!((scores[0] - (base - 4.0 / 3.0)).abs() < 1e-8, "{scores}");
    }
    assert_eq!(boost(stump().rows_min(3), &data).trees().len(), 0);
}

/// Weight, and weighted sum, of the targets taken from their mean.
fn moments(rows: impl Iterator<Item = f64>) -> (f64, f64) {
    rows.fold((0.0, 0.0), |(count, sum), target| (count + 1.0, sum + target))
}

#[test]
fn no_cut_of_any_feature_gains_more_than_the_one_chosen() {
    for seed in 30..50 {
        let data = sample(60, seed);
        let mean = data.targets.iter().filter(|late| **late).count() as f64 / 60.0;
        // At the base all hessians are p (1 - p), so that gains are quotients of counts.
        let hessian = mean * (1.0 - mean);
        let gain_of = |goes_left: &dyn Fn(usize) -> bool| {
            let side = |left: bool| {
                let rows = (0..60).filter(move |&row| goes_left(row) == left);
                moments(rows.map(|row| f64::from(u8::from(data.targets[row])) - mean))
            };
            let ((left, left_sum), (right, right_sum)) = (side(true), side(false));
            if left < 5.0 || right < 5.0 {
                return 0.0;
            }
            (left_sum * left_sum / left + right_sum * right_sum / right) / hessian
        };
        let mut most = 0.0_f64;
        for column in data.records.columns() {
            for &cut in column {
                for missing_left in [false, true] {
                    let left = |row: usize| column[row] <= cut || column[row].is_nan() && missing_left;
                    most = most.max(gain_of(&left));
                }
                most = most.max(gain_of(&|row: usize| column[row].is_nan()));
            }
        }
        let model = boost(stump().rows_min(5), &data);
        let root = model.trees()[0].nodes[0];
        let column = data.records.column(usize::from(root.feature));
        let chosen = gain_of(&|row| root.next(column[row]) == root.child);
        assert!((chosen - most).abs() < 1e-6 * most, "seed {seed}: {chosen} of {most}");
    }
}

#[test]
fn equal_gains_prefer_the_lower_feature_then_the_lower_bin() {
    // Both features tell all; the cuts of the second feature's gap between 1 and 4 are one cut.
    let data = DatasetBase::new(array![[0.0, 1.0], [1.0, 4.0]], array![false, true]);
    assert_eq!(boost(stump(), &data).trees()[0].nodes[0].feature, 0);
    // Symmetric targets: cutting off the first row gains as much as cutting off the last.
    let data = DatasetBase::new(array![[1.0], [2.0], [3.0], [4.0]], array![true, false, false, true]);
    let thresholds =
        boost(stump(), &data).trees()[0].nodes.iter().map(|node| node.threshold).collect::<Vec<_>>();
    assert_eq!(thresholds, [1.5, f64::MAX, f64::MAX]);
}

#[test]
fn missing_values_go_where_they_gain_more() {
    let late_if_missing =
        DatasetBase::new(array![[1.0], [2.0], [3.0], [NAN], [NAN]], array![false, false, true, true, true]);
    let model = boost(stump(), &late_if_missing);
    let scores = model.predict(&array![[1.0], [3.0], [NAN]]);
    assert!(scores[0] < scores[1] && close(scores[1], scores[2]), "{scores}");
    let late_if_known =
        DatasetBase::new(array![[1.0], [3.0], [4.0], [NAN]], array![false, true, true, false]);
    let scores = boost(stump(), &late_if_known).predict(&array![[1.0], [3.0], [NAN]]);
    assert!(scores[0] < scores[1] && close(scores[0], scores[2]), "{scores}");
    // A constant that is sometimes missing, and an infinity that is not.
    let known_or_not = DatasetBase::new(array![[7.0], [7.0], [NAN], [NAN]], array![true, true, false, false]);
    let scores = boost(stump(), &known_or_not).predict(&array![[7.0], [INF], [NAN]]);
    assert!(scores[0] > scores[2] && close(scores[0], scores[1]), "{scores}");
}

#[test]
fn missing_values_never_seen_go_to_the_larger_child() {
    for (targets, like) in [([false, false, false, true], 1.0), ([false, true, true, true], 4.0)] {
        let data = DatasetBase::new(array![[1.0], [2.0], [3.0], [4.0]], Array1::from_vec(targets.to_vec()));
        let scores = boost(stump(), &data).predict(&array![[NAN], [like]]);
        assert!(close(scores[0], scores[1]), "{targets:?}");
    }
}

#[test]
fn categories_are_divided_by_their_targets() {
    // Codes 1 and 3 are late, 0 and 2 are not: no cut of the codes themselves tells them apart.
    let records = Array2::from_shape_fn((80, 1), |(row, _)| (row % 4) as f64);
    let targets = (0..80).map(|row| row % 2 == 1).collect();
    let data = DatasetBase::new(records, targets);
    let scores = boost(stump().categories(&[0]), &data).predict(&array![
        [0.0],
        [1.0],
        [2.0],
        [3.0],
        [99.0],
        [NAN],
        [0.5]
    ]);
    assert_eq!((scores[0], scores[1]), (-2.0, 2.0));
    assert_eq!((scores[2], scores[3]), (-2.0, 2.0));
    // What was never seen is missing.
    assert_eq!((scores[4], scores[6]), (scores[5], scores[5]));
    let forest = forest(ForestParams::new(ForestKind::Extra).trees(3).categories(&[0]), &data);
    assert_eq!(forest.predict(&array![[2.0], [3.0]]), array![0.0, 1.0]);
}

#[test]
fn a_forest_says_the_share_of_the_true() {
    // All rows, every feature: three leaves' worth of values with 1/4, 2/4 and 4/4 true.
    let records = Array2::from_shape_fn((12, 1), |(row, _)| (row / 4) as f64);
    let trues = [true, false, false, false, true, true, false, false, true, true, true, true];
    let data = DatasetBase::new(records.clone(), Array1::from_vec(trues.to_vec()));
    let params = ForestParams::new(ForestKind::Extra).trees(7).rows_min(1);
    assert_eq!(forest(params.clone(), &data).predict(&array![[0.0], [1.0], [2.0]]), array![0.25, 0.5, 1.0]);
    // Real targets: their mean, here of halves.
    let targets: Array1<f64> = trues.iter().map(|&one| if one { 2.5 } else { 0.5 }).collect();
    let numbers = DatasetBase::new(records, targets);
    let means: Array1<f64> = {
        let model: Forest = params.check().unwrap().fit(&numbers).unwrap();
        model.predict(&array![[0.0], [1.0], [2.0]])
    };
    assert!(means.len() == 3);
    for (mean, expected) in means.iter().zip([1.0, 1.5, 2.5]) {
        assert!((mean - expected).abs() < 1e-7, "{means}");
    }
}

#[test]
fn targets_around_their_mean_are_split() {
    // Below and above zero evenly, so that the root's gradient is exactly zero.
    let data = DatasetBase::new(array![[1.0], [2.0], [3.0], [4.0]], array![-1.0, -1.0, 1.0, 1.0]);
    let params = ForestParams::new(ForestKind::Extra).trees(1).rows_min(2);
    let model: Forest = params.check().unwrap().fit(&data).unwrap();
    assert_eq!(model.trees()[0].leaves(), 2);
}
