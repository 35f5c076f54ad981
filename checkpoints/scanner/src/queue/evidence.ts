// What this phone did itself, as evidence like any other: it may not have been sent yet.

import { endOfDay } from "../clock";
import type { Carnet, HeldEvent, Stamp } from "../judging/held";
import { ABOUT_SEALS } from "../judging/generated";
import type { Deed, IncidentBody, StampBody } from "./items";

/** A deed, and the office where it was made. */
export type OwnDeed = Deed & { office: string };

/** A carnet as the server last told it, with what this phone did to it since; each is counted once. */
export function withOwnDeeds(carnet: Carnet, own: readonly OwnDeed[], zone: string): Carnet {
  const stamps = own.flatMap((deed) => (deed.kind === "stamp" ? [asStamp(deed.body, deed.office, zone)] : []));
  const events = own.flatMap((deed) => (deed.kind === "incident" ? [asReport(deed.body, deed.office)] : []));
  const refused = own.flatMap((deed) => (deed.kind === "refusal" ? [deed.body.page] : []));
  return {
    ...carnet,
    stamps: onceEach(carnet.stamps, stamps),
    events: onceEach(carnet.events, events),
    refused: [...new Set([...carnet.refused, ...refused])],
  };
}

function onceEach<Evidence extends { id: string }>(held: Evidence[], own: Evidence[]): Evidence[] {
  const known = new Set(held.map(({ id }) => id));
  return [...held, ...own.filter(({ id }) => !known.has(id))];
}

/** Made without the network, by a phone that is enrolled. Box 20 ends with its day where the office is. */
function asStamp(body: StampBody, office: string, zone: string): Stamp {
  const limit = body.time_limit ? { time_limit: endOfDay(body.time_limit, zone) } : {};
  return { ...body, ...limit, office, recorded_at: body.occurred_at, made: "offline", vouched: true };
}

function asReport(body: IncidentBody, office: string): HeldEvent {
  return {
    id: body.id,
    kind: "report",
    office,
    at: body.occurred_at,
    seals_removed: body.seals_broken,
    seals_affixed: body.seals_affixed,
    vehicles: body.vehicles,
    packages: body.packages ?? null,
    explains_seals: isAboutSeals(body),
  };
}

/** Whether a report explains what is found about the seals: by its kind, or because it names seals. */
export function isAboutSeals(body: Pick<IncidentBody, "kind" | "seals_broken" | "seals_affixed">): boolean {
  return ABOUT_SEALS.has(body.kind) || body.seals_broken.length > 0 || body.seals_affixed.length > 0;
}
