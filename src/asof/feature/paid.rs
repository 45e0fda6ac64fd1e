//! How the customer has paid: Zeng's counts, sums and ratios over the whole history, and the same over windows, since
//! published results find both the last two or three months and the long run telling.

use super::{Family, Feature, Unit, feature, ratio, zip};

pub const FAMILY: Family = Family {
    name: "paid",
    features: FEATURES,
    compute: |scope| {
        let paid = scope.history.paid.before(scope.queries);
        let (count, late) = (paid.count()?, paid.sum("late")?);
        let (amount, late_amount) = (paid.sum("amount")?, paid.sum("late_amount")?);
        let mean = paid.mean("delay")?;
        let mean_square = paid.mean("delay_squared")?;
        let late_delay = ratio(&paid.sum("late_delay")?, &late);
        let late_ratio = ratio(&late, &count);
        let amount_ratio = ratio(&late_amount, &amount);
        let deviation = zip(&mean_square, &mean, |square, mean| (square - mean * mean).max(0.0).sqrt());
        let major = |sum: &super::Figures| super::exposure::to_major(scope.queries, sum);
        let mut columns = vec![
            major(&amount),
            major(&late_amount),
            count,
            late,
            late_ratio,
            amount_ratio,
            mean,
            late_delay,
            deviation,
            paid.mean("pay_days")?,
        ];
        for window in scope.history.paid.within(scope.queries) {
            columns.extend([window.count()?, window.mean("late")?, window.mean("delay")?]);
        }
        let latest = scope.history.paid.latest(scope.queries);
        for (quantile, _) in crate::asof::paid::QUANTILES {
            columns.push(latest.last(1, quantile)?);
        }
        Ok(columns)
    },
};

const FEATURES: &[Feature] = &[
    feature("paid_amount", Unit::Amount, "sum of invoices paid"),
    feature("paid_late_amount", Unit::Amount, "sum of invoices paid late"),
    feature("paid_count", Unit::Count, "invoices paid"),
    feature("paid_late_count", Unit::Count, "invoices paid late"),
    feature("late_ratio", Unit::Ratio, "share of paid invoices that were late"),
    feature("late_amount_ratio", Unit::Ratio, "share of the paid amount that was late"),
    feature("delay_mean", Unit::Days, "mean days paid after due"),
    feature("late_delay_mean", Unit::Days, "mean days paid after due, of those paid late"),
    feature("delay_sd", Unit::Days, "standard deviation of the days paid after due"),
    feature("pay_days_mean", Unit::Days, "mean days from issue to payment"),
    feature("paid_count_30d", Unit::Count, "invoices paid in the last 30 days"),
    feature("late_ratio_30d", Unit::Ratio, "share of them that were late"),
    feature("delay_mean_30d", Unit::Days, "their mean days paid after due"),
    feature("paid_count_90d", Unit::Count, "invoices paid in the last 90 days"),
    feature("late_ratio_90d", Unit::Ratio, "share of them that were late"),
    feature("delay_mean_90d", Unit::Days, "their mean days paid after due"),
    feature("paid_count_180d", Unit::Count, "invoices paid in the last 180 days"),
    feature("late_ratio_180d", Unit::Ratio, "share of them that were late"),
    feature("delay_mean_180d", Unit::Days, "their mean days paid after due"),
    feature("delay_q10", Unit::Days, "10 % quantile of the last 50 delays"),
    feature("delay_q25", Unit::Days, "25 % quantile of the last 50 delays"),
    feature("delay_q50", Unit::Days, "median of the last 50 delays"),
    feature("delay_q75", Unit::Days, "75 % quantile of the last 50 delays"),
    feature("delay_q90", Unit::Days, "90 % quantile of the last 50 delays"),
];
