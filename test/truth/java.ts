import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.js';
import { type Made, purls, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

/** The artifacts of a project, their classes in one jar (shaded), in a war, and beside each other. */
export const java: TruthCase = {
  name: 'java',
  needs: ['mvn', 'java', 'tar'],
  async make(dir): Promise<Made> {
    const root = join(dir, 'root');
    const lib = join(root, 'app', 'lib');
    mkdirSync(lib, { recursive: true });
    const asked = readFileSync(inRoot('test', 'truth', 'maven.txt'), 'utf8')
      .trim()
      .split('\n');
    const truth = new Set<string>();
    const list = async (project: string, artifacts: readonly string[], packaging: string): Promise<string> => {
      const at = join(dir, project);
      mkdirSync(join(at, 'src', 'main', 'webapp', 'WEB-INF'), { recursive: true });
      writeFileSync(join(at, 'pom.xml'), pom(project, packaging, artifacts));
      writeFileSync(join(at, 'src', 'main', 'webapp', 'index.html'), '<p>');
      return at;
    };
    const maven = async (at: string, ...goals: string[]): Promise<void> => {
      await shell('mvn', ['-q', '-B', '-Dstyle.color=never', '-f', join(at, 'pom.xml'), ...goals]);
      for (const purl of resolved(readFileSync(join(at, 'listed.txt'), 'utf8'))) truth.add(purl);
    };
    const listing = (at: string): string[] => [`${dependency}:list`, `-DoutputFile=${join(at, 'listed.txt')}`];
    const beside = await list('beside', asked, 'jar');
    await maven(beside, `${dependency}:copy-dependencies`, `-DoutputDirectory=${lib}`, ...listing(beside));
    const war = await list('truth-war', asked.slice(0, 4), 'war');
    await maven(war, 'org.apache.maven.plugins:maven-war-plugin:3.4.0:war', ...listing(war));
    copyFileSync(join(war, 'target', 'truth-war-1.0.war'), join(root, 'app', 'truth.war'));
    truth.add('pkg:maven/com.example.truth/truth-war@1.0');
    const shaded = await list('truth-shaded', asked.slice(4, 8), 'jar');
    const jar = 'org.apache.maven.plugins:maven-jar-plugin:3.4.2:jar';
    await maven(shaded, jar, 'org.apache.maven.plugins:maven-shade-plugin:3.6.0:shade', ...listing(shaded));
    copyFileSync(join(shaded, 'target', 'truth-shaded-1.0.jar'), join(root, 'app', 'shaded.jar'));
    truth.add('pkg:maven/com.example.truth/truth-shaded@1.0');
    // netty-common carries JCTools' classes and project file: its build shades them in.
    truth.add('pkg:maven/org.jctools/jctools-core@4.0.5');
    return { layers: [await packFolder(root)], truth: new Map([['maven', truth]]) };
  },
};

const dependency = 'org.apache.maven.plugins:maven-dependency-plugin:3.7.1';

function pom(name: string, packaging: string, artifacts: readonly string[]): string {
  const rows = artifacts.map((one) => {
    const [group = '', artifact = '', version = ''] = one.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>com.example.truth</groupId><artifactId>${name}</artifactId><version>1.0</version><packaging>${packaging}</packaging><build><plugins><plugin><artifactId>maven-war-plugin</artifactId><configuration><failOnMissingWebXml>false</failOnMissingWebXml></configuration></plugin></plugins></build><dependencies>${rows.join('')}</dependencies></project>`;
}

/** `   org.slf4j:slf4j-api:jar:2.0.13:compile -- module org.slf4j` */
function resolved(text: string): ReadonlySet<string> {
  const rows = [
    ...text.matchAll(/^\s+([\w.-]+):([\w.-]+):jar:(?:[\w.-]+:)?([\w.-]+):(?:compile|runtime|provided)\b/gm),
  ];
  return purls(
    'maven',
    rows.map(([, group = '', artifact = '', version = '']) => [`${group}/${artifact}`, version]),
  );
}
