// Codes read out of photos, and with the camera where the browser gives one: at addresses that it trusts.

import { load } from "../../../libs/signer/web/veta-sign.mjs";

// Pixels along the longer side of what is looked at; the module takes the square of it.
const SIDE_MAX = 1_440;
// From one look through the camera to the next, in milliseconds.
const LOOK_MS = 200;

// A picture as grey pixels, no larger than the module takes.
export function greyOf(source, width, height) {
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // What is transparent is light.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = (77 * data[4 * at] + 150 * data[4 * at + 1] + 29 * data[4 * at + 2]) >> 8;
  }
  return { width: canvas.width, height: canvas.height, grey };
}

// What reads pictures, by a module of its own that is fetched now: whatever a picture does to it, what signs does not notice.
export function readerOf(module) {
  const compiled = fetch(module).then((answer) => answer.arrayBuffer()).then((code) => WebAssembly.compile(code));
  // Told to whoever reads.
  compiled.catch(() => {});
  let signer = null;
  return async (picture) => {
    signer ??= await load(await compiled);
    try {
      return signer.scan(picture);
    } catch (error) {
      signer = null;
      throw error;
    }
  };
}

// Where a text of a code leads within this portal: to a lot that it names in any way, and else to what may be meant by it.
export function placeOf(text, { lots, search }) {
  const [lot] = /lot-[0-9a-z]{27}(?![0-9a-z])/.exec(text.toLowerCase()) ?? [];
  return lot === undefined ? `${search}?q=${encodeURIComponent(text.slice(0, 200))}` : `${lots}/${lot}`;
}

// The part of a page that scans. `read` gives the texts of the codes in a picture; `found` takes them, and says whether these were
// all; `tell` says what happens, under the keys of texts.
export class Scanner {
  constructor(root, { read, found, tell }) {
    this.root = root;
    this.read = read;
    this.found = found;
    this.tell = tell;
    this.stream = null;
  }

  start() {
    const [photo, camera] = ["input[type=file]", "button"].map((part) => this.root.querySelector(part));
    this.video = this.root.querySelector("video");
    this.camera = camera;
    photo.addEventListener("change", () => this.photos(photo));
    camera.addEventListener("click", () => (this.stream === null ? this.open() : this.close()));
    camera.hidden = globalThis.navigator?.mediaDevices?.getUserMedia === undefined;
    this.root.hidden = false;
  }

  async photos(input) {
    const texts = [];
    for (const file of input.files) {
      try {
        const picture = await createImageBitmap(file);
        texts.push(...(await this.read(greyOf(picture, picture.width, picture.height))));
        picture.close();
      } catch {
        this.tell("scan-no-picture", true);
        return;
      }
    }
    input.value = "";
    if (texts.length === 0) this.tell("scan-nothing", true);
    else await this.found(texts);
  }

  async open() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      this.tell("scan-no-camera", true);
      return;
    }
    this.video.srcObject = this.stream;
    this.video.hidden = false;
    this.camera.setAttribute("aria-pressed", "true");
    await this.video.play();
    this.look();
  }

  // Looks until everything is found, or the camera is put away.
  async look() {
    if (this.stream === null) return;
    const { video } = this;
    const texts = video.videoWidth === 0 ? [] : await this.read(greyOf(video, video.videoWidth, video.videoHeight)).catch(() => []);
    if (0 < texts.length && (await this.found(texts))) this.close();
    else setTimeout(() => this.look(), LOOK_MS);
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    this.video.hidden = true;
    this.camera.setAttribute("aria-pressed", "false");
  }
}
