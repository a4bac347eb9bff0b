import type { Channel, ChannelReport } from '@parley/contract';
import { shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../../shared/error-text.js';
import { useForm } from '../use-form.js';
import { useSettingsApi } from '../use-settings-api.js';

const DIGITS = /^\d{1,40}$/;
const blank = { name: '', phoneNumberId: '', businessAccountId: '', accessToken: '', appSecret: '' };

/** A new number: Meta is asked before anything is kept, and what it says stays until a value changes. */
export function useNumberForm(saved: (channel: Channel) => void) {
  const { t } = useI18n();
  const api = useSettingsApi();
  const report = shallowRef<ChannelReport | null>(null);
  const isChecking = shallowRef(false);

  const form = useForm({
    kept: () => blank,
    save: ({ appSecret, ...rest }) =>
      api.createChannel({
        ...rest,
        displayPhoneNumber: report.value?.facts.displayPhoneNumber ?? '',
        ...(appSecret === '' ? {} : { appSecret }),
      }),
    saved: (channel) => {
      form.discard();
      saved(channel);
    },
    check: ({ name, phoneNumberId, businessAccountId, accessToken }) => ({
      name: name.trim() === '' ? t('settings.field.required') : null,
      phoneNumberId: DIGITS.test(phoneNumberId) ? null : t('settings.field.digits'),
      businessAccountId: DIGITS.test(businessAccountId) ? null : t('settings.field.digits'),
      accessToken: accessToken === '' ? t('settings.field.required') : null,
    }),
    refused: (field) => t(field === 'accessToken' ? 'settings.field.token' : 'settings.field.refused'),
    fieldOfCode: { 'channel.number_taken': 'phoneNumberId' },
  });

  watch(
    () => {
      const { name: _name, ...credentials } = form.draft.value;
      return JSON.stringify(credentials);
    },
    () => (report.value = null),
  );

  /** Asks Meta; where it says that all is well the name it knows is taken over. */
  async function check(): Promise<void> {
    const { name, phoneNumberId, businessAccountId, accessToken, appSecret } = form.draft.value;
    for (const field of ['phoneNumberId', 'businessAccountId', 'accessToken']) form.touch(field);
    if (Object.values(form.errors.value).some((message) => message !== undefined) || isChecking.value) return;
    isChecking.value = true;
    form.failure.value = null;
    try {
      const asked = { phoneNumberId, businessAccountId, accessToken, ...(appSecret === '' ? {} : { appSecret }) };
      const answer = await api.checkCredentials(asked);
      report.value = answer;
      if (name.trim() === '' && answer.facts.verifiedName) {
        form.draft.value = { ...form.draft.value, name: answer.facts.verifiedName };
      }
    } catch (error) {
      form.failure.value = errorText(error);
    } finally {
      isChecking.value = false;
    }
  }

  return { ...form, report, isChecking, check };
}
