//! Lots: what they are, who has them, and how they came there.

use event::{Fineness, Mass};
use inquiry::Pages;
use rpc::custody::{
    Assay, AssayPurpose, FlagOnLot, FlagUnit, GetLineageRequest, GetLotResponse, LineageDirection, LineageLot,
    LineageStep, ListLotsRequest, Lot, LotState, LotStep, OpenOffer, QuantityBasis, SealState,
};
use serde_json::{Value, json};
use tonic::Code;
use tonic::transport::Channel;

use super::{Asked, PAGE_SIZE, in_words, instant, named};
use crate::print;
use crate::trade::quantity::percent;
use crate::trouble::Done;

/// Shown wherever an invented mass is.
const INVENTED: &str = "INVENTED for demonstration";

/// Every lot, one row each; for programs, one JSON object a line.
pub async fn list(custody: &Channel, asked: Asked) -> Done {
    let mut rows = Vec::new();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListLotsRequest {
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::custody(custody.clone())
            .list_lots(request)
            .await?
            .into_inner();
        for lot in &page.lots {
            if asked.json {
                print::json(&row_json(lot));
            } else {
                rows.push(row(lot));
            }
        }
        pages.turn(page.next_page_token);
    }
    if !asked.json {
        print::table(lots_header(), rows);
    }
    Ok(())
}

/// One lot with its whole path.
pub async fn show(custody: &Channel, lot: &str, asked: Asked) -> Done {
    let answer = inquiry::lot::whole(custody, lot, asked.when()).await?;
    let lot = answer.lot.clone().unwrap_or_default();
    let kin = Kin::of(custody, &answer, &lot).await?;
    if asked.json {
        print::json(&whole_json(&answer, &lot, &kin));
        return Ok(());
    }
    head(&lot);
    kin.tell(&answer);
    beside(&answer);
    print::line(format_args!(
        "as of position {}; the next statement names {}\n",
        answer.position, lot.latest_statement_id
    ));
    print::table(
        ["position", "what", "by", "from", "to", "weighed", "admitted", "said"],
        answer.path.iter().map(|step| step_row(step, &lot)),
    );
    Ok(())
}

/// What it was made of and what it became: the nearest step each way.
struct Kin {
    made_of: Option<LineageStep>,
    became: Option<LineageStep>,
}

impl Kin {
    async fn of(custody: &Channel, answer: &GetLotResponse, lot: &Lot) -> Done<Self> {
        let nearest = async |direction: LineageDirection| nearest(custody, &lot.lot_id, direction, answer).await;
        Ok(Self {
            made_of: if lot.is_made {
                nearest(LineageDirection::Up).await?
            } else {
                None
            },
            became: if lot.state() == LotState::Transformed {
                nearest(LineageDirection::Down).await?
            } else {
                None
            },
        })
    }

    fn tell(&self, answer: &GetLotResponse) {
        match (&self.made_of, &answer.made) {
            (Some(step), _) => print::line(format_args!(
                "made by {} of {}",
                happened(step),
                ids(step.inputs.iter())
            )),
            (None, Some(made)) => print::line(format_args!(
                "made by {} of {} lots at position {}",
                in_words(made.how().as_str_name(), "TRANSFORMATION_KIND_"),
                made.inputs,
                made.position
            )),
            (None, None) => {}
        }
        if let Some(step) = &self.became {
            print::line(format_args!(
                "became by {} {}",
                happened(step),
                ids(step.outputs.iter())
            ));
        }
    }
}

/// The step next to a lot. A lineage that is too long for one answer is asked for with `lot trace`, about a nearer lot.
async fn nearest(
    custody: &Channel,
    lot: &str,
    direction: LineageDirection,
    of: &GetLotResponse,
) -> Done<Option<LineageStep>> {
    let request = GetLineageRequest {
        lot_id: lot.to_owned(),
        direction: direction.into(),
        as_of_position: of.position,
        as_of_unix_ms: of.evaluated_at_unix_ms,
        page_size: 1,
        ..GetLineageRequest::default()
    };
    match rpc::client::custody(custody.clone()).get_lineage(request).await {
        Ok(answer) => Ok(answer.into_inner().steps.into_iter().next()),
        Err(status) if status.code() == Code::OutOfRange => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// `melt M-17 at position 12`.
fn happened(step: &LineageStep) -> String {
    let how = in_words(step.how().as_str_name(), "TRANSFORMATION_KIND_");
    let melt = if step.melt.is_empty() { "" } else { " " };
    format!("{how}{melt}{} at position {}", step.melt, step.position)
}

/// So many lots are named before the others are counted: `lot trace` has all of them.
fn ids<'a>(lots: impl ExactSizeIterator<Item = &'a LineageLot>) -> String {
    const NAMED_MAX: usize = 8;
    let more = lots.len().saturating_sub(NAMED_MAX);
    let mut ids: Vec<_> = lots.take(NAMED_MAX).map(|lot| lot.lot_id.clone()).collect();
    if 0 < more {
        ids.push(format!("{more} more"));
    }
    ids.join(", ")
}

/// What it is, who has it and whose it is.
fn head(lot: &Lot) {
    let [id, site, mass, quantity, state, custodian] = row(lot);
    let form = in_words(lot.form().as_str_name(), "LOT_FORM_");
    print::line(format_args!("{id}: {mass} ({quantity}) of {form}, from {site}"));
    if !lot.is_made {
        let (by, from, to) = (named(lot.declared_by.as_ref()), &lot.extracted_from, &lot.extracted_to);
        print::line(format_args!("declared by {by}, dug from {from} to {to}"));
    }
    if let Some(bar) = &lot.bar {
        let by = named(bar.refiner.as_ref());
        print::line(format_args!(
            "bar {} {} of {}, cast by {by}",
            bar.brand, bar.serial, bar.year
        ));
    }
    content(lot);
    let model = in_words(lot.custody_model().as_str_name(), "CUSTODY_MODEL_");
    print::line(format_args!("about mixing it promises: {model}"));
    // Whether somebody stops it is another matter, told below.
    let state = if lot.state() == LotState::Held {
        String::new()
    } else {
        format!("{state}, ")
    };
    print::line(format_args!("{state}in the custody of {custodian}"));
    if lot.owner != lot.custodian {
        print::line(format_args!("owned by {}", named(lot.owner.as_ref())));
    }
    for (offer, word) in [(&lot.open_offer, "on offer"), (&lot.expired_offer, "was on offer")] {
        if let Some(offer) = offer {
            let (to, until) = (named(offer.to.as_ref()), instant(offer.until_unix_ms));
            let since = offer.since_position;
            let title = if offer.with_title { ", with the title" } else { "" };
            print::line(format_args!(
                "{word} to {to} since position {since} until {until}{title}"
            ));
        }
    }
    if !lot.exported_from.is_empty() {
        print::line(format_args!("exported from {}", lot.exported_from));
    }
    if lot.received_by.is_some() {
        print::line(format_args!("in the books of {}", named(lot.received_by.as_ref())));
    }
}

/// How fine it is held to be, and by whose word.
fn content(lot: &Lot) {
    let (Some(claim), Some(fine)) = (&lot.fineness, lot.fine_mass_micrograms) else {
        print::line("nobody said how fine it is");
        return;
    };
    let method = in_words(claim.method().as_str_name(), "FINENESS_METHOD_");
    let content = lot.content.clone().unwrap_or_default();
    let purpose = match content.purpose() {
        AssayPurpose::Unspecified => "a claim".to_owned(),
        purpose => format!("an assay, {}", in_words(purpose.as_str_name(), "ASSAY_PURPOSE_")),
    };
    let silver = content.silver_ppm.map(|ppm| format!(", silver {}", fineness(ppm)));
    print::line(format_args!(
        "fineness {} by {method}{}, so {} of gold ({} at most), says {} ({purpose}, {})",
        fineness(claim.fineness_ppm),
        silver.unwrap_or_default(),
        Mass::from_micrograms(fine),
        Mass::from_micrograms(lot.fine_mass_max_micrograms),
        named(content.by.as_ref()),
        content.statement_id
    ));
}

fn fineness(ppm: u32) -> String {
    Fineness::from_ppm(ppm)
        .map(|fineness| fineness.to_string())
        .unwrap_or_default()
}

/// What is on it and against it.
fn beside(answer: &GetLotResponse) {
    for hold in &answer.holds {
        let (by, reason) = (named(hold.by.as_ref()), &hold.reason);
        let incident = if hold.incident_id.is_empty() {
            String::new()
        } else {
            format!(" ({})", hold.incident_id)
        };
        let (position, source) = (hold.position, &hold.source_lot_id);
        print::line(format_args!(
            "HELD by {by} through {source} at position {position}: {reason}{incident}"
        ));
    }
    for flag in &answer.flags {
        let (kind, position) = (&flag.kind, flag.position);
        let other = if flag.other_lot_id.is_empty() {
            String::new()
        } else {
            format!("; see {}", flag.other_lot_id)
        };
        let text = flag_in_words(flag);
        print::line(format_args!("look again: {text} ({kind}, position {position}{other})"));
    }
    let seals = answer.seals.iter().map(|seal| {
        let state = in_words(seal.r#use().as_str_name(), "SEAL_USE_");
        format!("{} ({state} since position {})", seal.number, seal.since_position)
    });
    let seals: Vec<_> = seals.collect();
    if !seals.is_empty() {
        print::line(format_args!("seals and samples: {}", seals.join(", ")));
    }
    if !answer.assays.is_empty() {
        let header = [
            "position",
            "assay by",
            "gold",
            "silver",
            "method",
            "for",
            "sample",
            "melt",
            "statement",
        ];
        print::table(header, answer.assays.iter().map(assay_row));
    }
    let more = [
        (answer.more_holds, "holds"),
        (answer.more_flags, "flags"),
        (answer.more_seals, "seals"),
        (answer.more_assays, "assays"),
    ];
    for (_, what) in more.iter().filter(|(has_more, _)| *has_more) {
        print::line(format_args!("there are more {what} than are shown"));
    }
}

fn assay_row(assay: &Assay) -> [String; 9] {
    let replaced = if assay.is_replaced { ", replaced" } else { "" };
    [
        assay.position.to_string(),
        named(assay.by.as_ref()),
        fineness(assay.gold_ppm),
        assay.silver_ppm.map(fineness).unwrap_or_default(),
        in_words(assay.method().as_str_name(), "FINENESS_METHOD_"),
        format!(
            "{}{replaced}",
            in_words(assay.purpose().as_str_name(), "ASSAY_PURPOSE_")
        ),
        assay.sample.clone(),
        assay.melt.clone(),
        assay.statement_id.clone(),
    ]
}

/// What a flag says, with its figures: `two weighings differ by more than scales do: 1.5 g, where the line is 0.05 g`.
pub(crate) fn flag_in_words(flag: &FlagOnLot) -> String {
    let figure: fn(u64) -> String = match flag.unit() {
        FlagUnit::Unspecified => return flag.text.clone(),
        FlagUnit::Ppm => percent,
        FlagUnit::Micrograms => |mass| Mass::from_micrograms(mass).to_string(),
        FlagUnit::Days => |days| format!("{days} days"),
        FlagUnit::Times => |times| format!("{times} times"),
    };
    let (found, line) = (figure(flag.found), figure(flag.line));
    format!("{}: {found}, where the line is {line}", flag.text)
}

/// What stands above [`row`].
pub(super) const fn lots_header() -> [&'static str; 6] {
    ["lot", "site", "gross mass", "quantity", "state", "custodian"]
}

pub(super) fn row(lot: &Lot) -> [String; 6] {
    [
        lot.lot_id.clone(),
        lot.site
            .as_ref()
            .map_or_else(|| "several sites".to_owned(), |site| site.name.clone()),
        Mass::from_micrograms(lot.gross_mass_micrograms).to_string(),
        quantity(lot).to_owned(),
        lot.state()
            .as_str_name()
            .trim_start_matches("LOT_STATE_")
            .to_lowercase(),
        named(lot.custodian.as_ref()),
    ]
}

fn quantity(lot: &Lot) -> &'static str {
    match lot.basis() {
        QuantityBasis::Illustrative => INVENTED,
        QuantityBasis::Weighed => "weighed",
        QuantityBasis::Unspecified => "unknown",
    }
}

pub(super) fn row_json(lot: &Lot) -> Value {
    json!({
        "lot_id": lot.lot_id,
        "site": lot.site.as_ref().map(|site| site.name.clone()),
        "site_id": lot.site.as_ref().map(|site| site.site_id.clone()),
        "declared_by": lot.declared_by.as_ref().map(|party| party.name.clone()),
        "gross_mass_micrograms": lot.gross_mass_micrograms,
        "declared_gross_mass_micrograms": lot.declared_gross_mass_micrograms,
        "fine_mass_micrograms": lot.fine_mass_micrograms,
        "fineness_ppm": lot.fineness.as_ref().map(|claim| claim.fineness_ppm),
        "quantity": quantity(lot),
        "extracted_from": lot.extracted_from,
        "extracted_to": lot.extracted_to,
        "seals": lot.seals,
        "state": lot.state().as_str_name().trim_start_matches("LOT_STATE_").to_lowercase(),
        "custodian": lot.custodian.as_ref().map(|party| party.name.clone()),
        "custodian_id": lot.custodian.as_ref().map(|party| party.party_id.clone()),
        "offered_to_id": lot.open_offer.as_ref().and_then(|offer| offer.to.as_ref()).map(|party| party.party_id.clone()),
        "open_offer": lot.open_offer.as_ref().map(offer_json),
        "expired_offer": lot.expired_offer.as_ref().map(offer_json),
        "latest_statement_id": lot.latest_statement_id,
        "declared_position": lot.declared_position,
        "owner": lot.owner.as_ref().map(|party| party.name.clone()),
        "owner_id": lot.owner.as_ref().map(|party| party.party_id.clone()),
        "form": in_words(lot.form().as_str_name(), "LOT_FORM_"),
        "country": lot.country,
        "exported_from": lot.exported_from,
        "on_hold": lot.on_hold,
        "is_made": lot.is_made,
        "ended_position": lot.ended_position,
        "custody_model": in_words(lot.custody_model().as_str_name(), "CUSTODY_MODEL_"),
        "fine_mass_max_micrograms": lot.fine_mass_max_micrograms,
        "fineness_by_id": lot.content.as_ref().and_then(|content| content.by.as_ref()).map(|by| by.party_id.clone()),
        "fineness_statement_id": lot.content.as_ref().map(|content| content.statement_id.clone()),
        "received_by_id": lot.received_by.as_ref().map(|party| party.party_id.clone()),
        "bar": lot.bar.as_ref().map(|bar| json!({"brand": bar.brand, "serial": bar.serial, "year": bar.year})),
    })
}

fn offer_json(offer: &OpenOffer) -> Value {
    json!({
        "to": offer.to.as_ref().map(|party| party.name.clone()),
        "to_id": offer.to.as_ref().map(|party| party.party_id.clone()),
        "since_position": offer.since_position,
        "since": instant(offer.since_unix_ms),
        "until": instant(offer.until_unix_ms),
        "with_title": offer.with_title,
    })
}

fn whole_json(answer: &GetLotResponse, lot: &Lot, kin: &Kin) -> Value {
    let flags = answer.flags.iter().map(|flag| {
        json!({
            "kind": flag.kind,
            "text": flag_in_words(flag),
            "found": flag.found,
            "line": flag.line,
            "other_lot_id": flag.other_lot_id,
            "statement_id": flag.statement_id,
            "position": flag.position,
        })
    });
    let holds = answer.holds.iter().map(|hold| {
        json!({
            "source_lot_id": hold.source_lot_id,
            "by": hold.by.as_ref().map(|party| party.name.clone()),
            "reason": hold.reason,
            "incident_id": hold.incident_id,
            "statement_id": hold.statement_id,
            "position": hold.position,
        })
    });
    json!({
        "lot": row_json(lot),
        "flags": flags.collect::<Vec<_>>(),
        "more_flags": answer.more_flags,
        "holds": holds.collect::<Vec<_>>(),
        "more_holds": answer.more_holds,
        "seals": answer.seals.iter().map(|seal| json!({
            "number": seal.number,
            "use": in_words(seal.r#use().as_str_name(), "SEAL_USE_"),
            "since_position": seal.since_position,
        })).collect::<Vec<_>>(),
        "more_seals": answer.more_seals,
        "assays": answer.assays.iter().map(assay_json).collect::<Vec<_>>(),
        "more_assays": answer.more_assays,
        "made_of": kin.made_of.as_ref().map(|step| kin_json(step, &step.inputs)),
        "became": kin.became.as_ref().map(|step| kin_json(step, &step.outputs)),
        "path": answer.path.iter().map(step_json).collect::<Vec<_>>(),
        "position": answer.position,
    })
}

fn kin_json(step: &LineageStep, lots: &[LineageLot]) -> Value {
    json!({
        "how": in_words(step.how().as_str_name(), "TRANSFORMATION_KIND_"),
        "statement_id": step.statement_id,
        "position": step.position,
        "melt": step.melt,
        "lots": lots.iter().map(|lot| lot.lot_id.clone()).collect::<Vec<_>>(),
    })
}

fn assay_json(assay: &Assay) -> Value {
    json!({
        "by": assay.by.as_ref().map(|by| by.name.clone()),
        "by_id": assay.by.as_ref().map(|by| by.party_id.clone()),
        "method": in_words(assay.method().as_str_name(), "FINENESS_METHOD_"),
        "gold_ppm": assay.gold_ppm,
        "silver_ppm": assay.silver_ppm,
        "uncertainty_ppm": assay.uncertainty_ppm,
        "purpose": in_words(assay.purpose().as_str_name(), "ASSAY_PURPOSE_"),
        "sample": assay.sample,
        "melt": assay.melt,
        "is_replaced": assay.is_replaced,
        "statement_id": assay.statement_id,
        "position": assay.position,
    })
}

fn step_row(step: &LotStep, lot: &Lot) -> [String; 8] {
    let invented = if lot.basis() == QuantityBasis::Illustrative {
        " (invented)"
    } else {
        ""
    };
    let name = |party: Option<&rpc::view::PartyName>| party.map(|party| party.name.clone()).unwrap_or_default();
    [
        step.position.to_string(),
        step.event.clone(),
        name(step.by.as_ref()),
        name(step.from.as_ref()),
        name(step.to.as_ref()),
        step.gross_mass_micrograms
            .map(|mass| format!("{}{invented}", Mass::from_micrograms(mass)))
            .unwrap_or_default(),
        instant(step.admitted_at_unix_ms),
        details(step),
    ]
}

/// What else a step says, in a few words each.
fn details(step: &LotStep) -> String {
    let said = |words: &str, text: &str| (!text.is_empty()).then(|| format!("{words}{text}"));
    let found = step.fineness.as_ref().map(|claim| {
        let method = in_words(claim.method().as_str_name(), "FINENESS_METHOD_");
        format!("{} by {method}", fineness(claim.fineness_ppm))
    });
    let seal_state = match step.seal_state() {
        SealState::Unspecified => None,
        state => Some(format!("seals {}", in_words(state.as_str_name(), "SEAL_STATE_"))),
    };
    let seals = (!step.seals.is_empty()).then(|| format!("numbers {}", step.seals.join(" ")));
    let way = said("from ", &step.from_country).map(|from| format!("{from} to {}", step.to_country));
    let documents = match step.document_digests.len() {
        0 => None,
        count => Some(format!("{count} documents")),
    };
    let witness = step.witness.as_ref().map(|witness| format!("seen by {}", witness.name));
    let told = [
        found,
        seal_state,
        seals,
        said("melt ", &step.melt),
        said("number ", &step.number),
        said("by ", &step.authority),
        way,
        step.with_title.then(|| "with the title".to_owned()),
        said("about ", &step.target_statement_id),
        said("", &step.incident_id),
        said("because: ", &step.reason),
        witness,
        documents,
    ];
    told.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn step_json(step: &LotStep) -> Value {
    json!({
        "position": step.position,
        "event": step.event,
        "from": step.from.as_ref().map(|party| party.name.clone()),
        "from_id": step.from.as_ref().map(|party| party.party_id.clone()),
        "to": step.to.as_ref().map(|party| party.name.clone()),
        "to_id": step.to.as_ref().map(|party| party.party_id.clone()),
        "gross_mass_micrograms": step.gross_mass_micrograms,
        "reason": step.reason,
        "by": step.by.as_ref().map(|party| party.name.clone()),
        "by_id": step.by.as_ref().map(|party| party.party_id.clone()),
        "fineness_ppm": step.fineness.as_ref().map(|claim| claim.fineness_ppm),
        "seals": step.seals,
        "documents": step.document_digests,
        "melt": step.melt,
        "number": step.number,
        "authority": step.authority,
        "from_country": step.from_country,
        "to_country": step.to_country,
        "with_title": step.with_title,
        "incident_id": step.incident_id,
        "target_statement_id": step.target_statement_id,
        "witness_id": step.witness.as_ref().map(|party| party.party_id.clone()),
        "statement_id": step.statement_id,
        "key": step.key,
        "stated_at": instant(step.stated_at_unix_ms),
        "admitted_at": instant(step.admitted_at_unix_ms),
    })
}
