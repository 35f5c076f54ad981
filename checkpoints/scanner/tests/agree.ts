// Asks the phone about situations that the server has judged (python -m tests.judging --generate N FILE), and counts how often
// each code was said on both sides.

import { isDeepStrictEqual } from "node:util";
import { RULES } from "../src/judging/generated";
import { importKeys } from "../src/token/token";
import { type Expected, judgedByThePhone, readJudged } from "./judged";

const SHOWN = 20;
const OTHERS = ["voucher_already_stamped", "nothing_to_stamp"];

/** Print a table of the codes and what differs; return how many situations differ or codes were said too seldom. */
export async function agree(path: string, least: number): Promise<number> {
  const file = readJudged(path);
  const keys = await importKeys(file.keys);
  const [server, phone] = [new Map<string, number>(), new Map<string, number>()];
  const different: string[] = [];
  for (const each of file.cases) {
    const said = await judgedByThePhone(each, file, keys);
    count(each.expect, server);
    count(said, phone);
    if (!isDeepStrictEqual(said, each.expect)) different.push(`${each.name}\n  server ${JSON.stringify(each.expect)}\n  phone  ${JSON.stringify(said)}`);
  }
  const codes = [...new Set(RULES.map(({ code }) => code)), ...OTHERS];
  const rows = codes.map((code) => `${code.padEnd(26)} ${cell(server, code)} ${cell(phone, code)}`);
  const seldom = codes.filter((code) => Math.min(server.get(code) ?? 0, phone.get(code) ?? 0) < least);
  process.stdout.write(`${"code".padEnd(26)}  server   phone\n${rows.join("\n")}\n`);
  for (const each of different.slice(0, SHOWN)) process.stdout.write(`${each}\n`);
  if (seldom.length > 0) process.stdout.write(`said fewer than ${least} times: ${seldom.join(", ")}\n`);
  process.stdout.write(`${file.cases.length} situations, ${different.length} differ\n`);
  return different.length + seldom.length;
}

function count({ findings }: Expected, into: Map<string, number>): void {
  for (const [code] of findings) into.set(code, (into.get(code) ?? 0) + 1);
}

function cell(counts: Map<string, number>, code: string): string {
  return String(counts.get(code) ?? 0).padStart(7);
}
