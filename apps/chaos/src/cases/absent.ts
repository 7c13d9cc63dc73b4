/** Rows of the matrix that need what the product does not have yet. */
export const absent: { name: `F${number}`; title: string; reason: string }[] = [
  { name: 'F26', title: 'disk full on object storage', reason: 'needs media' },
  { name: 'F28', title: 'media that trickles, never ends, or redirects in a circle', reason: 'needs media' },
  {
    name: 'F39',
    title: 'tenant deleted while its webhooks arrive',
    reason: 'takes minutes of grace; held by libs/inbox/src/erasing/tenant-eraser.test.ts',
  },
];
