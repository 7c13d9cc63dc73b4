// Ends this process with its parent. Preloaded into our Node children, so that a launcher which is killed with no chance
// to clean up leaves nothing running.
const parent = process.ppid;

const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch); // a second signal would end it where it stands
  process.kill(process.pid, 'SIGTERM');
}, 1000).unref();
