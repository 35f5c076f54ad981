// What an officer does in a hand-over: shows codes, reads them, takes over, answers.

import { type Action, type App, deliberate, show } from "../actions/action";
import { showQueue } from "../actions/queue";
import { syncSoon } from "../actions/recording";
import { allUnsent, filesOf, OfAnotherInstallation, readUnsent, takeIn } from "../queue/file";
import type { Item } from "../queue/items";
import { hearAnswer } from "./answer";
import { Chain, ChainReader, Spoilt, TooLong } from "./chain";
import { type AnswerDocument, answerDocument, CannotUnpack, pack, type UnsentDocument, unpack, unsentDocument } from "./document";
import type { Said, Showing, Step } from "./handover";
import { type Phrase, phrase } from "./words";

const SPEEDS = [2, 3, 5, 8]; // frames a second
const USUAL = 5;
/** Characters of JSON: a report with a photo is more, and would be a chain of its own. */
const LARGEST_ITEM = 6_000;

function go(app: App, step: Step): void {
  app.state.handover = step;
  show(app, "handover");
}

/** The step, while it is that one still. */
function stepOf<Name extends Step["name"]>({ state }: App, name: Name): Extract<Step, { name: Name }> | null {
  const step = state.handover;
  return state.screen === "handover" && step?.name === name ? (step as Extract<Step, { name: Name }>) : null;
}

function change<Kind extends Step>({ state }: App, step: Kind, changes: Partial<Kind>): void {
  if (state.handover === step) state.handover = { ...step, ...changes };
}

export const leave: Action = async (app) => {
  app.state.handover = null;
  await showQueue(app);
};

// --- showing

export const showUnsent: Action = async (app) => {
  const { phone, enrolment } = app.state;
  if (!phone || !enrolment) return;
  const office = phone.bundle?.office.code ?? enrolment.office;
  const all = await allUnsent(phone.queue);
  const here = all.filter((item) => item.office === office || item.office === "");
  const small = here.filter((item) => JSON.stringify(item.body).length <= LARGEST_ITEM);
  const leavesOut = [...saidIfAny("show.large", here.length - small.length), ...saidIfAny("show.elsewhere", all.length - here.length)];
  const why = leavesOut.map(({ key, facts }) => phrase(key, facts)).join(" ");
  if (small.length === 0) return refuse(app, why || phrase("show.nothing"));
  const by = { officer: enrolment.username, device: phone.session?.device ?? null, now: Date.now(), ...phone.installed };
  const says: Said = { key: "show.unsent", facts: { n: small.length } };
  await showChain(app, unsentDocument(office, filesOf(small, by)), { says, leavesOut, isAnswer: false });
};

export const showAnswer: Action = async (app) => {
  const { phone, enrolment } = app.state;
  if (!phone || !enrolment) return;
  const taken = (await phone.queue.all()).filter(({ maker }) => maker);
  const answer = answerDocument(enrolment.username, taken, Date.now());
  const count = (...outcomes: string[]) => answer.results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const facts = { recorded: count("recorded"), decide: count("conflict", "rejected"), waiting: count("taken") };
  await showChain(app, answer, { says: { key: "show.answer", facts }, leavesOut: [], isAnswer: true });
};

function saidIfAny(key: Phrase, n: number): Said[] {
  return n > 0 ? [{ key, facts: { n } }] : [];
}

async function showChain(
  app: App,
  document: UnsentDocument | AnswerDocument,
  told: Pick<Showing, "says" | "leavesOut" | "isAnswer">,
): Promise<void> {
  const { bytes, isPacked } = await pack(document);
  try {
    const chain = await Chain.of(bytes, isPacked);
    go(app, { name: "show", chain, index: -1, perSecond: USUAL, isPaused: false, ...told });
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    await refuse(app, phrase("show.toolong"));
  }
}

async function refuse(app: App, why: string): Promise<void> {
  await showQueue(app);
  app.state.notice = why;
}

/** The next frame. */
export const advance: Action = (app) => {
  const step = stepOf(app, "show");
  if (step && !step.isPaused) change(app, step, { index: step.index + 1 });
};

export const pause: Action = (app) => {
  const step = stepOf(app, "show");
  if (step) change(app, step, { isPaused: !step.isPaused });
};

/** Faster by one step, or slower by `-1`. */
export function speed(by: 1 | -1): Action {
  return (app) => {
    const step = stepOf(app, "show");
    if (step) change(app, step, { perSecond: SPEEDS[SPEEDS.indexOf(step.perSecond) + by] ?? step.perSecond });
  };
}

export function isFastest({ perSecond }: Showing): boolean {
  return perSecond === SPEEDS.at(-1);
}

export function isSlowest({ perSecond }: Showing): boolean {
  return perSecond === SPEEDS[0];
}

// --- reading

export const beginReading: Action = (app) => {
  if (app.state.phone) go(app, { name: "read", reader: new ChainReader(), hasCamera: true, isWhole: false, note: null });
};

export const noCamera: Action = (app) => {
  const step = stepOf(app, "read");
  if (step) change(app, step, { hasCamera: false });
};

/** The camera sees a code. */
export function see(text: string): Action {
  return async (app) => {
    const step = stepOf(app, "read");
    if (!step || step.isWhole) return;
    const seen = step.reader.see(text);
    if (seen === "known") return;
    const isWhole = step.reader.held > 0 && step.reader.held === step.reader.count;
    change(app, step, { isWhole, note: NOTES[seen] ?? null });
    if (isWhole) await finish(app, step.reader);
  };
}

const NOTES: Record<string, Phrase | undefined> = { other: "read.other", none: "read.strange" };

async function finish(app: App, reader: ChainReader): Promise<void> {
  const document = await documentOf(reader);
  if (typeof document === "string") {
    const step = stepOf(app, "read");
    if (step) change(app, step, { reader: new ChainReader(), isWhole: false, note: document });
    return;
  }
  navigator.vibrate?.(60);
  if ("files" in document) await look(app, document, reader.name);
  else await hear(app, document);
}

/** What was read, or why it cannot be believed. */
async function documentOf(reader: ChainReader): Promise<UnsentDocument | AnswerDocument | Phrase> {
  try {
    const { bytes, isPacked } = (await reader.whole())!;
    return await unpack(bytes, isPacked);
  } catch (error) {
    if (error instanceof Spoilt) return "read.spoilt";
    return error instanceof CannotUnpack ? "read.cannotunpack" : "read.nodocument";
  }
}

async function look(app: App, document: UnsentDocument, transfer: string): Promise<void> {
  const { phone, enrolment } = app.state;
  if (!phone || !enrolment || !stepOf(app, "read")) return;
  const known = new Set((await phone.queue.all()).map((item) => item.body.id));
  const fresh = document.files.flatMap(readUnsent).filter(({ body }) => !known.has(body.id)).length;
  const office = phone.bundle?.office.code ?? enrolment.office;
  go(app, { name: "look", document, transfer, fresh, isOfThisOffice: document.office === office });
}

async function hear(app: App, answer: AnswerDocument): Promise<void> {
  const { phone } = app.state;
  if (!phone || !stepOf(app, "read")) return;
  const heard = await hearAnswer(phone.queue, answer, Date.now());
  await phone.recount();
  go(app, { name: "heard", officer: answer.officer, heard });
}

// --- taking over

export const takeOver: Action = deliberate(async (app) => {
  const { phone, isBusy } = app.state;
  const step = stepOf(app, "look");
  if (!phone || !step || !step.isOfThisOffice || isBusy) return;
  app.state.isBusy = true;
  try {
    const fresh = await takeIn(phone.queue, step.document.files, { office: step.document.office, now: Date.now(), ...phone.installed });
    await phone.recount();
    go(app, { name: "taken", fresh, officers: officersOf(step.document) });
  } catch (error) {
    // No room left, or a phone for something else: the colleague's phone has it all the same.
    app.state.notice = phrase(error instanceof OfAnotherInstallation ? "look.otherinstallation" : "look.notkept");
    return;
  } finally {
    app.state.isBusy = false;
  }
  await syncSoon(app);
});

export function officersOf({ files }: UnsentDocument): string[] {
  return [...new Set(files.map(({ officer }) => officer))];
}

export function deedsOf({ files }: UnsentDocument): Pick<Item, "kind" | "body">[] {
  return files.flatMap(readUnsent);
}
