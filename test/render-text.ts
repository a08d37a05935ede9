import {
  isStackFull,
  loadChart,
  prepareChart,
  type RenderChartOptions,
  renderChart,
  renderDeep,
} from '../src/chart/index.js';
import { isTrowelError } from '../src/model/index.js';

/** What `helm template` prints for a chart, or its message behind `Error: `, without the blanks at its end. */
export async function renderText(path: string, options: RenderChartOptions): Promise<string> {
  try {
    const chart = await loadChart(path, { helm: options.helm });
    try {
      return renderChart(prepareChart(chart), options).text;
    } catch (error) {
      if (isStackFull(error)) return (await renderDeep(chart, options, false)).text;
      throw error;
    }
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return `Error: ${error.what}`.trimEnd();
  }
}
