// What ids are called: as the server says where it can be asked, else as it was said last, which stays on the device.

// Where the server has what an id names, and where in the answer its name is.
const PLACES = [
  ["org-", "orgs", ({ organization }) => organization.name],
  ["site-", "sites", ({ site }) => site.name],
];
// Whoever signs does not wait longer for names.
const PATIENCE_MS = 4_000;

export class Names {
  constructor(store, api, fetching = (...of) => globalThis.fetch(...of)) {
    this.store = store;
    this.api = api;
    this.fetching = fetching;
  }

  // What each is called; an id is not among them that nobody here knows a name of.
  async of(ids) {
    const named = await Promise.all([...new Set(ids)].map(async (id) => [id, await this.#nameOf(id)]));
    return new Map(named.filter(([, name]) => name !== null));
  }

  // The parties that were met here, each as `{ id, name }`.
  async parties() {
    return this.#met("org-");
  }

  // The sites that a party works, and the lots that it has; where the server cannot be asked, the sites that were met here.
  async ownOf(party) {
    const [sites, lots] = await Promise.all([
      this.#asked(`sites?operator=${party}&limit=50`),
      this.#asked(`lots?custodian=${party}&state=lot-state-held&limit=50`),
    ]);
    const own = { sites: sites === null ? await this.#met("site-") : sites.items.map(({ site }) => site), lots: lots?.items ?? [] };
    const met = own.lots.flatMap(({ declared_by: by, owner }) => [by, owner]);
    for (const named of [...own.sites, ...met]) await this.#keep(named);
    return own;
  }

  async #met(begins) {
    const all = await this.store.all("names");
    return all.filter(({ id }) => id.startsWith(begins));
  }

  async #nameOf(id) {
    const place = PLACES.find(([begins]) => id.startsWith(begins));
    if (place === undefined) return null;
    const [, path, nameIn] = place;
    const answer = await this.#asked(`${path}/${id}`);
    if (answer === null) return (await this.store.get("names", id))?.name ?? null;
    const name = nameIn(answer);
    await this.#keep({ id, name });
    return name === "" ? null : name;
  }

  async #keep({ id, name }) {
    if (name !== "") await this.store.put("names", id, { id, name });
  }

  async #asked(path) {
    try {
      const answer = await this.fetching(`${this.api}/${path}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }
}
