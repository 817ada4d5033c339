// The part of the page that signs where a lot goes from one device to another: as codes and as a file by who gives it, from these by
// who takes it. Neither needs a network.

import { ofBase64 } from "../../../libs/signer/web/veta-sign.mjs";
import { drawnCode, drawnFacts, element, offer } from "./parts.mjs";
import { Scanner, readerOf } from "./scan.mjs";
import { facts } from "./words.mjs";

const at = (id) => document.getElementById(id);
// What the codes of a handover begin with.
const MARK = "VETA1:";

export class Handover {
  constructor(device, say, status, signing) {
    this.device = device;
    this.say = say;
    this.status = status;
    this.signing = signing;
    this.language = document.documentElement.lang;
    this.desk = null;
  }

  // `module` is where the module is that reads codes.
  start(module) {
    const attempted = (work) => (event) => this.status.attempt(event, () => work(event.target));
    at("submit-hand-over").addEventListener("submit", attempted((form) => this.handOver(form)));
    at("submit-take-in").addEventListener("submit", attempted((form) => this.takeIn(form)));
    const scanner = new Scanner(at("submit-scan"), {
      read: readerOf(module),
      found: (texts) => this.scanned(texts),
      tell: (key, isBad) => this.status.tell(this.say.text(key), isBad),
    });
    scanner.start();
  }

  async handOver(form) {
    const lot = this.device.idOf(form.elements.lot.value, ["lot"], "lot");
    const { file, codes } = await this.desk.handOver(lot);
    offer(at("submit-handover-file"), ofBase64(file), `${lot}.veta-handover`);
    const label = (place) => this.say.text("submit-code", { place: place + 1, count: codes.length });
    const drawn = (code, place) => element("figure", {}, drawnCode(code, label(place)), element("figcaption", { text: label(place) }));
    at("submit-codes").replaceChildren(...codes.map(drawn));
    if (codes.length === 0) this.status.tell(this.say.text("submit-too-long-for-codes"));
  }

  // Codes come in any order, some of them twice. With the last one, what they hold is taken in.
  async scanned(texts) {
    const form = at("submit-take-in");
    const { codes } = form.elements;
    const known = codes.value.split(/\s+/).filter((text) => text !== "");
    const all = [...new Set([...known, ...texts.filter((text) => text.startsWith(MARK))])];
    let gathered;
    try {
      gathered = this.device.signer.ask("gathered", { codes: all.join("\n") });
    } catch {
      this.status.tell(this.say.text("submit-other-code"), true);
      return false;
    }
    const { count, missing } = gathered;
    codes.value = all.join("\n");
    this.status.tell(this.say.text("submit-gathered", { have: count - missing.length, count }));
    if (0 < missing.length) return false;
    await this.status.attempt({ target: form, preventDefault() {} }, () => this.takeIn(form));
    return true;
  }

  async takeIn(form) {
    const { file, codes } = form.elements;
    const [given] = file.files;
    const handed = given === undefined ? codes.value : new Uint8Array(await given.arrayBuffer());
    const opened = this.desk.open(handed);
    const fresh = await this.desk.takeIn(opened);
    form.reset();
    // What is weighed now, and handed back when it is signed for, is this lot.
    for (const of of ["form[data-kind=CustodyAccepted]", "#submit-hand-over"]) {
      document.querySelector(of).elements.lot.value = opened.lot;
    }
    await this.show(opened);
    this.status.tell(this.say.text("submit-taken-in", { count: fresh, lot: opened.lot }));
    await this.signing.show();
  }

  // The lot, and word for word what was signed about it.
  async show({ lot, facts: known, facts_are_signed: areSigned, statements }) {
    const all = statements.flatMap(({ told }) => told.facts);
    const called = await this.signing.naming(all, statements.map(({ party }) => party));
    const said = statements.flatMap(({ told, party }) => [
      element("h4", { text: this.say.word(`event-kind-${told.kind}`) }),
      this.signing.inTheNameOf(party, called),
      drawnFacts(facts(told.facts, this.say, this.language, called)),
    ]);
    const parts = [element("p", {}, element("code", { className: "id", text: lot }))];
    if (known !== null) {
      const chip = { className: `chip ${areSigned ? "good" : "warn"}`, text: this.say.text(areSigned ? "submit-facts-signed" : "submit-facts-unsigned") };
      parts.push(element("p", {}, element("span", chip)), drawnFacts(facts(toldOf(known), this.say, this.language)));
    }
    at("submit-handed").replaceChildren(...parts, ...said);
  }
}

const kebab = (variant) => variant.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

// What a lot is, as named and typed as what its declaration says.
export function toldOf({ form, gross_mass: micrograms, basis, fineness }) {
  const word = (of, variant) => ({ type: "word", of, word: kebab(variant), with: null });
  const fact = (label, value) => ({ of: "lot-declared", label, value });
  const fine = fineness === null ? [] : [fact("fineness", { type: "fineness", ppm: fineness.fineness })];
  const mass = fact("gross-mass", { type: "mass", micrograms });
  return [fact("form", word("lot-form", form)), mass, fact("basis", word("quantity-basis", basis)), ...fine];
}
