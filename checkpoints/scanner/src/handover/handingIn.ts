// Where items go together: a phone's own stamps by batch, all that a colleague made to the hand-in, under their name.

import { REPORTS, STAMPS } from "../queue/file";
import { type Item, stampAsSent } from "../queue/items";

export interface Batch {
  path: string;
  /** What stands above the items. */
  head: object;
  items: Item[];
}

export const HAND_IN = "unsent/";
const OWN = "stamps/batch/";
const MOST_ITEMS = 100;
const MOST_CHARACTERS = 2_000_000; // of JSON, where reports have photos; one alone may be more
/** In this order the server puts them on record: a lorry is refused, or a report drawn up, before it is stamped. */
const ORDER = { refusal: 0, incident: 1, stamp: 2 };

/** Whether an item goes with others; an officer's own refusals and reports go one by one. */
export function goesInABatch({ kind, maker }: Item): boolean {
  return kind === "stamp" || maker !== undefined;
}

/** The items in batches, each kind in the order given. */
export function batches(items: Item[]): Batch[] {
  const groups = new Map<string, Batch>();
  for (const item of [...items].sort((one, other) => ORDER[one.kind] - ORDER[other.kind])) {
    const to = addressOf(item);
    const key = JSON.stringify(to);
    const group = groups.get(key) ?? { ...to, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => cut(group.items).map((part) => ({ ...group, items: part })));
}

/** The body of a batch, as its address takes it. */
export function bodyOf({ head, items }: Batch): object {
  const bodies = (wanted: Item["kind"]) => items.flatMap((item) => (item.kind === wanted ? [asSent(item)] : []));
  const lists = { refusals: bodies("refusal"), incidents: bodies("incident"), stamps: bodies("stamp") };
  return { ...head, ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) };
}

function asSent(item: Item): object {
  return item.kind === "stamp" ? stampAsSent(item) : item.body;
}

function addressOf({ kind, maker }: Item): Omit<Batch, "items"> {
  if (!maker) return { path: OWN, head: {} };
  const { officer, device, exportedAt } = maker;
  return { path: HAND_IN, head: { format: kind === "stamp" ? STAMPS : REPORTS, device, officer, exported_at: exportedAt } };
}

function cut(items: Item[]): Item[][] {
  const parts: Item[][] = [];
  let characters = 0;
  for (const item of items) {
    const more = JSON.stringify(item.body).length;
    const last = parts.at(-1);
    if (last && last.length < MOST_ITEMS && characters + more <= MOST_CHARACTERS) {
      last.push(item);
      characters += more;
    } else {
      parts.push([item]);
      characters = more;
    }
  }
  return parts;
}
