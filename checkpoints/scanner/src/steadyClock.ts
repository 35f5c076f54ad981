// A clock that nobody can set: how long the app has been open. Each act keeps its reading, so that the order of the acts of
// one session, and the time between them, hold whatever was done to the phone's own clock.

/** A reading; `session` names the start of the app that it counts from. */
export interface Steady {
  session: string;
  /** Milliseconds. */
  at: number;
  /** Milliseconds by which the phone's own clock had been set by then while the app was open; left out: not at all. */
  setBy?: number;
}

const LEAST = 2 * 60_000; // milliseconds; a network may set a clock by less, and nobody is misled

export class SteadyClock {
  /** Milliseconds by which the phone's clock was set since the server's was last heard; below 0: back. */
  setSinceHeard = 0;
  private setInAll = 0;
  private ahead: number;
  private hasSlept = false;

  constructor(
    private readonly session: string = crypto.randomUUID(),
    wall: number = Date.now(),
    steady: number = performance.now(),
  ) {
    this.ahead = wall - steady;
  }

  read(steady: number = performance.now()): Steady {
    return { session: this.session, at: Math.round(steady), ...(this.setInAll !== 0 && { setBy: this.setInAll }) };
  }

  /** The screen is off: some phones stop this clock then, and their own one seems to jump ahead. */
  sleep(): void {
    this.hasSlept = true;
  }

  /** Compare both clocks, and return by how many milliseconds the phone's was set since the last look: 0 for not at all. */
  look(wall: number = Date.now(), steady: number = performance.now()): number {
    const by = wall - steady - this.ahead;
    const isSlept = this.hasSlept && by > 0;
    this.hasSlept = false;
    this.ahead += by; // what comes little by little, nobody has set
    if (Math.abs(by) <= LEAST || isSlept) return 0;
    this.setInAll += by;
    this.setSinceHeard += by;
    return by;
  }

  /** When an act of this session really was, by what the server's clock said in it; null for one of another session. */
  timeOf(act: Steady | undefined, server: { at: number; steadyAt: number } | null): number | null {
    if (!act || !server || act.session !== this.session) return null;
    return server.at - (server.steadyAt - act.at);
  }
}

export const steadyClock = new SteadyClock();
