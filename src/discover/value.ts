import { isOpen, judgeNamed, judgeUnnamed, type Verdict } from './candidate.js';
import { namesImage } from './name.js';

/** An image that a value names. */
export interface ValueHit {
  readonly written: string;
  readonly verdict: Verdict;
}

/** How much a value has to show: `named` under a name that says image, `strict` inside longer text. */
export type Standing = 'named' | 'strict' | 'unnamed';

/** The most images that one value is believed to hold. */
const most = 500;

/**
 * The images in one value: a reference; `key=IMAGE`; several of either, separated by commas, spaces or line ends (as
 * `STRIMZI_KAFKA_IMAGES` has them, one `3.9.0=quay.io/strimzi/kafka:0.45.0-kafka-3.9.0` a line).
 */
export function readValue(value: string, standing: Standing): readonly ValueHit[] {
  // Most values of most manifests end here.
  if (standing === 'unnamed' && !(value.includes('/') && /[:@]/.test(value))) return [];
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
  const verdict = judge(text, standing === 'unnamed' && !namesImage(name) ? 'unnamed' : 'strict');
  return verdict === null || verdict.candidate.image.length > 512 ? null : { written: text, verdict };
}

function judge(text: string, standing: Standing): Verdict | null {
  if (standing === 'unnamed') return judgeUnnamed(text);
  const verdict = judgeNamed(text);
  if (verdict === null || standing === 'named') return verdict;
  const { tag, hasDigest, hasHost, hasPath } = verdict.candidate;
  return (tag !== null || hasDigest || hasHost) && (hasPath || verdict.against.length === 0) ? verdict : null;
}
