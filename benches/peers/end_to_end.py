"""`duewise train` + `duewise score` beside the same job in Python: polars features, LightGBM, pred_contrib.

  duewise synth --invoices 1000000 --seed 7 --out LEDGER
  python benches/peers/end_to_end.py target/release/duewise LEDGER [--rows-max 30000]

Both read the ledger's tables, look at every invoice on its day of issue and once later while it was open, compute as-of
features of its account, back-test on six monthly origins, fit, and score what is open with its explanation. The Python side
has some forty features and one model; duewise has what `duewise features --list` shows, four models, the hazard, calibration
and the gate. `--rows-max` caps the rows a model is fitted on, as duewise does; without it Python fits on all.

  pip install polars lightgbm numpy
"""
import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta

import lightgbm as lgb
import numpy as np
import polars as pl

DAY = pl.Date


def tables(ledger):
    invoices = pl.read_csv(f"{ledger}/invoices.csv", try_parse_dates=True, infer_schema_length=20_000)
    invoices = invoices.filter(pl.col("type") == "invoice").select(
        "id", "customer", "currency", "issued", "due", pl.col("amount").cast(pl.Float64), "posted"
    )
    payments = pl.read_csv(f"{ledger}/payments.csv", try_parse_dates=True, infer_schema_length=20_000)
    allocations = pl.read_csv(f"{ledger}/allocations.csv", try_parse_dates=True, infer_schema_length=20_000)
    paid = allocations.join(payments.select("id", "day"), left_on="payment", right_on="id")
    paid = paid.group_by("invoice").agg(pl.col("amount").cast(pl.Float64).sum().alias("sum"), pl.col("day").max().alias("paid"))
    invoices = invoices.join(paid, left_on="id", right_on="invoice", how="left")
    settled = pl.col("sum") >= pl.col("amount") - 1e-6
    return invoices.with_columns(pl.when(settled).then("paid").alias("paid")).drop("sum")


def history(invoices):
    """Payments by account and day, with everything a question may ask of them."""
    paid = invoices.filter(pl.col("paid").is_not_null()).sort("customer", "currency", "paid", "id")
    delay = (pl.col("paid") - pl.col("due")).dt.total_days().cast(pl.Float64)
    account = ["customer", "currency"]
    paid = paid.with_columns(delay.alias("delay"), (pl.col("paid") + timedelta(days=1)).alias("known"))
    paid = paid.with_columns((pl.col("delay") > 0).cast(pl.Float64).alias("late"))
    sums = {
        "n": pl.lit(1.0), "n_late": pl.col("late"), "sum": pl.col("amount"), "sum_late": pl.col("amount") * pl.col("late"),
        "delays": pl.col("delay"), "delays2": pl.col("delay") ** 2, "late_delays": pl.col("delay") * pl.col("late"),
        "pay_days": (pl.col("paid") - pl.col("issued")).dt.total_days().cast(pl.Float64),
    }
    paid = paid.with_columns([of.cum_sum().over(account).alias(f"c_{name}") for name, of in sums.items()])
    paid = paid.with_columns([pl.col("delay").shift(k).over(account).alias(f"last_{k + 1}") for k in range(5)])
    paid = paid.with_columns([
        pl.col("delay").rolling_quantile(q, window_size=50, min_samples=1).over(account).alias(f"q{int(100 * q)}")
        for q in (0.1, 0.25, 0.5, 0.75, 0.9)
    ])
    keep = ["known", *account, *[f"c_{name}" for name in sums], *[f"last_{k + 1}" for k in range(5)], "q10", "q25", "q50", "q75", "q90"]
    return paid.select(keep).sort("known")


def moves(invoices, start, name):
    """Count and amount that are open (or overdue) by account and day."""
    came = invoices.select("customer", "currency", pl.col(start).alias("known"), pl.lit(1.0).alias("n"), pl.col("amount").alias("sum"))
    gone = invoices.filter(pl.col("paid").is_not_null() & (pl.col("paid") >= pl.col(start)))
    gone = gone.select("customer", "currency", pl.col("paid").alias("known"), pl.lit(-1.0).alias("n"), -pl.col("amount").alias("sum"))
    both = pl.concat([came, gone]).sort("known").with_columns(pl.col("known") + timedelta(days=1))
    account = ["customer", "currency"]
    return both.select(
        "known", *account, pl.col("n").cum_sum().over(account).alias(f"{name}_n"), pl.col("sum").cum_sum().over(account).alias(f"{name}_sum")
    )


def as_of(asked, facts, day):
    """The account's facts as they stood on a day."""
    joined = asked.sort(day).join_asof(
        facts, left_on=day, right_on="known", by=["customer", "currency"], check_sortedness=False
    )
    return joined.drop("known")


def features(questions, invoices, past):
    asked = as_of(questions, past, "day")
    for days in (30, 90, 180):
        before = past.select("known", "customer", "currency", *[pl.col(f"c_{name}").alias(f"w{days}_{name}") for name in ("n", "n_late", "delays")])
        asked = as_of(asked.with_columns((pl.col("day") - timedelta(days=days)).alias("from")), before, "from")
        gap = {name: pl.col(f"c_{name}") - pl.col(f"w{days}_{name}").fill_null(0.0) for name in ("n", "n_late", "delays")}
        asked = asked.with_columns(
            gap["n"].alias(f"n_{days}"), (gap["n_late"] / gap["n"]).alias(f"late_{days}"), (gap["delays"] / gap["n"]).alias(f"delay_{days}")
        ).drop("from", f"w{days}_n", f"w{days}_n_late", f"w{days}_delays")
    for start, name in (("posted", "open"), ("due", "overdue")):
        asked = as_of(asked, moves(invoices, start, name), "day")
    c = pl.col
    return asked.with_columns(
        (c("due") - c("issued")).dt.total_days().alias("terms"), (c("due") - c("day")).dt.total_days().alias("to_due"),
        c("due").dt.weekday().alias("due_weekday"), c("due").dt.day().alias("due_day"), c("issued").dt.weekday().alias("issued_weekday"),
        c("issued").dt.day().alias("issued_day"), c("due").dt.month().alias("month"), (c("c_n_late") / c("c_n")).alias("late_ratio"),
        (c("c_sum_late") / c("c_sum")).alias("late_amount_ratio"), (c("c_delays") / c("c_n")).alias("delay_mean"),
        ((c("c_delays2") / c("c_n") - (c("c_delays") / c("c_n")) ** 2).clip(0).sqrt()).alias("delay_sd"),
        (c("c_late_delays") / c("c_n_late")).alias("late_delay"), (c("c_pay_days") / c("c_n")).alias("pay_days"),
    )


def matrix(asked):
    names = [name for name, kind in asked.schema.items() if kind.is_numeric() and name != "row"]
    return asked.select(names).to_numpy().astype(np.float32)


def fit(X, y, rows_max):
    if rows_max and len(y) > rows_max:
        kept = np.arange(rows_max) * len(y) // rows_max
        X, y = X[kept], y[kept]
    model = lgb.LGBMClassifier(n_estimators=400, learning_rate=0.03, num_leaves=24, min_child_samples=50, colsample_bytree=0.25,
                               subsample=0.7, subsample_freq=1, reg_lambda=10, n_jobs=2, verbose=-1)
    return model.fit(X, y)


def python_job(ledger, rows_max):
    invoices = tables(ledger)
    today = max(invoices["posted"].max(), invoices["paid"].max())
    rng = np.random.default_rng(1)
    days = (invoices["due"] - invoices["posted"]).dt.total_days().to_numpy() + 1
    later = invoices["posted"].to_numpy() + rng.integers(1, np.maximum(days, 1) + 1).astype("timedelta64[D]")
    later = invoices.with_columns(pl.Series("day", later)).filter(pl.col("paid").is_null() | (pl.col("paid") >= pl.col("day")))
    asked = pl.concat([invoices.with_columns(pl.col("posted").alias("day")), later.select(*invoices.columns, "day")])
    past = history(invoices)
    asked = features(asked, invoices, past)
    ripe = asked["due"] + timedelta(days=1)
    y = (asked["paid"].is_null() | (asked["paid"] > asked["due"])).to_numpy()
    X = matrix(asked.drop("paid"))
    first = today.replace(day=1)
    for _ in range(6):
        following, first = first, (first - timedelta(days=1)).replace(day=1)
        train = ((ripe <= first) & (asked["day"] < first)).to_numpy()
        test = ((asked["day"] >= first) & (asked["day"] < following) & (ripe <= today)).to_numpy()
        if train.sum() > 100 and test.any():
            fit(X[train], y[train], rows_max).predict_proba(X[test])
    train = (ripe <= today).to_numpy()
    model = fit(X[train], y[train], rows_max)
    still = invoices.filter(pl.col("paid").is_null()).with_columns(pl.lit(today + timedelta(days=1)).cast(DAY).alias("day"))
    scored = matrix(features(still, invoices, past).drop("paid"))
    model.predict(scored, pred_contrib=True)
    return len(scored)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("duewise"), parser.add_argument("ledger")
    parser.add_argument("--rows-max", type=int, default=0), parser.add_argument("--python", action="store_true")
    args = parser.parse_args()
    if args.python:
        print(python_job(args.ledger, args.rows_max), "open invoices scored")
        return
    start = time.time()
    own = [sys.executable, __file__, args.duewise, args.ledger, "--python", "--rows-max", str(args.rows_max)]
    subprocess.run(own, check=True)
    python = time.time() - start
    with tempfile.TemporaryDirectory() as folder:
        start = time.time()
        train = [args.duewise, "train", args.ledger, "--models", folder, "--name", "bench", "--quiet"]
        subprocess.run(train, stdout=subprocess.DEVNULL)
        trained = time.time() - start
        score = [args.duewise, "score", args.ledger, "--model", f"{folder}/bench-v1", "--out", f"{folder}/out", "--quiet"]
        subprocess.run(score, stdout=subprocess.DEVNULL)
        ours = time.time() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"python {python:.1f} s, duewise {ours:.1f} s (train {trained:.1f}, score {ours - trained:.1f}): {python / ours:.2f} times")
    print(f"peak of the largest of them {peak:.2f} GiB")


if __name__ == "__main__":
    main()
