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

  // What goes wrong is told, and nothing else happens. An error that has a `field` is about that field of a form.
  async attempt(event, work) {
    event.preventDefault();
    try {
      await work();
    } catch (error) {
      const { field } = error;
      const about = field === undefined ? null : this.say.text("submit-bad-field", { field: labelOf(event.target, field) });
      this.tell(about ?? error.message, true);
      this.place.focus();
    }
  }
}

function labelOf(form, name) {
  const field = form.elements?.namedItem(name);
  return field?.labels?.[0]?.textContent ?? name;
}
