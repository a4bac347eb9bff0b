import { fillTemplateText, type TemplateDraft, variableNames } from '@parley/contract';

type Content = Omit<TemplateDraft, 'name' | 'language'>;
type Card = Content['cards'][number];
type Component = Record<string, unknown>;

/** The handles of the uploaded samples: that of the header, and one for each card in their order. */
export interface SampleHandles {
  header: string | null;
  cards: readonly (string | null)[];
}

/** A template as Graph takes it to make or change one (business management API, message templates, components). */
export function graphDraft(draft: Content, handles: SampleHandles): { category: string; components: Component[] } {
  const category = draft.category.toUpperCase();
  if (draft.code) return { category, components: codeComponents(draft.code) };
  const { header, body, footer, buttons, offer, cards, callPermissionRequest, parameterFormat } = draft;
  return {
    category,
    components: [
      ...(header ? [headerComponent(header, parameterFormat, handles.header)] : []),
      ...(offer ? [offerComponent(offer)] : []),
      bodyComponent(body, parameterFormat),
      ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
      ...buttonsComponents(buttons),
      ...(cards.length > 0 ? [carouselComponent(cards, parameterFormat, handles.cards)] : []),
      ...(callPermissionRequest ? [{ type: 'CALL_PERMISSION_REQUEST' }] : []),
    ],
  };
}

/** The words of a one-time code are Meta's. */
const codeComponents = (code: NonNullable<Content['code']>) => [
  { type: 'BODY', add_security_recommendation: code.securityAdvice },
  ...(code.expiresInMinutes === null ? [] : [{ type: 'FOOTER', code_expiration_minutes: code.expiresInMinutes }]),
  { type: 'BUTTONS', buttons: [otpButton(code)] },
];

const otpButton = ({ delivery, buttonText, autofillText, apps, termsAccepted }: NonNullable<Content['code']>) => ({
  type: 'OTP',
  otp_type: delivery.toUpperCase(),
  text: buttonText,
  ...(delivery !== 'copy_code' && {
    autofill_text: autofillText,
    supported_apps: apps.map((app) => ({ package_name: app.packageName, signature_hash: app.signatureHash })),
  }),
  ...(delivery === 'zero_tap' && { zero_tap_terms_accepted: termsAccepted }),
});

const offerComponent = ({ text, hasExpiration }: NonNullable<Content['offer']>): Component => ({
  type: 'LIMITED_TIME_OFFER',
  limited_time_offer: { text, has_expiration: hasExpiration },
});

const carouselComponent = (
  cards: readonly Card[],
  format: Content['parameterFormat'],
  handles: SampleHandles['cards'],
): Component => ({
  type: 'CAROUSEL',
  cards: cards.map(({ header, body, buttons }, index) => ({
    components: [
      headerComponent(header, format, handles[index] ?? null),
      ...(body ? [bodyComponent(body, format)] : []),
      ...buttonsComponents(buttons),
    ],
  })),
});

function headerComponent(
  { format, text = '', samples = {} }: NonNullable<Content['header']>,
  parameterFormat: Content['parameterFormat'],
  handle: string | null,
): Component {
  const component = { type: 'HEADER', format: format.toUpperCase() };
  if (format === 'location' || format === 'product') return component;
  if (format !== 'text') return { ...component, example: { header_handle: [handle] } };
  return { ...component, text, ...exampleOf('header_text', text, samples, parameterFormat) };
}

const bodyComponent = ({ text, samples }: Content['body'], format: Content['parameterFormat']): Component => ({
  type: 'BODY',
  text,
  ...exampleOf('body_text', text, samples, format),
});

/** Positional samples go in the order of their numbers; those of a body are a list of lists. */
function exampleOf(
  key: 'header_text' | 'body_text',
  text: string,
  samples: Readonly<Record<string, string>>,
  format: Content['parameterFormat'],
): Component {
  const names = variableNames(text);
  if (names.length === 0) return {};
  if (format === 'named') {
    const values = names.map((name) => ({ param_name: name, example: samples[name] ?? '' }));
    return { example: { [`${key}_named_params`]: values } };
  }
  const values = names.sort((left, right) => Number(left) - Number(right)).map((name) => samples[name] ?? '');
  return { example: { [key]: key === 'body_text' ? [values] : values } };
}

const buttonsComponents = (buttons: Content['buttons']): Component[] =>
  buttons.length > 0 ? [{ type: 'BUTTONS', buttons: buttons.map(buttonOf) }] : [];

function buttonOf(button: Content['buttons'][number]): Component {
  const { type, text, url = '', phoneNumber, sample = '', flowId, flowScreen = '' } = button;
  switch (type) {
    case 'quick_reply':
      return { type: 'QUICK_REPLY', text };
    case 'phone_number':
      return { type: 'PHONE_NUMBER', text, phone_number: phoneNumber };
    case 'copy_code':
      return { type: 'COPY_CODE', example: sample };
    case 'call':
      return { type: 'VOICE_CALL', text };
    case 'contact_info':
      return { type: 'REQUEST_CONTACT_INFO' };
    case 'catalog':
      return { type: 'CATALOG', text };
    // Meta words these two; other words are refused.
    case 'product':
      return { type: 'SPM', text: 'View' };
    case 'product_list':
      return { type: 'MPM', text: 'View items' };
    case 'flow': {
      // Without a first screen the form's own endpoint is asked for it.
      const opening =
        flowScreen === '' ? { flow_action: 'data_exchange' } : { flow_action: 'navigate', navigate_screen: flowScreen };
      return { type: 'FLOW', text, flow_id: flowId, ...opening };
    }
    case 'url': {
      const hasVariable = variableNames(url).length > 0;
      return { type: 'URL', text, url, ...(hasVariable && { example: [fillTemplateText(url, { 1: sample })] }) };
    }
  }
}
