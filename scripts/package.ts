import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'electron-builder';
import { buildApp, isStale, root } from './build-app.ts';
import { installedElectron } from './electron-binary.ts';

const binary = installedElectron();
if (binary === undefined) {
  console.log(
    'SKIPPED: the installers are not built, since the Electron binary is not installed (start a graphical session and run "npm start").',
  );
} else {
  if (isStale()) await buildApp();
  const artefacts = await build({ projectDir: root, config: { extends: join(root, 'electron-builder.yml') }, publish: 'never' });
  for (const path of artefacts.filter((path) => existsSync(path))) console.log(path);
}
