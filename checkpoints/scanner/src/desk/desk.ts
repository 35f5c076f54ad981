// A desk with a signed-in officer: reads what a phone left unsent from its codes or files, hands it in, and shows what came
// of it, as a list and as codes for the phone. What it reads, sends and answers with is the phone's own code.

import type { Api, Trouble } from "../api";
import { Chain, ChainReader, type Seen, Spoilt, TooLong } from "../handover/chain";
import { type AnswerDocument, answerDocument, CannotUnpack, pack, type UnsentDocument, unpack, unsentDocument } from "../handover/document";
import type { FactValues } from "../judging/held";
import { parseUnsent, readUnsent, takeIn, type UnsentFile } from "../queue/file";
import type { Deed, Item } from "../queue/items";
import { send, type Sending } from "../queue/sending";
import { Memory } from "./memory";
import type { DeskPhrase } from "./words";

export const SPEEDS = [2, 3, 5, 8]; // codes a second
const USUAL = 5;

/** A sentence, to be said when it is drawn. */
export interface Said {
  key: DeskPhrase;
  facts: FactValues;
}

export type Step =
  | { name: "read"; reader: ChainReader; camera: "off" | "on" | "none"; isWhole: boolean }
  | { name: "look"; document: UnsentDocument }
  | { name: "send" }
  | { name: "done"; sending: Sending }
  | { name: "show"; chain: Chain; index: number; perSecond: number; isPaused: boolean };

/** Who sits at the desk, and where. */
export interface Sitting {
  officer: string;
  office: string;
}

export class Desk {
  step: Step = beginning();
  note: Said | null = null;
  private memory = new Memory();
  private sent: Sending = "sent";

  constructor(
    readonly sitting: Sitting,
    private readonly api: Api,
    private readonly changed: () => void,
  ) {}

  get items(): Item[] {
    return this.memory.now();
  }

  private go(step: Step, note: Said | null = null): void {
    [this.step, this.note] = [step, note];
    this.changed();
  }

  private tell(key: DeskPhrase, facts: FactValues = {}): void {
    this.note = { key, facts };
    this.changed();
  }

  // --- reading

  setCamera(camera: "off" | "on" | "none"): void {
    const { step } = this;
    if (step.name === "read" && step.camera !== camera) this.go({ ...step, camera });
  }

  /** The camera sees a code. */
  async see(text: string): Promise<void> {
    const { step } = this;
    if (step.name !== "read" || step.isWhole) return;
    const seen = step.reader.see(text);
    if (seen === "known") return;
    const note = NOTES[seen];
    const isWhole = step.reader.held > 0 && step.reader.held === step.reader.count;
    this.go({ ...step, isWhole }, note ? { key: note, facts: { transfer: step.reader.name } } : null);
    if (isWhole) await this.finish(step.reader);
  }

  private async finish(reader: ChainReader): Promise<void> {
    const document = await documentOf(reader);
    const { step } = this;
    if (step.name !== "read" || step.reader !== reader) return;
    if (typeof document === "string") return this.readAnew(document);
    if (!("files" in document)) return this.readAnew("read.answer");
    this.go({ name: "look", document });
  }

  private readAnew(why: DeskPhrase): void {
    const { step } = this;
    if (step.name === "read") this.go({ ...step, reader: new ChainReader(), isWhole: false }, { key: why, facts: {} });
  }

  /** Take the files that a phone saved, all of them or none. */
  async take(files: { name: string; text(): Promise<string> }[]): Promise<void> {
    const read: UnsentFile[] = [];
    for (const file of files) {
      try {
        read.push(parseUnsent(await file.text()));
      } catch {
        return this.tell("read.notafile", { name: file.name });
      }
    }
    if (read.length > 0 && this.step.name === "read") this.go({ name: "look", document: unsentDocument(this.sitting.office, read) });
  }

  // --- handing in

  get isOfThisOffice(): boolean {
    return this.step.name === "look" && this.step.document.office === this.sitting.office;
  }

  /** Put on record what was read; nothing was kept before. */
  async handIn(): Promise<void> {
    const { step } = this;
    if (step.name !== "look" || !this.isOfThisOffice) return;
    await takeIn(this.memory, step.document.files, { office: step.document.office, now: Date.now() });
    await this.sendOn();
  }

  /** Why the server gave nothing when it was last asked. */
  get trouble(): Trouble | null {
    return this.api.trouble;
  }

  /** Send what has no answer yet. */
  async sendOn(): Promise<void> {
    this.go({ name: "send" });
    try {
      this.sent = await send(this.memory, this.api, this.changed);
    } catch {
      this.sent = "some"; // a fault of ours: what has an answer has it, and the rest is on the phone
    }
    this.showOutcomes();
  }

  showOutcomes(): void {
    this.go({ name: "done", sending: this.sent });
  }

  // --- showing the receipts

  async showAnswer(): Promise<void> {
    const { bytes, isPacked } = await pack(answerDocument(this.sitting.officer, this.items, Date.now()));
    try {
      const chain = await Chain.of(bytes, isPacked);
      this.go({ name: "show", chain, index: 0, perSecond: USUAL, isPaused: false });
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
      this.tell("out.toolong");
    }
  }

  /** The next code. */
  advance(): void {
    const { step } = this;
    if (step.name === "show" && !step.isPaused) this.go({ ...step, index: step.index + 1 });
  }

  pause(): void {
    const { step } = this;
    if (step.name === "show") this.go({ ...step, isPaused: !step.isPaused });
  }

  /** Faster by one step, or slower by `-1`. */
  speed(by: 1 | -1): void {
    const { step } = this;
    if (step.name === "show") this.go({ ...step, perSecond: SPEEDS[SPEEDS.indexOf(step.perSecond) + by] ?? step.perSecond });
  }

  /** Forget this phone, and wait for the next. */
  begin(): void {
    this.memory = new Memory();
    this.go(beginning());
  }
}

const NOTES: Partial<Record<Seen, DeskPhrase>> = { other: "read.other", none: "read.strange" };

function beginning(): Step {
  return { name: "read", reader: new ChainReader(), camera: "off", isWhole: false };
}

/** What was read, or why it cannot be believed. */
async function documentOf(reader: ChainReader): Promise<UnsentDocument | AnswerDocument | DeskPhrase> {
  try {
    const { bytes, isPacked } = (await reader.whole())!;
    return await unpack(bytes, isPacked);
  } catch (error) {
    if (error instanceof Spoilt) return "read.spoilt";
    return error instanceof CannotUnpack ? "read.cannotunpack" : "read.nodocument";
  }
}

export function deedsOf({ files }: UnsentDocument): Deed[] {
  return files.flatMap(readUnsent);
}
