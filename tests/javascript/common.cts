/** CommonJS in TypeScript: compiled, not run. */
import kit = require('reelmock');

export async function spent(): Promise<number> {
  const server: kit.ReelmockServer = await kit.startReelmock({ pace: 'instant' });
  const { usd }: kit.Spend = await server.project().spend();
  await server.stop();
  return usd;
}
