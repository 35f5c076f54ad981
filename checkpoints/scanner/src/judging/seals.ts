// Which seals should be found: events fold from affixing to removal, and only what is stated counts
// (carnets/projection/seals.py).

import type { Certification, Event } from "./evidence";
import { HANDLES_GOODS, LEAVES, type StopAction } from "./generated";
import { areSpeltDifferently, commonForm, commonForms, isWithin } from "./spelling";

/** The seals on the lorry by their common form, as first typed; `isKnown` is false until somebody stated any, and `hasUnnamed`
 * true where box 25 was ticked for seals that nobody had named. */
export class SealSet {
  isKnown = false;
  hasUnnamed = false;
  readonly seals = new Map<string, string>();
  /** The territory that affixed each. */
  readonly affixedIn = new Map<string, string>();

  /** The seals to be found, in order of spelling; null while none were ever stated. */
  get expected(): string[] | null {
    return this.isKnown ? [...this.seals.values()].sort() : null;
  }

  affix(seals: readonly string[], territory: string | null = null): void {
    for (const seal of seals) {
      const name = commonForm(seal);
      this.isKnown = true;
      if (!this.seals.has(name)) this.seals.set(name, seal);
      if (territory !== null && !this.affixedIn.has(name)) this.affixedIn.set(name, territory);
    }
  }

  remove(seals: readonly string[]): void {
    for (const name of commonForms(seals)) this.seals.delete(name);
    if (this.hasUnnamed && this.seals.size === 0) this.isKnown = false;
  }

  /** Nobody knows any more which seals are on: they were found broken, and neither listed nor reported. */
  forget(): void {
    this.seals.clear();
    this.isKnown = this.hasUnnamed = false;
  }

  /** An officer certified intact what nobody had named: what is added and taken off again leaves it as it was. */
  takeOverUnnamed(): void {
    [this.isKnown, this.hasUnnamed] = [false, true];
  }

  replace(seals: readonly string[]): void {
    this.seals.clear();
    [this.isKnown, this.hasUnnamed] = [true, false];
    this.affix(seals);
  }
}

/** What an office said about the seals, beside what it should have found. */
export interface SealsFound {
  expected: string[] | null;
  found: string[] | null;
  intact: boolean | null;
  /** null: nothing listed, or nothing to compare with. */
  agree: boolean | null;
  isSpeltDifferently: boolean;
}

/** Whether the officer stated that the seals are those expected: box 25 ticked, or all of them listed. */
export function areInOrder({ intact, agree }: SealsFound): boolean {
  return intact !== false && agree !== false && (intact === true || agree === true);
}

/** A blank is not a certificate. */
export function areStated({ intact, found }: SealsFound): boolean {
  return intact !== null || found !== null;
}

/** Compare a list given with the seals expected, also where the box is ticked. */
export function compare(said: Pick<Certification, "sealsFound" | "sealsIntact">, expected: string[] | null): SealsFound {
  const found = said.sealsFound && [...new Set(said.sealsFound)].sort();
  return {
    expected,
    found,
    intact: said.sealsIntact,
    agree: found && expected && isWithin(commonForms(expected), commonForms(found)),
    isSpeltDifferently: areSpeltDifferently(expected ?? [], found ?? []),
  };
}

/** Move the set past a stamp. What an office found is what the next one should find: one broken seal is one irregularity and
 * not one at every later frontier. */
export function passStamp(seals: SealSet, said: Certification, does: StopAction, isVisit: boolean): void {
  if (said.sealsFound !== null && !isVisit) takeOver(seals, said.sealsFound);
  if (!seals.isKnown && said.sealsIntact === true) seals.takeOverUnnamed();
  if (said.sealsRemoved?.length) seals.remove(removable(seals, said, does));
  else if (HANDLES_GOODS.has(does) && said.sealsAffixed?.length) seals.replace([]); // the load compartment was opened
  if (said.sealsFound !== null && isVisit) seals.replace(said.sealsFound);
  seals.affix(said.sealsAffixed ?? [], said.office.territory);
}

/** Extra seals stay a note while all expected are there; otherwise, also where none were, what was found is the new set. */
function takeOver(seals: SealSet, found: string[]): void {
  if (seals.seals.size === 0 || !isWithin(new Set(seals.seals.keys()), commonForms(found))) seals.replace(found);
}

function removable(seals: SealSet, said: Certification, does: StopAction): string[] {
  const removed = said.sealsRemoved ?? [];
  if (HANDLES_GOODS.has(does)) return removed;
  if (!LEAVES.has(does)) return [];
  return removed.filter((seal) => seals.affixedIn.get(commonForm(seal)) === said.office.territory);
}

/** Move the set past a report or a control; `isAffixed` is false while its new seals are not on yet. */
export function passEvent(seals: SealSet, event: Event, isAffixed = true): void {
  seals.remove(event.sealsRemoved);
  if (isAffixed) seals.affix(event.sealsAffixed);
}
