// A docket before an office: which page it would stamp next, and what the rules say of it (checkpoints/judging/preview.py).

import type { Alignment } from "./alignment";
import type { Case } from "./case";
import type { Docket } from "./docket";
import { type Certification, certificationOf } from "./evidence";
import { instant } from "./days";
import type { OperationFacts } from "./facts";
import type { Finding, Office, Registers, Seen } from "./held";
import { findings } from "./rules";
import { startPage, terminationPage } from "./vouchers";
import { pageIsInTheCarnet } from "./validity";

/** Where and when a docket is looked at, and how what is done there reaches the server. */
export interface Look {
  office: Office;
  at: number;
  now: number;
  isOnline: boolean;
  registers: Registers;
}

const AS_IF = "00000000-0000-0000-0000-000000000000"; // the stamp that a preview pretends

/** Judge the page, or the one expected here, as if it were stamped now with everything found in order. */
export function previewOf(docket: Docket, page: number | null, look: Look): Finding[] {
  const expected = expectedPage(docket, look.office);
  const judged = page ?? expected;
  if (judged === null) return [nothingLeft(look.office)];
  const found = judgeAsIf(docket, judged, look);
  const isStopped = found.some(({ level }) => level === "stop");
  return expected === null && !isStopped ? [...found, nothingLeft(look.office)] : found;
}

/** The page this office would stamp next: the other half of a pair stamped in its territory first, then one planned for its
 * territory, its own office and role first; where the plan has nothing more of its territory, the first page that nobody has
 * used (a detour, to be confirmed). */
export function expectedPage({ alignment, facts, plan }: Docket, office: Office): number | null {
  const planned = plannedPages(alignment, facts, office);
  if (planned.length > 0) return planned.sort((one, other) => one.strangeness - other.strangeness || one.page - other.page)[0]!.page;
  if (alignment.isOver) return null;
  const page = startPage((alignment.standing.used.at(-1) ?? 0) + 1);
  return page <= plan.vouchers ? page : null;
}

function plannedPages(alignment: Alignment, facts: OperationFacts[], office: Office) {
  const { standing } = alignment;
  return facts
    .filter(({ territory, status }) => territory === office.territory && status !== "unused")
    .flatMap(({ sequence }) => [startPage(sequence), terminationPage(sequence)])
    .filter((page) => standing.on(page) === null)
    .map((page) => ({ page, strangeness: strangeness(alignment, page, office) }));
}

/** Not half used weighs most, then not its own office, then not its role. */
function strangeness(alignment: Alignment, page: number, office: Office): number {
  const isHalfUsed = alignment.standing.otherSide(page) !== null;
  const isOwn = alignment.stopOf(page)?.office === office.code;
  const hasRole = office.roles.includes(alignment.role(page));
  return (isHalfUsed ? 0 : 4) + (isOwn ? 0 : 2) + (hasRole ? 0 : 1);
}

function judgeAsIf(docket: Docket, page: number, look: Look): Finding[] {
  return judgeWith(docket, asIfInOrder(page, look), { ...look, isOnline: true }, null);
}

/** The stamp that would be made if everything were found in order. */
export function asIfInOrder(page: number, look: Look): Certification {
  return asCertification({ id: AS_IF, seals: { intact: true } }, page, look);
}

/** Judge a stamp to be made: what the officer wrote, compared with the journey that the evidence tells with it. */
export function judgeStamp(docket: Docket, page: number, seen: Seen, look: Look): Finding[] {
  const stamp = asCertification(seen, page, look);
  return judgeWith(docket, stamp, look, stamp);
}

function judgeWith(docket: Docket, stamp: Certification, look: Look, said: Certification | null): Finding[] {
  const judged = caseOf(docket, stamp, look, said);
  const offPaper = pageIsInTheCarnet(judged);
  if (offPaper !== null) return [{ code: "page_range", level: "stop", facts: offPaper }];
  const stamped = docket.alignment.standing.on(stamp.page);
  const found = findings(judged);
  if (stamped === null) return found;
  const facts = { page: stamp.page, office: stamped.office.code };
  return [{ code: "voucher_already_stamped", level: "look", facts }, ...found];
}

function asCertification(seen: Seen, page: number, { office, at, now, isOnline }: Look): Certification {
  const made = seen.made ?? (isOnline ? "online" : "offline");
  const when = { occurred_at: instant(at), recorded_at: instant(now) };
  return certificationOf({ ...seen, ...when, page, office: office.code, made, vouched: seen.vouched ?? true }, () => office);
}

/** A stamp as a case; `said` is null where it is only pretended. */
export function caseOf(docket: Docket, stamp: Certification, look: Look, said: Certification | null): Case {
  const { carnet, plan } = docket;
  const { alignment, facts } = docket.projectionWith(stamp);
  const { office, at, now, isOnline, registers } = look;
  return {
    carnet,
    plan,
    facts,
    alignment,
    before: docket.alignment,
    page: stamp.page,
    office,
    at,
    now,
    said,
    isOnline,
    hasGuarantor: registers.has_guarantor,
    exclusions: registers.exclusions.filter((each) => each.holder === carnet.holder.id),
    excluding: new Set(registers.excluding),
  };
}

/** Whether plan or evidence of the carnet touches the office's territory. */
export function isOfHere({ facts }: Docket, office: Office): boolean {
  return facts.some(({ territory }) => territory === office.territory);
}

function nothingLeft({ territory }: Office): Finding {
  return { code: "nothing_to_stamp", level: "look", facts: { territory } };
}
