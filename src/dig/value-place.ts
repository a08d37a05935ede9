import { FieldPlaces, stepsOf, type ValuePlace, valueAt } from '../cause/index.js';
import type { Chart, GivenValues } from '../chart/index.js';
import { step } from '../discover/index.js';
import type { JsonValue } from '../model/index.js';

type Step = string | number;

/**
 * Finds where values are written: in the last of the user's files that has them, else in values.yaml of the chart that
 * decides (a parent's over its child's). Lines count from 1; a value that only an option gave has no file, one that
 * stands within another form than block YAML the line of what is around it.
 */
export class ValuePlaces {
  readonly #chart: Chart;
  readonly #given: GivenValues;
  readonly #table: JsonValue;
  readonly #texts = new Map<string, FieldPlaces>();

  /** `table` is all that the user gave. */
  constructor(chart: Chart, given: GivenValues, table: JsonValue) {
    this.#chart = chart;
    this.#given = given;
    this.#table = table;
  }

  of(path: string): ValuePlace {
    const steps = stepsOf(path);
    if (valueAt(this.#table, path) !== undefined) {
      for (const { path: file, text } of [...this.#given.files].reverse()) {
        const line = this.#lineOf(text, steps, true);
        if (line !== null) return { given: true, file, line };
      }
      return { given: true, file: null, line: null };
    }
    const found = this.#inChart(this.#chart, this.#chart.metadata.name, steps);
    return { given: false, ...(found ?? { file: null, line: null }) };
  }

  #inChart(chart: Chart, folder: string, steps: readonly Step[]): { file: string; line: number } | null {
    const line = chart.valuesText === null ? null : this.#lineOf(chart.valuesText, steps, false);
    if (line !== null) return { file: `${folder}/values.yaml`, line };
    const [first, ...rest] = steps;
    for (const child of chart.dependencies) {
      const names = namesOf(chart, child);
      const isGlobal = first === 'global';
      const name = isGlobal ? names[0] : names.find((one) => one === first);
      if (name === undefined) continue;
      const found = this.#inChart(child, `${folder}/charts/${name}`, isGlobal ? steps : rest);
      if (found !== null) return found;
    }
    return null;
  }

  /** The line of a path, or (`within`) of the table around it that is written in one line. */
  #lineOf(text: string, steps: readonly Step[], within: boolean): number | null {
    const places = this.#texts.get(text) ?? new FieldPlaces(text);
    this.#texts.set(text, places);
    for (let length = steps.length; length > 0; length--) {
      const region = places.of(steps.slice(0, length).reduce<string>(step, ''));
      if (region === null) continue;
      const around = text.slice(region.from, region.to);
      const isInFlow =
        /^[^\n]*[:-]\s*[{[]./.test(around) && steps.slice(length).every((one) => around.includes(String(one)));
      if (length < steps.length && !within && !isInFlow) return null;
      return places.lineAt(region.from);
    }
    return null;
  }
}

/** The names under which a chart is a child of another: its aliases, else its own. */
function namesOf(parent: Chart, child: Chart): readonly string[] {
  const stated = (parent.metadata.dependencies ?? []).filter(({ name }) => name === child.metadata.name);
  const names = stated.map(({ alias, name }) => (alias === '' ? name : alias));
  return names.length === 0 ? [child.metadata.name] : names;
}
