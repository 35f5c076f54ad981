// Language, sound, and syncing when the officer asks for it.

import { putIfThereIsRoom } from "../store/database";
import { type Language, speak } from "../words/words";
import { type Action, type App, tell, tellTrouble } from "./action";
import { judgeAgain } from "./scanController";

export function switchLanguage(language: Language): Action {
  return async (app) => {
    await speak(language);
    if (!app.state.halt && app.database) await putIfThereIsRoom(app.database, language, "language");
    app.draw();
    if (app.state.screen === "carnet") await judgeAgain(app);
  };
}

export async function switchSound({ state, database }: App): Promise<void> {
  state.hasSound = !state.hasSound;
  await putIfThereIsRoom(database, state.hasSound, "sound");
}

export async function syncNow(app: App): Promise<void> {
  const { phone } = app.state;
  const heard = await phone?.sync();
  const stop = phone?.bundle?.stop_list.entries.length ?? 0;
  if (phone && heard) tell(app, "settings.synced", { stop, carnets: phone.carnets.size });
  else tellTrouble(app, phone?.trouble ?? null);
}
