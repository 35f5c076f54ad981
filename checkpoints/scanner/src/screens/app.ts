// The app: which screen is up, and what the officer does on it. Screens draw from here and call back here.

import { render } from "lit-html";
import { Unheard } from "../api";
import { dayAt } from "../clock";
import type { Look } from "../look";
import { Phone, VERSION } from "../phone";
import type { Deed, Item, StampItem } from "../queue/items";
import { type Counts, countUnsent } from "../queue/queue";
import { type Database, type Enrolment, erase } from "../store/database";
import type { Session } from "../store/drawer";
import { readEnrolment } from "../store/enrolment";
import type { Vault } from "../store/vault";
import { type Key, type Language, languageTag, say, speak } from "../words/words";
import { draw } from "./draw";
import { Entry } from "./entry";
import { emptyReport, type ReportForm, type StampForm } from "./forms";
import { Sight } from "./sight";

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
  | "takeback"
  | "settings";

const IDLE = 5 * 60_000;
const ARMING = 350;

export class App {
  screen: Screen = "signin";
  readonly entry: Entry;
  readonly sight: Sight;
  enrolment: Enrolment | undefined;
  phone: Phone | null = null;
  unsent: Counts = { waiting: 0, problem: 0 };
  notice = "";
  isBusy = false;
  typed = "";
  typedPage: number | null = null;
  look: Look | null = null;
  isAsking = false;
  badSeals = new Set<string>();
  form: StampForm | null = null;
  report: ReportForm = emptyReport();
  done: Item | null = null;
  takingBack: { stamp: StampItem; reason: string } | null = null;
  items: Item[] = [];
  armed = "";
  hasSound = true;
  isPersisted = false;
  hasCamera = true;
  torch: boolean | null = null;
  install: (() => void) | null = null;
  goods: string[] | null = null;
  private lastTouch = Date.now();
  private shownAt = 0;

  constructor(
    private readonly database: Database,
    private readonly root: HTMLElement,
  ) {
    this.entry = new Entry(this, database);
    this.sight = new Sight(this);
  }

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
    if (this.screen === "see") await this.sight.again();
  }

  async switchSound(): Promise<void> {
    this.hasSound = !this.hasSound;
    await this.database.put("plain", this.hasSound, "sound");
    this.draw();
  }

  // --- opening and locking

  async open(vault: Vault, session: Session | null = null): Promise<void> {
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
    this.takingBack = null;
    this.entry.forget();
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
    await this.refreshDone();
    this.draw();
  }

  /** The receipt on the screen learns what became of its deed; another deed may have taken its place meanwhile. */
  private async refreshDone(): Promise<void> {
    const id = this.done?.body.id;
    const item = id && (await this.phone?.itemOf(id));
    if (item && this.done?.body.id === id) this.done = item;
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

  // --- seeing

  toggleSeal(seal: string): void {
    if (this.badSeals.has(seal)) this.badSeals.delete(seal);
    else this.badSeals.add(seal);
    this.draw();
  }

  nextLorry(): void {
    this.look = null;
    this.sight.forget();
    this.form = null;
    this.done = null;
    this.takingBack = null;
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

  beginTakeBack(stamp: StampItem): void {
    this.takingBack = { stamp, reason: "" };
    this.show("takeback");
  }

  async do(deed: Deed, role: Look["role"], wasOnline = this.look?.source === "server"): Promise<void> {
    const { phone } = this;
    if (!phone || this.isBusy) return;
    await this.busy(async () => {
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

/** Where the browser has it, it wakes the app when the network returns. */
async function askForBackgroundSync(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.ready;
    await (registration as { sync?: { register(tag: string): Promise<void> } })?.sync?.register("unsent");
  } catch {
    // not on this browser: the app tries by itself while it is open
  }
}
