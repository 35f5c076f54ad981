// What this phone says of itself: what is unsent, since when, and how safe it is here.

import { UNSENT_LATE, UNSENT_TOO_LATE } from "../judging/generated";
import type { Item } from "./items";

/** The body of POST /api/v1/devices/{id}/heartbeat/. */
export interface Heartbeat {
  unsent: number;
  app_version: string;
  oldest_unsent_at?: string;
  queue_hash: string;
  storage: { persisted: boolean | null; free_bytes: number | null };
}

export async function heartbeat(items: Item[], version: string): Promise<Heartbeat> {
  const since = waitsSince(items);
  const unsent = items.filter((item) => item.state !== "done");
  return {
    unsent: unsent.length,
    app_version: version,
    ...(since !== null && { oldest_unsent_at: new Date(since).toISOString() }),
    queue_hash: await hashOfIds(unsent.map((item) => item.body.id)),
    storage: await storage(),
  };
}

/** Since when the oldest unsent item waits, by the server's clock where this phone knew how far off its own was. */
export function waitsSince(items: Item[]): number | null {
  const made = items.filter((item) => item.state !== "done").map((item) => item.madeAt + (item.clockOffset ?? 0));
  return made.length > 0 ? Math.min(...made) : null;
}

export type Urgency = "none" | "amber" | "red";

/** As the office sees it too. */
export function urgencyOf(since: number | null, now: number): Urgency {
  if (since === null || now - since < UNSENT_LATE) return "none";
  return now - since < UNSENT_TOO_LATE ? "amber" : "red";
}

/** SHA-256, in hex, of the ids in lower case, sorted, joined by line feeds. */
export async function hashOfIds(ids: string[]): Promise<string> {
  const said = ids.map((id) => id.toLowerCase()).sort().join("\n");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(said)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function storage(): Promise<Heartbeat["storage"]> {
  const manager = globalThis.navigator?.storage;
  try {
    const [persisted, { quota, usage }] = await Promise.all([manager.persisted(), manager.estimate()]);
    return { persisted, free_bytes: quota === undefined ? null : Math.max(0, quota - (usage ?? 0)) };
  } catch {
    return { persisted: null, free_bytes: null }; // a browser that does not say
  }
}
