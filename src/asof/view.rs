//! The only door to facts: nothing that was not known when the as-of day ended passes it.

use std::collections::BTreeMap;

use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::ledger::life::{self, Settled};
use crate::ledger::table::DECIMAL_PLACES;
use crate::ledger::{
    Activity, CashMove, Customer, Invoice, Ledger, Outcome, Pause, PlanPart, Rate, Settlement, Stamp,
};

/// A ledger as it was known on a day.
#[derive(Debug, Clone, Copy)]
pub struct LedgerView<'a> {
    ledger: &'a Ledger,
    as_of: AsOf,
}

/// An invoice with something left to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenItem {
    /// Position of the invoice in the ledger.
    pub invoice: u32,
    /// What is left, in minor units.
    pub balance: i64,
}

/// A customer's word that it will pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Who promised.
    pub customer: u32,
    /// Day on which the promise was made.
    pub made: Day,
    /// Day by which it is to be kept.
    pub by: Day,
    /// The document, by its first claim; `None` is the whole account.
    pub invoice: Option<u32>,
    /// Amount in minor units; `None` is all that was open.
    pub amount: Option<(i64, Currency)>,
}

impl<'a> LedgerView<'a> {
    /// The ledger as it was known when `as_of` ended. An error if no invoice was known then.
    pub fn new(ledger: &'a Ledger, as_of: AsOf) -> Result<Self> {
        match ledger.first_known() {
            Some(first) if first <= as_of.0 => Ok(Self { ledger, as_of }),
            first => Err(Error::new(Code::AsOfTooEarly).column("--as-of").detail(format!(
                "as of {as_of}, but the first invoice is of {}",
                first.map_or_else(|| "no day".to_owned(), |day| day.to_string())
            ))),
        }
    }

    /// The day of the view.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// The parties; who they are has no day.
    pub fn customers(&self) -> &'a [Customer] {
        &self.ledger.customers
    }

    /// The invoices known by then, with their positions.
    pub fn invoices(&self) -> impl Iterator<Item = (u32, &'a Invoice)> + use<'a> {
        let as_of = self.as_of.0;
        let numbered = self.ledger.invoices.iter().enumerate().map(|(at, invoice)| (at as u32, invoice));
        numbered.filter(move |(_, invoice)| invoice.stamp.known <= as_of)
    }

    /// One invoice, by a position that [`LedgerView::invoices`] gave.
    pub fn invoice(&self, at: u32) -> &'a Invoice {
        &self.ledger.invoices[at as usize]
    }

    /// What was known by then to be paid on an invoice, and what of it came back.
    pub fn settlements_of(&self, invoice: u32) -> &'a [Settlement] {
        let all = self.ledger.settlements_of(invoice);
        &all[..all.partition_point(|settlement| settlement.stamp.known <= self.as_of.0)]
    }

    /// When an invoice was settled in full, if it was by what was known then.
    pub fn settled(&self, invoice: u32) -> Option<Stamp> {
        life::settled(self.invoice(invoice).amount, self.settlements_of(invoice))
    }

    /// Tells, in order, each time during which an invoice was settled in full, as far as was known by then.
    pub fn each_settled(&self, invoice: u32, tell: impl FnMut(Settled)) {
        life::each_settled(self.invoice(invoice).amount, self.settlements_of(invoice), tell);
    }

    /// Whether an invoice was settled in full by what was known on an earlier day.
    pub fn was_settled(&self, invoice: u32, on: Day) -> bool {
        let known = self.settlements_of(invoice);
        let then = &known[..known.partition_point(|settlement| settlement.stamp.known <= on)];
        life::settled(self.invoice(invoice).amount, then).is_some()
    }

    /// The claims of a document, in the order in which they are due: mostly one.
    pub fn claims_of(&self, document: u32) -> impl Iterator<Item = u32> + use<'a> {
        self.ledger.claims_of(document)
    }

    /// What is left to pay on an invoice.
    pub fn balance(&self, invoice: u32) -> i64 {
        let paid: i64 = self.settlements_of(invoice).iter().map(|settlement| settlement.amount).sum();
        self.invoice(invoice).amount - paid
    }

    /// Every invoice with something left to pay.
    pub fn open_items(&self) -> Vec<OpenItem> {
        let item = |(invoice, _)| OpenItem { invoice, balance: self.balance(invoice) };
        self.invoices().map(item).filter(|item| item.balance > 0).collect()
    }

    /// Money and credit on no invoice, by customer (`None`: payer unidentified) and currency, where there is any.
    pub fn unapplied(&self) -> BTreeMap<(Option<u32>, Currency), i64> {
        let mut sums = BTreeMap::new();
        for cash in self.ledger.cash.iter().filter(|cash| cash.stamp.known <= self.as_of.0) {
            let sum: &mut i64 = sums.entry((cash.customer, cash.currency)).or_default();
            *sum = sum.saturating_add(cash.amount);
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }

    /// Of that, what is the credit of credit notes, by currency.
    pub fn unapplied_credit(&self) -> BTreeMap<Currency, i128> {
        let mut sums = BTreeMap::new();
        let known = |cash: &&CashMove| cash.is_credit && cash.stamp.known <= self.as_of.0;
        for cash in self.ledger.cash.iter().filter(known) {
            *sums.entry(cash.currency).or_default() += i128::from(cash.amount);
        }
        sums
    }

    /// Money and credit on no invoice of known payers, by the day on which it had come: what is left of it, now that some was applied or went back.
    pub fn unapplied_by_day(&self) -> BTreeMap<(u32, Currency), BTreeMap<Day, i64>> {
        let mut sums: BTreeMap<(u32, Currency), BTreeMap<Day, i64>> = BTreeMap::new();
        for cash in self.ledger.cash.iter().filter(|cash| cash.stamp.known <= self.as_of.0) {
            let Some(customer) = cash.customer else { continue };
            let days = sums.entry((customer, cash.currency)).or_default();
            let sum = days.entry(cash.stamp.happened).or_default();
            *sum = sum.saturating_add(cash.amount);
        }
        sums
    }

    /// Parts of claims given up by then; `None` where the ledger does not say what settled its invoices.
    pub fn written_off(&self) -> Option<impl Iterator<Item = &'a Settlement> + use<'a>> {
        let as_of = self.as_of.0;
        let all = self.ledger.written_off.as_ref()?;
        Some(all.iter().filter(move |part| part.stamp.known <= as_of))
    }

    /// What customers owe less the money and credit on no invoice, by currency: the balance of the receivables account.
    pub fn net_receivable(&self) -> BTreeMap<Currency, i128> {
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for (at, invoice) in self.invoices() {
            *sums.entry(invoice.currency).or_default() += i128::from(self.balance(at));
        }
        for ((_, currency), unapplied) in self.unapplied() {
            *sums.entry(currency).or_default() -= i128::from(unapplied);
        }
        sums
    }

    /// Minor units of one currency in another, at the latest rate of that day or before, given for the pair either way round;
    /// `None` where there is none.
    pub fn convert(&self, minor: i64, from: Currency, to: Currency) -> Option<i64> {
        if from == to {
            return Some(minor);
        }
        let latest = |from: Currency, to: Currency| {
            let known = |rate: &Rate| (rate.from, rate.to, rate.day) <= (from, to, self.as_of.0);
            let at = self.ledger.rates.partition_point(known).checked_sub(1)?;
            Some(self.ledger.rates[at]).filter(|rate| (rate.from, rate.to) == (from, to))
        };
        let one = 10_i128.pow(u32::from(DECIMAL_PLACES));
        let (times, over) = match latest(from, to) {
            Some(rate) => (i128::from(rate.rate), one),
            None => (one, i128::from(latest(to, from)?.rate)),
        };
        let scale = |currency: Currency| 10_i128.pow(u32::from(currency.decimals()));
        let (numerator, denominator) = (i128::from(minor) * times, over * scale(from));
        // Rounded half up; positions to be ranked are never negative.
        i64::try_from((numerator * scale(to) + denominator / 2).div_euclid(denominator)).ok()
    }

    /// Contacts made by then.
    pub fn activities(&self) -> impl Iterator<Item = &'a Activity> + use<'a> {
        let as_of = self.as_of.0;
        self.ledger.activities.iter().filter(move |activity| activity.day <= as_of)
    }

    /// Pauses begun by then, ended or not.
    pub fn pauses(&self) -> impl Iterator<Item = &'a Pause> + use<'a> {
        let as_of = self.as_of.0;
        self.ledger.pauses.iter().filter(move |pause| pause.from <= as_of)
    }

    /// Parts of the payment plans agreed by then.
    pub fn plan_parts(&self) -> impl Iterator<Item = &'a PlanPart> + use<'a> {
        let as_of = self.as_of.0;
        self.ledger.plans.iter().filter(move |part| part.agreed <= as_of)
    }

    /// Promises made by then, due or not.
    pub fn promises(&self) -> impl Iterator<Item = Promise> + use<'a> {
        self.activities().filter_map(|activity| match activity.outcome {
            Outcome::Promise { by, amount } => Some(Promise {
                customer: activity.customer,
                made: activity.day,
                by,
                invoice: activity.invoice,
                amount,
            }),
            _ => None,
        })
    }

    /// Whether an invoice was in dispute: raised by then, and not resolved by then.
    pub fn disputed(&self, invoice: &Invoice) -> bool {
        let raised = invoice.disputed.is_some_and(|day| day <= self.as_of.0);
        // Resolved before it was raised is not resolved.
        let resolved = |day: Day| day <= self.as_of.0 && invoice.disputed.is_none_or(|raised| day >= raised);
        raised && !invoice.dispute_resolved.is_some_and(resolved)
    }
}
