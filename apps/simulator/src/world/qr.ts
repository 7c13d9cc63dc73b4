import { crc32, deflateSync } from 'node:zlib';
import qrcode from 'qrcode-generator';

const MODULE_PX = 4;
const QUIET_MODULES = 4;

/** The text as a QR code: a complete data URL of a PNG, as the server sends it. */
export function qrPng(text: string): string {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const modules = code.getModuleCount() + 2 * QUIET_MODULES;
  const side = modules * MODULE_PX;
  const rows = Array.from({ length: side }, (_, y) => {
    const row = Buffer.alloc(side + 1, 255);
    row[0] = 0; // PNG's filter of this row: none
    for (let x = 0; x < side; x += 1) if (isDark(code, x, y)) row[x + 1] = 0;
    return row;
  });
  return `data:image/png;base64,${png(side, Buffer.concat(rows)).toString('base64')}`;
}

function isDark(code: ReturnType<typeof qrcode>, x: number, y: number): boolean {
  const [column, row] = [x, y].map((at) => Math.floor(at / MODULE_PX) - QUIET_MODULES);
  const inside = (at: number | undefined): at is number => at !== undefined && at >= 0 && at < code.getModuleCount();
  return inside(column) && inside(row) && code.isDark(row, column);
}

/** Eight-bit grey, one chunk of everything. */
function png(side: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
