import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { root } from './build-app.ts';
import { findChromium } from './chromium.ts';

/** Renders resources/icons/isotherm.svg to the icon files the installers need. Run it after changing the drawing. */
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Types of PNG entries in an .icns file by pixel size; retina entries repeat the doubled size. */
const ICNS_TYPES: readonly (readonly [type: string, size: number])[] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

const folder = join(root, 'resources', 'icons');
const svg = readFileSync(join(folder, 'isotherm.svg'), 'utf8');

async function render(): Promise<Map<number, Buffer>> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is needed to draw the icons; name one in ISOTHERM_CHROMIUM.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] });
  const images = new Map<number, Buffer>();
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    images.set(size, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
  await browser.close();
  return images;
}

/** An .icns file: a header and PNG entries, big-endian. */
function icns(images: ReadonlyMap<number, Buffer>): Buffer {
  const entries = ICNS_TYPES.map(([type, size]) => {
    const image = images.get(size) ?? Buffer.alloc(0);
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(image.length + 8, 4);
    return Buffer.concat([head, image]);
  });
  const body = Buffer.concat(entries);
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

/** An .ico file: a directory and PNG entries, little-endian; a size of 256 is written as 0. */
function ico(images: ReadonlyMap<number, Buffer>): Buffer {
  const chosen = [...images].filter(([size]) => size <= 256);
  const head = Buffer.alloc(6 + 16 * chosen.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(chosen.length, 4);
  let offset = head.length;
  chosen.forEach(([size, image], at) => {
    const entry = 6 + 16 * at;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(image.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += image.length;
  });
  return Buffer.concat([head, ...chosen.map(([, image]) => image)]);
}

const images = await render();
mkdirSync(join(folder, 'png'), { recursive: true });
// electron-builder takes the sizes of Linux icons from their names.
for (const [size, image] of images) writeFileSync(join(folder, 'png', `${size}x${size}.png`), image);
writeFileSync(join(folder, 'isotherm.icns'), icns(images));
writeFileSync(join(folder, 'isotherm.ico'), ico(images));
console.log(`Wrote ${images.size} PNG files, isotherm.icns and isotherm.ico.`);
