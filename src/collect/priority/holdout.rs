//! Who is left alone so that it can be measured what a contact changes: some customers, drawn by lot. docs/REPLAY.md says how.

use rand::Rng as _;

use crate::base::error::{Code, Error, Result};
use crate::base::seed;

/// Which customers are left alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoldOut {
    share: f64,
    seed: u64,
}

impl std::fmt::Display for HoldOut {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}, seed {}", self.share, self.seed)
    }
}

impl HoldOut {
    /// Leaves about this share of the customers alone; another seed draws others.
    pub fn new(share: f64, seed: u64) -> Result<Self> {
        if (0.0..1.0).contains(&share) {
            Ok(Self { share, seed })
        } else {
            Err(Error::new(Code::OptionInvalid).detail("a hold-out is a share from 0 to below 1"))
        }
    }

    /// Whether a customer is left alone: by its id alone, so that it is on every list or on none.
    pub fn draws(&self, customer: &str) -> bool {
        seed::stream(self.seed, customer, 0).gen_range(0.0..1.0) < self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_drawn_by_its_id_and_about_as_often_as_asked() {
        let hold_out = HoldOut::new(0.1, 7).unwrap();
        let drawn =
            |hold_out: &HoldOut| (0..10_000).filter(|id| hold_out.draws(&id.to_string())).collect::<Vec<_>>();
        let first = drawn(&hold_out);
        // Ten in a hundred of 10,000: three standard deviations of 30 either way.
        assert!((910..=1_090).contains(&first.len()), "{}", first.len());
        assert_eq!(first, drawn(&hold_out));
        assert_ne!(first, drawn(&HoldOut::new(0.1, 8).unwrap()));
        assert!(drawn(&HoldOut::new(0.0, 7).unwrap()).is_empty());
        assert!([-0.1, 1.0, f64::NAN].iter().all(|share| HoldOut::new(*share, 7).is_err()));
    }
}
