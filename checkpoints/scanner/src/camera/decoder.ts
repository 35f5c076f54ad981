// The WebAssembly decoder, for browsers that have no BarcodeDetector of their own; loaded only then, from our server.

import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

/** Ask for the decoder once more, through the service worker, which keeps it for when there is no network. */
export async function keepDecoder(): Promise<void> {
  await (await fetch(wasm)).arrayBuffer();
}

export async function makeDecoder(): Promise<BarcodeDetector> {
  await prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasm : prefix + path) },
    fireImmediately: true,
  });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
