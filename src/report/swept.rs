//! What hangs on the assumption about contacts, as a table.

use crate::base::sheet::{Cells, Sheet};

use crate::collect::priority::sweep::Swept;

/// One row per list and pair of shares.
pub fn sheet(swept: &[Swept]) -> Sheet {
    let number = |of: fn(&Swept) -> f64| Cells::Number(swept.iter().map(of).collect());
    Sheet::new("sweep")
        .with("currency", Cells::Text(swept.iter().map(|one| one.list.code().to_owned()).collect()))
        .with("first", Cells::Count(swept.iter().map(|one| one.first as i64).collect()))
        .with("saved_before_due", number(|one| one.before_due))
        .with("saved_past_due", number(|one| one.past_due))
        .with("value_of_first", number(|one| one.value))
        .with("same_among_first", number(|one| one.same))
}
