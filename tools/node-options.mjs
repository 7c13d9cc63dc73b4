/**
 * What Node is told wherever the api and the worker run; the Dockerfile says the same. V8 lets the space of young
 * objects grow to 96 MiB under load and never gives it back: at half of it 5,000 event streams take 80 MB less, and
 * neither they nor the full path are slower (`npm run bench -- sse full-max`). What lists pay for it is not known yet.
 */
export const nodeOptions = '--max-semi-space-size=16';
