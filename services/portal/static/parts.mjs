// Parts of a page that a script makes. What somebody wrote is only ever set as text.

export function element(name, { text, className, attributes = {} } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

// What `facts` of the words made of a statement.
export function drawnFacts(all) {
  const rows = all.flatMap((fact) => [element("dt", { text: fact.label }), element("dd", {}, ...drawn(fact))]);
  return element("dl", { className: "facts" }, ...rows);
}

function drawn(value) {
  const parts = [];
  if (value.text !== "") parts.push(element(value.isTheirs ? "bdi" : "span", { text: value.text }));
  if (value.facts) parts.push(drawnFacts(value.facts));
  if (value.items) parts.push(element("ul", {}, ...value.items.map((item) => element("li", {}, ...drawn(item)))));
  return parts;
}

// A code for a camera.
export function drawnCode({ path, units }, label) {
  const svg = "http://www.w3.org/2000/svg";
  const shape = (name, attributes, ...children) => {
    const made = document.createElementNS(svg, name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...children);
    return made;
  };
  const around = { viewBox: `0 0 ${units} ${units}`, class: "code", role: "img", "aria-label": label };
  const light = shape("rect", { width: units, height: units, fill: "#fff" });
  return shape("svg", around, light, shape("path", { d: path, fill: "#000" }));
}

// What is saved under a name by a link, which shows from then on.
export function offer(link, content, name) {
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.hidden = false;
}

// Why something was not done, in the reader's words already.
export class Told extends Error {}

// The same of any error: none says by itself what it has for programs.
export function worded(error, say) {
  if (error instanceof Told) return error.message;
  if (error.field !== undefined) return say.text(error.why, error.values);
  if (error.kind !== undefined) return say.text(`submit-handover-${error.kind}`);
  const key = `submit-error-${error.reason}`;
  return say.text(say.has(key) ? key : "submit-error-other");
}

// The line of a page that says what was done, or why not.
export class Status {
  constructor(place, say) {
    this.place = place;
    this.say = say;
  }

  tell(text, isBad = false) {
    this.place.textContent = text;
    this.place.className = isBad ? "notice bad" : "notice";
  }

  clear() {
    this.tell("");
  }

  // What goes wrong is told, and nothing else happens. An error that has a `field` is about that field of a form, and told there.
  async attempt(event, work) {
    event.preventDefault();
    const { target } = event;
    // A field of a form may have any name, `form`, too.
    const form = target instanceof HTMLFormElement ? target : (target.form ?? target);
    unmarked();
    try {
      await work();
    } catch (error) {
      this.fail(error, form);
    }
  }

  fail(error, form) {
    const field = error.field === undefined ? null : fieldOf(form, error.field);
    if (field !== null) {
      this.clear();
      marked(field, worded(error, this.say));
      return;
    }
    this.tell(worded(error, this.say), true);
    this.place.focus();
  }
}

// The field of a name; of several, as of choices, the first.
function fieldOf(form, name) {
  const found = form.elements?.namedItem(name) ?? null;
  return found instanceof Element ? found : (found?.[0] ?? null);
}

function marked(field, text) {
  const id = `${field.id || field.name}-wrong`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  field.closest("p, fieldset, form").append(element("span", { text, className: "wrong", attributes: { id } }));
  field.focus();
}

// What was wrong before, in any form, is told no more.
function unmarked() {
  document.querySelectorAll(".wrong").forEach((said) => said.remove());
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}
