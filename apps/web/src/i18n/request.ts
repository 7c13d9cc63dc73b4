import { getRequestConfig } from 'next-intl/server';
import { messages } from './messages';

/** English is the only language yet; its words are merged from one file per feature. */
export default getRequestConfig(() => ({ locale: 'en', messages }));
