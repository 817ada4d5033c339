// Keeps the pages that verify and sign, and the programs they need, for when there is no network. Whatever has its digest in its
// path never changes, and comes from here; a page comes from here only where it cannot be had.

const KEPT = "pages-v2";
// What a page needs is kept beside it under this path, which is never asked for.
const NEEDS = "/kept/needs";
// Pages that are kept; of more, those kept first are let go.
const PAGES_MAX = 32;
const FOREVER = /^\/(static|wasm)\//;
const PAGES = /^\/[a-z]{2}\/(verify|submit(\/.*)?)$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), forget()])));

// What an earlier version of this kept.
async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

const absolute = (url) => new URL(url, location.origin).href;

// The first of them is the page. What no page needs any more is let go.
async function keep(urls) {
  const cache = await caches.open(KEPT);
  // As nobody in particular sees them: what is kept outlives who is signed in.
  await cache.addAll(urls.map((url) => new Request(url, { credentials: "omit" })));
  const needs = `${NEEDS}?of=${encodeURIComponent(urls[0])}`;
  await cache.delete(needs);
  await cache.put(needs, new Response(JSON.stringify(urls.map(absolute))));
  const kept = await cache.keys();
  const lists = kept.filter(({ url }) => new URL(url).pathname === NEEDS);
  const old = lists.slice(0, Math.max(0, lists.length - PAGES_MAX));
  const present = await Promise.all(lists.slice(old.length).map(async (list) => (await cache.match(list)).json()));
  const needed = new Set([...present.flat(), ...lists.slice(old.length).map(({ url }) => url)]);
  await Promise.all(kept.filter(({ url }) => !needed.has(url)).map((request) => cache.delete(request)));
}

addEventListener("message", (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keep(event.data.keep));
});

async function keptOf(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  // A page that verifies is the same whatever is asked of it.
  const isSame = new URL(request.url).pathname.endsWith("/verify");
  return kept ?? (isSame ? cache.match(request, { ignoreSearch: true }) : undefined);
}

async function answer(request, isForever) {
  const kept = await keptOf(request);
  if (kept && isForever) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FOREVER.test(pathname)) event.respondWith(answer(request, true));
  else if (PAGES.test(pathname)) event.respondWith(answer(request, false));
});
