/**
 * Go's sort.Sort, step by step: it is not stable, and which of two equal versions comes first decides which chart Helm
 * takes. Sorts in place. Follows: Go 1.26 src/sort/zsortinterface.go (pdqsort), src/sort/sort.go.
 */
export function goSort<T>(list: T[], less: (a: T, b: T) => boolean): void {
  const sorter = new Sorter(list, less);
  sorter.pdqsort(0, list.length, list.length === 0 ? 0 : 32 - Math.clz32(list.length));
}

const maxInsertion = 12;

class Sorter<T> {
  readonly #list: T[];
  readonly #less: (a: T, b: T) => boolean;

  constructor(list: T[], less: (a: T, b: T) => boolean) {
    this.#list = list;
    this.#less = less;
  }

  less(i: number, j: number): boolean {
    return this.#less(this.#list[i] as T, this.#list[j] as T);
  }

  swap(i: number, j: number): void {
    const kept = this.#list[i] as T;
    this.#list[i] = this.#list[j] as T;
    this.#list[j] = kept;
  }

  pdqsort(from: number, to: number, badBefore: number): void {
    let a = from;
    let b = to;
    let limit = badBefore;
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= maxInsertion) {
        this.insertionSort(a, b);
        return;
      }
      if (limit === 0) {
        this.heapSort(a, b);
        return;
      }
      if (!wasBalanced) {
        this.breakPatterns(a, b);
        limit--;
      }
      let { pivot, hint } = this.choosePivot(a, b);
      if (hint === 'decreasing') {
        this.reverseRange(a, b);
        pivot = b - 1 - (pivot - a);
        hint = 'increasing';
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.partialInsertionSort(a, b)) return;
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.partitionEqual(a, b, pivot);
        continue;
      }
      const { mid, partitioned } = this.partition(a, b, pivot);
      wasPartitioned = partitioned;
      const left = mid - a;
      const right = b - mid;
      const threshold = Math.floor(length / 8);
      if (left < right) {
        wasBalanced = left >= threshold;
        this.pdqsort(a, mid, limit);
        a = mid + 1;
      } else {
        wasBalanced = right >= threshold;
        this.pdqsort(mid + 1, b, limit);
        b = mid;
      }
    }
  }

  insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) {
      for (let j = i; j > a && this.less(j, j - 1); j--) this.swap(j, j - 1);
    }
  }

  heapSort(a: number, b: number): void {
    const size = b - a;
    for (let i = Math.floor((size - 1) / 2); i >= 0; i--) this.siftDown(i, size, a);
    for (let i = size - 1; i >= 0; i--) {
      this.swap(a, a + i);
      this.siftDown(0, i, a);
    }
  }

  siftDown(low: number, high: number, first: number): void {
    for (let root = low; ; ) {
      let child = 2 * root + 1;
      if (child >= high) return;
      if (child + 1 < high && this.less(first + child, first + child + 1)) child++;
      if (!this.less(first + root, first + child)) return;
      this.swap(first + root, first + child);
      root = child;
    }
  }

  breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    let seed = BigInt(length);
    const next = (): bigint => {
      seed ^= (seed << 13n) & mask;
      seed ^= seed >> 7n;
      seed ^= (seed << 17n) & mask;
      return seed;
    };
    const modulus = 2 ** (32 - Math.clz32(length));
    const at = a + Math.floor(length / 4) * 2 - 1;
    for (let i = 0; i < 3; i++) {
      let other = Number(next() & BigInt(modulus - 1));
      if (other >= length) other -= length;
      this.swap(at + i, a + other);
    }
  }

  choosePivot(a: number, b: number): { pivot: number; hint: 'unknown' | 'increasing' | 'decreasing' } {
    const length = b - a;
    let swaps = 0;
    let i = a + Math.floor(length / 4);
    let j = a + Math.floor(length / 4) * 2;
    let k = a + Math.floor(length / 4) * 3;
    const median = (x: number, y: number, z: number): number => {
      let [p, q, r] = [x, y, z];
      const order = (m: number, n: number): [number, number] => {
        if (!this.less(n, m)) return [m, n];
        swaps++;
        return [n, m];
      };
      [p, q] = order(p, q);
      [q, r] = order(q, r);
      [p, q] = order(p, q);
      return q;
    };
    if (length >= 8) {
      if (length >= 50) {
        i = median(i - 1, i, i + 1);
        j = median(j - 1, j, j + 1);
        k = median(k - 1, k, k + 1);
      }
      j = median(i, j, k);
    }
    if (swaps === 0) return { pivot: j, hint: 'increasing' };
    return { pivot: j, hint: swaps === 4 * 3 ? 'decreasing' : 'unknown' };
  }

  reverseRange(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.swap(i, j);
  }

  partialInsertionSort(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < 5; step++) {
      while (i < b && !this.less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < 50) return false;
      this.swap(i, i - 1);
      if (i - a >= 2) {
        for (let j = i - 1; j >= 1; j--) {
          if (!this.less(j, j - 1)) break;
          this.swap(j, j - 1);
        }
      }
      if (b - i >= 2) {
        for (let j = i + 1; j < b; j++) {
          if (!this.less(j, j - 1)) break;
          this.swap(j, j - 1);
        }
      }
    }
    return false;
  }

  partitionEqual(a: number, b: number, pivot: number): number {
    this.swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (;;) {
      while (i <= j && !this.less(a, i)) i++;
      while (i <= j && this.less(a, j)) j--;
      if (i > j) return i;
      this.swap(i, j);
      i++;
      j--;
    }
  }

  partition(a: number, b: number, pivot: number): { mid: number; partitioned: boolean } {
    this.swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    while (i <= j && this.less(i, a)) i++;
    while (i <= j && !this.less(j, a)) j--;
    if (i > j) {
      this.swap(j, a);
      return { mid: j, partitioned: true };
    }
    this.swap(i, j);
    i++;
    j--;
    for (;;) {
      while (i <= j && this.less(i, a)) i++;
      while (i <= j && !this.less(j, a)) j--;
      if (i > j) break;
      this.swap(i, j);
      i++;
      j--;
    }
    this.swap(j, a);
    return { mid: j, partitioned: false };
  }
}

const mask = (1n << 64n) - 1n;
