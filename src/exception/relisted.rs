//! Bills that are listed again: the same supplier, number and amount under the same voucher. The ledger gave it to one posting,
//! so its export has the posting twice, as lists of payments that were sent anew do. There is no second bill to stop.

use std::collections::BTreeSet;

use hashbrown::HashSet;

use crate::asof::documents::Documents;
use crate::ledger::register::Side;

/// Positions of the later listings. Void ones are left out, as they count nowhere.
pub fn relisted(documents: &Documents) -> BTreeSet<usize> {
    let mut first = HashSet::new();
    let vouchers = documents
        .documents
        .iter()
        .enumerate()
        .filter(|(_, one)| one.side == Side::Payable && !one.is_void && !one.voucher.is_empty());
    let again = vouchers.filter(|(_, one)| {
        !first.insert((one.party, one.voucher, one.id, one.kind, one.currency, one.amount))
    });
    again.map(|(at, _)| at).collect()
}
