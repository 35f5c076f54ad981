// The second tap: what the stamp will say, where the voucher has a box for it; the same button again makes it.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send, showing } from "../actions/action";
import { changeStamp, makeStamp, makeStatement } from "../actions/carnet";
import { isNotPlanned, missingInStamp, type StampForm, toggled } from "../forms";
import { LIMITS, NEEDS_CONFIRMING } from "../judging/generated";
import type { Screenful } from "../screenful";
import { isWrong } from "../serverClock";
import type { Lorry, State } from "../state";
import {
  areSealsGood,
  badSeals,
  isStart,
  isTermination,
  type PackagesStated,
  type SealsStated,
  type Statement,
  type UnitsStated,
} from "../statement";
import { say } from "../words/words";
import { sayClock, shownNow } from "./shown";
import { act, type Answer, bar, box, list, question, sayReason, sealChips, sealMark, text, tick, tickOf, verdictShape } from "./widgets";

type Change = (changes: Partial<StampForm>) => void;
const PAGES = Array.from({ length: 20 }, (_, index) => index + 1);

export function drawStamp(state: State, send: Send): TemplateResult {
  const { lorry } = state;
  const [form, { statement }] = [lorry.stamp!, lorry];
  const shown = shownNow(state);
  const offset = state.phone?.clockOffset() ?? null;
  const change: Change = (changes) => send(changeStamp(changes));
  return html`${bar(state, send, showing("carnet"))}
    <main class="page confirm">
      ${strip(shown, form)} ${isWrong(offset) ? html`<p class="notice">${sayClock(offset)}</p>` : nothing}
      ${shown.page === null ? pageChoice(form.page, (page) => change({ page })) : nothing}
      ${isNotPlanned(shown) ? confirmation(shown, form, change) : nothing}
      ${form.page === null ? nothing : seals(lorry, form.page, send)}
      ${form.page !== null && isTermination(form.page) ? termination(form, state, change, send) : nothing}
      ${form.page !== null && isStart(form.page) ? timeLimit(form, change) : nothing}
      ${form.page === null ? nothing : seldom(lorry, shown, form.page, send)}
    </main>
    <footer class="do">
      ${act(`✔ ${say("confirm.stamp")}`, () => send(deliberate(makeStamp)), {
        why: missingInStamp(form, statement, shown),
        isBusy: state.isBusy,
        said: state.notice,
      })}
      <button class="secondary" @click=${() => send(showing("carnet"))}>${say("form.back")}</button>
    </footer>`;
}

function strip(shown: Screenful, { page }: StampForm): TemplateResult {
  return html`<h1 class="strip ${shown.verdict}">
    ${verdictShape(shown.verdict)}
    <span>${say(`stamp.${shown.role}`)}<small>${shown.number}${page ? ` · ${say("see.page", { page })}` : ""}</small></span>
  </h1>`;
}

/** The plan has something else here: the officer reads the number again, and says that it is so. */
function confirmation({ reasons }: Screenful, { isUnplanned }: StampForm, change: Change): TemplateResult {
  return html`<div class="notice">
    ${reasons.filter(({ code }) => code === NEEDS_CONFIRMING).map((reason) => html`<p>${sayReason(reason)}</p>`)}
    ${tick("form.unplanned", isUnplanned, () => change({ isUnplanned: !isUnplanned }))}
  </div>`;
}

function pageChoice(chosen: number | null, choose: (page: number | null) => void): TemplateResult {
  const changed = (event: Event) => choose(Number((event.target as HTMLSelectElement).value) || null);
  return html`<label class="box"
    ><span>${say("scan.page")}</span>
    <select @change=${changed}>
      <option value="">—</option>
      ${PAGES.map((page) => html`<option value=${page} ?selected=${page === chosen}>${page}</option>`)}
    </select>
  </label>`;
}

// --- box 25

function seals({ screenful, statement, isReported }: Lorry, page: number, send: Send): TemplateResult {
  if (page === 1) return firstSeals(statement, send);
  const expected = screenful!.seals ?? [];
  const isRenewed = badSeals(statement).size > 0 || isReported || statement.affixed !== "";
  return html`${expected.length > 0 ? sealChips(expected, send, (seal) => sealMark(seal, statement)) : nothing}
    ${question("form.seals", sealAnswers(expected), statement.seals?.kind ?? null, (kind) =>
      send(makeStatement({ seals: sealsStated(kind, statement) })),
    )}
    ${statement.seals?.kind === "list" ? otherSeals(statement.seals, expected, send) : nothing}
    ${isRenewed || statement.isOpened ? affixed(statement, send) : nothing}`;
}

/** What few lorries need, one tap away: vehicles and containers by name, and seals that come off or go on. */
function seldom({ statement }: Lorry, shown: Screenful, page: number, send: Send): TemplateResult | typeof nothing {
  if (page === 1 && shown.units.length === 0) return nothing;
  return html`<details>
    <summary>${say("form.seldom")}</summary>
    ${shown.units.length > 0 ? units(statement, shown, send) : nothing}
    ${page === 1 ? nothing : opened(statement, send)}
  </details>`;
}

function opened(statement: Statement, send: Send): TemplateResult {
  return html`${tick("form.opened", statement.isOpened, () => send(makeStatement({ isOpened: !statement.isOpened })))}
  ${statement.isOpened ? removed(statement, send) : nothing}`;
}

function removed(statement: Statement, send: Send): TemplateResult {
  return list("form.removed", statement.removed, (value) => send(makeStatement({ removed: value })));
}

function sealAnswers(expected: readonly string[]): Answer[] {
  const none = expected.length > 0 ? [] : [{ value: "none", key: "form.seals.none" } as const];
  return [
    { value: "intact", key: "form.seals.intact" },
    { value: "list", key: "form.seals.list" },
    ...none,
    { value: "not_checked", key: "form.notchecked" },
  ];
}

function sealsStated(kind: string, { seals: before }: Statement): SealsStated {
  if (kind === "list") return before?.kind === "list" ? before : { kind, bad: new Set(), others: "" };
  return { kind: kind as "intact" | "none" | "not_checked" };
}

function otherSeals(stated: SealsStated & { kind: "list" }, expected: readonly string[], send: Send): TemplateResult {
  return list(expected.length > 0 ? "form.found.others" : "form.found", stated.others, (others) =>
    send(makeStatement({ seals: { ...stated, others } })),
  );
}

function affixed(statement: Statement, send: Send): TemplateResult {
  return list("form.affixed", statement.affixed, (value) => send(makeStatement({ affixed: value })));
}

/** At the first office of departure there is nothing to find: it affixes, or says that it does not. */
function firstSeals(statement: Statement, send: Send): TemplateResult {
  const isNone = statement.seals?.kind === "none";
  const toggle = () => send(makeStatement({ seals: isNone ? null : { kind: "none" }, affixed: "" }));
  return html`${isNone ? nothing : affixed(statement, send)} ${tick("form.affixed.none", isNone, toggle)}`;
}

// --- boxes 26 and 27, on a voucher No. 2 alone

function termination(form: StampForm, state: State, change: Change, send: Send): TemplateResult {
  const { statement, screenful } = state.lorry;
  return html`${packages(statement, screenful!, send)}
    ${form.withReservation
      ? text("form.reservation", form.reservation, LIMITS.reservation, (reservation) => change({ reservation }))
      : nothing}
    ${ends(form, state, change)}`;
}

/** What an office may say besides: only what it is approved for is offered. */
function ends(form: StampForm, { lorry, phone }: State, change: Change): TemplateResult {
  const roles = phone?.office?.roles ?? [];
  const isUnload = lorry.screenful!.does === "unload" || form.endsHere;
  return html`${roles.includes("destination") && lorry.screenful!.does !== "unload"
    ? tick("form.endshere", form.endsHere, () => change({ endsHere: !form.endsHere }))
    : nothing}
  ${roles.includes("destination") && isUnload
    ? html`${tick("form.goeson", form.goesOn, () => change({ goesOn: !form.goesOn }))}
      ${form.goesOn ? presented(form, change) : nothing}`
    : nothing}
  ${form.endsHere
    ? nothing
    : tick("form.suspension", form.isSuspension, () => change({ isSuspension: !form.isSuspension }))}`;
}

/** What was on board before a part was unloaded. */
function presented(form: StampForm, change: Change): TemplateResult {
  return box("form.presented", form.presented, (value) => change({ presented: value }), { mode: "numeric" });
}

function packages(statement: Statement, { isCountable }: Screenful, send: Send): TemplateResult {
  const stated = statement.packages;
  const answers: Answer[] = [
    { value: "as_manifest", key: "form.packages.manifest", isOff: !areSealsGood(statement) },
    isCountable
      ? { value: "counted", key: "form.packages.counted" }
      : { value: "weighed", key: "form.packages.weighed" },
    { value: "not_checked", key: "form.notchecked" },
  ];
  return html`${question("form.packages", answers, stated?.kind ?? null, (kind) =>
    send(makeStatement({ packages: packagesStated(kind) })),
  )}
  ${stated?.kind === "counted" || stated?.kind === "weighed" ? numberOf(stated, send) : nothing}`;
}

function numberOf(stated: PackagesStated & { kind: "counted" | "weighed" }, send: Send): TemplateResult {
  const key = stated.kind === "counted" ? "form.packages.number" : "form.mass";
  const changed = (number: string) => send(makeStatement({ packages: { ...stated, number } }));
  return box(key, stated.number, changed, { mode: "numeric" });
}

/** A count is counted: the box begins empty. */
function packagesStated(kind: string): PackagesStated {
  if (kind === "counted" || kind === "weighed") return { kind, number: "" };
  return { kind: kind as "as_manifest" | "not_checked" };
}

// --- vehicles and containers

function units(statement: Statement, shown: Screenful, send: Send): TemplateResult {
  const stated = statement.units;
  const answers: Answer[] = [
    { value: "all", key: "form.units.all" },
    { value: "list", key: "form.units.list" },
  ];
  return html`${question("form.units", answers, stated?.kind ?? null, (kind) =>
    send(makeStatement({ units: kind === "all" ? { kind } : { kind: "list", absent: new Set(), others: "" } })),
  )}
  ${stated?.kind === "list" ? unitsListed(stated, shown, send) : nothing}`;
}

function unitsListed(stated: UnitsStated & { kind: "list" }, shown: Screenful, send: Send): TemplateResult {
  const change = (changes: Partial<typeof stated>) => send(makeStatement({ units: { ...stated, ...changes } }));
  return html`${shown.units.map(({ name }) =>
    tickOf(name, !stated.absent.has(name), () => change({ absent: toggled(stated.absent, name) })),
  )}
  ${list("form.units.others", stated.others, (others) => change({ others }))}`;
}

// --- box 20

function timeLimit(form: StampForm, change: Change): TemplateResult {
  return box("form.limit", form.timeLimit, (value) => change({ timeLimit: value }), {
    type: "date",
    mode: "none",
    least: form.today,
    wrong: form.timeLimit !== "" && form.timeLimit < form.today,
  });
}
