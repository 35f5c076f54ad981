// The desk's part of the console's page /console/post/desk/: what the page says about who sits there, and the drawing.

import { render } from "lit-html";
import { Api } from "../api";
import { type Language, languageTag, speak } from "../words/words";
import { Desk } from "./desk";
import { draw } from "./screens";

const LANGUAGES: Record<string, Language> = { ru: "ru", "zh-hans": "zh" };

async function begin(place: HTMLElement): Promise<void> {
  await speak(LANGUAGES[document.documentElement.lang] ?? "en");
  const formToken = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? null;
  const { officer = "", office = "" } = place.dataset;
  const api = new Api(null, languageTag, undefined, "/api/v1/", formToken);
  let shown = "";
  const desk = new Desk({ officer, office }, api, () => {
    const { name } = desk.step;
    render(draw(desk), place);
    // Who reads by ear or moves by keyboard is led to what is new.
    if (shown !== "" && shown !== name) place.querySelector<HTMLElement>("h2")?.focus();
    shown = name;
  });
  place.replaceChildren();
  desk.begin();
}

const place = document.getElementById("desk");
if (place) void begin(place);
