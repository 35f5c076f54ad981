// How the pairs that were used lie along the plan (carnets/projection/alignment.py).
//
// A pair belongs to whoever stamps it. Walking the used pairs in page order, each takes the leg that starts at its own
// office, else the one that lies as many legs ahead as pairs were left out, else the next, always in the territory of its
// stamps; a pair in a territory that the plan has no more of is a detour.

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
    const stop = this.stopOf(page);
    if (stop === null) return this.doesOffThePlan(page);
    if (said?.goesOn && stop.office !== said.office.code && this.leaves(said)) return "exit"; // the unload is passed by
    return stop.does;
  }

  /** Whether an office that may certify an exit did: it is no destination, or the next pair is of another territory. What
   * goes on from an unload starts again in the same one. */
  private leaves({ office, page }: Certification): boolean {
    if (!office.roles.includes("exit")) return false;
    const next = this.standing.used.find((sequence) => sequence > operationOf(page));
    const [start, end] = next === undefined ? [null, null] : this.standing.pair(next);
    const following = start ?? end;
    return !office.roles.includes("destination") || (!!following && following.office.territory !== office.territory);
  }

  /** A detour is entered and left; what goes on from an unload starts there, in the same visit. */
  private doesOffThePlan(page: number): StopAction {
    if (!isStart(page)) return "exit";
    const [start, before] = [this.standing.on(page), this.standing.on(page - 1)];
    return start && before?.goesOn && before.office.code === start.office.code ? this.does(page - 1) : "entry";
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

  /** Whether the page is for that territory: a No. 2 by its own No. 1, anything else by the plan. */
  isPlanned(page: number, territory: string): boolean {
    const start = isStart(page) ? null : this.standing.on(page - 1);
    if (start !== null) return start.office.territory === territory;
    return this.plan.legs[operationOf(page) - 1]?.territory === territory;
  }
}

function isApproved(said: Certification): boolean {
  return isApprovedOn(said.office, dayOf(said));
}

/** Lay the used pairs along the planned legs. */
export function align(plan: Plan, standing: Standing): Alignment {
  const spans = new Map<number, Span | null>();
  let [passed, last] = [0, 0];
  let cameFrom: string | null = null;
  for (const sequence of standing.used) {
    const [start, end] = standing.pair(sequence);
    const { territory } = (start ?? end)!.office;
    const due = passed + sequence - last - 1; // a pair left out stands for a leg left out, a detour for none
    const fitting = plan.legs.flatMap((leg, index) => (index >= passed && leg.territory === territory ? [index] : []));
    const span = fitting.length > 0 ? spanOf(plan, fitting, due, start, end, cameFrom === territory) : null;
    spans.set(sequence, span);
    if (span !== null) passed = span.last + 1;
    [last, cameFrom] = [sequence, territory];
  }
  return new Alignment(plan, standing, spans);
}

/** The legs of a pair: the first is one ahead that starts at its own office, the nearest to the one that is due; else the one
 * that is due, if it lies in the territory; else the next. Who has just entered starts at no stop beyond the one due. */
function spanOf(
  plan: Plan,
  fitting: readonly number[],
  due: number,
  start: Certification | null,
  end: Certification | null,
  isInside: boolean,
): Span {
  const named = run(plan, fitting[0]!).filter(
    (index) => plan.legs[index]!.start.office === start?.office.code && (isInside || index <= due),
  );
  const [nearest] = named.sort((one, other) => Math.abs(one - due) - Math.abs(other - due) || one - other);
  const first = nearest ?? (fitting.includes(due) ? due : fitting[0]!);
  return { first, last: end === null ? first : legByOffice(plan, first, end.office.code, "end") };
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
