// A carnet before an office at one instant, as the rules see it (checkpoints/judging/case.py).

import type { Alignment } from "./alignment";
import { dayAt } from "./days";
import type { Certification } from "./evidence";
import { hasEvidence, type OperationFacts } from "./facts";
import { type Role, ROLES, type StopAction } from "./generated";
import type { Carnet, Exclusion, Office } from "./held";
import type { Plan } from "./plan";
import type { Side } from "./walk";
import { isStart, operationOf } from "./vouchers";

/** One page of one carnet before one office. `facts` and `alignment` hold the stamp itself, or one as if everything were in
 * order (a preview, where `said` is null); `before` is the alignment without it. */
export interface Case {
  carnet: Carnet;
  plan: Plan;
  facts: OperationFacts[];
  alignment: Alignment;
  before: Alignment;
  page: number;
  office: Office;
  at: number;
  now: number;
  said: Certification | null;
  isOnline: boolean;
  hasGuarantor: boolean;
  /** Of the carnet's holder. */
  exclusions: Exclusion[];
  /** Countries whose exclusions hold at this office (art. 38). */
  excluding: ReadonlySet<string>;
}

export const startsHere = ({ page }: Case): boolean => isStart(page);
/** Acceptance at departure: the first voucher, whose date decides for the whole transport (art. 9(2)). */
export const isAcceptance = ({ page }: Case): boolean => page === 1;
export const doesHere = ({ alignment, page }: Case): StopAction => alignment.does(page);
export const roleHere = (judged: Case): Role => ROLES[doesHere(judged)];
/** The day at the office. */
export const dayOfCase = ({ at, office }: Case): string => dayAt(at, office.time_zone);

/** The facts of the operation that the page belongs to; nothing while its pair is beyond plan and evidence. */
export function own({ facts, page }: Case): OperationFacts | null {
  return facts[operationOf(page) - 1] ?? null;
}

/** This stamp's own side, real or as if; nothing when another one stands on its page. */
export function seen(judged: Case): Side | null {
  const standing = judged.alignment.standing.on(judged.page);
  if (standing?.at !== judged.at || standing.office.code !== judged.office.code) return null;
  const facts = own(judged);
  return (startsHere(judged) ? facts?.start : facts?.termination) ?? null;
}

/** The operation before, in the order of the pairs that have evidence. */
export function left({ facts, page }: Case): OperationFacts | null {
  return facts.findLast((each) => hasEvidence(each) && each.sequence < operationOf(page)) ?? null;
}
