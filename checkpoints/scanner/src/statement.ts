// What an officer states about seals, vehicles and packages (boxes 25 and 26). Nothing is stated before a person states it:
// null is "not answered yet", and "not checked" is an answer of its own.

import type { Finding } from "./judging/held";
import { findingsOfStatement, verdictOf } from "./judging/rules";
import { areInOrder, compare, type SealsFound } from "./judging/seals";
import { areSpeltDifferently } from "./judging/spelling";
import { missing as missingUnits, trainOf } from "./judging/units";
import { isStart, isTermination } from "./judging/vouchers";
import { areSealsChecked } from "./judging/walk";
import type { StampBody } from "./queue/items";
import type { Screenful } from "./screenful";

export { isStart, isTermination } from "./judging/vouchers";

/** `list`: those expected without the ones crossed out, and what else was found. `none`: no seal at all. */
export type SealsStated =
  | { readonly kind: "intact" | "none" | "not_checked" }
  | { readonly kind: "list"; readonly bad: ReadonlySet<string>; readonly others: string };

/** `counted`, `weighed`: the number as typed. `as_manifest`: neither, because the seals are intact. */
export type PackagesStated =
  | { readonly kind: "as_manifest" | "not_checked" }
  | { readonly kind: "counted" | "weighed"; readonly number: string };

/** Vehicles and containers: all of the carnet's, or all but those crossed out and what else is there. */
export type UnitsStated =
  | { readonly kind: "all" }
  | { readonly kind: "list"; readonly absent: ReadonlySet<string>; readonly others: string };

export interface Statement {
  readonly seals: SealsStated | null;
  readonly packages: PackagesStated | null;
  readonly units: UnitsStated | null;
  /** The load compartment is opened here: seals come off or go on. */
  readonly isOpened: boolean;
  /** As typed, one a line. */
  readonly removed: string;
  readonly affixed: string;
}

export const UNSTATED: Statement = {
  seals: null,
  packages: null,
  units: null,
  isOpened: false,
  removed: "",
  affixed: "",
};
const COUNT = /^[0-9]{1,7}$/;
const MASS = /^[0-9]{1,9}$/;

/** Entries as typed, one a line or with commas between: a blank is a part of a seal's or a plate's own spelling. */
export function entriesOf(text: string): string[] {
  const entries = text.split(/[\n,;]+/).map((entry) => entry.trim().toUpperCase());
  return [...new Set(entries.filter(Boolean))];
}

export function badSeals({ seals }: Statement): ReadonlySet<string> {
  return seals?.kind === "list" ? seals.bad : new Set();
}

/** Cross a seal out, or take that back; when none is crossed out any more nothing is stated. */
export function crossed(statement: Statement, seal: string): Statement {
  const bad = new Set(badSeals(statement));
  if (!bad.delete(seal)) bad.add(seal);
  const others = statement.seals?.kind === "list" ? statement.seals.others : "";
  return { ...statement, seals: bad.size > 0 || others ? { kind: "list", bad, others } : null };
}

/** Only seals that are expected can be crossed out. */
export function crossedAmong(statement: Statement, expected: readonly string[] | null): Statement {
  const strange = [...badSeals(statement)].filter((seal) => !expected?.includes(seal));
  return strange.reduce(crossed, statement);
}

/** What the one button of a clean "go" says. */
export function inOrder(statement: Statement, page: number): Statement {
  return { ...statement, seals: { kind: "intact" }, packages: isTermination(page) ? { kind: "as_manifest" } : null };
}

/** Whether that button can say it: there are seals to look at, and nothing else was said of them. */
export function canSayInOrder({ seals }: Statement, shown: Screenful): boolean {
  return shown.verdict === "go" && shown.page !== null && (shown.seals?.length ?? 0) > 0 && seals === null;
}

/** Goods under seals that are not intact must be counted. */
export function areSealsGood({ seals }: Statement): boolean {
  return seals?.kind === "intact" || (seals?.kind === "list" && seals.bad.size === 0);
}

export function sealsFound({ seals }: Statement, expected: readonly string[] | null): string[] | null {
  if (seals?.kind === "none") return [];
  if (seals?.kind === "intact") return expected?.length ? [...expected] : null;
  if (seals?.kind !== "list") return null;
  const whole = (expected ?? []).filter((seal) => !seals.bad.has(seal));
  return [...new Set([...whole, ...entriesOf(seals.others)])];
}

export function countedIn({ packages }: Statement): number | null {
  return packages?.kind === "counted" && COUNT.test(packages.number.trim()) ? Number(packages.number) : null;
}

export function weighedIn({ packages }: Statement): number | null {
  return packages?.kind === "weighed" && MASS.test(packages.number.trim()) ? Number(packages.number) : null;
}

// --- boxes 25 and 26 of the stamp's body, and the vehicles beside them

type Certified = Pick<StampBody, "seals" | "packages" | "packages_basis" | "mass_kg" | "vehicles" | "containers">;

export function certified(statement: Statement, page: number, shown: Screenful): Certified {
  const seals = page === 1 ? sealsAffixed(statement) : sealsSeen(statement, shown.seals);
  return {
    ...(seals && { seals }),
    ...(isTermination(page) && packagesSaid(statement)),
    ...unitsSaid(statement, shown),
  };
}

/** The first office finds no seals of ours: it affixes them, or says that there are none. */
function sealsAffixed({ seals, affixed }: Statement): StampBody["seals"] {
  const entries = entriesOf(affixed);
  if (entries.length > 0) return { intact: true, affixed: entries };
  return seals?.kind === "none" ? { affixed: [] } : undefined;
}

function sealsSeen(statement: Statement, expected: readonly string[] | null): StampBody["seals"] {
  const [affixed, removed] = [entriesOf(statement.affixed), entriesOf(statement.removed)];
  const changed = { ...(affixed.length > 0 && { affixed }), ...(removed.length > 0 && { removed }) };
  const { seals } = statement;
  if (seals === null || seals.kind === "not_checked") return Object.keys(changed).length > 0 ? changed : undefined;
  const found = sealsFound(statement, expected);
  return { ...(seals.kind !== "none" && { intact: areSealsGood(statement) }), ...(found && { found }), ...changed };
}

function packagesSaid(statement: Statement): Pick<StampBody, "packages" | "packages_basis" | "mass_kg"> {
  const [counted, weighed] = [countedIn(statement), weighedIn(statement)];
  if (counted !== null) return { packages: counted, packages_basis: "counted" };
  if (weighed !== null) return { mass_kg: weighed };
  return statement.packages?.kind === "as_manifest" ? { packages_basis: "as_manifest" } : {};
}

/** Vehicles and containers are stated apart: a list of plates says nothing about containers. */
function unitsSaid(statement: Statement, { units }: Screenful): Pick<StampBody, "vehicles" | "containers"> {
  const { units: stated } = statement;
  if (stated === null) return {};
  const here = units.filter(({ name }) => stated.kind === "all" || !stated.absent.has(name));
  const others = stated.kind === "list" ? entriesOf(stated.others) : [];
  const namesOf = (isContainer: boolean) =>
    here.filter(({ kind }) => (kind === "container") === isContainer).map(({ name }) => name);
  const hasContainers = units.some(({ kind }) => kind === "container");
  return { vehicles: [...namesOf(false), ...others], ...(hasContainers && { containers: namesOf(true) }) };
}

// --- the verdict at each tap

/** The screen follows the officer: what was stated is judged with what is shown, at each tap. */
export function withStatement(shown: Screenful, statement: Statement, isReported: boolean): Screenful {
  const found = findingsOf(shown, statement, isReported).filter(
    ({ code }) => !shown.reasons.some((reason) => reason.code === code),
  );
  if (found.length === 0) return shown;
  return { ...shown, reasons: [...found, ...shown.reasons], verdict: worse(shown, found) };
}

/** What was not answered yet is not missing yet. */
function findingsOf(shown: Screenful, statement: Statement, isReported: boolean): Finding[] {
  const page = shown.page ?? 0;
  const sealsIntact = badSeals(statement).size > 0 ? false : areSealsGood(statement) || null;
  const found = compare({ sealsIntact, sealsFound: sealsFound(statement, shown.seals) }, shown.seals);
  const { vehicles = null, containers = null } = unitsSaid(statement, shown);
  const expected = isTermination(page) ? shown.packages : null;
  return findingsOfStatement({
    page,
    said: { packages: countedIn(statement), massKg: weighedIn(statement), reservation: "" },
    side: {
      found,
      isReported,
      isPlateSpeltDifferently: areSpeltDifferently(vehicles ?? [], shown.plates),
      unitsMissing: missingUnits(trainOf(shown.units), { vehicles, containers }),
      areSealsChecked: statement.seals === null || areSealsChecked({ sealed: shown.isSealed }, found),
      arePackagesCertified: statement.packages === null || arePackagesCertified(statement, found),
      counted: { expected, doesMassDiffer: doesMassDiffer(statement, shown), isWeighed: false, isCountable: true },
    },
    areSealsUnknown: areSealsUnknown(statement, shown, page),
  });
}

function arePackagesCertified({ packages }: Statement, found: SealsFound): boolean {
  return packages?.kind === "as_manifest" ? areInOrder(found) : packages?.kind !== "not_checked";
}

function doesMassDiffer(statement: Statement, { mass }: Screenful): boolean {
  const weighed = weighedIn(statement);
  return weighed !== null && mass !== null && (weighed < mass.least || weighed > mass.most);
}

function areSealsUnknown({ seals, affixed }: Statement, shown: Screenful, page: number): boolean {
  const isNoneStated = seals?.kind === "none" || seals?.kind === "not_checked";
  return isStart(page) && shown.isSealed && isNoneStated && !shown.seals?.length && !affixed.trim();
}

/** What is not known does not become known by a tap. */
function worse({ verdict }: Screenful, found: Finding[]): Screenful["verdict"] {
  return verdict === "go" ? verdictOf(found) : verdict;
}
