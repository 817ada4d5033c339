// Keeps a page and all that it needs for when there is no network. Where the browser has no service workers, as over plain HTTP,
// the page works while it is open.

export async function keepPage(page, more) {
  const { serviceWorker } = globalThis.navigator;
  if (serviceWorker === undefined) return;
  await serviceWorker.register("/sw.mjs");
  const { active } = await serviceWorker.ready;
  const needs = document.querySelectorAll("script[src], link[rel=modulepreload], link[rel=stylesheet], link[rel=icon]");
  const urls = Array.from(needs, (need) => need.src ?? need.href);
  active.postMessage({ keep: [page, ...urls, ...more].filter((url) => url !== "") });
}
