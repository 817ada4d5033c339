// The page that scans a label, and goes to what it names. Where the module is, the page says in data attributes.

import { Scanner, placeOf, readerOf } from "./scan.mjs";
import { textsOf } from "./texts.mjs";

const root = document.getElementById("find");
const said = document.getElementById("find-said");
const say = textsOf(document.querySelectorAll("#texts [data-key]"), document.documentElement.lang);

function tell(key, isBad) {
  said.textContent = say.text(key);
  said.className = isBad ? "notice bad" : "notice";
}

if (root !== null) {
  new Scanner(root, {
    read: readerOf(root.dataset.module),
    async found([text]) {
      location.assign(placeOf(text, root.dataset));
      return true;
    },
    tell,
  }).start();
}
