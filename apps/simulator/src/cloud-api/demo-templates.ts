import { digitsOf } from '../world/ids';
import type { Component } from './template-rules';
import type { Template, TemplateStatus } from './templates';

interface Draft {
  name: string;
  language: string;
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
  parameter_format?: Template['parameter_format'];
  status?: TemplateStatus;
  rejected_reason?: string;
  header?: string | 'IMAGE';
  headerExample?: string;
  body: string;
  /** Values of the body's variables, by name or in order. */
  example?: Record<string, string>;
  footer?: string;
  buttons?: Component['buttons'];
}

const drafts: Draft[] = [
  {
    name: 'hello',
    language: 'en_US',
    category: 'UTILITY',
    body: 'Hello! Thank you for getting in touch. How can we help you today?',
  },
  {
    name: 'hello',
    language: 'pt_BR',
    category: 'UTILITY',
    body: 'Olá! Obrigado pelo contato. Como podemos ajudar hoje?',
  },
  {
    name: 'order_ready',
    language: 'en_US',
    category: 'UTILITY',
    header: 'Order {{1}} update',
    headerExample: '88',
    body: 'Hello {{1}}, order {{2}} is ready for pickup.',
    example: { 1: 'Marta', 2: '4521' },
    footer: 'Reply STOP to hear less from us',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Confirm' },
      { type: 'QUICK_REPLY', text: 'Another day' },
      {
        type: 'URL',
        text: 'Track',
        url: 'https://shop.example/track/{{1}}',
        example: ['https://shop.example/track/4521'],
      },
      { type: 'PHONE_NUMBER', text: 'Call us', phone_number: '+15550104477' },
    ],
  },
  {
    name: 'order_ready',
    language: 'pt_BR',
    category: 'UTILITY',
    header: 'Pedido {{1}}',
    headerExample: '88',
    body: 'Olá {{1}}, o pedido {{2}} está pronto para retirada.',
    example: { 1: 'Marta', 2: '4521' },
    buttons: [
      { type: 'QUICK_REPLY', text: 'Confirmar' },
      { type: 'QUICK_REPLY', text: 'Outro dia' },
    ],
  },
  {
    name: 'delivery_update',
    language: 'en_US',
    category: 'UTILITY',
    body: 'Your delivery is on its way and should arrive on {{1}}. Reply here if nobody will be home.',
    example: { 1: 'Friday, 12 June' },
  },
  {
    name: 'appointment_reminder',
    language: 'en_US',
    category: 'UTILITY',
    parameter_format: 'NAMED',
    body: 'Hi {{first_name}}, we expect you on {{date}} at {{time}}. Does that still work for you?',
    example: { first_name: 'Hassan', date: '12 June', time: '09:30' },
    buttons: [
      { type: 'QUICK_REPLY', text: 'Yes, see you then' },
      { type: 'QUICK_REPLY', text: 'I need another time' },
    ],
  },
  {
    name: 'appointment_reminder',
    language: 'pt_BR',
    category: 'UTILITY',
    parameter_format: 'NAMED',
    body: 'Oi {{first_name}}, esperamos você em {{date}} às {{time}}. Está confirmado?',
    example: { first_name: 'Hassan', date: '12 de junho', time: '09:30' },
    buttons: [
      { type: 'QUICK_REPLY', text: 'Sim, até lá' },
      { type: 'QUICK_REPLY', text: 'Preciso remarcar' },
    ],
  },
  {
    name: 'still_interested',
    language: 'en_US',
    category: 'MARKETING',
    body: 'Hi {{1}}, you asked us about {{2}}. Shall we keep it for you?',
    example: { 1: 'Priya', 2: 'the matte black grinder' },
    buttons: [
      { type: 'QUICK_REPLY', text: 'Yes, please' },
      { type: 'QUICK_REPLY', text: 'No, thanks' },
    ],
  },
  {
    name: 'new_arrival',
    language: 'en_US',
    category: 'MARKETING',
    header: 'IMAGE',
    body: 'It is here, {{1}}: the new season just arrived in the shop.',
    example: { 1: 'Chloe' },
    footer: 'Harbor Bikes, 12 Quay St',
  },
  {
    name: 'spring_coupon',
    language: 'en_US',
    category: 'MARKETING',
    body: 'Spring is here. Use your code for 20 % off any service this week.',
    buttons: [{ type: 'COPY_CODE', text: 'Copy code', example: 'SPRING20' }],
  },
  {
    name: 'feedback_request',
    language: 'en_US',
    category: 'MARKETING',
    status: 'PENDING',
    body: 'How did we do, {{1}}? Tell us in one word.',
    example: { 1: 'Ted' },
  },
  {
    name: 'flash_offer',
    language: 'en_US',
    category: 'MARKETING',
    status: 'REJECTED',
    rejected_reason: 'INVALID_FORMAT',
    body: 'Only today, only for you, {{1}}: half the price!',
    example: { 1: 'Ted' },
  },
  {
    name: 'loyalty_points',
    language: 'pt_BR',
    category: 'MARKETING',
    status: 'PAUSED',
    body: 'Você tem {{1}} pontos para gastar neste mês.',
    example: { 1: '320' },
  },
];

/** The templates with which every WABA starts; the same ids each time for a WABA. */
export const demoTemplates = (wabaId: string) =>
  drafts.map(
    ({ name, language, category, status = 'APPROVED', rejected_reason, parameter_format = 'POSITIONAL', ...rest }) => ({
      id: digitsOf(`template ${wabaId} ${name} ${language}`, 15),
      name,
      language,
      category,
      status,
      rejected_reason,
      parameter_format,
      components: componentsOf({ ...rest, parameter_format }),
    }),
  );

function componentsOf({
  header,
  headerExample,
  body,
  example = {},
  footer,
  buttons,
  parameter_format,
}: Omit<Draft, 'name' | 'language' | 'category'>): Component[] {
  const named = Object.entries(example).map(([param_name, value]) => ({ param_name, example: value }));
  const bodyExample =
    parameter_format === 'NAMED' ? { body_text_named_params: named } : { body_text: [Object.values(example)] };
  return [
    ...(header === 'IMAGE'
      ? [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::aW1hZ2UvanBlZw=='] } }]
      : []),
    ...(header && header !== 'IMAGE'
      ? [
          {
            type: 'HEADER',
            format: 'TEXT',
            text: header,
            ...(headerExample && { example: { header_text: [headerExample] } }),
          },
        ]
      : []),
    { type: 'BODY', text: body, ...(Object.keys(example).length && { example: bodyExample }) },
    ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
    ...(buttons ? [{ type: 'BUTTONS', buttons }] : []),
  ];
}
