// Where items go together: a phone's own stamps by batch, all that a colleague made to the hand-in, under their name.

import { REPORTS, STAMPS } from "../queue/file";
import { type Item, stampAsSent } from "../queue/items";

export interface Batch {
  path: string;
  /** What stands above the items. */
  head: object;
  items: Item[];
}

/** The addresses that answer with a result for each item. */
export const BATCHED = /^(stamps|unsent)/;
const OWN = "stamps/batch/";
const MOST_STAMPS = 100;
/** Whether an item goes with others; an officer's own refusals and reports go one by one. */
export function goesInABatch(item: Item): boolean {
  return isStamp(item) || !!item.maker;
}

function isStamp({ kind }: Item): boolean {
  return kind === "stamp";
}

/** The items in batches, in the order given, but stamps last: a lorry is refused, or a report drawn up, before it is stamped.
 * A refusal or a report, which may have photos, is a batch by itself. */
export function batches(items: Item[]): Batch[] {
  const found: Batch[] = [];
  const open: Record<string, Batch> = {};
  for (const item of [...items].sort((one, other) => +isStamp(one) - +isStamp(other))) {
    const to = addressOf(item);
    const key = JSON.stringify(to);
    if (!isStamp(item) || (open[key]?.items.length ?? MOST_STAMPS) === MOST_STAMPS) found.push((open[key] = { ...to, items: [] }));
    open[key]!.items.push(item);
  }
  return found;
}

/** The body of a batch, as its address takes it. */
export function bodyOf({ head, items }: Batch): object {
  const lists: Record<string, object[]> = {};
  for (const item of items) (lists[`${item.kind}s`] ??= []).push(asSent(item));
  return { ...head, ...lists };
}

function asSent(item: Item): object {
  return item.kind === "stamp" ? stampAsSent(item) : item.body;
}

function addressOf({ kind, maker }: Item): Omit<Batch, "items"> {
  if (!maker) return { path: OWN, head: {} };
  const { officer, device, exportedAt: exported_at, installation } = maker;
  return { path: "unsent/", head: { format: kind === "stamp" ? STAMPS : REPORTS, device, officer, exported_at, ...(installation && { installation }) } };
}
