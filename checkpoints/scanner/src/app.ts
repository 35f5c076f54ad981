// The app: holds the state, runs the actions that screens send, and draws.

import { render } from "lit-html";
import type { Action, App as ForActions } from "./actions/action";
import { drawScreen } from "./screens/index";
import { fresh, type State } from "./state";
import type { Database } from "./store/database";
import { languageTag } from "./words/words";

export class App implements ForActions {
  readonly state: State = fresh(Date.now());

  /** There before anything is asked of it: what is drawn until then needs none. */
  database!: Database;
  /** Called whenever something has changed. */
  drawn: () => void = () => undefined;

  constructor(private readonly root: HTMLElement) {}

  /** Run an action, and draw what it changed: at once, and again when what it waited for has come. */
  readonly send = (action: Action): void => {
    const waiting = action(this);
    this.draw();
    if (waiting) void waiting.finally(() => this.draw());
  };

  /** Draw what is; cheap, and in place. */
  draw(): void {
    document.documentElement.lang = languageTag();
    render(drawScreen(this.state, this.send), this.root);
    this.drawn();
  }
}
