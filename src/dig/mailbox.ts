interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** What arrives from another thread, in its order, for one who takes one after the other. */
export class Mailbox<T> {
  readonly #arrived: T[] = [];
  #waiting: Waiting<T> | null = null;
  #failure: { readonly error: unknown } | null = null;

  put(value: T): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#arrived.push(value);
    else waiting.resolve(value);
  }

  /** The next one, once it is there; only one may wait. Throws what `fail` was given, after all that arrived before. */
  next(): Promise<T> {
    const value = this.#arrived.shift();
    if (value !== undefined) return Promise.resolve(value);
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Nothing more arrives. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
