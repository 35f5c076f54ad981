// Builds the app into TIR_SCANNER: the app itself, the desk that reads its codes, its icons drawn from the SVG, the service worker with
// the list of what it keeps, and a compressed twin of each file for servers that send one.
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { build } from "vite";
import { injectManifest } from "workbox-build";

const target = resolve(process.env.TIR_SCANNER ?? "../../.local/scanner");
const KEPT = ["**/*.{html,js,css,svg,png,webmanifest}"];
const COMPRESSED = /\.(html|js|css|svg|wasm|webmanifest)$/;

// What indents the markup in a screen's source need not be loaded; a line's end still parts words.
const unindent = {
  name: "unindent",
  enforce: "pre",
  transform: (code, id) => (/\/screens\/\w+\.ts$/.test(id) ? { code: code.replace(/\n[ \t]+/g, "\n"), map: null } : null),
};

const common = { configFile: false, plugins: [unindent], base: "/post/", logLevel: "warn", publicDir: false };
await build({
  ...common,
  publicDir: "public",
  build: { outDir: target, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
await build({
  ...common,
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: target,
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/sw.ts", formats: ["iife"], name: "sw", fileName: () => "sw.source.js" },
  },
});
// The desk's part of a console page: its own files, so that the phone's stay as few and as small as they are.
await build({
  ...common,
  base: "/post/desk/",
  build: {
    outDir: join(target, "desk"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: { input: "src/desk/main.ts", output: { entryFileNames: "desk.js" } },
  },
});
await drawIcons();
writeLicences();
await listWhatIsKept();
compress(target);

async function drawIcons() {
  await initWasm(readFileSync(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
  const drawing = readFileSync("public/icon.svg", "utf-8");
  for (const size of [192, 512]) {
    const icon = new Resvg(drawing, { fitTo: { mode: "width", value: size } }).render().asPng();
    writeFileSync(join(target, `icon-${size}.png`), icon);
  }
}

/** The app is made of these libraries' code too. */
function writeLicences() {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf-8"));
  const texts = Object.keys(dependencies).map((name) => {
    const folder = join("node_modules", name);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    return `${name}\n\n${readFileSync(join(folder, file), "utf-8")}`;
  });
  writeFileSync(join(target, "licences.txt"), texts.join("\n\n---\n\n"));
}

async function listWhatIsKept() {
  const source = join(target, "sw.source.js");
  const { warnings } = await injectManifest({
    swSrc: source,
    swDest: join(target, "sw.js"),
    globDirectory: target,
    globPatterns: KEPT,
    globIgnores: ["sw*.js", "desk/**"],
    dontCacheBustURLsMatching: /^assets\//,
    // The server knows the shell by the address that the phone opens.
    manifestTransforms: [(entries) => ({ manifest: entries.map(asOpened), warnings: [] })],
  });
  if (warnings.length > 0) throw new Error(warnings.join("\n"));
  rmSync(source);
}

function asOpened(entry) {
  return entry.url === "index.html" ? { ...entry, url: "/post/" } : entry;
}

function compress(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) compress(path);
    else if (COMPRESSED.test(name)) compressFile(path);
  }
}

function compressFile(path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  for (const [ending, bytes] of [["gz", gzipSync(content, { level: 9 })], ["br", brotliCompressSync(content, { params })]]) {
    writeFileSync(`${path}.tmp`, bytes);
    renameSync(`${path}.tmp`, `${path}.${ending}`);
  }
}
