//! Checked rows to the register, as they stand there.

use super::words::Word;
use super::{
    Allocated, Disposition, Document, DocumentKind, GoodsReceipt, Line, Order, OrderLine, Party, Payment,
    Register, Side, Verdict,
};
use crate::ledger::draft::Draft;
use crate::ledger::event::Stamp;
use crate::ledger::facts::allocation_kind;

impl Register {
    /// Takes the sound rows of a checked table.
    pub fn take(&mut self, draft: &Draft) {
        self.allocates |= draft.table.name == "allocations";
        for row in draft.documents() {
            // A row that lacks what is required is not sound, so nothing is lost here.
            let _ = self.row(draft, row);
        }
    }

    fn row(&mut self, draft: &Draft, row: usize) -> Option<()> {
        match draft.table.name {
            "suppliers" => self.party(draft, row, Side::Payable),
            "customers" => self.party(draft, row, Side::Receivable),
            "orders" => self.order(draft, row)?,
            "order_lines" => self.order_line(draft, row)?,
            "receipts" => self.receipt(draft, row)?,
            "bills" => self.document(draft, row, Side::Payable)?,
            "invoices" => self.document(draft, row, Side::Receivable)?,
            "bill_lines" => self.line(draft, row, Side::Payable)?,
            "invoice_lines" => self.line(draft, row, Side::Receivable)?,
            "payments" => self.payment(draft, row)?,
            "allocations" => self.allocation(draft, row)?,
            "dispositions" => self.disposition(draft, row)?,
            _ => {}
        }
        Some(())
    }

    fn word(&mut self, draft: &Draft, column: &str, row: usize) -> Word {
        self.words.of(&draft.text(column, row))
    }

    fn party(&mut self, draft: &Draft, row: usize, side: Side) {
        let party = Party {
            side,
            id: self.word(draft, "id", row),
            name: self.word(draft, "name", row),
            parent: self.word(draft, "parent", row),
            segment: self.word(draft, "segment", row),
            terms: self.word(draft, "terms", row),
            bank_account: self.word(draft, "bank_account", row),
            credit_limit: draft.whole("credit_limit", row).zip(draft.currency("currency", row)),
            closed: draft.day("closed", row),
        };
        self.parties.push(party);
    }

    fn order(&mut self, draft: &Draft, row: usize) -> Option<()> {
        let closed = draft.day("closed", row);
        let order = Order {
            side: if draft.choice("side", row)? == 0 { Side::Payable } else { Side::Receivable },
            id: self.word(draft, "id", row),
            party: self.word(draft, "party", row),
            ordered: draft.day("ordered", row)?,
            amount: draft.whole("amount", row)?,
            currency: draft.currency("currency", row)?,
            is_closed: closed.is_some() || draft.choice("status", row) == Some(1),
            closed,
            terms: self.word(draft, "terms", row),
            category: self.word(draft, "category", row),
        };
        self.orders.push(order);
        Some(())
    }

    fn order_line(&mut self, draft: &Draft, row: usize) -> Option<()> {
        let line = OrderLine {
            order: self.word(draft, "order", row),
            line: self.word(draft, "line", row),
            item: self.word(draft, "item", row),
            quantity: draft.whole("quantity", row)?,
            unit_price: draft.whole("unit_price", row)?,
            amount: draft.whole("amount", row)?,
            scheduled: draft.day("scheduled", row),
        };
        self.order_lines.push(line);
        Some(())
    }

    fn receipt(&mut self, draft: &Draft, row: usize) -> Option<()> {
        let receipt = GoodsReceipt {
            id: self.word(draft, "id", row),
            order: self.word(draft, "order", row),
            order_line: self.word(draft, "order_line", row),
            received: draft.day("received", row)?,
            quantity: draft.whole("quantity", row)?,
            accepted: draft.whole("accepted", row),
        };
        self.receipts.push(receipt);
        Some(())
    }

    fn document(&mut self, draft: &Draft, row: usize, side: Side) -> Option<()> {
        let party = if side == Side::Payable { "supplier" } else { "customer" };
        let issued = draft.day("issued", row)?;
        let kind = match draft.choice("type", row) {
            Some(1) => DocumentKind::CreditNote,
            Some(2) => DocumentKind::DebitNote,
            _ => DocumentKind::Invoice,
        };
        let document = Document {
            side,
            id: self.word(draft, "id", row),
            kind,
            party: self.word(draft, party, row),
            stamp: Stamp::new(issued, draft.day("posted", row).unwrap_or(issued)),
            amount: draft.whole("amount", row)?,
            tax: draft.whole("tax", row),
            currency: draft.currency("currency", row)?,
            order: self.word(draft, "order", row),
            terms: self.word(draft, "terms", row),
            bank_account: self.word(draft, "bank_account", row),
            is_void: matches!(draft.choice("status", row), Some(2 | 3)),
            settled: draft.day("settled", row),
            released: draft.day("released", row),
            voucher: self.word(draft, "voucher", row),
        };
        self.documents.push(document);
        Some(())
    }

    fn line(&mut self, draft: &Draft, row: usize, side: Side) -> Option<()> {
        let line = Line {
            side,
            document: self.word(draft, "document", row),
            line: self.word(draft, "line", row),
            item: self.word(draft, "item", row),
            description: self.word(draft, "description", row),
            quantity: draft.whole("quantity", row)?,
            unit_price: draft.whole("unit_price", row)?,
            amount: draft.whole("amount", row)?,
            tax: draft.whole("tax", row),
            order: self.word(draft, "order", row),
            order_line: self.word(draft, "order_line", row),
        };
        self.lines.push(line);
        Some(())
    }

    fn payment(&mut self, draft: &Draft, row: usize) -> Option<()> {
        let day = draft.day("day", row)?;
        let payment = Payment {
            id: self.word(draft, "id", row),
            customer: self.word(draft, "customer", row),
            payer: self.word(draft, "payer", row),
            account: self.word(draft, "account", row),
            reference: self.word(draft, "reference", row),
            cheque: draft.day("cheque_day", row),
            stamp: Stamp::new(day, draft.day("posted", row).unwrap_or(day)),
            amount: draft.whole("amount", row)?,
            currency: draft.currency("currency", row)?,
            returned: draft.day("returned", row),
        };
        self.payments.push(payment);
        Some(())
    }

    fn allocation(&mut self, draft: &Draft, row: usize) -> Option<()> {
        let allocated = Allocated {
            payment: self.word(draft, "payment", row),
            invoice: self.word(draft, "invoice", row),
            kind: allocation_kind(draft, row),
            amount: draft.whole("amount", row)?,
            day: draft.day("day", row),
        };
        self.allocations.push(allocated);
        Some(())
    }

    fn disposition(&mut self, draft: &Draft, row: usize) -> Option<()> {
        let disposition = Disposition {
            document: self.word(draft, "document", row),
            code: self.word(draft, "code", row),
            party: self.word(draft, "party", row),
            line: self.word(draft, "line", row),
            verdict: match draft.choice("verdict", row)? {
                0 => Verdict::True,
                1 => Verdict::False,
                2 => Verdict::AcceptedVariance,
                _ => Verdict::RightMatch,
            },
            day: draft.day("day", row)?,
        };
        self.dispositions.push(disposition);
        Some(())
    }
}
