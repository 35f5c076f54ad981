// `npm run agree -- FILE [LEAST]`: does the phone say what the server said? Each code at least LEAST times on both sides (0).

import process from "node:process";
import { runnerImport } from "vite";

const [file, least = "0"] = process.argv.slice(2);
const { module } = await runnerImport("./tests/agree.ts", { configFile: false });
process.exitCode = (await module.agree(file, Number(least))) === 0 ? 0 : 1;
