//! Seconds that trees need to fit and to predict, a JSON line for each, on a matrix that `benches/peers/trees.py`
//! wrote.
//!
//! `cargo bench --bench trees -- FOLDER` reads there `shape` (rows to learn from, rows held out, features), `records`
//! (little-endian f64, row by row) and `targets` (a byte each), and writes the scores of the held-out rows beside
//! them.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops and says why")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use duewise::model::Labelled;
use duewise::model::tree::{BoostParams, ForestKind, ForestParams};
use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit as _, Predict as _};
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// As the peers are set.
const BOOST_TREES: usize = 100;

fn main() {
    // Cargo passes --bench; without a folder there is nothing to measure.
    let Some(folder) = std::env::args().skip(1).find(|arg| !arg.starts_with("--")).map(PathBuf::from) else {
        return;
    };
    let (data, held_out, forest_trees) = read(&folder);
    boost(&folder, &data, held_out.view());
    forest(&folder, &data, held_out.view(), forest_trees);
    explain(&data, held_out.view());
}

fn read(folder: &Path) -> (Labelled, Array2<f64>, usize) {
    let shape = fs::read_to_string(folder.join("shape")).unwrap();
    let shape: Vec<usize> = shape.split_whitespace().map(|count| count.parse().unwrap()).collect();
    let bytes = fs::read(folder.join("records")).unwrap();
    let records = bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    drop(bytes);
    let records = Array2::from_shape_vec((shape[0] + shape[1], shape[2]), records).unwrap();
    let targets = fs::read(folder.join("targets")).unwrap();
    let targets: Array1<bool> = targets[..shape[0]].iter().map(|&target| target != 0).collect();
    let (learned, held_out) = records.view().split_at(Axis(0), shape[0]);
    let (learned, held_out) = (learned.to_owned(), held_out.to_owned());
    (DatasetBase::new(learned, targets), held_out, shape[3])
}

fn boost(folder: &Path, data: &Labelled, held_out: ArrayView2<f64>) {
    let params = BoostParams::default().trees_max(BOOST_TREES).learning_rate(0.1).leaves_max(31).rows_min(20);
    let params = params.check().unwrap();
    let model = timed("boost fit", || params.fit(data).unwrap());
    timed("boost predict", || model.predict(&data.records));
    write(&folder.join("boost"), &model.predict(&held_out));
}

fn forest(folder: &Path, data: &Labelled, held_out: ArrayView2<f64>, trees: usize) {
    let share = (held_out.ncols() as f64).sqrt().floor() / held_out.ncols() as f64;
    let params = ForestParams::new(ForestKind::Random).trees(trees).rows_min(5).features_share(share);
    let params = params.check().unwrap();
    let model = timed("forest fit", || -> duewise::model::tree::Forest { params.fit(data).unwrap() });
    timed("forest predict", || model.predict(&data.records));
    write(&folder.join("forest"), &model.predict(&held_out));
}

/// Takes the log-odds of a thousand rows apart, one after another, on one thread.
fn explain(data: &Labelled, held_out: ArrayView2<f64>) {
    let rows: Vec<usize> = (0..data.records.nrows().min(50_000)).collect();
    let few = data.records.select(Axis(0), &rows);
    let few = DatasetBase::new(few, data.targets.select(Axis(0), &rows));
    let model = BoostParams::default().trees_max(300).leaves_max(31).check().unwrap().fit(&few).unwrap();
    let players: Vec<usize> = (0..few.records.ncols()).collect();
    let explainer = model.explainer(&players).unwrap();
    let rows = held_out.rows().into_iter().take(1_000);
    timed("explain 1000 rows of 300 trees", || rows.map(|row| explainer.parts(row)[0]).sum::<f64>());
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{{\"what\": \"{what}\", \"seconds\": {:.4}}}", start.elapsed().as_secs_f64());
    done
}

fn write(path: &Path, scores: &Array1<f64>) {
    let bytes: Vec<u8> = scores.iter().flat_map(|score| score.to_le_bytes()).collect();
    fs::write(path, bytes).unwrap();
}
