//! What the full version adds: every answer with its history, everything measured, every plan, incident, report and
//! decision, and each record that any of it rests on.

use std::collections::{BTreeMap, BTreeSet};

use rpc::progress::{
    Attribution, Criterion, GivenAnswer, Incident, Indicator, Judgement, Measured, Milestone, Plan, PresentAnswer,
    SiteStanding, Source,
};

use super::document::{Level, Picture, Point, Table, Text, code, fill, ours, said, strong};
use super::gather::{History, Record};
use super::phrases::Word;
use super::writer::{Writer, days, moment, name, number, who};

/// The parts that only the full version has, in order.
pub(super) fn write(writer: &mut Writer<'_>, record: &Record) {
    writer.answers(record);
    writer.indicators(record);
    writer.every_plan();
    writer.every_incident();
    writer.reports(record);
}

/// Whose record is written: the organization's own, or a site's.
struct About<'a> {
    site: Option<&'a SiteStanding>,
    present: &'a [PresentAnswer],
    history: &'a History,
}

impl Writer<'_> {
    fn answers(&mut self, record: &Record) {
        self.part(self.p.every_answer);
        self.paragraph(ours(self.p.every_answer_note));
        let gathered = self.gathered;
        let sites = gathered.sites.iter().map(Some);
        for (site, history) in core::iter::once(None).chain(sites).zip(&record.subjects) {
            let present = site.map_or(&gathered.organization.answers, |standing| &standing.answers);
            self.subject(&About { site, present, history });
        }
    }

    fn subject(&mut self, about: &About<'_>) {
        let p = self.p;
        let site = about.site.and_then(|standing| standing.site.clone());
        match &site {
            None => self.heading(Level::Section, ours(p.as_a_whole)),
            Some(site) => {
                let title = ours(format!("{} ", p.site)).and(said(&site.name));
                self.heading(Level::Section, title);
                let registered = Source {
                    by: site.operator.clone(),
                    statement_id: site.statement_id.clone(),
                    position: site.registered_position,
                    ..Source::default()
                };
                let given = [
                    ("site", code(&site.site_id)),
                    ("where", Text::join([said(&site.area), ours(&site.country)], ", ")),
                    ("position", self.cite_registration(&registered)),
                ];
                self.paragraph(fill(p.site_registered, &given));
            }
        }
        self.assessments(about.history);
        let mut answers: Vec<_> = about
            .history
            .answers
            .iter()
            .filter(|answers| !answers.is_empty())
            .collect();
        answers.sort_by_key(|answers| place_of(answers));
        for answers in answers {
            self.criterion(answers, about.present);
        }
        self.not_asked(about.history);
    }

    /// A registration names nobody but the operator, and no instant.
    fn cite_registration(&mut self, source: &Source) -> Text {
        let cited = super::writer::Cited {
            kind: "SiteRegistered",
            statement_id: source.statement_id.clone(),
            by: None,
            admitted_at_unix_ms: None,
        };
        self.cite_at(source.position, cited)
    }

    fn assessments(&mut self, history: &History) {
        let p = self.p;
        if history.assessments.is_empty() {
            self.paragraph(ours(p.never_assessed));
            return;
        }
        let mut rows = Vec::new();
        for assessment in &history.assessments {
            let said = assessment.attribution.clone().unwrap_or_default();
            let state = match &assessment.withdrawal {
                Some(_) => ours(p.withdrawn),
                None => ours(p.counts),
            };
            rows.push([
                code(&said.assessment_id),
                who(said.by.as_ref()),
                self.assurance_word(said.kind),
                days(&said.assessed_from, &said.assessed_to),
                code(&assessment.catalogue_slug)
                    .and(ours(" "))
                    .and(code(&assessment.catalogue_version)),
                ours(assessment.findings.len().to_string()),
                state,
                self.cite_assessment(&said),
            ]);
        }
        let header = [
            p.assessment,
            p.by_whom,
            p.assurance_level,
            p.days,
            p.catalogue,
            p.answers,
            p.state,
            p.position,
        ];
        self.table(header, rows);
    }

    /// A criterion: the answer that stands, every other one, and what was said about each.
    fn criterion(&mut self, answers: &[GivenAnswer], present: &[PresentAnswer]) {
        let p = self.p;
        let Some(asked) = answers.iter().find_map(|given| given.criterion.clone()) else {
            return;
        };
        let present = present.iter().find(|present| {
            present
                .criterion
                .as_ref()
                .is_some_and(|known| known.number == asked.number)
        });
        self.heading(Level::Item, self.title(&asked));
        let question = self.versions.question(&asked, self.language());
        if question != self.versions.title(&asked, self.language()) {
            self.paragraph(question);
        }
        let (mut rows, mut notes) = (Vec::new(), Vec::new());
        for given in answers {
            let asked = given.criterion.clone().unwrap_or_default();
            let attribution = given.attribution.clone().unwrap_or_default();
            let position = self.cite_assessment(&attribution);
            notes.extend(self.notes(given, &position));
            rows.push([
                self.state(given, &attribution, present),
                self.answer(&asked, given.answer.as_ref()),
                who(attribution.by.as_ref()),
                self.assurance_word(attribution.kind),
                days(&attribution.assessed_from, &attribution.assessed_to),
                code(&asked.catalogue_version),
                position,
            ]);
        }
        let header = [
            p.state,
            p.answer,
            p.by_whom,
            p.assurance_level,
            p.days,
            p.version,
            p.position,
        ];
        self.table(header, rows);
        notes.extend(present.and_then(|present| self.left_out(present)));
        self.list(notes);
    }

    /// Whether an answer is the present one, and how it stands.
    fn state(&self, given: &GivenAnswer, said: &Attribution, present: Option<&PresentAnswer>) -> Text {
        let p = self.p;
        if given.withdrawal.is_some() {
            return ours(p.withdrawn);
        }
        let stands = present.filter(|present| {
            let standing = present.attribution.as_ref();
            standing.is_some_and(|standing| standing.position == said.position)
        });
        let Some(stands) = stands else {
            let contradicts = present.is_some_and(|present| {
                let mut others = present
                    .contradictions
                    .iter()
                    .filter_map(|other| other.attribution.as_ref());
                others.any(|other| other.position == said.position)
            });
            return ours(if contradicts { p.contradicts } else { p.other });
        };
        let is_contested = !stands.contests.is_empty() || 0 < stands.contests_left_out;
        let marks = [stands.is_stale, is_contested, !stands.contradictions.is_empty()];
        self.marked(strong(p.present), marks)
    }

    /// What supports an answer, who confirms or contests it, and why it was taken back.
    fn notes(&mut self, given: &GivenAnswer, position: &Text) -> Vec<Text> {
        let p = self.p;
        let mut notes = Vec::new();
        if !given.evidence_digests.is_empty() {
            let evidence = self.with_evidence(Text::default(), &given.evidence_digests);
            notes.push(position.clone().and(ours(": ")).and(evidence));
        }
        for confirmation in &given.confirmations {
            notes.push(self.judgement(confirmation, p.confirmed_by, "AssessmentConfirmed", position));
        }
        for contest in &given.contests {
            notes.push(self.judgement(contest, p.contested_by, "AssessmentContested", position));
        }
        if let Some(withdrawal) = &given.withdrawal {
            let source = withdrawal.source.clone().unwrap_or_default();
            let given = [
                ("answer", position.clone()),
                ("who", name(source.by.as_ref())),
                ("position", self.cite("AssessmentWithdrawn", Some(&source))),
                ("why", said(&withdrawal.reason)),
            ];
            notes.push(fill(p.withdrawn_by, &given));
        }
        notes
    }

    fn judgement(&mut self, judgement: &Judgement, phrase: &str, kind: &'static str, position: &Text) -> Text {
        let source = judgement.source.clone().unwrap_or_default();
        let given = [
            ("answer", position.clone()),
            ("who", name(source.by.as_ref())),
            ("position", self.cite(kind, Some(&source))),
            ("why", said(&judgement.text)),
        ];
        self.with_evidence(fill(phrase, &given), &judgement.evidence_digests)
    }

    /// How much about the present answer does not stand here.
    fn left_out(&self, present: &PresentAnswer) -> Option<Text> {
        let count = present.confirmations_left_out + present.contests_left_out + present.contradictions_left_out;
        (0 < count).then(|| fill(self.p.judgements_left_out, &[("count", number(count))]))
    }

    /// What the catalogues that were used here ask, and nobody was asked here.
    fn not_asked(&mut self, history: &History) {
        let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
        for assessment in &history.assessments {
            used.insert((&assessment.catalogue_slug, &assessment.catalogue_version));
        }
        for (slug, version) in used {
            let Some(shipped) = self.versions.shipped(slug, version) else {
                continue;
            };
            let was_asked = |criterion: &catalogue::Criterion<'_>| {
                let mut asked = history
                    .answers
                    .iter()
                    .flatten()
                    .filter_map(|given| given.criterion.as_ref());
                asked.any(|asked| asked.catalogue_slug == slug && asked.slug == criterion.slug.as_str())
            };
            let not_asked = shipped.criteria().filter(|criterion| !was_asked(criterion));
            let titles: Vec<_> = not_asked
                .map(|criterion| {
                    let title = ours(criterion.title(self.language()));
                    title.and(ours(" ")).and(code(criterion.slug))
                })
                .collect();
            if titles.is_empty() {
                continue;
            }
            let given = [("catalogue", code(slug)), ("list", Text::join(titles, "; "))];
            self.paragraph(fill(self.p.not_asked_here, &given));
        }
    }

    fn indicators(&mut self, record: &Record) {
        let p = self.p;
        self.part(p.indicators);
        self.paragraph(ours(p.indicators_note));
        let gathered = self.gathered;
        let sites = gathered.sites.iter().map(|standing| standing.site.as_ref());
        let mut has_any = false;
        for (site, history) in core::iter::once(None).chain(sites).zip(&record.subjects) {
            let series = series(&history.measured);
            if series.is_empty() {
                continue;
            }
            has_any = true;
            let title = site.map_or_else(|| ours(p.as_a_whole), |site| said(&site.name));
            self.heading(Level::Section, title);
            for points in series.values() {
                self.series(points);
            }
        }
        if !has_any {
            self.paragraph(ours(p.nothing_measured));
        }
    }

    /// One indicator over time. Its number is the same in those versions only of which each supersedes the one before and
    /// keeps the indicator: what is under one number belongs to one line, and nothing else does.
    fn series(&mut self, points: &[(&Attribution, &Indicator, u64)]) {
        let p = self.p;
        let Some((_, indicator, _)) = points.last() else {
            return;
        };
        let unit = self.word(Word::Unit, indicator.unit);
        let title = self.versions.indicator(indicator, self.language());
        let caption = title
            .and(ours(" · "))
            .and(unit.clone())
            .and(ours(" · "))
            .and(code(&indicator.slug));
        let (mut rows, mut drawn) = (Vec::new(), Vec::new());
        for (said, measured, value) in points {
            rows.push([
                days(&said.assessed_from, &said.assessed_to),
                ours(format!("{value} ")).and(unit.clone()),
                who(said.by.as_ref()),
                self.assurance_word(said.kind),
                code(&measured.catalogue_version),
                self.cite_assessment(said),
            ]);
            let day = said.assessed_to.parse().ok();
            drawn.extend(day.map(|day| Point { day, value: *value }));
        }
        let header = [p.days, p.value, p.by_whom, p.assurance_level, p.version, p.position];
        let table: Table = Self::table_of(caption, header, rows);
        self.chart(table, Picture::Line(drawn));
    }

    fn every_plan(&mut self) {
        let p = self.p;
        self.part(p.every_plan);
        let plans = &self.gathered.plans;
        if plans.is_empty() {
            self.paragraph(ours(p.no_plans));
        }
        for plan in plans {
            self.plan(plan, Level::Section);
            let mut notes: Vec<_> = plan
                .milestones
                .iter()
                .filter_map(|milestone| self.milestone_said(milestone))
                .collect();
            notes.extend(self.plan_end(plan));
            self.list(notes);
        }
    }

    /// What was last said about a milestone, and why it was extended.
    fn milestone_said(&mut self, milestone: &Milestone) -> Option<Text> {
        let p = self.p;
        let extended = (0 < milestone.extensions).then(|| {
            let given = [
                ("milestone", number(milestone.place)),
                ("count", number(milestone.extensions)),
                ("why", said(&milestone.extension_reason)),
            ];
            fill(p.extended_why, &given)
        });
        let reported = milestone.report.as_ref().map(|report| {
            let source = report.source.clone().unwrap_or_default();
            let given = [
                ("milestone", number(milestone.place)),
                ("state", self.word(Word::Milestone, milestone.state)),
                ("who", name(source.by.as_ref())),
                ("position", self.cite("MilestoneReported", Some(&source))),
                ("why", said(&report.note)),
            ];
            self.with_evidence(fill(p.milestone_reported, &given), &report.evidence_digests)
        });
        let told = Text::join([extended, reported].into_iter().flatten(), " ");
        (!told.is_empty()).then_some(told)
    }

    fn plan_end(&mut self, plan: &Plan) -> Option<Text> {
        let end = plan.end.as_ref()?;
        let source = end.source.clone().unwrap_or_default();
        let given = [
            ("how", self.word(Word::PlanOutcome, end.outcome)),
            ("who", name(source.by.as_ref())),
            ("position", self.cite("PlanClosed", Some(&source))),
            ("why", said(&end.note)),
        ];
        Some(fill(self.p.ended, &given))
    }

    fn every_incident(&mut self) {
        let p = self.p;
        self.part(p.every_incident);
        let incidents = &self.gathered.incidents;
        if incidents.is_empty() {
            self.paragraph(ours(p.no_incidents));
        }
        for incident in incidents {
            self.incident(incident);
        }
    }

    fn incident(&mut self, incident: &Incident) {
        let p = self.p;
        let title = self.word(Word::Category, incident.category);
        self.heading(Level::Section, title.and(ours(" ")).and(code(&incident.incident_id)));
        let given = [
            ("where", self.incident_place(incident)),
            ("days", days(&incident.period_from, &incident.period_to)),
            ("confidence", self.word(Word::Confidence, incident.confidence)),
            ("severity", self.word(Word::Severity, incident.severity)),
        ];
        self.paragraph(fill(p.incident_now, &given));
        let source = incident.source.clone().unwrap_or_default();
        let mut steps = vec![[
            ours(p.reported_step),
            ours("–"),
            self.with_evidence(said(&incident.summary), &incident.evidence_digests),
            name(source.by.as_ref()),
            moment(source.admitted_at_unix_ms),
            self.cite("IncidentReported", Some(&source)),
        ]];
        for update in incident.updates.iter().rev() {
            let source = update.source.clone().unwrap_or_default();
            let confidence = self.word(Word::Confidence, update.confidence);
            steps.push([
                ours(p.updated_step),
                confidence
                    .and(ours(", "))
                    .and(self.word(Word::Severity, update.severity)),
                self.with_evidence(said(&update.note), &update.evidence_digests),
                name(source.by.as_ref()),
                moment(source.admitted_at_unix_ms),
                self.cite("IncidentUpdated", Some(&source)),
            ]);
        }
        if let Some(end) = &incident.end {
            let source = end.source.clone().unwrap_or_default();
            steps.push([
                ours(p.closed_step),
                self.word(Word::IncidentOutcome, end.outcome),
                said(&end.note),
                name(source.by.as_ref()),
                moment(source.admitted_at_unix_ms),
                self.cite("IncidentClosed", Some(&source)),
            ]);
        }
        self.table([p.step, "", p.said, p.by_whom, p.when, p.position], steps);
        if 0 < incident.updates_left_out {
            self.paragraph(fill(
                p.updates_left_out,
                &[("count", number(incident.updates_left_out))],
            ));
        }
    }

    fn reports(&mut self, record: &Record) {
        let p = self.p;
        self.part(p.reports);
        if record.reports.is_empty() && record.decisions.is_empty() {
            self.paragraph(ours(p.no_reports));
            return;
        }
        let mut rows = Vec::new();
        for report in &record.reports {
            rows.push([
                days(&report.period_from, &report.period_to),
                code(&report.summary_digest),
                code(&report.full_digest),
                moment(report.source.as_ref().map_or(0, |source| source.admitted_at_unix_ms)),
                self.cite("ReportPublished", report.source.as_ref()),
            ]);
        }
        if !rows.is_empty() {
            self.paragraph(ours(p.reports_note));
            self.table(
                [p.report_on, p.summary_digest, p.digest_of_full, p.when, p.position],
                rows,
            );
        }
        let mut rows = Vec::new();
        for decision in &record.decisions {
            let source = decision.source.clone().unwrap_or_default();
            rows.push([
                self.word(Word::Standing, decision.standing),
                self.with_evidence(said(&decision.reason), &decision.evidence_digests),
                name(source.by.as_ref()),
                moment(source.admitted_at_unix_ms),
                self.cite("StandingDecided", Some(&source)),
            ]);
        }
        if !rows.is_empty() {
            self.table([p.decided, p.why, p.by_whom, p.when, p.position], rows);
        }
    }

    /// Every record that anything above rests on.
    pub(super) fn sources(&mut self) {
        let p = self.p;
        self.part(p.sources);
        self.paragraph(ours(p.sources_note));
        let rows = self.cited().iter().map(|(position, cited)| {
            [
                code(position),
                code(cited.kind),
                code(&cited.statement_id),
                cited.by.as_ref().map_or_else(|| ours("–"), |by| name(Some(by))),
                cited.admitted_at_unix_ms.map_or_else(|| ours("–"), moment),
            ]
        });
        let rows = rows.collect();
        self.table([p.position, p.statement, p.statement_id, p.by_whom, p.when], rows);
    }
}

/// Where a criterion stands in a report: by module, those of no module last, and then as its catalogue orders them.
fn place_of(answers: &[GivenAnswer]) -> (bool, u32, String, u32) {
    let asked: Criterion = answers
        .first()
        .and_then(|given| given.criterion.clone())
        .unwrap_or_default();
    (asked.module == 0, asked.module, asked.catalogue_slug, asked.place)
}

/// What was measured, by the number of the indicator; the earliest day first.
fn series(measured: &[Measured]) -> BTreeMap<u32, Vec<(&Attribution, &Indicator, u64)>> {
    let mut by_number: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for measured in measured.iter().rev() {
        let Some(said) = &measured.attribution else {
            continue;
        };
        for measurement in &measured.measurements {
            if let Some(indicator) = &measurement.indicator {
                let points = by_number.entry(indicator.number).or_default();
                points.push((said, indicator, measurement.value));
            }
        }
    }
    by_number
}
