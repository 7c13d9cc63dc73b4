import { days, hours, note, orderReady, pdf, photo, they, voice, we, type Script } from './demo-script';

/** A supplier of office furniture. Its agents see only what is theirs. */
export const globex: Script[] = [
  {
    provider: 'evolution',
    name: 'Clara Brandt',
    phone: '+493023125145',
    assignee: 'agent',
    labels: ['Delivery'],
    lines: [
      they(days(1) + 90, 'Guten Morgen, wann kommen unsere 12 Stühle?'),
      we(days(1) + 80, 'agent', 'Guten Morgen Frau Brandt, am Donnerstag zwischen 9 und 12 Uhr.'),
      they(hours(2), 'Geht auch 13 Uhr? Vorher ist niemand da.'),
    ],
    answers: ['Wunderbar, danke!', 'Dann bis Donnerstag.'],
  },
  {
    provider: 'cloud-api',
    name: 'Owen Pryce',
    phone: '+447700900182',
    lines: [
      they(55, 'Morning. I need a quote for 40 desks, 160 × 80, white.'),
      they(54, pdf('floor-plan.pdf', 'our floor plan')),
    ],
    answers: ['By Friday would be great.', 'Thank you.'],
  },
  {
    provider: 'cloud-api',
    name: 'Beatriz Ramos',
    phone: '+12025550143',
    assignee: 'agent2',
    labels: ['Complaint'],
    lines: [
      they(hours(23.3), photo('the leg came bent')),
      they(hours(23.2), 'Third time this year. I am not happy.'),
      we(hours(23), 'agent2', 'I am sorry, Beatriz. A new leg leaves today by express, and you keep the voucher.'),
      they(hours(22.8), 'Ok. Thank you for being quick.'),
      note(hours(22.7), 'manager', 'Please call her on Monday, she is with us for nine years.'),
    ],
    answers: ['It fits. All good now.', 'Have a nice day'],
  },
  {
    provider: 'evolution',
    name: 'Moving day',
    members: [
      { name: 'Nils Aalto', phone: '+12025550111', admin: true },
      { name: 'Zoe Papadaki', phone: '+12025550114' },
      { name: 'Ravi Patel', phone: '+447700900193' },
    ],
    assignee: 'manager',
    labels: ['Delivery'],
    lines: [
      they(days(2), 'The lift holds 400 kg, so the big table must come in two parts', { member: 0 }),
      we(days(2) - 12, 'manager', 'It does. Four screws, our people bring the tools.'),
      they(days(2) - 20, 'Parking is in the yard, code 4711', { member: 1 }),
      they(hours(3), voice(8), { member: 2 }),
    ],
    answers: ['Thanks, see you at seven', 'Coffee is on us ☕'],
  },
  {
    provider: 'cloud-api',
    name: 'Anders Holm',
    phone: '+12025550160',
    assignee: 'agent',
    labels: ['Order'],
    lines: [
      they(days(5), 'Can I still change the colour of the cabinets?'),
      we(days(5) - 14, 'agent', 'Until tomorrow noon, yes.'),
      they(days(5) - 18, 'Then oak instead of white, please'),
      we(days(1), 'agent', orderReady('Anders', '9107')),
    ],
    answers: ['We fetch it tomorrow morning.', 'Thank you!'],
  },
  {
    provider: 'evolution',
    name: 'Helena Voss',
    phone: '+493023125170',
    status: 'pending',
    assignee: 'agent2',
    labels: ['Quote'],
    lines: [
      they(days(3), 'I talk to my boss and come back to you'),
      we(days(3) - 5, 'agent2', 'Take your time. The offer holds until the end of the month.'),
    ],
    answers: ['He said yes!', 'Please send the contract.'],
  },
  {
    provider: 'evolution',
    name: null,
    phone: '+12025550198',
    lines: [they(18, 'Do you have standing desks?')],
    answers: ['Which heights?', 'ok thanks'],
  },
  {
    provider: 'evolution',
    name: 'Tomás Vidal',
    phone: '+12025550126',
    status: 'resolved',
    assignee: 'agent',
    labels: ['Delivery'],
    lines: [
      they(days(10), 'Everything arrived, thank you'),
      we(days(10) - 3, 'agent', 'Good to hear! Keep the screws of the crate, we take it back.'),
      they(days(10) - 5, 'Will do 👍'),
    ],
    answers: ['Hello, the crate is ready for you', 'Thanks'],
  },
];
