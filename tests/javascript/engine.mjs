#!/usr/bin/env node
/**
 * Stands in for a container engine where there is none: `run`, `port` and `rm` as the package
 * says them. It starts `reelmock serve` as the image does, with the environment and the flags
 * that it was told alone; "inside" it listens on 4010, as its greeting says.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const folder = process.env.STAND_IN;
const [verb, ...words] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
appendFileSync(`${folder}/asked`, `${JSON.stringify([verb, ...words])}\n`);

const OPTIONS = {
  rm: { type: 'boolean' },
  interactive: { type: 'boolean' },
  name: { type: 'string' },
  publish: { type: 'string' },
  env: { type: 'string', multiple: true },
  'add-host': { type: 'string', multiple: true },
};

const told = (name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));

function run() {
  const image = words.findIndex((word) => word.startsWith('reelmock:'));
  const { values } = parseArgs({ args: words.slice(0, image), options: OPTIONS });
  const [, port] = /^127\.0\.0\.1:(\d*):4010$/.exec(values.publish);
  const env = Object.fromEntries(values.env.map((name) => [name, process.env[name]]));
  const { PATH, HOME = '/' } = process.env;
  const entry = ['serve', '--host', '0.0.0.0', '--data', `${folder}/data`, '--port', port || '0'];
  const server = spawn('reelmock', [...entry, ...words.slice(image + 1)], {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { PATH, HOME, ...env },
  });
  server.stdout.setEncoding('utf8').on('data', (text) => {
    const [, outside] = /http:\/\/127\.0\.0\.1:(\d+),/.exec(text) ?? [];
    const { pid } = server;
    if (outside) writeFileSync(`${folder}/${values.name}`, JSON.stringify({ outside, pid }));
    process.stdout.write(text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:4010'));
  });
  server.on('exit', (status) => {
    process.exitCode = status;
  });
}

const VERBS = {
  run,
  port: () => console.log(`127.0.0.1:${told(words[0]).outside}\n[::1]:${told(words[0]).outside}`),
  rm: () => process.kill(told(words.at(-1)).pid, 'SIGKILL'),
};

VERBS[verb]();
