import type { ProgressEvent } from '../model/index.js';

/** Draws progress on one line of standard error, at most ten times a second; silent when it is no terminal. */
export class ProgressLine {
  readonly #say: (text: string) => void;
  readonly #drawn: boolean;
  readonly #warn: boolean;
  readonly #clean: (text: string) => string;
  readonly #width: number;
  #stage = '';
  #images = { open: 0, done: 0 };
  #layers = { read: 0, stored: 0 };
  #bytes = 0;
  #last = 0;
  #shown = false;

  /** `clean` makes a text of the input safe for a terminal. */
  constructor(to: {
    say: (text: string) => void;
    drawn: boolean;
    warn: boolean;
    width: number;
    clean: (text: string) => string;
  }) {
    this.#say = to.say;
    this.#drawn = to.drawn;
    this.#warn = to.warn;
    this.#width = to.width;
    this.#clean = to.clean;
  }

  readonly event = (event: ProgressEvent): void => {
    switch (event.kind) {
      case 'stage':
        this.#stage = event.detail === undefined ? event.name : `${event.name} ${event.detail}`;
        break;
      case 'image':
        if (event.state === 'open') this.#images.open++;
        else this.#images.done++;
        break;
      case 'layer':
        if (event.state === 'read') this.#layers.read++;
        if (event.state === 'stored') this.#layers.stored++;
        break;
      case 'bytes':
        this.#bytes += event.bytes;
        break;
      case 'warning':
        if (this.#warn) this.#line(`warning: ${this.#clean(event.text)}\n`);
        return;
    }
    this.#draw();
  };

  /** Removes the line; call before anything else is written to the terminal. */
  clear(): void {
    if (this.#shown) this.#say('\r\u001b[K');
    this.#shown = false;
  }

  #line(text: string): void {
    this.clear();
    this.#say(text);
  }

  #draw(): void {
    if (!this.#drawn) return;
    const now = performance.now();
    if (now - this.#last < 100) return;
    this.#last = now;
    const parts = [this.#clean(this.#stage)];
    if (this.#images.open > 0) parts.push(`images ${this.#images.done}/${this.#images.open}`);
    if (this.#layers.read + this.#layers.stored > 0) {
      parts.push(`layers ${this.#layers.read} read, ${this.#layers.stored} kept`);
    }
    if (this.#bytes > 0) parts.push(`${(this.#bytes / 1048576).toFixed(1)} MiB`);
    this.#say(`\r\u001b[K${parts.join(' · ').slice(0, Math.max(this.#width - 1, 10))}`);
    this.#shown = true;
  }
}
