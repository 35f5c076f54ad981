// The service worker: the app itself is kept on the phone, the API never is.

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import { TAKE_OVER } from "./updates";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/post/")));
// The decoder is large and most phones have one of their own: it is kept once it was needed.
registerRoute(({ url }) => url.pathname.endsWith(".wasm"), new CacheFirst({ cacheName: "decoder" }));

// A new edition waits: a window asks it in when nobody is in the middle of anything, or it comes in when all are closed.
self.addEventListener("message", (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(self.skipWaiting());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The network is back. What is unsent can be read only by a window whose officer has entered the PIN. */
self.addEventListener("sync", (event) => {
  if ((event as SyncEvent).tag === "unsent") (event as SyncEvent).waitUntil(tellWindows());
});

async function tellWindows(): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window" });
  for (const each of windows) each.postMessage("send");
}
