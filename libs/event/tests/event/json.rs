//! Events as JSON, which is how drafts are written by hand.

use event::{AssessmentId, Event, LotId, PartyId, PermitId, PlanId, SiteId, Statement};
use proptest::prelude::*;

use crate::arb::arb_statement;

proptest! {
    #[test]
    fn a_statement_round_trips(statement in arb_statement()) {
        let json = serde_json::to_string(&statement).expect("a statement can be written as JSON");
        prop_assert_eq!(serde_json::from_str::<Statement>(&json).expect("what was written can be read"), statement.clone());
        let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        prop_assert_eq!(serde_json::from_value::<Statement>(value).expect("members in any order"), statement);
    }
}

#[test]
fn a_draft_is_read() {
    let json =
        r#"{"PartyEnrolled": {"kind": "MinersOrganization", "name": "Umoja", "country": "CD", "languages": ["sw"]}}"#;
    let event: Event = serde_json::from_str(json).expect("a profile without a reference");
    assert_eq!(event.kind().name(), "PartyEnrolled");
}

#[test]
fn a_draft_may_leave_out_what_is_optional() {
    let zeros = "0".repeat(64);
    let (plan, assessment) = (PlanId::from_bytes([5; 16]), AssessmentId::from_bytes([6; 16]));
    let party = PartyId::from_bytes([7; 16]);
    let (site, permit) = (SiteId::from_bytes([8; 16]), PermitId::from_bytes([9; 16]));
    let lot = LotId::from_bytes([10; 16]);
    let on = format!(r#""lot": "{lot}", "after": "{zeros}""#);
    let drafts = [
        format!(
            r#"{{"CataloguePublished": {{"slug": "s", "version": "1", "licence": "CC0-1.0", "full_text": "{zeros}", "criteria": [{{"slug": "c", "scale": "Scenario", "question": "Is it?"}}], "indicators": [{{"slug": "i", "unit": "Days", "question": "How long?"}}]}}}}"#
        ),
        format!(
            r#"{{"MilestoneReported": {{"organization": "{party}", "plan": "{plan}", "milestone": 0, "state": "Done", "evidence": []}}}}"#
        ),
        format!(r#"{{"PlanClosed": {{"organization": "{party}", "plan": "{plan}", "outcome": "Achieved"}}}}"#),
        format!(
            r#"{{"AssessmentConfirmed": {{"subject": {{"Party": "{party}"}}, "assessment": "{assessment}", "criteria": [0], "evidence": []}}}}"#
        ),
        format!(
            r#"{{"ReportPublished": {{"period": {{"from": "1970-01-01", "to": "1970-01-02"}}, "summary": "{zeros}"}}}}"#
        ),
        format!(
            r#"{{"DelegationGranted": {{"to": "{party}", "kinds": ["LotDeclared"], "sites": [], "until": "2026-12-31"}}}}"#
        ),
        format!(
            r#"{{"LotDeclared": {{"site": "{site}", "form": "Dust", "gross_mass": 12500000, "basis": "Weighed", "extracted": {{"from": "1970-01-01", "to": "1970-01-02"}}, "custody_model": "Segregated", "seals": []}}}}"#
        ),
        format!(r#"{{"CustodyOffered": {{{on}, "to": "{party}"}}}}"#),
        format!(r#"{{"SiteAmended": {{"site": "{site}", "name": "Kampene", "reason": "as painted"}}}}"#),
        format!(
            r#"{{"PermitRecorded": {{"kind": "Mining", "number": {{"source": "s", "value": "1"}}, "authority": "CAMI", "holder": "{party}", "from": "1970-01-01", "sites": ["{site}"]}}}}"#
        ),
        format!(
            r#"{{"PermitStatusChanged": {{"permit": "{permit}", "sites": ["{site}"], "status": "InForce", "from": "1970-01-01", "reason": "paid"}}}}"#
        ),
        format!(
            r#"{{"CapacityEstablished": {{"site": "{site}", "per": "Year", "fine_mass_max": 1, "basis": "by plan"}}}}"#
        ),
        format!(r#"{{"LotWeighed": {{{on}, "gross_mass": 1}}}}"#),
        format!(r#"{{"LotSampled": {{{on}, "samples": ["S-1"]}}}}"#),
        format!(r#"{{"LotAssayed": {{{on}, "method": "Xrf", "gold": 900000, "purpose": "Control"}}}}"#),
        format!(r#"{{"LotSealed": {{{on}, "seals": ["B-1"]}}}}"#),
        format!(r#"{{"TitleTransferred": {{{on}, "to": "{party}"}}}}"#),
        format!(
            r#"{{"LotsTransformed": {{"how": "Melt", "inputs": [{{{on}}}], "outputs": [{{"form": "Dore", "gross_mass": 1, "fineness": {{"fineness": 900000, "method": "Xrf"}}}}], "custody_model": "Segregated", "lost_gross_mass": 0, "lost_fine_mass": 0}}}}"#
        ),
        format!(
            r#"{{"LotExported": {{"lots": [{{{on}}}], "certificate": {{"source": "s", "value": "1"}}, "authority": "CEEC", "issued": "1970-01-01", "expires": "1970-01-02", "certified_gross_mass": 1, "from": "CD", "to": "AE", "importer": "{party}", "hs_code": "7108.12"}}}}"#
        ),
        format!(r#"{{"LotReceived": {{{on}, "refinery_lot": "R-1", "arrived": "1970-01-01", "after_melt_mass": 1}}}}"#),
        format!(r#"{{"LotHeld": {{"lot": "{lot}", "reason": "seen"}}}}"#),
        format!(r#"{{"LotLost": {{{on}, "how": "Stolen", "reason": "at night"}}}}"#),
    ];
    for draft in drafts {
        let event: Event = serde_json::from_str(&draft).unwrap_or_else(|error| panic!("{draft}: {error}"));
        assert!(draft.contains(event.kind().name()), "{draft}");
    }
}

#[test]
fn a_bad_plan_incident_or_delegation_in_a_draft_is_refused() {
    check(
        r#"{"DelegationGranted": {"kinds": ["LotDeclard"]}}"#,
        "unknown variant `LotDeclard`, expected one of `DeploymentFounded`",
    );
    check(r#"{"DelegationGranted": {"kinds": [8]}}"#, "expected value");
    check(r#"{"DelegationRevoked": {"to": "lot-1"}}"#, "it starts with `org-`");
    check(r#"{"PlanClosed": {"plan": "lot-1"}}"#, "it starts with `plan-`");
    check(
        r#"{"IncidentClosed": {"incident": "plan-1"}}"#,
        "it starts with `incident-`",
    );
    check(r#"{"PlanExtended": {"milestone": 256}}"#, "integer `256`");
    check(r#"{"PlanExtended": {"milestone": -1}}"#, "integer `-1`");
    check(
        r#"{"IncidentReported": {"category": "Rumour"}}"#,
        "unknown variant `Rumour`",
    );
    check(
        r#"{"IncidentReported": {"severity": "Known"}}"#,
        "unknown variant `Known`",
    );
    check(
        r#"{"StandingDecided": {"standing": "Expelled"}}"#,
        "unknown variant `Expelled`",
    );
    check(
        r#"{"CataloguePublished": {"criteria": [{"modul": 1}]}}"#,
        "unknown field `modul`",
    );
    check(
        r#"{"CataloguePublished": {"criteria": [{"scale": {"Level": {"max": 256}}}]}}"#,
        "integer `256`",
    );
    check(
        r#"{"CataloguePublished": {"criteria": [{"replaces": 65536}]}}"#,
        "integer `65536`",
    );
    check(
        r#"{"AssessmentSubmitted": {"measurements": [{"value": -1}]}}"#,
        "integer `-1`",
    );
    check(r#"{"AssessmentSubmitted": {"measurements": [{"value": 1.5}]}}"#, "1.5");
    let after = "0,".repeat(8);
    check(
        &format!(r#"{{"PlanAdopted": {{"milestones": [{{"after": [{after}0]}}]}}}}"#),
        "9 elements where 8 are allowed",
    );
}

#[test]
fn a_bad_permit_measurement_or_transformation_in_a_draft_is_refused() {
    check(r#"{"PermitRecorded": {"kind": "Oil"}}"#, "unknown variant `Oil`");
    check(
        r#"{"PermitStatusChanged": {"permit": "site-1"}}"#,
        "it starts with `permit-`",
    );
    check(r#"{"CapacityEstablished": {"per": "Week"}}"#, "unknown variant `Week`");
    check(r#"{"CapacityEstablished": {"miners_max": -1}}"#, "integer `-1`");
    check(r#"{"SiteAmended": {"country": "CD"}}"#, "unknown field `country`");
    check(
        r#"{"PolicySet": {"terms": [{"Unpermitted": "Warn"}]}}"#,
        "unknown variant `Warn`, expected `Flag` or `Refuse`",
    );
    check(r#"{"LotAssayed": {"gold": 1000001}}"#, "1000001 ppm is not a fineness");
    check(r#"{"LotAssayed": {"purpose": "Guess"}}"#, "unknown variant `Guess`");
    check(
        r#"{"LotSampled": {"samples": ["1","2","3","4","5","6","7","8","9"]}}"#,
        "9 elements where 8 are allowed",
    );
    check(r#"{"LotsTransformed": {"how": "Pour"}}"#, "unknown variant `Pour`");
    check(
        r#"{"LotsTransformed": {"outputs": [{"bar": {"year": 65536}}]}}"#,
        "integer `65536`",
    );
    check(
        r#"{"LotsTransformed": {"inputs": [{"lot": "org-1"}]}}"#,
        "it starts with `lot-`",
    );
    check(r#"{"LotExported": {"from": "Congo"}}"#, "not a country");
    check(r#"{"LotHeld": {"incident": "plan-1"}}"#, "it starts with `incident-`");
    check(r#"{"LotHeld": {"after": "00"}}"#, "unknown field `after`");
    check(r#"{"LotLost": {"how": "Sold"}}"#, "unknown variant `Sold`");
    check(r#"{"CustodyOffered": {"with_title": 1}}"#, "boolean");
}

#[test]
fn a_bad_draft_is_refused_by_name_of_the_trouble() {
    let profile = |change: &str| {
        let profile = r#""kind": "Trader", "name": "Umoja", "country": "CD", "languages": ["sw"]"#;
        let (old, new) = change.split_once(" => ").expect("what becomes what");
        assert!(profile.contains(old), "{old}");
        format!(r#"{{"PartyEnrolled": {{{}}}}}"#, profile.replace(old, new))
    };
    check("", "EOF");
    check("[]", "expected");
    check(
        r#"{"PartyEnroled": {}}"#,
        "unknown variant `PartyEnroled`, expected one of `DeploymentFounded`",
    );
    check(&profile(r#""Trader" => "Smuggler""#), "unknown variant `Smuggler`");
    check(&profile(r#", "languages": ["sw"] => "#), "missing field `languages`");
    check(&profile(r#""name": => "nane":"#), "unknown field `nane`");
    check(
        &profile(r#"["sw"] => ["sw"], "refrence": null"#),
        "unknown field `refrence`",
    );
    check(&profile(r#""CD" => "cd""#), "not a country");
    check(&profile(r#""CD" => "COD""#), "not a country");
    check(&profile(r#""CD" => 5"#), "invalid type: integer `5`");
    check(&profile(r#""Umoja" => """#), "empty");
    check(&profile(r#""Umoja" => "a\nb""#), "control character");
    check(&profile(r#""Umoja" => 7"#), "text of 1 to 256 bytes");
    check(
        &profile(r#"["sw"] => ["a","b","c","d","e","f","g","h","i"]"#),
        "9 elements where 8 are allowed",
    );
    check(
        &profile(r#"["sw"] => ["sw"], "name": "Twice""#),
        "duplicate field `name`",
    );
    check(
        &profile(r#"["sw"] => ["sw"], "reference": {"source": "IPIS", "value": "1"}"#),
        "not a slug",
    );
    check(
        &profile(r#"["sw"] => ["sw"], "reference": {"source": "ipis", "value": "1", "x": 1}"#),
        "unknown field `x`",
    );
}

#[test]
fn a_bad_id_or_number_in_a_draft_is_refused() {
    let lot = "lot-00000000000000000000000000";
    let withdrawn = |lot: &str| {
        format!(
            r#"{{"OfferWithdrawn": {{"lot": "{lot}", "after": "{}"}}}}"#,
            "0".repeat(64)
        )
    };
    check(&withdrawn(&format!("{lot}u")), "'u' does not stand in an id");
    check(&withdrawn(lot), "27 characters after `lot-`");
    check(&withdrawn("site-1"), "it starts with `lot-`");
    check(r#"{"OfferWithdrawn": {"lot": 5}}"#, "string");
    check(
        r#"{"KeyRevoked": {"key": "00", "reason": "Left"}}"#,
        "not 64 hexadecimal digits",
    );
    let reason = |reason: &str| {
        format!(
            r#"{{"KeyRevoked": {{"key": "{}", "reason": {reason}}}}}"#,
            "0".repeat(64)
        )
    };
    check(
        &reason(r#"{"Compromised": {"since": -1}}"#),
        "invalid value: integer `-1`",
    );
    check(
        &reason(r#"{"Compromised": {"since": 1, "until": 2}}"#),
        "unknown field `until`",
    );
    check(r#"{"PolicySet": {"terms": [{"RuleVersion": 65536}]}}"#, "65536");
    check(r#"{"PolicySet": {"terms": [{"RuleVersion": 1.5}]}}"#, "1.5");
    let band = r#""fineness_band": {"from": 1000001, "to": 1000001}"#;
    check(
        &format!(r#"{{"SiteRegistered": {{{band}}}}}"#),
        "1000001 ppm is not a fineness",
    );
}

/// Checks that a draft is refused with these words.
#[track_caller]
fn check(json: &str, words: &str) {
    let error = serde_json::from_str::<Event>(json).expect_err(json).to_string();
    assert!(error.contains(words), "{json}: {error}");
}
