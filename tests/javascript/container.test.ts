/** A server in a container, by what stands in for the engine's command line. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startReelmock } from 'reelmock';
import { beforeAll, expect, test } from 'vitest';
import { answers, clientOf, failure, launched } from './stage.js';

const FOLDER = mkdtempSync(resolve('engine-'));
const ENGINE = [process.execPath, resolve('engine.mjs')];

beforeAll(() => {
  process.env['STAND_IN'] = FOLDER;
});

const asked = (): string[][] =>
  readFileSync(`${FOLDER}/asked`, 'utf8').trim().split('\n').map((line) => JSON.parse(line));

test('a container is started, found by its port, used and ended', async () => {
  const engineArgs = ['--add-host', 'host.docker.internal:host-gateway'];
  const options = { image: 'reelmock:local', engine: ENGINE, engineArgs } as const;
  const server = await startReelmock({ ...options, pace: 'instant', args: ['--seed', '7'] });
  const project = server.project();
  const client = clientOf(project);
  await project.clock.freeze();
  const { id } = await client.videos.create({ prompt: 'A kite' });
  await project.clock.advance(60);
  await project.assertCalled('createVideo', { times: 1 });

  expect((await client.videos.retrieve(id)).status).toBe('completed');
  expect(server.adminToken).toMatch(/^[\w-]{32}$/);
  const { address } = server;
  expect(address).not.toBe('http://127.0.0.1:4010');
  const worker = await startReelmock({ url: address, adminToken: server.adminToken });
  await worker.project(project.apiKey).assertCalled('createVideo', { times: 1 });
  const stranger = await startReelmock({ url: address });
  await expect(stranger.project().spend()).rejects.toThrow(/X-Reelmock-Admin-Token/);

  await server.stop();
  expect(await answers(address)).toBe(false);
  const [[, ...run], port] = asked() as [string[], string[]];
  const name = run[3]!;
  expect(run).toEqual([
    '--rm', '--interactive', '--name', name, '--publish', '127.0.0.1::4010',
    '--env', 'REELMOCK_ADMIN_TOKEN', ...engineArgs, 'reelmock:local',
    '--until-eof', '--ephemeral', '--log-level', 'warning', '--pace', 'instant',
    '--contract', 'strict', '--dialect', 'openai-exact', '--seed', '7',
  ]);
  expect(port).toEqual(['port', name, '4010/tcp']);
  expect(asked()).toHaveLength(2);
});

test('a container ends with the program that started it', async () => {
  const options = JSON.stringify({ image: 'reelmock:local', engine: ENGINE });
  const { program, line } = await launched(
    `import { startReelmock } from 'reelmock';
     const server = await startReelmock(${options});
     console.log(server.address);
     setInterval(() => {}, 1000);`,
  );
  expect(await answers(line)).toBe(true);
  program.kill('SIGKILL');
  await expect.poll(() => answers(line), { timeout: 20_000 }).toBe(false);
});

test('an engine that there is not, and one that refuses, are said', async () => {
  writeFileSync('refuses.mjs', 'console.error("no such image"); process.exitCode = 125;');
  const engine = [process.execPath, resolve('refuses.mjs')];
  const missing = await failure(startReelmock({ image: 'reelmock', engine: 'no-such-engine' }));
  const refused = await failure(startReelmock({ image: 'reelmock', engine }));

  expect(missing.message).toMatch(
    /^The container did not start\. no-such-engine run .* cannot be run: .*ENOENT\. Install a container/,
  );
  expect(refused.message).toMatch(/did not start\. .* ended with status 125\. no such image$/);
});
