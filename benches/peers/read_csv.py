"""How long `duewise check` takes on a large CSV beside a bare polars read of the same file, in turns in one session.

    python3 benches/peers/read_csv.py target/release/duewise [ROWS]

Needs polars (`pip install polars`). The file is made by `duewise synth`, its ids numbered anew, in a temporary folder;
every line of output is JSON. The ratio is what counts: machines differ. Peak memory is what `/usr/bin/time -v` says of the
same command; a child of this process would count the pages of its parent.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import polars

THREADS = os.cpu_count()
ROUNDS = 3


def ledger(duewise, folder, rows):
    """A canonical invoices.csv of so many rows with unique ids."""
    made = os.path.join(folder, "made")
    subprocess.run([duewise, "synth", "--quiet", "--invoices", "100000", "--seed", "7", "--out", made],
                   check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(made, "invoices.csv"), encoding="utf-8") as source:
        header, *lines = source.read().splitlines()
    path = os.path.join(folder, "ledger", "invoices.csv")
    os.mkdir(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as target:
        target.write(header + "\n")
        for row in range(rows):
            rest = lines[row % len(lines)].split(",", 1)[1]
            target.write(f"INV-{row:09},{rest}\n")
    return path


def bare(path):
    start = time.perf_counter()
    frame = polars.read_csv(path)
    return time.perf_counter() - start, frame.height


def checked(duewise, path):
    start = time.perf_counter()
    run = subprocess.run([duewise, "check", "--quiet", "--json", os.path.dirname(path)],
                         check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - start
    return seconds, json.loads(run.stdout)["tables"][0]["accepted"]


def main():
    duewise = os.path.abspath(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = ledger(duewise, folder, rows)
        print(json.dumps({"rows": rows, "bytes": os.path.getsize(path), "threads": THREADS}))
        best = {"polars": float("inf"), "duewise": float("inf")}
        for turn in range(ROUNDS):
            seconds, read = bare(path)
            best["polars"] = min(best["polars"], seconds)
            print(json.dumps({"turn": turn, "what": "polars read_csv", "rows": read, "seconds": round(seconds, 2)}))
            seconds, read = checked(duewise, path)
            best["duewise"] = min(best["duewise"], seconds)
            print(json.dumps({"turn": turn, "what": "duewise check", "rows": read, "seconds": round(seconds, 2)}))
        ratio = round(best["duewise"] / best["polars"], 2)
        print(json.dumps({"ratio_of_best": ratio}))


main()
