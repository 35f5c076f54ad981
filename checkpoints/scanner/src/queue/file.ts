// Unsent deeds as a file, for a phone that breaks: carried to the office and read in there.

import type { Item } from "./items";
import type { Queue } from "./queue";

const FORMAT = "tir-unsent-1";
const KINDS = new Set(["stamp", "refusal", "incident"]);

export interface UnsentFile {
  format: typeof FORMAT;
  exported_at: string;
  officer: string;
  stamps: object[];
  items: Item[];
}

/** Return all that is unsent; `stamps` holds the stamps as POST /api/v1/stamps/import/ takes them. */
export async function exportUnsent(queue: Queue, officer: string, now: number): Promise<UnsentFile> {
  const items = [...(await queue.all("waiting")), ...(await queue.all("problem"))];
  const stamps = items.filter((item) => item.kind === "stamp").map(({ body }) => ({ ...body, offline: true }));
  return { format: FORMAT, exported_at: new Date(now).toISOString(), officer, stamps, items };
}

/** Take in what this phone does not know yet; return how many. Throws for any other file. */
export async function importUnsent(queue: Queue, text: string): Promise<number> {
  const items = read(text);
  const known = new Set((await queue.all()).map((item) => item.body.id));
  const fresh = items.filter((item) => !known.has(item.body.id));
  await queue.save(fresh.map(({ problem: _problem, ...item }) => ({ ...item, state: "waiting", wasOnline: false })));
  return fresh.length;
}

function read(text: string): Item[] {
  try {
    const file = JSON.parse(text) as Partial<UnsentFile>;
    const items = file.format === FORMAT ? file.items : undefined;
    if (items?.every((item) => KINDS.has(item.kind) && typeof item.body.id === "string")) return items;
  } catch {
    // not JSON: answered like any other file
  }
  throw new Error("not a file of unsent stamps");
}
