"""One row for each purchase-order item of the BPI Challenge 2019 extract, as the `bpic` example reads it.

    python bpic2019.py ITEMS.csv.gz EVENTS.csv.gz OUT.csv

An item is asked about at its first "Record Invoice Receipt". Items of a supplier received in the same minute are lines of
one bill. Of events before it in the item's own order, facts are taken; of later ones, the first payment and the first
"Remove Payment Block". The extract has no amount of the invoice: the item's first net worth stands for it.
"""

import sys

import pandas as pd

ITEM = "concept:name"
RECEIPT = "Record Invoice Receipt"


def day_of(events, activity, how):
    chosen = events[events.activity == activity]
    return chosen.groupby("case_id").day.agg(how)


def main(items_path, events_path, out_path):
    items = pd.read_csv(items_path, dtype=str).set_index(ITEM)
    items.columns = [name.removeprefix("(case) ") for name in items.columns]
    events = pd.read_csv(events_path, dtype={"case_id": str})
    events["time"] = pd.to_datetime(events.timestamp, utc=True).dt.tz_convert("Europe/Amsterdam")
    events["day"] = events.time.dt.strftime("%Y-%m-%d")

    first = events[events.activity == RECEIPT].groupby("case_id").first()
    events = events.join(first[["time", "event_idx"]].add_prefix("asked_"), on="case_id", how="inner")
    before = events[events.event_idx < events.asked_event_idx]
    after = events[events.time > events.asked_time]

    table = first.join(items)
    minute = table.time.dt.strftime("%Y-%m-%dT%H:%M%z")
    receipts = before[before.activity == "Record Goods Receipt"].groupby("case_id").size()
    out = pd.DataFrame(
        {
            "bill": table["Vendor"] + " " + minute,
            "supplier": table["Vendor"],
            "order": table["Purchasing Document"],
            "category": table["Sub spend area text"].fillna(""),
            "posted": table.day,
            "issued": day_of(before, "Vendor creates invoice", "max"),
            "ordered": day_of(before, "Create Purchase Order Item", "min"),
            "received": day_of(before, "Record Goods Receipt", "max"),
            "receipts": receipts.reindex(table.index).fillna(0).astype(int),
            "amount": events.groupby("case_id").cumulative_net_worth_eur.first().clip(lower=0),
            "settled": day_of(after, "Clear Invoice", "min"),
            "released": day_of(after, "Remove Payment Block", "min"),
        },
        index=table.index,
    )
    out = out.assign(asked=table.time).sort_values(["asked", "bill"]).drop(columns="asked")
    out.to_csv(out_path, index_label="item")


if __name__ == "__main__":
    main(*sys.argv[1:4])
