"""A made-up ledger of N open invoices and the payments for nearly all of them, to measure `duewise match` at size.

    python made_payments.py N FOLDER              writes the tables, and FOLDER-truth.csv beside them
    python made_payments.py N FOLDER MATCHES.csv  compares what `duewise match FOLDER --out OUT` wrote with it

Twenty invoices a customer; 6,000 of the past are paid and applied. Of the payments an eighth names nothing, the others slip in a
quarter of their numbers; a fifth gives one word of the payer's name, a tenth no account; 7 % pay two to five invoices.
"""

import csv
import random
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

PAST = 6_000
WORDS = """Alder Birch Cedar Delta Ember Falcon Granite Harbor Indigo Juniper Kestrel Lumen Maple Nimbus Orchid Pioneer Quartz
Raven Summit Timber Umber Vertex Willow Xenon Yarrow Zephyr""".split()
CITIES = """Aachen Bristol Cork Dover Essen Fulda Ghent Hull Izmir Jena Kiel Leeds Malmo Nantes Oslo Porto Quimper Riga Sofia Turin
Ulm Vigo Wels Xanten York Zwolle Basel Cadiz Delft Exeter Faro Graz Hamm Ivrea Jaen Koper Linz Metz Nice Ostend""".split()
KINDS = "Foods Trading Logistics Metals Systems Textiles Pharma Energy Works Supply".split()
FORMS = "Ltd GmbH Inc SA BV".split()


def slip(number, draw):
    at = draw.randrange(1, len(number))
    kind = draw.randrange(3)
    if kind == 0:
        return number[:at] + number[at + 1 :]
    return number[:at] + (number[at - 1] if kind == 1 else str(draw.randrange(10))) + number[at + (kind == 2) :]


def truth_of(folder):
    return folder.parent / f"{folder.name}-truth.csv"


def make(count, folder):
    draw = random.Random(11)
    folder.mkdir(parents=True, exist_ok=True)
    customers = max(1, count // 20)
    names = [
        f"{draw.choice(WORDS)}{draw.choice(WORDS).lower()} {draw.choice(CITIES)} {draw.choice(KINDS)} {draw.choice(FORMS)}"
        for _ in range(customers)
    ]
    accounts = [f"DE{draw.randrange(10**15, 10**16)}" for _ in range(customers)]
    heads = {
        "customers": "id,name",
        "invoices": "id,customer,issued,due,amount,currency",
        "payments": "id,customer,payer,account,day,amount,currency,reference",
        "allocations": "payment,invoice,amount,currency,day",
        "truth": "payment,invoices",
    }
    files = {name: open(folder / f"{name}.csv", "w") for name in heads if name != "truth"}
    files["truth"] = open(truth_of(folder), "w")
    write = {name: file.write for name, file in files.items()}
    for name, head in heads.items():
        write[name](head + "\n")
    for at, name in enumerate(names):
        write["customers"](f"C{at:07d},{name}\n")
    numbers = payments = 0
    for is_past, left in ((True, PAST), (False, count)):
        first = date(2025, 12, 1) if is_past else date(2026, 5, 1)
        while left > 0:
            customer = draw.randrange(customers)
            size = min(left, 1 if draw.random() > 0.07 else draw.randint(2, 5))
            left -= size
            group = []
            for _ in range(size):
                number, issued = f"{draw.randrange(10, 99)}{numbers:07d}", first + timedelta(draw.randrange(25))
                amount = round(draw.lognormvariate(6.5, 1.2) * 100) + 500
                row = f"{number},C{customer:07d},{issued},{issued + timedelta(30)},{amount / 100:.2f},EUR\n"
                write["invoices"](row)
                group.append((number, amount))
                numbers += 1
            if not is_past and draw.random() < 0.03:
                continue
            payment, payments = f"P{payments:08d}", payments + 1
            day = first + timedelta(31 + draw.randrange(25))
            payer = names[customer].upper() if draw.random() < 0.8 else names[customer].split()[0]
            account = accounts[customer] if draw.random() < 0.9 else ""
            written = [slip(number, draw) if draw.random() < 0.25 else number for number, _ in group]
            memo = f"payment {draw.randrange(2020, 2026)}" if draw.random() < 1 / 8 else " ".join(["INV", *written])
            paid = sum(amount for _, amount in group)
            write["payments"](f"{payment},,{payer},{account},{day},{paid / 100:.2f},EUR,{memo}\n")
            if is_past:
                for number, amount in group:
                    write["allocations"](f"{payment},{number},{amount / 100:.2f},EUR,{day}\n")
            else:
                write["truth"](f"{payment},{' '.join(sorted(number for number, _ in group))}\n")
    for file in files.values():
        file.close()


def compare(folder, matches):
    with open(truth_of(folder)) as file:
        truth = {row["payment"]: frozenset(row["invoices"].split()) for row in csv.DictReader(file)}
    standings, shown = Counter(), 0
    with open(matches) as file:
        for row in csv.DictReader(file):
            payments, invoices = row["payments"].split("; "), frozenset(row["invoices"].split("; "))
            is_right = len(payments) == 1 and truth.get(payments[0]) == invoices
            standings[row["standing"], "right" if is_right else "wrong"] += 1
            shown += sum(len(truth.get(payment, frozenset()) & invoices) for payment in payments)
    pairs = sum(map(len, truth.values()))
    print(f"{len(truth)} payments; {shown / pairs:.4f} of {pairs} true pairs are in sets: blocking found at least these")
    for (standing, verdict), count in sorted(standings.items()):
        print(f"{standing:10} {verdict:6}{count:9}")


if __name__ == "__main__":
    made = Path(sys.argv[2])
    if len(sys.argv) > 3:
        compare(made, sys.argv[3])
    else:
        make(int(sys.argv[1]), made)
