import { nodeApp } from '../../tools/rolldown.mjs';

export default nodeApp(import.meta.url);
