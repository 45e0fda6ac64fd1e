//! The only file that prints: data on stdout, talk on stderr, a progress line on a terminal only.

#![allow(clippy::print_stderr, reason = "this is the printer")]

use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::base::error::{Code, Error, Result};

/// How often the progress line moves.
const TICK: Duration = Duration::from_millis(100);

/// Writes to the two streams.
pub struct Printer {
    quiet: bool,
    bar: Option<ProgressBar>,
    steps: RefCell<Vec<(&'static str, Instant)>>,
}

impl Printer {
    /// A printer for a command of so many steps, that talks unless it is to be quiet.
    pub fn new(quiet: bool, steps: u64) -> Self {
        let bar = (!quiet && io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} {msg} {elapsed}");
            let bar = ProgressBar::new(steps);
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Self { quiet, bar, steps: RefCell::default() }
    }

    /// A step begins.
    pub fn step(&self, name: &'static str) {
        self.steps.borrow_mut().push((name, Instant::now()));
        if let Some(bar) = &self.bar {
            bar.set_message(name);
            bar.set_position(self.steps.borrow().len() as u64 - 1);
        }
    }

    /// The last step has ended: takes the progress line away and says how long each step took.
    pub fn finish(&self) {
        self.clear();
        let steps = self.steps.borrow();
        let ends = steps.iter().skip(1).map(|(_, start)| *start).chain(std::iter::once(Instant::now()));
        let times: Vec<String> = steps
            .iter()
            .zip(ends)
            .map(|((name, start), end)| format!("{name} {:.2} s", end.duration_since(*start).as_secs_f64()))
            .collect();
        self.talk(&times.join(", "));
    }

    /// Says something on stderr.
    pub fn talk(&self, text: &str) {
        self.clear();
        if !self.quiet {
            // Nobody may be listening any more.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Says on stderr why the command could not run; even when quiet.
    pub fn error(&self, error: &Error) {
        self.clear();
        let _ = writeln!(io::stderr(), "{error}");
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Writes data to stdout. A reader that has seen enough (`| head`) is no error.
    pub fn data(text: &str) -> Result<()> {
        match io::stdout().lock().write_all(text.as_bytes()) {
            Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::new(Code::OutputUnwritable).detail(cause))
            }
            _ => Ok(()),
        }
    }

    /// Writes a value as indented JSON.
    pub fn json(value: &impl Serialize) -> Result<()> {
        Self::serialised(serde_json::to_string_pretty(value))
    }

    /// Writes a value as one line of JSON.
    pub fn json_line(value: &impl Serialize) -> Result<()> {
        Self::serialised(serde_json::to_string(value))
    }

    fn serialised(text: serde_json::Result<String>) -> Result<()> {
        let text = text.map_err(|cause| Error::new(Code::OutputUnwritable).detail(cause))?;
        Self::data(&(text + "\n"))
    }
}

/// Help, version or a usage error, as clap words it: exit 0 for what was asked for, 2 for what was not understood.
pub fn usage(message: &clap::Error) -> ExitCode {
    let _ = message.print();
    if message.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
