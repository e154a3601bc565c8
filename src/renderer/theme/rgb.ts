/** A colour token "#rrggbb" as a canvas pixel: alpha, blue, green, red from the high byte down. */
export function pixelOf(hex: string): number {
  const value = Number.parseInt(hex.slice(1, 7), 16);
  const [red, green, blue] = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** `share` of one pixel over the other; 1 is all of the first. */
export function mixPixels(over: number, under: number, share: number): number {
  const channel = (shift: number): number => {
    const [a, b] = [(over >>> shift) & 255, (under >>> shift) & 255];
    return Math.round(a * share + b * (1 - share)) << shift;
  };
  return ((255 << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}
