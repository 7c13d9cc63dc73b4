import type { Label } from '@parley/contracts/labels';
import type { DemoTenant } from '../people/demo-people';

/** Labels of the demo's tenants. */
export const demoLabels: Record<DemoTenant['slug'], Pick<Label, 'name' | 'hue'>[]> = {
  acme: [
    { name: 'New', hue: 240 },
    { name: 'Repair', hue: 25 },
    { name: 'Order', hue: 150 },
    { name: 'Waiting for parts', hue: 60 },
    { name: 'Event', hue: 285 },
    { name: 'VIP', hue: 340 },
  ],
  globex: [
    { name: 'Quote', hue: 195 },
    { name: 'Order', hue: 150 },
    { name: 'Delivery', hue: 60 },
    { name: 'Complaint', hue: 25 },
  ],
};
