// What issuing fixed about a carnet, as judging asks it (carnets/projection/plan.py).

import { USUAL } from "./generated";
import type { Carnet, HeldPlan, Practices, Registers, Unit } from "./held";

export interface Plan extends HeldPlan {
  /** As typed. */
  plates: string[];
  vouchers: number;
  isBackdated: boolean;
  practice: (territory: string) => Practices;
}

export function planOf(carnet: Carnet, registers: Registers): Plan {
  const known = new Map(registers.territories.map((each) => [each.code, each]));
  return {
    ...carnet.plan,
    plates: carnet.plates,
    vouchers: carnet.vouchers,
    isBackdated: carnet.backdated,
    practice: (territory) => known.get(territory) ?? USUAL,
  };
}

/** Whether any line of the manifest can be counted. */
export function hasCount(plan: Plan): boolean {
  return plan.cargo.some(({ packages }) => packages !== null);
}

/** Whether it may be exchanged under way without a word: a tractor before a sealed trailer. */
export function mayChange(unit: Unit): boolean {
  return unit.kind === "tractor";
}
