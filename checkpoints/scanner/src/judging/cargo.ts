// How many packages should be on board and how many terminate, stop by stop (carnets/projection/cargo.py).
//
// Nothing is loaded or unloaded without evidence of that stop. A difference accepted once is carried on and never counts
// again.

import type { Alignment } from "./alignment";
import type { Certification } from "./evidence";
import type { Office, PlannedCargo } from "./held";
import { hasCount, type Plan } from "./plan";
import { startPage, terminationPage } from "./vouchers";

/** What is on board between two stamps: null where nobody knows any more. */
export interface Load {
  plan: Plan;
  packages: number | null;
  aboard: PlannedCargo[];
  /** In grams: terminated where the plan had it go on board to the end. */
  gone: number;
}

/** Box 26 beside what it should say; where nothing of it can be counted, a mass certifies it. */
export interface Counted {
  expected: number | null;
  doesMassDiffer: boolean;
  isWeighed: boolean;
  isCountable: boolean;
}

export const NOTHING_COUNTED: Counted = { expected: null, doesMassDiffer: false, isWeighed: false, isCountable: true };
const GRAMS = 1000;

export function emptyLoad(plan: Plan): Load {
  return { plan, packages: 0, aboard: [], gone: 0 };
}

/** Load what the plan loads at a stop. */
function takeOn(load: Load, position: number): void {
  const loaded = load.plan.cargo.filter((each) => each.load === position);
  load.aboard = [...load.aboard, ...loaded];
  if (load.packages !== null) load.packages += count(loaded);
}

function count(cargo: readonly PlannedCargo[]): number {
  return cargo.reduce((sum, { packages }) => sum + (packages ?? 0), 0);
}

/** Load what the pair's first stop loads, or take over what the paper says of a carnet begun elsewhere. */
export function start(load: Load, alignment: Alignment, sequence: number, said: Certification | null): void {
  const { legs, presented } = alignment.plan;
  for (const index of loadsBefore(alignment, sequence)) takeOn(load, legs[index]!.start.position);
  const span = alignment.spans.get(sequence);
  if (span && alignment.does(startPage(sequence)) === "load") takeOn(load, legs[span.first]!.start.position);
  if (presented && sequence === alignment.standing.used[0]) {
    load.aboard = alignment.plan.cargo;
    load.packages = said?.packages ?? count(load.aboard);
  }
}

/** The legs between the pair before and this one that nobody stamped and where the plan loads: a stamp is missing there and
 * not the goods. */
function loadsBefore(alignment: Alignment, sequence: number): number[] {
  const span = alignment.spans.get(sequence);
  if (!span || alignment.plan.presented) return [];
  const before = alignment.standing.used.filter((used) => used < sequence).map((used) => alignment.spans.get(used));
  const passed = Math.max(0, ...before.map((each) => (each ? each.last + 1 : 0)));
  return alignment.plan.legs.flatMap((leg, index) =>
    index >= passed && index < span.first && leg.start.does === "load" ? [index] : [],
  );
}

/** Compare box 26 with what the pair's own No. 1 had on board (`base`), and move the load past the stop. */
export function terminate(
  load: Load,
  base: number | null,
  alignment: Alignment,
  sequence: number,
  said: Certification,
): Counted {
  const page = terminationPage(sequence);
  if (alignment.does(page) !== "unload" || alignment.isFinal(sequence)) {
    return leave(load, base, said, weigh(load, load.aboard, alignment, said));
  }
  const stop = alignment.stopOf(page);
  if (said.goesOn && stop && stop.position === alignment.plan.legs.at(-1)!.end.position) return goOn(load, alignment, said);
  const ending = load.aboard.filter((each) => each.unload === stop?.position);
  load.aboard = load.aboard.filter((each) => !ending.includes(each));
  const weighed = weigh(load, ending, alignment, said);
  return unload(load, within(count(ending), count(load.aboard), base, said), said, weighed);
}

function leave(load: Load, base: number | null, said: Certification, weighed: Counted): Counted {
  if (said.packages !== null) load.packages = said.packages;
  return { ...weighed, expected: hasCount(load.plan) ? base : null };
}

/** What stays is what was presented less what was unloaded; where nobody said how many were presented, a shortage was of what
 * should end here, and the rest is all there. */
function unload(load: Load, expected: number | null, said: Certification, weighed: Counted): Counted {
  const before = said.packagesPresented ?? load.packages;
  const unloaded = said.packagesPresented === null ? (expected ?? said.packages) : (said.packages ?? expected);
  load.packages = before === null || unloaded === null ? null : Math.max(before - unloaded, 0);
  return { ...weighed, expected: hasCount(load.plan) ? expected : null };
}

/** How much of the last goods ends at a stop from which the rest goes on, only the officer knows: a mass is right as long as
 * there was so much. */
function goOn(load: Load, alignment: Alignment, said: Certification): Counted {
  const weighed = weigh(load, load.aboard, alignment, said);
  load.gone += (said.massKg ?? 0) * GRAMS;
  const isLess = said.massKg !== null && said.massKg * GRAMS <= gramsOf(load.aboard);
  return unload(load, null, said, isLess ? { ...weighed, doesMassDiffer: false, isWeighed: true } : weighed);
}

/** A shortage or excess accepted before may show at any unload: what lies within it is what was expected. */
function within(expected: number, stays: number, base: number | null, said: Certification): number {
  if (said.packages === null || base === null) return expected;
  const other = base - stays;
  return Math.min(Math.max(said.packages, Math.min(expected, other)), Math.max(expected, other));
}

/** In whole grams, so that nothing is lost in adding. */
function gramsOf(cargo: readonly PlannedCargo[]): number {
  return cargo.reduce((sum, { mass_kg }) => sum + Math.round(mass_kg * GRAMS), 0);
}

/** Compare the mass stated with that of the consignments that are certified. */
function weigh(load: Load, certified: readonly PlannedCargo[], alignment: Alignment, said: Certification): Counted {
  const isCountable = certified.length > 0 ? certified.some((each) => each.packages !== null) : hasCount(load.plan);
  const grams = gramsOf(certified) - load.gone;
  if (said.massKg === null || grams === 0) return { ...NOTHING_COUNTED, isCountable };
  const allowed = grams * alignment.plan.practice(said.office.territory).mass_tolerance;
  const isRight = Math.abs(said.massKg * GRAMS - grams) * 1000 <= allowed;
  return { expected: null, doesMassDiffer: !isRight, isWeighed: true, isCountable };
}

/** What the scales may show where all the goods of the manifest end, in kilograms. */
export interface MassAllowed {
  least: number;
  most: number;
}

/** Null where parts end at several places: then the evidence says what is aboard. */
export function massAllowed(plan: Plan, { territory }: Office): MassAllowed | null {
  const [first] = plan.cargo;
  const isThrough = plan.cargo.every((each) => each.load === first?.load && each.unload === first.unload);
  const mass = plan.cargo.reduce((sum, { mass_kg }) => sum + mass_kg, 0);
  if (!isThrough || mass === 0) return null;
  const tolerance = (mass * plan.practice(territory).mass_tolerance) / 1000;
  return { least: mass - tolerance, most: mass + tolerance };
}
