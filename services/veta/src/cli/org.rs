//! `veta org …`: its arguments.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};
use event::{PartyId, Timestamp};
use rpc::progress::{
    FreshnessState, IncidentFilter, ListOrganizationsRequest, OrganizationSort, PartyKind, Pillar, PillarLevel, Side,
    Standing,
};

use super::site::Months;
use super::{At, instant};
use crate::local::Local;
use crate::show::{self, in_words};
use crate::trouble::{Done, Trouble};

#[derive(Debug, Subcommand)]
pub(super) enum OrgVerb {
    /// Parties: all of them, or those of which everything holds that is asked for.
    List(Box<ListArguments>),
    /// One organization and its sites.
    Show {
        /// Its id, org-….
        organization: String,
        #[command(flatten)]
        when: At,
    },
    /// Two organizations side by side, or one at two times: `compare A B`, `compare A --on DAY --and DAY`.
    Compare {
        /// Stands on the left: org-….
        left: PartyId,
        /// Stands on the right; the same one where it is left out.
        right: Option<PartyId>,
        /// As of which instant, or the end of which day; the present where it is left out.
        #[arg(long, value_parser = instant, value_name = "TIME")]
        on: Option<Timestamp>,
        /// As of which instant on the right; as on the left where it is left out.
        #[arg(long, value_parser = instant, value_name = "TIME")]
        and: Option<Timestamp>,
        /// Wait until this position can be seen: that of a receipt, for one.
        #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "POSITION")]
        at_least: u64,
    },
    /// What came to a party and left it, month by month.
    Balance {
        /// Its id, org-….
        organization: PartyId,
        #[command(flatten)]
        months: Months,
        #[command(flatten)]
        when: At,
    },
    /// What a refiner took into its books, month by month and by the country in which it was dug.
    Origins {
        /// Its id, org-….
        refiner: PartyId,
        #[command(flatten)]
        months: Months,
        /// Comma-separated, with a header; masses in micrograms.
        #[arg(long, conflicts_with = "json")]
        csv: bool,
        #[command(flatten)]
        when: At,
    },
    /// What changes from a position on, one line each, until Ctrl-C.
    Watch {
        /// Only what touches this one or its sites, org-…; all where it is left out.
        organization: Option<PartyId>,
        /// Go on after this position, that of the last change seen; from the beginning where it is left out.
        #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "POSITION")]
        after: u64,
    },
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    when: At,
    /// With this in its name, whether with accents and capital letters or without.
    #[arg(long, value_name = "PART")]
    name: Option<String>,
    /// What it does, such as miners-organization or trader.
    #[arg(long, value_parser = kind)]
    kind: Option<PartyKind>,
    /// At home in this country, such as PE.
    #[arg(long)]
    country: Option<String>,
    /// With a site in this administrative area, in the source's words.
    #[arg(long)]
    area: Option<String>,
    /// Whose standing follows as this; again for one of several.
    #[arg(long, value_parser = standing)]
    standing: Vec<Standing>,
    /// About which the scheme decided this; again for one of several.
    #[arg(long, value_parser = standing, value_name = "STANDING")]
    decided: Vec<Standing>,
    /// That meets this module, 1 to 4; again for several at once.
    #[arg(long, value_name = "MODULE", value_parser = clap::value_parser!(u32).range(1..=4))]
    meets: Vec<u32>,
    /// To which this legitimacy scenario applies, by its name in the catalogue.
    #[arg(long, value_name = "CRITERION")]
    scenario: Option<String>,
    /// With incidents like this.
    #[arg(long)]
    incidents: Option<Incidents>,
    /// Whose newest answer is like this.
    #[arg(long, value_parser = freshness)]
    freshness: Option<FreshnessState>,
    /// With an open plan of which a milestone is overdue; or without one, where `false` is said.
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    overdue: Option<bool>,
    /// Of which every answered criterion under a pillar reaches a level: environmental=2; again for several at once.
    #[arg(long, value_name = "PILLAR=LEVEL", value_parser = level)]
    level: Vec<PillarLevel>,
    /// In which order; that of enrolment where it is left out.
    #[arg(long)]
    sort: Option<Sort>,
    /// The other way round.
    #[arg(long)]
    descending: bool,
}

/// Which incidents an organization has.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Incidents {
    /// At least one that is open.
    Open,
    /// At least one for which trade must end.
    Grave,
    /// None that is open.
    None,
}

/// In which order organizations are listed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    /// Letter by letter.
    Name,
    /// From applicant on.
    Standing,
    /// Whose standing has been so the longest first.
    Since,
    /// What was touched the longest ago first.
    Changed,
    /// The oldest answers first.
    Freshness,
    /// The earliest unfinished milestone first.
    NextDue,
}

impl ListArguments {
    fn request(self) -> ListOrganizationsRequest {
        let standings = |standings: Vec<Standing>| standings.into_iter().map(Into::into).collect();
        ListOrganizationsRequest {
            name_contains: self.name.unwrap_or_default(),
            kind: self.kind.unwrap_or_default().into(),
            country: self.country.unwrap_or_default(),
            area: self.area.unwrap_or_default(),
            standings: standings(self.standing),
            decided_standings: standings(self.decided),
            modules_met: self.meets,
            scenario_slug: self.scenario.unwrap_or_default(),
            incidents: self
                .incidents
                .map_or(IncidentFilter::Unspecified, Incidents::filter)
                .into(),
            freshness: self.freshness.unwrap_or_default().into(),
            overdue: self.overdue,
            pillar_levels: self.level,
            sort: self.sort.map_or(OrganizationSort::Unspecified, Sort::order).into(),
            descending: self.descending,
            ..ListOrganizationsRequest::default()
        }
    }
}

impl Incidents {
    const fn filter(self) -> IncidentFilter {
        match self {
            Self::Open => IncidentFilter::Open,
            Self::Grave => IncidentFilter::Grave,
            Self::None => IncidentFilter::NoneOpen,
        }
    }
}

impl Sort {
    const fn order(self) -> OrganizationSort {
        match self {
            Self::Name => OrganizationSort::Name,
            Self::Standing => OrganizationSort::Standing,
            Self::Since => OrganizationSort::Since,
            Self::Changed => OrganizationSort::Changed,
            Self::Freshness => OrganizationSort::Freshness,
            Self::NextDue => OrganizationSort::NextDue,
        }
    }
}

pub(super) async fn run(verb: OrgVerb, state: Option<&Path>, json: bool) -> Done {
    let deployment = Local::named(state)?.deployment()?;
    let (progress, custody) = (
        async || deployment.reach(|e| &e.progress).await,
        async || deployment.reach(|e| &e.custody).await,
    );
    match verb {
        OrgVerb::List(arguments) => {
            let asked = arguments.when.asked(json);
            show::organizations(&progress().await?, &arguments.request(), asked).await
        }
        OrgVerb::Show { organization, when } => {
            show::organization(&progress().await?, &organization, when.asked(json)).await
        }
        OrgVerb::Balance {
            organization,
            months,
            when,
        } => show::balance(&custody().await?, organization, &months.asked()?, when.asked(json)).await,
        OrgVerb::Origins {
            refiner,
            months,
            csv,
            when,
        } => {
            let written = if csv { show::Written::Csv } else { show::Written::Table };
            show::origin_table(&custody().await?, refiner, &months.asked()?, written, when.asked(json)).await
        }
        OrgVerb::Compare {
            left,
            right,
            on,
            and,
            at_least,
        } => {
            if right.is_none() && and.is_none() {
                return Err(Trouble::usage(
                    "with what? name another organization, or another time with --and",
                ));
            }
            let side = |party: PartyId, on: Option<Timestamp>| Side {
                party_id: party.to_string(),
                as_of_position: 0,
                as_of_unix_ms: on.map_or(0, Timestamp::unix_ms),
            };
            let sides = [side(left, on), side(right.unwrap_or(left), and.or(on))];
            show::compare(&progress().await?, sides, at_least, json).await
        }
        OrgVerb::Watch { organization, after } => {
            let progress = progress().await?;
            let mut watch = show::Watch::new(organization, after, json);
            tokio::select! {
                ended = watch.follow(&progress) => ended,
                interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Trouble::at("cannot listen for Ctrl-C")),
            }?;
            watch.tell_where_it_ended();
            Ok(())
        }
    }
}

/// A value of an enum of the wire by its words, with hyphens or spaces between them.
pub(super) fn named<E: Copy + TryFrom<i32>>(
    text: &str,
    prefix: &str,
    name: fn(&E) -> &'static str,
) -> Result<E, String> {
    let values = (1..).map_while(|value| E::try_from(value).ok());
    let words = |value: &E| in_words(name(value), prefix).replace(' ', "-");
    let wanted = text.to_lowercase().replace(' ', "-");
    let found = values.clone().find(|value| words(value) == wanted);
    found.ok_or_else(|| {
        let names: Vec<_> = values.map(|value| words(&value)).collect();
        format!("one of {}", names.join(", "))
    })
}

fn kind(text: &str) -> Result<PartyKind, String> {
    named(text, "PARTY_KIND_", PartyKind::as_str_name)
}

fn standing(text: &str) -> Result<Standing, String> {
    named(text, "STANDING_", Standing::as_str_name)
}

fn freshness(text: &str) -> Result<FreshnessState, String> {
    named(text, "FRESHNESS_STATE_", FreshnessState::as_str_name)
}

/// A pillar and a level: `environmental=2`.
fn level(text: &str) -> Result<PillarLevel, String> {
    let (pillar, level) = text
        .split_once('=')
        .ok_or("write PILLAR=LEVEL, such as environmental=2")?;
    let pillar: Pillar = named(pillar, "PILLAR_", Pillar::as_str_name)?;
    let level_min = level
        .parse()
        .map_err(|_| "a level is a whole number, such as environmental=2")?;
    Ok(PillarLevel {
        pillar: pillar.into(),
        level_min,
    })
}
