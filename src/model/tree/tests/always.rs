//! What holds for any data.

use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Predict as _;
use ndarray::{Array1, Axis};

use super::*;

#[test]
fn a_tree_grows_where_it_gains_most_and_no_deeper_than_allowed() {
    let data = sample(2_000, 1);
    let trees = |params: BoostParams| boost(params.trees_max(3), &data).trees().to_vec();
    for tree in trees(BoostParams::default().leaves_max(9).rows_min(5)) {
        assert_eq!(tree.leaves(), 9);
    }
    for tree in trees(BoostParams::default().leaves_max(100).rows_min(1).depth_max(3)) {
        assert_eq!((tree.depth(), tree.leaves()), (3, 8));
    }
}

#[test]
fn monotone_scores_never_turn() {
    let data = sample(3_000, 2);
    let free = BoostParams::default().trees_max(30).rows_min(5);
    let turns = |params: BoostParams, feature: usize, sign: f64| {
        let model = boost(params, &data);
        let mut rows = data.records.slice_axis(ndarray::Axis(0), (0..40).into()).to_owned();
        let mut last: Option<Array1<f64>> = None;
        (-40..=40).any(|step| {
            rows.column_mut(feature).fill(f64::from(step) / 10.0);
            let scores = model.predict(&rows);
            let turned =
                last.as_ref().is_some_and(|last| ((&scores - last) * sign).iter().any(|&rise| rise < -1e-12));
            last = Some(scores);
            turned
        })
    };
    assert!(turns(free.clone(), 2, 1.0) && turns(free.clone(), 0, -1.0));
    let bound = free.monotone(&[-1, 0, 1, 0]);
    assert!(!turns(bound.clone(), 2, 1.0) && !turns(bound, 0, -1.0));
}

#[test]
fn the_same_tree_grows_on_any_number_of_threads() {
    let data = sample(20_000, 3);
    let fit = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let boosted =
                boost(BoostParams::default().trees_max(8).rows_share(0.7).node_features_share(0.6), &data);
            let random = forest(ForestParams::new(ForestKind::Random).trees(5), &data);
            (boosted, random)
        })
    };
    let one = fit(1);
    for threads in [1, 2, 3, 7] {
        assert!(fit(threads) == one, "{threads} threads");
    }
    let other_seed = boost(BoostParams::default().trees_max(8).rows_share(0.7).seed(1), &data);
    assert!(other_seed != boost(BoostParams::default().trees_max(8).rows_share(0.7), &data));
}

#[test]
fn weights_are_as_good_as_repeated_rows() {
    // Few enough rows for every value to have a bin.
    let data = sample(250, 4);
    let times: Vec<usize> = (0..250).map(|row| row % 4).collect();
    let weights: Array1<f32> = times.iter().map(|&times| times as f32).collect();
    let weighted = data.clone().with_weights(weights);
    let rows: Vec<usize> = (0..250).flat_map(|row| std::iter::repeat_n(row, times[row])).collect();
    let repeated = DatasetBase::new(
        data.records.select(ndarray::Axis(0), &rows),
        rows.iter().map(|&row| data.targets[row]).collect(),
    );
    // Leaves are bounded by weight here: counts of rows differ by design.
    let params = BoostParams::default().trees_max(20).rows_min(1).hessian_min(2.0);
    let (one, other) = (boost(params.clone(), &weighted), boost(params, &repeated));
    let gap = one.predict(&data.records) - other.predict(&data.records);
    // Three times a rounded gradient is not three gradients rounded. Rows without weight do not stand for anything.
    for (gap, times) in gap.iter().zip(times) {
        assert!(times == 0 || gap.abs() < 1e-6, "{gap}");
    }
}

#[test]
fn forests_learn_what_their_features_tell() {
    let (data, unseen) = (sample(4_000, 5), sample(2_000, 6));
    let hits = |scores: Array1<f64>, even: f64| {
        scores.iter().zip(&unseen.targets).filter(|(score, late)| (**score > even) == **late).count()
    };
    let random = forest(ForestParams::new(ForestKind::Random).trees(60), &data);
    let extra = forest(ForestParams::new(ForestKind::Extra).trees(60), &data);
    let boosted = boost(BoostParams::default().trees_max(60), &data);
    let targets = unseen.targets.iter().filter(|late| **late).count();
    assert!((800..1_200).contains(&targets), "{targets}");
    for hits in [
        hits(random.predict(&unseen.records), 0.5),
        hits(extra.predict(&unseen.records), 0.5),
        hits(boosted.predict(&unseen.records), 0.0),
    ] {
        assert!(hits > 1_380, "{hits} of 2000");
    }
    let probabilities = random.predict(&unseen.records);
    assert!(probabilities.iter().all(|chance| (0.0..=1.0).contains(chance)));
}

#[test]
fn stopping_keeps_the_trees_that_are_best_on_later_rows() {
    let (data, later) = (sample(600, 7), sample(600, 8));
    let params = BoostParams::default().trees_max(200).rows_min(2).learning_rate(0.3).patience(15);
    let stopped = params.clone().check().unwrap().fit_stopping(&data, &later).unwrap();
    let all = boost(params, &data);
    let loss = |trees: usize| -> f64 {
        let scores = all.clone().truncated(trees).predict(&later.records);
        let each = scores.iter().zip(&later.targets).map(|(score, &late)| {
            let chance = 1.0 / (1.0 + (-score).exp());
            -(if late { chance } else { 1.0 - chance }).ln()
        });
        each.sum::<f64>()
    };
    let best = (0..=200).min_by(|&one, &other| loss(one).total_cmp(&loss(other))).unwrap();
    assert!(best > 0 && best < 185, "{best}");
    assert_eq!(stopped.trees().len(), best);
    assert_eq!(stopped, all.truncated(best));
}

#[test]
fn models_survive_being_written_to_the_last_bit() {
    let data = sample(1_500, 9);
    let boosted = boost(BoostParams::default().trees_max(10).categories(&[3]), &data);
    let text = serde_json::to_string(&boosted).unwrap();
    let read: Boost = serde_json::from_str(&text).unwrap();
    assert_eq!(read, boosted);
    assert_eq!(read.predict(&data.records), boosted.predict(&data.records));
    let random = forest(ForestParams::new(ForestKind::Random).trees(4), &data);
    assert_eq!(serde_json::from_str::<Forest>(&serde_json::to_string(&random).unwrap()).unwrap(), random);
    assert!(random.fits(4) && !random.fits(5) && boosted.fits(4) && !boosted.fits(3));
}

#[test]
fn a_family_scores_as_its_rows_do_alone() {
    let data = sample(600, 9);
    // The last column as a category too: codes from zero on.
    let coded = |mut rows: Array2<f64>| {
        rows.column_mut(3).mapv_inplace(f64::abs);
        rows
    };
    let data = DatasetBase::new(coded(data.records), data.targets);
    for categories in [vec![], vec![3], vec![0]] {
        let model = boost(BoostParams::default().trees_max(40).rows_min(5).categories(&categories), &data);
        // Seventy rows, more than are walked at a time, of gaps and infinities too; each shares its last two columns.
        let mut rows = sample(70, 10).records;
        rows[[3, 0]] = INF;
        rows[[4, 1]] = -INF;
        for shared in [[0.3, 1.0], [NAN, 2.0], [INF, NAN]] {
            for (at, value) in shared.into_iter().enumerate() {
                rows.column_mut(2 + at).fill(value);
            }
            let own: Vec<[f64; 2]> = rows.rows().into_iter().map(|row| [row[0], row[1]]).collect();
            assert_eq!(model.families().log_odds(&own, &shared), model.predict(&rows).to_vec());
        }
        // All of their own, and one that lacks a column.
        let own: Vec<[f64; 4]> =
            rows.rows().into_iter().map(|row| [row[0], row[1], row[2], row[3]]).collect();
        assert_eq!(model.families().log_odds(&own, &[]), model.predict(&rows).to_vec());
        let narrow = rows.select(Axis(1), &[0, 1, 2]);
        let own: Vec<[f64; 3]> = narrow.rows().into_iter().map(|row| [row[0], row[1], row[2]]).collect();
        assert_eq!(model.families().log_odds(&own, &[]), model.predict(&narrow).to_vec());
    }
}
