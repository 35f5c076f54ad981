// What the evidence of one carnet adds up to: facts about each TIR operation (carnets/projection/facts.py). The same
// evidence gives the same facts whatever order it arrived in.

import { align, type Alignment } from "./alignment";
import type { Certification, Event } from "./evidence";
import type { OperationStatus } from "./generated";
import type { Plan } from "./plan";
import { standingCertifications } from "./standing";
import { gapsIn, type Side, timeLimit, type Walk, walk } from "./walk";
import { startPage, terminationPage } from "./vouchers";

/** The two records of one operation, side by side, and what the journey says about them. */
export interface OperationFacts {
  sequence: number;
  status: OperationStatus;
  /** Where its stamps are, else as planned; nothing for a pair beyond the plan without any. */
  territory: string | null;
  start: Side | null;
  termination: Side | null;
  wasRefused: boolean;
  isGap: boolean;
  isAfterUnload: boolean;
  timeLimitAt: number | null;
  isTimeLimitSet: boolean;
  isSuspended: boolean;
}

/** How the pairs lie along the plan, the facts of each operation, and the seals that should be on the lorry now. */
export interface Projection {
  alignment: Alignment;
  facts: OperationFacts[];
  seals: string[] | null;
}

export const hasEvidence = ({ start, termination }: OperationFacts): boolean => start !== null || termination !== null;

/** Return what the evidence adds up to; `atLeast` is how many operations are on record already. */
export function projectionOf(
  plan: Plan,
  certifications: readonly Certification[],
  events: readonly Event[],
  refused: ReadonlySet<number>,
  atLeast: number,
): Projection {
  const alignment = align(plan, standingCertifications(certifications));
  const journey = walk(alignment, events);
  const gaps = gapsIn(alignment);
  const count = Math.max(plan.legs.length, atLeast, alignment.standing.used.at(-1) ?? 0);
  const facts = Array.from({ length: count }, (_, index) => operation(alignment, journey, index + 1, gaps, refused));
  return { alignment, facts, seals: journey.seals };
}

function operation(
  alignment: Alignment,
  { sides }: Walk,
  sequence: number,
  gaps: ReadonlySet<number>,
  refused: ReadonlySet<number>,
): OperationFacts {
  const [start, end] = alignment.standing.pair(sequence);
  const limit = start && timeLimit(alignment.plan, start);
  return {
    sequence,
    status: statusOf(alignment, start, end),
    territory: (start ?? end)?.office.territory ?? alignment.plan.legs[sequence - 1]?.territory ?? null,
    start: sides.get(startPage(sequence)) ?? null,
    termination: sides.get(terminationPage(sequence)) ?? null,
    wasRefused: refused.has(startPage(sequence)),
    isGap: gaps.has(sequence),
    isAfterUnload: start !== null && loadsAfterUnload(alignment, sequence),
    timeLimitAt: limit?.at ?? null,
    isTimeLimitSet: limit?.isSet ?? false,
    isSuspended: end !== null && alignment.does(end.page) === "suspend",
  };
}

function statusOf({ isOver }: Alignment, start: Certification | null, end: Certification | null): OperationStatus {
  if (end !== null) return "terminated";
  if (start !== null) return "started";
  return isOver ? "unused" : "expected";
}

/** Whether goods are loaded after some were unloaded (art. 18): every load comes before every unload. */
function loadsAfterUnload(alignment: Alignment, sequence: number): boolean {
  const { standing } = alignment;
  if (alignment.does(startPage(sequence)) !== "load") return false;
  return standing.used.some(
    (before) =>
      before < sequence && alignment.does(terminationPage(before)) === "unload" && standing.pair(before)[1] !== null,
  );
}
