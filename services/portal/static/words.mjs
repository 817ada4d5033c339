// What is said, in the reader's words: values as the module that signs names them, and the texts of the page.

// An integer of `10^-places` as the language writes it, every digit of it.
export function decimal(integer, places, language) {
  const digits = String(integer).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const rest = digits.slice(digits.length - places).replace(/0+$/, "");
  const grouped = new Intl.NumberFormat(language).format(BigInt(whole));
  const separator = new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === "decimal").value;
  return rest === "" ? grouped : `${grouped}${separator}${rest}`;
}

// A value as `{ text }`, with `isTheirs` where somebody wrote it, and with `facts` or `items` where it is made of others.
export function shown(value, say, language, explained = () => undefined) {
  switch (value.type) {
    case "nothing":
      return { text: say.text("submit-nothing") };
    case "text":
      return { text: value.text, isTheirs: true };
    case "flag":
      return { text: say.text(value.is ? "submit-yes" : "submit-no") };
    case "word": {
      const text = say.word(`${value.of}-${value.word}`);
      return value.with === null ? { text } : { text, items: [shown(value.with, say, language, explained)] };
    }
    case "id": {
      const called = explained({ value });
      return called === undefined ? { text: value.id } : { text: value.id, items: [called] };
    }
    case "mass":
      return { text: `${decimal(value.micrograms, 6, language)}\u00a0g` };
    case "fineness":
      return { text: `${decimal(value.ppm, 3, language)}\u00a0‰` };
    case "share":
      return { text: percent(value.ppm, language) };
    case "date":
      return { text: day(value.date, language) };
    case "instant":
      return { text: minute(Number(value.unix_ms), language) };
    case "position":
      return { text: `#${value.position}` };
    case "number":
      return { text: new Intl.NumberFormat(language).format(BigInt(value.number)) };
    case "digest":
      return { text: value.digest };
    case "key":
      return { text: value.key };
    case "country":
      return { text: value.country };
    case "list":
      if (value.items.length === 0) return { text: say.text("submit-nothing") };
      return { text: "", items: value.items.map((item) => shown(item, say, language, explained)) };
    case "facts":
      return { text: "", facts: facts(value.facts, say, language, explained) };
    default:
      // Nobody signs what cannot be shown.
      throw new Error(`a value of the unknown type ${value.type}`);
  }
}

// Facts with their labels. `explained` gives what is called so what a fact or an id names, as a value like the others, or nothing.
export function facts(all, say, language, explained = () => undefined) {
  return all.map((fact) => {
    const value = shown(fact.value, say, language, explained);
    const called = fact.value.type === "id" ? undefined : explained(fact);
    const items = called === undefined ? {} : { items: [called] };
    return { label: say.fact(fact.of, fact.label), ...value, ...items };
  });
}

// Every id in values.
export function idsIn(value) {
  if (value === null) return [];
  switch (value.type) {
    case "id":
      return [value.id];
    case "word":
      return idsIn(value.with);
    case "list":
      return value.items.flatMap(idsIn);
    case "facts":
      return value.facts.flatMap((fact) => idsIn(fact.value));
    default:
      return [];
  }
}

// A share, from parts per million, with its sign where the language has it.
function percent(ppm, language) {
  const parts = new Intl.NumberFormat(language, { style: "percent" }).formatToParts(0);
  return parts.map(({ type, value }) => (type === "integer" ? decimal(ppm, 4, language) : value)).join("");
}

// An instant to the minute, in UTC.
function minute(unixMs, language) {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return `${format.format(unixMs)} UTC`;
}

function day(date, language) {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) return String(date);
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(instant);
}

// The words that the server has for names: a name without one is shown as it is.
export function sayer({ facts: labels, words: named, texts, refusals = {} }) {
  return {
    fact: (of, label) => labels[`${of}.${label}`] ?? label,
    word: (key) => named[key] ?? key,
    // Why the rules refuse, by number; nothing where a number is newer than the words.
    refusal: (code) => refusals[code],
    has: (key) => key in texts,
    text: (key, values = {}) =>
      Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, () => value), texts[key] ?? key),
  };
}

// The same, from where the server has them.
export async function loadWords(url) {
  const answer = await fetch(url);
  return sayer(await answer.json());
}
