// Unsent deeds as files, for a phone that breaks: carried to the office, and read in there or on another phone.
// The stamps are a file of their own, as POST /api/v1/stamps/import/ takes it; refusals and reports are the other.

import type { Deed, IncidentBody, RefusalBody, StampBody } from "./items";
import type { Queue } from "./queue";

const STAMPS = "tir-unsent-1";
const REPORTS = "tir-unsent-reports-1";

interface Head {
  device: string | null;
  officer: string;
  exported_at: string;
}

export type StampsFile = Head & { format: typeof STAMPS; stamps: (StampBody & { offline: true })[] };
export type ReportsFile = Head & { format: typeof REPORTS; refusals: RefusalBody[]; incidents: IncidentBody[] };

/** Return all that is unsent, in one file or two. */
export async function exportUnsent(
  queue: Queue,
  by: { officer: string; device: string | null; now: number },
): Promise<(StampsFile | ReportsFile)[]> {
  const items = [...(await queue.all("waiting")), ...(await queue.all("problem"))];
  const head = { device: by.device, officer: by.officer, exported_at: new Date(by.now).toISOString() };
  const stamps = items.flatMap((item) => (item.kind === "stamp" ? [{ ...item.body, offline: true as const }] : []));
  const refusals = items.flatMap((item) => (item.kind === "refusal" ? [item.body] : []));
  const incidents = items.flatMap((item) => (item.kind === "incident" ? [item.body] : []));
  const files: (StampsFile | ReportsFile)[] = [];
  if (stamps.length > 0) files.push({ format: STAMPS, ...head, stamps });
  if (refusals.length + incidents.length > 0) files.push({ format: REPORTS, ...head, refusals, incidents });
  return files;
}

/** Take in what this phone does not know yet; return how many. Throws for any other file. */
export async function importUnsent(queue: Queue, text: string, office: string): Promise<number> {
  const deeds = read(text);
  const known = new Set((await queue.all()).map((item) => item.body.id));
  const fresh = deeds.filter((deed) => !known.has(deed.body.id));
  await queue.save(
    fresh.map((deed) => ({
      ...deed,
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

function read(text: string): Deed[] {
  try {
    const deeds = deedsOf(JSON.parse(text) as Partial<StampsFile> | Partial<ReportsFile>);
    if (deeds.length > 0 && deeds.every(({ body }) => typeof body.id === "string" && Date.parse(body.occurred_at))) {
      return deeds;
    }
  } catch {
    // neither JSON nor of this form: answered like any other file
  }
  throw new Error("not a file of unsent stamps");
}

function deedsOf(file: Partial<StampsFile> | Partial<ReportsFile>): Deed[] {
  if (file.format === STAMPS) {
    return (file.stamps ?? []).map(({ offline: _sentAnew, ...body }) => ({ kind: "stamp", body }));
  }
  if (file.format !== REPORTS) return [];
  return [
    ...(file.refusals ?? []).map((body) => ({ kind: "refusal", body }) as const),
    ...(file.incidents ?? []).map((body) => ({ kind: "incident", body }) as const),
  ];
}
