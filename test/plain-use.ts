import type { ImageUse } from '../src/model/index.js';

/** An image of the only container of a pod. */
export function plainUse(image: string, name = 'p'): ImageUse {
  return {
    image,
    written: image,
    how: 'workload',
    role: 'container',
    hooks: [],
    test: false,
    conditional: null,
    certainty: 'certain',
    against: [],
    in: {
      kind: 'Pod',
      name,
      namespace: null,
      container: name,
      field: '/spec/containers/0/image',
      template: `${name}.yaml`,
      line: null,
      document: 0,
      chart: null,
    },
    causes: [],
  };
}
