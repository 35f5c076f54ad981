// An action is a function over the state and what the phone can do. Screens send them; `App` runs them and draws.

import { type Trouble, Unheard } from "../api";
import { freshLorry, type Lorry, type ScreenName, type State } from "../state";
import type { Database } from "../store/database";
import type { FactValues } from "../judging/held";
import { sayTrouble } from "../trouble";
import { type Key, say } from "../words/words";

/** What an action may use. It is drawn before an action waits for anything, and when it is done. */
export interface App {
  readonly state: State;
  readonly database: Database;
  draw(): void;
}

export type Action = (app: App) => void | Promise<void>;
export type Send = (action: Action) => void;

const ARMING = 350;

export function show(app: App, screen: ScreenName): void {
  Object.assign(app.state, { screen, armed: "", notice: "", shownAt: Date.now() });
  app.draw();
  if (screen === "scan") performance.mark("scan-shown");
}

/** Return the action that only changes the screen. */
export function showing(screen: ScreenName): Action {
  return (app) => show(app, screen);
}

export function tell(app: App, key: Key, facts: FactValues = {}): void {
  app.state.notice = say(key, facts);
  app.draw();
}

/** Say why nothing could be sent or fetched. */
export function tellTrouble(app: App, trouble: Trouble | null): void {
  app.state.notice = sayTrouble(trouble, "queue.unheard");
  app.draw();
}

export function arm(app: App, what: string): void {
  app.state.armed = what;
}

/** A second tap on a button that has just changed its meaning is a slip of the finger, not a wish. A clock that was set back
 * since disarms nothing. */
export function isArmed({ state }: App): boolean {
  return Math.abs(Date.now() - state.shownAt) >= ARMING;
}

/** Return the action, which takes no tap so soon. */
export function deliberate(action: Action): Action {
  return (app) => (isArmed(app) ? action(app) : undefined);
}

/** Run something that takes a moment; what goes wrong with the network is told. */
export async function busy(app: App, work: () => Promise<void>): Promise<void> {
  app.state.isBusy = true;
  app.draw();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Unheard)) throw error;
    app.state.notice = sayTrouble(error, "signin.offline");
  } finally {
    app.state.isBusy = false;
    app.draw();
  }
}

/** Another lorry stands before the officer: nothing of the last one is left. */
export function beginLorry({ state }: App, known: Partial<Lorry> = {}): Lorry {
  state.lorry = { ...freshLorry(state.lorry.visit + 1), ...known };
  return state.lorry;
}

export function changeLorry({ state }: App, changes: Partial<Lorry>): void {
  state.lorry = { ...state.lorry, ...changes };
}

/** Change what is known of the lorry of that visit; false when another has taken its place, and nothing is changed. */
export function changeLorryOf(app: App, visit: number, changes: (lorry: Lorry) => Partial<Lorry>): boolean {
  const { lorry } = app.state;
  if (lorry.visit !== visit) return false;
  changeLorry(app, changes(lorry));
  return true;
}
