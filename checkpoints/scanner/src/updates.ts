// A newer edition of the app waits until nobody is in the middle of anything: then this window asks it in, and starts anew.

export const TAKE_OVER = "take over";

const LOOK_EVERY = 60 * 60_000;

export class Updates {
  private hasAsked = false;
  private lookedAt = 0;

  constructor(
    private readonly registration: ServiceWorkerRegistration,
    /** Whether nothing is being done here: all is written, and no carnet is on the screen. */
    private readonly isIdle: () => boolean,
  ) {
    const { serviceWorker } = navigator;
    let isFirst = serviceWorker.controller === null;
    serviceWorker.addEventListener("controllerchange", () => {
      if (!isFirst) this.hasAsked = true;
      isFirst = false;
      this.consider();
    });
  }

  /** Called whenever somebody might have become idle. */
  consider(now: number = Date.now()): void {
    if (now - this.lookedAt > LOOK_EVERY || now < this.lookedAt) this.look(now);
    if (!this.isIdle()) return;
    if (this.registration.waiting) this.registration.waiting.postMessage(TAKE_OVER);
    else if (this.hasAsked) this.startAnew();
  }

  private look(now: number): void {
    this.lookedAt = now;
    this.registration.update().catch(() => undefined); // no network: another time
  }

  /** Once: the page that comes then belongs to the new edition. */
  private startAnew(): void {
    this.hasAsked = false;
    location.reload();
  }
}
