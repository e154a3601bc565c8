import { copyShort } from './bytes';

/**
 * Unpacks a Snappy block (https://github.com/google/snappy/blob/main/format_description.txt) into `room` bytes, behind which there
 * are 64 more; its length, or -1 where it is damaged or longer than that. The input is read up to 16 bytes behind its end.
 */
export function unsnappy(from: usize, length: u32, to: usize, room: u32): i32 {
  let at = from;
  const end = from + length;
  let size: u32 = 0;
  let shift: u32 = 0;
  while (true) {
    if (at == end || shift > 28) return -1;
    const byte = <u32>load<u8>(at++);
    size |= (byte & 127) << shift;
    shift += 7;
    if (byte < 128) break;
  }
  if (size > room) return -1;
  let out = to;
  const outEnd = to + size;
  while (at < end) {
    const tag = <u32>load<u8>(at++);
    let count = (tag >> 2) + 1;
    if ((tag & 3) == 0) {
      if (count > 60) {
        const bytes = count - 60;
        if (at + bytes > end) return -1;
        count = (load<u32>(at) & (<u32>0xffffffff >> (32 - (bytes << 3)))) + 1;
        at += bytes;
      }
      if (count == 0 || count > <u32>(end - at) || count > <u32>(outEnd - out)) return -1;
      if (count <= 64) copyShort(out, at, count);
      else memory.copy(out, at, count);
      at += count;
      out += count;
      continue;
    }
    let distance: u32;
    if ((tag & 3) == 1) {
      if (at >= end) return -1;
      count = ((tag >> 2) & 7) + 4;
      distance = ((tag & 0xe0) << 3) | <u32>load<u8>(at);
      at += 1;
    } else if ((tag & 3) == 2) {
      if (at + 2 > end) return -1;
      distance = <u32>load<u16>(at);
      at += 2;
    } else {
      if (at + 4 > end) return -1;
      distance = load<u32>(at);
      at += 4;
    }
    if (distance == 0 || distance > <u32>(out - to) || count > <u32>(outEnd - out)) return -1;
    let source = out - distance;
    const stop = out + count;
    if (distance >= 16) {
      // At most 64 bytes are copied at a time, and what is written behind them is written over or is room.
      while (out < stop) {
        v128.store(out, v128.load(source));
        out += 16;
        source += 16;
      }
      out = stop;
    } else {
      while (out < stop) store<u8>(out++, load<u8>(source++));
    }
  }
  return out == outEnd ? <i32>size : -1;
}
