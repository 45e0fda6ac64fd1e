//! The filter `flow`: running text becomes paragraphs and lists, as plain text of a readable width or as HTML. So a template is
//! written once for both.

use std::fmt::Write as _;

use minijinja::value::Value;
use minijinja::{AutoEscape, HtmlEscape, State};

/// Widest line of plain text, in characters: what mail programs show without breaking it again.
const WIDTH: usize = 76;

/// A paragraph, or an entry of a list.
struct Block<'a> {
    entry: bool,
    words: Vec<&'a str>,
}

/// Empty lines end a paragraph; a line beginning with `- ` begins an entry of a list. Where HTML is escaped, text that is not
/// marked as safe is escaped here.
pub fn flow(state: &mut State, text: &Value) -> Value {
    let html = matches!(state.auto_escape(), AutoEscape::Html);
    let raw = text.to_string();
    if !html {
        return Value::from(plain(&raw));
    }
    let safe = if text.is_safe() { raw } else { HtmlEscape(&raw).to_string() };
    Value::from_safe_string(marked_up(&safe))
}

/// Words are parted at spaces, tabs and line ends only: a no-break space stays.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split([' ', '\t', '\r']).filter(|word| !word.is_empty())
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let mut words = words(line).peekable();
        let entry = words.next_if(|word| *word == "-").is_some();
        if words.peek().is_none() {
            open = false;
            continue;
        }
        match blocks.last_mut().filter(|_| open && !entry) {
            Some(block) => block.words.extend(words),
            None => blocks.push(Block { entry, words: words.collect() }),
        }
        open = true;
    }
    blocks
}

fn plain(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    let mut before: Option<bool> = None;
    for block in blocks(text) {
        if let Some(entry) = before {
            written.push_str(if entry && block.entry { "\n" } else { "\n\n" });
        }
        fill(&mut written, &block);
        before = Some(block.entry);
    }
    written
}

fn fill(written: &mut String, block: &Block) {
    let indent = if block.entry { "  " } else { "" };
    written.push_str(if block.entry { "- " } else { "" });
    let mut width = indent.len();
    for (at, word) in block.words.iter().enumerate() {
        let length = word.chars().count();
        if at > 0 && width + 1 + length > WIDTH {
            written.push('\n');
            written.push_str(indent);
            width = indent.len();
        } else if at > 0 {
            written.push(' ');
            width += 1;
        }
        written.push_str(word);
        width += length;
    }
}

fn marked_up(safe: &str) -> String {
    let mut written = String::with_capacity(safe.len() + 32);
    let mut list = false;
    for block in blocks(safe) {
        if list != block.entry {
            written.push_str(if list { "</ul>\n" } else { "<ul>\n" });
            list = block.entry;
        }
        let tag = if list { "li" } else { "p" };
        let _ = writeln!(written, "<{tag}>{}</{tag}>", block.words.join(" "));
    }
    if list {
        written.push_str("</ul>\n");
    }
    written
}

/// Plain text without spaces at line ends and without more than one empty line at a time.
pub fn tidy(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut empty = 2;
    for line in text.lines().map(|line| line.trim_end_matches([' ', '\t', '\r'])) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            written.push_str(line);
            written.push('\n');
        }
    }
    let length = written.trim_end_matches('\n').len();
    written.truncate(length);
    written.push('\n');
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_lists_are_told_apart() {
        let text = "\none\n two\n\nthree\n- four\n  five\n- six\n\n\n";
        assert_eq!(plain(text), "one two\n\nthree\n\n- four five\n- six");
        assert_eq!(
            marked_up(text),
            "<p>one two</p>\n<p>three</p>\n<ul>\n<li>four five</li>\n<li>six</li>\n</ul>\n"
        );
    }

    #[test]
    fn lines_break_at_spaces_only_and_in_time() {
        let amount = "1\u{202f}234,56\u{a0}€";
        let text = plain(&format!("{} {amount} {}", "x".repeat(60), "y".repeat(9)));
        assert_eq!(text, format!("{} {amount}\n{}", "x".repeat(60), "y".repeat(9)));
        assert!(plain(&format!("- {}", "ab ".repeat(60))).lines().all(|line| line.chars().count() <= WIDTH));
    }

    #[test]
    fn tidying_leaves_one_empty_line() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\r\n\n"), "a\n\nb\n");
    }
}
