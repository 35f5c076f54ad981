// A phone that was emptied, by its browser or by somebody: the cookie of its enrolment is still there, and nothing else.

import { type Answer, type Api, Refused, Unheard } from "./api";

/** What the server last knew to be unsent on a phone that was emptied; null: it does not say. */
export interface LastKnown {
  unsent: number | null;
  oldest: string | null;
}

interface DeviceRow {
  id: string;
  unsent: number;
  oldest_unsent_at: string | null;
}

const COOKIE = /(?:^|; )tir_phone=([0-9a-f-]{36})/;
const PAGES = 5;

/** The device as which this phone was enrolled, by its cookie. */
export function enrolledDevice(): string | null {
  return COOKIE.exec(document.cookie)?.[1] ?? null;
}

/** Somebody leaves the phone knowingly: it was not emptied. */
export function forgetDevice(): void {
  document.cookie = "tir_phone=; Max-Age=0; Path=/post/; SameSite=Strict";
}

/** Ask, signed in, what was unsent on it when it was last heard, and report the loss. */
export async function reportEmptied(api: Api, device: string, version: string): Promise<LastKnown> {
  try {
    const row = await rowOf(api, device);
    await api.post(`devices/${device}/heartbeat/`, { unsent: 0, app_version: version, storage_lost: true });
    return { unsent: row?.unsent ?? null, oldest: row?.oldest_unsent_at ?? null };
  } catch (error) {
    if (error instanceof Unheard || error instanceof Refused) return { unsent: null, oldest: null };
    throw error;
  }
}

/** The device among those of the office. */
async function rowOf(api: Api, device: string): Promise<DeviceRow | undefined> {
  let path: string | null = "devices/";
  for (let page = 0; page < PAGES && path !== null; page++) {
    const answer: Answer<{ next: string | null; results: DeviceRow[] }> = await api.get(path);
    if (answer.problem) return undefined;
    const found = answer.body.results.find(({ id }) => id === device);
    if (found) return found;
    path = answer.body.next && answer.body.next.slice(answer.body.next.indexOf("devices/"));
  }
  return undefined;
}
