/** How a server is started, joined and ended, and what is said where it cannot be. */
import { createRequire } from 'node:module';
import { ReelmockError, startReelmock } from 'reelmock';
import { expect, test } from 'vitest';
import { answers, clientOf, failure, launched, receiver, server } from './stage.js';

const IMPORTED = "import { startReelmock } from 'reelmock'; const server = await startReelmock();";

test('a server is started with settings, used and ended', async () => {
  let address: string;
  {
    await using own = await startReelmock({
      command: 'python3 -m reelmock', pace: 'instant', contract: 'standard', dialect: 'documented',
      scenario: ['fails-at-99'], adminToken: 'a token', args: ['--seed', '7'],
    });
    address = own.address;
    const project = own.project();
    const client = clientOf(project);
    const { id } = await client.videos.create({ prompt: 'A kite' });

    expect(own.url).toBe(`${address}/v1`);
    expect((await client.videos.retrieve(id)).error?.code).toBe('video_generation_failed');
    await project.assertCalled('createVideo', { times: 1 });
    const stranger = await startReelmock({ url: own.url });
    const refused = await failure(stranger.project().spend());
    expect(refused.message).toMatch(/The control wants the token/);
    const friend = await startReelmock({ url: new URL(own.url), adminToken: 'a token' });
    expect((await friend.project().spend()).usd).toBe(0);
    await friend.stop(); // not its own: it stays
    await own.stop();
    await own.stop();
    expect((await failure(project.spend())).message).toMatch(
      /^No Reelmock answers at http:\S+ \(ECONNREFUSED\)\. It was stopped\.$/,
    );
  }
  expect(await answers(address)).toBe(false);
});

test('a server ends with the program that started it, however that ends', async () => {
  const source = `${IMPORTED} console.log(server.address); setInterval(() => {}, 1000);`;
  const killed = await launched(source);
  expect(await answers(killed.line)).toBe(true);
  killed.program.kill('SIGKILL');
  await expect.poll(() => answers(killed.line), { timeout: 20_000 }).toBe(false);
});

test('a server keeps no program alive that forgot to end it', async () => {
  const source = `${IMPORTED} await server.project().spend(); console.log(server.address);`;
  const { ended, line } = await launched(source);

  expect(await ended).toEqual([0, null]);
  await expect.poll(() => answers(line), { timeout: 20_000 }).toBe(false);
});

test('a program in CommonJS has the same', async () => {
  const kit = createRequire(import.meta.url)('reelmock') as typeof import('reelmock');
  expect(kit.startReelmock).toBe(startReelmock);
  expect(kit.ReelmockError).toBe(ReelmockError);
});

test('a taken port is said', async () => {
  await using taken = await receiver();
  const wrong = await failure(startReelmock({ port: taken.port }));

  expect(wrong instanceof ReelmockError).toBe(true);
  expect(wrong.message).toMatch(/^The server did not start\. reelmock serve .* ended with status 2\. /);
  expect(wrong.message).toMatch(new RegExp(`port ${taken.port}`, 'i'));
});

test('a command that there is not is said, and what to install', async () => {
  const path = process.env['PATH'];
  const given = await failure(startReelmock({ command: ['no-such-reelmock'] }));
  process.env['PATH'] = '';
  const usual = await failure(startReelmock()).finally(() => {
    process.env['PATH'] = path;
  });

  expect(given.message).toBe(
    'There is no "no-such-reelmock" to start Reelmock with. ' +
      'Give a command that is there, as ["python3", "-m", "reelmock"].',
  );
  expect(usual.message).toBe(
    'There is no "reelmock" nor "python3 -m reelmock" to start Reelmock with. Install it with ' +
      '"pip install reelmock", or say where it is: startReelmock({ command }), { image } or { url }.',
  );
});

test('a command that never answers is ended in time', async () => {
  const source = 'console.error("thinking"); process.stdin.resume()';
  const command = [process.execPath, '--eval', source, '--'];
  const wrong = await failure(startReelmock({ command, startTimeout: 0.5 }));

  expect(wrong.message).toMatch(/did not answer within 0\.5 s\. thinking$/);
});

test('settings that the server refuses are said in its words', async () => {
  const pace = 'slow' as 'fast';
  const wrong = await failure(startReelmock({ pace }));

  expect(wrong.message).toMatch(/ended with status 2\. .*pace.*slow/s);
});

test('an address without a Reelmock is said', async () => {
  await using other = await receiver();
  const url = new URL(other.url).origin;

  const wrong = await failure(startReelmock({ url }));
  expect(wrong.message).toMatch(/^What answers at .* is no Reelmock/);
});

test.each([
  [{ url: 'localhost' }, 'startReelmock: localhost is no address; write it as http://127.0.0.1:4010.'],
  [{ url: server.url, image: 'reelmock' }, 'startReelmock: give url or image, and not both.'],
  [{ paces: 'fast' }, "startReelmock: there is no option 'paces'; it takes command, pace, "],
  [{ engine: 'podman' }, "startReelmock: with command there is no option 'engine'; it takes "],
  [{ url: server.url, pace: 'fast' }, 'startReelmock: pace is for a server that is started here'],
])('options that make no sense are refused: %j', async (options, words) => {
  const wrong = await failure(startReelmock(options as object));

  expect(wrong instanceof TypeError).toBe(true);
  expect(wrong.message.startsWith(words)).toBe(true);
});
