// Sight: from a code or a number to the verdict on the screen.

import type { Look } from "../look";
import type { Phone, Scanned } from "../phone";
import { signal } from "../signals";
import type { App } from "./app";

const SERVER_BEFORE_VERDICT = 400; // milliseconds; then the phone's own verdict is shown
const OUT_OF_VIEW = 2_500;
const ALTERED = new Set(["token_malformed", "token_signature_invalid"]);

export class Sight {
  private scanned: Scanned | null = null;
  private isReading = false;
  private dealtWith = { text: "", at: 0 };

  constructor(private readonly app: App) {}

  /** The next lorry: the last one's voucher may still lie before the camera. */
  forget(): void {
    this.scanned = null;
    this.dealtWith.at = Date.now();
  }

  /** Look once more, in another language. */
  async again(): Promise<void> {
    if (this.scanned) await this.lookAt(this.scanned);
  }

  /** The camera sees a code. The one just dealt with must leave the picture first: nobody wants the last lorry again. */
  async seeCode(text: string): Promise<void> {
    const isLingering = text === this.dealtWith.text && Date.now() - this.dealtWith.at < OUT_OF_VIEW;
    if (isLingering) this.dealtWith.at = Date.now();
    else await this.read(text);
    if (this.app.screen === "see") this.dealtWith = { text, at: Date.now() };
  }

  /** A code came by the camera, or by a handheld scanner into the field. */
  async read(text: string): Promise<void> {
    if (this.isReading || this.app.screen !== "scan") return;
    this.isReading = true;
    performance.mark("code-read");
    try {
      await this.lookAt({ qr: text.trim(), number: null, page: null });
    } finally {
      this.isReading = false;
    }
  }

  /** Show the phone's verdict, or the server's when that comes quickly; replace it in place when that comes late. */
  async lookAt(scanned: Scanned): Promise<void> {
    const phone = this.app.phone;
    if (!phone) return;
    const alone = await phone.lookAlone(scanned, Date.now());
    if (!alone) return this.app.tell("scan.bundle");
    this.scanned = scanned;
    const asked = navigator.onLine ? this.ask(phone, scanned, alone) : Promise.resolve(null);
    const quick = await Promise.race([asked, pause(SERVER_BEFORE_VERDICT)]);
    this.app.isAsking = quick === undefined;
    this.seeLook(quick ?? alone);
    if (quick !== undefined) return;
    const late = await asked;
    this.app.isAsking = false;
    if (this.scanned === scanned && late && this.isWanted(late)) this.seeLook(late);
    else this.app.draw();
  }

  /** A code that the phone found altered stays a stop, whatever answers; one of an unknown key the server may know. */
  private async ask(phone: Phone, scanned: Scanned, alone: Look): Promise<Look | null> {
    const answer = await phone.lookAtServer(scanned, alone);
    const isAltered = alone.reasons.some(({ code }) => ALTERED.has(code));
    return isAltered && answer?.verdict !== "stop" ? null : answer;
  }

  /** A late answer replaces the verdict while that is up; a late stop also brings back who has gone on from it. */
  private isWanted(late: Look): boolean {
    const from = late.verdict === "stop" ? ["see", "more", "confirm", "wrong"] : ["see"];
    return from.includes(this.app.screen);
  }

  private seeLook(look: Look): void {
    const isNews = this.app.look?.verdict !== look.verdict || this.app.screen !== "see";
    this.app.look = look;
    this.app.badSeals = new Set([...this.app.badSeals].filter((seal) => look.seals?.includes(seal)));
    this.app.goods = null;
    this.app.show("see");
    performance.mark("verdict-shown");
    if (isNews) signal(look.verdict, this.app.hasSound);
  }

  lookAtTyped(number: string): void {
    void this.lookAt({ qr: null, number, page: this.app.typedPage });
  }
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
