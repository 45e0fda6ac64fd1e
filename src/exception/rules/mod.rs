//! The rules, one a file: each with its code, its page, what it finds, a case that fires and a near miss that must not.

pub mod amount_over_order;
pub mod below_approval_limit;
pub mod bill_before_receipt;
pub mod credit_limit;
pub mod credit_unapplied;
pub mod currency_difference;
pub mod duplicate_exact;
pub mod duplicate_payment;
#[cfg(test)]
mod fixture;
pub mod line_total_over_order;
pub mod line_variance;
pub mod new_supplier_large;
pub mod no_po;
pub mod number_gap;
pub mod over_pay;
pub mod party_closed;
pub mod po_closed;
pub mod po_date;
pub mod price_variance;
pub mod qty_over_order;
pub mod qty_over_receipt;
pub mod remit_bank_changed;
pub mod returned_payment;
pub mod round_amount;
pub mod short_pay;
pub mod tax_variance;
pub mod terms_difference;
pub mod unapplied_cash;
pub mod unauthorised_freight;
pub mod unearned_discount;
pub mod unidentified;
pub mod wrong_party;
pub mod wrong_payer;
