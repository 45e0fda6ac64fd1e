//! Bills in a lasting order, with their suppliers and categories numbered.

use rayon::slice::ParallelSliceMut as _;

use super::bill::Bill;
use super::pace::Pace;
use crate::base::day::Day;

/// Bills by day of booking.
pub(super) struct Book<'a> {
    pub(super) bills: Vec<Bill<'a>>,
    /// Position of each among those given.
    pub(super) given: Vec<usize>,
    /// Number of each one's supplier.
    pub(super) suppliers: Vec<u32>,
    /// Number of each one's category.
    pub(super) categories: Vec<u32>,
    pub(super) pace: Pace,
    /// Positions of each supplier's bills, in order.
    of_supplier: Vec<Vec<u32>>,
}

impl<'a> Book<'a> {
    /// Of bills in any order.
    pub(super) fn new(given: &[Bill<'a>]) -> Self {
        let mut order: Vec<(usize, Bill)> = given.iter().copied().enumerate().collect();
        order.par_sort_by(|(_, one), (_, other)| one.order_key().cmp(&other.order_key()));
        let (given, bills): (Vec<usize>, Vec<Bill>) = order.into_iter().unzip();
        let suppliers = numbers(&bills, |bill| bill.supplier);
        let mut of_supplier: Vec<Vec<u32>> = Vec::new();
        for (at, supplier) in (0..).zip(&suppliers) {
            let supplier = *supplier as usize;
            of_supplier.resize_with(of_supplier.len().max(supplier + 1), Vec::new);
            if let Some(own) = of_supplier.get_mut(supplier) {
                own.push(at);
            }
        }
        let categories = numbers(&bills, |bill| bill.category);
        let pace = Pace::new(&bills);
        Self { bills, given, suppliers, categories, pace, of_supplier }
    }

    /// The bills of a supplier that were booked before a day, in order.
    pub(super) fn before(&self, supplier: u32, morning: Day) -> &[u32] {
        let own = self.of_supplier.get(supplier as usize).map(Vec::as_slice).unwrap_or_default();
        let earlier = |at: &u32| self.bills.get(*at as usize).is_some_and(|bill| bill.posted < morning);
        own.get(..own.partition_point(earlier)).unwrap_or_default()
    }
}

/// Numbers texts, in their own order.
fn numbers<'a>(bills: &[Bill<'a>], text: impl Fn(&Bill<'a>) -> &'a str) -> Vec<u32> {
    let mut texts: Vec<&str> = bills.iter().map(&text).collect();
    texts.par_sort_unstable();
    texts.dedup();
    bills.iter().map(|bill| texts.partition_point(|other| *other < text(bill)) as u32).collect()
}
