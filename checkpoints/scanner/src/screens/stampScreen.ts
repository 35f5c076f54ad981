// The second tap: what the stamp will say, where the voucher has a box for it; the same button again makes it.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send, showing } from "../actions/action";
import { changeStamp, makeStamp, makeStatement } from "../actions/carnet";
import { missingInStamp, type StampForm } from "../forms";
import { LIMITS } from "../judging/generated";
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
} from "../statement";
import { say } from "../words/words";
import { sayClock, shownNow } from "./shown";
import { act, type Answer, bar, box, list, question, sealChips, sealMark, text, tick, verdictShape } from "./widgets";

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
      ${form.page === null ? nothing : seals(lorry, form.page, send)}
      ${form.page !== null && isTermination(form.page) ? termination(form, statement, change, send) : nothing}
      ${form.page !== null && isStart(form.page) ? timeLimit(form, change) : nothing}
    </main>
    <footer class="do">
      ${act(`✔ ${say("confirm.stamp")}`, () => send(deliberate(makeStamp)), {
        why: missingInStamp(form, statement, shown),
        isBusy: state.isBusy,
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
    ${isRenewed ? affixed(statement, send) : nothing}`;
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

function termination(form: StampForm, statement: Statement, change: Change, send: Send): TemplateResult {
  return html`${packages(statement, send)}
    ${form.withReservation
      ? text("form.reservation", form.reservation, LIMITS.reservation, (reservation) => change({ reservation }))
      : nothing}
    ${tick("form.partial", form.isPartial, () => change({ isPartial: !form.isPartial }))}
    ${tick("form.suspension", form.isSuspension, () => change({ isSuspension: !form.isSuspension }))}`;
}

function packages(statement: Statement, send: Send): TemplateResult {
  const stated = statement.packages;
  const answers: Answer[] = [
    { value: "as_manifest", key: "form.packages.manifest", isOff: !areSealsGood(statement) },
    { value: "counted", key: "form.packages.counted" },
    { value: "not_checked", key: "form.notchecked" },
  ];
  return html`${question("form.packages", answers, stated?.kind ?? null, (kind) =>
      send(makeStatement({ packages: packagesStated(kind) })),
    )}
    ${stated?.kind === "counted"
      ? box("form.packages.number", stated.packages, (value) => send(makeStatement({ packages: { ...stated, packages: value } })), {
          mode: "numeric",
        })
      : nothing}`;
}

/** A count is counted: the box begins empty. */
function packagesStated(kind: string): PackagesStated {
  return kind === "counted" ? { kind, packages: "" } : { kind: kind as "as_manifest" | "not_checked" };
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
