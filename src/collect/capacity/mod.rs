//! Who does what, and when: the contacts of the week, put into the hours of the people who make them.

pub mod assign;
pub mod team;
pub mod window;

#[cfg(test)]
mod tests;
