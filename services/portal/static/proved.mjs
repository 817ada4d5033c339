// What came of verifying a proof, as parts of the page. What a proof says is text of others: it is only ever set as text.

import { element } from "./parts.mjs";
import { decimal } from "./words.mjs";

// No program may find a fault, and one at least must have checked.
function together(results) {
  const states = results.map((result) => result.state);
  if (states.includes("not-verified")) return "not-verified";
  return states.includes("verified") ? "verified" : "unchecked";
}

const CHIPS = { verified: "good", "not-verified": "bad", unchecked: "none" };

const paragraph = (...children) => element("p", {}, ...children);
const theirs = (text) => element("bdi", { text });

// The state of all, and the parts that say it: `results` are those of the first and of the second program, by the operator's policy or by
// the reader's own. `name` is that of the file, where there is one.
export function shown(results, say, { name, isOperators }) {
  const state = together(results);
  const chip = (of) => element("span", { className: `chip ${CHIPS[of]}`, text: say.text(`verify-${of}`) });
  const why = paragraph(say.text(`verify-${state}-why`));
  const banner = element("div", { className: `banner ${CHIPS[state]}` }, element("h2", {}, chip(state)), why);
  if (name) banner.append(paragraph(say.text("verify-file-name"), " ", theirs(name)));
  if (state !== "unchecked") banner.append(paragraph(say.text(`verify-by-${isOperators ? "operators" : "own"}-policy`)));
  const states = new Set(results.map((result) => result.state));
  if (states.has("verified") && states.has("not-verified")) banner.append(paragraph(say.text("verify-disagree")));
  const card = (name, result) =>
    element("li", {}, element("h3", { text: say.text(name) }), paragraph(chip(result.state)), ...reasons(result, say));
  const cards = element("ul", { className: "cards" }, card("verify-first", results[0]), card("verify-second", results[1]));
  const [{ report }] = results;
  return { state, parts: [banner, cards, ...(state === "verified" && report ? [told(report, say)] : [])] };
}

// Why a program did not verify: in the reader's words where there are any, and in its own where there are none, or where they say
// which line is meant.
function reasons({ why, reason, message }, say) {
  if (why) return [paragraph(why)];
  const key = `verify-reason-${reason}`;
  const isKnown = reason !== undefined && say.has(key);
  const parts = isKnown ? [paragraph(say.text(key))] : [];
  if (message && (!isKnown || reason === "bad-policy")) {
    parts.push(element("p", { attributes: { lang: "en" } }, theirs(message)));
  }
  return parts;
}

function list(items, say) {
  return items.length === 0 ? say.text("verify-none") : element("ul", {}, ...items.map((item) => element("li", {}, item)));
}

function facts(rows) {
  const pairs = rows.filter(([, value]) => value !== undefined && value !== null);
  return element("dl", { className: "facts" }, ...pairs.flatMap(([text, value]) => [element("dt", { text }), element("dd", {}, value)]));
}

const perMille = (ppm, { language }) => `${decimal(ppm, 3, language)} ‰`;
const number = (value, { language }) => new Intl.NumberFormat(language).format(value);
const grams = (micrograms, { language }) => `${decimal(micrograms, 6, language)}\u00a0g`;
const percent = (ppm, say) => say.text("percent", { number: decimal(ppm, 4, say.language) });
const instant = (text, { language }) =>
  `${new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(new Date(text))} UTC`;

// What the figures of a flag count, by its unit.
const FIGURES = {
  ppm: percent,
  micrograms: grams,
  days: (days, say) => say.count("lot-days", days),
  times: (times, say) => say.count("lot-times", times),
};

// A flag that is newer than the texts is told as the program tells it.
function flagged({ kind, text, lot, found, line, other }, report, say) {
  const key = `flag-${kind}`;
  if (!say.has(key)) return element("bdi", { text, attributes: { lang: "en" } });
  const parts = [element("span", { className: "chip warn", text: say.text(key) })];
  const figure = FIGURES[say.unit(key)];
  if (figure) parts.push(` ${say.text("lot-flag-figures", { found: figure(found, say), line: figure(line, say) })}`);
  if (lot !== report.lot) parts.push(" · ", element("code", { className: "id", text: lot }));
  if (other) parts.push(` · ${say.text("lot-flag-other")} `, element("code", { className: "id", text: other }));
  return element("span", {}, ...parts);
}

function mass(micrograms, report, say) {
  if (micrograms === null) return undefined;
  const invented = element("span", { className: "invented", text: say.text("verify-invented") });
  return element("span", {}, grams(micrograms, say), ...(report.quantity_invented === false ? [] : [" ", invented]));
}

// What a program of another age does not tell is left out.
function told(report, say) {
  const share = ({ site_name: name, site, by_name: of, by, below, share_ppm: ppm }) => {
    const whose = below ? [] : [" · ", theirs(of ?? by)];
    return element("span", {}, theirs(name ?? site ?? below), ...whose, ` · ${percent(ppm, say)}`);
  };
  const witness = ({ name, cosigned_at: at, auditing }) =>
    element("span", {}, theirs(name), ` · ${instant(at, say)}${auditing ? ` · ${say.text("verify-auditing")}` : ""}`);
  const hold = ({ lot, reason }) => element("span", {}, element("code", { className: "id", text: lot }), ": ", theirs(reason));
  const signer = (id, place) => theirs(rests.signer_names?.[place] ?? id);
  const { log, bar, rests_on: rests } = report;
  const stamp = bar && element("span", {}, theirs(bar.brand), " ", theirs(bar.serial), ` (${bar.year})`);
  const t = (key) => say.text(`verify-${key}`);
  return facts([
    [t("lot"), element("code", { className: "id", text: report.lot })],
    [say.text("lot-form"), report.form && say.text(`lot-form-${report.form.toLowerCase()}`)],
    [say.text("lot-bar"), stamp],
    [t("log"), element("code", { text: log.origin })],
    [t("size"), number(log.tree_size, say)],
    [t("as-of"), log.complete_as_of === null ? t("no-as-of") : instant(log.complete_as_of, say)],
    [t("witnesses"), log.witnesses.length === 0 ? t("nobody") : list(log.witnesses.map(witness), say)],
    [t("custodian"), theirs(report.custodian_name ?? report.custodian)],
    [t("owner"), report.owner === null ? undefined : theirs(report.owner_name ?? report.owner)],
    [t("gross"), mass(report.gross_mass_micrograms, report, say)],
    [t("fine"), mass(report.fine_mass_micrograms, report, say)],
    [say.text("lot-fineness"), report.fineness_ppm && perMille(report.fineness_ppm, say)],
    [t("origins"), list(report.origins.map(share), say)],
    [t("held"), list(report.holds.map(hold), say)],
    [t("flags"), list(report.flags.map((flag) => flagged(flag, report, say)), say)],
    [t("records"), number(report.history.length, say)],
    [t("signers"), list(rests.signers.map(signer), say)],
    [t("log-word"), number(rests.log.length, say)],
  ]);
}
