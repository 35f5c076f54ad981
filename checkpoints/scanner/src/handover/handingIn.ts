// Where stamps go: a phone's own by batch, what a colleague made and this phone took over to the hand-in, under their name.

import { STAMPS } from "../queue/file";
import type { StampItem } from "../queue/items";

export interface Address {
  path: string;
  /** What stands above the stamps. */
  head: object;
}

const OWN: Address = { path: "stamps/batch/", head: {} };

/** The stamps in the order given, by where they go. */
export function addressed(stamps: StampItem[]): { to: Address; stamps: StampItem[] }[] {
  const groups = new Map<string, { to: Address; stamps: StampItem[] }>();
  for (const stamp of stamps) {
    const to = addressOf(stamp);
    const key = JSON.stringify(to);
    const group = groups.get(key) ?? { to, stamps: [] };
    group.stamps.push(stamp);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function addressOf({ maker }: StampItem): Address {
  if (!maker) return OWN;
  const { officer, device, exportedAt } = maker;
  return { path: "stamps/import/", head: { format: STAMPS, device, officer, exported_at: exportedAt } };
}
