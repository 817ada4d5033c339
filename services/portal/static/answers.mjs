// From what stands in the form of an assessment to the event that says it: fields by their names, as the page has them.

import { FieldError, period, scaled } from "./events.mjs";

// `c12` is the answer to the criterion at place 12, `i3` the figure of the indicator at place 3.
const ANSWER = /^c(\d+)$/;
const FIGURE = /^i(\d+)$/;

const WORDS = { pass: "Pass", fail: "Fail", progress: "Progress", observed: "Observed", "none-observed": "NoneObserved" };

function places(fields, pattern) {
  const found = Object.entries(fields).flatMap(([name, value]) => {
    const [, place] = pattern.exec(name) ?? [];
    return place === undefined || value.trim() === "" ? [] : [Number(place)];
  });
  return found.sort((a, b) => a - b);
}

function typed(fields, name) {
  const text = (fields[name] ?? "").trim();
  if (text === "") throw new FieldError(name, "submit-missing");
  return text;
}

function answer(fields, place) {
  const name = `c${place}`;
  const chosen = fields[name];
  if (chosen in WORDS) return WORDS[chosen];
  const [, level] = /^level-(\d+)$/.exec(chosen) ?? [];
  if (level !== undefined) return { Level: Number(level) };
  if (chosen === "count") return { Count: scaled(typed(fields, `${name}-value`), 0, `${name}-value`) };
  if (chosen === "words") return { Words: typed(fields, `${name}-value`) };
  if (chosen === "not-applicable") return { NotApplicable: typed(fields, `${name}-why`) };
  throw new FieldError(name);
}

// How many questions are answered.
export function answered(fields) {
  return places(fields, ANSWER).length + places(fields, FIGURE).length;
}

// What is said by all of it. `evidence` has digests by place; what was not answered is not there.
export function assessmentOf(fields, evidence, { catalogue, about }) {
  const days = period(fields);
  const findings = places(fields, ANSWER).map((place) => {
    const digests = (evidence[place] ?? []).map(({ digest }) => digest);
    return { criterion: place, answer: answer(fields, place), evidence: digests.sort() };
  });
  const measurements = places(fields, FIGURE).map((place) => {
    return { indicator: place, value: scaled(fields[`i${place}`], 0, `i${place}`) };
  });
  const subject = about.startsWith("site-") ? { Site: about } : { Party: about };
  return { subject, kind: "SelfReported", period: days, catalogue, findings, measurements, reference: null };
}

// The same as events of which each `fits` into a statement, in order: the findings are divided until they do.
export function eventsOf(assessment, fits) {
  const event = { AssessmentSubmitted: assessment };
  const { findings, measurements } = assessment;
  if (fits(event) || findings.length + measurements.length < 2) return [event];
  const half = findings.length >> 1;
  const parts =
    findings.length < 2
      ? [{ findings, measurements: [] }, { findings: [], measurements }]
      : [{ findings: findings.slice(0, half), measurements: [] }, { findings: findings.slice(half), measurements }];
  return parts.flatMap((part) => eventsOf({ ...assessment, ...part }, fits));
}
