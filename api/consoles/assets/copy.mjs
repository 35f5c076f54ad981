// Copies what the pages load out of node_modules, unchanged, with each library's licence beside it.
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const target = process.env.TIR_ASSETS ?? "../../../.local/assets";
const files = {
  "bootstrap/dist/css/bootstrap.min.css": "bootstrap.css",
  "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.js",
  "bootstrap/LICENSE": "LICENSE-bootstrap.txt",
  "chart.js/dist/chart.umd.min.js": "chart.js",
  "chart.js/LICENSE.md": "LICENSE-chart.txt",
};

const folder = join(target, "libraries");
mkdirSync(folder, { recursive: true });
for (const [from, to] of Object.entries(files)) {
  cpSync(join("node_modules", from), join(folder, to));
}
