// How the pairs that were used lie along the plan (carnets/projection/alignment.py).
//
// A pair belongs to whoever stamps it. Walking the used pairs in page order, each takes the leg of its own number if that
// lies in the territory of its stamps, else the next leg that does; a pair in a territory that the plan has no more of is a
// detour.

import { type Certification, dayOf, isApprovedOn } from "./evidence";
import { HANDLES_GOODS, type Role, ROLES, type StopAction } from "./generated";
import type { PlannedLeg, PlannedStop } from "./held";
import type { Plan } from "./plan";
import type { Standing } from "./standing";
import { isStart, operationOf } from "./vouchers";

/** The planned legs that one pair covers, by index; more than one where an inner stop was left out. */
export interface Span {
  first: number;
  last: number;
}

/** The span of every used pair; null: a detour. */
export class Alignment {
  private readonly doing = new Map<number, StopAction>(); // worked out once for each page

  constructor(
    readonly plan: Plan,
    readonly standing: Standing,
    readonly spans: ReadonlyMap<number, Span | null>,
  ) {}

  /** The legs whose start and whose end a pair stands for, by evidence or else as planned. */
  private legsOf(sequence: number): [PlannedLeg, PlannedLeg] | null {
    const { legs } = this.plan;
    const span = this.spans.get(sequence);
    if (span === null) return null;
    if (span) return [legs[span.first]!, legs[span.last]!];
    const leg = legs[sequence - 1];
    return leg ? [leg, leg] : null;
  }

  /** The planned stop that a page stands for; nothing on a detour. */
  stopOf(page: number): PlannedStop | null {
    const legs = this.legsOf(operationOf(page));
    if (legs === null) return null;
    return isStart(page) ? legs[0].start : legs[1].end;
  }

  /** What the lorry does where this page is certified: what was said there goes before what was planned. */
  does(page: number): StopAction {
    const known = this.doing.get(page) ?? this.workOut(page);
    this.doing.set(page, known);
    return known;
  }

  private workOut(page: number): StopAction {
    const said = this.standing.on(page);
    if (!isStart(page) && said !== null) {
      if (said.isSuspension) return "suspend";
      if (said.endsHere && isApproved(said)) return "unload";
    }
    return this.stopOf(page)?.does ?? (isStart(page) ? "entry" : "exit");
  }

  role(page: number): Role {
    return ROLES[this.does(page)];
  }

  /** Whether the transport ends with the No. 2 of this pair: its last unload, or an end declared (art. 27), unless something
   * goes on. */
  isFinal(sequence: number): boolean {
    const end = this.standing.pair(sequence)[1];
    if (end === null || end.goesOn) return false;
    if (end.endsHere) return isApproved(end);
    const span = this.spans.get(sequence);
    return !!span && span.last + 1 === this.plan.legs.length && !end.isSuspension;
  }

  get isOver(): boolean {
    return this.plan.over || this.standing.used.some((sequence) => this.isFinal(sequence));
  }

  /** Whether a pair starts where the one before it ended, at one load or unload: one visit, two pages. */
  isVisit(sequence: number): boolean {
    const [start, before] = [this.standing.pair(sequence)[0], this.standing.pair(sequence - 1)[1]];
    if (start === null || before === null || start.office.code !== before.office.code) return false;
    return HANDLES_GOODS.has(this.does(2 * sequence - 2));
  }

  /** Whether the page is for that territory: by the other page of its pair, else by the plan. */
  isPlanned(page: number, territory: string): boolean {
    const other = this.standing.otherSide(page);
    if (other !== null) return other.office.territory === territory;
    return this.plan.legs[operationOf(page) - 1]?.territory === territory;
  }
}

function isApproved(said: Certification): boolean {
  return isApprovedOn(said.office, dayOf(said));
}

/** Lay the used pairs along the planned legs. */
export function align(plan: Plan, standing: Standing): Alignment {
  const spans = new Map<number, Span | null>();
  let passed = 0;
  for (const sequence of standing.used) {
    const [start, end] = standing.pair(sequence);
    const span = spanOf(plan, sequence, passed, start, end);
    spans.set(sequence, span);
    if (span !== null) passed = span.last + 1;
  }
  return new Alignment(plan, standing, spans);
}

function spanOf(
  plan: Plan,
  sequence: number,
  passed: number,
  start: Certification | null,
  end: Certification | null,
): Span | null {
  const seen = (start ?? end)!;
  let first = legIn(plan, sequence - 1, passed, seen.office.territory);
  if (first === null) return null;
  if (start !== null) first = legByOffice(plan, first, start.office.code, "start");
  return { first, last: end === null ? first : legByOffice(plan, first, end.office.code, "end") };
}

/** The leg of the pair's own number if it lies in the territory and is not passed, else the next that does. */
function legIn({ legs }: Plan, own: number, passed: number, territory: string): number | null {
  if (passed <= own && legs[own]?.territory === territory) return own;
  const next = legs.findIndex((leg, index) => index >= passed && leg.territory === territory);
  return next < 0 ? null : next;
}

/** The leg of the same run through one territory whose stop is this very office; else the first one. */
function legByOffice(plan: Plan, first: number, office: string, side: "start" | "end"): number {
  return run(plan, first).find((index) => plan.legs[index]![side].office === office) ?? first;
}

/** The legs that follow each other inside one territory without leaving it. */
function run({ legs }: Plan, first: number): number[] {
  const found = [first];
  for (let index = first + 1; index < legs.length; index++) {
    const [before, leg] = [legs[index - 1]!, legs[index]!];
    if (leg.territory !== before.territory || !HANDLES_GOODS.has(before.end.does)) break;
    found.push(index);
  }
  return found;
}
