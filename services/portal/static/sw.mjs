// Keeps the page that verifies, and the programs it needs, for when there is no network. Whatever has its digest in its path
// never changes, and comes from here; a page comes from here only where it cannot be had.

const KEPT = "verify-v1";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// Older versions of what is kept now are let go.
async function keep(urls) {
  const cache = await caches.open(KEPT);
  // As nobody in particular sees them: what is kept outlives who is signed in.
  await cache.addAll(urls.map((url) => new Request(url, { credentials: "omit" })));
  const wanted = new Set(urls.map((url) => new URL(url, location.origin).href));
  const isOld = ({ url }) => !wanted.has(url) && /^\/(static|wasm)\//.test(new URL(url).pathname);
  const old = (await cache.keys()).filter(isOld);
  await Promise.all(old.map((request) => cache.delete(request)));
}

addEventListener("message", (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keep(event.data.keep));
});

async function answer(request, isForever) {
  const kept = await (await caches.open(KEPT)).match(request, { ignoreSearch: !isForever });
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
  if (/^\/(static|wasm)\//.test(pathname)) event.respondWith(answer(request, true));
  else if (/^\/[a-z]{2}\/verify$/.test(pathname)) event.respondWith(answer(request, false));
});
