// What an officer states about seals and packages (boxes 25 and 26). Nothing is stated before a person states it: null is
// "not answered yet", and "not checked" is an answer of its own.

import type { Finding } from "./judging/held";
import { TAKES_PACKAGES_BASIS } from "./judging/generated";
import { NOTHING } from "./judging/projection";
import { findingsOfStatement } from "./judging/rules";
import { verdictOf } from "./judging/rules";
import type { StampBody } from "./queue/items";
import type { Screenful } from "./screenful";

/** `list`: those expected without the ones crossed out, and what else was found. `none`: no seal at all. */
export type SealsStated =
  | { readonly kind: "intact" | "none" | "not_checked" }
  | { readonly kind: "list"; readonly bad: ReadonlySet<string>; readonly others: string };

/** `counted`: the number as typed. `as_manifest`: not counted, because the seals are intact. */
export type PackagesStated =
  | { readonly kind: "as_manifest" | "not_checked" }
  | { readonly kind: "counted"; readonly packages: string };

export interface Statement {
  readonly seals: SealsStated | null;
  readonly packages: PackagesStated | null;
  /** As typed, one a line. */
  readonly affixed: string;
}

export const UNSTATED: Statement = { seals: null, packages: null, affixed: "" };
const COUNT = /^[0-9]{1,7}$/;

export const isStart = (page: number): boolean => page % 2 === 1;
/** Boxes 26, 27 and what goes with them are on the voucher No. 2 alone. */
export const isTermination = (page: number): boolean => page > 0 && page % 2 === 0;

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
  return packages?.kind === "counted" && COUNT.test(packages.packages.trim()) ? Number(packages.packages) : null;
}

/** Boxes 25 and 26 of the stamp's body. */
export function certified(
  statement: Statement,
  page: number,
  shown: Screenful,
): Pick<StampBody, "seals" | "packages" | "packages_basis"> {
  const seals = page === 1 ? sealsAffixed(statement) : sealsSeen(statement, shown.seals);
  return { ...(seals && { seals }), ...(isTermination(page) && packagesSaid(statement, shown.packages)) };
}

/** The first office finds no seals of ours: it affixes them, or says that there are none. */
function sealsAffixed({ seals, affixed }: Statement): StampBody["seals"] {
  const entries = entriesOf(affixed);
  if (entries.length > 0) return { intact: true, affixed: entries };
  return seals?.kind === "none" ? { affixed: [] } : undefined;
}

function sealsSeen(statement: Statement, expected: readonly string[] | null): StampBody["seals"] {
  const affixed = entriesOf(statement.affixed);
  const added = affixed.length > 0 && { affixed };
  const { seals } = statement;
  if (seals === null || seals.kind === "not_checked") return added || undefined;
  const found = sealsFound(statement, expected);
  return { ...(seals.kind !== "none" && { intact: areSealsGood(statement) }), ...(found && { found }), ...added };
}

function packagesSaid(statement: Statement, declared: number | null): Pick<StampBody, "packages" | "packages_basis"> {
  const counted = countedIn(statement);
  if (counted !== null) return { packages: counted, ...(TAKES_PACKAGES_BASIS && { packages_basis: "counted" }) };
  if (statement.packages?.kind !== "as_manifest") return {};
  if (TAKES_PACKAGES_BASIS) return { packages_basis: "as_manifest" };
  return declared === null ? {} : { packages: declared };
}

/** The screen follows the officer: what was stated is judged with what is shown, at each tap. */
export function withStatement(shown: Screenful, statement: Statement, isReported: boolean): Screenful {
  const found = findingsOfStatement({
    page: shown.page ?? 0,
    seen: {
      ...NOTHING,
      sealsIntact: badSeals(statement).size > 0 ? false : areSealsGood(statement) || null,
      sealsExpected: shown.seals,
      sealsFound: sealsFound(statement, shown.seals),
      isReported,
    },
    packages: countedIn(statement),
    packagesExpected: shown.packages,
    reservation: "",
  }).filter(({ code }) => !shown.reasons.some((reason) => reason.code === code));
  if (found.length === 0) return shown;
  return { ...shown, reasons: [...found, ...shown.reasons], verdict: worse(shown, found) };
}

/** What is not known does not become known by a tap. */
function worse({ verdict }: Screenful, found: Finding[]): Screenful["verdict"] {
  return verdict === "go" ? verdictOf(found) : verdict;
}
