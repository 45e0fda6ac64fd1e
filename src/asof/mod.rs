//! Floor 3: what was known on a day. The [`view`] is the only door to facts; [`history`] sorts them by the day they
//! became known; [`feature`] computes what a model sees; [`label`] says what became of an invoice later; [`frame`] joins
//! them into tables and [`matrix`] hands those to the models.

pub mod alike;
pub mod documents;
pub mod feature;
pub mod frame;
pub mod history;
pub mod label;
pub mod log;
pub mod matrix;
pub mod paid;
pub mod prior;
mod promises;
pub mod query;
pub mod timing;
pub mod view;
