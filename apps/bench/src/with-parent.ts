/** Imported by each process of the bench: it ends with the one that started it, however that one ended. */
process.once('disconnect', () => process.exit());
