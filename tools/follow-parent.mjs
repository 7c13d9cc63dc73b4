// Ends this process with its parent. Preloaded into our Node children, so that a launcher which is killed with no chance
// to clean up leaves nothing running.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 1000).unref();
