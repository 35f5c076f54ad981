// Starts the app: what lies on the phone first, the network when it comes.

import { press, unpress } from "./actions/entry";
import { begin as beginApp, halt, isIdle, lookAtClock, tick, touch } from "./actions/opening";
import { App } from "./app";
import { detectorOnce, keepDetector } from "./camera/camera";
import { loadSymbols } from "./screens/symbol";
import { steadyClock } from "./steadyClock";
import { openDatabase } from "./store/database";
import "./style.css";
import { Updates } from "./updates";
import { firstLanguage, speak } from "./words/words";

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

const TICK = 20_000;
const WITH_PIN = new Set(["lock", "pin-choose", "pin-repeat"]);

async function begin(): Promise<void> {
  const app = new App(document.getElementById("app")!);
  await speak(firstLanguage()).catch(() => undefined);
  app.database = await openDatabase("tir-post", {
    blocked: () => app.send(halt("blocked")),
    blocking: (_has, _wants, { target }) => app.send(halt("elsewhere", () => (target as IDBDatabase).close())),
    terminated: () => app.send(halt("ended")),
  });
  await beginApp(app);
  performance.mark("begun");
  listen(app);
  loadSymbols().catch(() => undefined); // both ready before the officer has entered the PIN
  detectorOnce().catch(() => undefined);
  setInterval(() => app.send(tick), TICK);
  if (import.meta.env.PROD) await registerServiceWorker(app);
}

function listen(app: App): void {
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => touch(app), { passive: true });
  addEventListener("online", () => app.state.phone?.comeBack());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return steadyClock.sleep();
    app.send(lookAtClock);
    app.send(tick);
    app.state.phone?.comeBack();
  });
  document.addEventListener("keydown", (event) => typeAnywhere(app, event));
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    app.state.install = () => void (event as InstallPrompt).prompt();
    app.draw();
  });
}

/** A handheld scanner types without touching the field first; a keyboard can type the PIN. */
function typeAnywhere(app: App, event: KeyboardEvent): void {
  const isInField = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (isInField || event.ctrlKey || event.metaKey || event.altKey) return;
  const isPin = WITH_PIN.has(app.state.screen);
  if (isPin && /^[0-9]$/.test(event.key)) app.send(press(event.key));
  else if (isPin && event.key === "Backspace") app.send(unpress);
  else if (app.state.screen === "scan" && event.key.length === 1) document.getElementById("number")?.focus();
}

async function registerServiceWorker(app: App): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data === "send") app.state.phone?.comeBack();
  });
  const { serviceWorker } = navigator;
  const updates = new Updates(await serviceWorker.register("sw.js"), () => isIdle(app));
  app.drawn = () => updates.consider();
  app.drawn();
  if (!serviceWorker.controller) {
    await new Promise((taken) => serviceWorker.addEventListener("controllerchange", taken, { once: true }));
  }
  await keepDetector().catch(() => undefined);
  performance.mark("installed");
}

void begin();
