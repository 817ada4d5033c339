//! Lots: what they are, who has them, and how they came there.

use event::{Fineness, LotId, Mass};
use rpc::custody::{
    FlagOnLot, FlagUnit, GetLotRequest, GetLotResponse, ListLotsRequest, Lot, LotStep, QuantityBasis, get_lot_request,
};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::{Asked, PAGE_SIZE, in_words, instant, named};
use crate::pages::pages;
use crate::print;
use crate::trade::quantity::percent;
use crate::trouble::{Done, Trouble};

/// Shown wherever an invented mass is.
const INVENTED: &str = "INVENTED for demonstration";

/// Every lot, one row each; for programs, one JSON object a line.
pub async fn list(custody: &Channel, asked: Asked) -> Done {
    let mut rows = Vec::new();
    pages(async |page_token| {
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
                print::json(&json_of(lot));
            } else {
                rows.push(row(lot));
            }
        }
        Ok(page.next_page_token)
    })
    .await?;
    if !asked.json {
        print::table(["lot", "site", "gross mass", "quantity", "state", "custodian"], rows);
    }
    Ok(())
}

/// One lot with its whole path.
pub async fn show(custody: &Channel, lot: &str, asked: Asked) -> Done {
    let answer = whole(custody, asked_about(lot, asked)?).await?;
    let lot = answer.lot.clone().unwrap_or_default();
    if asked.json {
        print::json(&whole_json(&answer, &lot));
        return Ok(());
    }
    head(&answer, &lot);
    beside(&answer);
    print::line(format_args!(
        "as of position {}; the next statement names {}\n",
        answer.position, lot.latest_statement_id
    ));
    print::table(
        ["position", "what", "from", "to", "weighed", "admitted"],
        answer.path.iter().map(|step| step_row(step, &lot)),
    );
    Ok(())
}

/// What it is, who has it and whose it is.
fn head(answer: &GetLotResponse, lot: &Lot) {
    let [id, site, mass, quantity, state, custodian] = row(lot);
    print::line(format_args!("{id}: {mass} ({quantity}), from {site}"));
    if let (Some(claim), Some(fine)) = (&lot.fineness, lot.fine_mass_micrograms) {
        let fineness = Fineness::from_ppm(claim.fineness_ppm)
            .map(|fineness| fineness.to_string())
            .unwrap_or_default();
        print::line(format_args!(
            "fineness {fineness}, so {} of gold",
            Mass::from_micrograms(fine)
        ));
    }
    if let Some(made) = &answer.made {
        let how = in_words(made.how().as_str_name(), "TRANSFORMATION_KIND_");
        print::line(format_args!(
            "made by {how} of {} lots at position {}",
            made.inputs, made.position
        ));
    }
    print::line(format_args!("{state}, in the custody of {custodian}"));
    if lot.owner != lot.custodian {
        print::line(format_args!("owned by {}", named(lot.owner.as_ref())));
    }
    for (offer, word) in [(&lot.open_offer, "on offer"), (&lot.expired_offer, "was on offer")] {
        if let Some(offer) = offer {
            let (to, until) = (named(offer.to.as_ref()), instant(offer.until_unix_ms));
            let since = offer.since_position;
            print::line(format_args!("{word} to {to} since position {since} until {until}"));
        }
    }
}

/// What is on it and against it.
fn beside(answer: &GetLotResponse) {
    for hold in &answer.holds {
        let (by, reason) = (named(hold.by.as_ref()), &hold.reason);
        print::line(format_args!("held by {by} through {}: {reason}", hold.source_lot_id));
    }
    for flag in &answer.flags {
        let FlagOnLot {
            kind, text, position, ..
        } = flag;
        print::line(format_args!("look again: {text} ({kind}, position {position})"));
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

/// A lot by its id, or by a seal on it.
pub(crate) fn asked_about(lot: &str, asked: Asked) -> Done<GetLotRequest> {
    let name = match lot.parse::<LotId>() {
        Ok(id) => get_lot_request::Lot::LotId(id.to_string()),
        Err(error) if lot.to_ascii_lowercase().starts_with("lot-") => return Err(Trouble::usage(error)),
        Err(_) => get_lot_request::Lot::Seal(lot.to_owned()),
    };
    Ok(GetLotRequest {
        lot: Some(name),
        as_of_position: asked.as_of,
        at_least_position: asked.at_least,
        as_of_unix_ms: asked.on_unix_ms,
        page_size: PAGE_SIZE,
        ..GetLotRequest::default()
    })
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

/// The answer with the whole path.
pub(crate) async fn whole(custody: &Channel, first: GetLotRequest) -> Done<GetLotResponse> {
    let (mut whole, mut path) = (GetLotResponse::default(), Vec::new());
    pages(async |page_token| {
        let request = GetLotRequest {
            page_token,
            ..first.clone()
        };
        let mut page = rpc::client::custody(custody.clone())
            .get_lot(request)
            .await?
            .into_inner();
        path.append(&mut page.path);
        whole = page;
        Ok(whole.next_page_token.clone())
    })
    .await?;
    Ok(GetLotResponse { path, ..whole })
}

fn row(lot: &Lot) -> [String; 6] {
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

fn json_of(lot: &Lot) -> Value {
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
    })
}

fn whole_json(answer: &GetLotResponse, lot: &Lot) -> Value {
    let flags = answer.flags.iter().map(|flag| {
        json!({
            "kind": flag.kind,
            "text": flag.text,
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
            "statement_id": hold.statement_id,
            "position": hold.position,
        })
    });
    json!({
        "lot": json_of(lot),
        "flags": flags.collect::<Vec<_>>(),
        "more_flags": answer.more_flags,
        "holds": holds.collect::<Vec<_>>(),
        "more_holds": answer.more_holds,
        "path": answer.path.iter().map(step_json).collect::<Vec<_>>(),
        "position": answer.position,
    })
}

fn step_row(step: &LotStep, lot: &Lot) -> [String; 6] {
    let invented = if lot.basis() == QuantityBasis::Illustrative {
        " (invented)"
    } else {
        ""
    };
    let name = |party: Option<&rpc::view::PartyName>| party.map(|party| party.name.clone()).unwrap_or_default();
    [
        step.position.to_string(),
        step.event.clone(),
        name(step.from.as_ref()),
        name(step.to.as_ref()),
        step.gross_mass_micrograms
            .map(|mass| format!("{}{invented}", Mass::from_micrograms(mass)))
            .unwrap_or_default(),
        instant(step.admitted_at_unix_ms),
    ]
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
        "statement_id": step.statement_id,
        "key": step.key,
        "stated_at": instant(step.stated_at_unix_ms),
        "admitted_at": instant(step.admitted_at_unix_ms),
    })
}
