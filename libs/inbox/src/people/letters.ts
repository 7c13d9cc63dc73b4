import { INVITATION_HOURS } from '@parley/contracts/invitations';
import type { Language } from '@parley/contracts/languages';
import type { Letter } from '@parley/platform/mail';

interface Invited {
  to: string;
  /** Null: to run the install. */
  tenantName: string | null;
  /** Null: by whoever runs the install. */
  invitedBy: string | null;
  link: string;
}

interface Words {
  invitation: (of: Invited) => Omit<Letter, 'to'>;
  newPassword: (of: { to: string; link: string }) => Omit<Letter, 'to'>;
}

/** Every word that is sent by mail. */
const words: Record<Language, Words> = {
  en: {
    invitation: ({ tenantName, invitedBy, link }) => ({
      subject: `Your invitation to ${tenantName ?? 'run Parley'}`,
      text: paragraphs(
        `${invitedBy ? `${invitedBy} invites you` : 'You are invited'} to ${tenantName ? `the inbox of ${tenantName}` : 'run this install of Parley, as its super-admin'}.`,
        `To accept, open this within ${INVITATION_HOURS} hours; it works once:`,
        link,
        'If you did not expect this, do nothing.',
      ),
    }),
    newPassword: ({ to, link }) => ({
      subject: 'Your new password for Parley',
      text: paragraphs(
        `Somebody, likely you, asked for a new password for ${to}.`,
        'To choose one, open this within an hour; it works once:',
        link,
        'If it was not you, do nothing: your password stays as it is.',
      ),
    }),
  },
  'pt-BR': {
    invitation: ({ tenantName, invitedBy, link }) => ({
      subject: `Seu convite para ${tenantName ?? 'operar o Parley'}`,
      text: paragraphs(
        `${invitedBy ? `${invitedBy} convida você` : 'Você tem um convite'} para ${tenantName ? `a caixa de entrada de ${tenantName}` : 'operar esta instalação do Parley, como superadmin'}.`,
        `Para aceitar, abra isto em até ${INVITATION_HOURS} horas; funciona uma vez:`,
        link,
        'Se você não esperava por isto, não faça nada.',
      ),
    }),
    newPassword: ({ to, link }) => ({
      subject: 'Sua nova senha do Parley',
      text: paragraphs(
        `Alguém, provavelmente você, pediu uma nova senha para ${to}.`,
        'Para escolher uma, abra isto em até uma hora; funciona uma vez:',
        link,
        'Se não foi você, não faça nada: sua senha continua como está.',
      ),
    }),
  },
  ro: {
    invitation: ({ tenantName, invitedBy, link }) => ({
      subject: tenantName ? `Invitația ta la ${tenantName}` : 'Invitația ta de a administra Parley',
      text: paragraphs(
        `${invitedBy ? `${invitedBy} te invită` : 'Ești invitat'} ${tenantName ? `în inboxul ${tenantName}` : 'să administrezi această instalare Parley, ca super-admin'}.`,
        `Ca să accepți, deschide linkul în ${INVITATION_HOURS} de ore; merge o singură dată:`,
        link,
        'Dacă nu așteptai asta, nu face nimic.',
      ),
    }),
    newPassword: ({ to, link }) => ({
      subject: 'Parola ta nouă pentru Parley',
      text: paragraphs(
        `Cineva, probabil tu, a cerut o parolă nouă pentru ${to}.`,
        'Ca să alegi una, deschide linkul într-o oră; merge o singură dată:',
        link,
        'Dacă nu ai fost tu, nu face nimic: parola ta rămâne cum e.',
      ),
    }),
  },
};

export function invitationLetter(language: Language, invited: Invited): Letter {
  return { to: invited.to, ...words[language].invitation(invited) };
}

export function newPasswordLetter(language: Language, of: { to: string; link: string }): Letter {
  return { to: of.to, ...words[language].newPassword(of) };
}

function paragraphs(...texts: string[]): string {
  return texts.join('\n\n');
}
