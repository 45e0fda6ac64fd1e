//! A column of text in one allocation: a million ids cost a million small `String`s less.

/// Text cells stored end to end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    bytes: String,
    ends: Vec<usize>,
}

impl TextColumn {
    /// Appends a cell, without the blanks around it.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text.trim());
        self.ends.push(self.bytes.len());
    }

    /// A cell; empty beyond the end.
    pub fn get(&self, row: usize) -> &str {
        let Some(&end) = self.ends.get(row) else { return "" };
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_trimmed() {
        let mut column = TextColumn::default();
        column.push("  a ");
        column.push("");
        column.push("ü");
        assert_eq!((column.get(0), column.get(1), column.get(2), column.get(99)), ("a", "", "ü", ""));
    }
}
