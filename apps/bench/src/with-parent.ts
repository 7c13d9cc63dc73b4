/** Imported by each process that the bench forks: it ends with the one that started it, however that one ended. */
process.once('disconnect', () => process.exit());
