//! Reasons as the page shows them: each about the lot by itself, and all about one organization and its sites together.

use super::view::{Origin, Reason};
use crate::shell::Named;

/// What stands in one frame.
#[derive(Debug)]
pub(super) struct Card<'a> {
    /// Whom it is about; absent where it is about the lot.
    pub(super) of: Option<&'a Named>,
    /// Which part of the gold it is about, in parts per million.
    pub(super) share_ppm: Option<u32>,
    pub(super) lines: Vec<Line<'a>>,
}

/// A reason, once.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) reason: &'a Reason,
    /// The terms of the policy that it comes from.
    pub(super) terms: Vec<&'static str>,
}

/// The lot's own reasons first, then a card for each organization, in the order of its first reason.
pub(super) fn cards<'a>(reasons: &'a [Reason], origins: &'a [Origin]) -> Vec<Card<'a>> {
    let (mut cards, mut of_organizations) = (Vec::new(), Vec::<Card<'a>>::new());
    for reason in reasons {
        let line = Line {
            reason,
            terms: vec![reason.term],
        };
        let Some(of) = whose(reason, origins) else {
            cards.push(Card {
                of: None,
                share_ppm: reason.share_ppm,
                lines: vec![line],
            });
            continue;
        };
        let known = of_organizations
            .iter_mut()
            .find(|card| card.of.is_some_and(|known| known.id == of.id));
        match known {
            Some(card) => card.add(line),
            None => of_organizations.push(Card {
                of: Some(of),
                share_ppm: share(of, reasons).or(reason.share_ppm),
                lines: vec![line],
            }),
        }
    }
    cards.extend(of_organizations);
    cards
}

impl<'a> Card<'a> {
    /// Adds a reason. What several terms say alike is said once.
    fn add(&mut self, line: Line<'a>) {
        let same = self.lines.iter_mut().find(|known| {
            let (known, new) = (known.reason, line.reason);
            known.severity == new.severity && known.text == new.text && known.rests_on == new.rests_on
        });
        match same {
            Some(same) => same.terms.extend(line.terms),
            None => self.lines.push(line),
        }
    }
}

/// The organization that a reason is about, itself or by a site that it declared from.
fn whose<'a>(reason: &'a Reason, origins: &'a [Origin]) -> Option<&'a Named> {
    let named = &reason.about.named;
    match reason.about.kind {
        "organization" => Some(named),
        "site" => {
            let origin = origins.iter().find(|origin| origin.site.id == named.id);
            Some(origin.map_or(named, |origin| &origin.organization))
        }
        _ => None,
    }
}

/// Which part of the gold an organization declared, as its reasons say.
fn share(of: &Named, reasons: &[Reason]) -> Option<u32> {
    let own = |reason: &&Reason| reason.about.kind == "organization" && reason.about.named.id == of.id;
    reasons.iter().find(own)?.share_ppm
}

#[cfg(test)]
mod tests {
    use diligence::Detail;

    use super::super::view::{Stated, Subject};
    use super::*;

    fn named(id: &str) -> Named {
        Named {
            id: id.to_owned(),
            name: String::new(),
        }
    }

    fn reason(about: (&'static str, &str), term: &'static str, text: &str, rests_on: u64) -> Reason {
        Reason {
            severity: "not-eligible",
            term,
            kind: "no-data",
            detail: "invented",
            values: std::collections::BTreeMap::default(),
            text: text.to_owned(),
            about: Subject {
                kind: about.0,
                named: named(about.1),
            },
            share_ppm: Some(1),
            rests_on: vec![Stated {
                position: rests_on,
                statement_id: String::new(),
            }],
            said: Detail::Invented {},
        }
    }

    fn origin(site: &str, organization: &str) -> Origin {
        Origin {
            site: named(site),
            organization: named(organization),
            ..Origin::default()
        }
    }

    #[test]
    fn the_lots_own_reasons_come_first_and_what_is_about_one_organization_stands_together() {
        let (first, second) = (("organization", "org-1"), ("organization", "org-2"));
        let reasons = [
            reason(first, "assurance", "nobody said anything", 3),
            reason(second, "assurance", "nobody said anything", 3),
            reason(first, "age", "nobody said anything", 3),
            reason(first, "age", "nobody said anything", 4),
            reason(("site", "site-1"), "permit", "no permit", 5),
            reason(("lot", "lot-1"), "holds", "held", 6),
            reason(("lot", "lot-1"), "flags", "two assays", 7),
        ];
        let origins = [origin("site-2", "org-2"), origin("site-1", "org-1")];
        let shown: Vec<_> = cards(&reasons, &origins)
            .into_iter()
            .map(|card| {
                let of = card.of.map(|of| of.id.as_str());
                let lines: Vec<_> = card.lines.into_iter().map(|line| line.terms.join("+")).collect();
                (of, lines.join(" "))
            })
            .collect();
        let expected = [
            (None, "holds"),
            (None, "flags"),
            (Some("org-1"), "assurance+age age permit"),
            (Some("org-2"), "assurance"),
        ];
        assert_eq!(shown, expected.map(|(of, lines)| (of, lines.to_owned())));
    }
}
