import type { PreparedChart, RenderChartOptions, RenderedChart } from '../chart/index.js';
import { findCauses, findUses, type Trial } from '../discover/index.js';
import type { ImageUse } from '../model/index.js';

/** A chart that was rendered once, and how to render it again. */
export interface Experiment {
  readonly prepared: PreparedChart;
  readonly options: RenderChartOptions;
  readonly rendered: RenderedChart;
}

/** The uses with what decides each, by rendering the chart again with one thing changed at a time. */
export async function withCauses(uses: readonly ImageUse[], experiment: Experiment): Promise<readonly ImageUse[]> {
  const { noValues, prepareChart, renderChart, withAppVersion } = await import('../chart/index.js');
  const { prepared, rendered } = experiment;
  const options = { ...experiment.options, trace: false };
  const given = options.values;
  const gave = given !== noValues && Object.values(given).some((list) => list.length > 0);

  function render(trial: Trial): readonly ImageUse[] {
    if (trial.kind === 'appVersion') {
      const changed = prepareChart(withAppVersion(prepared.chart, trial.chart, trial.value));
      return findUses(renderChart(changed, options).manifests).uses;
    }
    return findUses(renderChart(prepared, { ...options, values: withValue(given, trial) }).manifests).uses;
  }

  const defaults = gave ? renderChart(prepared, { ...options, values: noValues }).values : null;
  const { uses: found } = await findCauses({
    uses,
    values: rendered.values,
    defaults,
    charts: rendered.charts,
    render,
  });
  return found;
}

/** The user's values with one more, which wins over all of them. */
function withValue(
  given: RenderChartOptions['values'],
  trial: Extract<Trial, { readonly kind: 'value' }>,
): RenderChartOptions['values'] {
  // A text is taken literally and last; a number has no literal form, and a user who set it as a string keeps it.
  if (typeof trial.value === 'string') {
    return { ...given, setLiteral: [...given.setLiteral, `${trial.path}=${trial.value}`] };
  }
  return { ...given, set: [...given.set, `${trial.path}=${trial.value}`] };
}
