// What the officer fills in, and the deed that it becomes.

import type { Photo } from "./camera/photo";
import type { IncidentKind, RefusalReason } from "./judging/generated";
import type { Deed, StampItem } from "./queue/items";
import type { Screenful } from "./screenful";

export interface StampForm {
  readonly page: number | null;
  readonly affixed: string;
  readonly found: string;
  readonly packages: string;
  readonly timeLimit: string;
  readonly isPartial: boolean;
  readonly isSuspension: boolean;
  readonly reservation: string;
  readonly withReservation: boolean;
}

export interface ReportForm {
  readonly kind: IncidentKind;
  readonly text: string;
  readonly broken: ReadonlySet<string>;
  readonly affixed: string;
  readonly vehicles: string;
  readonly photos: readonly Photo[];
}

export interface RefusalForm {
  readonly reason: RefusalReason | "";
  readonly text: string;
}

export function emptyReport(): ReportForm {
  return { kind: "seals_broken", text: "", broken: new Set(), affixed: "", vehicles: "", photos: [] };
}

export function emptyRefusal(): RefusalForm {
  return { reason: "", text: "" };
}

/** The set with this one in it, or without it when it was. */
export function toggled(among: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const others = new Set(among);
  if (!others.delete(one)) others.add(one);
  return others;
}

/** Seals and plates as typed: one after another, with blanks or commas between. */
export function listOf(text: string): string[] {
  return [...new Set(text.toUpperCase().split(/[\s,;]+/).filter(Boolean))];
}

/** Which box is still to be filled, or null. */
export function missingIn(form: StampForm): keyof StampForm | null {
  if (form.page === null) return "page";
  if (form.withReservation && !form.reservation.trim()) return "reservation";
  return form.packages && !/^[0-9]{1,7}$/.test(form.packages.trim()) ? "packages" : null;
}

export function stampDeed(shown: Screenful, form: StampForm, badSeals: ReadonlySet<string>, now: number): Deed {
  const seals = sealsSeen(shown.seals, form, badSeals);
  return {
    kind: "stamp",
    body: {
      id: crypto.randomUUID(),
      carnet: shown.number,
      page: form.page!,
      occurred_at: new Date(now).toISOString(),
      ...(seals && { seals }),
      ...(form.packages.trim() && { packages: Number(form.packages) }),
      ...(form.timeLimit && { time_limit: form.timeLimit }),
      ...(form.isPartial && { partial: true }),
      ...(form.isSuspension && { suspension: true }),
      ...(form.reservation.trim() && { reservation: form.reservation.trim() }),
    },
  };
}

/** What an officer confirms by stamping: the seals shown and not marked were found, and are whole. */
function sealsSeen(expected: string[] | null, form: StampForm, bad: ReadonlySet<string>) {
  const affixed = listOf(form.affixed);
  const found = expected?.length ? expected.filter((seal) => !bad.has(seal)) : listOf(form.found);
  const isSaid = found.length > 0 || bad.size > 0;
  if (!isSaid && affixed.length === 0) return null;
  return {
    intact: bad.size === 0,
    ...(isSaid && { found }),
    ...(affixed.length > 0 && { affixed }),
  };
}

export function reportDeed(shown: Screenful, form: ReportForm, now: number): Deed {
  return {
    kind: "incident",
    body: {
      id: crypto.randomUUID(),
      carnet: shown.number,
      kind: form.kind,
      description: form.text.trim(),
      seals_broken: [...form.broken],
      seals_affixed: listOf(form.affixed),
      vehicles: listOf(form.vehicles),
      photos: [...form.photos],
      occurred_at: new Date(now).toISOString(),
    },
  };
}

export function refusalDeed(shown: Screenful, form: RefusalForm & { reason: RefusalReason }, now: number): Deed {
  return {
    kind: "refusal",
    body: {
      id: crypto.randomUUID(),
      carnet: shown.number,
      page: shown.page!,
      reason: form.reason,
      text: form.text.trim(),
      occurred_at: new Date(now).toISOString(),
    },
  };
}

export function takeBackDeed({ body }: StampItem, reason: string, now: number): Deed {
  const { id, carnet, page } = body;
  return {
    kind: "stamp",
    body: { id: crypto.randomUUID(), carnet, page, occurred_at: new Date(now).toISOString(), cancels: id, reason },
  };
}
