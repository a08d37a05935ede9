import { isOpen, judgeNamed, judgeUnnamed, type Verdict } from './candidate.js';
import { namesImage } from './name.js';

/** An image that a value names. */
export interface ValueHit {
  readonly written: string;
  readonly verdict: Verdict;
}

/**
 * How much a value has to show: `named` under a name that says image, `strict` inside longer text, `begun` under a name
 * that only begins with image, `told` in what a container is told, `unnamed` under any other name.
 */
export type Standing = 'named' | 'strict' | 'begun' | 'told' | 'unnamed';

/** The most images that one value is believed to hold. */
const most = 500;

/**
 * The images in one value: a reference; `key=IMAGE`; several of either, separated by commas, spaces or line ends (as
 * `STRIMZI_KAFKA_IMAGES` has them, one `3.9.0=quay.io/strimzi/kafka:0.45.0-kafka-3.9.0` a line).
 */
export function readValue(value: string, standing: Standing): readonly ValueHit[] {
  // Most values of most manifests end here.
  const isUnnamed = standing === 'unnamed' || standing === 'told';
  if (isUnnamed && !(value.includes('/') && /[:@]/.test(value))) return [];
  const text = value.trim().replace(/^docker:\/\//, '');
  if (text === '' || text.length > 65_536 || isOpen(text)) return [];
  if (!/[\s,;=]/.test(text)) {
    const verdict = judge(text, standing);
    return verdict === null ? [] : [{ written: text, verdict }];
  }
  const hits: ValueHit[] = [];
  for (const token of text.split(/[\s,;]+/)) {
    if (hits.length >= most) break;
    const hit = readToken(token, standing);
    if (hit !== null) hits.push(hit);
  }
  return hits;
}

/** One of several tokens: a single word among others is no image, so it has to have a tag or digest. */
function readToken(token: string, standing: Standing): ValueHit | null {
  const equals = token.indexOf('=');
  const name = equals < 0 ? '' : token.slice(0, equals);
  const text = (equals < 0 ? token : token.slice(equals + 1)).replace(/^["'](.*)["']$/, '$1');
  const isUnnamed = standing === 'unnamed' || standing === 'told';
  const verdict = judge(text, isUnnamed && !namesImage(name) ? standing : 'strict');
  return verdict === null || verdict.candidate.image.length > 512 ? null : { written: text, verdict };
}

function judge(text: string, standing: Standing): Verdict | null {
  if (standing === 'unnamed' || standing === 'told') return judgeUnnamed(text, standing === 'told');
  const verdict = judgeNamed(text);
  if (verdict === null || standing === 'named') return verdict;
  const { tag, hasDigest, hasHost, hasPath } = verdict.candidate;
  if (standing === 'begun') {
    if (!hasPath || (tag === null && !hasDigest)) return null;
    return {
      ...verdict,
      certainty: 'likely',
      against: ['the name it stands under begins with image, and does not end so'],
    };
  }
  return (tag !== null || hasDigest || hasHost) && (hasPath || verdict.against.length === 0) ? verdict : null;
}
