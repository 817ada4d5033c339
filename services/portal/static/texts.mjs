// Texts that stand in a page for its script: values in braces, plurals by their category.

export function textsOf(elements, language) {
  const texts = new Map(Array.from(elements, ({ dataset, textContent }) => [dataset.key, { text: textContent, unit: dataset.unit }]));
  const plurals = new Intl.PluralRules(language);
  const filled = (key, values) =>
    Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, () => value), texts.get(key)?.text ?? key);
  return {
    language,
    has: (key) => texts.has(key),
    // What the figures of a text count.
    unit: (key) => texts.get(key)?.unit ?? "",
    text: (key, values = {}) => filled(key, values),
    count(key, n) {
      const one = `${key}.one`;
      const isOne = plurals.select(n) === "one" && texts.has(one);
      return filled(isOne ? one : `${key}.other`, { number: new Intl.NumberFormat(language).format(n) });
    },
  };
}
