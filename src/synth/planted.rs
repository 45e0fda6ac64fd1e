//! The exceptions that are planted, and where: their codes, how many, and which bill gets which.

use crate::base::seed;

use super::draw::between;
use super::party::{Supplier, shadow};

/// Planted bills of each kind, per thousand bills, and the fewest.
const PER_THOUSAND: usize = 4;
const EACH_MIN: usize = 3;
/// Draws after which a kind gives up on finding a bill: the ledger is too small for it.
const TRIES_MAX: usize = 2_000;
/// Bills before a gap in the numbers, so that their running is known.
const BILLS_BEFORE_GAP: usize = 5;

/// Declares the kinds of a fault with their codes, and the list of both.
macro_rules! faults {
    ($(#[$doc:meta])* $name:ident { $($(#[$fault_doc:meta])* $fault:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name { $($(#[$fault_doc])* $fault,)* }

        impl $name {
            /// Every kind.
            pub(super) const ALL: &'static [Self] = &[$(Self::$fault,)*];

            /// The code in the truth table.
            pub(super) const fn code(self) -> &'static str {
                match self { $(Self::$fault => $code,)* }
            }
        }
    };
}

faults! {
    /// What can be wrong with a bill.
    BillFault {
        /// A line costs clearly more than was ordered.
        Price = "PRICE_VARIANCE",
        /// More is billed than was ordered; it was all received.
        QuantityOverOrder = "QTY_OVER_ORDER",
        /// More is billed than was received.
        QuantityOverReceipt = "QTY_OVER_RECEIPT",
        /// A bill without lines for more than the order's total.
        AmountOverOrder = "AMOUNT_OVER_ORDER",
        /// Billed before the goods came, if they ever did.
        BeforeReceipt = "BILL_BEFORE_RECEIPT",
        /// No order number.
        NoOrder = "NO_PO",
        /// The order is closed.
        OrderClosed = "PO_CLOSED",
        /// Dated before the order.
        BeforeOrder = "PO_DATE",
        /// Billed in another currency than ordered.
        Currency = "CURRENCY_DIFFERENCE",
        /// The tax of the bill is not that of its lines.
        Tax = "TAX_VARIANCE",
        /// The lines and the tax do not sum to the amount.
        Lines = "LINE_VARIANCE",
        /// A charge that nobody ordered.
        Freight = "UNAUTHORISED_FREIGHT",
        /// Other terms than the order's.
        Terms = "TERMS_DIFFERENCE",
        /// The same bill twice; its number differs in punctuation, case or zeros only.
        DuplicateExact = "DUPLICATE_EXACT",
        /// The same bill twice, its number retyped or with a suffix.
        DuplicateFuzzy = "DUPLICATE_FUZZY",
        /// The same bill from two suppliers with one bank account.
        DuplicateVendor = "DUPLICATE_VENDOR",
        /// A bill billed again in two parts.
        DuplicateSplit = "DUPLICATE_SPLIT",
        /// Asks to be paid to an account that the supplier never had.
        BankChanged = "REMIT_BANK_CHANGED",
        /// Just below the limit from which approval is needed.
        BelowLimit = "BELOW_APPROVAL_LIMIT",
        /// A round amount.
        Round = "ROUND_AMOUNT",
        /// A jump in numbers that ran without gaps.
        NumberGap = "NUMBER_GAP",
        /// A new supplier whose first bill is a large one.
        NewSupplier = "NEW_SUPPLIER_LARGE",
        /// The same bill twice, the second time under the supplier's next number.
        DuplicateResent = "DUPLICATE_RESENT",
        /// More is billed than was accepted of what came.
        QuantityOverAccepted = "QTY_OVER_ACCEPTED",
        /// The goods came weeks after the day agreed.
        Late = "DELIVERY_DATE",
    }
}

faults! {
    /// What can be wrong with a payment, credit note or own invoice.
    PaymentFault {
        /// Less than the invoice, the rest is left open.
        ShortPay = "SHORT_PAY",
        /// More than the invoice.
        OverPay = "OVER_PAY",
        /// The discount was taken after its time.
        UnearnedDiscount = "UNEARNED_DISCOUNT",
        /// The invoice had been paid already.
        DuplicatePayment = "DUPLICATE_PAYMENT",
        /// Booked to another customer than the invoice's.
        WrongPayer = "WRONG_PAYER",
        /// The bank took it back.
        Returned = "RETURNED_PAYMENT",
        /// Nobody knows whose it is.
        Unidentified = "UNIDENTIFIED",
        /// Not applied to anything.
        Unapplied = "UNAPPLIED_CASH",
        /// A credit note not applied to anything.
        CreditUnapplied = "CREDIT_UNAPPLIED",
        /// An invoice sent twice under two numbers.
        InvoiceTwice = "DUPLICATE_RESENT",
    }
}

/// What is planted on one bill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plant {
    pub(super) fault: BillFault,
    /// Which of its kind it is, from 0: names the supplier that was added for it.
    pub(super) ordinal: u32,
}

/// How many of each kind are planted among so many bills.
pub(super) fn each(bills: usize) -> usize {
    (bills * PER_THOUSAND / 1_000).max(EACH_MIN)
}

/// Which bill of which supplier gets what, for suppliers with these numbers of bills: one list over all
/// bills, supplier by supplier.
pub(super) fn plan(seed: u64, suppliers: &[Supplier], counts: &[usize]) -> Vec<Option<Plant>> {
    let sites: Vec<(&Supplier, usize)> = suppliers
        .iter()
        .zip(counts)
        .flat_map(|(supplier, &count)| (0..count).map(move |at| (supplier, at)))
        .collect();
    let mut rng = seed::stream(seed, "synth plan", 0);
    let mut plan = vec![None; sites.len()];
    for &fault in BillFault::ALL.iter().filter(|fault| **fault != BillFault::NewSupplier) {
        let mut ordinal = 0;
        for _ in 0..TRIES_MAX.max(each(sites.len()) * 100) {
            if ordinal as usize == each(sites.len()) {
                break;
            }
            let at = between(&mut rng, 0, sites.len() as i32 - 1).unsigned_abs() as usize;
            let fits = sites.get(at).is_some_and(|(supplier, nth)| suits(fault, supplier, *nth));
            if let Some(site @ None) = plan.get_mut(at).filter(|_| fits) {
                *site = Some(Plant { fault, ordinal });
                ordinal += 1;
            }
        }
    }
    plan
}

fn suits(fault: BillFault, supplier: &Supplier, nth: usize) -> bool {
    match fault {
        BillFault::NumberGap => supplier.gapless && nth >= BILLS_BEFORE_GAP,
        // Their extra numbers would be gaps or repeats themselves.
        BillFault::DuplicateSplit => !supplier.gapless,
        _ => true,
    }
}

/// The suppliers to add, one for every planted duplicate across suppliers, in the order of their ordinals;
/// `first` is the index of the first of them.
pub(super) fn shadowed(plans: &[&[Option<Plant>]], suppliers: &[Supplier], first: u32) -> Vec<Supplier> {
    let mut victims: Vec<(u32, &Supplier)> = plans
        .iter()
        .zip(suppliers)
        .flat_map(|(plan, supplier)| plan.iter().flatten().map(move |plant| (plant, supplier)))
        .filter(|(plant, _)| plant.fault == BillFault::DuplicateVendor)
        .map(|(plant, supplier)| (plant.ordinal, supplier))
        .collect();
    victims.sort_by_key(|(ordinal, _)| *ordinal);
    victims.into_iter().map(|(ordinal, victim)| shadow(victim, first + ordinal)).collect()
}
