// What this phone did itself, as evidence like any other: it may not have been sent yet.

import { endOfDay } from "../clock";
import type { Report, Stamp } from "../judging/facts";
import { ABOUT_SEALS } from "../judging/generated";
import type { IncidentBody, Item } from "./items";

/** Box 20 ends with its day where the office is. */
export function asStamp({ body, office }: Item & { kind: "stamp" }, zone: string): Stamp {
  const limit = body.time_limit ? { time_limit: endOfDay(body.time_limit, zone) } : {};
  return { ...body, ...limit, office };
}

export function asReport({ body, office }: Item & { kind: "incident" }): Report {
  const { id, occurred_at, seals_broken, seals_affixed, vehicles } = body;
  return { id, office, occurred_at, seals_broken, seals_affixed, vehicles, about_seals: isAboutSeals(body) };
}

/** Whether a report explains what is found about the seals: by its kind, or because it names seals. */
export function isAboutSeals(body: Pick<IncidentBody, "kind" | "seals_broken" | "seals_affixed">): boolean {
  return ABOUT_SEALS.has(body.kind) || body.seals_broken.length > 0 || body.seals_affixed.length > 0;
}
