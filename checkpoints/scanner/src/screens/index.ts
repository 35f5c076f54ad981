// Which function draws which screen.

import type { TemplateResult } from "lit-html";
import type { Send } from "../actions/action";
import { drawHandover } from "../handover/door";
import type { ScreenName, State } from "../state";
import { drawCarnet } from "./carnetScreen";
import { drawDone } from "./doneScreen";
import { drawForgotten, drawPin, drawSignIn } from "./entryScreens";
import { drawEmptied, drawHalted } from "./haltScreens";
import { drawItem } from "./itemScreen";
import { drawQueue } from "./queueScreen";
import { drawReport } from "./reportScreen";
import { drawRoute } from "./routeScreen";
import { drawScan } from "./scanScreen";
import { drawSettings } from "./settingsScreen";
import { drawStamp } from "./stampScreen";
import { drawTakeBack } from "./takeBackScreen";
import { drawRefusal, drawTrouble } from "./troubleScreen";

export type Draw = (state: State, send: Send) => TemplateResult;

const SCREENS: Record<ScreenName, Draw> = {
  signin: drawSignIn,
  "pin-choose": drawPin,
  "pin-repeat": drawPin,
  lock: drawPin,
  forgotten: drawForgotten,
  scan: drawScan,
  carnet: drawCarnet,
  route: drawRoute,
  stamp: drawStamp,
  trouble: drawTrouble,
  report: drawReport,
  refusal: drawRefusal,
  done: drawDone,
  queue: drawQueue,
  takeback: drawTakeBack,
  handover: drawHandover,
  settings: drawSettings,
  item: drawItem,
  emptied: drawEmptied,
  halted: drawHalted,
};

export function drawScreen(state: State, send: Send): TemplateResult {
  return SCREENS[state.screen](state, send);
}
