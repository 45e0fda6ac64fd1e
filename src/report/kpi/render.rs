//! Key figures as a table, as text for the screen and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Kpi, Kpis, Tenths};
use crate::base::day::Day;
use crate::base::sheet::{Cells, Sheet};

/// The scope of figures of the invoices in one currency, and of those over all of them.
const OWN: &str = "currency";
const ALL: &str = "all_converted";

/// One row per figure.
pub fn sheet(kpis: &Kpis) -> Sheet {
    let rows: Vec<Row> = kpis.figures.iter().map(Row::new).collect();
    let text = |of: &dyn Fn(&Row) -> String| Cells::Text(rows.iter().map(of).collect());
    let word = |of: fn(&Row) -> &'static str| Cells::Word(rows.iter().map(of).collect());
    Sheet::new("kpi")
        .with("currency", text(&|row| row.currency.clone()))
        .with("scope", word(|row| row.scope))
        .with("kpi", word(|row| row.kpi))
        .with("part", text(&|row| row.part.clone()))
        .with("from", Cells::Day(rows.iter().map(|row| Some(row.from)).collect()))
        .with("to", Cells::Day(rows.iter().map(|row| Some(row.to)).collect()))
        .with("value", text(&|row| row.value.map_or_else(String::new, |value| value.to_string())))
        .with("unit", word(|row| row.unit))
        .with("formula", word(|row| row.formula))
        .with("inputs", text(&Row::inputs))
        .with("note", text(&|row| row.note.clone()))
}

/// Key figures for the screen and as JSON.
#[derive(Debug, Serialize)]
pub struct KpiSummary {
    from: Day,
    to: Day,
    figures: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    currency: String,
    /// Whether the figure is of the invoices in its currency, or of all converted to it at the rates of the last day.
    scope: &'static str,
    kpi: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    part: String,
    from: Day,
    to: Day,
    value: Option<Tenths>,
    unit: &'static str,
    formula: &'static str,
    inputs: Vec<(&'static str, String)>,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

impl Row {
    fn new(kpi: &Kpi) -> Self {
        Self {
            currency: kpi.currency.code().to_owned(),
            scope: if kpi.at_rates { ALL } else { OWN },
            kpi: kpi.formula.name,
            part: kpi.part.clone(),
            from: kpi.period.from,
            to: kpi.period.to,
            value: kpi.value.as_ref().ok().copied(),
            unit: kpi.formula.unit.name(),
            formula: kpi.formula.text,
            inputs: kpi.inputs.clone(),
            note: kpi.value.as_ref().err().cloned().unwrap_or_default(),
        }
    }

    fn inputs(&self) -> String {
        let inputs: Vec<String> = self.inputs.iter().map(|(name, input)| format!("{name} {input}")).collect();
        inputs.join("; ")
    }

    fn text(&self) -> String {
        let value = self.value.map_or_else(|| self.note.clone(), |value| format!("{value} {}", self.unit));
        let part =
            if self.part.is_empty() { String::new() } else { format!(" {} by {}", self.part, self.to) };
        format!("{}{part}: {value} ({})", self.kpi, self.inputs())
    }
}

impl KpiSummary {
    /// Sums figures up.
    pub fn new(kpis: &Kpis) -> Self {
        Self {
            from: kpis.period.from,
            to: kpis.period.to,
            figures: kpis.figures.iter().map(Row::new).collect(),
        }
    }

    /// For the screen. The formulas are in the table and in the JSON.
    pub fn text(&self) -> String {
        let mut text = format!("{} to {}\n", self.from, self.to);
        let same = |left: &Row, right: &Row| (&left.currency, left.scope) == (&right.currency, right.scope);
        for block in self.figures.chunk_by(same) {
            if let Some(first) = block.first() {
                let all =
                    if first.scope == ALL { ", all currencies at the rates of the last day" } else { "" };
                let _ = writeln!(text, "{}{all}", first.currency);
            }
            for row in block {
                let _ = writeln!(text, "  {}", row.text());
            }
        }
        text
    }
}
