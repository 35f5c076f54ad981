// Unsent deeds as files, for a phone that breaks: carried to the office, and read in there or on another phone.
// The stamps are a file of their own, as POST /api/v1/unsent/ takes it; refusals and reports are the other.

import type { Deed, IncidentBody, Item, Maker, RefusalBody, StampBody } from "./items";
import type { Installation } from "../token/token";
import type { KeptItems } from "./queue";

export const STAMPS = "tir-unsent-1";
export const REPORTS = "tir-unsent-reports-1";

/** `officer` made what follows. `installation` is what the server of their phone is for; phones of before do not say. */
interface Head {
  device: string | null;
  officer: string;
  exported_at: string;
  installation?: Installation;
}

/** A file of training was brought to a phone for real work, or the other way about. */
export class OfAnotherInstallation extends Error {}

export type StampsFile = Head & { format: typeof STAMPS; stamps: (StampBody & { offline: true })[] };
export type ReportsFile = Head & { format: typeof REPORTS; refusals: RefusalBody[]; incidents: IncidentBody[] };
export type UnsentFile = StampsFile | ReportsFile;

interface Exporter {
  officer: string;
  device: string | null;
  now: number;
  installation?: Installation;
}

/** Oldest first. */
export async function allUnsent(queue: KeptItems): Promise<Item[]> {
  return [...(await queue.all("waiting")), ...(await queue.all("problem"))];
}

/** Return all that is unsent, in one file or two for each officer who made some of it. */
export async function exportUnsent(queue: KeptItems, by: Exporter): Promise<UnsentFile[]> {
  return filesOf(await allUnsent(queue), by);
}

export function filesOf(items: Item[], by: Exporter): UnsentFile[] {
  const exported_at = new Date(by.now).toISOString();
  const groups = new Map<string, { head: Head; items: Item[] }>();
  for (const item of items) {
    const { officer, device, installation } = item.maker ?? by;
    const head: Head = { device, officer, exported_at, ...(installation && { installation }) };
    const group = groups.get(`${officer} ${device}`) ?? { head, items: [] };
    group.items.push(item);
    groups.set(`${officer} ${device}`, group);
  }
  return [...groups.values()].flatMap(({ head, items: made }) => filesUnder(head, made));
}

function filesUnder(head: Head, items: Item[]): UnsentFile[] {
  const stamps = items.flatMap((item) => (item.kind === "stamp" ? [{ ...item.body, offline: true as const }] : []));
  const refusals = items.flatMap((item) => (item.kind === "refusal" ? [item.body] : []));
  const incidents = items.flatMap((item) => (item.kind === "incident" ? [item.body] : []));
  const files: UnsentFile[] = [];
  if (stamps.length > 0) files.push({ format: STAMPS, ...head, stamps });
  if (refusals.length + incidents.length > 0) files.push({ format: REPORTS, ...head, refusals, incidents });
  return files;
}

/** Where a file is taken in: at which office, when, and what the server of this phone is for. */
export interface Taker {
  office: string;
  now: number;
  installation?: Installation;
}

/** Take in the file of a colleague's phone; return how much of it this phone did not know yet. Throws for any other file. */
export async function importUnsent(queue: KeptItems, text: string, taker: Taker): Promise<number> {
  return takeIn(queue, [parseUnsent(text)], taker);
}

/** Keep what others made and this phone does not know yet, to be handed in under their names; return how much that is.
 * Throws OfAnotherInstallation, and then keeps nothing. */
export async function takeIn(queue: KeptItems, files: UnsentFile[], { office, now, installation: here }: Taker): Promise<number> {
  if (files.some(({ installation: theirs }) => here && theirs && theirs !== here)) throw new OfAnotherInstallation();
  const known = new Set((await queue.all()).map((item) => item.body.id));
  const made = files.flatMap((file) => readUnsent(file).map((deed) => ({ deed, maker: makerOf(file, now) })));
  const fresh = made.filter(({ deed }) => !known.has(deed.body.id));
  await queue.save(
    fresh.map(({ deed, maker }) => ({
      ...deed,
      maker,
      state: "waiting",
      madeAt: Date.parse(deed.body.occurred_at),
      clockOffset: null,
      office,
      role: "",
      wasOnline: false,
      tries: 0,
    })),
  );
  return fresh.length;
}

function makerOf({ officer, device, exported_at, installation }: UnsentFile, takenAt: number): Maker {
  return { officer, device: device ?? null, exportedAt: exported_at, takenAt, ...(installation && { installation }) };
}

/** Return the deeds of a file. Throws for any other. */
export function readUnsent(file: UnsentFile): Deed[] {
  const deeds = deedsOf(file);
  const isRead = ({ body }: Deed) => typeof body.id === "string" && Date.parse(body.occurred_at);
  if (typeof file.officer === "string" && deeds.length > 0 && deeds.every(isRead)) return deeds;
  throw notAFile();
}

/** Return what a saved file holds. Throws for any other. */
export function parseUnsent(text: string): UnsentFile {
  try {
    const file = JSON.parse(text) as UnsentFile;
    readUnsent(file);
    return file;
  } catch {
    throw notAFile(); // neither JSON nor of this form: answered like any other file
  }
}

function notAFile(): Error {
  return new Error("not a file of unsent stamps");
}

function deedsOf(file: Partial<UnsentFile>): Deed[] {
  if (file.format === STAMPS) {
    return (file.stamps ?? []).map(({ offline: _sentAnew, ...body }) => ({ kind: "stamp", body }));
  }
  if (file.format !== REPORTS) return [];
  return [
    ...(file.refusals ?? []).map((body) => ({ kind: "refusal", body }) as const),
    ...(file.incidents ?? []).map((body) => ({ kind: "incident", body }) as const),
  ];
}
