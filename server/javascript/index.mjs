/** For `import`; the one instance of everything is CommonJS, so that Jest takes it as it is. */
import kit from './src/index.js';

export const { ReelmockError, ReelmockProject, ReelmockServer, startReelmock } = kit;
