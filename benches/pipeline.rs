//! How the time of each step grows with the ledger: read, features, score, rank. The size is in the bench id; a line's time
//! should be ten times that of the line before it.
//!
//! `cargo bench` prints them; a million invoices are measured by hand with `synth` and `run`, which say each step's time.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench stops where a user's run would say why")]

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use duewise::asof::frame::{Snapshots, TrainingTable};
use duewise::asof::history::History;
use duewise::asof::timing::Timing;
use duewise::asof::view::LedgerView;
use duewise::base::day::Day;
use duewise::collect::ladder::Policies;
use duewise::collect::owed::Item;
use duewise::collect::stage::Stages;
use duewise::collect::worklist;
use duewise::ledger::load;
use duewise::model::artefact::Artefact;
use duewise::model::score::{Detail, Scoring};
use duewise::report::write;
use duewise::synth;

const SIZES: [usize; 2] = [10_000, 100_000];

fn synthesise(folder: &Path, invoices: usize) {
    let first_day = Day::from_ymd(2024, 1, 1).unwrap();
    let settings = synth::Settings { invoices, seed: 1, first_day, days: synth::Settings::DAYS_DEFAULT };
    for sheet in synth::generate(&settings).tables {
        write::csv(folder, &sheet).unwrap();
    }
}

fn pipeline(criterion: &mut Criterion) {
    for size in SIZES {
        let folder = tempfile::tempdir().unwrap();
        synthesise(folder.path(), size);
        let mut group = criterion.benchmark_group("pipeline");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("read", size), |bench| {
            bench.iter(|| black_box(load::load(&load::Opening::of(folder.path())).unwrap()));
        });
        let ledger = load::load(&load::Opening::of(folder.path())).unwrap().ledger;
        let view = LedgerView::new(&ledger, ledger.last_known().unwrap()).unwrap();
        group.bench_function(BenchmarkId::new("features", size), |bench| {
            bench.iter(|| {
                let history = History::new(&view, 0).unwrap();
                black_box(TrainingTable::new(&view, &history, Snapshots::Issue).unwrap())
            });
        });
        let history = History::new(&view, 0).unwrap();
        let timing = Timing::new(&view);
        let artefact = Artefact::train(&view, &history, &timing, "bench", None).unwrap();
        let scoring = Scoring { view: &view, history: &history, timing: &timing, artefact: &artefact };
        group.bench_function(BenchmarkId::new("score", size), |bench| {
            bench.iter(|| black_box(scoring.all(Detail::Reasons).unwrap()));
        });
        let scores = scoring.all(Detail::Reasons).unwrap();
        group.bench_function(BenchmarkId::new("rank", size), |bench| {
            let policies = Policies::read(&[]).unwrap();
            bench.iter(|| {
                let items: Vec<Item> = scores.iter().map(Item::of).collect();
                let stages = Stages::new(&view, &items, &policies);
                black_box(worklist::rank(&view, &scores, &stages).unwrap())
            });
        });
        group.finish();
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
