import { judgeNamed, readCandidate } from './candidate.js';
import { flagsOf } from './command.js';
import { type CompanionRule, companionRules } from './companion-rules.js';
import type { Finder } from './finder.js';
import type { Hit } from './hit.js';
import { step, textField } from './json.js';
import { type Container, containersOf, podSpecOf, variablesOf } from './pod-spec.js';

/**
 * Images that a program starts beside its own and of the same release (`companionRules`): cert-manager's solver where
 * no flag names another. Nothing in the manifest spells them, so they are `likely`.
 */
export const companion: Finder = {
  name: 'companion',
  beyondText: true,
  *find(object) {
    const pod = podSpecOf(object);
    if (pod === null) return;
    for (const container of containersOf(pod)) {
      const image = textField(container.value, 'image') ?? '';
      for (const rule of companionRules) {
        const hit = image.includes(rule.program) ? companionOf(rule, image, container) : null;
        if (hit !== null) yield hit;
      }
    }
  },
};

function companionOf(rule: CompanionRule, image: string, container: Container): Hit | null {
  const own = readCandidate(image);
  const name = image.split(/[:@]/, 1)[0] ?? '';
  if (own === null || own.tag === null || !(name === rule.program || name.endsWith(`/${rule.program}`))) return null;
  const told = [...flagsOf(container), ...variablesOf(container)].map((pair) => pair.name.replace(/^-+/, ''));
  if (told.some((one) => rule.unless.includes(one))) return null;
  const repository = rule.repository.replace(/^\.\//, name.slice(0, name.lastIndexOf('/') + 1));
  const verdict = judgeNamed(`${repository}:${own.tag}`);
  if (verdict === null) return null;
  return {
    how: 'operator-default',
    role: 'none',
    container: container.name,
    field: step(container.pointer, 'image'),
    written: image,
    image: verdict.candidate.image,
    certainty: 'likely',
    against: [`no manifest names it: ${rule.program} starts it by default, of its own version`],
    trouble: null,
  };
}
