import { createHmac } from 'node:crypto';
import { sameSecret } from '../constant-time';
import type { Secrets, WebhookCall } from '../provider';
import { isProbe } from './slack.payloads';

/** How far a call's time may be from ours, either way (contract §2.1: Slack's own check lets the future pass). */
const LATEST_MS = 300_000;

/**
 * Whether Slack signed these bytes (signature v0), lately. Slack also tests a command's address with an unsigned form,
 * which says nothing: `split` finds nothing in it.
 */
export function isSigned({ headers, body }: WebhookCall, secrets: Secrets, nowMs: number): boolean {
  const [, signature] = /^v0=([0-9a-f]{64})$/.exec(headers['x-slack-signature'] ?? '') ?? [];
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  if (signature === undefined) return isProbe(body);
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp) * 1000) > LATEST_MS) return false;
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]);
  return secrets.some(
    ({ signingSecret }) => Boolean(signingSecret) && sameSecret(signature, hmac(signingSecret ?? '', signed)),
  );
}

const hmac = (key: string, message: Uint8Array) => createHmac('sha256', key).update(message).digest('hex');
