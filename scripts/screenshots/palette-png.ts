// A screenshot with at most 256 colours, a third of its size. The law: every colour in it stood in the picture, and flat
// areas keep theirs exactly. PNG as in the W3C's specification (third edition): 8 bits, RGB or RGBA in, a palette out.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;

type Picture = { width: number; height: number /** 0xrrggbb of each point, row by row. */; points: Uint32Array };
type Box = [colour: number, count: number][];

/** @throws Error for a PNG of another kind */
export function reducePng(png: Buffer): Buffer {
  const { width, height, points } = decode(png);
  const counts = new Map<number, number>();
  for (const colour of points) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const boxes = cutBoxes([...counts]);
  const palette = boxes.map(box => box.reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0]);
  const places = new Map(boxes.flatMap((box, place) => box.map(([colour]) => [colour, place] as const)));
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < points.length; at++)
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = places.get(points[at]!)!;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap(colour => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', data), chunk('IEND')]);
}

/** Median cut (Heckbert 1982): the box with most points along its widest channel is halved, until there are enough. */
function cutBoxes(colours: Box): Box[] {
  const boxes = [colours];
  while (boxes.length < MOST_COLOURS) {
    const widest = boxes
      .map((box, place) => ({ place, ...measure(box) }))
      .reduce((most, one) => (one.weight > most.weight ? one : most));
    if (widest.weight === 0) break;
    const box = boxes[widest.place]!.sort((a, b) => channel(a[0], widest.shift) - channel(b[0], widest.shift));
    const half = box.reduce((sum, [, count]) => sum + Math.sqrt(count), 0) / 2;
    let [sum, at] = [0, 0];
    while (at < box.length - 1 && (at === 0 || sum < half)) sum += Math.sqrt(box[at++]![1]);
    boxes.splice(widest.place, 1, box.slice(0, at), box.slice(at));
  }
  return boxes;
}

const channel = (colour: number, shift: number) => (colour >> shift) & 255;

/** Zero for a box of one colour. The root of the counts: else the few points of a letter's edge would get no colour. */
function measure(box: Box): { shift: number; weight: number } {
  const ranges = [16, 8, 0].map(shift => {
    const values = box.map(([colour]) => channel(colour, shift));
    return { shift, range: values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b)) };
  });
  const { shift, range } = ranges.reduce((most, one) => (one.range > most.range ? one : most));
  return { shift, weight: range * box.reduce((sum, [, count]) => sum + Math.sqrt(count), 0) };
}

function decode(png: Buffer): Picture {
  const data: Buffer[] = [];
  let header = Buffer.alloc(0);
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 8, at + 8 + length);
    const type = png.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') header = Buffer.from(body);
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const bytes = { 2: 3, 6: 4 }[header[9]!];
  if (header[8] !== 8 || bytes === undefined || header[12] !== 0) throw new Error('this is no plain PNG of 8 bits');
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * bytes;
  let above = new Uint8Array(stride);
  const points = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const row = unfilter(raw[from]!, raw.subarray(from + 1, from + 1 + stride), above, bytes);
    for (let x = 0; x < width; x++)
      points[y * width + x] = (row[x * bytes]! << 16) | (row[x * bytes + 1]! << 8) | row[x * bytes + 2]!;
    above = row;
  }
  return { width, height, points };
}

function unfilter(kind: number, line: Uint8Array, above: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at++) {
    const [left, corner] = at < bytes ? [0, 0] : [row[at - bytes]!, above[at - bytes]!];
    const up = above[at]!;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind]!;
    row[at] = line[at]! + guess;
  }
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [left, up, corner].map(value => Math.abs(left + up - corner - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function chunk(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}
