//! What a lot was made of and what became of it, where its gold comes from, and which lots a number names.

use std::collections::{BTreeMap, BTreeSet};

use event::{LotId, Mass};
use inquiry::lot::{Lineage, Reach, lineage, origins as origins_of};
use inquiry::{AsOf, Pages};
use rpc::custody::{FindLotsRequest, LineageLot, LineageStep, Origin, OriginsBy, SitePermit, find_lots_request};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::lot::{lots_header, row as lot_row, row_json};
use super::{Asked, PAGE_SIZE, in_words, instant, named};
use crate::print;
use crate::trade::quantity::percent;
use crate::trouble::Done;

/// The lineage of a lot as a tree. What is reached on several ways is written out once.
pub async fn trace(custody: &Channel, lot: LotId, reach: Reach, asked: Asked) -> Done {
    let lineage = lineage(custody, &lot.to_string(), reach, asked.when()).await?;
    if asked.json {
        print::json(&json!({
            "lot_id": lineage.lot.lot_id,
            "direction": if reach.down { "down" } else { "up" },
            "position": lineage.position,
            "steps": lineage.steps.iter().map(step_json).collect::<Vec<_>>(),
            "has_more": lineage.has_more,
        }));
        return Ok(());
    }
    let names = if reach.down {
        Names::default()
    } else {
        Names::of(custody, &lineage, asked).await?
    };
    Tree::of(&lineage, reach.down, &names)
        .lines()
        .iter()
        .for_each(print::line);
    if lineage.steps.is_empty() {
        let nothing = if reach.down {
            "nothing became of it"
        } else {
            "it was not made out of others"
        };
        print::line(nothing);
    }
    if lineage.has_more {
        print::line(
            "there is more than is shown: ask for more with --depth and --steps, or about a lot that is nearer",
        );
    }
    print::line(format_args!("as of position {}", lineage.position));
    Ok(())
}

/// Where the gold in a lot comes from, the largest part first.
pub async fn origins(custody: &Channel, lot: LotId, by: OriginsBy, asked: Asked) -> Done {
    let found = origins_of(custody, &lot.to_string(), by, asked.when()).await?;
    if asked.json {
        for origin in &found.origins {
            print::json(&origin_json(origin, found.position));
        }
    } else {
        let header = [
            "share",
            "gold",
            "site",
            "country",
            "organization",
            "lots",
            "permit then",
            "permit now",
        ];
        print::table(header, found.origins.iter().map(origin_row));
        print::line(format_args!("as of position {}", found.position));
    }
    Ok(())
}

/// The lots that a number names, one row each.
pub async fn find(custody: &Channel, query: find_lots_request::Query, asked: Asked) -> Done {
    let mut rows = Vec::new();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = FindLotsRequest {
            query: Some(query.clone()),
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.find_lots(request).await?.into_inner();
        for lot in &page.lots {
            if asked.json {
                print::json(&row_json(lot));
            } else {
                rows.push(lot_row(lot));
            }
        }
        pages.turn(page.next_page_token);
    }
    if !asked.json {
        print::table(lots_header(), rows);
    }
    Ok(())
}

/// What the sites and the organizations behind a lot are called.
#[derive(Debug, Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    async fn of(custody: &Channel, lineage: &Lineage, asked: Asked) -> Done<Self> {
        let when = AsOf {
            position: lineage.position,
            at_least: 0,
            unix_ms: asked.on_unix_ms,
        };
        let found = origins_of(custody, &lineage.lot.lot_id, OriginsBy::Site, when).await?;
        let mut names = BTreeMap::new();
        for origin in found.origins {
            names.extend(origin.site.map(|site| (site.site_id, site.name)));
            names.extend(origin.operator.map(|party| (party.party_id, party.name)));
        }
        Ok(Self(names))
    }

    /// The name with the id, or the id alone.
    fn named(&self, id: &str) -> String {
        self.0
            .get(id)
            .map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
    }
}

/// A lineage as lines of a tree.
struct Tree<'a> {
    root: &'a rpc::custody::Lot,
    names: &'a Names,
    /// The step that made a lot, or downwards the one that it went into.
    of: BTreeMap<&'a str, &'a LineageStep>,
    down: bool,
    written: BTreeSet<u64>,
    lines: Vec<String>,
}

impl<'a> Tree<'a> {
    fn of(lineage: &'a Lineage, down: bool, names: &'a Names) -> Self {
        let mut of = BTreeMap::new();
        for step in &lineage.steps {
            let from = if down { &step.inputs } else { &step.outputs };
            of.extend(from.iter().map(|lot| (lot.lot_id.as_str(), step)));
        }
        Self {
            root: &lineage.lot,
            names,
            of,
            down,
            written: BTreeSet::new(),
            lines: Vec::new(),
        }
    }

    fn lines(mut self) -> Vec<String> {
        let fine = self.root.fine_mass_micrograms.map(Mass::from_micrograms);
        let gold = fine.map(|fine| format!(", {fine} of gold")).unwrap_or_default();
        let form = in_words(self.root.form().as_str_name(), "LOT_FORM_");
        let gross = Mass::from_micrograms(self.root.gross_mass_micrograms);
        self.lines.push(format!("{} {form} {gross}{gold}", self.root.lot_id));
        // What is still to be written, the next at the end: a lineage may be deeper than a stack.
        let mut open: Vec<(String, bool, &'a LineageLot)> = Vec::new();
        self.step(&self.root.lot_id, "", &mut open);
        while let Some((indent, is_last, lot)) = open.pop() {
            let (branch, below) = if is_last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            self.lines.push(format!("{indent}{branch}{}", self.told(lot)));
            self.step(&lot.lot_id, &format!("{indent}{below}"), &mut open);
        }
        self.lines
    }

    /// The step behind a lot, and then what is on its other side.
    fn step(&mut self, lot: &str, indent: &str, open: &mut Vec<(String, bool, &'a LineageLot)>) {
        let Some(step) = self.of.get(lot).copied() else { return };
        if !self.written.insert(step.position) {
            self.lines
                .push(format!("{indent}└─ by position {}: written out above", step.position));
            return;
        }
        self.lines.push(format!("{indent}└─ {}", self.happened(step)));
        let next = if self.down { &step.outputs } else { &step.inputs };
        let places = next.iter().enumerate().rev();
        open.extend(places.map(|(place, lot)| (format!("{indent}   "), place + 1 == next.len(), lot)));
    }

    fn told(&self, lot: &LineageLot) -> String {
        let dug = if lot.is_made {
            String::new()
        } else {
            let (site, by) = (self.names.named(&lot.site_id), self.names.named(&lot.by_id));
            format!(", dug at {site}, declared by {by}")
        };
        format!(
            "{} {} {}, {} of gold{dug}",
            lot.lot_id,
            in_words(lot.form().as_str_name(), "LOT_FORM_"),
            Mass::from_micrograms(lot.gross_mass_micrograms),
            Mass::from_micrograms(lot.fine_mass_micrograms)
        )
    }

    fn happened(&self, step: &LineageStep) -> String {
        let how = in_words(step.how().as_str_name(), "TRANSFORMATION_KIND_");
        let melt = if step.melt.is_empty() {
            String::new()
        } else {
            format!(" {}", step.melt)
        };
        let sides = if self.down {
            format!("{} in, {} out", step.inputs.len(), step.outputs.len())
        } else {
            format!("{} out of {}", step.outputs.len(), step.inputs.len())
        };
        let lost = Mass::from_micrograms(step.lost_gross_mass_micrograms);
        format!(
            "{how}{melt}, by {} on {} (position {}): {sides}, {lost} lost",
            named(step.by.as_ref()),
            instant(step.admitted_at_unix_ms),
            step.position
        )
    }
}

fn step_json(step: &LineageStep) -> Value {
    let lots = |lots: &[LineageLot]| lots.iter().map(lineage_lot_json).collect::<Vec<_>>();
    json!({
        "position": step.position,
        "statement_id": step.statement_id,
        "how": in_words(step.how().as_str_name(), "TRANSFORMATION_KIND_"),
        "by": step.by.as_ref().map(|by| by.name.clone()),
        "by_id": step.by.as_ref().map(|by| by.party_id.clone()),
        "admitted_at": instant(step.admitted_at_unix_ms),
        "depth": step.depth,
        "melt": step.melt,
        "inputs": lots(&step.inputs),
        "outputs": lots(&step.outputs),
        "lost_gross_mass_micrograms": step.lost_gross_mass_micrograms,
        "lost_fine_mass_micrograms": step.lost_fine_mass_micrograms,
    })
}

fn lineage_lot_json(lot: &LineageLot) -> Value {
    json!({
        "lot_id": lot.lot_id,
        "form": in_words(lot.form().as_str_name(), "LOT_FORM_"),
        "gross_mass_micrograms": lot.gross_mass_micrograms,
        "fine_mass_micrograms": lot.fine_mass_micrograms,
        "site_id": lot.site_id,
        "by_id": lot.by_id,
        "known_position": lot.known_position,
        "is_made": lot.is_made,
    })
}

fn origin_row(origin: &Origin) -> [String; 8] {
    let site = origin.site.as_ref();
    let gold = origin.fine_mass_micrograms.map(Mass::from_micrograms);
    [
        percent(origin.share_ppm.into()),
        gold.map_or_else(|| "-".to_owned(), |gold| gold.to_string()),
        site.map_or_else(|| "-".to_owned(), |site| format!("{} ({})", site.name, site.site_id)),
        if origin.country.is_empty() {
            "-".to_owned()
        } else {
            origin.country.clone()
        },
        named(origin.operator.as_ref()),
        origin.lots.to_string(),
        permit(origin.permit_then.as_ref()),
        permit(origin.permit_now.as_ref()),
    ]
}

fn permit(permit: Option<&SitePermit>) -> String {
    let number = permit.and_then(|permit| permit.number.as_ref());
    number.map_or_else(|| "-".to_owned(), |number| number.value.clone())
}

fn origin_json(origin: &Origin, position: u64) -> Value {
    let declared = |declared: &rpc::custody::Declaration| {
        json!({
            "lot_id": declared.lot_id,
            "statement_id": declared.statement_id,
            "position": declared.position,
        })
    };
    let permit = |permit: &SitePermit| {
        json!({
            "permit_id": permit.permit_id,
            "number": permit.number.as_ref().map(|number| number.value.clone()),
            "statement_id": permit.statement_id,
            "position": permit.position,
        })
    };
    json!({
        "position": position,
        "share_ppm": origin.share_ppm,
        "fine_mass_micrograms": origin.fine_mass_micrograms,
        "site": origin.site.as_ref().map(|site| site.name.clone()),
        "site_id": origin.site.as_ref().map(|site| site.site_id.clone()),
        "country": origin.country,
        "organization": origin.operator.as_ref().map(|party| party.name.clone()),
        "organization_id": origin.operator.as_ref().map(|party| party.party_id.clone()),
        "lots": origin.lots,
        "first": origin.first.as_ref().map(declared),
        "last": origin.last.as_ref().map(declared),
        "permit_then": origin.permit_then.as_ref().map(permit),
        "permit_now": origin.permit_now.as_ref().map(permit),
    })
}
