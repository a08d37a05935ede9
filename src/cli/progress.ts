import type { ProgressEvent } from '../model/index.js';

const layerWords = { read: 'read', stored: 'taken from the store', failed: 'not read' } as const;

/** Draws progress on one line of standard error, at most ten times a second; silent when it is no terminal. */
export class ProgressLine {
  readonly #say: (text: string) => void;
  readonly #drawn: boolean;
  readonly #warn: boolean;
  readonly #clean: (text: string) => string;
  readonly #width: () => number;
  readonly #verbose: boolean;
  readonly #now: () => number;
  #stage = '';
  #images = { open: 0, done: 0 };
  #layers = { read: 0, stored: 0 };
  #bytes = 0;
  #last = Number.NEGATIVE_INFINITY;
  #shown = false;

  /** `clean` makes a text of the input safe for a terminal; `now` is in milliseconds; `verbose` says each step. */
  constructor(to: {
    say: (text: string) => void;
    drawn: boolean;
    warn: boolean;
    width: () => number;
    verbose?: boolean;
    now?: () => number;
    clean: (text: string) => string;
  }) {
    this.#say = to.say;
    this.#drawn = to.drawn;
    this.#warn = to.warn;
    this.#width = to.width;
    this.#verbose = to.verbose === true;
    this.#now = to.now ?? (() => performance.now());
    this.#clean = to.clean;
  }

  readonly event = (event: ProgressEvent): void => {
    switch (event.kind) {
      case 'stage':
        this.#stage = event.detail === undefined ? event.name : `${event.name} ${event.detail}`;
        this.#tell(this.#stage);
        break;
      case 'image':
        if (event.state === 'open') this.#images.open++;
        else this.#images.done++;
        if (event.state !== 'done')
          this.#tell(`image ${event.reference}${event.state === 'failed' ? ': not read' : ''}`);
        break;
      case 'layer':
        if (event.state === 'read') this.#layers.read++;
        if (event.state === 'stored') this.#layers.stored++;
        this.#tell(`layer ${event.digest} ${layerWords[event.state]}`);
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

  #tell(text: string): void {
    if (this.#verbose) this.#line(`${this.#clean(text)}\n`);
  }

  #line(text: string): void {
    this.clear();
    this.#say(text);
  }

  #draw(): void {
    if (!this.#drawn) return;
    const now = this.#now();
    if (now - this.#last < 100) return;
    this.#last = now;
    const parts = this.#stage === '' ? [] : [this.#clean(this.#stage)];
    if (this.#images.open > 0) parts.push(`images ${this.#images.done}/${this.#images.open}`);
    if (this.#layers.read + this.#layers.stored > 0) {
      parts.push(`layers ${this.#layers.read} read, ${this.#layers.stored} kept`);
    }
    if (this.#bytes > 0) parts.push(`${(this.#bytes / 1048576).toFixed(1)} MiB`);
    const text = [...parts.join(' · ')].slice(0, Math.max(this.#width() - 1, 10)).join('');
    this.#say(`\r\u001b[K${text}`);
    this.#shown = true;
  }
}
