"""A made-up ledger of N supplier bills with lines, over orders with lines and receipts, to measure `duewise exceptions` at size.

    python made_bills.py N FOLDER

Two hundred bills a supplier, 2.5 lines a bill. On 2 % of the bills a price is too high, on 1.5 % a quantity, and .5 % are there again
with an A after their number.
"""

import random
import sys
from datetime import date, timedelta
from pathlib import Path

HEADS = {
    "suppliers": "id,name,country,terms,bank_account",
    "orders": "id,side,party,ordered,amount,currency,status,terms",
    "order_lines": "order,line,item,description,quantity,unit_price,amount,scheduled",
    "receipts": "id,order,order_line,received,quantity",
    "bills": "id,supplier,issued,due,amount,currency,type,tax,order,terms,status,settled,posted,bank_account",
    "bill_lines": "document,line,item,description,quantity,unit_price,amount,tax,order,order_line",
}


def main(count, folder):
    draw = random.Random(5)
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: open(folder / f"{name}.csv", "w") for name in HEADS}
    write = {name: file.write for name, file in files.items()}
    for name, head in HEADS.items():
        write[name](head + "\n")
    days = [str(date(2024, 1, 1) + timedelta(day)) for day in range(800)]
    suppliers = max(20, count // 200)
    accounts = [f"DE{draw.randrange(10**15, 10**16)}" for _ in range(suppliers)]
    for at, account in enumerate(accounts):
        write["suppliers"](f"S{at:06d},Supplier {at} Ltd,DE,net 30,{account}\n")
    running = [0] * suppliers
    receipts = 0
    for at in range(count):
        supplier, order, wrong = draw.randrange(suppliers), f"PO{at:08d}", draw.random()
        # Orders come in the order of their days, so that a supplier's numbers rise.
        ordered = at * 600 // count
        received = ordered + draw.randrange(3, 20)
        posted = received + draw.randrange(2, 12)
        running[supplier] += draw.randrange(1, 4)
        bill = f"{supplier:05d}-{running[supplier]:05d}"
        total = asked = 0
        for line in range(1, draw.randrange(1, 5) + 1):
            item, quantity, price = draw.randrange(5_000), draw.randrange(1, 40), draw.randrange(100, 20_000)
            billed, charged = quantity, price
            if line == 1 and wrong < 0.02:
                charged = price * 6 // 5 + 50
            elif line == 1 and wrong < 0.035:
                billed = quantity + max(2, quantity * 3 // 10)
            total, asked, receipts = total + quantity * price, asked + billed * charged, receipts + 1
            what = f"A{item:04d},Item {item}"
            write["order_lines"](
                f"{order},{line},{what},{quantity},{price / 100:.2f},{quantity * price / 100:.2f},{days[received]}\n"
            )
            write["receipts"](f"GR{receipts:09d},{order},{line},{days[received]},{quantity}\n")
            write["bill_lines"](
                f"{bill},{line},{what},{billed},{charged / 100:.2f},{billed * charged / 100:.2f},0.00,{order},{line}\n"
            )
        write["orders"](f"{order},purchase,S{supplier:06d},{days[ordered]},{total / 100:.2f},EUR,open,net 30\n")
        is_paid = posted < 560
        row = (
            f"S{supplier:06d},{days[posted - 2]},{days[posted + 28]},{asked / 100:.2f},EUR,invoice,0.00,{order},net 30,"
            f"{'paid' if is_paid else 'open'},{days[posted + 28] if is_paid else ''},{days[posted]},{accounts[supplier]}\n"
        )
        write["bills"](f"{bill},{row}")
        if 0.045 <= wrong < 0.05:
            write["bills"](f"{bill}A,{row}")
    for file in files.values():
        file.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
