// Which function draws which screen.

import type { TemplateResult } from "lit-html";
import type { App, Screen } from "./app";
import { drawDone } from "./done";
import { drawForgotten, drawPin, drawSignIn } from "./enrolling";
import { drawQueue } from "./queue";
import { drawScan } from "./scan";
import { drawMore, drawSee } from "./see";
import { drawSettings } from "./settings";
import { drawConfirm } from "./stamp";
import { drawTakeBack } from "./takeback";
import { drawRefusal, drawReport, drawWrong } from "./wrong";

const SCREENS: Record<Screen, (app: App) => TemplateResult> = {
  signin: drawSignIn,
  "pin-choose": drawPin,
  "pin-repeat": drawPin,
  lock: drawPin,
  forgotten: drawForgotten,
  scan: drawScan,
  see: drawSee,
  more: drawMore,
  confirm: drawConfirm,
  wrong: drawWrong,
  report: drawReport,
  refusal: drawRefusal,
  done: drawDone,
  queue: drawQueue,
  takeback: drawTakeBack,
  settings: drawSettings,
};

export function draw(app: App): TemplateResult {
  return SCREENS[app.screen](app);
}
