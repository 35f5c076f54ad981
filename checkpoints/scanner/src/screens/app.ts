// The app: which screen is up, and what the officer does on it. Screens draw from here and call back here.

import { render } from "lit-html";
import { Api, Unheard } from "../api";
import { dayAt } from "../clock";
import type { Look } from "../look";
import { Phone, type Scanned, VERSION } from "../phone";
import type { Deed, Item } from "../queue/items";
import { type Counts, countUnsent } from "../queue/queue";
import { signal } from "../signals";
import { type Database, type Enrolment, erase } from "../store/database";
import { changePassword, changePin, enrol, readEnrolment, unlockWithPin } from "../store/enrolment";
import { unlock, type Vault } from "../store/vault";
import { currentLanguage, type Key, type Language, languageTag, say, speak } from "../words/words";
import { emptyReport, type ReportForm, type StampForm } from "./forms";
import { draw } from "./draw";

export type Screen =
  | "signin"
  | "pin-choose"
  | "pin-repeat"
  | "lock"
  | "forgotten"
  | "scan"
  | "see"
  | "more"
  | "confirm"
  | "wrong"
  | "report"
  | "refusal"
  | "done"
  | "queue"
  | "settings";

const IDLE = 5 * 60_000;
const SERVER_BEFORE_VERDICT = 400; // milliseconds
const ARMING = 350;
const OUT_OF_VIEW = 2_500;

export class App {
  screen: Screen = "signin";
  enrolment: Enrolment | undefined;
  phone: Phone | null = null;
  unsent: Counts = { waiting: 0, problem: 0 };
  notice = "";
  isBusy = false;
  pin = "";
  lockedUntil = 0;
  typed = "";
  typedPage: number | null = null;
  look: Look | null = null;
  isAsking = false;
  badSeals = new Set<string>();
  form: StampForm | null = null;
  report: ReportForm = emptyReport();
  done: Item | null = null;
  items: Item[] = [];
  armed = "";
  hasSound = true;
  isPersisted = false;
  hasCamera = true;
  torch: boolean | null = null;
  install: (() => void) | null = null;
  goods: string[] | null = null;
  private scanned: Scanned | null = null;
  private chosenPin = "";
  private changing: { pin: string } | { password: string } | null = null;
  private credentials: { username: string; password: string; office: string } | null = null;
  private pending: { token: string; expiresAt: string; device: string | null } | null = null;
  private lastTouch = Date.now();
  private shownAt = 0;
  private isReading = false;
  private codeInView = { text: "", at: 0 };

  constructor(
    private readonly database: Database,
    private readonly root: HTMLElement,
  ) {}

  async begin(): Promise<void> {
    this.enrolment = await readEnrolment(this.database);
    const language = (await this.database.get("plain", "language")) as Language | undefined;
    if (language) speak(language);
    this.hasSound = (await this.database.get("plain", "sound")) !== false;
    await this.refreshCounts();
    this.show(this.enrolment ? "lock" : "signin");
  }

  /** Draw what is; cheap, and in place. */
  draw(): void {
    document.documentElement.lang = languageTag();
    render(draw(this), this.root);
  }

  show(screen: Screen): void {
    this.screen = screen;
    this.armed = "";
    this.notice = "";
    this.shownAt = Date.now();
    this.draw();
    if (screen === "scan") performance.mark("scan-shown");
  }

  /** A second tap on a button that has just changed its meaning is a slip of the finger, not a wish. */
  get isArmed(): boolean {
    return Date.now() - this.shownAt >= ARMING;
  }

  tell(key: Key, facts = {}): void {
    this.notice = say(key, facts);
    this.draw();
  }

  async switchLanguage(language: Language): Promise<void> {
    speak(language);
    await this.database.put("plain", language, "language");
    this.draw();
    if (this.screen === "see" && this.scanned) await this.lookAt(this.scanned);
  }

  async switchSound(): Promise<void> {
    this.hasSound = !this.hasSound;
    await this.database.put("plain", this.hasSound, "sound");
    this.draw();
  }

  // --- enrolling and unlocking

  async signIn(username: string, password: string, lane: string): Promise<void> {
    if (this.enrolment && this.enrolment.username !== username) {
      return this.tell("signin.other", { username: this.enrolment.username });
    }
    await this.busy(async () => {
      const office = await this.askForToken(username, password, lane);
      if (office === null) return;
      if (this.phone && this.enrolment) {
        await this.takeToken(password);
      } else {
        this.credentials = { username, password, office };
        this.show("pin-choose");
      }
    });
  }

  /** Return the office, or say what is wrong and return null. The sign-in's token is changed for the device's own. */
  private async askForToken(username: string, password: string, lane: string): Promise<string | null> {
    const signed = await new Api(null, languageTag).post<{
      token: string;
      expires_at: string;
      user: { office: string | null };
    }>("auth/token/", { username, password });
    if (signed.problem) {
      this.notice = signed.problem.detail ?? "";
      return null;
    }
    const { token, expires_at: expiresAt, user } = signed.body;
    if (!user.office) {
      this.tell("signin.unposted");
      return null;
    }
    this.pending = { token, expiresAt, device: null };
    const api = new Api(token, languageTag);
    const name = `${username} ${new Date().toISOString().slice(0, 10)}`;
    const device = await api.post<{ id: string; token: string; expires_at: string }>("devices/", { name, lane });
    if (!device.problem) {
      this.pending = { token: device.body.token, expiresAt: device.body.expires_at, device: device.body.id };
      await api.post("auth/logout/", {}).catch(() => undefined);
    }
    return user.office;
  }

  private async takeToken(password: string): Promise<void> {
    const phone = this.phone!;
    phone.session = this.pending!;
    await phone.drawer.write("session", this.pending!);
    if (this.chosenPin) await changePassword(this.database, this.chosenPin, password);
    this.show("scan");
    void phone.sync();
  }

  press(digit: string): void {
    if (this.isBusy || this.pin.length >= 6) return;
    this.pin += digit;
    this.notice = "";
    this.draw();
    if (this.pin.length === 6) void this.takePin();
  }

  unpress(): void {
    this.pin = this.pin.slice(0, -1);
    this.draw();
  }

  private async takePin(): Promise<void> {
    const pin = this.pin;
    await this.busy(async () => {
      if (this.screen === "lock") await this.unlock(pin);
      else if (this.screen === "pin-choose") this.choosePin(pin);
      else if (pin !== this.chosenPin) {
        this.show("pin-choose");
        this.notice = say("pin.differs");
      } else if (this.changing) await this.open(await changePin(this.database, this.changing, pin));
      else await this.enrolWith(pin);
    });
    this.pin = "";
    this.draw();
  }

  private choosePin(pin: string): void {
    this.chosenPin = pin;
    this.show("pin-repeat");
  }

  private async enrolWith(pin: string): Promise<void> {
    const { username, password, office } = this.credentials!;
    const vault = await enrol(this.database, { username, office, pin, password });
    this.credentials = null;
    await this.database.put("plain", currentLanguage(), "language");
    await this.open(vault, this.pending!);
    this.isPersisted = (await navigator.storage?.persist?.()) ?? false;
  }

  private async unlock(pin: string): Promise<void> {
    const answer = await unlockWithPin(this.database, pin, Date.now());
    if ("vault" in answer) {
      this.chosenPin = pin;
      return this.open(answer.vault);
    }
    this.lockedUntil = answer.waitUntil;
    this.countDown();
  }

  private countDown(): void {
    const seconds = Math.ceil((this.lockedUntil - Date.now()) / 1000);
    this.notice = seconds > 0 ? say("pin.wait", { seconds }) : say("pin.wrong");
    this.draw();
    if (seconds > 0 && this.screen === "lock") setTimeout(() => this.countDown(), 1000);
  }

  async forgetPin(password: string): Promise<void> {
    await this.busy(async () => {
      try {
        await unlock(this.enrolment!.password, password);
        this.changing = { password };
        this.show("pin-choose");
      } catch {
        this.notice = say("pin.password.wrong");
      }
    });
  }

  changePin(): void {
    this.changing = { pin: this.chosenPin };
    this.show("pin-choose");
  }

  private async open(vault: Vault, session: typeof this.pending = null): Promise<void> {
    this.changing = null;
    this.phone?.close();
    this.enrolment = await readEnrolment(this.database);
    const phone = new Phone(this.database, vault, {
      changed: () => void this.refreshCounts(),
      refused: () => this.signInAgain(),
    });
    if (session) await phone.drawer.write("session", session);
    await phone.open(Date.now());
    this.phone = phone;
    this.lastTouch = Date.now();
    this.isPersisted = (await navigator.storage?.persisted?.()) ?? false;
    this.show("scan");
    void phone.sync();
  }

  private signInAgain(): void {
    if (["scan", "queue", "settings", "done"].includes(this.screen)) this.show("signin");
  }

  lock(): void {
    this.phone?.close();
    this.phone = null;
    this.look = null;
    this.form = null;
    this.chosenPin = "";
    this.items = [];
    this.show("lock");
  }

  touch(): void {
    this.lastTouch = Date.now();
  }

  tick(): void {
    if (this.phone && Date.now() - this.lastTouch > IDLE) this.lock();
    else this.draw();
  }

  async leave(): Promise<void> {
    const { waiting, problem } = this.unsent;
    if (waiting + problem > 0) return this.tell("settings.leave.unsent", { n: waiting + problem });
    if (this.armed !== "leave") return this.arm("leave");
    await this.phone?.api.post("auth/logout/", {}).catch(() => undefined);
    this.phone?.close();
    this.phone = null;
    await erase(this.database);
    this.enrolment = undefined;
    this.show("signin");
  }

  arm(what: string): void {
    this.armed = what;
    this.draw();
  }

  async refreshCounts(): Promise<void> {
    this.unsent = this.phone ? this.phone.counts : await countUnsent(this.database);
    if (this.screen === "queue" && this.phone) this.items = await this.phone.queue.all();
    if (this.done && this.phone) this.done = (await this.phone.itemOf(this.done.body.id)) ?? this.done;
    this.draw();
  }

  /** Run something that takes a moment; what goes wrong with the network is told. */
  async busy(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.draw();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Unheard)) throw error;
      this.notice = say("signin.offline");
    } finally {
      this.isBusy = false;
      this.draw();
    }
  }

  // --- scanning and seeing

  /** The camera sees a code. The one just dealt with must leave the picture first: nobody wants the last lorry again. */
  async seeCode(text: string): Promise<void> {
    const isLingering = text === this.codeInView.text && Date.now() - this.codeInView.at < OUT_OF_VIEW;
    this.codeInView = { text, at: Date.now() };
    if (!isLingering) await this.read(text);
  }

  /** A code came by the camera, or by a handheld scanner into the field. */
  async read(text: string): Promise<void> {
    if (this.isReading || this.screen !== "scan") return;
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
    const phone = this.phone;
    if (!phone) return;
    const alone = await phone.lookAlone(scanned, Date.now());
    if (!alone) return this.tell("scan.bundle");
    const isGenuine = !alone.reasons.some(({ code }) => code.startsWith("token_"));
    this.scanned = scanned;
    const asked = navigator.onLine ? phone.lookAtServer(scanned, alone) : Promise.resolve(null);
    const quick = await Promise.race([asked, pause(SERVER_BEFORE_VERDICT)]);
    this.isAsking = quick === undefined;
    this.seeLook(quick ?? alone);
    if (quick !== undefined) return;
    const late = await asked;
    this.isAsking = false;
    if (this.scanned === scanned && late && this.isWanted(late, isGenuine)) this.seeLook(late);
    else this.draw();
  }

  /** A late answer replaces the verdict while that is up; a late stop also brings back who has gone on from it. */
  private isWanted(late: Look, isGenuine: boolean): boolean {
    if (late.verdict === "stop") return ["see", "more", "confirm", "wrong"].includes(this.screen);
    return isGenuine && this.screen === "see";
  }

  private seeLook(look: Look): void {
    const isNews = this.look?.verdict !== look.verdict || this.screen !== "see";
    this.look = look;
    this.badSeals = new Set([...this.badSeals].filter((seal) => look.seals?.includes(seal)));
    this.goods = null;
    this.show("see");
    performance.mark("verdict-shown");
    if (isNews) signal(look.verdict, this.hasSound);
  }

  lookAtTyped(number: string): void {
    void this.lookAt({ qr: null, number, page: this.typedPage });
  }

  toggleSeal(seal: string): void {
    if (this.badSeals.has(seal)) this.badSeals.delete(seal);
    else this.badSeals.add(seal);
    this.draw();
  }

  nextLorry(): void {
    this.look = null;
    this.scanned = null;
    this.form = null;
    this.done = null;
    this.typed = "";
    this.typedPage = null;
    this.badSeals.clear();
    this.report = emptyReport();
    this.show("scan");
  }

  async more(): Promise<void> {
    this.show("more");
    const number = this.look?.number;
    if (!number || !navigator.onLine || !this.phone) return;
    try {
      const answer = await this.phone.api.get<{ goods: { description: string; packages: number }[] }>(
        `carnets/${number}/`,
      );
      if (!answer.problem) this.goods = answer.body.goods.map((each) => `${each.packages} × ${each.description}`);
      this.draw();
    } catch {
      // the screen says that the goods stand on the manifest
    }
  }

  // --- stamping, reporting, refusing

  beginStamp(withReservation = false): void {
    const { look, phone } = this;
    if (!look || !phone?.bundle || !this.isArmed) return;
    const { office, territories } = phone.bundle;
    const territory = territories.find((each) => each.code === office.territory);
    const isStart = (look.page ?? 0) % 2 === 1;
    this.form = {
      page: look.page,
      affixed: "",
      found: "",
      packages: look.packages === null ? "" : String(look.packages),
      timeLimit: isStart ? dayAt(Date.now(), office.time_zone, territory?.default_transit_days ?? 10) : "",
      isPartial: false,
      isSuspension: false,
      reservation: "",
      withReservation,
    };
    this.show("confirm");
  }

  async do(deed: Deed, role: Look["role"]): Promise<void> {
    const { phone, look } = this;
    if (!phone || this.isBusy) return;
    await this.busy(async () => {
      const wasOnline = look?.source === "server";
      this.done = await phone.do(deed, { role, wasOnline, now: Date.now() });
      this.show("done");
      performance.mark("stamp-kept");
    });
    await this.syncSoon();
  }

  async syncSoon(): Promise<void> {
    const heard = await this.phone?.sync();
    if (!heard && this.unsent.waiting > 0) await askForBackgroundSync();
  }

  async showQueue(): Promise<void> {
    this.items = (await this.phone?.queue.all()) ?? [];
    this.show("queue");
  }

  get version(): string {
    return VERSION;
  }
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}

/** Where the browser has it, it wakes the app when the network returns. */
async function askForBackgroundSync(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.ready;
    await (registration as { sync?: { register(tag: string): Promise<void> } })?.sync?.register("unsent");
  } catch {
    // not on this browser: the app tries by itself while it is open
  }
}
