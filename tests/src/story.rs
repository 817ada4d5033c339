//! A whole deployment with a small story in it, all of it invented and all of it said by real statements: what pages and
//! browsers are tested with.
//!
//! Two miners' organizations are assessed, plan, report and have an incident; their gold is sealed, handed over, molten, split,
//! exported, assayed, refined, cast and sold. One sells a lot twice and is refused; one lot is held. A third organization writes
//! [`HOSTILE`] into every text that it may write.

use std::fs;
use std::path::PathBuf;

use catalogue::{Catalogue, craft_derived};
use event::Date;
use event::vocabulary::{MILESTONE_AFTER_MAX, MILESTONES_MAX, Module, Scale, TEXT_BYTES_MAX};
use serde::Serialize;
use serde_json::{Value, json};

use crate::desk::{DONE, Desk, FAILED, Recorded, Speaker, stop, text};
use crate::markup::get;
use crate::process::Program;

/// What a hostile party writes behind everything: it ends an attribute and an element, runs a script, fetches a picture, and
/// turns the direction of whatever follows. The rules let all of it pass, as they let any text pass.
pub const HOSTILE: &str = "\"'></bdi></script><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}";
/// The same for fields that take less.
pub const HOSTILE_SHORT: &str = "\"'><script>alert(3)</script>\u{202e}";

/// The seal on the lot that becomes a bar.
pub const SEAL: &str = "S-2041";
/// The certificate that it was exported with.
pub const CERTIFICATE: &str = "invented:C-77";
/// The melt that it came of.
pub const MELT: &str = "M-17";
/// The refiner's number for it.
pub const REFINERY_LOT: &str = "R-9";
/// What is stamped on the bar: brand, number, year.
pub const BAR: [&str; 3] = ["AURUM", "10457", "2026"];
/// What the organization calls itself that the story is about.
pub const ESPERANZA: &str = "Cooperativa La Esperanza";

/// A deployment that is up, and what the story left in it.
#[derive(Debug)]
pub struct Story {
    /// Whose state it is.
    pub desk: Desk,
    /// What there is to look at.
    pub told: Told,
    /// Who sold a lot twice.
    pub esperanza: Speaker,
    /// Who buys the bar.
    pub buyer: Speaker,
    /// Who assesses for others.
    pub assessor: Speaker,
    up: Program,
}

/// The names of everything that there is to look at.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Told {
    /// Where the portal answers, without a slash at its end.
    pub portal: String,
    /// Organizations and others who speak here.
    pub organizations: Organizations,
    /// Where gold was dug.
    pub sites: Sites,
    /// Lots.
    pub lots: Lots,
    /// The seal, the certificate, the melt, the refiner's number and the bar's number, as one types them into a search.
    pub numbers: Vec<String>,
    /// The statement that declared the first lot.
    pub declaration: String,
    /// Where it stands in the stream.
    pub declared_at: u64,
    /// Where the cast of the bar stands: as of then nothing was held.
    pub cast_at: u64,
    /// A statement that says as much as one of its kind can, all of it hostile.
    pub longest: String,
    /// How many statements were recorded.
    pub position: u64,
}

/// Ids of parties.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Organizations {
    /// Assessed by itself and by another, with a plan; sells twice.
    pub esperanza: String,
    /// Assessed by itself, with an incident; suspended by the scheme.
    pub amani: String,
    /// Its texts are attacks.
    pub hostile: String,
    /// Buys from both.
    pub trader: String,
    /// Buys from both, exports.
    pub refiner: String,
    /// Has the bar.
    pub buyer: String,
    /// Assesses for others.
    pub assessor: String,
    /// Records permits and holds lots.
    pub ministry: String,
}

/// Ids of sites.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sites {
    /// Of Esperanza.
    pub esperanza: String,
    /// Of Amani.
    pub amani: String,
    /// Whose name is an attack.
    pub hostile: String,
}

/// Ids of lots.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Lots {
    /// Dug by Esperanza, sold, and offered to somebody else afterwards.
    pub first: String,
    /// Dug by Amani.
    pub second: String,
    /// Of both, cut in two.
    pub molten: String,
    /// The half that was exported.
    pub exported: String,
    /// The half that stayed with the trader.
    pub kept: String,
    /// What the first half became, sold to the buyer.
    pub bar: String,
    /// Dug by Amani and held.
    pub held: String,
    /// Dug by the hostile organization, sealed, weighed, sampled, assayed and lost.
    pub hostile: String,
    /// Of the hostile one, cast into a bar with a hostile stamp.
    pub hostile_bar: String,
}

/// Who speaks in the story.
struct Cast {
    esperanza: Speaker,
    amani: Speaker,
    hostile: Speaker,
    trader: Speaker,
    refiner: Speaker,
    buyer: Speaker,
    assayer: Speaker,
    assessor: Speaker,
    ministry: Speaker,
}

impl Story {
    /// Starts a deployment and tells all of it.
    ///
    /// # Panics
    /// If anything of it is refused, or a double sale is not.
    #[must_use]
    pub fn tell() -> Self {
        let mut desk = Desk::new();
        let up = desk.up();
        let today = today(&desk);
        let cast = Cast::enrol(&desk);
        desk.check(DONE, &["catalogue", "publish", "--shipped", "craft-derived", "--yes"]);
        let sites = registered(&desk, &cast);
        desk.check(DONE, &["statement", "submit"]);
        permitted(&desk, &cast, &sites, today);
        assessed(&desk, &cast, today);
        planned(&desk, &cast, today);
        let mut told = Told {
            organizations: cast.ids(),
            sites,
            ..Told::default()
        };
        mined(&desk, &cast, &mut told, today);
        refined(&desk, &cast, &mut told, today);
        troubled(&desk, &cast, &mut told, today);
        attacked(&desk, &cast, &mut told, today);
        sold_twice(&desk, &cast, &told);
        let deployment = fs::read(desk.state().join("deployment.json")).expect("a deployment describes itself");
        let deployment: Value = serde_json::from_slice(&deployment).expect("in JSON");
        let portal = deployment["endpoints"]["portal"]
            .as_str()
            .expect("a deployment has a portal");
        portal.trim_end_matches('/').clone_into(&mut told.portal);
        told.position = recorded(&told.portal);
        told.numbers = [SEAL, CERTIFICATE, MELT, REFINERY_LOT, BAR[1]]
            .map(str::to_owned)
            .into();
        Self {
            esperanza: cast.esperanza,
            buyer: cast.buyer,
            assessor: cast.assessor,
            desk,
            told,
            up,
        }
    }

    /// Waits until everybody has seen everything that was recorded until now, the log under a signed checkpoint.
    #[track_caller]
    pub fn settle(&self) {
        self.desk.settle(recorded(&self.told.portal));
    }

    /// The statement of the double sale, which ingest has refused.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn second_sale(&self) -> PathBuf {
        let refused = fs::read_dir(self.desk.state().join("queue/refused")).expect("there is a queue");
        let paths = refused.map(|entry| entry.expect("a queue can be listed").path());
        let mut statements: Vec<_> = paths
            .filter(|path| path.extension().is_some_and(|end| end == "statement"))
            .collect();
        // Places in a queue rise, and so do the names of its files; the double sale came last.
        statements.sort();
        statements.pop().expect("a double sale was refused")
    }

    /// What `veta lot` is told to declare another lot of Esperanza's, dug when the first was.
    ///
    /// # Panics
    /// If the first is not told.
    #[must_use]
    pub fn another_lot(&self) -> Vec<String> {
        let first = get(
            &self.told.portal,
            &format!("/api/v1/lots/{}", self.told.lots.first),
            &[],
        );
        let first: Value = serde_json::from_str(first.text()).expect("JSON");
        let day = |name: &str| first["lot"][name].as_str().expect("a day");
        let what = [
            "declare",
            "--site",
            &self.told.sites.esperanza,
            "--form",
            "dust",
            "--mass",
            "1",
            "--illustrative",
        ];
        let when = [
            "--from",
            day("extracted_from"),
            "--to",
            day("extracted_to"),
            "--miners",
            "2",
        ];
        what.iter().chain(&when).map(|&word| word.to_owned()).collect()
    }

    /// Has a file of Esperanza's kept for a circle; its digest.
    ///
    /// # Panics
    /// If it is not kept.
    #[must_use]
    #[track_caller]
    pub fn keep(&self, visibility: &str) -> String {
        let path = self.desk.path(&format!("{visibility}.pdf"));
        fs::write(&path, format!("%PDF-1.7 for {visibility}")).expect("the test's own directory takes files");
        let (file, key) = (text(&path), &self.esperanza.key);
        let put = ["evidence", "put", &file, "--visibility", visibility, "--key", key];
        let put = self.desk.json_one(&put);
        put["digest"].as_str().expect("a file has a digest").to_owned()
    }

    /// Ends the deployment.
    #[track_caller]
    pub fn end(mut self) {
        stop(&mut self.up);
    }
}

/// How many statements were recorded: where ingest is, be others behind it.
fn recorded(portal: &str) -> u64 {
    let known = get(portal, "/api/v1/deployment", &[]);
    let known: Value = serde_json::from_str(known.text()).expect("in JSON");
    known["position"].as_u64().expect("a position is a number")
}

/// The day, as the binary has it.
fn today(desk: &Desk) -> Date {
    let draft = desk.check(DONE, &["statement", "draft", "PermitRecorded"]).output;
    let draft: Value = serde_json::from_str(&draft).expect("a draft is JSON");
    let today = draft["event"]["PermitRecorded"]["from"]
        .as_str()
        .expect("from today on");
    today.parse().expect("a day")
}

fn before(today: Date, days: i32) -> String {
    Date::from_unix_days(today.unix_days() - days).to_string()
}

fn hostile(what: &str) -> String {
    format!("{what} {HOSTILE}")
}

/// The same, as long as a text may be.
fn longest(what: &str) -> String {
    let text = hostile(what);
    let missing = TEXT_BYTES_MAX - text.len();
    text + &"x".repeat(missing)
}

impl Cast {
    fn enrol(desk: &Desk) -> Self {
        let enrol = |file: &str, kind: &str, name: &str, country: &str| {
            desk.enrol_with(file, |profile| {
                profile["kind"] = kind.into();
                profile["name"] = name.into();
                profile["country"] = country.into();
            })
        };
        let hostile = desk.enrol_with("hostile", |profile| {
            profile["kind"] = "MinersOrganization".into();
            profile["name"] = hostile("Mala").into();
            profile["reference"] = json!({"source": "elsewhere", "value": HOSTILE_SHORT});
        });
        let cast = Self {
            esperanza: enrol("esperanza", "MinersOrganization", ESPERANZA, "CO"),
            amani: enrol("amani", "MinersOrganization", "Amani Miners", "CD"),
            hostile,
            trader: enrol("trader", "Exporter", "Comptoir du Lac", "CD"),
            refiner: enrol("refiner", "Refiner", "Aurum Refining", "CH"),
            buyer: enrol("buyer", "Buyer", "Goldschmied & Söhne", "CH"),
            assayer: enrol("assayer", "Assayer", "Assay Office", "CH"),
            assessor: enrol("assessor", "Assessor", "Third Eye Assurance", "ZA"),
            ministry: enrol("ministry", "Authority", "Ministry of Mines", "CD"),
        };
        desk.sign(None, "AssessorAccredited", |event| {
            event["assessor"] = cast.assessor.party.clone().into();
            event["basis"] = "an audit of its methods".into();
        });
        cast
    }

    fn ids(&self) -> Organizations {
        Organizations {
            esperanza: self.esperanza.party.clone(),
            amani: self.amani.party.clone(),
            hostile: self.hostile.party.clone(),
            trader: self.trader.party.clone(),
            refiner: self.refiner.party.clone(),
            buyer: self.buyer.party.clone(),
            assessor: self.assessor.party.clone(),
            ministry: self.ministry.party.clone(),
        }
    }
}

fn registered(desk: &Desk, cast: &Cast) -> Sites {
    let site = |operator: &Speaker, name: &str, area: &str, country: &str, [south, west]: [i16; 2]| {
        let registered = desk.sign(None, "SiteRegistered", |event| {
            event["operator"] = operator.party.clone().into();
            event["name"] = name.into();
            event["area"] = area.into();
            event["country"] = country.into();
            event["cell"] = json!({"south": south, "west": west});
        });
        registered.created
    };
    Sites {
        esperanza: site(&cast.esperanza, "Mina La Esperanza", "Nariño", "CO", [13, -776]),
        amani: site(&cast.amani, "Kasika pit", "South Kivu", "CD", [-32, 284]),
        hostile: site(&cast.hostile, &hostile("Pozo"), &hostile("Zona"), "CD", [-15, 290]),
    }
}

/// A permit, a capacity and a band for each site.
fn permitted(desk: &Desk, cast: &Cast, sites: &Sites, today: Date) {
    let (from, until) = (before(today, 400), before(today, -400));
    let bad = hostile("Basis");
    for (place, (who, site, words)) in (1..).zip([
        (&cast.esperanza, &sites.esperanza, "an invented register"),
        (&cast.amani, &sites.amani, "an invented register"),
        (&cast.hostile, &sites.hostile, bad.as_str()),
    ]) {
        let number = format!("invented:P-{place}{}", if words == bad { HOSTILE_SHORT } else { "" });
        let record = [
            "permit",
            "record",
            "--kind",
            "mining",
            "--authority",
            words,
            "--from",
            &from,
        ];
        let of = [
            "--until", &until, "--number", &number, "--holder", &who.party, "--site", site,
        ];
        let says = desk.says(&cast.ministry);
        says.all(&[&record[..], &of, &["--register", words]].concat());
        says.all(&[
            "site", "capacity", site, "--gold", "500", "--per", "month", "--basis", words,
        ]);
        let reason = ["--reason", words, "--yes"];
        desk.check(
            DONE,
            &[&["site", "amend", site, "--band", "850-950"], &reason[..]].concat(),
        );
    }
    desk.check(DONE, &["statement", "submit"]);
}

/// What an organization says of itself under each criterion: nearly all is well, and what does not apply is said.
fn answer(place: u16, slug: &str, scale: Scale) -> Value {
    match scale {
        Scale::Scenario if slug != "legit.case1_legal" => json!({"NotApplicable": "the permit covers it"}),
        Scale::Scenario | Scale::PassFail => json!("Pass"),
        Scale::PassProgressFail => json!(if place.is_multiple_of(3) { "Progress" } else { "Pass" }),
        Scale::Level { .. } => json!({"Level": 1 + place % 2}),
        Scale::Observation => json!("NoneObserved"),
        Scale::Count => json!({"Count": 3}),
        Scale::Words => json!({"Words": "as it is"}),
    }
}

/// Signs an assessment of an organization under the shipped criteria; what `other` answers otherwise is answered so.
fn assess(
    desk: &Desk,
    by: &Speaker,
    about: &Speaker,
    kind: &str,
    [from, to]: [&str; 2],
    other: impl Fn(&str, Option<Module>) -> Option<Option<Value>>,
) {
    let asked: &Catalogue = craft_derived();
    desk.sign(Some(by), "AssessmentSubmitted", |event| {
        let findings = asked.criteria().filter_map(|criterion| {
            let slug = criterion.slug.as_str();
            let usual = || Some(answer(criterion.place, slug, criterion.scale));
            let answer = other(slug, criterion.module).unwrap_or_else(usual)?;
            Some(json!({"criterion": criterion.place, "answer": answer, "evidence": []}))
        });
        event["findings"] = findings.collect();
        let measured = asked.indicators().take(8);
        let value = |place: u16| 12 + u32::from(place) * 7 + u32::from(kind == "ThirdParty");
        event["measurements"] = measured
            .map(|indicator| json!({"indicator": indicator.place, "value": value(indicator.place)}))
            .collect();
        event["subject"] = json!({"Party": about.party});
        event["kind"] = kind.into();
        event["catalogue"] = asked.digest().to_string().into();
        event["period"] = json!({"from": from, "to": to});
    });
}

/// Esperanza assesses itself twice and is assessed by another, who says otherwise in one point; Amani has something to mend.
fn assessed(desk: &Desk, cast: &Cast, today: Date) {
    let days = |from, to| [before(today, from), before(today, to)];
    let [year, half, now] = [days(400, 220), days(219, 40), days(39, 2)];
    let own = |who: &Speaker, [from, to]: &[String; 2], mends: &str| {
        assess(desk, who, who, "SelfReported", [from, to], |slug, _| {
            (slug == mends).then(|| Some(json!("Fail")))
        });
    };
    own(&cast.esperanza, &year, "integ.taxes_paid");
    own(&cast.esperanza, &half, "");
    own(&cast.amani, &half, "integ.bribery");
    let [from, to] = now.each_ref().map(String::as_str);
    let gates = |slug: &str, module: Option<Module>| match module {
        _ if slug == "integ.gold_traceability_measures" => Some(Some(json!("Fail"))),
        Some(Module::Management | Module::Legitimacy | Module::Disengagement | Module::Mitigation) => None,
        _ => Some(None),
    };
    assess(desk, &cast.assessor, &cast.esperanza, "ThirdParty", [from, to], gates);
    for who in [&cast.esperanza, &cast.amani] {
        desk.sign(Some(who), "ReportPublished", |event| {
            event["period"] = json!({"from": half[0], "to": half[1]});
        });
    }
    desk.check(DONE, &["statement", "submit"]);
}

/// Esperanza adopts a plan, and the first of its milestones is done.
fn planned(desk: &Desk, cast: &Cast, today: Date) {
    let place = |slug: &str| {
        craft_derived()
            .place(slug)
            .expect("a criterion of the shipped catalogue")
    };
    let criterion = place("integ.gold_traceability_measures");
    let plan = desk.sign(Some(&cast.esperanza), "PlanAdopted", |event| {
        let milestone = |action: &str, days: i32, after: &[u16]| {
            json!({"criterion": criterion, "action": action, "due": before(today, -days), "after": after})
        };
        let milestones = [
            milestone("Weigh and seal every lot at the pit", 30, &[]),
            milestone("Two people sign each weighing", 90, &[0]),
        ];
        *event = json!({
            "catalogue": craft_derived().digest().to_string(),
            "criteria": [criterion],
            "milestones": milestones,
        });
    });
    desk.sign(Some(&cast.esperanza), "MilestoneReported", |event| {
        event["organization"] = cast.esperanza.party.clone().into();
        event["plan"] = plan.created.clone().into();
        event["note"] = "the scale came on Monday".into();
    });
    desk.check(DONE, &["statement", "submit"]);
}

/// Declares a lot of invented quantity.
fn declare(desk: &Desk, by: &Speaker, site: &str, grams: &str, today: Date, more: &[&str]) -> Recorded {
    let (from, to) = (before(today, 9), before(today, 2));
    let what = [
        "declare",
        "--site",
        site,
        "--form",
        "dust",
        "--mass",
        grams,
        "--illustrative",
    ];
    let how = [
        "--fineness",
        "900",
        "--method",
        "xrf",
        "--from",
        &from,
        "--to",
        &to,
        "--miners",
        "40",
    ];
    desk.says(by).lot(&[&what[..], &how, more].concat())
}

/// An offer with the title, and the acceptance, each signed by its own party.
fn hand(desk: &Desk, lot: &str, from: &Speaker, to: &Speaker, grams: &str, seals: &str) -> Recorded {
    desk.says(from).lot(&["offer", lot, "--to", &to.party, "--with-title"]);
    desk.says(to).lot(&["accept", lot, "--mass", grams, "--seals", seals])
}

/// Dug, sealed, handed over, molten, split.
fn mined(desk: &Desk, cast: &Cast, told: &mut Told, today: Date) {
    let sites = told.sites.clone();
    let first = declare(
        desk,
        &cast.esperanza,
        &sites.esperanza,
        "60",
        today,
        &["--seal", "S-2040"],
    );
    told.declaration.clone_from(&first.statement);
    told.declared_at = first.position;
    let [first] = one(first);
    let [second] = one(declare(desk, &cast.amani, &sites.amani, "40", today, &[]));
    hand(desk, &first, &cast.esperanza, &cast.trader, "59.9", "intact");
    hand(desk, &second, &cast.amani, &cast.trader, "40", "none");
    let trader = desk.says(&cast.trader);
    trader.lot(&["unseal", &first, "--seal", "S-2040", "--reason", "to melt it"]);
    let melt = [
        "melt",
        &first,
        &second,
        "--out",
        "dore:96:930:xrf",
        "--out",
        "residue:1:150",
        "--melt",
        MELT,
    ];
    let lost = ["--lost", "rest", "--lost-gold", "rest"];
    let [molten, _] = several(trader.lot(&[&melt[..], &lost].concat()));
    let [exported, kept] = several(trader.lot(&["split", &molten, "--out", "60", "--out", "36"]));
    told.lots = Lots {
        first,
        second,
        molten,
        exported,
        kept,
        ..Lots::default()
    };
}

/// Sealed, exported, received, assayed, refined, cast into bars, one of them sold.
fn refined(desk: &Desk, cast: &Cast, told: &mut Told, today: Date) {
    let lot = told.lots.exported.clone();
    let (trader, refiner) = (desk.says(&cast.trader), desk.says(&cast.refiner));
    let (issued, expires) = (today.to_string(), before(today, -30));
    trader.lot(&["seal", &lot, "--seal", SEAL]);
    let export = [
        "export",
        &lot,
        "--certificate",
        CERTIFICATE,
        "--authority",
        "Ministry of Mines",
        "--from",
        "CD",
    ];
    let to = [
        "--to",
        "CH",
        "--importer",
        &cast.refiner.party,
        "--issued",
        &issued,
        "--expires",
        &expires,
    ];
    trader.lot(&[&export[..], &to].concat());
    hand(desk, &lot, &cast.trader, &cast.refiner, "60", "intact");
    refiner.lot(&["unseal", &lot, "--seal", SEAL, "--reason", "to melt it"]);
    refiner.lot(&["receive", &lot, "--number", REFINERY_LOT, "--mass", "59.9"]);
    let assay = [
        "assay",
        &lot,
        "--method",
        "fire-assay",
        "--purpose",
        "settlement",
        "--gold",
    ];
    refiner.lot(&[&assay[..], &["921"]].concat());
    desk.says(&cast.assayer).lot(&[&assay[..], &["930"]].concat());
    let refine = [
        "refine",
        &lot,
        "--out",
        "fine:54.7:999.9:fire-assay",
        "--out",
        "residue:5.1:80",
        "--lost",
        "rest",
    ];
    let [fine, _] = several(refiner.lot(&[&refine[..], &["--lost-gold", "rest"]].concat()));
    let [brand, serial, year] = BAR;
    let (one, other) = (format!("{brand}:{serial}:{year}"), format!("{brand}:10458:{year}"));
    let cast_of = [
        "cast",
        &fine,
        "--out",
        "fine:30:999.9:fire-assay",
        "--out",
        "fine:24.7:999.9:fire-assay",
    ];
    let said = refiner.lot(&[&cast_of[..], &["--bar", &one, "--bar", &other]].concat());
    told.cast_at = said.position;
    let [bar, _] = several(said);
    hand(desk, &bar, &cast.refiner, &cast.buyer, "30", "none");
    told.lots.bar = bar;
}

/// An incident at Amani, whom the scheme suspends; a lot of its is held, and does not move.
fn troubled(desk: &Desk, cast: &Cast, told: &mut Told, today: Date) {
    let [held] = one(declare(desk, &cast.amani, &told.sites.amani, "18", today, &[]));
    hand(desk, &held, &cast.amani, &cast.trader, "18", "none");
    let reported = desk.sign(Some(&cast.assessor), "IncidentReported", |event| {
        event["subject"] = json!({"Site": told.sites.amani});
        event["category"] = "ChildLabour".into();
        event["confidence"] = "Allegation".into();
        event["summary"] = "A boy of twelve was seen carrying sacks".into();
    });
    desk.sign(Some(&cast.assessor), "IncidentUpdated", |event| {
        event["subject"] = json!({"Site": told.sites.amani});
        event["incident"] = reported.created.clone().into();
        event["note"] = "A second visit saw the same".into();
    });
    desk.sign(None, "StandingDecided", |event| {
        event["organization"] = cast.amani.party.clone().into();
        event["reason"] = "until the incident is cleared up".into();
    });
    desk.check(DONE, &["statement", "submit"]);
    let reason = "what was seen at Kasika";
    let because = ["hold", &held, "--reason", reason, "--incident", &reported.created];
    desk.says(&cast.ministry).lot(&because);
    let offer = ["lot", "offer", &held, "--to", &cast.refiner.party, "--submit"];
    desk.check_trouble(FAILED, &[&offer[..], &cast.trader.signing()].concat(), "refused");
    told.lots.held = held;
}

/// Whatever can be written is written by somebody who means ill.
fn attacked(desk: &Desk, cast: &Cast, told: &mut Told, today: Date) {
    let (who, site, reason) = (&cast.hostile, told.sites.hostile.clone(), hostile("Why"));
    let says = desk.says(who);
    let (seal, tag) = (format!("1{HOSTILE_SHORT}"), format!("2{HOSTILE_SHORT}"));
    let [lot] = one(declare(desk, who, &site, "20", today, &["--seal", &seal]));
    says.lot(&["weigh", &lot, "--mass", "20", "--scale", &tag]);
    says.lot(&["unseal", &lot, "--seal", &seal, "--reason", &reason]);
    says.lot(&["seal", &lot, "--seal", &tag]);
    says.lot(&["sample", &lot, "--seal", &format!("3{HOSTILE_SHORT}"), "--melt", &tag]);
    says.lot(&["offer", &lot, "--to", &cast.trader.party]);
    says.lot(&["withdraw", &lot]);
    says.lot(&["offer", &lot, "--to", &cast.trader.party]);
    desk.says(&cast.trader).lot(&["decline", &lot, "--reason", &reason]);
    desk.says(&cast.ministry).lot(&["hold", &lot, "--reason", &reason]);
    desk.says(&cast.ministry).lot(&["release", &lot, "--reason", &reason]);
    says.lot(&["lose", &lot, "--how", "stolen", "--reason", &reason]);

    let [ore] = one(declare(desk, who, &site, "20", today, &[]));
    hand(desk, &ore, who, &cast.refiner, "20", "none");
    let refiner = desk.says(&cast.refiner);
    let receive = [
        "receive",
        &ore,
        "--number",
        &tag,
        "--mass",
        "19.9",
        "--discrepancy",
        &reason,
    ];
    refiner.lot(&receive);
    let refine = [
        "refine",
        &ore,
        "--out",
        "fine:17.5:999.9:fire-assay",
        "--out",
        "residue:2.3:170",
    ];
    let rest = ["--lost", "rest", "--lost-gold", "rest", "--melt", &seal];
    let [fine, _] = several(refiner.lot(&[&refine[..], &rest].concat()));
    let stamp = format!("{HOSTILE_SHORT}:{HOSTILE_SHORT}:2026");
    let [bar] = one(refiner.lot(&["cast", &fine, "--out", "fine:17.5:999.9:fire-assay", "--bar", &stamp]));
    told.longest = slandered(desk, cast, today);
    told.lots.hostile = lot;
    told.lots.hostile_bar = bar;
}

/// What the hostile organization says of itself, and others of it; the longest statement among it.
fn slandered(desk: &Desk, cast: &Cast, today: Date) -> String {
    let who = &cast.hostile;
    let (from, to) = (before(today, 90), before(today, 3));
    assess(desk, who, who, "SelfReported", [&from, &to], |_, module| {
        Some((module == Some(Module::Management)).then(|| json!({"NotApplicable": hostile("No")})))
    });
    let plan = desk.sign(Some(who), "PlanAdopted", |event| {
        event["catalogue"] = craft_derived().digest().to_string().into();
        let first = event["milestones"][0].clone();
        let milestones = (0..MILESTONES_MAX).map(|place| {
            let mut milestone = first.clone();
            milestone["action"] = longest("Act").into();
            milestone["after"] = (place.saturating_sub(MILESTONE_AFTER_MAX)..place).collect();
            milestone
        });
        event["milestones"] = milestones.collect();
    });
    desk.sign(Some(who), "MilestoneReported", |event| {
        event["organization"] = who.party.clone().into();
        event["plan"] = plan.created.clone().into();
        event["note"] = hostile("Note").into();
    });
    desk.sign(Some(&cast.assessor), "IncidentReported", |event| {
        event["subject"] = json!({"Party": who.party});
        event["summary"] = hostile("What").into();
        event["reference"] = json!({"source": "elsewhere", "value": HOSTILE_SHORT});
    });
    desk.sign(None, "StandingDecided", |event| {
        event["organization"] = who.party.clone().into();
        event["reason"] = hostile("Reason").into();
    });
    desk.check(DONE, &["statement", "submit"]);
    plan.statement
}

/// Esperanza offers what is not its own any more, and is refused by number.
fn sold_twice(desk: &Desk, cast: &Cast, told: &Told) {
    let (after, to) = (told.declaration.as_str(), cast.refiner.party.as_str());
    desk.sign(Some(&cast.esperanza), "CustodyOffered", |event| {
        *event = json!({"lot": told.lots.first, "after": after, "to": to});
    });
    desk.check_trouble(FAILED, &["statement", "submit"], "refused (3");
}

fn one(said: Recorded) -> [String; 1] {
    several(said)
}

#[track_caller]
fn several<const COUNT: usize>(said: Recorded) -> [String; COUNT] {
    said.created.try_into().expect("as many as were asked for")
}
