// Two windows of the app on one phone: one of them leads, which is who sends and syncs; each tells the others what it did.

/** `written`: the queue has changed; `synced`, `unsynced`: how a sync ended; `send`: to whoever leads; `signed`: there is a new
 * session; `erased`: nobody is enrolled here any more. */
export type News = "written" | "synced" | "unsynced" | "send" | "signed" | "erased";

const PATIENCE = 25_000;

export class Windows {
  /** Whether this window leads; settled as soon as it is known. */
  private elected: Promise<boolean>;
  private readonly channel: BroadcastChannel | null;
  private readonly closing = new AbortController();
  private readonly asking = new Set<(heard: boolean) => void>();

  constructor(
    private readonly name: string,
    private readonly heard: (news: News) => void,
  ) {
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", ({ data }: MessageEvent<News>) => this.hear(data));
    this.elected = navigator.locks ? this.elect() : Promise.resolve(true);
  }

  leads(): Promise<boolean> {
    return this.elected;
  }

  tell(news: News): void {
    if (!this.closing.signal.aborted) this.channel?.postMessage(news);
  }

  /** Have the window that leads send and sync; resolves with whether the server was heard. */
  ask(): Promise<boolean> {
    return new Promise((resolve) => {
      const answered = (isHeard: boolean) => {
        clearTimeout(timer);
        this.asking.delete(answered);
        resolve(isHeard);
      };
      const timer = setTimeout(() => answered(false), PATIENCE);
      this.asking.add(answered);
      this.tell("send");
    });
  }

  /** Leave it to the others. */
  close(): void {
    this.closing.abort();
    for (const answered of this.asking) answered(false);
    this.channel?.close();
  }

  private hear(news: News): void {
    if (news === "synced" || news === "unsynced") for (const answered of this.asking) answered(news === "synced");
    this.heard(news);
  }

  /** Lead if nobody does; else wait for one's turn, which comes when the window that leads is closed. */
  private elect(): Promise<boolean> {
    return new Promise((elected) => {
      const lead = (lock: Lock | null) => {
        elected(lock !== null);
        return lock === null ? this.waitForTurn() : this.untilClosed();
      };
      void navigator.locks.request(this.name, { ifAvailable: true }, lead).catch(() => elected(true));
    });
  }

  private waitForTurn(): void {
    const lead = () => {
      this.elected = Promise.resolve(true);
      this.heard("send");
      return this.untilClosed();
    };
    navigator.locks.request(this.name, { signal: this.closing.signal }, lead).catch(() => undefined);
  }

  private untilClosed(): Promise<void> {
    const { signal } = this.closing;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  }
}
