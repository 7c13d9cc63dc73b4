import { nodeAppWithFaults } from '../../tools/rolldown.mjs';

export default nodeAppWithFaults(import.meta.url);
