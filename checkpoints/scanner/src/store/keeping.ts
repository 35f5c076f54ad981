// Whether what lies on this phone will still be there tomorrow: the browser may clear what it has not promised to keep, and
// a full phone takes nothing more.

import { type Database, putIfThereIsRoom } from "./database";

export interface Keeping {
  /** The browser has promised to clear nothing by itself. */
  isPersisted: boolean;
  /** Bytes left for this app; null where the browser does not say. */
  free: number | null;
  isInstalled: boolean;
}

export const LEAST_ROOM = 50 * 1024 * 1024;
const DAY = 86_400_000;

/** Ask the browser to keep the data, unless it has refused today: some ask the officer each time. Installed, it may grant it. */
export async function askToKeep(database: Database, now: number): Promise<Keeping> {
  const before = (await database.get("plain", "kept")) as { isPersisted: boolean; askedAt: number } | undefined;
  let isPersisted = (await navigator.storage?.persisted?.()) ?? false;
  const isAskedToday = before !== undefined && Math.abs(now - before.askedAt) < DAY;
  if (!isPersisted && (isInstalled() || !isAskedToday)) {
    isPersisted = (await navigator.storage?.persist?.()) ?? false;
    await putIfThereIsRoom(database, { isPersisted, askedAt: now }, "kept");
  }
  return { isPersisted, free: await room(), isInstalled: isInstalled() };
}

async function room(): Promise<number | null> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
}

function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true);
}

export function isShortOfRoom({ free }: Keeping): boolean {
  return free !== null && free < LEAST_ROOM;
}

/** Whether unsent stamps may be lost here. */
export function mayLose(keeping: Keeping): boolean {
  return !keeping.isPersisted || isShortOfRoom(keeping);
}
