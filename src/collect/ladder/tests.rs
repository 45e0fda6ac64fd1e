//! The shipped ladders are valid, and what is wrong in one is named.

use crate::collect::priority::Assumptions;
use crate::ledger::Customer;

use super::*;

fn with(from: &str, to: &str) -> String {
    assert!(BUSINESS.contains(from), "{from}");
    Policy::parse_all(&BUSINESS.replacen(from, to, 1)).map_or_else(|error| error.detail, |_| String::new())
}

#[test]
fn the_ladders_shipped_are_valid_and_each_customer_has_one() {
    let policies = Policies::read(&[]).unwrap();
    let name = |consumer| policies.of(&Customer { consumer, ..Customer::default() }).name.as_str();
    assert_eq!([name(false), name(true)], ["b2b", "consumer"]);
    let business = policies.of(&Customer::default());
    let names: Vec<&str> = business.levels().iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        names,
        ["friendly", "follow_up", "call", "final_notice", "plan_offer", "suspension", "agency", "legal"]
    );
    assert_eq!((business.level_of("call"), business.level_of("pre_due")), (Some(3), None));
    assert!(business.step(0).is_none() && business.step(9).is_none());
    // Nothing from the final notice on goes out without a person.
    for policy in [BUSINESS, CONSUMER] {
        let policy = Policy::parse_all(policy).unwrap().0.remove(0);
        let last = policy.level_of("call").unwrap();
        assert!(policy.levels().iter().skip(last).all(|step| step.requires_review));
        assert!(policy.levels().iter().take(last).all(|step| !step.requires_review));
    }
}

#[test]
fn a_given_ladder_goes_before_the_shipped_ones_for_whom_it_is() {
    let own = BUSINESS
        .replace("{ consumer = false }", "{ consumer = false, segments = [\"retail\"] }")
        .replace("\"b2b\"", "\"own\"");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, own).unwrap();
    let policies = Policies::read(&[file]).unwrap();
    let name = |segment: &str, consumer| {
        policies.of(&Customer { segment: segment.into(), consumer, ..Customer::default() }).name.clone()
    };
    assert_eq!(
        [name("retail", false), name("public", false), name("retail", true)],
        ["own", "b2b", "consumer"]
    );
}

#[test]
fn one_word_on_what_a_contact_is_worth_is_read_and_what_it_leaves_out_is_as_shipped() {
    // The shipped file says what the code assumes without it.
    let shipped = Policy::parse_all(BUSINESS).unwrap().1;
    assert_eq!(shipped, Some(Assumptions::default()));
    assert_eq!(Policy::parse_all(CONSUMER).unwrap().1, None);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, priority: &str| {
        let path = folder.path().join(format!("{name}.toml"));
        let own = CONSUMER
            .replace("\"consumer\"", &format!("\"{name}\""))
            .replace("{ consumer = true }", &format!("{{ consumer = true, segments = [\"{name}\"] }}"));
        let (head, rest) = own.split_once("[[policy]]").unwrap();
        std::fs::write(&path, format!("{head}{priority}\n[[policy]]{rest}")).unwrap();
        path
    };
    let half = "[priority]\nspeed_up = 0.5\nneglected_every = 0";
    let [none, half, alike, other] = [
        file("none", ""),
        file("half", half),
        file("alike", half),
        file("other", "[priority]\nspeed_up = 0.4"),
    ];
    let read = |files: &[&PathBuf]| {
        let files: Vec<PathBuf> = files.iter().map(|file| (*file).clone()).collect();
        Policies::read(&files).map(|policies| *policies.assumptions())
    };
    assert_eq!(read(&[]), Ok(Assumptions::default()));
    let halved = Assumptions { speed_up: 0.5, neglected_every: 0, ..Assumptions::default() };
    assert_eq!(read(&[&none, &half]), Ok(halved));
    assert_eq!(read(&[&half, &alike]), Ok(halved));
    let error = read(&[&half, &other]).unwrap_err();
    assert_eq!(
        (error.code, error.detail.as_str()),
        (Code::PolicyInvalid, "[priority] is not that of the file before it")
    );
    assert!(error.place.file.unwrap().ends_with("other.toml"));
}

#[test]
fn a_minimum_given_goes_before_the_policys() {
    let eur = crate::base::money::Currency::new(*b"EUR", 2);
    let least = |major| {
        let policies = Policies::read(&[]).unwrap().with_minimum(major);
        policies.of(&Customer::default()).settings.minimum(eur).map(|figure| figure.to_string())
    };
    assert_eq!([least(None), least(Some(7))], [Some("25".to_owned()), Some("7".to_owned())]);
}

#[test]
fn what_is_wrong_with_fees_and_assumptions_is_named() {
    for (from, to, detail) in [
        ("money_cost = 0.08", "money_cost = 8", "`priority.money_cost` must be from 0 to 1"),
        ("version = \"shipped-1\"", "version = \"\"", "`version` is empty"),
        (
            "cool_down_days = 7 ",
            "cool_down = 7 ",
            "[[policy]] `b2b`: settings: unknown field `cool_down`, expected one of `minimum`, `cool_down_days`, `max_contacts_per_week`, `promise_tolerance_days`, `plan_tolerance_days`, `call_hours`, `max_calls_per_week`, `conversation_days`",
        ),
        (
            "money_cost = 0.08",
            "money_costs = 0.08",
            "unknown field `money_costs`, expected one of `money_cost`, `speed_up`, `speed_up_before_due`, `lateness_days`, `loss`, `vip_weight`, `neglected_days`, `neglected_every`",
        ),
        (
            "reply_days = 10 ",
            "fee = { EURO = \"5\" } #",
            "[[policy]] `b2b`: [[policy.step]] `final_notice`: fee: `EURO` is no currency",
        ),
        (
            "reply_days = 10 ",
            "fee = { EUR = \"5.001\" } #",
            "[[policy]] `b2b`: [[policy.step]] `final_notice`: fee: `5.001` is no fee in EUR",
        ),
        (
            "reply_days = 10 ",
            "fee = { EUR = \"5\" }\nfee_as = \"letter\" #",
            "[[policy]] `b2b`: [[policy.step]] `final_notice`: fee_as: `letter` is none of reminder, demand",
        ),
        (
            "reply_days = 10 ",
            "fee_as = \"demand\" #",
            "[[policy]] `b2b`: [[policy.step]] `final_notice`: fee_as is only for a step with a fee",
        ),
        (
            "end = \"legal\"",
            "end = \"legal\"\nclaim = true",
            "[[policy]] `b2b`: [[policy.step]] `legal`: claim is for steps with channels, after the due day",
        ),
        (
            "claim = true ",
            "fee = { EUR = \"5\" } #",
            "[[policy]] `b2b`: [[policy.step]] `final_notice`: a step with a fee has claim = true, so that the letter names it",
        ),
        (
            "[policy.reset]",
            "[policy.late_fee]\nkind = \"daily\"\n[policy.reset]",
            "[[policy]] `b2b`: [policy.late_fee] kind: `daily` is none of flat, percent, monthly",
        ),
    ] {
        assert_eq!(with(from, to), detail);
    }
}

#[test]
fn what_is_wrong_in_the_priority_is_named_by_its_row() {
    let text = BUSINESS.replacen("money_cost = 0.08", "money_cost = \"8 %\"", 1);
    let row = text.lines().position(|line| line.starts_with("money_cost")).unwrap() as u64 + 1;
    let error = Policy::parse_all(&text).unwrap_err();
    assert_eq!(
        (error.place.row, error.detail.as_str()),
        (Some(row), "invalid type: string \"8 %\", expected f64")
    );
}

#[test]
fn what_is_wrong_is_named() {
    for (from, to, detail) in [
        (
            "cool_down_days = 7 ",
            "cool_down_days = -1 ",
            "[[policy]] `b2b`: [policy.settings] cool_down_days: -1 is not between 0 and 3650",
        ),
        (
            "max_contacts_per_week = 2",
            "max_contacts_per_week = 0",
            "[[policy]] `b2b`: [policy.settings] max_contacts_per_week: 0 would never let anyone be contacted",
        ),
        ("default = \"25\"", "EUR = \"25\"", "[[policy]] `b2b`: [policy.settings] minimum has no `default`"),
        (
            "default = \"25\"",
            "default = \"25\", Eur = \"25\"",
            "[[policy]] `b2b`: [policy.settings] minimum: `Eur` is no currency",
        ),
        (
            "default = \"25\"",
            "default = \"-25\"",
            "[[policy]] `b2b`: settings.minimum.default: `-25` is not a number like \"25.00\"",
        ),
        (
            "[\"08:00\", \"18:00\"]",
            "[\"18:00\", \"08:00\"]",
            "[[policy]] `b2b`: settings.call_hours: `18:00` to `08:00` are no hours like \"08:00\", \"21:00\"",
        ),
        (
            "\"keeps\" ",
            "\"resets\" ",
            "[[policy]] `b2b`: reset.partial_payment: unknown variant `resets`, expected `keeps` or `falls`",
        ),
        (
            "{ consumer = false }",
            "{ vip = false }",
            "[[policy]] `b2b`: [policy.applies_to] consumer is missing: no ladder is for consumers by mistake",
        ),
        (
            "name = \"follow_up\"",
            "name = \"friendly\"",
            "[[policy]] `b2b`: [[policy.step]] `friendly` is there twice",
        ),
        (
            "from_days = 10",
            "from_days = 2",
            "[[policy]] `b2b`: [[policy.step]] `follow_up` begins before the one above it",
        ),
        (
            "from_days = 3\nbasis = \"due\"",
            "from_days = 3\nbasis = \"previous_step\"",
            "[[policy]] `b2b`: [[policy.step]] `friendly` has no step before it to count from",
        ),
        (
            "channels = [\"call\"]",
            "channels = [\"fax\"]",
            "[[policy]] `b2b`: [[policy.step]] `call`: channels: `fax` is none of email, letter, call, sms",
        ),
        (
            "template = \"call_script\"\n",
            "",
            "[[policy]] `b2b`: [[policy.step]] `call`: template and tone are for steps with channels, which need both",
        ),
        (
            "min_balance = \"500\"",
            "min_amount = \"500\"",
            "[[policy]] `b2b`: [[policy.step]] `plan_offer`: when: unknown field `min_amount`, expected one of `min_balance`, `max_balance`, `min_items`, `min_risk_percent`, `min_at_risk`, `who`",
        ),
        (
            "min_balance = \"500\"",
            "min_risk_percent = 101",
            "[[policy]] `b2b`: [[policy.step]] `plan_offer`: min_risk_percent: 101 is more than 100",
        ),
        (
            "end = \"suspend_service\"",
            "end = \"suspend_service\"\nfee_percent = \"1\"",
            "[[policy]] `b2b`: [[policy.step]] `suspension`: fee_percent is only for end = \"agency\"",
        ),
        (
            "end = \"agency\"",
            "end = \"agent\"",
            "[[policy]] `b2b`: [[policy.step]] `agency`: end: unknown variant `agent`, expected one of `suspend_service`, `agency`, `legal`, `write_off`",
        ),
        (
            "requires_review = true\nclaim = true\nend = \"suspend_service\"",
            "requires_review = false\nclaim = true\nend = \"suspend_service\"",
            "[[policy]] `b2b`: [[policy.step]] `suspension`: a step with `end` requires_review",
        ),
    ] {
        assert_eq!(with(from, to), detail);
    }
}

#[test]
fn a_step_that_can_never_be_taken_is_refused() {
    let step = |name: &str, rest: &str| {
        format!("[[policy.step]]\nname = \"{name}\"\nrequires_review = true\n{rest}\n")
    };
    let before = |name: &str| format!("[[policy.step]]\nname = \"{name}\"");
    let inserted =
        |at: &str, name: &str, rest: &str| (before(at), format!("{}\n{}", step(name, rest), before(at)));
    let (late, early) = (
        "from_days = 70\nbasis = \"due\"\nchannels = [\"letter\"]\ntemplate = \"own\"\ntone = \"final\"",
        "from_days = 6\nbasis = \"end_of_month\"\nchannels = [\"letter\"]\ntemplate = \"own\"\ntone = \"final\"",
    );
    let same_day = late.replace("70", "15");
    let zero =
        "from_days = 0\nbasis = \"previous_step\"\nchannels = [\"sms\"]\ntemplate = \"own\"\ntone = \"firm\"";
    let on = |what: &str| format!("[[policy]] `b2b`: [[policy.step]] {what}");
    for ((from, to), detail) in [
        (
            inserted("legal", "last_try", late),
            on("`last_try` is never reached: others deal with the customer after `agency`"),
        ),
        // 6 days after the end of the month are 36 days after the due day at most; the suspension begins on the 45th.
        (
            inserted("agency", "early", early),
            on("`early` begins before `suspension`, which is always taken before it"),
        ),
        (
            inserted("final_notice", "again", &same_day),
            on("`again` begins on the day of `call`, which is always taken before it"),
        ),
        (
            inserted("final_notice", "again", zero),
            on("`again` begins on the day of `call`, which is always taken before it"),
        ),
    ] {
        assert_eq!(with(&from, &to), detail);
    }
    // What is not always taken leaves room: an agency only for large balances, two steps of a day for different customers.
    let (from, to) = inserted("legal", "last_try", late);
    let some = BUSINESS
        .replace("end = \"agency\"", "end = \"agency\"\nwhen = { min_balance = \"500\" }")
        .replacen(&from, &to, 1);
    assert!(Policy::parse_all(&some).is_ok());
    let vip = BUSINESS.replacen("minutes = 12", "when = { who = { vip = true } }", 1);
    let (from, to) = inserted("final_notice", "again", &same_day);
    assert!(Policy::parse_all(&vip.replacen(&from, &to, 1)).is_ok());
}

#[test]
fn conditions_that_exclude_each_other_are_refused() {
    for (when, detail) in [
        ("min_balance = \"500\", max_balance = \"499\"", "min_balance is above max_balance"),
        (
            "max_balance = \"500\", min_at_risk = \"501\"",
            "min_at_risk is above max_balance, and no more can be at risk",
        ),
        (
            "max_balance = \"24.99\"",
            "max_balance is below settings.minimum, and for less nobody is contacted",
        ),
        ("max_balance = \"0\"", "max_balance is 0"),
        ("who = { consumer = true }", "who.consumer and applies_to.consumer exclude each other"),
    ] {
        let found = with("min_balance = \"500\"", when);
        assert_eq!(
            found,
            format!("[[policy]] `b2b`: [[policy.step]] `plan_offer` is never taken: when: {detail}")
        );
    }
    for (when, detail) in [
        ("who = { segments = [] }", "who.segments: it names none, so that it is for nobody"),
        ("who = { countries = [\" \"] }", "who.countries: it names none, so that it is for nobody"),
    ] {
        let found = with("min_balance = \"500\"", when);
        assert_eq!(found, format!("[[policy]] `b2b`: [[policy.step]] `plan_offer`: {detail}"));
    }
    let retail = BUSINESS.replace("{ consumer = false }", "{ consumer = false, segments = [\"retail\"] }");
    let other = retail.replace("min_balance = \"500\"", "who = { segments = [\"public\"] }");
    assert!(
        Policy::parse_all(&other)
            .unwrap_err()
            .detail
            .ends_with("who.segments and applies_to.segments exclude each other")
    );
    // At the limit there is something left.
    for when in
        ["min_balance = \"500\", max_balance = \"500\"", "max_balance = \"25\"", "who = { consumer = false }"]
    {
        assert_eq!(with("min_balance = \"500\"", when), "", "{when}");
    }
    assert_eq!(
        with("{ consumer = false }", "{ consumer = false, segments = [] }"),
        "[[policy]] `b2b`: [policy.applies_to] segments: it names none, so that it is for nobody"
    );
}

#[test]
fn a_template_that_is_not_for_its_step_is_refused() {
    let wrong = |from: &str, to: &str| {
        let found = with(from, to);
        found.split_once("has the wrong template: ").map_or(found.clone(), |(_, fault)| fault.to_owned())
    };
    for (from, to, detail) in [
        ("\"follow_up\"\ntone", "\"thank_you\"\ntone", "`thank_you` asks for nothing"),
        (
            "\"follow_up\"\ntone",
            "\"call_script\"\ntone",
            "`call_script` is for calls, not for channel `email`",
        ),
        ("\"call_script\"", "\"follow_up\"", "`follow_up` is no script for channel `call`"),
        (
            "\"follow_up\"\ntone",
            "\"pre_due_notice\"\ntone",
            "`pre_due_notice` is for steps before the due day",
        ),
        ("\"pre_due_notice\"", "\"friendly_reminder\"", "`friendly_reminder` is for steps after the due day"),
        (
            "end = \"suspend_service\"",
            "",
            "`suspension_notice` announces what neither this step nor one after it does: end = \"suspend_service\"",
        ),
        ("\"call_script\"", "\"our_script\"", ""),
    ] {
        assert_eq!(wrong(from, to), detail);
    }
}

#[test]
fn what_can_never_be_is_refused_key_by_key() {
    for (from, to, detail) in [
        (
            "fee_percent = \"25\"",
            "fee_percent = \"100.5\"",
            "[[policy.step]] `agency`: fee_percent: more than 100",
        ),
        (
            "template = \"pre_due_notice\"\ntone = \"friendly\"",
            "end = \"legal\"\ntemplate = \"own\"\ntone = \"firm\"",
            "[[policy.step]] `pre_due`: a notice, from_days below 0, has channels and no `end`",
        ),
        (
            "[policy.reset]",
            "[policy.late_fee]\nkind = \"monthly\"\npercent = \"2\"\ncap_percent = \"1.99\"\n[policy.reset]",
            "[policy.late_fee] percent is above cap_percent",
        ),
        (
            "[\"08:00\", \"18:00\"]",
            "[\"08:00\", \"08:00\"]",
            "settings.call_hours: `08:00` to `08:00` are no hours like \"08:00\", \"21:00\"",
        ),
        (
            "max_contacts_per_week = 2",
            "max_contacts_per_week = 2\nmax_calls_per_week = 0",
            "[policy.settings] max_calls_per_week: 0 would never let anyone be contacted",
        ),
    ] {
        assert_eq!(with(from, to), format!("[[policy]] `b2b`: {detail}"));
    }
}

#[test]
fn a_policy_that_is_for_nobody_is_refused_and_a_name_that_nobody_has_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, who: &str| {
        let path = folder.path().join(format!("{name}.toml"));
        let own = BUSINESS.replace("\"b2b\"", &format!("\"{name}\"")).replace("{ consumer = false }", who);
        std::fs::write(&path, own).unwrap();
        path
    };
    let retail = file("retail", "{ consumer = false, segments = [\"retail\", \"public\"] }");
    let german = file("german", "{ consumer = false, segments = [\"retail\"], countries = [\"DE\"] }");
    let error = Policies::read(&[retail.clone(), german.clone()]).unwrap_err();
    assert_eq!(
        error.detail,
        "[[policy]] `german` is for nobody: `retail` before it has all of its customers"
    );
    assert!(error.place.file.unwrap().ends_with("german.toml"));
    // The narrower one first leaves the rest to the other.
    let policies = Policies::read(&[german, retail.clone()]).unwrap();
    assert_eq!(
        Policies::read(&[retail.clone(), retail]).unwrap_err().detail,
        "[[policy]] `retail` is there twice"
    );
    let customer =
        |segment: &str| Customer { segment: segment.into(), country: "DE".into(), ..Customer::default() };
    assert_eq!(
        policies.strangers(&[customer("retail"), customer("wholesale")]),
        ["note: [[policy]] `retail`: no customer has segment `public`"]
    );
    assert!(Policies::read(&[]).unwrap().strangers(&[]).is_empty());
}
