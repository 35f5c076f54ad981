// Screens that few lorries need: loaded together with the first of them.

export { drawReport } from "./reportScreen";
export { drawRoute } from "./routeScreen";
export { drawSettings } from "./settingsScreen";
export { drawTakeBack } from "./takeBackScreen";
