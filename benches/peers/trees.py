"""How long duewise's trees take to fit and to predict beside LightGBM and scikit-learn, in turns in one session.

    python3 benches/peers/trees.py [BENCH [ROWS...]]

BENCH is the program that `cargo bench --bench trees --no-run` names; without it (or as "-") cargo is called. Needs lightgbm,
scikit-learn and numpy. The data is made here and written to a temporary folder; a side's time is the best of its rounds.
Peak memory is that of a process of its own for each side, the data included.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy

THREADS = 2
FEATURES = 50
HELD_OUT = 50_000
SIZES = [100_000, 1_000_000]
ROUNDS = 3
BOOST_TREES = 100
FOREST_TREES = {100_000: 50, 1_000_000: 20}


def write(folder, rows):
    """Normal features, some with gaps, some of few values; the target depends on a few of them, not linearly."""
    random = numpy.random.default_rng(7)
    records = random.standard_normal((rows + HELD_OUT, FEATURES))
    records[:, 30:40] = numpy.round(records[:, 30:40] * 2)
    score = (records[:, 0] * records[:, 1] + numpy.sin(2 * records[:, 2]) + 0.5 * numpy.abs(records[:, 3])
             + 0.3 * records[:, 31] * (records[:, 4] > 0) + 0.2 * records[:, 5:15].sum(axis=1))
    targets = score + random.standard_normal(len(score)) > 0.4
    records[:, 10:20][random.random((len(records), 10)) < 0.05] = numpy.nan
    records.astype("<f8").tofile(os.path.join(folder, "records"))
    targets.astype("u1").tofile(os.path.join(folder, "targets"))
    with open(os.path.join(folder, "shape"), "w", encoding="ascii") as shape:
        shape.write(f"{rows} {HELD_OUT} {FEATURES} {forest_trees(rows)}\n")


def forest_trees(rows):
    return FOREST_TREES.get(rows, 20)


def read(folder):
    with open(os.path.join(folder, "shape"), encoding="ascii") as shape:
        rows = int(shape.read().split()[0])
    records = numpy.fromfile(os.path.join(folder, "records"), "<f8").reshape(-1, FEATURES)
    targets = numpy.fromfile(os.path.join(folder, "targets"), "u1")
    return records[:rows], targets[:rows], records[rows:], targets[rows:]


def lightgbm(folder, layout):
    import lightgbm as library
    records, targets, held_out, _ = read(folder)
    params = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "max_bin": 255, "min_data_in_leaf": 20,
              "num_threads": THREADS, "verbose": -1, layout: True}
    start = time.perf_counter()
    data = library.Dataset(records, label=targets, params=params).construct()
    model = library.train(params, data, BOOST_TREES)
    fitted = time.perf_counter()
    model.predict(records, num_threads=THREADS)
    return fitted - start, time.perf_counter() - fitted, model.predict(held_out)


def hist_boosting(folder):
    from sklearn.ensemble import HistGradientBoostingClassifier
    records, targets, held_out, _ = read(folder)
    model = HistGradientBoostingClassifier(max_iter=BOOST_TREES, early_stopping=False)
    start = time.perf_counter()
    model.fit(records, targets)
    fitted = time.perf_counter()
    model.predict_proba(records)
    return fitted - start, time.perf_counter() - fitted, model.predict_proba(held_out)[:, 1]


def random_forest(folder):
    from sklearn.ensemble import RandomForestClassifier
    records, targets, held_out, _ = read(folder)
    model = RandomForestClassifier(n_estimators=forest_trees(len(records)), min_samples_leaf=5, max_features="sqrt",
                                   n_jobs=THREADS, random_state=1)
    start = time.perf_counter()
    model.fit(records, targets)
    fitted = time.perf_counter()
    model.predict_proba(records)
    return fitted - start, time.perf_counter() - fitted, model.predict_proba(held_out)[:, 1]


PEERS = {
    "LightGBM by columns": lambda folder: lightgbm(folder, "force_col_wise"),
    "LightGBM by rows": lambda folder: lightgbm(folder, "force_row_wise"),
    "sklearn HistGradientBoosting": hist_boosting,
    "sklearn RandomForest": random_forest,
}


def area(scores, targets):
    """Area under the curve, from ranks; equal scores share theirs."""
    values, place, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[place]
    late = targets != 0
    return (ranks[late].sum() - late.sum() * (late.sum() + 1) / 2) / late.sum() / (~late).sum()


def peer(name, folder):
    """Runs one peer in a process of its own."""
    run = subprocess.run([sys.executable, __file__, "--peer", name, folder], check=True, stdout=subprocess.PIPE,
                         env=os.environ | {"OMP_NUM_THREADS": str(THREADS)})
    return [json.loads(run.stdout)]


def ours(bench, folder):
    command = [bench] if bench != "-" else ["cargo", "bench", "--quiet", "--bench", "trees", "--"]
    run = subprocess.run(["/usr/bin/time", "-f", "%M", *command, folder], check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=os.environ | {"RAYON_NUM_THREADS": str(THREADS)})
    seconds = {line["what"]: line["seconds"] for line in map(json.loads, run.stdout.splitlines())}
    memory = int(run.stderr.split()[-1]) // 1024
    targets = read(folder)[3]
    return [{"name": f"duewise {kind}", "fit": seconds[f"{kind} fit"], "predict": seconds[f"{kind} predict"],
             "auc": area(numpy.fromfile(os.path.join(folder, kind), "<f8"), targets), "memory": memory}
            for kind in ("boost", "forest")]


def measured(name, folder):
    """What a process of its own says of one peer."""
    fit, predict, scores = PEERS[name](folder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"name": name, "fit": fit, "predict": predict, "auc": area(scores, read(folder)[3]), "memory": memory}))


def table(bench, rows):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, rows)
        best = {}
        for _ in range(ROUNDS):
            for line in [*ours(bench, folder), *(line for name in PEERS for line in peer(name, folder))]:
                seen = best.setdefault(line["name"], line)
                seen["fit"] = min(seen["fit"], line["fit"])
                seen["predict"] = min(seen["predict"], line["predict"])
    print(f"\n{rows} rows of {FEATURES} features, {THREADS} threads; {BOOST_TREES} boosted trees of 31 leaves, "
          f"forests of {forest_trees(rows)}; best of {ROUNDS}")
    print(f"{'':30}{'fit s':>9}{'predict s':>11}{'AUC':>9}{'peak MB':>9}")
    for name, line in best.items():
        print(f"{name:30}{line['fit']:9.2f}{line['predict']:11.3f}{line['auc']:9.4f}{line['memory']:9}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        measured(sys.argv[2], sys.argv[3])
    else:
        for size in [int(rows) for rows in sys.argv[2:]] or SIZES:
            table(sys.argv[1] if len(sys.argv) > 1 else "-", size)
