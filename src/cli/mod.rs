//! Floor 9: the command line. [`args`] says what may be asked, this file asks [`crate::flow`] for it, and [`print`] is the
//! only file of the crate that prints.

mod args;
mod collecting;
mod figures;
mod print;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

use crate::asof::feature;
use crate::base::counted;
use crate::base::error::{Code, Error, Result};
use crate::flow::{self, Wanted};
use crate::ledger::intake::Intake;
use crate::ledger::load::Opening;
use crate::model::card::card;
use crate::report::drifted;
use crate::report::summary::{self, IntakeSummary};
use args::{Args, Command, RankArgs};
use print::Printer;

/// How a command ended.
enum Ended {
    /// Everything was accepted and done.
    Clean,
    /// Done, but rows were rejected, totals differ or a model was not promoted.
    WithRejects,
}

/// Runs the command of the process's arguments.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => return print::usage(&usage),
    };
    let printer = Printer::new(args.quiet, args.command.steps());
    match run(args.command, &printer) {
        Ok(Ended::Clean) => ExitCode::SUCCESS,
        Ok(Ended::WithRejects) => ExitCode::from(1),
        Err(error) => {
            printer.error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(command: Command, printer: &Printer) -> Result<Ended> {
    match command {
        Command::Run(args) => rank(&args, Wanted::Everything, printer),
        Command::Score(args) => rank(&args, Wanted::Scores, printer),
        Command::Worklist(args) => rank(&args, Wanted::Worklist, printer),
        Command::Check { ledger, out, json } => check(&ledger.opening(), out.as_deref(), json, printer),
        Command::Map { files } => {
            Printer::data(&flow::map(&files)?)?;
            Ok(Ended::Clean)
        }
        Command::Train { ledger, grace, models, name, promote, json } => {
            let (intake, trained) =
                flow::train(&ledger.job(grace), &models, &name, promote, &|step| printer.step(step))?;
            printer.finish();
            let artefact = &trained.artefact;
            if json {
                Printer::json(artefact)?;
            } else {
                Printer::data(&card(artefact))?;
            }
            printer.talk(&format!("written to {}", trained.folder.display()));
            if let Some(change) = &trained.change {
                printer.talk(&format!("`{}` is in use now", change.version));
            }
            if !artefact.passes() {
                printer.talk(&format!("remedy: {}", Code::NotPromoted.remedy()));
            }
            tell_rejects(&intake, printer);
            Ok(ended(intake.is_clean() && artefact.passes()))
        }
        Command::Rollback { models, name } => {
            let change = flow::roll_back(&models, &name)?;
            Printer::data(&format!("`{}` is in use now\n", change.version))?;
            Ok(Ended::Clean)
        }
        Command::Explain { ledger, invoice, model, grace, json } => {
            let (intake, explained) =
                flow::explain(&ledger.job(grace), &invoice, model.as_deref(), &|step| printer.step(step))?;
            printer.finish();
            if json {
                Printer::json(&explained)?;
            } else {
                explained.iter().try_for_each(|one| Printer::data(&one.text()))?;
            }
            tell_rejects(&intake, printer);
            Ok(ended(intake.is_clean()))
        }
        Command::Drift { ledger, model, json } => {
            let (intake, drift) = flow::drift(&ledger.job(0), &model, &|step| printer.step(step))?;
            let told = found(json, &drift, &drifted::text(&drift), &intake, printer)?;
            Ok(if drift.reasons.is_empty() { told } else { Ended::WithRejects })
        }
        Command::Exceptions { ledger, policy, out, json } => {
            let watch = |step| printer.step(step);
            let list = flow::exceptions(&ledger.job(0), policy.as_deref(), out.as_deref(), &watch)?;
            found(json, &list.summary, &list.summary.text(), &list.intake, printer)
        }
        Command::Match { ledger, policy, error, out, json } => {
            let watch = |step| printer.step(step);
            let matched = flow::matching(&ledger.job(0), policy.as_deref(), error, out.as_deref(), &watch)?;
            found(json, &matched.summary, &matched.summary.text(), &matched.intake, printer)
        }
        Command::Claim(args) => collecting::claim(&args, printer),
        Command::Plan(args) => collecting::plan(&args, printer),
        Command::Letters(args) => collecting::letters(&args, printer),
        Command::Replay(args) => collecting::replay(&args, printer),
        Command::Aging(args) => figures::aging(&args, printer),
        Command::Kpi(args) => figures::kpi(&args, printer),
        Command::Backtest { ledger, grace, json } => {
            let (intake, backtest) = flow::backtest(&ledger.job(grace), &|step| printer.step(step))?;
            printer.finish();
            if json {
                for line in &backtest.metrics {
                    Printer::json_line(line)?;
                }
            } else {
                Printer::data(&(summary::table(&backtest) + &summary::trust(&backtest)))?;
            }
            tell_rejects(&intake, printer);
            Ok(ended(intake.is_clean()))
        }
        Command::Features { list: _, json } => {
            features(json)?;
            Ok(Ended::Clean)
        }
        Command::Synth(args) => {
            let written = flow::synthesise(&args.settings()?, &args.out, args.is_parquet(), &|step| {
                printer.step(step);
            })?;
            printer.finish();
            for (table, rows) in written {
                Printer::data(&format!("{table:<14} {rows:>9} rows\n"))?;
            }
            Ok(Ended::Clean)
        }
    }
}

/// Validates a ledger.
fn check(opening: &Opening, out: Option<&Path>, json: bool, printer: &Printer) -> Result<Ended> {
    let intake = flow::check(opening, out, &|step| printer.step(step))?;
    printer.finish();
    let summary = IntakeSummary::new(&intake);
    if json {
        Printer::json(&summary)?;
    } else {
        Printer::data(&(summary.text() + "Not in this ledger\n" + &summary.missing()))?;
    }
    Ok(ended(intake.is_clean()))
}

/// Prints what was found, and tells of rejected rows.
fn found<T: serde::Serialize>(
    json: bool,
    value: &T,
    text: &str,
    intake: &Intake,
    printer: &Printer,
) -> Result<Ended> {
    printer.finish();
    if json {
        Printer::json(value)?;
    } else {
        Printer::data(text)?;
    }
    tell_rejects(intake, printer);
    Ok(ended(intake.is_clean()))
}

fn rank(args: &RankArgs, wanted: Wanted, printer: &Printer) -> Result<Ended> {
    let finished = flow::run(&args.job(), &args.ranking()?, wanted, &|step| printer.step(step))?;
    printer.finish();
    if args.json {
        Printer::json(&finished.summary)?;
    } else {
        Printer::data(&finished.summary.text())?;
    }
    finished.notes.iter().for_each(|note| printer.talk(note));
    printer.talk(&format!("files in {}", args.out.display()));
    Ok(ended(finished.clean))
}

/// Says what should be looked at, and why a verb that writes no rejects ends with 1.
fn tell_rejects(intake: &Intake, printer: &Printer) {
    intake.notes.iter().for_each(|note| printer.talk(note));
    for problem in &intake.problems {
        printer.talk(&problem.to_string());
    }
    if intake.rejected() > 0 {
        let rows = counted(intake.rejected(), "row");
        let each = "each with its place and remedy";
        printer.talk(&match &intake.kept {
            Some(file) => format!("{rows} rejected: {} has {each}", file.display()),
            None => format!("{rows} rejected: `duewise check LEDGER --out FOLDER` writes {each}"),
        });
    }
}

fn ended(clean: bool) -> Ended {
    if clean { Ended::Clean } else { Ended::WithRejects }
}

fn features(json: bool) -> Result<()> {
    if json {
        let rows: Vec<_> = feature::by_family()
            .map(|(family, feature)| {
                serde_json::json!({
                    "name": feature.name, "family": family, "unit": feature.unit.name(), "doc": feature.doc
                })
            })
            .collect();
        return Printer::json(&rows);
    }
    feature::by_family().try_for_each(|(family, feature)| {
        Printer::data(&format!(
            "{:<26} {:<9} {:<9} {}\n",
            feature.name,
            family,
            feature.unit.name(),
            feature.doc
        ))
    })
}

/// An error about an option.
fn invalid(detail: impl ToString) -> Error {
    Error::new(Code::OptionInvalid).detail(detail)
}
