import { shown, withArgs } from './calls.js';
import type { Maker } from './maker.js';
import { datesByLayout } from './pools.js';

/** The text of a template, and how what it writes is made comparable. */
export interface Made {
  readonly text: string;
  readonly normaliser?: string;
}

/** The arguments of a call, made wrong. */
function wrongArgs(m: Maker, good: readonly string[]): string[] {
  const { random } = m;
  const made = [...good];
  const at = random.below(Math.max(1, made.length));
  const how = random.below(4);
  if (made.length === 0 || how === 0) made.splice(at, 0, m.of('any'));
  else if (how === 1) made.splice(at, 1);
  else if (random.chance(0.5)) made[at] = '(fail "no")';
  else made[at] = random.pick(['nil', '(dict "a" 1)', 'true', '2.5', '(list nil)', '$.Values']);
  return made;
}

const wrong = (m: Maker, name: string, good: readonly string[]): Made => ({
  text: shown(m, withArgs(m, name, wrongArgs(m, good))),
  normaliser: 'anything',
});

/** Go's order of keys and values is another one each time. */
const wrongAndSorted = (m: Maker, name: string, good: string): Made => ({
  text: `{{ ${withArgs(m, name, wrongArgs(m, [good]))} | sortAlpha | quote }}`,
});

const print = (expression: string): string => `{{ ${expression} }}`;

const certificateList = (m: Maker): string =>
  m.random.pick(['nil', '(list)', '(list "a.test")', '(list "a.test" "b.test")', '(list 1)', '(list nil)']);
const addressList = (m: Maker): string =>
  m.random.pick([
    'nil',
    '(list)',
    '(list "10.0.0.1")',
    '(list "10.0.0.1" "fd00::1")',
    '(list "x")',
    '(list 5)',
    '(list "")',
  ]);
const days = (m: Maker): string => m.random.pick(['1', '365', '0', '-1', '3650']);
const name = (m: Maker): string => m.text(m.random.pick(['a', 'svc.ns', 'é', '', 'with space', 'a,b="c"']));

type Make = (m: Maker) => Made;

/** A layout and a date that fits it, or nearly; at random they would never fit. */
const dateCall =
  (id: string): Make =>
  (m) => {
    const { random } = m;
    const [layout, date] = random.pick(datesByLayout);
    if (random.chance(0.25)) return { text: shown(m, withArgs(m, id, [m.of('dateLayout'), m.of('str')])) };
    if (random.chance(0.3)) return wrong(m, id, [m.text(layout), m.text(date)]);
    return { text: shown(m, withArgs(m, id, [m.text(layout), m.text(date)])) };
  };

/**
 * A function whose result is random: `good` gives its arguments, `show` prints what can be compared. `slow` ones are
 * seldom called well, for they take a tenth of a second.
 */
function chancy(
  id: string,
  good: (m: Maker) => readonly string[],
  show: (call: string, m: Maker) => Made,
  slow = false,
): [string, Make] {
  return [
    id,
    (m) => {
      const made = good(m);
      if (m.random.chance(slow ? 0.97 : 0.4)) {
        return slow ? certainlyWrong(m, id, made) : wrong(m, id, made);
      }
      return show(withArgs(m, id, made), m);
    },
  ];
}

/** A call that fails before the function has begun. */
function certainlyWrong(m: Maker, id: string, good: readonly string[]): Made {
  const { random } = m;
  const made = [...good];
  const at = random.below(Math.max(1, made.length));
  switch (random.below(3)) {
    case 0:
      made.splice(at, 0, m.of('any'));
      break;
    case 1:
      if (made.length > 0) made.splice(at, 1);
      else made.push('1');
      break;
    default:
      made[at] = random.pick([
        '(fail "no")',
        '(dict "a" 1)',
        'true',
        '2.5',
        '$.Values.missing.x',
        '$.Values',
        `(${m.of('any')} 1)`,
      ]);
  }
  return { text: shown(m, withArgs(m, id, made)), normaliser: 'anything' };
}

const shaped =
  (pattern: string) =>
  (call: string): Made => ({
    text: `{{ $x := ${call} }}${print('len $x')} ${print(`regexMatch ${JSON.stringify(pattern)} $x`)} ${print('typeOf $x')}`,
  });

const size = (m: Maker): readonly string[] => [
  m.random.pick(['0', '1', '5', '32', '100', '-1', '(int 7)', '(int64 7)', '"5"']),
];

const pair =
  (fields: string) =>
  (call: string): Made => ({
    text: `{{ $x := ${call} }}${print('typeOf $x')} {{ $x.Cert }}${fields}{{ $x.Key }}`,
    normaliser: 'pem',
  });

const key = '(genPrivateKey "ed25519")';
const anyKey = (m: Maker): string =>
  m.random.pick([
    key,
    key,
    '(genPrivateKey "ecdsa")',
    '""',
    '"x"',
    '(genCA "a" 1).Key',
    '"-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n"',
  ]);
const cheapKey = (m: Maker): string =>
  m.random.pick([
    key,
    key,
    key,
    '(genPrivateKey "ecdsa")',
    '""',
    '"x"',
    '"-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n"',
  ]);
const authority = `(genCAWithKey "ca" 10 ${key})`;
const anyAuthority = (m: Maker): string =>
  m.random.pick([authority, authority, authority, '(buildCustomCert "" "")', '(dict)', 'nil', '"x"']);

const clock = ['2006', '2006-01-02', '2006-01-02T15:04', 'Mon Jan', ''] as const;

/** Functions whose result is random, is ordered at random, or depends on the clock. */
export const randomFunctions: ReadonlyMap<string, Make> = new Map<string, Make>([
  chancy('randAlphaNum', size, shaped('^[a-zA-Z0-9]*$')),
  chancy('randAlpha', size, shaped('^[a-zA-Z]*$')),
  chancy('randNumeric', size, shaped('^[0-9]*$')),
  chancy('randAscii', size, shaped('^[ -~]*$')),
  chancy('randBytes', size, (call) => ({ text: print(`${call} | b64dec | len`) })),
  chancy(
    'randInt',
    (m) => [m.of('small'), m.of('small')],
    (call) => ({ text: `{{ $x := ${call} }}{{ typeOf $x }}{{ and (ge $x -9) (lt $x 9999999999999) }}` }),
  ),
  chancy('uuidv4', () => [], shaped('^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')),
  chancy(
    'shuffle',
    (m) => [m.of('str')],
    (call) => ({ text: print(`${call} | splitList "" | sortAlpha | join "."`) }),
  ),
  chancy(
    'bcrypt',
    (m) => [m.of('str')],
    (call) => ({ text: print(call), normaliser: 'bcrypt' }),
    true,
  ),
  chancy(
    'htpasswd',
    (m) => [m.random.chance(0.8) ? name(m) : m.text('a:b'), m.of('str')],
    (call) => ({ text: print(call), normaliser: 'bcrypt' }),
    true,
  ),
  chancy(
    'encryptAES',
    (m) => [m.of('str'), m.of('str')],
    (call, m) => {
      const secret = m.text('k');
      return m.random.chance(0.5)
        ? { text: print(`${call} | b64dec | len`) }
        : { text: print(`decryptAES ${secret} (encryptAES ${secret} ${m.of('str')})`) };
    },
  ),
  chancy(
    'derivePassword',
    (m) => [
      m.random.pick(['1', '2', '0', '-1', '4294967296']),
      m.text(m.random.pick(['long', 'maximum', 'medium', 'short', 'basic', 'pin', 'x', ''])),
      m.of('str'),
      m.of('str'),
      m.of('str'),
    ],
    (call) => ({ text: print(call) }),
    true,
  ),
  chancy(
    'genPrivateKey',
    (m) => [
      m.text(m.random.chance(0.001) ? 'rsa' : m.random.pick(['ecdsa', 'ed25519', 'ecdsa', 'ed25519', 'foo', 'RSA'])),
    ],
    (call) => ({ text: print(call), normaliser: 'pem' }),
  ),
  chancy('genCA', (m) => [name(m), days(m)], pair(''), true),
  chancy('genCAWithKey', (m) => [name(m), days(m), cheapKey(m)], pair('')),
  chancy('genSelfSignedCert', (m) => [name(m), addressList(m), certificateList(m), days(m)], pair(''), true),
  chancy(
    'genSelfSignedCertWithKey',
    (m) => [name(m), addressList(m), certificateList(m), days(m), cheapKey(m)],
    pair(''),
  ),
  chancy(
    'genSignedCert',
    (m) => [name(m), addressList(m), certificateList(m), days(m), anyAuthority(m)],
    pair(''),
    true,
  ),
  chancy(
    'genSignedCertWithKey',
    (m) => [name(m), addressList(m), certificateList(m), days(m), anyAuthority(m), cheapKey(m)],
    pair(''),
  ),
  [
    'buildCustomCert',
    (m) => {
      if (m.random.chance(0.3))
        return {
          text: `{{ $c := ${authority} }}{{ $d := buildCustomCert ($c.Cert | b64enc) ($c.Key | b64enc) }}{{ eq $d.Cert $c.Cert }}{{ eq $d.Key $c.Key }}{{ typeOf $d }}`,
        };
      const made = m.random.chance(0.7) ? [m.of('base64'), m.of('base64')] : [m.of('any'), m.of('str')];
      if (m.random.chance(0.2)) made.pop();
      return { text: shown(m, withArgs(m, 'buildCustomCert', made)) };
    },
  ],
  [
    'decryptAES',
    (m) => {
      if (m.random.chance(0.4)) return wrong(m, 'decryptAES', [m.of('str'), m.of('base64')]);
      if (m.random.chance(0.3)) return { text: shown(m, withArgs(m, 'decryptAES', [m.of('str'), m.of('base64')])) };
      const secret = m.text('k');
      return { text: shown(m, withArgs(m, 'decryptAES', [secret, `(encryptAES ${secret} ${m.of('str')})`])) };
    },
  ],
  ['toDate', dateCall('toDate')],
  ['mustToDate', dateCall('mustToDate')],
  [
    'now',
    (m) => {
      if (m.random.chance(0.4)) return wrong(m, 'now', []);
      return {
        text: m.random.pick([
          `{{ now | date "${m.random.pick(clock)}" }}`,
          '{{ now | unixEpoch }}',
          '{{ typeOf now }} {{ kindOf now }}',
          '{{ now | htmlDate }}',
          `{{ now | dateModify "-${m.random.between(0, 99)}h" | date "2006-01-02 15" }}`,
          '{{ ago now }}',
          `{{ (now | dateModify ${m.of('duration')}).${m.random.pick(['Year', 'Month', 'Day', 'Hour', 'Weekday', 'YearDay', 'Nope', 'Unix'])} }}`,
          `{{ dateInZone "${m.random.pick(clock)}" now ${m.of('zone')} }}`,
        ]),
        normaliser: 'anything',
      };
    },
  ],
  [
    'keys',
    (m) => {
      if (m.random.chance(0.42)) return wrongAndSorted(m, 'keys', m.held({ only: 1 }));
      return {
        text: m.random.chance(0.5)
          ? `{{ keys ${m.of('map')} ${m.random.chance(0.5) ? m.of('map') : ''} | sortAlpha | quote }}`
          : `{{ ${withArgs(m, 'keys', [m.held({ only: 1 })])} | printf "%#v" }}`,
      };
    },
  ],
  [
    'values',
    (m) => {
      if (m.random.chance(0.42)) return wrongAndSorted(m, 'values', m.held({ only: 'x' }));
      return {
        text: m.random.chance(0.5)
          ? `{{ values ${m.of('map')} | sortAlpha | quote }}`
          : `{{ ${withArgs(m, 'values', [
              m.nest(
                () => `dict "k" ${m.of('any')}`,
                () => 'dict',
              ),
            ])} | toJson }}`,
      };
    },
  ],
]);

export { anyKey };
