/** How large a slice becomes in Go: templates see it, since sprig's slice cuts up to the capacity. */

/** The sizes in bytes that Go's allocator has, as far as doubling matters (runtime/sizeclasses.go). */
const classes = [
  8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
  512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864,
  5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480,
  21760, 24576, 27264, 28672, 32768,
];

const pageSize = 8192;

/** The capacity after appending to a full slice. Follows: growslice of runtime/slice.go; an element has 16 bytes. */
export function appended(capacity: number, length: number, elementSize = 16): number {
  if (length <= capacity) return capacity;
  const bytes = elementSize * grownTo(capacity, length);
  const size = classes.find((one) => one >= bytes) ?? Math.ceil(bytes / pageSize) * pageSize;
  return Math.floor(size / elementSize);
}

function grownTo(capacity: number, length: number): number {
  if (length > 2 * capacity) return length;
  const threshold = 256;
  if (capacity < threshold) return 2 * capacity;
  let next = capacity;
  while (next < length) next += Math.floor((next + 3 * threshold) / 4);
  return next;
}

/** The capacity of a slice to which so many elements were appended one by one. */
export function collected(length: number, elementSize = 16): number {
  let capacity = 0;
  while (capacity < length) capacity = appended(capacity, capacity + 1, elementSize);
  return capacity;
}
