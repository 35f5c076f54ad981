// The phone of one officer at one office: what it holds, what it keeps, and how it talks to the server.

import { Api, type Answer, Refused, type Trouble, Unheard } from "./api";
import type { Carnet, Office, Role } from "./judging/held";
import { withOwnDeeds } from "./queue/evidence";
import { heartbeat, type Urgency, urgencyOf, waitsSince } from "./queue/heartbeat";
import type { SaidLog, SeenLog } from "./log/witness";
import { type Deed, type Item, isTakenBack, isWithdrawn, stands } from "./queue/items";
import { type Counts, Queue } from "./queue/queue";
import { pauseAfter, send } from "./queue/sending";
import {
  presentedBy,
  type ScanAnswer,
  type Screenful,
  screenfulAlone,
  screenfulOfServer,
  withOwnStamp,
} from "./screenful";
import { type ClockReading, offsetAt, readClock } from "./serverClock";
import { steadyClock } from "./steadyClock";
import { type Database, ifThereIsRoom } from "./store/database";
import { type Bundle, installationOf, SealedStore, type Session } from "./store/sealedStore";
import type { Vault } from "./store/vault";
import { importKeys, type Installation, type Reading, readToken, type VerificationKey } from "./token/token";
import { isSaid } from "./trouble";
import { alone, askForBackgroundSync, UnderwayApi, unlike } from "./underway";
import { type News, Windows } from "./windows";
import { languageTag } from "./words/words";

const PATIENCE_FOR_A_SCAN = 4_000;
const SYNC_EVERY = 10 * 60_000;
const SOON = 500;
const WHILE_OFFLINE = 30_000; // the browser may say when it is online again; this is for one that does not
const PATIENCE_FOR_A_PING = 5_000;
const HOLD_AT_MOST = 2_000;
export const VERSION = "1";

export interface Scanned {
  qr: string | null;
  number: string | null;
  page: number | null;
}

export interface Events {
  /** Counts or freshness changed. */
  changed: () => void;
  /** The server lets this phone in no more. */
  refused: () => void;
  /** Another window of the app has changed what this phone holds. */
  elsewhere?: (news: News) => void;
}

export class Phone {
  readonly queue: Queue;
  readonly store: SealedStore;
  session: Session | null = null;
  bundle: Bundle | null = null;
  syncedAt: number | null = null;
  counts: Counts = { waiting: 0, problem: 0 };
  carnets = new Map<string, Carnet>();
  isSending = false;
  /** Whether the server answered when it was last asked anything. */
  isHeard = false;
  /** Why the server gave nothing when it was last asked; null when it did, or when it was not asked. */
  trouble: Trouble | null = null;
  /** What this phone has seen of the server's log. */
  seenLog: SeenLog | null = null;
  /** The ids of what is on its way to the server now. */
  readonly underway = new Set<string>();
  private readonly windows: Windows;
  private clock: ClockReading | null = null;
  private keys: VerificationKey[] = [];
  private etag = "";
  private items: Item[] = [];
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(
    database: Database,
    vault: Vault,
    private readonly events: Events,
  ) {
    this.queue = new Queue(database, vault);
    this.store = new SealedStore(database, vault);
    this.windows = new Windows(database.name, (news) => void this.hearNews(news).catch(this.ifOpen));
  }

  /** Take out what the phone holds; nothing is asked of the network. */
  async open(now: number): Promise<void> {
    await this.queue.forgetOldShifts(now);
    const [session, clock] = await Promise.all([this.store.read("session"), this.store.read("clock")]);
    this.session = session;
    this.clock = clock && { ...clock, heardAt: now, steadyAt: performance.now() };
    await this.readHeld();
    await this.recount();
  }

  private async readHeld(): Promise<void> {
    const [held, due, log] = await Promise.all([this.store.read("bundle"), this.store.read("carnets"), this.store.read("log")]);
    this.seenLog = log;
    if (held) await this.hold(held.bundle, held.etag, held.syncedAt);
    if (due) this.carnets = new Map(due.carnets.map((carnet) => [carnet.number, carnet]));
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.windows.close();
  }

  tell(news: News): void {
    this.windows.tell(news);
  }

  /** Another window has done something on this phone; `send`: and asks this one, which leads, to send it. */
  private async hearNews(news: News): Promise<void> {
    if (this.isClosed) return;
    if (news === "send" && (await this.windows.leads())) await this.sync();
    if (news === "signed") this.session = await this.store.read("session");
    if (news === "synced") await this.readHeld();
    if (news === "written" || news === "synced") await this.count();
    this.events.elsewhere?.(news);
  }

  /** What fails because the phone was closed meanwhile is no fault: whatever it was is done when it is opened again. */
  private readonly ifOpen = (error: unknown): void => {
    if (!this.isClosed) throw error;
  };

  get api(): Api {
    return new Api(...this.asThisPhone());
  }

  private asThisPhone(): ConstructorParameters<typeof Api> {
    return [this.session?.token ?? null, languageTag, (date, took) => this.hearClock(date, took)];
  }

  /** Milliseconds by which the server's clock is ahead of this phone's; null while it was never heard. */
  clockOffset(): number | null {
    return offsetAt(this.clock, Date.now(), performance.now());
  }

  private hearClock(date: string | null, took: number): void {
    const reading = readClock(date, took, Date.now(), performance.now());
    if (reading === null) return;
    this.clock = reading;
    steadyClock.setSinceHeard = 0;
    void this.store.write("clock", reading).catch(() => undefined); // measured anew with the next answer
  }

  /** The phone's clock was set by so many milliseconds while the app was open: the server's is as far off as it was. */
  clockWasSet(by: number): void {
    if (this.clock) this.clock = { ...this.clock, offset: this.clock.offset - by, heardAt: this.clock.heardAt + by };
  }

  /** When an act of this session really was; null where the server's clock was not heard, or the act is of another session. */
  timeOf(item: Item): number | null {
    const { clock } = this;
    return steadyClock.timeOf(item.steady, clock && { at: clock.heardAt + clock.offset, steadyAt: clock.steadyAt });
  }

  get office(): Office | null {
    const code = this.bundle?.office.code;
    return this.bundle?.offices.find((office) => office.code === code) ?? null;
  }

  /** Not before the first sync. */
  get canJudge(): boolean {
    return this.office !== null;
  }

  /** What the server that this phone belongs to is for, as the head of a file says it; nothing before it was heard. */
  get installed(): { installation?: Installation } {
    return this.bundle ? { installation: installationOf(this.bundle) } : {};
  }

  private async hold(bundle: Bundle, etag: string, syncedAt: number | null): Promise<void> {
    this.bundle = bundle;
    this.etag = etag;
    this.syncedAt = syncedAt;
    this.keys = await importKeys(bundle.keys);
  }

  private async keep(bundle: Bundle, etag: string, syncedAt: number | null): Promise<void> {
    await this.hold(bundle, etag, syncedAt);
    await ifThereIsRoom(this.store.write("bundle", { bundle, etag, syncedAt }));
  }

  /** How long the oldest unsent item has waited, and how much that needs somebody; null where nothing waits. */
  waiting(now: number): { age: number; urgency: Urgency } | null {
    const since = waitsSince(this.items);
    const at = now + (this.clockOffset() ?? 0);
    return since === null ? null : { age: at - since, urgency: urgencyOf(since, at) };
  }

  /** The queue was changed here: count it, and have the other windows count it too. */
  async recount(): Promise<void> {
    await this.count();
    this.tell("written");
  }

  private async count(): Promise<void> {
    this.items = await this.queue.all();
    this.counts = await this.queue.counts();
    this.events.changed();
  }

  /** Judge by what lies on the phone. */
  async judgeAlone(scanned: Scanned, now: number): Promise<Screenful | null> {
    const { bundle, office } = this;
    if (!bundle || !office) return null;
    this.items = await this.queue.all(); // another window may have written since
    const read = scanned.qr === null ? null : await readToken(scanned.qr, this.keys, installationOf(bundle));
    const number = read?.claims?.number ?? scanned.number;
    const carnet = number === null ? null : this.held(number, bundle);
    const presented = presentedBy(asPresented(read), scanned, { carnet, office }, now);
    return this.withOwn(screenfulAlone(presented, bundle));
  }

  /** Ask the server; null when it does not answer in time. */
  async askServer(scanned: Scanned, own: Screenful): Promise<Screenful | null> {
    const { qr, number, page } = scanned;
    const body = { ...(qr === null ? { number } : { qr }), ...(page !== null && { page }) };
    try {
      const answer = await this.api.post<ScanAnswer>("scans/", body, PATIENCE_FOR_A_SCAN);
      this.isHeard = true;
      this.trouble = answer.problem ?? null;
      return answer.problem ? null : this.withOwn(screenfulOfServer(answer.body, own));
    } catch (error) {
      if (error instanceof Refused) this.events.refused();
      else if (!(error instanceof Unheard)) throw error;
      this.trouble = error instanceof Refused ? error.problem : error;
      this.isHeard = isSaid(this.trouble);
      return null;
    }
  }

  /** A carnet as held, with what this phone did to it since. */
  private held(number: string, bundle: Bundle): Carnet | null {
    const carnet = this.carnets.get(number);
    if (!carnet) return null;
    const own = this.items.filter((item) => item.body.carnet === number && stands(item));
    return withOwnDeeds(carnet, own, bundle.office.time_zone);
  }

  private withOwn(shown: Screenful): Screenful {
    const own = this.ownStamp(shown);
    return own ? withOwnStamp(shown, own.office) : shown;
  }

  /** What this phone has stamped on that page, and not taken back. */
  ownStamp({ number, page }: Pick<Screenful, "number" | "page">): Item | undefined {
    return this.items.find(
      (item) =>
        item.kind === "stamp" &&
        !item.body.cancels &&
        !isWithdrawn(item) &&
        !isTakenBack(item, this.items) &&
        item.body.carnet === number &&
        item.body.page === page,
    );
  }

  /** Write a deed to the phone; resolves when it is safe. Rejects with StoreFull. */
  async record(deed: Deed, how: { role: Role | ""; wasOnline: boolean; now: number }): Promise<Item> {
    const office = this.bundle?.office.code ?? "";
    const clocks = { madeAt: how.now, clockOffset: this.clockOffset(), steady: steadyClock.read() };
    const item = await this.queue.add(deed, { office, role: how.role, wasOnline: how.wasOnline, ...clocks });
    await this.recount();
    return item;
  }

  async itemOf(id: string): Promise<Item | undefined> {
    return (await this.queue.all()).find((item) => item.body.id === id);
  }

  /** Send what waits, then fetch what is new; tries again by itself when the network is away. One at a time, and only in
   * the window that leads: any other asks that one. Resolves with whether the server was heard. */
  async sync(now: () => number = Date.now): Promise<boolean> {
    if (this.isClosed || !this.session) return false;
    if (!(await this.windows.leads())) return this.windows.ask();
    if (this.isClosed || this.isSending) return false;
    this.isSending = true;
    this.trouble = null;
    this.events.changed();
    clearTimeout(this.timer);
    let isFetched = false;
    let isDone = false;
    try {
      if (await this.isReached()) ({ isFetched, isDone } = await this.sendAndFetch(now));
    } catch (error) {
      this.ifOpen(error);
    } finally {
      this.isSending = false;
      this.failures = isDone ? 0 : this.failures + 1;
      if (!this.isClosed) await this.ended(isDone);
    }
    return isFetched;
  }

  private async ended(isDone: boolean): Promise<void> {
    await this.recount();
    this.tell(isDone ? "synced" : "unsynced");
    if (!isDone && this.counts.waiting > 0) void askForBackgroundSync();
    this.plan(isDone ? this.untilNext() : Math.min(pauseAfter(this.failures), unlike(WHILE_OFFLINE)));
  }

  private async sendAndFetch(now: () => number): Promise<{ isFetched: boolean; isDone: boolean }> {
    const api = new UnderwayApi(this.underway, this.events.changed, ...this.asThisPhone());
    const sending = await alone(() => send(this.queue, api, () => void this.recount().catch(this.ifOpen)));
    if (sending === "refused") this.events.refused();
    this.trouble = sending === "unheard" ? api.trouble : null;
    this.isHeard = sending !== "unheard" || isSaid(this.trouble);
    const isFetched = (sending === "sent" || sending === "some") && (await this.fetch(now));
    return { isFetched, isDone: isFetched && sending === "sent" };
  }

  /** Ask the server for a sign of life where the last attempt was in vain or the browser says that there is no network: it
   * may be wrong either way. */
  private async isReached(): Promise<boolean> {
    if (this.failures === 0 && navigator.onLine) return true;
    try {
      const ping = new Api(null, languageTag, undefined, "/healthz/");
      this.isHeard = (await ping.get<{ status?: string }>("live", "", PATIENCE_FOR_A_PING)).status === 200;
    } catch (error) {
      this.isHeard = false;
      this.trouble = error instanceof Unheard ? error : null;
    }
    return this.isHeard;
  }

  /** The network is said to be back: what was tried in vain before says nothing about it. */
  comeBack(): void {
    this.failures = 0;
    void this.sync();
  }

  /** What was done while the last sync was under way goes out at once. */
  private untilNext(): number {
    return this.counts.waiting > 0 ? SOON : SYNC_EVERY;
  }

  private plan(pause: number): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.sync(), pause);
  }

  private async fetch(now: () => number): Promise<boolean> {
    try {
      await this.report();
      const asked = now();
      const answer = await this.api.get<Bundle>("post/bundle/", this.etag);
      if (answer.problem) return this.fetchedNothing(answer.problem);
      const bundle = answer.status === 304 ? this.bundle! : answer.body;
      // A new stop list counts at once; what the phone holds is called fresh only when the carnets have come too.
      await this.keep(bundle, answer.etag || this.etag, this.syncedAt);
      if (!(await this.fetchDue())) return false;
      await this.keep(bundle, this.etag, asked);
      await this.witnessLog(bundle.log ?? null);
      return true;
    } catch (error) {
      if (error instanceof Refused) this.events.refused();
      else if (!(error instanceof Unheard)) throw error;
      return this.fetchedNothing(error instanceof Refused ? error.problem : error);
    }
  }

  private fetchedNothing(trouble: Trouble): false {
    this.trouble = trouble;
    return false;
  }

  /** Keep the server's checkpoint if its log has only grown; else keep both, and say so. */
  private async witnessLog(said: SaidLog | null): Promise<void> {
    const { askProof, witness } = await import("./log/witness"); // needed after a sync, and not before
    const seen = await witness(this.seenLog, said, askProof);
    if (seen === null || seen === this.seenLog) return;
    this.seenLog = seen;
    await ifThereIsRoom(this.store.write("log", seen));
    this.events.changed();
  }

  private async fetchDue(): Promise<boolean> {
    const carnets: Carnet[] = [];
    let path: string | null = "post/carnets/";
    while (path !== null && carnets.length < HOLD_AT_MOST) {
      const answer: Answer<{ next: string | null; carnets: Carnet[] }> = await this.api.get(path);
      if (answer.problem) return this.fetchedNothing(answer.problem);
      carnets.push(...answer.body.carnets);
      path = answer.body.next && answer.body.next.slice(answer.body.next.indexOf("post/carnets/"));
    }
    this.carnets = new Map(carnets.map((carnet) => [carnet.number, carnet]));
    await ifThereIsRoom(this.store.write("carnets", { carnets, etag: "" }));
    return true;
  }

  /** Tell the office how much is unsent; that this is not heard matters to nobody. */
  private async report(): Promise<void> {
    const device = this.session?.device;
    if (!device) return;
    await this.api.post(`devices/${device}/heartbeat/`, await heartbeat(this.items, VERSION));
  }
}

function asPresented(read: Reading | null) {
  if (read === null) return null;
  return read.claims ? { claims: read.claims } : { error: read.error };
}
