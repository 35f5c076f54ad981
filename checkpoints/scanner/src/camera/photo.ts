// Photos for a certified report: drawn anew, which makes them small and leaves the camera's metadata behind.

import { LARGEST_PHOTO, type PhotoType } from "../judging/generated";

const LONGEST_EDGE = 1280;
const QUALITIES = [0.7, 0.5, 0.35];
const WANTED_BYTES = 300_000;
const LARGEST_FILE = 50_000_000; // bytes; no camera makes such a picture

export interface Photo {
  content_type: PhotoType;
  /** base64 */
  data: string;
}

/** Throws for a file that is no picture, or too large to be one of a camera. */
export async function recompress(file: Blob): Promise<Photo> {
  if (file.size > LARGEST_FILE) throw new Error("no picture");
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  let drawn = await jpeg(canvas, QUALITIES[0]!);
  for (const quality of QUALITIES) {
    if (drawn.size <= WANTED_BYTES) break;
    drawn = await jpeg(canvas, quality);
  }
  if (drawn.size > LARGEST_PHOTO) throw new Error("no picture");
  return { content_type: "image/jpeg", data: await base64(drawn) };
}

function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", quality);
  });
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
