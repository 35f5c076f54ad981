// Starts the app: what lies on the phone first, the network when it comes.

import { detectorOnce, keepDetector } from "./camera/camera";
import { App } from "./screens/app";
import { openDatabase } from "./store/database";
import "./style.css";

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

const TICK = 20_000;

async function begin(): Promise<void> {
  const app = new App(await openDatabase(), document.getElementById("app")!);
  await app.begin();
  performance.mark("begun");
  listen(app);
  detectorOnce().catch(() => undefined); // ready before the officer has entered the PIN
  setInterval(() => app.tick(), TICK);
  if (import.meta.env.PROD) await registerServiceWorker(app);
}

function listen(app: App): void {
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => app.touch(), { passive: true });
  addEventListener("online", () => app.phone?.comeBack());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    app.tick();
    void app.phone?.sync();
  });
  document.addEventListener("keydown", (event) => typeAnywhere(app, event));
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    app.install = () => void (event as InstallPrompt).prompt();
    app.draw();
  });
}

/** A handheld scanner types without touching the field first; a keyboard can type the PIN. */
function typeAnywhere(app: App, event: KeyboardEvent): void {
  const isInField = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (isInField || event.ctrlKey || event.metaKey || event.altKey) return;
  const isPin = app.screen === "lock" || app.screen === "pin-choose" || app.screen === "pin-repeat";
  if (isPin && /^[0-9]$/.test(event.key)) app.entry.press(event.key);
  else if (isPin && event.key === "Backspace") app.entry.unpress();
  else if (app.screen === "scan" && event.key.length === 1) document.getElementById("number")?.focus();
}

async function registerServiceWorker(app: App): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data === "send") app.phone?.comeBack();
  });
  await navigator.serviceWorker.register("sw.js");
  const { serviceWorker } = navigator;
  if (!serviceWorker.controller) {
    await new Promise((taken) => serviceWorker.addEventListener("controllerchange", taken, { once: true }));
  }
  await keepDetector().catch(() => undefined);
  performance.mark("installed");
}

void begin();
