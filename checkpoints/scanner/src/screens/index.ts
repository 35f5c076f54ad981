// Which function draws which screen.

import { html, type TemplateResult } from "lit-html";
import { type Send, show, tell } from "../actions/action";
import { drawHandover } from "../handover/door";
import type { ScreenName, State } from "../state";
import { drawCarnet } from "./carnetScreen";
import { drawDone } from "./doneScreen";
import { drawForgotten, drawPin, drawSignIn } from "./entryScreens";
import { drawEmptied, drawHalted } from "./haltScreens";
import { drawItem } from "./itemScreen";
import { drawQueue } from "./queueScreen";
import { drawScan } from "./scanScreen";
import { drawStamp } from "./stampScreen";
import { drawRefusal, drawTrouble } from "./troubleScreen";

export type Draw = (state: State, send: Send) => TemplateResult;

// Screens that are rarely opened are no part of the first load: they come, from the phone itself, with the first of them.
type Rare = typeof import("./rare");
let rare: Rare | null = null;

function rarely(name: keyof Rare): Draw {
  return (state, send) => rare?.[name](state, send) ?? fetchRare(send);
}

function fetchRare(send: Send): TemplateResult {
  void loadRare(send);
  return html``;
}

async function loadRare(send: Send): Promise<void> {
  try {
    rare = await import("./rare");
    send(() => undefined); // draws
  } catch {
    send((app) => {
      show(app, "scan");
      tell(app, "queue.unheard"); // the app is not on the phone whole, and the network is away
    });
  }
}

const SCREENS: Record<ScreenName, Draw> = {
  signin: drawSignIn,
  "pin-choose": drawPin,
  "pin-repeat": drawPin,
  lock: drawPin,
  forgotten: drawForgotten,
  scan: drawScan,
  carnet: drawCarnet,
  route: rarely("drawRoute"),
  stamp: drawStamp,
  trouble: drawTrouble,
  report: rarely("drawReport"),
  refusal: drawRefusal,
  done: drawDone,
  queue: drawQueue,
  takeback: rarely("drawTakeBack"),
  handover: drawHandover,
  settings: rarely("drawSettings"),
  item: drawItem,
  emptied: drawEmptied,
  halted: drawHalted,
};

export function drawScreen(state: State, send: Send): TemplateResult {
  return SCREENS[state.screen](state, send);
}
