// Verifies a proof on this device, by both verifiers, and says in the reader's words what came of it. What a proof says is text
// of others: it is only ever set as text.

const BUNDLE_BYTES_MAX = 64 * 1024 * 1024;

const form = document.getElementById("verify");
const outcome = document.getElementById("outcome");
const { glue, second, wasm, language } = form.dataset;

const texts = new Map();
for (const text of document.querySelectorAll("#texts [data-key]")) texts.set(text.dataset.key, text.textContent);
const t = (key) => texts.get(`verify-${key}`) ?? key;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// What each program says: `state` is `verified`, `not-verified` or `unchecked`.
async function byFirst(bundle, policy) {
  if (wasm === "") return { state: "unchecked", why: t("no-wasm") };
  try {
    const [{ load }, response] = await Promise.all([import(glue), fetch(wasm)]);
    if (!response.ok) return { state: "unchecked", why: t("no-wasm") };
    const report = (await load(response)).verify(bundle, policy);
    if (report.verified) return { state: "verified", report };
    const state = report.reason === "bad-policy" ? "unchecked" : "not-verified";
    return { state, said: `${report.reason}: ${report.message}` };
  } catch (error) {
    return { state: "unchecked", said: String(error) };
  }
}

async function bySecond(bundle, policy) {
  if (globalThis.crypto?.subtle === undefined) return { state: "unchecked", why: t("no-crypto") };
  try {
    const { verify } = await import(second);
    return { state: "verified", told: await verify(bundle, policy) };
  } catch (error) {
    if (error?.name !== "Refused") return { state: "unchecked", said: String(error) };
    const state = error.reason === "bad-policy" ? "unchecked" : "not-verified";
    return { state, said: `${error.reason}: ${error.message}` };
  }
}

// No program may find a fault, and one at least must have checked.
function together(results) {
  const states = results.map((result) => result.state);
  if (states.includes("not-verified")) return "not-verified";
  return states.includes("verified") ? "verified" : "unchecked";
}

const CHIPS = { verified: "good", "not-verified": "bad", unchecked: "none" };

function chip(state) {
  return element("span", { className: `chip ${CHIPS[state]}` }, t(state));
}

function card(name, result) {
  const parts = [element("h3", {}, name), element("p", {}, chip(result.state))];
  if (result.why) parts.push(element("p", {}, result.why));
  if (result.said) parts.push(element("p", { lang: "en" }, element("bdi", {}, result.said)));
  return element("li", {}, ...parts);
}

const number = (value) => new Intl.NumberFormat(language).format(value);
const grams = (micrograms) => `${new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(Number(micrograms) / 1e6)}\u00a0g`;
const percent = (ppm) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 }).format(ppm / 1e6);
const instant = (text) =>
  `${new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(new Date(text))} UTC`;
const text = (value) => element("bdi", {}, value);

function list(items) {
  return items.length === 0 ? t("none") : element("ul", {}, ...items.map((item) => element("li", {}, item)));
}

function facts(rows) {
  const pairs = rows.filter(([, value]) => value !== undefined && value !== null);
  return element("dl", { className: "facts" }, ...pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function masses(report) {
  const invented = () => (report.quantity_invented === false ? [] : [" ", element("span", { className: "invented" }, t("invented"))]);
  const mass = (micrograms) => (micrograms === null ? undefined : element("span", {}, grams(micrograms), ...invented()));
  return [
    [t("gross"), mass(report.gross_mass_micrograms)],
    [t("fine"), mass(report.fine_mass_micrograms)],
  ];
}

function told(report) {
  const share = (origin) => {
    const named = origin.site_name ?? origin.site ?? origin.below;
    return element("span", {}, text(named), ` · ${percent(origin.share_ppm)}`);
  };
  const witness = (each) => element("span", {}, text(each.name), ` · ${instant(each.cosigned_at)}`, each.auditing ? ` · ${t("auditing")}` : "");
  const asOf = report.log.complete_as_of;
  const { rests_on: rests } = report;
  return facts([
    [t("lot"), element("code", { className: "id" }, report.lot)],
    [t("log"), element("code", {}, report.log.origin)],
    [t("size"), number(report.log.tree_size)],
    [t("as-of"), asOf === null ? t("no-as-of") : instant(asOf)],
    [t("witnesses"), report.log.witnesses.length === 0 ? t("nobody") : list(report.log.witnesses.map(witness))],
    [t("custodian"), text(report.custodian_name ?? report.custodian)],
    [t("owner"), report.owner === null ? undefined : text(report.owner_name ?? report.owner)],
    ...masses(report),
    [t("origins"), list(report.origins.map(share))],
    [t("held"), list(report.holds.map((hold) => text(`${hold.lot}: ${hold.reason}`)))],
    [t("flags"), list(report.flags.map((flag) => element("bdi", { lang: "en" }, flag.text)))],
    [t("records"), number(report.history.length)],
    [t("signers"), number(rests.signers.length)],
    [t("log-word"), number(rests.log.length)],
  ]);
}

function show(results) {
  const state = together(results);
  const banner = element("div", { className: `banner ${CHIPS[state]}` }, element("h2", {}, chip(state)), element("p", {}, t(`${state}-why`)));
  const states = new Set(results.map((result) => result.state));
  if (states.has("verified") && states.has("not-verified")) banner.append(element("p", {}, t("disagree")));
  const cards = element("ul", { className: "cards" }, card(t("first"), results[0]), card(t("second"), results[1]));
  const [{ report }] = results;
  outcome.dataset.state = state;
  outcome.replaceChildren(banner, cards, ...(state === "verified" && report ? [told(report)] : []));
}

async function run(file) {
  delete outcome.dataset.state;
  outcome.replaceChildren(element("p", {}, t("working")));
  if (BUNDLE_BYTES_MAX < file.size) {
    const too = { state: "not-verified", said: "malformed: the bundle is too long" };
    show([too, too]);
    return;
  }
  const bundle = new Uint8Array(await file.arrayBuffer());
  const policy = document.getElementById("policy").value;
  show(await Promise.all([byFirst(bundle, policy), bySecond(bundle, policy)]));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = document.getElementById("proof").files;
  if (file) run(file);
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) run(file);
});
form.hidden = false;

// Kept for when there is no network; where the browser has no service workers, as over plain HTTP, the page works while it is open.
async function keep() {
  await navigator.serviceWorker.register("/sw.mjs");
  const { active } = await navigator.serviceWorker.ready;
  const urls = [location.pathname, form.dataset.script, form.dataset.style, glue, second, wasm].filter((url) => url !== "");
  active.postMessage({ keep: urls });
}
if (globalThis.navigator?.serviceWorker) keep().catch(() => {});
