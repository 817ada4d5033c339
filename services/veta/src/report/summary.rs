//! What stands in both versions: how far the organization has come, and what stands open.

use event::key::Digest;
use rpc::progress::{
    CriterionState, FeedKind, Freshness, Gate, Incident, Milestone, NextStep, NextStepKind, Organization,
    OrganizationStanding, OtherWord, PillarProgress, Plan,
};

use super::document::{Level, Picture, Shade, Text, code, fill, ours, said, strong};
use super::gather::Log;
use super::phrases::Word;
use super::writer::{Cited, Writer, days, digests, moment, name, number, who};

/// The parts of both versions, in order.
pub(super) fn write(writer: &mut Writer<'_>, full: Option<Digest>) {
    writer.head(full);
    writer.standing();
    writer.gates();
    writer.pillars();
    writer.open_plans();
    writer.open_incidents();
    writer.assurance();
    writer.others();
    writer.next_steps();
    writer.coverage();
}

impl Writer<'_> {
    fn organization(&self) -> Organization {
        self.gathered.organization.organization.clone().unwrap_or_default()
    }

    /// What the report is called.
    pub(super) fn report_title(&self) -> Text {
        let organization = self.organization();
        let phrase = if self.gathered.record.is_some() {
            self.p.title_full
        } else {
            self.p.title_summary
        };
        fill(phrase, &[("name", said(organization.name))])
    }

    fn head(&mut self, full: Option<Digest>) {
        let p = self.p;
        let found = &self.gathered.organization;
        let organization = self.organization();
        let (position, instant) = (code(found.position), moment(found.evaluated_at_unix_ms));
        let kind = self.word(Word::PartyKind, organization.kind);
        self.paragraph(Text::join(
            [
                said(&organization.name),
                code(&organization.party_id),
                kind,
                ours(&organization.country),
            ],
            " · ",
        ));
        self.paragraph(fill(p.as_of, &[("position", position), ("instant", instant)]));
        let enrolled = Cited {
            kind: "PartyEnrolled",
            statement_id: organization.statement_id.clone(),
            by: None,
            admitted_at_unix_ms: None,
        };
        let given = [("position", self.cite_at(organization.enrolled_position, enrolled))];
        self.paragraph(fill(p.enrolled, &given));
        let what = if self.gathered.record.is_some() {
            p.this_is_full
        } else {
            p.this_is_summary
        };
        self.paragraph(ours(what));
        if let Some(digest) = full {
            self.paragraph(fill(p.full_digest, &[("digest", code(digest))]));
        }
        self.note(ours(p.claims));
        self.paragraph(ours(p.what_no_data_is));
        if let Some(draft) = p.draft {
            self.paragraph(ours(draft));
        }
    }

    fn standing(&mut self) {
        let p = self.p;
        self.part(p.standing);
        let Some(standing) = &self.gathered.organization.standing else {
            self.paragraph(ours(p.no_standing));
            return;
        };
        let derived = self.word(Word::Standing, standing.standing);
        let since = match standing.since_position {
            0 => ours(p.by_time_alone),
            position => self.cite_position(position),
        };
        let follows = [
            ours(p.derived),
            derived.clone(),
            moment(standing.since_unix_ms),
            ours(p.the_rules),
            since,
        ];
        let decided = self.decided(standing);
        self.table(["", p.standing, p.since, p.by_whom, p.position], vec![follows, decided]);
        if standing.decision_differs {
            let decision = standing.decision.clone().unwrap_or_default();
            let given = [
                ("derived", derived),
                ("decided", self.word(Word::Standing, decision.standing)),
            ];
            self.note(fill(p.differs, &given));
        }
        self.causes(standing);
        self.latest_report(standing);
        if standing.next_change_unix_ms != 0 {
            let given = [("instant", moment(standing.next_change_unix_ms))];
            self.paragraph(fill(p.next_change, &given));
        }
    }

    /// The row of the scheme's decision.
    fn decided(&mut self, standing: &OrganizationStanding) -> [Text; 5] {
        let p = self.p;
        let Some(decision) = &standing.decision else {
            return [ours(p.decided), ours(p.none_decided), ours("–"), ours("–"), ours("–")];
        };
        let source = decision.source.clone().unwrap_or_default();
        [
            ours(p.decided),
            self.word(Word::Standing, decision.standing),
            moment(source.admitted_at_unix_ms),
            name(source.by.as_ref()),
            self.cite("StandingDecided", Some(&source)),
        ]
    }

    fn causes(&mut self, standing: &OrganizationStanding) {
        let p = self.p;
        let mut items = Vec::new();
        for cause in &standing.causes {
            let kind = self.word(Word::Cause, cause.kind);
            let about = cause.criterion.as_ref().map(|criterion| self.title(criterion));
            let position = self.cite(kind_of_cause(cause.kind), cause.source.as_ref());
            let words = match about {
                Some(about) => kind.and(ours(": ")).and(about),
                None => kind,
            };
            items.push(fill(p.at_position, &[("what", words), ("position", position)]));
        }
        self.list(items);
    }

    fn latest_report(&mut self, standing: &OrganizationStanding) {
        let p = self.p;
        let Some(report) = &standing.report else {
            self.paragraph(ours(p.no_report));
            return;
        };
        let given = [
            ("period", days(&report.period_from, &report.period_to)),
            ("position", self.cite("ReportPublished", report.source.as_ref())),
            ("instant", moment(report.lapses_after_unix_ms)),
        ];
        self.paragraph(fill(p.reported, &given));
    }

    fn gates(&mut self) {
        let p = self.p;
        self.part(p.gates);
        let standing = self.gathered.organization.standing.clone().unwrap_or_default();
        if standing.gates.is_empty() {
            self.paragraph(ours(p.no_gates));
            return;
        }
        let given = [
            ("catalogue", code(&standing.catalogue_slug)),
            ("version", code(&standing.catalogue_version)),
        ];
        self.paragraph(fill(p.gates_of, &given));
        let row = |gate: &Gate| {
            let state = if gate.is_met {
                ours(p.met)
            } else if gate.is_silent() {
                ours(p.no_data)
            } else {
                strong(p.not_met)
            };
            [
                self.module(gate.module),
                state,
                number(gate.met),
                number(gate.mending),
                number(gate.overdue),
                number(gate.not_met),
                number(gate.unanswered),
            ]
        };
        let header = ["", p.state, p.met, p.mending, p.overdue, p.not_met, p.no_data];
        let table = Self::table_of(ours(p.gates_caption), header, standing.gates.iter().map(row).collect());
        let bar = |gate: &Gate| {
            let lengths = [gate.met, gate.mending, gate.overdue, gate.not_met, gate.unanswered];
            (self.module(gate.module), lengths.map(u64::from).to_vec())
        };
        let parts = vec![
            (ours(p.met), Shade::Best),
            (ours(p.mending), Shade::Middling),
            (ours(p.overdue), Shade::Bad),
            (ours(p.not_met), Shade::Worst),
            (ours(p.no_data), Shade::NoData),
        ];
        let bars = standing.gates.iter().map(bar).collect();
        self.chart(table, Picture::Bars { parts, bars });
        let scenarios: Vec<_> = standing.scenarios.iter().map(|scenario| self.title(scenario)).collect();
        if !scenarios.is_empty() {
            self.paragraph(fill(p.scenarios, &[("list", Text::join(scenarios, "; "))]));
        }
    }

    fn module(&self, module: u32) -> Text {
        match i32::try_from(module) {
            Ok(module @ 1..=5) => ours(format!("{} {module}: ", self.p.module)).and(self.word(Word::Module, module)),
            _ => ours(self.p.no_module),
        }
    }

    fn pillars(&mut self) {
        let p = self.p;
        self.part(p.pillars);
        let pillars = &self.gathered.organization.pillars;
        if pillars.is_empty() {
            self.paragraph(ours(p.no_gates));
            return;
        }
        self.paragraph(ours(p.pillars_note));
        let levels = pillars.iter().map(|pillar| pillar.at_level.len()).max().unwrap_or(0);
        let mut header = vec![ours(p.pillar), ours(p.lowest_level)];
        header.extend((0..levels).map(|level| ours(format!("{} {level}", p.level))));
        header.extend([p.without_level, p.other_answered, p.other_unanswered].map(ours));
        let at = |pillar: &PillarProgress, level: usize| pillar.at_level.get(level).copied().unwrap_or(0);
        let row = |pillar: &PillarProgress| {
            let lowest = pillar.lowest_level.map_or_else(|| ours(p.no_data), number);
            let mut row = vec![self.word(Word::Pillar, pillar.pillar), lowest];
            row.extend((0..levels).map(|level| number(at(pillar, level))));
            row.extend([pillar.without_level, pillar.other_answered, pillar.other_unanswered].map(number));
            row
        };
        let table = super::document::Table {
            caption: ours(p.pillars_caption),
            header,
            rows: pillars.iter().map(row).collect(),
        };
        let mut parts: Vec<_> = (0..levels)
            .map(|level| {
                let shade = Shade::of_level(level, levels.saturating_sub(1));
                (ours(format!("{} {level}", p.level)), shade)
            })
            .collect();
        parts.push((ours(p.without_level), Shade::NoData));
        let bar = |pillar: &PillarProgress| {
            let mut lengths: Vec<_> = (0..levels).map(|level| u64::from(at(pillar, level))).collect();
            lengths.push(pillar.without_level.into());
            (self.word(Word::Pillar, pillar.pillar), lengths)
        };
        let bars = pillars.iter().map(bar).collect();
        self.chart(table, Picture::Bars { parts, bars });
        self.level_meanings(levels);
    }

    fn level_meanings(&mut self, levels: usize) {
        let standing = self.gathered.organization.standing.clone().unwrap_or_default();
        let shipped = self
            .versions
            .shipped(&standing.catalogue_slug, &standing.catalogue_version);
        let Some(shipped) = shipped else {
            return;
        };
        let meaning = |level: usize| {
            let words = shipped.level(u8::try_from(level).ok()?, self.language())?;
            Some(ours(format!("{} {level}: {words}", self.p.level)))
        };
        let meanings = (0..levels).filter_map(meaning).collect();
        self.list(meanings);
    }

    fn open_plans(&mut self) {
        let p = self.p;
        self.part(p.open_plans);
        let open: Vec<_> = self.gathered.plans.iter().filter(|plan| plan.end.is_none()).collect();
        if open.is_empty() {
            self.paragraph(ours(p.no_open_plans));
            return;
        }
        for plan in open {
            self.plan(plan, Level::Section);
        }
    }

    /// A plan and its milestones.
    pub(super) fn plan(&mut self, plan: &Plan, level: Level) {
        let p = self.p;
        self.heading(level, ours(format!("{} ", p.plan)).and(code(&plan.plan_id)));
        let source = plan.source.clone().unwrap_or_default();
        let given = [
            ("instant", moment(source.admitted_at_unix_ms)),
            ("position", self.cite("PlanAdopted", Some(&source))),
            ("overdue", number(plan.overdue)),
        ];
        self.paragraph(fill(p.adopted, &given));
        let clocks: Vec<_> = plan.clocks.iter().map(|clock| self.clock(plan, clock)).collect();
        self.list(clocks);
        let mut rows = Vec::new();
        for milestone in &plan.milestones {
            rows.push(self.milestone(plan, milestone));
        }
        self.table(["", p.what, p.criterion, p.due, p.state], rows);
    }

    fn clock(&self, plan: &Plan, clock: &rpc::progress::PlanClock) -> Text {
        let p = self.p;
        let criterion = plan
            .criteria
            .iter()
            .find(|criterion| criterion.number == clock.criterion_number);
        let phrase = if clock.has_run_out {
            p.clock_ran_out
        } else {
            p.clock_runs
        };
        let times = clock.clock.unwrap_or_default();
        let given = [
            (
                "criterion",
                criterion.map(|criterion| self.title(criterion)).unwrap_or_default(),
            ),
            ("since", moment(times.since_unix_ms)),
            ("due", moment(times.due_unix_ms)),
        ];
        fill(phrase, &given)
    }

    fn milestone(&self, plan: &Plan, milestone: &Milestone) -> [Text; 5] {
        let p = self.p;
        let criterion = plan
            .criteria
            .iter()
            .find(|criterion| criterion.number == milestone.criterion_number);
        let state = self.word(Word::Milestone, milestone.state);
        let state = if milestone.is_overdue {
            strong(p.overdue).and(ours(", ")).and(state)
        } else {
            state
        };
        let due = if milestone.due_at_first.is_empty() {
            ours(&milestone.due)
        } else {
            fill(
                p.extended,
                &[("due", ours(&milestone.due)), ("first", ours(&milestone.due_at_first))],
            )
        };
        [
            number(milestone.place),
            said(&milestone.action),
            criterion.map(|criterion| self.title(criterion)).unwrap_or_default(),
            due,
            state,
        ]
    }

    fn open_incidents(&mut self) {
        let p = self.p;
        self.part(p.open_incidents);
        let open: Vec<_> = self
            .gathered
            .incidents
            .iter()
            .filter(|incident| incident.end.is_none())
            .collect();
        if open.is_empty() {
            self.paragraph(ours(p.no_open_incidents));
            return;
        }
        let mut rows = Vec::new();
        for incident in open {
            rows.push(self.incident_row(incident));
        }
        self.table(
            [
                p.incident,
                p.category,
                p.confidence,
                p.severity,
                p.place,
                p.days,
                p.position,
            ],
            rows,
        );
    }

    fn incident_row(&mut self, incident: &Incident) -> [Text; 7] {
        let category = self.word(Word::Category, incident.category);
        let category = if incident.is_grave {
            strong(self.p.grave).and(ours(": ")).and(category)
        } else {
            category
        };
        [
            code(&incident.incident_id),
            category,
            self.word(Word::Confidence, incident.confidence),
            self.word(Word::Severity, incident.severity),
            self.incident_place(incident),
            days(&incident.period_from, &incident.period_to),
            self.cite("IncidentReported", incident.source.as_ref()),
        ]
    }

    /// Where an incident is, or whom it concerns.
    pub(super) fn incident_place(&self, incident: &Incident) -> Text {
        use rpc::progress::incident::Subject;
        match &incident.subject {
            Some(Subject::Site(site)) => self.place(Some(site)),
            Some(Subject::Party(_)) | None => self.place(None),
        }
    }

    fn assurance(&mut self) {
        let p = self.p;
        self.part(p.assurance);
        self.paragraph(ours(p.assurance_note));
        let mix = self.gathered.organization.assurance.unwrap_or_default();
        let counts = [mix.self_reported, mix.implementer, mix.monitor, mix.third_party];
        let kinds = [1, 2, 3, 4].map(|kind| self.assurance_word(kind));
        let mut rows: Vec<_> = kinds
            .iter()
            .cloned()
            .zip(counts)
            .map(|(kind, count)| [kind, number(count)])
            .collect();
        rows.push([ours(p.confirmed), number(mix.confirmed)]);
        rows.push([ours(p.contested), number(mix.contested)]);
        let table = Self::table_of(ours(p.assurance_caption), [p.by_whose_word, p.answers], rows);
        let shades = [Shade::Bad, Shade::Middling, Shade::Good, Shade::Best];
        let picture = Picture::Bars {
            parts: kinds.into_iter().zip(shades).collect(),
            bars: vec![(ours(p.answers), counts.map(u64::from).to_vec())],
        };
        self.chart(table, picture);
        self.freshness();
    }

    fn freshness(&mut self) {
        let p = self.p;
        let Freshness {
            state,
            newest_day,
            oldest_day,
            fresh,
            stale,
        } = self.gathered.organization.freshness.clone().unwrap_or_default();
        let or_none = |day: String| if day.is_empty() { ours("–") } else { ours(day) };
        let row = [
            self.word(Word::Freshness, state),
            or_none(newest_day),
            or_none(oldest_day),
            number(fresh),
            number(stale),
        ];
        self.table([p.freshness, p.newest_day, p.oldest_day, p.fresh, p.stale], vec![row]);
    }

    /// At which assurance level somebody speaks.
    pub(super) fn assurance_word(&self, kind: i32) -> Text {
        self.word(Word::Assurance, kind)
    }

    fn others(&mut self) {
        let p = self.p;
        let found = &self.gathered.organization;
        if found.others.is_empty() {
            return;
        }
        self.part(p.others);
        self.paragraph(ours(p.others_note));
        let rows = found.others.iter().map(|word| self.other(word)).collect();
        let header = [
            p.criterion,
            p.state,
            p.seen,
            p.answer,
            p.place,
            p.days,
            p.by_whom,
            p.assurance_level,
            p.reaches,
        ];
        self.table(header, rows);
        if 0 < found.others_left_out {
            self.paragraph(fill(p.left_out, &[("count", number(found.others_left_out))]));
        }
    }

    fn other(&self, word: &OtherWord) -> [Text; 9] {
        let p = self.p;
        let (spoken_to, asked) = (
            word.criterion.clone().unwrap_or_default(),
            word.asked.clone().unwrap_or_default(),
        );
        let said = word.attribution.clone().unwrap_or_default();
        let speaks = match word.kind() {
            _ if word.speaks_against => strong(p.speaks_against),
            FeedKind::AgainstIfObserved => ours(p.speaks_for_nothing),
            FeedKind::Context | FeedKind::Unspecified => ours(p.context),
        };
        [
            self.title(&spoken_to),
            self.marked(speaks, [word.is_stale, word.is_contested, word.is_contradicted]),
            self.title(&asked),
            self.answer(&asked, word.answer.as_ref()),
            self.place(word.site.as_ref()),
            days(&said.assessed_from, &said.assessed_to),
            who(said.by.as_ref()),
            self.assurance_word(said.kind),
            self.versions.reach(word, self.language()),
        ]
    }

    fn next_steps(&mut self) {
        let p = self.p;
        self.part(p.next);
        let steps = &self.gathered.organization.next_steps;
        if steps.is_empty() {
            self.paragraph(ours(p.nothing_next));
            return;
        }
        self.paragraph(ours(p.next_note));
        let row = |step: &NextStep| {
            [
                self.word(Word::Step, step.kind),
                self.about(step),
                moment(step.due_unix_ms),
                self.word(Word::Consequence, step.consequence),
            ]
        };
        let rows = steps.iter().map(row).collect();
        self.table([p.what, p.about, p.due, p.otherwise], rows);
        let left_out = self.gathered.organization.next_steps_left_out;
        if 0 < left_out {
            self.paragraph(fill(p.left_out, &[("count", number(left_out))]));
        }
    }

    /// What a step is about.
    fn about(&self, step: &NextStep) -> Text {
        let milestone = (step.kind() == NextStepKind::ReachMilestone).then(|| {
            let given = [("milestone", number(step.milestone)), ("plan", code(&step.plan_id))];
            fill(self.p.milestone_of, &given)
        });
        let parts = [
            step.criterion.as_ref().map(|criterion| self.title(criterion)),
            milestone,
            Some(code(&step.incident_id)),
            Some(code(&step.assessment_id)),
            step.site.as_ref().map(|site| self.place(Some(site))),
        ];
        Text::join(parts.into_iter().flatten().filter(|part| !part.is_empty()), "; ")
    }

    fn coverage(&mut self) {
        let p = self.p;
        self.part(p.coverage);
        self.paragraph(ours(p.coverage_note));
        let standing = self.gathered.organization.standing.clone().unwrap_or_default();
        if standing.gates.is_empty() {
            self.paragraph(ours(p.no_gates));
            return;
        }
        let mut rows = Vec::new();
        for gate in &standing.gates {
            let asked = gate.met + gate.mending + gate.overdue + gate.not_met;
            rows.push([self.module(gate.module), number(asked), number(gate.unanswered)]);
        }
        let open = self.beyond_gates(&standing);
        rows.extend(open.rows);
        self.table([p.module, p.asked, p.no_data], rows);
        if open.is_of_pillars {
            self.paragraph(ours(p.coverage_of_pillars));
        }
        let unanswered = standing
            .criteria
            .iter()
            .filter(|rolled| rolled.state() == CriterionState::Unanswered);
        let of_gates = unanswered.filter_map(|rolled| rolled.criterion.as_ref());
        let mut items: Vec<_> = of_gates.map(|criterion| self.title(criterion)).collect();
        items.extend(open.unanswered);
        if !items.is_empty() {
            self.paragraph(ours(p.nobody_answered));
            self.list(items);
        }
    }

    /// How much of what has no gate was answered. Where the catalogue is at hand, criterion by criterion; otherwise as the
    /// pillars count it.
    fn beyond_gates(&self, standing: &OrganizationStanding) -> Beyond {
        let shipped = self
            .versions
            .shipped(&standing.catalogue_slug, &standing.catalogue_version);
        let Some(shipped) = shipped else {
            let (mut answered, mut unanswered) = (0, 0);
            for pillar in &self.gathered.organization.pillars {
                answered += pillar.at_level.iter().sum::<u32>() + pillar.other_answered;
                unanswered += pillar.without_level + pillar.other_unanswered;
            }
            return Beyond {
                rows: vec![[self.module(5), number(answered), number(unanswered)]],
                unanswered: Vec::new(),
                is_of_pillars: true,
            };
        };
        let own = self.gathered.organization.answers.iter();
        let of_sites = self.gathered.sites.iter().flat_map(|site| &site.answers);
        let asked = own.chain(of_sites).filter_map(|answer| answer.criterion.as_ref());
        let answered: std::collections::BTreeSet<_> = asked
            .filter(|criterion| criterion.catalogue_slug == standing.catalogue_slug)
            .map(|criterion| criterion.slug.as_str())
            .collect();
        let mut beyond = Beyond::default();
        for module in [5, 0] {
            let of_module = |criterion: &catalogue::Criterion<'_>| {
                criterion.module.map_or(0, |module| u32::from(module.number())) == module
            };
            let (yes, no): (Vec<_>, Vec<_>) = shipped
                .criteria()
                .filter(of_module)
                .partition(|criterion| answered.contains(criterion.slug.as_str()));
            if yes.is_empty() && no.is_empty() {
                continue;
            }
            let count = |of: &[_]| ours(of.len().to_string());
            beyond.rows.push([self.module(module), count(&yes), count(&no)]);
            let titles = no.into_iter().map(|criterion| {
                let title = ours(criterion.title(self.language()));
                title.and(ours(" ")).and(code(criterion.slug))
            });
            beyond.unanswered.extend(titles);
        }
        beyond
    }

    /// The log that everything stands in, and how to check what is said.
    pub(super) fn checks(&mut self) {
        let p = self.p;
        self.part(p.checks);
        let gathered = self.gathered;
        match &gathered.log {
            Log::Unreachable => self.note(ours(p.log_unreachable)),
            Log::Behind => self.note(ours(p.log_behind)),
            Log::Checked(signed) => {
                let checkpoint = &signed.checkpoint;
                self.paragraph(ours(p.log_checked));
                self.table(
                    [p.what, ""],
                    vec![
                        [ours(p.origin), code(&checkpoint.origin)],
                        [ours(p.tree_size), code(checkpoint.size)],
                        [ours(p.root_hash), code(checkpoint.root)],
                        [ours(p.log_key), code(&signed.vkey)],
                    ],
                );
            }
        }
        self.paragraph(fill(
            p.how_to_check,
            &[
                ("prove", code("veta prove INDEX")),
                ("verify", code("veta verify FILE")),
                ("replay", code("veta replay FILE")),
            ],
        ));
    }

    /// The catalogues that were asked by, and whose work they are.
    pub(super) fn catalogues(&mut self) {
        let p = self.p;
        self.part(p.catalogues);
        let mut rows = Vec::new();
        let mut terms = Vec::new();
        let versions: Vec<_> = self
            .versions
            .iter()
            .map(|(slug, version, known)| (slug.to_owned(), version.to_owned(), known.clone()))
            .collect();
        if versions.is_empty() {
            self.paragraph(ours(p.no_catalogues));
            return;
        }
        for (slug, version, known) in versions {
            rows.push([
                code(&slug).and(ours(" ")).and(code(&version)),
                code(&known.digest),
                code(&known.publication.full_text_digest),
                said(&known.publication.licence),
                self.cite("CataloguePublished", known.publication.source.as_ref()),
            ]);
            let Some(shipped) = known.shipped else {
                terms.push(fill(p.not_shipped, &[("catalogue", code(&slug))]));
                continue;
            };
            let language = self.language();
            let mut credit = ours(format!("{}. {}", shipped.title(language), p.catalogue_credit));
            if let Some(origin) = shipped.origin() {
                credit = credit.and(ours(format!(" {}", origin.credit.in_language(language))));
                let changes = origin.changes.iter().map(|change| change.in_language(language));
                credit = credit.and(ours(format!(" {}", changes.collect::<Vec<_>>().join(" "))));
                credit = credit.and(ours(" ")).and(code(&origin.licence_url));
            }
            terms.push(credit);
        }
        self.table([p.catalogue, p.digest, p.full_text_digest, p.licence, p.position], rows);
        self.list(terms);
        self.paragraph(ours(p.no_endorsement));
    }

    /// The words, and behind them what supports them, if anything does.
    pub(super) fn with_evidence(&self, words: Text, supports: &[String]) -> Text {
        if supports.is_empty() {
            return words;
        }
        let between = if words.is_empty() { "" } else { " · " };
        words
            .and(ours(format!("{between}{}: ", self.p.evidence)))
            .and(digests(supports))
    }
}

/// How much of what has no gate was answered.
#[derive(Default)]
struct Beyond {
    rows: Vec<[Text; 3]>,
    unanswered: Vec<Text>,
    is_of_pillars: bool,
}

/// What kind of record a cause of a suspension names.
fn kind_of_cause(kind: i32) -> &'static str {
    match rpc::progress::CauseKind::try_from(kind) {
        Ok(rpc::progress::CauseKind::Incident) => "IncidentReported",
        Ok(rpc::progress::CauseKind::Overdue) => "PlanAdopted",
        _ => "AssessmentSubmitted",
    }
}
