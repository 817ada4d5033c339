//! What came and went, month by month: of a party, of a site, and by the countries that a refiner's gold was dug in.

use event::{Mass, PartyId, SiteId};
use inquiry::Pages;
use rpc::custody::{
    GetOriginTableRequest, GetPartyRequest, GetSiteProductionRequest, GetSiteProductionResponse, OriginTableRow,
    PartyMonth, SiteMonth, SitePermit, Tally,
};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::{Asked, PAGE_SIZE, in_words, named};
use crate::print;
use crate::trade::quantity::percent;
use crate::trouble::Done;

/// From which month to which; empty where there is no limit.
#[derive(Clone, Debug)]
pub struct Months {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// For people.
    Table,
    /// Comma-separated, with a header; masses in micrograms.
    Csv,
}

/// What came to a party and left it.
pub async fn balance(custody: &Channel, party: PartyId, months: &Months, asked: Asked) -> Done {
    let (mut rows, mut of) = (Vec::new(), None);
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = GetPartyRequest {
            party_id: party.to_string(),
            from_month: months.from.clone(),
            to_month: months.to.clone(),
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.get_party(request).await?.into_inner();
        for month in &page.months {
            if asked.json {
                print::json(&month_json(month, page.position));
            } else {
                rows.extend(month_rows(month));
            }
        }
        of = page.party.map(|party| (party, page.position));
        pages.turn(page.next_page_token);
    }
    if !asked.json {
        let (party, position) = of.unzip();
        print::line(format_args!(
            "{}, as of position {}",
            named(party.as_ref()),
            position.unwrap_or_default()
        ));
        print::table(["month", "what", "lots", "gross mass", "gold", "not assayed"], rows);
    }
    Ok(())
}

/// What a site gave, beside what it can give, and the permits that cover it.
pub async fn production(custody: &Channel, site: SiteId, months: &Months, asked: Asked) -> Done {
    let (mut rows, mut last) = (Vec::new(), GetSiteProductionResponse::default());
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = GetSiteProductionRequest {
            site_id: site.to_string(),
            from_month: months.from.clone(),
            to_month: months.to.clone(),
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        last = custody.get_site_production(request).await?.into_inner();
        rows.append(&mut last.months);
        pages.turn(last.next_page_token.clone());
    }
    if asked.json {
        print::json(&production_json(&last, &rows));
        return Ok(());
    }
    let name = last.site.clone().unwrap_or_default();
    print::line(format_args!(
        "{} ({}), worked by {}, as of position {}",
        name.name,
        name.site_id,
        named(last.operator.as_ref()),
        last.position
    ));
    match &last.capacity {
        Some(capacity) => print::line(format_args!(
            "can give {} of gold in {} months, says {} at position {}: {}",
            Mass::from_micrograms(capacity.fine_mass_max_micrograms),
            capacity.months,
            named(capacity.by.as_ref()),
            capacity.position,
            capacity.basis
        )),
        None => print::line("nobody said what it can give"),
    }
    print::table(
        ["month", "gold", "gold in the capacity's months", "of the capacity"],
        rows.iter().map(site_row),
    );
    print::table(
        [
            "permit",
            "number",
            "kind",
            "holder",
            "from",
            "until",
            "stands",
            "looked up",
            "position",
        ],
        last.permits.iter().map(permit_row),
    );
    Ok(())
}

/// What a refiner took into its books, by month and by the country in which it was dug.
pub async fn origin_table(
    custody: &Channel,
    refiner: PartyId,
    months: &Months,
    written: Written,
    asked: Asked,
) -> Done {
    let (mut rows, mut of) = (Vec::new(), None);
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = GetOriginTableRequest {
            refiner_id: refiner.to_string(),
            from_month: months.from.clone(),
            to_month: months.to.clone(),
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.get_origin_table(request).await?.into_inner();
        of = page.refiner.map(|refiner| (refiner, page.position));
        rows.extend(page.rows);
        pages.turn(page.next_page_token);
    }
    let (refiner, position) = of.unzip();
    match written {
        _ if asked.json => {
            let position = position.unwrap_or_default();
            for row in &rows {
                print::json(&table_json(row, position));
            }
        }
        Written::Csv => csv(&rows).iter().for_each(print::line),
        Written::Table => {
            print::line(format_args!(
                "{}, as of position {}",
                named(refiner.as_ref()),
                position.unwrap_or_default()
            ));
            let header = [
                "month",
                "country",
                "gold",
                "lots",
                "not assayed",
                "of the gold INVENTED",
            ];
            print::table(header, rows.iter().map(table_row));
        }
    }
    Ok(())
}

/// Months, letters and digits alone: nothing in a row needs quotes.
fn csv(rows: &[OriginTableRow]) -> Vec<String> {
    let header = "month,country,fine_mass_micrograms,lots,unassayed_gross_mass_micrograms,\
                  illustrative_fine_mass_micrograms";
    let row = |row: &OriginTableRow| {
        format!(
            "{},{},{},{},{},{}",
            row.month,
            row.country,
            row.fine_mass_micrograms,
            row.lots,
            row.unassayed_gross_mass_micrograms,
            row.illustrative_fine_mass_micrograms
        )
    };
    core::iter::once(header.to_owned())
        .chain(rows.iter().map(row))
        .collect()
}

fn table_row(row: &OriginTableRow) -> [String; 6] {
    [
        row.month.clone(),
        if row.country.is_empty() {
            "not known".to_owned()
        } else {
            row.country.clone()
        },
        grams(row.fine_mass_micrograms),
        row.lots.to_string(),
        grams(row.unassayed_gross_mass_micrograms),
        grams(row.illustrative_fine_mass_micrograms),
    ]
}

fn table_json(row: &OriginTableRow, position: u64) -> Value {
    json!({
        "position": position,
        "month": row.month,
        "country": row.country,
        "fine_mass_micrograms": row.fine_mass_micrograms,
        "lots": row.lots,
        "unassayed_gross_mass_micrograms": row.unassayed_gross_mass_micrograms,
        "illustrative_fine_mass_micrograms": row.illustrative_fine_mass_micrograms,
    })
}

/// What a month's tallies are called.
fn tallies(month: &PartyMonth) -> [(&'static str, Option<&Tally>); 10] {
    [
        ("declared", month.declared.as_ref()),
        ("made", month.made.as_ref()),
        ("received", month.received.as_ref()),
        ("given", month.given.as_ref()),
        ("used up", month.used_up.as_ref()),
        ("retired", month.retired.as_ref()),
        ("lost", month.lost.as_ref()),
        ("exported", month.exported.as_ref()),
        ("found more", month.found_more.as_ref()),
        ("found less", month.found_less.as_ref()),
    ]
}

fn month_rows(month: &PartyMonth) -> Vec<[String; 6]> {
    let told = tallies(month).into_iter().filter_map(|(what, tally)| {
        let tally = tally.filter(|tally| 0 < tally.lots)?;
        Some([
            month.month.clone(),
            what.to_owned(),
            tally.lots.to_string(),
            grams(tally.gross_mass_micrograms),
            grams(tally.fine_mass_micrograms),
            grams(tally.unassayed_gross_mass_micrograms),
        ])
    });
    told.collect()
}

fn month_json(month: &PartyMonth, position: u64) -> Value {
    let tally = |(what, tally): (&str, Option<&Tally>)| {
        let tally = tally.copied().unwrap_or_default();
        let told = json!({
            "lots": tally.lots,
            "gross_mass_micrograms": tally.gross_mass_micrograms,
            "fine_mass_micrograms": tally.fine_mass_micrograms,
            "unassayed_gross_mass_micrograms": tally.unassayed_gross_mass_micrograms,
        });
        (what.replace(' ', "_"), told)
    };
    let mut told: serde_json::Map<_, _> = tallies(month).into_iter().map(tally).collect();
    told.insert("month".to_owned(), month.month.clone().into());
    told.insert("position".to_owned(), position.into());
    told.insert(
        "received_lighter_micrograms".to_owned(),
        month.received_lighter_micrograms.into(),
    );
    told.insert(
        "received_heavier_micrograms".to_owned(),
        month.received_heavier_micrograms.into(),
    );
    told.into()
}

fn site_row(month: &SiteMonth) -> [String; 4] {
    let or_nothing = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        month.month.clone(),
        grams(month.fine_mass_micrograms),
        or_nothing(month.period_fine_mass_micrograms.map(grams)),
        or_nothing(month.used_ppm.map(percent)),
    ]
}

fn permit_row(permit: &SitePermit) -> [String; 9] {
    let number = permit
        .number
        .as_ref()
        .map(|number| format!("{}:{}", number.source, number.value));
    let or = |text: &str, nothing: &str| {
        if text.is_empty() {
            nothing.to_owned()
        } else {
            text.to_owned()
        }
    };
    [
        permit.permit_id.clone(),
        number.unwrap_or_default(),
        in_words(permit.kind().as_str_name(), "PERMIT_KIND_"),
        named(permit.holder.as_ref()),
        permit.from.clone(),
        or(&permit.until, "no end"),
        in_words(permit.status().as_str_name(), "PERMIT_STATUS_"),
        or(&permit.checked_on, "never"),
        permit.position.to_string(),
    ]
}

fn production_json(last: &GetSiteProductionResponse, months: &[SiteMonth]) -> Value {
    let capacity = last.capacity.as_ref().map(|capacity| {
        json!({
            "by": capacity.by.as_ref().map(|by| by.name.clone()),
            "months": capacity.months,
            "fine_mass_max_micrograms": capacity.fine_mass_max_micrograms,
            "miners_max": capacity.miners_max,
            "basis": capacity.basis,
            "statement_id": capacity.statement_id,
            "position": capacity.position,
        })
    });
    let months = months.iter().map(|month| {
        json!({
            "month": month.month,
            "fine_mass_micrograms": month.fine_mass_micrograms,
            "period_fine_mass_micrograms": month.period_fine_mass_micrograms,
            "used_ppm": month.used_ppm,
        })
    });
    let permits = last.permits.iter().map(|permit| {
        json!({
            "permit_id": permit.permit_id,
            "number": permit.number.as_ref().map(|number| format!("{}:{}", number.source, number.value)),
            "kind": in_words(permit.kind().as_str_name(), "PERMIT_KIND_"),
            "holder_id": permit.holder.as_ref().map(|holder| holder.party_id.clone()),
            "from": permit.from,
            "until": permit.until,
            "status": in_words(permit.status().as_str_name(), "PERMIT_STATUS_"),
            "checked_on": permit.checked_on,
            "statement_id": permit.statement_id,
            "position": permit.position,
        })
    });
    json!({
        "position": last.position,
        "site_id": last.site.as_ref().map(|site| site.site_id.clone()),
        "operator_id": last.operator.as_ref().map(|operator| operator.party_id.clone()),
        "capacity": capacity,
        "months": months.collect::<Vec<_>>(),
        "permits": permits.collect::<Vec<_>>(),
    })
}

fn grams(micrograms: u64) -> String {
    Mass::from_micrograms(micrograms).to_string()
}
